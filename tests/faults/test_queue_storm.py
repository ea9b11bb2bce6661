"""Kiosks and desks as processes on one database, desks killed mid-call: no number twice, nobody called twice, nobody lost."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from queue_storm import Storm, play

from yichuang.testing.postgres import PostgresServer, server_programs

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
HALL = {"kiosks": 2, "desks": 5, "tickets": 400}
DESKS = {f"D{n}" for n in range(HALL["desks"])}


def test_a_storm_of_processes_loses_nobody(database_url, tmp_path):
    outcome = play(Storm(database_url, tmp_path / "storm", **HALL, kills=10))
    assert outcome.failed == {}
    assert (outcome.issued, outcome.called, outcome.kills) == (400, 400, 10)
    assert set(outcome.shares) >= DESKS - outcome.killed, "who was not killed has called"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def breakable(request, tmp_path):
    """An address, and what breaks the database behind it and brings it back."""
    if request.param == "sqlite":
        file = tmp_path / "hall.sqlite"
        yield f"sqlite:///{file.as_posix()}", lambda: held(file)
        return
    if server_programs() is None:
        pytest.skip("NOT TESTED ON POSTGRESQL: no server on this machine (apt-get install postgresql-15)")
    with PostgresServer(durable=True) as server:
        yield server.url(), lambda: crashed(server)


def held(file: Path) -> None:
    """Another program keeps the file to itself for a while; there is no server to restart."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=60)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        other.execute("ROLLBACK")


def crashed(server: PostgresServer) -> None:
    """The server dies with all its children, as in a power cut, and comes back at the same address."""
    port = server.port
    server.crash()
    time.sleep(0.5)
    server.start(port)


def test_a_database_that_dies_under_the_storm_loses_nobody(breakable, tmp_path):
    url, restart = breakable
    outcome = play(
        Storm(url, tmp_path / "storm", **HALL, kills=6, restart=restart, restarts=3, limit_seconds=300)
    )
    assert outcome.failed == {}
    assert (outcome.issued, outcome.called) == (400, 400)
    assert (outcome.kills, outcome.restarts) == (6, 3)
