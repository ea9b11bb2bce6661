"""What lies on the window's desk: the item's materials and what the applicant gave for each. No window in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from yichuang.api import LicenceSummary, MaterialRow
from yichuang_acceptance.rules.intake import Asked, Defect, Given, Handed, defects

USABLE = ("valid", "expiring")
MOST_SHEETS = 999


class Hands:
    """Materials by position.

    Attributes:
        asked: What the item asks for.
        given: What was given, by position; a position that is not there was not handed in.
        offered: Earlier materials of the applicant that may be used again, by position (`reuse.Reusable`).
    """

    def __init__(self) -> None:
        self.asked: list[MaterialRow] = []
        self.given: dict[int, Handed] = {}
        self._aside: dict[int, Handed] = {}  # given for materials that the answers do not ask for now
        self._left: dict[
            str, Handed
        ] = {}  # likewise within a matter, by code: positions change with the list
        self.offered: dict[int, Any] = {}

    def ask(self, materials: Sequence[MaterialRow]) -> None:
        """Another item: papers that it asks for as well stay handed in."""
        kept = {
            m.code: self.given[m.position]
            for m in self.asked
            if m.code
            and m.position in self.given
            and self.given[m.position].given is Given.PAPER
            and not self.given[m.position].reused
        }
        self.asked, self._aside, self._left = list(materials), {}, {}
        self.given = {
            m.position: replace(kept[m.code], position=m.position) for m in materials if m.code in kept
        }

    def narrow(self, materials: Sequence[MaterialRow]) -> None:
        """Another choice of the same item's materials; what was given for the others comes back with them."""
        everything = self._aside | self.given
        self.asked = list(materials)
        there = {m.position for m in materials}
        self.given = {position: hand for position, hand in everything.items() if position in there}
        self._aside = {position: hand for position, hand in everything.items() if position not in there}

    def carried(self, materials: Sequence[MaterialRow]) -> list[dict[str, Any]]:
        """What was given, for other materials of the same matter: as `restore` takes it, where it may stand there as well."""
        asked = {m.code for m in self.asked}
        mine = {code: hand for code, hand in self._left.items() if code not in asked}
        mine |= {m.code: self.given[m.position] for m in self.asked if m.position in self.given}
        there = {m.code for m in materials}
        self._left = {code: hand for code, hand in mine.items() if code not in there}
        fits = {Given.TOLERATED: lambda m: m.need == "tolerant", Given.LICENCE: lambda m: m.replaceable}
        hands = [
            replace(mine[m.code], position=m.position)
            for m in materials
            if m.code in mine and fits.get(mine[m.code].given, lambda _m: True)(m)
        ]
        return [asdict(hand) | {"pages": list(hand.pages)} for hand in hands]

    def material(self, position: int) -> MaterialRow:
        """The material at a position.

        Raises:
            StopIteration: The item asks for no such material.
        """
        return next(m for m in self.asked if m.position == position)

    def toggle(self, position: int) -> None:
        """Handed in on paper, or not any more."""
        if position in self.given:
            del self.given[position]
        else:
            self.hand_in(position)

    def hand_in(self, position: int) -> None:
        """Handed in on paper: the original where the item asks for it, else a copy."""
        original = self.material(position).original
        old = self.given.get(position)
        pages = old.pages if old is not None else ()
        self.given[position] = Handed(position, Given.PAPER, int(original), int(not original), pages)

    def set_sheets(self, position: int, originals: int | None = None, copies: int | None = None) -> None:
        """Another number of sheets; the material counts as handed in."""
        if position not in self.given or self.given[position].given is not Given.PAPER:
            self.hand_in(position)
        hand = self.given[position]
        self.given[position] = replace(
            hand,
            originals=_bounded(hand.originals if originals is None else originals),
            copies=_bounded(hand.copies if copies is None else copies),
        )

    def more_copies(self, position: int, step: int) -> None:
        """One copy more or less."""
        hand = self.given.get(position)
        self.set_sheets(position, copies=(hand.copies if hand is not None else 0) + step)

    def promise(self, position: int) -> bool:
        """Promised for later; False where the item does not allow it."""
        if self.material(position).need != "tolerant":
            return False
        self.given[position] = Handed(position, Given.TOLERATED)
        return True

    def use_licence(self, position: int, code: str) -> None:
        """An electronic licence stands for the paper."""
        self.given[position] = Handed(position, Given.LICENCE, licence=code)

    def forget(self, position: int) -> None:
        """Not handed in."""
        self.given.pop(position, None)

    def drop_licences(self) -> None:
        """Somebody else applies: licences and earlier materials of the one before stand for nothing."""
        self.offered = {}
        self.given = {
            p: hand for p, hand in self.given.items() if hand.given is not Given.LICENCE and not hand.reused
        }

    def reuse(self, position: int) -> None:
        """An earlier material stands for the paper; the applicant has agreed."""
        earlier = self.offered[position]
        self.given[position] = Handed(
            position,
            Given.PAPER,
            copies=1,
            pages=tuple(earlier.pages),
            reused=earlier.material_id,
            consent=True,
        )

    def licence_for(self, position: int, held: Mapping[str, LicenceSummary]) -> LicenceSummary | None:
        """The licence that may stand for a material; `held` by type."""
        material = self.material(position)
        if not material.replaceable:
            return None
        return next((held[kind] for kind in material.licence_types if kind in held), None)

    def match(self, held: Mapping[str, LicenceSummary]) -> int:
        """Let licences stand for papers that were not handed in; gives back for how many."""
        matched = 0
        for material in self.asked:
            licence = self.licence_for(material.position, held)
            old = self.given.get(material.position)
            if licence is not None and (old is None or old.given is Given.TOLERATED):
                self.use_licence(material.position, licence.code)
                matched += 1
        return matched

    def add_page(self, position: int, digest: str) -> None:
        """A captured page; the material counts as handed in."""
        if position not in self.given or self.given[position].given is not Given.PAPER:
            self.hand_in(position)
        hand = self.given[position]
        self.given[position] = replace(hand, pages=(*hand.pages, digest), reused=None, consent=False)

    def remove_page(self, position: int, index: int) -> None:
        """Take a page away again."""
        hand = self.given[position]
        pages = hand.pages[:index] + hand.pages[index + 1 :]
        self.given[position] = replace(hand, pages=pages, reused=None, consent=False)

    def move_page(self, position: int, index: int, to: int) -> None:
        """Another order: the page stands at `to` among those of its material."""
        hand = self.given[position]
        pages = list(hand.pages)
        pages.insert(to, pages.pop(index))
        self.given[position] = replace(hand, pages=tuple(pages), reused=None, consent=False)

    def defects(self) -> list[Defect]:
        """Everything that keeps the application from being accepted."""
        return defects([Asked(m.position, m.name, m.need, m.replaceable) for m in self.asked], self.given)

    def required(self) -> tuple[int, int]:
        """How many of the required materials are there, and how many there are."""
        wanted = [m.position for m in self.asked if m.need == "required"]
        return sum(position in self.given for position in wanted), len(wanted)

    def count(self, given: Given) -> int:
        """How many materials stand like that."""
        return sum(hand.given is given for hand in self.given.values())

    def requests(self) -> list[dict[str, Any]]:
        """What was handed in, as the operations take it and drafts keep it."""
        return [asdict(hand) | {"pages": list(hand.pages)} for _, hand in sorted(self.given.items())]

    def restore(self, materials: Sequence[MaterialRow], kept: Sequence[Mapping[str, Any]]) -> None:
        """Back from a draft; what the item's present version no longer asks for is left out."""
        self.asked, self._aside = list(materials), {}
        there = {m.position for m in materials}
        hands = [
            Handed(**{**hand, "given": Given(hand["given"]), "pages": tuple(hand["pages"])}) for hand in kept
        ]
        self.given = {hand.position: hand for hand in hands if hand.position in there}


def _bounded(sheets: int) -> int:
    return min(MOST_SHEETS, max(0, sheets))
