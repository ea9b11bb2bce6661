"""Stamping from end to end, who may and who may not, and the ledger of it."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from yichuang.api import select
from yichuang.storage.hall_tables import blob
from yichuang_seal import tables

from .conftest import Judgement
from .hall import (
    APPROVER,
    CLERK,
    GRASSLAND,
    KEEPER,
    OTHER_KEEPER,
    Hall,
    decision,
    document,
    events,
    ledger_rows,
    person,
    refused,
)


def test_a_stamp_from_end_to_end(hall: Hall, pdfsig: Callable[..., Judgement], can_trust: bool):
    card = hall.seal()
    number = hall.paper()
    detail = hall.query(KEEPER, "seal.paper", request_id=number)
    assert [(check.name, check.passed) for check in detail.checks] == [
        ("unchanged", True),
        ("approved", True),
        ("unsealed", True),
    ]
    assert detail.seal_id == card.id
    assert len(detail.pages) == 1
    stamped = hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id, reason="准予行政许可")
    spot = detail.dates[-1]
    assert (stamped.x + 21, stamped.y + 21) == (pytest.approx(spot.x), pytest.approx(spot.y)), "over the date"

    sealed = document(hall, stamped.sealed)
    with hall.suite.database.read() as reader:
        root = bytes(reader.one(select(tables.authority)).certificate)
    judgement = pdfsig(sealed, trust=root)
    assert (judgement.valid, judgement.total) == ([True], [True]), judgement.text
    if can_trust:
        assert judgement.trusted == [True]

    (entry,) = hall.query(KEEPER, "seal.ledger")
    assert (entry.before, entry.after) == (detail.digest, stamped.sealed)
    assert (entry.keeper, entry.es_id, entry.reason, entry.verdict) == (
        "赵国庆", card.es_id, "准予行政许可", "valid",
    )  # fmt: skip
    (receipt,) = hall.receiver.receipts
    assert (receipt.subject, receipt.paper, receipt.sealed) == ("case:1", "decision", stamped.sealed)
    assert events(hall, "case:1") == ["seal.request", "asker.ask", "asker.sealed", "seal.stamp"]
    listed = hall.query(KEEPER, "seal.waiting")
    assert (listed.waiting, listed.stamped, listed.papers[0].state) == (0, 1, "stamped")
    after = hall.query(KEEPER, "seal.paper", request_id=number)
    assert base64.b64decode(after.document) == sealed


def test_the_place_is_kept_to_the_micrometre(hall: Hall):
    card = hall.seal()
    stamped = hall.run(
        KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id, page=0, x=20.5, y=31.125
    )
    (entry,) = hall.query(KEEPER, "seal.ledger")
    assert (entry.page, entry.x, entry.y) == (stamped.page, stamped.x, stamped.y) == (0, 20.5, 31.125)


def test_stamping_twice_is_impossible(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    refused("ALREADY_DECIDED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert len(ledger_rows(hall)) == 1


def test_a_retry_with_its_key_gives_the_first_result(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    first = hall.run(KEEPER, "seal.stamp", "key-1", request_id=number, seal_id=card.id)
    again = hall.run(KEEPER, "seal.stamp", "key-1", request_id=number, seal_id=card.id)
    assert again == first
    assert len(hall.receiver.receipts) == 1


def test_a_paper_remade_while_it_was_being_signed(hall: Hall, monkeypatch: pytest.MonkeyPatch):
    """Between signing and the transaction the document changed: what was signed must not count."""
    from yichuang_seal.rules.pades import Sealer

    card = hall.seal()
    number = hall.paper()
    real = Sealer.stamp

    def slow(self, pdf, place, **rest):
        signed = real(self, pdf, place, **rest)
        monkeypatch.undo()
        hall.paper(pdf=decision(text="更正后的决定。"))
        return signed

    monkeypatch.setattr(Sealer, "stamp", slow)
    refused("ALREADY_DECIDED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert ledger_rows(hall) == []
    assert hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id).request_id == number


def test_a_paper_taken_back_while_it_was_being_signed(hall: Hall, monkeypatch: pytest.MonkeyPatch):
    from yichuang_seal.rules.pades import Sealer

    card = hall.seal()
    number = hall.paper()
    real = Sealer.stamp

    def slow(self, pdf, place, **rest):
        signed = real(self, pdf, place, **rest)
        hall.run(KEEPER, "asker.take_back", subject="case:1")
        return signed

    monkeypatch.setattr(Sealer, "stamp", slow)
    refused("ALREADY_DECIDED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert (ledger_rows(hall), hall.receiver.receipts) == ([], [])


def test_an_owner_that_breaks_takes_the_stamp_back(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    hall.receiver.breaks = True
    refused("CASE_CLOSED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert ledger_rows(hall) == []
    assert hall.query(KEEPER, "seal.waiting").waiting == 1


def test_who_may_stamp(hall: Hall):
    card = hall.seal()
    other = hall.seal(GRASSLAND)
    number = hall.paper()

    def stamp(actor, seal_id=card.id):
        return hall.run(actor, "seal.stamp", request_id=number, seal_id=seal_id)

    refused("NOT_PERMITTED", lambda: stamp(CLERK))
    refused("NOT_YOUR_AGENCY", lambda: stamp(OTHER_KEEPER))
    refused("NOT_YOUR_AGENCY", lambda: stamp(KEEPER, other.id))
    hall_keeper = person(9, "李娜", "stamp", agency="", hall_wide=True)
    refused("WRONG_SEAL", lambda: stamp(hall_keeper, other.id))
    refused("UNKNOWN_SEAL", lambda: stamp(KEEPER, 999))
    refused("UNKNOWN_PAPER", lambda: hall.run(KEEPER, "seal.stamp", request_id=999, seal_id=card.id))
    assert stamp(hall_keeper).es_id == card.es_id


def test_a_seal_that_may_not_be_used(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    hall.run(KEEPER, "seal.stop", seal_id=card.id, reason="检查")
    refused("SEAL_NOT_IN_USE", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    hall.run(APPROVER, "seal.resume", seal_id=card.id, reason="检查完毕")
    hall.clock.advance(days=3 * 365 + 1)
    refused("SEAL_EXPIRED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert hall.query(KEEPER, "seal.seals", usable=True) == []


def test_a_seal_whose_key_is_elsewhere(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    with hall.suite.database.read() as reader:
        name = reader.one(select(tables.seal)).key_name
    hall.suite.executor.secrets.delete("yichuang-seal", name)
    refused("SEAL_KEY_NOT_HERE", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert not hall.query(KEEPER, "seal.seals")[0].here


def test_a_document_changed_in_the_database(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    digest = hall.query(KEEPER, "seal.paper", request_id=number).digest
    with hall.suite.database.write() as writer:
        data = bytearray(writer.one(select(blob.c.data).where(blob.c.digest == digest)).data)
        data[2000] ^= 1
        writer.execute(blob.update().where(blob.c.digest == digest).values(data=bytes(data)))
    detail = hall.query(KEEPER, "seal.paper", request_id=number)
    assert not detail.checks[0].passed
    assert detail.document == ""
    error = refused(
        "CHECK_FAILED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    )
    assert error.detail == {"check": "unchanged"}


def test_a_row_that_no_operation_wrote(hall: Hall):
    """Somebody puts a document into the list past the program: nobody approved it."""
    card = hall.seal()
    hall.paper()
    with hall.suite.database.write() as writer:
        row = writer.one(select(tables.request))
        values = {**row._asdict(), "paper": "forged"}
        del values["id"]
        number = writer.insert(tables.request, **values)
    assert [c.passed for c in hall.query(KEEPER, "seal.paper", request_id=number).checks] == [
        True,
        False,
        True,
    ]
    error = refused(
        "CHECK_FAILED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    )
    assert error.detail == {"check": "approved"}


def test_a_document_that_bears_a_seal(hall: Hall):
    card = hall.seal()
    stamped = hall.run(KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id)
    number = hall.paper(2, pdf=document(hall, stamped.sealed))
    error = refused(
        "CHECK_FAILED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    )
    assert error.detail == {"check": "unsealed"}


def test_a_paper_without_a_place(hall: Hall, make_paper: Callable[..., bytes]):
    card = hall.seal()
    number = hall.paper(pdf=make_paper())
    refused("NO_SEAL_PLACE", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    refused(
        "SEAL_OFF_PAGE",
        lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id, page=0, x=190, y=10),
    )
    assert hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id, page=0, x=120, y=200).page == 0


def test_ledger_and_changes_only_grow(hall: Hall):
    card = hall.seal()
    hall.run(KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id)
    for table, values in ((tables.stamp, {"keeper": "别人"}), (tables.change, {"staff_name": "别人"})):
        for statement in (table.update().values(**values), table.delete()):
            with pytest.raises(Exception, match="append-only"), hall.suite.database.write() as writer:
                writer.execute(statement)


def test_the_ledger_pages_and_searches(hall: Hall):
    card = hall.seal()
    for number in range(1, 6):
        hall.run(
            KEEPER, "seal.stamp", request_id=hall.paper(number, title=f"决定书{number}"), seal_id=card.id
        )
    newest = hall.query(KEEPER, "seal.ledger", limit=2)
    assert [entry.title for entry in newest] == ["决定书5", "决定书4"]
    older = hall.query(KEEPER, "seal.ledger", limit=2, before=newest[-1].id)
    assert [entry.title for entry in older] == ["决定书3", "决定书2"]
    assert [entry.title for entry in hall.query(KEEPER, "seal.ledger", text="书3")] == ["决定书3"]
    assert hall.query(KEEPER, "seal.ledger", text="%") == []
    assert hall.query(OTHER_KEEPER, "seal.ledger") == []
