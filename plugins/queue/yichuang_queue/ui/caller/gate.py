"""What the caller window may do just now, and the sentence that says why not; no window."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from yichuang_queue.rules.tickets import PassRule
from yichuang_queue.words import words

_ = words.text
ACTS = ("next", "main", "recall", "hold", "transfer", "pass", "chosen", "direct")


def state_of(view: Any) -> str:
    """The desk's state: open, paused, closed; "" while nothing is known."""
    if view is None:
        return ""
    return view.desk.state if view.desk is not None else "closed"


def reasons(view: Any, rule: PassRule, now: datetime, may_choose: bool) -> dict[str, str]:
    """For every act why it cannot be done; empty where it can.

    Args:
        view: The desk's view, None before the first answer.
        rule: What the ticket's line does with people who do not come.
        now: For the gap between two calls.
        may_choose: Whether the person may call out of turn.
    """
    if view is None:
        return dict.fromkeys(ACTS, _("Asking how the desk stands …"))
    ticket = view.current
    nobody = "" if ticket is not None else _("Nobody is at the desk.")
    called = ticket is not None and ticket.state == "called"
    only_called = nobody or ("" if called else _("{number} is being served already.", number=ticket.number))
    free = _not_open(view) or (_still_there(ticket) if ticket is not None else "")
    return {
        "next": _not_open(view) or (_still_there(ticket) if called else ""),
        "main": nobody if state_of(view) == "open" else "",
        "recall": only_called or _not_again(ticket, rule, now),
        "hold": nobody,
        "transfer": nobody,
        "pass": only_called,
        "chosen": "" if may_choose else _("Calling out of turn needs a permission of its own."),
        "direct": free,
    }


def _not_open(view: Any) -> str:
    return {
        "open": "",
        "paused": _("The desk has a break; take up work first."),
        "closed": _("Take up work at the desk first."),
    }[state_of(view)]


def _still_there(ticket: Any) -> str:
    return _("Finish, hold or transfer {number} first.", number=ticket.number)


def _not_again(ticket: Any, rule: PassRule, now: datetime) -> str:
    if ticket.calls >= rule.calls:
        return _("Called {n} times; no more calls, pass it.", n=ticket.calls)
    left = rule.gap_seconds - (now - ticket.last_call_at).total_seconds()
    return _("Again in {n} seconds.", n=math.ceil(left)) if left > 0 else ""
