"""Check digits and the shape of every identifier: examples of standards, live codes, and properties."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.hall import identifiers as ids
from yichuang.hall.errors import UserError

DIGITS = "0123456789"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code_of(function, *arguments):
    with pytest.raises(UserError) as caught:
        function(*arguments)
    return caught.value.code


class TestCitizenId:
    @pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", " 11010519491231002x "])
    def test_examples_of_the_standard_pass(self, number):
        assert ids.citizen_id_problem(number) is None
        assert ids.check_citizen_id(number) == number.strip().upper()

    @pytest.mark.parametrize(
        ("number", "problem"),
        [
            ("", "length"),
            ("1101051949123100", "length"),
            ("11010519491231002Y", "characters"),
            ("１10105194912310020", "characters"),
            ("99010519491231002X", "region"),
            ("110105194902310028", "birth"),
            ("110105024902310028", "birth"),
            ("110105194912310021", "check"),
        ],
    )
    def test_each_fault_has_its_name(self, number, problem):
        assert ids.citizen_id_problem(number) == problem
        with pytest.raises(UserError) as caught:
            ids.check_citizen_id(number)
        assert (caught.value.code, caught.value.detail) == ("BAD_CITIZEN_ID", {"problem": problem})
        if number:
            assert number not in str(caught.value.as_dict("zh_CN"))

    def test_birth_and_sex(self):
        assert ids.birth_of("11010519491231002X") == date(1949, 12, 31)
        assert ids.sex_of("11010519491231002X") == "female"
        assert ids.sex_of("440524188001010014") == "male"

    @given(
        st.dates(date(1900, 1, 1), date(2026, 1, 1)),
        st.integers(0, 999),
        st.integers(0, 16),
        st.integers(1, 9),
    )
    def test_every_wrong_digit_is_found(self, born, serial, at, shift):
        body = f"150421{born:%Y%m%d}{serial:03d}"
        good = body + ids.citizen_id_check(body)
        assert ids.citizen_id_problem(good) is None
        assert ids.birth_of(good) == born
        wrong = good[:at] + str((int(good[at]) + shift) % 10) + good[at + 1 :]
        assert ids.citizen_id_problem(wrong) is not None


class TestUscc:
    @pytest.mark.parametrize(
        "code", ["91350100M000100Y43", "91110000600037341L", "11440113MB2C92966P", "11440100007482575H"]
    )
    def test_live_codes_pass(self, code):
        assert ids.check_uscc(code.lower()) == code

    @pytest.mark.parametrize(
        "code", ["", "91350100M000100Y4", "91350100M000100Y44", "91350100I000100Y43", "9135010OM000100Y43"]
    )
    def test_bad_codes(self, code):
        assert code_of(ids.check_uscc, code) == "BAD_USCC"

    @given(
        st.text(USCC_ALPHABET, min_size=2, max_size=2),
        st.text(DIGITS, min_size=6, max_size=6),
        st.text(USCC_ALPHABET, min_size=9, max_size=9),
        st.integers(0, 16),
        st.integers(1, 30),
    )
    def test_every_wrong_character_is_found(self, head, region, tail, at, shift):
        body = head + region + tail
        good = body + ids.uscc_check(body)
        assert ids.check_uscc(good) == good
        other = USCC_ALPHABET[(USCC_ALPHABET.index(good[at]) + shift) % 31]
        assert code_of(ids.check_uscc, good[:at] + other + good[at + 1 :]) == "BAD_USCC"

    def test_organisation_part(self):
        assert "M000100Y4"[8] == ids.organisation_check("M000100Y")
        assert "60003734"[:8] + ids.organisation_check("60003734") == "600037341"


class TestRegion:
    @pytest.mark.parametrize("code", ["150421", "150421100", "150421100201", " 110000 "])
    def test_good(self, code):
        assert ids.check_region(code) == code.strip()

    @pytest.mark.parametrize("code", ["", "15042", "990421", "15042a", "1504211", "470000"])
    def test_bad(self, code):
        assert code_of(ids.check_region, code) == "BAD_REGION"


class TestItemCode:
    @pytest.mark.parametrize("code", ["11440113MB2C92966P4000131024000", "11440100007482575H3440118009000"])
    def test_live_codes(self, code):
        assert ids.check_item_code(code) == code
        assert ids.check_item_code(code + "01") == code + "01"

    def test_parts_make_the_whole(self):
        whole = ids.implementation_code("11440113MB2C92966P", "000131024000")
        assert whole == "11440113MB2C92966P4000131024000"

    @pytest.mark.parametrize(
        "code",
        [
            "",
            "11440113MB2C92966P400013102400",
            "11440113MB2C92967P4000131024000",
            "11440113MB2C92966P9000131024000",
            "11440113MB2C92966P4990131024000",
            "11440113MB2C92966P4009931024000",
        ],
    )
    def test_bad(self, code):
        assert code_of(ids.check_item_code, code) == "BAD_ITEM_CODE"


class TestCaseNumber:
    def test_example_of_the_design(self):
        assert ids.case_number("150421", date(2026, 11, 22), 17) == "1504212611220000170"
        assert ids.check_case_number("150421 261122 000017 0") == "1504212611220000170"
        assert ids.short_case_number("1504212611220000170") == "261122-0017"
        assert ids.short_case_number("1504212611220000170-02") == "261122-0017-02", "an item of a matter"
        assert ids.check_case_number("1504212611220000170-02") == "1504212611220000170-02"

    def test_a_day_has_a_million_numbers_less_one(self):
        assert ids.case_number("150421", date(2026, 1, 1), 999_999).startswith("150421260101999999")
        assert code_of(ids.case_number, "150421", date(2026, 1, 1), 1_000_000) == "CASE_SERIAL_USED_UP"
        assert code_of(ids.case_number, "150421", date(2026, 1, 1), 0) == "CASE_SERIAL_USED_UP"

    @pytest.mark.parametrize(
        "number",
        ["", "150421261122000017", "1504212611220000171", "９504212611220000170", "1504212611220000170-00"],
    )
    def test_bad(self, number):
        assert code_of(ids.check_case_number, number) == "BAD_CASE_NUMBER"

    @given(st.integers(1, 999_999), st.integers(0, 18), st.integers(1, 9))
    def test_every_typo_in_one_digit_is_found(self, serial, at, shift):
        good = ids.case_number("150421", date(2026, 11, 22), serial)
        wrong = good[:at] + str((int(good[at]) + shift) % 10) + good[at + 1 :]
        assert code_of(ids.check_case_number, wrong) == "BAD_CASE_NUMBER"

    def test_nearly_every_swap_of_neighbours_is_found(self):
        swaps = missed = 0
        for serial in range(1, 3000, 7):
            good = ids.case_number("150421", date(2026, 11, 22), serial)
            for at in range(18):
                if good[at] != good[at + 1]:
                    swaps += 1
                    swapped = good[:at] + good[at + 1] + good[at] + good[at + 2 :]
                    missed += ids.iso7064_mod11_10(swapped[:18]) == swapped[18]
        assert missed / swaps < 0.03


class TestLicence:
    def test_examples_of_iso_7064(self):
        assert ids.iso7064_mod11_10("0794") == "5"
        assert ids.iso7064_mod37_36("A12425GABC1234002") == "M"  # ISO 15706

    @pytest.mark.parametrize(
        "identifier",
        [
            "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
            "1.2.156.3005.2.11100000000013338W011.11110000000021186W.20230000403.001.U",
        ],
    )
    def test_shape(self, identifier):
        if identifier.endswith(".9"):
            assert ids.check_licence_identifier(identifier.lower()) == identifier
        else:
            assert code_of(ids.check_licence_identifier, identifier) == "BAD_LICENCE_IDENTIFIER"

    def test_made_ones_check(self):
        made = ids.licence_identifier("11100000000013338W011", "11150421YC000001XH", "2026000001", 2)
        assert made.startswith("1.2.156.3005.2.11100000000013338W011.11150421YC000001XH.2026000001.002.")
        assert ids.check_licence_identifier(made) == made
        assert code_of(ids.check_licence_identifier, made.replace("2026", "2025")) == "BAD_LICENCE_IDENTIFIER"

    @pytest.mark.parametrize(
        "code", ["", "11100000000013338W01", "11100000000013338X011", "11100000000013338WAAA"]
    )
    def test_bad_types(self, code):
        assert code_of(ids.check_licence_type, code) == "BAD_LICENCE_TYPE"


@given(st.text(max_size=40))
def test_no_input_makes_a_check_fail_in_another_way(text):
    for check in (
        ids.check_citizen_id,
        ids.check_uscc,
        ids.check_region,
        ids.check_basic_code,
        ids.check_item_code,
        ids.check_case_number,
        ids.check_licence_type,
        ids.check_licence_identifier,
        ids.check_phone,
    ):
        with suppress(UserError):
            assert isinstance(check(text), str)
