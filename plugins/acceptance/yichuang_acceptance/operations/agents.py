"""Helped and delegated applications (帮办代办): the mandate, papers and money in the helper's hands, the seven steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    CleanText,
    Private,
    Read,
    Request,
    UserError,
    Work,
    func,
    holder_digest,
    identifiers,
    operation,
    or_,
    query,
    select,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.agent_tables import mandate as table
from yichuang_acceptance.operations import cases, watching
from yichuang_acceptance.operations.alerts import raise_alert
from yichuang_acceptance.operations.containing import containing
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.rules.machine import OPEN, State
from yichuang_acceptance.rules.violations import MANY_MANDATES
from yichuang_acceptance.words import words

L = words.lazy
MOST_OPEN = 10
"""Open mandates of one helper in a month, unless the setting says otherwise; more look like a trade."""
SETTING = "acceptance.agent_cases"
CITIZEN_ID = "111"
_m = table.c


class Mandate(OneCase):
    """Whom the applicant entrusts with a case, with what, until when.

    Attributes:
        letter: Digest of the scanned letter of authority; stands for `signed`.
        received: Papers that the helper was given.
        fees: Advanced for the applicant, in yuan.
    """

    helper: CleanText = Field(min_length=1, max_length=100)
    helper_code: Private
    helper_phone: str = Field("", max_length=30)
    scope: CleanText = Field(min_length=1, max_length=500)
    valid_to: date
    signed: bool = False
    letter: str = Field("", max_length=64)
    received: CleanText = Field(min_length=1, max_length=1000)
    fees: Decimal = Field(Decimal(0), ge=0, le=1_000_000, decimal_places=2)


@dataclass(frozen=True)
class MandateRow:
    """A mandate as the ledger shows it, with the dates of its seven steps (委托、受理、办理、送达、归档、上报、回访).

    Attributes:
        late: The mandate has run out while its case is still open.
    """

    id: int
    case_id: int
    case_no: str
    item_name: str
    agency_name: str
    principal: str
    principal_masked: str
    helper: str
    helper_masked: str
    helper_phone: str
    scope: str
    valid_to: date
    late: bool
    open: bool
    received: str
    returned: str
    fees: Decimal
    result: str
    satisfaction: int | None
    entrusted_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    delivered_at: datetime | None
    archived_at: datetime | None
    reported_at: datetime | None
    visited_at: datetime | None
    staff: str


@operation("acceptance.entrust", permission="acceptance.help", title="Enter a mandate")
def entrust(work: Work, request: Mandate) -> MandateRow:
    """Enter who helps with an open case, against an identity card and a signed letter of authority.

    Errors: MANDATE_NOT_SIGNED, MANDATE_OVER, BAD_CITIZEN_ID, ENTRUSTED_ALREADY, CASE_ENDED, NOT_YOUR_AGENCY.
    """
    row = cases.at_window(work, request.case_id)
    if State(row.state) not in OPEN:
        raise UserError("CASE_ENDED", L("Case {number} has ended.", number=row.case_no))
    code = identifiers.check_citizen_id(request.helper_code)
    if request.letter:
        work.get_blob(request.letter)
    elif not request.signed:
        raise UserError("MANDATE_NOT_SIGNED", L("A mandate needs a signed letter of authority."),
                        do=L("Let the applicant sign it, then confirm it."))  # fmt: skip
    if request.valid_to < work.today:
        raise UserError("MANDATE_OVER", L("The mandate has run out."), do=L("Enter a later day."))
    if work.one(select(_m.id).where(_m.case_id == row.id)) is not None:
        raise UserError("ENTRUSTED_ALREADY", L("Case {number} has a mandate already.", number=row.case_no))
    digest = holder_digest(work, CITIZEN_ID, code)
    work.insert(
        table, case_id=row.id, helper=request.helper, helper_masked=identifiers.mask_id(code), helper_digest=str(digest),
        helper_phone=request.helper_phone, scope=request.scope, valid_to=request.valid_to, letter=request.letter,
        received=request.received, fees=request.fees, entrusted_at=work.now, staff_id=work.actor.staff_id,
        staff_name=work.actor.name,
    )  # fmt: skip
    _warn_of_trade(work, row, str(digest), request.helper)
    watching.fee_taken(work, row, request.fees)
    work.subject = cases.subject(row.case_no)
    return _of(work, row.id)


def _warn_of_trade(work: Work, row: Any, digest: str, helper: str) -> None:
    """Remind supervision once a month of a helper with more open mandates than are usual among neighbours."""
    first = datetime.combine(work.today.replace(day=1), time(), HALL_ZONE)
    mine = _m.helper_digest == digest, _m.entrusted_at >= first, t.case.c.state.in_(OPEN)
    count = work.scalar(
        select(func.count()).select_from(table.join(t.case, t.case.c.id == _m.case_id)).where(*mine)
    )
    key = f"{digest[:16]}:{work.today:%Y-%m}"
    told = work.scalar(
        select(t.alert.c.id).where(t.alert.c.rule == MANY_MANDATES, t.alert.c.key == key).limit(1)
    )
    if count > int(work.setting(SETTING, MOST_OPEN)) and told is None:
        raise_alert(work, row, MANY_MANDATES, key, detail=f"{helper}：{count}")


class Progress(Request):
    """What came of a mandate; what is left out stays as it was."""

    mandate_id: int
    returned: str | None = Field(None, max_length=1000)
    fees: Decimal | None = Field(None, ge=0, le=1_000_000, decimal_places=2)
    result: str | None = Field(None, max_length=1000)
    reported: bool = False
    satisfaction: int | None = Field(None, ge=1, le=5)


@operation("acceptance.follow_mandate", permission="acceptance.help", title="Enter what came of a mandate")
def follow_mandate(work: Work, request: Progress) -> MandateRow:
    """Enter returned papers, fees, result, report, and what the applicant said afterwards.

    Errors: UNKNOWN_MANDATE, STILL_OPEN, NOT_YOUR_AGENCY.
    """
    found = work.one(select(table).where(_m.id == request.mandate_id))
    if found is None:
        raise UserError("UNKNOWN_MANDATE", L("There is no such mandate."))
    row = cases.at_window(work, found.case_id)
    if request.satisfaction is not None and State(row.state) in OPEN:
        raise UserError("STILL_OPEN", L("The applicant is asked after the case has ended."))
    values: dict[str, Any] = {
        name: value
        for name in ("returned", "fees", "result", "satisfaction")
        if (value := getattr(request, name)) is not None
    }
    if request.reported and found.reported_at is None:
        values["reported_at"] = work.now
    if request.satisfaction is not None:
        values["visited_at"] = work.now
    if values:
        work.update(table, {"id": found.id}, **values)
        watching.fee_taken(work, row, request.fees)
    work.subject = cases.subject(row.case_no)
    return _of(work, row.id)


class AskMandates(Request):
    """The ledger: mandates of open cases, or all; those in which a text stands (case, item, who applies, who helps)."""

    kind: Literal["open", "all"] = "open"
    text: str = Field("", max_length=60)
    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.mandates", permission="acceptance.help", title="Mandates")
def mandates(read: Read, request: AskMandates) -> list[MandateRow]:
    """Mandates of the cases that one may see, newest first."""
    c = t.case.c
    found = containing(request.text, c.case_no, c.item_name, c.applicant_name, _m.helper)
    wanted = _ledger().where(*_wanted(read, request.kind), *found)
    if request.before_id is not None:
        wanted = wanted.where(_m.id < request.before_id)
    return [_row(read, r) for r in read.all(wanted.order_by(_m.id.desc()).limit(request.limit))]


def _wanted(read: Read, kind: str) -> list[Any]:
    found: list[Any] = [t.case.c.state.in_(OPEN)] if kind == "open" else []
    if not (read.actor.hall_wide or read.may("acceptance.see_all")):
        found.append(or_(t.case.c.agency == read.actor.agency, t.case.c.acceptor_id == read.actor.staff_id))
    return found


class AskLedger(Request):
    """What is printed: mandates of open cases, or all; the newest so many."""

    kind: Literal["open", "all"] = "open"
    limit: int = Field(1000, ge=1, le=1000)


@query("acceptance.mandates_file", permission="acceptance.help", title="The ledger of mandates to print")
def mandates_file(read: Read, request: AskLedger) -> bytes:
    """The ledger as a report; where it is longer than what is printed, it says so."""
    from yichuang.api.documents import Report, Section, Table, render_report

    rows = mandates(read, AskMandates(kind=request.kind, limit=request.limit))
    counted = select(func.count()).select_from(table.join(t.case, t.case.c.id == _m.case_id))
    number = int(read.scalar(counted.where(*_wanted(read, request.kind))))
    title = f"共{number}件" + (f"，本册为最近的{len(rows)}件" if len(rows) < number else "")
    lines = tuple(
        (f"{r.item_name}\n{r.case_no}", f"{r.principal}\n{r.principal_masked}", f"{r.helper}\n{r.helper_masked}", _days(r),
         f"收：{r.received}" + (f"\n退：{r.returned}" if r.returned else ""), f"{r.fees:.2f}",
         "\n".join(filter(None, [r.result, f"满意度 {r.satisfaction}" if r.satisfaction else ""])) or "—")
        for r in rows
    )  # fmt: skip
    head = ("事项和办件编号", "委托人", "代办员", "各环节日期", "材料", "代缴费用", "结果")
    widths = (36, 31, 31, 26, 24, 17, 21)
    report = Report(
        title="帮办代办台账", organ=read.setting("hall.name", "阿鲁科尔沁旗政务服务大厅"), date=read.today,
        sections=(Section(title, (Table(head, lines or (("—",) * len(head),), widths),)),),
    )  # fmt: skip
    return render_report(report)


def _days(row: MandateRow) -> str:
    named = (
        ("委托", row.entrusted_at), ("受理", row.accepted_at), ("办理", row.decided_at), ("送达", row.delivered_at),
        ("归档", row.archived_at), ("上报", row.reported_at), ("回访", row.visited_at),
    )  # fmt: skip
    return "\n".join(f"{name} {at.astimezone(HALL_ZONE):%m-%d}" for name, at in named if at is not None)


def _ledger() -> Any:
    c = t.case.c
    columns = (
        c.case_no, c.item_name, c.agency_name, c.applicant_name, c.applicant_masked, c.state, c.accepted_at, c.decided_at,
        c.delivered_at, c.archived_at,
    )  # fmt: skip
    return select(table, *columns).join(t.case, c.id == _m.case_id)


def _of(read: Read, case_id: int) -> MandateRow:
    return _row(read, read.one(_ledger().where(_m.case_id == case_id)))


def _row(read: Read, r: Any) -> MandateRow:
    is_open = State(r.state) in OPEN
    return MandateRow(
        r.id, r.case_id, r.case_no, r.item_name, r.agency_name, r.applicant_name, r.applicant_masked, r.helper,
        r.helper_masked, r.helper_phone, r.scope, r.valid_to, is_open and r.valid_to < read.today, is_open, r.received,
        r.returned, Decimal(r.fees), r.result, r.satisfaction, r.entrusted_at, r.accepted_at, r.decided_at, r.delivered_at,
        r.archived_at, r.reported_at, r.visited_at, r.staff_name,
    )  # fmt: skip
