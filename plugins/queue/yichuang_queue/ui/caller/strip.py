"""The caller window folded to a strip of 360 by 64: the ticket, the clock, call next."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import Button, IconButton, Text
from yichuang_queue.words import words

_ = words.text
STRIP = (360, 64)
_TONES = {"red": "red", "amber": "amb", "teal": "acct"}


class Strip(QWidget):
    """What stays of the caller; a sentence stands in the place of the business until it is taken away.

    Attributes:
        next: The button that calls the next.
        unfold: The button that brings the whole window back.
    """

    def __init__(self) -> None:
        super().__init__()
        self.number = Text("—", 28, "acct", strong=True)
        self.second = Text("", 12, "t2", elide=True)
        self.clock = Text("", 14, strong=True)
        self.next = Button(_("Call next"), icon="skip-forward", key="F2", binds=False)
        self.unfold = IconButton("maximize-2", _("Unfold"), size="compact")
        self._business, self._said, self._tone = "", "", "t2"
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addStretch(1)
        middle.addWidget(self.clock)
        middle.addWidget(self.second)
        middle.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self.number)
        row.addLayout(middle, 1)
        row.addWidget(self.next)
        row.addWidget(self.unfold)

    def show_state(self, number: str, business: str, clock: str, *, over: bool) -> None:
        """The ticket, or what the desk does without one."""
        self.number.setText(number)
        self.clock.setText(clock)
        self.clock.setVisible(bool(clock))
        self.clock.set_color("amb" if over else "t1")
        self._business = business
        self._show_second()

    def show_text(self, text: str, tone: str) -> None:
        """A sentence instead of the business; an empty one takes it away."""
        self._said, self._tone = text, _TONES[tone]
        self._show_second()

    def _show_second(self) -> None:
        self.second.setText(self._said or self._business)
        self.second.set_color(self._tone if self._said else "t2")
