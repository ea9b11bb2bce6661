"""Take everything out of a layout, so that it can be filled anew."""

from __future__ import annotations

from PyQt6.QtWidgets import QLayout


def clear_layout(layout: QLayout) -> None:
    """Take the widgets out and delete them. They are hidden at once: Qt deletes only when it has time to."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
