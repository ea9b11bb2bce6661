"""Migrations: one Alembic chain and one version table for core and for each plugin."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, MetaData, Table, Text, inspect, select

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.storage.database import Database, Reader

if TYPE_CHECKING:
    from alembic.operations import Operations

L = words.lazy
_LOCK = 0x59494348  # PostgreSQL advisory lock of whoever migrates


@dataclass(frozen=True)
class Chain:
    """A migration chain: `<package>/migrations/v0001.py` … each with REVISION and upgrade(op)."""

    id: str
    package: str
    head: str


CORE = Chain("core", "yichuang.storage", "0002")


def _version_table(chain_id: str) -> Table:
    return Table(f"{chain_id}_version", MetaData(), Column("revision", Text, primary_key=True))


def current_revision(reader: Reader, chain_id: str) -> str | None:
    """The newest revision that a database has of a chain, None before the first."""
    table = _version_table(chain_id)
    if not inspect(reader.connection).has_table(table.name):
        return None
    value = reader.scalar(select(table.c.revision).order_by(table.c.revision.desc()))
    return None if value is None else str(value)


def migrate(database: Database, chain: Chain) -> list[str]:
    """Bring a chain up to its head and return the revisions that were applied.

    Costs one small read where nothing is due; Alembic is imported only when something is. Desks that start at the
    same time wait for one another.

    Raises:
        UserError: DATABASE_NEWER when the database was written by a newer program.
    """
    with database.read() as reader:
        current = current_revision(reader, chain.id)
    if current == chain.head:
        return []
    _refuse_newer(chain, current)
    with database.write() as writer:
        if database.dialect_name == "postgresql":
            writer.connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        current = current_revision(writer, chain.id)
        _refuse_newer(chain, current)
        return _apply(writer.connection, chain, current)


def _refuse_newer(chain: Chain, current: str | None) -> None:
    if current is not None and current > chain.head:
        raise UserError(
            "DATABASE_NEWER",
            L("The hall's data ({part} {found}) was written by a newer program than this one ({known}).",
              part=chain.id, found=current, known=chain.head),
            do=L("Update the program on this desk."),
        )  # fmt: skip


def _apply(connection: Any, chain: Chain, current: str | None) -> list[str]:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    operations: Operations = Operations(MigrationContext.configure(connection))
    table = _version_table(chain.id)
    table.create(connection, checkfirst=True)
    applied = []
    for module in _revisions(chain):
        if current is None or current < module.REVISION:
            module.upgrade(operations)
            connection.execute(table.insert().values(revision=module.REVISION))
            applied.append(module.REVISION)
    if applied and applied[-1] != chain.head:
        raise RuntimeError(f"chain {chain.id} ends at {applied[-1]}, its manifest says {chain.head}")
    return applied


def _revisions(chain: Chain) -> list[ModuleType]:
    package = importlib.import_module(f"{chain.package}.migrations")
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.name.startswith("v"))
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]


def append_only(op: Operations, table: str) -> None:
    """Forbid UPDATE and DELETE on a table by trigger, on both databases."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_keep()"
    )
