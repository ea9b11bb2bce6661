"""Address, postcode and legal representative of an applicant, typed by key at the window and beside the hall."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.api import select
from yichuang_acceptance import tables as t

from ..conftest import CLERK, INSTANT  # noqa: TID252 - tests are no installed package
from .conftest import open_desk
from .test_cards import CARD
from .test_intake import INTAKE, chosen, kept, name

ADDRESS = "阿鲁科尔沁旗天山镇"


def put(box: Any, key: str, text: str) -> None:
    editor = box.form.field(key).editor
    editor.setFocus()
    editor.selectAll()
    editor.insert(text)
    editor.textEdited.emit(text)


def case_of(hall: Any) -> Any:
    with hall.database.read() as reader:
        return reader.one(select(t.case))


def test_the_fields_open_by_key_and_go_into_the_case(hall: Any, wait: Any) -> None:
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait, INSTANT)
        name(new)
        box = new.side.applicant.reach
        assert not box.is_open()
        assert box.opener.accessibleName() == "通讯地址、邮政编码"
        box.opener.setFocus()
        QTest.keyClick(box.opener, Qt.Key.Key_Space)
        assert box.is_open()
        assert box.form.field("legal").isHidden(), "nobody represents a person by law"
        put(box, "address", ADDRESS)
        put(box, "zip", "2555")
        for position in (1, 2, 3):
            new.form.materials.toggle(position)
        desk.press("Ctrl+Enter")
        assert box.form.errors()["zip"] == "邮政编码为六位数字。"
        assert new.side.is_working(), "nothing wrong is entered"
        put(box, "zip", "025550")
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        case = case_of(hall)
        assert (case.legal, case.address, case.zip) == ("", ADDRESS, "025550")


def test_a_draft_keeps_them_and_a_wrong_one_is_shown_even_if_closed(hall: Any, wait: Any) -> None:
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait, INSTANT)
        QTest.keyClick(new.side.applicant.kind, Qt.Key.Key_Right)
        box = new.side.applicant.reach
        box.open(True)
        assert not box.form.field("legal").isHidden()
        put(box, "legal", "刘成")
        put(box, "zip", "1")
        box.open(False)
        assert not new.side.applicant.validate()
        desk.press("Ctrl+S")
        wait(lambda: kept(hall) != {} and new._item is None)
        assert not new.side.applicant.reach.values(), "the next applicant lives elsewhere"
        new.resume(hall.query(CLERK, "acceptance.drafts")[0].id)
        wait(lambda: new._item is not None)
        assert new.side.applicant.person()["legal"] == "刘成"
        assert new.side.applicant.reach.is_open()


def test_the_address_on_a_card_is_taken_and_leaves_with_its_holder(hall: Any, wait: Any) -> None:
    with open_desk(hall, CLERK, INTAKE) as desk:
        pane = chosen(desk, wait, INSTANT).side.applicant
        pane.take_card({**CARD, "address": ADDRESS})
        assert pane.person()["address"] == ADDRESS
        pane.take_card({**CARD, "address": "别处"})
        assert pane.person()["address"] == ADDRESS, (
            "the same card again changes nothing that may be corrected"
        )
        pane.take_card({**CARD, "number": "150421199003070017", "address": ""})
        assert "address" not in pane.person()
