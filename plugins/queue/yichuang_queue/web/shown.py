"""What televisions are told, as JSON: only what a board shows, with its words ready in Chinese."""

from __future__ import annotations

import json
from typing import Any

from yichuang_queue.rules.announcing import wait_minutes
from yichuang_queue.words import words

CHINESE = "zh_CN"
ENGLISH = "en"


def say(msgid: str, language: str = CHINESE, **values: object) -> str:
    """A sentence in a language."""
    text = words.translate(msgid, language)
    return text.format(**values) if values else text


def wait_words(wait: tuple[int | None, int | None, int | None], language: str = CHINESE) -> str:
    """A predicted wait (seconds and the ends of its interval) in words; empty where nothing can be said."""
    minutes = wait_minutes(*wait)
    if minutes is None:
        return ""
    low, high = minutes
    if low == high:
        return say("about {n} min", language, n=low)
    return say("about {low}–{high} min", language, low=low, high=high)


def _call(call: Any) -> dict[str, Any]:
    return {
        "id": call.event_id,
        "number": call.number,
        "desk": call.desk,
        "line": call.line,
        "zone": call.zone,
        "at": int(call.at.timestamp() * 1000),
        "business": call.business,
        "coming": call.coming,
    }


def _line(line: Any) -> dict[str, Any]:
    wait = wait_words((line.predicted_seconds, line.predicted_low, line.predicted_high))
    return {
        "code": line.code,
        "name": line.name,
        "name_mn": line.name_mn,
        "waiting": line.waiting,
        "wait": wait or say("no window open"),
    }


def board_json(board: Any) -> str:
    """A snapshot in one line."""
    desk = board.desk
    passed = say(
        "Passed: {numbers}. Please ask at the information desk.", numbers="  ".join(board.passed[:12])
    )
    shown = {
        "last_event": board.last_event,
        "now": int(board.now.timestamp() * 1000),
        "hall": board.hall,
        "hall_mn": board.hall_mn,
        "zone": board.zone,
        "zone_mn": board.zone_mn,
        "zones": board.zones,
        "calls": [_call(each) for each in board.calls],
        "lines": [_line(each) for each in board.lines],
        "notices": [*board.notices, *([passed] if board.passed else [])],
        "desk": None if desk is None else {"code": desk.code, "state": desk.state, "reason": desk.reason},
    }
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def calls_json(calls: list[Any], after: int) -> str:
    """Calls in one line, and the event below which nothing new comes any more."""
    shown = {"after": after, "calls": [_call(each) for each in calls]}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
