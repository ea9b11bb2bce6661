"""The slip of a case: as wide as thermal paper, black and white, with a code that a reader finds."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from yichuang.api import UserError
from yichuang.devices.escpos import raster
from yichuang_acceptance import slip_layout

from .conftest import CLERK, STRANGER, accepted, hands, intake
from .life import see
from .matter_hall import fill_theme, matter, taken, verified


@pytest.fixture
def written(monkeypatch):
    """What is written on the strip, in order."""
    from yichuang.api import strips

    texts: list[str] = []
    paragraph, pair = strips.Strip.paragraph, strips.Strip.pair
    monkeypatch.setattr(
        strips.Strip,
        "paragraph",
        lambda s, words, *a, **k: (texts.append(words), paragraph(s, words, *a, **k))[1],
    )
    monkeypatch.setattr(
        strips.Strip,
        "pair",
        lambda s, label, value: (texts.append(f"{label}：{value}"), pair(s, label, value))[1],
    )
    return texts


def of(suite: Any, case: Any) -> bytes:
    data: bytes = suite.query(CLERK, "acceptance.slip", {"case_id": case.case_id})
    return data


def test_an_accepted_case_is_told_with_its_numbers_its_day_and_what_is_owed(suite, written):
    case = accepted(suite, materials=[*hands(1, 2), {"position": 3, "given": "tolerated"}])
    image = Image.open(io.BytesIO(of(suite, case)))
    assert (image.mode, image.width) == ("1", 576)
    assert raster(of(suite, case)), "what a ticket printer takes"
    (code,) = zxingcpp.read_barcodes(image.convert("L"))
    assert code.text == f"{case.case_no} {case.query_code}"
    said = "\n".join(written)
    number = case.case_no
    for text in (
        "受理小票", "食品经营许可", f"办件编号：{number[:6]} {number[6:12]} {number[12:]}", f"查询码：{case.query_code}",
        "申请人：苏*娜", "收件时间：2026-03-17 09:00", "承诺办结：2026-03-24 前", "1. 申请书 原件1",
        "待补：健康证，2026-03-24 前", "材料 2 份", "监督电话 12345", "不代替加盖印章的通知书",
    ):  # fmt: skip
        assert text in said, (text, said)
    assert "收件不等于受理" not in said
    assert "苏日娜" not in said, "it may be lost in the street"


def test_a_case_that_was_only_received_says_so(suite, written):
    case = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    assert of(suite, case).startswith(b"\x89PNG")
    said = "\n".join(written)
    assert "收件小票" in said
    assert "收件不等于受理" in said
    assert "承诺办结" not in said


def test_what_is_promised_before_acceptance_has_no_day_yet(suite, written):
    papers = [*hands(1, 2), {"position": 3, "given": "tolerated"}]
    case = suite.run(CLERK, "acceptance.receive", intake(materials=papers))
    of(suite, case)
    assert "待补：健康证" in written
    assert "材料 2 份" in written


def test_a_long_list_ends_where_the_notice_goes_on(suite, written, monkeypatch):
    case = accepted(suite, materials=hands(1, 2, 3))
    monkeypatch.setattr(slip_layout, "MOST_LINES", 2)
    of(suite, case)
    assert [text for text in written if text[:2] in ("1.", "2.", "3.")] == [
        "1. 申请书 原件1",
        "2. 营业执照 原件1",
    ]
    assert "其余见通知书" in written


def test_another_agency_gets_none(suite):
    case = accepted(suite)
    with pytest.raises(UserError) as error:
        suite.query(STRANGER, "acceptance.slip", {"case_id": case.case_id})
    assert error.value.code == "NOT_YOUR_AGENCY"
    assert see(suite, case).row.case_no == case.case_no


def test_long_names_do_not_push_the_code_off_the_paper(suite, written):
    from yichuang.api import hall, update

    with suite.database.write() as writer:
        writer.execute(
            update(hall.item_material).values(
                name="由具有相应资质的机构出具的食品经营场所检验检测报告（含附图）" * 5
            )
        )
        for n in range(4, 24):
            writer.insert(hall.material, code=f"X{n}", name=f"材料{n}")
            writer.insert(
                hall.item_material, item="item-committed", version=1, position=n, material=f"X{n}", need="required",
                name=f"由具有相应资质的机构出具的食品经营场所检验检测报告（含附图）{n}" * 4, original=True, replaceable=False,
            )  # fmt: skip
    case = accepted(suite, materials=hands(*range(1, 24)))
    image = Image.open(io.BytesIO(of(suite, case)))
    (code,) = zxingcpp.read_barcodes(image.convert("L"))
    assert code.text == f"{case.case_no} {case.query_code}"
    assert "不代替加盖印章的通知书" in written[-1]


def of_matter(suite, whole, actor=CLERK):
    return suite.query(actor, "acceptance.matter_slip", {"matter_id": whole.matter_id})


def test_a_matter_has_one_slip_with_its_items_and_its_one_list(suite, written):
    fill_theme(suite)
    whole = taken(suite)
    image = Image.open(io.BytesIO(of_matter(suite, whole)))
    (code,) = zxingcpp.read_barcodes(image.convert("L"))
    assert code.text == f"{whole.case_no} {whole.query_code}"
    said = "\n".join(written)
    for text in (
        "一件事受理小票", "开办餐饮店", f"查询码：{whole.query_code}", "申请人：苏*娜", "事项 4 项",
        "1. 企业营业执照信息核验 其他单位（办理中）", "2. 食品经营许可（新办）（待前序）", "材料 6 份", "2. 营业执照",
        "不代替加盖印章的通知书",
    ):  # fmt: skip
        assert text in said, (text, said)
    assert "收件不等于受理" not in said, "the item that waits cannot be accepted yet"
    assert "苏日娜" not in said


def test_a_matter_with_an_item_that_lacks_something_says_so(suite, written):
    fill_theme(suite)
    papers = [{"position": n, "given": "paper", "originals": 1} for n in (1, 2, 4, 5)]
    whole = suite.run(CLERK, "acceptance.receive_matter", matter(materials=papers))
    of_matter(suite, whole)
    said = "\n".join(written)
    assert "一件事收件小票" in said
    assert "（已收件）" in said
    assert "收件不等于受理" in said


def test_what_a_matter_owes_is_named_with_its_day(suite, written):
    fill_theme(suite)
    given = [
        {"position": n, "given": "tolerated" if n == 3 else "paper", "originals": int(n != 3)}
        for n in range(1, 7)
    ]
    whole = taken(suite, materials=given)
    of_matter(suite, whole)
    said = "\n".join(written)
    assert "材料 5 份" in said
    assert written[written.index("5. 消防安全检查申报表") + 1] == "待补：从业人员健康证", (
        "its item waits, so no day is fixed yet"
    )
    verified(suite, whole)
    of_matter(suite, whole)
    assert "待补：从业人员健康证，2026-03-24 前" in written


def test_another_agency_gets_no_slip_of_a_matter(suite):
    fill_theme(suite)
    whole = taken(suite)
    with pytest.raises(UserError) as error:
        of_matter(suite, whole, STRANGER)
    assert error.value.code == "NOT_YOUR_AGENCY"
    with pytest.raises(UserError) as error:
        of_matter(suite, SimpleNamespace(matter_id=99))
    assert error.value.code == "UNKNOWN_MATTER"
