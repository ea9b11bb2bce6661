"""The rules of a ticket: what may follow what, how it is numbered, how a line orders it, where it comes back in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yichuang.api import UserError
from yichuang_queue.words import words

L = words.lazy
DOUBLE_PRESS_SECONDS = 3
"""A second press of "call next" within this time is the same press: it answers with the same ticket."""
UNDO_SECONDS = 10
"""How long passing can be undone (ui.md: undo is offered for 10 seconds)."""


class State(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    PASSED = "passed"
    DONE = "done"
    ENDED = "ended"  # the day ended before its turn came, or nobody came back for it


class Act(StrEnum):
    """What happens to a ticket; the events of a ticket are of these kinds, and of `issue`."""

    ISSUE = "issue"
    CALL = "call"
    RECALL = "recall"
    ARRIVE = "arrive"
    HOLD = "hold"
    RESUME = "resume"
    PASS = "pass"
    UNDO_PASS = "undo_pass"
    RESTORE = "restore"
    TRANSFER = "transfer"
    FINISH = "finish"
    END = "end"


_STEPS: dict[tuple[State, Act], State] = {
    (State.WAITING, Act.CALL): State.CALLED,
    (State.HELD, Act.CALL): State.CALLED,
    (State.HELD, Act.RESUME): State.WAITING,
    (State.CALLED, Act.RECALL): State.CALLED,
    (State.CALLED, Act.ARRIVE): State.SERVING,
    (State.CALLED, Act.PASS): State.PASSED,
    (State.CALLED, Act.FINISH): State.DONE,
    (State.CALLED, Act.HOLD): State.HELD,
    (State.CALLED, Act.TRANSFER): State.WAITING,
    (State.SERVING, Act.FINISH): State.DONE,
    (State.SERVING, Act.HOLD): State.HELD,
    (State.SERVING, Act.TRANSFER): State.WAITING,
    (State.PASSED, Act.UNDO_PASS): State.CALLED,
    (State.PASSED, Act.RESTORE): State.WAITING,
    (State.WAITING, Act.END): State.ENDED,
    (State.HELD, Act.END): State.ENDED,
    (State.PASSED, Act.END): State.ENDED,
    (State.CALLED, Act.END): State.ENDED,
    (State.SERVING, Act.END): State.ENDED,
}

AT_DESK = frozenset({State.CALLED, State.SERVING})

STATE_NAMES = {
    State.WAITING: L("waiting"),
    State.CALLED: L("called"),
    State.SERVING: L("being served"),
    State.HELD: L("on hold"),
    State.PASSED: L("passed"),
    State.DONE: L("finished"),
    State.ENDED: L("ended"),
}

ACT_NAMES = {
    Act.ISSUE: L("Ticket taken"),
    Act.CALL: L("Called"),
    Act.RECALL: L("Called again"),
    Act.ARRIVE: L("Has come"),
    Act.HOLD: L("Put on hold"),
    Act.RESUME: L("Back in line"),
    Act.PASS: L("Passed"),
    Act.UNDO_PASS: L("Pass undone"),
    Act.RESTORE: L("Restored"),
    Act.TRANSFER: L("Transferred"),
    Act.FINISH: L("Finished"),
    Act.END: L("Day ended"),
}


def after(state: State, act: Act) -> State:
    """The state after an act.

    Raises:
        UserError: ILLEGAL_ACT when the act is not possible in this state.
    """
    target = _STEPS.get((state, act))
    if target is None:
        raise UserError(
            "ILLEGAL_ACT",
            L("The ticket is {state}; this is not possible now.", state=STATE_NAMES[state]),
            do=L("Look at the list again: another desk may have called it."),
        )
    return target


class Priority(StrEnum):
    """Why somebody is called earlier (无障碍环境建设法; 军人地位和权益保障法; 老年人权益保障法)."""

    NONE = "none"
    ELDERLY = "elderly"
    DISABLED = "disabled"
    SOLDIER = "soldier"
    PREGNANT = "pregnant"


PRIORITY_NAMES = {
    Priority.NONE: L("ordinary"),
    Priority.ELDERLY: L("elderly"),
    Priority.DISABLED: L("disabled"),
    Priority.SOLDIER: L("soldier"),
    Priority.PREGNANT: L("pregnant"),
}


@dataclass(frozen=True)
class Series:
    """How tickets of a line are numbered: prefix, first and last number, digits."""

    prefix: str
    first: int = 1
    last: int = 999
    digits: int = 3

    def number(self, count: int) -> str:
        """The number of the day's n-th ticket (count from 1).

        Raises:
            UserError: SERIES_ENDED past the last number.
        """
        value = self.first + count - 1
        if value > self.last:
            raise UserError(
                "SERIES_ENDED",
                L("Today's numbers of {prefix} are used up.", prefix=self.prefix),
                do=L("Ask the queue manager to open another series."),
            )
        return f"{self.prefix}{value:0{self.digits}d}"


def rank_moment(queued: datetime, credit_minutes: int) -> datetime:
    """The moment by which a line orders a ticket: when it joined, earlier by the time credit of priority people.

    Oldest first over this moment is the same order as highest (time waited + credit) at any time, so it can be stored
    and indexed.
    """
    return queued - timedelta(minutes=credit_minutes)


class Reentry(StrEnum):
    """Where a passed ticket whose holder has come back stands in its line."""

    HEAD = "head"
    AFTER = "after"  # behind the first n that wait
    TAIL = "tail"


REENTRY_NAMES = {
    Reentry.HEAD: L("at the head"),
    Reentry.AFTER: L("after some others"),
    Reentry.TAIL: L("at the end"),
}


@dataclass(frozen=True)
class PassRule:
    """What a line does with people who do not come.

    Attributes:
        calls: The most calls of one ticket.
        gap_seconds: Least time between two calls of one ticket.
        reentry: Where a returning person stands.
        after: Behind how many waiting people, for `Reentry.AFTER`.
        minutes: How long a passed ticket can come back; 0 is until the end of the day.
    """

    calls: int = 3
    gap_seconds: int = 5
    reentry: Reentry = Reentry.TAIL
    after: int = 3
    minutes: int = 0

    def may_return(self, passed: datetime, now: datetime) -> bool:
        """Whether a ticket that was passed then can still come back."""
        return not self.minutes or now - passed <= timedelta(minutes=self.minutes)

    def rank(self, now: datetime, waiting: list[datetime]) -> datetime:
        """The rank of a returning ticket.

        Args:
            now: The moment of its return; also its rank at the tail.
            waiting: Ranks of those who wait in the line, in order; as many as `after` are enough.
        """
        instant = timedelta(microseconds=1)
        if self.reentry is Reentry.TAIL or not waiting:
            return now
        if self.reentry is Reentry.HEAD:
            return waiting[0] - instant
        if len(waiting) < self.after:
            return now
        return min(now, waiting[self.after - 1] + instant) if self.after else waiting[0] - instant
