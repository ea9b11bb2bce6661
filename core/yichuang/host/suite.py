"""The suite without its window: database, operations, plugins and hooks put together. Heavy: import it on a worker."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy.exc import ArgumentError, OperationalError

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.host.activation import describe
from yichuang.host.discovery import Found, discover
from yichuang.host.hooks import HookCalls
from yichuang.host.late_secrets import LateSecrets
from yichuang.host.manifest import Manifest
from yichuang.host.places import default_data_dir, default_database_url
from yichuang.host.plugins import START_SECONDS, PluginHost, Start
from yichuang.host.registry import PluginRegistry
from yichuang.host.state import PluginStore
from yichuang.operations.accounts import sign_in
from yichuang.operations.core import core_operations
from yichuang.operations.executor import Executor, utc_now
from yichuang.operations.model import AnyRequest
from yichuang.storage.database import Database
from yichuang.storage.migrate import CORE, Chain, migrate

if TYPE_CHECKING:
    from yichuang.identity.actor import Actor
    from yichuang.identity.secrets import Secrets
    from yichuang.operations.feed import Feed

L = words.lazy


class Suite:
    """An open hall. Thread-safe; made by `Suite.open`, ended by `close` or a `with` block.

    Attributes:
        plugins: Starts, stops and describes plugins.
        hooks: Questions to the plugins.
        executor: Runs operations and queries.
        clock: The moment, aware, UTC.
        data_dir: The desk's own folder.
        secrets: The hall's keys on this machine.
    """

    def __init__(
        self,
        database: Database,
        data_dir: Path,
        found: Iterable[Found],
        start: Start,
        clock: Callable[[], datetime],
        secrets: Secrets,
    ) -> None:
        self.database = database
        self.data_dir = data_dir
        self.clock = clock
        self.secrets = secrets
        self.registry = PluginRegistry()
        for module in core_operations():
            self.registry.add(module, "core")
        self.hooks = HookCalls(self._hook_failed)
        self.executor = Executor(database, self.registry, self.hooks, clock, secrets)
        self.plugins = PluginHost(
            found, self.registry, self.hooks, PluginStore(data_dir, clock), clock, self._migrate, start
        )

    @classmethod
    def open(
        cls,
        database_url: str | None = None,
        data_dir: Path | None = None,
        *,
        plugins: Collection[str] | None = None,
        plugin_dirs: Iterable[Path] = (),
        found: Iterable[Found] | None = None,
        safe_mode: bool = False,
        retry_crashed: bool = False,
        clock: Callable[[], datetime] | None = None,
        secrets: Secrets | None = None,
        plugin_seconds: float = START_SECONDS,
        start_plugins: bool = True,
    ) -> Self:
        """Open a hall's database, bring it up to date and start the plugins. Slow: not for a UI thread.

        Args:
            database_url: By default the SQLite file of the desk.
            data_dir: The desk's own folder, by default the platform's place.
            plugins: Ids of the only plugins to start.
            plugin_dirs: More folders with plugins; `<data_dir>/plugins` is one always.
            found: What `discover` has found already.
            safe_mode: Start no plugin.
            retry_crashed: Start a plugin although the program died while it was starting.
            clock: The moment, aware, UTC.
            secrets: Where keys are kept, by default the machine's keyring or sealed file.
            plugin_seconds: How long a plugin may take to import and to activate.
            start_plugins: False leaves that to the caller, who then calls `plugins.activate_all`.

        Raises:
            UserError: DATABASE_NEWER, DATABASE_AWAY, DATABASE_UNUSABLE, UNKNOWN_DATABASE, UNKNOWN_PLUGIN. What is
                wrong with a plugin is a state of that plugin instead.
        """
        folder = default_data_dir() if data_dir is None else data_dir
        if found is None:
            found = discover([*plugin_dirs, folder / "plugins"])
        found = list(found)
        unknown = sorted(set(plugins or ()) - {each.id for each in found})
        if unknown:
            raise UserError("UNKNOWN_PLUGIN", L("There is no plugin {id}.", id=", ".join(unknown)))
        database = _open_database(database_url or default_database_url(folder))
        try:
            start = Start(plugins, safe_mode, retry_crashed, plugin_seconds)
            suite = cls(database, folder, found, start, clock or utc_now, secrets or LateSecrets(folder))
            if start_plugins:
                suite.plugins.activate_all()
        except BaseException:
            database.close()
            raise
        return suite

    @property
    def manifests(self) -> list[Manifest]:
        """What the running plugins are, in order."""
        return self.plugins.manifests()

    @property
    def feed(self) -> Feed:
        """What has changed, also by other processes."""
        return self.executor.feed

    def run(self, actor: Actor, name: str, request: AnyRequest = None, key: str | None = None) -> Any:
        """Do an operation; see `Executor.run`."""
        return self.executor.run(actor, name, request, key)

    def query(self, actor: Actor, name: str, request: AnyRequest = None) -> Any:
        """Ask a query; see `Executor.query`."""
        return self.executor.query(actor, name, request)

    def sign_in(self, account: str, password: str, desk: str | None = None) -> Actor:
        """Become an actor.

        Raises:
            UserError: SIGN_IN_REFUSED, ACCOUNT_LOCKED, UNKNOWN_DESK.
        """
        return sign_in(self.executor, account, password, desk)

    def setting(self, key: str) -> Any:
        """A setting of the hall, or the default in the manifest that declares it.

        Raises:
            KeyError: No running plugin declares it.
        """
        declared = {each.key: each.default for manifest in self.manifests for each in manifest.settings}
        default = declared[key]
        from yichuang.identity.actor import Actor

        return self.executor.read(Actor.system(), lambda read: read.setting(key, default))

    def close(self) -> None:
        """Stop the plugins and the feed and give the database back. May be called twice."""
        self.plugins.close()
        self.executor.close()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _migrate(self, manifest: Manifest) -> None:
        if manifest.schema:
            migrate(self.database, Chain(manifest.id, manifest.package, manifest.schema))

    def _hook_failed(self, plugin: str, hook: str, error: BaseException) -> None:
        self.plugins.hook_failed(plugin, hook, error)


def _open_database(url: str) -> Database:
    """Open a database and bring core's tables up to date, or say why not."""
    database: Database | None = None
    try:
        database = Database.open(url)
        migrate(database, CORE)
    except BaseException as error:
        if database is not None:
            database.close()
        known = _opening_error(error)
        if known is None:
            raise
        raise known from error
    return database


def _opening_error(error: BaseException) -> UserError | None:
    """What a person can do about a database that does not open; None for a bug."""
    if isinstance(error, ArgumentError):
        return UserError(
            "UNKNOWN_DATABASE",
            L("This is not the address of a database."),
            do=L("Use an address such as sqlite:///hall.db or postgresql://host/hall."),
        )
    cause = getattr(error, "orig", None) or error
    why = describe(cause) if isinstance(cause, Exception) else ""
    if isinstance(cause, OSError | sqlite3.Error):
        return UserError(
            "DATABASE_UNUSABLE",
            L("The hall's database cannot be used: {reason}.", reason=why),
            do=L("Check the disk and the file's permissions; restore a backup if it is damaged."),
        )
    if isinstance(error, OperationalError):
        return UserError(
            "DATABASE_AWAY",
            L("The hall's database does not answer."),
            do=L("Check that the database server runs and that this desk can reach it."),
            detail={"reason": why},
        )
    return None
