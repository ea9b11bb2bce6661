"""One pick-up (一窗出件): all results of a matter that wait are handed out together, against one signature and one receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yichuang.api import Work, operation
from yichuang_acceptance.operations import cases, matter_life
from yichuang_acceptance.operations.delivery import Handover, hand_out
from yichuang_acceptance.operations.matter_papers import draft_receipt
from yichuang_acceptance.operations.matter_shown import signed_pickup, waiting_results


class MatterDelivery(Handover):
    """All results of a matter."""

    matter_id: int


@dataclass(frozen=True)
class PickedUp:
    """What was handed out together.

    Attributes:
        case_id: The case that the receipt lies with.
    """

    matter_id: int
    case_no: str
    state: str
    case_id: int
    results: int


@operation(
    "acceptance.deliver_matter", permission="acceptance.deliver", title="Hand out all results of a matter"
)
def deliver_matter(work: Work, request: MatterDelivery) -> PickedUp:
    """Hand out every result and refusal of a matter that waits: one receiver, one signature, one receipt.

    What the receiver signed on the second screen for just these results stands on the receipt and with each case.
    By mail the consignment's number stands with the first case, for each further one with -2, -3 and so on.
    Errors: UNKNOWN_MATTER, NOT_YOUR_AGENCY, NOT_READY_TOGETHER, UNKNOWN_SHOWING, NOT_SIGNED, and those of
    `acceptance.deliver`; nothing goes out then.
    """
    matter = matter_life.at_window(work, request.matter_id)
    rows = waiting_results(work, matter)
    if request.showing_id is not None and request.mode == "direct":
        picture = signed_pickup(work, matter, rows, request)
        request = request.model_copy(update={"showing_id": None, "signature": picture})
    delivered = [cases.load(work, row.case_id) for row in rows]
    facts: dict[str, Any] = {}
    for n, row in enumerate(delivered, 1):
        mail_no = f"{request.mail_no.upper()}-{n}" if request.mode == "mail" and n > 1 else ""
        told = hand_out(work, row, request, mail_no, together=n > 1)
        facts = facts or told
    draft_receipt(work, matter, delivered, facts, served=request.mode != "direct")
    work.subject = f"matter:{matter.case_no}"
    state = matter_life.load(work, matter.id).state
    return PickedUp(matter.id, matter.case_no, state, delivered[0].id, len(delivered))
