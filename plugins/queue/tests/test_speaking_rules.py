"""What the voice says, how it is pronounced, in which order; see rules/speaking.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import product
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError, speech
from yichuang_queue.rules.speaking import (
    Kind,
    SpeechQueue,
    Voice,
    call_sentence,
    call_tokens,
    desk_tokens,
    for_zone,
    help_sentence,
    quiet_spans,
)

NOON = time(12)
START = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
GRAMMAR = {
    "请": "qing3", "号": "hao4", "到": "dao4", "窗口": "chuang1 kou3", "办理": "ban4 li3", "幺": "yao1", "十": "shi2",
    "零": "ling2", "一": "yi1", "二": "er4", "三": "san1", "四": "si4", "五": "wu3", "六": "liu4", "七": "qi1", "八": "ba1",
    "九": "jiu3", **{letter: letter for letter in ascii_uppercase},
}  # fmt: skip


@dataclass(frozen=True)
class Call:
    event_id: int
    number: str
    desk: str = "A01"
    at: datetime = START
    coming: bool = True


def spoken(queue, at=NOON):
    said = []
    while (each := queue.take(at)) is not None:
        said.append(each.text)
        queue.was_said(each)
    return said


def queue(**settings):
    return SpeechQueue(Voice(**{"repeats": 1, **settings}))


# ---- sentences ----


def test_a_call_as_it_is_said():
    assert call_sentence("A012", "3") == "请A零一二号到三号窗口办理"
    assert call_sentence("A112", "12", yao=True) == "请A幺幺二号到十二号窗口办理"
    assert call_sentence("B007", "A03") == "请B零零七号到A三号窗口办理"
    assert call_sentence("007", "咨询台") == "请零零七号到咨询台办理"
    assert help_sentence("A12") == "请值班人员到A十二号窗口"
    assert "".join(desk_tokens("105")) == "一百零五号窗口"


def test_every_ticket_and_every_desk_is_pronounced_right():
    """A000 to Z999, with desks 1 to 99 going round: only words of the grammar, each with its own syllable and tone."""
    desks = [str(desk) for desk in range(1, 100)]
    for index, (letter, number) in enumerate(product(ascii_uppercase, range(1000))):
        ticket, desk = f"{letter}{number:03}", desks[index % 99]
        tokens = call_tokens(ticket, desk)
        assert tokens[:6] == ["请", letter, *("零一二三四五六七八九"[int(c)] for c in ticket[1:]), "号"]
        if index % 7 == 0:
            assert speech.pinyin("".join(tokens)) == " ".join(GRAMMAR[token] for token in tokens)
    for desk in desks:
        numbers = call_tokens("A001", desk)[7:-3]
        assert "".join(numbers) == speech.chinese_number(int(desk))


# ---- order ----


def test_help_goes_before_broadcasts_before_calls():
    voice = queue()
    voice.hear_calls([Call(1, "A001"), Call(2, "A002")])
    voice.hear_message(1, "broadcast", "", "大厅将于十七点关闭", START)
    voice.hear_message(2, "emergency", "A03", "有人晕倒", START)
    assert spoken(voice) == [
        "请值班人员到A三号窗口",
        "大厅将于十七点关闭",
        "请A零零一号到A一号窗口办理",
        "请A零零二号到A一号窗口办理",
    ]


def test_twenty_calls_are_said_in_order():
    voice = queue()
    voice.hear_calls([Call(event, f"A{event:03}") for event in range(1, 21)])
    assert spoken(voice) == [call_sentence(f"A{event:03}", "A01") for event in range(1, 21)]


def test_a_recall_of_what_still_waits_is_said_once_and_to_the_newest_desk():
    voice = queue()
    voice.hear_calls([Call(1, "A001"), Call(2, "A002"), Call(3, "A001", "A09")])
    assert spoken(voice) == ["请A零零一号到A九号窗口办理", "请A零零二号到A一号窗口办理"]
    voice.hear_calls([Call(4, "A001")])
    assert spoken(voice) == ["请A零零一号到A一号窗口办理"], (
        "what was said is said anew when it is called anew"
    )


def test_a_call_is_repeated_until_its_holder_has_come():
    voice = queue(repeats=3)
    voice.hear_calls([Call(1, "A001"), Call(2, "A002")])
    assert spoken(voice) == ["请A零零一号到A一号窗口办理"] * 3 + ["请A零零二号到A一号窗口办理"] * 3
    voice.hear_calls([Call(3, "A003")])
    first = voice.take(NOON)
    assert voice.is_worth_saying(first, True, START)
    voice.was_said(first)
    again = voice.take(NOON)
    assert (again.number, again.said) == ("A003", 1)
    assert not voice.is_worth_saying(again, False, START)


def test_a_call_is_dropped_when_it_is_old_and_its_holder_has_come():
    voice = queue(drop_seconds=10)
    voice.hear_calls([Call(1, "A001")])
    taken = voice.take(NOON)
    assert voice.is_worth_saying(taken, False, START + timedelta(seconds=9))
    assert not voice.is_worth_saying(taken, False, START + timedelta(seconds=11))
    assert voice.is_worth_saying(taken, True, START + timedelta(minutes=5))


def test_quiet_hours_know_only_help():
    voice = queue(quiet=quiet_spans("12:00-13:30 22:00-07:00"))
    for at, quiet in (
        (time(11, 59), False),
        (NOON, True),
        (time(13, 30), False),
        (time(23), True),
        (time(6), True),
    ):
        assert voice.voice.is_quiet(at) is quiet
    voice.hear_calls([Call(1, "A001")])
    voice.hear_message(1, "broadcast", "", "请注意", START)
    voice.hear_message(2, "emergency", "A03", "", START)
    assert spoken(voice) == ["请值班人员到A三号窗口"]
    assert spoken(voice, time(14)) == [], "nothing old is said when the quiet hours are over"


def test_a_device_that_fails_is_tried_again_but_not_for_ever():
    voice = queue()
    voice.hear_calls([Call(1, "A001"), Call(2, "A002")])
    first = voice.take(NOON)
    voice.was_not_said(first, START + timedelta(seconds=5))
    assert voice.take(NOON) == first
    voice.was_not_said(first, START + timedelta(seconds=121))
    assert voice.take(NOON).number == "A002"


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(("call", "take"))), max_size=60), st.integers(1, 3)
)
def test_whatever_is_called_is_said_after_it_was_called(steps, repeats):
    """No call is lost: behind every call there is a saying of that number; nobody is said more often than called."""
    voice, log = queue(repeats=repeats), []
    for event, (number, what) in enumerate([*steps, *[(0, "take")] * 60 * repeats], start=1):
        if what == "call":
            voice.hear_calls([Call(event, f"A{number:03}")])
            log.append(("called", f"A{number:03}"))
        elif (taken := voice.take(NOON)) is not None:
            voice.was_said(taken)
            log.append(("said", taken.number))
    for index, (what, number) in enumerate(log):
        if what == "called":
            assert ("said", number) in log[index:]
    for number in {number for _what, number in log}:
        assert log.count(("said", number)) <= repeats * log.count(("called", number))
    assert len(voice) == 0


# ---- settings ----


def test_a_zone_has_its_own_volume_and_quiet_hours():
    voice = Voice(quiet=quiet_spans("12:00-13:00"))
    zones = "permits=60 12:30-14:00; service=150"
    assert for_zone(voice, zones, "permits") == Voice(volume=60, quiet=((time(12, 30), time(14)),))
    assert for_zone(voice, zones, "service") == Voice(volume=100, quiet=voice.quiet)
    assert for_zone(voice, zones, "other") == voice


@pytest.mark.parametrize("zones", ["permits", "permits=loud", "permits=60 noon", "=;x", "other=50 12:00"])
def test_wrong_settings_are_said(zones):
    with pytest.raises(UserError) as caught:
        for_zone(Voice(), zones, "permits")
    assert caught.value.code == "BAD_VOICE_SETTING"


def test_kinds_are_ordered():
    assert sorted(Kind) == [Kind.HELP, Kind.BROADCAST, Kind.CALL]
