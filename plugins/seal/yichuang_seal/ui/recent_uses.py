"""The latest entries of the ledger beside the open paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import Button, Hairline, Text, clear_layout
from yichuang_seal.ui.times import clock_time
from yichuang_seal.words import _


def short_digest(digest: str) -> str:
    """A digest as people compare it: its first and last four characters."""
    return f"{digest[:4]}…{digest[-4:]}" if len(digest) > 8 else digest


def grouped_digest(digest: str) -> str:
    """A whole digest in groups of eight, so that it can be read out and breaks into lines."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


class RecentUses(QWidget):
    """Who stamped what last.

    Signals:
        all_asked: The whole ledger is wanted.
    """

    all_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 6)
        head.addWidget(Text(_("Seal ledger"), 14, strong=True))
        head.addStretch(1)
        everything = Button(_("All"), "link")
        everything.clicked.connect(self.all_asked)
        head.addWidget(everything)
        column.addLayout(head)
        self._rows = QGridLayout()
        self._rows.setContentsMargins(16, 0, 16, 12)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(1)
        self._rows.setColumnStretch(1, 1)
        column.addLayout(self._rows)
        column.addStretch(1)

    def show_uses(self, entries: Sequence[Any]) -> None:
        """Show these entries, newest first."""
        clear_layout(self._rows)
        if not entries:
            self._rows.addWidget(Text(_("No seal was used yet."), 12, "t3"), 0, 0, 1, 3)
        for number, entry in enumerate(entries):
            row = number * 3
            top = Qt.AlignmentFlag.AlignTop
            self._rows.addWidget(Text(clock_time(entry.at), 12, "t2"), row, 0, top)
            self._rows.addWidget(Text(entry.title, 13, elide=True), row, 1)
            digest = Text(short_digest(entry.after), 11, "t3", mono=True)
            digest.setToolTip(entry.after)
            self._rows.addWidget(digest, row, 2, top)
            self._rows.addWidget(Text(entry.addressee or entry.number, 12, "t3", elide=True), row + 1, 1)
            self._rows.setRowMinimumHeight(row + 2, 6)
