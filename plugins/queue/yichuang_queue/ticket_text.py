"""What a ticket's paper says, worded from a slip."""

from __future__ import annotations

from collections.abc import Mapping

from yichuang.api import HALL_ZONE
from yichuang_queue.rules import kiosk as rules
from yichuang_queue.rules.kiosk import Line, Slip
from yichuang_queue.rules.tickets import PRIORITY_NAMES, Priority
from yichuang_queue.ticket_image import TicketText
from yichuang_queue.words import words

_ = words.text


def paper_of(
    slip: Slip,
    hall: str,
    kiosk: str,
    line: Line | None,
    credits_: Mapping[str, int],
    public_url: str,
    phone: str,
) -> TicketText:
    """The texts of a ticket in the language of this process, with a line of Mongolian.

    Args:
        slip: The ticket.
        hall: Name of the hall.
        kiosk: Code of the kiosk.
        line: Its line, as far as the kiosk knows it.
        credits_: Minutes that priorities are given in advance.
        public_url: Where "my ticket" is served; empty where it is not.
        phone: Printed at the foot; empty leaves it out.
    """
    at = slip.issued.astimezone(HALL_ZONE)
    priority = slip.priority is not Priority.NONE
    return TicketText(
        hall=hall,
        place=f"{at:%Y-%m-%d %H:%M}  {kiosk_name(kiosk)}",
        number=slip.number,
        business=slip.business,
        greeting=mongolian("Welcome"),
        badge=_("Priority ticket") if priority else "",
        badge_note=str(PRIORITY_NAMES[slip.priority]) if priority else "",
        rows=tuple(_rows(slip, line)),
        notes=tuple(_notes(slip, credits_)),
        code=rules.code_text(public_url, slip.token) if slip.token else "",
        beside=(
            _("Scan to see how far it is."),
            _("Listen for your number, look at the board."),
            pass_rule(line),
        ),
        foot=(
            _("Questions: {phone}", phone=phone) if phone else "",
            _("No. {serial}", serial=rules.serial(slip, at.date())),
        ),
    )


def _rows(slip: Slip, line: Line | None) -> list[tuple[str, str]]:
    rows = []
    if slip.due is not None:
        rows.append((_("Appointment"), f"{slip.due.astimezone(HALL_ZONE):%H:%M}"))
    if slip.ahead is not None:
        rows.append((_("Waiting before you"), _("{n} people", n=slip.ahead)))
        rows.append((_("Expected wait"), wait_words(slip)))
    if line is not None and line.desks:
        rows.append((_("Served at"), rules.desks_text(line.desks)))
    if slip.further:
        rows.append((_("Then on the same ticket"), "、".join(slip.further)))
    return rows


def _notes(slip: Slip, credits_: Mapping[str, int]) -> list[str]:
    notes = []
    rule = rules.credit_rule({slip.priority: credits_.get(slip.priority, 0)})
    if slip.priority is not Priority.NONE and rule is not None:
        notes.append(str(rule))
    if slip.offline:
        notes.append(
            _("Given out offline: the number is valid; its progress can be seen once the network is back.")
        )
    return notes


def wait_words(slip: Slip) -> str:
    """The wait that is promised, as an interval."""
    if slip.wait is None:
        return str(rules.wait_text(None))
    return _("about {wait}", wait=rules.wait_text(slip.wait))


def pass_rule(line: Line | None) -> str:
    """What happens to people who do not come."""
    if line is None:
        return _("If you miss your call, go to the guide desk.")
    if line.passed_minutes:
        return _(
            "Called {n} times in vain it is passed; go to the guide desk within {m} minutes.",
            n=line.calls, m=line.passed_minutes,
        )  # fmt: skip
    return _("Called {n} times in vain it is passed; go to the guide desk to come back in.", n=line.calls)


def kiosk_name(kiosk: str) -> str:
    """`取号机 2` for a short code; a code that is a name already stays."""
    return _("Kiosk {kiosk}", kiosk=kiosk) if kiosk.isascii() and len(kiosk) <= 8 else kiosk


def mongolian(msgid: str) -> str:
    """The Mongolian of a text, nothing where there is none; drafts that the bureau's translator has to confirm."""
    text = words.translate(msgid, "mn")
    return "" if text == msgid else text
