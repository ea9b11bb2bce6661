"""Ticket printers: thermal printers that speak ESC/POS, on a device file or the network, and a simulated one."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

from yichuang.devices.adapter import Adapter, TroubleError, command, numbered_file
from yichuang.devices.escpos import ASK_PAPER, paper_state, raster

PORT = 9100
CONNECT_WITHIN = 3.0
ANSWER_WITHIN = 1.0


class TicketPrinter(Adapter):
    """What all ticket printers do."""

    def write(self, data: bytes) -> None:
        """Hand bytes to the printer."""
        raise NotImplementedError

    @command
    def print(self, image: bytes, cut: bool = True) -> Mapping[str, object]:
        """Print a picture, one dot of the printer per pixel.

        Returns:
            {"bytes": how many were sent}.
        """
        try:
            data = raster(image, cut=cut)
        except ValueError as error:
            raise TroubleError("DEVICE_PAGE", path="ticket", cause=str(error)) from error
        return self.send(data)

    @command
    def send(self, data: bytes) -> Mapping[str, object]:
        """Send ready-made ESC/POS."""
        self.write(data)
        return {"bytes": len(data)}

    @command
    def check(self) -> Mapping[str, object]:
        """Ask for the paper: {"paper": ok, low, out or unknown}."""
        return {"paper": "unknown"}


class SimulatedPrinter(TicketPrinter):
    """Settings: folder, for ticket-0001.png and .bin; without it tickets go nowhere. paper: what `check` says."""

    @command
    def print(self, image: bytes, cut: bool = True) -> Mapping[str, object]:
        """Keep the picture beside the bytes."""
        if self.setting("paper", str, "ok") == "out":
            raise TroubleError("DEVICE_PRINTER_PAPER")
        answer = super().print(image=image, cut=cut)
        if "folder" not in self.settings:
            return answer
        return {**answer, "path": str(numbered_file(self.folder(), "ticket", ".png", image))}

    def write(self, data: bytes) -> None:
        """Keep the bytes."""
        if "folder" in self.settings:
            numbered_file(self.folder(), "ticket", ".bin", data)

    @command
    def check(self) -> Mapping[str, object]:
        """What the settings say."""
        return {"paper": self.setting("paper", str, "ok")}


class FilePrinter(TicketPrinter):
    """A printer on a device file such as /dev/usb/lp0, or a share or port on Windows. Settings: path."""

    def open(self) -> None:
        """See whether the file is there; nothing is created."""
        if not Path(self.setting("path", str)).exists():
            raise TroubleError("DEVICE_ABSENT", path=self.settings["path"])

    def write(self, data: bytes) -> None:
        """Append: a device file takes it as it comes."""
        path = self.setting("path", str)
        try:
            with open(path, "r+b" if Path(path).is_char_device() else "ab", buffering=0) as file:
                view = memoryview(data)
                while view:
                    view = view[file.write(view) or 0 :]
        except FileNotFoundError as error:
            raise TroubleError("DEVICE_ABSENT", path=path) from error
        except OSError as error:
            raise TroubleError("DEVICE_FILE", path=path, cause=str(error)) from error


class NetworkPrinter(TicketPrinter):
    """A printer with its own network port, raw on TCP 9100. Settings: host, port.

    A connection is made for each ticket: these printers serve one at a time and several desks may share one.
    """

    def open(self) -> None:
        """See whether it answers."""
        self._connect().close()

    def write(self, data: bytes) -> None:
        """Send, but not to a printer that says that it has no paper: it would keep the ticket and lose it."""
        with self._connect() as connection:
            if self._paper(connection) == "out":
                raise TroubleError("DEVICE_PRINTER_PAPER")
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            except OSError as error:
                raise TroubleError("DEVICE_FILE", path=self._address(), cause=str(error)) from error

    @command
    def check(self) -> Mapping[str, object]:
        """Ask the printer."""
        with self._connect() as connection:
            return {"paper": self._paper(connection)}

    def _paper(self, connection: socket.socket) -> str:
        connection.settimeout(ANSWER_WITHIN)
        try:
            connection.sendall(ASK_PAPER)
            return paper_state(connection.recv(1))
        except OSError:  # many a printer does not answer; that is no reason not to print
            return "unknown"
        finally:
            connection.settimeout(CONNECT_WITHIN)

    def _connect(self) -> socket.socket:
        address = (self.setting("host", str), self.setting("port", int, PORT))
        try:
            return socket.create_connection(address, timeout=CONNECT_WITHIN)
        except OSError as error:
            raise TroubleError("DEVICE_ABSENT", address=self._address(), cause=str(error)) from error

    def _address(self) -> str:
        return f"{self.settings['host']}:{self.settings.get('port', PORT)}"
