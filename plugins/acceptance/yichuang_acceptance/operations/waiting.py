"""A page of cases by what ends first: the limit of the node at which the actor has to act, or the promise; paged by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Any, Literal

from yichuang.api import HALL_ZONE, Read, and_, literal, or_, select
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import case_lists
from yichuang_acceptance.rules.machine import State
from yichuang_acceptance.rules.search_lights import light_conditions, running_light

LightChoice = Literal["overdue", "due_today", "warning", "normal", "paused", ""]
"""Lights that a worklist is narrowed to; what is overdue by the law's limit is overdue."""
_C, _T = t.case.c, rt.task.c
_PROMISE = _C.promise_due_at
NO_NODE = (
    literal("").label("node"), _PROMISE.label("node_due_at"), _C.warn_at.label("node_warn_at"),
)  # fmt: skip
"""Of rows that are not listed by the limit of a node."""


@dataclass(frozen=True)
class Page:
    """Which part of a list.

    Attributes:
        after_due, after_id: What the last row of the page before was listed by, and its id; without an id the first page.
    """

    after_due: datetime | None
    after_id: int | None
    limit: int

    def behind(self, due: Any) -> list[Any] | None:
        """Conditions of rows with a moment; None where the page begins behind all of them."""
        if self.after_id is None:
            return [due.is_not(None)]
        if self.after_due is None:
            return None
        same = and_(due == self.after_due, self.after_id < _C.id)
        return [due >= self.after_due, or_(due > self.after_due, same)]

    def without(self) -> list[Any]:
        """Conditions of rows without a moment, which stand behind all others."""
        return [self.after_id < _C.id] if self.after_id is not None and self.after_due is None else []


def by_promise(
    read: Read, columns: tuple[Any, ...], lists: list[list[Any]], narrowed: list[Any], page: Page
) -> list[Any]:
    """Rows of cases, the nearest end of a promise first; `lists` holds the conditions of each of the lists that are one."""
    return _page(read, [_select(columns, [*each, *narrowed]) for each in lists], None, page)


def by_sending(
    read: Read, columns: tuple[Any, ...], narrowed: list[Any], waited: int, page: Page
) -> list[Any]:
    """Rows of cases that wait for the organ above, whichever was sent up first; `waited` is how many days at least."""
    f = rt.forwarding.c
    more = f.sent_on.label("sent_on"), f.organ.label("organ"), f.number.label("letter")
    wanted = [
        *case_lists.conditions("forwarded", case_lists.sight_of(read)), *case_lists.sent_up(),
        f.sent_on <= read.today - timedelta(days=waited),
    ]  # fmt: skip
    if page.after_id is not None and page.after_due is not None:
        last = page.after_due.astimezone(HALL_ZONE).date()
        same = and_(f.sent_on == last, page.after_id < _C.id)
        wanted += [f.sent_on >= last, or_(f.sent_on > last, same)]
    sent = rt.forwarding.join(t.case, f.case_id == _C.id)
    rows = select(*columns, *more, *NO_NODE).select_from(sent).where(*wanted, *narrowed)
    longest = rows.order_by(f.sent_on, _C.id).limit(page.limit)
    return list(read.all(longest, **case_lists.parameters(read)))


def by_decision(read: Read, columns: tuple[Any, ...], narrowed: list[Any], page: Page) -> list[Any]:
    """Rows of cases that were decided, the newest first."""
    at = _C.decided_at
    more = at.label("listed_by"), *NO_NODE
    wanted = select(*columns, *more).where(at.is_not(None), *narrowed)
    if page.after_id is not None and page.after_due is not None:
        same = and_(at == page.after_due, page.after_id > _C.id)
        wanted = wanted.where(at <= page.after_due, or_(at < page.after_due, same))
    newest = wanted.order_by(at.desc(), _C.id.desc()).limit(page.limit)
    return list(read.all(newest, **case_lists.parameters(read)))


def by_node(
    read: Read,
    columns: tuple[Any, ...],
    narrowed: list[Any],
    light: LightChoice,
    page: Page,
) -> list[Any]:
    """Rows of the cases that wait for the actor, whichever ends first; `narrowed` without the conditions of the list."""
    sight = case_lists.sight_of(read)
    of_case, own = case_lists.mine(_T, sight), case_lists.mine(_T, sight, of_case=False)
    sooner = select(_T.id).where(_T.case_id == _C.id, rt.IS_OPEN, of_case, node_first(_T))
    promise = _select(columns, [*case_lists.conditions("review", sight), ~sooner.exists(), *narrowed])
    wanted = [
        _C.state == State.REVIEW,
        *case_lists.visible(sight),
        rt.IS_OPEN,
        own,
        node_first(_T),
        ~earlier(_T, sight),
    ]
    node = (
        select(
            *columns, _T.due_at.label("listed_by"), _T.name.label("node"), _T.due_at.label("node_due_at"),
            _T.warn_at.label("node_warn_at"),
        )
        .select_from(rt.task.join(t.case, _T.case_id == _C.id))
        .where(*wanted, *narrowed)
    )  # fmt: skip
    if light:
        node = node.where(_or_never([running_light(_T.due_at, _T.warn_at, light, read.now)]))
        promise = promise.where(of_light(light, read.now))
    return _page(read, [promise], node, page)


def node_first(task: Any) -> Any:
    """Whether the limit of a task, by the columns of its table or of an alias, ends before the promise.

    Cases without a task of the actor's, and those whose promise ends before the node's limit, are listed by the promise.
    """
    return and_(task.due_at.is_not(None), or_(_PROMISE.is_(None), task.due_at <= _PROMISE))


def earlier(task: Any, sight: case_lists.Sight) -> Any:
    """Whether the actor has another open task at the case whose limit ends before that of the task that is looked at."""
    before = rt.task.alias("before")
    b = before.c
    found = select(b.id).where(
        b.case_id == _C.id, b.state == "open", case_lists.mine(b, sight),
        or_(b.due_at < task.due_at, and_(b.due_at == task.due_at, b.id < task.id)),
    )  # fmt: skip
    return found.exists()


def of_light(light: LightChoice, now: datetime) -> Any:
    """The condition of cases with a light, by their own limits."""
    found = light_conditions(_C, light, now) if light else []
    return _or_never([*found, *(light_conditions(_C, "double_red", now) if light == "overdue" else [])])


def _or_never(conditions: list[Any]) -> Any:
    found = [each for each in conditions if each is not None]
    return or_(*found) if found else _C.id < 0


def _select(columns: tuple[Any, ...], conditions: list[Any]) -> Any:
    more = _PROMISE.label("listed_by"), *NO_NODE
    return select(*columns, *more).where(*conditions)


def _page(read: Read, cases: list[Any], tasks: Any, page: Page) -> list[Any]:
    """A page of several lists as one. Each runs along an index by its moment: rows with one, then those without."""
    bound = case_lists.parameters(read)
    parts = [(each, _PROMISE) for each in cases] + ([(tasks, _T.due_at)] if tasks is not None else [])
    rows: list[Any] = []
    for part, due in parts:
        behind = page.behind(due)
        if behind is not None:
            rows += read.all(part.where(*behind).order_by(due, _C.id).limit(page.limit), **bound)
    rows = sorted(rows, key=attrgetter("listed_by", "id"))[: page.limit]
    left = page.limit - len(rows)
    if left:
        without = [_PROMISE.is_(None), *page.without()]
        rest = [read.all(each.where(*without).order_by(_C.id).limit(left), **bound) for each in cases]
        rows += sorted(chain.from_iterable(rest), key=attrgetter("id"))[:left]
    return rows
