"""Lets a process of the suite start with the machine: `make service ARGS="acceptance messages --as sender"`.

The sender of messages, the voice, the server of boards are commands that somebody would have to start by hand after each
power cut. On Linux this writes a unit of systemd for the user who runs it, on Windows a task of the scheduler; both start the
process again when it fails. `--remove` takes it away. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).parent))

from bootstrap import PROGRAMS, WINDOWS, StepError

RESTART_SECONDS = 10
TITLE = "Yichuang: {words}"
TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>{title}</Description></RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions><Exec><Command>{program}</Command><Arguments>{arguments}</Arguments></Exec></Actions>
</Task>
"""
UNIT = """[Unit]
Description={title}
StartLimitIntervalSec=0
{part}
[Service]
ExecStart={command}
Restart=on-failure
RestartSec={seconds}

[Install]
WantedBy={target}
"""


def name_of(command: Sequence[str]) -> str:
    """What the service of a command is called: the words before its first option.

    Raises:
        StepError: It begins with an option, or with something else than names of a plugin and of its command.
    """
    words = []
    for word in command:
        if word.startswith("-"):
            break
        words.append(word)
    if not words or not all(re.fullmatch(r"[a-z][a-z0-9_-]*", word) for word in words):
        raise StepError("The command is missing.", "name it, such as: acceptance messages --as ACCOUNT")
    return "-".join(["yichuang", *words])


def unit_of(command: Sequence[str], program: Path, *, window: bool = False) -> str:
    """The systemd unit that runs a command.

    Args:
        command: What follows `yichuang`.
        program: The suite's own program.
        window: It shows a window: it starts and ends with the desktop.
    """
    target = "graphical-session.target" if window else "default.target"
    return UNIT.format(
        title=_percent(TITLE.format(words=name_of(command).removeprefix("yichuang-"))),
        part=f"PartOf={target}\nAfter={target}\n" if window else "",
        command=" ".join(_quoted(part) for part in (str(program), *command)),
        seconds=RESTART_SECONDS,
        target=target,
    )


def task_of(command: Sequence[str], program: Path) -> str:
    """The task of the Windows scheduler that runs a command from the sign-in on, without a console window."""
    arguments = subprocess.list2cmdline(["-m", "yichuang.cli", *command])
    title = TITLE.format(words=name_of(command).removeprefix("yichuang-"))
    return TASK.format(title=escape(title), program=escape(str(program)), arguments=escape(arguments))


def _quoted(part: str) -> str:
    """A word of ExecStart: systemd reads quotes, backslashes, $ and % itself."""
    text = _percent(part.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$"))
    return text if re.fullmatch(r"[\w@%+=:,./-]+", text) else f'"{text}"'


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def unit_folder() -> Path:
    """Where systemd looks for the units of this user."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def install(command: Sequence[str], *, window: bool = False) -> str:
    """Let a command start with the machine, and start it now; returns what to say."""
    name = name_of(command)
    if WINDOWS:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "task.xml"
            file.write_text(task_of(command, PROGRAMS / "pythonw.exe"), encoding="utf-16")
            _run("schtasks", "/Create", "/F", "/TN", name, "/XML", str(file))
        _run("schtasks", "/Run", "/TN", name)
        return f"{name} runs from now on and after each sign-in; see it in the task scheduler."
    file = unit_folder() / f"{name}.service"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)  # an address of a database may hold a password
    file.write_text(unit_of(command, PROGRAMS / "yichuang", window=window), encoding="utf-8")
    _run("systemctl", "--user", "daemon-reload")
    _run("systemctl", "--user", "enable", file.name)
    _run("systemctl", "--user", "restart", file.name)  # a changed command line counts at once
    say = f"{file}\n{name} runs from now on; see it with: systemctl --user status {name}"
    return say if window else f"{say}\nTo start it before anybody signs in: loginctl enable-linger"


def remove(command: Sequence[str]) -> str:
    """End a service and start it no more; returns what to say."""
    name = name_of(command)
    if WINDOWS:
        _run("schtasks", "/End", "/TN", name, check=False)
        _run("schtasks", "/Delete", "/F", "/TN", name)
        return f"{name} is no longer started."
    file = unit_folder() / f"{name}.service"
    if not file.exists():
        raise StepError(f"There is no service {name}.", f"look into {file.parent}")
    _run("systemctl", "--user", "disable", "--now", file.name)
    file.unlink()
    _run("systemctl", "--user", "daemon-reload")
    return f"{name} is no longer started."


def _run(*words: str, check: bool = True) -> None:
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError as error:
        raise StepError(
            f"{words[0]} is not here.", "start the process some other way with the machine"
        ) from error
    if check and done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise StepError(
            f"{' '.join(words[:3])}: {said}",
            "sign in at the machine as the user of the process, then run this again",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the command line and does what it says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--remove", action="store_true", help="end it and start it no more")
    parser.add_argument("--window", action="store_true", help="it shows a window: it starts with the desktop")
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND", help="as after `yichuang`")
    options = parser.parse_args(arguments)
    print(remove(options.words) if options.remove else install(options.words, window=options.window))
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except StepError as failure:
        print(f"\nFAILED  {failure}\nREMEDY  {failure.remedy}", file=sys.stderr)
        raise SystemExit(1) from None
