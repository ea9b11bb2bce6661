"""A stand-in for fcitx 4 on the session bus: composes `nihao`, commits 你好 at a blank, leaves other keys alone.

It speaks the real wire protocol, so the filter under test cannot tell; the real program is not on every machine.
"""

from __future__ import annotations

import sys

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

NAME = "org.fcitx.Fcitx-0"
PATH = "/inputcontext_7"
CONTEXT = DBusAddress(PATH, interface="org.fcitx.Fcitx.InputContext")
UNDERLINE = 1 << 3
SPACE, BACKSPACE = 0x20, 0xFF08


def main() -> None:
    connection = open_dbus_connection("SESSION")
    connection.send_and_get_reply(message_bus.RequestName(NAME))
    print("ready", flush=True)
    composing = ""
    while True:
        message = connection.receive()
        if message.header.message_type is not MessageType.method_call:
            continue
        member = message.header.fields[HeaderFields.member]
        if member == "CreateICv3":
            connection.send(new_method_return(message, "iuuuu", (7, 0, 0, 0, 0)))
        elif member == "ProcessKeyEvent":
            symbol, _code, _state, released, _time = message.body
            taken = 0
            if not released and 0x61 <= symbol <= 0x7A:
                composing += chr(symbol)
                taken = 1
                body = ([(composing, UNDERLINE)], len(composing))
                connection.send(new_signal(CONTEXT, "UpdateFormattedPreedit", "a(si)i", body))
            elif not released and symbol == SPACE and composing:
                composing, taken = "", 1
                connection.send(new_signal(CONTEXT, "UpdateFormattedPreedit", "a(si)i", ([], 0)))
                connection.send(new_signal(CONTEXT, "CommitString", "s", ("你好",)))
            elif not released and symbol == BACKSPACE:
                taken = 1  # taken, and given back: the way fcitx 4 sends keys after a commit
                connection.send(new_signal(CONTEXT, "ForwardKey", "uui", (BACKSPACE, 0, 0)))
            connection.send(new_method_return(message, "i", (taken,)))
        else:
            sys.stderr.write(f"{member} {message.body}\n")
            sys.stderr.flush()


if __name__ == "__main__":
    main()
