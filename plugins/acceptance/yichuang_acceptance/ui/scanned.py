"""What pages do with a bar code that was scanned: open the case, or say why not."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import Dialog, PageContext, Scans
from yichuang_acceptance.words import words

_ = words.text


def dialog_is_open(page: QWidget) -> bool:
    """Whether a question is open over the page: it must be answered before another case comes."""
    return any(dialog.isVisible() for dialog in page.window().findChildren(Dialog))


def hear_scans(page: QWidget, context: PageContext, act: Callable[[str], None]) -> None:
    """Call `act` with every case number that is scanned while the page is shown; a wrong check digit is told."""

    def misread(number: str) -> None:
        context.notify(_("{number} was not read correctly. Scan it again.", number=number), kind="warning")

    scans = Scans(page)
    scans.scanned.connect(act)
    scans.misread.connect(misread)
