"""How an object is drawn: its own attributes, then its drawing parameters and those they build on, then its layer's."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from yichuang_seal.rules.ofd.colours import Colour, colour
from yichuang_seal.rules.ofd.document import Resources
from yichuang_seal.rules.ofd.pdf import num, nums
from yichuang_seal.rules.ofd.values import child, number, numbers

LINE = 0.353
MITER = 4.234
SHORTEST_DASHES = 0.02
MOST_DASHES = 100_000
_MOST_RELATIVES = 16
_JOINS = {"Miter": 0, "Round": 1, "Bevel": 2}
_CAPS = {"Butt": 0, "Round": 1, "Square": 2}


@dataclass(frozen=True)
class Style:
    """Where values are looked for, the nearest first."""

    resources: Resources
    chain: tuple[ET.Element, ...] = ()

    def of(self, element: ET.Element) -> Style:
        """The style of an object inside."""
        found = [element]
        identifier = element.get("DrawParam")
        while (
            identifier and len(found) < _MOST_RELATIVES
        ):  # parameters that build on one another in a circle end
            parameter = self.resources.parameters.get(identifier)
            if parameter is None:
                break
            found.append(parameter)
            identifier = parameter.get("Relative")
        return Style(self.resources, (*found, *self.chain))

    def layer(self, element: ET.Element) -> Style:
        """The style of a layer: its drawing parameters hold for objects that say nothing else."""
        style = self.of(element)
        return Style(self.resources, style.chain[1 : len(style.chain) - len(self.chain)] + self.chain)

    def get(self, name: str) -> str:
        """An attribute, empty where nobody says it."""
        return next((value for each in self.chain if (value := each.get(name))), "")

    def colour(self, name: str, default: Colour | None) -> Colour | None:
        """FillColor or StrokeColor. Raises BadPartError."""
        element = next((found for each in self.chain if (found := child(each, name)) is not None), None)
        return colour(element, self.resources.spaces) if element is not None else default

    def line_width(self) -> float:
        """In millimetres."""
        width = self.get("LineWidth")
        return abs(number(width)) if width else LINE

    def dashes(self) -> list[float]:
        """Lengths of dashes and gaps; none where a line is whole."""
        return [abs(value) for value in numbers(self.get("DashPattern"))[:32]]

    def line(self, length: float = 0.0) -> str:
        """Width, ends, corners and dashes of lines as PDF operators.

        Args:
            length: How long the line is, where it has dashes.
        """
        miter = self.get("MiterLimit")
        parts = [
            f"{num(self.line_width())} w",
            f"{_JOINS.get(self.get('Join'), 0)} j",
            f"{_CAPS.get(self.get('Cap'), 0)} J",
            f"{num(max(number(miter), 1) if miter else MITER)} M",
        ]
        dashes = self.dashes()
        if (
            sum(dashes) > SHORTEST_DASHES and length / sum(dashes) < MOST_DASHES
        ):  # what nobody can see is a line
            offset = self.get("DashOffset")
            parts.append(f"[{nums(*dashes)}] {num(max(number(offset), 0) if offset else 0)} d")
        return " ".join(parts)
