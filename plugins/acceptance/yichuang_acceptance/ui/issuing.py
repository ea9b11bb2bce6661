"""The issuing desk's page: results and refusals that wait to be handed out."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import PageContext, PageHeader
from yichuang_acceptance.ui.desk_lists import WindowList
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy


class IssuingPage(QWidget):
    """The list of results with the chosen one beside it."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.view = WindowList(context, "ready")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PageHeader(_("Issuing")))
        column.addWidget(self.view, 1)
        context.shortcut("Ctrl+Enter", L("Hand out"), self.view.act, bar=True)
        context.watch({"case", "paper", "acceptance"}, self.view.load)
        context.shown.connect(self._came)

    def _came(self, args: dict[str, Any]) -> None:
        """Another page sent somebody here with a case."""
        if args.get("case_id"):
            self.view.wanted = int(args["case_id"])
            self.view.load()


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return IssuingPage(context)
