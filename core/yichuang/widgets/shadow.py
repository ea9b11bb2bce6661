"""The one shadow of the design: dialogs, palette, menus and toasts."""

from __future__ import annotations

from PyQt6.QtWidgets import QGraphicsDropShadowEffect, QWidget

from yichuang.widgets import theme


def drop_shadow(widget: QWidget) -> None:
    """Give a floating widget its shadow: the design's blur of 16, 4 px down."""
    effect = QGraphicsDropShadowEffect(widget)
    effect.setBlurRadius(24)  # Qt's 24 reaches as far as a blur of 16 in the design's pictures
    effect.setOffset(0, 4)
    effect.setColor(theme.color("shadow"))
    widget.setGraphicsEffect(effect)
