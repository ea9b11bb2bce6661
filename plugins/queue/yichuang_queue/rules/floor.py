"""The hall at one moment: every desk with what it does, every line with who waits. Live and replayed look the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yichuang_queue.words import words

L = words.lazy


class Kind(StrEnum):
    """What a manager sees of a desk at a glance."""

    SERVING = "serving"
    OVER = "over"  # serving for longer than such a service usually takes
    CALLED = "called"
    IDLE = "idle"
    PAUSED = "paused"
    AWAY = "away"  # paused for so long that somebody should ask
    CLOSED = "closed"


KIND_NAMES = {
    Kind.SERVING: L("Serving"),
    Kind.OVER: L("Over the mean"),
    Kind.CALLED: L("Being called"),
    Kind.IDLE: L("Idle"),
    Kind.PAUSED: L("On a break"),
    Kind.AWAY: L("Away"),
    Kind.CLOSED: L("Not open"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The ticket at a desk.

    Attributes:
        arrived_at: When its service began; None while it is only called.
    """

    ticket_id: int
    number: str
    line: str
    business: str
    calls: int
    called_at: datetime
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeskNow:
    """A desk at one moment.

    Attributes:
        group: What the hall's plan says the desk is for.
        state: open, paused or closed; a desk that nobody has ever signed in to is closed.
        since: When that state began; None at a desk without any history.
        free_since: When the last person left it; None where nobody was there.
        mean_seconds: How long a service of the ticket's line usually takes; 0 without a ticket or a figure.
    """

    code: str
    zone: str
    group: str
    state: str = "closed"
    staff_id: int | None = None
    staff_name: str = ""
    lines: tuple[str, ...] = ()
    reason: str = ""
    since: datetime | None = None
    free_since: datetime | None = None
    ticket: Standing | None = None
    mean_seconds: int = 0

    def began(self) -> datetime | None:
        """The moment that the desk's clock counts from."""
        if self.ticket is not None:
            return self.ticket.arrived_at or self.ticket.called_at
        moments = [each for each in (self.since, self.free_since if self.state == "open" else None) if each]
        return max(moments, default=None)

    def seconds(self, now: datetime) -> int:
        """How long the desk has been doing what it does."""
        began = self.began()
        return max(0, int((now - began).total_seconds())) if began is not None else 0

    def kind(self, now: datetime, away_minutes: int) -> Kind:
        """What it is doing.

        Args:
            now: The moment.
            away_minutes: A pause of so many minutes counts as away.
        """
        if self.ticket is not None:
            if self.ticket.arrived_at is None:
                return Kind.CALLED
            return Kind.OVER if 0 < self.mean_seconds < self.seconds(now) else Kind.SERVING
        if self.state == "paused":
            return Kind.AWAY if self.seconds(now) >= away_minutes * 60 else Kind.PAUSED
        return Kind.IDLE if self.state == "open" else Kind.CLOSED


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line at one moment.

    Attributes:
        oldest: When the one waiting longest joined it.
        desks: Open desks that serve it.
        predicted_seconds, predicted_low, predicted_high: Wait of a ticket taken now with its 80 % interval; None where
            no desk is open, and in a replay.
        trend: How many waited at the last ten-minute marks, the present last.
        arrived, finished: Tickets of the last 30 minutes.
    """

    code: str
    name: str
    zone: str
    target_minutes: int
    waiting: int = 0
    oldest: datetime | None = None
    desks: int = 0
    mean_seconds: int = 0
    predicted_seconds: int | None = None
    predicted_low: int | None = None
    predicted_high: int | None = None
    trend: tuple[int, ...] = ()
    arrived: int = 0
    finished: int = 0

    def longest(self, now: datetime) -> int:
        """Seconds that the one waiting longest has waited."""
        return max(0, int((now - self.oldest).total_seconds())) if self.oldest is not None else 0


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The numbers of the head strip.

    Attributes:
        mean_seconds, longest_seconds: Of those who wait now.
        passed_share: Passed tickets for each call, 0 to 1; None before the first call.
    """

    waiting: int = 0
    mean_seconds: int = 0
    longest_seconds: int = 0
    open_desks: int = 0
    desks: int = 0
    issued: int = 0
    finished: int = 0
    passed_share: float | None = None
