"""The process is killed (SIGKILL) in every step of a case's life and started again: no event is lost, none happens twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from yichuang.api import Actor
from yichuang.host.suite import Suite
from yichuang.identity.secrets import open_secrets

from .life_steps import CASE, STEPS

ROOT = Path(__file__).parents[3]
LONGEST = 0.03


def start(folder: Path, module: str = "life_steps") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"plugins.acceptance.tests.{module}", str(folder)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )


def run_whole(folder: Path, module: str = "life_steps") -> None:
    child = start(folder, module)
    output, _ = child.communicate(timeout=120)
    assert child.returncode == 0
    assert output.splitlines()[-1] == "done"


def kill_in(folder: Path, step: int, chance: random.Random, module: str = "life_steps") -> None:
    child = start(folder, module)
    assert child.stdout is not None
    try:
        for line in child.stdout:
            if line.strip() == str(step):
                break
        time.sleep(chance.uniform(0, LONGEST))
        child.send_signal(signal.SIGKILL)
    finally:
        child.wait()
        child.stdout.close()


def lasting(folder: Path) -> dict[str, Any]:
    connection = sqlite3.connect(folder / "hall.sqlite")
    try:

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return connection.execute(sql).fetchall()

        return {
            "events": rows("SELECT seq, event, source, target FROM acceptance_event ORDER BY seq"),
            "state": rows("SELECT state, row_version, certificate_no FROM acceptance_case"),
            "papers": rows("SELECT kind, state FROM acceptance_paper ORDER BY id"),
            "pauses": rows("SELECT kind, ended_at IS NOT NULL FROM acceptance_suspension"),
            "extensions": rows("SELECT days FROM acceptance_extension"),
            "blanks": rows("SELECT state, count(*) FROM acceptance_blank GROUP BY 1 ORDER BY 1"),
            "gone": rows("SELECT mode, receiver FROM acceptance_delivery"),
            "archive": rows("SELECT count(*) FROM acceptance_archive"),
            "journal": rows(
                "SELECT event, count(*) FROM core_journal WHERE subject LIKE 'case:%' AND event <> 'acceptance.render' GROUP BY 1"
            ),
        }
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_life_ends_like_one_that_was_left_alone(tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run_whole(whole)
    chance = random.Random(2026)
    for step in range(len(STEPS)):
        kill_in(killed, step, chance)
    run_whole(killed)
    after = lasting(killed)
    assert after == lasting(whole)
    assert after["state"][0][0] == "archived"
    secrets = open_secrets(killed / "keys", store="file")
    address = f"sqlite:///{killed / 'hall.sqlite'}"
    with Suite.open(
        address, killed / "desk", plugins=["acceptance"], secrets=secrets, retry_crashed=True
    ) as suite:
        checked = suite.query(Actor.system(), "acceptance.verify_case", {"case_id": CASE})
    assert (checked.events, checked.broken_at) == (len(after["events"]), None)
