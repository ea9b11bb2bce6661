"""pytest plugin: a display, databases and a hall for tests. pytest finds it through the `pytest11` entry point."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from yichuang.testing.templates import Wanted

if TYPE_CHECKING:
    from yichuang.host.discovery import Found
    from yichuang.host.suite import Suite
    from yichuang.testing.postgres import PostgresServer
    from yichuang.testing.templates import Templates

# Before anything imports PyQt6: pytest-qt does so when pytest is configured. The platform's own screen is 800 x 800.
_SCREENS = Path(__file__).with_name("screens.json")
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={_SCREENS}")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Lets Python import core as everywhere else.

    pytest parses the `assert` statements of every package that brings it a plugin, which is all of core. The suite imports
    core's modules from several threads, and two threads that parse at once make Python 3.11 fail now and then ("AST
    constructor recursion depth mismatch"): so no assert of core is rewritten.
    """
    hook: Any = early_config.pluginmanager.rewrite_hook
    getattr(hook, "_must_rewrite", set()).discard("yichuang")
    getattr(hook, "_marked_for_rewrite_cache", {}).clear()


def pytest_configure(config: pytest.Config) -> None:
    """Declares the marks of the kit."""
    config.addinivalue_line("markers", "leaks: leaves threads, timers or windows on purpose (say why)")


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the suite takes for this desk's own; no test touches the real one."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.setenv("YICHUANG_DATA", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    """Every test begins in Chinese, whatever the one before has chosen.

    The name is one that no test gives to an argument of its own: `parametrize("language", ...)` would replace a fixture
    called `language`, and what such a test chose would stay.
    """
    from yichuang.hall.words import set_language

    set_language("zh_CN")
    yield
    set_language("zh_CN")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this run's own."""
    with _server() as server:
        yield server


def _server(*, durable: bool = False) -> PostgresServer:
    from yichuang.testing.postgres import PostgresServer, server_programs

    if server_programs() is None:
        pytest.skip("NOT TESTED ON POSTGRESQL: no server on this machine (apt-get install postgresql-15)")
    return PostgresServer(durable=durable)


@pytest.fixture(scope="session")
def _templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    from yichuang.testing.templates import Templates

    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="session")
def _installed() -> list[Found]:
    """The plugins that Python can import; no test installs one."""
    from yichuang.host.discovery import discover

    return discover()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database; the test runs once for each kind.

    For a test with `open_suite`, PostgreSQL makes the database only when the first suite is opened.
    """
    if request.param == "sqlite":
        yield f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(later="open_suite" in request.fixturenames) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def own_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[str, Path | PostgresServer]]:
    """The address of a database that the test may take away, and its file or its server, which is this test's alone."""
    if request.param == "sqlite":
        file = tmp_path / "hall.sqlite"
        yield f"sqlite:///{file.as_posix()}", file
        return
    with _server(durable=True) as server:
        yield server.url(), server


@pytest.fixture
def open_suite(
    request: pytest.FixtureRequest,
    database_url: str,
    data_dir: Path,
    _templates: Templates,
    _installed: list[Found],
) -> Iterator[Callable[..., Suite]]:
    """Opens a hall on `database_url`; takes the arguments of `Suite.open` and closes it after the test.

    `fill` is called once in a run, with a suite over an empty hall; each test then begins with a copy of what it wrote.
    It must not look at what is a test's own, such as its keys.
    """
    with ExitStack() as stack:
        fresh = True

        def opened(*, fill: Callable[[Suite], None] | None = None, **arguments: Any) -> Suite:
            from yichuang.host.suite import Suite

            nonlocal fresh
            begins, fresh = fresh, False
            wanted = Wanted(frozenset(arguments.get("plugins") or ()), fill, arguments.get("clock"))
            copied = begins and _copy(request, database_url, wanted, _templates)
            if "plugin_dirs" not in arguments and not (data_dir / "plugins").exists():
                arguments.setdefault("found", _installed)
            suite = stack.enter_context(Suite.open(database_url, data_dir, **arguments))
            if begins and not copied and fill is not None:
                fill(suite)
            return suite

        yield opened


def _copy(request: pytest.FixtureRequest, url: str, wanted: Wanted, templates: Templates) -> bool:
    """Makes the test's database as a copy of such a template; False where somebody else's database is there."""
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        if file.exists():
            return False
        templates.sqlite(wanted, file)
        return True
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.create(url, lambda: templates.postgresql(wanted, server))


def pytest_report_header() -> list[str]:
    """Says which databases the run covers."""
    from yichuang.testing.postgres import server_programs

    programs = server_programs()
    qt = "" if importlib.util.find_spec("pytestqt") else "; no windows (pytest-qt is not installed)"
    return [f"yichuang: SQLite and {f'PostgreSQL from {programs}' if programs else 'NO PostgreSQL'}{qt}"]
