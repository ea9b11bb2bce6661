"""The one style sheet of the suite: a template over the colour tokens.

Only what Qt's own painting needs is written here. Buttons, choices, tags, lights and rows are painted by their widgets,
because a style sheet knows neither key caps nor letter positions. `@name` stands for a token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TEMPLATE = """
QWidget { color: @t1; }
QMainWindow, QDialog { background: @app; }
QToolTip { background: @tip; color: #FFFFFF; border: 1px solid @tip; padding: 4px 8px; }

QLabel { background: transparent; }
*[tone="t1"] { color: @t1; } *[tone="t2"] { color: @t2; } *[tone="t3"] { color: @t3; }
*[tone="tdis"] { color: @tdis; } *[tone="acct"] { color: @acct; } *[tone="red"] { color: @red; }
*[tone="amb"] { color: @amb; } *[tone="grn"] { color: @grn; } *[tone="on"] { color: @on; }

*[fill="app"] { background: @app; } *[fill="surface"] { background: @surface; }
*[fill="subtle"] { background: @subtle; } *[fill="sunken"] { background: @sunken; }
*[fill="desk"] { background: @desk; } *[fill="none"] { background: transparent; }

QAbstractScrollArea { background: transparent; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
  background: @surface; color: @t1; border: 1px solid @line2; border-radius: 6px;
  selection-background-color: @acc; selection-color: @on; placeholder-text-color: @t3; }
QLineEdit { min-height: 30px; max-height: 30px; padding: 0 8px; }
QPlainTextEdit, QTextEdit { padding: 4px 6px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover { border-color: @line3; }
QLineEdit[prefilled="true"], QPlainTextEdit[prefilled="true"] { background: @subtle; border-color: @line; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: @subtle; border-color: @line; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @focus; background: @surface; }
QLineEdit:focus { min-height: 28px; max-height: 28px; padding: 0 7px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 3px 5px; }
QLineEdit[bad="true"], QPlainTextEdit[bad="true"] { border-color: @redd; background: @surface; }
QLineEdit:disabled, QPlainTextEdit:disabled { background: @subtle; color: @tdis; border-color: @line; }
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus, QLineEdit[bare="true"]:hover {
  border: none; background: transparent; padding: 0; min-height: 0; max-height: 1000px; }

QComboBox { combobox-popup: 0; background: @surface; color: @t1; border: 1px solid @line2; border-radius: 6px;
  min-height: 30px; max-height: 30px; padding: 0 28px 0 10px; }
QComboBox:hover { border-color: @line3; }
QComboBox[prefilled="true"] { background: @subtle; border-color: @line; }
QComboBox:focus { border: 2px solid @focus; min-height: 28px; max-height: 28px; padding: 0 27px 0 9px; }
QComboBox[bad="true"] { border-color: @redd; }
QComboBox:disabled { background: @subtle; color: @tdis; border-color: @line; }
QComboBox::drop-down { border: none; width: 0; }
QComboBox QAbstractItemView { background: transparent; border: none; outline: none;
  selection-background-color: @hover; selection-color: @t1; }
QComboBox QAbstractItemView::item { min-height: 30px; padding: 0 6px; margin: 1px 4px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected { background: @selected; color: @t1; }

QMenu { background: @surface; color: @t1; border: 1px solid @line2; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: @hover; } QMenu::item:disabled { color: @tdis; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }

QAbstractItemView { background: @surface; color: @t1; border: none; outline: none;
  selection-background-color: @selected; selection-color: @t1; gridline-color: @line; }
QTableView { background: transparent; }
QHeaderView { background: @subtle; border: none; }
QHeaderView::section { background: @subtle; color: @t3; border: none; border-bottom: 1px solid @line; }
QTableCornerButton::section { background: @subtle; border: none; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @line2; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; } QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @line3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QSplitter::handle { background: @line; }
QSplitter::handle:hover { background: @focus; }

QFrame[role="panel"] { background: @surface; border: 1px solid @line; border-radius: 8px; }
QFrame[role="page"] { background: @surface; border-top-left-radius: 8px; }
QFrame[role="card"] { background: @surface; border: 1px solid @line2; border-radius: 8px; }
QFrame[role="dialog"] { background: @surface; border: 1px solid @line2; border-radius: 8px; }
QFrame[role="toast"] { background: @surface; border: 1px solid @line2; border-radius: 8px; }
QFrame[role="well"] { background: @subtle; border: none; border-radius: 6px; }
QFrame[role="facts"] { background: @subtle; border: 1px solid @line; border-radius: 6px; }
QFrame[role="nav"] { background: @app; border: none; border-radius: 6px; }
QFrame[note="red"] { background: @reds; border: 1px solid @redl; border-radius: 6px; }
QFrame[note="amber"] { background: @ambs; border: 1px solid @ambl; border-radius: 6px; }
QFrame[note="green"] { background: @grns; border: 1px solid @grnl; border-radius: 6px; }
QFrame[note="teal"] { background: @accs; border: 1px solid @accl; border-radius: 6px; }
"""


def sheet(tokens: Mapping[str, str]) -> str:
    """The style sheet with every `@name` replaced by its colour.

    Raises:
        KeyError: The template names a token that the theme lacks.
    """
    return re.sub(r"@([a-z]+\d?)", lambda match: tokens[match.group(1)], _TEMPLATE)


def repolish(widget: object) -> None:
    """Apply the style sheet again after a property that it selects by has changed."""
    widget.style().unpolish(widget)  # type: ignore[attr-defined]  # any QWidget; this module imports no Qt
    widget.style().polish(widget)  # type: ignore[attr-defined]  # any QWidget
    widget.update()  # type: ignore[attr-defined]  # any QWidget
