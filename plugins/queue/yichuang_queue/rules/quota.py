"""How many tickets a business gives out: quotas of a day, of a half day and of a slot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

NOON = time(13, 0)  # halls close at noon; a ticket taken before one o'clock counts for the morning


@dataclass(frozen=True)
class Quota:
    """Limits of a business; None is no limit.

    Attributes:
        slot_minutes: Length of a slot, counted from midnight.
    """

    day: int | None = None
    half_day: int | None = None
    slot: int | None = None
    slot_minutes: int = 60

    def counters(self, at: time) -> list[tuple[str, int, str]]:
        """What a ticket at this time of day counts towards: (name of the counter, limit, kind of the limit)."""
        found = []
        if self.day is not None:
            found.append(("day", self.day, "day"))
        if self.half_day is not None:
            half = "am" if at < NOON else "pm"
            found.append((half, self.half_day, "half_day"))
        if self.slot is not None:
            begin = (at.hour * 60 + at.minute) // self.slot_minutes * self.slot_minutes
            found.append((f"{begin // 60:02d}:{begin % 60:02d}", self.slot, "slot"))
        return found
