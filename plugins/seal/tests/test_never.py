"""What must never happen: two stamps on one paper, or an error that changes something."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.api import Actor, IntegrityError, UserError, select
from yichuang.storage.hall_tables import journal
from yichuang_seal import tables

from .hall import (
    FORESTRY,
    KEEPER,
    Hall,
    ledger_rows,
    person,
)


def test_two_keepers_at_once(hall: Hall):
    """Both sign, one stamps: the paper is sealed once, the other is told."""
    card = hall.seal()
    number = hall.paper()
    second = person(14, "刘洋", "view", "stamp")
    start = threading.Barrier(2)

    def stamp(actor: Actor) -> object:
        start.wait()
        try:
            return hall.run(actor, "seal.stamp", request_id=number, seal_id=card.id).es_id
        except UserError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(map(str, pool.map(stamp, (KEEPER, second))))
    assert answers == [card.es_id, "ALREADY_DECIDED"]
    assert len(ledger_rows(hall)) == 1
    assert len(hall.receiver.receipts) == 1


def test_the_index_is_the_last_guard(hall: Hall):
    card = hall.seal()
    hall.run(KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id)
    (row,) = ledger_rows(hall)
    values = {name: value for name, value in row._asdict().items() if name != "id"}
    with pytest.raises(IntegrityError), hall.suite.database.write() as writer:
        writer.insert(tables.stamp, **values)


TEXTS = st.one_of(st.text(max_size=12), st.sampled_from(["", " ", "\x00", "\x1b[2J", FORESTRY, "\u202e"]))
NUMBERS = st.one_of(st.integers(-1, 3), st.sampled_from([10**30, -(2**63), 2**63, 2**31]))
FIELDS = {
    "agency": TEXTS, "kind": TEXTS, "reason": TEXTS, "diameter": NUMBERS, "replaces": NUMBERS, "page": NUMBERS,
    "x": st.floats(), "y": st.floats(), "unknown": TEXTS,
}  # fmt: skip
KEYS = {"stamp": ("request_id", "seal_id"), "refuse": ("request_id",), "apply": ()}
ACTS = [
    "apply", "approve", "decline", "make", "file", "enable", "stop", "lose", "resume", "replace", "revoke", "cancel",
    "stamp", "refuse",
]  # fmt: skip
PERMISSIONS = ("view", "stamp", "verify", "apply", "approve", "make")


def contents(hall: Hall) -> list:
    """Every row of the plugin's tables and how long the journal is."""
    with hall.suite.database.read() as reader:
        rows = [tuple(row) for table in tables.meta.sorted_tables for row in reader.all(select(table))]
        return [*rows, len(reader.all(select(journal.c.id)))]


def test_an_error_changes_nothing(hall: Hall):
    """Whatever is asked: it either succeeds, or is refused with a typed error and the database is as before."""
    hall.seal()
    hall.paper()
    everything = person(30, "全权", *PERMISSIONS, hall_wide=True)

    @settings(max_examples=120, deadline=None)
    @given(st.sampled_from(ACTS), st.sets(st.sampled_from(sorted(FIELDS)), max_size=4), st.data())
    def ask(act: str, chosen: set[str], data: st.DataObject):
        before = contents(hall)
        fields = {name: data.draw(FIELDS[name]) for name in sorted(chosen)}
        fields |= {name: data.draw(NUMBERS) for name in KEYS.get(act, ("seal_id",))}
        with suppress(UserError):
            hall.run(everything, f"seal.{act}", **fields)
            return
        assert contents(hall) == before

    ask()
