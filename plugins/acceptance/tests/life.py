"""Steps of a case's life, as the tests of several files take them."""

from __future__ import annotations

import threading
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import inspect, text

from yichuang.api import HALL_ZONE, Actor, UserError

from .conftest import APPROVER, CHIEF, CLERK, Clock, decision


def set_clock(clock: Clock, day: str, hour: int = 10) -> None:
    """Let the hall's clock show an hour of a day, never before what it showed."""
    moment = datetime.combine(date.fromisoformat(day), time(hour), HALL_ZONE)
    assert moment >= clock.now
    clock.now = moment


def contents(suite: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of acceptance and core."""
    with suite.database.read() as reader:
        names = inspect(reader.connection).get_table_names()
        return {
            name: sorted((tuple(row) for row in reader.all(text(f"SELECT * FROM {name}"))), key=str)
            for name in names
            if name.startswith(("acceptance_", "core_"))
            and not name.endswith("_version")
            and "search" not in name
        }


def refused(suite: Any, actor: Actor, name: str, request: dict[str, Any]) -> str:
    """The code of the refusal; everything is as before."""
    before = contents(suite)
    with pytest.raises(UserError) as error:
        suite.run(actor, name, request)
    assert contents(suite) == before
    assert error.value.as_dict("en")["sentence"] != error.value.as_dict("zh_CN")["sentence"]
    return error.value.code


def see(suite: Any, case: Any) -> Any:
    """A case with all its parts."""
    return suite.query(APPROVER, "acceptance.case", {"case_id": case.case_id})


def rules(suite: Any, case: Any) -> list[str]:
    """Violations and reminders of a case, oldest first."""
    return [a.rule for a in reversed(suite.query(CLERK, "acceptance.alerts", {"case_id": case.case_id}))]


def tick(suite: Any) -> Any:
    """Let time pass, as any desk does when something is due."""
    return suite.run(CLERK, "acceptance.tick")


def suspend(suite: Any, case: Any, planned: str | None = "2026-04-20", **more: Any) -> Any:
    """Begin a special procedure."""
    asked = {"kind": "expert_review", "reason": "需要组织专家评审", "planned_end": planned, **more}
    return suite.run(CHIEF, "acceptance.suspend", decision(suite, case, CHIEF, **asked))


def resume(suite: Any, case: Any, **more: Any) -> Any:
    """End it."""
    return suite.run(APPROVER, "acceptance.resume", decision(suite, case, result="专家评审通过", **more))


def extend(suite: Any, case: Any, actor: Actor = CHIEF) -> Any:
    """Extend the statutory limit."""
    return suite.run(actor, "acceptance.extend", decision(suite, case, actor, reason="案情复杂"))


def grant(suite: Any, case: Any) -> None:
    """Grant, and make the papers; without a seal plugin the result follows."""
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))
    render(suite, case)


def render(suite: Any, case: Any) -> list[Any]:
    """Make every paper that was drafted, also those that the first ones caused."""
    made: list[Any] = []
    while found := suite.run(CLERK, "acceptance.render", {"case_id": case.case_id}):
        made += found
    return made


def day(moment: datetime | None) -> str:
    """The day of a moment in the hall."""
    return "" if moment is None else moment.astimezone(HALL_ZONE).date().isoformat()


def at_once(*acts: Any) -> list[Any]:
    """Several desks at the same moment; what each got, an error by its code."""
    got: list[Any] = []

    def attempt(act: Any) -> None:
        try:
            got.append(act())
        except UserError as error:
            got.append(error.code)

    threads = [threading.Thread(target=attempt, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got
