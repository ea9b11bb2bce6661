"""Papers of the simulated day: they are made, and the keeper of the agency stamps what waits for a seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.demo.day import KEEPER_ROUND

if TYPE_CHECKING:
    from yichuang.demo.day import Day
    from yichuang.identity.actor import Actor


def make_papers(day: Day, actor: Actor, case_id: int, agency: str) -> None:
    """Make the papers that were drafted; rendering is repeated after a crash, so it needs no key."""
    day.suite.run(actor, "acceptance.render", {"case_id": case_id})
    papers = day.suite.query(actor, "acceptance.papers", {"case_id": case_id})
    if any(paper.state == "waiting_seal" for paper in papers):
        keeper_comes(day, agency)


def keeper_comes(day: Day, agency: str) -> None:
    """Let the keeper look in on the next round."""
    if agency in day.staff.keepers and agency not in day.keeper_due:
        day.keeper_due.add(agency)
        day.later(KEEPER_ROUND, lambda: stamp(day, agency))


def stamp(day: Day, agency: str) -> None:
    """The keeper of an agency stamps everything that waits there."""
    day.keeper_due.discard(agency)
    keeper = day.staff.keepers[agency]
    waiting = day.suite.query(keeper, "seal.waiting")
    if len(waiting.papers) > 1:
        day.photograph_if_due(keeper)
    seals = day.suite.query(keeper, "seal.seals", {"usable": True})
    seal = next((s for s in seals if s.agency == agency), None)
    for paper in waiting.papers:
        if paper.state == "waiting" and paper.agency == agency and seal is not None:
            request = {"request_id": paper.id, "seal_id": seal.id}
            day.do(keeper, "seal.stamp", f"stamp:{paper.id}", request)
            day.counts["stamped"] += 1
