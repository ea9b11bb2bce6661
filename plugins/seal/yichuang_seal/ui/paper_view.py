"""The paper at true scale with the seal on it: viewer, thumbnails, and what can be done with the seal's place."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import IconButton, KeyHints, PdfViewer
from yichuang_seal.rules.placement import DateLine, PageSize, Place
from yichuang_seal.ui.seal_item import SealItem
from yichuang_seal.words import _


class PaperView(QWidget):
    """A paper, and on it the seal while it can still be placed.

    Signals:
        moved: The seal was put somewhere else.
        pressed_enter: Enter was pressed on the page.
    """

    moved = pyqtSignal()
    pressed_enter = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewer = PdfViewer(thumbnails=True)
        self.seal: SealItem | None = None
        self._picture, self._diameter = QImage(), 42.0
        self._snapping = True
        self._sizes: list[PageSize] = []
        self._dates: list[DateLine] = []
        self._home = IconButton("rotate-ccw", _("Back over the date"), size="compact")
        self._home.clicked.connect(self.go_home)
        self.viewer.tools.insertWidget(0, self._home)
        hints = KeyHints([(("Left", "Right", "Up", "Down"), "1 mm"), ("Shift", "10 mm")])
        hints.setToolTip(_("Arrow keys move the seal by 1 mm, with Shift by 10 mm"))
        before_pages = self.viewer.tools.count() - 3
        self.viewer.tools.insertWidget(before_pages, hints)
        self.viewer.tools.insertSpacing(before_pages + 1, 16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.viewer)
        self._show_tools()

    def show_paper(self, detail: Any | None, document: bytes, *, placing: bool) -> None:
        """Show a paper.

        Args:
            detail: A `PaperDetail`, None to show nothing.
            document: Its PDF.
            placing: Whether a seal is to be placed; a sealed paper is only looked at.
        """
        self.seal = None  # the scene deletes its items when another paper is loaded
        readable = self.viewer.load(document or None)
        self._sizes = [PageSize(page.width, page.height) for page in detail.pages] if detail else []
        self._dates = [DateLine(spot.page, spot.x, spot.y) for spot in detail.dates] if detail else []
        if readable and placing and self._sizes:
            self._add_seal()
        elif readable and self._dates:
            self.viewer.set_page(self._dates[-1].page + 1)
        self._show_tools()

    def set_seal(self, picture: QImage | None, diameter: float) -> None:
        """The seal to place; None while there is none."""
        self._picture, self._diameter = picture or QImage(), diameter
        if self.seal is not None:
            self.seal.set_seal(self._picture, diameter)
            self.seal.setVisible(not self._picture.isNull())

    def set_snapping(self, on: bool) -> None:
        """Whether the seal is pulled onto the date."""
        self._snapping = on
        if self.seal is not None:
            self.seal.snapping = on
            if on:
                self.go_home()

    def place(self) -> Place | None:
        """Where the seal lies; None while there is none to place."""
        return self.seal.place if self.seal is not None else None

    def go_home(self) -> None:
        """Put the seal back over the date, and look there."""
        if self.seal is not None:
            self.seal.go_home()
            self._look()

    def _add_seal(self) -> None:
        seal = SealItem(list(self.viewer.view.items_of_pages), self._sizes, self._dates)
        seal.snapping = self._snapping
        seal.set_seal(self._picture, self._diameter)
        seal.go_home()
        seal.setVisible(not self._picture.isNull())
        seal.moved.connect(self.moved)
        seal.pressed_enter.connect(self.pressed_enter)
        self.seal = seal
        self.viewer.view.scene().setFocusItem(seal, Qt.FocusReason.OtherFocusReason)
        self._look()

    def _look(self) -> None:
        if self.seal is not None:
            self.viewer.view.ensureVisible(self.seal, 40, 60)

    def _show_tools(self) -> None:
        self._home.setEnabled(self.seal is not None)
