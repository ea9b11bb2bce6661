"""The suite behind the window: opened on a worker after the first paint, asked only from workers, heard through signals."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.host.places import default_data_dir
from yichuang.shell.tasks import Done, Failed, Job, Runner

if TYPE_CHECKING:
    from yichuang.api.ui import Outcome
    from yichuang.host.plugins import Plugin
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor
    from yichuang.journal.entries import JournalEntry

L = words.lazy
PING_MS = 30_000
AWAY_PING_MS = 2_000
"""How often a database that does not answer is asked again."""
UNREACHABLE = frozenset({"DATABASE_AWAY", "DATABASE_BUSY"})


@dataclass(frozen=True, slots=True)
class Link:
    """How the database answers: the last answer's moment and how long it took."""

    online: bool = False
    milliseconds: float = 0.0
    at: datetime | None = None


@dataclass(frozen=True)
class Opening:
    """What to open."""

    database_url: str | None = None
    data_dir: Path | None = None
    only: tuple[str, ...] | None = None
    safe_mode: bool = False
    plugin_dirs: tuple[Path, ...] = ()
    clock: Callable[[], datetime] | None = field(default=None, compare=False)


class Backend(QObject):
    """Owns the suite and the task runner; everything that reaches the window comes as a signal on the UI thread.

    Signals:
        opened: The hall's data is there and may be asked; its plugins are being started.
        started: The plugins are up, or have failed to come up. Whatever was asked on the writing worker meanwhile,
            such as signing in, comes after them.
        refused: It could not be opened (UserError).
        plugin_changed: A plugin has another state or a new fault (Plugin).
        changes: frozenset of (topic, key) of what was committed, by anybody.
        link_changed: The connection to the database has changed or was measured again (Link).
    """

    opened = pyqtSignal()
    started = pyqtSignal()
    refused = pyqtSignal(object)
    plugin_changed = pyqtSignal(object)
    changes = pyqtSignal(object)
    link_changed = pyqtSignal(object)
    _entries_came = pyqtSignal()
    _plugin_came = pyqtSignal(object)
    _feed_link = pyqtSignal(bool)

    def __init__(self, report: Callable[[BaseException], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = Runner(report, self)
        self.suite: Suite | None = None
        self.data_dir = Path()
        self._clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.link = Link()
        self.settings: dict[str, Any] = {}
        self.safe_mode = False
        self._pending: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._owned = False
        self._quiet_until = 0.0
        self._milliseconds = 0.0
        self._undo: list[Callable[[], None]] = []
        # Emitted on other threads, so Qt queues them to this one.
        self._entries_came.connect(self._tell_changes)
        self._plugin_came.connect(self._tell_plugin)
        self._feed_link.connect(self._note_link)
        self.link_changed.connect(self._pace_ping)
        self._ping_timer = QTimer(self)
        self._ping_timer.setInterval(PING_MS)
        self._ping_timer.timeout.connect(self.ping)

    def open(self, opening: Opening) -> None:
        """Import the heavy half and open the database, then start the plugins, all on the writing worker."""
        self.safe_mode = opening.safe_mode
        self.data_dir = opening.data_dir or default_data_dir()
        self._clock = opening.clock or self._clock
        self.runner.submit(
            lambda job: self._open(opening, job), self._on_opened, self._on_refused, lane="write", owner=self
        )

    def adopt(self, suite: Suite) -> None:
        """Use a suite whose plugins are up already (tests, screenshots); its owner closes it."""
        self.data_dir = suite.data_dir
        self._prepare(suite)
        self._load_settings(suite)
        self._take(suite)
        self.opened.emit()
        self.started.emit()

    def close(self) -> None:
        """Stop listening, let the workers finish and close the suite if it was opened here."""
        self._ping_timer.stop()
        for undo in self._undo:
            undo()
        self._undo.clear()
        if self.runner.stop() and self.suite is not None and self._owned:
            self.suite.close()
        self.suite = None

    def now(self) -> datetime:
        """The suite's clock, also before the suite is there."""
        return self.suite.clock() if self.suite is not None else self._clock()

    def query(
        self,
        actor: Actor,
        name: str,
        request: Any = None,
        done: Done | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Ask on a reading worker."""
        return self.runner.submit(
            lambda _job: self._timed(lambda suite: suite.query(actor, name, request)),
            done,
            failed,
            owner=owner,
            title=name,
        )

    def run(
        self,
        actor: Actor,
        name: str,
        request: Any = None,
        done: Done | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
        key: str | None = None,
    ) -> Job:
        """Run an operation on the writing worker, keyed so that a retry after a lost answer does nothing twice."""
        once = key or new_key()
        return self.runner.submit(
            lambda _job: self._timed(lambda suite: suite.run(actor, name, request, key=once)),
            done,
            failed,
            lane="write",
            owner=owner,
            title=self.title_of(name),
        )

    def batch(
        self,
        actor: Actor,
        name: str,
        requests: Sequence[Any],
        each: Callable[[int, Any], None] | None,
        done: Callable[[list[Outcome]], None] | None,
        owner: QObject | None = None,
    ) -> Job:
        """Run one operation on many requests; an item's UserError is its own, a cancel stops before the next item."""
        from yichuang.api.ui import Outcome

        relay = _Relay(each, done, owner or self)

        def work(job: Job) -> list[Outcome]:
            outcomes: list[Outcome] = []
            for index, request in enumerate(requests):
                if not job.step(index, len(requests)):
                    break
                try:
                    result = self._timed(lambda suite, r=request: suite.run(actor, name, r, key=new_key()))
                    outcomes.append(Outcome(index, result=result))
                except UserError as error:
                    outcomes.append(Outcome(index, error=error))
                relay.came.emit(outcomes[-1])
            return outcomes

        return self.runner.submit(work, relay.end, None, lane="write", owner=owner, title=self.title_of(name))

    def call(
        self,
        act: Callable[[Suite], Any],
        done: Done | None = None,
        failed: Failed | None = None,
        *,
        lane: str = "read",
        owner: QObject | None = None,
        title: LazyText | str = "",
    ) -> Job:
        """Do something with the suite that is neither query nor operation, such as signing in."""
        return self.runner.submit(
            lambda _job: self._timed(act), done, failed, lane=lane, owner=owner, title=title
        )

    def title_of(self, name: str) -> str:
        """The title of an operation for the progress display; its name where it has none."""
        if self.suite is None or not self.suite.registry.has(name):
            return name
        operation = self.suite.registry.get(name)
        if not operation.title:
            return name
        for manifest in self.suite.manifests:
            if manifest.id == operation.owner:
                return manifest.text(operation.title)
        return words.text(operation.title)

    def setting(self, key: str, default: Any = None) -> Any:
        """A setting of the hall, from memory: the UI thread never waits for the database."""
        return self.settings.get(key, default)

    def ping(self) -> None:
        """Measure how the database answers."""
        if self.suite is not None:
            self.call(self._measure, failed=lambda _error: None, owner=self)

    def _measure(self, suite: Suite) -> None:
        from yichuang.identity.actor import Actor

        begun = time.perf_counter()
        suite.query(Actor.nobody(), "shell.ping")
        self._milliseconds = (time.perf_counter() - begun) * 1000
        self._quiet_until = 0.0  # shown at once

    def _open(self, opening: Opening, job: Job) -> Suite | None:
        from yichuang.host.suite import Suite
        from yichuang.identity.secrets import open_secrets

        suite = Suite.open(
            opening.database_url,
            self.data_dir,
            secrets=open_secrets(self.data_dir),
            plugins=None if opening.only is None else list(opening.only),
            plugin_dirs=opening.plugin_dirs,
            safe_mode=opening.safe_mode,
            clock=opening.clock,
            start_plugins=False,
        )
        if job.cancelled:  # the window was closed meanwhile, and nobody would close the suite
            suite.close()
            return None
        self._owned = True
        self._prepare(suite)
        return suite

    def _prepare(self, suite: Suite) -> None:
        """Register the shell's own operations and listen to what changes."""
        from yichuang.shell import operations

        for plugin in suite.plugins.all():
            plugin.title()  # reads the plugin's catalogue
        if not suite.registry.has("shell.home"):
            suite.registry.add(operations, "core")
        self._undo.append(suite.feed.subscribe(self._on_entries))
        self._undo.append(suite.feed.on_link(self._feed_link.emit))
        self._undo.append(suite.plugins.subscribe(self._plugin_came.emit))
        suite.feed.start()

    def _read_settings(self) -> None:
        if self.suite is not None:
            self.call(self._load_settings, failed=lambda _error: None, owner=self)

    def _tell_plugin(self, plugin: Plugin) -> None:
        self.plugin_changed.emit(plugin)

    def _load_settings(self, suite: Suite) -> None:
        from yichuang.identity.actor import Actor
        from yichuang.identity.away_sign_in import DAYS, DAYS_KEY

        keys = [setting.key for manifest in suite.manifests for setting in manifest.settings]
        days = suite.executor.read(Actor.system(), lambda read: read.setting(DAYS_KEY, DAYS))
        self.settings = {DAYS_KEY: days, **{key: suite.setting(key) for key in keys}}

    def _on_opened(self, suite: Suite | None) -> None:
        if suite is None:  # the window was closed meanwhile
            return
        self._take(suite)
        # Before anybody hears of the suite: what they ask on the writing worker waits for the plugins.
        self.runner.submit(
            lambda _job: self._start_plugins(suite), lambda _: self.started.emit(), lane="write", owner=self
        )
        self.opened.emit()

    def _start_plugins(self, suite: Suite) -> None:
        suite.plugins.activate_all()
        with suppress(UserError):  # the database is away: read when it answers again
            self._load_settings(suite)

    def _take(self, suite: Suite) -> None:
        self.suite = suite
        self._ping_timer.start()
        self.ping()
        self.runner.submit(_load_workspace, owner=self)

    def _on_refused(self, error: UserError) -> None:
        self.refused.emit(error)

    def _timed(self, act: Callable[[Suite], Any]) -> Any:
        """Ask the suite on a worker, and note whether the database answered."""
        suite = self.suite
        if suite is None:
            raise not_ready()
        try:
            value = act(suite)
        except UserError as error:
            self._note_link(error.code not in UNREACHABLE)
            raise
        self._note_link(True)
        return value

    def _note_link(self, online: bool) -> None:
        changed = online != self.link.online
        self.link = Link(online, self._milliseconds, datetime.now(UTC) if online else self.link.at)
        if changed or self._quiet_until < time.monotonic():
            self._quiet_until = time.monotonic() + 5
            self.link_changed.emit(self.link)

    def _pace_ping(self, link: Link) -> None:
        self._ping_timer.setInterval(PING_MS if link.online else AWAY_PING_MS)
        if link.online and not self.settings:
            self._read_settings()

    def _on_entries(self, entries: Sequence[JournalEntry]) -> None:
        found = changes_of(
            (entry.event if self._changes(entry.event) else "", entry.subject) for entry in entries
        )
        with self._lock:
            first = not self._pending
            self._pending |= found
        if first and found:
            self._entries_came.emit()

    def _changes(self, event: str) -> bool:
        """Whether an event changes what pages show. On the feed's thread."""
        suite = self.suite
        return suite is None or not suite.registry.has(event) or suite.registry.get(event).changes

    def _tell_changes(self) -> None:
        with self._lock:
            found, self._pending = frozenset(self._pending), set()
        if any(topic == "setting" for topic, _key in found):
            self._read_settings()
        if found:
            self.changes.emit(found)


def _load_workspace(_job: Job) -> None:
    """Import what signing in will need while the password is being typed: a fifth of a second for the UI thread else."""
    from yichuang.shell import home, workspace  # noqa: F401 - imported ahead of use


def not_ready() -> UserError:
    """The answer to whoever asks before the hall is open."""
    return UserError("NOT_READY", L("The hall's data is not open yet."), do=L("Wait a moment and try again."))


def new_key() -> str:
    """A key for one press of a button."""
    return os.urandom(16).hex()


def changes_of(rows: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The (topic, key) pairs of journal rows: subject `ticket:17` and event `queue.call_next` give one pair each."""
    found: set[tuple[str, str]] = set()
    for event, subject in rows:
        kind, separator, key = subject.partition(":")
        if separator:
            found.add((kind, key))
        owner = event.partition(".")[0]
        if owner:
            found.add((owner, event))
    return found


class _Relay(QObject):
    """Carries the items of a batch to the UI thread while the batch goes on, and its end behind all of them.

    Items and the end come by two ways of different length: the end may be there first, and brings what is missing.
    """

    came = pyqtSignal(object)

    def __init__(
        self, each: Callable[[int, Any], None] | None, done: Callable[[list[Outcome]], None] | None, parent: QObject
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._each, self._done = each, done
        self._told = 0
        self.came.connect(self._on_came)

    def _on_came(self, outcome: Outcome) -> None:
        if outcome.index < self._told:
            return
        self._told = outcome.index + 1
        if self._each is not None:
            self._each(outcome.index, outcome.error if outcome.error is not None else outcome.result)

    def end(self, outcomes: list[Outcome]) -> None:
        """The batch is over."""
        for outcome in outcomes:
            self._on_came(outcome)
        if self._done is not None:
            self._done(outcomes)
