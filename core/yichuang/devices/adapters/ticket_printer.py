"""Ticket printers: thermal printers that speak ESC/POS, on a device file, the network or USB, and a simulated one."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yichuang.devices.adapter import Adapter, TroubleError, command, numbered_file
from yichuang.devices.escpos import ASK_PAPER, library, paper_state, raster

PORT = 9100
CONNECT_WITHIN = 3.0
ANSWER_WITHIN = 1.0


class TicketPrinter(Adapter):
    """What all ticket printers do."""

    def open(self) -> None:
        """Load what encodes pictures now: the first person at a kiosk should not wait for it."""
        library()

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
        super().open()
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
        super().open()
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


class UsbPrinter(TicketPrinter):
    """A printer on USB without a driver of the system. NOT TRIED ON HARDWARE: only against a device that a test plays.

    Settings: vendor and product, numbers as `lsusb` shows them ("04b8", "0e15"); without them the first device of the
    printer class is taken. On Linux it needs libusb-1.0 and the right to write to the device (a udev rule); on Windows a
    libusb driver in place of the maker's. A printer that has a device file or a port is better used through that.
    """

    def open(self) -> None:
        """Find the device and the two ends of its printer interface."""
        super().open()
        self._connection: Any = None
        self._connection = self._connect()

    def close(self) -> None:
        """Let go of it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def write(self, data: bytes) -> None:
        """Send, unless it says that it has no paper."""
        if self._paper() == "out":
            raise TroubleError("DEVICE_PRINTER_PAPER")
        try:
            self._connection._raw(data)
        except OSError as error:  # pyusb's errors are OSErrors
            raise TroubleError("DEVICE_ABSENT", address=self._name(), cause=str(error)) from error

    @command
    def check(self) -> Mapping[str, object]:
        """Ask the printer."""
        return {"paper": self._paper()}

    def _paper(self) -> str:
        try:
            self._connection._raw(ASK_PAPER)
            return paper_state(bytes(self._connection._read()[:1]))
        except OSError:  # many a printer does not answer; that is no reason not to print
            return "unknown"

    def _connect(self) -> Any:
        import usb.core
        from escpos.exceptions import DeviceNotFoundError

        try:
            found = usb.core.find(custom_match=self._wanted)
            if found is None:
                raise TroubleError("DEVICE_ABSENT", address=self._name())
            to_printer, from_printer = _ends(found)
            printer = library().Usb(
                usb_args={"custom_match": self._wanted}, timeout=int(ANSWER_WITHIN * 1000),
                in_ep=from_printer, out_ep=to_printer,
            )  # fmt: skip
            printer.open()
        except usb.core.NoBackendError as error:
            raise TroubleError("DEVICE_LIBRARY", path="libusb-1.0", cause=str(error)) from error
        except (DeviceNotFoundError, OSError) as error:
            raise TroubleError("DEVICE_ABSENT", address=self._name(), cause=str(error)) from error
        return printer

    def _wanted(self, device: Any) -> bool:
        if "vendor" in self.settings:
            return (device.idVendor, device.idProduct) == (self._number("vendor"), self._number("product"))
        return _printer_interface(device) is not None

    def _number(self, name: str) -> int:
        text = self.setting(name, str)
        try:
            return int(text, 16)
        except ValueError as error:
            raise TroubleError("DEVICE_BAD_SETTINGS", setting=name, value=text) from error

    def _name(self) -> str:
        return f"USB {self.settings.get('vendor', '')}:{self.settings.get('product', '')}"


USB_PRINTER_CLASS = 7
USB_FROM_DEVICE = 0x80


def _printer_interface(device: Any) -> Any:
    """The interface of a device that belongs to the class of printers, if it has one."""
    interfaces = (interface for configuration in device for interface in configuration)
    return next((each for each in interfaces if each.bInterfaceClass == USB_PRINTER_CLASS), None)


def _ends(device: Any) -> tuple[int, int]:
    """The addresses of the endpoints to and from the printer; the usual ones where it has no printer interface."""
    to_printer, from_printer = 0x01, 0x82
    for endpoint in _printer_interface(device) or ():
        if endpoint.bEndpointAddress & USB_FROM_DEVICE:
            from_printer = endpoint.bEndpointAddress
        else:
            to_printer = endpoint.bEndpointAddress
    return to_printer, from_printer
