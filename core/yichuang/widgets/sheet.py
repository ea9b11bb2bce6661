"""The component sheet: every building block in every state, to look at and to compare with the design."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QShowEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from yichuang.hall.words import core
from yichuang.widgets import paint, theme
from yichuang.widgets.buttons import Button
from yichuang.widgets.choices import CheckBox, Radio, Segmented, Toggle
from yichuang.widgets.fields import Field
from yichuang.widgets.flow import FlowLayout
from yichuang.widgets.focus import FocusRing
from yichuang.widgets.icons import paint_icon
from yichuang.widgets.inputs import LineEdit
from yichuang.widgets.labels import Text
from yichuang.widgets.lights import Light, State, light_text
from yichuang.widgets.page import Hairline, Panel
from yichuang.widgets.sheet_states import (
    dialog_panel,
    empty_panel,
    error_panel,
    nav_panel,
    progress_panel,
    toast_panel,
)
from yichuang.widgets.table import DataTable
from yichuang.widgets.table_cells import Cell, Column
from yichuang.widgets.tags import Tag

_ = core.text
_PAD = 18


class ComponentSheet(QFrame):
    """The whole sheet, 1440 by 1544, in the theme in force."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("fill", "surface")
        self.setFixedSize(1440, 1544)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 0, 32, 28)
        column.setSpacing(0)
        column.addWidget(_Head())
        grid = QGridLayout()
        grid.setSpacing(20)
        for at in range(3):
            grid.setColumnStretch(at, 1)
            grid.setColumnMinimumWidth(at, 445)
        rows: tuple[tuple[int, tuple[tuple[Callable[[], QWidget], int, int], ...]], ...] = (
            (269, ((_colors, 0, 2), (_type, 2, 1))),
            (274, ((_buttons, 0, 1), (_inputs, 1, 1), (_lights, 2, 1))),
            (249, ((_table, 0, 2), (progress_panel, 2, 1))),
            (238, ((empty_panel, 0, 1), (error_panel, 1, 1), (toast_panel, 2, 1))),
            (332, ((dialog_panel, 0, 2), (nav_panel, 2, 1))),
        )
        for row, (height, panels) in enumerate(rows):
            for build, at, span in panels:
                panel = build()
                panel.setFixedHeight(height)
                grid.addWidget(panel, row, at, 1, span)
        column.addLayout(grid)
        column.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the rings once everything has its place."""
        super().showEvent(event)
        if self.findChild(FocusRing) is None:
            for button in self.findChildren(Button):
                if button.property("ringed"):
                    FocusRing(self).put_round(button, 6)


class _Head(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(74)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, QRectF(0, 28, 27, 27), 6, "acc")
        paint_icon(painter, QRectF(4, 32, 19, 19), "grid-2x2", "on")
        words = _("Yichuang components")
        width = paint.text(painter, QRectF(40, 28, 300, 28), words, px=20, strong=True)
        name = _("Light") if theme.current() == "light" else _("Dark")
        facts = (name, _("8 px grid"), _("Body 13 px"), _("Controls 32, compact 26, decisions 40"))
        paint.text(painter, QRectF(40 + width + 12, 29, 700, 28), "\u3000".join(facts), px=13, ink="t2")


class _Swatches(QWidget):
    _NAMES = (
        (
            "app",
            "surface",
            "subtle",
            "sunken",
            "hover",
            "selected",
            "line",
            "line2",
            "line3",
            "t1",
            "t2",
            "t3",
        ),
        ("acc", "accs", "acct", "redd", "red", "reds", "ambd", "amb", "ambs", "grnd", "grn", "grns"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(190)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pitch = (self.width() + 8) / 12
        for row, names in enumerate(self._NAMES):
            for at, name in enumerate(names):
                x, y = round(at * pitch), row * 94
                paint.box(painter, QRectF(x, y, round(pitch - 8), 48), 6, name, "line2")
                below = QRectF(x, y + 52, pitch, 16)
                paint.text(painter, below, name, px=11, ink="t2")
                paint.text(painter, below.translated(0, 15), theme.token(name), px=11, ink="t3")


def _colors() -> QWidget:
    panel = Panel(
        _("Colours"), _("Cinnabar only for seals, overdue items and acts that cannot be undone"), padding=_PAD
    )
    panel.add(_Swatches())
    panel.body.addStretch(1)
    return panel


class _TypeScale(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(212)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        lines = (
            (20, 28, True, _("Figures and dialogs")),
            (18, 26, True, _("Page title")),
            (16, 24, True, _("Object title")),
            (14, 22, True, _("Panel title, decision button")),
            (13, 20, False, _("Body, tables, forms")),
            (12, 18, False, _("Table heads, secondary notes")),
            (11, 16, False, _("Times, numbers, key caps")),
        )
        for at, (px, line, strong, words) in enumerate(lines):
            rect = QRectF(0, at * 29, self.width(), 30)
            paint.text(painter, rect, f"{px}/{line}", px=12, ink="t3")
            paint.text(painter, rect.adjusted(64, 0, 0, 0), words, px=px, strong=strong)


def _type() -> QWidget:
    panel = Panel(_("Type scale"), "Noto Sans SC", padding=_PAD)
    panel.add(_TypeScale())
    panel.body.addStretch(1)
    return panel


def _ringed(button: Button) -> Button:
    """A button that the sheet puts the focus ring round, whoever has the focus."""
    button.setProperty("ringed", True)
    return button


def _labelled(widget: QWidget, caption: str) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
    if caption:
        label = Text(caption, 11, "t3")
        label.setFixedHeight(19)
        column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
    return box


def _row(
    column: QVBoxLayout,
    *widgets: QWidget,
    spacing: int = 12,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignTop,
) -> None:
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget, 0, align)
    row.addStretch(1)
    column.addLayout(row)


def _look(text: str, kind: str, look: str = "rest") -> Button:
    button = Button(text, kind)
    button.show_look(look)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


def _buttons() -> QWidget:
    panel = Panel(_("Buttons"), _("One primary button per region"), padding=_PAD)
    submit, second = _("Submit"), _("Secondary")
    disabled = _look(submit, "primary")
    disabled.set_reason(_("One entry must be corrected first."))
    first = (
        _labelled(_look(submit, "primary"), _("Rest")),
        _labelled(_look(submit, "primary", "hover"), _("Hover")),
        _labelled(_look(submit, "primary", "down"), _("Pressed")),
        _labelled(_ringed(_look(submit, "primary")), _("Focus")),
        _labelled(disabled, _("Disabled")),
    )
    _row(panel.body, *first)
    middle = (
        _look(second, "secondary"),
        _look(second, "secondary", "hover"),
        _look(second, "secondary", "down"),
        _ringed(_look(second, "secondary")),
        _look(_("Text"), "ghost"),
    )
    _row(panel.body, *middle)
    last = (
        _lower(_labelled(_look(_("Refuse the licence"), "danger"), _("Changes the result")), 4),
        _lower(_labelled(_look(_("Revoke the licence"), "danger-fill"), _("Only in a confirm dialog")), 4),
        _lower(_labelled(Button(_("Compact"), size="compact"), "26 px"), 7),
        _labelled(Button(_("Decide"), "primary", key="Ctrl+Enter", size="decision", binds=False), "40 px"),
    )
    _row(panel.body, *last)
    panel.body.addStretch(1)
    return panel


def _lower(widget: QWidget, by: int) -> QWidget:
    """Centre a lower button on the line of the 40 px one."""
    widget.layout().setContentsMargins(0, by, 0, 0)
    return widget


def _inputs() -> QWidget:
    panel = Panel(_("Inputs"), _("Label above, error below"), padding=_PAD)
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(8)
    focused = _FocusedLine(text=_("Typing"))
    fields = (
        Field(_("Company name"), LineEdit(text=_("Tianshan grain trade")), required=True),
        Field(_("Focus"), focused),
        Field(_("Filled in"), LineEdit(text=_("Wang *jun")), source=_("ID card")),
        Field(_("Telephone"), LineEdit(text="138 0476 21"), error=_("Must be a mobile number of 11 digits")),
    )
    for at, field in enumerate(fields):
        grid.addWidget(field, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(at % 2, 1)
    panel.body.addLayout(grid)
    panel.body.addSpacing(2)
    _row(
        panel.body,
        CheckBox(_("Chosen"), True),
        CheckBox(_("Not chosen")),
        Radio(_("In person"), True),
        Radio(_("By an agent")),
        Toggle(True, _("On")),
        Toggle(False, _("Off")),
        spacing=16,
        align=Qt.AlignmentFlag.AlignVCenter,
    )
    panel.body.addSpacing(5)
    choice = Segmented([("all", _("All")), ("org", _("Organisation")), ("person", _("Person"))], "all")
    _row(panel.body, choice)
    panel.body.addStretch(1)
    return panel


class _FocusedLine(LineEdit):
    """A line that looks focused: an own style, because the focus can only be in one place."""

    def __init__(self, text: str) -> None:
        super().__init__(text=text)
        self.setProperty("looks", "focused")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        paint.box(painter, QRectF(self.rect()), 6, None, "focus", 2)
        x = 11 + paint.text_width(self.text()) + 1
        painter.fillRect(QRectF(round(x), 8, 1, 16), theme.color("acct"))


class _LightLine(QWidget):
    def __init__(self, state: State, words: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        strong = state is State.OVERDUE
        color = {State.WARNING: "amb", State.OVERDUE: "red"}.get(state, "t3")
        light = Light(state)
        row.setSpacing(8)
        row.addWidget(light)
        row.addWidget(Text(light_text(state)))
        row.addStretch(1)
        row.addWidget(Text(words, 12, color, strong=strong))
        self.setFixedHeight(20)

    def sizeHint(self) -> QSize:
        return QSize(120, 20)


def _lights() -> QWidget:
    panel = Panel(_("Time-limit lights"), _("Shape and words tell it, not colour alone"), padding=_PAD)
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(9)
    words = (
        (State.ON_TIME, _("8 days left")), (State.WARNING, _("1 day left")), (State.OVERDUE, _("3 hours overdue")),
        (State.PAUSED, _("Special procedure")), (State.CURRENT, _("In progress")), (State.DONE, _("Completed")),
        (State.NOT_YET, _("To be sealed")),
    )  # fmt: skip
    for at, (state, text) in enumerate(words):
        grid.addWidget(_LightLine(state, text), at // 2, at % 2)
        grid.setColumnStretch(at % 2, 1)
    panel.body.addLayout(grid)
    panel.body.addSpacing(4)
    panel.add(Hairline())
    panel.body.addSpacing(4)
    flow = FlowLayout(6)
    for text, tone, icon in (
        (_("Immediate"), "green", None), (_("Committed"), "grey", None), (_("No need to submit"), "green", "badge-check"),
        (_("Tolerant"), "amber", "file-clock"), (_("Supplement"), "amber", None), (_("Overdue"), "red", None),
        (_("Cross-province"), "teal", None), (_("Commitment"), "teal", None), (_("Not accepted"), "red", None),
        (_("Archived"), "grey", None),
    ):  # fmt: skip
        flow.addWidget(Tag(text, tone, icon))
    panel.body.addLayout(flow)
    panel.body.addStretch(1)
    return panel


def _table() -> QWidget:
    panel = Panel(
        _("Table"), _("Rows 38, compact 32, two lines 50. Numbers at the right. Hover changes the fill only"),
        padding=_PAD, flush=True,
    )  # fmt: skip
    columns = [
        Column("light", kind="light"),
        Column("no", _("Number"), width=104, elide="middle"),
        Column("item", _("Item"), stretch=325, kind="strong"),
        Column("who", _("Applicant"), stretch=190),
        Column("left", _("Time left"), stretch=160),
        Column("fee", _("Amount (yuan)"), width=88, kind="number"),
    ]
    table = DataTable(columns, footer=False)
    lines = (
        (State.ON_TIME, "26-000455", _("Disability certificate"), _("Su *na"), Cell(_("4 days left"), second=_("Rest"))),
        (State.WARNING, "26-000402", _("Construction permit"), _("Hongyuan construction"),
         Cell(_("1 day left"), "amber", second=_("Hover"))),
        (State.OVERDUE, "26-000371", _("Tree felling permit"), _("Liutiaogou village committee, Xinmin"),
         Cell(_("1 day overdue"), "red", strong=True, second=_("Selected"))),
        (State.DONE, "26-000376", _("Registration of a company"), _("Lüye livestock"),
         Cell(_("Completed"), second=_("Finished"))),
    )  # fmt: skip
    table.set_rows(
        [
            {"id": no, "light": s, "no": no, "item": item, "who": who, "left": left, "fee": "0.00"}
            for s, no, item, who, left in lines
        ]
    )
    table.select("26-000371")
    table.view.rows_delegate.hovered = 1
    panel.add(table)
    return panel
