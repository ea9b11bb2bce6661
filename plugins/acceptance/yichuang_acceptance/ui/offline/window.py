"""Intake without the hall as a window that starts while it is away. `yichuang acceptance offline --as USER --desk A06`."""

from __future__ import annotations

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import PageContext, PageHeader
from yichuang_acceptance.ui.application_form import claim_keys
from yichuang_acceptance.ui.offline.desk import Banner, OfflineDesk
from yichuang_acceptance.ui.offline.hand import OfflineHand
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy


class OfflineWindow(QWidget):
    """Banner, form and list."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.setWindowTitle(_("Offline intake"))
        self.desk = OfflineDesk(context, OfflineHand(context))
        self.banner = Banner(self.desk.hand)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PageHeader(_("Offline intake")))
        column.addWidget(self.banner)
        column.addWidget(self.desk, 1)
        context.shortcut("Ctrl+Enter", L("Receive the papers"), self.desk.act, bar=True)
        claim_keys(context, self.desk.application)


def build(context: PageContext) -> QWidget:
    """Make the window."""
    return OfflineWindow(context)
