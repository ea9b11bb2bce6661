"""Evidence of a case: its papers and materials on the left, the chosen page beside them."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from yichuang.api import UserError
from yichuang.api.ui import EmptyState, ErrorNote, ListItem, ListPane, PageContext, PdfViewer, Scroller
from yichuang_acceptance.words import words

_ = words.text
GIVEN_LIGHTS = {"paper": "done", "licence": "done", "tolerated": "warning", "not_given": "not_yet"}


def given_text(given: str) -> str:
    """How a material stands, in words."""
    return {
        "paper": _("handed in"),
        "licence": _("no need to submit"),
        "tolerated": _("promised for later"),
        "not_given": _("not handed in"),
    }[given]


class Evidence(QWidget):
    """Materials and papers of one case, and the page of the chosen one."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._case: Any = None
        self.list = ListPane(search=False, row_height=50)
        self.list.setFixedWidth(188)
        self.list.selected.connect(self._open)
        self.viewer = PdfViewer()
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._empty = EmptyState(
            "file-text", _("No page here"), _("Choose a material with pages, or a paper.")
        )
        for page in (self._empty, self.viewer, Scroller(self.picture)):
            self._pages.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self._pages, 1)

    def show_case(self, case: Any) -> None:
        """Show a case's parts; the newest paper, or the first material with pages, is opened."""
        self._case = case
        items = [ListItem("materials", _("Materials"), section=True)]
        items += [
            ListItem(f"m{m.position}", m.name, given_text(m.given), state=GIVEN_LIGHTS[m.given])
            for m in case.materials
        ]
        if case.papers:
            items.append(ListItem("papers", _("Papers"), section=True))
            items += [
                ListItem(f"p{p.id}", p.title, p.number, state="done" if p.state == "sealed" else "current")
                for p in case.papers
            ]
        self.list.set_items(items)
        first = next((f"m{m.position}" for m in case.materials if m.pages), None)
        first = first or (f"p{case.papers[-1].id}" if case.papers else None)
        self._pages.setCurrentIndex(0)
        if first is not None:
            self.list.select(first)
            self._open(first)

    def _open(self, key: object) -> None:
        name = str(key)
        if name.startswith("p"):
            self._context.query(
                "acceptance.paper_file", {"paper_id": int(name[1:])}, done=self._show, failed=self._fail
            )
            return
        material = next((m for m in self._case.materials if f"m{m.position}" == name), None)
        if material is None or not material.pages:
            self._pages.setCurrentIndex(0)
            return
        request = {"case_id": self._case.row.id, "digest": material.pages[0]}
        self._context.query("acceptance.page_file", request, done=self._show, failed=self._fail)

    def _show(self, data: bytes) -> None:
        if data.startswith(b"%PDF"):
            self.viewer.load(data)
            self._pages.setCurrentIndex(1)
            return
        pixmap = QPixmap()
        if pixmap.loadFromData(data):
            width = min(pixmap.width(), max(400, self._pages.width() - 40))
            self.picture.setPixmap(pixmap.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation))
            self._pages.setCurrentIndex(2)

    def _fail(self, error: UserError) -> None:
        note = ErrorNote.from_error(error)
        self._pages.insertWidget(3, note)
        self._pages.setCurrentWidget(note)
