"""An OFD file as a PDF: every page drawn as lines, glyphs and pictures, with its annotations and the seals set on it."""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_seal.rules.ofd.document import Page, Stamp, open_documents
from yichuang_seal.rules.ofd.drawing import PIXELS_A_STEP, Canvas, Painter
from yichuang_seal.rules.ofd.fonts import Faces, Fonts
from yichuang_seal.rules.ofd.limits import (
    MOST_PAGES,
    MOST_XML_BYTES,
    BadPartError,
    Budget,
    OfdError,
    too_much,
)
from yichuang_seal.rules.ofd.package import Package, parsed
from yichuang_seal.rules.ofd.pdf import PdfFile, exact, nums
from yichuang_seal.rules.ofd.pictures import picture
from yichuang_seal.rules.ofd.seals import SealPicture
from yichuang_seal.rules.ofd.svg import Svg
from yichuang_seal.rules.ofd.values import Box

POINTS = 72 / 25.4


@dataclass(frozen=True)
class Shown:
    """An OFD file to look at.

    Attributes:
        pdf: Its pages.
        pages: How many.
        stamps: How many seals are drawn. None of them was verified.
        signed: Whether it bears signatures, with a seal or without. None of them was verified.
        missing: How many parts of the file could not be drawn.
    """

    pdf: bytes
    pages: int
    stamps: int
    signed: bool
    missing: int


def convert(data: bytes, faces: Faces) -> Shown:
    """Turn an OFD file into a PDF.

    Args:
        data: The file.
        faces: Gives the typefaces that stand in for those that the file does not bring.

    Raises:
        OfdError: It cannot be shown; nothing else is raised, whatever the bytes are.
    """
    pdf, budget = PdfFile(), Budget()
    fonts = Fonts(pdf, faces)
    canvas = Canvas(pdf, fonts, budget)
    pages: list[tuple[tuple[float, float, float, float], int]] = []
    stamps = missing = 0
    signed = False
    for document in open_documents(Package(data)):
        if len(pages) + len(document) > MOST_PAGES:
            raise too_much(f"{len(pages) + len(document)} pages")
        painter = Painter(canvas, document)
        seals = Seals(canvas)
        for page in document.pages():
            content = _page(painter, seals, page)
            width, height = page.area.width * POINTS, page.area.height * POINTS
            pages.append(((0, 0, width, height), pdf.stream("", content.encode("latin-1"))))
            stamps += len(page.stamps)
        signed = signed or document.signed
        missing += painter.missing + document.missing + seals.missing
    fonts.finish()
    return Shown(pdf.finish(pages), len(pages), stamps, signed, missing)


def _page(painter: Painter, seals: Seals, page: Page) -> str:
    area = page.area
    return "\n".join([
        f"{exact(POINTS, 0, 0, -POINTS, -area.x * POINTS, (area.height + area.y) * POINTS)} cm",
        _objects(painter, page),
        *(painter.appearance(each) for each in page.appearances),
        *(seals.draw(stamp) for stamp in page.stamps),
    ])  # fmt: skip


def _objects(painter: Painter, page: Page) -> str:
    """What stands on the page itself, and in its templates."""
    below = [painter.template(each) for each in page.below]
    own = painter.layers(page.layers)
    return "\n".join([*below, own, *(painter.template(each) for each in page.above)])


class Seals:
    """Draws seals; each picture is in the PDF once.

    Attributes:
        missing: How many have no picture that can be drawn: a frame stands in their place.
    """

    def __init__(self, canvas: Canvas) -> None:
        self.missing = 0
        self._canvas = canvas
        self._known: dict[SealPicture, tuple[str, int]] = {}

    def draw(self, stamp: Stamp) -> str:
        """A seal on its page. Its ink lets the text below through, as ink does."""
        x, y, width, height = stamp.place
        clip = f"{nums(*stamp.clip)} re W n\n" if stamp.clip is not None else ""
        try:
            if stamp.seal is None:
                raise BadPartError("seal")
            drawing = self._drawing(stamp.seal)
            self._canvas.budget.paint(width * height)
        except BadPartError:
            self.missing += 1
            return f"q 0.8 0.1 0.1 RG 0.5 w [2 1] 0 d {nums(x, y, width, height)} re S Q"
        state = self._canvas.state(1, 1, "Multiply")
        return f"q 1 0 0 1 {nums(x, y)} cm\n{clip}{state}\n{nums(width, 0, 0, height, 0, 0)} cm\n{drawing}\nQ"

    def _drawing(self, seal: SealPicture) -> str:
        """The operators that draw a seal into the unit square, y down."""
        budget = self._canvas.budget
        if seal in self._known:
            drawing, cost = self._known[seal]
            budget.spend(cost)  # whoever draws the page draws it again
            return drawing
        before = budget.left
        if seal.kind == "ofd" or seal.data.startswith(b"PK\x03\x04"):
            drawing = self._ofd(seal.data)
        elif seal.kind == "svg" or seal.data.lstrip()[:4].lower() in {b"<svg", b"<?xm"}:
            drawing = self._svg(seal.data)
        else:
            drawing = self._picture(seal.data)
        self._known[seal] = drawing, before - budget.left
        return drawing

    def _picture(self, data: bytes) -> str:
        number, pixels = picture(self._canvas.pdf, self._canvas.budget, data)
        self._canvas.budget.spend(5 + pixels // PIXELS_A_STEP)
        return f"1 0 0 -1 0 1 cm /{self._canvas.pdf.share('XObject', number)} Do"

    def _svg(self, data: bytes) -> str:
        try:
            root, _ = parsed(data[:MOST_XML_BYTES], "SVG")
        except OfdError as error:
            raise BadPartError("seal") from error
        drawn = Svg(self._canvas, root)
        self.missing += bool(drawn.missing)
        return drawn.drawing

    def _ofd(self, data: bytes) -> str:
        """A seal that is an OFD file itself: its first page, without seals of its own."""
        try:
            document = next(iter(open_documents(Package(data))))
            page = next(document.pages())
        except OfdError as error:
            raise BadPartError("seal") from error
        painter = Painter(self._canvas, document)
        content = _objects(painter, page)
        self.missing += bool(painter.missing)
        x, y, width, height = page.area
        name = self._canvas.form(Box(x, y, width, height), content)
        return f"{exact(1 / width, 0, 0, 1 / height, -x / width, -y / height)} cm /{name} Do"
