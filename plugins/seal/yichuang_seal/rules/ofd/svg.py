"""SVG as far as seals use it: shapes, paths, groups, plain colours and opacity. What else there is, is counted as missing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from yichuang_seal.rules.ofd.colours import BLACK, Rgb
from yichuang_seal.rules.ofd.drawing import Canvas
from yichuang_seal.rules.ofd.limits import DEEPEST_DRAWING, BadPartError
from yichuang_seal.rules.ofd.paths import path, rounded
from yichuang_seal.rules.ofd.pdf import exact, num, nums
from yichuang_seal.rules.ofd.values import IDENTITY, Box, Matrix, number, numbers

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_TURNS = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")
_NAMES: dict[str, Rgb] = {
    "black": BLACK, "white": (1, 1, 1), "red": (1, 0, 0), "blue": (0, 0, 1), "green": (0, 0.5, 0), "gray": (0.5, 0.5, 0.5),
    "grey": (0.5, 0.5, 0.5), "crimson": (0.86, 0.08, 0.24), "firebrick": (0.7, 0.13, 0.13), "darkred": (0.55, 0, 0),
    "currentcolor": BLACK,
}  # fmt: skip
_INHERITED = ("fill", "stroke", "stroke-width", "fill-rule", "fill-opacity", "stroke-opacity")
_SILENT = frozenset({"title", "desc", "metadata", "defs", "style"})
_KAPPA_QUARTERS = "M {l} {y} A {rx} {ry} 0 0 1 {r} {y} A {rx} {ry} 0 0 1 {l} {y} C"


class Svg:
    """Draws a picture into the unit square, y down.

    Attributes:
        missing: How many parts could not be drawn.
        drawing: The operators.

    Raises:
        BadPartError: It is none, or has no size.
    """

    def __init__(self, canvas: Canvas, root: ET.Element) -> None:
        self._canvas = canvas
        self.missing = 0
        if root.tag != "svg":
            raise BadPartError("SVG")
        view = numbers(root.get("viewBox"))
        area = Box(*view) if len(view) == 4 else Box(0, 0, _size(root, "width"), _size(root, "height"))
        if min(area.width, area.height) <= 0:
            raise BadPartError("SVG without a size")
        out: list[str] = []
        self._children(out, root, {"fill": "black", "stroke-width": "1"}, 0)
        name = canvas.form(area, "\n".join(out))
        scale = exact(1 / area.width, 0, 0, 1 / area.height, -area.x / area.width, -area.y / area.height)
        self.drawing = f"{scale} cm /{name} Do"

    def _children(self, out: list[str], parent: ET.Element, style: dict[str, str], depth: int) -> None:
        if depth > DEEPEST_DRAWING:
            raise BadPartError("SVG too deep")
        for each in parent:
            self._canvas.budget.spend(5)
            drawn: list[str] = []
            try:
                self._draw(drawn, each, _styled(each, style), depth)
            except BadPartError:
                self.missing += 1
                continue
            out += ["q", *drawn, "Q"]

    def _draw(self, out: list[str], element: ET.Element, style: dict[str, str], depth: int) -> None:
        if element.tag in _SILENT or style.get("display") == "none" or style.get("visibility") == "hidden":
            return
        turned = _transform(element.get("transform"))
        if turned != IDENTITY:
            out.append(f"{exact(*turned)} cm")
        if element.tag in {"g", "a", "svg"}:
            self._children(out, element, style, depth + 1)
            return
        shape = self._shape(element)
        fill, stroke = _colour(style.get("fill", "")), _colour(style.get("stroke", "none"))
        opacity = _share(style.get("opacity"))
        state = self._canvas.state(
            opacity * _share(style.get("fill-opacity")), opacity * _share(style.get("stroke-opacity"))
        )
        even = "*" if style.get("fill-rule") == "evenodd" else ""
        width = abs(_length(style.get("stroke-width", "1")))
        if not width:
            stroke = None
        if fill is None and stroke is None:
            return
        out += [state] if state else []
        out += [f"{nums(*fill)} rg"] if fill else []
        out += [f"{nums(*stroke)} RG {num(width)} w 4 M"] if stroke else []
        out.append(f"{shape}\n" + (f"B{even}" if fill and stroke else f"f{even}" if fill else "S"))

    def _shape(self, element: ET.Element) -> str:
        budget, tag = self._canvas.budget, element.tag
        if tag == "path":
            return path(_abbreviated(element.get("d") or ""), budget)
        if tag == "rect":
            x, y, width, height = (_size(element, name) for name in ("x", "y", "width", "height"))
            rx, ry = _size(element, "rx"), _size(element, "ry")
            return rounded(Box(x, y, width, height), rx or ry, ry or rx)
        if tag in {"circle", "ellipse"}:
            x, y, r = _size(element, "cx"), _size(element, "cy"), _size(element, "r")
            rx, ry = (r, r) if tag == "circle" else (_size(element, "rx"), _size(element, "ry"))
            return path(_KAPPA_QUARTERS.format(l=x - rx, r=x + rx, y=y, rx=rx, ry=ry), budget)
        if tag == "line":
            ends = (_size(element, name) for name in ("x1", "y1", "x2", "y2"))
            return path("M {} {} L {} {}".format(*ends), budget)
        if tag in {"polyline", "polygon"}:
            points = numbers(element.get("points"))
            pairs = " ".join(f"L {x} {y}" for x, y in zip(points[::2], points[1::2], strict=False))
            return path(f"M{pairs[1:]}{' C' if tag == 'polygon' else ''}" if pairs else "", budget)
        raise BadPartError(f"SVG {tag[:20]}")


def _styled(element: ET.Element, above: dict[str, str]) -> dict[str, str]:
    """What is inherited, then attributes, then the style attribute."""
    found = {name: above[name] for name in _INHERITED if name in above}
    found |= {name: value.strip() for name, value in element.attrib.items()}
    for part in (element.get("style") or "").split(";"):
        name, _, value = part.partition(":")
        if value:
            found[name.strip()] = value.strip()
    return found


def _length(text: str) -> float:
    """A length; units count as what they are in pixels only where all of a picture uses the same."""
    return number(re.sub(r"(px|mm|cm|pt|in)$", "", text.strip()))


def _size(element: ET.Element, name: str) -> float:
    text = element.get(name)
    return _length(text) if text else 0.0


def _share(text: str | None) -> float:
    return min(max(number(text), 0), 1) if text else 1.0


def _colour(text: str) -> Rgb | None:
    """A colour, None where nothing is painted. Raises BadPartError for a gradient or a colour that nobody knows."""
    text = text.lower().strip()
    if text in {"none", "transparent"}:
        return None
    if re.fullmatch(r"#[0-9a-f]{3}|#[0-9a-f]{6}", text):
        digits = text[1:] if len(text) == 7 else "".join(each * 2 for each in text[1:])
        return int(digits[:2], 16) / 255, int(digits[2:4], 16) / 255, int(digits[4:], 16) / 255
    if text.startswith("rgb("):
        parts = text[4:].rstrip(")").replace(",", " ").split()
        values = [number(each.rstrip("%")) / (100 if each.endswith("%") else 255) for each in parts]
        if len(values) == 3:
            return values[0], values[1], values[2]
    if text in _NAMES:
        return _NAMES[text]
    raise BadPartError(f"SVG colour {text[:20]}")


def _transform(text: str | None) -> Matrix:
    result = IDENTITY
    for name, inside in _TURNS.findall(text or ""):
        v = numbers(inside)
        try:
            result = result.after(_turn(name, v))
        except (IndexError, TypeError) as error:
            raise BadPartError(f"SVG {name}") from error
    return result


def _turn(name: str, v: list[float]) -> Matrix:
    if name == "matrix":
        return Matrix(*v)
    if name == "translate":
        return Matrix(1, 0, 0, 1, v[0], v[1] if len(v) > 1 else 0)
    if name == "scale":
        return Matrix(v[0], 0, 0, v[1] if len(v) > 1 else v[0], 0, 0)
    angle = math.radians(v[0])
    if name != "rotate":
        slant = math.tan(angle)
        return Matrix(1, 0, slant, 1, 0, 0) if name == "skewX" else Matrix(1, slant, 0, 1, 0, 0)
    turned = Matrix(math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 0, 0)
    x, y = (v[1], v[2]) if len(v) > 2 else (0.0, 0.0)
    return Matrix(1, 0, 0, 1, x, y).after(turned).after(Matrix(1, 0, 0, 1, -x, -y))


def _abbreviated(data: str) -> str:
    """A path of SVG as OFD writes paths: absolute, without shortcuts."""
    out: list[str] = []
    x = y = start_x = start_y = 0.0
    control: tuple[float, float] | None = None  # of the curve before, for the smooth ones
    before = ""
    for command, given in _commands(data):
        kind, v = command.upper(), list(given)
        if command.islower():
            v = _absolute(kind, v, x, y)
        if kind == "Z":
            out.append("C")
            x, y, before = start_x, start_y, kind
            continue
        if kind in "HV":
            v = [v[0], y] if kind == "H" else [x, v[0]]
        smooth = control if control is not None and before in ("CS" if kind == "S" else "QT") else (x, y)
        if kind in "ST":
            v = [2 * x - smooth[0], 2 * y - smooth[1], *v]
        control = (v[-4], v[-3]) if kind in "CSQT" else None
        out.append(
            " ".join([{"H": "L", "V": "L", "C": "B", "S": "B", "T": "Q"}.get(kind, kind), *map(str, v)])
        )
        x, y, before = v[-2], v[-1], kind
        if kind == "M":
            start_x, start_y = x, y
    return " ".join(out)


def _absolute(kind: str, v: list[float], x: float, y: float) -> list[float]:
    if kind == "A":
        return [*v[:5], v[5] + x, v[6] + y]
    if kind == "V":
        return [v[0] + y]
    return [value + (y if index % 2 else x) for index, value in enumerate(v)]


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Commands with their numbers; one that is repeated stands only once."""
    tokens = _TOKEN.findall(data)
    at, command = 0, ""
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
        elif not command or command in "zZ":
            raise BadPartError("SVG path")
        count = _COUNTS.get(command.upper())
        if count is None:
            raise BadPartError(f"SVG path with {command}")
        values = tokens[at : at + count]
        if len(values) < count or any(value.isalpha() for value in values):
            return  # cut off: drawn as far as it goes
        yield command, [number(value) for value in values]
        at += count
        command = {"M": "L", "m": "l"}.get(command, command)
