"""A plugin that ends the process while it starts is left out of the next start, and that is said."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

BAD = Path(__file__).parents[3] / "tests" / "faults" / "bad_plugins"
START = """
import json, sys
from pathlib import Path
from yichuang.hall.words import in_language
from yichuang.host.discovery import discover
from yichuang.host.suite import Suite

folder, cases, options = Path(sys.argv[1]), sys.argv[2].split(","), json.loads(sys.argv[3])
found = discover([Path(sys.argv[4]) / case for case in cases], path=[])
with Suite.open(None, folder, found=found, **options) as suite:
    print(json.dumps({each.id: [each.state, in_language(each.reason, "en")] for each in suite.plugins.all()}))
"""


def command(folder: Path, *cases: str, **options: object) -> list[str]:
    return [sys.executable, "-c", START, str(folder), ",".join(cases), json.dumps(options), str(BAD)]


def start(folder: Path, *cases: str, **options: object) -> tuple[int, dict[str, list[str]]]:
    """Start a suite in a process of its own; returns how that ended and what became of the plugins."""
    ran = subprocess.run(
        command(folder, *cases, **options), capture_output=True, text=True, timeout=60, check=False
    )
    return ran.returncode, json.loads(ran.stdout) if ran.stdout else {}


@pytest.mark.parametrize(
    ("case", "ends_with"), [("dies_on_import", 41), ("segfaults_on_import", -signal.SIGSEGV)]
)
def test_the_next_start_goes_without_it(data_dir, case, ends_with):
    assert start(data_dir, case, "good")[0] == ends_with
    code, plugins = start(data_dir, case, "good")
    assert code == 0
    assert plugins["neighbour"][0] == "active"
    assert plugins[case] == [
        "skipped",
        "The program ended while this plugin was starting. It is left out this time.",
    ]


def test_it_gets_one_more_chance_and_then_waits_for_a_person(data_dir):
    assert start(data_dir, "dies_on_import")[0] == 41
    assert start(data_dir, "dies_on_import")[0] == 0
    assert start(data_dir, "dies_on_import")[0] == 41
    for _ in range(2):
        code, plugins = start(data_dir, "dies_on_import")
        assert code == 0
        assert "ended 2 times" in plugins["dies_on_import"][1]
    assert start(data_dir, "dies_on_import", retry_crashed=True)[0] == 41


def test_who_was_killed_while_starting_is_told_from_who_is_starting(data_dir):
    slow = subprocess.Popen(command(data_dir, "hangs_in_activate", plugin_seconds=60))
    try:
        deadline = time.monotonic() + 30
        while not list(data_dir.glob("starting-*")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        code, plugins = start(data_dir, "good")
        assert (code, plugins["neighbour"][0]) == (0, "active")
        assert list(data_dir.glob("starting-*"))
    finally:
        slow.kill()
        slow.wait()
    code, plugins = start(data_dir, "hangs_in_activate", "good")
    assert plugins["hangs_in_activate"][0] == "skipped"
    assert not list(data_dir.glob("starting-*"))


def test_a_thread_left_behind_does_not_keep_the_process(data_dir):
    code, plugins = start(data_dir, "hangs_on_import", "good", plugin_seconds=0.3)
    assert code == 0
    assert plugins["hangs_on_import"][0] == "faulted"
    assert plugins["neighbour"][0] == "active"
