"""What could not be done at the window (办不成事): its classes, told apart so that causes can be counted, and its limits."""

from __future__ import annotations

from yichuang.api import LazyText, UserError
from yichuang_acceptance.words import words

L = words.lazy
REASONS: dict[str, LazyText] = {
    "materials": L("materials are missing or wrong"),
    "policy": L("the rules do not allow it"),
    "elsewhere": L("another organ or window does this"),
    "several": L("several agencies must agree first"),
    "conduct": L("how it was handled: put off, passed around, rude"),
    "system": L("a system does not work"),
    "other": L("something else"),
}
NEEDS_PLACE = frozenset({"elsewhere"})
"""With these the applicant must be told where to go (art. 32 (2))."""
GRADES: dict[str, LazyText] = {
    "simple": L("simple: at once"),
    "complex": L("complex: 5 working days"),
    "special": L("special: with more time"),
}
"""How hard it is to settle, which says how long it may take."""
COMPLEX_DAYS = 5
SPECIAL_DAYS, MOST_SPECIAL_DAYS = 10, 30
SPECIAL_SETTING = "acceptance.refusal_special_days"
"""Local rules differ: ten working days in Tianjin, fifteen in Jiangsu."""


def check_special_days(value: object) -> None:
    """Let a hall give what is special more time than what is complex, and not for ever. Raises SPECIAL_DAYS_BAD."""
    if isinstance(value, bool) or not isinstance(value, int) or not COMPLEX_DAYS < value <= MOST_SPECIAL_DAYS:
        raise UserError(
            "SPECIAL_DAYS_BAD",
            L(
                "Special problems have {least} to {most} working days.",
                least=COMPLEX_DAYS + 1,
                most=MOST_SPECIAL_DAYS,
            ),
            do=L("Enter a number between them."),
        )
