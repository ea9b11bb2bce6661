"""The face of a licence or certificate: A4 across, double border, fields, QR code, organ, date and seal place."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from reportlab.lib.pagesizes import A4, landscape

from yichuang.documents.codes import draw_qr
from yichuang.documents.faces import DRAWING, face
from yichuang.documents.flow import INK, Style, colour, draw_text, mm, picture
from yichuang.documents.model import LicenceFace
from yichuang.documents.numbering import chinese_date
from yichuang.documents.pages import Properties, SheetCanvas
from yichuang.documents.sealing import DIAMETER
from yichuang.documents.text import atoms, break_lines, copied_as, draw_line, one_line

WIDTH: float
HEIGHT: float
WIDTH, HEIGHT = landscape(A4)
GOLD = "#B79A5B"
TINT = "#FBF9F2"
_BORDER = 12 * mm
_INNER = 15 * mm
_LEFT = 34 * mm
_RIGHT = WIDTH - 32 * mm
_SIDE = 44 * mm  # room for photograph and QR code on the right
_GAP = 7 * mm  # between labels and values
_FOOT = 36 * mm  # where the fields must end

TITLE = Style(size=38, leading=50, align="center", bold=True)
TITLE_MN = Style(size=20, leading=28, align="center")
SUBTITLE = Style(size=15, leading=22, align="center")
FIELD = Style(size=15, leading=25, align="left")
ORGAN = Style(size=15, leading=24, align="center")
SMALL = Style(size=10, leading=14, align="center", colour="#5E6E79")


def render(licence: LicenceFace, watermark: str, draft: bool) -> bytes:
    """The licence as a PDF file; see `yichuang.documents.render_licence`."""
    with DRAWING:
        face("serif")
        output = BytesIO()
        canvas = SheetCanvas(
            output, pagesize=(WIDTH, HEIGHT), invariant=1, lang="zh-CN", initialFontName="serif"
        )
        canvas.describe(Properties(licence.title, licence.organ, licence.number, licence.date))
        _draw_border(canvas)
        top = _draw_title(canvas, licence)
        _draw_side(canvas, licence, top)
        _draw_fields(canvas, licence, top)
        _draw_organ(canvas, licence, draft)
        if draft:
            _draw_watermark(canvas, "预览稿　未生效")
        if watermark:
            _draw_watermark(canvas, watermark)
        canvas.showPage()
        canvas.save()
        return output.getvalue()


def _draw_border(canvas: SheetCanvas) -> None:
    canvas.setFillColor(colour(TINT))
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    canvas.setStrokeColor(colour(GOLD))
    for inset, width in ((_BORDER, 2.2), (_INNER, 0.7)):
        canvas.setLineWidth(width)
        canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset, stroke=1, fill=0)


def _draw_title(canvas: SheetCanvas, licence: LicenceFace) -> float:
    """Title block, Mongolian over Chinese; returns where the fields begin."""
    y = HEIGHT - 27 * mm
    room = WIDTH - 2 * _LEFT
    if licence.title_mn:
        draw_text(canvas, licence.title_mn, WIDTH / 2, y, TITLE_MN, room)
        y -= 6 * mm
    y -= 10 * mm
    spread = 0.35 if len(licence.title) <= 8 else 0.08
    draw_text(canvas, licence.title, WIDTH / 2, y, replace(TITLE, spread=spread), room)
    y -= 10 * mm
    number = f"{licence.number_label}：{licence.number}" if licence.number_label else licence.number
    draw_text(canvas, "　".join(filter(None, [licence.subtitle, number])), WIDTH / 2, y, SUBTITLE, room)
    return y - 8 * mm


def _draw_side(canvas: SheetCanvas, licence: LicenceFace, top: float) -> None:
    """Photograph, then QR code, at the right edge."""
    centre = _RIGHT - 18 * mm
    if licence.photo:
        drawn = picture(licence.photo, 26 * mm, 36 * mm)
        drawn.drawOn(canvas, centre - drawn.drawWidth / 2, top - drawn.drawHeight)
        top -= 40 * mm
    if licence.qr:
        side = 28 * mm
        canvas.setFillColor(colour("#FFFFFF"))
        canvas.setStrokeColor(colour("#C9C2AE"))
        canvas.setLineWidth(0.5)
        canvas.rect(
            centre - side / 2 - 3 * mm, top - side - 6 * mm, side + 6 * mm, side + 6 * mm, stroke=1, fill=1
        )
        draw_qr(canvas, licence.qr, centre - side / 2, top - side - 3 * mm, side)
        draw_text(canvas, "扫码核验", centre, top - side - 11 * mm, SMALL)


def _draw_fields(canvas: SheetCanvas, licence: LicenceFace, top: float) -> None:
    """Labels spread over one width, values wrapped; smaller where there is much to say."""
    fields = (*licence.fields, *((("有效期限", licence.valid),) if licence.valid else ()))
    ems = {label: one_line(label).width for label, _value in fields}
    spread_over = max((width for width in ems.values() if width <= 6), default=0)
    column = min(max(ems.values(), default=0), 12)
    for size in (15, 13.5, 12, 10.5, 9, 8, 7, 6):
        style = replace(FIELD, size=size, leading=size * 1.62)
        left = _LEFT + column * size + _GAP
        rows = [(label, break_lines(atoms(value), (_RIGHT - _SIDE - left) / size)) for label, value in fields]
        if top - sum(len(lines) for _label, lines in rows) * style.leading >= _FOOT:
            break
    y = top - style.size
    for label, lines in rows:
        gaps = len(label) - 1
        spread = (spread_over - ems[label]) / gaps if gaps and ems[label] < spread_over else 0.0
        draw_text(canvas, label, _LEFT, y, replace(style, spread=spread), column * style.size)
        for line in lines:
            canvas.setFillColor(colour(INK))
            draw_line(canvas, line, left, y, style.size)
            y -= style.leading


def _draw_organ(canvas: SheetCanvas, licence: LicenceFace, draft: bool) -> None:
    """Organ and date on one axis, low on the right, the seal's centre just over the date."""
    lines = [
        licence.organ_mn,
        f"{licence.organ_label}：{licence.organ}" if licence.organ_label else licence.organ,
    ]
    axis = _RIGHT - 45 * mm
    y = 35 * mm
    draw_text(canvas, chinese_date(licence.date), axis, y, ORGAN)
    centre = y + ORGAN.size * 0.35 + 4 * mm
    for line in reversed([line for line in lines if line]):
        y += 8.5 * mm
        draw_text(canvas, line, axis, y, ORGAN, 2 * (WIDTH - _INNER - 4 * mm - axis))
    canvas.mark_seal(axis, centre)
    if draft:
        canvas.setStrokeColor(colour("#9AA5AC"))
        canvas.setLineWidth(0.5)
        canvas.setDash(3, 2)
        canvas.circle(axis, centre, DIAMETER / 2 * mm, stroke=1, fill=0)
        canvas.setDash()
    if licence.note:
        draw_text(canvas, licence.note, _LEFT, 20 * mm, replace(SMALL, align="left"), axis - _LEFT - 30 * mm)


def _draw_watermark(canvas: SheetCanvas, text: str) -> None:
    """What a copy may be used for, pale and slanted, repeated so that it cannot be cut away."""
    style = Style(size=20, align="center", alpha=0.14, face="sans")
    canvas.saveState()
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(17)
    for row in range(-2, 3):
        with copied_as(canvas, "" if row else text):  # copied once, and not strewn over the fields
            draw_text(canvas, text, (-1) ** row * 12 * mm, row * 34 * mm, style, WIDTH * 0.75)
    canvas.restoreState()
