"""The open licence: its face with the watermark of this look, and below it the masked fields and the register's facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QEvent, QSize, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Button, EmptyState, NotePlace, PdfViewer, Scroller, Skeleton, Text
from yichuang_licence.ui.fact_panels import HiddenFields, RegisterFacts
from yichuang_licence.words import words

_ = words.text
ZOOM_TOOLS = 5
FACE_HEIGHT = 300
NOTHING, BUSY, TROUBLE, OPEN = range(4)


class OpenLicence(QWidget):
    """The middle of the look-up.

    Signals:
        all_asked: Every masked field is to be shown.
        slip_asked: The verification slip is to be printed.
    """

    all_asked = pyqtSignal()
    slip_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.viewer = PdfViewer()
        self._title = Text("", 13, strong=True, elide=True)
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._kind = Text(_("electronic"), 12, "t2")
        self.full = Button(_("Show in full"), size="compact", icon="eye")
        self.full.clicked.connect(lambda _checked: self.all_asked.emit())
        self.slip = Button(_("Verification slip"), size="compact", icon="printer")
        self.slip.setToolTip(_("Print the verification slip") + "\u3000Ctrl+P")
        self.slip.clicked.connect(lambda _checked: self.slip_asked.emit())
        self._trouble = NotePlace()
        self.fields = HiddenFields()
        self.register = RegisterFacts()
        self._stack = QStackedWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        tools = self.viewer.tools
        for at in range(ZOOM_TOOLS, tools.count()):  # a face is one page: there is none to turn to
            if (widget := tools.itemAt(at).widget()) is not None:
                widget.hide()
        tools.setContentsMargins(16, 0, 12, 0)
        tools.insertWidget(0, self._title)
        tools.insertSpacing(1, 6)
        tools.insertWidget(2, self._kind)
        tools.insertStretch(3, 1)
        tools.addSpacing(8)
        tools.addWidget(self.full)
        tools.addSpacing(4)
        tools.addWidget(self.slip)
        panels = QWidget()
        panels.setProperty("fill", "desk")
        row = QHBoxLayout(panels)
        row.setContentsMargins(20, 4, 20, 20)
        row.setSpacing(16)
        row.addWidget(self.fields, 5)
        row.addWidget(self.register, 4)
        self.viewer.setMinimumHeight(FACE_HEIGHT)
        opened = QWidget()
        column = QVBoxLayout(opened)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.viewer, 1)
        column.addWidget(_Below(panels))
        empty = EmptyState(
            "id-card", _("No licence is open"), _("State purpose and authorisation, then search; every look is recorded."),
            framed=False,
        )  # fmt: skip
        for page in (empty, _boxed(Skeleton(8, 34)), _boxed(self._trouble), opened):
            self._stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def clear(self) -> None:
        """No licence is open."""
        self.viewer.load(None)
        self._stack.setCurrentIndex(NOTHING)

    def set_busy(self) -> None:
        """A licence is on its way."""
        self._stack.setCurrentIndex(BUSY)

    def show_error(self, error: UserError, retry: Callable[[], None]) -> None:
        """It could not be opened."""
        self._trouble.say(error, retry)
        self._stack.setCurrentIndex(TROUBLE)

    def show_detail(self, detail: Any, *, no_reveal: str, may_change: bool, no_change: str) -> None:
        """Show what the register says of a licence; the face follows.

        Args:
            detail: The licence as `licence.view` gives it.
            no_reveal: Why masked fields may not be shown; empty if they may.
            may_change: Whether the person changes the status of licences at all.
            no_change: Why not that of this one.
        """
        self._title.setText(detail.row.name)
        self.fields.show_facts(detail.facts, no_reveal)
        hidden = bool(self.fields.hidden())
        self.full.set_reason(no_reveal or ("" if hidden else _("Nothing of this licence is masked.")))
        self.register.show_detail(detail, may_change, no_change)

    def show_face(self, pdf: bytes) -> None:
        """The face has come."""
        self.viewer.load(pdf)
        self.viewer.fit_page()
        self._stack.setCurrentIndex(OPEN)

    def is_open(self) -> bool:
        """Whether a licence can be read."""
        return self._stack.currentIndex() == OPEN


class _Below(Scroller):
    """The panels below the face: as high as they need, less where the face would get too small."""

    def __init__(self, panels: QWidget) -> None:
        super().__init__(panels)
        self.setProperty("fill", "desk")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        return QSize(480, max(self.widget().heightForWidth(self.width()), self.widget().sizeHint().height()))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.updateGeometry()
        return bool(super().event(event))


def _boxed(inside: QWidget | QVBoxLayout) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(20, 20, 20, 20)
    if isinstance(inside, QWidget):
        column.addWidget(inside)
    else:
        column.addLayout(inside)
    column.addStretch(1)
    return box
