"""The second half of the component sheet: progress, notes, toasts, a dialog, keys, the side bar and charts."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.hall.words import core
from yichuang.widgets import paint
from yichuang.widgets.buttons import Button
from yichuang.widgets.charts import Bars, BarsData, Donut, DonutData, Line, LineData, Part
from yichuang.widgets.dialog import Dialog
from yichuang.widgets.fields import FormField
from yichuang.widgets.keys import KeyCap
from yichuang.widgets.labels import Text
from yichuang.widgets.nav import NavItem, NavList
from yichuang.widgets.notes import EmptyState, ErrorNote, WarnNote
from yichuang.widgets.page import Hairline, Panel
from yichuang.widgets.progress import ProgressBar, Skeleton
from yichuang.widgets.shadow import drop_shadow
from yichuang.widgets.toast import Toast

_ = core.text
_PAD = 18


def progress_panel() -> QWidget:
    """Progress bars, and the placeholder rows of a first load."""
    panel = Panel(_("Progress"), _("Shown after one second"), padding=_PAD)
    panel.add(ProgressBar(5, 8, _("Uploading 5 / 8")))
    panel.add(ProgressBar(24, 24, _("24 copies sealed"), "green"))
    panel.add(ProgressBar(9, 24, _("Stopped at copy 9"), "red"))
    panel.body.addSpacing(2)
    panel.add(Hairline())
    panel.add(Skeleton(3))
    panel.body.addSpacing(-3)
    panel.add(Text(_("Placeholder rows on the first load, old data stays while refreshing"), 12, "t3"))
    panel.body.addStretch(1)
    return panel


def empty_panel() -> QWidget:
    """An empty list."""
    panel = Panel(_("Empty state"), _("Says why, gives the next step"), padding=_PAD)
    button = Button(_("See 12 supplemented"), size="compact")
    title = _("No cases waiting for a supplement")
    panel.add(EmptyState("inbox", title, _("They appear here when the applicant has handed in"), button), 1)
    return panel


def error_panel() -> QWidget:
    """An error with what is safe and what to do, and the offline note."""
    panel = Panel(_("Errors"), _("Cause, effect, what can be done"), padding=_PAD)
    retry = Button(_("Try again"), size="compact")
    later = Button(_("Submitted by itself later"), "ghost", size="compact")
    text = _("The licence service did not answer. What you wrote is stored on this machine.")
    panel.add(ErrorNote(_("Not submitted"), text, [retry, later]))
    panel.body.addSpacing(2)
    title = _("Working offline for 4 minutes")
    panel.add(
        WarnNote(
            title, _("You can go on accepting. 3 cases are uploaded in order afterwards."), icon="wifi-off"
        )
    )
    panel.body.addStretch(1)
    return panel


class _Tip(QWidget):
    """A tooltip as it looks on the screen."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(paint.text_width(self._text, 12)) + 20, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, QRectF(self.rect()), 4, "tip")
        paint.text(painter, self.rect(), self._text, px=12, ink="on", align=paint.CENTER)


def toast_panel() -> QWidget:
    """Toasts and a tooltip."""
    panel = Panel(_("Notices"), _("Bottom right, 6 seconds, three at most"), padding=_PAD)
    panel.add(Toast(_("26-000412 was sent to the director"), undo=lambda: None))
    panel.add(Toast(_("Jianping signed for 26-000436"), "handoff", action=(_("See"), lambda: None)))
    panel.body.addSpacing(6)
    note = Text(_("After half a second, with the shortcut"), 12, "t3")
    panel.add_row(_Tip(f"{_('Export this list')}\u3000Ctrl+E"), note, spacing=12)
    panel.body.addStretch(1)
    return panel


def dialog_panel() -> QWidget:
    """A dialog that asks before an act that cannot be undone, and the keys of the suite."""
    aside = _("440 wide, buttons at the right, a destroying act names its object, focus on cancel")
    panel = Panel(_("Dialog"), aside, padding=_PAD)
    row = QHBoxLayout()
    row.setSpacing(20)
    row.addWidget(_dialog(), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(_keys(), 1, Qt.AlignmentFlag.AlignTop)
    panel.body.addLayout(row)
    panel.body.addStretch(1)
    return panel


def _dialog() -> QWidget:
    dialog = Dialog(
        _("Revoke this water licence?"),
        _(
            "D150421G****0042, water station of Hansumu. The holder is told at once, the register too; it cannot be undone."
        ),
        primary=_("Revoke the licence"),
        kind="danger",
        fields=[
            FormField(
                "basis",
                _("Legal basis of the revocation"),
                required=True,
                value=_("Decision A-Water [2026] No. 2"),
            )
        ],
    )
    drop_shadow(dialog)
    dialog.cancel_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    dialog.cancel_button.setProperty("ringed", True)
    return dialog


def _keys() -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(Text(_("Shortcuts"), 13, strong=True))
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    grid.setContentsMargins(0, 3, 0, 0)
    lines = (
        (("Ctrl+K",), _("Commands and search")), (("F1",), _("Keys of this screen")),
        (("Ctrl+1 ⋯ 9",), _("Switch plugin")), (("F2", "F3", "F4", "F6", "F11"), _("Call, recall, hold, transfer, pass")),
        (("F8", "F9", "F10"), _("Finish and rate, capture, push")), (("Ctrl+Enter",), _("Main act of the screen")),
        (("J", "K", "Space"), _("Next, previous, preview")),
    )  # fmt: skip
    for at, (keys, words) in enumerate(lines):
        caps = QHBoxLayout()
        caps.setSpacing(4)
        for key in keys:
            caps.addWidget(KeyCap(key))
        caps.addStretch(1)
        grid.addLayout(caps, at, 0)
        label = Text(words, 13, "t2")
        label.setFixedHeight(21)
        grid.addWidget(label, at, 1)
    column.addLayout(grid)
    return box


def nav_panel() -> QWidget:
    """The side bar and three charts."""
    panel = Panel(_("Side bar"), _("68 or 216 px"), padding=_PAD)
    frame = QFrame()
    frame.setProperty("role", "nav")
    frame.setFixedHeight(166)
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(0, 6, 0, 6)
    nav = NavList()
    nav.setMinimumWidth(0)
    nav.setMaximumWidth(1000)
    nav.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    nav.set_items(
        [
            NavItem("rest", _("Rest"), "file-pen-line"),
            NavItem("now", _("Current"), "clipboard-check", badge=14),
            NavItem("urgent", _("Urgent inside"), "activity", badge=7, urgent=True),
            NavItem("stopped", _("Plugin stopped"), "wallet", stopped=True),
        ]
    )
    nav.set_current("now")
    inside.addWidget(nav)
    panel.add(frame)
    panel.body.addSpacing(6)
    panel.add(Text(_("Charts"), 13, strong=True))
    bars = Bars(BarsData((3.2, 5.6, 4, 7.2, 4.8, 6.4), show_values=False))
    bars.setFixedSize(110, 47)
    donut = Donut(
        DonutData(
            (Part(71, "grnd", _("On time")), Part(17, "ambd", _("Warning")), Part(12, "redd", _("Overdue")))
        )
    )
    donut.setFixedSize(60, 60)
    line = Line(LineData((2, 4, 3.4, 6, 5, 7.4)))
    line.setFixedSize(110, 44)
    row = panel.add_row(bars, donut, line, spacing=16)
    row.setAlignment(bars, Qt.AlignmentFlag.AlignBottom)
    panel.body.addStretch(1)
    return panel
