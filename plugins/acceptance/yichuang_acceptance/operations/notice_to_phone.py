"""The one-time notice (一次告知) of an item or a matter, sent to the phone of whoever asks; no case need exist yet.

It goes through the outbox of all messages, without a case and without an applicant: whoever names a number at the window asks for
it, whatever was said about messages on cases. The same words go to the same number once a day, from whichever desk.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from yichuang.api import (
    IntegrityError,
    Private,
    Read,
    Request,
    UserError,
    Work,
    identifiers,
    operation,
    query,
    select,
    update,
)
from yichuang_acceptance import notice_tables as n
from yichuang_acceptance.operations.accepting import has_guide, materials_of
from yichuang_acceptance.operations.catalogue_rules import said_of
from yichuang_acceptance.operations.matter_plan import Planned, plan
from yichuang_acceptance.operations.notices import GATEWAY, HOURS, OFFICE_HOURS, TEXT
from yichuang_acceptance.operations.paper_parts import fee_of
from yichuang_acceptance.operations.paper_texts import limit_text
from yichuang_acceptance.operations.situations import situation_notes
from yichuang_acceptance.rules import notices as rules
from yichuang_acceptance.rules.notices import Kind
from yichuang_acceptance.words import words

L = words.lazy
PERMISSION = "acceptance.send_notices"
UNKNOWN = "以实施机关公布为准"
FREE = "不收费"
_m = n.message.c


class AskText(Request):
    """An item, or a theme with the optional items that are wanted and the answers so far."""

    item: str = Field("", max_length=64)
    theme: str = Field("", max_length=64)
    chosen: tuple[int, ...] = ()
    answers: dict[str, str] = Field(default_factory=dict)


class AskSending(AskText):
    """Likewise, and the mobile number."""

    phone: Private = Field(max_length=30)


@dataclass(frozen=True)
class Sent:
    """What became of it.

    Attributes:
        state: waiting, or sent.
        at: When it was written.
        next_at: When it goes out at the earliest; None where it has gone.
        again: The same words were on their way to that number today already; no second one is sent.
    """

    message_id: int
    state: str
    at: datetime
    next_at: datetime | None
    again: bool


@dataclass(frozen=True)
class _About:
    """What is told: its number in lists, its name, and who answers for it."""

    number: str
    name: str
    agency: str
    facts: dict[str, str]


@query("acceptance.notice_text", permission=PERMISSION, title="One-time notice as a message")
def notice_text(read: Read, request: AskText) -> str:
    """The words that `acceptance.send_notice` would send. Errors: UNKNOWN_ITEM, UNKNOWN_THEME, NO_GATEWAY."""
    _require_gateway(read)
    return _told(read, _about(read, request)).text


@operation("acceptance.send_notice", permission=PERMISSION, title="Send the one-time notice to a phone")
def send_notice(work: Work, request: AskSending) -> Sent:
    """Send materials, fees, limit and place of an item or a matter to a mobile number, at most once a day.

    Errors: UNKNOWN_ITEM, UNKNOWN_THEME, BAD_PHONE, NOT_MOBILE, NO_GATEWAY.
    """
    _require_gateway(work)
    phone = identifiers.check_phone(request.phone)
    if not rules.is_mobile(phone):
        raise UserError(
            "NOT_MOBILE", L("Messages reach mobile numbers only."), do=L("A mobile number has 11 digits."),
        )  # fmt: skip
    about = _about(work, request)
    told = _told(work, about)
    work.subject = f"item:{about.number}" if request.item else f"theme:{about.number}"
    occasion = f"{work.today.isoformat()} {phone} {hashlib.sha256(told.text.encode()).hexdigest()[:16]}"
    found = _same(work, occasion)
    if found is None:
        try:
            with work.savepoint():
                _write(work, about, told, phone, occasion)
        except IntegrityError:  # another desk wrote it in this very moment
            return _known(work, _same(work, occasion))
        return _answer(work, _same(work, occasion), again=False)
    return _known(work, found)


def _require_gateway(read: Read) -> None:
    if not read.setting(GATEWAY, ""):
        raise UserError(
            "NO_GATEWAY", L("No gateway for messages is chosen in the settings."),
            do=L("Print the notice instead, or let an administrator choose a gateway."),
        )  # fmt: skip


def _same(read: Read, occasion: str) -> Any:
    same = _m.case_id.is_(None), _m.kind == Kind.GUIDE, _m.occasion == occasion
    return read.one(select(n.message).where(*same))


def _write(work: Work, about: _About, told: rules.Told, phone: str, occasion: str) -> None:
    work.insert(
        n.message, key=secrets.token_hex(16), case_id=None, kind=Kind.GUIDE, occasion=occasion, number=about.number,
        item_name=about.name, agency=about.agency, applicant_id=None, phone=phone, params=dict(told.params),
        text=told.text, state="waiting", next_at=rules.next_allowed(work.now), created_at=work.now,
    )  # fmt: skip


def _known(work: Work, row: Any) -> Sent:
    """What was asked for before goes once; only what had been given up is tried again, under the same key."""
    if row.state != "gave_up":
        return _answer(work, row, again=True)
    values = {
        "state": "waiting",
        "attempts": 0,
        "claim": "",
        "ended_at": None,
        "next_at": rules.next_allowed(work.now),
    }
    work.execute(update(n.message).where(_m.id == row.id, _m.state == "gave_up").values(**values))
    return _answer(work, work.one(select(n.message).where(_m.id == row.id)), again=False)


def _answer(work: Work, row: Any, *, again: bool) -> Sent:
    work.detail = {"message": row.id, "phone": identifiers.mask_phone(row.phone), "again": again}
    next_at = row.next_at if row.state == "waiting" else None
    return Sent(row.id, row.state, row.created_at, next_at, again)


# ---- what it says ----


def _told(read: Read, about: _About) -> rules.Told:
    hall, phone = read.setting("hall.name", "政务服务大厅"), read.setting("hall.phone", "")
    return rules.tell(Kind.GUIDE, hall, phone, about.facts, str(read.setting(TEXT + Kind.GUIDE, "")))


def _about(read: Read, request: AskText) -> _About:
    if bool(request.item) == bool(request.theme):
        raise UserError("BAD_REQUEST", L("Name an item or a matter."))
    if request.item:
        return _of_item(read, request.item)
    return _of_matter(read, plan(read, request.theme, request.chosen, answers=request.answers, open_too=True))


def _of_item(read: Read, code: str) -> _About:
    item = read.query("hall.item", {"code": code})
    guide = said_of(read, item.code, item.version)
    notes = situation_notes(read, item.code, item.version)
    names = [_named(m, "视情形" if m.position in notes else "") for m in materials_of(item)]
    if not has_guide(item):
        names.append("其他材料以实施机关告知为准")
    limit = "即时办结" if item.kind == "instant" else (
        limit_text(item.promise_amount, item.promise_unit) or limit_text(item.legal_amount, item.legal_unit)
    )  # fmt: skip
    place, hours = guide.get("transact_addr"), guide.get("transact_time")
    return _About(
        item.code,
        item.name,
        item.agency,
        _facts(read, item.name, names, fee_of(guide, item), limit, place, hours),
    )


def _of_matter(read: Read, planned: Planned) -> _About:
    name = planned.theme.name
    open_to = {m.name for m in planned.materials if _is_open(planned, m)}
    names = [_named(m, "视情形" if m.name in open_to else "") for m in planned.materials]
    promise = planned.promise
    limit = limit_text(promise.amount, promise.unit) if promise else ""
    fee = _fee_of_all(read, planned.items.values())
    return _About(planned.theme.code, name, planned.lead, _facts(read, name, names, fee, limit, "", ""))


def _is_open(planned: Planned, material: Any) -> bool:
    """Whether a material is asked for only in a situation that is not known yet."""
    return all(planned.situation.condition(item, at) for item, at in material.wanted_by.items())


def _fee_of_all(read: Read, items: Iterable[Any]) -> str:
    """What the items of a matter cost: those that charge by name, for their standards fill a page."""
    fees = {item.name: fee_of(said_of(read, item.code, item.version), item) for item in items}
    charged = [name for name, fee in fees.items() if fee not in (FREE, UNKNOWN)]
    if charged:
        return f"{rules.enough(charged, rules.MOST_FEES)}收费，标准以办事指南为准"
    return UNKNOWN if UNKNOWN in fees.values() else FREE


def _named(material: Any, condition: str) -> str:
    """A material with what spares the applicant a way: it need not be brought, may follow, or is needed only sometimes."""
    remarks = [condition] if condition else []
    if material.replaceable and material.licence_types:
        remarks.append("可免提交")
    if material.need == "tolerant":
        remarks.append("可容缺")
    elif material.need == "optional":
        remarks.append("非必要")
    return f"{material.name}（{'，'.join(remarks)}）" if remarks else str(material.name)


def _facts(
    read: Read, name: str, materials: list[str], fee: str, limit: str, place: str, hours: str
) -> dict[str, str]:
    hall, address = read.setting("hall.name", "政务服务大厅"), read.setting("hall.address", "")
    return {
        "item": name, "materials": rules.enough(materials, rules.MOST_MATERIALS), "limit": limit or UNKNOWN,
        "fee": rules.cut(fee or UNKNOWN, rules.MOST_FEES),
        "place": rules.cut(place or f"{hall}{f'（{address}）' if address else ''}", rules.MOST_PLACE),
        "hours": rules.cut(hours or str(read.setting(HOURS, OFFICE_HOURS)), rules.MOST_PLACE),
    }  # fmt: skip
