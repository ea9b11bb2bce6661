"""Commands of the suite as processes of their own, forked from a program that has imported it: a tenth of a fresh start's time.

A fresh `python -m yichuang.cli` spends a second importing what it needs and a quarter of a second on its password.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

PROGRAM = """
import importlib, json, os, pkgutil, sys
from yichuang import cli, demo
from yichuang.hall.words import set_language
from yichuang.host import suite
from yichuang.identity import passwords
from yichuang.testing.passwords import cheap
passwords._hasher = cheap
plugins = [f"yichuang_{id}" for id in ("queue", "acceptance", "seal", "licence")]
for name in ("yichuang.demo", *(f"{plugin}.{part}" for plugin in plugins for part in ("plugin", "operations"))):
    package = importlib.import_module(name)
    for module in pkgutil.iter_modules(getattr(package, "__path__", ())):
        importlib.import_module(f"{name}.{module.name}")
while line := sys.stdin.readline():
    asked = json.loads(line)
    if (child := os.fork()) == 0:
        for number, way, path in zip((0, 1, 2), (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), asked["streams"]):
            os.dup2(os.open(path, way), number)
        os.environ.clear()
        os.environ.update(asked["environment"])
        set_language(os.environ["YICHUANG_LANGUAGE"])
        sys.stdin = open(0, closefd=False)
        sys.exit(cli.main(asked["arguments"]))
    print(child, flush=True)
    sys.stdin.readline()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""At every first line it starts a command and says its number, at every second line how it ended."""


class Commands:
    """The program. One command at a time; use it as a context manager."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="yichuang-commands-")
        self._streams = [Path(self._folder.name) / name for name in ("in", "out", "err")]
        self._running = 0
        self._program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    @property
    def said(self) -> str:
        """What the command has written to its standard error by now."""
        return self._streams[2].read_text(encoding="utf-8")

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], given: str | None = None
    ) -> int:
        """Start a command; returns the number of its process, which is its own until `wait`.

        Args:
            arguments: What stands behind `yichuang` on the command line.
            environment: All of it, with YICHUANG_LANGUAGE.
            given: What it reads from its standard input.
        """
        if self._running:  # of a test that failed
            os.kill(self._running, signal.SIGKILL)
            self.wait()
        for stream in self._streams:
            stream.write_text("", encoding="utf-8")
        self._streams[0].write_text(given or "", encoding="utf-8")
        streams = [str(stream) for stream in self._streams]
        asked = {"arguments": list(arguments), "environment": dict(environment), "streams": streams}
        self._running = self._ask(asked)
        return self._running

    def wait(self) -> int:
        """How it ended: its exit code, or the negative number of the signal that killed it."""
        self._running = 0
        return self._ask({})

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], given: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Start a command and return what became of it."""
        self.start(arguments, environment, given)
        code = self.wait()
        out = self._streams[1].read_text(encoding="utf-8")
        return subprocess.CompletedProcess(list(arguments), code, out, self.said)

    def _ask(self, line: dict[str, object]) -> int:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{json.dumps(line)}\n")
        self._program.stdin.flush()
        return int(self._program.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._program.communicate()
        self._folder.cleanup()
