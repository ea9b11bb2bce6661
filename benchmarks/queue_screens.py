"""Repaints of the queue manager's page with 60 desks and 500 waiting, offscreen: p50 and p95, and the growth of memory.

Run: `python benchmarks/queue_screens.py [--desks 60] [--waiting 500] [--seconds 120]`. Goals: p95 of a repaint at most 16 ms;
no growth of memory over many updates. Four kinds of repaint are measured: a second's clocks (what happens most), an update
in which a tenth of the desks changed, the whole grid scrolled or uncovered, and a first look at everything. `snapshot` is
the query behind it on SQLite, off the UI thread. Times are of the clock; `cpu` are those of the thread alone.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins" / "queue" / "tests"))

START = datetime(2026, 3, 17, 3, 0, tzinfo=UTC)
PERMISSIONS = frozenset(
    f"queue.{name}" for name in ("view", "issue", "book", "call", "call_chosen", "balance", "manage")
)


class Timer:
    """Milliseconds by the clock and of this thread."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def __call__(self, act: Callable[[], object]) -> None:
        """Time one call."""
        wall, cpu = time.perf_counter(), time.thread_time()
        act()
        self.cpu.append((time.thread_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)

    def summary(self) -> dict[str, float]:
        """Median and 95th percentile."""
        wall, cpu = sorted(self.wall), sorted(self.cpu)
        at = int(0.95 * (len(wall) - 1))
        half = len(wall) // 2
        return {
            "p50_ms": round(wall[half], 1), "p95_ms": round(wall[at], 1), "cpu_p50_ms": round(cpu[half], 1),
            "cpu_p95_ms": round(cpu[at], 1), "repaints": len(wall),
        }  # fmt: skip


def resident_kib() -> int:
    """Resident memory of this process."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def busier(console: Any, chance: random.Random, second: int) -> Any:
    """The hall some seconds later: time goes on, a tenth of the desks has another ticket."""
    desks = list(console.desks)
    for at in chance.sample(range(len(desks)), max(1, len(desks) // 10)):
        ticket = desks[at].ticket
        if ticket is not None:
            begun = console.now + timedelta(seconds=second)
            number = f"{ticket.line}{chance.randrange(1000):03d}"
            desks[at] = replace(
                desks[at], ticket=replace(ticket, number=number, called_at=begun, arrived_at=begun)
            )
    lines = [
        replace(line, waiting=max(0, line.waiting + chance.choice((-1, 0, 1)))) for line in console.lines
    ]
    return replace(console, now=console.now + timedelta(seconds=second), desks=desks, lines=lines)


def measure(window: Any, app: Any, seconds: int) -> dict[str, Any]:
    """All kinds of repaint, then many updates."""
    grid, chance = window.floor.grid, random.Random(3)
    settled = time.monotonic() + 1.0
    while time.monotonic() < settled:  # the first answers and layouts are not what is measured
        app.processEvents()
    clocks, updates, whole, first = Timer(), Timer(), Timer(), Timer()
    base = window.console
    now = base.now
    for _ in range(60):
        now += timedelta(seconds=1)
        grid.desks.tick(now)
        clocks(app.processEvents)
    for turn in range(60):
        updates(lambda turn=turn: (window.show_console(busier(base, chance, turn)), app.processEvents()))  # type: ignore[misc]  # bound now
        whole(grid.viewport().repaint)
    for _ in range(10):
        grid._delegate.keep_only(())
        first(grid.viewport().repaint)
    gc.collect()
    for turn in range(200):
        window.show_console(busier(base, chance, turn))
        app.processEvents()
    gc.collect()
    before, count = resident_kib(), 0
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        window.show_console(busier(base, chance, count % 600))
        app.processEvents()
        count += 1
    gc.collect()
    return {
        "clocks": clocks.summary(), "update": updates.summary(), "whole_grid": whole.summary(), "first": first.summary(),
        "memory": {"updates": count, "before_kib": before, "grown_kib": resident_kib() - before},
    }  # fmt: skip


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desks", type=int, default=60)
    parser.add_argument("--waiting", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=60, help="how long memory is watched")
    options = parser.parse_args()
    full_hall = importlib.import_module("full_hall")  # the hall of the plugin's tests

    from yichuang.api import Actor, hall
    from yichuang.host.suite import Suite
    from yichuang.identity.secrets import open_secrets
    from yichuang.shell.process import make_application
    from yichuang.shell.testing import open_page

    app = make_application(["yichuang"], 100)
    manager = Actor(99, "manager", "王敏", "1", permissions=PERMISSIONS)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        address = f"sqlite:///{(data / 'hall.sqlite').as_posix()}"
        secrets = open_secrets(data, store="file")
        with Suite.open(address, data, plugins=["queue"], clock=lambda: START, secrets=secrets) as suite:
            with suite.database.write() as writer:
                writer.insert(hall.zone, code="z", name="办证办事厅")
            full_hall.fill(suite, START, desks=options.desks, waiting=options.waiting)
            snapshot = Timer()
            for _ in range(20):
                snapshot(lambda: suite.query(manager, "queue.console", {}))
            with open_page(suite, manager, "queue.console") as (page, _context):
                window: Any = page
                window.resize(1852, 1004)  # the page of a full HD screen
                while window.console is None:
                    app.processEvents()
                found = measure(window, app, options.seconds)
    found["snapshot"] = snapshot.summary()
    found["desks"], found["waiting"] = options.desks, options.waiting
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
