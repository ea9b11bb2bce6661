"""The hall's own keys: for identity numbers at rest, for finding them again, and for signing the journal.

Identity numbers are sealed with AES-256-GCM under a key whose name travels with the ciphertext, so that keys can be
renewed; beside them stands an HMAC-SHA256 under a second key, by which a number is found without being opened.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.secrets import Secrets

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

L = words.lazy

SERVICE = "yichuang"
IDENTITY_KEYS = "identity-keys"
SIGNING_KEY = "journal-signing-key"

_VERSION = b"\x01"
_NONCE = 12
_HEAD = 1 + 4 + _NONCE
_PURPOSE = b"yichuang identity 1\0"


@dataclass(frozen=True, slots=True, repr=False)
class IdentityCipher:
    """Seals and opens identity numbers; pure once it is made.

    Args:
        keys: Key name (8 hex digits) to 32 bytes; old keys stay so that old rows can be opened.
        key_id: The name of the key that seals now.
        digest_key: 32 bytes; never changes, or nobody would be found any more.
    """

    keys: Mapping[str, bytes]
    key_id: str
    digest_key: bytes

    @classmethod
    def open(cls, secrets: Secrets, create: bool = False) -> Self:
        """The cipher with the hall's keys.

        Args:
            secrets: Where the keys are.
            create: Make them if there are none: when a hall is set up, never later.

        Raises:
            UserError: IDENTITY_KEY_MISSING, or SECRETS_...
        """
        if create:
            text = secrets.create_once(SERVICE, IDENTITY_KEYS, lambda: cls.generate().to_text())
        else:
            found = secrets.get(SERVICE, IDENTITY_KEYS)
            if found is None:
                raise _missing()
            text = found
        return cls.from_text(text)

    @classmethod
    def generate(cls) -> Self:
        """A cipher with fresh keys."""
        name = os.urandom(4).hex()
        return cls({name: os.urandom(32)}, name, os.urandom(32))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The cipher of `to_text`.

        Raises:
            UserError: SECRETS_DAMAGED.
        """
        try:
            data = json.loads(text)
            keys = {str(name): _key(key) for name, key in data["keys"].items()}
            cipher = cls(keys, str(data["current"]), _key(data["digest"]))
            cipher.keys[cipher.key_id]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _damaged_keys() from error
        return cipher

    def to_text(self) -> str:
        """The keys as text, for `Secrets` only."""
        keys = {name: base64.b64encode(key).decode() for name, key in self.keys.items()}
        digest = base64.b64encode(self.digest_key).decode()
        return json.dumps({"current": self.key_id, "keys": keys, "digest": digest}, sort_keys=True)

    def rotated(self) -> Self:
        """The same cipher, sealing with a fresh key from now on."""
        name = os.urandom(4).hex()
        return replace(self, keys={**self.keys, name: os.urandom(32)}, key_id=name)

    def encrypt(self, plain: bytes, context: bytes = b"") -> bytes:
        """Seal bytes.

        Args:
            plain: An identity number, or anything as confidential.
            context: What it belongs to; it opens in the same context only. Not stored.

        Returns:
            33 bytes more than `plain`, different each time.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        head = _VERSION + bytes.fromhex(self.key_id)
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.keys[self.key_id]).encrypt(nonce, plain, _PURPOSE + head + context)
        return head + nonce + sealed

    def decrypt(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Open what `encrypt` sealed.

        Raises:
            UserError: IDENTITY_KEY_UNKNOWN (sealed with a key that this machine does not have) or
                IDENTITY_DATA_DAMAGED.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self.keys.get(_key_name(sealed))
        if key is None:
            raise UserError(
                "IDENTITY_KEY_UNKNOWN",
                L("These personal data were sealed with a key that is not on this machine."),
                do=L("Have the administrator bring the keys of the hall to this machine."),
            )
        head, nonce = sealed[:5], sealed[5:_HEAD]
        try:
            return AESGCM(key).decrypt(nonce, sealed[_HEAD:], _PURPOSE + head + context)
        except InvalidTag as error:
            raise _damaged_data() from error

    def digest(self, plain: bytes) -> bytes:
        """By which the same number is found again: 32 bytes, the same each time; worthless without the key."""
        return hmac.digest(self.digest_key, plain, "sha256")

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed with the key of now; if not, it should be sealed anew."""
        return _key_name(sealed) == self.key_id

    def __repr__(self) -> str:
        return f"IdentityCipher(key_id={self.key_id!r}, keys={len(self.keys)})"


def rotate_identity_key(secrets: Secrets) -> str:
    """Seal with a fresh key from now on; returns its name. What was sealed before stays readable.

    Raises:
        UserError: IDENTITY_KEY_MISSING, or SECRETS_...
    """
    with secrets.lock():
        cipher = IdentityCipher.open(secrets).rotated()
        secrets.set(SERVICE, IDENTITY_KEYS, cipher.to_text())
    return cipher.key_id


def signing_key(secrets: Secrets, create: bool = True) -> Ed25519PrivateKey:
    """The key with which the hall signs its journal.

    Args:
        secrets: Where it is.
        create: Make it if there is none.

    Raises:
        UserError: SIGNING_KEY_MISSING, or SECRETS_...
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if create:
        text = secrets.create_once(SERVICE, SIGNING_KEY, lambda: base64.b64encode(os.urandom(32)).decode())
    else:
        found = secrets.get(SERVICE, SIGNING_KEY)
        if found is None:
            raise UserError(
                "SIGNING_KEY_MISSING",
                L("The key with which the hall signs its journal is not on this machine."),
                do=L("Have the administrator bring the keys of the hall to this machine."),
            )
        text = found
    try:
        return Ed25519PrivateKey.from_private_bytes(_key(text))
    except ValueError as error:
        raise _damaged_keys() from error


def copy_keys(source: Secrets, target: Secrets) -> list[str]:
    """Carry the hall's keys to another store, such as a sealed file on a stick for the next desk.

    Returns:
        The names of the keys that were copied.

    Raises:
        UserError: KEYS_DIFFER, the target already holds other keys: overwriting them would lose data.
    """
    found = {name: secrets for name in (IDENTITY_KEYS, SIGNING_KEY) if (secrets := source.get(SERVICE, name))}
    with target.lock():
        for name, value in found.items():
            there = target.get(SERVICE, name)
            if there is not None and there != value and not _is_older(name, there, value):
                raise UserError(
                    "KEYS_DIFFER",
                    L("The other place already holds different keys of a hall."),
                    do=L("Choose a place without keys, or the keys of the same hall."),
                )
        for name, value in found.items():
            target.set(SERVICE, name, value)
    return list(found)


def _is_older(name: str, there: str, value: str) -> bool:
    """Whether a store holds the same hall's keys from before a rotation."""
    if name != IDENTITY_KEYS:
        return False
    old, new = IdentityCipher.from_text(there), IdentityCipher.from_text(value)
    return old.digest_key == new.digest_key and old.keys.items() <= new.keys.items()


def _key(text: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError("a key is text")
    key = base64.b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key


def _key_name(sealed: bytes) -> str:
    if len(sealed) < _HEAD + 16 or sealed[:1] != _VERSION:
        raise _damaged_data()
    return sealed[1:5].hex()


def _missing() -> UserError:
    return UserError(
        "IDENTITY_KEY_MISSING",
        L("The key for personal data is not on this machine."),
        do=L("Have the administrator bring the keys of the hall to this machine."),
    )


def _damaged_data() -> UserError:
    return UserError(
        "IDENTITY_DATA_DAMAGED",
        L("These personal data are damaged and cannot be opened."),
        do=L("Call the administrator: the database needs to be checked."),
    )


def _damaged_keys() -> UserError:
    return UserError(
        "SECRETS_DAMAGED",
        L("The keys of the hall on this machine are damaged."),
        do=L("Have the administrator bring the keys of the hall to this machine."),
    )
