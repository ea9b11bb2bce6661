"""The semaphore serves in the order of asking, and nobody who gives up takes a place along."""

from __future__ import annotations

import threading
import time

import pytest

from yichuang.storage import fair_semaphore
from yichuang.storage.fair_semaphore import FairSemaphore


def waiting(semaphore, count):
    until = time.monotonic() + 30
    while len(semaphore._line) < count and time.monotonic() < until:
        time.sleep(0.001)
    assert len(semaphore._line) == count


def test_first_come_first_served():
    semaphore = FairSemaphore(1)
    order: list[int] = []
    semaphore.acquire()

    def work(number):
        with semaphore.place():
            order.append(number)

    threads = []
    for number in range(20):
        threads.append(threading.Thread(target=work, args=(number,)))
        threads[-1].start()
        waiting(semaphore, number + 1)
    semaphore.release()
    for thread in threads:
        thread.join(30)
    assert order == list(range(20))


def test_never_more_than_its_places():
    semaphore, guard = FairSemaphore(3), threading.Lock()
    inside, most = 0, 0

    def work():
        nonlocal inside, most
        for _ in range(50):
            with semaphore.place():
                with guard:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.0002)
                with guard:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == 3
    assert semaphore._free == 3


def test_a_place_left_early_is_given_up_once():
    semaphore = FairSemaphore(1)
    with semaphore.place() as place:
        place.leave()
        semaphore.acquire()  # somebody else has it now
    assert semaphore._free == 0
    semaphore.release()
    assert semaphore._free == 1


@pytest.mark.parametrize("given_meanwhile", [False, True])
def test_ctrl_c_in_the_line_gives_the_place_up(monkeypatch, given_meanwhile):
    semaphore = FairSemaphore(1)
    semaphore.acquire()

    class Interrupted:
        """A signal whose second acquire, the wait, is interrupted."""

        def __init__(self):
            self.asked = False

        def acquire(self):
            if self.asked:
                if given_meanwhile:
                    semaphore.release()
                raise KeyboardInterrupt
            self.asked = True

        def release(self):
            pass

    with monkeypatch.context() as patched:
        patched.setattr(fair_semaphore, "Lock", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            semaphore.acquire()
    if not given_meanwhile:
        semaphore.release()
    assert semaphore._free == 1
    assert not semaphore._line
