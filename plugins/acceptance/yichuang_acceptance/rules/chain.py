"""The hash chain over the events of one case: a row that was changed, left out or put in is found by its number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from yichuang.api import canonical_json

FIELDS = (
    "case_id",
    "seq",
    "event",
    "source",
    "target",
    "staff_id",
    "staff_name",
    "desk",
    "at",
    "opinion",
    "payload",
)


def event_hash(previous: str, values: dict[str, Any]) -> str:
    """The hash of an event over everything it says and over the event before it.

    Args:
        previous: Hash of the event before, empty for the first.
        values: `FIELDS` of the event.
    """
    at: datetime = values["at"]
    told = {**{name: values[name] for name in FIELDS}, "at": at.astimezone(UTC).isoformat()}
    return hashlib.sha256((previous + canonical_json(told)).encode()).hexdigest()


def first_break(events: Iterable[Any]) -> int | None:
    """The number at which the chain of a case's events, in order, does not hold; None where it holds."""
    previous = ""
    for number, event in enumerate(events, 1):
        values = {name: getattr(event, name) for name in FIELDS}
        if event.seq != number or event.prev_hash != previous or event.hash != event_hash(previous, values):
            return number
        previous = event.hash
    return None
