"""Verifying documents through the operation."""

from __future__ import annotations

import base64

import pytest

from .hall import (
    CLERK,
    KEEPER,
    Hall,
    decision,
    document,
    refused,
)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_verifying_a_sealed_paper(hall: Hall):
    card = hall.seal()
    stamped = hall.run(KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id)
    sealed = document(hall, stamped.sealed)
    answer = hall.query(CLERK, "seal.verify", content=b64(sealed))
    assert (answer.verdict, answer.digest, answer.sealed_elsewhere) == ("valid", stamped.sealed, False)
    assert answer.ledger.keeper == "赵国庆"
    (finding,) = answer.findings
    assert (finding.es_id, finding.seal_name, finding.seal_state) == (card.es_id, "行政审批专用章", "in_use")
    assert hall.query(CLERK, "seal.verify", digest=stamped.sealed) == answer


def test_verifying_what_was_changed_or_stripped(hall: Hall):
    card = hall.seal()
    original = decision()
    stamped = hall.run(KEEPER, "seal.stamp", request_id=hall.paper(pdf=original), seal_id=card.id)
    sealed = bytearray(document(hall, stamped.sealed))
    at = len(original) // 2
    sealed[at] ^= 1
    answer = hall.query(CLERK, "seal.verify", content=b64(bytes(sealed)))
    assert answer.verdict in ("changed", "unreadable")
    assert answer.ledger is None
    stripped = hall.query(CLERK, "seal.verify", content=b64(original))
    assert (stripped.verdict, stripped.sealed_elsewhere) == ("unsealed", True), (
        "was sealed, the seal was removed"
    )
    assert stripped.ledger.after == stamped.sealed


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "DOCUMENT_MISSING"),
        ({"content": "***"}, "DOCUMENT_MISSING"),
        ({"content": b64(b"no pdf")}, "BAD_PDF"),
        ({"digest": "0" * 64}, "FILE_MISSING"),
    ],
)
def test_what_cannot_be_verified(hall: Hall, fields: dict, code: str):
    refused(code, lambda: hall.query(CLERK, "seal.verify", **fields))


def test_before_the_first_seal_nothing_is_trusted(hall: Hall):
    answer = hall.query(CLERK, "seal.verify", content=b64(decision()))
    assert (answer.verdict, answer.findings, answer.ledger) == ("unsealed", [], None)
