"""The kiosk while the hall is away: it goes on with the numbers in hand, and loses and doubles nothing, killed or not."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from yichuang.api import Actor, select
from yichuang_queue import tables as t
from yichuang_queue.kiosk_store import KioskStore
from yichuang_queue.ui.kiosk import desk as kiosk_desk

from .conftest import MANAGER
from .kiosk_kit import KIOSK, WAIT, filled, kiosk, page, press, tap, wait_for, wait_for_paper

PROCESS = Path(__file__).with_name("kiosk_process.py")


@contextmanager
def locked(path):
    """Another program writes to the file and does not end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def stopped(server):
    """The server is shut down, and started again at the same address."""
    server.stop(keep=True)
    yield
    server.start()


@pytest.fixture
def database_url(own_database):
    return own_database[0]


@pytest.fixture
def away(own_database):
    """Takes the database away for the length of a block."""
    _url, what = own_database
    return lambda: locked(what) if isinstance(what, Path) else stopped(what)


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    monkeypatch.setattr(kiosk_desk, "PATIENCE_MS", 700)


def tickets(suite):
    """Number to (state, business, priority, further) of everything in the hall."""
    with suite.database.read() as read:
        rows = read.all(select(t.ticket).order_by(t.ticket.c.id).limit(500))
    return {row.number: (row.state, row.business, row.priority, row.further) for row in rows}


def give(qtbot, window, *codes) -> str:
    """Take a number for a business and wait for its paper."""
    for code in codes:
        tap(window, code)
    press(window.page.take)
    wait_for_paper(qtbot, window)
    number = window.page.number.text()
    press(window.page.home)
    return number


def test_an_outage_is_bridged_by_numbers_in_hand(qtbot, tree, away):
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        filled(qtbot, window, ("A",))
        before = give(qtbot, window, "g", "g.1")
        with away():
            offline = [give(qtbot, window, "g", "g.1")]
            assert window.desk.offline
            assert "离线取号中" in window.note.text.text()
            offline.append(give(qtbot, window, "g", "g.1"))
            tap(window, "g")
            assert not window.page.grid.tiles["g.1"].isEnabled(), (
                "three a day: the quota holds without the hall, too"
            )
            offline.append(give(qtbot, window, "g.2"))
        said = []
        window.desk.merged.connect(said.append)
        window.desk.load()
        qtbot.waitUntil(lambda: bool(said), timeout=2 * WAIT)
        assert said == [3]
        assert not window.desk.offline
        assert "已恢复联网" in window.note.text.text()
        after = give(qtbot, window, "h") if window.page.grid.tiles["h"].isEnabled() else ""
        window._show_note("", "")
    found = tickets(tree)
    assert offline == ["A001", "A002", "A003"], "the leased block, in order"
    assert [found[number][:2] for number in offline] == [
        ("waiting", "养老保险"), ("waiting", "养老保险"), ("waiting", "失业保险"),
    ]  # fmt: skip
    assert found[before][0] == "waiting"
    alive = [number for number, (state, *_rest) in found.items() if state == "waiting"]
    assert sorted(alive) == sorted({*offline, before, after} - {""}), (
        "nothing twice: a lost answer leaves no second ticket"
    )


def test_an_offline_ticket_can_be_followed_once_the_hall_is_back(qtbot, tree, away):
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        filled(qtbot, window, ("A",))
        with away():
            window.choose("g.1")
            press(window.page.take)
            wait_for_paper(qtbot, window)
            number, code = window.page.number.text(), window.page.code.content
            assert any("离线取号" in fact for fact in window.page._facts())
        window.desk.load()
        qtbot.waitUntil(lambda: not window.desk.offline, timeout=2 * WAIT)
        token = code.removeprefix("yichuang:t/")
        assert tree.query(Actor.nobody(), "queue.my_ticket", {"token": token}).number == number
        window._show_note("", "")


def test_without_numbers_in_hand_nobody_is_fobbed_off(qtbot, tree, away):
    with kiosk(qtbot, tree) as (window, _context):
        filled(qtbot, window, ("A",))
        with away():
            tap(window, "h")  # its series is too short: no number was set aside
            press(window.page.take)
            wait_for(qtbot, window, "ProblemPage")
            assert "咨询台" in window.page.error.do.in_language("zh_CN")
            window.go_home()
            press(window.page.booked)
            for digit in "12345678":
                press(window.page.keys.keys[digit])
            press(window.page.ok)
            wait_for(qtbot, window, "ProblemPage")
            assert "预约" in window.page.sentence.text()
        window.desk.load()
        qtbot.waitUntil(lambda: not window.desk.offline, timeout=2 * WAIT)
        qtbot.waitUntil(
            lambda: bool(tree.query(MANAGER, "queue.messages")), timeout=WAIT
        )  # kept until the hall was back
        window._show_note("", "")


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
def test_a_file_that_is_gone_is_bridged_as_well(qtbot, tree, tmp_path):
    """Somebody has moved the hall's file, and what the programs hold open is refused by the disk."""
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        filled(qtbot, window, ("A",))
        tree.database.close()
        moved = {path: path.with_name(f"moved-{path.name}") for path in tmp_path.glob("hall.sqlite*")}
        for path, aside in moved.items():
            path.rename(aside)
        (tmp_path / "hall.sqlite").mkdir()
        number = give(qtbot, window, "g", "g.1")
        assert window.desk.offline
        (tmp_path / "hall.sqlite").rmdir()
        for path, aside in moved.items():
            aside.rename(path)
        window.desk.load()
        qtbot.waitUntil(lambda: not window.desk.offline, timeout=2 * WAIT)
        window._show_note("", "")
    assert tickets(tree)[number][0] == "waiting"


def run_until_killed(suite, data_dir, moment, between=None, business="g.1") -> str:
    """Run a kiosk that kills itself; gives back what it said last."""
    url = suite.database.url.render_as_string(hide_password=False)
    command = [sys.executable, str(PROCESS), url, str(data_dir), moment, business, suite.clock().isoformat()]
    environment = {**os.environ, "YICHUANG_DATA": str(data_dir)}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        if moment != "merged":
            assert process.stdout.readline().strip() == "ready"
        if between is not None:
            with between():
                process.stdin.write("\n")
                process.stdin.flush()
                said = process.stdout.readline().strip()
                process.wait(60)
        else:
            process.stdin.write("\n")
            process.stdin.flush()
            said = process.stdout.readline().strip()
            process.wait(60)
    assert process.returncode == -9, "it was killed, it did not end"
    return said


def test_killed_between_writing_and_printing_nothing_is_lost_or_twice(qtbot, tree, away, data_dir, clock):
    number = run_until_killed(tree, data_dir, "print", away)
    assert tickets(tree).get(number, ("",))[0] == "", "the hall does not know it yet"
    clock.move(seconds=30)
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        qtbot.waitUntil(lambda: page(window) == "DonePage", timeout=WAIT)
        assert window.page.number.text() == number, "whoever stands there still gets the number"
        qtbot.waitUntil(lambda: number in tickets(tree), timeout=WAIT)
        wait_for_paper(qtbot, window)
        window._show_note("", "")
    assert [each for each, row in tickets(tree).items() if row[0] == "waiting"] == [number]


def test_killed_between_the_merge_and_its_mark_nothing_is_twice(qtbot, tree, away, data_dir, clock):
    number = run_until_killed(tree, data_dir, "print", away)
    clock.move(minutes=5)
    assert run_until_killed(tree, data_dir, "merged") == number
    assert tickets(tree)[number][0] == "waiting", "the hall has entered it, the kiosk does not know"
    store = KioskStore(data_dir / "plugin-data" / "queue" / "kiosk-2.sqlite")
    assert [each.number for each in store.unmerged()] == [number]
    store.close()
    clock.move(minutes=5)
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        filled(qtbot, window, ("A",))
        counted = []
        window.desk._hand.keep(lambda kept: kept.unmerged(), counted.append)
        qtbot.waitUntil(lambda: counted == [[]], timeout=WAIT)
        assert page(window) == "StartPage", "nobody stands there any more after five minutes"
        window._show_note("", "")
    assert [each for each, row in tickets(tree).items() if row[0] == "waiting"] == [number]


def test_killed_between_the_answer_and_the_paper_the_same_number_comes_out(qtbot, tree, data_dir, clock):
    number = run_until_killed(tree, data_dir, "answered")
    assert tickets(tree)[number][0] == "waiting"
    clock.move(seconds=30)
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        wait_for_paper(qtbot, window)
        assert window.page.number.text() == number
        assert window.page.trouble == ""
    assert len(tickets(tree)) == 1


def test_a_ticket_that_the_hall_will_not_enter_does_not_keep_the_others_out(qtbot, tree, data_dir, clock):
    folder = data_dir / "plugin-data" / "queue"
    folder.mkdir(parents=True, exist_ok=True)
    leased = tree.run(KIOSK, "queue.lease", {"kiosk": "2", "line": "A", "count": 3}).numbers
    store = KioskStore(folder / "kiosk-2.sqlite")
    day = clock().date()
    store.keep("A", day.isoformat(), [leased[0], "A999", leased[1]])
    data = {
        "business": "g.1",
        "further": [],
        "priority": "none",
        "token": "",
        "press": "",
        "person": "",
        "name": "养老保险",
    }
    for number in range(3):
        store.give("A", clock() - timedelta(minutes=9 - number), day, {**data, "token": f"token{number}" * 2})
    store.close()
    with kiosk(qtbot, tree) as (window, _context):
        qtbot.waitUntil(lambda: set(tickets(tree)) == {leased[0], leased[1]}, timeout=WAIT)
        qtbot.waitUntil(
            lambda: any("并入" in m.text for m in tree.query(MANAGER, "queue.messages")), timeout=WAIT
        )
        window._show_note("", "")
