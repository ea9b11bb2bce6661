"""The start of the desk: what is loaded at the first paint, one instance, safe mode, the crash of the last time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import PLUGINS, People

HEAVY = (
    "sqlalchemy",
    "yichuang.api.ui",
    "yichuang.identity.actor",
    "alembic",
    "psycopg",
    "reportlab",
    "keyring",
    "pydantic",
    "cryptography",
    "pyhanko",
    "pypinyin",
)
SECONDS = 60

AT_PAINT = """
import json, sys
from yichuang.shell import app

original = app.Desk._after_first_paint

def after(self):
    print(json.dumps(sorted(sys.modules)))
    sys.stdout.flush()
    self.app.quit()

app.Desk._after_first_paint = after
sys.exit(app.main(sys.argv[1:]))
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False
    )


@pytest.fixture
def start(data_dir: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts desks as processes of their own and ends them."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "yichuang.shell.app", "--data-dir", str(data_dir), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=SECONDS)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for(path: Path, key: str) -> dict[str, float]:
    """The moments of a start, once it has come to this one."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if path.exists():
            try:
                moments: dict[str, float] = json.loads(path.read_text())
            except ValueError:
                moments = {}
            if key in moments:
                return moments
        time.sleep(0.02)
    raise AssertionError(f"the desk did not come to {key}")


def test_nothing_heavy_is_loaded_at_the_first_paint(data_dir: Path) -> None:
    done = run(AT_PAINT, "--data-dir", str(data_dir), "--plugin-dir", str(PLUGINS))
    assert done.returncode == 0, done.stderr
    modules = set(json.loads(done.stdout))
    assert modules & set(HEAVY) == set()
    assert {name for name in modules if name.startswith("yichuang_")} <= {
        "yichuang_resources",
        "yichuang_resources.fonts",
    }
    # The widgets and the names of the Qt namespace cost more than the window; see `shell/look.py`.
    assert "yichuang.widgets.paint" not in modules
    assert "PyQt6.QtNetwork" not in modules


def test_the_desk_opens_its_data_and_ends_by_itself_when_measured(
    start: Callable[..., subprocess.Popen[str]], hall_dir: Path, tmp_path: Path
) -> None:
    marks = tmp_path / "marks.json"
    process = start("--marks", str(marks))
    assert process.wait(SECONDS) == 0, process.communicate()[1]
    moments = json.loads(marks.read_text())
    assert 0 < moments["first_paint"] < moments["data_open"] <= moments["ready"]


def test_a_second_start_hands_over_and_ends(
    start: Callable[..., subprocess.Popen[str]], hall_dir: Path, tmp_path: Path
) -> None:
    first = start()
    wait_until(
        (hall_dir / "desk.lock").exists
    )  # from here on it is the first, although it does not listen yet
    second = start("--page=shell.settings")
    assert second.wait(SECONDS) == 0, (second.communicate(), first.poll())
    assert first.poll() is None
    first.send_signal(signal.SIGKILL)
    first.wait(SECONDS)
    marks = tmp_path / "marks.json"
    third = start("--marks", str(marks))
    assert third.wait(SECONDS) == 0, third.communicate()[1]
    assert "ready" in json.loads(marks.read_text())


def test_a_desk_that_does_not_answer_is_said(data_dir: Path) -> None:
    code = """
import sys
from pathlib import Path
from yichuang.shell import app, instance
lock = instance.lock_instance(Path(sys.argv[1]))
app.hand_over = lambda name, arguments: instance.hand_over(name, arguments, 0.2)
sys.exit(app.main(["--data-dir", sys.argv[1]]))
"""
    done = run(code, str(data_dir))
    assert done.returncode == 1
    assert "没有应答" in done.stderr


def test_a_crash_is_found_at_the_next_start(
    start: Callable[..., subprocess.Popen[str]], hall_dir: Path, tmp_path: Path
) -> None:
    first = start("--marks", str(tmp_path / "first.json"))
    wait_for(tmp_path / "first.json", "first_paint")
    first.send_signal(signal.SIGABRT)
    assert first.wait(SECONDS) != 0
    second = start("--marks", str(tmp_path / "second.json"))
    assert second.wait(SECONDS) == 0
    log = (hall_dir / "logs" / "yichuang.log").read_text(encoding="utf-8")
    assert "the last process ended by a crash" in log
    assert "Aborted" in log


def test_the_crash_of_the_last_time_is_shown_with_its_plugin(data_dir: Path) -> None:
    log = data_dir / "logs" / "crash.log"
    log.parent.mkdir(parents=True)
    log.write_text(
        'Fatal Python error: Segmentation fault\n\nCurrent thread 0x1\n  File "/x/yichuang_seal/ui/page.py"'
    )
    code = """
import sys
from yichuang.shell import window
from yichuang.shell.app import main

def show(self, report):
    print(report.crash, report.plugin, report.summary)
    self.close()

window.MainWindow.show_fault = show
sys.exit(main(sys.argv[1:]))
"""
    done = run(code, "--data-dir", str(data_dir))
    assert done.stdout == "True seal Fatal Python error: Segmentation fault\n", done.stderr


def test_safe_mode_starts_no_plugin(
    start: Callable[..., subprocess.Popen[str]], hall_dir: Path, tmp_path: Path
) -> None:
    code = """
import json, sys
from PyQt6.QtCore import QTimer
from yichuang.shell import app

def started(self):
    print(json.dumps({p.id: p.state for p in self.backend.suite.plugins.all()}))
    sys.stdout.flush()
    QTimer.singleShot(0, self.window.close)

app.Desk._on_started = started
sys.exit(app.main(sys.argv[1:]))
"""
    flags = ("--data-dir", str(hall_dir), "--plugin-dir", str(PLUGINS), "--new-instance")
    safe = run(code, *flags, "--safe-mode")
    assert set(json.loads(safe.stdout).values()) == {"skipped"}
    some = json.loads(run(code, *flags, "--only-plugins", "fair").stdout)
    assert some.pop("fair") == "active"
    assert set(some.values()) == {"skipped"}


def test_one_signs_in_with_the_remembered_password(
    start: Callable[..., subprocess.Popen[str]], hall_dir: Path, tmp_path: Path, people: People
) -> None:
    marks = tmp_path / "marks.json"
    process = start(
        "--as", people.clerk, "--marks", str(marks), "--plugin-dir", str(PLUGINS), "--only-plugins", "fair"
    )
    assert process.wait(SECONDS) == 0, process.communicate()[1]
    moments = json.loads(marks.read_text())
    assert moments["ready"] > moments["data_open"]


def test_the_language_of_a_start(data_dir: Path) -> None:
    code = """
import sys
from yichuang.shell import app

def after(self):
    print(self.window.form.title.text(), self.window.form.button.text())
    self.app.quit()

app.Desk._after_first_paint = after
sys.exit(app.main(sys.argv[1:]))
"""
    flags = ("--data-dir", str(data_dir), "--new-instance")
    assert run(code, *flags).stdout == "登录 登录\n"
    assert run(code, *flags, "--language", "en").stdout == "Sign in Sign in\n"
    assert os.environ.get("YICHUANG_LANGUAGE") is None
