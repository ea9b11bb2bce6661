"""A page of a list of cases in another order than by what ends first: the newest received first, or item by item."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from yichuang.api import Read, and_, func, or_, select, union_all
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import case_lists, waiting
from yichuang_acceptance.operations.case_lists import Tab
from yichuang_acceptance.rules.search_lights import running_light

Order = Literal["due", "newest", "item"]
_C = t.case.c
# What is put together is in no index: else a database would walk the cases of all times item by item, for the few that are open.
_item = _C.item + ""


def newest(
    read: Read,
    columns: tuple[Any, ...],
    tab: Tab,
    narrowed: list[Any],
    light: waiting.LightChoice,
    after: tuple[datetime, int] | None,
    limit: int,
) -> list[Any]:
    """Rows of a list from the newest received on; `after` is the moment and the id of the last row of the page before."""
    sight = case_lists.sight_of(read)
    sets = case_lists.each_state(tab, sight)
    if tab == "all" and not sight.everywhere:  # each runs along an index of its own and stops early
        sets = [[_C.agency == case_lists.AGENCY], [_C.acceptor_id == case_lists.STAFF]]
    if after is not None:
        moment, key = after
        same = and_(_C.received_at == moment, key > _C.id)
        narrowed = [*narrowed, _C.received_at <= moment, or_(_C.received_at < moment, same)]
    order = _C.received_at.desc(), _C.id.desc()
    source, more, lit = _shown(read, tab, sight, light)
    found = [
        select(_C.id).select_from(source if lit else t.case).where(*each, *narrowed, *lit) for each in sets
    ]
    pages = [each.order_by(*order).limit(limit).subquery() for each in found]
    ids = pages[0] if len(pages) == 1 else union_all(*(select(page.c.id) for page in pages)).subquery()
    wanted = select(*columns, _C.received_at.label("listed_by"), *more).select_from(source)
    page = wanted.where(_C.id.in_(select(ids.c.id))).order_by(*order).limit(limit)
    return list(read.all(page, **case_lists.parameters(read)))


def by_item(
    read: Read,
    columns: tuple[Any, ...],
    tab: Tab,
    narrowed: list[Any],
    light: waiting.LightChoice,
    after: tuple[str, int] | None,
    limit: int,
) -> list[Any]:
    """Rows of a list of open cases item by item; `after` is the item and the id of the last row of the page before."""
    sight = case_lists.sight_of(read)
    source, more, lit = _shown(read, tab, sight, light)
    if after is not None:
        item, key = after
        narrowed = [*narrowed, _item >= item, or_(_item > item, key < _C.id)]
    wanted = select(*columns, _C.promise_due_at.label("listed_by"), *more).select_from(source)
    page = (
        wanted.where(*case_lists.conditions(tab, sight), *narrowed, *lit).order_by(_item, _C.id).limit(limit)
    )
    return list(read.all(page, **case_lists.parameters(read)))


def _shown(
    read: Read, tab: Tab, sight: case_lists.Sight, light: waiting.LightChoice
) -> tuple[Any, tuple[Any, ...], list[Any]]:
    """Where rows come from, what they say of the node that ends before the promise, and the conditions of a light."""
    of_case: Any = waiting.of_light(light, read.now) if light else None
    if tab != "review":
        return t.case, waiting.NO_NODE, [of_case] if light else []
    task = rt.task.alias("node")  # the list's own conditions ask for tasks as well
    n = task.c
    node = and_(
        n.case_id == _C.id, n.state == "open", case_lists.mine(n, sight), waiting.node_first(n), ~waiting.earlier(n, sight)
    )  # fmt: skip
    more = (
        func.coalesce(n.name, "").label("node"), n.due_at.label("node_due_at"), n.warn_at.label("node_warn_at"),
    )  # fmt: skip
    lit: list[Any] = []
    if light:
        of_node = running_light(n.due_at, n.warn_at, light, read.now)
        of_nodes = [] if of_node is None else [and_(n.id.is_not(None), of_node)]
        lit = [or_(and_(n.id.is_(None), of_case), *of_nodes)]
    return t.case.outerjoin(task, node), more, lit
