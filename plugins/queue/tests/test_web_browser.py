"""The web pages in a real browser: a call that is made at a desk appears on a television and on a phone."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from yichuang.api import Actor, select
from yichuang_queue import tables as t
from yichuang_queue.rules.announcing import Announcing
from yichuang_queue.web.shown import board_json, calls_json

from .browser import PROGRAM, Browser
from .conftest import MANAGER, clerk
from .test_announcing_rules import Board, Call, moment
from .web_server import serving

pytestmark = pytest.mark.skipif(not PROGRAM, reason="NOT TESTED IN A BROWSER: apt-get install chromium")
PICTURES = os.environ.get("YICHUANG_PICTURES", "")
MONGOLIAN = "ᠠᠷᠤ ᠬᠣᠷᠴᠢᠨ ᠬᠣᠰᠢᠭᠤᠨ ᠤ ᠵᠠᠰᠠᠭ ᠤᠨ ᠦᠢᠯᠡᠴᠢᠯᠡᠭᠡᠨ ᠦ ᠲᠠᠩᠬᠢᠮ"


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@pytest.fixture
def browser():
    with Browser() as opened:
        yield opened


@pytest.fixture
def open_hall(suite):
    """Two desks are open and people wait; the hall has its names."""
    system = Actor.system()
    suite.run(system, "hall.set", {"key": "hall.name", "value": "阿鲁科尔沁旗政务服务大厅"})
    suite.run(system, "hall.set", {"key": "hall.name_mn", "value": MONGOLIAN})
    for number, desk in ((1, "A01"), (2, "A02")):
        suite.run(clerk(number, desk), "queue.open_desk", {"desk": desk, "lines": ["A"]})
    suite.tickets = [
        suite.run(MANAGER, "queue.issue", {"line": "A", "business": "企业设立<b>", "person": "苏日娜"})
        for _ in range(6)
    ]
    suite.run(MANAGER, "queue.say", {"kind": "notice", "text": "过号两次请到咨询台复号。"})
    return suite


def picture(browser: Browser, name: str) -> None:
    if PICTURES:
        browser.screenshot(Path(PICTURES) / f"{name}.png")


def test_a_call_appears_on_a_television(browser, open_hall):
    with serving(open_hall) as url:
        browser.open(f"{url}/board")
        browser.wait_for("document.querySelectorAll('.line').length === 2")
        assert browser.text("#panel") == "请留意叫号"
        assert browser.text("#head .hall") == "阿鲁科尔沁旗政务服务大厅"
        assert browser.text(".line .count") == "6"
        for number, desk in ((1, "A01"), (2, "A02")):
            open_hall.run(clerk(number, desk), "queue.call_next", {"desk": desk})
        browser.wait_for("document.querySelectorAll('.row.fresh').length === 2")
        assert browser.text("#panel .number") == "A001"
        assert browser.value("document.getElementById('panel').className") == "blink"
        assert browser.text("#panel .what").startswith("企业设立<b>"), "what people entered is text"
        browser.wait_for("document.querySelector('.line .count').innerText === '4'")
        browser.wait_for("document.querySelector('#panel .number').innerText === 'A002'", seconds=8)
        assert "苏" not in browser.value("document.documentElement.outerHTML")
        browser.wait_for("document.getElementById('panel').className === ''")
        picture(browser, "web_board")


def test_a_desks_television(browser, open_hall):
    open_hall.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})
    with serving(open_hall) as url:
        browser.open(f"{url}/board?desk=A01")
        browser.wait_for("document.querySelector('#panel .number') !== null")
        assert browser.text("#panel .said") == "请到本窗口办理"
        assert browser.text("#panel .status") == "正在服务"
        picture(browser, "web_desk")


def test_a_television_outlives_the_server(browser, open_hall):
    with serving(open_hall) as url:
        browser.open(f"{url}/board")
        browser.wait_for("document.querySelectorAll('.line').length === 2")
        port = int(url.rpartition(":")[2])
    open_hall.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})
    browser.wait_for("document.getElementById('stale').className === 'on'")
    assert "连接中断" in browser.text("#stale")
    with serving(open_hall, port=port):
        browser.wait_for("document.getElementById('stale').className === ''")
        browser.wait_for("document.querySelector('#panel .number') !== null")
        assert browser.text("#panel .number") == "A001", "what was called meanwhile is shown"


def test_a_phone_follows_its_ticket(browser, open_hall):
    third = open_hall.tickets[2]
    with open_hall.database.read() as reader:
        token = reader.scalar(select(t.ticket.c.token).where(t.ticket.c.id == third.id))
    with serving(open_hall) as url:
        browser.open(f"{url}/t/{token}", 390, 844)
        assert browser.text(".number") == "A003"
        assert browser.text("dd b") == "2"
        assert "You are in line" in browser.text(".state")
        assert browser.value("document.documentElement.scrollWidth") <= 390
        picture(browser, "web_ticket")
        open_hall.run(clerk(1, "A01"), "queue.call_chosen", {"desk": "A01", "ticket_id": third.id})
        browser.wait_for("document.getElementById('ticket').getAttribute('data-state') === 'called'")
        assert "请到 A01 窗口" in browser.text(".state")
        picture(browser, "web_ticket_called")
        browser.command("Emulation.setScriptExecutionDisabled", value=True)
        browser.command("Page.navigate", url=f"{url}/t/{token}")
        browser.wait_for("document.querySelector('.number') && document.title.indexOf('A003') === 0")
        assert (
            browser.value("document.querySelector('noscript meta').getAttribute('http-equiv')") == "refresh"
        )
        assert "请到 A01 窗口" in browser.text(".state"), "it works without scripts"
        browser.command("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("seed", range(6))
def test_the_browsers_rules_are_ours(browser, open_hall, seed):
    """The same day, told to both: the same call is on the panel at every moment."""
    rng = random.Random(seed)
    ours, clock, event, calls, shown, steps = Announcing(), 0.0, 0, [], [], []
    hall_board = open_hall.query(Actor.nobody(), "queue.board")

    def snapshot():
        newest = {}
        for each in sorted(calls, key=lambda c: -c.event_id):
            newest.setdefault(each.number, each)
        standing = [each for each in newest.values() if each.coming or rng.random() < 0.5]
        return Board(event, moment(clock), standing[:24])

    def told(what):
        fields = {"line": "A", "zone": "z", "business": ""}
        return [type("Told", (), {**vars(each), **fields, "again": False}) for each in what]

    def give_board(board):
        ours.hear_snapshot(board, clock)
        full = type(
            "Full",
            (),
            {
                **vars(hall_board),
                "calls": told(board.calls),
                "now": board.now,
                "last_event": board.last_event,
            },
        )
        steps.append(f"m.hearBoard({board_json(full)})")

    give_board(snapshot())
    late = None
    for _ in range(150):
        clock += rng.choice((0.1, 0.5, 1, 3))
        for _ in range(rng.choice((0, 0, 1, 3))):
            event += 1
            calls.append(Call(event, f"A{rng.randint(1, 40):03}", "A01", moment(clock)))
        if calls and rng.random() < 0.2:
            gone = rng.choice(calls).number
            calls = [Call(c.event_id, c.number, c.desk, c.at, c.coming and c.number != gone) for c in calls]
        if rng.random() < 0.4:
            board, late = (late, None) if late and rng.random() < 0.3 else (snapshot(), late or snapshot())
            give_board(board)
        else:
            found = [each for each in calls if each.event_id > ours.after][:50]
            ours.hear_calls(found, clock)
            steps.append(f"m.hearCalls({calls_json(told(found), ours.after)})")
        ours.tick(clock)
        shown.append(
            [
                ours.shown and ours.shown.event_id,
                [each.number for each in ours.recent()],
                sorted(ours.fresh(clock)),
            ]
        )
        steps.append(f"look({clock})")
    script = (Path(__file__).parents[1] / "yichuang_queue/web/static/announcing.js").read_text()
    names = sorted({each.number for each in calls})
    look = """function look(at) {
        m.tick(at);
        var fresh = names.filter(function (name) { return m.isFresh(name, at); });
        out.push([m.shown && m.shown.id, m.recent(8).map(function (call) { return call.number; }), fresh]);
    }"""
    theirs = browser.value(
        f"{script}; {look}; var m = new Announcing(), out = [], names = {names}; {';'.join(steps)}; out"
    )
    assert theirs == shown
