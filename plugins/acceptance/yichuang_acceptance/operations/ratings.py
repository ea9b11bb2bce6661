"""Ratings of cases (好差评): asked once, answered freely by the applicant, kept from the clerk; a bad one opens a repair."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    Read,
    Request,
    UserError,
    Work,
    func,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, fixes, matter_life, watching
from yichuang_acceptance.operations.statistics import Span, agency_of
from yichuang_acceptance.rules.machine import Event, State
from yichuang_acceptance.rules.rating import (
    DEFAULT_DAYS,
    Level,
    Rated,
    RatingFigures,
    Repeated,
    figures,
    tags_of,
)
from yichuang_acceptance.words import words

L = words.lazy
TOKEN_BYTES = 12
DEFAULT_KEY = "acceptance.default_ratings"
AT_ONCE = 200
MOST_REPEATED = 10
PUT_RIGHT = ("fixed", "explained")
_r = a.rating.c


class AskRating(Request):
    """A case whose applicant may rate it."""

    case_id: int


@dataclass(frozen=True)
class RatingRequest:
    """A case that may be rated, as the applicant's screen shows it.

    Attributes:
        token: Whoever has it may rate, once.
        rated: It was rated before: only something may be added.
    """

    token: str
    case_no: str
    item_name: str
    at: datetime
    rated: bool


@operation("acceptance.ask_rating", permission="acceptance.view", title="Ask for a rating")
def ask_rating(work: Work, request: AskRating) -> RatingRequest:
    """Open the rating of a case; asking again gives the same one (一事一评). The cases of one matter share one.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY.
    """
    row = cases.at_window(work, request.case_id)
    matter = matter_life.matter_of(work, row.id)
    if matter is not None:
        row = cases.load(work, matter.first_case)
    work.subject = cases.subject(row.case_no)
    _lock(work, row.id)
    found = work.one(select(a.rating).where(_r.case_id == row.id))
    if found is None:
        found = work.insert_row(
            a.rating, case_id=row.id, token=secrets.token_urlsafe(TOKEN_BYTES), agency=row.agency,
            staff_id=row.acceptor_id, staff_name=row.acceptor_name, desk=row.desk, asked_at=work.now, tags=[],
        )  # fmt: skip
    named = (row.case_no, row.item_name) if matter is None else (matter.row.case_no, matter.row.name)
    return RatingRequest(found.token, *named, row.received_at, _by_people(found))


def _lock(work: Work, case_id: int) -> None:
    """Hold the case's row until the end of the transaction: its events are numbered one after the other."""
    same = update(t.case).where(t.case.c.id == case_id).values(row_version=t.case.c.row_version)
    work.execute(same)


def _by_people(row: Any) -> bool:
    return row.level is not None and not row.is_default


class Rate(Request):
    """What the applicant says; only the level is needed, and nothing is preselected.

    Attributes:
        channel: Where it was said: on the applicant's screen, on the clerk's own display, on a telephone of one's own, or
            when called.
    """

    token: str = Field(min_length=8, max_length=40, json_schema_extra={"journal": False})
    level: Level = Field(json_schema_extra={"journal": False})
    tags: tuple[str, ...] = Field((), max_length=12, json_schema_extra={"journal": False})
    comment: str = Field("", max_length=500, json_schema_extra={"journal": False})
    channel: Literal["hall_pad", "counter", "mobile", "phone"] = "hall_pad"


@operation("acceptance.rate", permission="acceptance.view", title="Rate a case")
def rate(work: Work, request: Rate) -> bool:
    """Rate a case once; levels 4 and 5 open a repair. A default that time set gives way to what a person says.

    Errors: UNKNOWN_RATING, RATED_ALREADY, UNKNOWN_TAG, CALENDAR_ENDS.
    """
    rating = _of_token(work, request.token)
    if unknown := [tag for tag in request.tags if tag not in tags_of(request.level)]:
        raise UserError("UNKNOWN_TAG", L("“{name}” does not go with this level.", name=unknown[0]))
    _lock(work, rating.case_id)
    unrated = (_r.id == rating.id) & or_(_r.level.is_(None), _r.is_default.is_(True))
    changed = work.execute(
        update(a.rating).where(unrated).values(
            level=int(request.level), tags=list(dict.fromkeys(request.tags)), comment=request.comment,
            channel=request.channel, is_default=False, rated_at=work.now,
        )
    )  # fmt: skip
    if not changed:
        raise UserError(
            "RATED_ALREADY", L("This case was rated already."), do=L("Something can be added to it.")
        )
    row = cases.load(work, rating.case_id)
    _event(work, row, rating)
    watching.rated(work, row, request.channel)
    if request.level.is_bad:
        fixes.open_fix(work, row, rating)
    work.subject = f"rating:{rating.id}"
    work.detail = {"channel": request.channel}  # the clerk whom it names shall not read the level there
    return True


def _event(work: Work, row: Any, rating: Any, *, by_time: bool = False) -> None:
    """The case was rated: an event in any state that moves nothing, without what was said."""
    state = State(row.state)
    cases.record(work, row.id, Event.RATE, state, state, payload={"rating": rating.id}, by_time=by_time)


def _of_token(read: Read, token: str) -> Any:
    row = read.one(select(a.rating).where(_r.token == token))
    if row is None:
        raise UserError("UNKNOWN_RATING", L("There is no service to rate here."))
    return row


class AddToRating(Request):
    """Something to add to a rating (追评)."""

    token: str = Field(min_length=8, max_length=40, json_schema_extra={"journal": False})
    comment: str = Field(min_length=1, max_length=500, json_schema_extra={"journal": False})


@operation("acceptance.add_to_rating", permission="acceptance.view", title="Add to a rating")
def add_to_rating(work: Work, request: AddToRating) -> bool:
    """Add to what was said; the level stays as it is. Errors: UNKNOWN_RATING, NOT_RATED."""
    rating = _of_token(work, request.token)
    if not _by_people(rating):
        raise UserError("NOT_RATED", L("This case has not been rated yet."))
    work.insert(a.rating_addition, rating_id=rating.id, comment=request.comment, at=work.now)
    work.subject = f"rating:{rating.id}"
    work.detail = {}
    return True


def set_defaults(work: Work) -> int:
    """Where the hall has it so, what nobody rated within five working days counts as satisfied, marked as a default."""
    if not work.setting(DEFAULT_KEY, False):
        return 0
    rows = work.all(select(a.rating).where(*_unrated(work)).order_by(_r.id).limit(AT_ONCE))
    done = 0
    for rating in rows:
        mine = (_r.id == rating.id) & _r.level.is_(None)
        values = {"level": int(Level.GOOD), "is_default": True, "channel": "default", "rated_at": work.now}
        done += bool(work.execute(update(a.rating).where(mine).values(**values)))
    return done


def _unrated(read: Read) -> tuple[Any, Any]:
    """What was asked so long ago that it gets the default rating."""
    day = read.calendar.back(read.today, DEFAULT_DAYS)
    return _r.level.is_(None), _r.asked_at < datetime.combine(day, time(), HALL_ZONE)


def defaults_are_due(read: Read) -> bool:
    """Whether `set_defaults` would do anything."""
    if not read.setting(DEFAULT_KEY, False):
        return False
    return read.one(select(_r.id).where(*_unrated(read)).limit(1)) is not None


@query("acceptance.rating_figures", permission="acceptance.statistics", title="Figures of ratings")
def rating_figures(read: Read, request: Span) -> RatingFigures:
    """Ratings asked for in a span; defaults and what does not count are in no share. Errors: NOT_YOUR_AGENCY.

    Whom several bad ratings concern is told to supervisors only.
    """
    agency = agency_of(read, request)
    begin = datetime.combine(request.first, time(), HALL_ZONE)
    end = datetime.combine(request.last + timedelta(days=1), time(), HALL_ZONE)
    there = [_r.asked_at >= begin, _r.asked_at < end, *([_r.agency == agency] if agency else [])]
    fix = a.rating_fix.c
    outcome, called = fix.outcome.label("outcome"), fix.contacted_at.is_not(None).label("called")
    by = (_r.level, _r.is_default, outcome, called)
    statement = (
        select(*by, func.count().label("number"))
        .join(a.rating_fix, fix.rating_id == _r.id, isouter=True)
        .where(*there)
        .group_by(*by)
    )
    found = figures(
        Rated(
            None if row.level is None else Level(row.level), row.number, row.is_default, row.outcome == "not_counted",
            bool(row.called), row.outcome in PUT_RIGHT,
        )
        for row in read.all(statement)
    )  # fmt: skip
    return replace(found, repeated=_repeated(read, there)) if read.may("acceptance.supervise") else found


def _repeated(read: Read, there: list[Any]) -> tuple[Repeated, ...]:
    """Whom several bad ratings concern; nobody is told of the own ones."""
    fix, number = a.rating_fix.c, func.count().label("number")
    bad = [_r.level >= int(Level.BAD), _r.is_default.is_(False), fix.outcome != "not_counted"]
    rows = read.all(
        select(_r.staff_id, _r.staff_name, number)
        .join(a.rating_fix, fix.rating_id == _r.id)
        .where(*there, *bad, _r.staff_id != read.actor.staff_id)
        .group_by(_r.staff_id, _r.staff_name)
        .having(number > 1)
        .order_by(number.desc(), _r.staff_id)
        .limit(MOST_REPEATED)
    )
    return tuple(Repeated(row.staff_name, row.number) for row in rows)
