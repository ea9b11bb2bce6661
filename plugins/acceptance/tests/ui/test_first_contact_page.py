"""A draft is handed to a colleague by name, and the case says who was asked first."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtWidgets import QLabel

from ..conftest import CLERK  # noqa: TID252 - tests are no installed package
from ..test_first_contact import MAID, begun, hand, staffed, take  # noqa: TID252 - likewise
from .conftest import open_desk

INTAKE = "acceptance.intake"


@pytest.fixture
def windows(hall: Any) -> Any:
    return staffed(hall)


def test_a_draft_is_handed_to_a_named_colleague(windows: Any, wait: Any) -> None:
    begun(windows)
    with open_desk(windows, CLERK, INTAKE) as desk:
        drafts = desk.page.drafts
        desk.page.show_tab("drafts")
        wait(lambda: drafts.table.rows())
        drafts.table.acted.emit("hand", drafts.table.rows()[0])
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"staff_id": str(MAID.staff_id), "note": "缺身份证复印件"})
        dialog.accept()
        wait(lambda: not drafts.table.rows())
        assert "已转交娜仁" in desk.words
    with open_desk(windows, MAID, INTAKE) as desk:
        drafts = desk.page.drafts
        desk.page.show_tab("drafts")
        wait(lambda: drafts.table.rows())
        assert drafts.table.rows()[0]["how"] == "受理员转来：缺身份证复印件"


def test_the_case_says_who_was_asked_first(windows: Any, wait: Any) -> None:
    draft = begun(windows)
    hand(windows, CLERK, draft, MAID)
    take(windows, MAID, draft)
    with open_desk(windows, MAID, INTAKE) as desk:
        desk.page.show_tab("mine")
        aside = desk.page.lists["mine"].aside
        wait(lambda: aside.case is not None)
        said = [label.text() for label in aside.facts.findChildren(QLabel)]
        assert said[said.index("首问人") + 1] == CLERK.name
