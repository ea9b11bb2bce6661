"""Takes the values of a TOML table one by one, and notes in sentences what is wrong with them. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

L = words.lazy


@dataclass
class Taker:
    """Takes the values out of one table and notes every problem on the way.

    Attributes:
        where: What the keys of this table are called in a sentence, such as `pages[1].`.
    """

    table: Mapping[str, Any]
    where: str
    problems: list[LazyText] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def take(self, key: str, kind: type | tuple[type, ...], default: Any) -> Any:
        """A value of one of these types; without a default it must be there."""
        self.taken.add(key)
        value = self.table.get(key)
        if value is None:
            if default is None:
                self.problems.append(L("{key} is missing.", key=self.at(key)))
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            self.problems.append(L("{key} has a value of the wrong type.", key=self.at(key)))
            return default
        return value

    def at(self, key: str) -> str:
        """The key as a sentence names it."""
        return f"{self.where}{key}"

    def text(self, key: str, pattern: re.Pattern[str] | None = None, default: str | None = None) -> str:
        """A text of a form; without a default it must be there and not be empty."""
        value = self.take(key, str, default)
        if value is None:
            return ""
        if default is None and not value.strip():
            self.problems.append(L("{key} is empty.", key=self.at(key)))
        elif pattern and value != default and not pattern.fullmatch(value):
            self.problems.append(L("{key} may not be {value}.", key=self.at(key), value=repr(value)))
        return str(value)

    def whole(self, key: str, default: int) -> int:
        """A whole number."""
        return int(self.take(key, int, default))

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        return bool(self.take(key, bool, default))

    def choice(self, key: str, choices: Collection[str]) -> str:
        """One of a few words."""
        value = self.text(key)
        if value and value not in choices:
            known = ", ".join(choices)
            self.problems.append(
                L(
                    "{key} is {value}, expected one of: {known}.",
                    key=self.at(key),
                    value=repr(value),
                    known=known,
                )
            )
        return value

    def texts(self, key: str, pattern: re.Pattern[str] | None = None) -> tuple[str, ...]:
        """A list of texts, empty by default."""
        values = self.take(key, list, [])
        for value in values:
            if not isinstance(value, str) or (pattern and not pattern.fullmatch(value)):
                self.problems.append(L("{key} may not be {value}.", key=self.at(key), value=repr(value)))
        return tuple(value for value in values if isinstance(value, str))

    def rows(self, key: str, make: Callable[[Taker], Any]) -> tuple[Any, ...]:
        """An array of tables, each made into a value."""
        made = []
        for number, table in enumerate(self.take(key, list, []), 1):
            where = f"{self.at(key)}[{number}]"
            if not isinstance(table, dict):
                self.problems.append(L("{key} has a value of the wrong type.", key=where))
                continue
            taker = Taker(table, f"{where}.", self.problems)
            made.append(make(taker))
            taker.finish()
        return tuple(made)

    def finish(self) -> None:
        """Note every key that nobody asked for: most often a misspelling."""
        for key in self.table:
            if key not in self.taken:
                self.problems.append(L("{key} is not known.", key=self.at(key)))
