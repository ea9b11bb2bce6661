"""What a receipt holds, in words: sheets and captured pages of each material, and what is still to be done for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.ui.case_texts import sheets_text
from yichuang_acceptance.words import words

_ = words.text


def name_of(body: Mapping[str, Any], hand: Mapping[str, Any]) -> str:
    """The material that something was given for."""
    return str(body["materials"][str(hand["position"])])


def handed_lines(body: Mapping[str, Any]) -> list[str]:
    """Each material with its sheets and pages, such as 营业执照 原1 复2 · 3 页."""
    return [f"{name_of(body, hand)} {_handed(hand)}".rstrip() for hand in body["intake"]["materials"]]


def _handed(hand: Mapping[str, Any]) -> str:
    if hand["given"] == Given.TOLERATED:
        return _("promised")
    pages = len(hand["pages"])
    parts = [sheets_text(hand["originals"], hand["copies"]), _("{n} pages", n=pages) if pages else ""]
    return " · ".join(part for part in parts if part)


def handed_total(body: Mapping[str, Any]) -> str:
    """How many materials there are and how many pages were captured."""
    hands = body["intake"]["materials"]
    pages = sum(len(hand["pages"]) for hand in hands)
    told = _("{n} materials", n=len(hands))
    return f"{told} · {_('{n} pages', n=pages)}" if pages else told


def owed(body: Mapping[str, Any]) -> list[str]:
    """The materials that were promised for later: the promise is signed when the application is accepted."""
    return [name_of(body, hand) for hand in body["intake"]["materials"] if hand["given"] == Given.TOLERATED]


def still_to_do(body: Mapping[str, Any]) -> list[str]:
    """What the screen and the acceptance would have asked of the applicant."""
    told = [_("The applicant checks the printed receipt and signs it.")]
    names = owed(body)
    if names:
        told.append(_("At acceptance the applicant signs the promise for: {names}.", names="、".join(names)))
    return told
