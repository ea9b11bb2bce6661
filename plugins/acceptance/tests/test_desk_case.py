"""What the workbench asks, on both databases: cases that wait for the actor, one case in one snapshot, few statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest

from yichuang.api import UserError, hall
from yichuang.storage.database import Reader
from yichuang.storage.prepared import Prepared

from .conftest import APPROVER, CLERK, INSTANT, STRANGER, accepted
from .review import (
    FIREMAN,
    FOREIGNER,
    HANDLER,
    LEADER_OF_SECTION,
    PARTNER,
    begun,
    say,
    seen,
    set_graph,
    staff,
)


@pytest.fixture
def reviews(suite):
    staff(suite)
    set_graph(suite)
    return suite


@contextmanager
def statements() -> Iterator[list[Any]]:
    """What is asked of the database meanwhile."""
    found: list[Any] = []
    run = Reader._run

    def noting(self: Reader, statement: Any, params: dict[str, Any]) -> Any:
        found.append(statement)
        return run(self, statement, params)

    with mock.patch.object(Reader, "_run", noting):
        yield found


def listed(suite, actor, tab="review"):
    """The cases of a list, which has to agree with the counts beside it."""
    rows = suite.query(actor, "acceptance.cases", {"tab": tab})
    if tab == "review":
        assert suite.query(actor, "acceptance.counts").review == len(rows)
        assert suite.query(actor, "acceptance.badge_review") == len(rows)
    return {row.id for row in rows}


def test_a_case_waits_for_whoever_may_act_at_its_open_node(reviews):
    plain, at_node = accepted(reviews, item=INSTANT).case_id, begun(reviews)
    both = {plain, at_node.case_id}
    assert listed(reviews, HANDLER) == both
    assert listed(reviews, APPROVER) == {plain}, "who may not examine waits until the review is over"
    assert listed(reviews, APPROVER, "all") == both
    reviews.run(HANDLER, "acceptance.claim", seen(reviews, at_node, "n1"))
    assert listed(reviews, HANDLER) == both
    assert listed(reviews, PARTNER) == {plain}, "a colleague has taken it"
    away = {"deputy_id": PARTNER.staff_id, "first_day": "2026-03-17", "last_day": "2026-03-17"}
    reviews.run(HANDLER, "acceptance.set_absence", away)
    assert listed(reviews, PARTNER) == both, "the deputy works on what the absent colleague has taken"


def test_a_case_at_another_agency_or_at_the_chief_is_not_ours_to_work_on(reviews):
    case = begun(reviews, area="20")
    say(reviews, HANDLER, case, "n1")
    assert listed(reviews, HANDLER) == set(), "only the agency that was asked has something to do"
    assert listed(reviews, FIREMAN) == set(), "it answers a task, it does not see the case"
    say(reviews, FIREMAN, case, "n2b")
    assert listed(reviews, HANDLER) == set()
    assert listed(reviews, LEADER_OF_SECTION) == {case.case_id}


def test_one_case_comes_with_all_that_stands_on_the_workbench(reviews):
    with reviews.database.write() as writer:
        writer.update(hall.item_version, {"item": INSTANT, "version": 1}, result_licence="L1")
    plain, at_node = accepted(reviews, item=INSTANT), begun(reviews)
    one = reviews.query(APPROVER, "acceptance.desk_case", {"case_id": plain.case_id})
    assert (one.licence, one.nodes, one.task, one.matter) == ("L1", [], None, None)
    assert one.case == reviews.query(APPROVER, "acceptance.case", {"case_id": plain.case_id})
    asked = {"case_id": at_node.case_id}
    one = reviews.query(HANDLER, "acceptance.desk_case", asked)
    assert one.task.row.node == "n1"
    assert [node.state for node in one.nodes] == ["open", "ahead", "ahead", "ahead"]
    assert reviews.query(APPROVER, "acceptance.desk_case", asked).task is None
    serves_all = replace(FOREIGNER, permissions=FOREIGNER.permissions | {"acceptance.see_all"})
    seen_by_all = reviews.query(serves_all, "acceptance.desk_case", {**asked, "task_id": one.task.row.id})
    assert seen_by_all.task is None, "a task is for its agency alone"
    clerk = reviews.query(CLERK, "acceptance.desk_case", asked)
    assert clerk.licence == "", "whoever accepted it does not decide"
    with pytest.raises(UserError) as refused:
        reviews.query(STRANGER, "acceptance.desk_case", asked)
    assert refused.value.code == "NOT_YOUR_AGENCY"


def test_of_two_open_nodes_the_one_comes_that_the_actor_may_work_on(reviews):
    case = begun(reviews)
    say(reviews, HANDLER, case, "n1")
    found = reviews.query(PARTNER, "acceptance.desk_case", {"case_id": case.case_id})
    assert (found.task.row.node, found.task.why_not) == ("n2a", "")
    wanted = {"case_id": case.case_id, "task_id": found.task.row.id + 1}
    assert reviews.query(PARTNER, "acceptance.desk_case", wanted).task.row.node == "n2a", (
        "another agency's task is never in front"
    )


def test_a_list_asks_no_more_for_many_cases_than_for_one(reviews):
    counted = []
    for _ in range(2):
        accepted(reviews)
        reviews.query(APPROVER, "acceptance.cases", {"tab": "all"})
        with statements() as asked:
            assert reviews.query(APPROVER, "acceptance.cases", {"tab": "all"})
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 3
    with statements() as asked:
        reviews.query(APPROVER, "acceptance.counts")
    assert len(asked) == 1


def test_a_case_on_the_workbench_runs_prepared_statements_only(reviews):
    case = begun(reviews)
    reviews.query(HANDLER, "acceptance.desk_case", {"case_id": case.case_id})
    with statements() as asked:
        reviews.query(HANDLER, "acceptance.desk_case", {"case_id": case.case_id})
    assert [str(each) for each in asked if not isinstance(each, Prepared)] == []
    assert len(asked) < 30
