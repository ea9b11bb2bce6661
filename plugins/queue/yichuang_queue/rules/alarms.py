"""What a queue manager should look at now: each alarm with its sentence and the one act that helps.

The kinds follow the thresholds of hall systems in use (longest wait, line length, idle desk, long service, long pause)
and a desk's call for help. Nothing is an alarm that nobody can do anything about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yichuang.api import LazyText
from yichuang_queue.rules.floor import DeskNow, LineNow
from yichuang_queue.words import words

L = words.lazy


class Concern(StrEnum):
    """Kinds of alarms, the most urgent first."""

    HELP = "help"
    NOBODY_SERVES = "nobody_serves"
    LONG_WAIT = "long_wait"
    LONG_LINE = "long_line"
    LONG_SERVICE = "long_service"
    LONG_PAUSE = "long_pause"
    IDLE_DESK = "idle_desk"


class Remedy(StrEnum):
    """The one act that helps."""

    ANSWER = "answer"  # say that somebody is on the way
    OPEN = "open"  # have a desk opened
    ASSIGN = "assign"  # let a desk serve other lines
    LOOK = "look"  # open the desk's detail
    ASK = "ask"  # tell the person at the desk


_REMEDIES = {
    Concern.HELP: Remedy.ANSWER,
    Concern.NOBODY_SERVES: Remedy.OPEN,
    Concern.LONG_WAIT: Remedy.ASSIGN,
    Concern.LONG_LINE: Remedy.ASSIGN,
    Concern.LONG_SERVICE: Remedy.LOOK,
    Concern.LONG_PAUSE: Remedy.ASK,
    Concern.IDLE_DESK: Remedy.ASSIGN,
}

REMEDY_NAMES = {
    Remedy.ANSWER: L("Answer"),
    Remedy.OPEN: L("Have one opened"),
    Remedy.ASSIGN: L("Assign"),
    Remedy.LOOK: L("Look"),
    Remedy.ASK: L("Contact"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """When something becomes an alarm; the longest wait of a line is its own target.

    Attributes:
        line_length: People waiting in a line.
        idle_minutes: A desk idle while people wait in a line that it could serve.
        service_factor: A service so many times as long as the mean.
        pause_minutes: A pause; from then on the desk counts as away.
    """

    line_length: int = 20
    idle_minutes: int = 3
    service_factor: float = 2.0
    pause_minutes: int = 30


@dataclass(frozen=True, slots=True)
class HelpCall:
    """A desk's call for help that nobody has answered."""

    message_id: int
    desk: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something to look at.

    Attributes:
        subject: Shown before the sentence: a desk or a line's code.
        line: The line that it is about; for an idle desk the line that it could help.
        seconds: How long already.
        limit: The threshold in seconds, or people.
        count: How many wait.
    """

    concern: Concern
    subject: str
    desk: str = ""
    line: str = ""
    line_name: str = ""
    message_id: int = 0
    seconds: int = 0
    limit: int = 0
    count: int = 0
    text: str = ""

    @property
    def remedy(self) -> Remedy:
        """The one act that helps."""
        return _REMEDIES[self.concern]

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same alarm a moment later."""
        return (self.concern, f"{self.message_id or self.subject}")


def find(
    desks: Sequence[DeskNow],
    lines: Sequence[LineNow],
    calls: Iterable[HelpCall],
    skills: Mapping[int, Sequence[str]],
    now: datetime,
    limits: Limits,
) -> list[Alarm]:
    """The alarms of a moment, the most urgent first.

    Args:
        desks: All desks.
        lines: All lines.
        calls: Calls for help that stand open.
        skills: Staff id -> lines that the person can serve; who is not in it can serve all.
        now: The moment.
        limits: The thresholds.
    """
    found = [
        Alarm(
            Concern.HELP, each.desk, desk=each.desk, message_id=each.message_id, seconds=_since(each.at, now),
            text=each.text,
        )
        for each in calls
    ]  # fmt: skip
    for line in lines:
        found += _of_line(line, now, limits)
    for desk in desks:
        found += _of_desk(desk, lines, skills, now, limits)
    order = list(Concern)
    return sorted(found, key=lambda alarm: (order.index(alarm.concern), -alarm.seconds, alarm.subject))


def _of_line(line: LineNow, now: datetime, limits: Limits) -> list[Alarm]:
    seconds, target = line.longest(now), line.target_minutes * 60
    if line.waiting and not line.desks:
        concern, limit = Concern.NOBODY_SERVES, 0
    elif seconds > target:
        concern, limit = Concern.LONG_WAIT, target
    elif line.waiting >= limits.line_length:
        concern, limit = Concern.LONG_LINE, limits.line_length
    else:
        return []
    return [
        Alarm(
            concern, line.code, line=line.code, line_name=line.name, seconds=seconds, limit=limit, count=line.waiting
        )
    ]  # fmt: skip


def _of_desk(
    desk: DeskNow,
    lines: Sequence[LineNow],
    skills: Mapping[int, Sequence[str]],
    now: datetime,
    limits: Limits,
) -> list[Alarm]:
    seconds = desk.seconds(now)
    if desk.ticket is not None:
        limit = int(limits.service_factor * desk.mean_seconds)
        if desk.ticket.arrived_at is None or not 0 < limit < seconds:
            return []
        return [
            Alarm(
                Concern.LONG_SERVICE, desk.code, desk=desk.code, line=desk.ticket.line, seconds=seconds,
                limit=desk.mean_seconds, text=desk.ticket.number,
            )
        ]  # fmt: skip
    if desk.state == "paused" and seconds >= limits.pause_minutes * 60:
        return [Alarm(Concern.LONG_PAUSE, desk.code, desk=desk.code, seconds=seconds, text=desk.reason)]
    if desk.state == "open" and seconds >= limits.idle_minutes * 60:
        helped = _could_help(desk, lines, skills)
        if helped is not None:
            return [
                Alarm(
                    Concern.IDLE_DESK, desk.code, desk=desk.code, line=helped.code, line_name=helped.name,
                    seconds=seconds, count=helped.waiting,
                )
            ]  # fmt: skip
    return []


def _could_help(
    desk: DeskNow, lines: Sequence[LineNow], skills: Mapping[int, Sequence[str]]
) -> LineNow | None:
    """The fullest line that the person could serve and the desk does not, with more people waiting than it has desks."""
    can = skills.get(desk.staff_id or 0)
    able = [
        line
        for line in lines
        if line.code not in desk.lines and (can is None or line.code in can) and line.waiting > line.desks
    ]
    return max(able, key=lambda line: (line.waiting, line.code), default=None)


def _since(moment: datetime, now: datetime) -> int:
    return max(0, int((now - moment).total_seconds()))


def sentence(alarm: Alarm) -> LazyText:
    """What is the matter, for the reader."""
    minutes = alarm.seconds // 60
    match alarm.concern:
        case Concern.HELP:
            return L("calls for help for {minutes} min: {text}", minutes=minutes, text=alarm.text)
        case Concern.NOBODY_SERVES:
            return L("{name}: {count} wait and no desk serves them", name=alarm.line_name, count=alarm.count)
        case Concern.LONG_WAIT:
            return L(
                "{name}: longest wait {minutes} min, promised {limit}", name=alarm.line_name, minutes=minutes,
                limit=alarm.limit // 60,
            )  # fmt: skip
        case Concern.LONG_LINE:
            return L("{name}: {count} people wait", name=alarm.line_name, count=alarm.count)
        case Concern.LONG_SERVICE:
            return L(
                "serves {number} for {minutes} min {seconds} s, usually {mean} min", number=alarm.text, minutes=minutes,
                seconds=alarm.seconds % 60, mean=max(1, round(alarm.limit / 60)),
            )  # fmt: skip
        case Concern.LONG_PAUSE:
            if minutes >= 60:
                return L("away for {hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
            return L("away for {minutes} min", minutes=minutes)
        case Concern.IDLE_DESK:
            return L(
                "idle for {minutes} min while {count} wait for {name}", minutes=minutes, count=alarm.count,
                name=alarm.line_name,
            )  # fmt: skip
