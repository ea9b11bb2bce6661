"""Buttons for fingers, each painted from a face."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from yichuang.api.ui import icon_pixmap, theme
from yichuang_queue.ui.board.parts import columns, rounded
from yichuang_queue.ui.kiosk.look import (
    AMBER,
    AMBER_LINE,
    DEEP,
    FAINT,
    FOCUS,
    GREEN,
    INK,
    LINE,
    PALE,
    PAPER,
    READY,
    SOFT,
    SUNKEN,
    TARGET,
    TEAL,
    TINT,
    WHITE,
    Face,
    Look,
)

TONES = {"": (INK, SOFT), "amber": (AMBER, AMBER), "green": (GREEN, GREEN)}


class Touch(QAbstractButton):
    """A button for fingers.

    Args:
        face: What it shows.
        look: How.
        kind: tile (a row with a value at the right), card (large, the icon above), chip (icon and word in the middle), bar
            (icon over word), field (like something to type in), main (filled), plain.
    """

    def __init__(self, face: Face, look: Look, kind: str = "tile", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.kind = kind
        self.face = face
        self._ring = False
        chip = self._chip
        self._painters = {
            "card": self._card, "field": self._field, "bar": self._bar, "chip": chip, "main": chip, "plain": chip,
        }  # fmt: skip
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumSize(TARGET, TARGET)
        self.show_face(face)

    def show_face(self, face: Face) -> None:
        """Show something else; nothing is painted if it is the same."""
        same = face == self.face and bool(self.accessibleName())
        self.face = face
        self.setEnabled(not face.off)
        if not same:
            self.setAccessibleName(face.title)
            self.setAccessibleDescription(
                face.off or " ".join(p for p in (face.note, face.value, face.under) if p)
            )
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.target(240), self.look.target(120))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        fill, border = self._colours()
        if self.kind == "bar":
            painter.fillRect(area, QColor(fill))
        else:
            _box(painter, area, fill, border, 2 if self.isChecked() else 1, self.look.px(12))
        self._painters.get(self.kind, self._tile)(painter, area)
        if self.hasFocus() and self._ring:
            painter.setPen(QPen(QColor(FOCUS), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(4, 4, -4, -4), 10, 10)

    def _colours(self) -> tuple[str, str]:
        if not self.isEnabled():
            return SUNKEN, LINE
        if self.kind == "main":
            return (DEEP if self.isDown() else TEAL), TEAL
        if self.isChecked():
            return TINT, TEAL
        return (TINT if self.isDown() else PAPER), LINE

    @property
    def _ink(self) -> str:
        if not self.isEnabled():
            return FAINT
        if self.kind == "main":
            return WHITE
        return DEEP if self.isChecked() else INK

    def _tile(self, painter: QPainter, area: QRectF) -> None:
        px, face = self.look.px, self.face
        x = area.x() + px(24)
        if self.look.mongolian and face.mn:
            x += columns(painter, x - px(8), px(10), area.height() - px(20), face.mn, px(24), SOFT, 2) + px(8)
        elif face.icon and not self.look.large:
            side = min(px(76), int(area.height()) - px(20))
            box = QRectF(x, area.center().y() - side / 2, side, side)
            rounded(painter, box, TINT if self.isEnabled() else PAPER, px(10))
            _icon(painter, box, face.icon, TEAL if self.isEnabled() else FAINT, px(40))
            x += side + px(20)
        right = area.right() - px(24)
        width = self._value(painter, area, right)
        room = right - width - (px(12) if width else 0) - x
        self._words(painter, x, area, room, face.title, 36, "" if self.look.large else face.note)

    def _words(
        self, painter: QPainter, x: float, area: QRectF, room: float, title: str, size: int, note: str
    ) -> None:
        """A title in one or two lines, and a note below it where there is one and room for it."""
        px, small = self.look.letters(size), self.look.letters(22)
        lines = _in_lines(title, room, px)
        if len(lines) > 1:
            px = round(px * 0.85)
        height = px * 1.3 * len(lines)
        with_note = bool(note) and height + small * 1.4 <= area.height() - 8
        top = area.center().y() - (height + small * 1.4 * with_note) / 2
        for line in lines:
            _line(painter, x, top, room, line, px, self._ink, strong=True)
            top += px * 1.3
        if with_note:
            _line(
                painter,
                x,
                top + 2,
                room,
                _whole_names(note, room, small),
                small,
                SOFT if self.isEnabled() else FAINT,
            )

    def _value(self, painter: QPainter, area: QRectF, right: float) -> float:
        """What stands at the right; gives back its width."""
        face, letters = self.face, self.look.letters
        if face.off:
            return _line(
                painter,
                right,
                area.center().y() - letters(24) * 0.66,
                0,
                face.off,
                letters(24),
                SOFT,
                right=True,
            )
        ink, under = TONES[face.tone]
        if face.value and face.under:
            top = area.center().y() - (letters(30) + letters(24)) * 0.66
            first = _line(painter, right, top, 0, face.value, letters(30), ink, strong=True, right=True)
            second = _line(
                painter, right, top + letters(30) * 1.35, 0, face.under, letters(24), under, right=True
            )
            return max(first, second)
        word = face.value or face.under
        if not word:
            return 0
        return _line(
            painter, right, area.center().y() - letters(28) * 0.66, 0, word, letters(28), ink, right=True
        )

    def _card(self, painter: QPainter, area: QRectF) -> None:
        px, letters, face = self.look.px, self.look.letters, self.face
        filled = self.isChecked()
        if filled:
            _box(painter, area, DEEP if self.isDown() else TEAL, None, 0, px(12))
        ink, soft = (WHITE, PALE) if filled else (INK, SOFT)
        if area.height() < px(190) or self.look.large:
            side = px(44)
            box = QRectF(area.x() + px(20), area.center().y() - side / 2, side, side)
            _icon(painter, box, face.icon, WHITE if filled else TEAL, side)
            room = area.right() - box.right() - px(28)
            _line(
                painter,
                box.right() + px(14),
                area.center().y() - letters(30) * 0.66,
                room,
                face.title,
                letters(30),
                ink,
                strong=True,
            )
            return
        x, side = area.x() + px(30), px(64)
        _icon(painter, QRectF(x, area.y() + px(30), side, side), face.icon, WHITE if filled else TEAL, side)
        if face.value:
            width = _line(
                painter,
                area.right() - px(30),
                area.y() + px(50),
                0,
                face.value,
                letters(22),
                soft,
                right=True,
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor({"green": READY, "amber": AMBER_LINE}.get(face.tone, FAINT)))
            painter.drawEllipse(QPointF(area.right() - px(46) - width, area.y() + px(66)), px(6), px(6))
        room = area.width() - px(60)
        bottom = area.bottom() - px(30)
        _line(
            painter,
            x,
            bottom - letters(24) * 1.25 - letters(36) * 1.3,
            room,
            face.title,
            letters(36),
            ink,
            strong=True,
        )
        _line(painter, x, bottom - letters(24) * 1.25, room, face.note, letters(24), soft)

    def _field(self, painter: QPainter, area: QRectF) -> None:
        """Like a field to type in."""
        px, face = self.look.px, self.face
        _icon(painter, QRectF(area.x() + px(20), 0, px(32), area.height()), face.icon, SOFT, px(32))
        x = area.x() + px(68)
        size = self.look.letters(26)
        _line(painter, x, area.center().y() - size * 0.66, area.right() - px(16) - x, face.title, size, SOFT)

    def _chip(self, painter: QPainter, area: QRectF) -> None:
        """Icon and words in the middle, a tick behind them when it is chosen."""
        px, face = self.look.px, self.face
        size = self.look.letters(30 if self.kind == "chip" else 34)
        side = px(36) if face.icon else 0
        metrics = QFontMetricsF(theme.font(size, strong=True))
        gap = px(14) if side else 0
        tick = px(40) if self.isChecked() and self.kind == "chip" else 0
        mn = px(40) if self.look.mongolian and face.mn else 0
        room = area.width() - px(24) - side - gap - tick - mn
        width = min(metrics.horizontalAdvance(face.title), room)
        x = area.center().x() - (mn + side + gap + width + tick) / 2
        if mn:
            columns(
                painter,
                x - px(6),
                px(8),
                area.height() - px(16),
                face.mn,
                px(22),
                SOFT if self.kind != "main" else WHITE,
                1,
            )
            x += mn
        if side:
            ink = self._ink if not self.isChecked() else TEAL
            _icon(painter, QRectF(x, area.center().y() - side / 2, side, side), face.icon, ink, side)
            x += side + gap
        top = area.center().y() - size * 0.66 - (size * 0.5 if face.note else 0)
        _line(painter, x, top, room, face.title, size, self._ink, strong=True)
        if face.note:
            small = self.look.letters(22)
            soft = PALE if self.kind == "main" else SOFT
            drawn = min(QFontMetricsF(theme.font(small)).horizontalAdvance(face.note), area.width() - px(16))
            _line(
                painter,
                area.center().x() - drawn / 2,
                top + size * 1.35,
                area.width() - px(16),
                face.note,
                small,
                soft,
            )
        if tick:
            _icon(
                painter,
                QRectF(x + width + px(6), area.center().y() - px(16), px(32), px(32)),
                "check",
                TEAL,
                px(32),
            )

    def _bar(self, painter: QPainter, area: QRectF) -> None:
        px, face = self.look.px, self.face
        size = self.look.letters(26)
        side = px(38)
        height = side + size * 1.5
        top = area.center().y() - height / 2
        _icon(painter, QRectF(area.center().x() - side / 2, top, side, side), face.icon, TEAL, side)
        width = QFontMetricsF(theme.font(size)).horizontalAdvance(face.title)
        _line(
            painter,
            area.center().x() - width / 2,
            top + side + size * 0.25,
            area.width(),
            face.title,
            size,
            self._ink,
        )
        if self.look.mongolian and face.mn:
            columns(painter, area.x() + px(8), px(8), area.height() - px(16), face.mn, px(20), SOFT, 1)
        painter.fillRect(QRectF(area.right() - 1, 0, 1, area.height()), QColor(LINE))
        if self.isChecked():
            painter.fillRect(QRectF(0, 0, area.width(), px(6)), QColor(TEAL))


def _in_lines(title: str, room: float, px: int) -> list[str]:
    """A title in one line if it fits or nearly does, else cut into two."""
    metrics = QFontMetricsF(theme.font(px, strong=True))
    if metrics.horizontalAdvance(title) * 0.8 <= room:
        return [title]
    smaller = QFontMetricsF(theme.font(round(px * 0.85), strong=True))
    first = next((n for n in range(len(title), 0, -1) if smaller.horizontalAdvance(title[:n]) <= room), 1)
    first = max(-(-len(title) // 2), 1) if 2 * first >= len(title) else first
    return [title[:first], title[first:]] if first < len(title) else [title]


def _whole_names(note: str, room: float, px: int) -> str:
    """As many of the names in a note as fit."""
    metrics = QFontMetricsF(theme.font(px))
    names = note.split("、")
    while len(names) > 1 and metrics.horizontalAdvance("、".join(names)) > room:
        names.pop()
    return "、".join(names)


def paint_box(painter: QPainter, area: QRect, fill: str, border: str, radius: float) -> None:
    """A box with round corners and a hairline."""
    _box(painter, QRectF(area), fill, border, 1, radius)


def _box(painter: QPainter, area: QRectF, fill: str, border: str | None, width: float, radius: float) -> None:
    painter.setBrush(QColor(fill))
    painter.setPen(QPen(QColor(border), width) if border else Qt.PenStyle.NoPen)
    half = width / 2
    painter.drawRoundedRect(area.adjusted(half, half, -half, -half), radius, radius)


def _icon(painter: QPainter, box: QRectF, name: str, ink: str, side: int) -> None:
    dpr = painter.device().devicePixelRatioF()
    at = QPointF(box.center().x() - side / 2, box.center().y() - side / 2)
    painter.drawPixmap(at, icon_pixmap(name, ink, side, dpr))


def _line(
    painter: QPainter, x: float, top: float, room: float, words: str, size: int, ink: str, *,
    strong: bool = False, right: bool = False,
) -> float:  # fmt: skip
    """One line below `top`, made smaller down to 70 % and then elided to fit `room`; gives back its width.

    Args:
        painter: Where.
        x: Its left end; its right end with `right`.
        top: Upper edge of the line.
        room: Its greatest width; 0 is any.
        words: What it says.
        size: Of the letters.
        ink: Colour.
        strong: In medium weight.
        right: It ends at x.
    """
    font = theme.font(size, strong=strong)
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(words)
    if room and width > room:
        font = theme.font(max(round(size * 0.7), int(size * room / width)), strong=strong)
        metrics = QFontMetricsF(font)
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(words)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(QPointF(x - width if right else x, top + size * 1.06), words)
    return width
