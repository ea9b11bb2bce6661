"""What the first paint needs of the theme: font, style and colours, without loading the widgets.

`yichuang.widgets.theme` asks Qt for its style object and for names of the `Qt` namespace; PyQt builds a hundred enumerations
for that, which takes longer than the whole window. It is applied right after the first paint instead.
"""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtWidgets import QApplication

from yichuang.widgets import fonts, style
from yichuang.widgets.tokens import THEMES

STYLE_ARGUMENTS = ("-style", "fusion")
"""Choose Qt's plain style when the application is made: asking for it later costs its enumerations."""


def tokens(theme: str) -> Mapping[str, str]:
    """The colours of a theme by name."""
    return THEMES[theme]


def first_look(app: QApplication, theme: str) -> None:
    """Fonts and style sheet; enough for labels, fields and plain buttons."""
    fonts.load()
    app.setFont(fonts.font(13))
    app.setStyleSheet(style.sheet(THEMES[theme]))
