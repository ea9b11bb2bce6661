"""Certificates on numbered blanks, delivery against identity or by mail, archive and revocation, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from yichuang.api import Actor, IntegrityError
from yichuang_acceptance import tables as t

from .conftest import APPROVER, CHIEF, CLERK, COMMITTED, ISSUER, OWN, RECEIVER, accepted, citizen, decision
from .life import at_once, contents, day, grant, refused, render, rules, see, set_clock, tick


@pytest.fixture
def stocked(suite):
    """Blanks of the certificate that the committed item gives."""
    with suite.database.write() as writer:
        writer.execute(
            text(f"UPDATE core_item_version SET result = '食品经营许可证' WHERE item = '{COMMITTED}'")
        )
    box = {"agency": OWN, "kind": "食品经营许可证", "first": "JY000998", "count": 3}
    assert suite.run(ISSUER, "acceptance.add_blanks", box) == 3
    assert refused(suite, ISSUER, "acceptance.add_blanks", {**box, "first": "JY001000"}) == "BLANK_KNOWN"
    assert refused(suite, ISSUER, "acceptance.add_blanks", {**box, "first": "JY"}) == "BAD_NUMBER"
    assert refused(suite, ISSUER, "acceptance.add_blanks", {**box, "first": "9"}) == "BAD_NUMBER"
    return suite


def test_a_blank_is_used_once_and_a_case_waits_for_it(stocked):
    suite = stocked
    first, second, third = accepted(suite), accepted(suite), accepted(suite)
    for case in (first, second, third):
        grant(suite, case)
        assert see(suite, case).row.state == "making"

    def make(case, number="", actor=ISSUER):
        return "acceptance.make_certificate", decision(suite, case, actor, number=number)

    both = Actor(2, "approver", "审批员", OWN, permissions=ISSUER.permissions)
    assert refused(suite, both, *make(first, actor=both)) == "OWN_DECISION"
    assert suite.run(ISSUER, *make(first)).state == "ready"
    assert see(suite, first).certificate_no == "JY000998"
    assert refused(suite, ISSUER, *make(second, "JY000998")) == "BLANK_GONE"
    spoilt = {"agency": OWN, "kind": "食品经营许可证", "number": "JY000999", "reason": "打印错位"}
    suite.run(ISSUER, "acceptance.void_blank", spoilt)
    assert refused(suite, ISSUER, "acceptance.void_blank", spoilt) == "BLANK_GONE"
    suite.run(ISSUER, *make(second))
    assert see(suite, second).certificate_no == "JY001000"
    assert refused(suite, ISSUER, *make(third)) == "NO_BLANKS"
    (stock,) = suite.query(ISSUER, "acceptance.blanks", {"agency": OWN})
    assert (stock.left, stock.used, stock.spoilt, stock.void, stock.next) == (0, 2, 1, 0, "")
    with pytest.raises(IntegrityError), suite.database.write() as writer:
        writer.execute(t.case.update().values(maker_id=t.case.c.decider_id))


def ready(suite, **changes):
    case = accepted(suite, **changes)
    grant(suite, case)
    return case


def test_a_result_goes_out_against_identity(suite):
    other = citizen("15042119850101123")
    case = ready(suite)

    def out(**more):
        return "acceptance.deliver", {"case_id": case.case_id, **RECEIVER, **more}

    assert refused(suite, ISSUER, *out(receiver_code="")) == "IDENTITY_MISSING"
    assert refused(suite, ISSUER, *out(receiver_code=other)) == "NOT_THE_APPLICANT"
    assert refused(suite, ISSUER, *out(receiver_code=other, relation="family")) == "PROXY_REASON_MISSING"
    assert refused(suite, ISSUER, *out(signature=b"GIF89a")) == "FILE_NOT_READABLE"
    family = out(receiver="王小军", receiver_code=other, relation="family", reason="申请人之子")
    suite.run(ISSUER, *family)
    gone = see(suite, case).delivery
    assert (gone.mode, gone.receiver, gone.receiver_masked) == (
        "direct",
        "王小军",
        "150421********123" + other[-1],
    )
    assert other not in str(contents(suite))
    agent = {"name": "王小军", "code_kind": "111", "code": other}
    case = ready(suite, agent=agent)
    assert refused(suite, ISSUER, *out(relation="agent")) == "NOT_THE_AGENT"
    suite.run(ISSUER, *out(receiver="王小军", relation="agent", receiver_code=other))


def test_a_result_goes_by_mail_with_its_number(suite):
    first, second = ready(suite), ready(suite)

    def out(case, **more):
        parcel = {
            "receiver": "苏日娜",
            "mode": "mail",
            "mail_no": "ea123456789cn",
            "address": "天山镇汉林街1号",
        }
        return "acceptance.deliver", {"case_id": case.case_id, **parcel, **more}

    assert refused(suite, ISSUER, *out(first, mail_no="EA-1")) == "BAD_MAIL_NO"
    assert refused(suite, ISSUER, *out(first, address="")) == "ADDRESS_MISSING"
    suite.run(ISSUER, *out(first))
    assert see(suite, first).delivery.mail_no == "EA123456789CN"
    assert refused(suite, ISSUER, *out(second)) == "MAIL_NO_KNOWN"
    assert [p.kind for p in render(suite, first)] == ["D14"]


def test_a_late_certificate_and_a_forgotten_one_are_noticed(suite, clock):
    case = ready(suite)
    assert day(see(suite, case).deliver_due_at) == "2026-03-31"
    reminders = (
        ("2026-03-21", ["R-collect"]),
        ("2026-03-28", ["R-collect"] * 2),
        ("2026-04-01", ["R-collect", "R-collect", "V12"]),
    )
    for today, found in reminders:
        set_clock(clock, today, 9)
        tick(suite)
        assert sorted(rules(suite, case)) == found


def test_going_on_with_a_late_case_does_not_hide_that_it_is_late(suite, clock):
    case = accepted(suite)
    set_clock(clock, "2026-04-01", 9)
    assert see(suite, case).row.light == "double_red"
    grant(suite, case)  # nobody has let time pass
    assert sorted(rules(suite, case)) == ["V02", "V02L"]
    assert tick(suite).alerts == 0


def test_a_closed_case_goes_to_the_archive_whole(suite):
    case = ready(suite)
    out = {"case_id": case.case_id, **RECEIVER}
    assert refused(suite, ISSUER, "acceptance.archive", {"case_id": case.case_id}) == "ILLEGAL_STEP"
    suite.run(ISSUER, "acceptance.deliver", out)
    assert refused(suite, ISSUER, "acceptance.archive", {"case_id": case.case_id}) == "PAPER_NOT_READY"
    render(suite, case)
    kept = suite.run(ISSUER, "acceptance.archive", {"case_id": case.case_id})
    assert (kept.papers, len(kept.digest)) == (4, 64)
    assert see(suite, case).row.state == "archived"
    assert refused(suite, ISSUER, "acceptance.archive", {"case_id": case.case_id}) == "ILLEGAL_STEP"


def test_a_delivered_grant_is_revoked_with_its_reason(suite):
    case, no = ready(suite), accepted(suite)
    suite.run(APPROVER, "acceptance.refuse", decision(suite, no, reason="场所不符合要求"))
    render(suite, no)
    why = {"kind": "revoke", "reason": "提供虚假材料取得许可"}
    for each in (case, no):
        suite.run(ISSUER, "acceptance.deliver", {"case_id": each.case_id, **RECEIVER})
    assert refused(suite, CHIEF, "acceptance.revoke", decision(suite, no, CHIEF, **why)) == "NOTHING_GRANTED"
    assert suite.run(CHIEF, "acceptance.revoke", decision(suite, case, CHIEF, **why)).state == "delivered"
    assert [p.title for p in render(suite, case)][-1] == "撤销行政许可决定书"


def test_two_desks_do_not_print_on_one_blank(stocked):
    cases = [accepted(stocked), accepted(stocked)]
    for case in cases:
        grant(stocked, case)
    requests = [decision(stocked, case, ISSUER, number="JY000999") for case in cases]
    acts = [
        lambda asked=asked: stocked.run(ISSUER, "acceptance.make_certificate", asked).state
        for asked in requests
    ]
    assert sorted(at_once(*acts)) == ["BLANK_GONE", "ready"]


def test_a_changed_event_is_found_by_its_number(suite):
    case = ready(suite)
    asked = {"case_id": case.case_id}
    assert suite.query(CLERK, "acceptance.verify_case", asked).broken_at is None
    with suite.database.write() as writer:
        if suite.database.dialect_name == "sqlite":
            writer.execute(text("DROP TRIGGER acceptance_event_no_update"))
        else:
            writer.execute(text("DROP TRIGGER acceptance_event_keep ON acceptance_event"))
        writer.execute(t.event.update().where(t.event.c.seq == 3).values(opinion="不同意"))
    assert suite.query(CLERK, "acceptance.verify_case", asked).broken_at == 3
