"""The catalogue's files: importing guides, exporting them for people and for the national platform."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QFileDialog, QWidget

from yichuang.api import HALL_ZONE, UserError
from yichuang.api.ui import Button, Menu, PageContext, save_file
from yichuang_acceptance.ui.guide_questions import show_bad_rows
from yichuang_acceptance.words import words

if TYPE_CHECKING:
    from yichuang_acceptance.ui.catalogue import CataloguePage

_ = words.text
L = words.lazy


class CatalogueFiles(QObject):
    """Import and export, with their buttons."""

    def __init__(self, context: PageContext, page: CataloguePage) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.bring = Button(_("Import"), icon="upload")
        self.bring.clicked.connect(self.ask_files)
        self.bring.setVisible(context.can("acceptance.edit_items"))
        self.export = Button(_("Export"), icon="download", key="Ctrl+E", binds=False)
        self.export.clicked.connect(self.choose_form)
        context.shortcut("Ctrl+E", L("Export the catalogue"), self.choose_form)

    def buttons(self) -> tuple[QWidget, ...]:
        """For the head of the page."""
        return (self.bring, self.export)

    # ---- out ----

    def choose_form(self) -> None:
        """Ask for the form to be saved."""
        self.menu_of_forms().open_below(self.export)

    def menu_of_forms(self) -> Menu:
        """The forms that can be saved, as a menu."""
        menu = Menu(self.export)
        for title, name, form in (
            (_("Workbook (XLSX)"), "export_guides", "xlsx"),
            (_("Text tables (TSV)"), "export_guides", "tsv"),
            (_("National upload tables"), "upload_guides", "tsv"),
        ):
            menu.add(title, lambda name=name, form=form: self.save(name, form))
        return menu

    def save(self, name: str, form: str) -> None:
        """Ask for the files and save them where the person likes; several go into one archive."""
        self.export.set_busy(True)
        agency = str(self._page.items.agency.value() or "")
        request = {"agency": agency, "form": form}
        self._context.query(
            f"acceptance.{name}", request, done=lambda files: self._save(name, files), failed=self._failed
        )

    def _save(self, name: str, files: dict[str, bytes]) -> None:
        self.export.set_busy(False)
        today = self._context.now().astimezone(HALL_ZONE).date()
        if len(files) == 1:
            ((file, content),) = files.items()
            ending = Path(file).suffix
        else:
            content, ending = _archive(files), ".zip"
        title = _("Item catalogue") if name == "export_guides" else _("National upload tables")
        save_file(
            self._context, self._page, f"{title}-{today}{ending}", lambda path: path.write_bytes(content)
        )

    def _failed(self, error: UserError) -> None:
        self.export.set_busy(False)
        self._context.notify(str(error), "error")

    # ---- in ----

    def ask_files(self) -> None:
        """Let the person choose files to import."""
        dialog = QFileDialog(self._page, _("Files to import"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter("XLSX, TSV, ZIP (*.xlsx *.tsv *.zip)")
        dialog.filesSelected.connect(self.import_files)
        dialog.open()

    def import_files(self, paths: list[str]) -> None:
        """Read the files on a worker, then import all of them or nothing."""
        self.bring.set_busy(True)
        self._context.work(lambda: _read(paths), done=self._import, failed=self._not_imported)

    def _import(self, files: dict[str, bytes]) -> None:
        self._context.run(
            "acceptance.import_guides", {"files": files}, done=self._imported, failed=self._not_imported
        )

    def _imported(self, result: Any) -> None:
        self.bring.set_busy(False)
        said = _(
            "{entered} new items, {drafted} drafts, {unchanged} as they were",
            entered=result.entered, drafted=result.drafted, unchanged=result.unchanged,
        )  # fmt: skip
        self._context.notify(said, "success")
        self._page.reload()

    def _not_imported(self, error: UserError) -> None:
        self.bring.set_busy(False)
        show_bad_rows(self._page, error)


def _archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


MOST_BYTES = 20_000_000  # as much as the importer takes of one file


def _read(paths: list[str]) -> dict[str, bytes]:
    """The chosen files by name; those in an archive count as chosen.

    Raises:
        UserError: CANNOT_READ.
    """
    files: dict[str, bytes] = {}
    try:
        for path in map(Path, paths):
            if path.suffix.lower() != ".zip":
                files[path.name] = path.read_bytes()
                continue
            with zipfile.ZipFile(path) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                    raise OSError(_("the archive is too large"))
                files |= {Path(entry).name: archive.read(entry) for entry in archive.namelist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise UserError("CANNOT_READ", L("The files cannot be read: {reason}", reason=str(error))) from error
    return files
