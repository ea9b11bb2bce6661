"""How many may be granted in a time (数量限制), and in which order: that of acceptance (art. 57). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yichuang.api import UserError
from yichuang_acceptance.rules.guide import Guide
from yichuang_acceptance.words import words

L = words.lazy
YEAR, MONTH, EVER = "Y", "M", "E"


@dataclass(frozen=True)
class Quota:
    """At most so many in a year, in a month, or ever."""

    most: int
    period: str

    def begins(self, day: date) -> date | None:
        """The first day of the time that a day lies in; None where all of it counts."""
        if self.period == EVER:
            return None
        return day.replace(month=1, day=1) if self.period == YEAR else day.replace(day=1)


def quota_of(guide: Guide) -> Quota | None:
    """The limit that a guide sets; None where it sets none."""
    most, period = guide.get("quota"), guide.get("quota_period")
    return Quota(int(most), period) if most and period else None


def require_room(quota: Quota, granted: int, earlier: int) -> None:
    """Let one more be granted.

    Args:
        quota: The limit.
        granted: How many were granted in this time.
        earlier: How many that were accepted before this one are not decided yet.

    Raises:
        UserError: QUOTA_USED, EARLIER_FIRST.
    """
    left = quota.most - granted
    if left <= 0:
        raise UserError(
            "QUOTA_USED",
            L("All {n} that may be granted in this time were granted.", n=quota.most),
            do=L("Refuse with this reason, or end the case because the limit of number is used up."),
        )
    if earlier >= left:
        raise UserError(
            "EARLIER_FIRST",
            L(
                "Only {left} may still be granted, and {n} that were accepted earlier wait.",
                left=left,
                n=earlier,
            ),
            do=L("Decide those first: they come in the order in which they were accepted (art. 57)."),
        )
