"""Files kept by their content: the SHA-256 of the bytes is the name, so nothing is stored twice or changed.

Confidential ones are sealed by whoever keeps them; their name is still that of what was kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sqlalchemy import bindparam, insert, select

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.storage.database import Reader, Writer
from yichuang.storage.hall_tables import blob
from yichuang.storage.prepared import prepare

L = words.lazy
MAX_BLOB_BYTES = 64 * 1024 * 1024
Seal = Callable[[bytes, str], bytes]
"""Bytes and the digest that they belong to, in; bytes, out."""

_HAS = prepare(select(blob.c.size).where(blob.c.digest == bindparam("digest")))
_GET = prepare(select(blob.c.data, blob.c.sealed).where(blob.c.digest == bindparam("digest")))
_PUT = prepare(
    insert(blob).values(
        {name: bindparam(name) for name in ("digest", "media_type", "size", "data", "sealed")}
    )
)


def put_blob(writer: Writer, data: bytes, media_type: str, seal: Seal | None = None) -> str:
    """Keep bytes and return their digest (64 hex digits).

    Args:
        writer: The transaction.
        data: What is kept.
        media_type: What it is.
        seal: Seals what is confidential for this digest; None for what may lie open.

    Raises:
        UserError: FILE_TOO_LARGE over 64 MiB, FILE_EMPTY for no bytes.
    """
    if not data:
        raise UserError("FILE_EMPTY", L("The file is empty."))
    if len(data) > MAX_BLOB_BYTES:
        raise UserError(
            "FILE_TOO_LARGE",
            L("The file has {size} MB, more than the {limit} MB that can be kept.",
              size=len(data) // 2**20, limit=MAX_BLOB_BYTES // 2**20),
            do=L("Scan it at a lower resolution or split it."),
        )  # fmt: skip
    digest = hashlib.sha256(data).hexdigest()
    if writer.one(_HAS, digest=digest) is None:
        kept = data if seal is None else seal(data, digest)
        writer.execute(
            _PUT, digest=digest, media_type=media_type, size=len(data), data=kept, sealed=seal is not None
        )
    return digest


def get_blob(reader: Reader, digest: str, unseal: Seal | None = None) -> bytes:
    """The bytes of a digest, checked against it; `unseal` opens what was sealed for it.

    Raises:
        UserError: FILE_MISSING when there is none, FILE_DAMAGED when the bytes no longer match.
    """
    row = reader.one(_GET, digest=digest)
    if row is None:
        raise UserError("FILE_MISSING", L("The file {digest} is not kept here.", digest=digest[:12]))
    data = bytes(row.data)
    if row.sealed and unseal is not None:
        try:
            data = unseal(data, digest)
        except UserError as error:
            if error.code != "IDENTITY_DATA_DAMAGED":
                raise
            raise _damaged(digest) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise _damaged(digest)
    return data


def _damaged(digest: str) -> UserError:
    return UserError(
        "FILE_DAMAGED",
        L("The file {digest} was changed outside the program.", digest=digest[:12]),
        do=L("Restore it from a backup and tell the administrator."),
    )
