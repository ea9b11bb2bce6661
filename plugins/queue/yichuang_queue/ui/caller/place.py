"""Where the caller window stands: by the corner of the screen that is nearest, so that another size keeps to that corner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QPoint, QRect, QSize

MARGIN = 24


def place_of(window: QRect, screen: QRect) -> dict[str, int]:
    """A window's place: 0 or 1 for left or right and top or bottom, and how far it is from that corner."""
    right = int(window.center().x() > screen.center().x())
    below = int(window.center().y() > screen.center().y())
    x = screen.right() - window.right() if right else window.left() - screen.left()
    y = screen.bottom() - window.bottom() if below else window.top() - screen.top()
    return {"right": right, "below": below, "x": x, "y": y}


def at_place(place: Mapping[str, Any] | None, size: QSize, screen: QRect) -> QPoint:
    """Where a window of that size stands, wholly on the screen; without a usable place in the corner right below."""
    try:
        right, below, x, y = (int((place or {})[name]) for name in ("right", "below", "x", "y"))
    except (KeyError, TypeError, ValueError):
        right, below, x, y = 1, 1, MARGIN, MARGIN
    left = screen.right() - x - size.width() + 1 if right else screen.left() + x
    top = screen.bottom() - y - size.height() + 1 if below else screen.top() + y
    left = max(screen.left(), min(left, screen.right() - size.width() + 1))
    return QPoint(left, max(screen.top(), min(top, screen.bottom() - size.height() + 1)))
