"""Screenshots of every page with the demo hall; Qt lives in the shell, which is imported only here and only when asked."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import TYPE_CHECKING

from yichuang.hall.words import core as words

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from yichuang.demo.day import Day

L = words.lazy
CHILD_SECONDS = 300


def draw(options: argparse.Namespace) -> list[Path]:
    """Draw every page as the people named, by default one of each kind of work."""
    from yichuang.shell.screenshots import draw_all

    drawn: list[Path] = draw_all(options)
    return drawn


def draw_in_child(day: Day) -> list[str]:
    """Draw in a process of its own; without Qt nothing is drawn, and the day says so."""
    if importlib.util.find_spec("PyQt6") is None:
        day.say(str(L("no screenshots: Qt is not installed")))
        return []
    folder = day.plan.out / "screenshots"
    command = [
        sys.executable, "-m", "yichuang.cli", "screenshots", "--out", str(folder), "--json",
        "--database", day.suite.database.url.render_as_string(hide_password=False),
        "--data-dir", str(day.suite.data_dir),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_SECONDS, check=False)
    if done.returncode:
        day.say(done.stderr.strip()[-2000:])
        return []
    return sorted(path.name for path in folder.glob("*.png"))
