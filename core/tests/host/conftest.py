"""A suite with chosen plugins, and a process that forgets them afterwards."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from yichuang.host.discovery import discover

BAD = Path(__file__).parents[3] / "tests" / "faults" / "bad_plugins"


@pytest.fixture(autouse=True)
def _forget_imports() -> Iterator[None]:
    """Test plugins are imported afresh in each test, and their folders leave the import path."""
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith("yichuang_"):
            del sys.modules[name]


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
