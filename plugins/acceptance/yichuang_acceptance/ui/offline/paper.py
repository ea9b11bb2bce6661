"""The receipt that the applicant takes along while the hall is away, made from what the desk keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yichuang.api import HALL_ZONE, UserError, identifiers
from yichuang_acceptance.offline_store import Receipt
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.rules.names import ID_TYPES
from yichuang_acceptance.ui.offline.receipt_texts import name_of, owed
from yichuang_acceptance.words import words

L = words.lazy
LICENCE_TYPE = "01"
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
    office = (look or {}).get("offices", {}).get(body["agency"])
    if office is None:
        raise UserError(
            "HALL_UNKNOWN",
            L("This desk does not know what the receipt prints of the hall."),
            do=L("Write the receipt by hand, with the case number that is shown."),
        )
    person, agent = intake["applicant"], intake["agent"]
    subject = Subject(
        item=body["item_name"], applicant=person["name"], case_no=receipt.case_no, query_code=body["query_code"],
        item_code=intake["item"], project=intake["project"], id_type=ID_TYPES[person["code_kind"]],
        id_no=identifiers.mask_id(person["code"]), phone=person["phone"], agent=agent["name"] if agent else "",
        organisation=person["code_kind"] == "001", licence=body["item_type"] == LICENCE_TYPE, clerk=body["staff"]["name"],
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
    return render(paper(facts))
