"""The ledger that six pages share: sorting by what is behind the words, saving, Enter, and a list that could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from yichuang.api import UserError
from yichuang.api.ui import Button, Column, ErrorNote, ErrorState, TagSpec
from yichuang_acceptance.ui import list_export, table_pages
from yichuang_acceptance.ui.agency_names import AgencyNames
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by


@dataclass
class Desk:
    """A context that keeps what is asked, to be answered by the test."""

    asked: list[tuple[str, Any, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)

    def query(self, name: str, request: Any = None, done: Any = None, failed: Any = None) -> Any:
        self.asked.append((name, done, failed))
        self.requests.append(request)
        return self

    def status(self, text: str) -> None:
        self.told.append(text)

    def cancel(self) -> bool:
        return True

    def load(self, _key: str, default: Any = None) -> Any:
        return default


@dataclass(frozen=True)
class Row:
    id: int
    at: datetime
    state: str = "open"


DECEMBER, MARCH = Row(1, datetime(2025, 12, 30, tzinfo=UTC)), Row(2, datetime(2026, 3, 2, tzinfo=UTC))
CLOSED = Row(3, datetime(2026, 1, 5, tzinfo=UTC), "closed")


def made(qtbot: Any, desk: Desk, done: list[str], title: str = "台账") -> Ledger:
    acts = [
        Act("接收", "package-check", lambda row: done.append(f"receive {row.id}"), lambda row: row.state == "open", primary=True),
        Act("打印", "printer", lambda row: done.append(f"print {row.id}"), lambda row: row.id != 2, enter=True),
        Act("删除", "trash-2", lambda row: done.append(f"drop {row.id}"), lambda _row: True),
    ]  # fmt: skip
    ledger = Ledger(
        desk, "test", [Column("at", "时间", 104, sort=by("at"))], ("inbox", "没有", ""),
        lambda row: {"at": f"{row.at:%m-%d}"}, lambda row: Shown(f"第 {row.id} 行", TagSpec("x", "grey"), []), acts, title,
    )  # fmt: skip
    qtbot.addWidget(ledger)
    ledger.resize(1100, 600)
    ledger.show()
    return ledger


def fill(ledger: Ledger, desk: Desk, rows: list[Row]) -> None:
    ledger.ask("acceptance.mandates", {"kind": "all"})
    desk.asked.pop()[1](rows)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_moments_are_sorted_across_the_year(qtbot, desk):
    ledger = made(qtbot, desk, [])
    fill(ledger, desk, [MARCH, DECEMBER, CLOSED])
    ledger.table.set_sort("at")
    assert [row["at"] for row in ledger.table.rows()] == ["12-30", "01-05", "03-02"]


def test_enter_does_what_is_named_and_never_what_is_only_offered(qtbot, desk):
    done: list[str] = []
    ledger = made(qtbot, desk, done)
    fill(ledger, desk, [DECEMBER, CLOSED, Row(2, MARCH.at, "closed")])

    def keys() -> list[str]:
        return [text for _key, text in ledger.table._footer.hints._hints]

    for number, named, did in ((1, "接收", ["receive 1"]), (3, "打印", ["print 3"]), (2, "", [])):
        done.clear()
        ledger.show_row(number)
        ledger.act()
        assert done == did
        assert [text for text in keys() if text in ("接收", "打印", "删除")] == ([named] if named else [])


def test_a_list_that_could_not_be_read_asks_again(qtbot, desk):
    ledger = made(qtbot, desk, [])
    ledger.ask("acceptance.mandates", {"kind": "open"})
    _name, _done, failed = desk.asked.pop()
    failed(UserError("OFFLINE", "数据库没有应答。"))
    state = ledger.findChild(ErrorState)
    qtbot.waitUntil(state.isVisible)
    state.findChild(Button).click()
    name, answered, _failed = desk.asked.pop()
    assert name == "acceptance.mandates"
    answered([MARCH])
    assert not state.isVisible()
    assert ledger.row == MARCH


def test_the_list_is_saved_under_its_title(qtbot, desk, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(list_export, "save_file", lambda _context, _parent, name, _write: told.append(name))
    ledger = made(qtbot, desk, [])
    ledger.table.export_requested.emit("xlsx")
    assert (told, len(desk.told)) == ([], 1), "there is nothing to save yet, and it says so"
    fill(ledger, desk, [MARCH])
    ledger.table.export_requested.emit("xlsx")
    assert told == ["台账.xlsx"]


def numbered(first: int, last: int) -> list[Row]:
    """Rows from the newest on."""
    return [Row(i, MARCH.at) for i in range(first, last - 1, -1)]


def shown(ledger: Ledger) -> list[int]:
    return [row["id"] for row in ledger.table.rows()]


def test_it_goes_on_to_its_end_and_says_where_it_is_cut(qtbot, desk, monkeypatch):
    monkeypatch.setattr(table_pages, "PAGE", 20)
    ledger = made(qtbot, desk, [])
    fill(ledger, desk, numbered(50, 31))
    assert ledger.table._footer.count == "显示 20 / 20+"
    for _press in range(20):
        ledger.table.move(1)
    qtbot.waitUntil(lambda: len(desk.asked) == 1)
    assert desk.requests[-1] == {"kind": "all", "before_id": 31, "limit": 20}
    desk.asked.pop()[1]([Row(31, MARCH.at), *numbered(30, 12)])  # what is known already is not shown twice
    assert shown(ledger) == list(range(50, 11, -1))
    assert ledger.table._footer.count == "显示 39 / 39+"
    ledger.ask("acceptance.mandates", {"kind": "all"})  # as the desk does when something changes
    assert desk.requests[-1] == {"kind": "all", "limit": 39}
    desk.asked.pop()[1](numbered(51, 13))
    assert shown(ledger) == list(range(51, 12, -1)), "as long as it was"
    ledger.table.select(13)
    ledger.table.view.scrollToBottom()
    qtbot.waitUntil(lambda: len(desk.asked) == 1)
    desk.asked.pop()[1](numbered(12, 9))
    assert ledger.table._footer.count == "显示 43 / 43"
    ledger.ask("acceptance.mandates", {"kind": "open"})
    assert desk.requests[-1] == {"kind": "open", "limit": 20}, "another list begins at its beginning"


def test_what_comes_while_it_is_sorted_stands_in_its_place_and_the_foot_says_what_is_sorted(
    qtbot, desk, monkeypatch
):
    monkeypatch.setattr(table_pages, "PAGE", 2)
    ledger = made(qtbot, desk, [])
    ledger.ask("acceptance.mandates", {"kind": "all"})
    _name, came, _failed = desk.asked.pop()
    came([Row(9, MARCH.at), Row(8, DECEMBER.at)])
    qtbot.waitUntil(lambda: len(desk.asked) == 1)  # the window is higher than a page
    ledger.table._sort_by(0)
    assert shown(ledger) == [8, 9]
    assert ledger.table._footer.note == "仅对已显示的行排序"
    desk.asked.pop()[1]([Row(7, CLOSED.at)])
    assert shown(ledger) == [8, 7, 9]
    assert ledger.table._footer.note == ""


def test_a_wanted_row_is_looked_for_behind_the_first_page(qtbot, desk, monkeypatch):
    monkeypatch.setattr(table_pages, "PAGE", 20)
    ledger = made(qtbot, desk, [])
    ledger.ask("acceptance.mandates", {"kind": "all"}, wanted=15)
    desk.asked.pop()[1](numbered(50, 31))
    assert ledger.row is None
    assert desk.requests[-1]["before_id"] == 31
    desk.asked.pop()[1](numbered(30, 11))
    assert ledger.row.id == 15
    assert ledger.table.current_row()["id"] == 15


def test_a_page_that_could_not_be_read_leaves_what_is_known_and_is_asked_for_again(qtbot, desk, monkeypatch):
    monkeypatch.setattr(table_pages, "PAGE", 20)
    ledger = made(qtbot, desk, [])
    fill(ledger, desk, numbered(50, 31))
    ledger.table.view.scrollToBottom()
    qtbot.waitUntil(lambda: len(desk.asked) == 1)
    desk.asked.pop()[2](UserError("OFFLINE", "数据库没有应答。"))
    assert len(shown(ledger)) == 20
    note = ledger.table.findChild(ErrorNote)
    note.findChild(Button).click()
    desk.asked.pop()[1](numbered(50, 31))
    ledger.table.view.scrollToBottom()
    qtbot.waitUntil(lambda: len(desk.asked) == 1)
    desk.asked.pop()[1](numbered(30, 25))
    assert len(shown(ledger)) == 26


def test_short_names_are_shown_when_they_come_and_whole_ones_until_then(desk):
    told: list[str] = []
    names = AgencyNames(desk, lambda: told.append("again"))
    names.load()
    assert names.short("阿鲁科尔沁旗民政局") == "阿鲁科尔沁旗民政局"
    (_name, came, failed) = desk.asked[-1]
    failed(UserError("OFFLINE", "数据库没有应答。"))
    row = type("Agency", (), {"name": "阿鲁科尔沁旗民政局", "short_name": "民政局"})
    came([row])
    came([row])
    assert names.short("阿鲁科尔沁旗民政局") == "民政局"
    assert told == ["again"]
