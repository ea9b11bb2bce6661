"""Column types and metadata that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic_core import from_json
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


NO_ZONE = "a stored moment needs a time zone"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC: timestamptz on PostgreSQL, sortable ISO text with microseconds on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of a dialect."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """To the driver's value; a moment without a zone is a bug."""
        return _aware if dialect.name == "postgresql" else _text_of_moment

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], datetime | None]:
        """Back to an aware moment in UTC."""
        return _in_utc if dialect.name == "postgresql" else _moment_of_text


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError(NO_ZONE)
    return value


@lru_cache(maxsize=1024)
def _text_of_moment(value: datetime | None) -> str | None:
    """A transaction writes the same few moments over and over."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError(NO_ZONE)
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")


@lru_cache(maxsize=1024)
def _moment_of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value kept as canonical text on both databases, so that digests of it never change."""

    impl = Text
    cache_ok = True

    def bind_processor(self, _dialect: Dialect) -> Callable[[Any], str | None]:
        """To canonical text."""
        return _json_text

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[str | None], Any]:
        """Back to the value."""
        return _json_value


def _json_text(value: Any) -> str | None:
    return None if value is None else canonical_json(value)


def _json_value(text: str | None) -> Any:
    if text == "{}":  # half of them are empty
        return {}
    return None if text is None else from_json(text)
