"""Validity by status and dates; what the register may change; identifiers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError, identifiers
from yichuang_licence.rules import USABLE, Status, Validity, change, check_purpose, identifier, validity

DAY = date(2026, 3, 17)


@pytest.mark.parametrize(
    ("status", "start", "end", "found"),
    [
        (Status.IN_FORCE, DAY, None, Validity.VALID),
        (Status.IN_FORCE, DAY + timedelta(1), None, Validity.NOT_YET),
        (Status.IN_FORCE, DAY - timedelta(9), DAY, Validity.EXPIRING),
        (Status.IN_FORCE, DAY - timedelta(9), DAY - timedelta(1), Validity.EXPIRED),
        (Status.IN_FORCE, DAY, DAY + timedelta(30), Validity.EXPIRING),
        (Status.IN_FORCE, DAY, DAY + timedelta(31), Validity.VALID),
        (Status.REVOKED, DAY, None, Validity.REVOKED),
        (Status.SUSPENDED, DAY, None, Validity.SUSPENDED),
    ],
)
def test_validity(status, start, end, found):
    assert validity(status, start, end, DAY) is found


@given(st.sampled_from(Status), st.dates(), st.none() | st.dates(), st.dates())
def test_only_what_is_in_force_and_in_time_is_usable(status, start, end, today):
    usable = validity(status, start, end, today) in USABLE
    assert usable == (status is Status.IN_FORCE and start <= today and (end is None or today <= end))


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_what_has_ended_stays_ended(now, wanted):
    if now in (Status.CANCELLED, Status.REVOKED, Status.ANNULLED, Status.REPLACED):
        with pytest.raises(UserError):
            change(now, wanted)


def test_an_identifier_has_its_check_character():
    code = identifier("11150421YC0000028H001", "11150421YC0000028H", 2026, 7)
    assert identifiers.check_licence_identifier(code) == code
    with pytest.raises(UserError):
        identifiers.check_licence_identifier(code[:-1] + ("0" if code[-1] != "0" else "1"))


@pytest.mark.parametrize(("purpose", "code"), [("", "PURPOSE_MISSING"), ("x" * 201, "PURPOSE_TOO_LONG")])
def test_a_purpose_is_needed(purpose, code):
    with pytest.raises(UserError) as refused:
        check_purpose(purpose)
    assert refused.value.code == code
