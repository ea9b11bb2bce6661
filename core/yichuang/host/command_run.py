"""Runs one command of a plugin: opens the hall when it is needed, and ends the command when the process is told to end."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from yichuang.hall.errors import Text, UserError
from yichuang.hall.words import core as words
from yichuang.host.commands import HELP, load_word
from yichuang.host.manifest import Command, Manifest
from yichuang.host.state import PluginStore

if TYPE_CHECKING:
    from yichuang.devices import DeviceManager
    from yichuang.host.claims import Claim
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor
    from yichuang.journal.entries import JournalEntry

L = words.lazy
_ = words.text
END_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Desk:
    """What a command is run at.

    Attributes:
        open_suite: Opens the hall, and closes it at the end of the block.
        sign_in: Who is acting; may ask for a password.
        devices: Settings of this desk's devices by kind.
        usage: The options that every command has, for the help.
    """

    data_dir: Path
    open_suite: Callable[[], AbstractContextManager[Suite]]
    sign_in: Callable[[Suite], Actor]
    devices: Callable[[], Mapping[str, Mapping[str, Any]]] = dict
    safe_mode: bool = False
    json: bool = False
    usage: str = ""


class CommandRun:
    """The `CommandContext` of one run; thread-safe."""

    def __init__(self, manifest: Manifest, command: Command, arguments: Sequence[str], desk: Desk) -> None:
        self.arguments = tuple(arguments)
        self.json = desk.json
        self._manifest = manifest
        self._command = command
        self._desk = desk
        self._guard = threading.RLock()
        self._stack = ExitStack()
        self._opened: tuple[Suite, Actor] | None = None
        self._devices: DeviceManager | None = None
        self._stopping = threading.Event()
        self._looks = False

    def execute(self) -> int:
        """Run the command, and give everything back.

        Returns:
            Its exit code.

        Raises:
            UserError: PLUGIN_NOT_RUNNING, what opening the hall raises, what the command raises.
            SystemExit: The process was told to end and the command did not look.
            Exception: Whatever else the command raises; a result that is no exit code is a TypeError.
        """
        with self._stack, self._hearing_signals():
            self._refuse_stopped()
            if self._command.needs_hall and HELP.isdisjoint(self.arguments):
                self._hall()
            result = load_word(self._manifest, self._command.factory)(self)
        if result is not None and type(result) is not int:
            raise TypeError(f"{self._command.factory} gave {result!r}, expected an exit code")
        return result or 0

    # --- what the command uses ----------------------------------------------------------------------------------

    @property
    def plugin_id(self) -> str:
        """The plugin's id."""
        return self._manifest.id

    @property
    def log(self) -> logging.Logger:
        """Logger `yichuang.plugin.<id>`."""
        return logging.getLogger(f"yichuang.plugin.{self._manifest.id}")

    @property
    def data_dir(self) -> Path:
        """A writable folder of the plugin's own, made on first use."""
        folder = self._desk.data_dir / "plugin-data" / self._manifest.id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def actor(self) -> Actor:
        """Who was named by `--as`; nobody without it."""
        return self._hall()[1]

    @property
    def stopping(self) -> threading.Event:
        """Set when the command is to end. Whoever has asked for it is not interrupted: it looks for itself."""
        self._looks = True
        return self._stopping

    def parser(self, description: str = "") -> argparse.ArgumentParser:
        """A parser for `arguments` whose help names the command as it was typed."""
        return argparse.ArgumentParser(
            prog=f"yichuang {self._manifest.id} {self._command.name}",
            description=description or self._manifest.text(self._command.title),
            epilog=_("Every command also takes: {options}", options=self._desk.usage),
        )

    def now(self) -> datetime:
        """The suite's clock; the machine's while the hall is not open."""
        return self._opened[0].clock() if self._opened is not None else datetime.now(UTC)

    def setting(self, key: str) -> Any:
        """A setting of this plugin, or its default in the manifest."""
        return self._hall()[0].setting(key)

    def query(self, name: str, request: Any = None) -> Any:
        """See `Suite.query`."""
        suite, actor = self._hall()
        return suite.query(actor, name, request)

    def run(self, name: str, request: Any = None, key: str | None = None) -> Any:
        """See `Suite.run`."""
        suite, actor = self._hall()
        return suite.run(actor, name, request, key)

    def watch(
        self, listener: Callable[[list[JournalEntry]], None], link: Callable[[bool], None] | None = None
    ) -> Callable[[], None]:
        """See `CommandContext.watch`."""
        feed = self._hall()[0].feed
        stops = [feed.subscribe(listener)]
        if link is not None:
            stops.append(feed.on_link(link))
        feed.start()

        def stop() -> None:
            for each in stops:
                each()

        return stop

    def claim(self, role: str) -> Claim | None:
        """See `CommandContext.claim`."""
        from yichuang.host.claims import claim

        taken = claim(self._hall()[0].database, f"{self._manifest.id}.{role}")
        if taken is not None:
            self._stack.callback(taken.release)
        return taken

    def ask_device(
        self, kind: str, command: str, timeout: float | None = None, **arguments: Any
    ) -> dict[str, Any]:
        """See `CommandContext.ask_device`."""
        from yichuang.devices import DeviceManager

        with self._guard:
            if self._devices is None:
                self._devices = self._stack.enter_context(DeviceManager())
            device = self._devices.get(kind)
            if device is None:
                chosen = self._desk.devices().get(kind, {})
                if chosen.get("adapter") == "":
                    raise UserError(
                        "DEVICE_OFF",
                        L("The device {kind} is switched off at this desk.", kind=kind),
                        do=L("Set one up in the settings under devices."),
                    )
                device = self._devices.open(kind, chosen)
        answer: dict[str, Any] = device.ask(command, timeout, **arguments)
        return answer

    # --- the hall and the end -----------------------------------------------------------------------------------

    def _hall(self) -> tuple[Suite, Actor]:
        with self._guard:
            if self._opened is None:
                suite = self._stack.enter_context(self._desk.open_suite())
                plugin = suite.plugins.get(self._manifest.id)
                if plugin.state != "active":
                    raise not_running(self._manifest, plugin.reason)
                self._opened = suite, self._desk.sign_in(suite)
            return self._opened

    def _refuse_stopped(self) -> None:
        """What the host would not start is not run without the hall either."""
        if self._desk.safe_mode:
            raise not_running(self._manifest, L("The program was started in safe mode, without plugins."))
        store = PluginStore(self._desk.data_dir, lambda: datetime.now(UTC))
        if self._manifest.id in store.disabled():
            raise not_running(self._manifest, L("It was switched off."))

    @contextmanager
    def _hearing_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._on_signal) for number in END_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if not self._looks or self._stopping.is_set():
            raise SystemExit(128 + number)
        # On another thread: this one may be inside the event just now, holding the lock that setting it takes.
        threading.Thread(target=self._stopping.set, daemon=True).start()


def not_running(manifest: Manifest, reason: Text) -> UserError:
    """The error of a command or window whose plugin does not run."""
    return UserError(
        "PLUGIN_NOT_RUNNING",
        L("The plugin {name} does not run. {reason}", name=manifest.words.lazy(manifest.name), reason=reason),
        do=L("See the plugins page, or: yichuang plugins list"),
    )
