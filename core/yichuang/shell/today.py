"""The strip at the head of the home page: the current ticket, then one number after the other, then the day's curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QPainter, QPainterPath, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from yichuang.hall.words import core as words
from yichuang.widgets import paint, theme
from yichuang.widgets.tokens import tone_color

if TYPE_CHECKING:
    from yichuang.api.hooks import Figure

_ = words.text

HEIGHT = 84
TICKET_WIDTH = 310
CURVE_WIDTH = 210
NUMBERS = ("queue.mine", "queue.waiting", "queue.longest", "done.today", "rating.today")
ELSEWHERE = frozenset({"ticket", "lights", "cases.days", "tickets.half_hours", "desk.state"})
"""Figures that have a place of their own; any other is one more number of the strip."""


@dataclass(frozen=True)
class CurrentTicket:
    """The ticket at the desk.

    Attributes:
        since: When its service began.
        mean_seconds: How long such a service takes on the average; 0 where nobody knows.
    """

    number: str
    title: str
    text: str = ""
    since: datetime | None = None
    mean_seconds: float = 0.0

    def seconds(self, now: datetime) -> float:
        """How long the service has been going on."""
        return max(0.0, (now - self.since).total_seconds()) if self.since is not None else 0.0


@dataclass(frozen=True)
class Strip:
    """What the strip shows."""

    ticket: CurrentTicket | None = None
    numbers: tuple[Figure, ...] = ()
    curve: Figure | None = None
    has_queue: bool = False


def strip_of(figures: Sequence[Figure]) -> Strip:
    """Sort the plugins' figures into the places of the strip."""
    by_id = {figure.id: figure for figure in figures}
    known = [by_id[name] for name in NUMBERS if name in by_id]
    others = [f for f in figures if f.id not in ELSEWHERE and f.id not in NUMBERS and not f.values]
    return Strip(
        ticket=_ticket(by_id.get("ticket")),
        numbers=(*known, *others)[:7],
        curve=by_id.get("tickets.half_hours"),
        has_queue="queue.mine" in by_id or "ticket" in by_id,
    )


def _ticket(figure: Figure | None) -> CurrentTicket | None:
    if figure is None or not figure.value:
        return None
    since = figure.extra.get("since")
    if isinstance(since, str):
        since = datetime.fromisoformat(since)
    mean = figure.extra.get("mean_seconds") or 0
    text = str(figure.extra.get("text") or _("In service"))
    return CurrentTicket(figure.value, figure.title, text, since, float(mean))


def minutes_text(seconds: float) -> str:
    """Such as 06:12, hours only where there are some."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{text}" if hours else text


class TodayStrip(QWidget):
    """Painted in one go: a dozen labels would cost more than the page below them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip = Strip()
        self._now: datetime | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_strip(self, strip: Strip, now: datetime) -> None:
        """Other figures."""
        self.strip = strip
        self._now = now
        parts = [f"{f.title} {f.value}{f.unit}" for f in strip.numbers]
        if strip.ticket is not None:
            parts.insert(0, f"{strip.ticket.number} {strip.ticket.title}")
        self.setAccessibleName(", ".join(parts))
        self.update()

    def tick(self, now: datetime) -> None:
        """A second has passed; only the running time is painted anew."""
        self._now = now
        if self.strip.ticket is not None:
            self.update(0, 0, TICKET_WIDTH, HEIGHT)

    def sizeHint(self) -> QSize:
        """As wide as the page."""
        return QSize(800, HEIGHT)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint box, ticket, numbers and curve."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        paint.box(painter, area, 8, "surface")
        strip = self.strip
        left = 0.0
        if strip.has_queue:
            self._paint_ticket(painter, QRectF(0, 0, TICKET_WIDTH, HEIGHT), strip.ticket)
            left = float(TICKET_WIDTH)
        right = area.width() - (CURVE_WIDTH if strip.curve is not None else 0)
        if strip.numbers:
            width = (right - left) / len(strip.numbers)
            for place, figure in enumerate(strip.numbers):
                x = left + place * width
                if x > 0:
                    paint.hairline(painter, round(x), 1, HEIGHT - 2, vertical=True)
                self._paint_number(painter, QRectF(x + 16, 0, width - 20, HEIGHT), figure)
        if strip.curve is not None:
            paint.hairline(painter, round(right), 1, HEIGHT - 2, vertical=True)
            self._paint_curve(painter, QRectF(right + 16, 0, CURVE_WIDTH - 32, HEIGHT), strip.curve)
        paint.box(painter, area, 8, None, "line2")

    def _paint_ticket(self, painter: QPainter, area: QRectF, ticket: CurrentTicket | None) -> None:
        painter.save()
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(0, 0, area.width() + 20, HEIGHT), 8, 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(clip)
        painter.fillRect(area, theme.color("accs"))
        painter.restore()
        if ticket is None:
            paint.text(
                painter, QRectF(16, 18, area.width() - 32, 24), _("No ticket at this desk"), strong=True
            )
            paint.text(
                painter,
                QRectF(16, 42, area.width() - 32, 20),
                _("Call the next one to begin."),
                px=12,
                ink="t2",
            )
            return
        x = 17 + paint.text(painter, QRectF(17, 15, 150, 44), ticket.number, px=34, ink="acct", strong=True)
        room = area.width() - x - 24
        paint.text(painter, QRectF(x + 12, 16, room, 22), ticket.title, strong=True)
        seconds = ticket.seconds(self._now) if self._now is not None else 0.0
        line = f"{ticket.text} {minutes_text(seconds)}"
        if ticket.mean_seconds:
            line += "\u3000" + _("average {time}", time=minutes_text(ticket.mean_seconds))
        paint.text(painter, QRectF(x + 12, 36, room, 20), line, px=12, ink="t2")
        share = seconds / ticket.mean_seconds if ticket.mean_seconds else 0.0
        # Longer than usual is worth a look, never a reproach: amber, not red.
        paint.bar(painter, QRectF(17, 64, area.width() - 34, 4), share, "ambd" if share > 1 else "c1", "line")

    @staticmethod
    def _paint_number(painter: QPainter, area: QRectF, figure: Figure) -> None:
        paint.text(painter, QRectF(area.x(), 16, area.width(), 20), figure.title, px=12, ink="t2")
        tone = tone_color(figure.tone, "t1") if figure.tone else "t1"
        used = paint.text(
            painter, QRectF(area.x(), 36, area.width(), 30), figure.value, px=22, ink=tone, strong=True
        )
        unit = QRectF(area.x() + used + 4, 40, max(0.0, area.width() - used - 4), 26)
        paint.text(painter, unit, figure.unit, px=12, ink="t2")

    @staticmethod
    def _paint_curve(painter: QPainter, area: QRectF, figure: Figure) -> None:
        paint.text(painter, QRectF(area.x(), 12, area.width(), 20), figure.title, px=12, ink="t2")
        values = figure.values
        top = max(values, default=0)
        if not values or top <= 0:
            return
        gap = 2.0
        width = (area.width() - gap * (len(values) - 1)) / len(values)
        base, room = 71.0, 30.0
        for place, value in enumerate(values):
            height = max(2.0, room * value / top) if value else 1.0
            bar = QRectF(area.x() + place * (width + gap), base - height, width, height)
            paint.box(painter, bar, min(2.0, width / 3), "c1" if place == len(values) - 1 else "c2")
