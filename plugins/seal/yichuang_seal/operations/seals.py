"""Seals from application to their end, each step by the right person, and the list of them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, and_, hall, operation, query, select, update
from yichuang_seal.fields import Key
from yichuang_seal.keys import has_key, open_authority, store_key
from yichuang_seal.rules.lifecycle import State, next_state
from yichuang_seal.tables import change, seal
from yichuang_seal.words import L

Kind = Literal["formal", "approval", "service", "licence"]

PURPOSES: dict[str, str] = {
    "formal": "",
    "approval": "行政审批专用章",
    "service": "政务服务专用章",
    "licence": "电子证照专用章",
}
"""The purpose line of each kind; the formal seal has none. Printed on seals, so never translated."""

FORMAL_NAME = "单位公章"
MOST_SEALS = 500
DEFAULT_REGION = "150421"


class ApplyForSeal(Request):
    """Which seal an agency needs, and why.

    Attributes:
        agency: Code of the owner.
        kind: formal, approval, service or licence.
        diameter: Millimetres; 0 for what is usual for such an owner.
        reason: The ground of the application.
        replaces: A seal of the same agency that was replaced and whose successor this is.
    """

    agency: str
    kind: Kind = "approval"
    diameter: int = Field(0, ge=0, le=1000)
    reason: str
    replaces: Key | None = None


class SealStep(Request):
    """A step in a seal's life."""

    seal_id: Key
    reason: str = ""


@dataclass(frozen=True)
class SealCard:
    """A seal as lists show it.

    Attributes:
        es_id: Its number, 14 digits; empty before it is made.
        owner: Name of the agency as it stands on the seal.
        usable: In use, within its validity, and of an agency the actor may stamp for.
        here: Its key is on this machine.
        days_left: Whole days until the certificate ends; None before it is made.
    """

    id: int
    es_id: str
    agency: str
    owner: str
    kind: str
    name: str
    diameter: int
    state: State
    valid_until: datetime | None
    days_left: int | None
    usable: bool
    here: bool
    picture: str


@operation("seal.apply", permission="seal.apply", title="Apply for a seal")
def apply(work: Work, request: ApplyForSeal) -> SealCard:
    """Apply for a seal. Errors: UNKNOWN_AGENCY, NOT_YOUR_AGENCY, SEAL_NAME_LENGTH, REASON_MISSING."""
    from yichuang_seal.rules.picture import check_text, usual_diameter

    owner = work.scalar(select(hall.agency.c.name).where(hall.agency.c.code == request.agency))
    if owner is None:
        raise UserError("UNKNOWN_AGENCY", L("There is no agency {code}.", code=request.agency))
    work.require_agency(request.agency)
    state = next_state("apply", None, work.actor.staff_id, {}, request.reason)
    diameter = request.diameter or usual_diameter(owner)
    check_text(_text(owner, request.kind, diameter, _specimen(work)))
    if request.replaces is not None:
        _check_replaced(work, request.replaces, request.agency)
    key = work.insert(
        seal,
        agency=request.agency,
        owner=owner,
        kind=request.kind,
        name=PURPOSES[request.kind] or FORMAL_NAME,
        diameter=diameter,
        specimen=_specimen(work),
        state=state,
        replaces=request.replaces,
    )
    _note(work, key, "apply", state, request.reason)
    return card(work, _row(work, key))


@operation("seal.approve", permission="seal.approve", title="Approve a seal")
def approve(work: Work, request: SealStep) -> SealCard:
    """Approve the making of a seal. Errors: SEAL_STATE, FOUR_EYES."""
    return _step(work, request, "approve")


@operation("seal.decline", permission="seal.approve", title="Decline a seal")
def decline(work: Work, request: SealStep) -> SealCard:
    """Decline an application. Errors: SEAL_STATE, FOUR_EYES, REASON_MISSING."""
    return _step(work, request, "decline")


def _draw(read: Read, request: SealStep) -> bytes:
    """The picture, drawn before the transaction: it takes a third of a second."""
    from yichuang_seal.rules.picture import draw_seal

    row = _row(read, request.seal_id)
    return draw_seal(_text(row.owner, row.kind, row.diameter, row.specimen))


@operation("seal.make", permission="seal.make", title="Make a seal", prepare=_draw)
def make(work: Work, request: SealStep) -> SealCard:
    """Make picture, key and certificate. Errors: SEAL_STATE, FOUR_EYES, SEAL_AUTHORITY_NOT_HERE."""
    from yichuang_seal.rules.ca import issue_certificate, read_certificate

    row = _advance(work, request, "make")
    region = str(work.setting("hall.region", DEFAULT_REGION))
    es_id = f"{region[:6]:0<6}{work.number('seal.es_id', region):08d}"
    holder = issue_certificate(
        open_authority(work), owner_code=row.agency, owner=row.owner, seal=row.name, es_id=es_id, now=work.now
    )
    facts = read_certificate(holder.certificate)
    work.execute(
        update(seal)
        .where(seal.c.id == row.id)
        .values(
            es_id=es_id,
            picture=work.put_blob(work.prepared, "image/png"),
            certificate=holder.certificate,
            key_name=store_key(work, holder),
            valid_from=facts.valid_from,
            valid_until=facts.valid_until,
        )
    )
    return card(work, _row(work, row.id))


@operation("seal.file", permission="seal.make", title="File a seal")
def file(work: Work, request: SealStep) -> SealCard:
    """Enter a made seal into the register (备案). Errors: SEAL_STATE."""
    return _step(work, request, "file")


@operation("seal.enable", permission="seal.make", title="Put a seal into use")
def enable(work: Work, request: SealStep) -> SealCard:
    """Hand a filed seal to its keeper. Errors: SEAL_STATE."""
    return _step(work, request, "enable")


@operation("seal.stop", permission="seal.stamp", title="Stop a seal")
def stop(work: Work, request: SealStep) -> SealCard:
    """Stop using a seal; one person is enough. Errors: SEAL_STATE, REASON_MISSING, NOT_YOUR_AGENCY."""
    work.require_agency(_row(work, request.seal_id).agency)
    return _step(work, request, "stop")


@operation("seal.lose", permission="seal.stamp", title="Report a seal lost")
def lose(work: Work, request: SealStep) -> SealCard:
    """Report a key lost or known to others. Errors: SEAL_STATE, REASON_MISSING, NOT_YOUR_AGENCY."""
    work.require_agency(_row(work, request.seal_id).agency)
    return _step(work, request, "lose")


@operation("seal.resume", permission="seal.approve", title="Resume a seal")
def resume(work: Work, request: SealStep) -> SealCard:
    """Use a stopped seal again. Errors: SEAL_STATE, FOUR_EYES, REASON_MISSING."""
    return _step(work, request, "resume")


@operation("seal.replace", permission="seal.approve", title="Replace a seal")
def replace(work: Work, request: SealStep) -> SealCard:
    """End a stopped seal in favour of a new one. Errors: SEAL_STATE, FOUR_EYES, REASON_MISSING."""
    return _step(work, request, "replace")


@operation("seal.revoke", permission="seal.approve", title="Revoke a seal")
def revoke(work: Work, request: SealStep) -> SealCard:
    """Revoke a stopped seal (撤销). Errors: SEAL_STATE, FOUR_EYES, REASON_MISSING."""
    return _step(work, request, "revoke")


@operation("seal.cancel", permission="seal.approve", title="Cancel a seal")
def cancel(work: Work, request: SealStep) -> SealCard:
    """Cancel a stopped seal that is not needed (注销). Errors: SEAL_STATE, FOUR_EYES, REASON_MISSING."""
    return _step(work, request, "cancel")


class ListSeals(Request):
    """Which seals: of one's own agency, or with hall-wide rights all; `usable`: those to stamp with."""

    usable: bool = False


@query("seal.seals", permission="seal.view", title="Seals")
def seals(read: Read, request: ListSeals) -> list[SealCard]:
    """Seals, those in use first."""
    found = select(seal).order_by(seal.c.state != State.IN_USE, seal.c.agency, seal.c.kind, seal.c.id)
    if not read.actor.hall_wide:
        found = found.where(seal.c.agency == read.actor.agency)
    if request.usable:
        found = found.where(and_(seal.c.state == State.IN_USE, seal.c.valid_until > read.now))
    return [card(read, row) for row in read.all(found.limit(MOST_SEALS))]


class SealKey(Request):
    """Which seal."""

    seal_id: Key


@query("seal.picture", permission="seal.view", title="Picture of the seal")
def picture(read: Read, request: SealKey) -> str:
    """The PNG of a seal in base64, 600 dpi. Errors: UNKNOWN_SEAL, SEAL_NOT_MADE."""
    row = _row(read, request.seal_id)
    if row.picture is None:
        raise UserError("SEAL_NOT_MADE", L("This seal has not been made yet."))
    return base64.b64encode(read.get_blob(row.picture)).decode()


@dataclass(frozen=True)
class SealEvent:
    """A step in a seal's life that was taken."""

    name: str
    state: State
    staff: str
    reason: str
    at: datetime


@query("seal.history", permission="seal.view", title="History of a seal")
def history(read: Read, request: SealKey) -> list[SealEvent]:
    """The steps of a seal, oldest first. Errors: UNKNOWN_SEAL."""
    _row(read, request.seal_id)
    rows = read.all(select(change).where(change.c.seal == request.seal_id).order_by(change.c.id).limit(200))
    return [SealEvent(r.name, State(r.state), r.staff_name, r.reason, r.at) for r in rows]


def card(read: Read, row: Any) -> SealCard:
    """A seal row as a card for the actor."""
    state = State(row.state)
    left = None if row.valid_until is None else (row.valid_until - read.now).days
    mine = read.actor.hall_wide or read.actor.agency == row.agency
    valid = row.valid_until is not None and row.valid_from <= read.now < row.valid_until
    return SealCard(
        id=row.id,
        es_id=row.es_id or "",
        agency=row.agency,
        owner=row.owner,
        kind=row.kind,
        name=row.name,
        diameter=row.diameter,
        state=state,
        valid_until=row.valid_until,
        days_left=left,
        usable=state == State.IN_USE and valid and mine,
        here=has_key(read, row),
        picture=row.picture or "",
    )


def usable_seal(read: Read, seal_id: int) -> Any:
    """The row of a seal that the actor may stamp with now.

    Raises:
        UserError: UNKNOWN_SEAL, NOT_YOUR_AGENCY, SEAL_NOT_IN_USE or SEAL_EXPIRED.
    """
    row = _row(read, seal_id)
    read.require_agency(row.agency)
    if row.state != State.IN_USE:
        raise UserError(
            "SEAL_NOT_IN_USE",
            L("“{seal}” of {owner} is not in use.", seal=row.name, owner=row.owner),
            do=L("Choose another seal."),
        )
    if not row.valid_from <= read.now < row.valid_until:
        raise UserError(
            "SEAL_EXPIRED",
            L("The certificate of “{seal}” is not valid today.", seal=row.name),
            do=L("Apply for a new seal in place of this one."),
        )
    return row


def _row(read: Read, seal_id: int) -> Any:
    row = read.one(select(seal).where(seal.c.id == seal_id))
    if row is None:
        raise UserError("UNKNOWN_SEAL", L("There is no such seal."))
    return row


def _text(owner: str, kind: str, diameter: int, specimen: str) -> Any:
    from yichuang_seal.rules.picture import SealText

    return SealText(owner, PURPOSES[kind], diameter, specimen)


def _specimen(read: Read) -> str:
    """The mark of seals that are not real; a hall that puts its real seals in sets it to nothing."""
    return str(read.setting("seal.specimen_mark", "样章"))


def _check_replaced(work: Work, seal_id: int, agency: str) -> None:
    row = _row(work, seal_id)
    if row.agency != agency or row.state != State.REPLACED:
        raise UserError(
            "SEAL_NOT_REPLACED",
            L("The earlier seal is not one of this agency that was replaced."),
            do=L("First end the earlier seal by replacement."),
        )


def _step(work: Work, request: SealStep, name: str) -> SealCard:
    row = _advance(work, request, name)
    return card(work, _row(work, row.id))


def _advance(work: Work, request: SealStep, name: str) -> Any:
    """Take one step: check it against the rules, write state and change. Returns the row as it was."""
    row = work.one(select(seal).where(seal.c.id == request.seal_id).with_for_update())
    if row is None:
        raise UserError("UNKNOWN_SEAL", L("There is no such seal."))
    steps = work.all(
        select(change.c.name, change.c.staff_id).where(change.c.seal == row.id).order_by(change.c.id)
    )
    authors = {step.name: step.staff_id for step in steps}
    state = next_state(name, State(row.state), work.actor.staff_id, authors, request.reason)
    work.execute(update(seal).where(seal.c.id == row.id).values(state=state))
    _note(work, row.id, name, state, request.reason)
    return row


def _note(work: Work, seal_id: int, name: str, state: State, reason: str) -> None:
    work.insert(
        change,
        seal=seal_id,
        name=name,
        state=state,
        staff_id=work.actor.staff_id,
        staff_name=work.actor.name,
        reason=reason.strip(),
        at=work.now,
    )
    work.subject = f"seal:{seal_id}"
