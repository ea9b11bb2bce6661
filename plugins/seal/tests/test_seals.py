"""Seals from application to their end, on both databases."""

from __future__ import annotations

import base64

import pytest

from yichuang.api import select
from yichuang.storage.hall_tables import blob
from yichuang.storage.migrate import Chain
from yichuang.testing import schema_differences
from yichuang_seal import tables

from .hall import (
    APPLICANT,
    APPROVER,
    FORESTRY,
    GRASSLAND,
    KEEPER,
    MAKER,
    OTHER_KEEPER,
    OWNERS,
    Hall,
    decision,
    events,
    person,
    refused,
)


def test_migrations_make_the_declared_tables(database_url: str):
    assert schema_differences(Chain("seal", "yichuang_seal", "0001"), database_url, tables.meta) == []


def test_a_seal_by_three_people(hall: Hall):
    card = hall.seal()
    assert card.state == "in_use"
    assert card.es_id == "15042100000001"
    assert card.owner == OWNERS[FORESTRY]
    assert card.name == "行政审批专用章"
    assert card.here
    assert card.days_left == 3 * 365
    png = base64.b64decode(hall.query(KEEPER, "seal.picture", seal_id=card.id))
    assert png.startswith(b"\x89PNG")
    steps = hall.query(KEEPER, "seal.history", seal_id=card.id)
    assert [step.name for step in steps] == ["apply", "approve", "make", "file", "enable"]
    assert events(hall, f"seal:{card.id}") == [f"seal.{step.name}" for step in steps]
    assert hall.seal(GRASSLAND).es_id == "15042100000002"


def test_the_key_is_nowhere_in_the_database(hall: Hall):
    hall.seal()
    secrets = hall.suite.executor.secrets
    with hall.suite.database.read() as reader:
        row = reader.one(select(tables.seal))
        kept = [bytes(b.data) for b in reader.all(select(blob))]
        authority = reader.one(select(tables.authority))
    for name in (row.key_name, authority.key_name):
        key = base64.b64decode(secrets.get("yichuang-seal", name))
        assert len(key) > 100
        assert all(key not in data for data in (*kept, bytes(row.certificate), bytes(authority.certificate)))


def test_four_eyes_on_the_seal(hall: Hall):
    both = person(1, "那顺", "view", "apply", "approve", "make", "stamp", hall_wide=True)
    card = hall.run(both, "seal.apply", agency=FORESTRY, reason="新设窗口")
    refused("FOUR_EYES", lambda: hall.run(both, "seal.approve", seal_id=card.id))
    hall.run(APPROVER, "seal.approve", seal_id=card.id)
    refused("FOUR_EYES", lambda: hall.run(both, "seal.make", seal_id=card.id))
    refused(
        "FOUR_EYES",
        lambda: hall.run(person(2, "乌兰", "make", hall_wide=True), "seal.make", seal_id=card.id),
    )
    assert hall.run(MAKER, "seal.make", seal_id=card.id).state == "made"
    refused("SEAL_STATE", lambda: hall.run(MAKER, "seal.make", seal_id=card.id))
    assert len(hall.query(KEEPER, "seal.history", seal_id=card.id)) == 3, "refused steps leave no trace"


def test_stop_and_resume(hall: Hall):
    card = hall.seal()
    refused("REASON_MISSING", lambda: hall.run(KEEPER, "seal.stop", seal_id=card.id))
    refused("NOT_YOUR_AGENCY", lambda: hall.run(OTHER_KEEPER, "seal.stop", seal_id=card.id, reason="x"))
    hall.run(KEEPER, "seal.stop", seal_id=card.id, reason="人员变动")
    request_fields = {"subject": "case:1", "paper": "decision", "pdf": decision()}
    assert hall.run(KEEPER, "asker.ask", **request_fields) is None, "nobody can"
    hall.run(APPROVER, "seal.resume", seal_id=card.id, reason="已交接")
    assert hall.run(KEEPER, "asker.ask", **request_fields).seal_name == "行政审批专用章"


def test_a_successor_of_a_replaced_seal(hall: Hall):
    card = hall.seal()
    refused(
        "SEAL_NOT_REPLACED",
        lambda: hall.run(APPLICANT, "seal.apply", agency=FORESTRY, reason="更名", replaces=card.id),
    )
    hall.run(KEEPER, "seal.stop", seal_id=card.id, reason="更名")
    hall.run(APPROVER, "seal.replace", seal_id=card.id, reason="更名")
    assert (
        hall.run(APPLICANT, "seal.apply", agency=FORESTRY, reason="更名", replaces=card.id).state == "applied"
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"agency": "X", "reason": "r"}, "UNKNOWN_AGENCY"),
        ({"agency": GRASSLAND, "reason": "r"}, "NOT_YOUR_AGENCY"),
        ({"agency": FORESTRY, "reason": " "}, "REASON_MISSING"),
        ({"agency": FORESTRY, "reason": "r", "diameter": 12}, "SEAL_DIAMETER"),
        ({"agency": FORESTRY, "reason": "r", "kind": "golden"}, "BAD_REQUEST"),
    ],
)
def test_applications_that_are_refused(hall: Hall, fields: dict, code: str):
    refused(code, lambda: hall.run(APPLICANT, "seal.apply", **fields))
    assert hall.query(KEEPER, "seal.seals") == []


def test_seals_of_others_are_not_listed(hall: Hall):
    hall.seal()
    hall.seal(GRASSLAND)
    assert [card.agency for card in hall.query(KEEPER, "seal.seals")] == [FORESTRY]
    assert len(hall.query(APPROVER, "seal.seals")) == 2
