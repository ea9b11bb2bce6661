"""Rating a finished service (好差评): asked once, answered by the applicant, a bad one followed up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from yichuang.api import HALL_ZONE, Read, Request, UserError, Work, func, operation, query, select, update
from yichuang_queue import tables as t
from yichuang_queue.rules.rating import BAD, RATING_MINUTES, Grade
from yichuang_queue.words import words

L = words.lazy
TOKEN_BYTES = 12
_r = t.rating.c


@dataclass(frozen=True)
class RatingRequest:
    """A finished service that may be rated, as the applicant's screen shows it.

    Attributes:
        token: Whoever has it may rate, once.
    """

    token: str
    number: str
    business: str
    desk: str
    asked_at: datetime


def ask_rating(work: Work, row: Any, event_id: int) -> None:
    """Open the rating of the service that the ticket at a desk has just finished with this event."""
    work.insert(
        t.rating, event_id=event_id, ticket_id=row.id, number=row.number, business=row.business, desk=row.desk,
        staff_id=work.actor.staff_id, token=secrets.token_urlsafe(TOKEN_BYTES), asked_at=work.now, answers={},
    )  # fmt: skip


class AskOpen(Request):
    """A desk whose applicant screen asks."""

    desk: str


@query("queue.open_rating", permission="queue.view", title="The rating that is asked at a desk")
def open_rating(read: Read, request: AskOpen) -> RatingRequest | None:
    """The newest service of a desk that can still be rated, None where it was rated or too long ago."""
    statement = select(t.rating).where(_r.desk == request.desk).order_by(_r.id.desc()).limit(1)
    row = read.one(statement)
    if row is None or row.rated_at is not None or _too_late(row, read.now):
        return None
    return RatingRequest(row.token, row.number, row.business, row.desk, row.asked_at)


def _too_late(row: Any, now: datetime) -> bool:
    return bool(now - row.asked_at > timedelta(minutes=RATING_MINUTES))


class Rate(Request):
    """What the applicant says; nothing is preselected and only the grade is needed."""

    token: str = Field(min_length=8, max_length=40, json_schema_extra={"journal": False})
    grade: Grade
    answers: dict[str, Grade] = Field(default_factory=dict, max_length=8)
    comment: str = Field("", max_length=500)


@operation("queue.rate", permission=None, title="Rate a service")
def rate(work: Work, request: Rate) -> bool:
    """Rate a finished service, once (一次一评). Errors: UNKNOWN_RATING, RATED_ALREADY, TOO_LATE."""
    row = work.one(select(t.rating).where(_r.token == request.token))
    if row is None:
        raise UserError("UNKNOWN_RATING", L("There is no service to rate here."))
    if row.rated_at is not None:
        raise UserError("RATED_ALREADY", L("This service was rated already."))
    if _too_late(row, work.now):
        raise UserError(
            "TOO_LATE", L("The time to rate this service is over."), do=L("Use the hall's hotline.")
        )
    answers = {name: int(grade) for name, grade in request.answers.items()}
    changed = work.execute(
        update(t.rating)
        .where(_r.id == row.id, _r.rated_at.is_(None))
        .values(grade=int(request.grade), answers=answers, comment=request.comment, rated_at=work.now)
    )
    if not changed:
        raise UserError("RATED_ALREADY", L("This service was rated already."))
    work.subject = f"rating:{row.id}"
    work.detail = {}  # whose clerk the journal names shall not read the grade there
    return True


@dataclass(frozen=True)
class RatingRow:
    """A rated service, for those who follow up."""

    id: int
    number: str
    business: str
    desk: str
    staff_id: int
    grade: int
    comment: str
    rated_at: datetime
    remedy: str
    remedied_by: str
    remedied_at: datetime | None


class AskRatings(Request):
    """Ratings before an id, newest first; only the bad ones nobody has followed up, if wanted."""

    open_only: bool = False
    before: int = Field(2**62, ge=1)
    limit: int = Field(100, ge=1, le=500)


@query("queue.ratings", permission="queue.manage", title="Ratings")
def ratings(read: Read, request: AskRatings) -> list[RatingRow]:
    """The newest ratings. Staff at windows do not see their own."""
    statement = select(t.rating).where(_r.grade.is_not(None), _r.id < request.before)
    if request.open_only:
        statement = statement.where(_r.grade <= BAD, _r.remedied_at.is_(None))
    rows = read.all(statement.order_by(_r.id.desc()).limit(request.limit))
    return [
        RatingRow(r.id, r.number, r.business, r.desk, r.staff_id, r.grade, r.comment, r.rated_at, r.remedy, r.remedied_by,
                  r.remedied_at)
        for r in rows
    ]  # fmt: skip


def satisfied_today(read: Read) -> float | None:
    """The share of today's ratings in the hall that are not bad, None where nobody has rated yet.

    Of the whole hall: at a desk of few ratings a share would tell who said what.
    """
    midnight = read.now.astimezone(HALL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = read.all(
        select(_r.grade, func.count().label("n"))
        .where(_r.asked_at >= midnight, _r.grade.is_not(None))
        .group_by(_r.grade)
    )
    rated = sum(row.n for row in rows)
    return sum(row.n for row in rows if row.grade > BAD) / rated if rated else None


class Remedy(Request):
    """What was done about a bad rating."""

    rating_id: int
    text: str = Field(min_length=1, max_length=1000)


@operation("queue.remedy", permission="queue.manage", title="Follow a bad rating up")
def remedy(work: Work, request: Remedy) -> bool:
    """Enter what was done about a bad rating; not by whom it concerns. Errors: UNKNOWN_RATING, NOT_BAD, OWN_RATING, REMEDIED."""
    row = work.one(select(t.rating).where(_r.id == request.rating_id))
    if row is None:
        raise UserError("UNKNOWN_RATING", L("There is no service to rate here."))
    if row.grade is None or row.grade > BAD:
        raise UserError("NOT_BAD", L("Only a bad rating is followed up."))
    if row.staff_id == work.actor.staff_id:
        raise UserError("OWN_RATING", L("Somebody else must follow this up."))
    if row.remedied_at is not None:
        raise UserError("REMEDIED", L("{name} has followed this up.", name=row.remedied_by))
    work.execute(
        update(t.rating)
        .where(_r.id == row.id)
        .values(remedy=request.text, remedied_by=work.actor.name, remedied_at=work.now)
    )
    work.subject = f"rating:{row.id}"
    return True
