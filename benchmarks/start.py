"""Time to the first usable window as a ratio to a bare PyQt6 window, and with the model hall open; both in the same run.

Run: `python benchmarks/start.py [--rounds 7] [--data-dir DIR]`. Processes start in turns on a warm disc; the figures are the
smallest of all rounds, in seconds since the process was asked for. A bare window is a main window with a label, a button and a
table of 20 rows, painted once. `limit` is what nothing built on the same libraries can be faster than: the bare window,
then on a thread, as the suite does it, SQLAlchemy and pydantic imported, the hall's file opened and one row read.

The suite's moments: `first_paint`, the window in which one types account and password and presses the button, a press that
comes early is kept; `data_open`, the hall's data can be asked; `plugins_up`, what the button asked for begins. Goals: first
paint at most 2.0 times a bare window, with the model hall at most 3.0 times; why the data takes longer than that stands in
`docs/decisions/0015-start.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MARKS = ("first_paint", "data_open", "plugins_up")
BARE = """
import os, sys, time
from PyQt6.QtWidgets import QApplication, QMainWindow, QTableWidget, QLabel, QPushButton, QVBoxLayout, QWidget
app = QApplication(sys.argv)
class Window(QMainWindow):
    painted = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            after_paint()
window = Window()
body = QWidget()
layout = QVBoxLayout(body)
layout.addWidget(QLabel('bare'))
layout.addWidget(QPushButton('bare'))
layout.addWidget(QTableWidget(20, 6))
window.setCentralWidget(body)
window.resize(1440, 900)
def end():
    print(time.time())
    sys.stdout.flush()
    os._exit(0)
"""
SHOW = """
window.show()
app.exec()
"""
PAINT_ONLY = "after_paint = end\n"
AND_A_ROW = """
import threading
def read():
    import pydantic
    import sqlalchemy
    pydantic.TypeAdapter(str)
    with sqlalchemy.create_engine('sqlite:///' + sys.argv[1]).connect() as connection:
        connection.execute(sqlalchemy.text('SELECT count(*) FROM core_agency')).one()
    end()
def after_paint():
    threading.Thread(target=read).start()
"""


def bare(environment: dict[str, str], then: str, *arguments: str) -> float:
    """Seconds until a bare window has painted and has done what follows."""
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", BARE + then + SHOW, *arguments],
        capture_output=True, text=True, env=environment, timeout=60, check=True,
    )  # fmt: skip
    return float(done.stdout) - begun


def empty_desk(environment: dict[str, str]) -> float:
    """Seconds until the suite has painted where there is no hall yet."""
    with tempfile.TemporaryDirectory() as name:
        return ours(environment, Path(name) / "desk")["first_paint"]


def ours(environment: dict[str, str], data: Path) -> dict[str, float]:
    """The moments of the suite's start."""
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "yichuang.shell.app", "--data-dir", str(data), "--new-instance", "--marks", "-"],
        capture_output=True, text=True, env=environment, timeout=120, check=True,
    )  # fmt: skip
    moments: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return {mark: moments["began"] + moments[mark] - begun for mark in MARKS}


def make_hall(folder: Path) -> None:
    """The model hall, as a first `make run` makes it."""
    subprocess.run(
        [sys.executable, "-m", "yichuang.cli", "hall", "create", "--if-missing", "--data-dir", str(folder), "--json"],
        stdout=subprocess.DEVNULL, env={**os.environ, "YICHUANG_SECRETS": "file"}, timeout=300, check=True,
    )  # fmt: skip


def main() -> None:
    """Print the moments and ratios as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--data-dir", type=Path, help="a folder with a hall; by default one is made")
    options = parser.parse_args()
    environment = {**os.environ, "YICHUANG_SECRETS": "file"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed desk has its byte code
    if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        data = options.data_dir or Path(name) / "desk"
        if options.data_dir is None:
            make_hall(data)
        file = str(data / "hall.sqlite")
        ours(environment, data)
        rounds = [
            (
                bare(environment, PAINT_ONLY),
                bare(environment, AND_A_ROW, file),
                ours(environment, data),
                empty_desk(environment),
            )
            for _ in range(options.rounds)
        ]
    window, limit = min(each[0] for each in rounds), min(each[1] for each in rounds)
    marks = {mark: min(each[2][mark] for each in rounds) for mark in MARKS}
    print(
        json.dumps(
            {
                "bare_window_s": round(window, 3),
                "limit_s": round(limit, 3),
                "empty_desk_to_bare_window": round(min(each[3] for each in rounds) / window, 2),
                "suite_s": {mark: round(seconds, 3) for mark, seconds in marks.items()},
                "ratio_to_bare_window": {mark: round(seconds / window, 2) for mark, seconds in marks.items()},
                "limit_to_bare_window": round(limit / window, 2),
                "ratio_to_limit": {mark: round(marks[mark] / limit, 2) for mark in MARKS[1:]},
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
