"""What tests across packages share: a model hall made once, copied for each test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from forked import Commands


@dataclass(frozen=True)
class Desk:
    """A desk of the model hall, worked through the command line as a person at a terminal would."""

    folder: Path
    commands: Commands

    def run(self, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run `yichuang` as a process of its own and return what became of it."""
        return self.commands.run(
            [*arguments, "--data-dir", str(self.folder), "--json"],
            {**os.environ, "YICHUANG_SECRETS": "file", "YICHUANG_LANGUAGE": "zh_CN"},
            given,
        )

    def ask(self, *arguments: str, given: str | None = None) -> Any:
        """What a command answers; it must succeed."""
        done = self.run(*arguments, given=given)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)

    def call(self, account: str, name: str, request: dict[str, Any], *more: str) -> Any:
        """Do an operation as somebody."""
        return self.ask("call", name, json.dumps(request, ensure_ascii=False), "--as", account, *more)

    def query(self, account: str, name: str, request: dict[str, Any] | None = None) -> Any:
        """Ask a query as somebody."""
        return self.ask("query", name, json.dumps(request or {}, ensure_ascii=False), "--as", account)

    def refused(self, account: str, name: str, request: dict[str, Any], *more: str) -> dict[str, Any]:
        """The error of an operation that must be refused."""
        done = self.run("call", name, json.dumps(request, ensure_ascii=False), "--as", account, *more)
        assert done.returncode == 1, done.stdout + done.stderr
        return json.loads(done.stdout)["error"]


@pytest.fixture(scope="session")
def made_hall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model hall as `yichuang hall create` makes it; do not write to it."""
    folder = tmp_path_factory.mktemp("model") / "desk"
    done = subprocess.run(
        [sys.executable, "-m", "yichuang.cli", "hall", "create", "--data-dir", str(folder), "--json"],
        capture_output=True, text=True, timeout=300, check=False, env={**os.environ, "YICHUANG_SECRETS": "file"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (folder / "accounts.json").write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def commands() -> Iterator[Commands]:
    """Starts the commands of all desks."""
    with Commands() as program:
        yield program


@pytest.fixture
def desk(made_hall: Path, tmp_path: Path, commands: Commands) -> Desk:
    """A desk with a model hall of its own."""
    folder = tmp_path / "own-desk"
    shutil.copytree(made_hall, folder)
    return Desk(folder, commands)


@pytest.fixture
def account(desk: Desk) -> Callable[[str], str]:
    """The account of the model hall that has exactly these roles."""
    opened = {
        row["role"]: row["account"] for row in json.loads((desk.folder / "accounts.json").read_text("utf-8"))
    }
    return lambda roles: opened[roles]
