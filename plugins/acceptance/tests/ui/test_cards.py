"""Cards of all kinds at the intake: residents, permits, foreigners; expired, not valid yet, with a name that was cut."""

from __future__ import annotations

from typing import Any

import pytest

from yichuang.api import identifiers

from ..conftest import CLERK, INSTANT, citizen  # noqa: TID252 - tests are no installed package
from ..test_foreigners import NEW, OLD  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_intake import INTAKE, cases, chosen

CARD = {
    "card_type": "resident", "name": "苏日娜", "english_name": "", "number": citizen(), "valid_from": "2020-01-01",
    "valid_to": "2040-01-01", "photo": b"", "address": "", "name_may_be_cut": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "text", "color"),
    [
        ({}, "已读取身份证", "grn"),
        ({"valid_to": None}, "已读取身份证", "grn"),
        ({"valid_to": "2026-03-16"}, "2026-03-16", "red"),
        ({"valid_from": "2026-03-18"}, "2026-03-18", "red"),
        ({"name_may_be_cut": True}, "核对", "amb"),
        ({"name": "王\ue863"}, "核对", "amb"),
    ],
)
def test_what_is_said_of_a_card(hall, wait, changes, text, color):
    with open_desk(hall, CLERK, INTAKE) as desk:
        pane = chosen(desk, wait).side.applicant
        pane.take_card({**CARD, **changes})
        assert pane.summary.isVisible()
        assert pane.summary.remark._color == color
        assert text in pane.summary.remark.text()


@pytest.mark.parametrize(("number", "name", "shown"), [(OLD, "张玛丽", "张玛丽"), (NEW, "", "SMITH, MARY")])
def test_a_foreigners_card_is_enough_to_apply(
    hall: Any, wait: Any, number: str, name: str, shown: str
) -> None:
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait, INSTANT)
        card = {
            **CARD,
            "card_type": "foreign_2023",
            "name": name,
            "english_name": "SMITH, MARY",
            "number": number,
        }
        new.side.applicant.take_card(card)
        assert new.side.applicant.person() == {"name": shown, "code_kind": "553", "code": number, "phone": ""}
        assert new.side.applicant.is_complete()
        for position in (1, 2, 3):
            new.form.materials.toggle(position)
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        (case,) = cases(hall)
        assert case.applicant.startswith(identifiers.mask_name(shown)[:1])
