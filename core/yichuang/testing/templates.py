"""Databases with all tables and a small hall in them, made once in a run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yichuang.testing.postgres import PostgresServer


@dataclass(frozen=True)
class Wanted:
    """What a database holds.

    Attributes:
        plugins: Whose tables.
        fill: Called with a suite over the migrated database, once in a run; None leaves it empty.
        clock: The time in which it is filled; any will do that is not behind the tests' own.
    """

    plugins: frozenset[str]
    fill: Callable[[Any], None] | None = None
    clock: Callable[[], Any] | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it another database."""
        return self.plugins, self.fill


class Templates:
    """Databases of this run, one for each kind of content on each kind of database: migrating takes ten times as long.

    Args:
        folder: For the SQLite files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[object, ...], str] = {}

    def sqlite(self, wanted: Wanted, target: Path) -> None:
        """Put such a database at a path where nothing is yet."""
        key = ("sqlite", *wanted.key)
        if key not in self._made:
            made = self._folder / f"{len(self._made)}.sqlite"
            self._make(f"sqlite:///{made.as_posix()}", wanted)
            self._made[key] = str(made)
        shutil.copyfile(self._made[key], target)

    def postgresql(self, wanted: Wanted, server: PostgresServer) -> str:
        """The name of such a database to copy on the server."""
        key = ("postgresql", *wanted.key)
        if key not in self._made:
            name = f"template_{len(self._made)}"
            server.sql(f"CREATE DATABASE {name} TEMPLATE template0")
            self._make(server.url(name), wanted)
            server.keep_template(name)
            self._made[key] = name
        return self._made[key]

    def _make(self, url: str, wanted: Wanted) -> None:
        _migrate(url, wanted.plugins)
        if wanted.fill is None:
            return
        from yichuang.host.suite import Suite

        folder = self._folder / f"desk-{len(self._made)}"
        folder.mkdir()
        with Suite.open(url, folder, plugins=wanted.plugins, clock=wanted.clock) as suite:
            wanted.fill(suite)


def _migrate(url: str, plugins: Collection[str]) -> None:
    """What opening a hall does to an empty database before the plugins start."""
    from yichuang.host.discovery import discover
    from yichuang.storage.database import Database
    from yichuang.storage.migrate import CORE, Chain, migrate

    database = Database.open(url)
    try:
        migrate(database, CORE)
        for found in discover():
            manifest = found.manifest
            if manifest is not None and found.id in plugins and manifest.schema:
                migrate(database, Chain(manifest.id, manifest.package, manifest.schema))
    finally:
        database.close()
