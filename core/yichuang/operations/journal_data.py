"""Reading and checking the journal: what was done, by whom, and whether the record is whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import Field
from sqlalchemy import insert, select

from yichuang.hall.words import core as words
from yichuang.identity.hall_keys import signing_key
from yichuang.journal import sealing
from yichuang.journal.entries import entries_about, entry_of
from yichuang.operations.model import Request, operation, query
from yichuang.operations.work import Read, Work
from yichuang.storage.hall_tables import journal, setting

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from yichuang.identity.secrets import Secrets
    from yichuang.operations.executor import Executor

L = words.lazy
KEYS = "journal.key."  # settings journal.key.<id>: public keys that seal this hall's journal


class HallKey:
    """The hall's signing key under a short name."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()
        self.id = hashlib.sha256(self.public).hexdigest()[:16]

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature."""
        return self._private.sign(message)


@dataclass(frozen=True)
class Row:
    """A journal row as lists show it."""

    id: int
    at: datetime
    account: str
    desk: str
    event: str
    subject: str
    detail: dict[str, Any]


class AskJournal(Request):
    """Rows about a subject, or the newest rows before an id."""

    subject: str = ""
    before: int = Field(2**62, ge=1)
    limit: int = Field(100, ge=1, le=500)


@query("journal.rows", permission="journal.view", title="Journal")
def rows(read: Read, request: AskJournal) -> list[Row]:
    """The newest rows, or those about one subject."""
    if request.subject:
        found = entries_about(read.reader, request.subject, request.limit)
    else:
        statement = (
            select(journal)
            .where(journal.c.id < request.before)
            .order_by(journal.c.id.desc())
            .limit(request.limit)
        )
        found = [entry_of(row) for row in read.all(statement)]
    return [Row(e.id, e.at, e.account, e.desk, e.event, e.subject, e.detail) for e in found]


class RegisterKey(Request):
    """A public key, hex."""

    key_id: str
    public: str


@operation("journal.register_key", permission="hall.manage", title="Register a journal key")
def register_key(work: Work, request: RegisterKey) -> None:
    """Make a machine's public key known, so that every machine can check what it sealed."""
    work.subject = f"journal_key:{request.key_id}"
    key = KEYS + request.key_id
    if work.setting(key) is None:
        work.execute(insert(setting).values(key=key, value=request.public))


def hall_key(executor: Executor, secrets: Secrets) -> HallKey:
    """This machine's journal key, registered with the hall."""
    from yichuang.identity.actor import Actor

    key = HallKey(signing_key(secrets))
    known = executor.read(Actor.system(), lambda read: read.setting(KEYS + key.id))
    if known is None:
        executor.run(
            Actor.system(), "journal.register_key", RegisterKey(key_id=key.id, public=key.public.hex())
        )
    return key


def seal(executor: Executor, key: HallKey) -> int:
    """Seal everything that is finished; returns how many rows."""
    return sealing.seal_all(executor.database, key, executor.clock())


def verify(executor: Executor, trusted: dict[str, bytes] | None = None) -> sealing.Verdict:
    """Check the whole journal with the registered keys, or with keys that the caller trusts more than the database."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from yichuang.identity.actor import Actor

    keys = dict(trusted or {})

    def check(key_id: str, signature: bytes, head: bytes) -> bool:
        if key_id not in keys:
            public = executor.read(Actor.system(), lambda read: read.setting(KEYS + key_id))
            if not public or hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16] != key_id:
                return False
            keys[key_id] = bytes.fromhex(public)
        try:
            Ed25519PublicKey.from_public_bytes(keys[key_id]).verify(signature, head)
        except InvalidSignature:
            return False
        return True

    return sealing.verify(executor.database, check)
