"""Commands of plugins: listed without importing them, run with a context, ended in good order."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from yichuang import cli
from yichuang.hall.words import current_language, set_language
from yichuang.host.manifest_checks import PROGRAM_WORDS
from yichuang.host.state import PluginStore

STAND = Path(__file__).parents[1] / "shell" / "plugins" / "yichuang_stand"
SECONDS = 60


@pytest.fixture(autouse=True)
def stand(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The plugin in the plugins folder of this desk."""
    monkeypatch.setenv("YICHUANG_SECRETS", "file")
    before = current_language()
    set_language("en")
    yield Path(shutil.copytree(STAND, data_dir / "plugins" / "yichuang_stand"))
    set_language(before)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs `yichuang` in this process: exit code, standard output, standard error."""

    def run_(*arguments: str) -> tuple[int, str, str]:
        try:
            code = cli.main(arguments)
        except SystemExit as end:  # as argparse ends
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return run_


def test_help_lists_them_without_importing_the_plugin(run):
    code, out, _ = run("--help")
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "stand add Add numbers, 100 % without a hall" in lines
    assert "stand board Notes board" in lines
    code, out, _ = run("stand", "--help")
    assert code == 0
    assert "add Add numbers, 100 % without a hall" in " ".join(out.split())
    code, out, _ = run("stand", "board", "--help")
    assert "--zone VALUE" in out
    assert "Use large type" in out
    assert "--screen N" in out
    assert not [name for name in sys.modules if name.startswith("yichuang_stand")]


def test_help_of_a_command_is_its_own_and_opens_no_hall(run, data_dir):
    code, out, _ = run("stand", "greet", "--help")
    assert code == 0
    assert out.startswith("usage: yichuang stand greet [-h] [note]")
    assert "[--database URL]" in out
    assert not (data_dir / "hall.sqlite").exists()


def test_no_plugin_is_looked_for_where_a_command_of_the_program_is_run(monkeypatch, run):
    monkeypatch.setattr("yichuang.host.discovery.discover", lambda *_: pytest.fail("looked for plugins"))
    monkeypatch.setattr(cli, "_doctor", lambda _options: 0)
    assert run("doctor")[0] == 0


def test_the_words_of_the_program_are_those_of_its_grammar():
    subcommands = next(action for action in cli.parser()._actions if action.dest == "command")
    assert set(subcommands.choices) == PROGRAM_WORDS


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonsense"], "There is no command nonsense"),
        (["stand"], "the following arguments are required"),
        (["stand", "nonsense"], "invalid choice: 'nonsense'"),
        (["stand", "add"], "the following arguments are required: numbers"),
        (["stand", "board", "--zne", "A"], "unrecognized arguments: --zne A"),
        (["stand", "board", "--language", "xx"], "invalid choice: 'xx'"),
    ],
)
def test_wrong_usage(run, arguments, sentence):
    code, _, err = run(*arguments)
    assert code == 2
    assert sentence in err


def test_a_command_without_a_hall_makes_none(run, data_dir):
    assert run("stand", "add", "1", "--json", "2", "--desk", "A01", "3") == (0, "6\n", "")
    assert not (data_dir / "hall.sqlite").exists()


def test_a_command_asks_and_writes(run, data_dir):
    code, out, err = run("stand", "greet", "--json", "note")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "actor": "",
        "desk": None,
        "greeting": "hello",
        "notes": ["note"],
        "json": True,
        "folder": str(data_dir / "plugin-data" / "stand"),
        "aware": True,
    }
    assert json.loads(run("stand", "greet", "note")[1])["notes"] == ["note"]  # the same key does it once


def test_a_refusal_is_a_sentence(run):
    code, out, err = run("stand", "greet", "bad")
    assert (code, out) == (1, "")
    assert "这条记录不能保存。 (BAD_NOTE)" in err
    code, out, _ = run("stand", "greet", "bad", "--json")
    assert code == 1
    assert json.loads(out)["error"]["code"] == "BAD_NOTE"


def test_a_command_asks_a_device(run):
    code, out, _ = run("stand", "announce", "你好")
    assert code == 0
    assert "spoken" in json.loads(out)


def test_a_device_that_is_switched_off_here(run, monkeypatch):
    monkeypatch.setattr(
        "yichuang.shell.preferences.Preferences.get", lambda _self, _name: {"voice": {"adapter": ""}}
    )
    code, _, err = run("stand", "announce", "你好")
    assert code == 1
    assert "DEVICE_OFF" in err


@pytest.mark.parametrize(
    ("name", "trace"),
    [
        ("break", "RuntimeError: the command cannot go on"),
        ("torn", "ImportError: half of it is missing"),
        ("odd", "gave 'fine', expected an exit code"),
    ],
)
def test_a_faulty_command_is_a_bug_with_its_trace(run, name, trace):
    code, _, err = run("stand", name)
    assert code == 70
    assert trace in err


def test_a_plugin_that_does_not_run_runs_no_command(run, stand, data_dir):
    for name in ("add", "greet"):
        code, _, err = run("stand", name, "1", "--safe-mode")
        assert code == 1
        assert "The plugin Stand does not run. The program was started in safe mode" in err
    PluginStore(data_dir, lambda: None).set_disabled("stand", True)
    for name in ("add", "greet"):
        code, _, err = run("stand", name, "1")
        assert code == 1
        assert "(PLUGIN_NOT_RUNNING)" in err
        assert "switched off" in err
    PluginStore(data_dir, lambda: None).set_disabled("stand", False)
    (stand / "plugin.py").write_text('"""Torn."""\nraise RuntimeError\n')
    code, _, err = run("stand", "greet")
    assert code == 1
    assert "The plugin Stand does not run. It could not be loaded" in err


def test_a_wrong_manifest_is_said(run, stand):
    (stand / "manifest.toml").write_text('id = "stand"\n')
    code, _, err = run("stand", "add", "1")
    assert code == 1
    assert "(PLUGIN_REJECTED)" in err
    assert "version is missing." in err
    assert "stand add" not in run("--help")[1]


def test_a_plugin_without_commands(run, stand):
    text = (stand / "manifest.toml").read_text(encoding="utf-8")
    (stand / "manifest.toml").write_text(text.partition("[[commands]]")[0], encoding="utf-8")
    assert "The plugin stand has no commands." in run("stand", "--help")[2]


# --- processes ----------------------------------------------------------------------------------------------------


class Process:
    """`yichuang` as a process of its own, whose lines are read as they come."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "yichuang.cli", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self) -> str:
        """The next line; fails when none comes."""
        return self._lines.get(timeout=SECONDS)

    def end(self, number: int) -> int:
        """Send a signal and wait for the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(SECONDS)
        self._reader.join()
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(SECONDS)
        self._reader.join()
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    running: list[Process] = []

    def begin(*arguments: str) -> Process:
        running.append(Process(*arguments))
        return running[-1]

    yield begin
    for process in running:
        process.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_command_that_looks_ends_by_itself(start, run, number):
    listening = start("stand", "listen")
    assert listening.line() == "listening"
    assert run("stand", "greet", "from another process")[0] == 0
    assert listening.line() == "note:from another process"
    assert listening.end(number) == 4
    assert listening.line() == "ended"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_command_that_does_not_look_is_interrupted_and_tidies_up(start, number, code):
    idle = start("stand", "idle")
    assert idle.line() == "idle"
    assert idle.end(number) == code
    assert idle.line() == "tidied"
    assert idle.process.stderr.read() == ""


def test_a_second_signal_interrupts_one_that_looks_and_goes_on(start):
    stubborn = start("stand", "stubborn")
    assert stubborn.line() == "told: False"
    stubborn.process.send_signal(signal.SIGTERM)
    assert stubborn.line() == "told: True"
    assert stubborn.end(signal.SIGTERM) == 143
    assert stubborn.line() == "tidied"
