"""Statements compiled once and run straight on the driver: the hot paths of the suite."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Executable, Numeric
from sqlalchemy.engine import Dialect


class Prepared:
    """A Core statement whose SQL text, parameter order and converters are worked out once per dialect.

    SQLAlchemy spends about as long on a small statement as SQLite does; a hall's hot paths (call next, journal row)
    run a handful of them in each transaction. Everything else runs through SQLAlchemy's own `execute`.
    """

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def on(self, dialect: Dialect) -> _Compiled:
        """The compiled form for a dialect."""
        try:
            return self._compiled[dialect.name]
        except KeyError:
            compiled = self._compiled[dialect.name] = _Compiled(self.statement, dialect)
            return compiled


class _Compiled:
    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every Core statement has it
        self.sql = str(compiled)
        if "POSTCOMPILE" in self.sql:
            raise TypeError("a prepared statement cannot hold a list (IN); write its members with or_")
        positional: Sequence[str] | None = compiled.positiontup
        self._names = names = tuple(positional if positional is not None else compiled.params)
        self._positional = positional is not None
        self._values = _getter(names)
        found = enumerate(compiled.binds[name].type._cached_bind_processor(dialect) for name in names)
        self._binds = [(at, convert) for at, convert in found if convert is not None]
        self.defaults = {
            name: compiled.binds[name].value for name in names if not compiled.binds[name].required
        }
        plain = self._positional and not self._binds and not self.defaults
        self.parameters: Callable[[dict[str, Any]], Any] = self._values if plain else self._converted
        """The driver's parameters of those given by name; unknown names are a bug and raise KeyError."""
        self._dialect = dialect
        self._columns = list(getattr(statement, "exported_columns", ()))
        names_of_columns = tuple(c.key or f"column_{i}" for i, c in enumerate(self._columns))
        self.row: Any = partial(tuple.__new__, _row_type(names_of_columns)) if self._columns else None
        self.make: Callable[[Sequence[Any]], Any] = self._made
        """A named row of the driver's values."""
        self.converters: list[tuple[int, Callable[[Any], Any]]] | None = None

    def learn(self, cursor: Any) -> None:
        """Choose the converters of the result by the driver's own column types; once, after the first run."""
        if self.converters is None and self._columns:
            self.converters = [
                (i, lru_cache(1024)(convert) if isinstance(column.type, Numeric) else convert)
                for i, column in enumerate(self._columns)
                if (convert := column.type._cached_result_processor(self._dialect, cursor.description[i][1]))
                is not None
            ]  # numbers of days are few, and making a Decimal of one takes longer than everything else about a row
            if not self.converters:
                self.make = self.row

    def _converted(self, given: dict[str, Any]) -> Any:
        values: Any = self._values({**self.defaults, **given} if self.defaults else given)
        if self._binds:
            values = list(values)
            for at, convert in self._binds:
                value = values[at]
                if value is not None:
                    values[at] = convert(value)
        return values if self._positional else dict(zip(self._names, values, strict=True))

    def _made(self, values: Sequence[Any]) -> Any:
        if self.converters:
            converted = list(values)
            for i, convert in self.converters:
                value = converted[i]
                if value is not None:  # half of a case's moments are NULL, which is None in every type
                    converted[i] = convert(value)
            values = converted
        return self.row(values)


def _getter(names: Sequence[str]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """All values of a statement at once, in C; one that is alone would come without its tuple."""
    if len(names) == 1:
        (name,) = names
        return lambda given: (given[name],)
    return itemgetter(*names) if names else lambda _given: ()


def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)  # noqa: PYI024 - the columns are known only at run time


def prepare(statement: Executable) -> Prepared:
    """Mark a module-level statement as hot."""
    return Prepared(statement)
