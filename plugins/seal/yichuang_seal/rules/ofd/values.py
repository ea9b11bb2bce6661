"""Values as OFD writes them: numbers, boxes, matrices, lists of offsets; and looking into elements."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from yichuang_seal.rules.ofd.limits import BadPartError

_LARGEST = 1e7


class Box(NamedTuple):
    """A rectangle in millimetres, its origin the upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Matrix(NamedTuple):
    """x' = ax + cy + e, y' = bx + dy + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def after(self, first: Matrix) -> Matrix:
        """The matrix that does `first` and then this one."""
        return Matrix(
            first.a * self.a + first.b * self.c, first.a * self.b + first.b * self.d,
            first.c * self.a + first.d * self.c, first.c * self.b + first.d * self.d,
            first.e * self.a + first.f * self.c + self.e, first.e * self.b + first.f * self.d + self.f,
        )  # fmt: skip

    def scale(self) -> float:
        """How many times larger it makes an area."""
        return abs(self.a * self.d - self.b * self.c)

    def inverse(self) -> Matrix:
        """The matrix that takes this one back. Raises BadPartError where nothing does."""
        det = self.a * self.d - self.b * self.c
        if abs(det) < 1e-12:
            raise BadPartError("matrix without an area")
        a, b, c, d = self.d / det, -self.b / det, -self.c / det, self.a / det
        return Matrix(a, b, c, d, -(self.e * a + self.f * c), -(self.e * b + self.f * d))

    def around(self, box: Box) -> Box:
        """The upright box around a box that was moved so."""
        corners = [self.point(x, y) for x in (box.x, box.x + box.width) for y in (box.y, box.y + box.height)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes."""
        return x * self.a + y * self.c + self.e, x * self.b + y * self.d + self.f


IDENTITY = Matrix(1, 0, 0, 1, 0, 0)


def number(text: str) -> float:
    """A number that can be drawn with.

    Raises:
        BadPartError: It is none, not finite or out of all proportion.
    """
    try:
        value = float(text)
    except ValueError as error:
        raise BadPartError(text[:40]) from error
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise BadPartError(text[:40])
    return value


def numbers(text: str | None) -> list[float]:
    """Numbers with spaces between them; some writers put commas."""
    return [number(part) for part in (text or "").replace(",", " ").split()]


def attribute(element: ET.Element, name: str, default: float) -> float:
    """A number among the attributes."""
    text = element.get(name)
    return default if text is None or not text.strip() else number(text)


def box(text: str | None) -> Box | None:
    """A box, None where there is none."""
    values = numbers(text)
    if not values:
        return None
    if len(values) != 4:
        raise BadPartError(f"box {text}")
    return Box(*values)


def matrix(text: str | None) -> Matrix:
    """A matrix, the identity where there is none."""
    values = numbers(text)
    if not values:
        return IDENTITY
    if len(values) != 6:
        raise BadPartError(f"matrix {text}")
    return Matrix(*values)


def offsets(text: str | None, most: int) -> list[float]:
    """The offsets of DeltaX and DeltaY; `g n d` stands for n times d.

    Args:
        text: The attribute.
        most: How many are of use.
    """
    parts = iter((text or "").replace(",", " ").split())
    result: list[float] = []
    for part in parts:
        if len(result) >= most:
            break
        if part.lower() != "g":
            result.append(number(part))
            continue
        count, each = next(parts, ""), next(parts, "")
        result += [number(each)] * int(min(max(number(count), 0), most - len(result)))
    return result


def child(element: ET.Element | None, name: str) -> ET.Element | None:
    """The first child of a name."""
    return element.find(name) if element is not None else None


def children(element: ET.Element | None, *names: str) -> Iterator[ET.Element]:
    """The children of some names, in order."""
    return (each for each in element if each.tag in names) if element is not None else iter(())


def text_of(element: ET.Element | None, name: str) -> str:
    """The text of a child, empty where there is none."""
    found = child(element, name)
    return (found.text or "").strip() if found is not None else ""


def is_true(element: ET.Element, name: str, default: bool) -> bool:
    """A truth value among the attributes."""
    text = (element.get(name) or "").strip().lower()
    return default if not text else text in {"true", "1"}
