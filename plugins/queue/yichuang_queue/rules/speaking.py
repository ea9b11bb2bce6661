"""What a zone's voice says and in which order: help first, then broadcasts, then calls; nothing twice, nothing in vain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import IntEnum

from yichuang.api import UserError, speech
from yichuang_queue.rules.announcing import Called
from yichuang_queue.words import words

L = words.lazy
DIGITS = "零一二三四五六七八九"
TAKEN_OVER_SECONDS = 30.0
"""A voice that begins, perhaps because another one crashed, also says what is not older than this."""
FAILED_SECONDS = 120.0
"""What could not be said for so long, since the device fails, is given up."""
LOUDEST = 100
MOST_REPEATS = 5
_DESK = re.compile(r"([A-Za-z]*)0*([0-9]{1,4})")


# ---- sentences ----


def ticket_tokens(number: str, yao: bool = False) -> list[str]:
    """A ticket's number letter by letter and digit by digit; 一 as 幺 where a hall says so."""
    said = [DIGITS[int(c)] if c.isascii() and c.isdigit() else c.upper() for c in number]
    return ["幺" if yao and each == "一" else each for each in said]


def desk_tokens(desk: str) -> list[str]:
    """A desk's number as a number: 12 is 十二号窗口, A03 is A三号窗口; a desk with a name is said as it is called."""
    match = _DESK.fullmatch(desk)
    if match is None:
        return [desk]
    return [*match[1].upper(), *speech.chinese_number(int(match[2])), "号", "窗口"]


def call_tokens(number: str, desk: str, yao: bool = False) -> list[str]:
    """A call as words of a small closed grammar: 请 A 零 一 二 号 到 三 号 窗口 办理."""
    return ["请", *ticket_tokens(number, yao), "号", "到", *desk_tokens(desk), "办理"]


def call_sentence(number: str, desk: str, yao: bool = False) -> str:
    """A call as it is said: 请A零一二号到三号窗口办理."""
    return "".join(call_tokens(number, desk, yao))


def help_sentence(desk: str) -> str:
    """A desk's call for help, for the staff; what is the matter is not said aloud."""
    return "".join(["请", "值班人员", "到", *desk_tokens(desk)])


# ---- settings ----


@dataclass(frozen=True)
class Voice:
    """How a zone's voice speaks.

    Attributes:
        volume: 0 to 100.
        quiet: Spans of the day without calls and broadcasts; one that ends before it begins goes over midnight.
        repeats: How often a call is said.
        drop_seconds: A call of somebody who has come is dropped when it is older.
        yao: 一 in ticket numbers is said 幺.
    """

    volume: int = 80
    quiet: tuple[tuple[time, time], ...] = ()
    repeats: int = 2
    drop_seconds: int = 10
    chime: bool = True
    yao: bool = False
    help: bool = True

    def is_quiet(self, at: time) -> bool:
        """Whether only help is called at this time of the hall's day."""
        return any(a <= at < b if a <= b else at >= a or at < b for a, b in self.quiet)


def for_zone(voice: Voice, zones: str, zone: str) -> Voice:
    """A voice with what is set for its own zone, such as `permits=60 12:00-13:30; service=90`.

    Raises:
        UserError: BAD_VOICE_SETTING.
    """
    for part in filter(None, (each.strip() for each in zones.split(";"))):
        name, equals, rest = part.partition("=")
        volume, *spans = rest.split() or [""]
        if not equals or not volume.isdecimal():
            raise _bad(part)
        if name.strip() == zone:
            loud = min(LOUDEST, int(volume))
            voice = replace(voice, volume=loud, quiet=quiet_spans(" ".join(spans)) if spans else voice.quiet)
        else:
            quiet_spans(" ".join(spans))
    return voice


def quiet_spans(text: str) -> tuple[tuple[time, time], ...]:
    """Spans of the day, such as `12:00-13:30 17:30-08:00`.

    Raises:
        UserError: BAD_VOICE_SETTING.
    """
    spans = []
    for part in text.replace(",", " ").replace("–", "-").split():
        begin, _, end = part.partition("-")
        try:
            spans.append((time.fromisoformat(begin), time.fromisoformat(end)))
        except ValueError:
            raise _bad(part) from None
    return tuple(spans)


def _bad(part: str) -> UserError:
    return UserError(
        "BAD_VOICE_SETTING",
        L("The voice's setting cannot be read: {part}", part=part),
        do=L("Write spans like 12:00-13:30, and zones like permits=60 12:00-13:30; service=90."),
    )


# ---- order ----


class Kind(IntEnum):
    """What is said first."""

    HELP = 0
    BROADCAST = 1
    CALL = 2


@dataclass(frozen=True)
class Utterance:
    """One thing to be said.

    Attributes:
        key: Its event (calls) or message.
        said: How often it has been said.
    """

    kind: Kind
    key: int
    text: str
    at: datetime
    number: str = ""
    said: int = 0


class SpeechQueue:
    """What waits to be said. One thing is said at a time and to its end; who takes one gives it back when it was said."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self._calls: dict[str, Utterance] = {}  # by number, in the order in which they are said
        self._messages: dict[int, Utterance] = {}

    def __len__(self) -> int:
        return len(self._calls) + len(self._messages)

    def hear_calls(self, calls: Iterable[Called]) -> None:
        """Take calls that were never heard of. One whose number is still waiting takes that one's place: it is said once."""
        for call in calls:
            waiting = self._calls.get(call.number)
            if waiting is not None and waiting.key >= call.event_id:
                continue
            text = call_sentence(call.number, call.desk, self.voice.yao)
            self._calls[call.number] = Utterance(Kind.CALL, call.event_id, text, call.at, call.number)

    def hear_message(self, key: int, kind: str, desk: str, text: str, at: datetime) -> None:
        """Take a broadcast or a call for help that was never heard of."""
        if kind == "broadcast":
            self._messages[key] = Utterance(Kind.BROADCAST, key, text, at)
        elif self.voice.help:
            self._messages[key] = Utterance(Kind.HELP, key, help_sentence(desk), at)

    def take(self, at: time) -> Utterance | None:
        """What is to be said now; in quiet hours help only, and what else waits is forgotten."""
        if self.voice.is_quiet(at):
            self._calls.clear()
            self._messages = {key: each for key, each in self._messages.items() if each.kind == Kind.HELP}
        messages = sorted(self._messages.values(), key=lambda each: (each.kind, each.key))
        if messages:
            return self._messages.pop(messages[0].key)
        if self._calls:
            return self._calls.pop(next(iter(self._calls)))
        return None

    def is_worth_saying(self, utterance: Utterance, coming: bool, now: datetime) -> bool:
        """Whether a call still helps anybody: its holder has not come, or it is so young that it does not disturb.

        Args:
            utterance: What was taken.
            coming: Its holder is still awaited at that desk.
            now: The moment.
        """
        if utterance.kind != Kind.CALL or coming:
            return True
        return utterance.said == 0 and now - utterance.at <= timedelta(seconds=self.voice.drop_seconds)

    def was_said(self, utterance: Utterance) -> None:
        """A call comes back at the head until it was said often enough, unless it was called anew meanwhile."""
        said = replace(utterance, said=utterance.said + 1)
        if said.kind == Kind.CALL and said.said < self.voice.repeats and said.number not in self._calls:
            self._calls = {said.number: said, **self._calls}

    def was_not_said(self, utterance: Utterance, now: datetime) -> None:
        """The device failed: it is tried again, but not for ever."""
        if now - utterance.at > timedelta(seconds=FAILED_SECONDS):
            return
        if utterance.kind == Kind.CALL:
            self._calls = (
                {utterance.number: utterance, **self._calls}
                if utterance.number not in self._calls
                else self._calls
            )
        else:
            self._messages[utterance.key] = utterance
