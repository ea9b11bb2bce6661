"""What the rest of the suite sees of a device: its state, its events, its status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yichuang.hall.errors import Text


class DeviceState(StrEnum):
    """How a device is."""

    STARTING = "starting"
    READY = "ready"
    ABSENT = "absent"
    FAILED = "failed"
    CLOSED = "closed"


@dataclass(frozen=True)
class DeviceEvent:
    """Something a device reports by itself, such as a card laid on the reader.

    Attributes:
        device: The name it was opened under.
        name: "state" (data: state, reason) or an adapter's own, such as "card".
        data: JSON-able values and bytes.
    """

    device: str
    name: str
    data: Mapping[str, object]


@dataclass(frozen=True)
class DeviceStatus:
    """One line of the devices list.

    Attributes:
        restarts: How often its process had to be started again.
        pid: Its process, None while there is none.
    """

    name: str
    kind: str
    title: Text
    adapter: str
    simulated: bool
    state: DeviceState
    reason: Text
    restarts: int
    pid: int | None
