"""What an applicant is shown on the second screen: the own data, line by line, as one text that can be hashed.

Article 32 (3) lets errors be corrected on the spot; the applicant confirms on this screen. It holds what the applicant gave
and what follows for the applicant, never an opinion of the authority. It is a record like the papers, so its words are
Chinese and stay as they were shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from yichuang.api import canonical_json

VERSION = 1


@dataclass(frozen=True)
class Line:
    """One line; `key` says which one is wrong."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class Content:
    """Everything on the screen.

    Attributes:
        title: The item.
        used_for: Names of the papers that carry the signature.
        owed: Materials promised for later, with the day by which in `owed_by` (ISO).
        consents: To what the applicant agrees by signing: licences and earlier materials that are used.
    """

    title: str
    lines: tuple[Line, ...]
    used_for: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    owed_by: str = ""
    consents: tuple[str, ...] = ()

    def encoded(self) -> bytes:
        """As it is kept; the same content gives the same bytes."""
        return canonical_json({"version": VERSION, **asdict(self)}).encode()


def decoded(data: bytes) -> Content:
    """Back from `Content.encoded`."""
    plain = json.loads(data)
    lines = tuple(Line(**line) for line in plain["lines"])
    names = {name: tuple(plain[name]) for name in ("used_for", "owed", "consents")}
    return Content(plain["title"], lines, owed_by=plain["owed_by"], **names)


def lines_of(pairs: Sequence[tuple[str, str, str]], form: Mapping[str, str]) -> tuple[Line, ...]:
    """Key, label and value of what stands there, then the form; empty values are no lines."""
    fixed = [Line(key, label, value) for key, label, value in pairs if value]
    return (*fixed, *(Line(f"form.{label}", label, value) for label, value in form.items() if value))


def materials_text(papers: int, licences: int, owed: int) -> str:
    """Such as 7 份，其中免提交 2 份，容缺 1 份; empty where there is nothing."""
    count = papers + licences + owed
    if not count:
        return ""
    parts = [f"{count} 份"]
    if licences:
        parts.append(f"其中免提交 {licences} 份")
    if owed:
        parts.append(f"容缺 {owed} 份")
    return "，".join(parts)
