"""What a handler is given: the actor, the moment, the hooks and one transaction (or one snapshot)."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, Table, bindparam, select

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.journal import entries
from yichuang.storage import blobs
from yichuang.storage.database import Reader, Statement, Writer
from yichuang.storage.hall_tables import agency as agency_table
from yichuang.storage.hall_tables import counter, setting
from yichuang.storage.prepared import Prepared, prepare
from yichuang.storage.schema import canonical_json

if TYPE_CHECKING:
    from yichuang.hall.calendar import WorkingCalendar
    from yichuang.identity.secrets import Secrets
    from yichuang.operations.executor import Executor

L = words.lazy
HALL_ZONE = ZoneInfo("Asia/Shanghai")
_SETTING = prepare(select(setting.c.value).where(setting.c.key == bindparam("key")))


@cache
def _count(dialect: str) -> Prepared:
    """Counting a series up; only the dialect in use is imported."""
    insert = importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert
    statement = insert(counter).values(series=bindparam("series"), scope=bindparam("scope"), value=1)
    counted = statement.on_conflict_do_update(
        index_elements=["series", "scope"], set_={"value": counter.c.value + 1}
    )
    return prepare(counted.returning(counter.c.value))


class Hooks(Protocol):
    """Questions to the other plugins, by hook name; see `yichuang.api.hooks`."""

    def __getattr__(self, name: str) -> Any:
        """Call a hook."""
        ...


@dataclass
class Read:
    """A snapshot for a query.

    Attributes:
        actor: Who asks.
        now: The moment, aware, UTC.
        hooks: Questions to other plugins.
    """

    actor: Actor
    now: datetime
    hooks: Hooks
    reader: Reader
    executor: Executor
    known_calendar: WorkingCalendar | None = field(default=None, init=False, repr=False)
    follow_ups: list[tuple[str, Any]] = field(default_factory=list, init=False, repr=False)

    @property
    def today(self) -> date:
        """The day in the hall."""
        return self.now.astimezone(HALL_ZONE).date()

    @property
    def calendar(self) -> WorkingCalendar:
        """The hall's working days, as they are in this snapshot: a list asks for them once for each of its rows."""
        if self.known_calendar is None:
            self.known_calendar = self.executor.calendar(self.reader)
        return self.known_calendar

    @property
    def secrets(self) -> Secrets:
        """Keys and passwords of this machine's keyring; never put what it gives into the database or a log."""
        secrets: Secrets | None = self.executor.secrets
        if secrets is None:
            raise UserError("SECRETS_UNAVAILABLE", L("This machine has no place for secrets."),
                            do=L("Run the set-up again as administrator."))  # fmt: skip
        return secrets

    def one(self, statement: Statement, /, **params: Any) -> Any:
        """The first row (columns as attributes) or None."""
        return self.reader.one(statement, **params)

    def all(self, statement: Statement, /, **params: Any) -> list[Any]:
        """All rows of a statement that bounds its own length."""
        return self.reader.all(statement, **params)

    def scalar(self, statement: Statement, /, **params: Any) -> Any:
        """The first column of the first row or None."""
        return self.reader.scalar(statement, **params)

    def get_blob(self, digest: str) -> bytes:
        """A kept file, checked against its digest; a confidential one is opened with the hall's key."""
        return blobs.get_blob(self.reader, digest, self._unseal)

    def _unseal(self, sealed: bytes, digest: str) -> bytes:
        from yichuang.operations.people import hall_cipher

        return hall_cipher(self).decrypt(sealed, digest.encode())

    def setting(self, key: str, default: Any = None) -> Any:
        """A setting of the hall, or the default."""
        value = self.scalar(_SETTING, key=key)
        return default if value is None else value

    def query(self, name: str, request: Any = None) -> Any:
        """Another query in the same snapshot, with the same actor's permissions."""
        return self.executor.nested_query(self, name, request)

    def afterwards(self, name: str, request: Any) -> None:
        """Do an operation when this query has its answer and before that is given: no answer without the operation's row.

        The suite does it, whatever the person may do: for what the law wants written down of those who only read.
        """
        self.follow_ups.append((name, request))

    def has(self, name: str) -> bool:
        """Whether an operation or query is there at all, so that an absent plugin is no error."""
        return self.executor.registry.has(name)

    def may(self, permission: str) -> bool:
        """Whether the actor holds a permission."""
        return self.actor.may(permission)

    def require_agency(self, code: str) -> None:
        """Let only people of an agency, or hall-wide people, go on.

        Raises:
            UserError: NOT_YOUR_AGENCY.
        """
        if not self.actor.hall_wide and self.actor.agency != code:
            name = self.scalar(select(agency_table.c.name).where(agency_table.c.code == code)) or code
            raise UserError(
                "NOT_YOUR_AGENCY",
                L("This belongs to {agency}.", agency=name),
                do=L("Ask a colleague there, or the administrator for the permission."),
            )


@dataclass
class Work(Read):
    """One transaction of an operation: everything in it happens, or nothing."""

    writer: Writer = field(kw_only=True)
    prepared: Any = None
    subject: str = ""
    detail: dict[str, Any] | None = None

    def execute(self, statement: Statement, /, **params: Any) -> int:
        """Run a statement; returns how many rows it touched."""
        return self.writer.execute(statement, **params)

    def execute_many(self, statement: Executable, rows: list[dict[str, Any]]) -> None:
        """Run one statement for many rows."""
        self.writer.execute_many(statement, rows)

    def insert(self, table: Table, /, **values: Any) -> Any:
        """Insert a row and return its key."""
        return self.writer.insert(table, **values)

    def insert_many(self, table: Table, rows: list[dict[str, Any]]) -> list[Any]:
        """Insert rows that name the same columns and return their keys in the same order."""
        return self.writer.insert_many(table, rows)

    def insert_row(self, table: Table, /, **values: Any) -> Any:
        """Insert a row and return it whole."""
        return self.writer.insert_row(table, **values)

    def update(self, table: Table, where: Mapping[str, Any], /, **values: Any) -> Any:
        """Change the one row whose columns are so; returns it as it is now, or None where there is none."""
        return self.writer.update(table, where, **values)

    def put_blob(self, data: bytes, media_type: str, *, confidential: bool = False) -> str:
        """Keep a file; returns its digest. A confidential one (scans, signatures) is sealed with the hall's key on the disk."""
        return blobs.put_blob(self.writer, data, media_type, self._seal if confidential else None)

    def _seal(self, data: bytes, digest: str) -> bytes:
        from yichuang.operations.people import hall_cipher

        return hall_cipher(self).encrypt(data, digest.encode())

    def number(self, series: str, scope: str = "") -> int:
        """The next number of a series, from 1, without gaps: it is taken back if the operation fails."""
        return int(self.writer.scalar(_count(self.writer.dialect.name), series=series, scope=scope))

    def record(self, event: str, subject: str, **detail: Any) -> None:
        """Write one more journal row, beside the operation's own."""
        entries.append(
            self.writer, at=self.now, account=self.actor.account, agency=self.actor.agency,
            desk=self.actor.desk or "", event=event, subject=subject, detail=canonical_json(detail),
        )  # fmt: skip

    def record_many(self, event: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Write journal rows of one event, each with its subject and detail, as `record` does one."""
        same: dict[str, Any] = {
            "at": self.now, "account": self.actor.account, "agency": self.actor.agency, "desk": self.actor.desk or "",
            "event": event,
        }  # fmt: skip
        entries.append_many(
            self.writer, [{**same, "subject": subject, "detail": canonical_json(detail)} for subject, detail in rows]
        )  # fmt: skip

    def call(self, name: str, request: Any = None, *, trusted: bool = False) -> Any:
        """Another operation in the same transaction, with its own journal row.

        Args:
            name: The operation.
            request: Its request.
            trusted: The suite acts, not the person: used where a hook answers for a plugin; permission is not asked.
        """
        return self.executor.nested_run(self, name, request, trusted)

    def afterwards(self, name: str, request: Any) -> None:
        """The same for a query that is asked inside a transaction: in that transaction."""
        self.call(name, request, trusted=True)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside vanishes if it raises."""
        with self.writer.savepoint():
            yield
