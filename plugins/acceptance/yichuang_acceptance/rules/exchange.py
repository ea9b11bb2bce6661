"""The five national exchange tables of cases (up_pro_*): their columns, codes and row keys; files that can be read back.

Source: the exchange schema of the national platform (up_pro_accept, process, result, special_procedure, material). Every
row carries row_guid, cd_batch, cd_operation (I new, U changed, D no more) and cd_time; a row's guid never changes, so that a
row that comes again replaces itself.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from yichuang.api import HALL_ZONE
from yichuang_acceptance.rules.machine import Event

COMMON = ("row_guid", "cd_batch", "cd_operation", "cd_time")
TABLES: dict[str, tuple[str, ...]] = {
    "up_pro_accept": (
        "project_no", "catalog_code", "task_code", "task_name", "task_version", "project_name", "apply_type", "apply_date",
        "applyer_type", "applyer_name", "applyer_page_type", "applyer_page_code", "contact_name", "contact_type",
        "contact_code", "contact_mobile", "legal", "address", "zip", "org_name", "org_code", "handle_user_name",
        "accept_date", "accept_doc_no", "promise_date", "project_type", *COMMON,
    ),
    "up_pro_process": (
        "project_no", "event_name", "process_name", "handle_user_name", "handle_explain", "event_start", "event_end", *COMMON,
    ),
    "up_pro_result": (
        "project_no", "handle_user", "result_date", "result_type", "result_explain", "result_cetr_name", "result_cetr_no",
        "is_delivery_results", "satisfaction", *COMMON,
    ),
    "up_pro_special_procedure": (
        "project_no", "special_type", "special_name", "special_time", "special_reason", "applyer_user_name", "end_time",
        "result", "special_explain", "handle_user", *COMMON,
    ),
    "up_pro_material": ("project_no", "material_name", "attach_name", "get_type", "get_num", *COMMON),
}  # fmt: skip
RESULTS: dict[str, str] = {
    Event.GRANT: "1", Event.DEEMED_GRANT: "1", Event.INSTANT: "1", Event.REFUSE: "2", Event.WITHDRAW: "3",
    Event.TERMINATE: "3", Event.RETURN: "3", Event.NOT_NEEDED: "3", Event.CORRECTION_LAPSE: "3", Event.REFUSE_ACCEPTANCE: "4",
}  # fmt: skip
"""Events that bring a result: 1 granted, 2 refused, 3 ended without a decision, 4 not accepted."""
PROCESS_NAMES: dict[str, str] = {
    Event.ACCEPT: "通过", Event.GRANT: "通过", Event.DEEMED_GRANT: "通过", Event.INSTANT: "通过",
    Event.REFUSE: "退回", Event.CORRECT: "退回", Event.REFUSE_ACCEPTANCE: "退回", Event.RETURN: "退回",
}  # fmt: skip
OTHER_PROCESS = "其他"
OUTCOMES = {"pass": "通过", "return": "退回", "refuse": "退回"}
"""What an opinion at a node of the review says to the exchange."""
GIVEN_CODES = {"paper": "1", "licence": "2", "tolerated": "3", "not_given": "4"}
APPLICANT_CODES = {"person": "1", "organisation": "2"}
KIND_CODES = {"instant": "1", "committed": "2"}
AT_WINDOW = "1"
OTHER_KIND = "9"
MOBILE = re.compile(r"1[3-9][0-9]{9}")
BY_ITSELF = "系统"
"""Who handled a step that time took."""
EXTENSION, OTHER_PROCEDURE = "1", "2"
_SPACE = uuid.UUID("6b0f6d0a-6f0e-5d5c-9a43-1504212026ac")


def row_guid(table: str, *key: object) -> str:
    """The key of a row: the same for the same thing in every batch."""
    return str(uuid.uuid5(_SPACE, ":".join((table, *map(str, key)))))


@dataclass(frozen=True)
class Held:
    """A row that the other side has, or had.

    Attributes:
        digest: Of its values; empty where it was taken back.
        first, last: The batches that first and last held it.
    """

    digest: str
    first: int
    last: int


def act_of(held: Held | None, digest: str, since: int | None, *, everything: bool = False) -> str:
    """What is to be done about a row: I new, U changed, D no more, "" nothing.

    Args:
        held: As the other side has it, None where it never did.
        digest: Of the values now; empty where there is no such row any more.
        since: The last batch that the other side has read; later ones count as lost. What exactly it had then is not known
            any more, so that I and U both put a row in place, and D may take back what is not there.
        everything: The other side begins with nothing.
    """
    if everything or held is None:
        return "I" if digest else ""
    lost = since is not None and held.last > since
    if not digest:
        return "D" if held.digest or lost else ""  # taking back what is not there does no harm
    if held.digest == digest and not lost:
        return ""
    is_new = not held.digest or (lost and since is not None and held.first > since)
    return "I" if is_new else "U"


class Left(Enum):
    """What the other side has of a row that is not sent."""

    NOTHING = "nothing"
    AS_SENT = "as_sent"  # what the ledger says
    UNKNOWN = "unknown"  # the row or not, with whatever values: it is taken back, so that it is known again


def left_of(held: Held | None, since: int | None, *, everything: bool = False) -> Left:
    """What the other side has of a row that is held back; the arguments are those of `act_of`."""
    if everything or held is None:
        return Left.NOTHING
    if since is None or held.last <= since:
        return Left.AS_SENT if held.digest else Left.NOTHING
    return Left.NOTHING if held.first > since else Left.UNKNOWN


def attachment_name(case_no: str, position: int, pages: Sequence[str]) -> str:
    """What the file of a material is called: another name for other pages (their digests), short; "" without pages."""
    if not pages:
        return ""
    mark = hashlib.sha256(";".join(pages).encode()).hexdigest()[:12]
    return f"{case_no}-{position:02d}-{mark}.pdf"


def mobile(phone: str) -> str:
    """A mobile number; "" for a landline, for which the exchange has no column."""
    return phone if MOBILE.fullmatch(phone) else ""


def end_of(day: date | None) -> str:
    """The end of a day as the exchange writes it."""
    return "" if day is None else f"{day:%Y-%m-%d} 23:59:59"


def stamp(moment: datetime | None) -> str:
    """A moment as the exchange writes it, in the hall's time."""
    return "" if moment is None else f"{moment.astimezone(HALL_ZONE):%Y-%m-%d %H:%M:%S}"


@dataclass
class Received:
    """What the other side has after reading batches: the newest row of each guid, by table."""

    rows: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=lambda: {table: {} for table in TABLES}
    )

    def take(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
        """Read the rows of a file; gives back how many it had.

        Raises:
            ValueError: The columns are not the table's, or a row is of another length, or its guid or act is missing.
        """
        if tuple(columns) != TABLES[table]:
            raise ValueError(f"{table} has other columns")
        guid, act = columns.index("row_guid"), columns.index("cd_operation")
        kept, count = self.rows[table], 0
        for row in rows:
            if len(row) != len(columns) or not row[guid] or row[act] not in ("I", "U", "D"):
                raise ValueError(f"{table}: row {count + 1} is broken")
            if row[act] == "D":
                kept.pop(row[guid], None)
            else:
                kept[row[guid]] = tuple(row)
            count += 1
        return count

    def counts(self) -> dict[str, int]:
        """How many rows each table has now."""
        return {table: len(rows) for table, rows in self.rows.items()}


def differences(found: Mapping[str, int], expected: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Tables whose counts differ: (table, found, expected)."""
    return [(t, found.get(t, 0), expected.get(t, 0)) for t in TABLES if found.get(t, 0) != expected.get(t, 0)]
