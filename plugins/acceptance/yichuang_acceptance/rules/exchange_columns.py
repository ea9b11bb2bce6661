"""What the columns of the national exchange tables take: how long, and which of them must be filled in. Pure.

Source: the platform's table definitions (varchar lengths count characters; NOT NULL). A row that does not fit is never cut: it
is held back and reported, everything else goes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yichuang.api import LazyText
from yichuang_acceptance.rules.exchange import COMMON, TABLES
from yichuang_acceptance.words import words

L = words.lazy


@dataclass(frozen=True)
class Column:
    """What a column takes.

    Attributes:
        label: What people call it.
        most: Longest text, characters; 0 for moments and whole numbers, which always fit.
        required: Whether the platform refuses a row without it.
    """

    label: LazyText
    most: int = 0
    required: bool = False


@dataclass(frozen=True)
class Misfit:
    """A value that a column does not take.

    Attributes:
        found: How many characters it has; 0 where it is missing.
        most: How many there may be.
    """

    column: str
    found: int
    most: int


def _text(label: LazyText, most: int) -> Column:
    return Column(label, most)


def _must(label: LazyText, most: int = 0) -> Column:
    return Column(label, most, required=True)


_CASE = _must(L("Case number"), 50)
COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "up_pro_accept": {
        "project_no": _CASE, "catalog_code": _must(L("Basic code"), 12), "task_code": _must(L("Implementation code"), 36),
        "task_name": _must(L("Item name"), 1000), "task_version": _must(L("Version")),
        "project_name": _text(L("Summary"), 1000), "apply_type": _must(L("Way of applying"), 2),
        "apply_date": _must(L("Applied on")), "applyer_type": _must(L("Kind of applicant"), 2),
        "applyer_name": _must(L("Applicant"), 100), "applyer_page_type": _must(L("Applicant's kind of document"), 70),
        "applyer_page_code": _must(L("Applicant's document number"), 500), "contact_name": _text(L("Contact"), 100),
        "contact_type": _text(L("Contact's kind of document"), 6), "contact_code": _text(L("Contact's document number"), 50),
        "contact_mobile": _text(L("Contact's mobile number"), 11), "legal": _text(L("Legal representative"), 100),
        "address": _text(L("Postal address"), 1000), "zip": _text(L("Postcode"), 6),
        "org_name": _must(L("Accepting organ"), 100), "org_code": _must(L("Accepting organ's code"), 64),
        "handle_user_name": _text(L("Accepted by"), 100), "accept_date": _must(L("Accepted on")),
        "accept_doc_no": _text(L("Number of the notice"), 50), "promise_date": Column(L("Promised for")),
        "project_type": _must(L("Kind of case"), 2),
    },
    "up_pro_process": {
        "project_no": _CASE, "event_name": _must(L("Act"), 2), "process_name": _must(L("Step"), 1000),
        "handle_user_name": _must(L("Handled by"), 100), "handle_explain": _must(L("What was said of the step"), 2000),
        "event_start": _must(L("Began")), "event_end": _must(L("Ended")),
    },
    "up_pro_result": {
        "project_no": _CASE, "handle_user": _text(L("Handled by"), 100), "result_date": _must(L("Ended on")),
        "result_type": _must(L("Kind of end"), 2), "result_explain": _text(L("About the end"), 2000),
        "result_cetr_name": _text(L("Name of the result"), 256), "result_cetr_no": _text(L("Number of the result"), 2000),
        "is_delivery_results": _must(L("Whether it was sent by mail"), 2), "satisfaction": _text(L("Satisfaction"), 2),
    },
    "up_pro_special_procedure": {
        "project_no": _CASE, "special_type": _must(L("Kind of procedure"), 2), "special_name": _must(L("Procedure"), 1000),
        "special_time": _must(L("Began")), "special_reason": _must(L("Why it began"), 2000),
        "applyer_user_name": _text(L("Applicant"), 100), "end_time": _must(L("Ended")),
        "result": _text(L("Outcome of the procedure"), 2000),
        "special_explain": _text(L("Basis or approval"), 2000), "handle_user": _text(L("Handled by"), 100),
    },
    "up_pro_material": {
        "project_no": _CASE, "material_name": _must(L("Material name"), 200), "attach_name": _text(L("Name of the file"), 200),
        "get_type": _must(L("How it was given"), 2), "get_num": _text(L("Number of copies"), 5),
    },
}  # fmt: skip
TABLE_NAMES: Mapping[str, LazyText] = {
    "up_pro_accept": L("Acceptance"), "up_pro_process": L("Steps"), "up_pro_result": L("End"),
    "up_pro_special_procedure": L("Special procedures"), "up_pro_material": L("Materials"),
}  # fmt: skip


def misfits(table: str, values: Sequence[str]) -> list[Misfit]:
    """What of a row the platform would not take; its values are those of the table's own columns, in their order."""
    own = [name for name in TABLES[table] if name not in COMMON]
    found = []
    for name, value in zip(own, values, strict=True):
        column = COLUMNS[table][name]
        if column.most and len(value) > column.most:
            found.append(Misfit(name, len(value), column.most))
        elif column.required and not value.strip():
            found.append(Misfit(name, 0, column.most))
    return found


def why(table: str, misfit: Misfit) -> LazyText:
    """A misfit as people read it."""
    label = COLUMNS[table][misfit.column].label
    if misfit.found:
        return L(
            "{label} ({column}) has {found} characters; at most {most} are allowed.",
            label=label, column=misfit.column, found=misfit.found, most=misfit.most,
        )  # fmt: skip
    return L("{label} ({column}) is empty, but must be filled in.", label=label, column=misfit.column)
