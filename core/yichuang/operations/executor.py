"""The one path of everything that is done: validate, check, open one transaction, run, write the journal, commit, tell."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import DBAPIError

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.journal import entries
from yichuang.operations.feed import Feed
from yichuang.operations.model import AnyRequest, Operation, Request
from yichuang.operations.registry import Registry
from yichuang.operations.work import Hooks, Read, Work
from yichuang.storage.database import Database, Reader, Writer
from yichuang.storage.hall_tables import calendar_day, operation_key, setting
from yichuang.storage.prepared import prepare
from yichuang.storage.schema import canonical_json

if TYPE_CHECKING:
    from yichuang.hall.calendar import WorkingCalendar
    from yichuang.identity.hall_keys import IdentityCipher

L = words.lazy
CLOCK_TOLERANCE = timedelta(seconds=5)  # two desks' clocks may differ by this much
RETRIES = 5  # of a transaction that PostgreSQL ended because another one was in its way
CALENDAR_VERSION = "calendar.version"  # setting counted up by every change of the calendar
SLOW_SECONDS = (
    0.05  # whatever took longer the last time gets a transaction of its own: nobody's commit waits for it
)
_RETRY_STATES = {"40001", "40P01", "55P03"}

_KEY = prepare(select(operation_key).where(operation_key.c.key == bindparam("key")))
_KEEP_KEY = prepare(
    insert(operation_key).values({n: bindparam(n) for n in ("key", "operation", "account", "result", "at")})
)
_CALENDAR_VERSION = prepare(select(setting.c.value).where(setting.c.key == CALENDAR_VERSION))


def utc_now() -> datetime:
    """The moment, aware, UTC."""
    return datetime.now(UTC)


class Executor:
    """Runs operations and queries. Thread-safe; one per process and database."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        hooks: Hooks,
        clock: Callable[[], datetime] = utc_now,
        secrets: Any = None,
    ) -> None:
        self.database = database
        self.registry = registry
        self.hooks = hooks
        self.clock = clock
        self.secrets = secrets
        self.feed = Feed(database)
        self.identity_cipher: IdentityCipher | None = None  # opened with the first identity number
        self._calendar: tuple[object, WorkingCalendar] | None = None
        self._slow: set[str] = set()  # operations

    def run(self, actor: Actor, name: str, request: AnyRequest = None, key: str | None = None) -> Any:
        """Do an operation.

        Args:
            actor: Who does it.
            name: Which operation.
            request: Its request, or the fields of one.
            key: Given by the caller, makes a retry harmless: the same key gives the first result again.

        Raises:
            UserError: Whatever a person can understand; nothing was changed then.
        """
        operation = self._operation(name, "operation")
        parsed = operation.parse(request)
        _authorise(actor, operation)
        prepared = self._prepare(actor, operation, parsed)
        result = self._retrying(lambda: self._transact(actor, operation, parsed, prepared, key))
        self.feed.poke()
        return result

    def query(self, actor: Actor, name: str, request: AnyRequest = None) -> Any:
        """Ask a query in one snapshot."""
        operation = self._operation(name, "query")
        parsed = operation.parse(request)
        _authorise(actor, operation)

        def ask() -> tuple[Any, list[tuple[str, Any]]]:
            with self.database.read() as reader:
                read = Read(actor, self.clock(), self.hooks, reader, self)
                return operation.perform(read, parsed), read.follow_ups

        answer, follow_ups = self._retrying(ask)
        for following, following_request in follow_ups:
            self._follow_up(actor, following, following_request)
        return answer

    def read(self, actor: Actor, ask: Callable[[Read], Any]) -> Any:
        """Run a function of the suite itself over a snapshot (hooks of the shell: to-dos, search)."""

        def asked() -> Any:
            with self.database.read() as reader:
                return ask(Read(actor, self.clock(), self.hooks, reader, self))

        return self._retrying(asked)

    def nested_run(self, work: Work, name: str, request: AnyRequest, trusted: bool) -> Any:
        """An operation inside another one's transaction; see `Work.call`."""
        operation = self._operation(name, "operation")
        parsed = operation.parse(request)
        if not trusted:
            _authorise(work.actor, operation)
        inner = replace(work, prepared=None, subject="", detail=None)
        if operation.prepare is not None:
            inner.prepared = operation.prepare(inner, parsed)
        work.known_calendar = None  # the inner operation may change it
        return self._perform(inner, operation, parsed)

    def nested_query(self, read: Read, name: str, request: AnyRequest) -> Any:
        """A query inside a snapshot or transaction; see `Read.query`."""
        operation = self._operation(name, "query")
        parsed = operation.parse(request)
        _authorise(read.actor, operation)
        return operation.perform(read, parsed)

    def calendar(self, reader: Reader) -> WorkingCalendar:
        """The hall's working days, read again only after they were changed."""
        version = reader.scalar(_CALENDAR_VERSION)
        if self._calendar is None or self._calendar[0] != version:
            from yichuang.hall.calendar import WorkingCalendar

            rows = reader.all(select(calendar_day.c.day, calendar_day.c.works).order_by(calendar_day.c.day))
            self._calendar = (version, WorkingCalendar({row.day: row.works for row in rows}))
        return self._calendar[1]

    def _follow_up(self, actor: Actor, name: str, request: AnyRequest) -> None:
        """What a query wants done before its answer is given; see `Read.afterwards`."""
        operation = self._operation(name, "operation")
        parsed = operation.parse(request)
        self._retrying(lambda: self._transact(actor, operation, parsed, None, None))
        self.feed.poke()

    def close(self) -> None:
        """Stop the feed. The database belongs to whoever opened it."""
        self.feed.stop()

    def _operation(self, name: str, kind: str) -> Operation:
        operation = self.registry.get(name)
        if operation.kind != kind:
            raise UserError(
                "WRONG_KIND",
                L("{name} only reads.", name=name)
                if operation.kind == "query"
                else L("{name} changes data.", name=name),
                do=L("Use the other command for it."),
            )
        return operation

    def _prepare(self, actor: Actor, operation: Operation, request: Request) -> Any:
        if operation.prepare is None:
            return None
        with self.database.read() as reader:
            return operation.prepare(Read(actor, self.clock(), self.hooks, reader, self), request)

    def _transact(
        self, actor: Actor, operation: Operation, request: Request, prepared: Any, key: str | None
    ) -> Any:
        with self.database.write(alone=operation.name in self._slow) as writer:
            began = time.monotonic()
            if key is not None:
                found = writer.one(_KEY, key=key)
                if found is not None:
                    return _replay(found, operation, actor)
            now = self.clock()
            _check_clock(writer, now)
            work = Work(actor, now, self.hooks, writer, self, writer=writer, prepared=prepared)
            result = self._perform(work, operation, request)
            if key is not None:
                text = operation.result.dump_json(result).decode()
                writer.execute(
                    _KEEP_KEY, key=key, operation=operation.name, account=actor.account, result=text, at=now
                )
            slow = time.monotonic() - began > SLOW_SECONDS
            (self._slow.add if slow else self._slow.discard)(operation.name)
            return result

    @staticmethod
    def _perform(work: Work, operation: Operation, request: Request) -> Any:
        result = operation.perform(work, request)
        detail = work.detail
        if detail is None:
            detail = request.journal_detail()
        entries.append(
            work.writer, at=work.now, account=work.actor.account, agency=work.actor.agency,
            desk=work.actor.desk or "", event=operation.name, subject=work.subject, detail=canonical_json(detail),
        )  # fmt: skip
        return result

    def _retrying(self, act: Callable[[], Any]) -> Any:
        for attempt in range(RETRIES):
            try:
                return act()
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state in _RETRY_STATES and attempt < RETRIES - 1:
                    continue
                raise _storage_error(error.orig, error) from error
            except sqlite3.Error as error:
                raise _storage_error(error, error) from error
        raise AssertionError("unreachable")


def _authorise(actor: Actor, operation: Operation) -> None:
    if operation.permission is None or actor.may(operation.permission):
        return
    if not actor.account:
        raise UserError("NOT_SIGNED_IN", L("Nobody has signed in."), do=L("Sign in first."))
    raise UserError(
        "NOT_PERMITTED",
        L("{name} may not do this ({permission}).", name=actor.name, permission=operation.permission),
        do=L("Ask the administrator for the permission."),
        detail={"operation": operation.name, "permission": operation.permission},
    )


def _check_clock(writer: Writer, now: datetime) -> None:
    last = entries.last_at(writer)
    if last is not None and now < last - CLOCK_TOLERANCE:
        raise UserError(
            "CLOCK_BEHIND",
            L("This machine's clock ({now}) is behind the last journal entry ({last}).",
              now=f"{now:%Y-%m-%d %H:%M:%S}", last=f"{last:%Y-%m-%d %H:%M:%S}"),
            do=L("Set the clock right, then try again."),
        )  # fmt: skip


def _replay(found: Any, operation: Operation, actor: Actor) -> Any:
    if (found.operation, found.account) != (operation.name, actor.account):
        raise UserError("KEY_REUSED", L("This key was already used for something else."))
    return operation.result.validate_json(found.result)


def _storage_error(cause: BaseException | None, error: Exception) -> Exception:
    """A sentence for what is the machine's fault; anything else stays a bug."""
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return UserError("DISK_FULL", L("The disk is full."), do=L("Make room on the disk, then try again."))
    if code in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    ):
        return UserError(
            "DATABASE_UNUSABLE",
            L("The hall's database cannot be used: {reason}.", reason=str(cause)),
            do=L("Check the disk and the file's permissions; restore a backup if it is damaged."),
        )
    if (
        type(cause).__name__ in {"OperationalError", "AdminShutdown"}
        and getattr(cause, "sqlite_errorcode", None) is None
    ):
        return UserError(
            "DATABASE_AWAY",
            L("The hall's database does not answer."),
            safe=L("What was confirmed before is kept; this was not confirmed."),
            do=L("Try again in a moment."),
        )
    return error
