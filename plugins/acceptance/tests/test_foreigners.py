"""People with a foreigner's permanent residence card: taken in, shown, told, found and served like everybody else."""

from __future__ import annotations

from typing import Any

import pytest

from yichuang.api import identifiers

from .conftest import CLERK, INSTANT, ISSUER, accepted, citizen, hands, intake
from .life import grant, refused, see
from .test_all_papers import the_paper
from .test_life_papers import read

OLD = "USA110075060712"
NEW = "91117619801011001" + identifiers.citizen_id_check("91117619801011001")


def of(code: str, kind: str = "553", **more: Any) -> dict[str, Any]:
    person = {"name": "SMITH MARY", "code_kind": kind, "code": code, "phone": "13804760000"}
    return {"applicant": person, **more}


@pytest.mark.parametrize("code", [OLD, NEW])
def test_a_foreigner_applies_is_told_found_and_served(suite, code):
    case = accepted(suite, **of(code), item=INSTANT)
    seen = read(suite, the_paper(suite, case, "D3"))
    assert "外国人永久居留身份证" in seen
    assert identifiers.mask_id(code) in seen
    assert "居民身份证" not in seen.replace("外国人永久居留身份证", "")
    found = suite.query(CLERK, "acceptance.search", {"text": code.lower()})
    assert [each.case_no for each in found.rows] == [case.case_no]
    again = {"item": INSTANT, "code_kind": "553", "code": code}
    assert [each.case_no for each in suite.query(CLERK, "acceptance.open_cases", again)] == [case.case_no]
    grant(suite, case)
    served = {"case_id": case.case_id, "receiver": "SMITH MARY", "receiver_code": citizen()}
    assert refused(suite, ISSUER, "acceptance.deliver", served) == "NOT_THE_APPLICANT"
    suite.run(ISSUER, "acceptance.deliver", {**served, "receiver_code": code})
    assert see(suite, case).row.state == "delivered"


@pytest.mark.parametrize(
    ("code", "kind", "why"),
    [
        (OLD[:-1], "553", "BAD_FOREIGN_ID"),
        (NEW[:-1] + ("0" if NEW[-1] != "0" else "1"), "553", "BAD_FOREIGN_ID"),
        (citizen(), "553", "BAD_FOREIGN_ID"),
        (NEW, "111", "BAD_CITIZEN_ID"),
    ],
)
def test_a_number_that_is_none_is_refused(suite, code, kind, why):
    assert refused(suite, CLERK, "acceptance.receive", intake(**of(code, kind), materials=hands(1))) == why


def test_the_form_of_a_number_tells_whose_it_is():
    assert [identifiers.person_kind(code) for code in (OLD, NEW, citizen(), "")] == [
        "553",
        "553",
        "111",
        "111",
    ]
