"""Devices from the suite's side: crashes, hangs, time-outs, restarts, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import psutil
import pytest

from yichuang.devices import DeviceManager, DeviceState
from yichuang.hall.errors import UserError

from .conftest import QUICK, until


def odd(manager, **settings):
    return manager.open("ticket_printer", {"adapter": "odd", **settings})


def error_of(future):
    error = future.exception(timeout=30)
    assert isinstance(error, UserError), error
    return error


def test_open_returns_at_once_and_the_device_becomes_ready(manager):
    device = odd(manager)
    assert device.state is DeviceState.STARTING
    assert device.wait_settled(20) is DeviceState.READY
    assert device.reason is None
    assert manager.get("ticket_printer") is device
    (status,) = manager.status()
    assert (status.name, status.adapter, status.simulated, status.restarts) == (
        "ticket_printer",
        "odd",
        False,
        0,
    )
    assert psutil.Process(status.pid).is_running()


def test_values_bytes_and_chinese_come_back_unchanged(manager):
    values = {"text": "阿拉坦其其格", "raw": bytes(range(256)) * 4000, "nested": {"a": [1, None, b""]}}
    assert odd(manager).ask("echo", **values) == values


def test_requests_are_carried_out_in_order(manager):
    device = odd(manager)
    futures = [device.request("echo", n=n) for n in range(20)]
    assert [future.result(20)["n"] for future in futures] == list(range(20))


def test_many_threads_ask_at_once(manager):
    device = odd(manager)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: device.ask("echo", n=n)["n"], range(24)))
    assert answers == list(range(24))


@pytest.mark.parametrize("command", ["nonsense", "not_a_command", "settings", "__init__"])
def test_only_commands_can_be_asked(manager, command):
    assert error_of(odd(manager).request(command)).code == "DEVICE_BAD_COMMAND"


def test_wrong_arguments_are_refused_without_harm(manager):
    device = odd(manager)
    assert error_of(device.request("slow", minutes=1)).code == "DEVICE_BAD_COMMAND"
    assert device.status().restarts == 0


def test_what_cannot_be_sent_is_a_bug_of_the_caller(manager):
    device = odd(manager)
    with pytest.raises(TypeError):
        device.request("echo", value=object())
    assert device.ask("echo", n=1) == {"n": 1}


def test_a_trouble_keeps_its_code_and_sentence(manager):
    error = error_of(odd(manager).request("refuse"))
    assert error.code == "DEVICE_PRINTER_PAPER"
    assert error.as_dict("zh_CN")["sentence"] == "号票打印机缺纸。"
    assert error.as_dict("en")["sentence"] == "The ticket printer has no paper left."


def test_a_foreign_code_gets_a_general_sentence(manager):
    error = error_of(odd(manager).request("refuse", code="LASER_COLD"))
    assert error.code == "LASER_COLD"
    assert "LASER_COLD" in error.as_dict("en")["sentence"]


@pytest.mark.parametrize("command", ["crash", "fail"])
def test_a_crash_ends_the_request_and_the_process_is_replaced(manager, command):
    device = odd(manager)
    first = until(lambda: device.status().pid)
    error = error_of(device.request(command))
    assert error.code == "DEVICE_FAILED"
    assert error.safe != UserError("X", "x").safe  # whether it was done is not certain, and it is said so
    assert device.ask("echo", n=2) == {"n": 2}
    assert device.status().restarts == 1
    assert device.status().pid != first


def test_what_waits_behind_a_crash_is_done_by_the_next_process(manager):
    device = odd(manager)
    lost, kept = device.request("crash"), device.request("echo", n=3)
    assert error_of(lost).code == "DEVICE_FAILED"
    assert kept.result(20) == {"n": 3}


def test_kill_9_of_the_process_is_survived(manager):
    device = odd(manager)
    for _ in range(3):
        device.wait_settled(20)
        pid = until(lambda: device.status().pid)
        os.kill(pid, signal.SIGKILL)
        until(lambda pid=pid: device.status().pid not in {pid, None})
        assert device.ask("echo", ok=True) == {"ok": True}
        assert not psutil.pid_exists(pid), "the dead process was not reaped"
    assert device.status().restarts == 3


@pytest.mark.parametrize("hold_lock", [False, True], ids=["asleep", "holding the interpreter's lock"])
def test_a_hanging_command_ends_by_its_time_out(manager, hold_lock):
    device = odd(manager)
    device.wait_settled(20)
    pid = device.status().pid
    began = time.monotonic()
    error = error_of(device.request("hang", timeout=0.4, hold_lock=hold_lock))
    assert error.code == "DEVICE_TIMEOUT"
    assert time.monotonic() - began < 5
    until(lambda: not psutil.pid_exists(pid))
    assert device.ask("echo", n=4) == {"n": 4}


def test_a_stopped_process_that_reads_nothing_does_not_block_the_caller(manager):
    device = odd(manager)
    device.wait_settled(20)
    os.kill(device.status().pid, signal.SIGSTOP)
    began = time.monotonic()
    futures = [device.request("echo", timeout=0.5, data=b"x" * 3_000_000) for _ in range(4)]
    assert time.monotonic() - began < 0.5
    done, _ = wait(futures, timeout=20)
    assert len(done) == 4
    assert error_of(futures[0]).code == "DEVICE_TIMEOUT"


def test_a_process_that_hangs_while_idle_is_noticed(manager):
    device = odd(manager, hangs_in_poll=True)
    assert device.wait_settled(20) is DeviceState.READY
    until(lambda: device.status().restarts >= 1)


def test_a_process_that_hangs_at_its_start_is_noticed(monkeypatch, manager):
    monkeypatch.setattr(manager, "limits", type(QUICK)(**{**vars(QUICK), "start": 0.7}))
    device = odd(manager, hangs_at_start=True)
    assert error_of(device.request("echo", timeout=15)).code == "DEVICE_TIMEOUT"
    assert device.wait_settled(5) is DeviceState.FAILED


def test_a_process_that_dies_at_its_start_tells_why_and_backs_off(manager):
    device = odd(manager, dies_at_start=True)
    error = error_of(device.request("echo", timeout=15))
    assert error.code == "DEVICE_FAILED"
    assert "the driver is broken" in error.detail["cause"]
    until(lambda: device.status().restarts >= 4)
    began, before = time.monotonic(), device.status().restarts
    until(lambda: device.status().restarts >= before + 2)
    assert time.monotonic() - began > 0.5, "the pauses between restarts do not grow"


def test_an_absent_device_is_told_and_found_when_it_comes(manager, tmp_path):
    plug = tmp_path / "plugged-in"
    device = odd(manager, missing_until=str(plug), retry_absent=0.05)
    assert device.wait_settled(20) is DeviceState.ABSENT
    assert device.reason.code == "DEVICE_ABSENT"
    assert device.status().reason.in_language("zh_CN") == "没有找到号票打印机。"
    assert error_of(device.request("echo")).code == "DEVICE_ABSENT"
    plug.touch()
    until(lambda: device.state is DeviceState.READY)
    assert device.ask("echo", n=5) == {"n": 5}
    assert device.status().restarts == 0


def test_a_device_lost_in_mid_work_is_opened_again(manager):
    device = odd(manager, retry_absent=0.05)
    assert error_of(device.request("lose")).code == "DEVICE_ABSENT"
    until(lambda: device.state is DeviceState.READY)
    assert device.ask("echo", n=6) == {"n": 6}


def test_a_full_queue_refuses_at_once(manager):
    device = odd(manager)
    device.wait_settled(20)
    running = device.request("slow", seconds=1.0)
    futures = [device.request("echo") for _ in range(QUICK.waiting + 5)]
    refused = [f for f in futures if f.done() and f.exception()]
    until(lambda: sum(f.done() for f in futures) >= 4)
    refused = [f.exception() for f in futures if f.done() and f.exception()]
    assert refused
    assert {error.code for error in refused} == {"DEVICE_BUSY"}
    assert running.result(20) == {"slept": 1.0}


def test_one_that_waits_too_long_is_told_so_and_not_done(manager):
    device = odd(manager)
    device.wait_settled(20)
    running = device.request("slow", seconds=0.8)
    late = device.request("echo", timeout=0.2)
    assert error_of(late).code == "DEVICE_BUSY"
    assert running.result(20) == {"slept": 0.8}
    assert device.status().restarts == 0


def test_one_that_began_late_is_told_in_time_and_the_device_is_spared(manager):
    device = odd(manager)
    device.wait_settled(20)
    running = device.request("slow", seconds=0.6)
    began = time.monotonic()
    late = device.request("slow", timeout=0.9, seconds=0.6)
    assert error_of(late).code == "DEVICE_TIMEOUT"
    assert time.monotonic() - began < 5
    assert running.result(20) == {"slept": 0.6}
    assert device.ask("echo", n=1) == {"n": 1}
    assert device.status().restarts == 0


def test_a_cancelled_request_is_left_out(manager, tmp_path):
    device = odd(manager)
    device.wait_settled(20)
    running = device.request("slow", seconds=0.5)
    cancelled = device.request("crash")
    assert cancelled.cancel()
    assert running.result(20)
    assert device.ask("echo", n=7) == {"n": 7}
    assert device.status().restarts == 0


def test_a_driver_that_prints_garbles_nothing(manager):
    device = odd(manager)
    assert device.ask("noisy") == {"quiet": False}
    assert device.ask("echo", n=8) == {"n": 8}


def test_events_arrive_in_order_and_one_bad_listener_disturbs_nobody(manager, caplog):
    device = odd(manager, talks=True)
    seen = []

    def bad(event):
        raise RuntimeError("a bug of the page")

    stop_bad, stop_good = device.on_event(bad), device.on_event(seen.append)
    until(lambda: sum(event.name == "tick" for event in seen) >= 3)
    stop_bad()
    stop_good()
    ticks = [event for event in seen if event.name == "tick"]
    assert ticks[0].device == "ticket_printer"
    assert ticks[0].data == {"raw": b"\x00\xff"}
    assert "failed on tick" in caplog.text


def test_a_slow_listener_does_not_hold_up_time_outs(manager):
    device = odd(manager, talks=True)
    release = threading.Event()
    device.on_event(lambda event: release.wait(30))
    device.wait_settled(20)
    try:
        assert error_of(device.request("hang", timeout=0.3)).code == "DEVICE_TIMEOUT"
    finally:
        release.set()


def test_states_are_told_as_events(manager):
    device = odd(manager)
    states = []
    device.on_event(lambda event: states.append(event.data["state"]) if event.name == "state" else None)
    device.wait_settled(20)
    error_of(device.request("crash"))
    device.ask("echo")
    device.close()
    until(lambda: states[-1:] == [DeviceState.CLOSED])
    assert states[-4:] == [DeviceState.FAILED, DeviceState.STARTING, DeviceState.READY, DeviceState.CLOSED]


def test_close_lets_the_adapter_let_go(manager, tmp_path):
    marker = tmp_path / "closed"
    device = odd(manager, closed_marker=str(marker))
    device.wait_settled(20)
    pid = device.status().pid
    device.close()
    until(lambda: device.state is DeviceState.CLOSED)
    assert marker.read_text() == "closed"
    assert not psutil.pid_exists(pid)
    assert manager.get("ticket_printer") is None
    assert error_of(device.request("echo")).code == "DEVICE_CLOSED"


def test_close_ends_what_hangs(manager):
    devices = [
        manager.open("ticket_printer", {"adapter": "odd", "hangs_at_close": True}, name="a"),
        manager.open("ticket_printer", {"adapter": "odd"}, name="b"),
    ]
    for device in devices:
        device.wait_settled(20)
    hanging = devices[1].request("hang", timeout=60, hold_lock=True)
    time.sleep(0.1)
    began = time.monotonic()
    manager.close()
    assert time.monotonic() - began < 4
    assert error_of(hanging).code == "DEVICE_CLOSED"
    manager.close()
    with pytest.raises(UserError) as caught:
        manager.open("voice")
    assert caught.value.code == "DEVICE_CLOSED"


def test_helpers_of_a_dead_driver_are_ended_too(manager):
    device = odd(manager)
    helper = device.ask("helper")["pid"]
    assert psutil.pid_exists(helper)
    error_of(device.request("crash"))
    until(lambda: not psutil.pid_exists(helper) or psutil.Process(helper).status() == psutil.STATUS_ZOMBIE)


def test_opening_the_same_name_again_replaces_the_device(manager):
    first = odd(manager)
    first.wait_settled(20)
    second = odd(manager, talks=True)
    assert second.ask("echo", n=9) == {"n": 9}
    until(lambda: first.state is DeviceState.CLOSED)
    assert manager.get("ticket_printer") is second


@pytest.mark.parametrize(("kind", "adapter"), [("ticket_printer", "steam"), ("toaster", "simulated")])
def test_an_unknown_adapter_is_refused(manager, kind, adapter):
    with pytest.raises(UserError) as caught:
        manager.open(kind, {"adapter": adapter})
    assert caught.value.code == "DEVICE_BAD_SETTINGS"


SUITE = """
import sys, time
from yichuang.devices import DeviceManager, register_adapter
register_adapter("ticket_printer", "odd", "odd_adapters:OddAdapter")
device = DeviceManager().open("ticket_printer", {"adapter": "odd"})
device.wait_settled(20)
if sys.argv[1] == "hang":
    device.request("hang", timeout=600, hold_lock=True)
    time.sleep(0.3)
print(device.status().pid, flush=True)
if sys.argv[1] != "exit":
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of Unix")
@pytest.mark.parametrize("way", ["idle", "hang", "exit"])
def test_the_process_ends_with_the_suite(way):
    """Killing the suite with -9, or its end without closing anything, leave no process behind."""
    suite = subprocess.Popen(
        [sys.executable, "-c", SUITE, way],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        text=True,
    )
    with suite:
        pid = int(suite.stdout.readline())
        if way != "exit":
            suite.kill()
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, 5)


def test_a_manager_without_devices_starts_no_thread():
    before = threading.active_count()
    with DeviceManager() as manager:
        assert manager.status() == []
        assert threading.active_count() == before
