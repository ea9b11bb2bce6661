"""What the manager's page asks and does, on both databases."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from yichuang.api import UserError, hall
from yichuang_queue.rules.alarms import Concern, Remedy
from yichuang_queue.rules.floor import Kind
from yichuang_queue.rules.past_day import PastDay
from yichuang_queue.rules.tickets import Act, State

from .conftest import DESKS, MANAGER, clerk
from .full_hall import fill


def console(suite, **request):
    return suite.query(MANAGER, "queue.console", request)


def desk_of(view, code):
    return next(desk for desk in view.desks if desk.code == code)


def line_of(view, code):
    return next(line for line in view.lines if line.code == code)


def replayed(suite, day):
    part = suite.query(MANAGER, "queue.past_day", {"day": day})
    assert part.more is None
    return PastDay(part.desks, part.lines, part.tickets, part.changes, part.means)


@pytest.fixture
def working(suite, clock):
    """Two desks open for line A, one for B; five wait in A, one is served."""
    for number, lines in ((1, ["A"]), (2, ["A"]), (3, ["B"])):
        desk = DESKS[number - 1]
        suite.run(clerk(number, desk), "queue.open_desk", {"desk": desk, "lines": lines})
    for _ in range(6):
        suite.run(MANAGER, "queue.issue", {"line": "A"})
        clock.move(seconds=30)
    person = clerk(1, "A01")
    ticket = suite.run(person, "queue.call_next", {"desk": "A01"})
    clock.move(seconds=20)
    suite.run(person, "queue.arrive", {"desk": "A01", "ticket_id": ticket.id})
    clock.move(minutes=2)
    return suite


def test_the_console_says_what_every_desk_does(working, clock):
    suite = working
    view = console(suite)
    assert [desk.code for desk in view.desks] == list(DESKS)
    serving, idle, closed = desk_of(view, "A01"), desk_of(view, "A02"), desk_of(view, "A04")
    assert (serving.ticket.number, serving.kind(view.now, 30)) == ("A001", Kind.SERVING)
    assert serving.seconds(view.now) == pytest.approx(120, abs=2)
    assert serving.mean_seconds == 480
    assert idle.kind(view.now, 30) is Kind.IDLE
    assert closed.kind(view.now, 30) is Kind.CLOSED
    clock.move(minutes=7)
    view = console(suite)
    assert desk_of(view, "A01").kind(view.now, 30) is Kind.OVER
    paused = clerk(2, "A02")
    suite.run(paused, "queue.set_desk", {"desk": "A02", "state": "paused", "reason": "补充材料"})
    view = console(suite)
    assert (desk_of(view, "A02").kind(view.now, 30), desk_of(view, "A02").reason) == (Kind.PAUSED, "补充材料")
    clock.move(minutes=31)
    view = console(suite)
    assert desk_of(view, "A02").kind(view.now, 30) is Kind.AWAY


def test_lines_figures_and_curve(working, clock):
    view = console(working)
    line = line_of(view, "A")
    assert (line.waiting, line.desks, line.arrived) == (5, 2, 6)
    assert line.longest(view.now) == pytest.approx(4.8 * 60 + 3, abs=5)
    assert line.predicted_seconds > 0
    assert line.predicted_low <= line.predicted_seconds <= line.predicted_high
    assert line.trend[-1] == 5
    assert line.trend[0] == 0
    figures = view.figures
    assert (figures.waiting, figures.open_desks, figures.desks, figures.issued) == (5, 3, 4, 6)
    assert (figures.finished, figures.passed_share) == (0, 0.0)
    assert sum(view.curve.taken) == 6
    assert view.curve.taken[view.curve.now] == 6
    assert view.forecast is None


def test_the_forecast_needs_days_of_the_same_weekday(working, clock):
    suite = working
    assert console(suite, forecast=True).forecast is None
    clock.move(days=6)
    suite.run(MANAGER, "queue.issue", {"line": "A"})
    clock.move(days=1)
    found = console(suite, forecast=True).forecast
    assert found.days == 1
    assert sum(found.values) == 6


def test_alarms_name_the_act_that_helps(working, clock):
    suite = working
    suite.run(clerk(1, "A01"), "queue.call_help", {"desk": "A01", "text": "有人晕倒"})
    clock.move(minutes=32)
    view = console(suite)
    found = {alarm.concern: alarm for alarm in view.alarms}
    assert found[Concern.HELP].remedy is Remedy.ANSWER
    assert found[Concern.LONG_WAIT].subject == "A"
    assert found[Concern.LONG_SERVICE].desk == "A01"
    assert (found[Concern.IDLE_DESK].desk, found[Concern.IDLE_DESK].line) == ("A03", "A")
    assert view.alarms[0].concern is Concern.HELP
    suite.run(MANAGER, "queue.answer", {"message_id": found[Concern.HELP].message_id})
    assert Concern.HELP not in {alarm.concern for alarm in console(suite).alarms}


def test_a_line_that_nobody_serves(suite):
    suite.run(MANAGER, "queue.issue", {"line": "B"})
    (alarm,) = console(suite).alarms
    assert (alarm.concern, alarm.remedy, alarm.line) == (Concern.NOBODY_SERVES, Remedy.OPEN, "B")


def busy(suite, clock):
    """Line A is far beyond its target; A03 and A04 serve B, where nobody waits."""
    lines = [
        {"code": "A", "name": "综合", "prefix": "A", "target_minutes": 10},
        {"code": "B", "name": "社保", "prefix": "B", "target_minutes": 10},
    ]
    suite.run(MANAGER, "queue.set_lines", {"lines": lines})
    for number, lines in ((1, ["A"]), (3, ["B"]), (4, ["B"])):
        desk = DESKS[number - 1]
        suite.run(clerk(number, desk), "queue.open_desk", {"desk": desk, "lines": lines})
    for _ in range(12):
        suite.run(MANAGER, "queue.issue", {"line": "A"})
    clock.move(minutes=16)


def test_a_suggestion_is_applied_undone_and_ends_by_itself(suite, clock):
    busy(suite, clock)
    advice = console(suite).advice
    # Not both: whoever comes for B would then wait behind all of A.
    assert (advice.line, advice.desks, advice.able) == ("A", ("A03",), ("A03", "A04"))
    assert advice.helped.after == pytest.approx(advice.helped.before / 2, rel=0.1)
    loan = suite.run(MANAGER, "queue.lend", {"line": "A", "desks": list(advice.desks), "minutes": 30})
    view = console(suite)
    assert desk_of(view, "A03").lines == ("B", "A")
    assert [each.id for each in view.loans] == [loan.id]
    assert view.advice is None
    suite.run(MANAGER, "queue.end_loan", {"loan_id": loan.id})
    view = console(suite)
    assert (desk_of(view, "A03").lines, view.loans) == (("B",), [])
    assert view.advice is None, "who has just undone it does not want to hear it again"
    with pytest.raises(UserError) as error:
        suite.run(MANAGER, "queue.end_loan", {"loan_id": loan.id})
    assert error.value.code == "LOAN_ENDED"
    suite.run(MANAGER, "queue.lend", {"line": "A", "desks": ["A03"], "minutes": 30})
    clock.move(minutes=31)
    assert suite.run(clerk(1, "A01"), "queue.tick").returned == 1
    assert desk_of(console(suite), "A03").lines == ("B",)


def test_what_was_changed_at_a_lent_desk_stays(suite, clock):
    busy(suite, clock)
    loan = suite.run(MANAGER, "queue.lend", {"line": "A", "desks": ["A03"], "minutes": 30})
    suite.run(MANAGER, "queue.assign", {"desk": "A03", "lines": ["A"]})
    suite.run(MANAGER, "queue.end_loan", {"loan_id": loan.id})
    assert desk_of(console(suite), "A03").lines == ("A",), "a desk is never left without a line"


def test_an_ignored_suggestion_stays_away_for_a_quarter_of_an_hour(suite, clock):
    busy(suite, clock)
    assert console(suite).advice is not None
    suite.run(MANAGER, "queue.ignore_advice", {"line": "A"})
    clock.move(minutes=14)
    assert console(suite).advice is None
    clock.move(minutes=2)
    assert console(suite).advice is not None


def test_lending_is_refused_whole(suite, clock):
    busy(suite, clock)
    with suite.database.write() as writer:
        writer.insert(
            hall.agency, code="X", name="局", short_name="局", name_mn="", kind="bureau", position=0
        )
        for number in (1, 2, 3, 4):
            writer.insert(hall.staff, id=number, name=f"Clerk {number}", agency="X", desk=DESKS[number - 1])
    suite.run(MANAGER, "queue.set_skills", {"staff_id": 4, "lines": ["B"]})

    def refused(request):
        with pytest.raises(UserError) as error:
            suite.run(MANAGER, "queue.lend", request)
        assert desk_of(console(suite), "A03").lines == ("B",), "the first desk was not moved either"
        return error.value.code

    assert refused({"line": "A", "desks": ["A03", "A04"]}) == "NO_SKILL"
    assert refused({"line": "A", "desks": ["A03", "A02"]}) == "DESK_CLOSED"
    assert refused({"line": "A", "desks": ["A03", "A01"]}) == "SERVES_ALREADY"
    assert refused({"line": "X", "desks": ["A03"]}) == "UNKNOWN_LINE"
    assert console(suite).advice.able == ("A03",), "only whose person has the skill"
    rows = {row.staff_id: row for row in suite.query(MANAGER, "queue.staff_lines")}
    assert (rows[4].lines, rows[3].lines, rows[3].desk) == (["B"], [], "A03")


def test_only_managers_see_the_console(suite):
    person = clerk(1, "A01", frozenset({"queue.view", "queue.call", "queue.issue"}))
    for name, request in (
        ("queue.console", {}),
        ("queue.stream", {}),
        ("queue.lend", {"line": "A", "desks": ["A01"]}),
    ):
        with pytest.raises(UserError) as error:
            (suite.run if name == "queue.lend" else suite.query)(person, name, request)
        assert error.value.code == "NOT_PERMITTED"


def test_the_stream_filters_and_pages(working):
    page = working.query(MANAGER, "queue.stream", {"count": 4})
    assert ([row.number for row in page.rows], page.total) == (["A006", "A005", "A004", "A003"], 6)
    rest = working.query(MANAGER, "queue.stream", {"count": 4, "before": page.rows[-1].id})
    assert [row.number for row in rest.rows] == ["A002", "A001"]
    assert working.query(MANAGER, "queue.stream", {"state": "serving"}).rows[0].desk == "A01"
    assert working.query(MANAGER, "queue.stream", {"text": "a00"}).total == 6
    assert working.query(MANAGER, "queue.stream", {"text": "%"}).total == 0
    assert working.query(MANAGER, "queue.stream", {"line": "B"}).total == 0


def test_a_desks_day(working, clock):
    person = clerk(1, "A01")
    current = working.query(person, "queue.current", {"desk": "A01"})
    working.run(person, "queue.finish", {"desk": "A01", "ticket_id": current.id})
    found = working.query(MANAGER, "queue.desk_day", {"desk": "A01"})
    assert (found.served, [row.number for row in found.tickets]) == (1, ["A001"])
    assert found.mean_seconds == pytest.approx(120, abs=2)
    assert [each.state for each in found.changes] == ["open"]


def same(live, scene):
    """What is live is what the replay of this moment shows; a replay predicts no waits."""
    past = {line.code: line for line in scene.lines}
    lines = [
        replace(line, predicted_seconds=None, predicted_low=None, predicted_high=None) for line in live.lines
    ]
    assert scene.desks == live.desks
    assert [past[line.code] for line in lines] == lines
    assert scene.figures == live.figures


ACTS = ("call", "recall", "arrive", "finish", "hold", "resume", "held", "pass", "undo", "restore", "transfer")


@pytest.mark.parametrize("seed", range(4))
def test_the_replay_of_now_is_now(suite, clock, seed):
    """Random acts of a day, also refused ones; at some moments the replay is compared with the tables."""
    chance = random.Random(seed)
    people = [clerk(number, desk) for number, desk in enumerate(DESKS, 1)]
    lines = [
        {"code": "A", "name": "综合", "prefix": "A", "gap_seconds": 0},
        {"code": "B", "name": "社保", "prefix": "B"},
    ]
    suite.run(MANAGER, "queue.set_lines", {"lines": lines})
    kept = []
    for turn in range(120):
        clock.move(seconds=chance.randint(1, 50))
        act(suite, chance, chance.choice(people), kept)
        if turn % 30 == 29:
            view = console(suite)
            same(view, replayed(suite, view.now.astimezone(clock.now.tzinfo).date()).at(view.now))
    day = replayed(suite, clock.now.date())
    last = day.at(clock.now)
    assert day.at(day.first_of(clock.now - timedelta(days=1)) - timedelta(seconds=1)).figures.issued == 0
    assert day.at(clock.now) == last, "winding back and forth leads to the same"


def act(suite, chance, person, kept):
    """One thing that somebody does; what is refused changes nothing and is no event."""
    desk = person.desk
    choice = chance.random()
    try:
        if choice < 0.35:
            suite.run(
                MANAGER,
                "queue.issue",
                {"line": chance.choice("AB"), "priority": chance.choice(("none", "elderly"))},
            )
        elif choice < 0.45:
            suite.run(
                person, "queue.open_desk", {"desk": desk, "lines": chance.choice((["A"], ["B"], ["A", "B"]))}
            )
        elif choice < 0.5:
            state = chance.choice(("paused", "open", "closed"))
            suite.run(
                person,
                "queue.set_desk",
                {"desk": desk, "state": state, "reason": "x" if state == "paused" else ""},
            )
        elif choice < 0.55:
            suite.run(MANAGER, "queue.assign", {"desk": desk, "lines": chance.choice((["A"], ["B"]))})
        else:
            step(suite, chance, person, kept)
    except UserError:
        pass


def step(suite, chance, person, kept):
    desk = person.desk
    current = suite.query(person, "queue.current", {"desk": desk})
    if current is None:
        ticket = suite.run(person, "queue.call_next", {"desk": desk})
        kept += [ticket.id] if ticket is not None else []
        return
    name = chance.choice(ACTS)
    ticket_id = chance.choice([current.id, current.id, *kept])
    one = {"desk": desk, "ticket_id": ticket_id}
    more = {
        "hold": {"reason": "y"},
        "transfer": {"line": chance.choice("AB")},
        "finish": {"ask_rating": False},
    }
    names = {"held": "queue.call_held", "undo": "queue.undo_pass"}
    if name == "restore":
        suite.run(MANAGER, "queue.restore", {"ticket_id": ticket_id})
    else:
        suite.run(person, names.get(name, f"queue.{name}"), {**one, **more.get(name, {})})


def test_a_ticket_with_further_businesses_is_replayed_with_the_first_one(suite, clock):
    tree = [
        {"code": "x", "name": "企业登记", "line": "A"},
        {"code": "y", "name": "税务登记", "line": "B"},
    ]
    suite.run(MANAGER, "queue.set_businesses", {"businesses": tree})
    person = clerk(1, "A01")
    suite.run(person, "queue.open_desk", {"desk": "A01"})
    suite.run(MANAGER, "queue.issue", {"business": "x", "further": ["y"]})
    ticket = suite.run(person, "queue.call_next", {"desk": "A01"})
    clock.move(seconds=30)
    early = clock.now
    suite.run(person, "queue.arrive", {"desk": "A01", "ticket_id": ticket.id})
    clock.move(minutes=3)
    suite.run(person, "queue.finish", {"desk": "A01", "ticket_id": ticket.id})
    clock.move(seconds=30)
    suite.run(person, "queue.call_next", {"desk": "A01"})
    view = console(suite)
    day = replayed(suite, early.date())
    same(view, day.at(view.now))
    assert day.at(view.now).desks[0].ticket.business == "税务登记"
    assert day.at(early).desks[0].ticket.business == "企业登记"


def test_a_desk_of_the_day_before_is_there_when_the_day_begins(suite, clock):
    suite.run(clerk(1, "A01"), "queue.open_desk", {"desk": "A01", "lines": ["B"]})
    clock.move(days=1)
    view = console(suite)
    scene = replayed(suite, view.now.date()).at(view.now)
    assert scene.desks[0].lines == ("B",)
    same(view, scene)


def test_the_console_shows_a_full_hall_as_the_log_has_it(suite, clock):
    """60 desks and 500 waiting behind a busy morning; how long it takes is measured in benchmarks/queue_screens.py."""
    clock.move(hours=2)
    fill(suite, clock.now)
    assert suite.query(MANAGER, "queue.console", {"forecast": True}).forecast.days == 2
    view = console(suite)
    assert (len(view.desks), view.figures.waiting) == (60, 500)
    same(view, replayed(suite, view.now.date()).at(view.now))


def test_ten_boards_that_come_back_at_once_are_all_there(suite, clock):
    clock.move(hours=2)
    fill(suite, clock.now, weeks=0)
    nobody = clerk(50, permissions=frozenset())
    with ThreadPoolExecutor(10) as pool:
        boards = list(pool.map(lambda _n: suite.query(nobody, "queue.board", {"zone": "z"}), range(10)))
    assert all((len(board.lines), len(board.calls)) == (9, 24) for board in boards)


def test_states_and_acts_of_the_rules_are_all_known():
    from yichuang_queue.rules.past_day import LEAVES

    assert set(LEAVES) == set(Act)
    assert set(LEAVES.values()) == set(State)
