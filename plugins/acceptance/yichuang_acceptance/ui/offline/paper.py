"""The receipt that the applicant takes along while the hall is away, made from what the desk keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from yichuang.api import HALL_ZONE, UserError, identifiers
from yichuang_acceptance.offline_store import Receipt
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.rules.names import ID_TYPES
from yichuang_acceptance.slip_layout import (
    NO_NOTICE,
    NOT_ACCEPTED_YET,
    Slip,
    beside,
    code_of,
    draw,
    grouped_number,
    short,
)
from yichuang_acceptance.slip_layout import Given as Line
from yichuang_acceptance.ui.offline.receipt_texts import name_of, owed
from yichuang_acceptance.words import words

if TYPE_CHECKING:
    from yichuang.api.documents import Page

L = words.lazy
LICENCE_TYPE, ORGANISATION = "01", "001"
OFFLINE = "离线收件，受理时间以收件为准。联网后录入，查询码届时可用。"
REMARKS = {Given.LICENCE: "免提交", Given.TOLERATED: "容缺后补"}


def receipt_pdf(receipt: Receipt, look: Mapping[str, Any] | None) -> bytes:
    """The receipt (收件凭证) as a PDF, marked as received offline; a third of a second, not for the UI thread.

    Args:
        receipt: As it was received.
        look: `DeskLook` as the desk has kept it.

    Raises:
        UserError: HALL_UNKNOWN where the desk never saw the hall.
    """
    from yichuang.api.documents import COPIES, MaterialLine, Office, ReceiptFacts, Subject, render
    from yichuang.api.documents import receipt as paper

    body, intake = receipt.body, receipt.body["intake"]
    office = _office(receipt, look)
    person, agent = intake["applicant"], intake["agent"]
    subject = Subject(
        item=body["item_name"], applicant=person["name"], case_no=receipt.case_no, query_code=body["query_code"],
        item_code=intake["item"], project=intake["project"], id_type=ID_TYPES[person["code_kind"]],
        id_no=identifiers.mask_id(person["code"]), phone=person["phone"], agent=agent["name"] if agent else "",
        organisation=person["code_kind"] == ORGANISATION, licence=body["item_type"] == LICENCE_TYPE, clerk=body["staff"]["name"],
    )  # fmt: skip
    lines = tuple(
        MaterialLine(name_of(body, hand), hand["originals"], hand["copies"], len(hand["pages"]),
                     electronic=hand["given"] == Given.LICENCE, remark=REMARKS.get(hand["given"], ""))
        for hand in intake["materials"]
    )  # fmt: skip
    facts = ReceiptFacts(
        office=Office(**office), subject=subject, date=receipt.at.astimezone(HALL_ZONE).date(), received_at=receipt.at,
        materials=lines, form=tuple(body.get("labelled", {}).items()), copies=COPIES, offline=True, owed=tuple(owed(body)),
    )  # fmt: skip
    page: Page = (look or {}).get("page", "A4")
    return render(replace(paper(facts), page=page))


def receipt_slip(receipt: Receipt, look: Mapping[str, Any] | None, desk: str) -> bytes:
    """The same for the pocket, as a ticket printer prints it: PNG. It replaces no receipt, which the applicant signs.

    Args:
        receipt: As it was received.
        look: `DeskLook` as the desk has kept it.
        desk: Where it was received.

    Raises:
        UserError: HALL_UNKNOWN.
    """
    from yichuang.api.documents import Office

    body = receipt.body
    person = body["intake"]["applicant"]
    office = Office(**_office(receipt, look))
    name = person["name"] if person["code_kind"] == ORGANISATION else identifiers.mask_name(person["name"])
    numbers = (
        ("办件编号", grouped_number(receipt.case_no)), ("查询码", body["query_code"]), ("申请人", name),
        ("收件时间", f"{receipt.at.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}"), ("收件窗口", desk),
    )  # fmt: skip
    handed = [
        Line(name_of(body, hand), hand["originals"], hand["copies"], REMARKS.get(hand["given"], ""))
        for hand in body["intake"]["materials"]
        if hand["given"] not in (Given.TOLERATED, Given.NOT_GIVEN)
    ]
    return draw(
        Slip(
            office.hall, office.agency, "离线收件小票", body["item_name"], numbers, handed,
            [short(each) for each in owed(body)], code_of(office.query_url, receipt.case_no, body["query_code"]),
            beside(office.window_phone, office.supervision_phone), [OFFLINE, NOT_ACCEPTED_YET, NO_NOTICE],
        )
    )  # fmt: skip


def _office(receipt: Receipt, look: Mapping[str, Any] | None) -> Mapping[str, str]:
    """Who issues the receipt. Raises HALL_UNKNOWN."""
    office: Mapping[str, str] | None = (look or {}).get("offices", {}).get(receipt.body["agency"])
    if office is None:
        raise UserError(
            "HALL_UNKNOWN",
            L("This desk does not know what the receipt prints of the hall."),
            do=L("Write the receipt by hand, with the case number that is shown."),
        )
    return office
