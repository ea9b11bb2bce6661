"""Saving to a file that the person chooses: a dialog, then the writing on a worker, then a word that it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.widgets.table_export import write_list

if TYPE_CHECKING:
    from yichuang.widgets.table import DataTable

_ = words.text
L = words.lazy
FOLDER = "save-folder"


class Saver(Protocol):
    """What saving needs of a page's context; `yichuang.api.ui.PageContext` has it."""

    def work(self, act: Callable[[], Any], done: Any = None, failed: Any = None) -> Any:
        """Run on a worker."""
        ...

    def notify(self, text: Any, kind: str = "info", undo: Any = None) -> None:
        """Show a toast."""
        ...

    def save(self, key: str, value: Any) -> None:
        """Keep something for this person."""
        ...

    def load(self, key: str, default: Any = None) -> Any:
        """What was kept."""
        ...


def save_file(context: Saver, parent: QWidget, name: str, write: Callable[[Path], object]) -> None:
    """Ask where to save, then write there on a worker.

    Args:
        context: The page's.
        parent: The page.
        name: The file name that is offered; its ending is added where the person leaves it out.
        write: Called on a worker with the chosen path.
    """
    folder = Path(str(context.load(FOLDER, "") or Path.home()))
    dialog = QFileDialog(parent, _("Save as"), str(folder))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)

    def chosen(path: str) -> None:
        context.save(FOLDER, str(Path(path).parent))
        context.work(
            lambda: _write(Path(path), write),
            lambda _path: context.notify(_("Saved: {path}", path=path), "success"),
        )

    dialog.fileSelected.connect(chosen)
    dialog.open()


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside it and put it in place whole, so that a file that was there is never left half."""
    part = path.with_name(f"~{path.name}")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(
            "CANNOT_SAVE",
            L("{path} cannot be written: {reason}", path=str(path), reason=error.strerror or str(error)),
            do=L("Choose another folder."),
        ) from error


def export_list(context: Saver, table: DataTable, title: str) -> None:
    """Let Ctrl+E, and `table.export_requested`, save what a table shows as XLSX (or CSV)."""

    def export(kind: str) -> None:
        heads, rows = table.exported_rows()
        save_file(context, table, f"{title}.{kind}", lambda path: write_list(path, heads, rows))

    table.export_requested.connect(export)
