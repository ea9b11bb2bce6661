"""Where keys and passwords of this machine are kept: the keyring of the system, else a sealed file.

Never in the database, a log, a command line or the environment. Which of the two it is gets decided once and is
remembered: a keyring that is missing or locked later is an error, not a reason to make new keys that open nothing.
"""

from __future__ import annotations

import json
import os
import secrets as randomness
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.identity.sealed_file import SealedFile, file_lock, replace_file

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

L = words.lazy

Store = Literal["keyring", "file"]

ENVIRONMENT = "YICHUANG_SECRETS"
"""keyring or file: what is chosen where nothing is remembered yet, for unattended machines and tests."""
MARKER = "secrets.json"
SEALED = "secrets.sealed"
CREDENTIAL_LOCKER_LIMIT = 1200
"""Characters; the Windows Credential Locker takes 2,560 bytes of UTF-16."""


class Secrets(ABC):
    """Names to values, grouped by service. Every call may ask a daemon or the disk: not for the UI thread."""

    kind: Store

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @abstractmethod
    def get(self, service: str, name: str) -> str | None:
        """The value, or None where there is none.

        Raises:
            UserError: SECRETS_...
        """

    @abstractmethod
    def set(self, service: str, name: str, value: str) -> None:
        """Keep a value, in place of an earlier one.

        Raises:
            UserError: SECRETS_...
        """

    @abstractmethod
    def delete(self, service: str, name: str) -> bool:
        """Forget a value; whether there was one.

        Raises:
            UserError: SECRETS_...
        """

    @abstractmethod
    def describe(self) -> LazyText:
        """Where the secrets are, for the settings and the machine check."""

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes of this machine from reading and then writing in between."""
        with file_lock(self.directory / "secrets.lock"):
            yield

    def create_once(self, service: str, name: str, make: Callable[[], str]) -> str:
        """The value, made now if there is none; two processes get the same one."""
        found = self.get(service, name)
        if found is not None:
            return found
        with self.lock():
            found = self.get(service, name)
            if found is None:
                self.set(service, name, make())
                found = self.get(service, name)
        if found is None:  # a store that forgets (such as keyring's null back end) must not look like one
            raise _unavailable()
        return found


class SealedFileSecrets(Secrets):
    """Secrets in a `SealedFile`."""

    kind = "file"

    def __init__(self, directory: Path, passphrase: str | None = None) -> None:
        super().__init__(directory)
        self.file = SealedFile(directory / SEALED, passphrase)
        self._has_passphrase = passphrase is not None

    def get(self, service: str, name: str) -> str | None:
        """See `Secrets`."""
        return self.file.read().get(_entry(service, name))

    def set(self, service: str, name: str, value: str) -> None:
        """See `Secrets`."""
        self.file.update(lambda values: values.update({_entry(service, name): value}))

    def delete(self, service: str, name: str) -> bool:
        """See `Secrets`."""
        gone: list[str | None] = []
        self.file.update(lambda values: gone.append(values.pop(_entry(service, name), None)))
        return gone != [None]

    def describe(self) -> LazyText:
        """See `Secrets`."""
        path = str(self.file.path)
        if self._has_passphrase:
            return L("sealed file “{path}”, opened with a pass phrase", path=path)
        return L("sealed file “{path}”, opened with this machine's key", path=path)


class KeyringSecrets(Secrets):
    """Secrets in the keyring of the signed-in account of the operating system.

    Args:
        directory: Of this installation; for its lock.
        backend: Of the package keyring.
        realm: Keeps installations on one account apart.
        limit: Longest value of the backend in characters; longer ones are kept in parts. None for no limit.
    """

    kind = "keyring"

    def __init__(
        self, directory: Path, backend: KeyringBackend, realm: str = "", limit: int | None = None
    ) -> None:
        super().__init__(directory)
        self._backend = backend
        self._realm = realm
        self._limit = limit

    def get(self, service: str, name: str) -> str | None:
        """See `Secrets`."""
        with _plain_errors():
            head = self._backend.get_password(self._service(service), name)
            if head is None or not head.startswith(_PARTS):
                return head
            parts = [
                self._backend.get_password(self._service(service), part) for part in _part_names(name, head)
            ]
        if any(part is None for part in parts):
            raise _damaged_entry(name)
        return "".join(part for part in parts if part is not None)

    def set(self, service: str, name: str, value: str) -> None:
        """See `Secrets`."""
        with _plain_errors():
            before = self._backend.get_password(self._service(service), name)
            head = value
            if (self._limit is not None and len(value) > self._limit) or value.startswith(_PARTS):
                size = self._limit or len(value)
                pieces = [value[at : at + size] for at in range(0, len(value), size)]
                # New names each time, the head last: a crash in between leaves the old value whole.
                head = f"{_PARTS}{len(pieces)}:{randomness.token_hex(6)}"
                for part, piece in zip(_part_names(name, head), pieces, strict=True):
                    self._backend.set_password(self._service(service), part, piece)
            self._backend.set_password(self._service(service), name, head)
            self._forget_parts(service, name, before)

    def delete(self, service: str, name: str) -> bool:
        """See `Secrets`."""
        with _plain_errors():
            head = self._backend.get_password(self._service(service), name)
            if head is None:
                return False
            self._backend.delete_password(self._service(service), name)
            self._forget_parts(service, name, head)
            return True

    def describe(self) -> LazyText:
        """See `Secrets`."""
        return L("keyring of this account ({backend})", backend=str(self._backend.name))

    def _forget_parts(self, service: str, name: str, head: str | None) -> None:
        from keyring.errors import PasswordDeleteError

        for part in _part_names(name, head or ""):
            try:
                self._backend.delete_password(self._service(service), part)
            except PasswordDeleteError:
                continue  # somebody removed it already, which is what was wanted

    def _service(self, service: str) -> str:
        return f"{service}@{self._realm}" if self._realm else service


def open_secrets(directory: Path, passphrase: str | None = None, store: Store | None = None) -> Secrets:
    """The secrets of the installation in a directory.

    Args:
        directory: Made if it is not there, for its owner only.
        passphrase: Opens the sealed file; without one the machine's key does. Of no use to a keyring.
        store: Which of the two; by default the remembered one, else the keyring if a real one answers.

    Raises:
        UserError: SECRETS_UNAVAILABLE, the keyring that holds them does not answer.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    marker = _remembered(directory)
    if marker is None:
        with file_lock(directory / "secrets.lock"):
            marker = _remembered(directory) or _choose(directory, passphrase, store)
    if (store or marker["store"]) == "file":
        return SealedFileSecrets(directory, passphrase)
    backend = system_keyring()
    if backend is None:
        raise _unavailable()
    return _keyring_secrets(directory, backend, marker["realm"])


def system_keyring() -> KeyringBackend | None:
    """The keyring of the system, or None where there is no real one.

    Only the Secret Service, the Windows Credential Locker and the macOS keychain count: keyring's own search would
    also take back ends that forget, or that keep plain text. Locked is not absent.
    """
    kind = _system_keyring_class()
    try:
        with _no_surprises():
            usable = kind.priority > 0
    except (RuntimeError, OSError):  # no daemon: keyring says so by a RuntimeError; no bus: an OSError
        return None
    return kind() if usable else None


def _system_keyring_class() -> type[KeyringBackend]:
    """Named outright: keyring's own search reads every installed package and would import them all."""
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring as Keyring
    elif sys.platform == "darwin":
        from keyring.backends.macOS import Keyring
    else:
        from keyring.backends.SecretService import Keyring
    return Keyring


def _choose(directory: Path, passphrase: str | None, store: Store | None) -> dict[str, str]:
    """Decide for good where the secrets of this installation are."""
    wanted = store or os.environ.get(ENVIRONMENT, "")
    realm = randomness.token_hex(4)
    chosen = "file"
    if wanted == "keyring":
        chosen = "keyring"
    elif wanted != "file" and passphrase is None and not (directory / SEALED).exists():
        backend = system_keyring()
        if backend is not None and _keeps(_keyring_secrets(directory, backend, realm)):
            chosen = "keyring"
    marker = {"store": chosen, "realm": realm}
    replace_file(directory / MARKER, json.dumps(marker).encode())
    return marker


def _remembered(directory: Path) -> dict[str, str] | None:
    try:
        marker = json.loads((directory / MARKER).read_bytes())
        return {"store": str(marker["store"]), "realm": str(marker["realm"])}
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            "SECRETS_DAMAGED",
            L(
                "The note where the secrets of this machine are kept is damaged: “{path}”.",
                path=str(directory / MARKER),
            ),
            do=L("Bring the file back from the backup."),
        ) from error


def _keyring_secrets(directory: Path, backend: KeyringBackend, realm: str) -> KeyringSecrets:
    limit = CREDENTIAL_LOCKER_LIMIT if sys.platform == "win32" else None
    return KeyringSecrets(directory, backend, realm, limit)


def _keeps(store: Secrets) -> bool:
    """Whether a value that is put in comes out again; a locked keyring that nobody unlocks does not keep."""
    probe = randomness.token_hex(4)
    try:
        store.set("yichuang-probe", "probe", probe)
        kept = store.get("yichuang-probe", "probe") == probe
        store.delete("yichuang-probe", "probe")
    except UserError:
        return False
    return kept


_PARTS = "\x01parts:"


def _part_names(name: str, head: str) -> list[str]:
    if not head.startswith(_PARTS):
        return []
    count, _, stem = head.removeprefix(_PARTS).partition(":")
    return [f"{name}/{stem}/{number}" for number in range(int(count))]


def _entry(service: str, name: str) -> str:
    return f"{service}\x00{name}"


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Errors of the keyring in words that help."""
    from keyring.errors import KeyringError, KeyringLocked

    try:
        with _no_surprises():
            yield
    except KeyringLocked as error:
        raise UserError(
            "SECRETS_LOCKED",
            L("The keyring of this account is locked."),
            do=L("Unlock the keyring, then try again."),
        ) from error
    except (KeyringError, OSError, RuntimeError) as error:
        raise _unavailable() from error


@contextmanager
def _no_surprises() -> Iterator[None]:
    """D-Bus fails with errors of three packages; all mean that the service does not answer."""
    try:
        yield
    except Exception as error:
        package = type(error).__module__.partition(".")[0]
        if package in {"jeepney", "secretstorage", "pywintypes"}:
            raise RuntimeError(str(error)) from error
        raise


def _unavailable() -> UserError:
    return UserError(
        "SECRETS_UNAVAILABLE",
        L("The keyring that holds the keys of this machine does not answer."),
        do=L("Sign in to the desktop with the account that set the suite up, or call the administrator."),
    )


def _damaged_entry(name: str) -> UserError:
    return UserError(
        "SECRETS_DAMAGED",
        L("The keyring holds only a part of “{name}”.", name=name),
        do=L("Bring it back from the backup of the keys."),
    )
