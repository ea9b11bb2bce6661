"""What proves that a result was received: the signature from the applicant's screen, the photo from the camera."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Button, Dot
from yichuang_acceptance.ui.screen_desk import ScreenDesk
from yichuang_acceptance.words import words

_ = words.text
SMALL = QSize(64, 84)


class Proof(QWidget):
    """One row: sign, its state, photograph, the photo. Both are offered, neither is forced: a slip may be signed on paper.

    Args:
        screen: The applicant's screen of the page.

    Signals:
        grown: The photo needs more room.
    """

    grown = pyqtSignal()

    def __init__(self, screen: ScreenDesk, sign: Callable[[], None], photograph: Callable[[], None]) -> None:
        super().__init__()
        self.photo = b""
        self._for: tuple[str, str] | None = None
        self.applicant_screen = screen
        self.sign = Button(_("Let the receiver sign"), icon="pen-line", size="compact")
        self.sign.clicked.connect(sign)
        self.camera = Button(_("Photograph"), icon="camera", size="compact")
        self.camera.clicked.connect(photograph)
        self.state = Dot("grey", _("not signed"))
        self.picture = QLabel()
        self.picture.setFixedSize(SMALL)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.sign)
        row.addWidget(self.state, 1)
        row.addWidget(self.picture)
        row.addWidget(self.camera)
        self.applicant_screen.changed.connect(self._show_state)
        self.applicant_screen.refused.connect(self._refused)

    def take_photo(self, data: bytes) -> None:
        """Show what was taken."""
        pixmap = QPixmap()
        if pixmap.loadFromData(data):
            self.photo = data
            fitting = Qt.AspectRatioMode.KeepAspectRatio
            self.picture.setPixmap(pixmap.scaled(SMALL, fitting, Qt.TransformationMode.SmoothTransformation))
            self.picture.show()
            self.camera.setText(_("Again"))
            self.grown.emit()

    def receiver_is(self, name: str, relation: str) -> None:
        """Somebody else receives it: what the one before signed counts for nothing."""
        if self._for is not None and self._for != (name, relation):
            self.applicant_screen.drop()
        self._for = (name, relation)

    def request(self) -> dict[str, Any]:
        """What goes with the delivery."""
        showing = self.applicant_screen.showing
        signed = showing.id if showing is not None and showing.state == "signed" else None
        return {"showing_id": signed, "photo": self.photo}

    def _refused(self, error: UserError) -> None:
        self.state.set_state("red", str(error.sentence))

    def _show_state(self) -> None:
        showing = self.applicant_screen.showing
        states = {
            "waiting": ("amber", _("the receiver is checking")), "confirmed": ("amber", _("checked, not signed yet")),
            "wrong": ("red", _("the receiver says: wrong")), "signed": ("green", _("signed")),
        }  # fmt: skip
        state = showing.state if showing is not None else ""
        self.state.set_state(*states.get(state, ("grey", _("not signed"))))
        self.sign.setText(_("Sign again") if state in states else _("Let the receiver sign"))
