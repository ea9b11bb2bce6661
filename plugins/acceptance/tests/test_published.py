"""The list of grants that an agency publishes (art. 40): what is on it, what is not, page by page, for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from yichuang.api import UserError

from .conftest import APPROVER, CHIEF, ISSUER, OTHER, OWN, RECEIVER, STRANGER, accepted, decision
from .life import render
from .test_issuing import ready

INSPECTOR = replace(APPROVER, permissions=APPROVER.permissions | {"acceptance.statistics"})
FIRM = {"name": "阿鲁科尔沁旗兴安种业有限公司", "code_kind": "001", "code": "11150421YC0000028H"}
DAYS = {"first": "2026-03-01", "last": "2026-04-30"}


def granted(suite: Any, *, intake: dict[str, Any] | None = None, **more: Any) -> Any:
    case = accepted(suite, **(intake or {}))
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意", **more))
    return case


def published(suite: Any, actor: Any = INSPECTOR, **more: Any) -> Any:
    return suite.query(actor, "acceptance.published_grants", {**DAYS, **more})


def test_a_grant_is_listed_without_a_persons_name_or_number(suite):
    granted(
        suite,
        conditions=["不得转让"],
        public_note="旗政府门户网站",
        valid_to=date(2031, 3, 16),
        content="食品销售",
    )
    granted(suite, intake={"applicant": FIRM})
    person, firm = published(suite).rows
    assert (person.holder, person.code) == ("苏*娜", "")
    assert (firm.holder, firm.code) == (FIRM["name"], FIRM["code"])
    assert (person.content, person.conditions, person.place) == ("食品销售", ["不得转让"], "旗政府门户网站")
    assert (person.valid_to, firm.valid_to) == (date(2031, 3, 16), None)
    assert person.decided_on == suite.executor.clock().date()
    assert "许字" in person.decision_no
    assert not person.withdrawn


def test_refusals_and_what_is_not_published_are_not_listed(suite):
    granted(suite, public=False, public_note="涉及商业秘密")
    refused = accepted(suite)
    suite.run(APPROVER, "acceptance.refuse", decision(suite, refused, reason="场所不符合要求"))
    accepted(suite)
    assert published(suite).rows == []


def test_a_revoked_grant_stays_and_says_so(suite):
    case, other = ready(suite), granted(suite)
    suite.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER})
    assert [row.withdrawn for row in published(suite).rows] == [False, False]
    why = {"kind": "revoke", "reason": "提供虚假材料取得许可"}
    suite.run(CHIEF, "acceptance.revoke", decision(suite, case, CHIEF, **why))
    assert render(suite, case)
    assert {row.id: row.withdrawn for row in published(suite).rows} == {
        case.case_id: True,
        other.case_id: False,
    }


def test_pages_follow_one_another_past_what_is_not_published(suite):
    kept = []
    for n in range(7):
        open_to_all = n % 3 != 1
        case = granted(suite, public=open_to_all, public_note="涉及商业秘密")
        if open_to_all:
            kept.append(case.case_id)
    found, after = [], ""
    while True:
        page = published(suite, limit=2, after=after)
        found += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    assert found == kept
    with pytest.raises(UserError) as refused:
        published(suite, after="x|1")
    assert refused.value.code == "BAD_PAGE"


def test_days_and_agencies_bound_the_list(suite):
    granted(suite)
    today = suite.executor.clock().date()
    tomorrow = today + timedelta(days=1)
    assert len(published(suite, first=today, last=today).rows) == 1
    assert published(suite, first=tomorrow, last=tomorrow).rows == []
    stranger = replace(
        STRANGER, permissions=STRANGER.permissions - {"acceptance.see_all"} | {"acceptance.statistics"}
    )
    assert published(suite, stranger).rows == []
    with pytest.raises(UserError) as refused:
        published(suite, stranger, agency=OWN)
    assert refused.value.code == "NOT_YOUR_AGENCY"
    whole = replace(INSPECTOR, agency="", permissions=INSPECTOR.permissions | {"acceptance.see_all"})
    assert len(published(suite, whole).rows) == 1
    assert published(suite, whole, agency=OTHER).rows == []
