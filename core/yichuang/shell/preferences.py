"""What this machine and its people chose: theme, language, desk, devices, view state. An .ini file in the data folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QSettings, pyqtSignal

FILE_NAME = "desk.ini"

DEFAULTS: dict[str, Any] = {
    "theme": "light",
    "language": "",
    "scale": 100,
    "desk": "",
    "idle_minutes": 10,
    "nav_expanded": True,
    "devices": {},
    "last_account": "",
}
"""Every preference of the machine with the value it has before anybody chose one; its type is the preference's type."""


class Preferences(QObject):
    """Typed access to the settings of this machine.

    Signals:
        changed: Name of a preference that has another value now.
    """

    changed = pyqtSignal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Explicit file: QSettings' own place is outside the data folder and would be shared by every test.
        self._store = QSettings(str(folder / FILE_NAME), QSettings.Format.IniFormat)
        # QSettings looks at the file at every question, up to 10 ms; one process per desk is the only one to write it.
        self._known: dict[str, str | None] = {}

    def get(self, name: str) -> Any:
        """A preference of the machine; a value of the wrong type counts as not chosen."""
        return self._read(name, DEFAULTS[name])

    def set(self, name: str, value: Any) -> None:
        """Keep a preference of the machine and tell whoever shows it."""
        if name not in DEFAULTS:
            raise KeyError(name)
        if value != self.get(name):
            self._write(name, value)
            self.changed.emit(name)

    def load_view(self, account: str, key: str, default: Any) -> Any:
        """View state that one person left on this machine."""
        return self._read(f"view/{account or '-'}/{key}", default)

    def save_view(self, account: str, key: str, value: Any) -> None:
        """Keep a person's view state; JSON-able values only."""
        self._write(f"view/{account or '-'}/{key}", value)

    def splitters(self, account: str) -> Splitters:
        """Where a person left the splitters, as the mapping that `Splitter.store` wants."""
        return Splitters(self, account)

    def sync(self) -> None:
        """Write to the file now."""
        self._store.sync()

    def _write(self, key: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=True)
        if self._known.get(key) != text:
            self._known[key] = text
            self._store.setValue(key, text)

    def _read(self, key: str, default: Any) -> Any:
        if key not in self._known:
            stored = self._store.value(key, None)
            self._known[key] = stored if isinstance(stored, str) else None
        text = self._known[key]
        if text is None:
            return default
        try:
            value = json.loads(text)
        except ValueError:
            return default
        return value if default is None or type(value) is type(default) else default


class Splitters(MutableMapping[str, list[int]]):
    """Splitter sizes of one person, kept in the preferences."""

    def __init__(self, preferences: Preferences, account: str) -> None:
        self._preferences = preferences
        self._account = account
        self._sizes: dict[str, list[int]] = preferences.load_view(account, "splitters", {})

    def __getitem__(self, key: str) -> list[int]:
        return self._sizes[key]

    def __setitem__(self, key: str, sizes: list[int]) -> None:
        self._sizes[key] = list(sizes)
        self._preferences.save_view(self._account, "splitters", self._sizes)

    def __delitem__(self, key: str) -> None:
        del self._sizes[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sizes)

    def __len__(self) -> int:
        return len(self._sizes)
