"""Roles of which a hall has one: two processes never have the same, and the dead give theirs back."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from yichuang.host.claims import claim
from yichuang.storage.database import Database

HOLDER = """
import sys, time
from yichuang.host.claims import claim
from yichuang.storage.database import Database
taken = claim(Database.open(sys.argv[1]), "voice:z")
print("taken" if taken else "refused", flush=True)
time.sleep(60)
"""


@pytest.fixture
def database(database_url):
    opened = Database.open(database_url)
    yield opened
    opened.close()


def test_a_role_is_given_once(database, database_url):
    first = claim(database, "voice:z")
    assert first.holds()
    other = Database.open(database_url)
    assert claim(other, "voice:z") is None
    elsewhere = claim(other, "voice:y")
    assert elsewhere is not None
    first.release()
    first.release()
    assert not first.holds()
    again = claim(other, "voice:z")
    assert again is not None
    again.release()
    elsewhere.release()
    other.close()


def test_whoever_is_killed_gives_its_role_back(database, database_url):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database_url], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        assert holder.stdout.readline() == "taken\n"
        assert claim(database, "voice:z") is None
        holder.kill()
        holder.wait()
        deadline = time.monotonic() + 5
        while (taken := claim(database, "voice:z")) is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        taken.release()
    finally:
        holder.kill()
        holder.communicate()


@pytest.mark.postgresql
def test_a_cut_connection_is_a_lost_role(database):
    if database.dialect_name != "postgresql":
        return
    taken = claim(database, "voice:z")
    with database.write() as writer:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        writer.connection.exec_driver_sql(ended)
    assert not taken.holds()
    assert claim(database, "voice:z").holds()
