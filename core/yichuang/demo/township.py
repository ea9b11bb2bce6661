"""A township's centre: it accepts what was delegated to it, sends the papers to the hall and takes results over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yichuang.demo import guides
from yichuang.demo.forms import filled_form
from yichuang.demo.model_hall import people
from yichuang.demo.people import Visitor, every, visitors
from yichuang.demo.sealing import make_papers

if TYPE_CHECKING:
    from yichuang.demo.day import Day
    from yichuang.identity.actor import Actor

TOWN, TOWN_NAME = "TSZ", "天山镇便民服务中心"
AREA = "150421100"
VISITORS = 5
FIRST_SECONDS, BETWEEN_SECONDS = 1800.0, 4200.0
SENT_WITH = {1: "early", 4: "late"}
"""Behind which of the visitors the papers so far are sent to the hall."""
UNDER_WAY_SECONDS = 2400.0


def open_point(day: Day, clerks: list[Actor]) -> None:
    """The centre with its desk; on a day with every desk in the hall nobody sits there, on one without people nobody comes."""
    desks = [clerk.desk for clerk in clerks]
    point = {"code": TOWN, "name": TOWN_NAME, "kind": "town", "desks": desks, "area": AREA}
    day.do(people(day.suite, "queue_manager")[0], "acceptance.set_point", "beside:point", point)
    if not clerks or not day.plan.people:
        return
    centre = Centre(day, clerks[0], _delegated(day, clerks[0]))
    for visitor in visitors(VISITORS, day.plan.seed + 1, 1.0):
        at = FIRST_SECONDS + BETWEEN_SECONDS * visitor.index
        day.at(at, lambda v=visitor: centre.take_in(v))  # type: ignore[misc]  # bound now, not later


def _delegated(day: Day, clerk: Actor) -> Any:
    """The item that the centre may accept; its guide is published where that was not done before."""
    if not day.suite.query(clerk, "acceptance.accepted_here"):
        guided = next(item for item in day.items if len(item.materials) > 2)  # whose guide is in work
        item = next(
            each for each in day.items
            if each.kind == "committed" and len(each.materials) > 1 and each.code != guided.code
        )  # fmt: skip
        guides.delegate(day, item, [{"town_code": AREA, "town_name": "天山镇", "issue_place": TOWN_NAME}])
    (code,) = day.suite.query(clerk, "acceptance.accepted_here")
    item = day.suite.query(clerk, "hall.item", {"code": code})
    day.items = [item if each.code == code else each for each in day.items]  # in the version that holds today
    return item


@dataclass
class Centre:
    """The centre at work.

    Attributes:
        lying: Cases whose papers were not sent to the hall yet.
    """

    day: Day
    clerk: Actor
    item: Any
    lying: list[int] = field(default_factory=list)

    def take_in(self, visitor: Visitor) -> None:
        """Somebody of the township applies; now and then the papers so far are sent to the hall."""
        paper = {"given": "paper", "originals": 1, "copies": 1}
        person = {
            "name": visitor.name,
            "code_kind": visitor.code_kind,
            "code": visitor.code,
            "phone": visitor.phone,
        }
        request = {
            "item": self.item.code, "item_version": self.item.version, "applicant": person,
            "materials": [{"position": m.position, **paper} for m in self.item.materials],
            "form": filled_form(self.day.suite, self.clerk, visitor, self.item),
        }  # fmt: skip
        accepted = self.day.do(self.clerk, "acceptance.accept", f"town:intake:{visitor.index}", request)
        make_papers(self.day, self.clerk, accepted.case_id, self.item.agency)
        self.lying.append(accepted.case_id)
        if visitor.index in SENT_WITH:
            self.send(SENT_WITH[visitor.index])

    def send(self, which: str) -> None:
        """What lies here goes to the hall; the late list is still under way in the evening."""
        request = {"target": "", "what": "materials", "case_ids": self.lying}
        sent = self.day.do(self.clerk, "acceptance.pack", f"town:pack:{which}", request)
        self.lying = []
        if which == "early":
            take = {"number": sent.number, "missing": {}}
            hall = self.day.staff.clerks[0]
            self.day.later(
                UNDER_WAY_SECONDS,
                lambda: self.day.do(hall, "acceptance.receive_list", f"town:take:{which}", take),
            )


def received(day: Day, visitor: Visitor, number: str) -> None:
    """The township's clerk takes a list over; now and then an envelope is not in it."""
    clerk = day.staff.clerks[-1]
    here = [point.code for point in day.suite.query(clerk, "acceptance.points") if point.here]
    if here == [TOWN]:  # on a day with every desk in the hall nobody sits there
        missing = {1: "信封未到"} if every(visitor, 12, 2) or every(visitor, 12, 4) else {}
        request = {"number": number, "missing": missing}
        day.do(clerk, "acceptance.receive_list", f"take-over:{visitor.index}", request)
