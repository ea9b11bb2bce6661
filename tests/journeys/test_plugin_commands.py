"""A plugin copied into a desk's folder brings a command and a board; both work on the hall, each as a process of its own."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

STAND = Path(__file__).parents[2] / "core" / "tests" / "shell" / "plugins" / "yichuang_stand"
SECONDS = 100


@pytest.fixture(autouse=True)
def stand(desk):
    """The plugin, copied where this desk looks for plugins."""
    shutil.copytree(STAND, desk.folder / "plugins" / "yichuang_stand")


@pytest.fixture
def board(desk) -> Iterator[tuple[subprocess.Popen[str], Callable[[str], object]]]:
    """The board as a process, and how to wait for what it says under a key."""
    process = subprocess.Popen(
        [sys.executable, "-m", "yichuang.cli", "stand", "board", "--zone", "north", "--data-dir", str(desk.folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "YICHUANG_SECRETS": "file"},
    )  # fmt: skip
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout])
    reader.start()

    def wait_for(key: str) -> object:
        while True:
            facts = json.loads(lines.get(timeout=SECONDS))
            if key in facts:
                return facts[key]

    yield process, wait_for
    if process.poll() is None:
        process.kill()
    process.wait(SECONDS)
    reader.join()
    process.stdout.close()
    process.stderr.close()


def test_what_a_clerk_does_by_a_command_stands_on_the_board(desk, account, board):
    process, wait_for = board
    assert wait_for("built") == {"zone": "north"}
    assert wait_for("notes") == []
    clerk = account("clerk")
    told = desk.ask("stand", "greet", "from the desk", "--as", clerk)
    assert (told["actor"], told["notes"]) == (clerk, ["from the desk"])
    assert wait_for("notes") == ["from the desk"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS) == 0
    assert process.stderr.read() == ""


def test_its_commands_stand_in_the_help_beside_those_of_the_program(desk):
    listed = desk.run("--help")  # the desk's folder comes behind it
    assert listed.returncode == 0
    assert "stand board" in listed.stdout
    assert "desk " in listed.stdout
