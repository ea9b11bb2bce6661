"""A small executor over an empty hall, with a few operations of its own, on both databases."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import Field

from yichuang.hall.errors import UserError
from yichuang.identity.actor import Actor
from yichuang.operations.executor import Executor
from yichuang.operations.model import Private, Request, operation, query
from yichuang.operations.registry import Registry
from yichuang.operations.work import Read, Work
from yichuang.storage.database import Database
from yichuang.storage.migrate import CORE, migrate


class Add(Request):
    name: str
    secret: Private = ""
    amount: int | None = None
    tags: tuple[str, ...] = ()
    form: dict[str, str] = Field(default_factory=dict)


@operation("test.add", permission="test.write")
def add(work: Work, request: Add) -> int:
    """Count up a series, failing when told to."""
    number = work.number("test", request.name)
    work.put_blob(f"{request.name} {number}".encode(), "text/plain")
    work.record("test.extra", f"thing:{number}", note=request.name)
    work.subject = f"thing:{number}"
    if request.name == "refuse":
        raise UserError("REFUSED", "refused on purpose")
    if request.name == "break":
        raise RuntimeError("a bug on purpose")
    return number


@operation("test.add_twice", permission="test.write")
def add_twice(work: Work, request: Add) -> list[int]:
    """Two nested operations in one transaction."""
    return [work.call("test.add", {"name": request.name}), work.call("test.add", {"name": request.name})]


@operation("test.tell_many", permission="test.write")
def tell_many(work: Work) -> None:
    """Several journal rows of one event, beside one that is written alone."""
    work.record("test.told", "thing:0", n=0)
    work.record_many("test.told", [(f"thing:{n}", {"n": n}) for n in (1, 2, 3)])
    work.record_many("test.told", [])
    work.subject = "thing:all"


@query("test.last", permission="test.read")
def last(read: Read) -> int:
    """The last number given."""
    from yichuang.storage.hall_tables import counter

    return (
        read.scalar(counter.select().with_only_columns(counter.c.value).where(counter.c.series == "test"))
        or 0
    )


@query("test.watched", permission="test.read")
def watched(read: Read, request: Add) -> str:
    """An answer that is given with a row of its own, or not at all."""
    read.afterwards("test.add", {"name": request.name})
    return request.name


@operation("test.ask_watched", permission="test.write")
def ask_watched(work: Work, request: Add) -> str:
    """The same inside a transaction."""
    return str(work.query("test.watched", {"name": request.name}))


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database.open(database_url)
    migrate(opened, CORE)
    yield opened
    opened.close()


@pytest.fixture
def executor(database: Database, clock: Clock) -> Iterator[Executor]:
    registry = Registry()
    module = types.ModuleType("test_operations")
    for function in (add, add_twice, tell_many, last, watched, ask_watched):
        function.__module__ = module.__name__
        setattr(module, function.__name__, function)
    registry.add(module, "test")
    made = Executor(database, registry, None, clock)  # type: ignore[arg-type]  # nothing here asks a hook
    yield made
    made.close()


WRITER = Actor(1, "writer", "Writer", "A", permissions=frozenset({"test.write", "test.read"}), desk="A01")
READER = Actor(2, "reader", "Reader", "A", permissions=frozenset({"test.read"}))
