"""Search by pinyin initials, full pinyin, Chinese characters or code over the names of items, desks and people.

`pinyin_of` needs the package pypinyin and takes a moment: call it off the UI thread when a hall is loaded and store its
two strings. `SearchIndex` is built from stored strings alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, TypeAlias, cast

from yichuang.hall.model import Item

__all__ = ["Hit", "PinyinForm", "SearchEntry", "SearchIndex", "entry_of", "pinyin_of", "with_pinyin"]

# Characters of the field with a second reading that people type or that the dictionary picks wrongly; each reading is
# searchable. Rare readings are left out: they only add noise.
_READINGS = {
    "朝": ("chao", "zhao"),
    "长": ("chang", "zhang"),
    "重": ("zhong", "chong"),
    "行": ("xing", "hang"),
    "参": ("can", "shen"),
    "调": ("diao", "tiao"),
    "藏": ("cang", "zang"),
    "给": ("gei", "ji"),
    "降": ("jiang", "xiang"),
    "卡": ("ka", "qia"),
    "率": ("lv", "shuai"),
    "弹": ("dan", "tan"),
    "畜": ("chu", "xu"),
    "乐": ("le", "yue"),
    "厦": ("sha", "xia"),
    "扎": ("za", "zha"),
    "薄": ("bo", "bao"),
    "石": ("shi", "dan"),
    "曾": ("zeng", "ceng"),
    "仇": ("qiu", "chou"),
    "盖": ("gai", "ge"),
    "朴": ("piao", "pu"),
    "尉": ("wei", "yu"),
    "泊": ("bo", "po"),
    "卜": ("bu", "bo"),
    "血": ("xue", "xie"),
}
_MOST_VARIANTS = 8
_SEPARATOR = "|"
_SHORTEST_CODE = 3
_LOOSE = 9  # from this tier on, a way of matching is tried only where the ones before found few
_FEW = 5
_LETTERS = re.compile(r"[a-z0-9]+")

_Match: TypeAlias = tuple[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class PinyinForm:
    """How a name is typed.

    Attributes:
        initials: One letter or digit for every searchable character; readings separated by `|`.
        pinyin: One syllable for every searchable character, separated by blanks; readings separated by `|`.
    """

    initials: str
    pinyin: str


def _searchable(name: str) -> list[int]:
    """Positions of the characters that count in a search: everything but blanks and punctuation."""
    return [i for i, character in enumerate(name) if character.isalnum()]


def pinyin_of(name: str) -> PinyinForm:
    """The searchable forms of a name, several where characters have several readings.

    The first reading is the one the phrase dictionary gives, for 长 in 长期 and 校长 alike.
    """
    from pypinyin import Style, lazy_pinyin

    spoken: list[str] = lazy_pinyin(name, style=Style.NORMAL, errors=cast("Any", list), v_to_u=False)
    readings: list[tuple[str, ...]] = []
    for i in _searchable(name):
        first = spoken[i].lower() if spoken[i].isascii() and spoken[i].isalnum() else name[i].lower()[0]
        others = tuple(reading for reading in _READINGS.get(name[i], ()) if reading != first)
        readings.append((first, *others))
    variants = list(_variants(readings))
    initials = dict.fromkeys("".join(syllable[0] for syllable in variant) for variant in variants)
    return PinyinForm(_SEPARATOR.join(initials), _SEPARATOR.join(" ".join(variant) for variant in variants))


def _variants(readings: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """At most eight ways to read a name; with too many heteronyms, one changed at a time."""
    ways = 1
    for options in readings:
        ways *= len(options)
    if ways <= _MOST_VARIANTS:
        yield from product(*readings)
        return
    first = tuple(options[0] for options in readings)
    yield first
    changed = ((i, other) for i, options in enumerate(readings) for other in options[1:])
    for (i, other), _ in zip(changed, range(_MOST_VARIANTS - 1), strict=False):
        yield (*first[:i], other, *first[i + 1 :])


def with_pinyin(item: Item) -> Item:
    """The item with its search strings filled in."""
    form = pinyin_of(item.name)
    return replace(item, initials=form.initials, pinyin=form.pinyin)


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """Something that can be found: an item, a desk, a page.

    Attributes:
        key: What the caller opens.
        name: What is shown and matched.
        code: Matched from any place on.
        group: Shown beside the name, e.g. the agency; matched last.
        initials: As `pinyin_of` made it; may be empty.
        pinyin: Likewise.
        aliases: Other names.
    """

    key: str
    name: str
    code: str = ""
    group: str = ""
    initials: str = ""
    pinyin: str = ""
    aliases: tuple[str, ...] = ()


def entry_of(item: Item, agency_name: str) -> SearchEntry:
    """An item as the search shows it; its basic catalogue code is the code people know."""
    return SearchEntry(
        item.code, item.name, item.basic_code, agency_name, item.initials, item.pinyin, item.aliases
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """A found entry.

    Attributes:
        entry: What was found.
        tier: How well it fits, 0 best.
        spans: Half-open ranges of the name to show highlighted.
    """

    entry: SearchEntry
    tier: int
    spans: tuple[tuple[int, int], ...] = ()


class SearchIndex:
    """An index over names that answers a keystroke in well under a millisecond for some thousand entries.

    Each way of matching is one scan of one long text by the C string or regular expression engine. Entries stand in
    these texts with short names first, so a scan meets the better hits first and stops when there are enough.
    """

    def __init__(self, entries: Iterable[SearchEntry]) -> None:
        self.entries = tuple(sorted(entries, key=lambda entry: len(entry.name)))
        numbered = list(enumerate(self.entries))
        self._names = _Lines((i, _plain(entry.name)) for i, entry in numbered)
        self._initials = _Lines((i, line) for i, entry in numbered for line in _readings_in(entry.initials))
        self._pinyin = _Lines(
            (i, _capitals(line)) for i, entry in numbered for line in _readings_in(entry.pinyin)
        )
        self._codes = _Lines((i, entry.code.lower()) for i, entry in numbered)
        self._others = _Lines((i, _plain(other)) for i, entry in numbered for other in entry.aliases)
        self._groups = _Lines((i, _plain(entry.group)) for i, entry in numbered)

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        """The entries that fit best: whole words before gaps, beginnings before insides, short names first."""
        query = _plain(text)
        hits: dict[int, Hit] = {}
        if not query:
            return []
        for tier, matches in self._stages(query):
            if tier >= _LOOSE and len(hits) >= _FEW:
                break
            for index, chosen in matches:
                if index not in hits:
                    hits[index] = Hit(self.entries[index], tier, _spans(self.entries[index].name, chosen))
                    if len(hits) == limit:
                        return list(hits.values())
        return list(hits.values())

    def _stages(self, query: str) -> Iterator[tuple[int, Iterable[_Match]]]:
        is_typed = _LETTERS.fullmatch(query) is not None
        yield 0, self._names.exactly(query)
        yield 1, self._names.beginning(query)
        if is_typed:
            yield 2, self._initials.beginning(query)
            if len(query) >= _SHORTEST_CODE:
                yield 3, self._codes.containing(query, shown=False)
        yield 4, self._names.containing(query)
        yield 5, self._others.containing(query, shown=False)
        if is_typed:
            yield 6, self._initials.containing(query)
            yield 7, self._pinyin.spelling(query, only_beginning=True)
            yield 8, self._pinyin.spelling(query, only_beginning=False)
        yield _LOOSE, self._groups.containing(query, shown=False)
        if len(query) > 1:
            yield _LOOSE + 1, (self._initials if is_typed else self._names).scattered(query)


class _Lines:
    """Many short texts joined to a long one, each line remembering the entry it belongs to.

    Every way of matching yields the number of the entry and the searchable characters that matched.
    """

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        kept = [(index, line) for index, line in lines if line.strip()]
        self._owners = [index for index, _ in kept]
        self._starts: list[int] = []
        position = 1
        for _, line in kept:
            self._starts.append(position)
            position += len(line) + 1
        self._text = "\n" + "".join(f"{line}\n" for _, line in kept)

    def exactly(self, query: str) -> Iterator[_Match]:
        """Lines that are the query."""
        return self._found(f"\n{query}\n", 0, len(query))

    def beginning(self, query: str) -> Iterator[_Match]:
        """Lines that begin with the query."""
        return self._found(f"\n{query}", 0, len(query))

    def containing(self, query: str, *, shown: bool = True) -> Iterator[_Match]:
        """Lines that contain the query; `shown` where they are the name itself, character by character."""
        return self._found(query, None if shown else 0, len(query) if shown else 0)

    def _found(self, needle: str, start: int | None, length: int) -> Iterator[_Match]:
        text = self._text
        at = text.find(needle)
        while at >= 0:
            line = bisect_right(self._starts, at + 1) - 1
            first = at - self._starts[line] if start is None else start
            yield self._owners[line], range(first, first + length)
            at = text.find(needle, text.find("\n", at + 1))

    def spelling(self, query: str, *, only_beginning: bool) -> Iterator[_Match]:
        """Lines of syllables that the query spells by initials, whole syllables or a mixture of both."""
        steps = query[0].upper() + "".join(f"(?:{c}|[a-z]*{c.upper()})" for c in query[1:])
        for match in re.finditer(f"\n{steps}" if only_beginning else steps, self._text):
            start = match.start() + only_beginning
            line = bisect_right(self._starts, start) - 1
            first = _syllables(self._text[self._starts[line] : start])
            yield self._owners[line], range(first, first + _syllables(match[0]))

    def scattered(self, query: str) -> Iterator[_Match]:
        """Lines that begin with the query's first letter and hold the others in order."""
        steps = "[^\n]*?".join(f"({re.escape(letter)})" for letter in query)
        for match in re.finditer(f"\n{steps}", self._text):
            line = bisect_right(self._starts, match.start() + 1) - 1
            yield self._owners[line], [match.start(i + 1) - self._starts[line] for i in range(len(query))]


def _readings_in(stored: str) -> list[str]:
    return stored.split(_SEPARATOR)


def _capitals(pinyin: str) -> str:
    """`lin mu` as `LinMu`: where a syllable begins costs no character of its own and a scan finds it fast."""
    return "".join(syllable.capitalize() for syllable in pinyin.split())


def _syllables(text: str) -> int:
    return sum(1 for character in text if character.isupper() or character.isdigit())


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _spans(name: str, chosen: Iterable[int]) -> tuple[tuple[int, int], ...]:
    positions = _searchable(name)
    spans: list[tuple[int, int]] = []
    for position in (positions[i] for i in chosen):
        if spans and spans[-1][1] == position:
            spans[-1] = (spans[-1][0], position + 1)
        else:
            spans.append((position, position + 1))
    return tuple(spans)
