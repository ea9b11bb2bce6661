"""The approver's workbench over 10,000 open tasks, offscreen: first paint, next case by its key, work of the UI thread.

Run: `python benchmarks/acceptance_screens.py [--tasks 10000] [--steps 60]`. Goals: first paint at most 100 ms, next case at
most 50 ms at p95, no work of the UI thread over 50 ms. `first_paint_ms` is from building the page to its paint, in a
process that has shown another page, as a desk has shown its home page; `list_ms` until the tasks stand in the list;
`next_case_ms` from the key to the painted case, `evidence_ms` until its scanned pages are in the viewer. `work` is what
the UI thread did in one go; `cpu` are times of that thread alone, which other programs on the machine do not change.
SQLite; the first tasks are real cases with scanned pages, the others rows in bulk.

`counter` is what a clerk waits for, at p50 and p99, over the same open cases. Goals: `keystroke_ms` (a search in the names of
the model hall's catalogue) at most 50, `accept_ms` (intake and acceptance, saved) 300, `preview_ms` (the notice as PDF) 500,
`tick_ms` (time passes and no limit is over) 1,000; `overdue_tick_ms` is one tick while all limits are over, which settles 200
cases at a time.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins" / "acceptance" / "tests"))

PAGE_SIZE = (1240, 1754)  # A4 at 150 dpi
REAL = 120
PATIENCE = 60.0
AT_A_DESK = ("yichuang.shell.home", "yichuang.shell.workspace", "yichuang_acceptance.ui.workbench")
"""Modules that a desk has when a page is opened."""
OTHER_PAGE = "acceptance.agents"
"""Shown before: words are loaded, letters drawn, threads started."""


def scan(number: int) -> bytes:
    """A page as a document camera takes it."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", PAGE_SIZE, (250, 250, 246))
    draw = ImageDraw.Draw(page)
    for line in range(40):
        draw.line(
            (120, 160 + 38 * line, 1100 - (number * 37 + line * 53) % 400, 160 + 38 * line), (60, 60, 70), 3
        )
    out = io.BytesIO()
    page.save(out, "JPEG", quality=85)
    return out.getvalue()


def fill(suite: Any, kit: Any, tasks: int) -> None:
    """Real cases first, then copies of the last one that are due later."""
    from sqlalchemy import select

    from yichuang_acceptance import tables as t

    kit.fill(suite)
    pages = [
        suite.run(kit.CLERK, "acceptance.keep_page", {"data": scan(n), "media_type": "image/jpeg"})
        for n in range(6)
    ]
    real = min(REAL, tasks)
    for n in range(real):
        kit.accepted(suite, materials=kit.hands(1, 2, 3, pages=[pages[n % 6], pages[(n + 1) % 6]]))
    with suite.database.write() as writer:
        last = writer.one(select(t.case).order_by(t.case.c.id.desc()).limit(1))._asdict()
        for n in range(tasks - real):
            number = f"{n:08d}"
            later = timedelta(minutes=n + 1)
            writer.insert(t.case, **{
                **last, "id": last["id"] + n + 1, "case_no": f"1504212603{number}0",
                "promise_due_at": last["promise_due_at"] + later,
            })  # fmt: skip
    while suite.run(kit.APPROVER, "acceptance.tick").more:
        pass  # as in any hall that has been open for a while


class Watch:
    """What the UI thread does in one go, by the clock and by its own time."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def begin(self) -> None:
        """Forget what was done so far."""
        self.wall.clear()
        self.cpu.clear()
        gc.collect()

    def until(self, true: Callable[[], object]) -> float:
        """Serve events until something is so; the milliseconds that took."""
        begun = time.perf_counter()
        while not true():
            self.step()
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError("the page did not come to this")
        return (time.perf_counter() - begun) * 1000

    def step(self) -> None:
        """One turn of the event loop; nothing to do is no work."""
        wall, cpu = time.perf_counter(), time.thread_time()
        self._app.processEvents()
        spent = (time.thread_time() - cpu) * 1000
        if spent > 0.2:
            self.cpu.append(spent)
            self.wall.append((time.perf_counter() - wall) * 1000)
        else:
            time.sleep(0.0005)

    def rest(self, seconds: float) -> None:
        """Serve events for a while."""
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            self.step()


def at(share: float, values: list[float]) -> float:
    """A percentile."""
    return round(sorted(values)[int(share * (len(values) - 1))], 1)


def warm(suite: Any, kit: Any, app: Any) -> None:
    """What a desk has been through before anybody opens the page."""
    from yichuang.shell.testing import open_page

    for module in AT_A_DESK:
        importlib.import_module(module)
    with open_page(suite, kit.APPROVER, OTHER_PAGE):
        Watch(app).rest(1.0)


def measure(suite: Any, kit: Any, app: Any, steps: int) -> dict[str, Any]:
    """First paint, then one task after the other."""
    from PyQt6.QtCore import QObject

    from yichuang.shell.testing import open_page

    keys: dict[str, Any] = {}
    watch = Watch(app)
    painted: list[float] = []

    class Painted(QObject):
        def eventFilter(self, _watched: object, event: Any) -> bool:
            if event.type() == event.Type.Paint and not painted:
                painted.extend((time.perf_counter(), time.thread_time()))
            return False

    def build(context: Any) -> Any:
        from yichuang_acceptance.ui.workbench import Workbench

        context.services.shortcut_claimed.connect(lambda claimed: keys.__setitem__(claimed.key, claimed))
        page = Workbench(context)
        page.installEventFilter(eyes)
        return page

    eyes = Painted()
    begun, own = time.perf_counter(), time.thread_time()
    with open_page(suite, kit.APPROVER, "acceptance.workbench", build) as (page, _context):
        page.window().resize(1440, 900)
        watch.until(lambda: bool(painted))
        first = (painted[0] - begun) * 1000
        watch.until(lambda: page._case is not None)
        listed = (time.perf_counter() - begun) * 1000
        watch.rest(1.0)
        watch.begin()
        taken, evident, own_time = [], [], []
        for _ in range(steps):
            before = page._case.row.id
            pressed, cpu = time.perf_counter(), time.thread_time()
            keys["J"].trigger()
            watch.until(lambda: page._case is not None and page._case.row.id != before)  # noqa: B023 - used at once
            watch.step()
            taken.append((time.perf_counter() - pressed) * 1000)
            own_time.append((time.thread_time() - cpu) * 1000)
            watch.until(lambda: page.evidence._documents and page.evidence._shown[0] == page._case.row.id)
            watch.step()
            evident.append((time.perf_counter() - pressed) * 1000)
            watch.rest(0.05)
    return {
        "first_paint_ms": round(first, 1), "first_paint_cpu_ms": round((painted[1] - own) * 1000, 1), "list_ms": round(listed, 1),
        "next_case_ms": {"p50": at(0.5, taken), "p95": at(0.95, taken)},
        "next_case_cpu_ms": {"p50": at(0.5, own_time), "p95": at(0.95, own_time)},
        "evidence_ms": {"p50": at(0.5, evident), "p95": at(0.95, evident)},
        "work": {
            "p95_ms": at(0.95, watch.wall), "most_ms": at(1, watch.wall), "cpu_p95_ms": at(0.95, watch.cpu),
            "cpu_most_ms": at(1, watch.cpu), "times": len(watch.wall),
        },
    }  # fmt: skip


def timed(act: Callable[[int], object], count: int) -> dict[str, float]:
    """Milliseconds of an act, told how often it was done before; the first one warms up."""
    spent = []
    for n in range(count + 1):
        begun = time.perf_counter()
        act(n)
        spent.append((time.perf_counter() - begun) * 1000)
    return {"p50": at(0.5, spent[1:]), "p99": at(0.99, spent[1:])}


def counter(suite: Any, kit: Any, clock: Any) -> dict[str, Any]:
    """Search, intake, preview and the passing of time, as the window asks for them."""
    import csv
    from importlib import resources

    from yichuang.api import pinyin

    items = resources.files("yichuang_resources").joinpath("hall", "items.tsv")
    with items.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    forms = [pinyin.pinyin_of(row["name"]) for row in rows]
    index = pinyin.SearchIndex(
        [
            pinyin.SearchEntry(
                row["code"], row["name"], row["code"], row["agency"], form.initials, form.pinyin
            )
            for row, form in zip(rows, forms, strict=True)
        ]
    )
    typed = [
        word[:n]
        for word in ("spjyxk", "shipinjingying", "营业执照", "不动产登记")
        for n in range(1, len(word) + 1)
    ]
    found = {
        "items": len(rows),
        "keystroke_ms": timed(lambda n: index.search(typed[n % len(typed)], 60), 10 * len(typed)),
        "accept_ms": timed(lambda _n: kit.accepted(suite), 60),
        "preview_ms": timed(lambda _n: suite.query(kit.CLERK, "acceptance.preview", kit.intake()), 30),
        "tick_ms": timed(lambda _n: suite.run(kit.APPROVER, "acceptance.tick"), 30),
    }
    clock.now += timedelta(days=60)
    return {**found, "overdue_tick_ms": timed(lambda _n: suite.run(kit.APPROVER, "acceptance.tick"), 10)}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=60)
    options = parser.parse_args()
    kit = importlib.import_module("conftest")  # the hall of the plugin's tests

    from yichuang.api import IdentityCipher
    from yichuang.host.suite import Suite
    from yichuang.identity.secrets import open_secrets
    from yichuang.shell.process import make_application
    from yichuang.widgets import theme

    app = make_application(["yichuang"], 100)
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        secrets = open_secrets(data, store="file")
        IdentityCipher.open(secrets, create=True)
        address = f"sqlite:///{(data / 'hall.sqlite').as_posix()}"
        clock = kit.Clock()
        with Suite.open(address, data, plugins=["acceptance"], clock=clock, secrets=secrets) as suite:
            fill(suite, kit, options.tasks)
            warm(suite, kit, app)
            found = measure(suite, kit, app, options.steps)
            found["counter"] = counter(suite, kit, clock)
    print(json.dumps({"tasks": options.tasks, **found}, indent=2))


if __name__ == "__main__":
    main()
