"""Findings as supervisors work them: recorded at a button, from a complaint, from a “no”; looked at by a second person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PyQt6.QtWidgets import QLabel

from yichuang_acceptance.ui.documents import DocumentDialog

from ..conftest import CHIEF, CLERK, COMMITTED, OWN, accepted  # noqa: TID252 - tests are no installed package
from ..test_findings import SECOND_INSPECTOR  # noqa: TID252 - tests are no installed package
from ..test_supervision import HANDLER, INSPECTOR, WINDOW  # noqa: TID252 - tests are no installed package
from .conftest import PAGES, open_desk

PAGE, VOICES = "acceptance.supervision", "acceptance.voices"
SAID = {"facts": "绕开系统办理", "evidence": "纸质台账第 12 页，存监察室"}


def findings(hall: Any) -> list[Any]:
    return hall.query(INSPECTOR, "acceptance.findings", {"open_only": False})


def fill(desk: Any, values: dict[str, Any]) -> None:
    dialog = desk.dialog()
    dialog.form.set_values(values)
    dialog.accept()


def test_a_finding_is_recorded_at_the_button_and_confirmed_by_another(hall, wait):
    with open_desk(hall, INSPECTOR, PAGE) as desk:
        wait(lambda: desk.page._agencies)
        desk.page.record.click()
        fill(desk, {"rule": "V07", "agency": "", **SAID})
        dialog = desk.dialog()
        wait(lambda: dialog._error.isVisible())
        assert dialog.form.values()["facts"] == SAID["facts"], "what was typed stays"
        fill(desk, {"agency": OWN, "item_name": "食品经营许可"})
        wait(lambda: [f.state for f in findings(hall)] == ["proposed"])
        desk.press("Alt+7")
        view = desk.page.view
        wait(lambda: view.ledger.row is not None)
        assert [b.isVisible() for b in view.ledger.buttons] == [False, False], "not by whoever found it"
        assert SAID["evidence"] in view.ledger.said.text()
    with open_desk(hall, SECOND_INSPECTOR, PAGE) as desk:
        desk.page.show_tab("findings")
        view = desk.page.view
        wait(lambda: view.ledger.row is not None)
        desk.press("Ctrl+Enter")
        fill(desk, {"remark": "证据充分"})
        wait(lambda: [f.state for f in findings(hall)] == ["confirmed"])
        wait(lambda: view.ledger.row is None)
        view.which.set_current("all")
        view.load()
        wait(lambda: view.ledger.row is not None)
        desk.page.show_tab("open")
        wait(lambda: desk.page.view.ledger.row is not None)
        assert desk.page.view.ledger.row.rule == "V07"
    (violation,) = hall.query(INSPECTOR, "acceptance.supervision", {"kind": "open"})
    hall.run(INSPECTOR, "acceptance.order_notice", {"alert_id": violation.id, "text": "请停止体外循环"})
    with open_desk(hall, SECOND_INSPECTOR, PAGE) as desk:
        view = desk.page.view
        wait(lambda: view.ledger.row is not None)
        button = next(b for b in view.ledger.buttons if "督办单" in b.text())
        assert button.isVisible()
        button.click()
        wait(lambda: any(d.isVisible() for d in desk.page.findChildren(DocumentDialog)))
    with open_desk(hall, HANDLER, PAGE) as desk:
        assert not desk.page.record.isVisible()
        assert "findings" not in desk.page.lists
        wait(lambda: desk.page.view.ledger.row is not None)
        desk.press("Ctrl+Enter")
        fill(desk, {"text": "已补录"})
        wait(lambda: hall.query(HANDLER, "acceptance.supervision", {"kind": "answered"}))


def test_a_finding_is_recorded_from_a_complaint_and_dismissed(hall, wait):
    case = accepted(hall)
    hall.run(WINDOW, "acceptance.complain", {"case_id": case.case_id, "content": "第一次来时不收材料"})
    with open_desk(hall, INSPECTOR, PAGE) as desk:
        desk.page.show_tab("complaints")
        ledger = desk.page.view.ledger
        wait(lambda: ledger.row is not None)
        assert [b.isVisible() for b in ledger.buttons] == [False, True]
        ledger.buttons[1].click()
        assert any("第一次来时不收材料" in label.text() for label in desk.dialog().findChildren(QLabel))
        fill(desk, {"rule": "V01", **SAID})
        wait(lambda: [f.case_no for f in findings(hall)] == [case.case_no])
    with open_desk(hall, SECOND_INSPECTOR, PAGE) as desk:
        desk.page.show_tab("findings")
        ledger = desk.page.view.ledger
        wait(lambda: ledger.row is not None)
        ledger.buttons[1].click()
        fill(desk, {"remark": "证据不足"})
        wait(lambda: [f.state for f in findings(hall)] == ["dismissed"])


def test_a_no_that_was_wrong_becomes_a_finding(hall, wait, monkeypatch):
    monkeypatch.setitem(PAGES, VOICES, "yichuang_acceptance.ui.voices")
    asked = {"item": COMMITTED, "person": "苏日娜", "reason": "materials", "said": "缺房产证，不收"}
    hall.run(CLERK, "acceptance.cannot_do", asked)
    chief = replace(CHIEF, permissions=CHIEF.permissions | {"acceptance.supervise"})
    with open_desk(hall, chief, VOICES) as desk:
        desk.page.show_tab("refusals")
        table = desk.page.refusals.table
        wait(lambda: table.rows())
        desk.page.refusals.act(table.rows()[0])
        wait(desk.has_dialog)
        fill(desk, {"was": "unjustified", "text": "材料目录中没有房产证", "root_cause": "沿用旧清单"})
        wait(lambda: [f.rule for f in findings(hall)] == ["V01"])
