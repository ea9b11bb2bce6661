"""One desk window per user: a second start hands its arguments to the first and ends.

Who is first is decided by a lock file, at once and without a race; the socket on which the first one listens is opened
after its first paint, as QtNetwork costs time to load.
"""

from __future__ import annotations

import getpass
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from PyQt6.QtCore import QLockFile, QObject, pyqtSignal

if TYPE_CHECKING:
    from PyQt6.QtNetwork import QLocalSocket

CONNECT_MS = 300
ANSWER_MS = 2000
HAND_OVER_SECONDS = 5.0
LARGEST = 64 * 1024
LOCK_NAME = "desk.lock"


def instance_name(home: Path) -> str:
    """Socket name of this user's desk on this data folder; sockets of all users lie in one directory."""
    return f"yichuang-{getpass.getuser()}-{crc32(str(home.resolve()).encode()):08x}"


def lock_instance(home: Path) -> QLockFile | None:
    """The lock of this data folder, None where another process has it. The lock of a dead process counts for nothing."""
    home.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(home / LOCK_NAME))
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(0) else None


def hand_over(name: str, arguments: list[str], seconds: float = HAND_OVER_SECONDS) -> bool:
    """Give the arguments to the desk that is running; False when it does not answer in time.

    It is asked again for some seconds: a desk that has just been started does not listen yet.
    """
    from PyQt6.QtNetwork import QLocalSocket

    deadline = time.monotonic() + seconds
    while True:
        socket = QLocalSocket()
        socket.connectToServer(name)
        if socket.waitForConnected(CONNECT_MS):
            socket.write(json.dumps(arguments).encode() + b"\n")
            socket.waitForBytesWritten(CONNECT_MS)
            # The answer tells a live desk from a stuck one: only a live desk may swallow a start.
            answered = bool(socket.waitForReadyRead(ANSWER_MS))
            socket.disconnectFromServer()
            if answered:
                return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)


class InstanceServer(QObject):
    """Listens for later starts; to be made by the holder of the lock alone.

    Signals:
        called: Arguments of the start that was handed over.
    """

    called = pyqtSignal(list)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        from PyQt6.QtNetwork import QLocalServer

        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        # After a crash the socket file stays and listen() would refuse; whoever holds the lock may remove it.
        QLocalServer.removeServer(name)
        self.listening = self._server.listen(name)

    def close(self) -> None:
        """Stop listening and remove the socket."""
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            _Call(socket, self)


class _Call(QObject):
    """One later start on the line: its arguments end with a newline and are answered with one."""

    def __init__(self, socket: QLocalSocket, server: InstanceServer) -> None:
        super().__init__(server)
        self._socket = socket
        self._server = server
        self._received = bytearray()
        socket.setParent(self)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self.deleteLater)
        self._read()

    def _read(self) -> None:
        self._received.extend(self._socket.readAll().data())
        if len(self._received) > LARGEST:
            self._socket.abort()
        elif self._received.endswith(b"\n"):
            arguments = _parse(bytes(self._received))
            if arguments is None:
                self._socket.abort()
                return
            self._socket.write(b"ok\n")
            self._socket.flush()
            self._server.called.emit(arguments)


def _parse(line: bytes) -> list[str] | None:
    try:
        arguments = json.loads(line)
    except ValueError:
        return None
    return [str(argument) for argument in arguments] if isinstance(arguments, list) else None
