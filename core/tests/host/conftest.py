"""A suite with chosen plugins, and a process that forgets them afterwards."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from yichuang.host.discovery import discover

ROOT = Path(__file__).parents[3]
BAD = ROOT / "tests" / "faults" / "bad_plugins"
PROJECT = (f"{ROOT / 'plugins'}{os.sep}", f"{ROOT / 'resources'}{os.sep}", sysconfig.get_path("purelib"))


@pytest.fixture(autouse=True)
def _forget_imports() -> Iterator[None]:
    """Test plugins are imported afresh in each test, and their folders leave the import path.

    The plugins of the project stay: what is forgotten of them leaves their packages half imported for every later test.
    """
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith("yichuang_") and not _is_of_the_project(sys.modules[name]):
            del sys.modules[name]


def _is_of_the_project(module: ModuleType) -> bool:
    return module.__spec__ is not None and str(module.__spec__.origin).startswith(PROJECT)


@pytest.fixture
def open_with(data_dir: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open a suite with the plugins of some folders of bad_plugins; it is closed after the test.

    The database is the desk's own file, or `database_url` in a test that asks for both kinds.
    """
    from yichuang.host.suite import Suite

    opened: list[Suite] = []
    url = request.getfixturevalue("database_url") if "database_url" in request.fixturenames else None

    def open_(*cases: str | Path, **options: Any) -> Suite:
        found = discover([BAD / case for case in cases], path=[])
        suite = Suite.open(url, data_dir, found=found, **options)
        opened.append(suite)
        return suite

    yield open_
    for suite in opened:
        suite.close()
