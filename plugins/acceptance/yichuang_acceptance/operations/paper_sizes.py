"""On which sheet a desk's receipts and notices are printed: A4, or A5 where the hall says so of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yichuang.api import LazyText, Read, UserError
from yichuang_acceptance.words import words

if TYPE_CHECKING:
    from yichuang.api.documents import Page

L = words.lazy
A5_DESKS = "acceptance.a5_desks"
EVERY_DESK = "*"
SMALL = frozenset({"D1", "D2", "D3", "D13", "D15", "D17"})
"""What applicants take along: receipts and notices. Decisions, and what is signed for the file, stay on A4 (GB/T 9704)."""


def page_of(read: Read, kind: str) -> Page:
    """The sheet for a paper of this kind that is made at the actor's desk."""
    return page_at(read, kind, read.actor.desk or "")


def page_at(read: Read, kind: str, desk: str) -> Page:
    """The sheet for a paper of this kind that is made at a desk."""
    if kind not in SMALL or not desk:
        return "A4"
    desks = desks_of(str(read.setting(A5_DESKS, "")))
    return "A5" if EVERY_DESK in desks or desk in desks else "A4"


def kept(read: Read, kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    """What a paper's row says of its sheet: it stays the same whoever makes, seals or prints the paper later.

    What nobody asked for at a desk, such as the notice of an acceptance by lapse of time, is on A4.
    """
    page = page_of(read, kind)
    return {} if page == "A4" or facts.get("deemed") else {"page": page}


def desks_of(setting: str) -> frozenset[str]:
    """The desks that a setting names, divided by semicolons."""
    return frozenset(part.strip() for part in setting.replace("；", ";").split(";") if part.strip())


def check_setting(key: str, value: object) -> None:
    """Refuse what names no desks. Raises DESKS_BAD."""
    if key == A5_DESKS and (not isinstance(value, str) or any(" " in desk for desk in desks_of(value))):
        raise _bad(L("Codes of desks are divided by semicolons, such as A01;A02; * stands for all."))


def _bad(sentence: LazyText) -> UserError:
    return UserError("DESKS_BAD", sentence)
