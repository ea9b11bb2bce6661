"""Correcting an application from the menu of a case: the filled form, errors in place, the applicant's confirmation after it."""

from __future__ import annotations

from typing import Any

import pytest

from yichuang.api.ui import Menu
from yichuang_acceptance.ui import case_more, questions
from yichuang_acceptance.ui.delivering import screen_of
from yichuang_acceptance.ui.form_correction import CorrectionDialog
from yichuang_acceptance.ui.screen import ScreenPlace

from ..conftest import BARE, CLERK, COMMITTED, hands, intake  # noqa: TID252 - tests are no installed package
from ..forms import GOOD, load  # noqa: TID252 - likewise
from ..life import see  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_application_paper_page import printer, sheets, shown
from .test_form_pages import put
from .test_intake import INTAKE

CORRECT, PUSH = "更正申请内容…", "向申请人推送更正后的申请"
FILLED = {**GOOD, "goods": ["热食", "冷食"], "opens": "2026-04-01", "clean": True}


@pytest.fixture
def case(hall: Any) -> Any:
    load(hall)
    return hall.run(CLERK, "acceptance.receive", intake(COMMITTED, materials=hands(1, 2), form=FILLED))


def aside_of(desk: Any, wait: Any) -> Any:
    desk.page.show_tab("correcting")
    aside = desk.page.lists["correcting"].aside
    wait(lambda: aside.case is not None)
    return aside


def offered(desk: Any, aside: Any) -> list[str]:
    return [text for text, _icon, _ask in case_more.entries(desk.context, aside.case)]


def choose(desk: Any, aside: Any, entry: str) -> None:
    menu = Menu(aside)
    case_more.add_to(menu, aside, desk.context, aside.case, aside.went_on)
    next(action for action in menu.actions() if action.text() == entry).trigger()
    menu.deleteLater()


def opened(desk: Any, aside: Any, wait: Any) -> Any:
    choose(desk, aside, CORRECT)
    wait(lambda: any(d.isVisible() for d in desk.page.findChildren(CorrectionDialog)))
    return next(d for d in desk.page.findChildren(CorrectionDialog) if d.isVisible())


def test_the_form_stands_there_filled_in_and_what_is_wrong_is_told_in_place(hall, case, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        aside = aside_of(desk, wait)
        assert PUSH not in offered(desk, aside), "nothing was corrected yet"
        dialog = opened(desk, aside, wait)
        schema = dialog.schema
        assert schema.values() == {
            **GOOD, "goods": "热食;冷食", "opens": "2026-04-01", "clean": "是",
        }  # fmt: skip
        assert dialog.form.field("phone").editor.placeholderText() == "138****0000"
        dialog.accept()
        wait(lambda: "没有改动" in dialog._error.text())
        put(schema.field("area"), "0")
        dialog.accept()
        assert schema.errors() == {"area": "不得小于 1。"}
        put(dialog.form.field("phone"), "123")
        dialog.accept()
        assert dialog.form.errors(), "the number is checked as well"
        put(schema.field("area"), "90")
        put(schema.field("shop"), "罕山酒家")
        put(dialog.form.field("phone"), "13904761111")
        dialog.accept()
        wait(lambda: see(hall, case).form["店名"] == "罕山酒家")
        seen = see(hall, case)
        assert (seen.phone, seen.form["经营面积（平方米）"]) == ("139****1111", "90")
        assert dict(seen.form) | {"经营项目": "热食、冷食", "有无油烟净化": "是"} == dict(seen.form), (
            "the rest stays"
        )


def test_what_the_operation_finds_wrong_is_told_at_its_field(hall, case, wait, monkeypatch):
    with open_desk(hall, CLERK, INTAKE) as desk:
        dialog = opened(desk, aside_of(desk, wait), wait)
        put(dialog.schema.field("area"), "0")
        monkeypatch.setattr(dialog.schema, "validate", lambda: True)  # a form that was checked less strictly
        dialog.accept()
        wait(lambda: list(dialog.schema.errors()) == ["area"])
        assert dialog.isVisible()


def test_of_two_desks_the_second_keeps_what_was_typed_and_is_told(hall, case, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        dialog = opened(desk, aside_of(desk, wait), wait)
        other = {"case_id": case.case_id, "row_version": 1, "form": {**FILLED, "shop": "罕山小吃"}}
        hall.run(CLERK, "acceptance.correct_form", other)
        put(dialog.schema.field("shop"), "罕山酒家")
        dialog.accept()
        wait(lambda: case.case_no in dialog._error.text())
        assert dialog.schema.values()["shop"] == "罕山酒家"
        assert see(hall, case).form["店名"] == "罕山小吃"


def test_without_a_second_screen_the_new_form_is_printed_to_be_signed(hall, case, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        printer(desk, wait)
        aside = aside_of(desk, wait)
        dialog = opened(desk, aside, wait)
        put(dialog.schema.field("shop"), "罕山酒家")
        dialog.accept()
        wait(lambda: shown(desk.page) is not None)
        wait(lambda: aside.case.unconfirmed)
        assert PUSH in offered(desk, aside)
        shown(desk.page).accept()
        wait(lambda: [paper.prints for paper in sheets(hall, case.case_id)] == [1])
        assert not see(hall, case).unconfirmed


def test_on_a_second_screen_the_applicant_confirms_again_and_acceptance_warns_until_then(
    hall, case, wait, monkeypatch
):
    monkeypatch.setattr(ScreenPlace, "has_second", lambda _place: True)
    with open_desk(hall, CLERK, INTAKE) as desk:
        aside = aside_of(desk, wait)
        dialog = opened(desk, aside, wait)
        put(dialog.schema.field("shop"), "罕山酒家")
        dialog.accept()
        screen = screen_of(desk.context, aside)
        wait(lambda: screen.showing is not None)
        values = {line.label: line.value for line in screen.showing.content.lines}
        assert values["店名"] == "罕山酒家"
        wait(lambda: aside.case.unconfirmed)
        asked = questions.ask_resubmission(aside, desk.context, aside.case, lambda _done: None)
        assert "申请人尚未确认更正后的申请内容。" in texts(asked)
        asked.reject()
        screen.screen.check.confirmed.emit()
        wait(lambda: not see(hall, case).unconfirmed)
        asked = questions.ask_resubmission(aside, desk.context, see(hall, case), lambda _done: None)
        assert "申请人尚未确认更正后的申请内容。" not in texts(asked)
        asked.reject()


def texts(dialog: Any) -> list[str]:
    from PyQt6.QtWidgets import QLabel

    return [label.text() for label in dialog.findChildren(QLabel)]


def test_an_item_without_a_form_is_corrected_by_address_and_content(hall, wait):
    one = hall.run(CLERK, "acceptance.receive", intake(BARE, materials=hands(1), form={"联系地址": "天山镇"}))
    with open_desk(hall, CLERK, INTAKE) as desk:
        dialog = opened(desk, aside_of(desk, wait), wait)
        assert dialog.schema.values() == {"联系地址": "天山镇"}
        dialog.schema.field("申请内容").editor.setPlainText("发布资产信息")
        dialog.accept()
        wait(lambda: see(hall, one).form == {"联系地址": "天山镇", "申请内容": "发布资产信息"})


def test_the_address_is_corrected_there_as_well(hall, case, wait):
    def stands() -> dict[str, str]:
        return hall.query(CLERK, "acceptance.form_to_correct", {"case_id": case.case_id}).reach

    with open_desk(hall, CLERK, INTAKE) as desk:
        dialog = opened(desk, aside_of(desk, wait), wait)
        assert "legal" not in dialog.form.values(), "nobody represents a person by law"
        put(dialog.form.field("zip"), "2555")
        dialog.accept()
        assert dialog.form.errors() == {"zip": "邮政编码为六位数字。"}
        put(dialog.form.field("zip"), "025550")
        put(dialog.form.field("address"), "天山镇")
        dialog.accept()
        wait(lambda: stands() == {"legal": "", "address": "天山镇", "zip": "025550"})
