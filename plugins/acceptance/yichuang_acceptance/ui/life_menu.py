"""What else can be done with a case besides deciding: a menu of the ways that its state, the law and one's permissions allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import LazyText
from yichuang.api.ui import Menu, PageContext
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.rules.pauses import HEARING
from yichuang_acceptance.ui import case_more
from yichuang_acceptance.ui import life_questions as ask
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy


@dataclass(frozen=True)
class Way:
    """One entry: shown where the state allows the event, enabled where the person may send it."""

    event: Event
    permission: str
    text: LazyText
    icon: str
    ask: Callable[..., Any]


WAYS = (
    Way(Event.INSTANT, "acceptance.instant", L("Accept and grant at once…"), "zap", ask.ask_grant_at_once),
    Way(
        Event.CORRECT, "acceptance.decide", L("Correction notice…"), "file-pen-line", ask.ask_first_correction
    ),
    Way(
        Event.REFUSE_ACCEPTANCE,
        "acceptance.decide",
        L("Refuse to accept…"),
        "file-x",
        ask.ask_refusal_to_accept,
    ),
    Way(
        Event.CORRECT,
        "acceptance.supervise",
        L("Second correction notice…"),
        "file-pen-line",
        ask.ask_second_correction,
    ),
    Way(Event.SUSPEND, "acceptance.suspend", L("Special procedure…"), "circle-pause", ask.ask_suspension),
    Way(
        Event.ASK_HEARING,
        "acceptance.decide",
        L("A hearing was asked for…"),
        "user-check",
        ask.ask_hearing_request,
    ),
    Way(
        Event.MOVE_HEARING,
        "acceptance.suspend",
        L("Change the hearing…"),
        "calendar-clock",
        ask.ask_hearing,
    ),
    Way(
        Event.RESUME, "acceptance.decide", L("End the special procedure…"), "circle-play", ask.ask_resumption
    ),
    Way(
        Event.EXTEND,
        "acceptance.extend",
        L("Extend the statutory limit…"),
        "calendar-clock",
        ask.ask_extension,
    ),
    Way(Event.RETURN, "acceptance.supervise", L("Send back…"), "undo-2", ask.ask_return),
    Way(Event.TERMINATE, "acceptance.terminate", L("Terminate…"), "circle-x", ask.ask_termination),
    Way(Event.REVOKE, "acceptance.terminate", L("Revoke the result…"), "file-x", ask.ask_revocation),
)


def ways_of(context: PageContext, case: Any) -> list[tuple[Way, bool]]:
    """The ways out of the state of a case, each with whether the signed-in person may take it."""
    actor = context.actor
    own = actor.hall_wide or actor.agency == case.agency
    found = []
    for way in WAYS:
        if way.event not in case.possible or not _fits(way, case):
            continue
        permission = "acceptance.extend_joint" if way.event is Event.EXTEND and case.joint else way.permission
        found.append((way, own and context.can(permission)))
    return found


def _fits(way: Way, case: Any) -> bool:
    """Whether a way makes sense for this case; the operation says so again."""
    event = way.event
    if event is Event.INSTANT:
        at_once = case.promise is not None and case.promise.made and case.promise.at_once
        return bool(case.row.item_kind == "instant" or at_once)
    if event is Event.CORRECT:
        told = any(e.event == Event.CORRECT for e in case.events)
        return told == (way.permission == "acceptance.supervise")
    if event is Event.EXTEND:
        return not case.extended and case.legal_due_at is not None
    if event is Event.ASK_HEARING:
        return bool(case.pauses) and case.pauses[-1].kind == HEARING and case.pauses[-1].asked_on is None
    if event is Event.MOVE_HEARING:
        return bool(case.pauses) and case.pauses[-1].kind == HEARING
    if event is Event.REVOKE:
        return any(e.event == Event.FINISH for e in case.events)
    return True


def menu_of(owner: QWidget, context: PageContext, case: Any, done: Callable[[Any], None]) -> Menu:
    """The menu of the ways; open it below a button."""
    menu = Menu(owner)
    for way, may in ways_of(context, case):
        act: Callable[[], None] = lambda chosen=way: chosen.ask(owner, context, case, done)  # noqa: E731 - one of several
        menu.add(str(way.text), act, way.icon, enabled=may)
    case_more.add_to(menu, owner, context, case, done)
    return menu
