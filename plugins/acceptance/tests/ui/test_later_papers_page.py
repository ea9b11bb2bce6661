"""A paper that was not asked for, taken in from the menu of a case at the window."""

from __future__ import annotations

from typing import Any

from yichuang.api.ui import Menu
from yichuang_acceptance.ui import case_more

from ..conftest import CLERK, accepted  # noqa: TID252 - tests are no installed package
from ..life import see  # noqa: TID252 - tests are no installed package
from .conftest import open_desk

ENTRY = "收取自愿提交的材料…"


def test_a_clerk_takes_in_what_the_applicant_adds(hall: Any, wait: Any) -> None:
    one = accepted(hall)
    with open_desk(hall, CLERK, "acceptance.intake") as desk:
        desk.page.show_tab("mine")
        aside = desk.page.lists["mine"].aside
        wait(lambda: aside.case is not None)
        menu = Menu(aside)
        case_more.add_to(menu, aside, desk.context, aside.case, aside.went_on)
        next(a for a in menu.actions() if a.text() == ENTRY).trigger()
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"name": "村民签名表", "originals": 1, "copies": 0})
        dialog.accept()
        assert desk.has_dialog(), "the clerk has to say that it was not asked for"
        dialog.form.set_values({"own_accord": True})
        dialog.accept()
        wait(lambda: see(hall, one).materials[-1].name == "其他（自愿提交）：村民签名表")
        wait(lambda: any(p.kind == "D1" and p.state != "drafted" for p in see(hall, one).papers))
