"""The one command: what is missing is named with its remedy, what has not changed is not done again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import bootstrap
import pytest
import system

ROOT = Path(bootstrap.__file__).parents[1]


def test_the_programs_need_only_the_standard_library():
    program = f"import sys; sys.path.insert(0, {str(ROOT / 'installer')!r}); import bootstrap, system"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_this_machine_has_what_it_needs():
    assert [need.package for need in system.missing(tests=True) if not need.optional] == []


@pytest.mark.parametrize(
    ("probe", "there"),
    [
        ("libgl.so.1", False),
        ("libGL.so.1", True),
        ("libGL.so", False),
        ("module:ensurepip", True),
        ("module:no_such_module", False),
        ("/etc/passwd", True),
        ("/no/such/file", False),
        ("no-such-program", False),
        ("server:no-such-server", False),
    ],
)
def test_a_probe_sees_its_thing(probe, there):
    listed = "\tlibGL.so.1 (libc6,x86-64) => /lib/libGL.so.1\n"
    assert system.is_there(probe, listed) is there


def lacking(monkeypatch, tmp_path, *needs):
    monkeypatch.setattr(system, "NEEDS", needs)
    monkeypatch.setenv("PATH", str(tmp_path))
    return system.ensure(tests=False)


def test_what_is_missing_is_named_with_the_command_that_brings_it(monkeypatch, tmp_path):
    (tmp_path / "apt-get").write_text("#!/bin/sh\necho broken mirror >&2\nexit 100\n")
    (tmp_path / "apt-get").chmod(0o755)
    with pytest.raises(system.SystemLacksError, match="broken mirror") as caught:
        lacking(monkeypatch, tmp_path, system.Need("pdf-tools", "pdf-tool-of-nobody", "no papers"))
    assert "pdf-tools: no papers" in str(caught.value)
    assert caught.value.remedy == "sudo apt-get update && sudo apt-get install -y pdf-tools"


def test_without_apt_the_packages_are_named(monkeypatch, tmp_path):
    with pytest.raises(system.SystemLacksError, match="no apt-get") as caught:
        lacking(monkeypatch, tmp_path, system.Need("pdf-tools", "pdf-tool-of-nobody"))
    assert "pdf-tools" in caught.value.remedy


def test_what_can_be_missed_is_only_mentioned(monkeypatch, tmp_path):
    said = lacking(
        monkeypatch, tmp_path, system.Need("odd-font", "/no/such/font", "no odd letters", optional=True)
    )
    assert said == "without odd-font: no odd letters"


def test_a_user_without_rights_is_told_so(monkeypatch, tmp_path):
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 0\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(system.SystemLacksError, match="not root, and there is no sudo"):
        lacking(monkeypatch, tmp_path, system.Need("pdf-tools", "pdf-tool-of-nobody"))


def test_a_failed_step_names_its_remedy_and_the_next_run_begins_there(tmp_path):
    tree = tmp_path / "tree"
    shutil.copytree(
        ROOT / "installer", tree / "installer", ignore=shutil.ignore_patterns("tests", "__pycache__")
    )
    (tree / "constraints.txt").write_text("uv==0.0.0\n")
    command = [sys.executable, tree / "installer" / "bootstrap.py", "setup"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert "[2/5] Python environment" in done.stdout
    assert "FAILED" in done.stderr
    assert "REMEDY  check the network" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tree / ".venv" / "steps.json").exists()


def test_an_unknown_command_is_refused():
    done = subprocess.run(
        [sys.executable, ROOT / "installer" / "bootstrap.py", "fly"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "new-plugin" in done.stderr


def test_a_step_is_due_when_one_of_its_inputs_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "STEPS", tmp_path / "steps.json")
    source = tmp_path / "source"
    source.write_text("one")
    assert not bootstrap.Setup(tests=False)._fresh("step", source, "3.11")
    bootstrap.Setup(tests=False)._done("step", source, "3.11")
    assert bootstrap.Setup(tests=False)._fresh("step", source, "3.11")
    assert not bootstrap.Setup(tests=False)._fresh("step", source, "3.12")
    source.write_text("two")
    assert not bootstrap.Setup(tests=False)._fresh("step", source, "3.11")
    (tmp_path / "steps.json").write_text("{half")
    assert not bootstrap.Setup(tests=False)._fresh("step", source, "3.11")


@pytest.mark.parametrize(("display", "expected"), [("", ["demo"]), (":7", ["hall", "desk"])])
def test_run_opens_a_window_only_where_one_can_be_seen(monkeypatch, display, expected, capsys):
    begun = []
    monkeypatch.setattr(bootstrap.Setup, "run", lambda self: None)
    monkeypatch.setattr(bootstrap, "suite", lambda *words: begun.append(words[0]) or 0)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert bootstrap.run([]) == 0
    assert begun == expected
    assert ("No display here" in capsys.readouterr().out) is (not display)


def test_what_is_started_keeps_what_it_compiles(monkeypatch, tmp_path):
    (tmp_path / "kept.py").touch()
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    bootstrap.call([sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import kept"])
    assert list(tmp_path.glob("__pycache__/kept.*.pyc"))


def test_every_word_of_the_makefile_is_a_command():
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    [phony] = [line.removeprefix(".PHONY:").split() for line in lines if line.startswith(".PHONY:")]
    assert set(phony) == set(bootstrap.COMMANDS)
