"""Saving a whole list as a spreadsheet: page by page while it is written, with a count and a way out."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Button, PageContext, ProgressBar, Text, save_file, when_gone, write_list
from yichuang_acceptance.ui.listing import Listing
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
PAGE = 1000
MOST_ROWS = 1_000_000  # a sheet holds 1,048,576
PAGES_AHEAD = 3
PATIENCE_SECONDS = 0.2


class Export(QWidget):
    """The bar that is shown while a list is being saved.

    A worker writes the file and takes pages from a queue; this side, on the UI thread, asks for them, a few ahead.
    """

    _began = pyqtSignal()  # these three are emitted on the worker
    _taken = pyqtSignal(int)
    _ended = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._listing: Listing | None = None
        self._pages: queue.Queue[list[Any] | UserError | None] = queue.Queue()
        self._stop = threading.Event()
        self._request: dict[str, Any] = {}
        self._next: dict[str, Any] | None = None
        self._total = 0
        self.progress = ProgressBar()
        self.cancel = Button(_("Cancel"), size="compact")
        self.cancel.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 20, 6)
        row.setSpacing(12)
        row.addWidget(Text(_("Exporting"), 13, "t2"))
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel)
        self.hide()
        self._began.connect(self._begin)
        self._taken.connect(self._go_on)
        self._ended.connect(self.hide)
        when_gone(self, self._stop.set)  # the page is closed: whoever writes must not wait for it

    def start(self, listing: Listing, request: dict[str, Any], total: int, name: str) -> None:
        """Ask where to save, then save what the request finds; `total` is for the bar, 0 where it is not known."""
        if self.isVisible():
            self._context.status(_("An export is under way"))
            return
        self._listing, self._request, self._total = listing, request, total
        self._stop.clear()
        self._pages = queue.Queue()
        save_file(self._context, self, name, self._write)

    def stop(self) -> None:
        """Break the export off; the file is not kept."""
        self._stop.set()

    # ---- on the UI thread ----

    def _begin(self) -> None:
        self.progress.set(0, self._total, _("{n} cases", n=0))
        self.show()
        self._ask({})

    def _ask(self, behind: dict[str, Any]) -> None:
        assert self._listing is not None
        self._next = None
        request = {**self._request, **behind, "limit": PAGE}
        self._context.query(self._listing.query, request, done=self._came, failed=self._pages.put)

    def _came(self, found: Any) -> None:
        assert self._listing is not None
        self._pages.put(list(self._listing.rows(found)))
        behind = self._listing.behind(found, PAGE)
        if behind is None:
            self._pages.put(None)
        elif self._pages.qsize() < PAGES_AHEAD:
            self._ask(behind)
        else:
            self._next = behind

    def _go_on(self, written: int) -> None:
        self.progress.set(written, self._total, _("{n} cases", n=f"{written:,}"))
        if self._next is not None and self._pages.qsize() < PAGES_AHEAD:
            self._ask(self._next)

    # ---- on the worker ----

    def _write(self, path: Path) -> None:
        problem: list[UserError] = []
        self._tell(self._began)
        try:
            assert self._listing is not None
            write_list(path, list(self._listing.heads()), self._rows(problem, self._listing))
        finally:
            self._tell(self._ended)
        if self._stop.is_set():
            path.unlink(missing_ok=True)
            raise UserError(
                "EXPORT_CANCELLED", L("The export was cancelled."), safe=L("No file was written.")
            )
        if problem:
            path.unlink(missing_ok=True)
            raise problem[0]

    def _rows(self, problem: list[UserError], listing: Listing) -> Iterator[Sequence[str]]:
        """The rows as their pages come; ends early where the export is stopped or a page cannot be read."""
        written = 0
        while not self._stop.is_set() and written < MOST_ROWS:
            try:
                page = self._pages.get(timeout=PATIENCE_SECONDS)
            except queue.Empty:
                continue
            if page is None:
                return
            if isinstance(page, UserError):
                problem.append(page)
                return
            yield from (listing.cells(row) for row in page)
            written += len(page)
            self._tell(self._taken, written)

    @staticmethod
    def _tell(signal: Any, *values: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the page was closed in this very moment
            signal.emit(*values)
