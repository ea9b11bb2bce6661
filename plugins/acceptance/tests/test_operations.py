"""From intake to delivery on both databases: clocks, four eyes, papers, and every refusal leaves all as it was."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, text

from yichuang.api import HALL_ZONE, IntegrityError, UserError
from yichuang_acceptance import tables as t

from .conftest import (
    APPROVER,
    BARE,
    CLERK,
    COMMITTED,
    INSTANT,
    OTHER,
    RECEIVER,
    SECOND,
    STRANGER,
    accepted,
    citizen,
    decision,
    hands,
    intake,
)


def rows(suite):
    with suite.database.read() as reader:
        names = [
            n for n in inspect(reader.connection).get_table_names() if n.startswith(("acceptance_", "core_"))
        ]
        return {
            n: [tuple(r) for r in reader.all(text(f"SELECT * FROM {n} ORDER BY 1, 2"))]
            for n in names
            if not n.endswith("_version")
        }


def refused(suite, actor, name, request):
    before = rows(suite)
    with pytest.raises(UserError) as error:
        suite.run(actor, name, request)
    assert rows(suite) == before
    assert error.value.as_dict("en")["sentence"] != error.value.as_dict("zh_CN")["sentence"]
    return error.value


def day(moment):
    return moment.astimezone(HALL_ZONE).date()


def test_both_clocks_are_fixed_at_acceptance(suite):
    case = accepted(suite)
    assert (case.state, day(case.promise_due_at), day(case.legal_due_at)) == (
        "review",
        date(2026, 3, 24),
        date(2026, 3, 31),
    )
    assert case.case_no.startswith("150421260317")
    instant = accepted(suite, item=INSTANT)
    assert day(instant.promise_due_at) == date(2026, 3, 17)
    assert day(instant.legal_due_at) == date(2026, 4, 14), (
        "20 working days where the catalogue names no limit"
    )
    bare = accepted(suite, item=BARE, materials=hands(1))
    assert (bare.promise_due_at, bare.legal_due_at) == (None, None)


def test_everything_that_is_missing_is_told_at_once(suite):
    error = refused(suite, CLERK, "acceptance.accept", intake(materials=[]))
    assert error.code == "MATERIAL_MISSING"
    assert [d["name"] for d in error.detail["defects"]] == ["申请书", "营业执照"]


def person(**changes):
    return {"applicant": {"name": "苏日娜", "code_kind": "111", "code": citizen(), **changes}}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (person(code=citizen()[:-1] + ("0" if citizen()[-1] != "0" else "1")), "BAD_CITIZEN_ID"),
        (person(code_kind="001", code="91150421MA0N00000X"), "BAD_USCC"),
        (person(code_kind="999"), "BAD_REQUEST"),
        (person(name=""), "BAD_REQUEST"),
        (person(name="苏\x07日娜"), "BAD_TEXT"),
        ({"item": "nothing"}, "UNKNOWN_ITEM"),
        ({"form": {"a": "\x1b"}}, "BAD_TEXT"),
        ({"materials": hands(1, 2, 9)}, "MATERIAL_MISSING"),
        ({"materials": [{"position": 1, "given": "tolerated"}, *hands(2)]}, "MATERIAL_MISSING"),
        ({"materials": [*hands(1), {"position": 2, "given": "licence", "licence": "x"}]}, "LICENCE_REFUSED"),
    ],
)
def test_bad_input_changes_nothing(suite, changes, code):
    assert refused(suite, CLERK, "acceptance.accept", intake(**changes)).code == code


def test_where_nothing_was_handed_in_there_is_nothing_to_receive(suite):
    for empty in ([], [{"position": 3, "given": "tolerated"}]):
        assert refused(suite, CLERK, "acceptance.receive", intake(materials=empty)).code == "NOTHING_HANDED"
    suite.run(CLERK, "acceptance.receive", intake(materials=hands(2)))


def test_a_clock_behind_and_a_bad_page_change_nothing(suite, clock):
    accepted(suite)
    clock.now -= timedelta(hours=1)
    assert refused(suite, CLERK, "acceptance.accept", intake()).code == "CLOCK_BEHIND"
    clock.now += timedelta(hours=2)
    assert (
        refused(suite, CLERK, "acceptance.keep_page", {"data": b"x", "media_type": "image/png"}).code
        == "FILE_NOT_READABLE"
    )
    big = b"%PDF-" + b"0" * (65 * 2**20)
    assert (
        refused(suite, CLERK, "acceptance.keep_page", {"data": big, "media_type": "application/pdf"}).code
        == "FILE_TOO_LARGE"
    )


def test_the_applicant_is_told_only_once(suite):
    case = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    told = {"case_id": case.case_id, "defects": ["营业执照：未提交"]}
    assert suite.run(CLERK, "acceptance.request_correction", told).state == "correcting"
    back = {"case_id": case.case_id, "materials": hands(2)}
    assert suite.run(CLERK, "acceptance.resubmit", back).state == "received"
    assert refused(suite, CLERK, "acceptance.request_correction", told).code == "CORRECTED_ALREADY"
    assert suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id}).state == "review"


def test_refusing_to_accept_names_who_is_responsible(suite):
    case = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    request = {"case_id": case.case_id, "kind": "not_our_remit", "reason": "不属于本机关职权"}
    assert refused(suite, CLERK, "acceptance.refuse_to_accept", request).code == "PROPER_AGENCY_MISSING"
    assert (
        suite.run(CLERK, "acceptance.refuse_to_accept", {**request, "proper_agency": "林业和草原局"}).state
        == "not_accepted"
    )
    assert refused(suite, CLERK, "acceptance.accept_case", {"case_id": case.case_id}).code == "ILLEGAL_STEP"


def test_an_approver_tells_or_refuses_what_was_received_at_the_window(suite):
    case = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    told = {"case_id": case.case_id, "defects": ["营业执照：未提交"]}
    assert refused(suite, STRANGER, "acceptance.correct_as_agency", told).code == "NOT_YOUR_AGENCY"
    assert suite.run(APPROVER, "acceptance.correct_as_agency", told).state == "correcting"
    assert refused(suite, CLERK, "acceptance.request_correction", told).code == "CORRECTED_ALREADY"
    other = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    request = {
        "case_id": other.case_id,
        "kind": "not_in_form",
        "reason": "不符合法定形式",
        "law": "第三十二条",
    }
    assert refused(suite, STRANGER, "acceptance.refuse_as_agency", request).code == "NOT_YOUR_AGENCY"
    assert suite.run(APPROVER, "acceptance.refuse_as_agency", request).state == "not_accepted"


def test_whoever_accepted_does_not_decide_and_the_schema_says_so_too(suite):
    case = accepted(suite)
    assert (
        refused(suite, CLERK, "acceptance.grant", decision(suite, case, CLERK, opinion="同意")).code
        == "OWN_ACCEPTANCE"
    )
    with pytest.raises(IntegrityError), suite.database.write() as writer:
        writer.execute(t.case.update().values(decider_id=CLERK.staff_id))


def test_two_approvers_one_wins_and_the_other_is_told(suite):
    case = accepted(suite)
    request = decision(suite, case, opinion="同意")
    answers: list[object] = []

    def decide(actor):
        try:
            answers.append(suite.run(actor, "acceptance.grant", request).state)
        except UserError as error:
            answers.append(error.code)

    threads = [threading.Thread(target=decide, args=(actor,)) for actor in (APPROVER, SECOND)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["CHANGED_MEANWHILE", "granted"]


def test_without_a_seal_plugin_the_paper_is_printed_and_the_result_is_made(suite):
    case = accepted(suite)
    one = {"case_id": case.case_id}
    assert [p.kind for p in suite.run(CLERK, "acceptance.render", one)] == ["D3"]
    assert suite.run(CLERK, "acceptance.render", one) == []
    assert refused(suite, CLERK, "acceptance.deliver", {**one, **RECEIVER}).code == "ILLEGAL_STEP"
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))
    assert refused(suite, CLERK, "acceptance.deliver", {**one, **RECEIVER}).code == "PAPER_NOT_READY"
    papers = suite.run(APPROVER, "acceptance.render", one)
    assert [(p.kind, p.state) for p in papers] == [("D10", "rendered")]
    assert suite.query(APPROVER, "acceptance.paper_file", {"paper_id": papers[0].id}).startswith(b"%PDF")
    assert suite.run(CLERK, "acceptance.deliver", {**one, **RECEIVER}).state == "delivered"
    detail = suite.query(CLERK, "acceptance.case", one)
    assert [e.event for e in detail.events] == [
        "receive",
        "accept",
        "dispatch",
        "grant",
        "make",
        "finish",
        "deliver",
    ]
    assert suite.run(CLERK, "acceptance.count_print", {"paper_id": papers[0].id}) == 1


def test_the_receipt_names_the_receiver_by_a_masked_number(suite):
    case = accepted(suite)
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))
    suite.run(APPROVER, "acceptance.render", {"case_id": case.case_id})
    out = {"case_id": case.case_id, "receiver": "苏日娜", "receiver_code": citizen()[:-1] + "0"}
    before = rows(suite)
    assert refused(suite, CLERK, "acceptance.deliver", out).code == "BAD_CITIZEN_ID"
    assert rows(suite) == before
    suite.run(CLERK, "acceptance.deliver", out | {"receiver_code": citizen()})
    made = suite.run(CLERK, "acceptance.render", {"case_id": case.case_id})
    assert [paper.kind for paper in made] == ["D13", "D15"]
    assert citizen() not in str(rows(suite))
    assert "150421********2411" in str(rows(suite)["acceptance_paper"])


def test_a_refusal_goes_out_with_its_reasons(suite):
    case = accepted(suite)
    request = decision(suite, case, reason="场所条件不符合要求", law="《食品安全法》第三十五条")
    assert suite.run(APPROVER, "acceptance.refuse", request).state == "refused"
    assert [p.kind for p in suite.run(APPROVER, "acceptance.render", {"case_id": case.case_id})] == [
        "D3",
        "D11",
    ]


def test_a_promised_material_must_come_before_the_result(suite):
    materials = [*hands(1, 2), {"position": 3, "given": "tolerated"}]
    case = accepted(suite, materials=materials)
    assert case.tolerated == 1
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))
    suite.run(APPROVER, "acceptance.render", {"case_id": case.case_id})
    out = {"case_id": case.case_id, **RECEIVER}
    assert refused(suite, CLERK, "acceptance.deliver", out).code == "MATERIAL_OWED"
    suite.run(CLERK, "acceptance.bring", {"case_id": case.case_id, "position": 3})
    assert (
        refused(suite, CLERK, "acceptance.bring", {"case_id": case.case_id, "position": 3}).code == "NOT_OWED"
    )
    assert suite.run(CLERK, "acceptance.deliver", out).state == "delivered"


def test_another_agency_sees_and_does_nothing(suite):
    """Every operation and query that names a case, taken from the registry, refuses people of another agency."""
    case = accepted(suite)
    suite.run(CLERK, "acceptance.render", {"case_id": case.case_id})
    before = rows(suite)
    tried = []
    fillers = {
        "row_version": 2,
        "opinion": "x",
        "reason": "x",
        "defects": ["x"],
        "kind": "not_needed",
        "materials": [],
        "receiver": "x",
        "position": 1,
        "digest": "x",
        "cause": "death",
        "law": "x",
        "result": "x",
        "positions": [2],
        "outcome": "kept",
        "findings": "x",
        "content": "x",
        "helper": "x",
        "helper_code": "x",
        "scope": "x",
        "valid_to": "2026-12-31",
        "received": "x",
        "wanted": False,
        "hearing_at": "2026-12-01T09:00:00+08:00",
        "place": "x",
        "presider": "x",
        "asked_by": "x",
        "asked_on": "2026-03-17",
        "what": "material",
        "name": "x",
    }
    kinds = {"acceptance.revoke": "revoke", "acceptance.paper_preview": "D7"}  # fmt: skip
    for operation in suite.registry.all():
        fields = operation.request.model_fields
        if not operation.name.startswith("acceptance.") or "case_id" not in fields:
            continue
        request = {"case_id": case.case_id} | {
            n: fillers[n] for n, f in fields.items() if f.is_required() and n in fillers
        }
        if operation.name in kinds:
            request["kind"] = kinds[operation.name]
        act = suite.run if operation.kind == "operation" else suite.query
        with pytest.raises(UserError) as error:
            act(STRANGER, operation.name, request)
        assert error.value.code == "NOT_YOUR_AGENCY", operation.name
        tried.append(operation.name)
    assert len(tried) >= 24, tried
    assert rows(suite) == before
    assert suite.query(STRANGER, "acceptance.cases", {"tab": "all"}) == []
    assert STRANGER.agency == OTHER


def test_drafts_are_encrypted_and_ones_own(suite):
    body = {"item": COMMITTED, "values": {"code": citizen()}, "given": {}}
    draft = suite.run(
        CLERK,
        "acceptance.save_draft",
        {"item_name": "食品经营许可", "applicant_name": "苏日娜", "body": body},
    )
    assert suite.query(CLERK, "acceptance.draft", {"draft_id": draft}) == body
    with pytest.raises(UserError):
        suite.query(STRANGER, "acceptance.draft", {"draft_id": draft})
    accepted(suite, draft_id=draft)
    assert suite.query(CLERK, "acceptance.drafts") == []
    assert citizen() not in str(rows(suite)), "an identity number stands in clear somewhere"


def test_lists_search_and_counts(suite):
    first, second = accepted(suite), accepted(suite, item=INSTANT)
    review = suite.query(APPROVER, "acceptance.cases", {"tab": "review"})
    assert [row.id for row in review] == [second.case_id, first.case_id], "nearest due moment first"
    page = suite.query(APPROVER, "acceptance.cases", {"tab": "review", "limit": 1})
    more = {"tab": "review", "after_due": page[0].due_at, "after_id": page[0].id}
    assert [row.id for row in suite.query(APPROVER, "acceptance.cases", more)] == [first.case_id]
    assert len(suite.query(APPROVER, "acceptance.cases", {"tab": "all", "text": "食品"})) == 1
    assert suite.query(APPROVER, "acceptance.counts").review == 2
    assert suite.query(CLERK, "acceptance.preview", intake()).startswith(b"%PDF")
    assert suite.query(CLERK, "acceptance.notice", {"item": COMMITTED}).startswith(b"%PDF")
