"""Errors worded for a person: what failed, what is safe, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from yichuang.hall.words import LazyText, in_language
from yichuang.hall.words import core as words

L = words.lazy

Text: TypeAlias = LazyText | str

AWAY = frozenset({"DATABASE_AWAY", "DATABASE_BUSY", "DATABASE_UNUSABLE", "DISK_FULL", "NOT_READY", "BUG"})
"""Codes of answers that are no decision of the hall's: whoever has numbers in hand goes on from those, and asks again later."""


class UserError(Exception):
    """Something a person can understand and act on; anything else that is raised is a bug.

    Attributes:
        code: Stable SCREAMING_SNAKE name, the same in every language.
        sentence: What failed.
        safe: What is safe, by default that nothing was changed.
        do: What to do now; may be empty.
        detail: Facts for programs (JSON-able), never personal data.
    """

    def __init__(
        self,
        code: str,
        sentence: Text,
        safe: Text | None = None,
        do: Text = "",
        detail: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.safe: Text = L("Nothing was changed.") if safe is None else safe
        self.do = do
        self.detail = dict(detail or {})

    def __str__(self) -> str:
        return str(self.sentence)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {in_language(self.sentence, 'en')!r})"

    def as_dict(self, language: str | None = None) -> dict[str, object]:
        """The error as JSON-able values, in the current or the given language."""
        return {
            "code": self.code,
            "sentence": in_language(self.sentence, language),
            "safe": in_language(self.safe, language),
            "do": in_language(self.do, language),
            "detail": self.detail,
        }
