"""Many cases whose limits, nodes and other moments have passed; a child process of the kill test lets time pass for them.

python -m plugins.acceptance.tests.overdue_steps FOLDER
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from yichuang.api import IdentityCipher, select
from yichuang.host.suite import Suite
from yichuang.identity.secrets import open_secrets
from yichuang_acceptance import clock_tables as ct
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import tables as t

from .conftest import APPROVER, Clock, fill
from .review import begun, set_graph, staff

CHECKED_LATE = "V09"
MANY = 450
AGAIN = timedelta(minutes=11)
"""After that what the calendar moves has been looked at twice; see `recompute`."""


def overdue(suite: Any, clock: Any, many: int) -> list[int]:
    """So many cases with a late node and another late moment each, all of it sixty days ago; returns their ids."""
    staff(suite)
    set_graph(suite)
    begun(suite)
    with suite.database.write() as writer:
        case = writer.one(select(t.case))._asdict()
        flow = writer.one(select(rt.case_flow))._asdict()
        tasks = [row._asdict() for row in writer.all(select(rt.task))]
        writer.execute(ct.later.delete())
        for n in range(1, many):
            number = {"case_id": case["id"] + n, "case_no": f"1504212603{n:08d}0"}
            writer.insert(t.case, **{**case, "id": number["case_id"], "case_no": number["case_no"]})
            writer.insert(rt.case_flow, **{**flow, "case_id": number["case_id"]})
            for task in tasks:
                writer.insert(
                    rt.task, **{name: value for name, value in (task | number).items() if name != "id"}
                )
        for n in range(many):
            writer.insert(
                ct.later, case_id=case["id"] + n, rule=CHECKED_LATE, key="x", at=case["promise_due_at"]
            )
    for pause in (timedelta(0), AGAIN):
        clock.now += pause
        while suite.run(APPROVER, "acceptance.tick").more:
            pass
    clock.now += timedelta(days=60)
    return [case["id"] + n for n in range(many)]


def run(folder: Path) -> None:
    """Let time pass until nothing is left to do, from wherever the run before was ended."""
    folder.mkdir(exist_ok=True)
    secrets = open_secrets(folder / "keys", store="file")
    new = not (folder / "filled").exists()
    if new:
        IdentityCipher.open(secrets, create=True)
    address = f"sqlite:///{(folder / 'hall.sqlite').as_posix()}"
    clock = Clock()
    with Suite.open(
        address, folder / "desk", plugins=["acceptance"], clock=clock, secrets=secrets, retry_crashed=True
    ) as suite:
        if new:
            fill(suite)
            overdue(suite, clock, MANY)
            (folder / "filled").touch()
        else:
            clock.now += AGAIN + timedelta(days=60, hours=1)
        more, number = True, 0
        while more:
            print(number, flush=True)
            more = suite.run(APPROVER, "acceptance.tick").more
            number += 1
        print("done", flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
