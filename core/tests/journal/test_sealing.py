"""Sealing and verifying: every kind of tampering is found, and the first bad row is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from yichuang.journal import sealing
from yichuang.journal.entries import append
from yichuang.storage.database import Database
from yichuang.storage.migrate import CORE, migrate

NOW = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)


class Key:
    id = "test"

    def sign(self, message: bytes) -> bytes:
        return b"signed " + message


def trusted(key_id: str, signature: bytes, head: bytes) -> bool:
    return key_id == "test" and signature == b"signed " + head


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database.open(database_url)
    migrate(opened, CORE)
    yield opened
    opened.close()


def write(database: Database, count: int, start: int = 0) -> None:
    with database.write() as writer:
        for n in range(start, start + count):
            append(
                writer, at=NOW + timedelta(seconds=n), account="a", agency="", desk="A01", event="test",
                subject=f"thing:{n}", detail=f'{{"n":{n}}}',
            )  # fmt: skip


def tamper(database: Database, *statements: str) -> None:
    """What somebody with the database's own password could do: the triggers are dropped first."""
    with database.write() as writer:
        if database.dialect_name == "sqlite":
            for name in ("core_journal_no_update", "core_journal_no_delete", "core_journal_seal_no_update",
                         "core_journal_seal_no_delete"):  # fmt: skip
                writer.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            for table in ("core_journal", "core_journal_seal"):
                writer.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for statement in statements:
            writer.execute(text(statement))


@pytest.fixture
def sealed(database: Database) -> Database:
    for start in (0, 10, 20):
        write(database, 10, start)
        assert sealing.seal_finished(database, Key(), NOW) == 10
    return database


def test_a_whole_journal_verifies(sealed):
    write(sealed, 3, 30)
    verdict = sealing.verify(sealed, trusted)
    assert (verdict.intact, verdict.rows_sealed, verdict.rows_open, verdict.batches) == (True, 30, 3, 3)


@pytest.mark.parametrize(
    ("statement", "row", "word"),
    [
        ("UPDATE core_journal SET detail = '{}' WHERE id = 15", 15, "changed"),
        ("UPDATE core_journal SET account = 'b' WHERE id = 1", 1, "changed"),
        ("DELETE FROM core_journal WHERE id = 12", 12, "removed"),
        ("DELETE FROM core_journal WHERE id >= 28", 28, "removed"),
    ],
)
def test_a_changed_or_removed_row_is_named(sealed, statement, row, word):
    tamper(sealed, statement)
    verdict = sealing.verify(sealed, trusted)
    assert not verdict.intact
    assert verdict.bad_row == row
    assert word in verdict.problem.in_language("en")


def test_an_inserted_row_is_named(sealed):
    turn = "0" if sealed.dialect_name == "sqlite" else "(SELECT max(turn) FROM core_journal WHERE id < 15)"
    tamper(
        sealed,
        "INSERT INTO core_journal (id, turn, at, account, agency, desk, event, subject, detail) "
        f"SELECT -5, {turn}, at, account, agency, desk, event, subject, detail FROM core_journal WHERE id = 3",
    )
    verdict = sealing.verify(sealed, trusted)
    assert verdict.bad_row == -5
    assert "inserted" in verdict.problem.in_language("en")


def test_reordered_rows_are_named(sealed):
    tamper(
        sealed,
        "UPDATE core_journal SET id = -1 WHERE id = 4",
        "UPDATE core_journal SET id = 4 WHERE id = 7",
        "UPDATE core_journal SET id = 7 WHERE id = -1",
    )
    verdict = sealing.verify(sealed, trusted)
    assert verdict.bad_row == 4
    assert "reordered" in verdict.problem.in_language("en")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM core_journal_seal WHERE number = 2",
        "UPDATE core_journal_seal SET leaves = head WHERE number = 2",
        "UPDATE core_journal_seal SET head = root WHERE number = 3",
        "UPDATE core_journal_seal SET signature = root WHERE number = 1",
        "UPDATE core_journal_seal SET key_id = 'other' WHERE number = 1",
    ],
)
def test_a_tampered_seal_is_found(sealed, statement):
    tamper(sealed, statement)
    if "leaves" in statement:
        with pytest.raises(Exception):  # noqa: B017, PT011 - a leaf list of the wrong length cannot even be read
            sealing.verify(sealed, trusted)
        return
    assert not sealing.verify(sealed, trusted).intact


@pytest.mark.parametrize("act", ["UPDATE core_journal SET desk = 'x'", "DELETE FROM core_journal"])
def test_the_database_itself_refuses_to_change_the_journal(sealed, act):
    with pytest.raises(Exception, match="append-only"), sealed.write() as writer:
        writer.execute(text(act))


def test_sealing_twice_seals_once(sealed):
    assert sealing.seal_finished(sealed, Key(), NOW) == 0


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40), st.data())
def test_the_root_depends_on_every_leaf_and_their_order(digests, data):
    root = sealing.merkle_root(digests)
    if digests:
        i = data.draw(st.integers(0, len(digests) - 1))
        changed = [
            *digests[:i],
            bytes(32 - 1) + b"\xff" if digests[i] != bytes(31) + b"\xff" else bytes(32),
            *digests[i + 1 :],
        ]
        assert sealing.merkle_root(changed) != root
        assert sealing.merkle_root([*digests, digests[-1]]) != root
    assert sealing.merkle_root(digests) == slow_root(digests)


def slow_root(digests: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, written as it stands there."""
    import hashlib

    if not digests:
        return hashlib.sha256(b"").digest()
    if len(digests) == 1:
        return hashlib.sha256(b"\0" + digests[0]).digest()
    k = 1
    while k * 2 < len(digests):
        k *= 2
    return hashlib.sha256(b"\1" + slow_root(digests[:k]) + slow_root(digests[k:])).digest()
