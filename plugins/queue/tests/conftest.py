"""A small hall with two lines and four desks, on both databases, under a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from yichuang.api import Actor, hall
from yichuang.hall.identifiers import citizen_id_check
from yichuang.identity.hall_keys import IdentityCipher

PERMISSIONS = frozenset(
    f"queue.{each}" for each in ("view", "issue", "book", "call", "call_chosen", "balance", "manage")
)
DESKS = ("A01", "A02", "A03", "A04")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=100)
        return self.now

    def move(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def clerk(number: int, desk: str = "", permissions: frozenset[str] = PERMISSIONS) -> Actor:
    return Actor(number, f"clerk{number}", f"Clerk {number}", "1", permissions=permissions, desk=desk or None)


MANAGER = clerk(99)


@pytest.fixture
def suite(open_suite: Callable[..., Any], clock: Clock) -> Any:
    return open_suite(fill=fill, plugins=["queue"], clock=clock)


def fill(suite: Any) -> None:
    with suite.database.write() as writer:
        writer.insert(hall.zone, code="z", name="办证办事厅")
        for code in DESKS:
            writer.insert(hall.desk, code=code, zone="z", kind="integrated", business="综合业务")
    lines = [
        {"code": "A", "name": "综合", "prefix": "A"},
        {"code": "B", "name": "社保", "prefix": "B", "last": 3},
    ]
    suite.run(MANAGER, "queue.set_lines", {"lines": lines})


TREE = [
    {"code": "g", "name": "社会保障"},
    {"code": "g.1", "parent": "g", "name": "养老保险", "line": "A", "quota_day": 3, "seats": 2},
    {"code": "g.2", "parent": "g", "name": "失业保险", "line": "A", "quota_half_day": 1},
    {"code": "h", "name": "税务", "line": "B"},
]


def citizen(serial: int = 1) -> str:
    body = f"15042119900307{serial:03d}"
    return body + citizen_id_check(body)


@pytest.fixture
def tree(suite):
    IdentityCipher.open(suite.executor.secrets, create=True)
    suite.run(MANAGER, "queue.set_businesses", {"businesses": TREE})
    with suite.database.write() as writer:
        for n in range(40):
            day = date(2026, 3, 10) + timedelta(days=n)
            writer.insert(hall.calendar_day, day=day, works=day.weekday() < 5, source="test")
    return suite
