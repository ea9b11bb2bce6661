"""Which cases each list of the windows holds, and how many: conditions with bound parameters, all counts in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from yichuang.api import Read, Request, and_, bindparam, func, or_, prepare, query, select
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import tables as t
from yichuang_acceptance.handover_tables import case_point
from yichuang_acceptance.matter_tables import matter
from yichuang_acceptance.rules.machine import ENDED, OPEN, State
from yichuang_acceptance.rules.matter_graph import MatterState
from yichuang_acceptance.rules.review_graph import ROLES

Tab = Literal[
    "mine",
    "review",
    "forwarded",
    "suspended",
    "correcting",
    "tolerated",
    "making",
    "ready",
    "closed",
    "decided",
    "all",
]
OPEN_TABS = frozenset(
    {"review", "forwarded", "suspended", "correcting", "tolerated", "making", "ready", "mine"}
)
"""Lists of cases that are not over, few of all that there ever were."""
MOST = 1000
MOST_COUNTED = 10_000
_C = t.case.c
STAFF: Any = bindparam("staff")
AGENCY: Any = bindparam("agency")
SEVERAL: dict[str, tuple[State, ...]] = {
    "correcting": (State.RECEIVED, State.CORRECTING), "ready": (State.READY, State.REFUSED),
    "closed": tuple(sorted(ENDED - {State.ARCHIVED})),
}  # fmt: skip
"""Lists of cases in several states."""
PROMISED = (State.REVIEW, State.SUSPENDED, State.GRANTED, State.MAKING, State.READY)


@dataclass(frozen=True)
class Sight:
    """What decides which cases an actor's lists hold.

    Attributes:
        everywhere: Cases of every agency (window staff who serve all, hall-wide people).
        roles: Permissions of nodes at which the actor may act.
    """

    everywhere: bool
    roles: frozenset[str]


def sight_of(read: Read) -> Sight:
    """The sight of whoever asks."""
    roles = frozenset(each for each in ("", *ROLES.values()) if not each or read.may(each))
    return Sight(read.actor.hall_wide or read.may("acceptance.see_all"), roles)


def parameters(read: Read) -> dict[str, Any]:
    """What the conditions are bound to."""
    return {"staff": read.actor.staff_id, "agency": read.actor.agency, "today": read.today}


def conditions(tab: Tab, sight: Sight) -> list[Any]:
    """The conditions of a list, bound by `parameters`."""
    wanted: dict[str, list[Any]] = {
        "review": [_C.state == State.REVIEW, _waits_for_me(sight)],
        "forwarded": [
            _C.state + "" == State.REVIEW,
            _C.id.in_(select(rt.forwarding.c.case_id).where(*sent_up())),
        ],
        "correcting": [  # without items of a matter that wait for others: nothing can be done for them yet
            _is(State.RECEIVED, State.CORRECTING),
            or_(_C.state == State.CORRECTING, _C.telling_due_at.is_not(None)),
        ],
        "tolerated": [_C.tolerance_due.is_not(None), _is(*PROMISED)],
        "suspended": [_C.state == State.SUSPENDED],
        "making": [_C.state == State.MAKING],
        "closed": [_is(*sorted(ENDED - {State.ARCHIVED}))],
        "ready": [_is(State.READY, State.REFUSED)],
        "decided": [_C.decider_id == STAFF],
        "mine": [_C.acceptor_id == STAFF, _is(*sorted(OPEN))],
        "all": [],
    }
    return wanted[tab] + visible(sight, few=tab == "forwarded")


def each_state(tab: Tab, sight: Sight) -> list[list[Any]]:
    """The conditions of a list, one set for each state where it holds several: a database orders one of them by its index."""
    states = SEVERAL.get(tab)
    if states is None:
        return [conditions(tab, sight)]
    return [[_C.state == state, *conditions(tab, sight)] for state in states]


def visible(sight: Sight, *, few: bool = False) -> list[Any]:
    """Cases that the actor may see; `few` of them, which are looked up by something else."""
    # What is put together is in no index: else SQLite walks all cases of the agency for the few that were sent up.
    agency, acceptor = (_C.agency + "", _C.acceptor_id + 0) if few else (_C.agency, _C.acceptor_id)
    return [] if sight.everywhere else [or_(agency == AGENCY, acceptor == STAFF)]


def sent_up() -> list[Any]:
    """Conditions of the last sending up of a case that stands, where the organ above has not answered to it."""
    f, later, task = rt.forwarding.c, rt.forwarding.alias("later"), rt.task.c
    stands = select(task.id).where(task.id == f.task_id, task.stands).exists()
    anew = select(later.c.id).join(rt.task, task.id == later.c.task_id).where(
        later.c.case_id == f.case_id, later.c.id > f.id, task.stands,
    )  # fmt: skip
    return [f.decided_on.is_(None), stands, ~anew.exists()]


def issued_at(point: str) -> Any:
    """Cases without a row of their own are handed out in the hall."""
    c = case_point.c
    own = select(c.id).where(c.case_id == _C.id)
    return own.where(c.issue == point).exists() if point else ~own.where(c.issue != "").exists()


def _is(*states: State) -> Any:
    """One of several states; written out, because a prepared statement holds no list."""
    return or_(*(_C.state == state for state in states))


def _waits_for_me(sight: Sight) -> Any:
    """No node of a review is open, so that the case waits for the decision alone; or one is that the actor may act at."""
    opened = select(rt.task.c.id).where(rt.task.c.case_id == _C.id, rt.IS_OPEN)
    return or_(~opened.exists(), opened.where(mine(rt.task.c, sight)).exists())


def mine(task: Any, sight: Sight, *, of_case: bool = True) -> Any:
    """Tasks, by the columns of their table or of an alias, at which the actor may act.

    With `of_case` the few of one case are looked at; without, all of the agency are, along their index.
    """
    away = rt.absence.c
    absent = select(away.staff_id).where(
        away.deputy_id == STAFF, away.agency == AGENCY,
        away.first_day <= bindparam("today"), away.last_day >= bindparam("today"),
    )  # fmt: skip
    free = and_(task.assignee_id.is_(None), or_(*(task.permission == role for role in sorted(sight.roles))))
    # What is put together is in no index: else SQLite looks through all tasks of the agency for each case.
    agency = task.agency + "" if of_case else task.agency
    return and_(agency == AGENCY, or_(task.assignee_id == STAFF, task.assignee_id.in_(absent), free))


def count(read: Read, *tabs: str, point: str | None = None) -> Any:
    """How many cases the lists hold, each counted no further than 1,000; a row with a column for each."""
    return read.one(_counting(tabs, sight_of(read), point), **parameters(read))


@lru_cache(maxsize=64)
def _counting(tabs: tuple[str, ...], sight: Sight, point: str | None) -> Any:
    return prepare(select(*(_counted(tab, sight, point) for tab in tabs)))


def _counted(tab: str, sight: Sight, point: str | None) -> Any:
    if tab == "drafts":
        found = select(t.draft.c.id).where(t.draft.c.staff_id == STAFF)
    elif tab in ("matters", "matters_ready"):
        states = (
            [MatterState.READY] if tab == "matters_ready" else sorted(set(MatterState) - {MatterState.DONE})
        )
        found = select(matter.c.id).where(or_(*(matter.c.state == state for state in states)))
        if not sight.everywhere:
            found = found.where(or_(matter.c.lead == AGENCY, matter.c.acceptor_id == STAFF))
    else:
        found = select(_C.id).where(*conditions(tab, sight))  # type: ignore[arg-type]  # one of Tab
        if tab == "ready" and point is not None:
            found = found.where(issued_at(point))
    page = found.limit(MOST).subquery()
    return select(func.count()).select_from(page).scalar_subquery().label(tab)


@dataclass(frozen=True)
class Counts:
    """How many cases each list holds, counted no further than 1,000."""

    mine: int
    review: int
    correcting: int
    tolerated: int
    ready: int
    drafts: int
    suspended: int = 0
    making: int = 0
    matters: int = 0
    matters_ready: int = 0
    forwarded: int = 0


class AskCounts(Request):
    """Which results to hand out are counted.

    Attributes:
        issue_point: Those of one place, "" for the hall; None for all.
    """

    issue_point: str | None = Field(None, max_length=12)


@query("acceptance.counts", permission="acceptance.view", title="Counts of the lists")
def counts(read: Read, request: AskCounts) -> Counts:
    """Counts beside the tabs."""
    return Counts(*count(read, *Counts.__dataclass_fields__, point=request.issue_point))


@dataclass(frozen=True)
class ItemCount:
    """An item in a list and how often it is there, counted over no more than `MOST_COUNTED` rows."""

    item: str
    name: str
    count: int


class AskItems(Request):
    """A list of cases."""

    tab: Tab


@query("acceptance.case_items", permission="acceptance.view", title="Items in a list of cases")
def case_items(read: Read, request: AskItems) -> list[ItemCount]:
    """The items whose cases a list holds, the most frequent first: what it can be narrowed to."""
    found = select(_C.item, _C.item_name).where(*conditions(request.tab, sight_of(read)))
    return counted_items(read, found, **parameters(read))


def counted_items(read: Read, rows: Any, **bound: Any) -> list[ItemCount]:
    """Items of rows with `item` and `item_name`, the most frequent first."""
    page = rows.limit(MOST_COUNTED).subquery()
    number = func.count().label("number")
    name = func.max(page.c.item_name)  # an item that was renamed has the name that sorts last
    grouped = (
        select(page.c.item, name, number)
        .group_by(page.c.item)
        .order_by(number.desc(), page.c.item)
        .limit(500)
    )
    return [ItemCount(*row) for row in read.all(grouped, **bound)]


@query("acceptance.badge_review", permission="acceptance.view", title="Cases to decide")
def badge_review(read: Read) -> int:
    """How many cases wait for the actor, or for anybody of the agency."""
    return int(count(read, "review").review) if read.may("acceptance.decide") else 0


@query("acceptance.badge_window", permission="acceptance.view", title="Cases at the window")
def badge_window(read: Read) -> int:
    """How many corrections and promised materials wait at the window."""
    found = count(read, "correcting", "tolerated")
    return int(found.correcting + found.tolerated)


@query("acceptance.badge_ready", permission="acceptance.view", title="Results to hand out")
def badge_ready(read: Read) -> int:
    """How many results wait for whoever may hand them out."""
    return int(count(read, "ready").ready) if read.may("acceptance.deliver") else 0
