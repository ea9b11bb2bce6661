"""Scanning pages for a material: from the glass or the feeder, with progress, until it is done or stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6 import sip
from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import Button, Dialog, FormField, PageContext, ProgressBar, Text
from yichuang_acceptance.words import words

_ = words.text
SCANNER = "scanner"
RESOLUTIONS = ("150", "200", "300", "600")
REMEMBERED = ("resolution", "feeder", "colour")


class ScanDialog(Dialog):
    """Asks how, then scans.

    Args:
        name: Of the material.
        take: Called with each page: its bytes and media type.
    """

    def __init__(self, context: PageContext, name: str, take: Callable[[bytes, str], None]) -> None:
        self._context, self._take = context, take
        kept = context.load("scan", {}) or {}
        choices = [(dpi, _("{n} dpi", n=dpi)) for dpi in RESOLUTIONS]
        fields = [
            FormField("resolution", _("Resolution"), kind="segmented", choices=choices, span=2,
                      value=kept.get("resolution", "200")),
            FormField("feeder", _("All pages of the feeder"), kind="check", value=kept.get("feeder", False)),
            FormField("colour", _("In colour"), kind="check", value=kept.get("colour", True)),
        ]  # fmt: skip
        super().__init__(
            _("Scan pages for {name}?", name=name), primary=_("Scan"), fields=fields, cancel=_("Close")
        )
        self.pages = 0
        self.scanning = self._starting = False
        self.status = Text(_("Lay the pages on the glass or into the feeder."), 13, "t2")
        self.bar = ProgressBar()
        self.bar.hide()
        self.stop = Button(_("Stop"))
        self.stop.hide()
        self.stop.clicked.connect(lambda _on: self.cancel_scan())
        self.body.addWidget(self.status)
        self.body.addWidget(self.bar)
        self.buttons.insertWidget(0, self.stop)
        context.device_event.connect(self._said)

    def accept(self) -> None:
        """Begin to scan; the dialog stays."""
        if self.scanning or self._starting or self.form is None or not self.form.validate():
            return
        values = self.form.values()
        self._context.save("scan", {key: values[key] for key in REMEMBERED})
        self._starting = True
        self.set_error("")
        self.set_busy(True)
        self._context.ask_device(
            SCANNER, "start", done=lambda _answer: self._started(), failed=self._failed,
            resolution=int(values["resolution"]), colour=bool(values["colour"]), feeder=bool(values["feeder"]),
        )  # fmt: skip

    def reject(self) -> None:
        """Leave; a scan that runs is stopped."""
        if self.scanning or self._starting:
            self.cancel_scan()
        super().reject()

    def cancel_scan(self) -> None:
        """Stop; pages that came stay."""
        self._context.ask_device(SCANNER, "cancel", done=lambda _answer: None, failed=lambda _error: None)
        self._ended(_("Stopped after {n} pages", n=self.pages))

    def _started(self) -> None:
        if not self._starting:
            return  # stopped meanwhile
        self._starting, self.scanning, self.pages = False, True, 0
        self.status.setText(_("Scanning…"))
        self.bar.set(0, 100, "")
        self.bar.show()
        self.stop.show()
        self.center()

    def _said(self, kind: str, event: str, data: dict[str, Any]) -> None:
        if kind != SCANNER or not self.scanning:
            return
        if event == "progress":
            self.bar.set(float(data["percent"]), 100)
            self.status.setText(_("Page {n}: {percent} %", n=data["page"], percent=data["percent"]))
        elif event == "page":
            self.pages = int(data["number"])
            self._take(data["image"], data["media_type"])
        elif event == "ended":
            self.scanning = False
            self._context.ask_device(
                SCANNER, "result", done=lambda _answer: self._all_came(), failed=self._failed
            )

    def _all_came(self) -> None:
        if sip.isdeleted(self):
            return  # likewise
        self._ended(_("{n} pages were scanned", n=self.pages))

    def _failed(self, error: UserError) -> None:
        if sip.isdeleted(self):
            return  # closed before the scanner answered
        self._ended(_("{n} pages were scanned", n=self.pages) if self.pages else "")
        self.set_error("".join(in_language(part) for part in (error.sentence, error.do)))

    def _ended(self, text: str) -> None:
        self.scanning = self._starting = False
        self.set_busy(False)
        self.bar.hide()
        self.stop.hide()
        self.status.setText(text or _("Lay the pages on the glass or into the feeder."))
        self.center()


def ask_scan(
    owner: QWidget, context: PageContext, name: str, take: Callable[[bytes, str], None]
) -> ScanDialog:
    """Scan pages for a material."""
    dialog = ScanDialog(context, name, take)
    dialog.open_in(owner.window())
    return dialog
