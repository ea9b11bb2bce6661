"""The rules of calling: ticket numbers, what may follow what, whose turn it is.

Whose turn: the ticket with the highest score of those lines that the desk serves. The score is time waited plus a
credit for priority people (time credit instead of strict priority, so that nobody starves: domain rule, see
docs/decisions). The score's inputs are kept with the call, so that an order can be explained afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yichuang.api import UserError
from yichuang_queue.words import words

L = words.lazy


class State(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    PASSED = "passed"
    DONE = "done"


class Act(StrEnum):
    """What a desk does with a ticket."""

    CALL = "call"
    RECALL = "recall"
    ARRIVE = "arrive"
    HOLD = "hold"
    PASS = "pass"
    UNDO_PASS = "undo_pass"
    RESTORE = "restore"
    TRANSFER = "transfer"
    FINISH = "finish"


_STEPS: dict[tuple[State, Act], State] = {
    (State.WAITING, Act.CALL): State.CALLED,
    (State.HELD, Act.CALL): State.CALLED,
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
}

AT_DESK = frozenset({State.CALLED, State.SERVING})


class Priority(StrEnum):
    """Why somebody is called earlier (无障碍环境建设法; 军人依法优先)."""

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


STATE_NAMES = {
    State.WAITING: L("waiting"),
    State.CALLED: L("called"),
    State.SERVING: L("being served"),
    State.HELD: L("on hold"),
    State.PASSED: L("passed"),
    State.DONE: L("finished"),
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


def rank_moment(issued: datetime, priority: Priority, credit_minutes: int) -> datetime:
    """The moment by which a ticket is ordered: when it was issued, earlier by the time credit of priority people.

    Oldest first over this moment is the same order as highest (time waited + credit) at any time, so it can be stored
    and indexed.
    """
    return issued if priority is Priority.NONE else issued - timedelta(minutes=credit_minutes)


def predicted_wait(ahead: int, mean_service_seconds: float, desks: int) -> float | None:
    """Seconds until the next ticket would be called: (people ahead + 1) × mean service ÷ open desks.

    The best simple estimator on a real log (QL, Ibrahim and Whitt 2009); None where no desk is open.
    """
    return None if desks < 1 else (ahead + 1) * mean_service_seconds / desks
