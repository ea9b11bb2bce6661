"""The ledger of helped applications as a clerk keeps it: entered at the case, followed, printed."""

from __future__ import annotations

from datetime import date

from ..conftest import accepted, citizen  # noqa: TID252 - tests are no installed package
from ..test_agents import WINDOW, entrust  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_supervision_page import pick

PAGE, INTAKE = "acceptance.agents", "acceptance.intake"


def test_a_mandate_is_entered_at_its_case(hall, wait):
    accepted(hall)
    with open_desk(hall, WINDOW, INTAKE) as desk:
        desk.page.show_tab("mine")
        aside = desk.page.lists["mine"].aside
        wait(lambda: aside.case is not None)
        pick(aside, "帮办代办…")
        dialog = desk.dialog()
        dialog.form.set_values(
            {"helper": "高娃", "helper_code": "123", "valid_to": date(2026, 6, 30), "received": "申请书"}
        )
        dialog.accept()
        assert hall.query(WINDOW, "acceptance.mandates", {}) == [], "not without the letter"
        dialog.form.set_values({"signed": True})
        dialog.accept()
        wait(lambda: dialog._error.isVisible())
        dialog.form.set_values({"helper_code": citizen()})
        dialog.accept()
        wait(lambda: hall.query(WINDOW, "acceptance.mandates", {}))
        wait(lambda: not desk.has_dialog())


def test_what_came_of_it_is_entered_and_the_ledger_is_printed(hall, wait):
    entrust(hall, accepted(hall))
    with open_desk(hall, WINDOW, PAGE) as desk:
        wait(lambda: desk.page.view.row is not None)
        desk.press("Ctrl+Enter")
        dialog = desk.dialog()
        dialog.form.set_values({"returned": "营业执照原件", "reported": True})
        dialog.accept()
        wait(lambda: desk.page.view.row.returned == "营业执照原件" and desk.page.view.row.reported_at)
        wait(lambda: not desk.has_dialog())
        desk.press("Ctrl+P")
        wait(desk.has_dialog)
        desk.dialog().reject()
