"""One matter at once (一件事): which of its items may begin, where the whole stands, when it is due, what a refusal means.

A matter is a directed graph of items without circles. An item opens only when everything before it is granted; items that
wait for nothing of one another run side by side. Sources: 国办发〔2022〕32号 (one matter at once), 行政许可法 art. 26 (joint
handling) and art. 42 (45 working days where a matter is handled jointly).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from yichuang.api import UserError, calendar
from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.machine import ENDED, State
from yichuang_acceptance.words import words

L = words.lazy
JOINT_WORKING_DAYS = 45  # art. 42: joint handling under art. 26
MOST_PARTS = 99  # children are numbered -01 to -99
SERIAL = "stage serial"  # how the catalogue's `mode` begins where one stage waits for the whole stage before


class Standing(StrEnum):
    """How one item of a matter stands."""

    WAITING = "waiting"  # something before it is not granted yet
    OPEN = "open"  # may be worked on, and is not granted yet
    GRANTED = "granted"  # decided, the result is being made
    READY = "ready"  # its result waits to be collected
    REFUSED = "refused"  # its refusal waits to be collected
    DONE = "done"  # granted, and nothing is left to collect
    ENDED = "ended"  # over without a grant


class MatterState(StrEnum):
    """Where the whole matter stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REVIEW = "review"
    READY = "ready"  # one pick-up: nothing that must be there is still under way
    DONE = "done"


GRANTS = frozenset({Standing.GRANTED, Standing.READY, Standing.DONE})
"""What the items behind it wait for."""
NEGATIVE = frozenset({Standing.REFUSED, Standing.ENDED})
UNDECIDED = frozenset({Standing.WAITING, Standing.OPEN})
TO_COLLECT = frozenset({Standing.READY, Standing.REFUSED})
SETTLED = TO_COLLECT | {Standing.DONE, Standing.ENDED}


@dataclass(frozen=True)
class Part:
    """One item of a matter.

    Attributes:
        position: From 1, in the order of the theme; what `after` refers to.
        after: Positions that have to be granted first.
        optional: Only for some applicants; the whole does not wait for it.
        standing: How it stands.
    """

    position: int
    name: str
    after: tuple[int, ...] = ()
    optional: bool = False
    standing: Standing = Standing.WAITING


def chosen_parts(
    parts: Sequence[Part], left_out: Collection[int], *, serial: bool = False, needless: Collection[int] = ()
) -> list[Part]:
    """The items of one applicant: without the optional ones that were left out, and without waiting for those.

    What waits for an item that was left out waits for what that one would have waited for.

    Args:
        parts: All items of the theme.
        left_out: Positions of optional items that are not wanted.
        serial: Every stage waits for the whole stage before (see `stages`).
        needless: Positions that the applicant's situation does not need, optional or not.

    Raises:
        UserError: NOT_OPTIONAL for an item that belongs to the matter; MATTER_CIRCLE when items wait for one another.
    """
    by_position = {part.position: part for part in parts}
    firm = [p.name for p in parts if p.position in left_out and not p.optional and p.position not in needless]
    left_out = {*left_out, *needless}
    if firm:
        raise UserError(
            "NOT_OPTIONAL", L("{names} cannot be left out of this matter.", names="、".join(firm)),
            do=L("Take the items singly if the applicant does not want them all."),
        )  # fmt: skip
    stages(parts)  # no circle, or the search below would not end

    def before(position: int) -> set[int]:
        found: set[int] = set()
        for each in by_position[position].after:
            found |= before(each) if each in left_out else {each}
        return found

    kept = [
        replace(part, after=tuple(sorted(before(part.position))))
        for part in parts
        if part.position not in left_out
    ]
    return _in_stages(kept) if serial else kept


def stages(parts: Sequence[Part]) -> list[list[int]]:
    """Positions by stage: the first waits for nothing, each other one for something in the stage before it.

    Raises:
        UserError: MATTER_CIRCLE when items wait for one another, or for one that is not there.
    """
    left = {part.position: set(part.after) for part in parts}
    found: list[list[int]] = []
    done: set[int] = set()
    while left:
        stage = sorted(position for position, after in left.items() if after <= done)
        if not stage:
            names = [part.name for part in parts if part.position in left]
            raise UserError(
                "MATTER_CIRCLE", L("The items of the matter wait for one another: {names}.", names="、".join(names)),
                do=L("Let the administrator mend the theme."),
            )  # fmt: skip
        found.append(stage)
        done.update(stage)
        for position in stage:
            del left[position]
    return found


def _in_stages(parts: Sequence[Part]) -> list[Part]:
    """Every stage waits for the whole stage before it."""
    after: dict[int, tuple[int, ...]] = {}
    before: tuple[int, ...] = ()
    for stage in stages(parts):
        after.update(dict.fromkeys(stage, before))
        before = tuple(stage)
    return [replace(part, after=after[part.position]) for part in parts]


def standing_of(state: State, *, granted: bool, opened_: bool) -> Standing:
    """How an item stands by the state of its case.

    Args:
        state: The case's.
        granted: It was decided with a grant; what was delivered may have been a refusal.
        opened_: It was received as open, or has been opened since; only a case that was not accepted yet can wait.
    """
    if state is State.READY:
        return Standing.READY
    if state is State.REFUSED:
        return Standing.REFUSED
    if state in (State.GRANTED, State.MAKING):
        return Standing.GRANTED
    if state in (State.DELIVERED, State.ARCHIVED) and granted:
        return Standing.DONE
    if state in ENDED:
        return Standing.ENDED
    return Standing.WAITING if state is State.RECEIVED and not opened_ else Standing.OPEN


def may_open(parts: Sequence[Part], position: int) -> bool:
    """Whether everything before an item is granted."""
    by_position = {part.position: part for part in parts}
    return all(by_position[before].standing in GRANTS for before in by_position[position].after)


def opened(parts: Sequence[Part]) -> list[int]:
    """Positions that wait and need not wait any more."""
    return [p.position for p in parts if p.standing is Standing.WAITING and may_open(parts, p.position)]


def behind(parts: Sequence[Part], position: int) -> list[int]:
    """Positions that wait for an item, directly or through others: they can never begin once it is refused."""
    found = {position}
    grown = True
    while grown:
        more = {p.position for p in parts if found & set(p.after)} - found
        grown = bool(more)
        found |= more
    return sorted(found - {position})


def asks(parts: Sequence[Part], position: int) -> bool:
    """Whether the end of an item leaves a question: stop the rest, or go on with it?"""
    return any(p.standing in UNDECIDED for p in parts if p.position != position)


def matter_state(parts: Sequence[Part], case_states: Collection[State]) -> MatterState:
    """Where the whole stands.

    It is ready for one pick-up when every item that is not optional has its result, or has ended without one, and there is
    something to collect; it is done when nothing is left at all.

    Args:
        parts: The chosen items.
        case_states: States of their cases.
    """
    if all(p.standing in (Standing.DONE, Standing.ENDED) for p in parts):
        return MatterState.DONE
    must = [p for p in parts if not p.optional] or list(parts)
    if all(p.standing in SETTLED for p in must) and any(p.standing in TO_COLLECT for p in parts):
        return MatterState.READY
    if all(state in (State.RECEIVED, State.CORRECTING) for state in case_states):
        return MatterState.RECEIVED
    if all(state in (State.RECEIVED, State.CORRECTING, State.ACCEPTED) for state in case_states):
        return MatterState.ACCEPTED
    return MatterState.REVIEW


def joint_due(
    parts: Sequence[Part],
    limits: dict[int, Limit],
    known: dict[int, datetime],
    start: datetime,
    days: calendar.WorkingCalendar,
) -> datetime | None:
    """When the last item is due: each begins when those before it are due, or runs already.

    Side by side this is the longest of them; one behind the other it is their sum.

    Args:
        parts: The chosen items.
        limits: By position; items without a limit take no time.
        known: Due moments of items that run already, by position.
        start: When the first ones begin.
        days: The hall's calendar.

    Returns:
        None where no item has a limit.

    Raises:
        UserError: CALENDAR_ENDS, MATTER_CIRCLE.
    """
    by_position = {part.position: part for part in parts}
    ends: dict[int, datetime] = {}
    limited: list[datetime] = []
    for stage in stages(parts):
        for position in stage:
            begins = max((ends[before] for before in by_position[position].after), default=start)
            if position in known:
                ends[position] = known[position]
            elif position in limits:
                ends[position] = days.due_moment(begins, limits[position].amount, limits[position].unit)
            else:
                ends[position] = begins
                continue
            limited.append(ends[position])
    return max(limited, default=None)
