"""Kiosks and desks as processes on one database, desks killed mid-call: no number twice, nobody called twice, nobody lost."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from queue_storm import Storm, play

from yichuang.testing.postgres import PostgresServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
HALL = {"kiosks": 2, "desks": 5, "tickets": 400}
DESKS = {f"D{n}" for n in range(HALL["desks"])}


def test_a_storm_of_processes_loses_nobody(database_url, tmp_path):
    outcome = play(Storm(database_url, tmp_path / "storm", **HALL, kills=10))
    assert outcome.failed == {}
    assert (outcome.issued, outcome.called, outcome.kills) == (400, 400, 10)
    assert set(outcome.shares) >= DESKS - outcome.killed, "who was not killed has called"


def held(file: Path) -> None:
    """Another program keeps the file to itself for a while; there is no server to restart."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=60)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        other.execute("ROLLBACK")


def crashed(server: PostgresServer) -> None:
    """The server dies with all its children, as in a power cut, and comes back at the same address."""
    server.crash()
    time.sleep(0.5)
    server.start()


def test_a_database_that_dies_under_the_storm_loses_nobody(own_database, tmp_path):
    url, what = own_database

    def restart() -> None:
        if isinstance(what, Path):
            held(what)
        else:
            crashed(what)

    outcome = play(
        Storm(url, tmp_path / "storm", **HALL, kills=6, restart=restart, restarts=3, limit_seconds=300)
    )
    assert outcome.failed == {}
    assert (outcome.issued, outcome.called) == (400, 400)
    assert (outcome.kills, outcome.restarts) == (6, 3)
