"""Column types and metadata that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import TIMESTAMP, BigInteger, Column, Integer, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Id = BigInteger().with_variant(Integer(), "sqlite")


def metadata(chain: str) -> MetaData:
    """The tables of one migration chain; every name must start with `<chain>_`."""
    return MetaData(naming_convention=NAMING, info={"chain": chain})


def IdColumn() -> Column[int]:
    """A surrogate key that both databases count up themselves."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value, key=str)
    return str(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces and no escaped letters: the same value always gives the same text."""
    return _ENCODER.encode(value)


def moment_text(value: datetime) -> str:
    """A moment as SQLite keeps it: UTC, sortable; one without a zone is a bug."""
    _require_zone(value)
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _require_zone(value: datetime) -> None:
    if value.tzinfo is None:
        raise ValueError("a stored moment needs a time zone")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC: timestamptz on PostgreSQL, sortable ISO text with microseconds on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of a dialect."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the driver's value; a moment without a zone is a bug."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            _require_zone(value)
            return value
        return moment_text(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        """Back to an aware moment in UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC)  # type: ignore[no-any-return]  # psycopg gives an aware datetime


def from_json(text: str) -> Any:
    """A kept JSON text as a value; half of them are empty."""
    return {} if text == "{}" else [] if text == "[]" else json.loads(text)


class Json(TypeDecorator[Any]):
    """A JSON value kept as canonical text on both databases, so that digests of it never change."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """To canonical text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Any:
        """Back to the value."""
        return None if value is None else from_json(value)
