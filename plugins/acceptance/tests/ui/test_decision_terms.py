"""Conditions and publication of a grant, and a hearing with time and place, entered on screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from yichuang_acceptance.ui.documents import REPLACED, paper_state
from yichuang_acceptance.ui.life_menu import menu_of

from ..conftest import APPROVER, CHIEF, accepted  # noqa: TID252 - tests are no installed package
from ..life import render, see, suspend  # noqa: TID252 - tests are no installed package
from ..test_life_papers import HEARING  # noqa: TID252 - likewise
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
        assert not form.field("officers").isVisible()
        form.set_values({"kind": "testing"})
        form.changed.emit("kind")
        assert form.field("officers").isVisible()
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


def test_two_officers_are_assigned_to_a_test(hall, wait):
    case = accepted(hall)
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        opened(desk, wait, case)
        desk.press("Alt+P")
        dialog = desk.dialog()
        dialog.form.set_values(
            {"kind": "testing", "reason": "需要检测", "planned_end": date(2026, 4, 10), "officers": "乌云"}
        )
        dialog.form.changed.emit("kind")
        dialog.accept()
        wait(lambda: "不少于 2 名" in dialog._error.text())
        dialog.form.set_values({"officers": "乌云， 张工"})
        dialog.accept()
        wait(lambda: see(hall, case).row.state == "suspended")
        assert see(hall, case).pauses[-1].officers == "乌云、张工"


def test_a_hearing_is_changed_while_its_case_waits(hall, wait):
    case = accepted(hall)
    suspend(hall, case, **{**HEARING, "planned_end": "2026-04-10"})
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        desk.page.show_tab("suspended")
        page = opened(desk, wait, case)
        menu = menu_of(page, desk.context, page._case, page._went_on)
        next(action for action in menu.actions() if action.text() == "变更听证…").trigger()
        wait(desk.has_dialog)
        dialog = desk.dialog()
        said = dialog.form.values()
        assert (said["hearing_day"], said["hearing_time"]) == (date(2026, 3, 26), "09:00")
        assert (said["place"], said["presider"]) == (HEARING["place"], HEARING["presider"])
        dialog.form.set_values({"hearing_day": date(2026, 4, 13), "reason": "停电检修"})
        dialog.accept()
        wait(lambda: dialog._error.isVisible() and "预计结束" in dialog._error.text())
        dialog.form.set_values({"planned_end": date(2026, 4, 20)})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        wait(lambda: see(hall, case).events[-1].event == "move_hearing")
    render(hall, case)
    old, new = (paper for paper in see(hall, case).papers if paper.kind == "D9")
    assert old.replaced == new.number
    assert paper_state(REPLACED)[1] == "已被替换"


def test_without_a_hearing_there_is_no_way_to_change_one(hall, wait):
    case = accepted(hall)
    suspend(hall, case)
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        desk.page.show_tab("suspended")
        page = opened(desk, wait, case)
        menu = menu_of(page, desk.context, page._case, page._went_on)
        assert "变更听证…" not in [action.text() for action in menu.actions()]


def test_a_request_for_a_hearing_is_recorded_and_none_is_held_back_for_it(hall, wait):
    case = accepted(hall)
    suspend(hall, case, kind="hearing", reason="涉及重大利益关系", planned=None)
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        desk.page.show_tab("suspended")
        page = opened(desk, wait, case)
        menu = menu_of(page, desk.context, page._case, page._went_on)
        next(action for action in menu.actions() if action.text() == "登记听证申请…").trigger()
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"asked_by": "苏日娜", "asked_on": date(2026, 4, 1)})
        dialog.accept()
        wait(lambda: dialog._error.isVisible() and "申请日期" in dialog._error.text())
        dialog.form.set_values({"asked_on": date(2026, 3, 17)})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        wait(lambda: see(hall, case).pauses[-1].asked_by == "苏日娜")
        page = opened(desk, wait, case)
        wait(lambda: page._case.pauses[-1].asked_on is not None)
        texts = {
            action.text(): action
            for action in menu_of(page, desk.context, page._case, page._went_on).actions()
        }
        assert "登记听证申请…" not in texts, "it is asked for once"
        texts["结束特别程序…"].trigger()
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"result": "申请人撤回听证申请"})
        dialog.accept()
        wait(lambda: dialog._error.isVisible() and "听证尚未举行" in dialog._error.text())
        dialog.form.set_values({"given_up": True})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        wait(lambda: see(hall, case).row.state == "review")
