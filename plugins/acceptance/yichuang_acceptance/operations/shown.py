"""What the second screen shows of an application, and tying what the applicant signed there to the case it becomes."""

from __future__ import annotations

from datetime import date
from typing import Any

from yichuang.api import (
    HALL_ZONE,
    Read,
    UserError,
    Work,
    applicant_of,
    func,
    identifiers,
    or_,
    select,
    update,
)
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance.operations import cases, forms
from yichuang_acceptance.operations.accepting import materials_of
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.rules.clocks import TOLERANCE_WORKING_DAYS
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.rules.reach import Reach, of_person
from yichuang_acceptance.rules.showing import Content, lines_of, materials_text
from yichuang_acceptance.words import words

L = words.lazy
ANSWERED = ("confirmed", "signed")
ORGANISATION = "001"


def chinese(day: date) -> str:
    """A day as people read it."""
    return f"{day.year}年{day.month}月{day.day}日"


def content_of(read: Read, request: Any, item: Any) -> Content:
    """The screen of an application (an `intake.Intake`): only what the applicant gave and what follows for them."""
    names = {m.position: m.name for m in materials_of(item)}
    given = [hand for hand in request.materials if hand.given is not Given.NOT_GIVEN]
    counts = {kind: sum(hand.given is kind for hand in given) for kind in Given}
    owed = tuple(names.get(h.position, "") for h in given if h.given is Given.TOLERATED)
    pairs = [("agency", "办理部门", item.agency_name), *person_lines(request)]
    after = [
        ("materials", "提交材料", materials_text(counts[Given.PAPER], counts[Given.LICENCE], len(owed))),
        ("finish", "承诺办结", _finish(read, item)),
    ]
    by = days_of(read).add_workdays(read.today, TOLERANCE_WORKING_DAYS).isoformat() if owed else ""
    return Content(
        item.name, (*lines_of(pairs, forms.labelled(read, item.code, item.version, request.form)), *lines_of(after, {})),
        ("受理通知书", *(("容缺受理承诺书",) if owed else ())), owed, by, _consents(given, names),
    )  # fmt: skip


def content_of_case(read: Read, row: Any, item: Any) -> Content:
    """The screen of an application that was entered before, as it stands now."""
    given = [m for m in cases.materials(read, row.id) if m.given != Given.NOT_GIVEN]
    counts = {kind: sum(m.given == kind for m in given) for kind in Given}
    person = row.applicant_kind == "person"
    pairs = [
        ("agency", "办理部门", row.agency_name),
        ("name", "申请人", identifiers.mask_name(row.applicant_name) if person else row.applicant_name),
        ("code", "证件号码", row.applicant_masked),
        ("phone", "联系电话", _phone(row.phone)),
        *_reach(Reach(row.legal, row.address, row.zip)),
        ("agent", "代理人", identifiers.mask_name(row.agent_name) if row.agent_name else ""),
        ("agent_code", "代理人证件", applicant_of(read, row.agent_id).code_masked if row.agent_id else ""),
        ("project", "项目或地点", row.project),
    ]
    papers = counts[Given.PAPER], counts[Given.LICENCE], counts[Given.TOLERATED]
    after = [("materials", "提交材料", materials_text(*papers)), ("finish", "承诺办结", _finish(read, item))]
    return Content(
        row.item_name, (*lines_of(pairs, forms.of_case(read, row)), *lines_of(after, {})), ("申请表",)
    )


def person_lines(request: Any) -> list[tuple[str, str, str]]:
    """Who applies and for what, masked; of an application or a whole matter."""
    agent = request.agent
    return [
        ("name", "申请人", _person(request.applicant)),
        ("code", "证件号码", identifiers.mask_id(request.applicant.code)),
        ("phone", "联系电话", _phone(request.applicant.phone)),
        *_reach(of_person(request.applicant)),
        ("agent", "代理人", _person(agent) if agent else ""),
        ("agent_code", "代理人证件", identifiers.mask_id(agent.code) if agent else ""),
        ("project", "项目或地点", request.project),
    ]


def _reach(reach: Reach) -> list[tuple[str, str, str]]:
    """Who represents the applicant and where post reaches them; an address in full, for only so a mistake is seen."""
    legal = identifiers.mask_name(reach.legal) if reach.legal else ""
    return [
        ("legal", "法定代表人", legal),
        ("post", "通讯地址", reach.address),
        ("zip", "邮政编码", reach.zip),
    ]


def _person(person: Any) -> str:
    return str(person.name) if person.code_kind == ORGANISATION else identifiers.mask_name(person.name)


def _phone(phone: str) -> str:
    return identifiers.mask_phone(phone) if phone else ""


def _finish(read: Read, item: Any) -> str:
    local = read.now.astimezone(HALL_ZONE)
    if item.kind == "instant":
        return f"{chinese(days_of(read).instant_due(local).date())}前（即办）"
    if item.promise_amount is None:
        return ""
    return f"{chinese(days_of(read).due_moment(local, item.promise_amount, item.promise_unit).date())}前"


def _consents(given: list[Any], names: dict[int, str]) -> tuple[str, ...]:
    """What of the applicant's is fetched instead of being handed in."""
    licences = [f"电子证照：{names.get(h.position, '')}" for h in given if h.given is Given.LICENCE]
    return (*licences, *(f"以前提交的材料：{names.get(h.position, '')}" for h in given if h.reused))


def attach(work: Work, request: Any, item: Any, case_id: int) -> None:
    """Tie what was shown and signed to the case, if anything was; what is entered must be what was shown.

    Raises:
        UserError: UNKNOWN_SHOWING; NOT_CONFIRMED when the applicant did not confirm; SHOWN_DATA_CHANGED.
    """
    if request.showing_id is None:
        return
    row = answered_showing(work, request.showing_id, content_of(work, request, item))
    work.execute(update(a.showing).where(a.showing.c.id == row.id).values(case_id=case_id))


def answered_showing(work: Work, showing_id: int, content: Content) -> Any:
    """The row of an application's showing that was confirmed, and showed just this.

    Raises:
        UserError: UNKNOWN_SHOWING, NOT_CONFIRMED, SHOWN_DATA_CHANGED.
    """
    row = own_showing(work, showing_id)
    if row.state not in ANSWERED or row.case_id is not None or row.purpose != "application":
        raise UserError(
            "NOT_CONFIRMED",
            L("The applicant has not confirmed these data."),
            do=L("Push them to the applicant's screen again, or accept without it."),
        )
    if digest_of(content) != row.shown:
        raise UserError(
            "SHOWN_DATA_CHANGED",
            L("Something was changed after the applicant confirmed."),
            do=L("Push it to the applicant's screen again."),
        )
    return row


def not_signed() -> UserError:
    """The receiver has not signed for just this."""
    return UserError(
        "NOT_SIGNED",
        L("The receiver has not signed for this result."),
        do=L("Let the receiver sign, or have the slip signed on paper."),
    )


def digest_of(content: Content) -> str:
    """The name under which what was shown is kept."""
    import hashlib

    return hashlib.sha256(content.encoded()).hexdigest()


def own_showing(read: Read, showing_id: int) -> Any:
    """A showing of the actor's own desk work; nobody reads or answers another's.

    Raises:
        UserError: UNKNOWN_SHOWING.
    """
    mine = (a.showing.c.id == showing_id) & (a.showing.c.staff_id == read.actor.staff_id)
    row = read.one(select(a.showing).where(mine))
    if row is None:
        raise UserError("UNKNOWN_SHOWING", L("Nothing is shown to an applicant under this number."))
    return row


def signature_of(read: Read, case_id: int, purpose: str = "application") -> bytes:
    """The PNG of what the applicant signed for a case or its whole matter, empty where nothing was signed on the screen.

    What was signed before the application was corrected stands no more for what it says now.
    """
    fixed = cases.last(read, case_id, Event.CORRECT_FORM) if purpose == "application" else None
    if fixed is None:
        together = select(mt.part.c.matter_id).where(mt.part.c.case_id == case_id).scalar_subquery()
        beside = select(mt.part.c.case_id).where(mt.part.c.matter_id == together)
        of_case = (or_(a.showing.c.case_id == case_id, a.showing.c.case_id.in_(beside)),)
    else:
        of_case = _shown_since(fixed)
    signed = (*of_case, a.showing.c.purpose == purpose, a.showing.c.state == "signed")
    row = read.one(select(a.showing.c.picture).where(*signed).order_by(a.showing.c.id.desc()).limit(1))
    return b"" if row is None else read.get_blob(row.picture)


def _shown_since(fixed: Any) -> tuple[Any, ...]:
    """What was shown of a case after its correction; by its number, for the clocks of two desks may differ."""
    return a.showing.c.case_id == fixed.case_id, a.showing.c.id > fixed.payload["shown"]


def last_shown(read: Read, case_id: int) -> int:
    """The number of what was last shown of an application after it was entered, or with which it was; 0 for nothing."""
    own = a.showing.c.case_id == case_id, a.showing.c.purpose == "application"
    return int(read.scalar(select(func.max(a.showing.c.id)).where(*own)) or 0)


def is_confirmed(read: Read, fixed: Any) -> bool:
    """Whether the applicant has confirmed on the screen what a correction (its event) left in the form."""
    answered = (*_shown_since(fixed), a.showing.c.purpose == "application", a.showing.c.state.in_(ANSWERED))
    return read.one(select(a.showing.c.id).where(*answered).limit(1)) is not None
