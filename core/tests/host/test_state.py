"""What a desk remembers of its plugins survives everything, and a dead start is told from a living one."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yichuang.hall.errors import UserError
from yichuang.host.state import PluginStore


def store(folder: Path) -> PluginStore:
    return PluginStore(folder, lambda: datetime(2026, 11, 22, 8, 0, tzinfo=UTC))


def test_choices_are_kept(tmp_path):
    store(tmp_path / "new").set_disabled("queue", True)
    again = store(tmp_path / "new")
    again.set_refused("seal", "seal.stamp", True)
    again.set_refused("seal", "seal.view", True)
    again.set_refused("seal", "seal.view", False)
    assert again.disabled() == {"queue"}
    assert store(tmp_path / "new").refused("seal") == {"seal.stamp"}
    again.set_disabled("queue", False)
    assert store(tmp_path / "new").disabled() == frozenset()


def test_troubles_are_forgotten_after_an_update(tmp_path):
    kept = store(tmp_path)
    kept.failed("queue", "1.0")
    kept.failed("queue", "1.0")
    assert kept.trouble("queue", "1.0").failures == 2
    assert kept.trouble("queue", "1.0").at == "2026-11-22T08:00:00+00:00"
    assert kept.trouble("queue", "1.1").failures == 0
    kept.forget("queue")
    assert kept.trouble("queue", "1.0").failures == 0


def test_one_death_costs_one_start_two_cost_all(tmp_path):
    kept = store(tmp_path)
    kept.died("queue", "1.0")
    assert kept.held_back("queue", "1.0").deaths == 1
    assert kept.held_back("queue", "1.0") is None
    kept.died("queue", "1.0")
    assert kept.held_back("queue", "1.0").deaths == 2
    assert kept.held_back("queue", "1.0").deaths == 2
    assert kept.held_back("queue", "1.1") is None
    kept.forget("queue")
    assert kept.held_back("queue", "1.0") is None


def test_a_finished_start_leaves_no_marker(tmp_path):
    kept = store(tmp_path)
    with suppress(ValueError), kept.starting("queue", "1.0"):
        assert list(tmp_path.glob("starting-queue-*"))
        raise ValueError
    assert not list(tmp_path.glob("starting-*"))
    kept.count_dead_starts()
    assert kept.trouble("queue", "1.0").deaths == 0


def test_a_living_start_is_not_a_dead_one(tmp_path):
    with store(tmp_path).starting("queue", "1.0"):
        other = "from test_state import *; store(Path(sys.argv[1])).count_dead_starts()"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
        subprocess.run([sys.executable, "-c", other, str(tmp_path)], env=environment, check=True, timeout=60)
        assert list(tmp_path.glob("starting-*"))
    assert store(tmp_path).trouble("queue", "1.0").deaths == 0


def test_a_power_cut_is_not_the_plugins_fault(tmp_path):
    marker = tmp_path / "starting-queue-1"
    marker.write_text(json.dumps({"version": "1.0", "boot": "another boot"}))
    kept = store(tmp_path)
    kept.count_dead_starts()
    assert kept.trouble("queue", "1.0").deaths == 0
    assert not marker.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "1.0"}'])
def test_a_marker_without_sense_accuses_nobody(tmp_path, content):
    (tmp_path / "starting-queue-1").write_text(content)
    kept = store(tmp_path)
    kept.count_dead_starts()
    assert kept.trouble("queue", "1.0").deaths == 0
    assert not list(tmp_path.glob("starting-*"))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"disabled": 3}', '{"disabled": [], "refused": {}, "troubles": {"x": 1}}']
)
def test_a_damaged_file_is_put_aside(tmp_path, content, caplog):
    (tmp_path / "plugins.json").write_text(content)
    kept = store(tmp_path)
    with caplog.at_level(logging.ERROR):
        assert kept.disabled() == frozenset()
    assert "damaged" in caplog.text
    assert next(tmp_path.glob("plugins.broken-*.json")).read_text() == content
    kept.set_disabled("queue", True)
    assert store(tmp_path).disabled() == {"queue"}


def test_two_writers_lose_nothing(tmp_path):
    def switch(number: int) -> None:
        for step in range(5):
            store(tmp_path).set_disabled(f"p{number}_{step}", True)

    threads = [threading.Thread(target=switch, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store(tmp_path).disabled()) == 20


def test_a_desk_that_cannot_write_still_starts(tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    kept = store(blocked / "data")
    with kept.starting("queue", "1.0"):
        kept.failed("queue", "1.0")
    kept.count_dead_starts()
    assert kept.disabled() == frozenset()
    with pytest.raises(UserError) as caught:
        kept.set_disabled("queue", True)
    assert caught.value.code == "STATE_NOT_SAVED"
    assert "cannot be written" in caplog.text
