"""The sheet itself: canvas, running head, foot with the codes, page numbers, watermark and reprint mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any, TypeAlias

from reportlab.lib.pagesizes import A4, A5
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFInfo, PDFString
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from yichuang.documents.codes import draw_code128, draw_qr
from yichuang.documents.faces import face
from yichuang.documents.flow import GREY, HAIRLINE, INK, Style, colour, draw_text, mm
from yichuang.documents.model import Office, Page, Paper
from yichuang.documents.sealing import INFO_KEY, SealPlace, to_info
from yichuang.documents.text import copied_as


@dataclass(frozen=True)
class Sheet:
    """A sheet as layouts see it, in points; all of it is drawn at `scale` of its size.

    So the lines of A5 are as long as those of A4, in its own points, and tables and grids stand alike on both: forms set in
    12 points are 9 points high (小五), their cells 8.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    scale: float = 1.0

    @property
    def text_width(self) -> float:
        """Between the margins."""
        return self.right - self.left

    @property
    def text_height(self) -> float:
        """From the head to the foot with its codes."""
        return self.top - self.bottom


def _sheet(size: tuple[float, float], left: float, right: float, head: float, scale: float = 1.0) -> Sheet:
    """A sheet with margins in millimetres, as they are before everything is scaled."""
    width, height = size[0] / scale, size[1] / scale
    return Sheet(width, height, left * mm, width - right * mm, height - head * mm, 39 * mm, scale)


SHEETS: dict[Page, Sheet] = {"A4": _sheet(A4, 26, 24, 24), "A5": _sheet(A5, 19, 17, 21, 0.75)}
WIDTH, HEIGHT = SHEETS["A4"].width, SHEETS["A4"].height
TOP, BOTTOM = SHEETS["A4"].top, SHEETS["A4"].bottom
TEXT_WIDTH = SHEETS["A4"].text_width

SMALL = Style(size=9, leading=13, align="left", colour=GREY)
_FOOT = Style(size=9, leading=13, align="left", colour=INK)


@dataclass(frozen=True)
class Properties:
    """What the file says about itself; never personal data."""

    title: str
    author: str
    subject: str
    date: date


class _Info(PDFInfo):  # type: ignore[misc]  # reportlab ships no types
    """Document properties with the seal's place added."""

    places: tuple[SealPlace, ...] = ()
    date: date

    def format(self, document: Any) -> bytes:
        """The dictionary as PDF."""
        made = PDFString(f"D:{self.date:%Y%m%d}000000+08'00'")
        entries = {
            "Title": PDFString(self.title),
            "Author": PDFString(self.author),
            "Subject": PDFString(self.subject),
            "Creator": PDFString("Yichuang"),
            "Producer": PDFString("ReportLab"),
            "CreationDate": made,
            "ModDate": made,
        }
        if self.places:
            entries[INFO_KEY] = PDFString(to_info(self.places))
        return PDFDictionary(entries).format(document)  # type: ignore[no-any-return]  # reportlab has no types


class SheetCanvas(Canvas):  # type: ignore[misc]  # reportlab ships no types
    """A canvas that holds its pages back until it is known how many there are."""

    def __init__(self, *args: Any, finish: Finish | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._doc.info = _Info()
        self._held: list[dict[str, Any]] = []
        self._finish = finish
        self.sheet = SHEETS["A4"]
        self.copy_of_page: list[int] = []
        self.copy = 0
        self.places: list[SealPlace] = []

    def describe(self, properties: Properties) -> None:
        """Set the document properties and the date, which is the paper's own, so that equal papers are equal files."""
        info = self._doc.info
        info.title, info.author, info.subject = properties.title, properties.author, properties.subject
        info.date = properties.date

    def mark_seal(self, x: float, y: float) -> None:
        """Remember where a seal belongs; points from the bottom left corner."""
        width, height = self._pagesize
        self.places.append(
            SealPlace(
                len(self._held),
                round(x / mm, 2),
                round((height - y) / mm, 2),
                round(width / mm, 2),
                round(height / mm, 2),
            )
        )

    def showPage(self) -> None:
        """Hold the page back."""
        self.copy_of_page.append(self.copy)
        self._held.append({name: value for name, value in self.__dict__.items() if name not in _KEPT})
        self._startPage()

    def save(self) -> None:
        """Number and write all pages."""
        self._doc.info.places = tuple(self.places)
        for index, state in enumerate(self._held):
            self.__dict__.update(state)
            if self._finish:
                copy = self.copy_of_page[index]
                number = self.copy_of_page[: index + 1].count(copy)
                self._finish(self, copy, number, self.copy_of_page.count(copy))
            super().showPage()
        self._doc.SaveToFile(self._filename, self)


Finish: TypeAlias = Callable[[SheetCanvas, int, int, int], None]
"""Draws head and foot of a finished page: canvas, copy from 0, page of the copy from 1, pages of the copy."""

_KEPT = frozenset({"_held", "copy_of_page", "copy", "places", "_finish", "_doc"})


class NextCopy(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """Says that what follows belongs to the copy of that index."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Takes no room."""
        return 0, 0

    def draw(self) -> None:
        """Nothing is drawn."""
        self.canv.copy = self.index


def build(
    story: list[Flowable], finish: Finish, properties: Properties, bottom: float = BOTTOM, page: Page = "A4"
) -> bytes:
    """Lay a story out on a sheet and return the file; `finish` draws head and foot afterwards."""
    sheet = SHEETS[page]
    face("serif")
    output = BytesIO()

    def make(*args: Any, **kw: Any) -> SheetCanvas:
        canvas = SheetCanvas(*args, finish=finish, **kw)
        canvas.describe(properties)
        canvas.sheet = sheet
        return canvas

    def begin(canvas: SheetCanvas, _document: BaseDocTemplate) -> None:
        if sheet.scale != 1:
            canvas.scale(sheet.scale, sheet.scale)

    frame = Frame(sheet.left, bottom, sheet.text_width, sheet.top - bottom, 0, 0, 0, 0)
    document = BaseDocTemplate(
        output,
        pagesize=(sheet.width * sheet.scale, sheet.height * sheet.scale),
        pageTemplates=[PageTemplate(frames=[frame], onPage=begin)],
        invariant=1,
        lang="zh-CN",
        initialFontName="serif",
        title=properties.title,
        author=properties.author,
        subject=properties.subject,
    )
    document.build(story, canvasmaker=make)
    return output.getvalue()


def running_head(canvas: SheetCanvas, left: str, left_mn: str, right: str) -> None:
    """Hall (Mongolian first) on the left, the copy's name on the right, a hairline under both."""
    sheet = canvas.sheet
    y = sheet.height - 15 * mm
    taken = draw_text(canvas, right, sheet.right, y, replace(SMALL, align="right"), sheet.text_width / 2)
    hall = f"{left_mn}　{left}" if left_mn else left
    draw_text(canvas, hall, sheet.left, y, SMALL, sheet.text_width - taken - 6 * mm)
    canvas.setStrokeColor(colour("#B8C2C8"))
    canvas.setLineWidth(HAIRLINE)
    canvas.line(sheet.left, y - 5, sheet.right, y - 5)


def page_number(canvas: SheetCanvas, number: int, total: int) -> None:
    """第 x 页 共 y 页, centred at the foot."""
    text = f"第{number}页　共{total}页"
    sheet = canvas.sheet
    draw_text(canvas, text, (sheet.left + sheet.right) / 2, 8 * mm, replace(SMALL, align="center"))


def paper_foot(canvas: SheetCanvas, paper: Paper) -> None:
    """QR code, numbers and telephones, bar code."""
    left, right = canvas.sheet.left, canvas.sheet.right
    canvas.setStrokeColor(colour(INK))
    canvas.setLineWidth(HAIRLINE)
    canvas.line(left, 37 * mm, right, 37 * mm)
    x = left
    if paper.qr_text:
        draw_qr(canvas, paper.qr_text, left, 14 * mm, 20 * mm)
        x += 25 * mm
    code_width = 60 * mm if paper.case_no else 0.0
    y = 31.5 * mm
    for line in _foot_lines(paper.office, paper.case_no, paper.query_code, paper.code_label):
        draw_text(canvas, line, x, y, _FOOT, right - code_width - x - 4 * mm)
        y -= 4.7 * mm
    if paper.case_no:
        draw_code128(canvas, paper.case_no, right - code_width, 22 * mm, code_width, 12 * mm)
        # centred under the bars, which end at the right edge
        draw_text(
            canvas, paper.case_no, right, 17.5 * mm, replace(_FOOT, align="right", spread=0.08), code_width
        )


def _foot_lines(office: Office, case_no: str, query_code: str, label: str = "办件编号") -> list[str]:
    phones = [f"窗口电话：{office.window_phone}"] if office.window_phone else []
    lines = [
        f"{label}：{case_no}" if case_no else "",
        f"查询码：{query_code}" + ("　扫码可查办理进度" if case_no else "") if query_code else "",
        "　".join([*phones, f"监督电话：{office.supervision_phone}"]),
        "　".join(filter(None, [office.window, office.address])),
    ]
    return [line for line in lines if line]


def watermark(
    canvas: SheetCanvas, text: str, width: float = WIDTH, height: float = HEIGHT, size: float = 54
) -> None:
    """Large pale letters across the page."""
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(35)
    with copied_as(canvas, text):  # or its slanted letters would be strewn over the text that is copied
        draw_text(canvas, text, 0, 0, Style(size=size, align="center", alpha=0.12), width * 0.95)
    canvas.restoreState()


def reprint_mark(canvas: SheetCanvas, times: int) -> None:
    """补打 in a box at the top, so that a second print is never taken for the first."""
    text = "补打" if times == 1 else f"补打（第{times}次）"
    sheet = canvas.sheet
    y = sheet.height - 21.5 * mm
    style = Style(size=10, align="right", bold=True)
    width = draw_text(canvas, text, sheet.right - 4, y, style)
    canvas.setLineWidth(0.8)
    canvas.setStrokeColor(colour(INK))
    canvas.rect(sheet.right - width - 8, y - 4, width + 8, 15, stroke=1, fill=0)
