"""The machine's secrets, looked for when the first one is needed: asking a keyring costs a fifth of a second."""

from __future__ import annotations

import threading
from pathlib import Path

from yichuang.hall.words import LazyText
from yichuang.identity.secrets import Secrets, Store, open_secrets


class LateSecrets(Secrets):
    """Opens the real secrets at the first call. Thread-safe."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._guard = threading.Lock()
        self._opened: Secrets | None = None

    @property
    def opened(self) -> Secrets:
        """The real secrets.

        Raises:
            UserError: SECRETS_...
        """
        with self._guard:
            if self._opened is None:
                self._opened = open_secrets(self.directory)
            return self._opened

    @property
    def kind(self) -> Store:  # type: ignore[override]  # an attribute there, known here only after opening
        """Keyring or file."""
        return self.opened.kind

    def get(self, service: str, name: str) -> str | None:
        """The value, or None where there is none."""
        return self.opened.get(service, name)

    def set(self, service: str, name: str, value: str) -> None:
        """Keep a value, in place of an earlier one."""
        self.opened.set(service, name, value)

    def delete(self, service: str, name: str) -> bool:
        """Forget a value; whether there was one."""
        return self.opened.delete(service, name)

    def describe(self) -> LazyText:
        """Where the secrets are."""
        return self.opened.describe()
