"""What can be done with lost things, and what can be asked about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yichuang.api import Private, Read, Request, UserError, Work, func, operation, query, select, update
from yichuang_lostfound.rules import leaves_on
from yichuang_lostfound.tables import thing
from yichuang_lostfound.words import words

L = words.lazy
KEEP_DAYS = 30


class Record(Request):
    """Something was found."""

    what: str
    place: str


class HandBack(Request):
    """Somebody came for it. The name is private: it does not go into the journal."""

    id: int
    to: Private


@dataclass(frozen=True)
class Thing:
    """A thing that is being kept."""

    id: int
    what: str
    place: str
    found_on: date
    leaves_on: date


@operation("lostfound.record", permission="lostfound.use", title="Record a lost thing")
def record(work: Work, request: Record) -> int:
    """Keep something that was found. Errors: LOSTFOUND_EMPTY."""
    if not request.what:
        raise UserError("LOSTFOUND_EMPTY", L("Say what was found."))
    key = work.insert(thing, what=request.what, place=request.place, found_on=work.today)
    work.subject = f"thing:{key}"
    return int(key)


@operation("lostfound.hand_back", permission="lostfound.use", title="Hand a lost thing back")
def hand_back(work: Work, request: HandBack) -> None:
    """Give a thing to the person it belongs to. Errors: LOSTFOUND_GONE."""
    work.subject = f"thing:{request.id}"
    here = (thing.c.id == request.id) & thing.c.handed_back_at.is_(None)
    if not work.execute(update(thing).where(here).values(handed_back_at=work.now)):
        raise UserError("LOSTFOUND_GONE", L("This thing is not here any more."))


@query("lostfound.kept", permission="lostfound.use")
def kept(read: Read) -> list[Thing]:
    """What is being kept, oldest first."""
    days = int(read.setting("lostfound.keep_days", KEEP_DAYS))
    here = thing.c.handed_back_at.is_(None)
    rows = read.all(select(thing).where(here).order_by(thing.c.found_on, thing.c.id).limit(500))
    return [Thing(r.id, r.what, r.place, r.found_on, leaves_on(r.found_on, days)) for r in rows]


@query("lostfound.badge", permission="lostfound.use")
def badge(read: Read) -> int:
    """How many things are being kept."""
    here = thing.c.handed_back_at.is_(None)
    return int(read.scalar(select(func.count()).select_from(thing).where(here)))
