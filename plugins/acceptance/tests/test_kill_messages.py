"""The sending process is killed (SIGKILL) between handing a message over and noting it: the message arrives once all the same."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from .message_gateway import gateway

ROOT = Path(__file__).parents[3]


@pytest.mark.timeout(120)
def test_a_message_whose_sender_was_killed_before_noting_it_arrives_once(tmp_path):
    folder = tmp_path / "hall"

    def start(minutes: int) -> subprocess.Popen[str]:
        command = [
            sys.executable,
            "-m",
            "plugins.acceptance.tests.message_steps",
            str(folder),
            there.address,
            str(minutes),
        ]
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "no_proxy": "127.0.0.1"}
        )

    def state() -> tuple[str, int]:
        connection = sqlite3.connect(folder / "hall.sqlite")
        try:
            return connection.execute("SELECT state, attempts FROM acceptance_message").fetchone()
        finally:
            connection.close()

    with gateway() as there:
        child = start(0)
        there.answers = [child.kill]  # it has the message; the sender never hears so
        child.communicate(timeout=60)
        assert child.returncode == -9
        assert state() == ("waiting", 1)
        assert len(there.delivered) == 1
        again = start(5)
        assert again.communicate(timeout=60)[0].strip() == "{}", "still in the dead one's hand"
        later = start(11)
        assert later.communicate(timeout=60)[0].strip() == "{'sent': 1}"
    assert state() == ("sent", 2)
    assert len({body["key"] for _headers, body in there.asked}) == 1
    assert len(there.asked) == 2
    assert len(there.delivered) == 1
