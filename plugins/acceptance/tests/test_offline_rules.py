"""Rules of taking in while the database is away: numbers of a block, and which times of receipt are possible."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import HALL_ZONE, UserError, identifiers
from yichuang_acceptance.rules import offline as rules

DAY = date(2026, 3, 17)
LEASED = datetime(2026, 3, 17, 0, 30, tzinfo=UTC)  # 8:30 in the hall
NOW = LEASED + timedelta(hours=6)
NUMBER = rules.numbers(DAY, 7, 7)[0]


@given(st.dates(date(2020, 1, 1), date(2068, 12, 31)), st.integers(1, 999_950))
def test_a_number_says_its_place_and_carries_its_check_digit(day, first):
    block = rules.numbers(day, first, first + rules.BLOCK - 1)
    assert len(set(block)) == rules.BLOCK
    for n, number in enumerate(block):
        assert rules.place_of(number) == rules.Place(day, first + n)
        assert identifiers.check_case_number(number) == number
    wrong = block[0][:-1] + str((int(block[0][-1]) + 1) % 10)
    with pytest.raises(UserError):
        rules.place_of(wrong)


@pytest.mark.parametrize(
    "number", ["", "1504212603170000", identifiers.case_number("150422", DAY, 1), NUMBER + "-01"]
)
def test_numbers_that_are_not_of_this_halls_series(number):
    with pytest.raises(UserError) as error:
        rules.place_of(number)
    assert error.value.code == "BAD_CASE_NUMBER"


@pytest.mark.parametrize(
    ("received", "code"),
    [
        (NOW, None),
        (LEASED, None),
        (NOW + timedelta(minutes=4), None),
        (LEASED - timedelta(minutes=4), None),
        (NOW + timedelta(minutes=6), "RECEIVED_IN_FUTURE"),
        (LEASED - timedelta(minutes=6), "RECEIVED_BEFORE_BLOCK"),
        (LEASED - timedelta(days=30), "RECEIVED_BEFORE_BLOCK"),
    ],
)
def test_a_receipt_is_neither_in_the_future_nor_before_its_number_was_there(received, code):
    if code is None:
        rules.check_receipt(NUMBER, received, DAY, LEASED, NOW)
        return
    with pytest.raises(UserError) as error:
        rules.check_receipt(NUMBER, received, DAY, LEASED, NOW)
    assert error.value.code == code


def test_a_number_is_given_on_its_day_only():
    midnight = datetime(2026, 3, 17, 23, 59, tzinfo=HALL_ZONE)
    rules.check_receipt(NUMBER, midnight, DAY, LEASED, midnight + timedelta(days=2))
    with pytest.raises(UserError) as error:
        rules.check_receipt(
            NUMBER, midnight + timedelta(minutes=2), DAY, LEASED, midnight + timedelta(days=2)
        )
    assert error.value.code == "RECEIVED_ON_ANOTHER_DAY"


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (15, True), (16, False)])
def test_numbers_are_set_aside_for_today_and_soon(days, allowed):
    if allowed:
        rules.check_day(DAY + timedelta(days=days), DAY)
    else:
        with pytest.raises(UserError):
            rules.check_day(DAY + timedelta(days=days), DAY)


def test_another_block_is_taken_before_the_first_runs_out():
    assert rules.needs_more(0)
    assert rules.needs_more(rules.REFILL_BELOW - 1)
    assert not rules.needs_more(rules.REFILL_BELOW)
    assert rules.BLOCK > rules.REFILL_BELOW
