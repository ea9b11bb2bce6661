"""The ledger that six pages share: sorting by what is behind the words, saving, Enter, and a list that could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from yichuang.api import UserError
from yichuang.api.ui import Button, Column, ErrorState, TagSpec
from yichuang_acceptance.ui.agency_names import AgencyNames
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by


@dataclass
class Desk:
    """A context that keeps what is asked, to be answered by the test."""

    asked: list[tuple[str, Any, Any]] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)

    def query(self, name: str, request: Any = None, done: Any = None, failed: Any = None) -> Any:
        self.asked.append((name, done, failed))
        return self

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


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_moments_are_sorted_across_the_year(qtbot, desk):
    ledger = made(qtbot, desk, [])
    ledger.set_rows([MARCH, DECEMBER, CLOSED])
    ledger.table.set_sort("at")
    assert [row["at"] for row in ledger.table.rows()] == ["12-30", "01-05", "03-02"]


def test_enter_does_what_is_named_and_never_what_is_only_offered(qtbot, desk):
    done: list[str] = []
    ledger = made(qtbot, desk, done)
    ledger.set_rows([DECEMBER, CLOSED, Row(2, MARCH.at, "closed")])

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
    monkeypatch.setattr(
        "yichuang.widgets.saving.save_file", lambda _context, _parent, name, _write: told.append(name)
    )
    made(qtbot, desk, []).table.export_requested.emit("xlsx")
    made(qtbot, desk, [], title="").table.export_requested.emit("xlsx")  # the page saves it by itself
    assert told == ["台账.xlsx"]


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
