"""Spoilt blanks on the stock's screen with a second person; what an item allows to promise, set from the catalogue."""

from __future__ import annotations

from ..conftest import COMMITTED, ISSUER  # noqa: TID252 - tests are no installed package
from ..test_blank_voids import BOX, SECOND_ISSUER, stock  # noqa: TID252 - likewise
from ..test_guides import KEEPER as PUBLISHER  # noqa: TID252 - likewise
from ..test_guides import published  # noqa: TID252 - likewise
from ..test_promises import KEEPER  # noqa: TID252 - likewise
from .conftest import open_desk

ISSUING, CATALOGUE = "acceptance.issuing", "acceptance.catalogue"


def link(dialog, text):
    from yichuang.api.ui import Button

    return next(b for b in dialog.findChildren(Button) if b.text() == text)


def test_a_spoilt_blank_is_reported_and_confirmed_by_another(hall, wait):
    from yichuang_acceptance.ui.stock import ask_stock

    hall.run(ISSUER, "acceptance.add_blanks", BOX)
    with open_desk(hall, ISSUER, ISSUING) as desk:
        ask_stock(desk.page, desk.context)
        wait(desk.has_dialog)
        link(desk.dialog(), "报作废").click()
        wait(lambda: desk.has_dialog() and "reason" in desk.dialog().form.keys())  # noqa: SIM118 - a form is no mapping
        dialog = desk.dialog()
        assert dialog.form.values()["number"] == "JY000001"
        dialog.accept()
        assert stock(hall)[1] == 0, "not without a reason"
        dialog.form.set_values({"reason": "打印错位"})
        dialog.accept()
        wait(lambda: stock(hall) == (2, 1, 0, "JY000002"))
        wait(lambda: not desk.has_dialog())
        ask_stock(desk.page, desk.context)
        wait(desk.has_dialog)
        link(desk.dialog(), "核验作废").click()
        wait(lambda: any("没有待您核验" in told[0] for told in desk.toasts))
    with open_desk(hall, SECOND_ISSUER, ISSUING) as desk:
        ask_stock(desk.page, desk.context)
        wait(desk.has_dialog)
        link(desk.dialog(), "核验作废").click()
        wait(lambda: desk.has_dialog() and "way" in desk.dialog().form.keys())  # noqa: SIM118 - a form is no mapping
        desk.dialog().accept()
        wait(lambda: stock(hall) == (2, 0, 1, "JY000002"))
        wait(lambda: not desk.has_dialog())


def test_promises_of_an_item_are_set_from_the_catalogue(hall, wait):
    from dataclasses import replace

    published(hall)
    keeper = replace(KEEPER, permissions=KEEPER.permissions | PUBLISHER.permissions)
    with open_desk(hall, keeper, CATALOGUE) as desk:
        page = desk.page
        page.open(COMMITTED)
        wait(lambda: page.detail is not None)
        page.acts["promise"].click()
        wait(desk.has_dialog)
        dialog = desk.dialog()
        assert dialog.form.values()["way"] == "not"
        dialog.form.set_values({"way": "allowed"})
        dialog.accept()
        assert dialog._error.isVisible(), "for which proof"
        dialog.form.set_values({"m2": True})
        dialog.accept()
        dialog.form.set_values({"conditions": "有与经营规模相适应的场所", "days": "30"})
        dialog.accept()
        wait(lambda: hall.query(keeper, "acceptance.promise_item", {"item": COMMITTED}) is not None)
        wait(lambda: not desk.has_dialog())
        now = hall.query(keeper, "acceptance.promise_item", {"item": COMMITTED})
        assert (now.positions, now.days, now.at_once) == ([2], 30, False)
        page.acts["promise"].click()
        wait(desk.has_dialog)
        dialog = desk.dialog()
        assert dialog.form.values()["m2"] is True
        dialog.form.set_values({"way": "not"})
        dialog.accept()
        wait(lambda: hall.query(keeper, "acceptance.promise_item", {"item": COMMITTED}) is None)
        wait(lambda: not desk.has_dialog())
    with open_desk(hall, PUBLISHER, CATALOGUE) as desk:
        desk.page.open(COMMITTED)
        wait(lambda: desk.page.detail is not None)
        assert not desk.page.acts["promise"].isVisible()
