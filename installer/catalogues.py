"""Merges the translations of every distribution into compiled catalogues, and checks that none is missing.

Each distribution keeps `locales/<language>/<part>.po` (several files, so that people do not meet in one) and reads
`locales/<language>.mo`, which is made here and not kept. `--check` also reads the code and fails for an English text
in `_()` or `L()` that has no translation, or only a doubtful one.
"""

from __future__ import annotations

import argparse
import os
import string
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parents[1]
# The language that must be complete; English is the texts themselves, others may be parts.
COMPLETE = "zh_CN"
KEYWORDS = {"_": None, "L": None}
# What a manifest shows to people: titles everywhere, and of the whole plugin its name.
SHOWN = ("title",)


def packages() -> list[Path]:
    """The package folders that have translations, in core, resources and every plugin."""
    folders = [*(ROOT / "core").glob("*/locales"), *(ROOT / "resources").glob("*/locales")]
    return [folder.parent for folder in [*folders, *sorted((ROOT / "plugins").glob("*/*/locales"))]]


def merge(folder: Path) -> tuple[Catalog, list[str]]:
    """Reads all parts of one language.

    Returns:
        The whole catalogue, and what is wrong with it: unreadable files, texts translated in two ways, doubtful ones.
    """
    whole, problems = Catalog(locale=folder.name, fuzzy=False), []
    for part in sorted(folder.glob("*.po")):
        where = part.relative_to(ROOT)
        try:
            with part.open("rb") as file:
                catalogue = read_po(file, locale=folder.name, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            problems.append(f"{where}: {error}")
            continue
        for message in catalogue:
            if not message.id or not message.string:
                continue
            if message.fuzzy:
                problems.append(f"{where}: doubtful (fuzzy): {message.id!r}")
                continue
            there = whole.get(message.id, message.context)
            if there is not None and there.string != message.string:
                problems.append(
                    f"{where}: {message.id!r} is {message.string!r} here, {there.string!r} elsewhere"
                )
            placeholders = _fields(message.id) ^ _fields(message.string)
            if placeholders:
                problems.append(
                    f"{where}: {message.id!r}: placeholders differ: {', '.join(sorted(placeholders))}"
                )
            whole.add(message.id, message.string, context=message.context)
    return whole, problems


def used(package: Path) -> Iterator[tuple[str, str]]:
    """Yields every text that a package shows, with the place where it stands."""
    for file in sorted(package.rglob("*.py")):
        for line, text, _, _ in extract_from_file("python", file, keywords=KEYWORDS):
            yield (text if isinstance(text, str) else text[0]), f"{file.relative_to(ROOT)}:{line}"
    manifest = package / "manifest.toml"
    if manifest.exists():
        for text in _shown(tomllib.loads(manifest.read_text(encoding="utf-8"))):
            yield text, str(manifest.relative_to(ROOT))


def untranslated(package: Path, catalogue: Catalog) -> list[str]:
    """Returns a line for each text of a package that the catalogue lacks."""
    lacking: dict[str, str] = {}
    for text, place in used(package):
        if text and text not in catalogue:
            lacking.setdefault(text, place)
    return [f"{place}: not translated into {COMPLETE}: {text!r}" for text, place in lacking.items()]


def write(catalogue: Catalog, target: Path) -> None:
    """Writes a compiled catalogue, whole or not at all."""
    part = target.with_name(f"{target.name}.{os.getpid()}")
    with part.open("wb") as file:
        write_mo(file, catalogue)
    part.replace(target)


def _shown(value: object, key: str = "", depth: int = 0) -> Iterator[str]:
    """Yields the texts in a manifest that people see; of options and keys these are the descriptions."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _shown(inner, "title" if key in ("options", "keys") else name, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _shown(inner, key, depth)
    elif isinstance(value, str) and (key in SHOWN or (key == "name" and depth == 1)):
        yield value


def _fields(text: object) -> set[str]:
    """The names in braces of a text."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(str(text)) if name}
    except ValueError:
        return {"unreadable"}


def main() -> int:
    """Compiles all catalogues; with `--check` also compares them with the code."""
    parser = argparse.ArgumentParser(description="Compile the translations.")
    parser.add_argument("--check", action="store_true", help="fail if a text has no translation")
    check = parser.parse_args().check
    problems: list[str] = []
    count = 0
    for package in packages():
        catalogues = {}
        for folder in sorted(path for path in (package / "locales").iterdir() if path.is_dir()):
            catalogue, wrong = merge(folder)
            problems += wrong
            write(catalogue, package / "locales" / f"{folder.name}.mo")
            catalogues[folder.name] = catalogue
            count += len(catalogue)
        if check:
            problems += untranslated(package, catalogues.get(COMPLETE, Catalog()))
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{count} translations, {len(problems)} problems", end=" " if not check else "\n", flush=True)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
