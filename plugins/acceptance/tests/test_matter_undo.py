"""Taking back another body's outcome: by a second person, with a reason, journalled, only while nothing was built on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import entries_about

from .conftest import CHIEF, CLERK, STRANGER, hands
from .life import at_once, refused
from .matter_hall import (
    CHECKED,
    FOOD_AT,
    NAMES,
    SIGN,
    detail,
    enter_theme,
    fill_theme,
    matter,
    part,
    states,
    taken,
    verified,
)

UNDO = "acceptance.undo_outcome"
COLLEAGUE = replace(CLERK, staff_id=51, account="colleague", name="受理员乙")
STEPS = [
    ("甲机关核验", "", False, []),
    ("乙机关核验", "", False, []),
    (NAMES[SIGN], SIGN, False, ["甲机关核验", "乙机关核验"]),
]


@pytest.fixture
def two(suite: Any) -> Any:
    """A matter whose only item waits for steps of two other bodies."""
    fill_theme(suite)
    with suite.database.write() as writer:
        enter_theme(writer, "YJS-77", "两家核验", None, STEPS)
    return suite


def enter(suite: Any, of: Any, position: int, outcome: str) -> Any:
    asked = {"matter_id": of.matter_id, "position": position, "outcome": outcome, "note": "回函第3号"}
    return suite.run(CLERK, "acceptance.enter_outcome", asked)


def asked(of: Any, position: int) -> dict[str, Any]:
    return {"matter_id": of.matter_id, "position": position, "reason": "看错了回函"}


def test_a_wrong_outcome_is_taken_back_and_entered_anew(two):
    of = two.run(CLERK, "acceptance.accept_matter", matter("YJS-77", materials=hands(1, 2, 3)))
    enter(two, of, 1, "refused")
    assert detail(two, of).question == 1
    assert refused(two, CLERK, UNDO, asked(of, 1)) == "OWN_ENTRY"
    assert refused(two, CHIEF, UNDO, asked(of, 1)) == "NOT_PERMITTED"
    two.run(COLLEAGUE, UNDO, asked(of, 1))
    seen = detail(two, of)
    assert (seen.question, part(two, of, 1).standing, part(two, of, 1).note) == (None, "open", "")
    with two.database.read() as reader:
        (entry,) = [e for e in entries_about(reader, f"matter:{of.case_no}") if e.event == UNDO]
    assert [entry.detail[key] for key in ("outcome", "entered_by", "reason", "note")] == [
        "refused", CLERK.name, "看错了回函", "回函第3号",
    ]  # fmt: skip
    assert refused(two, COLLEAGUE, UNDO, asked(of, 1)) == "NO_OUTCOME"
    assert refused(two, COLLEAGUE, UNDO, asked(of, 3)) == "NO_OUTCOME", "a case has its own ways"
    enter(two, of, 1, "granted")
    two.run(COLLEAGUE, UNDO, asked(of, 1))  # nothing is open yet: the other body has not answered
    enter(two, of, 1, "granted")
    enter(two, of, 2, "granted")
    assert states(two, of)[3] == "review"
    for position in (1, 2):
        assert refused(two, COLLEAGUE, UNDO, asked(of, position)) == "BUILT_ON"


def test_what_was_answered_or_opened_stays(two):
    of = taken(two)
    verified(two, of)
    assert states(two, of)[FOOD_AT] == "review"
    assert refused(two, COLLEAGUE, UNDO, asked(of, CHECKED)) == "BUILT_ON"
    other = taken(two)
    verified(two, other, "refused")
    answer = {"matter_id": other.matter_id, "position": CHECKED, "answer": "go_on"}
    two.run(CLERK, "acceptance.answer_refusal", answer)
    assert refused(two, COLLEAGUE, UNDO, asked(other, CHECKED)) == "BUILT_ON"
    assert refused(two, STRANGER, UNDO, asked(other, CHECKED)) == "NOT_YOUR_AGENCY"


def test_undoing_and_building_on_it_at_once(two):
    of = two.run(CLERK, "acceptance.accept_matter", matter("YJS-77", materials=hands(1, 2, 3)))
    enter(two, of, 1, "granted")
    got = at_once(lambda: two.run(COLLEAGUE, UNDO, asked(of, 1)), lambda: enter(two, of, 2, "granted"))
    opened = states(two, of)[3] == "review"
    assert ("BUILT_ON" in got) is opened, "either it was taken back, or the item is open"
