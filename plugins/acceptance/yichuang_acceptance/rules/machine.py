"""The life of a case as one table: states, events, who sends them, what they do to the clocks, which papers they make.

States and events follow the Administrative Licensing Law (行政许可法): art. 32 receiving and correcting, art. 34 and 38
deciding, art. 42 and 45 extending and suspending, art. 44 delivering. Whatever a case goes through is a row here; what
differs from item to item (the nodes of a review) happens inside REVIEW and does not go around this table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from yichuang.api import UserError
from yichuang_acceptance.rules.names import EVENT_NAMES, Event, State, state_name
from yichuang_acceptance.words import words

__all__ = [
    "CLOCK_RUNS", "DECIDED", "ENDED", "EVENT_NAMES", "OPEN", "STEPS", "UNDECIDED", "Clock", "Event", "State", "Step", "Who",
    "next_state", "possible", "state_name", "step_of",
]  # fmt: skip

L = words.lazy


class Who(StrEnum):
    """Who sends an event; the operation that does so asks for the permission."""

    COUNTER = "acceptance.accept"
    INSTANT = "acceptance.instant"  # authorised to decide at the window
    AGENCY = "acceptance.decide"
    SECTION = "acceptance.suspend"  # a head of section of the agency
    HEAD = "acceptance.extend"  # the head of the organ; for joint cases the government's, acceptance.extend_joint
    SUPERVISOR = "acceptance.supervise"  # who approves what is exceptional
    ENDING = "acceptance.terminate"  # the head of the organ, ending what the law ends
    MAKER = "acceptance.make"  # the certificate clerk
    ISSUER = "acceptance.deliver"
    REVIEWER = "acceptance.review"  # who examines at a node of the review
    ASSIGNER = "acceptance.assign"  # a head of section, who gives tasks to people
    TIME = "time"  # the tick, whoever runs it
    SUITE = "suite"  # follows by itself in the same transaction


class Clock(StrEnum):
    """What an event does to the clocks of a case."""

    NONE = ""
    START_TELLING = "start_telling"  # T1: five working days to accept or to tell what is missing
    START_CORRECTION = "start_correction"  # T1 stops, T2 runs: the applicant's time to correct
    START_LIMITS = "start_limits"  # statutory and promise clock
    STOP_BOTH = "stop_both"
    GO_ON = "go_on"  # both again, dues moved
    EXTEND = "extend"  # the statutory due moves, the promise does not
    DECIDED = "decided"  # the statutory clock stops, T8 runs: ten working days to deliver
    READY = "ready"  # the promise clock stops
    END = "end"  # no clock runs any more


@dataclass(frozen=True)
class Step:
    """One way from state to state.

    Attributes:
        source: None before there is anything.
        papers: Kinds D1 to D17 that are drafted with it; some only where they apply.
        for_licences: False where the law leaves a licence case no such way.
    """

    event: Event
    source: State | None
    target: State
    who: Who
    clock: Clock = Clock.NONE
    papers: tuple[str, ...] = ()
    for_licences: bool = True


S, E = State, Event
ENDED = frozenset({S.NOT_ACCEPTED, S.DELIVERED, S.WITHDRAWN, S.RETURNED, S.TERMINATED, S.ARCHIVED})
OPEN = frozenset(State) - ENDED - {S.DRAFT}
UNDECIDED = (S.RECEIVED, S.CORRECTING, S.ACCEPTED, S.REVIEW, S.SUSPENDED)
DECIDED = frozenset({S.GRANTED, S.REFUSED, S.MAKING, S.READY, S.DELIVERED})
CLOCK_RUNS = frozenset({S.ACCEPTED, S.REVIEW, S.GRANTED, S.MAKING})
"""States in which the promise clock runs."""


def _each(
    event: Event, sources: Iterable[State], target: State, who: Who, clock: Clock, papers: tuple[str, ...]
) -> list[Step]:
    return [Step(event, source, target, who, clock, papers) for source in sources]


STEPS: tuple[Step, ...] = (
    # A draft is kept encrypted in a table of its own; it becomes a case, with a number and events, when it is received.
    Step(E.SAVE, None, S.DRAFT, Who.COUNTER),
    Step(E.RECEIVE, S.DRAFT, S.RECEIVED, Who.COUNTER, Clock.START_TELLING, ("D1",)),
    Step(E.NOT_NEEDED, S.RECEIVED, S.TERMINATED, Who.COUNTER, Clock.END, ("D4",)),
    Step(E.CORRECT, S.RECEIVED, S.CORRECTING, Who.COUNTER, Clock.START_CORRECTION, ("D2",)),
    Step(E.RESUBMIT, S.CORRECTING, S.RECEIVED, Who.COUNTER, Clock.START_TELLING, ("D1",)),
    # Errors on the form are corrected on the spot (art. 32 (3)): no clock begins anew, nothing counts as told.
    Step(E.CORRECT_FORM, S.RECEIVED, S.RECEIVED, Who.COUNTER),
    Step(E.CORRECT_FORM, S.CORRECTING, S.CORRECTING, Who.COUNTER),
    Step(E.CORRECTION_LAPSE, S.CORRECTING, S.TERMINATED, Who.TIME, Clock.END, ("D12",)),
    Step(E.REFUSE_ACCEPTANCE, S.RECEIVED, S.NOT_ACCEPTED, Who.COUNTER, Clock.END, ("D4",)),
    Step(E.ACCEPT, S.RECEIVED, S.ACCEPTED, Who.COUNTER, Clock.START_LIMITS, ("D3", "D5")),
    Step(E.DEEMED_ACCEPT, S.RECEIVED, S.ACCEPTED, Who.TIME, Clock.START_LIMITS, ("D3",)),
    Step(E.INSTANT, S.RECEIVED, S.GRANTED, Who.INSTANT, Clock.DECIDED, ("D3", "D10")),
    Step(E.DISPATCH, S.ACCEPTED, S.REVIEW, Who.SUITE),
    Step(E.SUSPEND, S.REVIEW, S.SUSPENDED, Who.SECTION, Clock.STOP_BOTH, ("D7", "D9")),
    Step(E.ASK_HEARING, S.SUSPENDED, S.SUSPENDED, Who.AGENCY),
    Step(E.MOVE_HEARING, S.SUSPENDED, S.SUSPENDED, Who.SECTION, Clock.NONE, ("D9",)),
    Step(E.RESUME, S.SUSPENDED, S.REVIEW, Who.AGENCY, Clock.GO_ON, ("D16",)),
    Step(E.EXTEND, S.REVIEW, S.REVIEW, Who.HEAD, Clock.EXTEND, ("D8",)),
    Step(E.GRANT, S.REVIEW, S.GRANTED, Who.AGENCY, Clock.DECIDED, ("D10",)),
    # Art. 50 names the end of the licence and nothing that would move it: a special procedure does not.
    *_each(E.DEEMED_GRANT, (S.REVIEW, S.SUSPENDED), S.GRANTED, Who.TIME, Clock.DECIDED, ("D10",)),
    Step(E.REFUSE, S.REVIEW, S.REFUSED, Who.AGENCY, Clock.DECIDED, ("D11",)),
    Step(E.MAKE, S.GRANTED, S.MAKING, Who.SUITE),
    Step(E.FINISH, S.MAKING, S.READY, Who.MAKER, Clock.READY, ("D13",)),
    Step(E.DELIVER, S.READY, S.DELIVERED, Who.ISSUER, Clock.END, ("D14", "D15")),
    Step(E.DELIVER, S.REFUSED, S.DELIVERED, Who.ISSUER, Clock.END, ("D14", "D15")),
    *_each(E.WITHDRAW, UNDECIDED, S.WITHDRAWN, Who.COUNTER, Clock.END, ("D12",)),
    Step(E.RETURN, S.RECEIVED, S.RETURNED, Who.SUPERVISOR, Clock.END, ("D12",)),
    # After acceptance a licence case must end in a decision or in termination (art. 38); other items may go back.
    Step(E.RETURN, S.REVIEW, S.RETURNED, Who.SUPERVISOR, Clock.END, ("D12",), for_licences=False),
    *_each(E.TERMINATE, [s for s in State if s in OPEN], S.TERMINATED, Who.ENDING, Clock.END, ("D12",)),
    Step(E.REVOKE, S.DELIVERED, S.DELIVERED, Who.ENDING, Clock.NONE, ("D18",)),
    *_each(E.ARCHIVE, (S.NOT_ACCEPTED, S.DELIVERED, S.WITHDRAWN, S.RETURNED, S.TERMINATED), S.ARCHIVED, Who.ISSUER,
           Clock.NONE, ()),
    # What happens inside the review; which task it is stands in the event's payload.
    *_each(E.CLAIM, (S.REVIEW,), S.REVIEW, Who.REVIEWER, Clock.NONE, ()),
    *_each(E.ASSIGN, (S.REVIEW,), S.REVIEW, Who.ASSIGNER, Clock.NONE, ()),
    *_each(E.TRANSFER, (S.REVIEW,), S.REVIEW, Who.REVIEWER, Clock.NONE, ()),
    *_each(E.CONSULT, (S.REVIEW,), S.REVIEW, Who.REVIEWER, Clock.NONE, ()),
    *_each(E.OPINION, (S.REVIEW,), S.REVIEW, Who.REVIEWER, Clock.NONE, ()),
    *_each(E.SILENCE, (S.REVIEW,), S.REVIEW, Who.TIME, Clock.NONE, ()),
)  # fmt: skip
_STEPS = {(step.source, step.event): step for step in STEPS}


def step_of(state: State | None, event: Event, *, licence: bool = False) -> Step:
    """The row of the table for an event in a state.

    Args:
        state: Where the case stands; None before there is anything.
        event: What is to happen.
        licence: Whether the case is about an administrative licence (行政许可).

    Raises:
        UserError: ILLEGAL_STEP when the event cannot happen in this state; LICENCE_NEEDS_DECISION.
    """
    step = _STEPS.get((state, event))
    if step is None:
        raise UserError(
            "ILLEGAL_STEP",
            L(
                "The case is {state}; {event} is not possible now.",
                state=state_name(state),
                event=EVENT_NAMES[event],
            ),
            do=L("Refresh: somebody else may have gone on with it."),
        )
    if licence and not step.for_licences:
        raise UserError(
            "LICENCE_NEEDS_DECISION",
            L("An accepted application for a licence cannot be sent back."),
            do=L("Grant it, refuse it with reasons, or terminate it for a cause that the law names."),
        )
    return step


def next_state(state: State | None, event: Event) -> State:
    """Where an event leads.

    Raises:
        UserError: ILLEGAL_STEP when the event cannot happen in this state.
    """
    return step_of(state, event).target


def possible(state: State, *, licence: bool = False) -> list[Event]:
    """Events that a state allows, in the table's order."""
    return [step.event for step in STEPS if step.source == state and (step.for_licences or not licence)]
