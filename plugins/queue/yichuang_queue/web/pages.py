"""The pages' HTML. Whatever comes from the hall is escaped; styles and scripts are files of their own."""

from __future__ import annotations

from html import escape
from typing import Any

from yichuang.api import HALL_ZONE
from yichuang_queue.web.shown import CHINESE, ENGLISH, say, wait_words

OUTER = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
{head}</head><body{body}>
{content}
</body></html>
"""


def _page(title: str, head: str, content: str, body: str = "") -> str:
    return OUTER.format(title=escape(title), head=head, content=content, body=body)


def board_page(zone: str, desk: str, number_mn: str, desk_mn: str) -> str:
    """The frame of a board; `board.js` fills it from the stream."""
    labels = {
        "zone": zone,
        "desk": desk,
        "number-mn": number_mn,
        "desk-mn": desk_mn,
        "please": say("Please"),
        "to": say("to"),
        "window": say("window"),
        "people": say("waiting (people)"),
        "watch": say("Please watch for your number"),
        "connecting": say("Connecting…"),
        "stale": say("No connection for {n} s; this may be old"),
        "heads": "|".join(say(head) for head in ("Number", "Business", "Window")),
        "open": say("In service"),
        "paused": say("Service paused"),
        "closed": say("Not in service"),
        "come": say("please come to this window"),
        "serving": say("is being served"),
        "elsewhere": say("Please go to another window"),
        "soon": say("Back soon"),
    }
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in labels.items())
    head = (
        '<link rel="stylesheet" href="/static/board.css">'
        '<script src="/static/announcing.js" defer></script><script src="/static/board.js" defer></script>'
    )
    content = (
        '<div id="stage"><div id="strip"></div><div id="head"></div><div id="clock"></div><div id="panel"></div>'
        '<div id="rows"></div><div id="lines"></div><div id="ticker"></div><div id="stale"></div></div>'
        f"<noscript><p>{escape(say('This board needs JavaScript.'))}</p></noscript>"
    )
    return _page(say("Board"), head, content, data)


def ticket_page(ticket: Any) -> str:
    """A ticket in Chinese and English, and in Mongolian where the hall gave names; it works without scripts too."""
    head = (
        '<link rel="stylesheet" href="/static/ticket.css"><script src="/static/ticket.js" defer></script>'
        '<noscript><meta http-equiv="refresh" content="20"></noscript>'
    )
    taken = f"{ticket.issued_at.astimezone(HALL_ZONE):%H:%M}"
    mongolian = "　".join(name for name in (ticket.hall_mn, ticket.line_mn) if name)
    column = f'<div class="mn" lang="mn">{escape(mongolian)}</div>' if mongolian else ""
    rows = "".join(f"<dt>{_both(label)}</dt><dd>{value}</dd>" for label, value in _rows(ticket, taken))
    kind = "mongolian" if mongolian else "plain"
    content = (
        f"<header>{escape(ticket.hall)}</header>"
        f'<main id="ticket" class="{kind}" data-state="{escape(ticket.state)}">{column}'
        f'<p class="what">{escape(ticket.business or ticket.line)}</p><p class="number">{escape(ticket.number)}</p>'
        f'<div class="state">{_state(ticket)}</div><dl>{rows}</dl></main>'
        f'<footer id="foot" data-old="{escape(say("No connection; this may be old"))}">'
        f"{_both('This page renews itself. The boards in the hall decide.')}</footer>"
    )
    return _page(f"{ticket.number} {say('My ticket')}", head, content)


def _both(msgid: str, **values: object) -> str:
    """A sentence in Chinese and, smaller, in English."""
    return f"{escape(say(msgid, CHINESE, **values))} <small>{escape(say(msgid, ENGLISH, **values))}</small>"


_STATES = {
    "waiting": "You are in line",
    "called": "Please go to window {desk}",
    "serving": "Being served at window {desk}",
    "held": "On hold: the window will call you again",
    "passed": "Your number was passed: please ask at the information desk",
    "done": "Your matter is finished",
    "ended": "This ticket is not valid any more",
}


def _state(ticket: Any) -> str:
    return f"<p>{_both(_STATES.get(ticket.state, 'You are in line'), desk=ticket.desk or '—')}</p>"


def _rows(ticket: Any, taken: str) -> list[tuple[str, str]]:
    rows = [("Taken at", escape(taken)), ("Queue line", escape(ticket.line))]
    if ticket.state != "waiting":
        return rows
    wait = (ticket.wait_seconds, ticket.wait_low, ticket.wait_high)
    said = wait_words(wait), wait_words(wait, ENGLISH)
    shown = f"{escape(said[0])} <small>{escape(said[1])}</small>" if said[0] else _both("no window open")
    return [("People before you", f"<b>{ticket.ahead}</b>"), ("Still to wait", f"<b>{shown}</b>"), *rows]


def sorry_page(title: str, detail: str) -> str:
    """A page that says what is not to be had here."""
    head = '<link rel="stylesheet" href="/static/ticket.css">'
    return _page(title, head, f'<main class="sorry"><h1>{escape(title)}</h1><p>{escape(detail)}</p></main>')
