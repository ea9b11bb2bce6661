"""Every way through a case's life, found by hypothesis: no illegal state, every event kept, clocks like a slow reference.

The model below is written from the law and shares nothing with `rules.machine` and `rules.clocks`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from yichuang.api import HALL_ZONE, Actor, UserError, entries_about

from . import slow_clock
from .conftest import (
    APPROVER,
    BARE,
    CHIEF,
    CLERK,
    COMMITTED,
    INSTANT,
    ISSUER,
    RECEIVER,
    hands,
    intake,
)
from .forms import load
from .life import render
from .review import HANDLER, PARTNER, set_graph

UNDECIDED = ("received", "correcting", "review", "suspended")
WAYS: dict[tuple[str, str], str] = {
    ("received", "request_correction"): "correcting",
    ("received", "correct_again"): "correcting",
    ("correcting", "resubmit"): "received",
    ("received", "correct_form"): "received",  # errors on the form, on the spot (art. 32 (3))
    ("correcting", "correct_form"): "correcting",
    ("received", "accept_case"): "review",
    ("received", "refuse_to_accept"): "not_accepted",
    ("received", "return"): "returned",
    ("review", "return"): "returned",
    ("review", "suspend"): "suspended",
    ("suspended", "resume"): "review",
    ("review", "extend"): "review",
    ("review", "grant"): "ready",  # without blanks and a seal plugin the result follows
    ("review", "refuse"): "refused",
    ("ready", "deliver"): "delivered",
    ("refused", "deliver"): "delivered",
    ("delivered", "revoke"): "delivered",
    **{("review", act): "review"
       for act in ("claim", "give_opinion", "send_up", "send_up_nowhere", "send_back", "send_back_to_sender")},
    **{("review", act): "review" for act in ("grant_unanswered", "refuse_unanswered")},  # never
    **{(state, "withdraw"): "withdrawn" for state in UNDECIDED},
    **{(state, "terminate"): "terminated" for state in (*UNDECIDED, "refused", "ready")},
    **{(state, "archive"): "archived"
       for state in ("not_accepted", "delivered", "withdrawn", "returned", "terminated")},
}  # fmt: skip
EVENTS = {
    "request_correction": ["correct"], "correct_again": ["correct"], "accept_case": ["accept", "dispatch"],
    "refuse_to_accept": ["refuse_acceptance"], "grant": ["grant", "make", "finish"],
    **{act: ["opinion"] for act in ("give_opinion", "send_up", "send_back", "send_back_to_sender")},
}  # fmt: skip
ACTORS: dict[str, Actor] = {
    **dict.fromkeys(
        ("request_correction", "resubmit", "correct_form", "accept_case", "refuse_to_accept", "withdraw"),
        CLERK,
    ),
    **dict.fromkeys(("correct_again", "return", "suspend", "extend", "terminate", "revoke"), CHIEF),
    **dict.fromkeys(("resume", "grant", "refuse", "grant_unanswered", "refuse_unanswered"), APPROVER),
    **dict.fromkeys(("deliver", "archive"), ISSUER),
    **dict.fromkeys(("claim", "give_opinion", "send_up", "send_up_nowhere"), PARTNER),
    **dict.fromkeys(("send_back", "send_back_to_sender"), HANDLER),
}
NODES = {
    "claim": "n1", "give_opinion": "n1", "send_up": "f", "send_up_nowhere": "f", "send_back": "d", "send_back_to_sender": "d",
}  # fmt: skip
"""Acts that belong to a task of the review, by its node."""
REVIEWED = {
    "nodes": [
        {"id": "n1", "kind": "review", "name": "初审"},
        {"id": "f", "kind": "review", "name": "转报", "forward": True},
        {"id": "d", "kind": "decide", "name": "决定"},
    ],
    "edges": [["n1", "f"], ["f", "d"]],
}
"""The committed item's review, which an organ above decides; the other items wait for their decision only."""
ORGAN = "赤峰市市场监督管理局"
FORM = [
    {"label": "店名", "field": "shop", "kind": "text", "needed": "1"},
    {"label": "原许可有效期至", "field": "ends", "kind": "expiry", "needed": "0"},
]
"""The committed item's form: filled in with the end of a licence it asks for a renewal (art. 50)."""
LIMITS = {COMMITTED: (10, 5), INSTANT: (20, 0), BARE: (None, None)}
NAMES = {
    **dict.fromkeys(("send_up", "send_up_nowhere", "send_back", "send_back_to_sender"), "give_opinion"),
    "grant_unanswered": "grant", "refuse_unanswered": "refuse",
}  # fmt: skip
ENDS = ("withdraw", "terminate", "return", "refuse_to_accept", "refuse")
YOUNG = 8  # events
SEEN = (
    "return", "suspend", "extend", "terminate", "revoke", "resume", "grant", "refuse", "grant_unanswered", "refuse_unanswered",
    "correct_form",
)  # fmt: skip


def works(day: date) -> bool:
    return day.weekday() < 5


class Model:
    """What the law says about one case."""

    def __init__(self, item: str, now: datetime, until: date | None = None) -> None:
        self.item, self.state, self.received = item, "received", now
        self.events = ["receive"]
        self.telling: datetime | None = slow_clock.working_days_after(now, 5, works)
        self.correction: datetime | None = None
        self.told = self.extended = self.was_granted = False
        self.start: datetime | None = None
        self.pauses: list[tuple[datetime, datetime | None]] = []
        self.frozen: dict[str, datetime | None] = {}
        self.node = "n1" if item == COMMITTED else "d"
        self.taken: set[str] = set()
        self.corrected = 0
        self.sent_on: date | None = None  # to the organ above
        self.answered = False
        self.until, self.renewal = (
            until,
            None if until is None else datetime.combine(until, time(23, 59, 59), HALL_ZONE),
        )
        if until is not None and until - now.astimezone(HALL_ZONE).date() < timedelta(days=30):
            self.renewal = None  # asked for too late: silence grants nothing

    def time_is_up(self, now: datetime) -> bool:
        renewal = self.renewal if self.start is not None else None
        limit = {
            "received": self.telling, "correcting": self.correction, "review": renewal, "suspended": renewal,
        }.get(self.state)  # fmt: skip
        return limit is not None and now > limit

    def may(self, act: str, now: datetime) -> bool:
        if (self.state, act) not in WAYS or self.time_is_up(now):
            return False
        legal = self.due("legal")
        return {
            "request_correction": not self.told,
            "correct_again": self.told,
            "return": not (self.state == "review" and self.item != BARE),
            "extend": not self.extended and legal is not None and now <= legal,
            "revoke": self.was_granted,
            "claim": self.item == COMMITTED and self.node == "n1" and "n1" not in self.taken,
            "give_opinion": self.node == "n1",
            "send_up": self.node == "f",
            "send_up_nowhere": False,
            "send_back": self.node == "d" and self.item == COMMITTED,
            "send_back_to_sender": self.node == "d" and self.item == COMMITTED,
            "grant_unanswered": False,
            "refuse_unanswered": False,
            "grant": self.node == "d",
            "refuse": self.node == "d",
        }.get(act, True)

    def do(self, act: str, now: datetime) -> None:
        self.events += EVENTS.get(act, [act])
        state = WAYS[self.state, act]
        if act in ("request_correction", "correct_again"):
            self.told, self.telling = True, None
            self.correction = slow_clock.due(now, 30, "D", (), works)
        elif act == "resubmit":
            self.correction, self.telling = None, slow_clock.working_days_after(now, 5, works)
        elif act == "accept_case":
            self.start, self.telling = now, None
            if self.renewal is not None and now > self.renewal:
                self.renewal = None  # it was complete only after the licence had ended
        elif act == "suspend":
            self.pauses.append((now, None))
        elif act == "extend":
            self.extended = True
        elif self.state == "suspended":
            if state != "review":  # the clocks stay as they stood
                self.frozen = {name: self.due(name) for name in ("legal", "promise")}
            self.pauses[-1] = (self.pauses[-1][0], now)
        elif act == "claim":
            self.taken.add("n1")
        elif act in NODES:
            self.go_through(act, now)
        elif act == "correct_form":
            self.corrected += 1  # no clock begins anew, nothing counts as told
        self.was_granted |= act == "grant"
        self.answered |= act in ("grant", "refuse") and self.sent_on is not None
        self.state = state

    def go_through(self, act: str, now: datetime) -> None:
        """A step of the review; what is sent back was never sent up."""
        if act == "send_up":
            self.sent_on = now.astimezone(HALL_ZONE).date()
        elif act.startswith("send_back"):
            self.sent_on = None
            if act == "send_back":
                self.taken.add("n1")  # it goes back to whoever did it
        self.node = {"give_opinion": "f", "send_up": "d", "send_back": "n1"}.get(act, "f")

    def tick(self, now: datetime) -> None:
        while self.time_is_up(now):
            self.pass_time(now)

    def pass_time(self, now: datetime) -> None:
        if self.state == "received":
            self.start, self.state, self.telling = self.received, "review", None
            self.events += ["deemed_accept", "dispatch"]
        elif self.state in ("review", "suspended"):
            if self.state == "suspended":  # the clocks stay as they stood
                self.frozen = {name: self.due(name) for name in ("legal", "promise")}
                self.pauses[-1] = (self.pauses[-1][0], now)
            self.state, self.was_granted = "ready", True
            self.events += ["deemed_grant", "make", "finish"]
        else:
            self.state = "terminated"
            self.events.append("correction_lapse")

    def due(self, name: str) -> datetime | None:
        if name in self.frozen:
            return self.frozen[name]
        legal, promise = LIMITS[self.item]
        limit = promise if name == "promise" else None if legal is None else legal + 10 * self.extended
        if limit is None or self.start is None:
            return None
        return slow_clock.due(self.start, limit, "W", self.pauses, works)


def kept(case: Any) -> tuple[Any, ...]:
    """What is stored of a case; time left changes by itself."""
    return (
        case.row.state, case.row.row_version, case.legal_due_at, case.promise_due_at, case.extended, case.events, case.papers,
        case.pauses, case.materials, case.delivery,
    )  # fmt: skip


def monday_after(moment: datetime) -> datetime:
    day = moment.astimezone(HALL_ZONE).date() + timedelta(days=1)
    return datetime.combine(day + timedelta(days=-day.weekday() % 7), time(9), HALL_ZONE)


class Life(RuleBasedStateMachine):
    """A case that anything may happen to."""

    suite: Any
    clock: Any

    @initialize(
        item=st.sampled_from([COMMITTED, COMMITTED, INSTANT, BARE]),
        ends=st.sampled_from([None, 29, 30, 33, 40]),
    )
    def receive(self, item: str, ends: int | None) -> None:
        self.clock.now = monday_after(self.clock.now)  # every life begins at the same hour of a week
        today = self.clock.now.astimezone(HALL_ZONE).date()
        until = today + timedelta(days=ends) if ends and item == COMMITTED else None
        self.form = (
            {"shop": "罕山饭馆", "ends": until.isoformat() if until else ""} if item == COMMITTED else {}
        )
        handed = hands(1) if item == BARE else hands(1, 2)
        self.case = self.suite.run(
            CLERK, "acceptance.receive", intake(item, materials=handed, form=self.form)
        )
        self.model = Model(item, self.seen().row.received_at, until)

    def seen(self) -> Any:
        return self.suite.query(CLERK, "acceptance.case", {"case_id": self.case.case_id})

    @rule(days=st.integers(0, 9), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.clock.now += timedelta(days=days, hours=hours)

    @precondition(lambda self: self.model.renewal is not None and self.model.state in UNDECIDED)
    @rule(hours=st.sampled_from([-1, 1]))
    def the_licence_ends(self, hours: int) -> None:
        """The moment that the renewal waits for, a little before it or behind it."""
        self.clock.now = max(self.clock.now, self.model.renewal + timedelta(hours=hours))

    @rule()
    def somebody_ticks(self) -> None:
        self.suite.run(APPROVER, "acceptance.tick")
        render(self.suite, self.case)
        self.model.tick(self.clock.now)

    @rule(data=st.data())
    def somebody_goes_on(self, data: st.DataObject) -> None:
        """What may be done, done; ends of the case only after a while, or nothing else would ever be seen."""
        ahead = sorted(act for act in ACTORS if self.model.may(act, self.clock.now))
        inner = [act for act in ahead if act not in ENDS]
        if ahead:
            young = len(self.model.events) < YOUNG
            self.attempt(data.draw(st.sampled_from(inner if inner and young else ahead), label="act"))

    @rule(data=st.data())
    def somebody_goes_on_at_once(self, data: st.DataObject) -> None:
        self.somebody_goes_on(data)

    @rule(level=st.integers(1, 5))
    def the_applicant_rates(self, level: int) -> None:
        """In any state, once; it moves nothing."""
        before = self.seen()
        asked = self.suite.run(CLERK, "acceptance.ask_rating", {"case_id": self.case.case_id})
        if not asked.rated:
            self.suite.run(CLERK, "acceptance.rate", {"token": asked.token, "level": level})
            self.model.events.append("rate")
        after = self.seen()
        assert kept(after)[:5] == kept(before)[:5]

    @rule()
    def nothing_else_is_possible(self) -> None:
        before = self.seen()  # no refused act changes it
        for act in ACTORS:
            if not self.model.may(act, self.clock.now):
                self.attempt(act, before)

    def attempt(self, act: str, before: Any = None) -> None:
        before = before or self.seen()
        may = self.model.may(act, self.clock.now)
        request = self.task(act) if act in NODES else {"case_id": self.case.case_id, **self.particulars(act)}
        if act in SEEN:
            request["row_version"] = before.row.row_version
        refusal = ""
        try:
            self.suite.run(ACTORS[act], f"acceptance.{NAMES.get(act, act)}", request)
        except UserError as error:
            refusal = error.code
        assert may == (not refusal), (act, self.model.state, refusal)
        if refusal:
            assert kept(self.seen()) == kept(before), "a refused act left something behind"
            return
        moment = next(e.at for e in reversed(self.seen().events) if e.event != "rate")
        self.model.do(act, moment)
        render(self.suite, self.case)

    def task(self, act: str) -> dict[str, Any]:
        rows = self.suite.query(HANDLER, "acceptance.my_tasks", {"tab": "agency", "limit": 1000})
        at = self.case.case_id, NODES[act]
        task = next((row for row in rows if (row.case_id, row.node) == at), None)
        asked = (
            {"task_id": task.id, "row_version": task.row_version}
            if task
            else {"task_id": 0, "row_version": 0}
        )
        more = {
            "give_opinion": {"outcome": "pass"},
            "send_up": {"outcome": "pass", "sent_to": {"organ": ORGAN}},
            "send_up_nowhere": {"outcome": "pass"},
            "send_back": {"outcome": "return", "return_to": "n1"},
            "send_back_to_sender": {"outcome": "return", "return_to": "f"},
        }
        return {**asked, **({"opinion": "属实", **more[act]} if act in more else {})}

    def particulars(self, act: str) -> dict[str, Any]:
        planned = (self.clock.now.astimezone(HALL_ZONE) + timedelta(days=5)).date().isoformat()
        return {
            "request_correction": {"defects": ["健康证：不清晰"]},
            "correct_again": {"defects": ["健康证：不清晰"], "reason": "首次遗漏"},
            "resubmit": {"materials": hands(1)},
            "refuse_to_accept": {"kind": "not_in_form", "reason": "材料不符"},
            "withdraw": {"reason": "不再办理", "signed": True},
            "suspend": {
                "kind": "testing",
                "reason": "需要检测",
                "planned_end": planned,
                "officers": ["甲", "乙"],
            },
            "resume": {"result": "检测合格"},
            "correct_form": {"phone": f"1390476{self.model.corrected + 1:04d}", "form": self.form},
            "grant": {"opinion": "同意", **self.above()},
            "refuse": {"reason": "情况复杂", **self.above()},
            "grant_unanswered": {"opinion": "同意", **self.above(wrong=True)},
            "refuse_unanswered": {"reason": "情况复杂", **self.above(wrong=True)},
            "terminate": {"cause": "death", "reason": "申请人死亡", "law": "第七十条"},
            "deliver": RECEIVER,
            "revoke": {"kind": "revoke", "reason": "材料虚假"},
        }.get(act, {"reason": "情况复杂"} if act in ("return", "extend") else {})

    def above(self, *, wrong: bool = False) -> dict[str, Any]:
        """The decision of the organ above, exactly where there is one; or exactly where there is none."""
        sent_on = self.model.sent_on
        if (sent_on is None) != wrong:
            return {}
        day = sent_on or self.clock.now.astimezone(HALL_ZONE).date()
        return {"upper": {"number": "赤市监许〔2026〕12号", "on": day.isoformat()}}

    @invariant()
    def the_case_is_as_the_law_says(self) -> None:
        if not hasattr(self, "model"):
            return
        found, model = self.seen(), self.model
        assert found.row.state == model.state
        assert [e.event for e in found.events] == model.events
        assert [e.target for e in found.events[:-1]] == [e.source for e in found.events[1:]]
        assert found.telling_due_at == (model.telling if model.state == "received" else found.telling_due_at)
        assert found.correction_due_at == (model.correction if model.state == "correcting" else None)
        sent = found.forwarded
        assert (sent.sent_on if sent else None) == model.sent_on
        assert (sent is not None and sent.decided_on is not None) == model.answered
        waiting = self.suite.query(PARTNER, "acceptance.cases", {"tab": "forwarded", "limit": 1000})
        expected = model.state == "review" and model.sent_on is not None
        assert (self.case.case_id in {row.id for row in waiting}) == expected
        if model.start is not None:
            assert found.accepted_at == model.start
            assert (found.legal_due_at, found.promise_due_at) == (model.due("legal"), model.due("promise"))
            assert found.renewal_due_at == model.renewal

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        asked = {"case_id": self.case.case_id}
        checked = self.suite.query(CLERK, "acceptance.verify_case", asked)
        assert (checked.events, checked.broken_at) == (len(self.model.events), None)
        written = self.suite.executor.read(
            Actor.system(), lambda read: entries_about(read, f"case:{self.case.case_no}")
        )
        done = [e.event for e in written]
        acts = [
            e
            for e in self.model.events
            if e
            not in ("dispatch", "make", "finish", "deemed_accept", "deemed_grant", "correction_lapse", "rate")
        ]
        names = [
            name
            for name in done
            if name
            not in ("acceptance.render", "acceptance.alert", "acceptance.tick", "acceptance.ask_rating")
        ]
        assert len(names) == len(acts), (names, acts)


@pytest.mark.timeout(300)
def test_no_path_leads_to_an_illegal_state(suite, clock):
    for year in range(2027, 2087):  # the lives below follow one another
        first = date(year, 1, 1)
        days = [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]
        suite.run(Actor.system(), "hall.set_days", {"days": {day: works(day) for day in days}})
    set_graph(suite, REVIEWED)
    load(suite, FORM)
    machine = type("OneLife", (Life,), {"suite": suite, "clock": clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            # on PostgreSQL each step costs five times as much; the rules are the same
            max_examples=50 if suite.database.dialect_name == "sqlite" else 20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
            report_multiple_bugs=False,
        ),
    )
