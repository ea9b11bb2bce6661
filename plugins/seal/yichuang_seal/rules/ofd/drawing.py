"""The objects of a page as the content of a PDF page, in millimetres with the origin in the upper left corner."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from yichuang_seal.rules.ofd.colours import BLACK, SHADINGS, Colour, shading
from yichuang_seal.rules.ofd.document import Document, Template
from yichuang_seal.rules.ofd.fonts import Fonts
from yichuang_seal.rules.ofd.limits import DEEPEST_DRAWING, LONGEST_SIDE, BadPartError, Budget, too_much
from yichuang_seal.rules.ofd.paths import measured, path, rectangle, rounded
from yichuang_seal.rules.ofd.pdf import PdfFile, exact, num, nums
from yichuang_seal.rules.ofd.pictures import picture
from yichuang_seal.rules.ofd.styles import MOST_DASHES, SHORTEST_DASHES, Style
from yichuang_seal.rules.ofd.texts import Writer
from yichuang_seal.rules.ofd.values import (
    Box,
    Matrix,
    attribute,
    box,
    child,
    children,
    is_true,
    matrix,
    numbers,
    text_of,
)

MARGIN = 1.0
"""Millimetres by which lines and pictures may stand over their boundary: writers measure it without the line's width."""
_MOST_CELLS = 10_000
_BROAD = 2.0
"""Millimetres from which a line costs what an area costs."""
EVERYWHERE = Box(-LONGEST_SIDE, -LONGEST_SIDE, 3 * LONGEST_SIDE, 3 * LONGEST_SIDE)
PIXELS_A_STEP = 1000


class Canvas:
    """What all painters of a PDF share: the file, its fonts, graphics states and pictures, and what may be spent."""

    def __init__(self, pdf: PdfFile, fonts: Fonts, budget: Budget) -> None:
        self.pdf, self.fonts, self.budget = pdf, fonts, budget
        self._states: dict[str, str] = {}

    def state(self, fill: float, stroke: float, blend: str = "") -> str:
        """The operator that sets opacity and how colours mix; nothing where both are as usual."""
        if fill == stroke == 1 and not blend:
            return ""
        body = f"<< /ca {num(fill)} /CA {num(stroke)}{f' /BM /{blend}' if blend else ''} >>"
        if body not in self._states:
            self._states[body] = self.pdf.share("ExtGState", self.pdf.add(body))
        return f"/{self._states[body]} gs"

    def form(self, area: Box, content: str, *, whole: bool = True) -> str:
        """Content that is drawn several times; returns its name.

        Args:
            area: Outside of it nothing is seen.
            content: Operators.
            whole: It is mixed with what lies below as a whole, not object by object.
        """
        x, y, width, height = area
        group = "/Group << /S /Transparency /CS /DeviceRGB >> " if whole else ""
        entries = (
            f"/Type /XObject /Subtype /Form /BBox [{nums(x, y, x + width, y + height)}] "
            f"{group}/Resources {self.pdf.resources} 0 R"
        )
        return self.pdf.share("XObject", self.pdf.stream(entries, content.encode("latin-1")))


class Painter:
    """Draws the objects of one document.

    Attributes:
        missing: How many objects could not be drawn.
    """

    def __init__(self, canvas: Canvas, document: Document) -> None:
        self.canvas, self.document = canvas, document
        self.missing = 0
        self._pictures: dict[tuple[str, str], tuple[str, int]] = {}
        self._templates: dict[Template, str] = {}
        self._style = Style(document.resources)
        self._writer = Writer(canvas.fonts, document, canvas.budget)
        self._kinds = {
            "TextObject": self._text, "PathObject": self._path, "ImageObject": self._image,
            "CompositeObject": self._composite,
        }  # fmt: skip

    def layers(self, layers: list[ET.Element]) -> str:
        """The content of layers, or of anything that holds objects."""
        out: list[str] = []
        for layer in layers:
            self._objects(out, layer, self._style.layer(layer), 0)
        self.missing += self._writer.take_missing()
        return "\n".join(out)

    def template(self, template: Template) -> str:
        """A template, drawn once and used on every page that has it."""
        if template not in self._templates:
            content = self.layers(template.layers)
            self._templates[template] = self.canvas.form(EVERYWHERE, content, whole=False) if content else ""
        name = self._templates[template]
        return f"/{name} Do" if name else ""

    def appearance(self, element: ET.Element) -> str:
        """The content of an annotation's appearance."""
        try:
            area = box(element.get("Boundary")) or Box(0, 0, 0, 0)
        except BadPartError:
            self.missing += 1
            return ""
        return f"q 1 0 0 1 {nums(area.x, area.y)} cm\n{self.layers([element])}\nQ"

    def _objects(self, out: list[str], parent: ET.Element, style: Style, depth: int) -> None:
        if depth > DEEPEST_DRAWING:
            raise too_much("objects within objects")
        for each in parent:
            if each.tag in {"PageBlock", "Layer"}:
                self._objects(out, each, style, depth + 1)
                continue
            draw = self._kinds.get(each.tag)
            if draw is None or not is_true(each, "Visible", True):
                continue
            self.canvas.budget.spend(5)
            drawn: list[str] = []
            try:
                draw(drawn, each, style.of(each), depth)
            except BadPartError:
                self.missing += 1
                continue
            out += ["q", *drawn, "Q"]

    def _begin(self, out: list[str], element: ET.Element, clip: float | None) -> Box:
        """Go to an object's own space; returns what of it is seen, in that space.

        Args:
            out: Operators.
            element: The object.
            clip: How far it may stand over its boundary; None: as far as it likes.
        """
        area = box(element.get("Boundary")) or Box(0, 0, 0, 0)
        out.append(f"1 0 0 1 {nums(area.x, area.y)} cm")
        inside = Box(-MARGIN, -MARGIN, area.width + 2 * MARGIN, area.height + 2 * MARGIN)
        if clip is not None:
            inside = Box(-clip, -clip, area.width + 2 * clip, area.height + 2 * clip)
            out.append(f"{rectangle(inside)} W n")
        own = matrix(element.get("CTM"))
        clips = child(element, "Clips")
        moved = clips is not None and is_true(clips, "TransFlag", True)
        if clips is not None and not moved:
            self._clip(out, clips)
        if element.get("CTM"):
            inside = own.inverse().around(inside)
            out.append(f"{exact(*own)} cm")
        if clips is not None and moved:
            self._clip(out, clips)
        return inside

    def _clip(self, out: list[str], clips: ET.Element) -> None:
        """What is inside all clips is seen; a clip is everything inside any of its areas."""
        for each in children(clips, "Clip"):
            parts = []
            for area in children(each, "Area"):
                shape = child(area, "Path")
                if shape is None:
                    raise BadPartError("clip without a path")
                place = box(shape.get("Boundary")) or Box(0, 0, 0, 0)
                to = Matrix(1, 0, 0, 1, place.x, place.y).after(matrix(shape.get("CTM")))
                to = matrix(area.get("CTM")).after(to)
                data = text_of(shape, "AbbreviatedData")
                self.canvas.budget.paint(measured(data)[1] * to.scale())
                parts.append(path(data, self.canvas.budget, to))
            if any(parts):
                even = any(area.get("Rule") == "Even-Odd" for area in each.iter("Path"))
                out.append("\n".join(filter(None, parts)) + (" W* n" if even else " W n"))
            else:
                out.append("0 0 0 0 re W n")

    def _opacity(
        self, out: list[str], element: ET.Element, fill: Colour | None, stroke: Colour | None
    ) -> None:
        whole = min(max(attribute(element, "Alpha", 255) / 255, 0), 1)
        state = self.canvas.state(
            whole * (fill.alpha if fill else 1), whole * (stroke.alpha if stroke else 1)
        )
        if state:
            out.append(state)

    # ---- kinds of objects ----

    def _path(self, out: list[str], element: ET.Element, style: Style, depth: int) -> None:
        inside = self._begin(out, element, MARGIN + style.line_width())
        fill = style.colour("FillColor", None) if is_true(element, "Fill", False) else None
        stroke = style.colour("StrokeColor", Colour(BLACK)) if is_true(element, "Stroke", True) else None
        data = text_of(element, "AbbreviatedData")
        shape = path(data, self.canvas.budget)
        if not shape or (fill is None and stroke is None):
            return
        length = self._paid(element, style, data, fill is not None, stroke is not None)
        even = "*" if element.get("Rule") == "Even-Odd" else ""
        self._opacity(out, element, fill, stroke)
        if fill is not None and fill.special is not None:
            out.append(f"q {shape}\nW{even} n")
            self._flood(out, fill.special, inside, depth)
            out.append("Q")
            fill = None
        if fill is not None:
            out.append(f"{nums(*fill.rgb)} rg")
        if stroke is not None:
            out.append(f"{nums(*stroke.rgb)} RG {style.line(length)}")
        if fill is not None or stroke is not None:
            how = f"B{even}" if fill and stroke else f"f{even}" if fill else "S"
            out.append(f"{shape}\n{how}")

    def _paid(self, element: ET.Element, style: Style, data: str, filled: bool, stroked: bool) -> float:
        """Pay for what is painted, and for dashes; returns how long the line is where it has any."""
        dashes = sum(style.dashes()) if stroked else 0.0
        width = style.line_width() if stroked else 0.0
        if not (filled or dashes or width > _BROAD):
            return 0.0
        length, area = measured(data)
        own = matrix(element.get("CTM"))
        size = own.scale()
        self.canvas.budget.paint(size * (max(area, length * width) if width > _BROAD else area))
        if dashes > SHORTEST_DASHES:
            self.canvas.budget.spend(min(int(length / dashes), MOST_DASHES))
        return length

    def _text(self, out: list[str], element: ET.Element, style: Style, depth: int) -> None:
        inside = self._begin(out, element, None)
        fill = style.colour("FillColor", Colour(BLACK)) if is_true(element, "Fill", True) else None
        stroke = style.colour("StrokeColor", None) if is_true(element, "Stroke", False) else None
        self._opacity(out, element, fill, stroke)
        if stroke is not None:
            out.append(f"{nums(*stroke.rgb)} RG {style.line()}")
        special = fill.special if fill is not None else None
        if fill is not None:
            out.append(f"{nums(*fill.rgb)} rg")
        out += self._writer.write(element, style, fill, stroke)
        if special is not None:
            self._flood(out, special, inside, depth)

    def _image(self, out: list[str], element: ET.Element, _style: Style, _depth: int) -> None:
        inside = self._begin(out, element, MARGIN)
        name = self._picture(element.get("ResourceID") or "", element.get("ImageMask") or "")
        self._opacity(out, element, None, None)
        place = matrix(element.get("CTM"))
        self.canvas.budget.paint(inside.width * inside.height * place.scale())
        if not element.get("CTM"):
            area = Box(0, 0, inside.width - 2 * MARGIN, inside.height - 2 * MARGIN)
            out.append(f"q {nums(area.width, 0, 0, -area.height, 0, area.height)} cm /{name} Do Q")
        else:
            area = Box(0, 0, 1, 1)
            out.append(f"q 1 0 0 -1 0 1 cm /{name} Do Q")
        border = child(element, "Border")
        if border is not None:
            self._border(out, border, area)

    def _border(self, out: list[str], border: ET.Element, area: Box) -> None:
        width = abs(attribute(border, "LineWidth", 0.353))
        found = child(border, "BorderColor")
        ink = self._style.of(border).colour("BorderColor", None) if found is not None else Colour(BLACK)
        corners = (
            attribute(border, "HorizonalCornerRadius", 0) or attribute(border, "HorizontalCornerRadius", 0),
            attribute(border, "VerticalCornerRadius", 0),
        )
        dashes = [abs(value) for value in numbers(border.get("DashPattern"))[:32]]
        dash = (
            f"[{nums(*dashes)}] {num(max(attribute(border, 'DashOffset', 0), 0))} d "
            if sum(dashes) > SHORTEST_DASHES
            else ""
        )
        if ink is not None and width:
            out.append(f"{nums(*ink.rgb)} RG {num(width)} w {dash}{rounded(area, *corners)} S")

    def _picture(self, identifier: str, mask: str) -> str:
        """The name of a picture; drawn again it costs what drawing it costs."""
        key = identifier, mask
        if key in self._pictures:
            name, pixels = self._pictures[key]
            self.canvas.budget.spend(pixels // PIXELS_A_STEP)
            return name
        pdf, budget = self.canvas.pdf, self.canvas.budget
        data = self.document.media(identifier)
        number, pixels = picture(pdf, budget, data, self.document.media(mask) if mask else None)
        self._pictures[key] = name, _ = pdf.share("XObject", number), pixels
        return name

    def _composite(self, out: list[str], element: ET.Element, style: Style, depth: int) -> None:
        unit = self.document.resources.units.get(element.get("ResourceID") or "")
        content = child(unit, "Content")
        if content is None:
            raise BadPartError("composite without content")
        self._begin(out, element, None)
        self._opacity(out, element, None, None)
        self._objects(out, content, Style(style.resources, style.chain[1:]), depth + 1)

    # ---- areas in more than one colour ----

    def _flood(self, out: list[str], special: ET.Element, inside: Box, depth: int) -> None:
        """Paint everything that is not clipped away."""
        self.canvas.budget.paint(2 * inside.width * inside.height)
        if special.tag in SHADINGS:
            own = matrix(special.get("CTM"))
            spaces = self.document.resources.spaces
            before, name = shading(self.canvas.pdf, special, spaces, own.inverse().around(inside))
            out.append(f"q {exact(*own)} cm\n{before}/{name} sh Q")
        else:
            self._pattern(out, special, inside, depth)

    def _pattern(self, out: list[str], element: ET.Element, inside: Box, depth: int) -> None:
        """A cell again and again."""
        width, height = attribute(element, "Width", 0), attribute(element, "Height", 0)
        step_x, step_y = (
            attribute(element, "XStep", width) or width,
            attribute(element, "YStep", height) or height,
        )
        content = child(element, "CellContent")
        if content is None or min(width, height, step_x, step_y) <= 0:
            raise BadPartError("pattern")
        own = matrix(element.get("CTM"))
        around = own.inverse().around(inside)
        columns = range(int((around.x - width) // step_x), int((around.x + around.width) // step_x) + 1)
        rows = range(int((around.y - height) // step_y), int((around.y + around.height) // step_y) + 1)
        if len(columns) * len(rows) > _MOST_CELLS:
            raise BadPartError("pattern with too many cells")
        budget, before = self.canvas.budget, self.canvas.budget.left
        cell: list[str] = []
        self._objects(cell, content, self._style, depth + 1)
        budget.spend((before - budget.left + 5) * len(columns) * len(rows))
        name = self.canvas.form(Box(0, 0, width, height), "\n".join(cell))
        reflect = element.get("ReflectMethod") or "Normal"
        out.append(f"q {exact(*own)} cm")
        for column in columns:
            for row in rows:
                across = column % 2 and reflect in {"Row", "RowAndColumn"}
                down = row % 2 and reflect in {"Column", "RowAndColumn"}
                place = (column * step_x + (width if across else 0), row * step_y + (height if down else 0))
                turn = (-1 if across else 1, 0, 0, -1 if down else 1)
                out.append(f"q {nums(*turn, *place)} cm /{name} Do Q")
        out.append("Q")
