"""What a plugin is given while it is being activated."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


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
