"""How papers write numbers and dates."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.documents import chinese_date, chinese_moment, document_number, parse_document_number
from yichuang.hall.errors import UserError


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("阿政服受字", 2026, 1), "阿政服受字〔2026〕第00001号"),
        (("阿市监许准字", 2026, 123456), "阿市监许准字〔2026〕第123456号"),
        (("阿政服收", 2027, 42, 3), "阿政服收〔2027〕第042号"),
    ],
)
def test_document_number(parts, text):
    assert document_number(*parts) == text
    assert parse_document_number(text) == parts[:3]


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=20),
    st.integers(1000, 9999),
    st.integers(1, 10**9),
)
def test_what_is_written_is_read(word, year, serial):
    assert parse_document_number(document_number(word, year, serial)) == (word, year, serial)


@pytest.mark.parametrize(
    "parts",
    [
        ("", 2026, 1),
        ("阿〔字", 2026, 1),
        ("阿 字", 2026, 1),
        ("阿字", 26, 1),
        ("阿字", 2026, 0),
        ("阿字", 2026, -3),
    ],
)
def test_bad_parts_are_refused(parts):
    with pytest.raises(UserError) as caught:
        document_number(*parts)
    assert caught.value.code == "BAD_DOCUMENT_NUMBER"


@pytest.mark.parametrize(
    "text", ["", "阿政服受字[2026]第1号", "阿政服受字〔2026〕第号", "阿政服受字〔2026〕第1号x"]
)
def test_other_text_is_no_number(text):
    with pytest.raises(UserError):
        parse_document_number(text)


def test_dates():
    assert chinese_date(date(2026, 3, 7)) == "2026年3月7日"
    assert chinese_moment(datetime(2026, 3, 16, 16, 5, tzinfo=UTC)) == "2026年3月17日0时05分"
    with pytest.raises(ValueError, match="time zone"):
        chinese_moment(datetime(2026, 3, 17))  # that it has none is the point
