"""A whole matter on the second screen: checked, contested, signed and rated once; signed for once at its one pick-up."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtTest import QTest

from yichuang.api import select
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t

from ..conftest import CLERK, ISSUER, citizen  # noqa: TID252 - tests are no installed package
from ..matter_hall import FIRE_AT, FOOD_AT, ONCE, SIGN_AT, decide, fill_theme, taken, verified  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_applicant_screen import LEFT, kept, second, write  # noqa: F401 - a fixture
from .test_intake import name
from .test_matter_pages import INTAKE, matters, planned


@pytest.fixture
def themed(hall: Any) -> Any:
    fill_theme(hall)
    return hall


def sign(check: Any, wait: Any) -> None:
    """What the applicant does: right, sign, agree, submit."""
    QTest.mouseClick(check.right, LEFT)
    wait(lambda: check.step() == 2)
    write(check.pad)
    check.consent.click()
    QTest.mouseClick(check.submit, LEFT)


def test_a_matter_is_checked_corrected_signed_and_rated_once(qtbot, themed, wait, second):  # noqa: F811 - the fixture
    with open_desk(themed, CLERK, INTAKE) as desk:
        new = planned(desk, wait)
        name(new)
        new.form.matter.form.field("店名").set_value("罕山饭馆")
        for position in range(1, len(ONCE) + 1):
            new.form.materials.toggle(position)
        desk.press("F10")
        wait(lambda: new.applicant_screen.showing is not None)
        check = new.applicant_screen.screen.check
        shown = {line.label: line.value for line in check.lines}
        assert shown["店名"] == "罕山饭馆"
        assert shown["材料 1"].startswith("食品经营许可申请书")
        assert shown["事项 3"].startswith("户外招牌设置备案")
        QTest.mouseClick(check.wrong, LEFT)
        shop = next(line for line in check.lines if line.key == "form.店名")
        QTest.mouseClick(shop, LEFT)
        QTest.mouseClick(check.tell, LEFT)
        wait(lambda: new.side.strip.text() == "申请人指出有误")
        assert any("店名" in note for note in new.side.strip.notes())
        editor = new.form.matter.form.field("店名").editor
        editor.selectAll()
        editor.insert("罕山饺子馆")
        editor.textEdited.emit("罕山饺子馆")
        desk.press("F10")
        wait(
            lambda: (
                new.applicant_screen.showing is not None and new.applicant_screen.showing.state == "waiting"
            )
        )
        sign(check, wait)
        wait(lambda: new.side.strip.text() == "申请人已签名")
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        (matter,) = matters(themed)
        seen = themed.query(CLERK, "acceptance.matter", {"matter_id": matter.id})
        assert kept(themed).case_id == next(p.case_id for p in seen.parts if p.case_id)
        screen = new.applicant_screen.screen
        wait(lambda: screen.page is screen.rate)
        assert screen.rate.about.text().startswith("开办餐饮店")


def test_the_results_of_a_matter_are_signed_for_once(qtbot, themed, wait):
    of = taken(themed)
    verified(themed, of)
    for position in (FOOD_AT, SIGN_AT, FIRE_AT):
        decide(themed, of, position)
    with open_desk(themed, ISSUER, "acceptance.issuing") as desk:
        desk.page.show_tab("matters")
        wait(lambda: desk.page.view.pane.matter is not None)
        desk.press("Ctrl+Enter")
        dialog = desk.dialog()
        dialog.form.set_values({"receiver": "苏日娜", "receiver_code": citizen()})
        dialog.proof.sign.click()
        wait(lambda: dialog.proof.applicant_screen.showing is not None)
        check = dialog.proof.applicant_screen.screen.check
        assert [line.label for line in check.lines if line.key.startswith("result.")] == [
            "结果 1",
            "结果 2",
            "结果 3",
        ]
        sign(check, wait)
        wait(lambda: dialog.proof.state.accessibleName() == "已签名")
        dialog.accept()
        wait(lambda: not desk.has_dialog())
    with themed.database.read() as reader:
        signatures = {row.signature for row in reader.all(select(t.delivery))}
        picture = reader.one(select(a.showing).where(a.showing.c.purpose == "delivery")).picture
    assert signatures == {picture}
