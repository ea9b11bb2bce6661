"""Applicants and agents: what is accepted, in which form, and which error each fault gets."""

from dataclasses import replace
from datetime import date

import pytest

from yichuang.hall.errors import UserError
from yichuang.hall.people import ID_TYPES, Agent, Applicant, age_on, check_applicant

PERSON = Applicant("person", " 王小军 ", "11010519491231002x", "111", "138 4762 2158")
AGENT = Agent("萨仁", "440524188001010014")
FIRM = Applicant("organisation", "内蒙古罕山农牧科技有限公司", "91350100m000100y43", "001", agent=AGENT)


def test_values_take_their_stored_form():
    person = check_applicant(PERSON)
    assert (person.name, person.id_number, person.phone) == ("王小军", "11010519491231002X", "13847622158")
    assert check_applicant(FIRM).id_number == "91350100M000100Y43"
    assert check_applicant(replace(PERSON, id_type="414", id_number="e12345678")).id_number == "E12345678"
    assert check_applicant(person) == person


@pytest.mark.parametrize(
    ("applicant", "code"),
    [
        (replace(PERSON, id_number="110105194912310021"), "BAD_CITIZEN_ID"),
        (replace(PERSON, name="王\u202e军"), "BAD_TEXT"),
        (replace(PERSON, phone="123"), "BAD_PHONE"),
        (replace(PERSON, id_type="001"), "BAD_ID_TYPE"),
        (replace(PERSON, id_type="777"), "BAD_ID_TYPE"),
        (replace(PERSON, id_type="414", id_number=" "), "BAD_TEXT"),
        (replace(PERSON, agent=Agent("王小军", "11010519491231002X")), "AGENT_IS_APPLICANT"),
        (replace(FIRM, agent=None), "AGENT_MISSING"),
        (replace(FIRM, id_number="91350100M000100Y44"), "BAD_USCC"),
        (replace(FIRM, agent=replace(AGENT, id_number="1")), "BAD_CITIZEN_ID"),
        (replace(FIRM, agent=replace(AGENT, id_type="001")), "BAD_ID_TYPE"),
    ],
)
def test_faults(applicant, code):
    with pytest.raises(UserError) as caught:
        check_applicant(applicant)
    assert caught.value.code == code


def test_age_is_counted_on_the_birthday():
    assert age_on("11010519491231002X", date(2026, 12, 30)) == 76
    assert age_on("11010519491231002X", date(2026, 12, 31)) == 77


def test_kinds_of_documents_are_for_one_kind_of_applicant():
    assert {kind for kind, _ in ID_TYPES.values()} == {"person", "organisation"}
