"""How long a call takes to the board: from the press at a desk, and from its commit, to the end of the paint, across processes.

Run: `python benchmarks/queue_board.py [--kinds sqlite,postgresql] [--desks 32] [--seconds 60]`. One process shows the board
of a hall with 60 desks and 500 waiting, offscreen at 1920 x 1080; others work at the desks, one act a second at each. Goals:
p99 from commit to paint at most 150 ms on PostgreSQL and 400 ms on SQLite, a repaint at most 16 ms at p95, no growth of
memory over 100,000 calls (`--calls`; on one process, in resident bytes and in what Python has allocated).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from _hall import BEGINNING, clerk, fill, name_of, suite_on

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ALL_DESKS = 60
WAITING = 500


class SharedDay:
    """A working day's clock that is the same in every process."""

    def __init__(self, start: float) -> None:
        self._start = start

    def __call__(self) -> datetime:
        """The moment."""
        return BEGINNING + timedelta(seconds=time.time() - self._start)


def board(url: str, start: float, seconds: float) -> None:
    """Show the board; print when each number was painted first, and how long the repaints took."""
    from PyQt6.QtWidgets import QApplication

    from yichuang.api.ui import theme
    from yichuang.identity.actor import Actor
    from yichuang.shell.testing import open_page
    from yichuang_queue.ui.board import parts as board_parts
    from yichuang_queue.ui.board.window import BoardWindow

    app = QApplication([])
    theme.apply(app)
    painted: dict[str, float] = {}
    fresh: list[str] = []
    repaints: list[float] = []
    draw_row, paint_event = board_parts.draw_row, BoardWindow.paintEvent

    def noted_row(painter: Any, area: Any, value: Any) -> None:
        draw_row(painter, area, value)
        fresh.append(value.number)

    def timed_paint(window: Any, event: Any) -> None:
        begun = time.perf_counter()
        paint_event(window, event)
        repaints.append((time.perf_counter() - begun) * 1000)
        for number in fresh:
            painted.setdefault(number, time.time())
        fresh.clear()

    board_parts.draw_row, BoardWindow.paintEvent = noted_row, timed_paint
    with (
        tempfile.TemporaryDirectory() as folder,
        suite_on(url, Path(folder), SharedDay(start)) as suite,
        open_page(suite, Actor.nobody(), "queue.board") as (window, _context),
    ):
        window.resize(1920, 1080)
        end = time.monotonic() + seconds
        ready = False
        while time.monotonic() < end:
            app.processEvents()
            time.sleep(0.001)
            if not ready and window._board is not None:
                ready = True
                repaints.clear()
                print("ready", flush=True)
    print(json.dumps({"painted": painted, "repaints": repaints}), flush=True)


def desks(url: str, start: float, seconds: float, first: int, count: int) -> None:
    """Work at some desks, an act a second at each; print when each call was pressed and committed."""
    calls: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder, suite_on(url, Path(folder), SharedDay(start)) as suite:
        suite.feed.start()  # as in every desk's window: it wakes the others after a commit

        def work(desk: int) -> None:
            actor, code = clerk(desk), name_of(desk)
            time.sleep(desk / count % 1)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                pressed = time.time()
                ticket = suite.run(actor, "queue.call_next", {"desk": code})
                if ticket is None:
                    return
                calls[ticket.number] = pressed, time.time()
                for act in ("arrive", "finish"):
                    time.sleep(1)
                    suite.run(actor, f"queue.{act}", {"desk": code, "ticket_id": ticket.id})
                suite.run(actor, "queue.issue", {"line": ticket.line})
                time.sleep(1)

        threads = [threading.Thread(target=work, args=(desk,)) for desk in range(first, first + count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print(json.dumps(calls), flush=True)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database, as durable as in a hall."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/hall.sqlite"
        return
    from yichuang.testing.postgres import PostgresServer

    with PostgresServer(durable=True) as server, server.database() as url:
        yield url


def measure(kind: str, working: int, seconds: float) -> dict[str, Any]:
    """One run on one database."""
    with database(kind) as url:
        start = time.time()
        with tempfile.TemporaryDirectory() as folder, suite_on(url, Path(folder), SharedDay(start)) as suite:
            fill(suite, ALL_DESKS, WAITING)
        me, common = (
            [sys.executable, __file__, "--url", url, "--start", str(start)],
            {"stdout": subprocess.PIPE, "text": True},
        )
        shown = subprocess.Popen([*me, "--role", "board", "--seconds", str(seconds + 30)], **common)  # type: ignore[call-overload]  # the same options for both
        assert shown.stdout.readline() == "ready\n"
        half = working // 2
        parts = [(0, half), (half, working - half)]
        workers = [
            subprocess.Popen(
                [
                    *me,
                    "--role",
                    "desks",
                    "--seconds",
                    str(seconds),
                    "--first",
                    str(first),
                    "--desks",
                    str(count),
                ],
                **common,  # type: ignore[call-overload]  # the same options for both
            )
            for first, count in parts
        ]
        calls: dict[str, tuple[float, float]] = {}
        for worker in workers:
            calls |= json.loads(worker.communicate()[0])
        told = json.loads(shown.communicate()[0])
    return figures(calls, told)


def figures(calls: dict[str, tuple[float, float]], told: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds at p50, p99 and at most; what was never painted is counted."""
    painted = told["painted"]
    seen = [number for number in calls if number in painted]
    pressed = sorted((painted[number] - calls[number][0]) * 1000 for number in seen)
    committed = sorted((painted[number] - calls[number][1]) * 1000 for number in seen)
    repaints = sorted(told["repaints"])
    return {
        "calls": len(calls), "never painted": len(calls) - len(seen), "press to paint ms": spread(pressed),
        "commit to paint ms": spread(committed), "repaint ms": {**spread(repaints), "p95": at(repaints, 0.95)},
        "repaints": len(repaints),
    }  # fmt: skip


def spread(values: list[float]) -> dict[str, float]:
    """Median, 99th percentile and largest of sorted values."""
    return {"p50": at(values, 0.5), "p99": at(values, 0.99), "max": at(values, 1)}


def at(values: list[float], share: float) -> float:
    """A quantile of sorted values."""
    return round(values[min(len(values) - 1, int(share * len(values)))], 2) if values else 0.0


def memory(calls: int) -> dict[str, Any]:
    """What a board has allocated after a tenth of the calls and after all of them."""
    from PyQt6.QtWidgets import QApplication

    from yichuang_queue.operations.boards import Board, Call
    from yichuang_queue.rules.announcing import Announcing
    from yichuang_queue.ui.board.scene import BoardScene, Drafts

    app = QApplication([])
    scene, heard, begin = BoardScene("", Drafts()), Announcing(), datetime(2026, 3, 17, tzinfo=UTC)
    sizes: list[tuple[int, int]] = []
    tracemalloc.start()
    for step in range(calls):
        now = begin + timedelta(seconds=step)
        if step % 10 == 0:
            heard.hear_snapshot(Board(step, now, "", [], [], [], [], {}, "", "", "", None), step)
        heard.hear_calls(
            [Call(step + 1, f"A{step % 1000:03}", "A01", "A", "z", now, False, "bench", True)], step
        )
        heard.tick(step)
        if step % 10 == 0:
            scene.show_calls(heard, heard_board(now), step)
            app.processEvents()
        if step + 1 in (calls // 10, calls):
            gc.collect()
            sizes.append(
                (
                    tracemalloc.get_traced_memory()[0],
                    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                )
            )
    (python, resident), (python_after, resident_after) = sizes
    return {
        "calls": calls,
        "python bytes": [python, python_after],
        "peak resident bytes": [resident, resident_after],
    }


def heard_board(now: datetime) -> Any:
    """A board without lines."""
    from yichuang_queue.operations.boards import Board

    return Board(0, now, "", [], [], [], [], {}, "", "", "", None)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", default="sqlite,postgresql")
    parser.add_argument("--desks", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--calls", type=int, default=100_000)
    for name in ("--role", "--url", "--start", "--first"):
        parser.add_argument(name, default="")
    options = parser.parse_args()
    if options.role == "board":
        board(options.url, float(options.start), options.seconds)
    elif options.role == "desks":
        desks(options.url, float(options.start), options.seconds, int(options.first), options.desks)
    else:
        found = {kind: measure(kind, options.desks, options.seconds) for kind in options.kinds.split(",")}
        print(json.dumps({**found, "memory": memory(options.calls)}, indent=2))


if __name__ == "__main__":
    main()
