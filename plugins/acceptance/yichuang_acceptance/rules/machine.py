"""The life of a case as one table: states, events, who may send one, what clock it moves.

States and events follow the Administrative Licensing Law (行政许可法): art. 32 receiving and correcting, art. 34 and 38
deciding, art. 44 delivering. Timers, suspension and extension extend this table; they do not go around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yichuang.api import UserError
from yichuang_acceptance.words import words

L = words.lazy


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    CORRECTING = "correcting"
    NOT_ACCEPTED = "not_accepted"
    REVIEW = "review"
    GRANTED = "granted"
    REFUSED = "refused"
    READY = "ready"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to a case."""

    RECEIVE = "receive"
    CORRECT = "correct"
    RESUBMIT = "resubmit"
    REFUSE_ACCEPTANCE = "refuse_acceptance"
    ACCEPT = "accept"
    GRANT = "grant"
    REFUSE = "refuse"
    MAKE = "make"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"


ENDED = frozenset({State.NOT_ACCEPTED, State.DELIVERED, State.WITHDRAWN})
DECIDED = frozenset({State.GRANTED, State.REFUSED, State.READY, State.DELIVERED})
RUNNING = frozenset({State.RECEIVED, State.REVIEW})  # states in which a clock of the agency runs
OPEN = frozenset(State) - ENDED


@dataclass(frozen=True)
class Step:
    """One way from state to state."""

    event: Event
    source: State | None
    target: State


STEPS = (
    Step(Event.RECEIVE, None, State.RECEIVED),
    Step(Event.CORRECT, State.RECEIVED, State.CORRECTING),
    Step(Event.RESUBMIT, State.CORRECTING, State.RECEIVED),
    Step(Event.REFUSE_ACCEPTANCE, State.RECEIVED, State.NOT_ACCEPTED),
    Step(Event.ACCEPT, State.RECEIVED, State.REVIEW),
    Step(Event.GRANT, State.REVIEW, State.GRANTED),
    Step(Event.REFUSE, State.REVIEW, State.REFUSED),
    Step(Event.MAKE, State.GRANTED, State.READY),
    Step(Event.DELIVER, State.READY, State.DELIVERED),
    Step(Event.DELIVER, State.REFUSED, State.DELIVERED),
    Step(Event.WITHDRAW, State.RECEIVED, State.WITHDRAWN),
    Step(Event.WITHDRAW, State.CORRECTING, State.WITHDRAWN),
    Step(Event.WITHDRAW, State.REVIEW, State.WITHDRAWN),
)
_TARGETS = {(step.source, step.event): step.target for step in STEPS}


def next_state(state: State | None, event: Event) -> State:
    """Where an event leads.

    Raises:
        UserError: ILLEGAL_STEP when the event cannot happen in this state.
    """
    target = _TARGETS.get((state, event))
    if target is None:
        raise UserError(
            "ILLEGAL_STEP",
            L(
                "The case is {state}; {event} is not possible now.",
                state=state_name(state),
                event=EVENT_NAMES[event],
            ),
            do=L("Refresh: somebody else may have gone on with it."),
        )
    return target


def possible(state: State) -> list[Event]:
    """Events that a state allows, in the table's order."""
    return [step.event for step in STEPS if step.source == state]


STATE_NAMES = {
    State.RECEIVED: L("received"),
    State.CORRECTING: L("awaiting correction"),
    State.NOT_ACCEPTED: L("not accepted"),
    State.REVIEW: L("under review"),
    State.GRANTED: L("granted"),
    State.REFUSED: L("refused"),
    State.READY: L("ready to collect"),
    State.DELIVERED: L("delivered"),
    State.WITHDRAWN: L("withdrawn"),
}
EVENT_NAMES = {
    Event.RECEIVE: L("receiving"),
    Event.CORRECT: L("requesting a correction"),
    Event.RESUBMIT: L("resubmitting"),
    Event.REFUSE_ACCEPTANCE: L("refusing to accept"),
    Event.ACCEPT: L("accepting"),
    Event.GRANT: L("granting"),
    Event.REFUSE: L("refusing"),
    Event.MAKE: L("making the result"),
    Event.DELIVER: L("delivering"),
    Event.WITHDRAW: L("withdrawing"),
}


def state_name(state: State | None) -> object:
    """The state's name for screens; a case that is not there yet is new."""
    return L("new") if state is None else STATE_NAMES[state]
