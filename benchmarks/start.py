"""Time to the first usable window as a ratio to a bare PyQt6 window, and with the model hall open; both in the same run.

Run: `python benchmarks/start.py [--rounds 7] [--data-dir DIR]`. Processes start in turns on a warm disc; the figures are the
smallest of all rounds, in seconds since the process began. A bare window is a main window with a label, a button and a
table of 20 rows, painted once. Goals: first usable window at most 2.0 times, hall open at most 3.0 times.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BARE = """
import time, os, sys
from PyQt6.QtWidgets import QApplication, QMainWindow, QTableWidget, QLabel, QPushButton, QVBoxLayout, QWidget
app = QApplication(sys.argv)
class Window(QMainWindow):
    painted = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            ticks = float(open('/proc/self/stat').read().rpartition(')')[2].split()[19])
            up = float(open('/proc/uptime').read().split()[0])
            print(up - ticks / os.sysconf('SC_CLK_TCK'))
            sys.stdout.flush()
            os._exit(0)
window = Window()
body = QWidget()
layout = QVBoxLayout(body)
layout.addWidget(QLabel('bare'))
layout.addWidget(QPushButton('bare'))
layout.addWidget(QTableWidget(20, 6))
window.setCentralWidget(body)
window.resize(1440, 900)
window.show()
app.exec()
"""


def bare(environment: dict[str, str]) -> float:
    """Seconds until a bare window has painted."""
    done = subprocess.run(
        [sys.executable, "-c", BARE], capture_output=True, text=True, env=environment, timeout=60, check=True
    )
    return float(done.stdout)


def ours(environment: dict[str, str], data: Path) -> dict[str, float]:
    """The moments of the suite's start."""
    done = subprocess.run(
        [sys.executable, "-m", "yichuang.shell.app", "--data-dir", str(data), "--new-instance", "--marks", "-"],
        capture_output=True, text=True, env=environment, timeout=120, check=True,
    )  # fmt: skip
    moments: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return moments


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
        ours(environment, data)
        pairs = [(bare(environment), ours(environment, data)) for _ in range(options.rounds)]
    floor = min(seconds for seconds, _ in pairs)
    marks = {
        mark: min(moments[mark] for _, moments in pairs) for mark in ("first_paint", "data_open", "ready")
    }
    ratios = {mark: round(seconds / floor, 2) for mark, seconds in marks.items()}
    print(json.dumps({"bare_window_s": floor, "suite_s": marks, "ratio": ratios}, indent=2))


if __name__ == "__main__":
    main()
