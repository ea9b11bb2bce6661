"""The rules of the kiosk: its tree of businesses, what a card tells, how waits and desks are worded, what a slip says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from yichuang.api import LazyText, UserError, identifiers
from yichuang_queue.rules.tickets import Priority
from yichuang_queue.words import words

L = words.lazy
MINUTE = 60
OLD_AGE = 60
"""From this age on a person is elderly (老年人权益保障法, article 2)."""
MOST_FURTHER = 5
USCC_LENGTH = 18
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""What a unified social credit code is made of (GB 32100): no I, O, S, V and Z."""


@dataclass(frozen=True)
class Wait:
    """A predicted wait: the two ends of its interval in seconds."""

    low: int
    high: int


@dataclass(frozen=True)
class Line:
    """A line as the kiosk sees it.

    Attributes:
        wait: Of a ticket taken now; None where no desk serves the line.
        desks: Codes of the open desks that serve it.
        calls: How often a ticket is called before it is passed.
        passed_minutes: How long a passed ticket can come back; 0 until the day ends.
    """

    code: str
    name: str
    waiting: int
    wait: Wait | None
    desks: tuple[str, ...] = ()
    calls: int = 3
    passed_minutes: int = 0


@dataclass(frozen=True)
class Node:
    """A business or a group of businesses.

    Attributes:
        line: Where its people queue; empty for a group.
        left: How many numbers its quotas leave; None where it has none.
        limit: Which quota leaves the fewest: day, half_day or slot.
        listed: Whether the hall has set it up; a hall without a tree shows its lines instead.
    """

    code: str
    parent: str
    name: str
    name_mn: str = ""
    icon: str = ""
    line: str = ""
    left: int | None = None
    limit: str = ""
    open: bool = True
    listed: bool = True

    @property
    def refusal(self) -> LazyText | None:
        """Why no number is given for it now."""
        if not self.open:
            return L("Not taken today")
        if self.left == 0:
            return FULL_NAMES.get(self.limit, FULL_NAMES["day"])
        return None

    @property
    def request(self) -> dict[str, str]:
        """What the operation that gives a number is asked for."""
        return {"business": self.code} if self.listed else {"line": self.line}


FULL_NAMES = {
    "day": L("All numbers of today are taken"),
    "half_day": L("All numbers of this half day are taken"),
    "slot": L("All numbers of this hour are taken"),
}


@dataclass(frozen=True)
class Load:
    """How many wait for a business or anywhere in a group, and the wait there.

    Attributes:
        wait: The shortest beginning and the longest end of the lines'; None where no desk is open.
    """

    waiting: int
    wait: Wait | None


class Tree:
    """The businesses of a hall in the order of the kiosk, with what their lines look like now."""

    def __init__(self, nodes: Iterable[Node] = (), lines: Iterable[Line] = ()) -> None:
        self.nodes = {node.code: node for node in nodes}
        self.lines = {line.code: line for line in lines}
        self._below: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            self._below.setdefault(node.parent, []).append(node)

    def below(self, code: str = "") -> list[Node]:
        """What stands directly in a group; at the top without a code."""
        return self._below.get(code, [])

    def is_group(self, node: Node) -> bool:
        """Whether it leads to more businesses."""
        return node.code in self._below

    def leaves(self, code: str = "") -> list[Node]:
        """Every business in a group, however deep."""
        found = []
        for node in self.below(code):
            if self.is_group(node):
                found += self.leaves(node.code)
            elif node.line:
                found.append(node)
        return found

    def path(self, code: str) -> list[Node]:
        """The groups that lead to a node, from the top, and the node itself."""
        node = self.nodes.get(code)
        return [] if node is None else [*self.path(node.parent), node]

    def line_of(self, node: Node) -> Line | None:
        """Where its people queue."""
        return self.lines.get(node.line)

    def load(self, node: Node) -> Load:
        """How it looks in the lines that a node leads to; a line that several businesses share counts once."""
        leaves = self.leaves(node.code) if self.is_group(node) else [node]
        lines = [
            self.lines[code] for code in dict.fromkeys(leaf.line for leaf in leaves) if code in self.lines
        ]
        waits = [line.wait for line in lines if line.wait is not None]
        wait = Wait(min(w.low for w in waits), max(w.high for w in waits)) if waits else None
        return Load(sum(line.waiting for line in lines), wait)

    def summary(self, node: Node, most: int = 3) -> str:
        """The first few things in a group, in a line."""
        return "、".join(each.name for each in self.below(node.code)[:most])

    @cached_property
    def used_lines(self) -> list[str]:
        """Codes of the lines that one can queue for here."""
        return list(dict.fromkeys(leaf.line for leaf in self.leaves()))


def minutes(wait: Wait) -> tuple[int, int]:
    """A wait in whole minutes: its beginning rounded down, its end up, so that the promise is never too short."""
    return wait.low // MINUTE, max(1, -(-wait.high // MINUTE))


def wait_text(wait: Wait | None, waiting: int = 1) -> LazyText:
    """A wait in words, as an interval: people leave a queue that is late on a point."""
    if wait is None:
        return L("No desk is open")
    if not waiting:
        return L("No wait")
    low, high = minutes(wait)
    if high <= 1:
        return L("under a minute")
    if low in (0, high):
        return L("up to {n} min", n=high)
    return L("{low}–{high} min", low=low, high=high)


def desks_text(codes: Sequence[str]) -> str:
    """Desks as on a sign: `A01 至 A04` where they follow one another, else the first ones by name."""
    ordered = sorted(codes)
    if len(ordered) > 2 and _in_a_row(ordered):
        return str(L("{first} to {last}", first=ordered[0], last=ordered[-1]))
    more = str(L(" and more")) if len(ordered) > 3 else ""
    return "、".join(ordered[:3]) + more


def _in_a_row(codes: Sequence[str]) -> bool:
    heads = {code.rstrip("0123456789") for code in codes}
    tails = [code[len(code.rstrip("0123456789")) :] for code in codes]
    if len(heads) != 1 or not all(tails):
        return False
    numbers = [int(tail) for tail in tails]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def priority_of(birth: date, today: date, old_age: int = OLD_AGE) -> Priority:
    """The priority that a card proves: age alone; papers for the other kinds are looked at by the desk."""
    had_birthday = (today.month, today.day) >= (birth.month, birth.day)
    age = today.year - birth.year - (not had_birthday)
    return Priority.ELDERLY if age >= old_age else Priority.NONE


def credit_rule(minutes_of: dict[str, int]) -> LazyText | None:
    """What priority people get, in a sentence; None where the policy gives nothing."""
    most, least = max(minutes_of.values(), default=0), min(minutes_of.values(), default=0)
    if not most:
        return None
    if most == least:
        return L("Priority counts as having come {n} minutes earlier; the desk checks the papers.", n=most)
    return L("Priority counts as having come up to {n} minutes earlier; the desk checks the papers.", n=most)


def code_problem(typed: str) -> LazyText | None:
    """What is wrong with a unified social credit code so far, to be told while it is typed; None where it may go on.

    A complete code with a right check digit gives None too; whether it is complete shows its length.
    """
    wrong = next((letter for letter in typed if letter not in USCC_LETTERS), None)
    if wrong is not None:
        return L("A credit code has no “{letter}”.", letter=wrong)
    if len(typed) < USCC_LENGTH:
        return None
    try:
        identifiers.check_uscc(typed)
    except UserError as error:
        return error.sentence if isinstance(error.sentence, LazyText) else L("The code is not right.")
    return None


@dataclass(frozen=True)
class Slip:
    """What stands on a ticket and on the page behind it.

    Attributes:
        further: Names of the businesses that follow on the same ticket.
        priority: Empty for an ordinary ticket.
        ahead: How many wait before it; None where the database was away.
        due: When its appointment begins.
        token: Stands in the QR code; empty where there is none.
        offline: Given out while the database was away.
    """

    number: str
    business: str
    line: str
    issued: datetime
    token: str
    priority: Priority = Priority.NONE
    further: tuple[str, ...] = ()
    ahead: int | None = None
    wait: Wait | None = None
    due: datetime | None = None
    offline: bool = False


def slip_of(issued: Any) -> Slip:
    """What the operation that gives a number answered, as a slip."""
    ticket = issued.ticket
    known = ticket.promised_low is not None and ticket.promised_high is not None
    return Slip(
        ticket.number, ticket.business, ticket.line, ticket.issued_at, issued.token, Priority(ticket.priority),
        tuple(name for _line, name in ticket.further), issued.ahead,
        Wait(ticket.promised_low, ticket.promised_high) if known else None, ticket.due_at,
    )  # fmt: skip


def code_text(public_url: str, token: str) -> str:
    """What the QR code holds: the page of the ticket, or its token alone where no page is served."""
    if not public_url:
        return f"yichuang:t/{token}"
    return f"{public_url.rstrip('/')}/t/{token}"


def serial(slip: Slip, day: date) -> str:
    """The ticket's own number: day, number and the last letters of its token, so that a copied slip is seen."""
    tail = "".join(letter for letter in slip.token if letter.isalnum())[-2:].upper()
    return f"{day:%y%m%d}-{slip.number}-{tail}".rstrip("-")
