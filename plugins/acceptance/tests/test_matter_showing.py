"""A whole matter on the second screen, on both databases: checked, signed, its pick-up signed for once, rated once."""

from __future__ import annotations

import pytest

from yichuang.api import select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, paper_texts

from .applicant_steps import SIGNATURE
from .conftest import APPROVER, CLERK, ISSUER, STRANGER, citizen, hands
from .life import refused, render
from .matter_hall import (
    FIRE_AT,
    FOOD_AT,
    ONCE,
    SIGN_AT,
    case_of,
    decide,
    fill_theme,
    matter,
    part,
    pick_up,
    taken,
    verified,
)
from .test_showing import blob, row_of


@pytest.fixture
def themed(suite):
    fill_theme(suite)
    return suite


def shown(suite, **changes):
    return suite.run(CLERK, "acceptance.show_matter", matter(**changes))


def sign(suite, showing, actor=CLERK):
    suite.run(actor, "acceptance.confirm_shown", {"showing_id": showing.id})
    return suite.run(actor, "acceptance.sign_shown", {"showing_id": showing.id, **SIGNATURE})


def values(showing):
    return {line.label: line.value for line in showing.content.lines}


def all_ready(suite, **changes):
    of = taken(suite, **changes)
    verified(suite, of)
    for position in (FOOD_AT, SIGN_AT, FIRE_AT):
        decide(suite, of, position, "refuse" if position == SIGN_AT else "grant")
    return of


def for_pickup(suite, of, **more):
    asked = {"matter_id": of.matter_id, "receiver": "苏日娜", **more}
    return suite.run(ISSUER, "acceptance.show_matter_delivery", asked)


def test_the_applicant_sees_form_list_items_and_the_joint_day_masked(themed):
    materials = [
        *hands(1),
        {"position": 2, "given": "licence", "licence": "L1"},
        {"position": 3, "given": "tolerated"},
        *hands(4, 5, 6),
    ]
    showing = shown(themed, materials=materials, verified={1: "在业"})
    said = values(showing)
    assert (showing.content.title, said["店名"], said["申请人"]) == ("开办餐饮店", "罕山饭馆", "苏*娜")
    assert said["提交材料"] == "6 份，其中免提交 1 份，容缺 1 份"
    assert said["材料 2"] == "营业执照（电子证照，免提交，3 个事项共用）"
    assert [
        line.value.split("（")[0] for line in showing.content.lines if line.key.startswith("material.")
    ] == list(ONCE)
    assert said["事项 1"] == "企业营业执照信息核验（其他单位，已核验）"
    assert said["事项 2"] == "食品经营许可（新办）（市场监督管理局）"
    assert said["承诺办结"] == "2026年3月31日前"
    assert showing.content.owed == ("从业人员健康证",)
    assert showing.content.consents == ("电子证照：营业执照",)
    text = showing.content.encoded().decode()
    assert citizen() not in text
    assert "13804760000" not in text
    waits = values(shown(themed))["事项 2"]
    assert waits.endswith("，待“企业营业执照信息核验”后办理）")


def test_the_signature_goes_with_the_matter_and_onto_the_papers_of_each_item(themed):
    showing = sign(themed, shown(themed))
    of = taken(themed, showing_id=showing.id)
    row = row_of(themed, showing)
    assert row.case_id == of.case_id
    picture = blob(themed, row.picture)

    def signatures(read):
        made = {}
        for case_id in of.case_ids:
            case = cases.load(read, case_id)
            rows = read.all(select(t.paper).where(t.paper.c.case_id == case_id))
            for paper in rows:
                if paper.kind in ("D3", "D17"):
                    made[case.case_no, paper.kind] = [
                        s.image for s in paper_texts.build(read, case, paper).signatures
                    ]
        return made

    images = themed.executor.read(CLERK, signatures)
    assert len(images) == 3, "the notice of the whole, two acceptances"
    assert all(picture in found for found in images.values())
    assert (
        refused(themed, CLERK, "acceptance.accept_matter", matter(showing_id=showing.id)) == "NOT_CONFIRMED"
    )


@pytest.mark.parametrize(
    "change",
    [{"form": {"店名": "别的饭馆"}}, {"chosen": (5,)}, {"materials": hands(1, 2, 3, 4, 5)}, {"verified": {1: "在业"}}],
)  # fmt: skip
def test_nothing_may_change_after_the_applicant_signed(themed, change):
    showing = sign(themed, shown(themed))
    request = matter(**{"showing_id": showing.id, **change})
    assert refused(themed, CLERK, "acceptance.receive_matter", request) == "SHOWN_DATA_CHANGED"


def test_wrong_lines_go_back_and_nobody_takes_the_matter_in_with_them(themed):
    showing = shown(themed)
    wrong = {"showing_id": showing.id, "lines": ["form.店名", "material.2", f"item.{FIRE_AT}"]}
    told = themed.run(CLERK, "acceptance.dispute_shown", wrong)
    assert (told.state, told.wrong) == ("wrong", wrong["lines"])
    assert (
        refused(themed, CLERK, "acceptance.accept_matter", matter(showing_id=showing.id)) == "NOT_CONFIRMED"
    )
    mine = {"showing_id": showing.id}
    assert refused(themed, STRANGER, "acceptance.confirm_shown", mine) == "UNKNOWN_SHOWING"


def test_one_signature_for_all_results_of_the_pick_up(themed):
    of = all_ready(themed)
    showing = for_pickup(themed, of)
    said = values(showing)
    assert said["办件编号"] == of.case_no
    results = [line.value for line in showing.content.lines if line.key.startswith("result.")]
    assert [text[-5:] for text in results] == ["准予决定书", "不予决定书", "准予决定书"]
    out = {
        "matter_id": of.matter_id,
        "receiver": "苏日娜",
        "receiver_code": citizen(),
        "showing_id": showing.id,
    }
    assert refused(themed, ISSUER, "acceptance.deliver_matter", out) == "NOT_SIGNED"
    sign(themed, showing, ISSUER)
    family = {"receiver": "其其格", "relation": "family", "reason": "x"}
    assert refused(themed, ISSUER, "acceptance.deliver_matter", out | family) == "NOT_SIGNED"
    alone = {k: v for k, v in out.items() if k != "matter_id"} | {
        "case_id": part(themed, of, FOOD_AT).case_id
    }
    assert refused(themed, ISSUER, "acceptance.deliver", alone) == "NOT_SIGNED", "it was signed for the whole"
    done = pick_up(themed, of, showing_id=showing.id)
    picture = row_of(themed, showing).picture
    with themed.database.read() as reader:
        kept = reader.all(select(t.delivery.c.signature))
    assert [row.signature for row in kept] == [picture] * 3

    def slip(read):
        row = read.one(select(t.paper).where(t.paper.c.kind == "D15"))
        return paper_texts.build(read, cases.load(read, row.case_id), row).signatures[0].image

    assert themed.executor.read(ISSUER, slip) == blob(themed, picture)
    assert [p.kind for p in render(themed, done)] == ["D15"]


def test_what_became_ready_after_the_signature_was_not_signed_for(themed):
    of = taken(themed, chosen=(5,))
    verified(themed, of)
    for position in (FOOD_AT, SIGN_AT, FIRE_AT):
        decide(themed, of, position)
    showing = sign(themed, for_pickup(themed, of), ISSUER)
    decide(themed, of, 5)  # the optional item, on which the pick-up did not wait
    out = {
        "matter_id": of.matter_id,
        "receiver": "苏日娜",
        "receiver_code": citizen(),
        "showing_id": showing.id,
    }
    assert refused(themed, ISSUER, "acceptance.deliver_matter", out) == "NOT_SIGNED"


def test_nothing_is_shown_to_be_signed_before_everything_is_there(themed):
    of = taken(themed)
    asked = {"matter_id": of.matter_id, "receiver": "苏日娜"}
    assert refused(themed, ISSUER, "acceptance.show_matter_delivery", asked) == "NOT_READY_TOGETHER"
    assert refused(themed, STRANGER, "acceptance.show_matter_delivery", asked) == "NOT_YOUR_AGENCY"
    assert refused(themed, APPROVER, "acceptance.show_matter", matter()) == "NOT_PERMITTED"


def test_a_matter_is_rated_once_whichever_of_its_cases_is_asked(themed):
    of = all_ready(themed)
    asked = [
        themed.run(ISSUER, "acceptance.ask_rating", {"case_id": case_id})
        for case_id in (of.case_ids[2], of.case_id)
    ]
    assert asked[0].token == asked[1].token
    assert (asked[0].case_no, asked[0].item_name) == (of.case_no, "开办餐饮店")
    themed.run(ISSUER, "acceptance.rate", {"token": asked[0].token, "level": 2})
    assert (
        refused(themed, ISSUER, "acceptance.rate", {"token": asked[0].token, "level": 1}) == "RATED_ALREADY"
    )
    assert themed.run(ISSUER, "acceptance.ask_rating", {"case_id": of.case_ids[1]}).rated
    assert case_of(themed, of, FOOD_AT).events[-1].event == "rate", "it lies with the first case"
