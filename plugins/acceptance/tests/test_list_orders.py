"""Lists of cases and tasks in the order that one chose, on both databases: whole in their pages, with the node and its light."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from yichuang.api import UserError, update
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import tables as t

from .case_rows import START, enter_cases
from .conftest import APPROVER, CLERK, COMMITTED, INSTANT, OTHER, OWN, STRANGER, accepted
from .life import set_clock
from .review import HANDLER, begun, set_graph, staff

OPEN = ("review", "suspended", "correcting", "tolerated")


@pytest.fixture
def hall(suite):
    staff(suite)
    set_graph(suite)
    return suite


@pytest.fixture
def many(suite):
    """Cases of several states, items and agencies, several received at once."""
    enter_cases(
        suite,
        [
            {"state": ("review", "suspended", "correcting", "received")[n % 4], "item": f"i{n % 3}",
             "acceptor_id": 1 if n % 7 == 0 else 99, "agency": OTHER if n % 5 == 0 else OWN,
             "received_at": START + timedelta(hours=n // 4),
             "telling_due_at": START, "tolerance_due": START if n % 2 else None,
             "promise_due_at": None if n % 6 == 0 else START + timedelta(days=n % 4)}
            for n in range(40)
        ],
    )  # fmt: skip
    return suite


def asked(hall: Any, actor: Any, name: str, **request: Any) -> list[Any]:
    return hall.query(actor, f"acceptance.{name}", request)


def by_pages(hall: Any, actor: Any, name: str, size: int, **request: Any) -> list[Any]:
    found: list[Any] = []
    more: dict[str, Any] = {}
    while page := asked(hall, actor, name, limit=size, **request, **more):
        found += page
        last = page[-1]
        due = last.listed_by if name == "cases" else last.due_at
        more = {"after_id": last.id, "after_due": due, "after_item": last.item}
    return found


@pytest.mark.parametrize("tab", [*OPEN, "all"])
@pytest.mark.parametrize("actor", [CLERK, APPROVER, STRANGER], ids=lambda actor: actor.account)
def test_newest_first_is_the_same_list_from_the_newest_on(many, tab, actor):
    whole = asked(many, actor, "cases", tab=tab, limit=1000)
    wanted = [row.id for row in sorted(whole, key=lambda row: (row.received_at, row.id), reverse=True)]
    assert len(wanted) > 1
    for size in (1, 4, 100):
        assert [r.id for r in by_pages(many, actor, "cases", size, tab=tab, order="newest")] == wanted, size


@pytest.mark.parametrize("tab", OPEN)
@pytest.mark.parametrize("actor", [CLERK, APPROVER], ids=lambda actor: actor.account)
def test_item_by_item_is_the_same_list_with_each_item_together(many, tab, actor):
    whole = asked(many, actor, "cases", tab=tab, limit=1000)
    wanted = [row.id for row in sorted(whole, key=lambda row: (row.item, row.id))]
    assert len(wanted) > 3
    for size in (1, 4, 100):
        assert [r.id for r in by_pages(many, actor, "cases", size, tab=tab, order="item")] == wanted, size


@pytest.mark.parametrize("order", ["newest", "item"])
def test_a_row_says_the_same_in_every_order(hall, clock, order):
    """Nodes that end before the promise, a promise that ends first, and a case without a review."""
    rows = [begun(hall), begun(hall), accepted(hall, item=INSTANT)]
    with hall.database.write() as writer:
        task = writer.one(rt.task.select().where(rt.task.c.case_id == rows[1].case_id))
        writer.update(t.case, {"id": rows[1].case_id}, promise_due_at=task.due_at - timedelta(hours=1))
    set_clock(clock, "2026-03-20")
    by_due = {row.id: row for row in asked(hall, HANDLER, "cases", tab="review")}
    found = asked(hall, HANDLER, "cases", tab="review", order=order)
    assert {row.id for row in found} == set(by_due) == {row.case_id for row in rows}
    for row in found:
        same = by_due[row.id]
        shown = (row.node, row.light, row.time_left, row.due_at, row.provisional)
        assert shown == (same.node, same.light, same.time_left, same.due_at, same.provisional)
    assert {row.node for row in found} == {"初审", ""}
    for light in ("overdue", "due_today", "warning", "normal", "paused"):
        lit = {row.id for row in asked(hall, HANDLER, "cases", tab="review", light=light)}
        ordered = asked(hall, HANDLER, "cases", tab="review", light=light, order=order)
        assert {row.id for row in ordered} == lit, light


def test_lists_are_narrowed_in_every_order(many):
    for order in ("newest", "item"):
        found = asked(many, CLERK, "cases", tab="review", order=order, item="i1")
        assert {row.item for row in found} == {"i1"}
        first = (START + timedelta(days=1)).date().isoformat()
        assert asked(many, CLERK, "cases", tab="review", order=order, first=first) == []


@pytest.mark.parametrize("order", ["newest", "item"])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_tasks_stand_in_the_same_orders(hall, order, size):
    for n in range(6):
        case = begun(hall)
        if n % 2:
            with hall.database.write() as writer:
                values = {"item": "a", "due_at": None}
                writer.execute(update(rt.task).where(rt.task.c.case_id == case.case_id).values(**values))
    whole = asked(hall, HANDLER, "my_tasks")
    assert {row.item for row in whole} == {"a", COMMITTED}
    key = (lambda row: -row.id) if order == "newest" else lambda row: (row.item, row.id)
    pages = by_pages(hall, HANDLER, "my_tasks", size, order=order)
    assert [row.id for row in pages] == [row.id for row in sorted(whole, key=key)]


def test_a_case_that_moves_between_pages_is_shown_once_at_most_and_hides_no_other(many):
    first = asked(many, CLERK, "cases", tab="review", order="newest", limit=3)
    ids = {row.id for row in asked(many, CLERK, "cases", tab="review", limit=1000)}
    with many.database.write() as writer:
        writer.update(t.case, {"id": first[0].id}, state="suspended")
    last = first[-1]
    more = {"after_id": last.id, "after_due": last.listed_by}
    rest = asked(many, CLERK, "cases", tab="review", order="newest", limit=1000, **more)
    seen = [row.id for row in [*first, *rest]]
    assert (len(seen), set(seen)) == (len(ids), ids)


@pytest.mark.parametrize(
    ("tab", "order"), [("decided", "newest"), ("decided", "item"), ("all", "item"), ("closed", "item")]
)
def test_lists_of_all_times_have_no_order_that_would_read_them_whole(suite, tab, order):
    with pytest.raises(UserError) as error:
        asked(suite, APPROVER, "cases", tab=tab, order=order)
    assert error.value.code == "NO_SUCH_ORDER"
