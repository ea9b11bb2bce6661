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


LOOK = """function look(at) {
    m.tick(at);
    var fresh = names.filter(function (name) { return m.isFresh(name, at); });
    out.push([m.shown && m.shown.id, m.recent(8).map(function (call) { return call.number; }), fresh]);
}"""


class BothHear:
    """A random day told to our rules and, as a script, to the browser's."""

    def __init__(self, hall_board, seed):
        self.rng = random.Random(seed)
        self.ours, self.clock, self.event = Announcing(), 0.0, 0
        self.hall_board, self.calls, self.shown, self.steps = hall_board, [], [], []
        self.late = None

    def snapshot(self):
        newest = {}
        for each in sorted(self.calls, key=lambda c: -c.event_id):
            newest.setdefault(each.number, each)
        standing = [each for each in newest.values() if each.coming or self.rng.random() < 0.5]
        return Board(self.event, moment(self.clock), standing[:24])

    def told(self, what):
        fields = {"line": "A", "zone": "z", "business": ""}
        return [type("Told", (), {**vars(each), **fields, "again": False}) for each in what]

    def hear_board(self, board):
        self.ours.hear_snapshot(board, self.clock)
        own = {"calls": self.told(board.calls), "now": board.now, "last_event": board.last_event}
        full = type("Full", (), {**vars(self.hall_board), **own})
        self.steps.append(f"m.hearBoard({board_json(full)})")

    def hear_calls(self):
        found = [each for each in self.calls if each.event_id > self.ours.after][:50]
        self.ours.hear_calls(found, self.clock)
        self.steps.append(f"m.hearCalls({calls_json(self.told(found), self.ours.after)})")

    def happen(self):
        """Some calls, and perhaps somebody who has come."""
        rng = self.rng
        self.clock += rng.choice((0.1, 0.5, 1, 3))
        for _ in range(rng.choice((0, 0, 1, 3))):
            self.event += 1
            self.calls.append(Call(self.event, f"A{rng.randint(1, 40):03}", "A01", moment(self.clock)))
        if self.calls and rng.random() < 0.2:
            gone = rng.choice(self.calls).number
            self.calls = [
                Call(c.event_id, c.number, c.desk, c.at, c.coming and c.number != gone) for c in self.calls
            ]

    def step(self):
        self.happen()
        if self.rng.random() < 0.4:
            late = self.late
            if late and self.rng.random() < 0.3:
                board, self.late = late, None
            else:
                board, self.late = self.snapshot(), late or self.snapshot()
            self.hear_board(board)
        else:
            self.hear_calls()
        self.ours.tick(self.clock)
        shown = self.ours.shown and self.ours.shown.event_id
        recent = [each.number for each in self.ours.recent()]
        self.shown.append([shown, recent, sorted(self.ours.fresh(self.clock))])
        self.steps.append(f"look({self.clock})")


@pytest.mark.parametrize("seed", range(6))
def test_the_browsers_rules_are_ours(browser, open_hall, seed):
    """The same day, told to both: the same call is on the panel at every moment."""
    both = BothHear(open_hall.query(Actor.nobody(), "queue.board"), seed)
    both.hear_board(both.snapshot())
    for _ in range(150):
        both.step()
    script = (Path(__file__).parents[1] / "yichuang_queue/web/static/announcing.js").read_text()
    names = sorted({each.number for each in both.calls})
    theirs = browser.value(
        f"{script}; {LOOK}; var m = new Announcing(), out = [], names = {names}; {';'.join(both.steps)}; out"
    )
    assert theirs == both.shown
