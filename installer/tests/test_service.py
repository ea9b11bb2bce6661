"""A process that starts with the machine: what systemd and the Windows scheduler are told, and that it is taken away again."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import bootstrap
import service

SENDER = ["acceptance", "messages", "--as", "sender", "--database", "postgresql://hall/一窗?a=50%25&b=$x"]
SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def read(unit: str) -> configparser.RawConfigParser:
    found = configparser.RawConfigParser(strict=True)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # systemd tells capitals apart
    found.read_string(unit)
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What systemctl is asked, in a home of its own."""
    told: list[str] = []
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(service, "_run", lambda *words, check=True: told.append(" ".join(words)))
    monkeypatch.setattr(service, "WINDOWS", False)
    return told


def test_the_unit_runs_the_command_and_starts_it_again(tmp_path):
    unit = read(service.unit_of(SENDER, tmp_path / "bin" / "yichuang"))
    assert unit["Service"]["Restart"] == "on-failure"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0", (
        "a database that is away for an hour does not end it for good"
    )
    assert unit["Install"]["WantedBy"] == "default.target"
    started = unit["Service"]["ExecStart"]
    assert started.startswith(f"{tmp_path}/bin/yichuang acceptance messages --as sender --database ")
    assert "a=50%%25&b=$$x" in started, "systemd reads % and $ itself"


def test_a_window_starts_with_the_desktop():
    unit = read(service.unit_of(["queue", "board"], Path("/opt/yichuang"), window=True))
    assert unit["Install"]["WantedBy"] == unit["Unit"]["PartOf"] == "graphical-session.target"


def test_words_with_blanks_stay_one_word():
    unit = read(service.unit_of(["queue", "announce", "--zone", 'east "1"'], Path("/opt/a b/yichuang")))
    assert unit["Service"]["ExecStart"] == '"/opt/a b/yichuang" queue announce --zone "east \\"1\\""'


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_unit(tmp_path):
    file = tmp_path / "yichuang-acceptance-messages.service"
    file.write_text(service.unit_of(SENDER, Path(sys.executable)), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", "--man=no", str(file)], capture_output=True, text=True, check=False,
        timeout=60, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
    )  # fmt: skip
    assert file.name not in done.stderr, done.stderr


def test_the_task_of_windows_is_never_stopped_for_running_long():
    task = ET.fromstring(service.task_of(SENDER, Path("C:/一窗/pythonw.exe")).split("?>", 1)[1])
    found = {each.tag.removeprefix(SPACE): each.text for each in task.iter()}
    assert found["ExecutionTimeLimit"] == "PT0S"
    assert found["Command"] == "C:/一窗/pythonw.exe"
    assert found["Arguments"] == "-m yichuang.cli " + subprocess.list2cmdline(SENDER)
    assert found["Interval"] == "PT1M"


def test_it_is_installed_and_taken_away(asked, tmp_path):
    said = service.install(SENDER)
    file = tmp_path / "systemd" / "user" / "yichuang-acceptance-messages.service"
    assert str(bootstrap.PROGRAMS / "yichuang") in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0, "an address of a database may hold a password"
    assert "loginctl enable-linger" in said
    assert [words.split()[2] for words in asked] == ["daemon-reload", "enable", "restart"]
    service.remove(["acceptance", "messages"])
    assert not file.exists()
    assert asked[-2:] == [f"systemctl --user disable --now {file.name}", "systemctl --user daemon-reload"]
    with pytest.raises(service.StepError):
        service.remove(["acceptance", "messages"])


@pytest.mark.parametrize("command", [[], ["--as", "sender"], ["../evil"], ["Acceptance messages"]])
def test_a_command_without_a_name_is_refused(asked, tmp_path, command):
    with pytest.raises(service.StepError):
        service.install(command)
    assert asked == []
    assert not (tmp_path / "systemd").exists()


def test_a_refusal_of_the_system_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(service, "WINDOWS", False)
    answer = subprocess.CompletedProcess([], 1, "", "Failed to connect to bus")
    monkeypatch.setattr(service.subprocess, "run", lambda *_a, **_k: answer)
    with pytest.raises(service.StepError, match="Failed to connect to bus"):
        service.install(SENDER)
