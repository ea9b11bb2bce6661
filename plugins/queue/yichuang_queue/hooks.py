"""What queue calling answers to the suite."""

from __future__ import annotations

from yichuang.api import Figure, Finding, Read, SearchHit, hookimpl, select
from yichuang_queue import tables as t
from yichuang_queue.operations.calling import AtDesk
from yichuang_queue.operations.ratings import satisfied_today
from yichuang_queue.operations.views import CallerView, caller, day_figures, find, line_states
from yichuang_queue.rules.tickets import STATE_NAMES, State
from yichuang_queue.words import words

_ = words.text
L = words.lazy
SHORTEST_TICKET_TEXT = 2
DESK_STATES = {
    "open": (L("takes people"), "green"),
    "paused": (L("Has a break"), "amber"),
    "closed": (L("Desk closed"), "grey"),
}


class Hooks:
    """The queue's side of the hooks."""

    @hookimpl
    def search(self, read: Read, text: str, limit: int) -> list[SearchHit]:
        """Today's tickets by number."""
        if not read.may("queue.view") or not text[:1].isascii() or len(text) < SHORTEST_TICKET_TEXT:
            return []
        return [
            SearchHit("ticket", row.number, f"{row.business} · {STATE_NAMES[State(row.state)]}", "queue.caller",
                      {"ticket_id": row.id}, "ticket")
            for row in find(read, text, limit)
        ]  # fmt: skip

    @hookimpl
    def figures(self, read: Read) -> list[Figure]:
        """The current ticket, who waits, and the half hours of the day."""
        if not read.may("queue.view"):
            return []
        numbers = day_figures(read)
        longest = max((s.predicted_seconds or 0 for s in line_states(read)), default=0)
        found = [
            Figure("queue.waiting", _("Waiting in the hall"), str(numbers.waiting), _("people")),
            Figure("queue.longest", _("Longest predicted wait"), str(-(-longest // 60)), _("minutes"),
                   tone="warning" if longest > 20 * 60 else ""),
            Figure("tickets.half_hours", _("Tickets each half hour"), labels=tuple(numbers.half_hours),
                   values=tuple(float(n) for n in numbers.issued)),
        ]  # fmt: skip
        satisfied = satisfied_today(read)
        if satisfied is not None:
            found.append(Figure("rating.today", _("Satisfied today"), f"{satisfied * 100:.0f}", "%"))
        if read.actor.desk:
            found += _at_desk(caller(read, AtDesk(desk=read.actor.desk)))
        return found

    @hookimpl
    def health(self, read: Read) -> list[Finding]:
        """Whether there are lines to queue for."""
        if read.one(select(t.line.c.code).limit(1)) is None:
            return [
                Finding(
                    _("Queue lines"), "warn", _("No line is set up."), _("Set up lines with queue.set_lines.")
                )
            ]
        return [Finding(_("Queue lines"), "ok", _("Lines are set up."))]


def _at_desk(view: CallerView) -> list[Figure]:
    """What the desk does, how many wait for it, and the ticket at it, as the home page and the top bar show them."""
    text, tone = DESK_STATES[view.desk.state if view.desk is not None else "closed"]
    found = [
        Figure("desk.state", _("Desk"), str(text), tone=tone),
        Figure("queue.mine", _("My queue"), str(view.waiting_count), _("waiting")),
    ]
    ticket = view.current
    since = ticket.arrived_at or ticket.called_at if ticket is not None else None
    if ticket is not None and since is not None:
        extra = {"since": since.isoformat(), "mean_seconds": view.mean_seconds}
        if ticket.state == State.CALLED:
            extra["text"] = _("Called")
        title = ticket.business or _("Current ticket")
        found.append(Figure("ticket", title, ticket.number, extra=extra))
    return found
