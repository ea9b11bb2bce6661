"""One day of the hall in accelerated time: simulated people and staff through the same operations as the windows.

Every act has a key made of the seed and the step, so a day that was killed is played again from the start: what was
done answers as before, the rest is done now. `acks.log` holds the keys that were answered, each forced to disk.
"""

from __future__ import annotations

import heapq
import itertools
import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from yichuang.demo.people import TODAY, Visitor, visitors
from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.journal.entries import last_at

if TYPE_CHECKING:
    from yichuang.host.suite import Suite

L = words.lazy
HALL = ZoneInfo("Asia/Shanghai")
OPENING_HOUR = 8.5
DAY_SECONDS = 8.5 * 3600  # 08:30 to 17:00, then whoever is still there is served
DESKS_PER_PERSON = 0.06
FEWEST_DESKS = 4
PICTURE_SECONDS, LAST_PICTURE_SECONDS = 2.5 * 3600, 4.5 * 3600  # between them, when papers wait for a seal
KEEPER_ROUND = 900.0  # seal keepers stamp what waits every quarter of an hour

PLAYERS = ("queue", "acceptance", "seal", "licence")
"""The plugins whose work a day consists of."""

NO_SHOW, MISSING, REFUSED, TOLERATED = 0.05, 0.14, 0.08, 0.5
RATES = 0.7
GRADES, GRADE_WEIGHTS = (5, 4, 3, 2, 1), (68, 20, 8, 3, 1)


@dataclass(frozen=True)
class Plan:
    """What is to be played.

    Attributes:
        out: Folder for papers, pictures, report and summary.
        database: Address of an empty or a half-played database; by default a file in `out`.
    """

    out: Path
    people: int = 200
    seed: int = 1
    database: str | None = None
    screenshots: bool = True


class Clock:
    """The simulated moment. It never runs behind what the journal has, so that a killed day can go on."""

    def __init__(self, day: date) -> None:
        hour, minute = int(OPENING_HOUR), int(OPENING_HOUR % 1 * 60)
        self.opening = datetime(day.year, day.month, day.day, hour, minute, tzinfo=HALL).astimezone(UTC)
        self.seconds = -1800.0
        self.floor = self.opening - timedelta(days=1)

    def __call__(self) -> datetime:
        """The moment, aware, UTC."""
        return max(self.floor, self.opening + timedelta(seconds=self.seconds))


@dataclass
class Case:
    """A case on its way through the day."""

    visitor: Visitor
    item: Any
    case_id: int
    case_no: str
    desk: str
    approver_round: int = 0


@dataclass
class Staff:
    """Who works today."""

    guide: Actor
    clerks: list[Actor]
    approvers: dict[str, list[Actor]]
    keepers: dict[str, Actor]
    issuers: list[Actor]
    licence_keeper: Actor | None


@dataclass
class Day:
    """The simulation: a heap of moments and what happens at them."""

    suite: Suite
    plan: Plan
    clock: Clock
    staff: Staff
    items: list[Any]
    say: Callable[[str], None]
    acks: Any
    people: list[Visitor] = field(default_factory=list)
    waiting_since: dict[str, int] = field(default_factory=dict)
    by_ticket: dict[str, Visitor] = field(default_factory=dict)
    coming_back: dict[str, Case] = field(default_factory=dict)
    free: dict[str, bool] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    keeper_due: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    pictures: list[str] = field(default_factory=list)
    pictures_due: bool = False
    troubles: list[str] = field(default_factory=list)
    _heap: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: Any = field(default_factory=itertools.count)

    def at(self, seconds: float, act: Callable[[], None]) -> None:
        """Let something happen at a moment (seconds after opening), never before now."""
        heapq.heappush(self._heap, (max(seconds, self.clock.seconds), next(self._order), act))

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Let something happen after a while."""
        self.at(self.clock.seconds + seconds, act)

    def run(self) -> None:
        """Play until nothing is left to happen."""
        while self._heap:
            seconds, _, act = heapq.heappop(self._heap)
            self.clock.seconds = seconds
            act()

    def do(self, actor: Actor, name: str, step: str, request: dict[str, Any]) -> Any:
        """One act under its key, acknowledged on disk."""
        key = f"day:{self.plan.seed}:{step}"
        result = self.suite.run(actor, name, request, key)
        self.acks.write(f"{key}\t{name}\n")
        self.acks.flush()
        os.fsync(self.acks.fileno())
        self.counts[name] += 1
        return result

    # ---- people ----

    def begin(self) -> None:
        """Open the desks and let the people come."""
        from yichuang.demo.beside import before_opening

        desks = max(FEWEST_DESKS, min(len(self.staff.clerks), round(self.plan.people * DESKS_PER_PERSON)))
        for clerk in self.staff.clerks[:desks]:
            desk = clerk.desk or ""
            self.do(clerk, "queue.open_desk", f"open:{desk}", {"desk": desk})
            self.free[desk] = True
        self.people = visitors(self.plan.people, self.plan.seed, DAY_SECONDS)
        before_opening(self, desks)
        if self.plan.screenshots:
            self.at(PICTURE_SECONDS, self.want_pictures)
            self.at(LAST_PICTURE_SECONDS, self.photograph_if_due)
        for visitor in self.people:
            self.at(visitor.arrives, lambda v=visitor: self.arrive(v))  # type: ignore[misc]  # bound now, not later

    def want_pictures(self) -> None:
        """From now on: screenshots as soon as every list has something in it."""
        self.pictures_due = True

    def photograph_if_due(self, keeper: Actor | None = None) -> None:
        """Screenshots, once; `keeper` has papers to seal just now."""
        from yichuang.demo.pictures import draw_in_child

        if self.pictures_due:
            self.pictures_due = False
            self.pictures = draw_in_child(self, keeper)

    def arrive(self, visitor: Visitor) -> None:
        """Take a number at the entrance."""
        item = visitor.draw("item").choice(self.items)
        request = {"item": item.code, "person": visitor.name, "priority": visitor.priority}
        ticket = self.do(self.staff.guide, "queue.issue", f"issue:{visitor.index}", request)
        self.by_ticket[ticket.number] = visitor
        self.call_whoever_is_free()

    def call_whoever_is_free(self) -> None:
        """Every free desk calls, as long as somebody waits."""
        for clerk in self.staff.clerks:
            desk = clerk.desk or ""
            if self.free.get(desk):
                self.call(clerk)

    def call(self, clerk: Actor) -> None:
        """A clerk calls the next person."""
        desk = clerk.desk or ""
        self.calls[desk] += 1
        ticket = self.do(clerk, "queue.call_next", f"call:{desk}:{self.calls[desk]}", {"desk": desk})
        if ticket is None:
            return
        self.free[desk] = False
        visitor = self.by_ticket[ticket.number]
        at_desk = {"desk": desk, "ticket_id": ticket.id}
        if visitor.draw(f"show:{ticket.number}").random() < NO_SHOW:
            self.later(90, lambda: self.no_show(clerk, at_desk))
            return
        self.later(25, lambda: self.serve(clerk, visitor, ticket, at_desk))

    def no_show(self, clerk: Actor, at_desk: dict[str, Any]) -> None:
        """Nobody came: call once more, then pass."""
        self.do(clerk, "queue.recall", f"recall:{at_desk['ticket_id']}", at_desk)
        self.do(clerk, "queue.pass", f"pass:{at_desk['ticket_id']}", at_desk)
        self.counts["no_show"] += 1
        self.free[at_desk["desk"]] = True
        self.call_whoever_is_free()

    def serve(self, clerk: Actor, visitor: Visitor, ticket: Any, at_desk: dict[str, Any]) -> None:
        """The person sits down; the papers are looked at."""
        self.do(clerk, "queue.arrive", f"arrive:{ticket.id}", at_desk)
        minutes = max(2.0, visitor.draw(f"service:{ticket.number}").gauss(7.5, 2.5))
        self.later(minutes * 60, lambda: self.finish(clerk, visitor, ticket, at_desk))

    def finish(self, clerk: Actor, visitor: Visitor, ticket: Any, at_desk: dict[str, Any]) -> None:
        """Accept, or tell once what is missing; then the desk is free again."""
        from yichuang.demo.beside import at_the_window
        from yichuang.demo.window import intake, resubmit

        case = self.coming_back.pop(ticket.number, None)
        if case is None:
            intake(self, clerk, visitor, ticket)
            at_the_window(self, clerk, visitor)
        else:
            resubmit(self, clerk, case)
        self.do(clerk, "queue.finish", f"finish:{ticket.id}", at_desk)
        self.rate(clerk, visitor, at_desk)
        self.free[at_desk["desk"]] = True
        self.call_whoever_is_free()

    def rate(self, clerk: Actor, visitor: Visitor, at_desk: dict[str, Any]) -> None:
        """Most people say what they think of it on the applicant's screen; nobody is signed in there."""
        chance = visitor.draw(f"rate:{at_desk['ticket_id']}")
        if chance.random() > RATES or not self.suite.registry.has("queue.open_rating"):
            return
        asked = self.suite.query(clerk, "queue.open_rating", {"desk": at_desk["desk"]})
        if asked is not None:
            grade = chance.choices(GRADES, GRADE_WEIGHTS)[0]
            request = {"token": asked.token, "grade": grade}
            self.do(Actor.nobody(), "queue.rate", f"rate:{at_desk['ticket_id']}", request)


def play(plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Play a day and return its summary, which also stands in `summary.json`.

    Raises:
        UserError: What the suite refuses; NO_PLUGIN where queue or acceptance is not running.
    """
    from yichuang.demo import model_hall
    from yichuang.demo.closing import close_day
    from yichuang.host.suite import Suite
    from yichuang.identity.secrets import open_secrets

    plan.out.mkdir(parents=True, exist_ok=True)
    clock = Clock(TODAY)
    data = plan.out / "data"
    data.mkdir(exist_ok=True)
    secrets = open_secrets(data, store="file")
    address = plan.database or f"sqlite:///{(plan.out / 'hall.sqlite').resolve().as_posix()}"
    with Suite.open(address, data, clock=clock, secrets=secrets, retry_crashed=True) as suite:
        _require(suite, "queue", "acceptance")
        with suite.database.read() as reader:
            clock.floor = last_at(reader) or clock.floor
        if not model_hall.is_complete(suite):
            model_hall.create(suite, say)
        with (plan.out / "acks.log").open("a", encoding="utf-8") as acks:
            day = Day(suite, plan, clock, _staff(suite), [], say, acks)
            day.items = _items(suite, day.staff)
            from yichuang.demo.window import give_licences

            say(str(L("the day begins: {n} people", n=plan.people)))
            day.begin()
            give_licences(day)
            day.run()
            return close_day(day)


def not_running(suite: Suite, *ids: str) -> dict[str, str]:
    """Those of the plugins that do not run, with the reason."""
    there = {plugin.id: plugin for plugin in suite.plugins.all()}
    found = {}
    for name in ids:
        plugin = there.get(name)
        if plugin is None or plugin.state != "active":
            found[name] = str(plugin.reason if plugin is not None else L("It is not installed."))
    return found


def _require(suite: Suite, *ids: str) -> None:
    for name, why in not_running(suite, *ids).items():
        raise UserError(
            "NO_PLUGIN",
            L("The day needs the plugin {id}, which does not run: {why}", id=name, why=why),
            do=L("See: yichuang plugins list"),
        )


def _staff(suite: Suite) -> Staff:
    from yichuang.demo.model_hall import people

    approvers: dict[str, list[Actor]] = defaultdict(list)
    for actor in [*people(suite, "approver"), *people(suite, "chief")]:
        approvers[actor.agency].append(actor)
    clerks = [c for c in people(suite, "clerk") if c.desk]
    keepers = people(suite, "licence_keeper")
    return Staff(
        people(suite, "guide")[0], clerks, approvers, {k.agency: k for k in people(suite, "seal_keeper")},
        people(suite, "issuer"), keepers[0] if keepers else None,
    )  # fmt: skip


def _items(suite: Suite, staff: Staff) -> list[Any]:
    """Items of agencies that somebody decides for; those with a material list come four times as often."""
    from yichuang.identity.actor import Actor

    system = Actor.system()
    rows = suite.query(system, "hall.items", {"limit": 2000})
    details = [
        suite.query(system, "hall.item", {"code": row.code}) for row in rows if row.agency in staff.approvers
    ]
    listed = [item for item in details if item.materials]
    bare = [item for item in details if not item.materials]
    return listed + bare[: max(1, len(listed) // 4)]
