"""Chinese input under fcitx 4: an event filter that speaks its D-Bus protocol, as the wheel's Qt has no plugin for it.

Imported only where `input_method.choose` found fcitx 4: it brings QtDBus. fcitx 5 answers the same protocol.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from PyQt6.QtCore import QCoreApplication, QEvent, QMetaType, QObject, QPoint, QRect, Qt, pyqtSlot
from PyQt6.QtDBus import QDBus, QDBusArgument, QDBusConnection, QDBusMessage
from PyQt6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent, QTextCharFormat
from PyQt6.QtWidgets import QWidget

from yichuang.shell.input_method import display_number

log = logging.getLogger("yichuang.shell.input")

CAPACITY_PREEDIT = 1 << 1
CAPACITY_FORMATTED_PREEDIT = 1 << 4
FCITX_UNDERLINE = 1 << 3
"""Bit of fcitx 4's FcitxMessageType that marks text still being composed."""
CALL_MS = 500


class FcitxFilter(QObject):
    """Hands keys to fcitx 4 and what it composes to the focused field."""

    INTERFACE = "org.fcitx.Fcitx.InputContext"

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        self._bus = QDBusConnection.sessionBus()
        self._service = f"org.fcitx.Fcitx-{display_number(os.environ.get('DISPLAY', ':0'))}"
        self._path = ""
        self._composing = False
        self._cursor = QRect()
        self._create_context(app)

    @property
    def connected(self) -> bool:
        """Whether fcitx gave this program an input context."""
        return bool(self._path)

    def _create_context(self, app: QGuiApplication) -> None:
        create = QDBusMessage.createMethodCall(
            self._service, "/inputmethod", "org.fcitx.Fcitx.InputMethod", "CreateICv3"
        )
        create.setArguments(["yichuang", os.getpid()])
        reply = self._bus.call(create, QDBus.CallMode.Block, 1000)
        if reply.type() != QDBusMessage.MessageType.ReplyMessage:
            log.warning("fcitx gave no input context: %s", reply.errorMessage())
            return
        self._path = f"/inputcontext_{reply.arguments()[0]}"
        self._send("SetCapacity", _uint(CAPACITY_PREEDIT | CAPACITY_FORMATTED_PREEDIT))
        self._send("EnableIC")
        for signal, slot in (
            ("CommitString", self._on_commit),
            ("UpdateFormattedPreedit", self._on_preedit),
            ("ForwardKey", self._on_forward),
        ):
            self._bus.connect(self._service, self._path, self.INTERFACE, signal, slot)
        app.installEventFilter(self)
        app.focusObjectChanged.connect(self._on_focus)
        self._on_focus(app.focusObject())

    def _send(self, method: str, *arguments: Any, wait: bool = False) -> Any:
        call = QDBusMessage.createMethodCall(self._service, self._path, self.INTERFACE, method)
        call.setArguments(list(arguments))
        return self._bus.call(call, QDBus.CallMode.Block, CALL_MS) if wait else self._bus.send(call)

    def _on_focus(self, target: QObject | None) -> None:
        self._composing = False
        if target is not None and _accepts_text(target):
            self._send("FocusIn")
            self._place_cursor(target)
        else:
            self._send("FocusOut")

    def eventFilter(self, target: QObject | None, event: QEvent | None) -> bool:
        """Offer each key of the focused field to fcitx first; it says whether it took it."""
        if not isinstance(event, QKeyEvent) or event.type() not in (
            QEvent.Type.KeyPress,
            QEvent.Type.KeyRelease,
        ):
            return False
        if target is not QGuiApplication.focusObject() or target is None or not _accepts_text(target):
            return False
        released = int(event.type() == QEvent.Type.KeyRelease)
        if not released:
            self._place_cursor(target)
        reply = self._send(
            "ProcessKeyEvent",
            _uint(event.nativeVirtualKey()),
            _uint(event.nativeScanCode()),
            _uint(event.nativeModifiers()),
            released,
            _uint(0),
            wait=True,
        )
        answered = reply.type() == QDBusMessage.MessageType.ReplyMessage and reply.arguments()
        return bool(answered and reply.arguments()[0] > 0)

    def _place_cursor(self, target: QObject) -> None:
        query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImCursorRectangle)
        QCoreApplication.sendEvent(target, query)
        rectangle = query.value(Qt.InputMethodQuery.ImCursorRectangle)
        if not isinstance(target, QWidget) or not isinstance(rectangle, QRect):
            return
        scale = target.devicePixelRatioF()
        corner = target.mapToGlobal(QPoint(rectangle.left(), rectangle.top()))
        place = QRect(
            int(corner.x() * scale),
            int(corner.y() * scale),
            int(rectangle.width() * scale),
            int(rectangle.height() * scale),
        )
        if place != self._cursor:
            self._cursor = place
            self._send("SetCursorRect", place.x(), place.y(), place.width(), place.height())

    @pyqtSlot(QDBusMessage)
    def _on_commit(self, message: QDBusMessage) -> None:
        target = QGuiApplication.focusObject()
        if target is not None:
            self._composing = False
            event = QInputMethodEvent()
            event.setCommitString(str(message.arguments()[0]))
            QCoreApplication.sendEvent(target, event)

    @pyqtSlot(QDBusMessage)
    def _on_preedit(self, message: QDBusMessage) -> None:
        """Show what is being composed in the field itself, underlined, with fcitx's cursor in it."""
        target = QGuiApplication.focusObject()
        if target is None:
            return
        parts, cursor = preedit_parts(message.arguments())
        text = "".join(part for part, _underlined in parts)
        if not text and not self._composing:
            return
        self._composing = bool(text)
        QCoreApplication.sendEvent(target, QInputMethodEvent(text, _attributes(parts, cursor)))

    @pyqtSlot(QDBusMessage)
    def _on_forward(self, message: QDBusMessage) -> None:
        """A key fcitx gives back after all (release after a commit); the field sees it as typed text."""
        symbol, _state, kind = message.arguments()[:3]
        target = QGuiApplication.focusObject()
        if target is None:
            return
        released = int(kind) == 1
        text = chr(symbol) if 0x20 <= symbol < 0x7F else ""
        key = FORWARDED.get(symbol, Qt.Key(ord(text.upper())) if text else Qt.Key.Key_unknown)
        event_type = QEvent.Type.KeyRelease if released else QEvent.Type.KeyPress
        target.removeEventFilter(self)
        app = QGuiApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
            QCoreApplication.sendEvent(
                target, QKeyEvent(event_type, key, Qt.KeyboardModifier.NoModifier, text)
            )
            app.installEventFilter(self)


FORWARDED = {
    0xFF08: Qt.Key.Key_Backspace,
    0xFF09: Qt.Key.Key_Tab,
    0xFF0D: Qt.Key.Key_Return,
    0xFF1B: Qt.Key.Key_Escape,
    0xFF50: Qt.Key.Key_Home,
    0xFF51: Qt.Key.Key_Left,
    0xFF52: Qt.Key.Key_Up,
    0xFF53: Qt.Key.Key_Right,
    0xFF54: Qt.Key.Key_Down,
    0xFF57: Qt.Key.Key_End,
    0xFFFF: Qt.Key.Key_Delete,
}
"""X key symbols of the keys that have no text, as fcitx names them."""


def preedit_parts(arguments: list[Any]) -> tuple[list[tuple[str, bool]], int]:
    """The (text, underlined) pieces and the cursor, in characters, of fcitx's UpdateFormattedPreedit.

    fcitx counts the cursor in UTF-8 bytes; -1 or a place outside the text means its end.
    """
    pieces = [
        (str(piece[0]), bool(int(piece[1]) & FCITX_UNDERLINE) or int(piece[1]) == 0) for piece in arguments[0]
    ]
    encoded = "".join(text for text, _underlined in pieces).encode()
    position = int(arguments[1])
    if not 0 <= position <= len(encoded):
        position = len(encoded)
    return pieces, len(encoded[:position].decode(errors="ignore"))


def _attributes(parts: list[tuple[str, bool]], cursor: int) -> list[QInputMethodEvent.Attribute]:
    attributes = []
    start = 0
    for text, underlined in parts:
        style = QTextCharFormat()
        style.setFontUnderline(underlined)
        attributes.append(
            QInputMethodEvent.Attribute(QInputMethodEvent.AttributeType.TextFormat, start, len(text), style)
        )
        start += len(text)
    attributes.append(QInputMethodEvent.Attribute(QInputMethodEvent.AttributeType.Cursor, cursor, 1, None))
    return attributes


def _accepts_text(target: QObject) -> bool:
    query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QCoreApplication.sendEvent(target, query)
    return bool(query.value(Qt.InputMethodQuery.ImEnabled))


def _uint(value: int) -> Any:
    argument = QDBusArgument()
    argument.add(value & 0xFFFFFFFF, QMetaType.Type.UInt.value)
    return argument
