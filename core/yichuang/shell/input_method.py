"""Chinese input with the wheel's own Qt: which way there is on this desk.

The wheel carries only the `compose` and `ibus` input plugins, and a desk's own fcitx plugin cannot be loaded into it
(private ABI). Most desks of halls run fcitx. fcitx 5 answers the ibus portal; fcitx 4 is spoken to directly, see `fcitx`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

PORTAL = "org.freedesktop.portal.IBus"


def display_number(display: str) -> str:
    """The number fcitx 4 puts into its bus name: `:1.0` and `host:1` are both 1."""
    return display.rpartition(":")[2].partition(".")[0] or "0"


def choose() -> str:
    """Set the variables Qt reads for its input plugin; must run before QApplication.

    Returns:
        "portal" when the ibus portal answers, "fcitx4" when fcitx 4 does, otherwise "" (Qt's own choice stands).
    """
    if not sys.platform.startswith("linux") or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return ""
    from PyQt6.QtDBus import QDBusConnection

    # A connection of our own: the shared one may not be made before the application object.
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "yichuang-input")
    try:
        interface = bus.interface() if bus.isConnected() else None
        if interface is None:
            return ""

        def owned(name: str) -> bool:
            return bool(interface.isServiceRegistered(name).value())

        return _choose(owned)
    finally:
        QDBusConnection.disconnectFromBus("yichuang-input")


def _choose(owned: Callable[[str], bool]) -> str:
    if owned(PORTAL):
        os.environ["QT_IM_MODULE"] = "ibus"
        os.environ["IBUS_USE_PORTAL"] = "1"
        return "portal"
    if owned(f"org.fcitx.Fcitx-{display_number(os.environ.get('DISPLAY', ':0'))}"):
        return "fcitx4"
    return ""
