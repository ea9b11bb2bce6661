"""What the rating screen has of its own: lines of text that are shortened, and aspects to tick."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from yichuang.api.ui import paint_icon, public, theme

TARGET = 96


class PublicText(QWidget):
    """A line of text, 18 px at least, shortened where there is no room."""

    def __init__(
        self, text: str, px: int, ink: str = public.INK, *, strong: bool = False,
        align: Qt.AlignmentFlag = public.LEFT,
    ) -> None:  # fmt: skip
        super().__init__()
        self._text, self._px, self._ink, self._strong, self._align = text, px, ink, strong, align
        self.setAccessibleName(text)
        self.setMinimumHeight(round(px * 1.4))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str, ink: str = "") -> None:
        """Say something else."""
        if (text, ink or self._ink) != (self._text, self._ink):
            self._text, self._ink = text, ink or self._ink
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        width = public.text_width(self._text, self._px, strong=self._strong)
        return QSize(width + 2, round(self._px * 1.4))

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = QFontMetricsF(theme.font(self._px, strong=self._strong))
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        public.write(
            QPainter(self),
            QRectF(self.rect()),
            shown,
            self._px,
            self._ink,
            strong=self._strong,
            align=self._align,
        )


class Chip(QAbstractButton):
    """An aspect that can be ticked."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__()
        self.code = code
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setMinimumSize(TARGET, TARGET)
        self.setMaximumHeight(TARGET)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(
            True
        )  # the levels must not move under the finger when the chips appear
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        public.frame(
            painter,
            rect,
            public.TINT if chosen else public.SURFACE,
            public.TEAL if chosen else public.LINE,
            radius=24,
        )
        if chosen:
            paint_icon(painter, QRectF(rect.right() - 30, 10, 20, 20), "check", public.TEAL)
        public.write(
            painter,
            rect.adjusted(12, 0, -12, 0),
            self.text(),
            20,
            public.TEAL if chosen else public.INK,
            strong=chosen,
        )
        public.paint_focus(self, painter)
