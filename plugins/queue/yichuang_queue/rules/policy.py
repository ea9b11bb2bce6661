"""Whose turn it is, as data: a policy is a list of rules in order; the first rule that finds somebody decides.

A rule has a condition and a way of choosing. A desk asks its policy with the heads of the lines it may call from; the
answer is a head and the rule that chose it, both kept with the call so that an order can be explained afterwards.
Sources: the condition rules of queue systems in use and the scoring functions compared in the field's literature
(longest wait, time credit instead of strict priority, weights, appointment due; see docs/decisions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from yichuang.api import UserError
from yichuang_queue.rules.tickets import Priority
from yichuang_queue.words import words

L = words.lazy
MOST_RULES = 20


class Choice(StrEnum):
    """How a rule chooses."""

    APPOINTMENT = "appointment"  # whose appointment is due within `minutes`
    HELP = "help"  # another line's head once it has waited longer than `minutes`
    RESCUE = "rescue"  # of the own lines, the one whose head has waited longer than `minutes`
    WEIGHTED = "weighted"  # longest wait times the line's weight
    LONGEST_WAIT = "longest_wait"
    ORDERED = "ordered"  # the lines one after the other, in the order they are named


CHOICE_NAMES = {
    Choice.APPOINTMENT: L("whose appointment is due"),
    Choice.HELP: L("help another line"),
    Choice.RESCUE: L("who has waited too long"),
    Choice.WEIGHTED: L("longest wait by weight"),
    Choice.LONGEST_WAIT: L("longest wait"),
    Choice.ORDERED: L("lines in order"),
}


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        choose: How.
        lines: For `help` the lines that are helped, for `ordered` their order, else which of the own lines; empty is all.
        minutes: See `Choice`.
        weights: Line to weight, 1 where a line is not named.
        least_waiting: Only while at least so many wait in a line.
    """

    choose: Choice
    lines: tuple[str, ...] = ()
    minutes: int = 0
    weights: dict[str, float] = field(default_factory=dict)
    least_waiting: int = 0


@dataclass(frozen=True)
class Policy:
    """A hall's or a desk group's way of calling.

    Attributes:
        credits: Minutes of waiting that priority people are given in advance.
        rules: Tried in order; whoever is left is called by the longest wait.
    """

    credits: dict[Priority, int] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def credit(self, priority: Priority) -> int:
        """The time credit of a priority, in minutes."""
        return self.credits.get(priority, 0)

    @property
    def helped(self) -> frozenset[str]:
        """Lines that desks may call from although they do not serve them."""
        return frozenset(line for rule in self.rules if rule.choose is Choice.HELP for line in rule.lines)

    @property
    def due_within(self) -> timedelta:
        """How long before an appointment begins its ticket may be called before its turn; far past: never."""
        minutes = [rule.minutes for rule in self.rules if rule.choose is Choice.APPOINTMENT]
        return timedelta(minutes=max(minutes)) if minutes else timedelta(days=-365)

    @property
    def counts_waiting(self) -> bool:
        """Whether a rule asks how many wait."""
        return any(rule.least_waiting for rule in self.rules)


CREDIT_MINUTES = 15
DEFAULT = Policy(
    {priority: CREDIT_MINUTES for priority in Priority if priority is not Priority.NONE},
    (Rule(Choice.APPOINTMENT, minutes=10), Rule(Choice.LONGEST_WAIT)),
)
"""What applies where no policy is switched on."""


@dataclass(frozen=True)
class Head:
    """Who is first in a line, or directed to a desk.

    Attributes:
        rank_at: When the ticket joined, less its credit.
        own: Whether the desk serves the line.
        due_at: When its appointment begins.
        waiting: How many wait in the line; asked only where a rule wants to know.
    """

    ticket_id: int
    line: str
    rank_at: datetime
    own: bool = True
    due_at: datetime | None = None
    waiting: int = 1

    def waited(self, now: datetime) -> float:
        """Minutes waited, credit included."""
        return (now - self.rank_at).total_seconds() / 60


@dataclass(frozen=True)
class Chosen:
    """Whom a policy calls, and which rule said so (counted from 1; 0 is the longest wait of all)."""

    head: Head
    rule: int


def choose(policy: Policy, heads: Sequence[Head], now: datetime) -> Chosen | None:
    """Whose turn it is at a desk, None where nobody waits for it.

    Args:
        policy: The desk's.
        heads: The first of each line that the desk serves or helps, due appointments, and tickets directed to it.
        now: The moment.
    """
    for number, rule in enumerate(policy.rules, 1):
        found = _by(rule, heads, now)
        if found is not None:
            return Chosen(found, number)
    own = [head for head in heads if head.own]
    return Chosen(min(own, key=_age), 0) if own else None


def _age(head: Head) -> tuple[datetime, int]:
    return (head.rank_at, head.ticket_id)


def _by(rule: Rule, heads: Sequence[Head], now: datetime) -> Head | None:
    named = [
        head
        for head in heads
        if head.own is (rule.choose is not Choice.HELP)
        and (not rule.lines or head.line in rule.lines)
        and head.waiting >= rule.least_waiting
    ]
    limit = timedelta(minutes=rule.minutes)
    match rule.choose:
        case Choice.APPOINTMENT:
            due = [
                (head.due_at, head.ticket_id, head)
                for head in named
                if head.due_at and head.due_at <= now + limit
            ]
            return min(due)[2] if due else None
        case Choice.HELP | Choice.RESCUE:
            late = [head for head in named if now - head.rank_at > limit]
            return min(late, key=_age, default=None)
        case Choice.WEIGHTED:
            return max(
                named,
                key=lambda head: (rule.weights.get(head.line, 1.0) * head.waited(now), -head.ticket_id),
                default=None,
            )
        case Choice.ORDERED:
            order = {line: place for place, line in enumerate(rule.lines)}
            return min(named, key=lambda head: (order.get(head.line, len(order)), *_age(head)), default=None)
        case Choice.LONGEST_WAIT:
            return min(named, key=_age, default=None)


def from_data(data: dict[str, Any], lines: set[str] | None = None) -> Policy:
    """A policy from its stored form.

    Args:
        data: `{"credits": {"elderly": 15}, "rules": [{"choose": "help", "lines": ["B"], "minutes": 30}]}`.
        lines: The hall's lines, to check the names.

    Raises:
        UserError: BAD_POLICY with what is wrong.
    """
    try:
        credits_ = {Priority(key): int(value) for key, value in dict(data.get("credits", {})).items()}
        rules = tuple(
            Rule(
                Choice(each["choose"]), tuple(each.get("lines", ())), int(each.get("minutes", 0)),
                {str(k): float(v) for k, v in dict(each.get("weights", {})).items()}, int(each.get("least_waiting", 0)),
            )
            for each in data.get("rules", ())
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise _bad(L("a rule or credit cannot be read: {reason}", reason=str(error))) from None
    _check(credits_, rules, lines)
    return Policy(credits_, rules)


def _check(credits_: dict[Priority, int], rules: tuple[Rule, ...], lines: set[str] | None) -> None:
    if any(not 0 <= minutes <= 240 for minutes in credits_.values()) or Priority.NONE in credits_:
        raise _bad(L("a time credit lies between 0 and 240 minutes and is for priority people"))
    if len(rules) > MOST_RULES:
        raise _bad(L("there are more than {n} rules", n=MOST_RULES))
    for number, rule in enumerate(rules, 1):
        if not 0 <= rule.minutes <= 480 or not 0 <= rule.least_waiting <= 1000:
            raise _bad(L("rule {n}: a number is out of its bounds", n=number))
        if rule.choose in (Choice.HELP, Choice.ORDERED) and not rule.lines:
            raise _bad(L("rule {n}: name the lines", n=number))
        if rule.choose in (Choice.HELP, Choice.RESCUE) and rule.minutes < 1:
            raise _bad(L("rule {n}: say from how many minutes on", n=number))
        if any(not 0.1 <= weight <= 10 for weight in rule.weights.values()):
            raise _bad(L("rule {n}: a weight lies between 0.1 and 10", n=number))
        unknown = ({*rule.lines, *rule.weights} - lines) if lines is not None else set()
        if unknown:
            raise _bad(L("rule {n}: there is no line {line}", n=number, line="、".join(sorted(unknown))))


def to_data(policy: Policy) -> dict[str, Any]:
    """The stored form; see `from_data`."""
    return {
        "credits": {str(key): minutes for key, minutes in policy.credits.items()},
        "rules": [
            {
                "choose": str(rule.choose), "lines": list(rule.lines), "minutes": rule.minutes,
                "weights": rule.weights, "least_waiting": rule.least_waiting,
            }
            for rule in policy.rules
        ],
    }  # fmt: skip


def _bad(problem: Any) -> UserError:
    return UserError(
        "BAD_POLICY", L("This policy cannot be used: {problem}.", problem=problem),
        do=L("Correct it; the policy in force goes on."),
    )  # fmt: skip
