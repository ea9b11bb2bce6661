"""Validity by status and dates; what the register may change; identifiers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError, identifiers
from yichuang_licence.rules import (
    USABLE,
    Status,
    Validity,
    asked_by,
    change,
    changes,
    check_asked,
    check_purpose,
    holder_code_kind,
    identifier,
    masked,
    masked_number,
    parse_fields,
    usual_end,
    validity,
    verdict,
)

from .conftest import citizen

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


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_what_is_offered_can_be_done(now, wanted):
    if wanted in changes(now):
        assert change(now, wanted) is wanted
    assert now not in changes(now)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 3, 17), 60, date(2031, 3, 16)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2026, 3, 1), None, None),
    ],
)
def test_a_term_ends_the_day_before(start, months, end):
    assert usual_end(start, months) == end


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)), st.integers(1, 600))
def test_a_longer_term_ends_later(start, months):
    first, second = usual_end(start, months), usual_end(start, months + 1)
    assert start < first < second


USCC = "91150421MA0MW1AB1H"


@pytest.mark.parametrize(
    ("by", "text", "found"),
    [
        ("holder", citizen(), "holder"),
        ("holder", "苏日娜", "name"),
        ("number", " 1.2.156.3005.2.x", "code"),
        ("number", "JY115", "number"),
        ("name", "Rio Tinto", "name"),
    ],
)
def test_what_a_text_is_looked_up_by(by, text, found):
    assert asked_by(by, text) == found


@pytest.mark.parametrize(("number", "kind"), [(citizen(), "111"), (citizen().lower(), "111"), (USCC, "001")])
def test_a_number_tells_whose_it_is(number, kind):
    assert holder_code_kind(number) == kind


@pytest.mark.parametrize(
    ("by", "text", "code"),
    [
        ("holder", " ", "TEXT_MISSING"),
        ("holder", "150421199003072410", "BAD_CITIZEN_ID"),
        ("holder", USCC[:-1] + "A", "BAD_USCC"),
        ("code", "1.2.156.3005.2.1", "BAD_LICENCE_IDENTIFIER"),
        ("name", "苏", "NAME_TOO_SHORT"),
    ],
)
def test_what_can_be_nothing_is_not_asked(by, text, code):
    with pytest.raises(UserError) as refused:
        check_asked(by, text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("label", "value", "shown"),
    [
        ("法定代表人", "刘成", "刘*"),
        ("法定代表人证件", "150421198002235512", "150421********5512"),
        ("负责人电话", "13904767704", "139****7704"),
        ("住所", "天山镇罕乌拉街 28 号 201", "天山镇罕乌拉街 *** 号 ***"),
        ("联系电话", "0476-7222333", "047******333"),
        ("备注", "联系 13904767704", "联系 139****7704"),
        ("类型", "有限责任公司", "有限责任公司"),
    ],
)
def test_personal_data_is_masked(label, value, shown):
    assert masked(label, value) == shown


@given(st.text(max_size=30), st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_no_identity_number_is_shown_whatever_the_field_is_called(label, number):
    assert number not in masked(label, number)


@given(st.text(max_size=40))
def test_a_masked_number_is_shorter_than_it_could_be_copied_from(number):
    shown = masked_number(number)
    assert shown == number if len(number) <= 11 else shown.count("*") >= 4


_words = st.text(st.characters(exclude_characters=":：", categories=("L", "N")), min_size=1, max_size=12)


@given(st.dictionaries(_words, _words, max_size=5))
def test_fields_are_read_as_they_were_typed(fields):
    for colon in ":", "：", " : ":
        assert parse_fields("\n".join(f"{label}{colon}{value}" for label, value in fields.items())) == fields


@pytest.mark.parametrize(
    ("text", "code"),
    [("住所", "BAD_FIELD"), ("：北京", "BAD_FIELD"), ("住所：", "BAD_FIELD"), ("a:1\na:2", "FIELD_TWICE")],
)
def test_a_wrong_field_is_named(text, code):
    with pytest.raises(UserError) as refused:
        parse_fields(text)
    assert refused.value.code == code


def test_a_value_may_hold_a_colon():
    assert parse_fields("经营场所: A:B") == {"经营场所": "A:B"}


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ([], "ok"), (["ok", "warn"], "ok"), (["ok", "unknown"], "unknown"), (["unknown", "fail", "ok"], "fail"),
    ],
)  # fmt: skip
def test_what_did_not_answer_is_unknown_and_never_invalid(states, found):
    assert verdict(states) == found
