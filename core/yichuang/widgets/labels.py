"""Text on the page in one of the sizes of the type scale."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

from yichuang.widgets import paint, style, theme


class Text(QLabel):
    """A label: size in px, colour token, weight.

    Args:
        text: Plain text; markup is shown as it is written.
        px: 11, 12, 13, 14, 16, 18 or 20.
        color: Token; t1 primary, t2 secondary, t3 caption, acct, red, amb, grn, on.
        strong: Medium weight.
        mono: For digests and serials.
        wrap: Break lines; else one line.
        selectable: The user may mark and copy it.
        elide: Shorten at the end when there is no room; the whole text is then the tooltip.
    """

    def __init__(
        self,
        text: str = "",
        px: int = 13,
        color: str = "t1",
        *,
        strong: bool = False,
        mono: bool = False,
        wrap: bool = False,
        selectable: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._px, self._strong, self._mono, self._elide = px, strong, mono, elide
        self._color = color
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(px, strong=strong, mono=mono))
        self.setProperty("tone", color)
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_color(self, token: str) -> None:
        """Another colour token."""
        if token != self._color:
            self._color = token
            self.setProperty("tone", token)
            style.repolish(self)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(24, hint.height()) if self._elide else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(event)
            return
        shown, _ = paint.fit(self.text(), self.width(), self._px, strong=self._strong, mono=self._mono)
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        paint.text(
            painter,
            self.rect(),
            self.text(),
            px=self._px,
            ink=self._color,
            strong=self._strong,
            mono=self._mono,
            align=self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask,
        )
