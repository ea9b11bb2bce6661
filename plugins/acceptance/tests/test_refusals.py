"""A "no" at the window is put on record, by agency, and looked into by somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yichuang.api import UserError, entries_about

from .conftest import CHIEF, CLERK, COMMITTED, OTHER, STRANGER
from .life import contents, refused

NO = {
    "item": COMMITTED, "person": "苏日娜", "phone": "13804760000", "reason": "elsewhere",
    "said": "该事项由林草局办理", "proper_place": "二楼 B05 窗口",
}  # fmt: skip


def listed(suite, actor=CHIEF, **more):
    return suite.query(actor, "acceptance.refusals", more)


def test_a_refusal_is_on_record_with_reason_words_and_place(suite):
    number = suite.run(CLERK, "acceptance.cannot_do", NO)
    (row,) = listed(suite)
    assert (row.id, row.reason, row.said, row.proper_place) == (
        number,
        "elsewhere",
        NO["said"],
        NO["proper_place"],
    )
    assert (row.person, row.staff, row.desk) == ("苏*娜", CLERK.name, "A01")
    with suite.database.read() as reader:
        told = str([e.detail for e in entries_about(reader, f"refusal:{number}")])
    assert "13804760000" not in told
    assert "苏日娜" not in told


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proper_place": ""}, "PROPER_PLACE_MISSING"),
        ({"item": "no-item"}, "UNKNOWN_ITEM"),
        ({"reason": "laziness"}, "BAD_REQUEST"),
        ({"said": " "}, "BAD_REQUEST"),
    ],
)
def test_what_does_not_help_anybody_is_refused(suite, change, code):
    before = contents(suite)
    with pytest.raises(UserError) as caught:
        suite.run(CLERK, "acceptance.cannot_do", {**NO, **change})
    assert caught.value.code == code
    assert contents(suite) == before


def test_the_clerk_does_not_look_into_the_own_refusal_and_no_one_does_so_twice(suite):
    number = suite.run(CLERK, "acceptance.cannot_do", NO)
    review = {"refusal_id": number, "text": "告知正确"}
    own = replace(CHIEF, staff_id=CLERK.staff_id)
    assert refused(suite, own, "acceptance.review_refusal", review) == "OWN_REFUSAL"
    suite.run(CHIEF, "acceptance.review_refusal", review)
    assert listed(suite) == []
    assert listed(suite, open_only=False)[0].review == "告知正确"
    assert refused(suite, CHIEF, "acceptance.review_refusal", review) == "REVIEWED_ALREADY"
    assert (
        refused(suite, CHIEF, "acceptance.review_refusal", {**review, "refusal_id": 99}) == "UNKNOWN_REFUSAL"
    )


def test_another_agency_sees_and_does_nothing(suite):
    number = suite.run(CLERK, "acceptance.cannot_do", NO)
    assert STRANGER.agency == OTHER
    assert listed(suite, STRANGER) == []
    review = {"refusal_id": number, "text": "x"}
    assert refused(suite, STRANGER, "acceptance.review_refusal", review) == "NOT_YOUR_AGENCY"
    with pytest.raises(UserError):
        listed(suite, CLERK)
