"""A whole matter (一件事) on the second screen: checked and signed once before it is taken in, once more at its one pick-up."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from yichuang.api import Request, Work, operation
from yichuang_acceptance.operations import matter_life
from yichuang_acceptance.operations.matter_shown import content_of_matter, pickup_content, waiting_results
from yichuang_acceptance.operations.matters import MatterIntake, answered_plan
from yichuang_acceptance.operations.showing import Showing, check_people, show


@operation(
    "acceptance.show_matter", permission="acceptance.accept", title="Push a matter to the applicant's screen"
)
def show_matter(work: Work, request: MatterIntake) -> Showing:
    """Put a whole matter in front of its applicant: one form, one list, its items, the joint due day.

    Errors: those of `acceptance.accept_matter` about theme and answers; BAD_CITIZEN_ID, BAD_USCC, CALENDAR_ENDS.
    """
    planned = answered_plan(work, request)
    check_people(request)
    work.detail = {"theme": planned.theme.code, "materials": len(request.materials)}
    return show(work, "application", content_of_matter(work, request, planned), planned.lead)


class ShowMatterDelivery(Request):
    """All results of a matter that somebody is about to receive."""

    matter_id: int
    receiver: str = Field(min_length=1, max_length=100)
    relation: Literal["self", "agent", "family", "other"] = "self"


@operation(
    "acceptance.show_matter_delivery",
    permission="acceptance.deliver",
    title="Let the receiver sign for a matter",
)
def show_matter_delivery(work: Work, request: ShowMatterDelivery) -> Showing:
    """Put all results of a matter in front of their receiver, to be signed for once.

    Errors: UNKNOWN_MATTER, NOT_YOUR_AGENCY, NOT_READY_TOGETHER.
    """
    matter = matter_life.at_window(work, request.matter_id)
    rows = waiting_results(work, matter)
    content = pickup_content(matter, rows, request.receiver, request.relation)
    return show(work, "delivery", content, matter.lead, rows[0].case_id)
