"""Ways in which a paper reaches its addressee without being handed over at the desk, and what each of them needs. Pure.

As 民事诉讼法 has it, since 行政许可法 art. 44 only says that it is served: left before a witness where it is not taken, through
another organ, by electronic means with consent, by a public notice that counts after thirty days where nobody can be found.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from yichuang.api import UserError
from yichuang_acceptance.words import words

L = words.lazy
Way = Literal["direct", "mail", "left", "entrusted", "electronic", "notice"]
NOTICE_DAYS = 30
NEEDS_WITNESS = frozenset({"left", "entrusted"})
"""Who saw it left, or which organ serves it."""
NEEDS_REASON = frozenset({"left", "notice"})


def require_served(
    way: str, place: str, witness: str, reason: str, *, consented: bool, published: date | None, today: date
) -> None:
    """Let only a paper count as served that was served as the law wants it.

    Args:
        way: Neither at the desk nor by mail.
        place: Where it was left, served, sent or published.
        witness: See `NEEDS_WITNESS`.
        reason: Why it was not taken, or why nobody can be found.
        consented: The addressee agreed to electronic means.
        published: The day of the notice.
        today: The day of the hall.

    Raises:
        UserError: ADDRESS_MISSING, WITNESS_MISSING, SERVING_REASON_MISSING, NOT_CONSENTED, NOTICE_RUNS.
    """
    if not place:
        raise UserError("ADDRESS_MISSING", L("Write where it was left, sent or published."))
    if way in NEEDS_WITNESS and not witness:
        raise UserError("WITNESS_MISSING", L("Write who witnessed it, or which organ served it."))
    if way in NEEDS_REASON and not reason:
        raise UserError(
            "SERVING_REASON_MISSING", L("Write why it was not taken, or why the addressee cannot be reached.")
        )
    if way == "electronic" and not consented:
        raise UserError(
            "NOT_CONSENTED",
            L("A paper is served electronically only where the addressee has agreed."),
            do=L("Let the addressee agree, or serve it in another way."),
        )
    if way == "notice" and (published is None or today < published + timedelta(days=NOTICE_DAYS)):
        raise UserError(
            "NOTICE_RUNS",
            L("A public notice counts as served {n} days after it was published.", n=NOTICE_DAYS),
            do=L("Enter it when that time is over, with the day of publication."),
        )
