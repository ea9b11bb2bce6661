"""The issuing desk's page: results and refusals that wait to be handed out."""

from __future__ import annotations

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import PageContext, PageHeader
from yichuang_acceptance.ui.desk_lists import WindowList
from yichuang_acceptance.words import words

_ = words.text


def build(context: PageContext) -> QWidget:
    """Make the page."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    view = WindowList(context, "ready")
    column.addWidget(PageHeader(_("Issuing")))
    column.addWidget(view, 1)
    context.watch({"case", "acceptance"}, view.load)
    return page
