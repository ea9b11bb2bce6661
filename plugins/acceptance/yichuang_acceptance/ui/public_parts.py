"""What the applicant's screen is painted with: fixed colours of public screens, large targets, a ring only for the keyboard."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from yichuang.api.ui import paint_icon, theme
from yichuang_acceptance.words import words

GROUND, SURFACE, LINE, TINT, PAD = "#F0F4F5", "#FFFFFF", "#CDD7DC", "#E1EEF1", "#FAFCFC"
INK, INK2, TEAL, STAR, FOCUS = "#17242D", "#475863", "#1C5A6C", "#B79A5B", "#2F8CA3"
RED, RED_TINT, GREEN, AMBER_LINE, AMBER_TINT = "#B3281E", "#FBEAE8", "#2F9159", "#E6CF97", "#FCF3DF"
DATA_PX = 24
"""18 pt: what applicants check must be read without glasses."""
SMALL_PX = 18
TARGET = 64
RADIUS = 10
CENTER = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def write(
    painter: QPainter, rect: QRectF, text: str, px: int, ink: str = INK, *, strong: bool = False,
    align: Qt.AlignmentFlag = CENTER,
) -> None:  # fmt: skip
    """Text in a rectangle, broken into lines where it is too long."""
    painter.setFont(theme.font(px, strong=strong))
    painter.setPen(QColor(ink))
    painter.drawText(rect, align | Qt.TextFlag.TextWordWrap, text)


def mongolian(msgid: str) -> str:
    """The Mongolian of a text, nothing where there is none; drafts that the bureau's translator has to confirm."""
    text = words.translate(msgid, "mn")
    return "" if text == msgid else text


def speaks_mongolian(part: QWidget) -> bool:
    """Whether the screen that a part stands on shows Mongolian beside the Chinese."""
    at: QWidget | None = part
    while at is not None:
        if isinstance(chosen := at.property("mongolian"), bool):
            return chosen
        at = at.parentWidget()
    return False


def write_mongolian(
    painter: QPainter, rect: QRectF, text: str, px: int, ink: str = INK, align: Qt.AlignmentFlag = CENTER
) -> None:
    """One line of Mongolian, above the Chinese as on the head of papers (内政办发〔1996〕32号); what is too long is shrunk."""
    wide = QFontMetricsF(theme.mongolian_font(px)).horizontalAdvance(text)
    painter.setFont(
        theme.mongolian_font(px if wide <= rect.width() else max(9, int(px * rect.width() / wide)))
    )
    painter.setPen(QColor(ink))
    painter.drawText(rect, align | Qt.TextFlag.TextDontClip, text)


def frame(
    painter: QPainter, rect: QRectF, fill: str, border: str, *, width: float = 2, radius: float = RADIUS
) -> None:
    """A rounded box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), width))
    painter.setBrush(QColor(fill))
    half = width / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


def text_height(text: str, px: int, width: int, *, strong: bool = False) -> int:
    """Pixels that a text needs in a width."""
    metrics = QFontMetricsF(theme.font(px, strong=strong))
    box = QRectF(0, 0, max(1, width), 10_000)
    return math.ceil(metrics.boundingRect(box, int(Qt.TextFlag.TextWordWrap), text).height())


def paint_focus(button: QAbstractButton, painter: QPainter) -> None:
    """The ring inside a button that the keyboard is on."""
    if button.hasFocus() and button.window().property("byKeyboard"):
        painter.setOpacity(1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(FOCUS), 3))
        painter.drawRoundedRect(QRectF(button.rect()).adjusted(5, 5, -5, -5), RADIUS - 4, RADIUS - 4)


class PublicText(QWidget):
    """Text of a public screen; long text breaks into lines."""

    def __init__(
        self, text: str = "", px: int = SMALL_PX, ink: str = INK2, *, strong: bool = False,
        align: Qt.AlignmentFlag = LEFT, mn: str = "",
    ) -> None:  # fmt: skip
        super().__init__()
        self.mn = mn
        self._px, self._ink, self._strong, self._align = px, ink, strong, align
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_text(text)

    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str, ink: str = "") -> None:
        """Say something else."""
        self._text, self._ink = text, ink or self._ink
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def _above(self) -> int:
        """The height of the Mongolian line."""
        return round(self._px * 1.1) if self.mn and self._text and speaks_mongolian(self) else 0

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        chinese = max(round(self._px * 1.4), text_height(self._text, self._px, width, strong=self._strong))
        return self._above() + chinese

    def sizeHint(self) -> QSize:
        advance = QFontMetricsF(theme.font(self._px, strong=self._strong)).horizontalAdvance(self._text)
        return QSize(math.ceil(advance) + 2, self._above() + round(self._px * 1.4))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._above() + round(self._px * 1.4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self), QRectF(self.rect())
        if above := self._above():
            line = QRectF(0, 0, area.width(), above)
            write_mongolian(painter, line, self.mn, round(self._px * 0.8), self._ink, self._align)
            area = area.adjusted(0, above, 0, 0)
        write(painter, area, self._text, self._px, self._ink, strong=self._strong, align=self._align)


class PublicButton(QAbstractButton):
    """A button for fingers."""

    def __init__(
        self, text: str, *, primary: bool = False, icon: str = "", compact: bool = False, mn: str = ""
    ) -> None:
        super().__init__()
        self._primary, self._icon, self.mn = primary, icon, mn
        self._px, height = (SMALL_PX, 44) if compact else (22, TARGET)
        self.setText(text)
        self.setAccessibleName(text)
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        advance = QFontMetricsF(theme.font(self._px)).horizontalAdvance(self.text())
        return QSize(math.ceil(advance) + (84 if self._icon else 56), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        down, area = self.isDown() or self.isChecked(), QRectF(self.rect())
        fill = ("#123D49" if down else TEAL) if self._primary else (TINT if down else SURFACE)
        frame(painter, area, fill, TEAL if self._primary else LINE)
        ink = SURFACE if self._primary else INK
        if self._icon:
            paint_icon(painter, QRectF(20, area.center().y() - 11, 22, 22), self._icon, ink)
            area = area.adjusted(36, 0, 0, 0)
        if self.mn and speaks_mongolian(self):
            half = area.height() / 2
            write_mongolian(painter, area.adjusted(8, 4, -8, -half), self.mn, round(self._px * 0.8), ink)
            write(painter, area.adjusted(0, half - 4, 0, -3), self.text(), self._px - 3, ink)
        else:
            write(painter, area, self.text(), self._px, ink)
        paint_focus(self, painter)


class DataLine(QAbstractButton):
    """One line of the applicant's data; it can be marked as wrong while that is asked."""

    LABEL = 168

    def __init__(self, key: str, label: str, value: str) -> None:
        super().__init__()
        self.key, self.label, self.value = key, label, value
        self.mn = mongolian(label)
        self.setText(f"{label} {value}")
        self.setAccessibleName(self.text())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_asking(False)

    def set_asking(self, asking: bool) -> None:
        """Whether a tap marks the line as wrong."""
        self.setChecked(False)
        self.setCheckable(asking)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if asking else Qt.FocusPolicy.NoFocus)
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = width - 28 - self.LABEL - 68  # the mark's place is kept, so that nothing moves when it appears
        label = text_height(self.label, DATA_PX, self.LABEL - 8) + self._above()
        return max(53, 18 + max(text_height(self.value, DATA_PX, room), label))

    def _above(self) -> int:
        """The height of the label's Mongolian."""
        return DATA_PX if self.mn and speaks_mongolian(self) else 0

    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(max(self.width(), 480)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self), QRectF(self.rect())
        if self.isChecked():
            painter.fillRect(area, QColor(RED_TINT))
        painter.fillRect(QRectF(0, area.height() - 1, area.width(), 1), QColor(LINE))
        ink = RED if self.isChecked() else INK
        label = QRectF(28, 0, self.LABEL - 8, area.height())
        if above := self._above():
            write_mongolian(painter, QRectF(28, 8, self.LABEL - 8, above), self.mn, 18, INK2, LEFT)
            label.adjust(0, above, 0, 0)
        write(painter, label, self.label, DATA_PX, INK2, align=LEFT)
        right = area.width() - 28 - (40 if self.isCheckable() else 0)
        write(
            painter,
            QRectF(28 + self.LABEL, 0, right - 28 - self.LABEL, area.height()),
            self.value,
            DATA_PX,
            ink,
            align=LEFT,
        )
        if self.isCheckable():
            box = QRectF(area.width() - 56, area.center().y() - 13, 26, 26)
            frame(
                painter,
                box,
                RED if self.isChecked() else SURFACE,
                RED if self.isChecked() else LINE,
                radius=5,
            )
            if self.isChecked():
                paint_icon(painter, box.adjusted(3, 3, -3, -3), "x", SURFACE)
        paint_focus(self, painter)


class PublicCheck(QAbstractButton):
    """A tick with a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, text: str) -> None:
        """What is agreed to."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(44, 8 + text_height(self.text(), SMALL_PX, width - 40))

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(self.width(), 320)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self), QRectF(self.rect())
        box = QRectF(0, 6, 26, 26)
        frame(
            painter, box, TEAL if self.isChecked() else SURFACE, TEAL if self.isChecked() else LINE, radius=5
        )
        if self.isChecked():
            paint_icon(painter, box.adjusted(3, 3, -3, -3), "check", SURFACE)
        top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        write(
            painter,
            QRectF(38, 6, area.width() - 38, area.height() - 6),
            self.text(),
            SMALL_PX,
            INK,
            align=top,
        )
        paint_focus(self, painter)


class LevelCard(QAbstractButton):
    """One of the five levels: a face, its name, its stars."""

    def __init__(self, text: str, stars: int, face: str, mn: str = "") -> None:
        super().__init__()
        self._stars, self._face, self.mn = stars, face, mn
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setMinimumSize(96, 140)
        self.setMaximumHeight(236)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = QPainter(self), QRectF(self.rect())
        chosen = self.isChecked() or self.isDown()
        frame(painter, rect, TINT if chosen else SURFACE, TEAL if chosen else LINE)
        above = 26 if self.mn and speaks_mongolian(self) else 0
        side = max(28.0, min(96.0, rect.height() - 106 - above))
        top = (rect.height() - side - 80 - above) / 2
        paint_icon(painter, QRectF(rect.center().x() - side / 2, top, side, side), self._face, TEAL)
        if above:
            write_mongolian(painter, QRectF(6, top + side + 6, rect.width() - 12, above), self.mn, 18)
            top += above
        write(painter, QRectF(4, top + side + 8, rect.width() - 8, 40), self.text(), 25)
        painter.setPen(QPen(QColor(STAR), 1.5))
        for at in range(5):
            painter.setBrush(QColor(STAR) if at < self._stars else Qt.BrushStyle.NoBrush)
            painter.drawPolygon(_star(QPointF(rect.center().x() + (at - 2) * 21, top + side + 66), 8.5))
        paint_focus(self, painter)


class Chip(QAbstractButton):
    """Something that may be added to a level."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__()
        self.code = code
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFixedHeight(56)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(
            math.ceil(QFontMetricsF(theme.font(20, strong=True)).horizontalAdvance(self.text())) + 70, 56
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = QPainter(self), QRectF(self.rect())
        chosen = self.isChecked()
        frame(painter, rect, TINT if chosen else SURFACE, TEAL if chosen else LINE, radius=27)
        if chosen:
            paint_icon(painter, QRectF(20, rect.center().y() - 10, 20, 20), "check", TEAL)
            rect = rect.adjusted(28, 0, 0, 0)
        write(painter, rect, self.text(), 20, TEAL if chosen else INK, strong=chosen)
        paint_focus(self, painter)


def _star(middle: QPointF, radius: float) -> QPolygonF:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.45
        angle = math.pi * (corner / 5 - 0.5)
        points.append(middle + QPointF(reach * math.cos(angle), reach * math.sin(angle)))
    return QPolygonF(points)
