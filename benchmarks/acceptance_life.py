"""Whole lives of cases a second at 1, 8 and 40 desks against their own SQL; one step against SpiffWorkflow.

Run: `python benchmarks/acceptance_life.py [--lives 240] [--rounds 2] [--kind sqlite]`. A life is six transactions: taken in
and accepted with three materials, special procedure begun and ended, limit extended, refused, ended; papers
are drafted in them and made into PDFs elsewhere. Desks are threads without a pause. Both sides work on equal copies of one
database with a full flush at every commit; the driver's side replays exactly the statements that the operations ran.
Then the same with 15 ms added to every flush, as on a PC of a hall; a virtual disk's flush often costs next to nothing.
`step` compares what decides about one event of a case: ours is one look into the table of states and the clocks; the peer
loads a workflow of six tasks from JSON, runs one, and saves it as a server does. Neither side has a database there. Goals:
lives at least 0.5 of the driver's, step at least 10 times the peer's.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from _hall import WorkingDay, halls, suite_on
from _queue_acts import OneKind
from _slow_disk import on_slow_disk

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins" / "acceptance" / "tests"))

DESKS = (1, 8, 40)
TRANSACTIONS = 6
FIRST_KEY = 5_000_000
"""Cases and suspensions have keys that nothing else has: the replay relies on it."""
TASKS = 6


class Life:
    """One case after the other at one desk."""

    def __init__(self, suite: Any, kit: Any, desk: int) -> None:
        self._run = suite.run
        self._kit, self._desk, self._count = kit, desk, 0
        self._case: Any = None
        self._version = 0

    def steps(self) -> list[tuple[bool, Callable[[], Any]]]:
        """The transactions of one life."""
        kit = self._kit
        seen = partial(self._act, seen=True)
        return [
            (True, self._accept),
            (
                True,
                partial(
                    seen,
                    kit.CHIEF,
                    "suspend",
                    kind="inspection",
                    officers=["查验员甲", "查验员乙"],
                    reason="现场查验",
                    planned_end=date(2026, 3, 25),
                ),
            ),
            (True, partial(seen, kit.CHIEF, "resume", result="查验合格")),
            (True, partial(seen, kit.CHIEF, "extend", reason="情况复杂")),
            (
                True,
                partial(seen, kit.APPROVER, "refuse", reason="不符合规定的条件", law="行政许可法第三十八条"),
            ),
            (
                True,
                partial(
                    seen, kit.CHIEF, "terminate", cause="death", reason="申请人死亡", law="行政许可法第七十条"
                ),
            ),
        ]

    def _accept(self) -> None:
        self._count += 1
        body = f"150421{1950 + self._desk}{1 + self._count // 28 % 12:02d}{1 + self._count % 28:02d}{self._count % 1000:03d}"
        person = {
            "name": "苏日娜",
            "code_kind": "111",
            "code": self._kit.citizen(body),
            "phone": "13804760000",
        }
        self._case = self._run(
            self._kit.CLERK, "acceptance.accept", self._kit.intake(applicant=person)
        ).case_id
        self._version = 3

    def _act(self, actor: Any, name: str, *, seen: bool = False, **more: Any) -> None:
        request = {"case_id": self._case, **more}
        if seen:
            request["row_version"] = self._version
        result = self._run(actor, f"acceptance.{name}", request)
        self._version = getattr(result, "row_version", self._version + 1)


def lives(kit: Any, suite: Any, desks: int, acts: int) -> list[list[tuple[bool, Callable[[], Any]]]]:
    """Each desk its share of lives."""
    here = [Life(suite, kit, desk) for desk in range(desks)]
    return [[step for _ in range(acts // desks) for step in life.steps()] for life in here]


def fill(suite: Any, kit: Any, clock: Callable[[], datetime]) -> None:
    """The small hall of the plugin's tests, and where the numbers of cases begin."""
    from sqlalchemy import select

    from yichuang_acceptance import tables as t

    kit.fill(suite)
    suite.run(kit.CLERK, "acceptance.accept", kit.intake())
    kept = {
        "node": "",
        "kind": "inspection",
        "basis": "",
        "reason": "",
        "began_at": clock(),
        "ended_at": clock(),
    }
    with suite.database.write() as writer:
        if suite.database.dialect_name == "sqlite":
            # the next key follows the greatest one: rows that nobody looks at hold the place
            row = writer.one(select(t.case).limit(1))._asdict()
            row |= {"id": FIRST_KEY, "case_no": "1504212601010000009", "state": "archived"}
            writer.insert(t.case, **row)
            writer.insert(
                t.suspension, id=2 * FIRST_KEY, case_id=FIRST_KEY, staff_id=1, staff_name="", **kept
            )
            return
        for table, first in (("acceptance_case", FIRST_KEY), ("acceptance_suspension", 2 * FIRST_KEY)):
            writer.connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {first})"
            )


def measure(kind: str, count: int, rounds: int, kit: Any, *, slow: bool = False) -> Any:
    """Lives a second at each number of desks; `slow`: with a server whose disk is slow, see `_slow_disk`."""
    from yichuang.api import IdentityCipher
    from yichuang.identity.secrets import open_secrets

    clock = WorkingDay()
    with halls(kind, slow) as databases, tempfile.TemporaryDirectory() as name:
        if databases is None:
            return "no PostgreSQL server on this machine"
        folder = Path(name)
        IdentityCipher.open(open_secrets(folder, store="file"), create=True)
        with suite_on(databases.base, folder, clock, "acceptance") as suite:
            fill(suite, kit, clock)
        one = OneKind(databases, folder, clock, count, rounds, "acceptance")
        found = {f"{n}_desks": one.compare(partial(lives, kit), n) for n in DESKS}
    for each in found.values():
        for side in ("suite", "driver"):
            each[side]["lives_per_s"] = round(each[side]["per_s"] / TRANSACTIONS, 1)
    return found


def step_figures() -> Any:
    """Microseconds for one step of ours and of the peer."""
    from yichuang.api import calendar
    from yichuang_acceptance.rules.machine import Event, State, step_of

    days = {
        date(2026, 1, 1) + timedelta(n): (date(2026, 1, 1) + timedelta(n)).weekday() < 5 for n in range(365)
    }
    working = calendar.WorkingCalendar(days)
    begun = datetime(2026, 3, 17, 1, tzinfo=UTC)

    def ours() -> None:
        step_of(State.RECEIVED, Event.ACCEPT, licence=True)
        for amount in (10, 5):
            working.due_moment(begun, amount)

    peer = peer_step()
    mine = micros(ours, 2000)
    if peer is None:
        return {"ours_us": mine, "peer": "SpiffWorkflow is not installed"}
    theirs = micros(peer, 200)
    return {"ours_us": mine, "spiffworkflow_us": theirs, "times": round(theirs / mine, 1)}


def micros(act: Callable[[], object], count: int) -> float:
    """The best of five rounds."""
    best = 1e9
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(count):
            act()
        best = min(best, time.perf_counter() - begun)
    return round(best / count * 1e6, 1)


def peer_step() -> Callable[[], object] | None:
    """Load a workflow of six people's tasks from JSON, run one task, save it."""
    try:
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.util.task import TaskState
    except ImportError:
        return None
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(bpmn().encode()))
    workflow = BpmnWorkflow(parser.get_spec("life"))
    workflow.do_engine_steps()
    serializer = BpmnWorkflowSerializer()
    kept = serializer.serialize_json(workflow)

    def step() -> object:
        loaded = serializer.deserialize_json(kept)
        task = loaded.get_tasks(state=TaskState.READY, manual=True)[0]
        task.run()
        loaded.do_engine_steps()
        return serializer.serialize_json(loaded)

    return step


def bpmn() -> str:
    """Six manual tasks in a row."""
    names = ["start", *(f"task{n}" for n in range(TASKS)), "end"]
    nodes = [
        '<startEvent id="start"/>',
        *(f'<manualTask id="task{n}" name="task {n}"/>' for n in range(TASKS)),
        '<endEvent id="end"/>',
    ]
    flows = [
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(pairwise(names))
    ]
    inside = "".join(nodes + flows)
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="yichuang">'
        f'<process id="life" isExecutable="true">{inside}</process></definitions>'
    )


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lives", type=int, default=240, help="in each round, by all desks together")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--kind", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--part", choices=["slow"], help="used by the program itself")
    options = parser.parse_args()
    kit = importlib.import_module("conftest")  # the hall of the plugin's tests
    kinds = options.kind or ["sqlite", "postgresql"]
    if options.part:
        found = measure(kinds[0], options.lives, options.rounds, kit, slow=True)
    else:
        slowly = ["--lives", str(options.lives), "--rounds", "1"]
        found = {
            kind: {
                "disk": measure(kind, options.lives, options.rounds, kit),
                "disk_with_15_ms_a_flush": on_slow_disk(__file__, kind, slowly),
            }
            for kind in kinds
        }
        found["step"] = step_figures()
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
