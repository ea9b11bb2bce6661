"""The printed ticket as a picture, on a strip of thermal paper. No Qt in it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from yichuang.api import strips

NUMBER_PX = 152
COLUMN_HEIGHT = 264


@dataclass(frozen=True)
class TicketText:
    """What a ticket says; empty texts are left out.

    Attributes:
        place: Day and time of issue, and the kiosk.
        greeting: Mongolian, one vertical column.
        badge, badge_note: In the frame beside the number, and below it.
        rows: Label and value.
        notes: Sentences above the QR code.
        code: What the QR code holds.
        beside: Lines beside the QR code; the last one stands out.
    """

    hall: str
    place: str
    number: str
    business: str
    greeting: str = ""
    badge: str = ""
    badge_note: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    code: str = ""
    beside: tuple[str, ...] = ()
    foot: tuple[str, str] = ("", "")


def ticket_png(text: TicketText) -> bytes:
    """The ticket as a PNG of one bit per dot."""
    out = io.BytesIO()
    ticket_image(text).save(out, "PNG")
    return out.getvalue()


def ticket_image(text: TicketText) -> Image.Image:
    """The ticket; mode "1", `strips.WIDTH` wide, as high as it needs to be."""
    sheet = strips.Strip()
    sheet.y = 38
    width = strips.RIGHT - strips.EDGE - (56 if text.greeting else 0)
    sheet.paragraph(
        text.hall, 32 if sheet.length(text.hall, 32, "bold") <= width else 26, "bold", width=width, after=4
    )
    sheet.paragraph(text.place, 26, width=width, after=28)
    _number(sheet, text)
    sheet.paragraph(text.business, 32, "bold", width=width, after=16)
    sheet.y = max(sheet.y, 38 + COLUMN_HEIGHT + 16 if text.greeting else 0)
    sheet.rule()
    for label, value in text.rows:
        sheet.pair(label, value)
    sheet.y += 8 if text.notes else 0
    for note in text.notes:
        sheet.paragraph(note, 22, after=6)
    if text.rows or text.notes:
        sheet.y += 8
        sheet.rule()
    _code(sheet, text)
    if any(text.foot):
        sheet.rule()
        sheet.foot(*text.foot)
    if text.greeting:
        sheet.column(text.greeting, 30, strips.RIGHT - 14, 38, COLUMN_HEIGHT)
    return sheet.done()


def _number(sheet: strips.Strip, text: TicketText) -> None:
    room = 350 if text.badge else strips.RIGHT - strips.EDGE - (56 if text.greeting else 0)
    px = NUMBER_PX
    while px > 60 and sheet.length(text.number, px, "bold") > room:
        px -= 4
    top = sheet.y
    box = sheet.letters(text.number, strips.EDGE, top, px, "bold")
    if text.badge:
        left = box[2] + 22
        right = left + sheet.length(text.badge, 28, "bold") + 32
        sheet.draw.rounded_rectangle((left, top, right, top + 50), 6, outline=0, width=3)
        sheet.letters(text.badge, left + 16, top + 11, 28, "bold")
        sheet.letters(text.badge_note, left, top + 66, 26)
    sheet.y = box[3] + 26


def _code(sheet: strips.Strip, text: TicketText) -> None:
    top = sheet.y
    left = strips.EDGE
    if text.code:
        side = sheet.qr(text.code, strips.EDGE, top + 6)
        left, sheet.y = strips.EDGE + side + 28, top + 6 + side
    bottom, sheet.y = sheet.y, top + 10
    for number, line in enumerate(text.beside):
        weight = "bold" if number == len(text.beside) - 1 else "sans-medium"
        sheet.paragraph(line, 25, weight, left=left, after=6)
    sheet.y = max(sheet.y, bottom) + 16


def hall_time(at: datetime) -> str:
    """Day and time as printed."""
    return f"{at:%Y-%m-%d %H:%M}"
