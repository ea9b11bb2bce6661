"""Statements compiled once and run straight on the driver: the hot paths of the suite."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Executable
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
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self.statement, dialect)
        return compiled


class _Compiled:
    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every Core statement has it
        self.sql = str(compiled)
        if "POSTCOMPILE" in self.sql:
            raise TypeError("a prepared statement cannot hold a list (IN); write its members with or_")
        positional: Sequence[str] | None = compiled.positiontup
        names = list(positional if positional is not None else compiled.params)
        self.positional = positional is not None
        self.binds: list[tuple[str, Callable[[Any], Any] | None]] = [
            (name, compiled.binds[name].type._cached_bind_processor(dialect)) for name in names
        ]
        self.defaults = {
            name: compiled.binds[name].value for name in names if not compiled.binds[name].required
        }
        self._dialect = dialect
        self._columns = list(getattr(statement, "exported_columns", ()))
        names_of_columns = tuple(c.key or f"column_{i}" for i, c in enumerate(self._columns))
        self.row: Any = _row_type(names_of_columns) if self._columns else None
        self.converters: list[tuple[int, Callable[[Any], Any]]] | None = None

    def learn(self, cursor: Any) -> None:
        """Choose the converters of the result by the driver's own column types; once, after the first run."""
        if self.converters is None and self._columns:
            self.converters = [
                (i, convert)
                for i, column in enumerate(self._columns)
                if (convert := column.type._cached_result_processor(self._dialect, cursor.description[i][1]))
                is not None
            ]

    def parameters(self, given: dict[str, Any]) -> Any:
        """The driver's parameters, converted; unknown names are a bug and raise KeyError."""
        merged = {**self.defaults, **given} if self.defaults else given
        if self.positional:
            return [
                value if (value := merged[name]) is None or convert is None else convert(value)
                for name, convert in self.binds
            ]
        return {
            name: value if (value := merged[name]) is None or convert is None else convert(value)
            for name, convert in self.binds
        }

    def make(self, values: Sequence[Any]) -> Any:
        """A named row of the driver's values."""
        if self.converters:
            converted = list(values)
            for i, convert in self.converters:
                value = converted[i]
                if value is not None:  # half of a case's moments are NULL, which is None in every type
                    converted[i] = convert(value)
            values = converted
        return self.row(*values)


def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)  # noqa: PYI024 - the columns are known only at run time


def prepare(statement: Executable) -> Prepared:
    """Mark a module-level statement as hot."""
    return Prepared(statement)
