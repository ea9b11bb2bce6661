"""What must never happen: an error that changes something, whatever an application or a decision is made of."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from yichuang.api import Actor, UserError

from .conftest import (
    ACCEPT,
    APPROVER,
    BARE,
    COMMITTED,
    HEAD,
    INSTANT,
    ISSUE,
    OWN,
    accepted,
    citizen,
    decision,
    hands,
    intake,
)

EVERYTHING = Actor(9, "all", "全权", OWN, permissions=ACCEPT | HEAD | ISSUE, hall_wide=True)
TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["", " ", "\x00", "\x1b[2J", "\u202e", "苏日娜", "x" * 5000])
)
NUMBERS = st.one_of(st.integers(-1, 4), st.sampled_from([10**30, -(2**63), 2**63, 2**31]))
CODES = st.one_of(
    TEXTS, st.sampled_from([citizen(), citizen()[:-1], citizen()[:-1] + "0", "91150421MA0000000X"])
)
HANDS = st.lists(
    st.fixed_dictionaries(
        {"position": NUMBERS, "given": st.sampled_from(["paper", "licence", "tolerated", "none", "magic"])},
        optional={
            "originals": NUMBERS,
            "copies": NUMBERS,
            "licence": TEXTS,
            "pages": st.lists(TEXTS, max_size=2),
        },
    ),
    max_size=4,
)
PEOPLE = st.fixed_dictionaries(
    {"name": TEXTS, "code_kind": st.sampled_from(["111", "001", "999", ""]), "code": CODES},
    optional={"phone": TEXTS},
)
INTAKES = st.fixed_dictionaries(
    {"item": st.sampled_from([COMMITTED, INSTANT, BARE, "nothing", ""]), "applicant": PEOPLE, "materials": HANDS},
    optional={"agent": PEOPLE, "item_version": NUMBERS, "form": st.dictionaries(TEXTS, TEXTS, max_size=2),
              "project": TEXTS, "ticket": TEXTS, "draft_id": NUMBERS},
)  # fmt: skip
STEPS = st.fixed_dictionaries(
    {"case_id": NUMBERS},
    optional={"row_version": NUMBERS, "opinion": TEXTS, "reason": TEXTS, "law": TEXTS, "valid_to": TEXTS,
              "content": TEXTS, "kind": TEXTS, "proper_agency": TEXTS, "defects": st.lists(TEXTS, max_size=2),
              "deadline": TEXTS, "materials": HANDS, "position": NUMBERS, "receiver": TEXTS, "receiver_code": CODES,
              "paper_id": NUMBERS, "signed": st.booleans(), "page": TEXTS, "planned_end": TEXTS, "basis": TEXTS, "cause": TEXTS,
              "mode": TEXTS, "mail_no": TEXTS, "address": TEXTS, "relation": TEXTS, "number": TEXTS, "result": TEXTS,
              "evidence": TEXTS, "hearing_at": TEXTS, "signature": st.binary(max_size=4)},
)  # fmt: skip
ACTS = (
    "grant", "refuse", "deliver", "bring", "take_voluntary", "request_correction", "resubmit", "accept_case", "refuse_to_accept",
    "withdraw", "count_print", "correct_again", "suspend", "resume", "extend", "return", "terminate", "revoke", "archive",
    "grant_at_once", "make_certificate", "void_blank", "correct_form",
)  # fmt: skip


def contents(suite: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of acceptance and core."""
    with suite.database.read() as reader:
        names = [
            n for n in inspect(reader.connection).get_table_names() if n.startswith(("acceptance_", "core_"))
        ]
        return {
            n: sorted((tuple(row) for row in reader.all(text(f"SELECT * FROM {n}"))), key=str) for n in names
        }


def unchanged(suite: Any, name: str, request: dict[str, Any]) -> None:
    """It succeeds, or it is refused with a typed error and every row is as before."""
    before = contents(suite)
    with suppress(UserError):
        suite.run(EVERYTHING, f"acceptance.{name}", request)
        return
    assert contents(suite) == before


def test_an_intake_that_is_refused_changes_nothing(suite):
    @settings(max_examples=60, deadline=None)
    @given(st.sampled_from(["accept", "receive"]), INTAKES)
    def ask(name: str, request: dict[str, Any]):
        unchanged(suite, name, request)

    ask()


def test_a_step_that_is_refused_changes_nothing(suite):
    accepted(suite)
    decided = accepted(suite, item=INSTANT)
    suite.run(APPROVER, "acceptance.grant", decision(suite, decided, opinion="同意"))
    suite.run(EVERYTHING, "acceptance.receive", intake(BARE, materials=hands(1)))

    @settings(max_examples=200, deadline=None)
    @given(st.sampled_from(ACTS), STEPS)
    def ask(name: str, request: dict[str, Any]):
        known = suite.registry.get(f"acceptance.{name}").request.model_fields
        request = {key: value for key, value in request.items() if key in known}
        unchanged(suite, name, request)

    ask()
