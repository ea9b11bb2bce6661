"""Slips of thermal paper for the applicant's pocket: numbers of a case or a matter, what was handed in, when it will be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yichuang.api import HALL_ZONE, Read, Request, identifiers, query
from yichuang_acceptance.operations import cases, matter_life
from yichuang_acceptance.operations import paper_parts as parts
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.matter_papers import ANOTHER_BODY, STANDINGS, office_of
from yichuang_acceptance.rules.machine import State
from yichuang_acceptance.rules.matter_graph import Standing
from yichuang_acceptance.slip_layout import (
    NO_NOTICE,
    NOT_ACCEPTED_YET,
    Given,
    Slip,
    beside,
    code_of,
    draw,
    grouped_number,
    short,
)

ACCEPTED, RECEIVED = "受理小票", "收件小票"
TOLERATED, LICENCE = "tolerated", "licence"
NOT_YET = frozenset({State.RECEIVED, State.CORRECTING})


@query("acceptance.slip", permission="acceptance.print", title="A slip with the numbers of a case")
def slip(read: Read, request: OneCase) -> bytes:
    """What a ticket printer prints of a case, as PNG. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    row = cases.at_window(read, request.case_id)
    office = parts.office(read, row)
    owing = _promised(read, row.id)
    lines = [line for line in parts.lines(read, row) if line.name not in owing]
    accepted = row.accepted_at is not None
    return draw(
        Slip(
            office.hall, office.agency, ACCEPTED if accepted else RECEIVED, row.item_name,
            _numbers(row, (row.promise_due_at or row.legal_due_at) if accepted else None),
            [Given(line.name, line.originals, line.copies, line.remark) for line in lines],
            _owed(owing), code_of(office.query_url, row.case_no, row.query_code),
            beside(office.window_phone, office.supervision_phone), ([] if accepted else [NOT_ACCEPTED_YET]) + [NO_NOTICE],
        )
    )  # fmt: skip


def _promised(read: Read, case_id: int) -> dict[str, date | None]:
    """What follows and by when; before the acceptance there is no day yet."""
    owed = [m for m in cases.materials(read, case_id) if m.given == TOLERATED]
    return {m.name: parts.day(m.due) if m.due else None for m in owed}


class OneMatter(Request):
    """A matter by its id."""

    matter_id: int


@query("acceptance.matter_slip", permission="acceptance.print", title="A slip with the numbers of a matter")
def matter_slip(read: Read, request: OneMatter) -> bytes:
    """What a ticket printer prints of a matter as a whole, as PNG. Errors: UNKNOWN_MATTER, NOT_YOUR_AGENCY."""
    matter = matter_life.at_window(read, request.matter_id)
    office = office_of(read, matter)
    rows = matter_life.rows_of(read, matter.id)
    opened = [row for row in rows if row.case_id is not None]
    standing = {part.position: part.standing for part in matter_life.parts_of(rows)}
    waits = any(_is_only_received(row, standing) for row in opened)
    due: dict[str, date | None] = {}
    for row in opened:
        for name, by in _promised(read, row.case_id).items():
            due[name] = min(filter(None, (by, due.get(name))), default=None)
    owed = [m["name"] for m in matter.materials if m["given"] == TOLERATED]
    handed = [m for m in matter.materials if m["given"] not in (TOLERATED, "not_given")]
    return draw(
        Slip(
            office.hall, office.agency, f"一件事{RECEIVED if waits else ACCEPTED}", matter.name,
            _numbers(matter, matter.promise_due_at or matter.legal_due_at),
            [Given(m["name"], remark="免提交" if m["given"] == LICENCE else "") for m in handed],
            _owed({name: due.get(name) for name in owed}), code_of(office.query_url, matter.case_no, matter.query_code),
            beside(office.window_phone, office.supervision_phone), ([NOT_ACCEPTED_YET] if waits else []) + [NO_NOTICE],
            _parts(rows, standing),
        )
    )  # fmt: skip


def _is_only_received(row: Any, standing: Mapping[int, Standing]) -> bool:
    """Whether an item could be accepted and is not yet; one that waits for another cannot."""
    return row.case_id is not None and row.state in NOT_YET and standing[row.position] is Standing.OPEN


def _parts(rows: list[Any], standing: Mapping[int, Standing]) -> list[str]:
    """The items in their order, with what has become of each."""
    lines = []
    for row in rows:
        state = "已收件" if _is_only_received(row, standing) else STANDINGS[standing[row.position]]
        where = "" if row.case_id is not None else f" {ANOTHER_BODY}"
        lines.append(f"{short(row.name, 28)}{where}（{state}）")
    return lines


def _numbers(row: Any, due: Any) -> list[tuple[str, str]]:
    """Numbers first: they are what people come back with."""
    person = row.applicant_kind == "person"
    return [
        ("办件编号", grouped_number(row.case_no)), ("查询码", row.query_code),
        ("申请人", identifiers.mask_name(row.applicant_name) if person else row.applicant_name),
        ("收件时间", f"{row.received_at.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}"),
        ("承诺办结", f"{due.astimezone(HALL_ZONE):%Y-%m-%d} 前" if due else ""), ("收件窗口", row.desk),
    ]  # fmt: skip


def _owed(due: Mapping[str, date | None]) -> list[str]:
    return [f"{short(name, 24)}{f'，{by:%Y-%m-%d} 前' if by else ''}" for name, by in due.items()]
