"""How long files of closed cases are kept, as people read it, and the list of those that are due for appraisal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import Column, PageContext
from yichuang_acceptance.rules.retention import TERMS
from yichuang_acceptance.ui.case_texts import day
from yichuang_acceptance.ui.list_dialog import ListDialog
from yichuang_acceptance.ui.listing import Listing
from yichuang_acceptance.words import words

_ = words.text


def kept_text(kept: Any) -> str:
    """How long a file is kept, until when, and who says so; empty of a case that is open."""
    if kept is None:
        return ""
    sources = {"item": _("by the item's guide"), "hall": _("as the hall does")}
    until = _("until {day}", day=kept.until.isoformat()) if kept.until is not None else ""
    term = str(TERMS.get(kept.code, kept.code))
    return "，".join(part for part in (term, until, sources.get(kept.source, "")) if part)


def archived_text(archived: Any) -> str:
    """What the status bar says after archiving."""
    until = _("until {day}", day=archived.until.isoformat()) if archived.until is not None else ""
    term = str(TERMS[archived.kept])
    return _("{number} is archived, kept {term}", number=archived.case_no, term=f"{term} {until}".strip())


def _behind(rows: Sequence[Any], limit: int) -> dict[str, Any] | None:
    return (
        {"after_at": rows[-1].archived_at, "after_id": rows[-1].id} if rows and len(rows) >= limit else None
    )


def _heads() -> list[str]:
    return [
        _("Case number"), _("Item"), _("Applicant"), _("Agency"), _("Archived"), _("Archived by"), _("Files are kept"),
        _("Kept until"),
    ]  # fmt: skip


def _sheet_row(row: Any) -> list[str]:
    return [
        row.case_no, row.item_name, row.applicant, row.agency_name, day(row.archived_at), row.archived_by, row.term,
        row.until.isoformat(),
    ]  # fmt: skip


def _cells(row: Any) -> dict[str, Any]:
    return {
        "id": row.id, "number": row.case_no, "item": row.item_name, "applicant": row.applicant, "agency": row.agency_name,
        "at": day(row.archived_at), "term": row.term, "until": row.until.isoformat(),
    }  # fmt: skip


DUE = Listing("acceptance.due_files", list, _behind, _heads, _sheet_row)


def show_due_files(owner: QWidget, context: PageContext) -> ListDialog:
    """The archived files whose term is over, the longest archived first, over the window."""
    columns = (
        Column("number", _("Case number"), 184),
        Column("item", _("Item"), stretch=2, kind="strong"),
        Column("applicant", _("Applicant"), stretch=1),
        Column("agency", _("Agency"), stretch=1),
        Column("at", _("Archived"), 100),
        Column("term", _("Files are kept"), 80),
        Column("until", _("Kept until"), 100),
    )
    dialog = ListDialog(
        context, _("Files due for appraisal"),
        _("Their term of keeping is over. People appraise them; nothing is destroyed by itself."), columns,
        ("archive", _("No file is due"), _("Archived files appear here when their term is over.")), _cells,
        _("Files due for appraisal"),
    )  # fmt: skip
    dialog.load(DUE, {})
    dialog.open_in(owner.window())
    return dialog
