"""Printing a slip on the desk's ticket printer, from a button that is busy meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from yichuang.api import UserError, in_language
from yichuang.api.ui import Button, PageContext
from yichuang_acceptance.words import words

_ = words.text
SLIPS = "ticket_printer"


def has_printer(context: PageContext) -> bool:
    """Whether slips can be printed at this desk."""
    return context.device(SLIPS) not in ("absent", "closed")


def make_slip_button() -> Button:
    """The button, where there is a printer for it."""
    return Button(_("Print a slip"), icon="receipt")


def print_slip(
    context: PageContext,
    button: Button,
    ask: Callable[[Callable[[bytes], None], Callable[[UserError], None]], object],
) -> None:
    """Print what `ask(came, failed)` brings: it calls one of them with the slip as PNG, or with what went wrong."""
    button.set_busy(True)

    def printed(_answer: object) -> None:
        button.set_busy(False)
        context.notify(_("The slip was printed"), kind="success")

    def failed(error: UserError) -> None:
        button.set_busy(False)
        context.notify("".join(in_language(part) for part in (error.sentence, error.do)), kind="warning")

    ask(lambda png: context.ask_device(SLIPS, "print", image=png, done=printed, failed=failed), failed)
