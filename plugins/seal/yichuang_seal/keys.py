"""Where seals' private keys are: in the machine's secret store, loaded for stamping, never in the database.

A seal can be used where its key is: on the machine where it was made, as a token can be used where it is
plugged in.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from yichuang.api import Read, UserError, Work, select
from yichuang_seal.tables import authority
from yichuang_seal.words import L

if TYPE_CHECKING:
    from yichuang_seal.rules.ca import Holder
    from yichuang_seal.rules.pades import Sealer

SERVICE = "yichuang-seal"
_AUTHORITY = select(authority)


def root_certificate(read: Read) -> bytes | None:
    """The hall's root certificate, DER; None before the first seal was made."""
    row = read.one(_AUTHORITY)
    return None if row is None else bytes(row.certificate)


def open_authority(work: Work) -> Holder:
    """The hall's authority with its key; made at the first use.

    Raises:
        UserError: SEAL_AUTHORITY_NOT_HERE when another machine has the key.
    """
    from yichuang_seal.rules.ca import Holder, new_authority

    row = work.one(_AUTHORITY.with_for_update())
    if row is not None:
        key = _load(work, row.key_name)
        if key is None:
            raise UserError(
                "SEAL_AUTHORITY_NOT_HERE",
                L("The key of the hall's seal authority is not on this machine."),
                do=L("Make the seal on the machine where the first seal was made."),
            )
        return Holder(bytes(row.certificate), key)
    made = new_authority(work.setting("hall.name", "") or "政务服务大厅", work.now)
    name = store_key(work, made)
    work.execute(
        authority.insert().values(id=1, certificate=made.certificate, key_name=name, made_at=work.now)
    )
    return made


def store_key(work: Work, holder: Holder) -> str:
    """Keep a private key; returns the name under which it is found, made of the certificate's digest."""
    name = hashlib.sha256(holder.certificate).hexdigest()[:32]
    work.secrets.set(SERVICE, name, base64.b64encode(holder.key).decode())
    return name


def has_key(read: Read, seal: Any) -> bool:
    """Whether the key of a seal row is on this machine."""
    return bool(seal.key_name) and _load(read, seal.key_name) is not None


def open_sealer(read: Read, seal: Any) -> Sealer:
    """The sealer of a seal row. Its key is asked for each time, so a removed key ends its use at once.

    Raises:
        UserError: SEAL_KEY_NOT_HERE.
    """
    key = _load(read, seal.key_name)
    if key is None:
        raise UserError(
            "SEAL_KEY_NOT_HERE",
            L("The key of “{seal}” is not on this machine.", seal=seal.name),
            do=L("Stamp at the desk where this seal is kept."),
        )
    return _sealer(key, bytes(seal.certificate), read.get_blob(seal.picture), seal.diameter)


def _load(read: Read, name: str) -> bytes | None:
    value = read.secrets.get(SERVICE, name)
    return None if value is None else base64.b64decode(value)


@lru_cache(maxsize=16)
def _sealer(key: bytes, certificate: bytes, picture: bytes, diameter: int) -> Sealer:
    """Loading a key and taking a picture apart is done once, not for each paper of a batch."""
    from yichuang_seal.rules.pades import Sealer

    return Sealer(key=key, certificate=certificate, picture=picture, diameter=diameter)
