"""What a plugin is given while it is being activated, and what a command of its own is given when it is run."""

from __future__ import annotations

import argparse
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from yichuang.identity.actor import Actor
    from yichuang.journal.entries import JournalEntry


class Context(Protocol):
    """What a plugin may register; the host undoes all of it when the plugin stops or fails."""

    @property
    def plugin_id(self) -> str:
        """The plugin's id."""
        ...

    @property
    def log(self) -> logging.Logger:
        """Logger `yichuang.plugin.<id>`."""
        ...

    @property
    def folder(self) -> Path:
        """The plugin's package folder, read only."""
        ...

    @property
    def data_dir(self) -> Path:
        """A writable folder of the plugin's own, made on first use."""
        ...

    def operations(self, *sources: object) -> None:
        """Register modules of operations, or single ones; they must be the ones that the manifest declares."""
        ...

    def hooks(self, implementation: object) -> None:
        """Register an object with `@hookimpl` methods."""
        ...

    def on_dispose(self, undo: Callable[[], None]) -> None:
        """Call something, in reverse order, when the plugin stops."""
        ...


class Claim(Protocol):
    """A role that this process has and no other."""

    def holds(self) -> bool:
        """Whether it still has it; the connection to the database may have been cut."""
        ...

    def release(self) -> None:
        """Give it back; a second time does nothing."""
        ...


class CommandContext(Protocol):
    """What a command of a plugin may use. Every member may be called from every thread.

    The hall is opened before the command runs or, with `needs_hall = false`, when the command first asks it something.
    """

    @property
    def plugin_id(self) -> str:
        """The plugin's id."""
        ...

    @property
    def arguments(self) -> Sequence[str]:
        """What was typed behind the command, without the options that every command has."""
        ...

    @property
    def json(self) -> bool:
        """Whether the answer is wanted in JSON."""
        ...

    @property
    def log(self) -> logging.Logger:
        """Logger `yichuang.plugin.<id>`."""
        ...

    @property
    def data_dir(self) -> Path:
        """A writable folder of the plugin's own, made on first use."""
        ...

    @property
    def actor(self) -> Actor:
        """Who was named by `--as`, at the desk of `--desk`; nobody without it."""
        ...

    @property
    def stopping(self) -> threading.Event:
        """Set when the command is to end (Ctrl+C, SIGTERM). A command that never asks for it is interrupted instead."""
        ...

    def parser(self, description: str = "") -> argparse.ArgumentParser:
        """A parser for `arguments` whose help names the command as it was typed."""
        ...

    def now(self) -> datetime:
        """The suite's clock (aware, UTC)."""
        ...

    def setting(self, key: str) -> Any:
        """A setting of this plugin, or its default in the manifest."""
        ...

    def query(self, name: str, request: Any = None) -> Any:
        """Ask a query.

        Raises:
            UserError: Whatever a person can understand.
        """
        ...

    def run(self, name: str, request: Any = None, key: str | None = None) -> Any:
        """Run an operation; the same key gives the first result again.

        Raises:
            UserError: Whatever a person can understand; nothing was changed then.
        """
        ...

    def watch(
        self, listener: Callable[[list[JournalEntry]], None], link: Callable[[bool], None] | None = None
    ) -> Callable[[], None]:
        """Call a listener with what anybody commits from now on, in order, on a thread of its own.

        Args:
            listener: Told of every batch of journal rows, also of other processes.
            link: Told when the database is lost (False), and when it is found again and what was missed has been told (True).

        Returns:
            Call it to listen no longer.
        """
        ...

    def claim(self, role: str) -> Claim | None:
        """Take a role that only one process of the hall has at a time, None where another one has it.

        It is given back when the command ends, however it ends.

        Args:
            role: Such as "voice:permits"; it is this plugin's own.
        """
        ...

    def ask_device(
        self, kind: str, command: str, timeout: float | None = None, **arguments: Any
    ) -> dict[str, Any]:
        """Send a command to a device of this desk and wait for the answer; the device is opened at the first question.

        Raises:
            UserError: DEVICE_...
        """
        ...
