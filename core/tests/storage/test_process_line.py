"""Processes that write one SQLite file: in the order in which they came, whoever is killed, stopped or has no line at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import text

from yichuang.storage import process_line
from yichuang.storage.database import Database
from yichuang.storage.process_line import ProcessLine

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes stand in line on Linux only")


@pytest.fixture
def line(tmp_path):
    made = []

    def new():
        made.append(ProcessLine(tmp_path / "hall.sqlite"))
        return made[-1]

    yield new
    for one in made:
        one.close()


def behind(one, entered, name):
    """Enter on a thread, as another process would, and note when it was let in."""

    def enter():
        one.enter()
        while one._ahead is not None:
            one.wait()
        entered.append(name)

    thread = threading.Thread(target=enter)
    thread.start()
    while one._own is None:
        time.sleep(0.001)
    time.sleep(0.05)
    return thread


@linux
def test_the_line_is_kept_in_the_order_of_coming(line):
    first, entered, threads = line(), [], []
    first.enter()
    others = [line() for _ in range(5)]
    for number, other in enumerate(others):
        threads.append(behind(other, entered, number))
    assert entered == []
    first.leave()
    for number, other in enumerate(others):
        threads[number].join(5)
        assert entered == list(range(number + 1))
        other.leave()


@linux
def test_a_killed_process_is_no_obstacle(line, tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from yichuang.storage.process_line import ProcessLine\n"
        "line = ProcessLine(Path(sys.argv[1])); line.enter(); print('in', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, tmp_path / "hall.sqlite"], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"in\n"
    entered: list[str] = []
    thread = behind(line(), entered, "next")
    assert entered == []
    start = time.monotonic()
    child.kill()
    thread.join(5)
    assert time.monotonic() - start < process_line.STUCK_SECONDS / 2, "woken by the kernel, not by a time-out"
    child.wait()
    child.stdout.close()


@linux
def test_a_process_that_stands_still_is_passed(tmp_path, line):
    """It has joined the line and does not write: SQLite's lock is free, and it holds up one writer once."""
    database = Database.open(f"sqlite:///{tmp_path / 'hall.sqlite'}")
    stuck = line()
    stuck.enter()
    waits = []
    for _ in range(3):
        start = time.monotonic()
        with database.write() as writer:
            writer.scalar(text("SELECT 1"))
        waits.append(time.monotonic() - start)
    database.close()
    assert waits[0] >= process_line.STUCK_SECONDS
    assert max(waits[1:]) < process_line.STUCK_SECONDS


@pytest.mark.parametrize("content", [b"", b"\0nobody", b"rubbish " * 40, b"\xff" * 3])
def test_a_damaged_file_does_no_harm(line, tmp_path, content):
    (tmp_path / "hall.sqlite-turn").write_bytes(content)
    for _ in range(3):
        one = line()
        start = time.monotonic()
        one.enter()
        one.leave()
        assert time.monotonic() - start < process_line.STUCK_SECONDS


def test_where_no_file_can_be_written_there_is_no_line(tmp_path):
    one = ProcessLine(tmp_path / "missing" / "hall.sqlite")
    one.enter()
    one.wait()
    one.leave()
    one.close()


DESKS = """
import json, os, sys, time
from sqlalchemy import text
from yichuang.storage.database import Database
url, desks, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
go, pipes = time.monotonic() + 0.5 + desks * 0.03, []
for desk in range(desks):
    out, into = os.pipe()
    pipes.append(out)
    if os.fork() == 0:
        database = Database.open(url)
        with database.write() as writer:
            writer.scalar(text("SELECT 1"))
        acts, error, ready = 0, "", time.monotonic()
        time.sleep(max(0, go - ready))
        try:
            while time.monotonic() < go + seconds:
                with database.write() as writer:
                    found = writer.scalar(text("SELECT count(*) FROM act WHERE desk = :desk"), desk=desk)
                    writer.execute(text("INSERT INTO act (desk, number) VALUES (:desk, :n)"), desk=desk, n=found)
                acts += 1
        except Exception as failure:
            error = repr(failure)
        os.write(into, json.dumps({"acts": acts, "error": error, "late": ready > go}).encode())
        os._exit(0)
    os.close(into)
found = [json.loads(os.read(pipe, 100_000)) for pipe in pipes]
print(json.dumps(found))
"""


@linux
def test_processes_get_equal_shares(tmp_path):
    url = f"sqlite:///{tmp_path / 'hall.sqlite'}"
    database = Database.open(url)
    with database.write() as writer:
        writer.execute(text("CREATE TABLE act (desk INTEGER, number INTEGER, PRIMARY KEY (desk, number))"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", DESKS, url, "24", "3"],
        capture_output=True,
        check=False,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    desks = json.loads(done.stdout)
    assert [desk["error"] for desk in desks] == [""] * 24
    shares = [desk["acts"] for desk in desks if not desk["late"]]
    assert min(shares) > 0
    assert max(shares) - min(shares) <= max(2, 0.2 * min(shares)), shares
    with database.read() as reader:
        assert reader.scalar(text("SELECT count(*) FROM act")) == sum(desk["acts"] for desk in desks)
    database.close()


@linux
def test_stopping_and_killing_desks_holds_nobody_up_for_long(tmp_path):
    """Desks are killed -9 at random moments, in the line and in their turn; the others' writes go on at once."""
    url = f"sqlite:///{tmp_path / 'hall.sqlite'}"
    database = Database.open(url)
    with database.write() as writer:
        writer.execute(text("CREATE TABLE act (id INTEGER PRIMARY KEY)"))
    code = (
        "import sys; from sqlalchemy import text; from yichuang.storage.database import Database\n"
        "database = Database.open(sys.argv[1])\n"
        "while True:\n"
        "    with database.write() as writer: writer.execute(text('INSERT INTO act DEFAULT VALUES'))\n"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, url]) for _ in range(6)]
    longest = 0.0
    try:
        deadline = time.monotonic() + 60
        while _acts(database) < 50 and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in children:
            child.send_signal(signal.SIGKILL)
            for _ in range(20):
                start = time.monotonic()
                with database.write() as writer:
                    writer.execute(text("INSERT INTO act DEFAULT VALUES"))
                longest = max(longest, time.monotonic() - start)
    finally:
        for child in children:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        database.close()
    assert longest < process_line.STUCK_SECONDS


def _acts(database):
    with database.read() as reader:
        return reader.scalar(text("SELECT count(*) FROM act"))


@linux
def test_whoever_is_alone_takes_no_place_until_somebody_came(line):
    one, other = line(), line()
    one.enter()
    one.leave()
    one.enter()
    assert one._own is None, "nobody came since"
    other.enter()
    assert other._ahead is None, "nobody answers to the name that is there: the lock may be tried"
    waiting = []
    thread = behind(one, waiting, "one")
    assert waiting == [], "somebody came: one stands behind again"
    other.leave()
    thread.join(5)
    assert waiting == ["one"]
