"""Verifying a document (验章): choose a file, see who sealed it and whether it is still what was sealed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QRunnable, QThreadPool, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Dialog, ErrorNote, GoodNote, KeyValue, PageContext, Text, WarnNote
from yichuang_seal.ui.recent_uses import grouped_digest
from yichuang_seal.ui.times import day_time
from yichuang_seal.words import L, _

LARGEST_MB = 50

_VERDICTS = {
    "valid": (L("The seal is valid"), L("The document is exactly what was sealed.")),
    "changed": (
        L("The document was changed after sealing"),
        L("Do not rely on it; ask the issuer for a new copy."),
    ),
    "untrusted": (
        L("The seal is not one of this hall"),
        L("The document is what was sealed, but by a certificate that this hall cannot check."),
    ),
    "unreadable": (L("The seal cannot be read"), L("Do not rely on it; ask the issuer for a new copy.")),
    "unsealed": (L("There is no seal on this document"), L("It carries no electronic signature.")),
}


class Verification(QObject):
    """Asks for a file or takes a digest, has it verified, shows the answer."""

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self.dialog: Dialog | None = None

    def choose_file(self) -> None:
        """Let the person choose a PDF."""
        chooser = QFileDialog(self._window, _("Verify a document"), "", _("PDF files (*.pdf)"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(lambda path: self.verify_file(Path(path)))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def verify_file(self, path: Path) -> None:
        """Verify a file; it is read off the UI thread."""
        _read(path, self, lambda content: self._ask({"content": content}, path.name), self._failed)

    def verify_digest(self, digest: str) -> None:
        """Verify a document that the hall keeps."""
        self._ask({"digest": digest}, "")

    def _ask(self, request: dict[str, str], name: str) -> None:
        self._context.query(
            "seal.verify", request, done=lambda answer: self._show(answer, name), failed=self._failed
        )

    def _failed(self, error: UserError) -> None:
        dialog = Dialog(_("This file could not be verified"), primary=_("Close"), wide=True)
        dialog.body.addWidget(ErrorNote.from_error(error))
        self._open(dialog)

    def _show(self, answer: Any, name: str) -> None:
        dialog = Dialog(_("Verification"), name, primary=_("Close"), icon="shield-check", wide=True)
        dialog.body.addWidget(verdict_note(answer))
        for number, finding in enumerate(answer.findings, start=1):
            dialog.body.addWidget(Text(_("Seal {number}", number=number), 13, strong=True))
            dialog.body.addWidget(KeyValue(finding_facts(finding), 84))
        dialog.body.addWidget(Text(_("Seal ledger"), 13, strong=True))
        dialog.body.addWidget(KeyValue(ledger_facts(answer), 84))
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        dialog.cancel_button.hide()
        dialog.open_in(self._window.window())
        self.dialog = dialog


def verdict_note(answer: Any) -> QWidget:
    """The verdict in one sentence, in its colour."""
    if answer.sealed_elsewhere:
        return ErrorNote(
            _("The seal of this document is missing"),
            _("This is the document before sealing; the ledger has its sealed form."),
        )
    title, text = (str(words) for words in _VERDICTS[answer.verdict])
    kind = {"valid": GoodNote, "untrusted": WarnNote, "unsealed": WarnNote}.get(answer.verdict, ErrorNote)
    note: QWidget = kind(title, text)
    return note


def finding_facts(finding: Any) -> list[tuple[str, ...]]:
    """What was found of one seal."""
    if finding.verdict == "unreadable":
        return [(_("Result"), _("This seal cannot be read."), "red")]
    return [
        (_("Signer"), finding.signer),
        (_("Seal"), " ".join(filter(None, (finding.seal_name, finding.es_id))) or "—"),
        (_("Sealed at"), day_time(finding.signed_at) or _("not stated")),
        (_("Ground"), finding.reason or "—"),
        (_("Content"), _("As it was sealed"), "green")
        if finding.intact
        else (_("Content"), _("Was changed"), "red"),
        _certificate_fact(finding),
        (
            _("Covers"),
            _("The whole file") if finding.whole else _("The file up to this seal; more was added later"),
        ),
    ]


def _certificate_fact(finding: Any) -> tuple[str, ...]:
    if finding.trusted:
        return _("Certificate"), _("Issued by this hall, valid when sealed"), "green"
    if not finding.intact:
        return _("Certificate"), _("Not checked, because the content was changed")
    return _("Certificate"), _("Not issued by this hall, or not valid when sealed"), "amber"


def ledger_facts(answer: Any) -> list[tuple[str, ...]]:
    """What the hall's own ledger knows of the file."""
    entry = answer.ledger
    digest = (_("Digest"), grouped_digest(answer.digest))
    if entry is None:
        return [(_("Entry"), _("This file is not in the ledger of this hall")), digest]
    return [
        (_("Paper"), " ".join(filter(None, (entry.title, entry.number)))),
        (_("Keeper"), f"{entry.keeper} {day_time(entry.at)}"),
        digest,
    ]


class _Reading(QRunnable):
    """Reads a file on a thread of the pool."""

    def __init__(self, path: Path, signals: _ReadSignals) -> None:
        super().__init__()
        self._path, self._signals = path, signals

    def run(self) -> None:
        """Read, and tell the UI thread what came of it."""
        try:
            if self._path.stat().st_size > LARGEST_MB * 1024**2:
                problem = L("The file is larger than {size} MB.", size=LARGEST_MB)
                self._signals.failed.emit(UserError("FILE_TOO_LARGE", problem))
                return
            content = base64.b64encode(self._path.read_bytes()).decode()
        except OSError as error:
            problem = L("The file cannot be read: {reason}", reason=error.strerror or type(error).__name__)
            self._signals.failed.emit(UserError("FILE_UNREADABLE", problem))
            return
        self._signals.done.emit(content)


class _ReadSignals(QObject):
    done = pyqtSignal(str)
    failed = pyqtSignal(object)


def _read(
    path: Path, owner: QObject, done: Callable[[str], None], failed: Callable[[UserError], None]
) -> None:
    signals = _ReadSignals(owner)
    signals.done.connect(done)
    signals.failed.connect(failed)
    QThreadPool.globalInstance().start(_Reading(path, signals))
