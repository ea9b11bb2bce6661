"""Conditions and publication of a grant, and a hearing with time and place, entered on screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..conftest import APPROVER, CHIEF, accepted  # noqa: TID252 - tests are no installed package
from ..life import render, see  # noqa: TID252 - tests are no installed package
from .conftest import open_desk

WORKBENCH = "acceptance.workbench"


def opened(desk: Any, wait: Any, case: Any) -> Any:
    wait(lambda: desk.page._case is not None and desk.page._case.row.id == case.case_id)
    return desk.page


def test_conditions_and_publication_go_with_the_grant(hall, wait):
    case, other = accepted(hall), accepted(hall)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        wait(lambda: desk.page._case is not None)
        first = desk.page._case.row.id
        terms = desk.page.decision.terms
        terms.click()
        dialog = desk.dialog()
        dialog.form.set_values({"conditions": "不得改变布局\n\n每半年自查", "public": "closed", "note": ""})
        dialog.accept()
        wait(lambda: dialog._error.isVisible())
        dialog.form.set_values({"note": "涉及商业秘密"})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        assert terms.text() == "附条件 2 项，不予公开"
        desk.page.decision.opinion.setPlainText("同意")
        desk.press("Ctrl+Enter")
        wait(lambda: see(hall, case if first == case.case_id else other).row.state != "review")
        wait(lambda: desk.page._case is not None and desk.page._case.row.id != first)
        assert terms.request() == {"conditions": [], "public": True, "public_note": ""}, (
            "the next case begins anew"
        )
    with hall.database.read() as reader:
        from yichuang_acceptance import tables as t

        facts = reader.scalar(
            t.paper.select().with_only_columns(t.paper.c.facts).where(t.paper.c.kind == "D10")
        )
    assert (facts["conditions"], facts["public"], facts["public_note"]) == (
        ["不得改变布局", "每半年自查"],
        False,
        "涉及商业秘密",
    )


def test_a_hearing_is_fixed_seven_days_ahead(hall, wait):
    case = accepted(hall)  # on 17 March
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        opened(desk, wait, case)
        desk.press("Alt+P")
        dialog = desk.dialog()
        form = dialog.form
        assert form.field("hearing_day").isVisible()
        form.set_values({"kind": "testing"})
        form.changed.emit("kind")
        assert not any(
            form.field(key).isVisible() for key in ("hearing_day", "hearing_time", "place", "presider")
        )
        form.set_values({"kind": "hearing"})
        form.changed.emit("kind")
        asked = {"reason": "涉及重大利益", "planned_end": date(2026, 4, 10), "hearing_day": date(2026, 3, 20)}
        form.set_values({**asked, "hearing_time": "25点", "place": "三楼会议室", "presider": "巴特尔"})
        dialog.accept()
        assert desk.has_dialog(), "no such hour"
        form.set_values({"hearing_time": "9:30"})
        form.set_values({"hearing_time": "09：30"})
        dialog.accept()
        wait(lambda: dialog._error.isVisible() and "7" in dialog._error.text())
        assert see(hall, case).row.state == "review"
        form.set_values({"hearing_day": date(2026, 3, 26), "presider": ""})
        dialog.accept()
        wait(lambda: "主持" in dialog._error.text())
        form.set_values({"presider": "巴特尔"})
        dialog.accept()
        wait(lambda: see(hall, case).row.state == "suspended")
        wait(lambda: not desk.has_dialog())
    papers = render(hall, case) or see(hall, case).papers
    assert "D9" in [paper.kind for paper in papers]
