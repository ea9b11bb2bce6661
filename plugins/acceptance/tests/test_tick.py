"""Time passing for many cases at once, on both databases: in few statements, each report once, whatever happens meanwhile."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from yichuang.api import UserError, select
from yichuang.storage.database import Reader, Writer
from yichuang_acceptance import clock_tables as ct
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import supervision_tables as s
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import review_time, supervision
from yichuang_acceptance.operations import tick as ticking

from .conftest import APPROVER, CLERK
from .overdue_steps import overdue
from .test_kill_life import kill_in, run_whole

EACH = {"V02", "V02L", "V04", "V09"}


def tick(suite):
    return suite.run(APPROVER, "acceptance.tick")


def told(suite):
    """Alerts with their notices, and what the journal says of them, in an order of their own."""
    with suite.database.read() as reader:
        alerts = reader.all(
            select(
                t.alert.c.case_id, t.alert.c.rule, t.alert.c.key, t.alert.c.agency, t.alert.c.at, t.alert.c.detail,
                t.alert.c.staff_id, s.notice.c.state, s.notice.c.due_at, s.notice.c.agency,
            ).outerjoin(s.notice, s.notice.c.alert_id == t.alert.c.id)
        )  # fmt: skip
        journal = reader.all(
            text(
                "SELECT subject, detail, account, agency, desk FROM core_journal WHERE event = 'acceptance.alert'"
            )
        )
        timers = reader.all(select(t.case.c.id, t.case.c.timer_at, t.case.c.row_version))
    return sorted(map(str, alerts)), sorted(map(str, journal)), sorted(map(str, timers))


def by_rule(suite):
    with suite.database.read() as reader:
        return Counter(row.rule for row in reader.all(select(t.alert.c.rule)))


def test_every_case_is_reported_once_and_a_second_tick_finds_nothing(suite, clock):
    overdue(suite, clock, 30)
    assert suite.query(APPROVER, "acceptance.is_due") is True
    assert tick(suite).alerts == 30 * len(EACH)
    assert by_rule(suite) == dict.fromkeys(EACH, 30)
    before = told(suite)
    assert suite.query(APPROVER, "acceptance.is_due") is False
    assert tick(suite).alerts == 0
    assert told(suite) == before
    assert len(before[1]) == 30 * len(EACH)


def test_what_was_reported_before_is_left_out(suite, clock):
    first, second, *_rest = overdue(suite, clock, 4)
    with suite.database.write() as writer:
        for case_id, rule, key in ((first, "V02", ""), (second, "V09", "x")):
            writer.insert(
                t.alert, case_id=case_id, rule=rule, key=key, agency="x", staff_id=0, staff_name="", at=clock.now
            )  # fmt: skip
    assert tick(suite).alerts == 4 * len(EACH) - 2
    assert by_rule(suite) == dict.fromkeys(EACH, 4)


def test_many_at_once_say_the_same_as_one_after_the_other(
    open_suite, database_url, monkeypatch, clock, suite
):
    overdue(suite, clock, 12)
    with suite.database.write() as writer:  # the same tick again, after what it did is taken back
        writer.execute(text("CREATE TABLE kept AS SELECT id, timer_at FROM acceptance_case"))
        writer.execute(text("CREATE TABLE kept_tasks AS SELECT id, timer_at FROM acceptance_task"))
    tick(suite)
    at_once = told(suite)
    with suite.database.write() as writer:
        writer.execute(text("DELETE FROM acceptance_notice"))
        writer.execute(text("DELETE FROM acceptance_alert"))
        for kept, table in (("kept", "acceptance_case"), ("kept_tasks", "acceptance_task")):
            writer.execute(
                text(
                    f"UPDATE {table} SET timer_at = (SELECT timer_at FROM {kept} WHERE {kept}.id = {table}.id)"
                )
            )
        writer.execute(text("UPDATE acceptance_later SET done_at = NULL"))
    with suite.database.read() as reader:
        behind = reader.scalar(text("SELECT max(id) FROM core_journal"))
    monkeypatch.setattr(ticking, "_one_by_one", lambda _work, rows, _counts: list(rows))
    monkeypatch.setattr(
        review_time, "_report_all", lambda work, rows: sum(
            review_time._take(work, row, None) and review_time._report(work, [row]) for row in rows
        ),
    )  # fmt: skip
    tick(suite)
    one_by_one = told(suite)
    with suite.database.read() as reader:
        again = reader.all(
            text(
                "SELECT subject, detail, account, agency, desk FROM core_journal "
                "WHERE event = 'acceptance.alert' AND id > :behind"
            ),
            behind=behind,
        )
    assert one_by_one[2] == at_once[2]
    assert one_by_one[0] == at_once[0]
    assert sorted(map(str, again)) == at_once[1]


def statements(suite, monkeypatch):
    """How many statements a tick takes; rows that one statement is run for count as one."""
    counted = 0
    run, many = Reader._run, Writer.execute_many

    def count(self, *args):
        nonlocal counted
        counted += 1
        return run(self, *args)

    def count_many(self, *args):
        nonlocal counted
        counted += 1
        return many(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "_run", count)
        patch.setattr(Writer, "execute_many", count_many)
        tick(suite)
    return counted


def test_the_number_of_statements_does_not_grow_with_the_cases(suite, clock, monkeypatch):
    ids = overdue(suite, clock, 44)
    tomorrow = clock.now + timedelta(days=1)
    with suite.database.write() as writer:  # forty of them a day later
        writer.execute(t.case.update().where(t.case.c.id > ids[3]).values(timer_at=tomorrow))
        writer.execute(rt.task.update().where(rt.task.c.case_id > ids[3]).values(timer_at=tomorrow))
        writer.execute(ct.later.update().where(ct.later.c.case_id > ids[3]).values(at=tomorrow))
    few = statements(suite, monkeypatch)
    assert by_rule(suite)["V02"] == 4
    clock.now += timedelta(days=3)
    many = statements(suite, monkeypatch)
    assert by_rule(suite) == dict.fromkeys(EACH, 44)
    assert many <= few + 4, (few, many)


def test_where_a_limit_cannot_be_reported_the_case_is_tried_again_later(suite, clock, monkeypatch):
    overdue(suite, clock, 3)

    def ends(_work, _began):
        raise UserError("CALENDAR_ENDS", "x")

    with suite.database.write() as writer:
        writer.execute(text("DELETE FROM acceptance_task"))
        writer.execute(text("DELETE FROM acceptance_later"))
    with monkeypatch.context() as patch:
        patch.setattr(supervision, "answer_due", ends)
        assert tick(suite).alerts == 0
    assert by_rule(suite) == {}
    assert suite.query(APPROVER, "acceptance.is_due") is False
    clock.now += timedelta(hours=1, minutes=1)
    assert tick(suite).alerts == 6
    assert by_rule(suite) == {"V02": 3, "V02L": 3}


def test_several_desks_at_one_moment_report_each_once(suite, clock):
    overdue(suite, clock, 40)
    start, answers = threading.Barrier(4), []

    def desk(actor):
        start.wait()
        answers.append(suite.run(actor, "acceptance.tick").alerts)

    threads = [threading.Thread(target=desk, args=(actor,)) for actor in (APPROVER, CLERK, APPROVER, CLERK)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert sum(answers) + tick(suite).alerts == 40 * len(EACH)
    assert by_rule(suite) == dict.fromkeys(EACH, 40)


def test_a_case_that_somebody_works_on_is_left_to_the_next_tick(suite, clock):
    if suite.database.dialect_name == "sqlite":
        pytest.skip("there one transaction writes at a time, so nobody works on a case while time passes")
    mine, *_rest = overdue(suite, clock, 5)
    with suite.database.write() as writer:
        writer.execute(
            t.case.update().where(t.case.c.id == mine).values(row_version=t.case.c.row_version + 1)
        )
        tick(suite)
        assert by_rule(suite)["V02"] == 4
        assert suite.query(APPROVER, "acceptance.is_due") is True
    tick(suite)
    assert by_rule(suite) == dict.fromkeys(EACH, 5)


def lasting(folder):
    connection = sqlite3.connect(folder / "hall.sqlite")
    try:
        return {
            name: connection.execute(sql).fetchall()
            for name, sql in (
                ("alerts", "SELECT case_id, rule, key, count(*) FROM acceptance_alert GROUP BY 1, 2, 3"),
                (
                    "notices",
                    "SELECT case_id, count(*), count(DISTINCT alert_id) FROM acceptance_notice GROUP BY 1",
                ),
                (
                    "told",
                    "SELECT subject, count(*) FROM core_journal WHERE event = 'acceptance.alert' GROUP BY 1",
                ),
                ("waits", "SELECT count(*) FROM acceptance_case WHERE timer_at IS NOT NULL"),
                ("nodes", "SELECT count(*) FROM acceptance_task WHERE timer_at IS NOT NULL"),
                ("later", "SELECT count(*) FROM acceptance_later WHERE done_at IS NULL"),
            )
        }
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_tick_is_done_again_and_nothing_is_reported_twice(tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run_whole(whole, "overdue_steps")
    chance = random.Random(30)
    for step in (0, 0, 1, 0, 1, 0):
        kill_in(killed, step, chance, "overdue_steps")
    run_whole(killed, "overdue_steps")
    after = lasting(killed)
    assert after == lasting(whole)
    assert len(after["alerts"]) == 450 * len(EACH)
    assert {row[3] for row in after["alerts"]} == {1}
    assert (after["nodes"], after["later"]) == ([(0,)], [(0,)])
