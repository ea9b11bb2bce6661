"""What is not handed over at the desk is served as the law wants it: left, through another organ, electronically, by notice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from .conftest import APPROVER, ISSUER, accepted, decision
from .life import grant, refused, render, see, set_clock
from .test_life_papers import letters, the_paper

PLACE = {"receiver": "苏日娜", "address": "天山镇东街 1 号"}
LEFT = {**PLACE, "mode": "left", "witness": "嘎查达巴图", "reason": "受送达人拒绝签收"}
ENTRUSTED = {**PLACE, "mode": "entrusted", "witness": "天山镇人民政府"}
ELECTRONIC = {**PLACE, "mode": "electronic", "address": "13804760000", "consented": True}
NOTICE = {
    **PLACE, "mode": "notice", "address": "旗政府网站", "published_on": "2026-03-18", "reason": "受送达人下落不明",
}  # fmt: skip


def ready(suite: Any) -> Any:
    case = accepted(suite)
    grant(suite, case)
    return case


def asked(case: Any, way: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"case_id": case.case_id, **way, **changes}


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (LEFT, ("■留置送达", "受送达人拒绝接收：受送达人拒绝签收", "见证人：嘎查达巴图", "天山镇东街1号")),
        (ENTRUSTED, ("■委托送达", "受托送达单位：天山镇人民政府")),
        (ELECTRONIC, ("■电子送达", "受送达人同意电子送达")),
        (NOTICE, ("■公告送达", "2026-03-18公告", "受送达人下落不明")),
    ],
)
def test_each_way_is_proven_on_its_own_receipt(suite, clock, way, words):
    case = ready(suite)
    set_clock(clock, "2026-04-20")
    assert suite.run(ISSUER, "acceptance.deliver", asked(case, way)).state == "delivered"
    assert see(suite, case).delivery.mode == way["mode"]
    paper = the_paper(suite, case, "D14")
    seen = letters(suite.query(ISSUER, "acceptance.paper_file", {"paper_id": paper.id}))
    for word in words:
        assert word in seen, (word, seen)


@pytest.mark.parametrize(
    ("way", "changes", "code"),
    [
        (LEFT, {"address": ""}, "ADDRESS_MISSING"),
        (LEFT, {"witness": " "}, "WITNESS_MISSING"),
        (LEFT, {"reason": ""}, "SERVING_REASON_MISSING"),
        (ENTRUSTED, {"witness": ""}, "WITNESS_MISSING"),
        (ELECTRONIC, {"consented": False}, "NOT_CONSENTED"),
        (NOTICE, {"reason": ""}, "SERVING_REASON_MISSING"),
        (NOTICE, {"published_on": None}, "NOTICE_RUNS"),
        (NOTICE, {"published_on": "2026-03-22"}, "NOTICE_RUNS"),
        (NOTICE, {"mode": "by hand"}, "BAD_REQUEST"),
    ],
)
def test_what_the_law_wants_is_not_left_out(suite, clock, way, changes, code):
    case = ready(suite)
    set_clock(clock, "2026-04-20")
    assert refused(suite, ISSUER, "acceptance.deliver", asked(case, way, **changes)) == code


def test_a_refusal_that_nobody_fetches_is_served_by_notice(suite, clock):
    case = accepted(suite)
    suite.run(APPROVER, "acceptance.refuse", decision(suite, case, reason="不符合条件"))
    render(suite, case)
    set_clock(clock, "2026-04-20")
    assert suite.run(ISSUER, "acceptance.deliver", asked(case, NOTICE)).state == "delivered"
    with suite.database.read() as reader:
        row = reader.one(text("SELECT witness, published_on, receiver_masked FROM acceptance_delivery"))
    assert (row.witness, str(row.published_on), row.receiver_masked) == ("", "2026-03-18", "")
