"""A process killed -9 in a storm of threaded writes: whatever it was told is written is there, and nothing by halves."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from sqlalchemy import text

from yichuang.storage.database import Database

STORM = """
import os, sys, threading
from sqlalchemy import text
from yichuang.storage.database import Database
database = Database.open(sys.argv[1])
def work(thread):
    for number in range(100_000):
        with database.write() as writer:
            for half in (1, 2):
                writer.execute(text("INSERT INTO act VALUES (:run, :thread, :number, :half)"),
                               run=sys.argv[2], thread=thread, number=number, half=half)
        os.write(1, f"{thread} {number}\\n".encode())
for thread in range(12):
    threading.Thread(target=work, args=(thread,)).start()
"""


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_kill_9(database_url):
    database = Database.open(database_url)
    with database.write() as writer:
        writer.execute(text("CREATE TABLE act (run TEXT, thread INTEGER, number INTEGER, half INTEGER)"))
    told: set[tuple[str, int, int]] = set()
    for run in range(8):
        told |= {(str(run), *act) for act in _killed(database_url, str(run))}
    with database.read() as reader:
        rows = reader.all(text("SELECT run, thread, number, count(*) AS halves FROM act GROUP BY 1, 2, 3"))
    found = {(row.run, row.thread, row.number): row.halves for row in rows}
    database.close()
    assert len(told) > 8 * 20
    assert told <= found.keys()
    assert set(found.values()) == {2}
    assert len(found) - len(told) <= 8 * 12  # at most one unheard answer for each thread that was killed


def _killed(url: str, run: str) -> list[tuple[int, int]]:
    """Start a storm, kill it after a random moment, and return what it was told is written."""
    child = subprocess.Popen([sys.executable, "-c", STORM, url, run], stdout=subprocess.PIPE)
    assert child.stdout is not None
    heard = [child.stdout.readline() for _ in range(40)]
    time.sleep(random.uniform(0, 0.05))
    child.kill()
    heard += child.stdout.read().splitlines()
    child.wait()
    child.stdout.close()
    return [tuple(map(int, line.split())) for line in heard]
