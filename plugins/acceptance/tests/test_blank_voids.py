"""Spoilt blanks: out of use at once, void when a second person has seen them, or back in the stock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .conftest import ISSUER, OTHER, OWN
from .life import at_once, refused

KIND = "食品经营许可证"
SECOND_ISSUER = replace(ISSUER, staff_id=61, account="second-issuer", name="出件员乙")
BOX = {"agency": OWN, "kind": KIND, "first": "JY000001", "count": 3}


def blank(number: str = "JY000001", **more: Any) -> dict[str, Any]:
    return {"agency": OWN, "kind": KIND, "number": number, **more}


def stock(suite: Any) -> tuple[int, int, int, str]:
    (row,) = suite.query(ISSUER, "acceptance.blanks", {})
    return row.left, row.spoilt, row.void, row.next


def test_a_spoilt_blank_is_void_when_a_second_person_has_seen_it(suite):
    suite.run(ISSUER, "acceptance.add_blanks", BOX)
    suite.run(ISSUER, "acceptance.void_blank", blank(reason="打印错位"))
    assert stock(suite) == (2, 1, 0, "JY000002"), "it is not used any more"
    (row,) = suite.query(ISSUER, "acceptance.spoilt_blanks")
    assert (row.number, row.reason, row.reported_by, row.mine) == ("JY000001", "打印错位", ISSUER.name, True)
    assert refused(suite, ISSUER, "acceptance.confirm_void", blank()) == "OWN_REPORT"
    assert refused(suite, ISSUER, "acceptance.keep_blank", blank()) == "OWN_REPORT"
    assert refused(suite, SECOND_ISSUER, "acceptance.confirm_void", blank("JY000002")) == "NOT_SPOILT"
    no_stock = replace(SECOND_ISSUER, permissions=SECOND_ISSUER.permissions - {"acceptance.stock"})
    assert refused(suite, no_stock, "acceptance.confirm_void", blank()) == "NOT_PERMITTED"
    assert (
        refused(suite, replace(SECOND_ISSUER, agency=OTHER), "acceptance.confirm_void", blank())
        == "NOT_YOUR_AGENCY"
    )
    suite.run(SECOND_ISSUER, "acceptance.confirm_void", blank())
    assert stock(suite) == (2, 0, 1, "JY000002")
    assert suite.query(SECOND_ISSUER, "acceptance.spoilt_blanks") == []
    assert refused(suite, SECOND_ISSUER, "acceptance.confirm_void", blank()) == "NOT_SPOILT"
    assert refused(suite, ISSUER, "acceptance.add_blanks", {**BOX, "count": 1}) == "BLANK_KNOWN", (
        "never again"
    )


def test_a_blank_that_is_in_order_goes_back(suite):
    suite.run(ISSUER, "acceptance.add_blanks", BOX)
    suite.run(ISSUER, "acceptance.void_blank", blank(reason="看错"))
    suite.run(SECOND_ISSUER, "acceptance.keep_blank", blank())
    assert stock(suite) == (3, 0, 0, "JY000001")
    suite.run(SECOND_ISSUER, "acceptance.void_blank", blank(reason="真坏了"))
    assert refused(suite, SECOND_ISSUER, "acceptance.confirm_void", blank()) == "OWN_REPORT"


def test_two_who_report_the_same_blank(suite):
    suite.run(ISSUER, "acceptance.add_blanks", BOX)
    got = at_once(
        *(
            lambda who=who: suite.run(who, "acceptance.void_blank", blank(reason="x"))
            for who in (ISSUER, SECOND_ISSUER)
        )
    )
    assert sorted(got, key=str) == ["BLANK_GONE", None]
