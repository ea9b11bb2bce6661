"""A batch of the national exchange made from its page: the files of the command, written by a worker, with a way out."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from yichuang.api import UserError
from yichuang.api.ui import PageContext, when_gone
from yichuang_acceptance.commands.exchange import export
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
FOLDER = "exchange_folder"
PATIENCE_SECONDS = 0.2
END = "acceptance.end_exchange"


class ExchangeExport(QObject):
    """Asks for a folder and exports the next batch into it.

    The worker writes the files; what it asks of the hall goes over the UI thread, as all that a page asks does. For
    `commands.exchange` it stands in for the context of a command.

    Signals:
        ended: The manifest of the batch, or the error that broke it off.

    Attributes:
        stopping: Set when it is to be broken off; the batch then counts as not sent.
        busy: Whether a batch is being made.
    """

    ended = pyqtSignal(object)
    _asked = pyqtSignal(str, object, object)  # emitted on the worker

    def __init__(self, context: PageContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.stopping = threading.Event()
        self._closed = threading.Event()
        self.busy = False
        self._asked.connect(self._ask)
        when_gone(page, self._closed.set)  # whoever writes must not wait for it

    def choose(self, began: Callable[[], None], *, with_codes: bool) -> None:
        """Ask for the folder; `began()` follows once one is chosen."""
        dialog = QFileDialog(
            self._page, _("Folder of the files"), str(self._context.load(FOLDER, "") or Path.home())
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)

        def chosen(folder: str) -> None:
            self._context.save(FOLDER, folder)
            began()
            self.start(Path(folder), with_codes=with_codes)

        dialog.fileSelected.connect(chosen)
        dialog.open()

    def start(self, folder: Path, *, with_codes: bool) -> None:
        """Export the batch that follows the last one."""
        self.busy = True
        self.stopping.clear()
        self._context.work(lambda: export(self, folder, None, with_codes), self._end, self._end)

    def _end(self, told: Any) -> None:
        self.busy = False
        self.ended.emit(told)

    # ---- on the worker ----

    def run(self, name: str, request: Any = None) -> Any:
        """Run an operation on the page's behalf, and wait for what came of it.

        The end of a batch is waited for whatever was clicked meanwhile: once the hall has ended it, its manifest must be written.

        Raises:
            UserError: What the operation raised, or EXPORT_CANCELLED.
        """
        answer: queue.Queue[Any] = queue.Queue(1)
        with contextlib.suppress(RuntimeError):  # the page was closed in this very moment
            self._asked.emit(name, request, answer)
        stoppable = name != END
        while not self._closed.is_set() and not (stoppable and self.stopping.is_set()):
            with contextlib.suppress(queue.Empty):
                found = answer.get(timeout=PATIENCE_SECONDS)
                if isinstance(found, UserError):
                    raise found
                return found
        raise UserError(
            "EXPORT_CANCELLED", L("The export was cancelled."), safe=L("The batch counts as not sent.")
        )

    # ---- on the UI thread ----

    def _ask(self, name: str, request: Any, answer: queue.Queue[Any]) -> None:
        self._context.run(name, request, done=answer.put, failed=answer.put)
