"""Sign-ins while the database was away as the hall keeps them, on both databases; for how many days they are possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from yichuang.hall.errors import UserError
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.identity.away_sign_in import DAYS_KEY
from yichuang.identity.secrets import open_secrets
from yichuang.storage import hall_tables as t

ASK = "identity.away_sign_ins"
ADMIN = Actor(
    99, "root", "管理员", "", hall_wide=True, permissions=frozenset({"identity.manage", "hall.manage"})
)


CLERK = Actor(1, "clerk", "其其格", "A", desk="A01")
OTHER = Actor(2, "other", "那顺", "A")


@pytest.fixture
def hall(open_suite: Callable[..., Suite], tmp_path: Path) -> Suite:
    suite = open_suite(plugins=[], secrets=open_secrets(tmp_path / "keys", store="file"))
    with suite.database.write() as writer:
        writer.insert(t.agency, code="A", name="市场监督管理局", short_name="市场监督管理局", kind="agency")
        for actor in (CLERK, OTHER):
            writer.insert(t.staff, id=actor.staff_id, name=actor.name, agency="A")
            writer.insert(t.account, name=actor.account, staff_id=actor.staff_id, password_hash="x")
    return suite


def days_of(suite: Suite) -> object:
    return suite.executor.read(Actor.system(), lambda read: read.setting(DAYS_KEY, None))


def back(suite: Suite, actor: Actor, times: int = 1, wrong: int = 0) -> None:
    """A desk tells what happened while the database was away."""
    moments = [suite.clock() - timedelta(minutes=n) for n in range(times, 0, -1)]
    suite.run(actor, "identity.come_back", {"unlocked": moments, "wrong": wrong})


def test_the_list_holds_what_there_is_to_look_at_newest_first(hall: Suite) -> None:
    back(hall, CLERK, 2, 1)
    back(hall, CLERK, 0)  # the connection was away for a moment, and nobody did anything
    back(hall, OTHER, 0, 3)
    with hall.database.write() as writer:
        writer.update(t.account, {"name": CLERK.account}, active=False)
    back(hall, CLERK, 0)
    rows = hall.query(ADMIN, ASK)
    assert [(row.account, len(row.unlocked), row.wrong, row.allowed) for row in rows] == [
        ("clerk", 0, 0, False), ("other", 0, 3, True), ("clerk", 2, 1, True),
    ]  # fmt: skip
    assert (rows[0].name, rows[0].desk, rows[1].desk) == ("其其格", "A01", "")
    assert all(isinstance(moment, datetime) and moment.tzinfo for moment in rows[2].unlocked)
    pages = [
        hall.query(ADMIN, ASK, {"limit": 2}),
        hall.query(ADMIN, ASK, {"limit": 2, "before_id": rows[1].id}),
    ]
    assert [row.id for page in pages for row in page] == [row.id for row in rows]


def test_only_whoever_keeps_the_accounts_sees_it(hall: Suite) -> None:
    for actor in (CLERK, replace(ADMIN, permissions=frozenset({"hall.manage"}))):
        with pytest.raises(UserError) as refused:
            hall.query(actor, ASK)
        assert refused.value.code == "NOT_PERMITTED"


@pytest.mark.parametrize("value", [-1, 61, "7", 2.5, True, None])
def test_only_whole_days_are_taken(hall: Suite, value: object) -> None:
    with pytest.raises(UserError) as refused:
        hall.run(ADMIN, "hall.set", {"key": DAYS_KEY, "value": value})
    assert refused.value.code == "AWAY_DAYS_WRONG"
    assert days_of(hall) is None
    for days in (0, 60):
        hall.run(ADMIN, "hall.set", {"key": DAYS_KEY, "value": days})
        assert days_of(hall) == days
