"""The application form as a clerk fills it in: sources, errors in place, recovery, differences from licences, the catalogue."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from ..conftest import APPROVER, CLERK, COMMITTED, INSTANT, citizen, intake  # noqa: TID252 - tests are no installed package
from ..forms import GOOD, ROWS, load  # noqa: TID252 - likewise
from ..test_forms import HELD, Asking  # noqa: TID252 - likewise
from ..test_guides import KEEPER, WRITER, act, ask  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_catalogue_page import chosen as opened_item
from .test_intake import INTAKE, cases, chosen, kept, name

CARD = {
    "name": "苏日娜", "number": citizen(), "sex": "female", "ethnic_group": "蒙古", "birth": "1990-03-07",
    "address": "内蒙古赤峰市阿鲁科尔沁旗", "valid_to": "2036-01-01", "photo": b"",
}  # fmt: skip


def put(field: Any, text: str) -> None:
    """Type into a field, Chinese as an input method does."""
    editor = field.editor
    editor.setFocus()
    editor.clear()
    if text.isascii():
        QTest.keyClicks(editor, text)
    else:
        editor.insert(text)
        editor.textEdited.emit(text)


def choose(field: Any, value: str) -> None:
    """Choose an answer by its arrow keys."""
    field.editor.setFocus()
    while field.value() != value:
        before = field.value()
        QTest.keyClick(field.editor, Qt.Key.Key_Down)
        assert field.value() != before, f"no such answer: {value}"


def asked(desk: Any, wait: Any) -> Any:
    """The item with a form, chosen, and its form there."""
    new = chosen(desk, wait)
    wait(lambda: new.form.schema.form is not None)
    return new


def fill(new: Any) -> None:
    schema = new.form.schema
    put(schema.field("shop"), "罕山饭馆")
    put(schema.field("area"), "80.5")
    put(schema.field("place"), "天山镇罕山路1号")
    choose(schema.field("trade"), "餐饮服务")


def hand_in(new: Any) -> None:
    for position in (1, 2, 3):
        new.form.materials.toggle(position)


@pytest.fixture
def formed(hall: Any) -> Any:
    load(hall)
    return hall


def test_a_form_is_filled_in_by_keys_and_kept_with_the_case(formed, wait):
    with open_desk(formed, CLERK, INTAKE) as desk:
        new = asked(desk, wait)
        assert not new.form.fields.field("content").isVisible(), "its own form asks instead"
        assert new.form.fields.field("project").isVisible()
        desk.context.device_event.emit("id_card_reader", "card", {"card": CARD})
        boss = new.form.schema.field("boss")
        assert (boss.value(), boss._source.spec().text) == ("苏日娜", "身份证")
        assert new.form.caption.text() == "11 项，1 项自动带入"
        new.side.applicant._show_form()
        put(new.side.applicant.form.field("phone"), "13804760000")
        tel = new.form.schema.field("tel")
        assert (tel.value(), tel._source.spec().text) == ("13804760000", "申请人信息")
        put(boss, "其其格")
        assert not boss._source.isVisible(), "what a person types has no source"
        desk.context.device_event.emit("id_card_reader", "card", {"card": CARD})
        assert boss.value() == "其其格", "what a person typed is not written over"
        desk.press("Alt+F")
        assert new.focusWidget() is new.form.schema.field("shop").editor
        fill(new)
        hand_in(new)
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        seen = formed.query(APPROVER, "acceptance.case", {"case_id": cases(formed, "review")[0].id})
        assert dict(seen.form) == {
            "店名": "罕山饭馆", "经营面积（平方米）": "80.5", "经营场所": "天山镇罕山路1号", "主体业态": "餐饮服务",
            "负责人": "其其格", "负责人电话": "13804760000", "通讯地址": CARD["address"],
        }  # fmt: skip
        new.side.entered.next.click()
        assert (new.form.schema.fields, new.form.caption.text()) == ({}, "")


def test_errors_are_told_in_place_and_the_focus_goes_to_the_first(formed, wait):
    with open_desk(formed, CLERK, INTAKE) as desk:
        new = asked(desk, wait)
        name(new)
        schema = new.form.schema
        put(schema.field("area"), "0.5")
        put(schema.field("tel"), "138")
        hand_in(new)
        desk.press("Ctrl+Enter")
        errors = schema.errors()
        assert list(errors) == ["shop", "area", "place", "trade", "tel"]
        assert errors["area"] == "不得小于 1。"
        assert new.focusWidget() is schema.field("shop").editor
        assert new.form.wrong.text() == "5 处需更正"
        assert new.form.steps._steps[1][1] == "error"
        assert cases(formed) == [], "nothing was sent"
        put(schema.field("area"), "60")
        assert "area" not in schema.errors(), "it is checked again while it is corrected"


def test_what_the_operation_finds_wrong_is_told_at_its_field(formed, wait, monkeypatch):
    with open_desk(formed, CLERK, INTAKE) as desk:
        new = asked(desk, wait)
        name(new)
        fill(new)
        hand_in(new)
        put(new.form.schema.field("area"), "0")
        monkeypatch.setattr(new.form, "validate", lambda: True)  # a form that was checked less strictly
        desk.press("Ctrl+Enter")
        wait(lambda: new.form.schema.errors())
        assert list(new.form.schema.errors()) == ["area"]
        assert new.focusWidget() is new.form.schema.field("area").editor


def test_a_licence_that_says_something_else_is_told_and_taken_by_key(formed, wait):
    formed.executor.hooks = Asking(formed.executor.hooks, [HELD])
    with open_desk(formed, CLERK, INTAKE) as desk:
        new = asked(desk, wait)
        name(new)
        place = new.form.schema.field("place")
        wait(lambda: place.value() == "罕乌拉街118号")
        assert place._source.spec().text == "电子证照"
        put(place, "罕乌拉街119号")
        assert "不动产权证书" in place.hint()
        assert place._below.color() == "amb", "it stands out"
        desk.press("Alt+L")
        assert (place.value(), place.hint()) == ("罕乌拉街118号", "")
        desk.press("Alt+L")
        assert desk.words[-1] == "没有与证照不一致的内容。"
        name(new, citizen("15042119900307243"))
        formed.executor.hooks._licences = []
        wait(lambda: place.value() == "")


def test_earlier_values_are_offered_again(formed, wait):
    formed.run(CLERK, "acceptance.accept", intake(form=GOOD | {"staff": "7"}))
    with open_desk(formed, CLERK, INTAKE) as desk:
        new = asked(desk, wait)
        name(new)
        staff = new.form.schema.field("staff")
        wait(lambda: staff.value() == "7")
        assert staff._source.spec().text == "以往办件"


def test_another_item_and_another_person_bring_their_own(formed, wait):
    second = citizen("15042119900307243")
    with open_desk(formed, CLERK, INTAKE) as desk:
        new = asked(desk, wait)
        desk.context.device_event.emit("id_card_reader", "card", {"card": CARD})
        boss = new.form.schema.field("boss")
        desk.context.device_event.emit(
            "id_card_reader", "card", {"card": CARD | {"name": "阿木尔", "number": second}}
        )
        assert boss.value() == "阿木尔", "the card of whoever applies now"
        QTest.keyClick(new.side.applicant.kind, Qt.Key.Key_Right)  # an organisation: the card is its agent's
        assert new.side.applicant.kind.current() == "001"
        assert boss.value() == ""
        desk.context.device_event.emit("id_card_reader", "card", {"card": CARD})
        new.finder.choose(INSTANT)
        wait(lambda: new._item.code == INSTANT)
        wait(lambda: new.form.schema.form is None)
        assert new.form.fields.field("content").isVisible(), "an item without a form asks as before"


def test_the_form_is_found_again_after_a_crash(formed, wait):
    with open_desk(formed, CLERK, INTAKE) as desk:
        new = asked(desk, wait)
        desk.context.device_event.emit("id_card_reader", "card", {"card": CARD})
        fill(new)
        wait(lambda: kept(formed).get("form", {}).get("schema", {}).get("trade"))
    with open_desk(formed, CLERK, INTAKE) as desk:
        new = desk.page.new
        new.resume(formed.query(CLERK, "acceptance.drafts")[0].id)
        wait(lambda: new.form.schema.form is not None)
        assert new.form.schema.values() == GOOD | {"boss": "苏日娜"}
        assert new.form.schema.field("boss")._source.spec().text == "身份证"
        assert not new.form.schema.field("shop")._source.isVisible()


# ---- the catalogue ----


def test_a_form_is_made_in_the_catalogue_and_seen_as_it_will_be(hall, wait):
    with open_desk(hall, WRITER, "acceptance.catalogue") as opened:
        page = opened.page
        opened_item(page, wait, COMMITTED)
        opened.press("F6")
        wait(lambda: page.detail.state == "draft")
        page.view.open_tab("form")
        fields = page.view.lists["form"]
        fields.add_row()
        dialog = opened.dialog()
        for key, text in (("label", "经营面积"), ("field", "area")):
            put(dialog.form.field(key), text)
        choose(dialog.form.field("kind"), "number")
        choose(dialog.form.field("needed"), "1")
        dialog.accept()
        assert [row["field"] for row in fields.rows()] == ["area"]
        assert list(page.view.preview.schema.fields) == ["area"]
        assert page.view.preview.schema.field("area").label() == "经营面积"
        opened.press("Ctrl+S")
        wait(lambda: ask(hall, WRITER, "guide", item=COMMITTED).lists.get("form"))


def test_a_form_comes_in_as_json_schema_and_what_is_wrong_is_told_with_its_path(hall, wait):
    from yichuang_acceptance.rules.form_fields import of_rows
    from yichuang_acceptance.rules.form_schema import schema_of

    schema = schema_of(of_rows(ROWS))
    act(hall, WRITER, "draft_guide", item=COMMITTED)
    with open_desk(hall, WRITER, "acceptance.catalogue") as opened:
        page = opened.page
        opened_item(page, wait, COMMITTED)
        page.view.open_tab("form")
        page.view.preview.json.click()
        dialog = opened.dialog()
        bad = json.loads(json.dumps(schema))
        bad["properties"]["area"]["type"] = "colour"
        dialog.form.set_values({"schema": json.dumps(bad)})
        dialog.accept()
        assert "$.properties.area.type" in dialog._error.text()
        dialog.form.set_values({"schema": json.dumps(schema)})
        dialog.accept()
        assert page.view.lists["form"].rows() == ROWS
        assert list(page.view.preview.schema.fields) == [row["field"] for row in ROWS]
        assert page.is_dirty
    keeper = replace(KEEPER, agency=KEEPER.agency)
    with open_desk(hall, keeper, "acceptance.catalogue") as opened:
        page = opened.page
        opened_item(page, wait, COMMITTED)
        page.view.open_tab("form")
        QApplication.processEvents()
        assert page.view.preview.schema.fields == {}, "it was not saved"
