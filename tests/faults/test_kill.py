"""The day is killed (SIGKILL) at random moments and started again: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from forked import Commands

PEOPLE = 10
KILLS = 50
LONGEST_START_SECONDS = 60.0
LONGEST_RUN_SECONDS = 0.9


def words(out: Path, people: int = PEOPLE) -> list[str]:
    return ["demo", "--out", str(out), "--people", str(people), "--seed", "7", "--no-screenshots", "--json"]


def environment() -> dict[str, str]:
    return {**os.environ, "YICHUANG_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}


def play(out: Path, people: int = PEOPLE) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "yichuang.cli", *words(out, people)],
        capture_output=True, text=True, env=environment(), timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def play_and_kill(commands: Commands, out: Path, chance: random.Random) -> bool:
    """Start a day and kill it at a random moment after it has begun; True when it was not over by then."""
    child = commands.start(words(out), environment())
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while "the day begins" not in commands.said:
        assert time.monotonic() < deadline, commands.said
        time.sleep(0.01)
    time.sleep(chance.uniform(0, LONGEST_RUN_SECONDS))
    os.kill(child, signal.SIGKILL)  # not reaped yet, so that the number is still its own
    return commands.wait() == -signal.SIGKILL


def lasting(out: Path) -> dict[str, object]:
    """What must come out the same however often the day was killed."""
    connection = sqlite3.connect(out / "hall.sqlite")
    try:

        def rows(sql: str) -> list[tuple[object, ...]]:
            return connection.execute(sql).fetchall()

        return {
            "tickets": rows("SELECT number, state, line, business FROM queue_ticket ORDER BY number"),
            "acts": rows(
                "SELECT t.number, e.act, count(*) FROM queue_event e JOIN queue_ticket t ON t.id = e.ticket_id "
                "GROUP BY 1, 2 ORDER BY 1, 2"
            ),
            "cases": rows("SELECT item, applicant_name, state FROM acceptance_case ORDER BY 1, 2, 3"),
            "events": rows("SELECT event, count(*) FROM acceptance_event GROUP BY 1 ORDER BY 1"),
            "papers": rows("SELECT kind, state, count(*) FROM acceptance_paper GROUP BY 1, 2 ORDER BY 1, 2"),
            "licences": rows("SELECT type, holder_name FROM licence_licence ORDER BY 1, 2"),
            "stamps": rows("SELECT count(*) FROM seal_stamp"),
            "keys": rows("SELECT key FROM core_operation_key ORDER BY key"),
        }
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_killed_day_ends_like_one_that_was_left_alone(tmp_path, commands):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    summary = play(whole)
    assert summary["failed"] == []
    # The model hall itself takes longest to make: the killed day begins with it made, and with nothing else.
    killed.mkdir()
    shutil.copytree(whole / "data", killed / "data")
    play(killed, people=0)

    chance = random.Random(2026)
    kills = sum(play_and_kill(commands, killed, chance) for _ in range(KILLS))
    acknowledged = [line.split("\t")[0] for line in (killed / "acks.log").read_text().splitlines()]
    again = play(killed)

    assert kills >= KILLS * 0.6, "the day was over too early to be killed often enough"
    assert again["failed"] == []
    assert again["journal_intact"] is True
    after = lasting(killed)
    assert set(acknowledged) <= {key for (key,) in after["keys"]}, "something acknowledged was lost"
    before = lasting(whole)
    for name, held in before.items():
        assert after[name] == held, (name, set(map(str, held)) ^ set(map(str, after[name])))
