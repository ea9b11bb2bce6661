"""Electronic supervision: which rules there are, which of them are violations that must be answered, who follows whom."""

from __future__ import annotations

from yichuang.api import UserError
from yichuang_acceptance.words import words

L = words.lazy
ANSWER_WORKING_DAYS = 2
COMPLAINT_WORKING_DAYS = 13  # from the next day on, as hotlines have it; an urgent one is answered at once
OTHER = "V09"
URGED, POSTCHECK, RENEWAL, MANY_MANDATES = "R-urge", "R-postcheck", "R-renewal", "R-agent"
CATALOGUE = {
    "V01": L("a lawful application was refused"),
    "V04": L("a step of the review over its limit"),
    "V05": L("sent up late after the first review"),
    "V06": L("refused without reasons"),
    "V07": L("handled outside the system"),
    "V08": L("a fee without basis"),
    OTHER: L("another violation"),
    "V13": L("an event or a clock was dated back"),
    "V14": L("a bad rating was not seen to"),
    "V15": L("a rating was forced or filled in by staff"),
    "V16": L("the acceptor approved as well"),
    URGED: L("the applicant urges the case"),
    POSTCHECK: L("a promise is to be checked"),
    RENEWAL: L("a licence ends in 30 days"),
    MANY_MANDATES: L("one helper has many mandates"),
}
"""Rules beside those of the clocks (`timers`); what they mean."""
STEPS = {
    ("notified", "feedback"): "answered", ("notified", "appeal"): "answered",
    ("ordered", "feedback"): "answered", ("ordered", "appeal"): "answered",
    ("notified", "order"): "ordered", ("answered", "order"): "ordered",
    ("answered", "close"): "closed",
}  # fmt: skip
"""A notice: notified, answered by whoever it concerns, ordered to be mended (督办单), answered again, closed (销号)."""


def is_violation(rule: str) -> bool:
    """Whether somebody must answer for it; the others are reminders."""
    return rule.startswith("V")


def next_state(state: str, step: str) -> str:
    """Where a step leads a notice.

    Raises:
        UserError: NOTICE_STATE where the step does not follow.
    """
    found = STEPS.get((state, step))
    if found is not None:
        return found
    says = {
        "closed": L("This notice is closed."),
        "answered": L("This notice was answered already; supervision looks at it now."),
    }
    raise UserError(
        "NOTICE_STATE",
        says.get(state, L("This notice was not answered yet.")),
        do=L("Refresh: somebody else may have gone on with it."),
    )
