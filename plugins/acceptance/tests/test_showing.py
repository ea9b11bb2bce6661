"""The second screen: what is shown, confirmed, contested and signed; what it has to do with the case and its papers."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from PIL import Image

from yichuang.api import UserError, entries_about, select, strokes
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, paper_texts

from .applicant_steps import SIGNATURE, shown, signed
from .conftest import (
    APPROVER,
    CLERK,
    COMMITTED,
    ISSUER,
    OTHER,
    RECEIVER,
    STRANGER,
    accepted,
    citizen,
    hands,
    intake,
)
from .life import contents, grant, refused, render


def row_of(suite, showing):
    with suite.database.read() as reader:
        return reader.one(select(a.showing).where(a.showing.c.id == showing.id))


def blob(suite, digest):
    return suite.executor.read(CLERK, lambda read: read.get_blob(digest))


def test_applicants_see_their_own_data_masked_and_nothing_else(suite):
    showing = shown(
        suite, project="天山镇", form={"地址": "罕乌拉街 118 号"},
        materials=[*hands(1), {"position": 2, "given": "licence", "licence": "L1"}, {"position": 3, "given": "tolerated"}],
    )  # fmt: skip
    assert showing.state == "waiting"
    content = showing.content
    values = {line.label: line.value for line in content.lines}
    assert content.title == "食品经营许可"
    assert values["申请人"] == "苏*娜"
    assert values["证件号码"].startswith("150421********")
    assert values["联系电话"] == "138****0000"
    assert values["地址"] == "罕乌拉街 118 号"
    assert values["提交材料"] == "3 份，其中免提交 1 份，容缺 1 份"
    assert values["承诺办结"] == "2026年3月24日前"
    assert content.owed == ("健康证",)
    assert content.owed_by == "2026-03-24"
    assert content.consents == ("电子证照：营业执照",)
    assert content.used_for == ("受理通知书", "容缺受理承诺书")
    text = content.encoded().decode()
    assert citizen() not in text
    assert "13804760000" not in text
    assert hashlib.sha256(content.encoded()).hexdigest() == showing.shown, "kept under its own hash"


def test_what_is_signed_is_kept_with_its_strokes_and_both_hashes(suite):
    showing = signed(suite)
    row = row_of(suite, showing)
    assert (row.state, row.source) == ("signed", "screen")
    kept = blob(suite, row.strokes)
    assert hashlib.sha256(kept).hexdigest() == row.strokes
    back = strokes.decode(kept)
    assert back.strokes[0][3] == (130.0, 60.0, 24, 0.55)
    assert json.loads(kept)["units"]["t"] == "millisecond"
    picture = Image.open(io.BytesIO(blob(suite, row.picture)))
    assert picture.width > 700
    left, top, right, bottom = picture.getchannel("A").getbbox()
    assert right - left > 0.8 * picture.width, "the ink fills the picture"
    assert bottom - top > picture.height / 2
    assert row.shown == showing.shown


def test_the_journal_knows_who_pushed_and_signed_but_not_the_strokes(suite):
    showing = signed(suite)
    with suite.database.read() as reader:
        entries = entries_about(reader, f"showing:{showing.id}")
    assert {e.event for e in entries} == {
        "acceptance.show_applicant", "acceptance.confirm_shown", "acceptance.sign_shown",
    }  # fmt: skip
    assert "strokes" not in str([e.detail for e in entries])
    assert citizen() not in str([e.detail for e in entries])


def test_wrong_lines_go_back_to_the_clerk_and_can_be_shown_again(suite):
    showing = shown(suite)
    wrong = {"showing_id": showing.id, "lines": ["phone", "phone"], "remark": "尾号是 0001"}
    told = suite.run(CLERK, "acceptance.dispute_shown", wrong)
    assert (told.state, told.wrong, told.remark) == ("wrong", ["phone"], "尾号是 0001")
    assert (
        refused(suite, CLERK, "acceptance.sign_shown", {"showing_id": showing.id, **SIGNATURE})
        == "NOT_CONFIRMED"
    )
    assert refused(suite, CLERK, "acceptance.accept", intake(showing_id=showing.id)) == "NOT_CONFIRMED"
    again = shown(suite)
    seen = suite.query(CLERK, "acceptance.showing", {"showing_id": showing.id})
    assert seen.state == "ended", "one desk shows one thing"
    assert again.state == "waiting"
    assert refused(suite, CLERK, "acceptance.confirm_shown", {"showing_id": showing.id}) == "SHOWING_CLOSED"


def test_a_line_that_is_not_shown_cannot_be_wrong(suite):
    showing = shown(suite)
    request = {"showing_id": showing.id, "lines": ["opinion"]}
    assert refused(suite, CLERK, "acceptance.dispute_shown", request) == "UNKNOWN_LINE"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"strokes": []}, "NOTHING_SIGNED"),
        ({"strokes": [[[10, 10, 0, 0.5]] * 6]}, "NOTHING_SIGNED"),
        ({"strokes": [[[10, 999, 0, 0.5]]]}, "BAD_STROKES"),
        ({"strokes": [[[10, 10, 9, 0.5], [10, 10, 1, 0.5]]]}, "BAD_STROKES"),
    ],
)
def test_what_is_no_signature_is_refused(suite, change, code):
    showing = shown(suite)
    suite.run(CLERK, "acceptance.confirm_shown", {"showing_id": showing.id})
    assert (
        refused(suite, CLERK, "acceptance.sign_shown", {"showing_id": showing.id, **SIGNATURE, **change})
        == code
    )


def test_nobody_else_reads_or_answers_a_screen(suite):
    showing = shown(suite)
    before = contents(suite)
    requests = {
        "confirm_shown": {}, "dispute_shown": {"lines": ["phone"]}, "sign_shown": SIGNATURE, "end_showing": {},
    }  # fmt: skip
    for actor in (APPROVER, STRANGER):
        for name, more in requests.items():
            with pytest.raises(UserError) as caught:
                suite.run(actor, f"acceptance.{name}", {"showing_id": showing.id, **more})
            assert caught.value.code == "UNKNOWN_SHOWING"
        with pytest.raises(UserError):
            suite.query(actor, "acceptance.showing", {"showing_id": showing.id})
    assert contents(suite) == before


def test_the_signature_goes_with_the_case_and_onto_its_papers(suite):
    materials = [*hands(1, 2), {"position": 3, "given": "tolerated"}]
    showing = signed(suite, materials=materials)
    case = accepted(suite, materials=materials, showing_id=showing.id)
    assert row_of(suite, showing).case_id == case.case_id
    picture = blob(suite, row_of(suite, showing).picture)
    papers = {p.kind: p for p in render(suite, case)}
    assert {"D3", "D5"} <= papers.keys()

    def signatures(read):
        rows = read.all(select(t.paper).where(t.paper.c.case_id == case.case_id))
        made = {row.kind: paper_texts.build(read, cases.load(read, case.case_id), row) for row in rows}
        return {kind: paper.signatures[0].image for kind, paper in made.items()}

    images = suite.executor.read(CLERK, signatures)
    assert images["D3"] == images["D5"] == picture


def test_nothing_may_change_after_the_applicant_signed(suite):
    showing = signed(suite)
    other = intake(showing_id=showing.id)
    other["applicant"]["phone"] = "13804760001"
    assert refused(suite, CLERK, "acceptance.accept", other) == "SHOWN_DATA_CHANGED"
    assert (
        refused(suite, CLERK, "acceptance.receive", {**other, "materials": hands(1)}) == "SHOWN_DATA_CHANGED"
    )
    case = accepted(suite, showing_id=showing.id)
    assert refused(suite, CLERK, "acceptance.accept", intake(showing_id=showing.id)) == "NOT_CONFIRMED", (
        "used once"
    )
    assert refused(suite, CLERK, "acceptance.end_showing", {"showing_id": showing.id}) == "SHOWING_CLOSED"
    assert case.state == "review"


def test_what_was_taken_away_signs_for_nothing(suite):
    showing = signed(suite)
    suite.run(CLERK, "acceptance.end_showing", {"showing_id": showing.id})
    assert refused(suite, CLERK, "acceptance.accept", intake(showing_id=showing.id)) == "NOT_CONFIRMED"


def test_bad_numbers_and_unknown_items_are_not_shown(suite):
    bad = intake()
    bad["applicant"]["code"] = "150421199003072410"
    assert refused(suite, CLERK, "acceptance.show_applicant", bad) == "BAD_CITIZEN_ID"
    assert refused(suite, CLERK, "acceptance.show_applicant", intake("no-item")) == "UNKNOWN_ITEM"
    assert refused(suite, APPROVER, "acceptance.show_applicant", intake()) == "NOT_PERMITTED"
    assert CLERK.agency != OTHER
    assert COMMITTED


def test_the_receiver_signs_for_the_result(suite):
    case = accepted(suite)
    grant(suite, case)
    assert (
        refused(suite, CLERK, "acceptance.show_delivery", {"case_id": 999, "receiver": "苏日娜"})
        == "UNKNOWN_CASE"
    )
    asked = {"case_id": case.case_id, "receiver": "苏日娜", "relation": "self"}
    showing = suite.run(ISSUER, "acceptance.show_delivery", asked)
    values = {line.label: line.value for line in showing.content.lines}
    assert values["办件编号"] == case.case_no
    assert values["领取人"] == "苏*娜"
    out = {"case_id": case.case_id, **RECEIVER, "showing_id": showing.id}
    assert refused(suite, ISSUER, "acceptance.deliver", out) == "NOT_SIGNED"
    suite.run(ISSUER, "acceptance.confirm_shown", {"showing_id": showing.id})
    suite.run(ISSUER, "acceptance.sign_shown", {"showing_id": showing.id, **SIGNATURE})
    somebody = {**out, "receiver": "其其格", "relation": "family", "reason": "x"}
    assert refused(suite, ISSUER, "acceptance.deliver", somebody) == "NOT_SIGNED", (
        "it is not this person's signature"
    )
    other = accepted(suite)
    grant(suite, other)
    assert refused(suite, ISSUER, "acceptance.deliver", {**out, "case_id": other.case_id}) == "NOT_SIGNED"
    suite.run(ISSUER, "acceptance.deliver", out)
    with suite.database.read() as reader:
        kept = reader.one(select(t.delivery).where(t.delivery.c.case_id == case.case_id))
    assert kept.signature == row_of(suite, showing).picture
    papers = render(suite, case)
    assert [p.kind for p in papers] == ["D15"]
