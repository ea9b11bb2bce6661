"""Devices at the window: one child process each, a simulator behind the same interface as every real one.

Nothing is imported before it is asked for: a desk that opens no device pays for none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.devices.kinds import KINDS, adapters, register_adapter
    from yichuang.devices.manager import Device, DeviceManager
    from yichuang.devices.states import DeviceEvent, DeviceState, DeviceStatus

__all__ = [
    "KINDS",
    "Device",
    "DeviceEvent",
    "DeviceManager",
    "DeviceState",
    "DeviceStatus",
    "adapters",
    "register_adapter",
]

_HOMES = {
    "KINDS": "kinds",
    "adapters": "kinds",
    "register_adapter": "kinds",
    "Device": "manager",
    "DeviceManager": "manager",
    "DeviceEvent": "states",
    "DeviceState": "states",
    "DeviceStatus": "states",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{home}"), name)
