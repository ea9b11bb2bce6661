"""What queue calling answers to the suite."""

from __future__ import annotations

from yichuang.api import Figure, Finding, Read, SearchHit, hookimpl, select
from yichuang_queue import tables as t
from yichuang_queue.operations.calling import AtDesk
from yichuang_queue.operations.views import caller, day_figures, find, line_states
from yichuang_queue.rules.tickets import STATE_NAMES, State
from yichuang_queue.words import words

_ = words.text
SHORTEST_TICKET_TEXT = 2


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
        if read.actor.desk:
            view = caller(read, AtDesk(desk=read.actor.desk))
            found.append(Figure("queue.mine", _("My queue"), str(view.waiting_count), _("waiting")))
            if view.current is not None:
                since = view.current.arrived_at or view.current.called_at or read.now
                extra = {
                    "business": view.current.business, "seconds": int((read.now - since).total_seconds()),
                    "mean_seconds": view.mean_seconds,
                }  # fmt: skip
                found.append(Figure("ticket", _("Current ticket"), view.current.number, extra=extra))
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
