"""Lines and curves: AbbreviatedData of OFD as path operators of PDF."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from yichuang_seal.rules.ofd.limits import BadPartError, Budget
from yichuang_seal.rules.ofd.pdf import num, nums
from yichuang_seal.rules.ofd.values import IDENTITY, Box, Matrix, number

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBERS = re.compile(r"-?\d{0,7}\.?\d{0,20}(?: -?\d{0,7}\.?\d{0,20})*")
"""Numbers that PDF reads as they are: no exponents, nothing out of all proportion."""
_COUNTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_LONGEST_CURVE = math.pi / 2
_CIRCLE = 0.5522847498307936
"""How far the control points of a quarter of a circle stand off, in radii."""


def path(data: str, budget: Budget, matrix: Matrix = IDENTITY) -> str:
    """A path as PDF operators, without painting it.

    Args:
        data: S, M (move), L (line), Q (quadratic), B (cubic), A (arc), C (close), each with its numbers.
        budget: Pays for every point.
        matrix: Laid over every point.

    Raises:
        BadPartError: It makes no sense.
    """
    out: list[str] = []
    at: Sequence[str] = (
        "0",
        "0",
    )  # the current point, and where its part of the path began, as they are written
    start = at
    begun = False
    plain = matrix == IDENTITY
    for operator, values in _commands(data):
        budget.spend(1 + len(values))
        if operator == "C":
            if begun:
                out.append("h")
            at = start
            continue
        if operator in "SM" or not begun:
            start = at = values if operator in "SM" else at
            out.append(f"{_points(at, plain, matrix)} m")
            begun = True
        if operator == "L":
            out.append(f"{_points(values, plain, matrix)} l")
        elif operator == "B":
            out.append(f"{_points(values, plain, matrix)} c")
        elif operator not in "SM":
            x, y = float(at[0]), float(at[1])
            out += [
                f"{_moved(curve, matrix)} c" for curve in _curves(operator, x, y, [float(v) for v in values])
            ]
        at = values[-2:]
    return "\n".join(out)


def _commands(data: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Operators with their numbers, which are written so that PDF can read them as well."""
    tokens = iter(_TOKEN.findall(data))
    for token in tokens:
        operator = token.upper()
        count = _COUNTS.get(operator)
        if count is None:
            raise BadPartError(f"path with {token[:10]}")
        values = list(islice(tokens, count))
        if len(values) < count:
            return  # a path that is cut off is drawn as far as it goes
        if not _NUMBERS.fullmatch(" ".join(values)):
            values = [num(number(value)) for value in values]
        yield operator, values


def measured(data: str) -> tuple[float, float]:
    """How long a path is, and the area of the box around it, both roughly: an arc counts as its ends and radii."""
    values = [float(value) for value in _TOKEN.findall(data) if not value.isalpha()]
    if len(values) < 2:
        return 0.0, 0.0
    length = sum(abs(a - b) for a, b in zip(values, values[2:], strict=False))
    across, down = values[::2], values[1::2]
    return length, (max(across) - min(across)) * (max(down) - min(down))


def _points(values: Sequence[str], plain: bool, matrix: Matrix) -> str:
    return " ".join(values) if plain else _moved([float(value) for value in values], matrix)


def _moved(values: Sequence[float], matrix: Matrix) -> str:
    pairs = zip(values[::2], values[1::2], strict=True)
    return nums(*(each for x, y in pairs for each in matrix.point(x, y)))


def _curves(operator: str, x: float, y: float, values: list[float]) -> list[tuple[float, ...]]:
    """Cubic curves from (x, y): control point, control point, end."""
    if operator == "Q":
        a, b, end_x, end_y = values
        return [
            (
                x + 2 / 3 * (a - x), y + 2 / 3 * (b - y),
                end_x + 2 / 3 * (a - end_x), end_y + 2 / 3 * (b - end_y), end_x, end_y,
            )
        ]  # fmt: skip
    return _arc(x, y, *values)


def _arc(
    x: float,
    y: float,
    rx: float,
    ry: float,
    angle: float,
    large: float,
    sweep: float,
    end_x: float,
    end_y: float,
) -> list[tuple[float, ...]]:
    """An arc of an ellipse between two points, as in SVG 2 (appendix B.2.4); at most a quarter in one curve."""
    rx, ry = abs(rx), abs(ry)
    if (x, y) == (end_x, end_y):
        return []
    if not rx or not ry:
        return [(x, y, end_x, end_y, end_x, end_y)]
    turn = math.radians(angle % 360)
    cos, sin = math.cos(turn), math.sin(turn)
    half_x, half_y = (x - end_x) / 2, (y - end_y) / 2
    own_x, own_y = cos * half_x + sin * half_y, -sin * half_x + cos * half_y
    short = (own_x / rx) ** 2 + (own_y / ry) ** 2
    if short > 1:  # radii that do not reach are made longer
        rx, ry = rx * math.sqrt(short), ry * math.sqrt(short)
        short = 1.0
    length = math.sqrt(max(1 / short - 1, 0)) * (-1 if bool(large) == bool(sweep) else 1)
    center_x, center_y = length * rx * own_y / ry, -length * ry * own_x / rx
    begin = math.atan2((own_y - center_y) / ry, (own_x - center_x) / rx)
    end = math.atan2((-own_y - center_y) / ry, (-own_x - center_x) / rx)
    span = (end - begin) % (2 * math.pi)
    if not sweep:
        span -= 2 * math.pi
    place = Matrix(
        rx * cos, rx * sin, -ry * sin, ry * cos,
        cos * center_x - sin * center_y + (x + end_x) / 2, sin * center_x + cos * center_y + (y + end_y) / 2,
    )  # fmt: skip
    count = max(1, math.ceil(abs(span) / _LONGEST_CURVE - 1e-9))
    step = span / count
    reach = 4 / 3 * math.tan(step / 4)
    curves: list[tuple[float, ...]] = []
    for number_of in range(count):
        a, b = begin + number_of * step, begin + (number_of + 1) * step
        curves.append(
            (
                *place.point(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
                *place.point(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
                *place.point(math.cos(b), math.sin(b)),
            )
        )
    return curves


def rectangle(box: Box) -> str:
    """A rectangle."""
    return f"{nums(*box)} re"


def rounded(box: Box, rx: float, ry: float) -> str:
    """A rectangle with round corners."""
    x, y, width, height = box
    rx, ry = min(abs(rx), width / 2), min(abs(ry), height / 2)
    if rx <= 0 or ry <= 0:
        return rectangle(box)
    kx, ky, right, bottom = rx * (1 - _CIRCLE), ry * (1 - _CIRCLE), x + width, y + height
    return "\n".join([
        f"{nums(x + rx, y)} m",
        f"{nums(right - rx, y)} l",
        f"{nums(right - kx, y, right, y + ky, right, y + ry)} c",
        f"{nums(right, bottom - ry)} l",
        f"{nums(right, bottom - ky, right - kx, bottom, right - rx, bottom)} c",
        f"{nums(x + rx, bottom)} l",
        f"{nums(x + kx, bottom, x, bottom - ky, x, bottom - ry)} c",
        f"{nums(x, y + ry)} l",
        f"{nums(x, y + ky, x + kx, y, x + rx, y)} c",
        "h",
    ])  # fmt: skip
