"""Secrets in one encrypted file, for machines without a keyring: scrypt or a machine key, AES-256-GCM.

The file is a JSON object: format, kdf (what makes the key), check (recognises the key), nonce, blob. Everything but
the blob is authenticated with it. It is replaced as a whole and flushed to disk; several processes may use it.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

L = words.lazy

FORMAT = "yichuang-sealed-1"
KEY_LENGTH = 32
LOCK_WITHIN = 10.0
"""Seconds that one process waits for another that writes."""


@dataclass(frozen=True, slots=True)
class ScryptCost:
    """What one guess of a pass phrase costs; kept in the file, so it may grow later."""

    n: int = 2**15
    r: int = 8
    p: int = 1


Key = Callable[[Mapping[str, Any]], bytes]
"""Makes the key from the file's `kdf`."""


class SealedFile:
    """Names to values in one sealed file.

    Args:
        path: The file; made at the first write. Its folder must exist.
        passphrase: Unlocks it; without one the key file does.
        key_file: Machine key, made at the first use; readable by its owner only. By default `machine.key` beside it.
        cost: For a new file with a pass phrase.
    """

    def __init__(
        self,
        path: Path,
        passphrase: str | None = None,
        *,
        key_file: Path | None = None,
        cost: ScryptCost | None = None,
    ) -> None:
        self.path = path
        self.key_file = key_file or path.with_name("machine.key")
        self._passphrase = passphrase
        self._cost = cost or ScryptCost()
        self._keys: dict[str, bytes] = {}

    def read(self) -> dict[str, str]:
        """Everything in the file; empty if there is no file yet.

        Raises:
            UserError: SECRETS_WRONG_PASSPHRASE, SECRETS_DAMAGED, SECRETS_KEY_EXPOSED or SECRETS_KEY_MISSING.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        header, blob = _parse(raw)
        key = self._key(header["kdf"], new=False)
        if not hmac.compare_digest(_check_value(key), header["check"]):
            raise _wrong_key(header["kdf"])
        return _open(key, header, blob)

    def update(self, change: Callable[[dict[str, str]], None]) -> None:
        """Change the content under the lock of the file.

        Raises:
            UserError: As `read`, or SECRETS_BUSY.
        """
        with self.lock():
            values = self.read()
            before = dict(values)
            change(values)
            if values != before or not self.path.exists():
                self._write(values)

    def change_passphrase(self, passphrase: str | None) -> None:
        """Seal the file anew, with another pass phrase or (None) with the machine key.

        Other processes have to be opened again with the new one.
        """
        with self.lock():
            values = self.read()
            self._passphrase = passphrase
            self._write(values, fresh=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes from writing.

        Raises:
            UserError: SECRETS_BUSY.
        """
        with file_lock(self.path.with_name(f"{self.path.name}.lock")):
            yield

    def _write(self, values: Mapping[str, str], *, fresh: bool = False) -> None:
        kdf = self._new_kdf()
        if not fresh and self.path.exists():
            kdf = _parse(self.path.read_bytes())[0]["kdf"]
        key = self._key(kdf, new=True)
        replace_file(self.path, _seal(key, kdf, values))

    def _new_kdf(self) -> dict[str, Any]:
        if self._passphrase is None:
            return {"name": "machine-key"}
        cost = self._cost
        return {"name": "scrypt", "n": cost.n, "r": cost.r, "p": cost.p, "salt": _to_text(os.urandom(16))}

    def _key(self, kdf: Mapping[str, Any], *, new: bool) -> bytes:
        wanted = json.dumps(kdf, sort_keys=True)
        if wanted not in self._keys:
            is_phrase = kdf["name"] == "scrypt"
            if is_phrase and self._passphrase is None:
                raise _wrong_key(kdf)
            self._keys[wanted] = self._derive(kdf) if is_phrase else machine_key(self.key_file, create=new)
        return self._keys[wanted]

    def _derive(self, kdf: Mapping[str, Any]) -> bytes:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        assert self._passphrase is not None
        n, r, p = (int(kdf[name]) for name in ("n", "r", "p"))
        scrypt = Scrypt(salt=_to_bytes(kdf["salt"]), length=KEY_LENGTH, n=n, r=r, p=p)
        return scrypt.derive(self._passphrase.encode())


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold a lock among processes.

    Raises:
        UserError: SECRETS_BUSY, another process held it for too long.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=LOCK_WITHIN, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise UserError(
            "SECRETS_BUSY",
            L("Another program is working on the secrets of this machine."),
            do=L("Wait a moment, then try again."),
        ) from error
    try:
        yield
    finally:
        lock.release()


def machine_key(path: Path, *, create: bool) -> bytes:
    """The key of this machine, 32 random bytes in a file that only its owner can read.

    Raises:
        UserError: SECRETS_KEY_MISSING, SECRETS_KEY_EXPOSED (others can read it) or SECRETS_DAMAGED.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        if not create:
            raise UserError(
                "SECRETS_KEY_MISSING",
                L("The machine key “{path}” is missing, so the secrets cannot be opened.", path=str(path)),
                do=L("Bring the file back from the backup."),
            ) from error
        replace_file(path, os.urandom(KEY_LENGTH))
        mode = path.stat().st_mode
    if sys.platform != "win32" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserError(
            "SECRETS_KEY_EXPOSED",
            L("Other users of this machine can read the machine key “{path}”.", path=str(path)),
            do=L("Take the rights of others away (chmod 600) and renew the keys of the hall."),
        )
    key = path.read_bytes()
    if len(key) != KEY_LENGTH:
        raise _damaged()
    return key


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that after a power cut there is the old or the new one, whole; mode 0600."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _seal(key: bytes, kdf: Mapping[str, Any], values: Mapping[str, str]) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header = {"format": FORMAT, "kdf": dict(kdf), "check": _check_value(key)}
    nonce = os.urandom(12)
    plain = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
    blob = AESGCM(key).encrypt(nonce, plain, _header_bytes(header))
    return json.dumps({**header, "nonce": _to_text(nonce), "blob": _to_text(blob)}, indent=1).encode()


def _open(key: bytes, header: dict[str, Any], blob: tuple[bytes, bytes]) -> dict[str, str]:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        values: dict[str, str] = json.loads(AESGCM(key).decrypt(*blob, _header_bytes(header)))
    except InvalidTag as error:
        raise _damaged() from error
    return values


def _parse(raw: bytes) -> tuple[dict[str, Any], tuple[bytes, bytes]]:
    try:
        content = json.loads(raw)
        header = {name: content[name] for name in ("format", "kdf", "check")}
        blob = (_to_bytes(content["nonce"]), _to_bytes(content["blob"]))
        if header["format"] != FORMAT or not isinstance(header["check"], str) or len(blob[0]) != 12:
            raise ValueError("unknown format")
        _check_kdf(header["kdf"])
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged() from error
    return header, blob


def _check_kdf(kdf: Mapping[str, Any]) -> None:
    """The header is read before it can be authenticated: it must not make us take gigabytes of memory."""
    if kdf == {"name": "machine-key"}:
        return
    n, r, p = (int(kdf[name]) for name in ("n", "r", "p"))
    is_usual = n >= 2 and n & (n - 1) == 0 and r >= 1 and n * r <= 2**21 and 1 <= p <= 16
    if kdf["name"] != "scrypt" or not is_usual or len(_to_bytes(kdf["salt"])) != 16:
        raise ValueError("unknown way to make the key")


def _check_value(key: bytes) -> str:
    """Tells a wrong key from a damaged file; says no more about the key than the blob does."""
    return hmac.digest(key, b"yichuang sealed file check", "sha256")[:8].hex()


def _header_bytes(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True).encode()


def _to_text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _to_bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _wrong_key(kdf: Mapping[str, Any]) -> UserError:
    if kdf["name"] == "scrypt":
        return UserError(
            "SECRETS_WRONG_PASSPHRASE",
            L("The pass phrase does not open the secrets of this machine."),
            do=L("Type the pass phrase again."),
        )
    return UserError(
        "SECRETS_KEY_MISSING",
        L("The machine key is not the one that sealed the secrets."),
        do=L("Bring the file back from the backup."),
    )


def _damaged() -> UserError:
    return UserError(
        "SECRETS_DAMAGED",
        L("The file with the secrets of this machine is damaged."),
        do=L("Bring the file back from the backup."),
    )
