"""All plugins of a running suite: their states, their starts, their faults. No Qt, no database at import."""

from __future__ import annotations

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.host.activation import (
    StagedContext,
    StartFailedError,
    check_declared,
    describe,
    dispose,
    load,
    run_activate,
)
from yichuang.host.discovery import Found
from yichuang.host.manifest import Manifest
from yichuang.host.state import DEATHS_FOR_GOOD, PluginStore, Trouble

if TYPE_CHECKING:
    from yichuang.host.hooks import HookCalls
    from yichuang.host.registry import PluginRegistry

L = words.lazy
log = logging.getLogger("yichuang.host")

START_SECONDS = 20.0
FAULTS_KEPT = 20
Text: TypeAlias = LazyText | str
Watcher: TypeAlias = "Callable[[Plugin], None]"


class State(StrEnum):
    """Where a plugin stands."""

    DISCOVERED = "discovered"  # found, not started yet
    REJECTED = "rejected"  # its manifest is wrong; nothing was imported
    DISABLED = "disabled"  # a person switched it off
    SKIPPED = "skipped"  # left out of this start: safe mode, died last time, needs another plugin
    ACTIVE = "active"
    FAULTED = "faulted"  # its start failed; everything it registered was taken back


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure while a plugin was working: `where` is a hook's name."""

    at: datetime
    where: str
    summary: str
    traceback: str


@dataclass(frozen=True)
class Plugin:
    """A plugin at one moment, as the plugins page shows it.

    Attributes:
        reason: Why it does not run, or for which hooks it is no longer called; may be empty.
        traceback: Of the start that failed.
        faults: The last failures of its hooks, oldest first.
        stopped: Hooks for which it is no longer called, after failing three times in a row.
        failed_starts: Starts in a row that failed.
    """

    found: Found
    state: State
    reason: Text = ""
    traceback: str = ""
    faults: tuple[Fault, ...] = ()
    stopped: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    failed_starts: int = 0

    @property
    def id(self) -> str:
        """The plugin's id, by its folder where the manifest is wrong."""
        return self.found.id

    @property
    def manifest(self) -> Manifest | None:
        """What it says it is; None where that is wrong."""
        return self.found.manifest

    @property
    def folder(self) -> Path:
        """Its package folder."""
        return self.found.folder

    @property
    def version(self) -> str:
        """Its version, empty where the manifest is wrong."""
        return self.manifest.version if self.manifest else ""

    @property
    def badge(self) -> bool:
        """Whether a person should look at it."""
        return bool(self.faults or self.failed_starts) or self.state in (State.REJECTED, State.FAULTED)

    def title(self, language: str | None = None) -> str:
        """Its name in a language, by default the current one."""
        return self.manifest.title(language) if self.manifest else self.id


@dataclass
class _Entry:
    """What the host keeps of a plugin beside its snapshot."""

    disposables: list[Callable[[], None]] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=lambda: deque(maxlen=FAULTS_KEPT))
    final: bool = False  # its import failed or it hangs: not tried again in this process


@dataclass(frozen=True)
class Start:
    """How this start treats plugins.

    Attributes:
        only: Ids to start; None for all.
        safe_mode: Start none.
        retry_crashed: Start a plugin although the last start died in it.
        seconds: How long importing and activating may take, each.
    """

    only: Collection[str] | None = None
    safe_mode: bool = False
    retry_crashed: bool = False
    seconds: float = START_SECONDS


class PluginHost:
    """Starts, stops and watches plugins. Thread-safe; looking never waits for a plugin that is starting.

    Args:
        migrate: Brings a plugin's tables up to date; raises what a person or a developer should see.
    """

    def __init__(
        self,
        found: Iterable[Found],
        registry: PluginRegistry,
        hooks: HookCalls,
        store: PluginStore,
        clock: Callable[[], datetime],
        migrate: Callable[[Manifest], None],
        start: Start | None = None,
    ) -> None:
        self._registry = registry
        self._hooks = hooks
        self._store = store
        self._clock = clock
        self._migrate = migrate
        self._start_rules = start or Start()
        self._starting = threading.RLock()  # one plugin starts or stops at a time
        self._guard = threading.RLock()  # held for moments only
        self._watchers: list[Watcher] = []
        self._plugins: dict[str, Plugin] = {}
        self._doubles: list[Plugin] = []
        for each in found:
            self._take_in(each)
        self._entries = {plugin_id: _Entry() for plugin_id in self._plugins}
        store.count_dead_starts()

    def _take_in(self, found: Found) -> None:
        if found.manifest is None:
            reason: Text = found.problems[0] if len(found.problems) == 1 else _Lines(found.problems)
            plugin = Plugin(found, State.REJECTED, reason)
        else:
            plugin = Plugin(found, State.DISCOVERED, refused=self._store.refused(found.id))
            self._registry.refuse(found.id, plugin.refused)
        if found.id in self._plugins:
            self._doubles.append(plugin)
        else:
            self._plugins[found.id] = plugin

    def all(self) -> list[Plugin]:
        """Every plugin that was found, those with a good manifest first, in manifest order."""
        with self._guard:
            return sorted([*self._plugins.values(), *self._doubles], key=_place)

    def get(self, plugin_id: str) -> Plugin:
        """A plugin.

        Raises:
            UserError: UNKNOWN_PLUGIN.
        """
        with self._guard:
            if plugin_id not in self._plugins:
                raise UserError("UNKNOWN_PLUGIN", L("There is no plugin {id}.", id=plugin_id))
            return self._plugins[plugin_id]

    def manifests(self) -> list[Manifest]:
        """Manifests of the plugins that are running, in order."""
        return [each.manifest for each in self.all() if each.manifest and each.state is State.ACTIVE]

    def subscribe(self, watcher: Watcher) -> Callable[[], None]:
        """Tell somebody about every change of a plugin, on the thread where it happens; returns how to stop."""
        with self._guard:
            self._watchers.append(watcher)

        def stop() -> None:
            with self._guard:
                if watcher in self._watchers:
                    self._watchers.remove(watcher)

        return stop

    def activate_all(self) -> None:
        """Start every plugin, those that others need first; one that fails does not hinder the next."""
        for plugin_id in self._in_order():
            self.activate(plugin_id)

    def activate(self, plugin_id: str) -> Plugin:
        """Start a plugin and return what became of it. Whatever the plugin does, this does not raise.

        Raises:
            UserError: UNKNOWN_PLUGIN.
        """
        with self._starting:
            plugin = self.get(plugin_id)
            manifest, entry = plugin.manifest, self._entries[plugin_id]
            if manifest is None or plugin.state is State.ACTIVE or entry.final:
                return plugin
            left_out = self._why_not(manifest)
            if left_out is not None:
                count = _count(self._store.trouble(plugin_id, manifest.version))
                return self._set(
                    plugin_id, state=left_out[0], reason=left_out[1], traceback="", failed_starts=count
                )
            context = StagedContext(manifest, self._store.folder / "plugin-data" / plugin_id)
            entry.disposables = context.disposables
            try:
                with self._store.starting(plugin_id, manifest.version):
                    self._start(manifest, context)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - becomes the state of the plugin
                return self._start_failed(manifest, error)
            self._store.forget(plugin_id)
            log.info("plugin %s %s runs", plugin_id, manifest.version)
            return self._set(plugin_id, state=State.ACTIVE, reason="", traceback="", failed_starts=0)

    def disable(self, plugin_id: str) -> Plugin:
        """Switch a plugin off, now and from the next start as well.

        Raises:
            UserError: UNKNOWN_PLUGIN, STATE_NOT_SAVED.
        """
        with self._starting:
            plugin = self.get(plugin_id)
            self._store.set_disabled(plugin_id, True)
            if plugin.manifest is None:
                return plugin
            self._stop(plugin_id)
            return self._set(plugin_id, state=State.DISABLED, reason=L("It was switched off."), traceback="")

    def enable(self, plugin_id: str) -> Plugin:
        """Switch a plugin on again and start it.

        Raises:
            UserError: UNKNOWN_PLUGIN, STATE_NOT_SAVED.
        """
        with self._starting:
            self.get(plugin_id)
            self._store.set_disabled(plugin_id, False)
            return self.retry(plugin_id)

    def retry(self, plugin_id: str) -> Plugin:
        """Start a plugin afresh after a fault; what went wrong before is forgotten.

        A plugin whose import failed is tried at the next start of the program: half of its code may have run.

        Raises:
            UserError: UNKNOWN_PLUGIN.
        """
        with self._starting:
            plugin = self.get(plugin_id)
            if plugin.manifest is None:
                return plugin
            self._store.forget(plugin_id)
            if self._entries[plugin_id].final:
                reason = L("It will be tried again when the program is started the next time.")
                return self._set(plugin_id, state=State.FAULTED, reason=reason)
            self._stop(plugin_id)
            self._entries[plugin_id].faults.clear()
            self._set(plugin_id, state=State.DISCOVERED, reason="", faults=(), stopped=frozenset())
            plugin = self.activate(plugin_id)
            for each in self._needing(plugin_id):
                if self.get(each).state is State.SKIPPED:
                    self.activate(each)
            return plugin

    def refuse(self, plugin_id: str, permission: str, refused: bool = True) -> Plugin:
        """Refuse a permission to a plugin, or grant it again; nobody can use its operations meanwhile.

        Raises:
            UserError: UNKNOWN_PLUGIN, UNKNOWN_PERMISSION, STATE_NOT_SAVED.
        """
        plugin = self.get(plugin_id)
        known = {each.id for each in plugin.manifest.permissions} if plugin.manifest else set()
        if permission not in known:
            raise UserError("UNKNOWN_PERMISSION", L("The plugin does not ask for {name}.", name=permission))
        self._store.set_refused(plugin_id, permission, refused)
        now = self._store.refused(plugin_id)
        self._registry.refuse(plugin_id, now)
        return self._set(plugin_id, refused=now)

    def close(self) -> None:
        """Stop every plugin, newest first."""
        with self._starting:
            for plugin_id in reversed(self._in_order()):
                if self.get(plugin_id).state is State.ACTIVE:
                    self._withdraw(plugin_id)
                    self._set(plugin_id, state=State.DISCOVERED)

    def hook_failed(self, plugin_id: str, hook: str, error: BaseException) -> None:
        """Note the failure of a hook; for `HookCalls`."""
        log.error("plugin %s failed in hook %s", plugin_id, hook, exc_info=error)
        trace = "".join(traceback.format_exception(error))
        fault = Fault(self._clock(), hook, describe(error), trace)
        stopped = self._hooks.stopped(plugin_id)
        changes: dict[str, object] = {"stopped": stopped}
        if stopped:
            names = ", ".join(sorted(stopped))
            changes["reason"] = L("It failed too often and is no longer asked for: {hooks}.", hooks=names)
        with self._guard:
            faults = self._entries[plugin_id].faults
            faults.append(fault)
            changes["faults"] = tuple(faults)
        self._set(plugin_id, **changes)

    def _start(self, manifest: Manifest, context: StagedContext) -> None:
        seconds = self._start_rules.seconds
        activate = load(manifest, seconds)
        try:
            self._migrate(manifest)
        except UserError as error:
            raise StartFailedError(error.sentence) from error
        except Exception as error:
            trace = "".join(traceback.format_exception(error))
            why = describe(error)
            raise StartFailedError(
                L("Its tables could not be brought up to date: {why}.", why=why), trace
            ) from error
        run_activate(activate, context, seconds)
        check_declared(manifest, self._registry.declared_in(context.modules, manifest.id))
        for module in context.modules:
            self._registry.add(module, manifest.id)
        if context.implementations:
            self._hooks.register(
                manifest.id, manifest.words.lazy(manifest.name), manifest.order, context.implementations
            )

    def _start_failed(self, manifest: Manifest, error: BaseException) -> Plugin:
        self._withdraw(manifest.id)
        sentence: Text = getattr(error, "sentence", "") or L(
            "It failed while starting: {why}.", why=describe(error)
        )
        trace = getattr(error, "trace", "") or "".join(traceback.format_exception(error))
        if isinstance(error, StartFailedError) and error.hung:
            self._store.died(manifest.id, manifest.version)
        else:
            self._store.failed(manifest.id, manifest.version)
        self._entries[manifest.id].final = isinstance(error, StartFailedError) and error.final
        log.error("plugin %s did not start: %s\n%s", manifest.id, error, trace)
        trouble = self._store.trouble(manifest.id, manifest.version)
        return self._set(
            manifest.id, state=State.FAULTED, reason=sentence, traceback=trace, failed_starts=_count(trouble)
        )

    def _stop(self, plugin_id: str) -> None:
        """Take a running plugin back, and before it those that need it."""
        if self.get(plugin_id).state is not State.ACTIVE:
            return
        for each in self._needing(plugin_id):
            if self.get(each).state is State.ACTIVE:
                self._stop(each)
                self._set(each, state=State.SKIPPED, reason=_needs(self.get(plugin_id)))
        self._withdraw(plugin_id)

    def _needing(self, plugin_id: str) -> list[str]:
        """Ids of the plugins that require one."""
        return [each.id for each in self.all() if each.manifest and plugin_id in each.manifest.requires]

    def _withdraw(self, plugin_id: str) -> None:
        """Undo everything that a plugin registered: the only place where that is done."""
        self._hooks.unregister(plugin_id)
        self._registry.remove_owner(plugin_id)
        dispose(plugin_id, self._entries[plugin_id].disposables, self._start_rules.seconds)

    def _why_not(self, manifest: Manifest) -> tuple[State, Text] | None:
        """The state and reason of a plugin that is not to be started now."""
        rules = self._start_rules
        if rules.safe_mode:
            return State.SKIPPED, L("The program was started in safe mode, without plugins.")
        if rules.only is not None and manifest.id not in rules.only:
            return State.SKIPPED, L("This start was asked to run other plugins only.")
        if manifest.id in self._store.disabled():
            return State.DISABLED, L("It was switched off.")
        for needed in manifest.requires:
            other = self._plugins.get(needed)
            if other is None:
                return State.SKIPPED, L("It needs the plugin {name}, which is not installed.", name=needed)
            if other.state is not State.ACTIVE:
                return State.SKIPPED, _needs(other)
        trouble = None if rules.retry_crashed else self._store.held_back(manifest.id, manifest.version)
        if trouble is not None:
            if trouble.deaths >= DEATHS_FOR_GOOD:
                return State.SKIPPED, L(
                    "The program ended {count} times while this plugin was starting. It stays out until you try it again.",
                    count=trouble.deaths,
                )
            return State.SKIPPED, L(
                "The program ended while this plugin was starting. It is left out this time."
            )
        return None

    def _in_order(self) -> list[str]:
        """Ids in manifest order, each after those that it requires."""
        manifests = {each.id: each.manifest for each in self.all() if each.manifest is not None}
        ordered: dict[str, None] = {}

        def visit(plugin_id: str, path: tuple[str, ...]) -> None:
            if plugin_id in manifests and plugin_id not in ordered and plugin_id not in path:
                for needed in manifests[plugin_id].requires:
                    visit(needed, (*path, plugin_id))
                ordered[plugin_id] = None

        for plugin_id in manifests:
            visit(plugin_id, ())
        return list(ordered)

    def _set(self, plugin_id: str, **changes: object) -> Plugin:
        with self._guard:
            plugin = replace(self._plugins[plugin_id], **changes)  # type: ignore[arg-type]  # names are the fields'
            self._plugins[plugin_id] = plugin
            watchers = list(self._watchers)
        for watcher in watchers:
            try:
                watcher(plugin)
            except Exception:
                log.exception("a watcher of the plugins failed")
        return plugin


class _Lines(LazyText):
    """Several sentences, one a line, in the reader's language."""

    def __init__(self, sentences: tuple[LazyText, ...]) -> None:
        super().__init__(words, "\n", {})
        self.sentences = sentences

    def in_language(self, language: str) -> str:
        return "\n".join(each.in_language(language) for each in self.sentences)


def _needs(other: Plugin) -> LazyText:
    name = other.manifest.words.lazy(other.manifest.name) if other.manifest else other.id
    return L("It needs the plugin {name}, which is not running.", name=name)


def _count(trouble: Trouble) -> int:
    return trouble.failures + trouble.deaths


def _place(plugin: Plugin) -> tuple[int, int, str]:
    return (0, plugin.manifest.order, plugin.id) if plugin.manifest else (1, 0, plugin.id)
