"""Colours of OFD in red, green and blue, and what runs from one colour into another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree as ET

from yichuang_seal.rules.ofd.limits import BadPartError
from yichuang_seal.rules.ofd.pdf import PdfFile, exact, nums
from yichuang_seal.rules.ofd.values import Box, attribute, child, children, number, numbers

Rgb = tuple[float, float, float]
BLACK: Rgb = (0.0, 0.0, 0.0)
SHADINGS = ("AxialShd", "RadialShd", "GouraudShd", "LaGouraudShd")
_MOST_REPEATS = 64


@dataclass(frozen=True)
class Colour:
    """What to paint with.

    Attributes:
        alpha: 0 is unseen, 1 opaque.
        special: A shading or pattern in place of one colour.
    """

    rgb: Rgb
    alpha: float = 1.0
    special: ET.Element | None = None


def colour(element: ET.Element, spaces: dict[str, ET.Element]) -> Colour:
    """The colour of an element such as FillColor.

    Raises:
        BadPartError: It makes no sense.
    """
    alpha = min(max(attribute(element, "Alpha", 255) / 255, 0), 1)
    special = next((each for each in element if each.tag in (*SHADINGS, "Pattern")), None)
    if special is not None and special.tag in SHADINGS:
        first = next(special.iter("Color"), None)
        rgb = colour(first, spaces).rgb if first is not None else BLACK
        return Colour(rgb, alpha, special)
    space = spaces.get(element.get("ColorSpace") or "")
    text = element.get("Value")
    if text is None and space is not None and element.get("Index") is not None:
        palette = [each.text or "" for each in space.iter("CV")]
        index = int(attribute(element, "Index", 0))
        if not 0 <= index < len(palette):
            raise BadPartError(f"colour {index}")
        text = palette[index]
    return Colour(_rgb(text, space), alpha, special)


def _rgb(text: str | None, space: ET.Element | None) -> Rgb:
    bits = attribute(space, "BitsPerComponent", 8) if space is not None else 8
    most = 2.0 ** min(max(bits, 1), 16) - 1
    values = [min(max(_component(part) / most, 0), 1) for part in (text or "").replace(",", " ").split()]
    if not values:
        return BLACK
    if len(values) == 1:
        return values[0], values[0], values[0]
    if len(values) == 4:
        cyan, magenta, yellow, black = values
        return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)
    if len(values) != 3:
        raise BadPartError(f"colour {text}")
    return values[0], values[1], values[2]


def _component(text: str) -> float:
    if not text.startswith("#"):
        return number(text)
    try:
        return float(int(text[1:], 16))
    except ValueError as error:
        raise BadPartError(text[:20]) from error


# ---- shadings ----

Stops = list[tuple[float, Rgb]]


def shading(pdf: PdfFile, element: ET.Element, spaces: dict[str, ET.Element], area: Box) -> tuple[str, str]:
    """A shading: operators to go before it (a matrix or nothing), and its name.

    Args:
        pdf: The file.
        element: AxialShd, RadialShd, GouraudShd, LaGouraudShd.
        spaces: Colour spaces.
        area: What it has to cover.
    """
    if element.tag == "AxialShd":
        return "", _axial(pdf, element, spaces, area)
    if element.tag == "RadialShd":
        return _radial(pdf, element, spaces)
    return "", _mesh(pdf, element, spaces)


def _stops(element: ET.Element, spaces: dict[str, ET.Element]) -> Stops:
    parts = list(children(element, "Segment"))
    stops: Stops = []
    for index, part in enumerate(parts):
        default = index / max(len(parts) - 1, 1)
        at = min(max(attribute(part, "Position", default), stops[-1][0] if stops else 0), 1)
        found = child(part, "Color")
        stops.append((at, colour(found, spaces).rgb if found is not None else BLACK))
    if not stops:
        raise BadPartError("shading without colours")
    if stops[0][0] > 0:
        stops.insert(0, (0.0, stops[0][1]))
    if stops[-1][0] < 1 or len(stops) == 1:
        stops.append((1.0, stops[-1][1]))
    return stops


def _function(stops: Stops) -> str:
    """From a place between the first and last stop to a colour."""
    pieces = list(pairwise(stops))
    functions = " ".join(
        f"<< /FunctionType 2 /Domain [0 1] /C0 [{nums(*a)}] /C1 [{nums(*b)}] /N 1 >>"
        for (_, a), (_, b) in pieces
    )
    bounds = nums(*(at for at, _ in stops[1:-1]))
    return (
        f"<< /FunctionType 3 /Domain [{nums(stops[0][0], stops[-1][0])}] /Functions [{functions}] /Bounds [{bounds}] "
        f"/Encode [{'0 1 ' * len(pieces)}] >>"
    )


def _extended(element: ET.Element) -> str:
    how = int(attribute(element, "Extend", 0))
    return f"[{'true' if how & 1 else 'false'} {'true' if how & 2 else 'false'}]"


def _two(text: str | None) -> tuple[float, float]:
    values = numbers(text)
    if len(values) != 2:
        raise BadPartError(f"point {text}")
    return values[0], values[1]


def _axial(pdf: PdfFile, element: ET.Element, spaces: dict[str, ET.Element], area: Box) -> str:
    (x, y), (end_x, end_y) = _two(element.get("StartPoint")), _two(element.get("EndPoint"))
    stops, extended = _stops(element, spaces), _extended(element)
    length = math.hypot(end_x - x, end_y - y)
    how = element.get("MapType") or "Direct"
    if how != "Direct" and length:
        unit = attribute(element, "MapUnit", length) or length
        stops, begin, end = _repeated(stops, how == "Reflect", unit, (x, y), (end_x, end_y), area)
        step_x, step_y = (end_x - x) / length * unit, (end_y - y) / length * unit
        x, y, end_x, end_y = x + step_x * begin, y + step_y * begin, x + step_x * end, y + step_y * end
        extended = "[true true]"
    return pdf.share("Shading", pdf.add(
        f"<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [{nums(x, y, end_x, end_y)}] "
        f"/Domain [{nums(stops[0][0], stops[-1][0])}] /Function {_function(stops)} /Extend {extended} >>"
    ))  # fmt: skip


def _repeated(
    stops: Stops,
    reflected: bool,
    unit: float,
    start: tuple[float, float],
    end: tuple[float, float],
    area: Box,
) -> tuple[Stops, int, int]:
    """Stops again and again until an area is covered, and from where to where they reach, in units."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    along = [
        ((x - start[0]) * (end[0] - start[0]) + (y - start[1]) * (end[1] - start[1])) / length / abs(unit)
        for x in (area.x, area.x + area.width)
        for y in (area.y, area.y + area.height)
    ]
    begin, last = math.floor(min(along)), math.ceil(max(along))
    if last - begin > _MOST_REPEATS:
        raise BadPartError("shading with too many repeats")
    result: Stops = []
    for number_of in range(begin, max(last, begin + 1)):
        turned = reflected and number_of % 2
        some = [(1 - at, rgb) for at, rgb in reversed(stops)] if turned else stops
        result += [(number_of + at, rgb) for at, rgb in some]
    return result, begin, max(last, begin + 1)


def _radial(pdf: PdfFile, element: ET.Element, spaces: dict[str, ET.Element]) -> tuple[str, str]:
    (x, y), (end_x, end_y) = _two(element.get("StartPoint")), _two(element.get("EndPoint"))
    begin, end = abs(attribute(element, "StartRadius", 0)), abs(attribute(element, "EndRadius", 0))
    stops = _stops(element, spaces)
    flat = math.sqrt(1 - min(max(attribute(element, "Eccentricity", 0), 0), 0.999) ** 2)
    turn = math.radians(attribute(element, "Angle", 0))
    cos, sin = math.cos(turn), math.sin(turn)
    before = ""
    if flat < 1:  # an ellipse is a circle pressed together across its angle, about the end point
        a, b, d = cos * cos + flat * sin * sin, (1 - flat) * cos * sin, sin * sin + flat * cos * cos
        before = f"{exact(a, b, b, d, end_x - a * end_x - b * end_y, end_y - b * end_x - d * end_y)} cm\n"
    name = pdf.share("Shading", pdf.add(
        f"<< /ShadingType 3 /ColorSpace /DeviceRGB /Coords [{nums(x, y, begin, end_x, end_y, end)}] "
        f"/Domain [0 1] /Function {_function(stops)} /Extend {_extended(element)} >>"
    ))  # fmt: skip
    return before, name


def _mesh(pdf: PdfFile, element: ET.Element, spaces: dict[str, ET.Element]) -> str:
    """Triangles with a colour at every corner."""
    lattice = element.tag == "LaGouraudShd"
    points = [
        (
            attribute(each, "X", 0),
            attribute(each, "Y", 0),
            int(attribute(each, "EdgeFlag", 0)) % 3,
            _point_rgb(each, spaces),
        )
        for each in children(element, "Point")
    ]
    if len(points) < 3:
        raise BadPartError("shading without points")
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    top, bottom = min(p[1] for p in points), max(p[1] for p in points)
    data = bytearray()
    for x, y, flag, rgb in points:
        if not lattice:
            data.append(flag)
        data += round((x - left) / ((right - left) or 1) * 65535).to_bytes(2, "big")
        data += round((y - top) / ((bottom - top) or 1) * 65535).to_bytes(2, "big")
        data += bytes(round(part * 255) for part in rgb)
    row = int(attribute(element, "VerticesPerRow", 2))
    kind = f"/ShadingType 5 /VerticesPerRow {max(row, 2)}" if lattice else "/ShadingType 4 /BitsPerFlag 8"
    decode = nums(left, right, top, bottom, 0, 1, 0, 1, 0, 1)
    entries = f"{kind} /ColorSpace /DeviceRGB /BitsPerCoordinate 16 /BitsPerComponent 8 /Decode [{decode}]"
    return pdf.share("Shading", pdf.stream(entries, bytes(data)))


def _point_rgb(point: ET.Element, spaces: dict[str, ET.Element]) -> Rgb:
    found = child(point, "Color")
    return colour(found, spaces).rgb if found is not None else BLACK
