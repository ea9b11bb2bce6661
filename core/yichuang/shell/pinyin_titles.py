"""How the titles of commands are typed: kept in a file, missing ones worked out by a child process.

The pinyin dictionary takes a quarter of a second to load without giving way to other threads; in this process the window
would stand still for that long.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from yichuang.hall.pinyin import PinyinForm, pinyin_of

log = logging.getLogger("yichuang.shell.search")
FILE_NAME = "pinyin.json"
CHILD_SECONDS = 30


def forms_of(titles: Iterable[str], folder: Path) -> dict[str, PinyinForm]:
    """The forms of all titles; a title whose form cannot be made is found by its characters only. On a worker."""
    wanted = list(dict.fromkeys(titles))
    path = folder / FILE_NAME
    known = _read(path)
    missing = [title for title in wanted if title not in known]
    if missing:
        made = _ask_child(missing)
        if made:
            known.update(made)
            _write(path, known)
    return {title: PinyinForm(*known[title]) for title in wanted if title in known}


def _ask_child(titles: list[str]) -> dict[str, list[str]]:
    command = [sys.executable, "-m", "yichuang.shell.pinyin_titles"]
    try:
        done = subprocess.run(
            command, input=json.dumps(titles).encode(), capture_output=True, timeout=CHILD_SECONDS, check=True
        )
        made: dict[str, list[str]] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.warning("no pinyin for the titles of commands: %s", error)
        return {}
    return made


def _read(path: Path) -> dict[str, list[str]]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(title): [str(part) for part in form][:2] for title, form in stored.items() if len(form) == 2}


def _write(path: Path, known: dict[str, list[str]]) -> None:
    try:
        part = path.with_suffix(".part")
        part.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        log.warning("the pinyin of commands cannot be kept: %s", error)


def main() -> int:
    """The child: titles in, forms out."""
    titles = json.load(sys.stdin)
    made = {title: pinyin_of(title) for title in titles}
    json.dump({title: [form.initials, form.pinyin] for title, form in made.items()}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
