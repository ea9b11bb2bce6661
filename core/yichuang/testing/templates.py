"""Databases with all tables in them, made once in a run and copied for each test: migrating takes ten times as long."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.testing.postgres import PostgresServer


class Templates:
    """Migrated databases of this run, one for each set of plugins on each kind of database.

    Args:
        folder: For the SQLite files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[str, frozenset[str]], str] = {}

    def sqlite(self, plugins: Collection[str], target: Path) -> None:
        """Put a migrated database at a path where nothing is yet."""
        wanted = ("sqlite", frozenset(plugins))
        if wanted not in self._made:
            made = self._folder / f"{len(self._made)}.sqlite"
            _migrate(f"sqlite:///{made.as_posix()}", plugins)
            self._made[wanted] = str(made)
        shutil.copyfile(self._made[wanted], target)

    def postgresql(self, plugins: Collection[str], server: PostgresServer) -> str:
        """The name of a migrated database to copy on the server."""
        wanted = ("postgresql", frozenset(plugins))
        if wanted not in self._made:
            name = f"template_{len(self._made)}"
            server.sql(f"CREATE DATABASE {name} TEMPLATE template0")
            _migrate(server.url(name), plugins)
            self._made[wanted] = name
        return self._made[wanted]


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
