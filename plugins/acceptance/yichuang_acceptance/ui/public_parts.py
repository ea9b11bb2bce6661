"""What the applicant's screen has of its own: texts, lines of data, ticks and chips, in Chinese or with Mongolian."""

from __future__ import annotations

import math

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from yichuang.api.ui import paint_icon, public, theme
from yichuang_acceptance.words import words

PAD = "#FAFCFC"
RED_TINT, GREEN, AMBER_LINE, AMBER_TINT = "#FBEAE8", "#2F9159", "#E6CF97", "#FCF3DF"
DATA_PX = 24
"""18 pt: what applicants check must be read without glasses."""
SMALL_PX, SMALL_TARGET = 18, 44
MN_PX = 15
"""Mongolian of a chip."""


def mongolian(msgid: str) -> str:
    """The Mongolian of a text, nothing where there is none; drafts that the bureau's translator has to confirm."""
    text = words.translate(msgid, "mn")
    return "" if text == msgid else text


class PublicText(QWidget):
    """Text of a public screen; long text breaks into lines."""

    def __init__(
        self, text: str = "", px: int = SMALL_PX, ink: str = public.INK2, *, strong: bool = False,
        align: Qt.AlignmentFlag = public.LEFT, mn: str = "",
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
        return round(self._px * 1.1) if self.mn and self._text and public.speaks_mongolian(self) else 0

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        chinese = max(
            round(self._px * 1.4), public.text_height(self._text, self._px, width, strong=self._strong)
        )
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
            public.write_mongolian(painter, line, self.mn, round(self._px * 0.8), self._ink, self._align)
            area = area.adjusted(0, above, 0, 0)
        public.write(painter, area, self._text, self._px, self._ink, strong=self._strong, align=self._align)


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
        label = public.text_height(self.label, DATA_PX, self.LABEL - 8) + self._above()
        return max(53, 18 + max(public.text_height(self.value, DATA_PX, room), label))

    def _above(self) -> int:
        """The height of the label's Mongolian."""
        return DATA_PX if self.mn and public.speaks_mongolian(self) else 0

    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(max(self.width(), 480)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self), QRectF(self.rect())
        if self.isChecked():
            painter.fillRect(area, QColor(RED_TINT))
        painter.fillRect(QRectF(0, area.height() - 1, area.width(), 1), QColor(public.LINE))
        ink = public.RED if self.isChecked() else public.INK
        label = QRectF(28, 0, self.LABEL - 8, area.height())
        if above := self._above():
            public.write_mongolian(
                painter, QRectF(28, 8, self.LABEL - 8, above), self.mn, 18, public.INK2, public.LEFT
            )
            label.adjust(0, above, 0, 0)
        public.write(painter, label, self.label, DATA_PX, public.INK2, align=public.LEFT)
        right = area.width() - 28 - (40 if self.isCheckable() else 0)
        public.write(
            painter,
            QRectF(28 + self.LABEL, 0, right - 28 - self.LABEL, area.height()),
            self.value,
            DATA_PX,
            ink,
            align=public.LEFT,
        )
        if self.isCheckable():
            box = QRectF(area.width() - 56, area.center().y() - 13, 26, 26)
            public.frame(
                painter,
                box,
                public.RED if self.isChecked() else public.SURFACE,
                public.RED if self.isChecked() else public.LINE,
                radius=5,
            )
            if self.isChecked():
                paint_icon(painter, box.adjusted(3, 3, -3, -3), "x", public.SURFACE)
        public.paint_focus(self, painter)


class PublicCheck(QAbstractButton):
    """A tick with a sentence.

    Attributes:
        mn: The lines of its Mongolian, above the Chinese.
    """

    ABOVE = 22

    def __init__(self) -> None:
        super().__init__()
        self.mn: tuple[str, ...] = ()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, text: str, *mn: str) -> None:
        """What is agreed to; in Mongolian one line for each part of the sentence."""
        self.mn = tuple(filter(None, mn))
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(44, 8 + self._above() + public.text_height(self.text(), SMALL_PX, width - 40))

    def _above(self) -> int:
        """The height of the Mongolian lines."""
        return self.ABOVE * len(self.mn) if public.speaks_mongolian(self) else 0

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(self.width(), 320)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self), QRectF(self.rect())
        box = QRectF(0, 6, 26, 26)
        public.frame(
            painter,
            box,
            public.TEAL if self.isChecked() else public.SURFACE,
            public.TEAL if self.isChecked() else public.LINE,
            radius=5,
        )
        if self.isChecked():
            paint_icon(painter, box.adjusted(3, 3, -3, -3), "check", public.SURFACE)
        top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        above = self._above()
        for n, line in enumerate(self.mn if above else ()):
            place = QRectF(38, 6 + n * self.ABOVE, area.width() - 38, self.ABOVE)
            public.write_mongolian(painter, place, line, 16, public.INK2, public.LEFT)
        public.write(
            painter,
            QRectF(38, 6 + above, area.width() - 38, area.height() - 6 - above),
            self.text(),
            SMALL_PX,
            public.INK,
            align=top,
        )
        public.paint_focus(self, painter)


class Chip(QAbstractButton):
    """Something that may be added to a level; `mn` is its Mongolian, above the Chinese."""

    def __init__(self, code: str, text: str, mn: str = "") -> None:
        super().__init__()
        self.code, self.mn = code, mn
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFixedHeight(56)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        wide = QFontMetricsF(theme.font(20, strong=True)).horizontalAdvance(self.text())
        if self.mn and public.speaks_mongolian(self):
            wide = max(wide, QFontMetricsF(theme.mongolian_font(MN_PX)).horizontalAdvance(self.mn))
        return QSize(math.ceil(wide) + 70, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = QPainter(self), QRectF(self.rect())
        chosen = self.isChecked()
        public.frame(
            painter,
            rect,
            public.TINT if chosen else public.SURFACE,
            public.TEAL if chosen else public.LINE,
            radius=27,
        )
        if chosen:
            paint_icon(painter, QRectF(20, rect.center().y() - 10, 20, 20), "check", public.TEAL)
            rect = rect.adjusted(28, 0, 0, 0)
        ink = public.TEAL if chosen else public.INK
        if self.mn and public.speaks_mongolian(self):
            line = QRectF(rect.x() + 8, 5, rect.width() - 16, 20)
            public.write_mongolian(painter, line, self.mn, MN_PX, ink)
            rect = rect.adjusted(0, 22, 0, -2)
        public.write(painter, rect, self.text(), 20, ink, strong=chosen)
        public.paint_focus(self, painter)
