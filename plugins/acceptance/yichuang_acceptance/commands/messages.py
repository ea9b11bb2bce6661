"""`yichuang acceptance messages`: sends messages to applicants, in a process of its own; lets time pass for cases as well.

No desk need be open for reminders to be written and messages to go out. A second sender does no harm: messages are claimed.
"""

from __future__ import annotations

import getpass
import secrets
import sys
from collections import Counter

from yichuang.api import CommandContext, UserError
from yichuang_acceptance.words import words

_ = words.text
EVERY_SECONDS = 30.0


def run(context: CommandContext) -> int:
    """Send until told to end, or once what is due; `--password` keeps the gateway's password instead."""
    parser = context.parser()
    parser.add_argument("--once", action="store_true", help=_("Send what is due and end"))
    parser.add_argument(
        "--password",
        action="store_true",
        help=_("Keep the gateway's password in the keyring; it is asked for"),
    )
    options = parser.parse_args(list(context.arguments))
    if options.password:
        context.run("acceptance.set_gateway_password", {"password": _password()})
        return 0
    stopping = context.stopping
    claim = secrets.token_hex(8)
    if options.once:
        print(
            " ".join(f"{state}: {number}" for state, number in sorted(send_due(context, claim).items()))
            or "-"
        )
        return 0
    while not stopping.is_set():
        try:
            send_due(context, claim)
        except UserError as error:  # the database is away: it is tried again
            context.log.warning("%s: %s", error.code, error.sentence)
        stopping.wait(EVERY_SECONDS)
    return 0


def _password() -> str:
    """Typed without echo, or the first line of a pipe; never an argument, which other people of the machine can see."""
    if sys.stdin.isatty():
        return getpass.getpass(_("Password of the gateway: "))
    return sys.stdin.readline().rstrip("\r\n")


def send_due(context: CommandContext, claim: str) -> Counter[str]:
    """Let time pass, then send what is due; returns how many messages came to which state."""
    if context.query("acceptance.is_due"):
        context.run("acceptance.tick")
    states: Counter[str] = Counter()
    while not context.stopping.is_set() and context.query("acceptance.messages_due"):
        claimed = context.run("acceptance.claim_messages", {"claim": claim})
        for message_id in claimed:
            if context.stopping.is_set():  # what is left in hand is free again when the claim lapses
                break
            request = {"message_id": message_id, "claim": claim, "folder": str(context.data_dir)}
            states[context.run("acceptance.send_message", request)] += 1
    return states
