"""One desk window per user: a second start hands its arguments to the first and ends."""

from __future__ import annotations

import getpass
import json
import os
import sys
import tempfile
from pathlib import Path
from zlib import crc32

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS = 300
LARGEST = 64 * 1024


def instance_name(home: Path) -> str:
    """Socket name of this user's desk on this data folder; sockets of all users lie in one directory."""
    return f"yichuang-{getpass.getuser()}-{crc32(str(home.resolve()).encode()):08x}"


def may_be_running(name: str) -> bool:
    """Whether it is worth asking: without a socket file nobody can answer, and QtNetwork need not be loaded yet."""
    return sys.platform == "win32" or os.path.exists(os.path.join(tempfile.gettempdir(), name))


def hand_over(name: str, arguments: list[str]) -> bool:
    """Give the arguments to a desk that is already running; False when none answers."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(json.dumps(arguments).encode() + b"\n")
    socket.waitForBytesWritten(CONNECT_MS)
    # The answer tells a live desk from a stuck one: only a live desk may swallow a start.
    answered = bool(socket.waitForReadyRead(2000))
    socket.disconnectFromServer()
    return answered


class InstanceServer(QObject):
    """Listens for later starts.

    Signals:
        called: Arguments of the start that was handed over.
    """

    called = pyqtSignal(list)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        # After a crash the socket file stays and listen() would refuse; nobody answered on it, so it is ours to remove.
        QLocalServer.removeServer(name)
        self.listening = self._server.listen(name)

    def close(self) -> None:
        """Stop listening and remove the socket."""
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is None:
            return
        received = bytearray()

        def read() -> None:
            received.extend(bytes(socket.readAll()))
            if len(received) > LARGEST:
                socket.abort()
            elif received.endswith(b"\n"):
                self._take(bytes(received), socket)

        socket.readyRead.connect(read)
        socket.disconnected.connect(socket.deleteLater)
        read()

    def _take(self, line: bytes, socket: QLocalSocket) -> None:
        try:
            arguments = json.loads(line)
        except ValueError:
            socket.abort()
            return
        socket.write(b"ok\n")
        socket.flush()
        if isinstance(arguments, list):
            self.called.emit([str(argument) for argument in arguments])
