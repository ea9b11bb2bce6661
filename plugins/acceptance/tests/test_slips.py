"""The slip of a case: as wide as thermal paper, black and white, with a code that a reader finds."""

from __future__ import annotations

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from yichuang.api import UserError
from yichuang.devices.escpos import raster
from yichuang_acceptance.operations import slips

from .conftest import CLERK, STRANGER, accepted, hands, intake
from .life import see


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


def test_a_long_list_ends_where_the_notice_goes_on(suite, written, monkeypatch):
    case = accepted(suite, materials=hands(1, 2, 3))
    monkeypatch.setattr(slips, "MOST_MATERIALS", 2)
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
