"""Words in the reader's language: gettext catalogues of core and of each plugin."""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = ("zh_CN", "en", "mn")
_current = os.environ.get("YICHUANG_LANGUAGE", "zh_CN")


def set_language(language: str) -> None:
    """Choose the language of this process's screens and papers.

    Raises:
        ValueError: The language is not one of `LANGUAGES`.
    """
    global _current
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}, expected one of {LANGUAGES}")
    _current = language


def current_language() -> str:
    """The language chosen for this process, zh_CN unless set otherwise."""
    return _current


class LazyText:
    """A sentence that is translated when it is read, not when it is written."""

    __slots__ = ("msgid", "params", "words")

    def __init__(self, words: Words, msgid: str, params: Mapping[str, object]) -> None:
        self.words = words
        self.msgid = msgid
        self.params = params

    def in_language(self, language: str) -> str:
        """The sentence in the given language; lazy parameters follow it."""
        text = self.words.translate(self.msgid, language)
        if not self.params:
            return text
        return text.format(**{name: in_language(value, language) for name, value in self.params.items()})

    def __str__(self) -> str:
        return self.in_language(_current)

    def __repr__(self) -> str:
        return f"L({self.in_language('en')!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LazyText) and (self.msgid, self.params) == (other.msgid, other.params)

    def __hash__(self) -> int:
        return hash(self.msgid)


def in_language(value: object, language: str | None = None) -> str:
    """Any value as text; lazy sentences in the given (or the current) language."""
    return value.in_language(language or _current) if isinstance(value, LazyText) else str(value)


class Words:
    """The catalogues of one distribution.

    `folder/<language>.mo` is made by `installer/catalogues.py` out of `folder/<language>/*.po`. In a checkout whose
    .po files are newer than the .mo (or that has none yet) the .po files are read directly.
    """

    def __init__(self, domain: str, folder: Path) -> None:
        self.domain = domain
        self.folder = folder
        self._catalogues: dict[str, Mapping[str, str] | gettext.NullTranslations] = {}

    def text(self, msgid: str, /, **params: object) -> str:
        """Translate now, into the current language."""
        text = self.translate(msgid, _current)
        return text.format(**{k: in_language(v) for k, v in params.items()}) if params else text

    def lazy(self, msgid: str, /, **params: object) -> LazyText:
        """A sentence to be translated when it is shown."""
        return LazyText(self, msgid, params)

    def translate(self, msgid: str, language: str) -> str:
        """The msgid in a language; the English msgid itself where there is no translation."""
        if language == "en" or not msgid:
            return msgid
        catalogue = self._catalogues.get(language)
        if catalogue is None:
            catalogue = self._catalogues[language] = self._load(language)
        if isinstance(catalogue, gettext.NullTranslations):
            return catalogue.gettext(msgid)
        return catalogue.get(msgid, msgid)

    def _load(self, language: str) -> Mapping[str, str] | gettext.NullTranslations:
        compiled = self.folder / f"{language}.mo"
        sources = sorted((self.folder / language).glob("*.po"))
        newest = max((path.stat().st_mtime for path in sources), default=0.0)
        if compiled.exists() and compiled.stat().st_mtime >= newest:
            with compiled.open("rb") as file:
                return gettext.GNUTranslations(file)
        return _read_sources(sources)


def _read_sources(paths: list[Path]) -> dict[str, str]:
    if not paths:
        return {}
    from babel.messages.pofile import read_po  # a development tool: installed desks always have the .mo

    entries: dict[str, str] = {}
    for path in paths:
        with path.open("rb") as file:
            catalogue = read_po(file)
        entries.update({str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy})
    return entries


core = Words("yichuang", Path(__file__).parents[1] / "locales")
