"""What a machine sees beside the limits: events dated back, ratings on the clerk's display, fees, papers kept back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from yichuang.api import Actor
from yichuang_acceptance import guide_tables as g
from yichuang_acceptance import tables as t

from .applicant_steps import rated
from .conftest import COMMITTED, INSTANT, accepted, hands, intake
from .guides import whole
from .life import refused, rules, see, set_clock, tick
from .test_agents import WINDOW, entrust
from .test_handovers import TOWN, enter_points, pack, taken_in
from .test_recompute import change, settle
from .test_supervision import HANDLER, listed


def smuggle(suite: Any, case: Any, at: datetime) -> None:
    """An event that somebody wrote into the table by hand."""
    last = see(suite, case).events[-1]
    values = {"case_id": case.case_id, "seq": last.seq + 1, "event": "urge", "source": "review", "target": "review",
              "staff_id": 77, "staff_name": "某某", "at": at, "payload": {}, "prev_hash": "", "hash": ""}  # fmt: skip
    with suite.database.write() as writer:
        writer.insert(t.event, **values)


@pytest.mark.parametrize(
    ("apart", "raised"),
    [(timedelta(minutes=-4), []), (timedelta(hours=-3), ["V13"]), (timedelta(days=2), ["V13"])],
)
def test_an_event_that_was_dated_back_or_ahead_is_noticed_with_the_next_one(suite, clock, apart, raised):
    case = accepted(suite)
    smuggle(suite, case, clock.now + apart)
    suite.run(WINDOW, "acceptance.withdraw", {"case_id": case.case_id, "reason": "不办了", "signed": True})
    assert rules(suite, case) == raised
    for violation in listed(suite, case):
        assert (violation.staff, violation.state) == ("某某", "notified")
    assert rules(suite, accepted(suite)) == []


def test_a_rating_from_the_clerks_own_display_is_noticed(suite):
    for channel, raised in (("hall_pad", []), ("mobile", []), ("phone", []), ("counter", ["V15"])):
        case = accepted(suite)
        rated(suite, case, 1, channel=channel)
        assert rules(suite, case) == raised, channel
    suite.run(Actor.system(), "hall.set", {"key": "acceptance.rate_on_own_screen", "value": True})
    case = accepted(suite)
    rated(suite, case, 1, channel="counter")
    assert rules(suite, case) == [], "desks here have one screen"


def with_guide(suite: Any, item: str = COMMITTED, **elements: str) -> None:
    body = whole(**elements)
    if elements.get("is_fee") == "0":
        del body["lists"]["fees"]
    with suite.database.write() as writer:
        writer.insert(
            g.guide, item=item, version=1, state="published", body=body, authors=[], changed_at=suite.executor.clock()
        )  # fmt: skip


def test_a_fee_for_an_item_that_charges_none_is_noticed(suite):
    plain, free = accepted(suite), accepted(suite)
    entrust(suite, plain, fees="12.50")
    assert rules(suite, plain) == [], "without a guide nothing is known about fees"
    with_guide(suite, is_fee="0")
    row = entrust(suite, free, fees="0")
    assert rules(suite, free) == []
    suite.run(WINDOW, "acceptance.follow_mandate", {"mandate_id": row.id, "fees": "12.50"})
    suite.run(WINDOW, "acceptance.follow_mandate", {"mandate_id": row.id, "result": "已领取"})
    assert rules(suite, free) == ["V08"]
    assert "12.50" in listed(suite, free)[0].detail
    charged = accepted(suite, item=INSTANT)
    with_guide(suite, INSTANT)
    entrust(suite, charged, fees="10")
    assert rules(suite, charged) == [], "its guide names the basis"


def test_papers_of_a_township_are_sent_up_in_two_working_days(suite, clock):
    enter_points(suite)
    late, sent, scanned, ended = (
        taken_in(suite), taken_in(suite),
        suite.run(TOWN, "acceptance.receive", intake(materials=hands(1, originals=0))), taken_in(suite),
    )  # fmt: skip
    pack(suite, sent)
    suite.run(WINDOW, "acceptance.withdraw", {"case_id": ended.case_id, "reason": "不办了", "signed": True})
    settle(suite)
    change(suite, {date(2026, 3, 18): False})
    settle(suite)
    set_clock(clock, "2026-03-20", 20)
    tick(suite)
    assert rules(suite, late) == [], "Thursday and Friday"
    set_clock(clock, "2026-03-21", 1)
    tick(suite)
    assert [rules(suite, case) for case in (late, sent, scanned, ended)] == [["V05"], [], [], []]
    (violation,) = listed(suite, late)
    assert violation.state == "notified"
    assert (
        refused(suite, HANDLER, "acceptance.order_notice", {"alert_id": violation.id, "text": "x"})
        == "NOT_PERMITTED"
    )
