"""The three checks beside the buttons: lights with their words, or the lights alone where there is no room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QWidget

from yichuang.api.ui import Light
from yichuang_seal.words import L

NAMES = {
    "unchanged": (L("Layout unchanged"), L("Layout was changed")),
    "approved": (L("Approval given"), L("No approval recorded")),
    "unsealed": (L("No other seal"), L("Bears a seal already")),
}
_GAP, _LIGHT = 16, 14


def words_of(check: Any) -> str:
    """What a check found, in words."""
    return str(NAMES[check.name][0 if check.passed else 1])


class CheckLights(QWidget):
    """Lights of the checks of the open paper; a failed one is also told above the paper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        # The words may go where there is no room, so the lights must not force the width.
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.lights = {name: Light("not_yet", str(words[0])) for name, words in NAMES.items()}
        for light in self.lights.values():
            row.addWidget(light)
        row.addStretch(1)
        self._states = {name: ("not_yet", str(words[0])) for name, words in NAMES.items()}
        self._full = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_checks(())

    def show_checks(self, checks: Sequence[Any]) -> None:
        """Show these checks; none hides the lights."""
        self.setVisible(bool(checks))
        for check in checks:
            self._states[check.name] = ("done" if check.passed else "overdue", words_of(check))
            self.lights[check.name].setToolTip(" ".join(filter(None, (words_of(check), check.detail))))
        self._fill(words=True)
        self._full = sum(light.sizeHint().width() for light in self.lights.values()) + _GAP * 2
        self.updateGeometry()
        self._fill(words=self.width() >= self._full)

    def sizeHint(self) -> QSize:
        return QSize(self._full, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(len(self.lights) * (_LIGHT + _GAP) - _GAP, 20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fill(words=self.width() >= self._full)

    def _fill(self, *, words: bool) -> None:
        for name, (state, text) in self._states.items():
            self.lights[name].set_state(state, text if words else "")
