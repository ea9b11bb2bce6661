"""Text that is let in, text that is refused, and what masking leaves to be seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.hall.errors import UserError
from yichuang.hall.text import check_phone, clean_text, mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  王小军 ", "王小军"),
        ("cafe\u0301", "café"),
        ("𠮷野家", "𠮷野家"),
        ("\U00031350", "\U00031350"),  # block H, unassigned in this Python's tables
        ("ᠮᠣᠩᠭᠣᠯ\u180e\u202f", "ᠮᠣᠩᠭᠣᠯ\u180e"),
        ("a\u200db", "a\u200db"),
    ],
)
def test_let_in(text, clean):
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "a\0b",
        "a\x1b[31m",
        "a\tb",
        "a\nb",
        "a\u202eb",
        "\ufeffa",
        "\ud800",
        "a\ufffeb",
        "\ufdd0",
        "a\x7f",
        "",
        "  ",
    ],
)
def test_refused(text):
    with pytest.raises(UserError) as caught:
        clean_text(text)
    assert caught.value.code == "BAD_TEXT"


def test_lines_where_they_are_wanted():
    assert clean_text("一\r\n二\r三", multiline=True) == "一\n二\n三"
    assert clean_text("", required=False) == ""


def test_length_is_counted_in_characters():
    assert clean_text("字" * 5, 5) == "字" * 5
    with pytest.raises(UserError):
        clean_text("字" * 6, 5)


@given(st.text(max_size=50))
def test_what_passes_is_stable_and_has_no_control_character(text):
    try:
        clean = clean_text(text, required=False)
    except UserError:
        return
    assert clean_text(clean, required=False) == clean
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in clean)
    clean.encode()


@pytest.mark.parametrize(
    ("name", "masked"), [("王小军", "王*军"), ("王军", "王*"), ("军", "*"), ("", ""), ("斯日古楞", "斯**楞")]
)
def test_names_are_masked(name, masked):
    assert mask_name(name) == masked


def test_numbers_are_masked():
    assert mask_id("150421198001012417") == "150421********2417"
    assert mask_phone("13847622158") == "138****2158"
    assert mask_id("E12345678") == "E1*****78"
    assert mask_phone("0476-7222222") == "047******222"


@given(st.text(min_size=1, max_size=30))
def test_masks_keep_the_length_and_hide_something(text):
    for mask in (mask_name, mask_id, mask_phone):
        assert len(mask(text)) == len(text)
        assert "*" in mask(text)


@pytest.mark.parametrize(
    "phone", ["13847622158", "138 4762 2158", "0476-7222222", "010-62341234", "04767222222"]
)
def test_phones(phone):
    assert check_phone(phone).replace("-", "").isdigit()


@pytest.mark.parametrize("phone", ["", "1384762215", "23847622158", "138476221588", "abc", "7222222"])
def test_no_phones(phone):
    with pytest.raises(UserError):
        check_phone(phone)
