"""The pages of a document alone on the whole screen."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import IconButton, NotePlace, PdfViewer, WarnNote
from yichuang_acceptance.operations.pages import Document
from yichuang_acceptance.words import words

_ = words.text
NOTE_MARGINS = (12, 8, 12, 8)


class FullScreen(QWidget):
    """The pages alone on the whole screen; Esc or F closes it."""

    def __init__(self, parent: QWidget, title: str, document: Document, page: int) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.viewer = PdfViewer()
        close = IconButton("minimize-2", _("Leave the full screen"))
        close.clicked.connect(lambda _checked: self.close())
        self.viewer.tools.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        if document.note:
            notes = NotePlace()
            notes.setContentsMargins(*NOTE_MARGINS)
            notes.put(WarnNote(document.note))
            column.addLayout(notes)
        column.addWidget(self.viewer, 1)
        self.viewer.load(document.pdf)
        self.viewer.fit_page()
        self.viewer.set_page(page)
        self.viewer.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F):
            self.close()
        else:
            super().keyPressEvent(event)
