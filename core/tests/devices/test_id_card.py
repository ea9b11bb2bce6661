"""Identity card records: every layout there and back, long and rare names, and what must be refused."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.devices.ethnic_groups import ETHNIC_GROUPS
from yichuang.devices.id_card import CardType, IdCard, encode_record, parse_record
from yichuang.hall.errors import UserError
from yichuang.hall.identifiers import citizen_id_check


def number_of(region="150421", birth=date(1988, 3, 5), serial=12, male=False):
    body = f"{region}{birth:%Y%m%d}{serial:02d}{1 if male else 2}"
    return body + citizen_id_check(body)


RESIDENT = IdCard(
    card_type=CardType.RESIDENT,
    name="乌云其木格",
    sex="female",
    birth=date(1988, 3, 5),
    number=number_of(),
    valid_from=date(2016, 5, 1),
    valid_to=date(2036, 5, 1),
    ethnic_code="02",
    ethnic_group="蒙古",
    address="内蒙古自治区赤峰市阿鲁科尔沁旗天山镇新城区某路12号",
    issuer="阿鲁科尔沁旗公安局",
)
PERMIT = IdCard(
    card_type=CardType.HMT_PERMIT,
    name="陈大文",
    sex="male",
    birth=date(1990, 1, 2),
    number=number_of("810000", date(1990, 1, 2), 3, male=True),
    valid_from=date(2023, 1, 1),
    valid_to=date(2028, 1, 1),
    address="广东省深圳市某区某街1号",
    issuer="深圳市公安局",
    pass_number="H12345678",
    issue_count="01",
)
FOREIGN_2017 = IdCard(
    card_type=CardType.FOREIGN_2017,
    name="张玛丽",
    english_name="SMITH, MARY",
    sex="female",
    birth=date(1975, 6, 7),
    number="USA110075060712",
    valid_from=date(2018, 1, 1),
    valid_to=date(2028, 1, 1),
    issuer="1100",
    nationality="USA",
)
FOREIGN_2023 = IdCard(
    card_type=CardType.FOREIGN_2023,
    name="",
    english_name="VENKATANARASIMHARAJUVARIPETA SUBRAHMANYAM",
    sex="male",
    birth=date(1980, 10, 11),
    number="91117619801011001" + citizen_id_check("91117619801011001"),
    valid_from=date(2024, 1, 1),
    valid_to=date(2034, 1, 1),
    nationality="IND",
    issue_count="01",
)


@pytest.mark.parametrize(
    "card", [RESIDENT, PERMIT, FOREIGN_2017, FOREIGN_2023], ids=lambda card: card.card_type
)
def test_every_kind_of_card_goes_there_and_back(card):
    raw = encode_record(card)
    assert len(raw) == 256
    assert parse_record(raw) == card
    assert IdCard.from_dict(card.as_dict()) == card


def test_the_layout_is_the_one_of_the_security_module():
    """Built by hand from the table of field lengths, not by our own encoder."""

    def field(text, length):
        return text.encode("utf-16-le").ljust(length, b"\0").replace(b"\0\0", b" \0")

    raw = (
        field("乌云其木格", 30)
        + field("2", 2)
        + field("02", 4)
        + field("19880305", 16)
        + field("内蒙古自治区赤峰市阿鲁科尔沁旗天山镇新城区某路12号", 70)
        + field(RESIDENT.number, 36)
        + field("阿鲁科尔沁旗公安局", 30)
        + field("20160501", 16)
        + field("20360501", 16)
        + field("", 36)
    )
    assert parse_record(raw) == RESIDENT
    photo = bytes(1024)
    assert parse_record(raw, photo) == replace(RESIDENT, photo=photo, photo_type="wlt")


def test_a_card_without_end():
    card = replace(RESIDENT, valid_to=None)
    assert parse_record(encode_record(card)) == card
    assert not card.expired(date(2199, 1, 1))


@pytest.mark.parametrize(
    ("day", "expired"),
    [("2016-04-30", True), ("2016-05-01", False), ("2036-05-01", False), ("2036-05-02", True)],
)
def test_expiry_counts_both_days_in(day, expired):
    assert RESIDENT.expired(date.fromisoformat(day)) is expired


@pytest.mark.parametrize(
    ("name", "kept", "cut"),
    [
        ("买买提", "买买提", False),
        ("阿卜杜热合曼·阿卜杜克热木", "阿卜杜热合曼·阿卜杜克热木", False),
        ("阿卜杜热合曼·阿卜杜克热木江阿", "阿卜杜热合曼·阿卜杜克热木江阿", True),  # 15: full, maybe cut
        ("努尔艾合麦提·阿卜杜克热木江·买买提", "努尔艾合麦提·阿卜杜克热木江·", True),
        ("𬭎𬱖𣗋", "𬭎𬱖𣗋", False),
        ("阿卜杜热合曼·阿卜杜克热木江𬭎", "阿卜杜热合曼·阿卜杜克热木江", True),  # half of the last one fits
    ],
)
def test_long_and_rare_names(name, kept, cut):
    card = parse_record(encode_record(replace(RESIDENT, name=name)))
    assert card.name == kept
    assert card.name_may_be_cut is cut
    assert card.compare_name is cut


def test_a_name_with_a_private_character_is_to_be_compared():
    assert parse_record(encode_record(replace(RESIDENT, name="王\ue863"))).compare_name


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": number_of()[:-1] + ("0" if number_of()[-1] != "0" else "1")}, "number"),
        ({"number": "150421198803051"}, "number"),
        ({"birth": date(1988, 3, 6)}, "birth"),
        ({"sex": "male"}, "sex"),
        ({"name": ""}, "name"),
        ({"name": "王\x07"}, "name"),
        ({"valid_to": date(2016, 4, 1)}, "valid_to"),
    ],
)
def test_a_card_that_contradicts_itself_is_not_taken(change, field):
    with pytest.raises(UserError) as caught:
        parse_record(encode_record(replace(RESIDENT, **change)))
    assert caught.value.code == "DEVICE_CARD_UNREADABLE"
    assert caught.value.detail["field"] == field
    assert RESIDENT.number not in str(caught.value.as_dict("en")), "no personal data in an error"


@pytest.mark.parametrize("length", [0, 1, 255, 257, 1024])
def test_a_record_of_another_length_is_refused(length):
    with pytest.raises(UserError) as caught:
        parse_record(bytes(length))
    assert caught.value.code == "DEVICE_CARD_UNREADABLE"


def test_an_unknown_kind_of_card_is_said_to_be_unknown():
    raw = bytearray(encode_record(RESIDENT))
    raw[248:250] = "Q".encode("utf-16-le")
    with pytest.raises(UserError) as caught:
        parse_record(bytes(raw))
    assert caught.value.code == "DEVICE_CARD_UNKNOWN"


@pytest.mark.parametrize("code", ["9", "0"])
def test_an_unsaid_sex_is_no_contradiction(code):
    sex = {"0": "unknown", "9": "unspecified"}[code]
    assert parse_record(encode_record(replace(RESIDENT, sex=sex))).sex == sex


def test_unidentified_groups_keep_their_code():
    card = parse_record(encode_record(replace(RESIDENT, ethnic_code="57")))
    assert (card.ethnic_code, card.ethnic_group) == ("57", "")


def test_the_list_of_ethnic_groups_is_whole():
    assert len(ETHNIC_GROUPS) == 58
    assert (ETHNIC_GROUPS["01"], ETHNIC_GROUPS["02"], ETHNIC_GROUPS["11"]) == ("汉", "蒙古", "满")
    assert (ETHNIC_GROUPS["45"], ETHNIC_GROUPS["56"]) == ("鄂温克", "基诺")
    assert len(set(ETHNIC_GROUPS.values())) == 58


@given(st.binary(min_size=256, max_size=256))
def test_noise_is_never_a_card(raw):
    with pytest.raises(UserError):
        parse_record(raw)


chinese = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=15)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(
    name=chinese,
    address=chinese,
    birth=days,
    start=days,
    years=st.none() | st.integers(0, 40),
    male=st.booleans(),
    serial=st.integers(0, 99),
    code=st.sampled_from(sorted(ETHNIC_GROUPS)),
)
def test_any_card_goes_there_and_back(name, address, birth, start, years, male, serial, code):
    card = IdCard(
        card_type=CardType.RESIDENT,
        name=name,
        sex="male" if male else "female",
        birth=birth,
        number=number_of(birth=birth, serial=serial, male=male),
        valid_from=start,
        valid_to=None if years is None else start + timedelta(days=365 * years),
        ethnic_code=code,
        ethnic_group=ETHNIC_GROUPS[code],
        address=address,
        issuer="某某公安局",
        name_may_be_cut=len(name) == 15,
    )
    assert parse_record(encode_record(card)) == card
    assert IdCard.from_dict(card.as_dict()) == card


@given(st.integers(0, 255), st.integers(1, 255))
def test_a_garbled_byte_gives_a_card_or_a_clear_error(place, change):
    raw = bytearray(encode_record(RESIDENT))
    raw[place] ^= change
    with contextlib.suppress(UserError):  # anything else that is raised fails the test
        assert isinstance(parse_record(bytes(raw)), IdCard)


@pytest.mark.parametrize(
    "data", [{}, {"name": "王"}, {**RESIDENT.as_dict(), "shoe": 42}, {**RESIDENT.as_dict(), "birth": "x"}]
)
def test_a_wrong_dict_is_no_card(data):
    with pytest.raises(ValueError, match=r"card|fields|isoformat"):
        IdCard.from_dict(data)
