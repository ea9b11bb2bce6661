"""At the desk: transfers and coming back, holding, several businesses, no ticket, policies, ratings, messages, the day's end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yichuang.api import UserError
from yichuang_queue import tables as t

from .conftest import MANAGER, clerk
from .test_operations import issue, refused

ONE, TWO = clerk(1, "A01"), clerk(2, "A02")


@pytest.fixture
def desks(suite):
    suite.run(ONE, "queue.open_desk", {"desk": "A01", "lines": ["A"]})
    suite.run(TWO, "queue.open_desk", {"desk": "A02", "lines": ["B"]})
    return suite


def call(suite, actor):
    return suite.run(actor, "queue.call_next", {"desk": actor.desk})


def act(suite, actor, name, ticket, **more):
    return suite.run(actor, f"queue.{name}", {"desk": actor.desk, "ticket_id": ticket.id, **more})


def test_a_transfer_to_a_desk_comes_back_to_the_first(desks, clock):
    ticket = issue(desks)
    other = issue(desks)
    call(desks, ONE)
    moved = act(desks, ONE, "transfer", ticket, to_desk="A02", come_back=True, reason="缴费")
    assert (moved.state, moved.for_desk, moved.return_to, moved.line) == ("waiting", "A02", "A01", "A")
    assert [desks.query(actor, "queue.badge") for actor in (ONE, TWO)] == [1, 1]
    assert call(desks, ONE).id == other.id, "a directed ticket is not the line's"
    act(desks, ONE, "finish", other)
    assert call(desks, TWO).id == ticket.id, "although the desk does not serve the line"
    back = act(desks, TWO, "finish", ticket)
    assert (back.state, back.for_desk, back.return_to) == ("waiting", "A01", "")
    assert call(desks, ONE).id == ticket.id
    assert act(desks, ONE, "finish", ticket).state == "done"


def test_a_transfer_to_a_person_follows_the_person(desks):
    ticket = issue(desks)
    call(desks, ONE)
    act(desks, ONE, "transfer", ticket, to_staff=2)
    desks.run(TWO, "queue.set_desk", {"desk": "A02", "state": "closed"})
    moved = clerk(2, "A03")
    desks.run(moved, "queue.open_desk", {"desk": "A03", "lines": ["B"]})
    assert call(desks, moved).id == ticket.id


def test_nobody_is_lost_whose_desk_or_person_has_gone(desks):
    """Directed to a desk that closed or a person who left: whoever serves the line takes them, in their turn."""
    to_desk, to_person, back = (issue(desks) for _ in range(3))
    for ticket, target in (
        (to_desk, {"to_desk": "A02"}),
        (to_person, {"to_staff": 2}),
        (back, {"to_desk": "A02", "come_back": True}),
    ):
        assert call(desks, ONE).id == ticket.id
        act(desks, ONE, "transfer", ticket, **target)
    assert call(desks, ONE) is None
    assert call(desks, TWO).id == to_desk.id
    act(desks, TWO, "transfer", to_desk, to_desk="A01")
    third = clerk(3, "A03")
    desks.run(third, "queue.open_desk", {"desk": "A03", "lines": ["A"]})
    assert call(desks, third) is None, "as long as the desk is open nobody else takes them"
    desks.run(TWO, "queue.set_desk", {"desk": "A02", "state": "paused", "reason": "午休"})
    assert call(desks, third) is None, "a break is no leaving"
    desks.run(TWO, "queue.set_desk", {"desk": "A02", "state": "closed"})
    view = desks.query(third, "queue.caller", {"desk": "A03"})
    assert [ticket.id for ticket in view.waiting] == [to_person.id, back.id]
    assert call(desks, third).id == to_person.id
    act(desks, third, "finish", to_person)
    desks.run(ONE, "queue.set_desk", {"desk": "A01", "state": "closed"})
    assert call(desks, third).id == to_desk.id
    act(desks, third, "finish", to_desk)
    assert call(desks, third).id == back.id
    returned = act(desks, third, "finish", back)
    assert (returned.state, returned.for_desk) == ("waiting", "A01")
    assert call(desks, third).id == back.id, "the desk it was to come back to has closed"


def test_a_transfer_that_nobody_would_serve_is_refused(desks):
    ticket = issue(desks)
    call(desks, ONE)
    one = {"desk": "A01", "ticket_id": ticket.id}
    assert refused(desks, ONE, "queue.transfer", one) == "TARGET_MISSING"
    assert refused(desks, ONE, "queue.transfer", {**one, "to_desk": "A01"}) == "SAME_DESK"
    assert refused(desks, ONE, "queue.transfer", {**one, "to_desk": "A04"}) == "DESK_CLOSED"
    assert refused(desks, ONE, "queue.transfer", {**one, "to_staff": 77}) == "NOT_SIGNED_IN_ANYWHERE"
    desks.run(TWO, "queue.set_desk", {"desk": "A02", "state": "closed"})
    assert refused(desks, ONE, "queue.transfer", {**one, "line": "B"}) == "NOBODY_SERVES"


def test_several_businesses_on_one_ticket(desks, clock):
    tree = [{"code": "a", "name": "综合", "line": "A"}, {"code": "b", "name": "社保", "line": "B"}]
    desks.run(MANAGER, "queue.set_businesses", {"businesses": tree})
    ticket = desks.run(MANAGER, "queue.issue", {"business": "a", "further": ["b"]})
    clock.move(minutes=20)
    later = issue(desks, "B")
    call(desks, ONE)
    onward = act(desks, ONE, "finish", ticket)
    assert (onward.state, onward.line, onward.business, onward.further, onward.number) == (
        "waiting",
        "B",
        "社保",
        [],
        "A001",
    )
    assert call(desks, TWO).id == ticket.id, "it keeps the moment of its issue"
    assert act(desks, TWO, "finish", ticket).state == "done"
    assert call(desks, TWO).id == later.id


def test_hold_call_back_and_back_in_line(desks, clock):
    ticket, second = issue(desks), issue(desks)
    call(desks, ONE)
    assert (
        refused(desks, ONE, "queue.hold", {"desk": "A01", "ticket_id": ticket.id, "reason": ""})
        == "BAD_REQUEST"
    )
    assert act(desks, ONE, "hold", ticket, reason="去复印").hold_reason == "去复印"
    assert refused(desks, TWO, "queue.call_held", {"desk": "A02", "ticket_id": ticket.id}) == "NOT_AT_DESK"
    assert act(desks, ONE, "call_held", ticket).state == "called"
    act(desks, ONE, "hold", ticket, reason="再等等")
    assert act(desks, ONE, "resume", ticket).state == "waiting"
    assert call(desks, ONE).id == ticket.id, "by the moment of its issue"
    assert second.id != ticket.id


def test_who_is_on_hold_at_a_desk_that_closed_is_called_back_by_another_one(desks):
    third = clerk(3, "A03")
    desks.run(third, "queue.open_desk", {"desk": "A03", "lines": ["A"]})
    papers, copies = issue(desks), issue(desks)
    waits = {"desk": "A03", "ticket_id": papers.id}
    assert refused(desks, third, "queue.call_held", waits) == "NOT_AT_DESK"
    for ticket in (papers, copies):
        call(desks, ONE)
        act(desks, ONE, "hold", ticket, reason="取材料")
    held = {"desk": "A03", "ticket_id": papers.id}
    assert desks.query(third, "queue.caller", {"desk": "A03"}).held == []
    assert refused(desks, third, "queue.resume", held) == "NOT_AT_DESK"
    desks.run(ONE, "queue.set_desk", {"desk": "A01", "state": "closed"})
    assert refused(desks, TWO, "queue.call_held", {"desk": "A02", "ticket_id": papers.id}) == "NOT_AT_DESK"
    assert {ticket.id for ticket in desks.query(third, "queue.caller", {"desk": "A03"}).held} == {
        papers.id,
        copies.id,
    }
    assert act(desks, third, "call_held", papers).desk == "A03"
    act(desks, third, "finish", papers)
    assert act(desks, third, "resume", copies).state == "waiting"
    assert call(desks, third).id == copies.id


def test_the_board_forgets_a_passed_number_that_cannot_come_back(suite, clock):
    line = {"code": "A", "name": "综合", "prefix": "A", "passed_minutes": 30}
    suite.run(MANAGER, "queue.set_lines", {"lines": [line, {"code": "B", "name": "社保", "prefix": "B"}]})
    suite.run(ONE, "queue.open_desk", {"desk": "A01"})
    ticket = issue(suite)
    call(suite, ONE)
    act(suite, ONE, "pass", ticket)
    clock.move(minutes=29)
    assert suite.query(ONE, "queue.board").passed == ["A001"]
    clock.move(minutes=2)
    assert suite.query(ONE, "queue.board").passed == []


def test_somebody_without_a_ticket_is_counted(desks):
    served = desks.run(ONE, "queue.serve_directly", {"desk": "A01", "line": "A", "business": "咨询"})
    assert (served.state, served.desk, served.business, served.number) == ("serving", "A01", "咨询", "A001")
    clerk_view = desks.query(ONE, "queue.current", {"desk": "A01"})
    assert clerk_view.id == served.id
    assert refused(desks, ONE, "queue.serve_directly", {"desk": "A01", "line": "A"}) == "TICKET_OPEN"


def test_passed_numbers_come_back_where_the_line_says(suite, clock):
    line = {
        "code": "A",
        "name": "综合",
        "prefix": "A",
        "reentry": "after",
        "reentry_after": 1,
        "passed_minutes": 30,
    }
    suite.run(MANAGER, "queue.set_lines", {"lines": [line, {"code": "B", "name": "社保", "prefix": "B"}]})
    suite.run(ONE, "queue.open_desk", {"desk": "A01"})
    ticket, second, third = issue(suite), issue(suite), issue(suite)
    call(suite, ONE)
    act(suite, ONE, "pass", ticket)
    clock.move(minutes=5)
    suite.run(MANAGER, "queue.restore", {"ticket_id": ticket.id})
    order = []
    for _ in range(3):
        called = call(suite, ONE)
        order.append(called.id)
        act(suite, ONE, "finish", called)
    assert order == [second.id, ticket.id, third.id]
    late = issue(suite)
    call(suite, ONE)
    act(suite, ONE, "pass", late)
    clock.move(minutes=31)
    assert refused(suite, MANAGER, "queue.restore", {"ticket_id": late.id}) == "TOO_LATE"


def test_sign_in_to_ones_own_lines(suite):
    suite.run(ONE, "queue.open_desk", {"desk": "A01"})
    assert refused(suite, ONE, "queue.open_desk", {"desk": "A02"}) == "ELSEWHERE"
    assert refused(suite, MANAGER, "queue.set_skills", {"staff_id": 1, "lines": ["A"]}) == "UNKNOWN_STAFF"
    with suite.database.write() as writer:
        writer.insert(t.skill, staff_id=2, lines=["B"])
    assert suite.run(TWO, "queue.open_desk", {"desk": "A02"}).lines == ["B"], (
        "the own ones unless others are named"
    )


def test_the_manager_moves_and_closes_desks(desks):
    issue(desks, "B")
    assert call(desks, ONE) is None
    desks.run(MANAGER, "queue.assign", {"desk": "A01", "lines": ["A", "B"]})
    assert call(desks, ONE).line == "B"
    assert refused(desks, MANAGER, "queue.close_desk", {"desk": "A01", "reason": "午休"}) == "TICKET_OPEN"
    assert desks.run(MANAGER, "queue.close_desk", {"desk": "A02", "reason": "忘记离席"}).state == "closed"
    assert refused(desks, MANAGER, "queue.assign", {"desk": "A02", "lines": ["A"]}) == "DESK_CLOSED"
    stranger = clerk(3, "A03", frozenset({"queue.view", "queue.call"}))
    with pytest.raises(UserError, match=r"queue\.balance"):
        desks.run(stranger, "queue.assign", {"desk": "A01", "lines": ["A"]})


# ---- policies ----


def switch_on(suite, data, desks=()):
    drafted = suite.run(MANAGER, "queue.draft_policy", {"name": "p", "desks": list(desks), "data": data})
    return suite.run(MANAGER, "queue.activate_policy", {"policy_id": drafted.id})


def test_a_policy_in_force_decides_and_is_kept_with_the_call(desks, clock):
    switch_on(
        desks,
        {"rules": [{"choose": "help", "lines": ["B"], "minutes": 30}, {"choose": "longest_wait"}]},
        ["A01"],
    )
    waiting = issue(desks, "B")
    clock.move(minutes=29)
    own = issue(desks, "A")
    assert call(desks, ONE).id == own.id
    act(desks, ONE, "finish", own)
    assert call(desks, ONE) is None
    clock.move(minutes=2)
    assert call(desks, ONE).id == waiting.id, "help comes when the other line has waited too long"
    from yichuang_queue import tables as t

    with desks.database.read() as reader:
        detail = reader.one(
            t.event.select().where(t.event.c.act == "call").order_by(t.event.c.id.desc())
        ).detail
    assert (detail["rule"], detail["helped"]) == (1, "B")


def test_switching_a_policy_reorders_those_who_wait(desks, clock):
    first = issue(desks)
    clock.move(minutes=20)
    elder = issue(desks, priority="elderly")
    switch_on(desks, {"credits": {"elderly": 30}})
    assert call(desks, ONE).id == elder.id
    assert first.id < elder.id


def test_switching_a_policy_keeps_the_places_that_transfers_and_returns_gave(desks, clock):
    elder = issue(desks, priority="elderly")
    clock.move(minutes=5)
    ordinary = issue(desks, "B")
    clock.move(minutes=5)
    call(desks, ONE)
    act(desks, ONE, "transfer", elder, line="B")
    switch_on(desks, {"credits": {"elderly": 0}})
    assert call(desks, TWO).id == elder.id < ordinary.id


def test_groups_do_not_overlap_and_the_one_before_goes(suite):
    one = switch_on(suite, {}, ["A01", "A02"])
    other = suite.run(MANAGER, "queue.draft_policy", {"name": "x", "desks": ["A02"], "data": {}})
    assert refused(suite, MANAGER, "queue.activate_policy", {"policy_id": other.id}) == "GROUPS_OVERLAP"
    two = switch_on(suite, {}, ["A01", "A02"])
    active = [row.id for row in suite.query(MANAGER, "queue.policies") if row.active]
    assert active == [two.id] != [one.id]
    suite.run(MANAGER, "queue.retire_policy", {"policy_id": two.id})
    assert not any(row.active for row in suite.query(MANAGER, "queue.policies"))
    typo = {"name": "x", "desks": ["A99"], "data": {}}
    assert refused(suite, MANAGER, "queue.draft_policy", typo) == "UNKNOWN_DESK"
    bad = {"name": "y", "data": {"rules": [{"choose": "help"}]}}
    assert refused(suite, MANAGER, "queue.draft_policy", bad) == "BAD_POLICY"


# ---- ratings ----


def finished(suite, actor=ONE):
    ticket = issue(suite)
    call(suite, actor)
    act(suite, actor, "finish", ticket, result="已受理")
    return ticket


def test_a_service_is_rated_once_by_whoever_has_the_token(desks, clock):
    finished(desks)
    asked = desks.query(ONE, "queue.open_rating", {"desk": "A01"})
    citizen = clerk(0, permissions=frozenset())
    assert desks.run(citizen, "queue.rate", {"token": asked.token, "grade": 1, "comment": "等太久"}) is True
    assert refused(desks, citizen, "queue.rate", {"token": asked.token, "grade": 5}) == "RATED_ALREADY"
    assert refused(desks, citizen, "queue.rate", {"token": "guessing-it", "grade": 5}) == "UNKNOWN_RATING"
    assert refused(desks, citizen, "queue.rate", {"token": asked.token, "grade": 6}) == "BAD_REQUEST"
    assert desks.query(ONE, "queue.open_rating", {"desk": "A01"}) is None
    (bad,) = desks.query(MANAGER, "queue.ratings", {"open_only": True})
    assert (bad.grade, bad.comment, bad.desk) == (1, "等太久", "A01")
    manages = clerk(1, permissions=frozenset({"queue.manage"}))
    assert refused(desks, manages, "queue.remedy", {"rating_id": bad.id, "text": "x"}) == "OWN_RATING"
    assert desks.run(MANAGER, "queue.remedy", {"rating_id": bad.id, "text": "已回访并致歉"})
    assert refused(desks, MANAGER, "queue.remedy", {"rating_id": bad.id, "text": "x"}) == "REMEDIED"
    assert desks.query(MANAGER, "queue.ratings", {"open_only": True}) == []


def test_the_home_page_shows_how_satisfied_the_hall_is(desks, clock):
    def shown():
        figures = desks.executor.read(ONE, lambda read: list(read.hooks.figures(read=read)))
        return [figure.value for figure in figures if figure.id == "rating.today"]

    assert shown() == []
    for grade in (5, 3, 1):
        finished(desks)
        desks.run(
            ONE,
            "queue.rate",
            {"token": desks.query(ONE, "queue.open_rating", {"desk": "A01"}).token, "grade": grade},
        )
    finished(desks)
    assert shown() == ["67"]


def test_without_an_answer_a_service_is_not_rated(desks, clock):
    finished(desks)
    asked = desks.query(ONE, "queue.open_rating", {"desk": "A01"})
    clock.move(minutes=31)
    assert desks.query(ONE, "queue.open_rating", {"desk": "A01"}) is None
    assert refused(desks, MANAGER, "queue.rate", {"token": asked.token, "grade": 5}) == "TOO_LATE"
    assert desks.query(MANAGER, "queue.ratings") == []


# ---- messages ----


def test_notices_stand_and_go_and_a_call_for_help_is_one_call(desks, clock):
    notice = desks.run(MANAGER, "queue.say", {"kind": "notice", "text": "今天下午停办税务", "minutes": 60})
    board = desks.query(ONE, "queue.board")
    assert board.notices == ["今天下午停办税务"]
    desks.run(MANAGER, "queue.answer", {"message_id": notice.id})
    assert desks.query(ONE, "queue.board").notices == []
    first = desks.run(ONE, "queue.call_help", {"desk": "A01"})
    assert desks.run(ONE, "queue.call_help", {"desk": "A01"}).id == first.id
    assert desks.query(ONE, "queue.caller", {"desk": "A01"}).open_help
    desks.run(MANAGER, "queue.answer", {"message_id": first.id})
    assert refused(desks, MANAGER, "queue.answer", {"message_id": first.id}) == "ANSWERED"
    assert not desks.query(ONE, "queue.caller", {"desk": "A01"}).open_help


# ---- boards ----


def test_a_board_is_a_snapshot_and_what_came_after(desks, clock):
    ticket = issue(desks)
    before = desks.query(ONE, "queue.board")
    call(desks, ONE)
    clock.move(seconds=6)
    act(desks, ONE, "recall", ticket)
    after = desks.query(ONE, "queue.calls", {"after": before.last_event})
    assert [(c.number, c.desk, c.again) for c in after] == [("A001", "A01", False), ("A001", "A01", True)]
    board = desks.query(ONE, "queue.board")
    assert [c.number for c in board.calls] == ["A001"]
    assert desks.query(ONE, "queue.calls", {"after": board.last_event}) == []
    act(desks, ONE, "pass", ticket)
    board = desks.query(ONE, "queue.board")
    assert (board.calls, board.passed) == ([], ["A001"])
    assert desks.query(ONE, "queue.calls", {"after": 0, "zone": "nowhere"}) == []


# ---- the day's end ----


def test_the_next_day_begins_empty(desks, clock):
    passed, standing, waiting = issue(desks), issue(desks), issue(desks)
    call(desks, ONE)
    act(desks, ONE, "pass", passed)
    call(desks, ONE)
    clock.move(days=1)
    assert call(desks, TWO) is None, "nobody of yesterday is called, also before anything has ticked"
    ended = desks.run(MANAGER, "queue.tick")
    assert (ended.ended, ended.closed) == (3, 2)
    for row in (passed, standing, waiting):
        code = refused(desks, ONE, "queue.call_chosen", {"desk": "A01", "ticket_id": row.id})
        assert code == "DESK_CLOSED"
    desks.run(ONE, "queue.open_desk", {"desk": "A01"})
    assert refused(desks, ONE, "queue.call_chosen", {"desk": "A01", "ticket_id": waiting.id}) == "ILLEGAL_ACT"
    today = issue(desks)
    assert today.number == "A001"
    assert call(desks, ONE).id == today.id


def test_a_minute_before_midnight_is_this_day_and_a_minute_after_the_next(desks, clock):
    """The hall's midnight, which is 16:00 of the clocks that databases keep."""
    clock.now = clock.now.replace(hour=15, minute=59)
    late = issue(desks)
    clock.move(minutes=2)
    early = issue(desks)
    assert (late.number, early.number) == ("A001", "A001")
    desks.run(ONE, "queue.open_desk", {"desk": "A01", "lines": ["A"]})
    assert call(desks, ONE).id == early.id


def test_desks_left_open_overnight_are_closed(desks, clock):
    clock.move(days=1)
    assert desks.run(MANAGER, "queue.tick").closed == 2
    assert desks.run(MANAGER, "queue.tick").closed == 0
    assert refused(desks, ONE, "queue.call_next", {"desk": "A01"}) == "DESK_CLOSED"


def test_waits_are_counted_from_now(desks, clock):
    issue(desks)
    clock.move(minutes=7)
    state = {each.code: each for each in desks.query(ONE, "queue.line_states")}["A"]
    assert (state.waiting, state.desks) == (1, 1)
    assert timedelta(seconds=state.longest_seconds) >= timedelta(minutes=7)
    assert state.predicted_low <= state.predicted_seconds <= state.predicted_high
