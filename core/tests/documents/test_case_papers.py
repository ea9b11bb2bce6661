"""The papers of a case: every field that the law asks for is printed, and without it nothing is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Bitmap

from yichuang.api import documents as d
from yichuang.hall.errors import UserError

DAY = date(2026, 3, 17)
MOMENT = datetime(2026, 3, 17, 6, 26, tzinfo=UTC)
MATERIALS = (
    d.MaterialLine("食品经营许可申请书", 1, 0, 4),
    d.MaterialLine("营业执照", 0, 0, 0, electronic=True, remark="免提交"),
)
DEFERRED = (d.DeferredMaterial("租赁合同", date(2026, 3, 24), "出租方签名的原件"),)
REMEDIES = d.Remedies("阿鲁科尔沁旗人民政府", "阿鲁科尔沁旗人民法院")
SUBJECT = d.Subject(
    item="食品经营许可（新办）",
    applicant="王𬭎𬱖",
    case_no="1504212611220000170",
    query_code="8F3K2A",
    item_code="000131004000",
    project="天山镇老街饭馆",
    id_type="居民身份证",
    id_no="150421199003072417",
    phone="13847612158",
    clerk="娜仁",
)


def png() -> bytes:
    data = BytesIO()
    Bitmap.new("L", (60, 30), 90).save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def common(office: d.Office) -> dict[str, Any]:
    return {"office": office, "subject": SUBJECT, "date": DAY, "number": "阿政服字〔2026〕第00001号"}


Builder = Callable[[Any], d.Paper]

# builder, facts class, what it takes beyond the common, what must be readable on the paper
CASES: dict[str, tuple[Builder, type, dict[str, Any], tuple[str, ...]]] = {
    "A1": (
        d.application_form,
        d.ApplicationFacts,
        {
            "received_at": MOMENT,
            "materials": MATERIALS,
            "lines": (
                d.FormLine("经营面积", "80.5"),
                d.FormLine("经营场所", "罕山路1号", "电子证照"),
                d.FormLine("备注"),
            ),
        },
        (
            "申请表",
            "经营面积",
            "80.5",
            "罕山路1号",
            "电子证照",
            "申请人填写",
            "150421********2417",
            "138****2158",
            "2026年3月17日14时26分",
            "食品经营许可申请书",
            "申请人声明",
            "申请人（签名）",
        ),
    ),
    "D1": (
        d.receipt,
        d.ReceiptFacts,
        {"received_at": MOMENT, "materials": MATERIALS, "form": (("经营面积", "80.5"),)},
        (
            "申请材料接收凭证",
            "申请表填写内容",
            "经营面积",
            "80.5",
            "2026年3月17日14时26分",
            "150421********2417",
            "食品经营许可申请书",
            "营业执照",
            "免提交",
            "收件不等于受理",
            "五个工作日",
        ),
    ),
    "D2": (
        d.correction_notice,
        d.CorrectionFacts,
        {
            "applied_on": DAY,
            "present": MATERIALS,
            "defects": (d.Defect("健康证明", "已过期", "食品安全法第四十五条", "有效期内的复印件"),),
            "due": date(2026, 4, 16),
        },
        (
            "补正材料一次性告知书",
            "已具备的材料",
            "健康证明",
            "已过期",
            "食品安全法第四十五条",
            "有效期内的复印件",
            "2026年4月16日",
            "视为放弃申请",
            "邮寄提交",
            "第三十二条第一款第（四）项",
        ),
    ),
    "D3": (
        d.acceptance_notice,
        d.AcceptanceFacts,
        {
            "kind": "承诺件",
            "accepted_at": MOMENT,
            "materials": MATERIALS,
            "finish_by": date(2026, 3, 31),
            "deferred": DEFERRED,
            "legal_limit": "20个工作日",
            "promise_limit": "10个工作日",
            "special": (d.SpecialProcedure("现场核查", "3个工作日"),),
            "contact": "苏和",
            "pick_up": "邮寄送达",
        },
        (
            "受理通知书",
            "天山镇老街饭馆",
            "承诺件",
            "20个工作日",
            "10个工作日",
            "2026年3月31日前",
            "租赁合同",
            "2026年3月24日",
            "现场核查",
            "3个工作日",
            "不收费",
            "138****2158",
            "邮寄送达",
            "苏和",
            "真实、合法、有效",
        ),
    ),
    "D4": (
        d.refusal_to_accept,
        d.RefusalToAcceptFacts,
        {
            "applied_on": DAY,
            "reason": d.RefusalReason.NOT_OUR_REMIT,
            "facts": "经营场所在巴林左旗林东镇",
            "proper_agency": "巴林左旗市场监督管理局",
            "remedies": REMEDIES,
        },
        (
            "不予受理决定书",
            "经营场所在巴林左旗林东镇。",
            "不属于本机关职权范围",
            "第三十二条第一款第（二）项",
            "巴林左旗市场监督管理局",
            "六十日内向阿鲁科尔沁旗人民政府申请行政复议",
            "六个月内依法向阿鲁科尔沁旗人民法院提起行政诉讼",
        ),
    ),
    "D5": (
        d.tolerance_commitment,
        d.ToleranceFacts,
        {"deferred": DEFERRED},
        ("容缺受理告知承诺书", "租赁合同", "2026年3月24日", "终止办理", "承诺在规定期限内补齐"),
    ),
    "D10": (
        d.grant_decision,
        d.GrantFacts,
        {
            "applied_on": DAY,
            "facts": "申请材料齐全，符合法定条件",
            "law": "《中华人民共和国食品安全法》第三十五条",
            "content": "热食类食品制售",
            "valid_from": DAY,
            "valid_to": date(2031, 3, 16),
            "certificate": "《食品经营许可证》JY21504210000118",
            "conditions": ("从业人员应当持有效健康证明上岗",),
        },
        (
            "准予行政许可决定书",
            "符合法定条件。",
            "第三十八条第一款",
            "食品安全法》第三十五条",
            "热食类食品制售",
            "自2026年3月17日至2031年3月16日",
            "JY21504210000118",
            "健康证明上岗",
            "予以公开",
        ),
    ),
    "D11": (
        d.refusal_decision,
        d.RefusalFacts,
        {
            "applied_on": DAY,
            "facts": "经营场所距污水处理池18米",
            "law": "《中华人民共和国食品安全法》第三十三条",
            "reasons": "与污染源的距离不足25米",
            "remedies": REMEDIES,
        },
        (
            "不予行政许可决定书",
            "距污水处理池18米",
            "距离不足25米",
            "第三十八条第二款",
            "第三十三条",
            "行政复议",
            "行政诉讼",
        ),
    ),
    "D14": (
        d.proof_of_delivery,
        d.DeliveryFacts,
        {
            "papers": (("准予行政许可决定书", "阿市监许准字〔2026〕第00001号"),),
            "delivered_at": MOMENT,
            "place": "出件窗口",
            "mode": d.DeliveryMode.MAIL,
            "mail_no": "EA123456789CN",
            "proxy": "王小军",
            "proxy_reason": "受送达人之子",
            "servers": ("娜仁", "苏和"),
            "remark": "由其子代收",
            "signature": png(),
        },
        (
            "送达回证",
            "《准予行政许可决定书》阿市监许准字〔2026〕第00001号",
            "出件窗口",
            "■邮寄送达",
            "□直接送达",
            "EA123456789CN",
            "王小军（受送达人之子）",
            "娜仁",
            "苏和",
            "由其子代收",
        ),
    ),
    "D15": (
        d.collection_slip,
        d.CollectionFacts,
        {
            "results": (d.ResultLine("食品经营许可证", "JY21504210000118"),),
            "collected_at": MOMENT,
            "receiver": "王小军",
            "receiver_id_no": "150421199003072417",
            "relation": "代理人",
            "signature": png(),
            "photo": png(),
        },
        (
            "领取凭证",
            "食品经营许可证",
            "JY21504210000118",
            "王小军",
            "代理人",
            "150421********2417",
            "现场照片",
        ),
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_every_field_is_printed(kind, common, see):
    build, facts, more, wanted = CASES[kind]
    paper = build(facts(**common, **more))
    assert paper.kind == kind
    seen = see(d.render(paper))
    letters = seen.letters
    for text in (*wanted, common["number"], SUBJECT.applicant, SUBJECT.item, "12345", "2026年3月17日"):
        assert "".join(text.split()) in letters, text
    assert "150421199003072417" not in letters
    assert seen.codes(seen.pages - 1)["Code128"] == SUBJECT.case_no


@pytest.mark.parametrize("kind", CASES)
def test_sealed_papers_have_their_place(kind, common):
    build, facts, more, _wanted = CASES[kind]
    places = d.seal_places(d.render(build(facts(**common, **more, copies=d.COPIES))))
    assert len(places) == (0 if kind in ("A1", "D15") else 2)


@pytest.mark.parametrize(
    ("kind", "without", "code"),
    [
        ("D1", {"materials": ()}, "MISSING_FIELD"),
        ("D2", {"defects": ()}, "MISSING_FIELD"),
        ("D2", {"defects": (d.Defect("健康证明", " "),)}, "MISSING_FIELD"),
        ("D3", {"materials": ()}, "MISSING_FIELD"),
        ("D3", {"kind": ""}, "MISSING_FIELD"),
        ("D3", {"number": ""}, "MISSING_FIELD"),
        ("D4", {"facts": " "}, "MISSING_REASON"),
        ("D4", {"remedies": None}, "MISSING_REMEDY"),
        ("D4", {"remedies": d.Remedies("旗人民政府", " ")}, "MISSING_REMEDY"),
        ("D4", {"proper_agency": ""}, "MISSING_PROPER_AGENCY"),
        ("D4", {"subject": replace(SUBJECT, licence=False)}, "MISSING_FIELD"),
        ("D5", {"deferred": ()}, "MISSING_FIELD"),
        ("D10", {"law": ""}, "MISSING_FIELD"),
        ("D10", {"facts": ""}, "MISSING_FIELD"),
        ("D10", {"content": "\n"}, "MISSING_FIELD"),
        ("D11", {"reasons": ""}, "MISSING_REASON"),
        ("D11", {"remedies": None}, "MISSING_REMEDY"),
        ("D11", {"remedies": replace(REMEDIES, review_days="")}, "MISSING_REMEDY"),
        ("D11", {"law": ""}, "MISSING_FIELD"),
        ("D14", {"papers": ()}, "MISSING_FIELD"),
        ("D14", {"place": ""}, "MISSING_FIELD"),
        ("D14", {"proxy_reason": ""}, "MISSING_FIELD"),
        ("D15", {"receiver": ""}, "MISSING_FIELD"),
        ("D15", {"results": ()}, "MISSING_FIELD"),
        ("D1", {"subject": replace(SUBJECT, applicant="")}, "MISSING_FIELD"),
        ("D1", {"subject": replace(SUBJECT, item="")}, "MISSING_FIELD"),
    ],
)
def test_without_it_there_is_no_paper(kind, without, code, common):
    build, facts, more, _wanted = CASES[kind]
    with pytest.raises(UserError) as caught:
        build(facts(**{**common, **more, **without}))
    assert caught.value.code == code
    chinese, english = caught.value.as_dict("zh_CN"), caught.value.as_dict("en")
    assert chinese["sentence"] != english["sentence"]
    assert chinese["do"] != english["do"]


def test_a_receipt_of_a_desk_alone_asks_for_what_was_not_signed(common, see):
    more = CASES["D1"][2]
    online = see(d.render(d.receipt(d.ReceiptFacts(**common, **more)))).letters
    alone = see(
        d.render(d.receipt(d.ReceiptFacts(**common, **more, offline=True, owed=("健康证明",))))
    ).letters
    for words in (
        "离线收件–受理时间以收件为准",
        "在本凭证上签名",
        "（健康证明），申请人应当在受理时签署《容缺受理告知承诺书》",
    ):
        assert words in alone
        assert words not in online


def test_other_items_are_not_told_of_the_licensing_law(common, see):
    common["subject"] = replace(SUBJECT, licence=False, organisation=True, agent="王小军")
    for kind in ("D1", "D2", "D3", "D10", "D11"):
        build, facts, more, _wanted = CASES[kind]
        letters = see(d.render(build(facts(**common, **more)))).letters
        assert "行政许可法" not in letters, kind
        assert "行政许可专用章" not in letters
    assert (
        "准予办理决定书" in see(d.render(d.grant_decision(d.GrantFacts(**common, **CASES["D10"][2])))).letters
    )


def test_what_the_approver_wrote_once_is_printed_once(common, see):
    build, facts, more, _wanted = CASES["D11"]
    same = "经营场所距污水处理池不足25米"
    letters = see(d.render(build(facts(**common, **{**more, "facts": same, "reasons": same + "。"})))).letters
    assert letters.count(same) == 1
    assert "一、查明的事实和不予许可的理由" in letters
    assert "二、决定" in letters


def test_a_receiver_without_a_number_has_no_line_for_one(common, see):
    build, facts, more, _wanted = CASES["D15"]
    letters = see(d.render(build(facts(**common, **{**more, "receiver_id_no": ""})))).letters
    assert letters.count("居民身份证") == 1, "only the applicant's"


def test_the_name_of_the_seal_stands_only_in_the_draft(common, see):
    build, facts, more, _wanted = CASES["D10"]
    paper = build(facts(**common, **more))
    assert paper.seal_name not in see(d.render(paper)).letters
    assert paper.seal_name in see(d.render(paper, draft=True)).letters


def test_a_masked_number_stays_as_it_is(common):
    masked = replace(SUBJECT, id_no="150421********2417")
    assert masked.identity == SUBJECT.identity == "居民身份证 150421********2417"


def test_the_notice_slip_tells_everything_before_there_is_a_case(office, see):
    facts = d.NoticeSlipFacts(
        office=office,
        date=DAY,
        item="食品经营许可（新办）",
        materials=(
            d.RequiredMaterial("申请书", 1, 0),
            d.RequiredMaterial("租赁合同", 1, 1, "可容缺", "出租方签名"),
        ),
        fields=(
            d.AskedField("主体业态", True, note="餐饮服务、食品销售"),
            d.AskedField("负责人", source="读取身份证带入"),
        ),
        item_code="000131004000",
        item_type="行政许可",
        kind="承诺件",
        legal_limit="20个工作日",
        promise_limit="10个工作日",
        visits="1次",
        result="食品经营许可证",
        conditions=("有固定的经营场所。",),
        steps=("受理", "核查", "决定"),
        hours="8:30至12:00",
        clerk="娜仁",
    )
    data = d.render(d.notice_slip(facts))
    letters = see(data).letters
    for text in (
        "一次性告知单",
        "租赁合同",
        "可容缺",
        "出租方签名",
        "三、申请表需填写的内容",
        "主体业态",
        "必填",
        "申请人填写",
        "餐饮服务、食品销售",
        "选填",
        "份证带入",
        "有固定的经营场所。",
        "受理→核查→决定",
        "1次",
        "8:30至12:00",
    ):
        assert text in letters
    assert "申请表" not in see(d.render(d.notice_slip(replace(facts, fields=())))).letters
    assert d.seal_places(data) == ()
    with pytest.raises(UserError):
        d.notice_slip(replace(facts, materials=()))
