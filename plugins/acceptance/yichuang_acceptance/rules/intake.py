"""Checking what was handed in: every material accounted for, everything that is wrong told at once (art. 32)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yichuang.api import LazyText, UserError
from yichuang_acceptance.words import words

L = words.lazy
VOLUNTARY = "voluntary"
"""The need of a paper that an applicant added unasked (其他（自愿））; nobody waits for it."""


class Given(StrEnum):
    """How a material stands."""

    PAPER = "paper"  # handed in: original or copy, scanned where pages are kept
    LICENCE = "licence"  # an electronic licence stands for it
    TOLERATED = "tolerated"  # promised for later (容缺)
    PROMISED = "promised"  # the applicant promises that it is so; it is not asked for (告知承诺)
    NOT_GIVEN = "not_given"


@dataclass(frozen=True)
class Asked:
    """A material that the item asks for."""

    position: int
    name: str
    need: str  # required | optional | tolerant
    replaceable: bool
    promised: bool = False  # a promise was taken for it


@dataclass(frozen=True)
class Handed:
    """What the applicant gave for one position."""

    position: int
    given: Given
    originals: int = 0
    copies: int = 0
    pages: tuple[str, ...] = ()
    licence: str = ""
    reused: int | None = None  # the earlier material that stands for it
    consent: bool = False  # the applicant agrees to that


@dataclass(frozen=True)
class Defect:
    """One thing that is missing or wrong."""

    position: int
    name: str
    reason: LazyText


def defects(asked: Sequence[Asked], handed: Mapping[int, Handed]) -> list[Defect]:
    """Everything that keeps an application from being accepted, all of it at once."""
    found = []
    for material in asked:
        given = handed.get(material.position)
        kind = Given.NOT_GIVEN if given is None else given.given
        reason = _reason(material, kind, given)
        if reason is not None:
            found.append(Defect(material.position, material.name, reason))
    known = {material.position for material in asked}
    found += [
        Defect(p, "", L("The item does not ask for material {n}.", n=p)) for p in handed if p not in known
    ]
    return found


def _reason(material: Asked, kind: Given, given: Handed | None) -> LazyText | None:
    if kind is Given.NOT_GIVEN:
        return L("{name} is missing.", name=material.name) if material.need == "required" else None
    if kind is Given.TOLERATED and material.need != "tolerant":
        return L("{name} may not be handed in later.", name=material.name)
    if kind is Given.PROMISED and not material.promised:
        return L("No promise was taken for {name}.", name=material.name)
    if kind is Given.LICENCE and not material.replaceable:
        return L("No licence may stand for {name}.", name=material.name)
    if kind is Given.LICENCE and given is not None and not given.licence:
        return L("Say which licence stands for {name}.", name=material.name)
    if kind is Given.PAPER and given is not None and given.originals + given.copies < 1:
        return L("Say how many sheets of {name} were handed in.", name=material.name)
    return None


def require_something(asked: Sequence[Asked], handed: Mapping[int, Handed]) -> None:
    """Let only an application be received: something was handed in, or a licence stands for it.

    Raises:
        UserError: NOTHING_HANDED.
    """
    if asked and not any(hand.given in (Given.PAPER, Given.LICENCE) for hand in handed.values()):
        raise UserError(
            "NOTHING_HANDED",
            L("Nothing of what the item asks for was handed in, so there is nothing to receive."),
            do=L("Print the one-time notice for the applicant, or take in what is here."),
        )


def require_complete(asked: Sequence[Asked], handed: Mapping[int, Handed]) -> None:
    """Let only a complete application go on.

    Raises:
        UserError: MATERIAL_MISSING with every defect in `detail`.
    """
    found = defects(asked, handed)
    if found:
        raise UserError(
            "MATERIAL_MISSING",
            L("{count} materials are missing or wrong: {names}.", count=len(found),
              names="、".join(d.name or str(d.position) for d in found)),
            do=L("Hand in what is missing, or give the applicant the one-time correction notice."),
            detail={"defects": [{"position": d.position, "name": d.name, "reason": str(d.reason)} for d in found]},
        )  # fmt: skip
