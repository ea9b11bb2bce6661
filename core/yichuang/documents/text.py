"""Chinese lines: which face draws a character, where a line may break, how it is drawn and copied out again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from yichuang.documents.faces import face, mongolian
from yichuang.documents.model import Bold, Content

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

How: TypeAlias = Literal["plain", "shaped", "box", "hidden"]

WIDEST_GAP = 0.2
"""Most that justifying adds between two characters, in ems; a line that needs more stays ragged."""
_NOTICED_GAP = 0.08
"""From here on readers of PDF take a gap for a space, so the line carries its text beside its picture."""

# 避头尾: what may not begin and what may not end a line (CLReq 3.1.3, GB/T 15834).
_NO_START = frozenset("，。、；：？！）》〉」』】〕〗〞’”…—～·％‰℃／％,.;:?!)]}%°′″々〻")
_NO_END = frozenset("（《〈「『【〔〖〝‘“￥＄￡([{#№")

_MONGOLIAN = "\u1800-\u18af\U00011660-\U0001167f"
_TOKENS = re.compile(
    rf"\n|[ \t\xa0]+|[{_MONGOLIAN}][{_MONGOLIAN}\u200c\u200d\u202f]*|[!-~\xa1-\u17ff\u18b0-\u1fff]+|.",
    re.DOTALL,
)


class Run(NamedTuple):
    """Characters drawn in one go; width at size 1."""

    how: How
    face: str
    bold: bool
    text: str
    width: float


class Atom(NamedTuple):
    """What a line may not be broken inside of; width at size 1."""

    runs: tuple[Run, ...]
    width: float
    kind: Literal["text", "space", "feed"]

    @property
    def text(self) -> str:
        """The atom's characters."""
        return "".join(run.text for run in self.runs)


class Line(NamedTuple):
    """Runs side by side; `full` lines are justified, the last of a paragraph is not."""

    runs: tuple[Run, ...]
    width: float
    full: bool

    @property
    def text(self) -> str:
        """The line's characters."""
        return "".join(run.text for run in self.runs)

    @property
    def gaps(self) -> int:
        """Places between characters where justifying may add width."""
        return max(sum(len(run.text) if run.how == "plain" else 1 for run in self.runs) - 1, 0)


@lru_cache(maxsize=65536)
def _choice(char: str, first: str) -> tuple[How, str, float]:
    """How and by which face a character is drawn, and its width at size 1."""
    code = ord(char)
    if re.match(f"[{_MONGOLIAN}]", char):
        joined = mongolian()
        if joined is not None and code in joined.glyphs:
            return "shaped", joined.name, joined.widths.get(code, 0) / 1000
        return "box", first, 1
    if unicodedata.category(char) in {"Cc", "Cf"} or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return "hidden", first, 0
    for name in (first, "sans" if first == "serif" else "serif"):
        known = face(name)
        if code in known.glyphs:
            return "plain", name, known.widths[code] / 1000
    return "box", first, 1


@lru_cache(maxsize=4096)
def _shaped(text: str) -> tuple[str, float]:
    """A run of joining letters as reportlab draws it (at any size), and its width at size 1."""
    from reportlab.pdfbase.ttfonts import ShapedStr, shapeStr

    drawn = shapeStr(text, "mongolian", 1000)
    if isinstance(drawn, ShapedStr):
        return drawn, float(sum(part.x_advance for part in drawn.__shapeData__)) / 1000
    return drawn, sum(face("mongolian").widths.get(ord(c), 0) for c in drawn) / 1000


def _runs(text: str, first: str, bold: bool) -> Iterator[Run]:
    """Cut a token wherever the way of drawing changes."""
    how: How = "plain"
    next_how: How
    used, start, width = first, 0, 0.0
    for position, char in enumerate(text):
        next_how, next_face, advance = _choice(char, first)
        if how == "shaped" and char in "\u200c\u200d\u202f":
            next_how, next_face = "shaped", used  # joiners and the suffix space belong to the word
        if position and (next_how != how or next_face != used or how == "box"):
            yield Run(how, used, bold, text[start:position], width)
            start, width = position, 0.0
        how, used = next_how, next_face
        width += advance
    if text:
        yield Run(how, used, bold, text[start:], width)


def _measured(run: Run) -> Run:
    return run._replace(width=_shaped(run.text)[1]) if run.how == "shaped" else run


def _atom(text: str, first: str, bold: bool) -> Atom:
    runs = tuple(_measured(run) for run in _runs(text, first, bold))
    return Atom(runs, sum(run.width for run in runs), "text")


def atoms(content: Content, first: str = "serif", bold: bool = False) -> tuple[Atom, ...]:
    """Cut a paragraph into what a line may not be broken inside of."""
    result: list[Atom] = []
    for part in (content,) if isinstance(content, str) else content:
        heavy = bold or isinstance(part, Bold)
        plain = part.text if isinstance(part, Bold) else part
        for piece in _TOKENS.findall(plain.replace("\r\n", "\n").replace("\r", "\n")):
            if piece == "\n":
                result.append(Atom((), 0.0, "feed"))
            elif piece[0] in " \t\xa0":
                width = face(first).widths[32] / 1000 * len(piece)
                result.append(Atom((Run("plain", first, heavy, " " * len(piece), width),), width, "space"))
            else:
                _attach(result, _atom(piece, first, heavy))
    return tuple(result)


def _attach(result: list[Atom], new: Atom) -> None:
    last = result[-1] if result else None
    bound = (
        last is not None
        and last.kind == "text"
        and (new.runs[0].text[0] in _NO_START or last.runs[-1].text[-1] in _NO_END)
    )
    if last is not None and bound:
        result[-1] = Atom(last.runs + new.runs, last.width + new.width, "text")
    else:
        result.append(new)


def _letters(atom: Atom) -> list[Atom]:
    """An atom that is wider than a whole line, character by character."""
    singles: list[Atom] = []
    for run in atom.runs:
        for char in run.text:
            how, name, width = (run.how, run.face, 0.0) if run.how == "hidden" else _choice(char, run.face)
            how = "shaped" if run.how == "shaped" else how
            single = Run(how, run.face if how == run.how else name, run.bold, char, width)
            singles.append(Atom((single,), width, "text"))
    return singles


def break_lines(pieces: Iterable[Atom], width: float, indent: float = 0.0) -> list[Line]:
    """Fill lines of the given width (in ems) greedily; the first one is shorter by `indent`.

    Every character lands on some line; what is wider than a line is cut between characters. There is always a line.
    """
    lines: list[Line] = []
    current: list[Atom] = []
    room = max(width - indent, 1.0)
    used = 0.0

    def close(full: bool) -> None:
        nonlocal current, room, used
        while current and current[-1].kind == "space":
            current.pop()
        lines.append(_line(current, full))
        current, used, room = [], 0.0, max(width, 1.0)

    queue = list(reversed(list(pieces)))
    while queue:
        atom = queue.pop()
        if atom.kind == "feed":
            close(full=False)
        elif atom.kind == "space" and not current and lines and lines[-1].full:
            continue  # the space at which the line before was broken
        elif used + atom.width <= room + 1e-6 or (atom.kind == "space" and current):
            current.append(atom)
            used += atom.width
        elif current:
            queue.append(atom)
            close(full=True)
        elif len(letters := _letters(atom)) > 1:
            queue.extend(reversed(letters))
        else:
            current.append(atom)  # a single character wider than the line
            used += atom.width
    if current or not lines:
        close(full=False)
    return lines


def _line(parts: list[Atom], full: bool) -> Line:
    """Put a line's atoms side by side, with as few runs as can be."""
    merged: list[Run] = []
    for run in (run for atom in parts for run in atom.runs):
        if (
            run.how == "shaped"
            and len(merged) > 1
            and merged[-1].text.isspace()
            and merged[-2].how == "shaped"
        ):
            space = merged.pop()
            merged[-1] = merged[-1]._replace(text=merged[-1].text + space.text + run.text)
        elif merged and run.how in {"plain", "shaped"} and run[:3] == merged[-1][:3]:
            last = merged[-1]
            merged[-1] = last._replace(text=last.text + run.text, width=last.width + run.width)
        else:
            merged.append(run)
    runs = tuple(_measured(run) for run in merged)
    return Line(runs, sum(run.width for run in runs), full)


@lru_cache(maxsize=2048)  # labels and law texts come again and again, and every copy says the same
def set_lines(
    content: Content, first: str, bold: bool, spread: float, width: float, indent: float
) -> tuple[Line, ...]:
    """The lines of a paragraph of the given width (in ems), `spread` ems between characters."""
    pieces: Iterable[Atom] = atoms(content, first, bold)
    if spread:
        pieces = [atom._replace(width=atom.width + spread * len(atom.text)) for atom in pieces]
    return tuple(break_lines(pieces, width, indent))


@lru_cache(maxsize=2048)
def one_line(content: Content, first: str = "serif", bold: bool = False) -> Line:
    """A line that is never broken (line feeds become spaces); check its width against the room."""
    parts = [atom for atom in atoms(content, first, bold) if atom.kind != "feed"]
    return _line(parts, full=False)


@contextmanager
def copied_as(canvas: Canvas, text: str) -> Iterator[None]:
    """What is drawn inside is searched, read aloud and copied as this text (PDF ActualText)."""
    code = text.encode("utf-16-be", "surrogatepass").hex().upper()
    canvas._code.append(f"/Span <</ActualText <FEFF{code}>>> BDC")
    yield
    canvas._code.append("EMC")


def draw_line(canvas: Canvas, line: Line, x: float, y: float, size: float, spread: float = 0.0) -> None:
    """Draw a line with its baseline at (x, y) in points, in the canvas's colour; `spread` ems between characters."""
    if spread > _NOTICED_GAP:
        with copied_as(canvas, line.text):
            _draw_runs(canvas, line, x, y, size, spread, nested=True)
    else:
        _draw_runs(canvas, line, x, y, size, spread, nested=False)


def _draw_runs(
    canvas: Canvas, line: Line, x: float, y: float, size: float, spread: float, nested: bool
) -> None:
    for run in line.runs:
        if run.how == "hidden":
            continue
        if run.how == "plain":
            _draw_text(canvas, run, x, y, size, spread)
            x += (run.width + spread * len(run.text)) * size
            continue
        with nullcontext() if nested else copied_as(canvas, run.text):
            if run.how == "shaped":
                _draw_shaped(canvas, run, x, y, size)
            else:  # something unseen of a character's size, so that readers know where in the line it stands
                _draw_text(canvas, run._replace(text="〓"), x, y, size, 0.0, unseen=True)
        if run.how == "box":
            with nullcontext() if nested else copied_as(canvas, ""):
                _draw_box(canvas, run.text, x, y, size)
        x += (run.width + spread) * size


def _draw_text(
    canvas: Canvas, run: Run, x: float, y: float, size: float, spread: float, *, unseen: bool = False
) -> None:
    """Write the text operators straight into the page: a text object of reportlab's takes four times as long."""
    font, document = face(run.face).font, canvas._doc
    code = [f"BT 1 0 0 1 {x:.3f} {y:.3f} Tm"]
    if spread:
        code.append(f"{spread * size:.3f} Tc")
    if unseen:
        code.append("3 Tr")
    elif run.bold:
        canvas.setStrokeColor(canvas._fillColorObj)
        code.append(f"2 Tr {size * 0.032:.3f} w")  # the face in outline as well: fill and line make a bold
    for subset, text in font.splitString(run.text, document):
        code.append(
            f"{font.getSubsetInternalName(subset, document)} {size:.3f} Tf ({canvas._escape(text)}) Tj"
        )
    if unseen or run.bold:
        code.append("0 Tr")
    if spread:
        code.append("0 Tc")
    canvas._code.append(" ".join([*code, "ET"]))


def _draw_shaped(canvas: Canvas, run: Run, x: float, y: float, size: float) -> None:
    drawing = canvas.beginText(x, y)
    drawing.setFont(run.face, size)
    if run.bold:
        canvas.setStrokeColor(canvas._fillColorObj)
        canvas.setLineWidth(size * 0.032)
        drawing.setTextRenderMode(2)
    drawing.textOut(_shaped(run.text)[0])
    if run.bold:
        drawing.setTextRenderMode(0)
    canvas.drawText(drawing)


def _draw_box(canvas: Canvas, char: str, x: float, y: float, size: float) -> None:
    """A box with the code point, for a character that no face has: nothing of a name is lost unseen."""
    digits = f"{ord(char):04X}"
    half = (len(digits) + 1) // 2
    canvas.setLineWidth(size * 0.03)
    canvas.setStrokeColor(canvas._fillColorObj)
    canvas.rect(x + size * 0.05, y - size * 0.1, size * 0.9, size * 0.9, stroke=1, fill=0)
    small = size * (0.4 if half == 2 else 0.3)
    for row, part in enumerate((digits[:half], digits[half:])):
        width = sum(face("sans").widths[ord(c)] for c in part) / 1000 * small
        label = Run("plain", "sans", False, part, 0)
        _draw_text(canvas, label, x + (size - width) / 2, y + size * (0.42 - 0.42 * row), small, 0.0)
