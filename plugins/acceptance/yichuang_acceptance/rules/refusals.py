"""Why something could not be done at the window: the classes of 办不成事, told apart so that causes can be counted."""

from __future__ import annotations

from yichuang.api import LazyText
from yichuang_acceptance.words import words

L = words.lazy
REASONS: dict[str, LazyText] = {
    "materials": L("materials are missing or wrong"),
    "policy": L("the rules do not allow it"),
    "elsewhere": L("another organ or window does this"),
    "several": L("several agencies must agree first"),
    "system": L("a system does not work"),
    "other": L("something else"),
}
NEEDS_PLACE = frozenset({"elsewhere"})
"""With these the applicant must be told where to go (art. 32 (2))."""
