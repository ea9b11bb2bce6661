"""What only a person can find: which violations, whose they usually are, what has to be there before one can be found."""

from __future__ import annotations

from yichuang.api import UserError
from yichuang_acceptance.rules.names import Event
from yichuang_acceptance.rules.violations import OTHER
from yichuang_acceptance.words import words

L = words.lazy
REFUSED_LAWFUL, SENT_LATE, NO_REASONS, OUTSIDE, NO_FEE_BASIS = "V01", "V05", "V06", "V07", "V08"
BACKDATED, FORCED_RATING = "V13", "V15"
FINDABLE = (REFUSED_LAWFUL, SENT_LATE, NO_REASONS, OUTSIDE, NO_FEE_BASIS, BACKDATED, FORCED_RATING, OTHER)
WITHOUT_CASE = frozenset({REFUSED_LAWFUL, OUTSIDE, NO_FEE_BASIS, OTHER})
"""A "no" at the window, work behind the hall's back and its fees may leave no case at all."""
NEGATIVE = frozenset({Event.REFUSE_ACCEPTANCE, Event.NOT_NEEDED, Event.RETURN, Event.CORRECT})
BY_DECIDER = frozenset({NO_REASONS})


def require_fit(rule: str, happened: frozenset[Event], *, has_case: bool, complained: bool) -> None:
    """Let only a finding on that what happened leaves room for.

    Args:
        rule: One of `FINDABLE`.
        happened: Events of the case.
        has_case: It is about a case.
        complained: A complaint or a recorded "no" led to it.

    Raises:
        UserError: CASE_MISSING, FINDING_DOES_NOT_FIT.
    """
    if not has_case and rule not in WITHOUT_CASE:
        raise UserError("CASE_MISSING", L("This finding is about a case."), do=L("Enter its case number."))
    if rule == NO_REASONS and Event.REFUSE not in happened:
        raise UserError("FINDING_DOES_NOT_FIT", L("The application was not refused, so no reasons can be missing."),
                        do=L("Choose another rule."))  # fmt: skip
    if rule == REFUSED_LAWFUL and has_case and not (complained or NEGATIVE & happened):
        raise UserError("FINDING_DOES_NOT_FIT", L("Nobody refused to accept this application."),
                        do=L("Name the complaint, or choose another rule."))  # fmt: skip
