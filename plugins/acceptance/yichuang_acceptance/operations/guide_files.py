"""The catalogue in and out of files: all of an import or nothing, exports that can be read back, the national upload."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, hall, item_terms, operation, query, select
from yichuang_acceptance.operations import guide_rows as rows
from yichuang_acceptance.operations import guides as acts
from yichuang_acceptance.rules import guide_files as files
from yichuang_acceptance.rules.exchange import stamp
from yichuang_acceptance.rules.exchange_codes import SETTING, codes_of
from yichuang_acceptance.rules.guide import Guide
from yichuang_acceptance.words import words

L = words.lazy


class ExportGuides(Request):
    """Which items: one's own by code, all of an agency, or all that one sees; as TSV files or a workbook."""

    items: tuple[str, ...] = Field((), max_length=5000)
    agency: str = ""
    form: Literal["tsv", "xlsx"] = "xlsx"


@query("acceptance.export_guides", permission="acceptance.view_items", title="Export the catalogue")
def export_guides(read: Read, request: ExportGuides) -> dict[str, bytes]:
    """The items with the guides of today (the newest where none holds) as files that can be imported again.

    Errors: NOT_YOUR_AGENCY, UNKNOWN_ITEM.
    """
    entries = [
        files.Entry(item.code, item.type, item.agency, guide) for item, guide, _n in _guides(read, request)
    ]
    return files.written(files.tables_of(entries), request.form)


@query(
    "acceptance.upload_guides",
    permission="acceptance.view_items",
    title="Catalogue for the national platform",
)
def upload_guides(read: Read, request: ExportGuides) -> dict[str, bytes]:
    """The published guides of today in the platform's upload tables (up_task, up_task_materials, ...), in the partner's codes.

    Errors: NOT_YOUR_AGENCY, UNKNOWN_ITEM.
    """
    names = {row.code: row.name for row in read.all(select(hall.agency.c.code, hall.agency.c.name))}
    entries = [
        files.Entry(
            item.code, item.type, item.agency, guide,
            {"catalog_code": item.basic_code, "task_version": str(version), "dept_name": names[item.agency],
             "task_state": item_terms.state_on(read, item.code, read.today)},
        )
        for item, guide, version in _guides(read, request)
    ]  # fmt: skip
    return files.written(
        files.upload_of(entries, stamp(read.now), codes_of(read.setting(SETTING, ""))), request.form
    )


def _guides(read: Read, request: ExportGuides) -> Iterable[tuple[Any, Guide, int]]:
    """Each chosen item with its published guide; items without one are left out."""
    statement = select(hall.item).order_by(hall.item.c.code)
    if request.items:
        found = [rows.item_row(read, code) for code in request.items]
    else:
        if request.agency:
            read.require_agency(request.agency)
        agency = request.agency or ("" if read.actor.hall_wide else read.actor.agency)
        found = read.all(statement.where(hall.item.c.agency == agency) if agency else statement)
    for item in found:
        version = item_terms.version_on(read, item, read.today) or 0
        published = rows.newest_published(read, item.code)
        if published:
            number = min(version, published) or published
            yield item, rows.guide_of(read, item, number), number


class ImportGuides(Request):
    """Files by name (`guide_items.tsv`, `guides.xlsx`, ...), base64 in JSON."""

    files: dict[str, bytes] = Field(json_schema_extra={"journal": False})
    note: str = Field("", max_length=1000)


@dataclass(frozen=True)
class ImportedGuides:
    """What an import brought: items that were new, drafts that were made or replaced, items that are as they were."""

    entered: int
    drafted: int
    unchanged: int


@operation("acceptance.import_guides", permission="acceptance.edit_items", title="Import guides")
def import_guides(work: Work, request: ImportGuides) -> ImportedGuides:
    """Make drafts of all guides in the files, or of none; nothing is published by it.

    Errors: GUIDE_FILES_BAD with every bad row and its reason; NOT_YOUR_AGENCY where they name another agency's items.
    """
    entries, bad = files.read(request.files, codes_of(work.setting(SETTING, "")))
    files.refuse(bad)
    counted = {"entered": 0, "drafted": 0, "unchanged": 0}
    refused = []
    for entry in entries:
        try:
            counted[_import(work, entry, request.note)] += 1
        except UserError as error:
            if error.code == "NOT_YOUR_AGENCY":
                raise
            refused.append(files.Bad(files.ITEMS, 0, entry.code, error.sentence))
    files.refuse(refused)
    work.subject = "items:import"
    work.detail = {"files": sorted(request.files), **counted}
    return ImportedGuides(**counted)


def _import(work: Work, entry: files.Entry, note: str) -> str:
    """One item of the files: how it was taken."""
    work.require_agency(entry.agency)
    item = item_terms.lock_item(work, entry.code)
    name = entry.guide.get("task_name")
    kind = "drafted"
    if item is None:
        if not name:
            raise UserError("ELEMENT_MISSING", L("{label} is missing.", label=L("Item name")))
        acts.enter_item(work, entry.code, name, entry.type, entry.agency)
        item = rows.item_row(work, entry.code)
        kind = "entered"
    work.require_agency(item.agency)
    if (item.type, item.agency) != (entry.type, entry.agency):
        raise UserError(
            "ITEM_OTHERWISE", L("The item {code} has another type or agency here.", code=entry.code)
        )
    there = rows.open_row(work, entry.code)
    if there is None:
        newest = rows.newest_published(work, entry.code)
        if rows.guide_of(work, item, newest) == entry.guide:
            return "unchanged"
        acts.enter_draft(work, entry.code, rows.newest_version(work, entry.code) + 1, entry.guide, note)
    elif there.state != acts.DRAFT:
        raise UserError(
            "GUIDE_SUBMITTED",
            L("Version {n} of {code} waits for publishing.", n=there.version, code=entry.code),
        )
    elif there.body == entry.guide.body():
        return "unchanged"
    else:
        acts.change_draft(work, there, entry.guide, note)
    return kind
