"""Ticket and A4 printers: files, a network printer played byte by byte, and a real CUPS."""

from __future__ import annotations

import os
import shutil
import socketserver
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import usb.core
import usb.util
from PIL import Image

from yichuang.devices import DeviceState
from yichuang.devices.adapter import TroubleError
from yichuang.devices.adapters.ticket_printer import UsbPrinter
from yichuang.devices.escpos import ASK_PAPER, raster
from yichuang.hall.errors import UserError

from .conftest import until
from .test_helpers import png

TICKET = png(576, 300, [(10, 10, 100, 40)])
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 50 + b"\n%%EOF\n"


def refused(call, *args, **kwargs):
    with pytest.raises(UserError) as caught:
        call(*args, **kwargs)
    return caught.value


def test_simulated_tickets_are_numbered_files(manager, tmp_path):
    printer = manager.open("ticket_printer", {"folder": str(tmp_path / "tickets")})
    first = printer.ask("print", image=TICKET)
    second = printer.ask("print", image=TICKET)
    assert first["path"].endswith("ticket-0001.png")
    assert second["path"].endswith("ticket-0002.png")
    folder = tmp_path / "tickets"
    assert sorted(path.name for path in folder.iterdir()) == [
        "ticket-0001.bin", "ticket-0001.png", "ticket-0002.bin", "ticket-0002.png",
    ]  # fmt: skip
    assert (folder / "ticket-0001.bin").read_bytes() == raster(TICKET)
    with Image.open(folder / "ticket-0001.png") as image:
        assert image.size == (576, 300)
    assert printer.ask("check") == {"paper": "ok"}


def test_a_simulated_printer_needs_no_folder_and_can_run_out_of_paper(manager):
    assert manager.open("ticket_printer").ask("print", image=TICKET)["bytes"] > 1000
    empty = manager.open("ticket_printer", {"paper": "out"}, name="empty")
    assert empty.ask("check") == {"paper": "out"}
    assert refused(empty.ask, "print", image=TICKET).code == "DEVICE_PRINTER_PAPER"


def test_what_is_no_picture_is_refused(manager):
    printer = manager.open("ticket_printer")
    assert refused(printer.ask, "print", image=b"no picture").code == "DEVICE_PAGE"
    assert printer.ask("print", image=TICKET)["bytes"]


def test_a_device_file_gets_the_bytes(manager, tmp_path):
    path = tmp_path / "lp0"
    printer = manager.open("ticket_printer", {"adapter": "file", "path": str(path), "retry_absent": 0.05})
    assert printer.wait_settled(20) is DeviceState.ABSENT
    assert not path.exists(), "looking for a device must not create a file"
    path.touch()
    until(lambda: printer.state is DeviceState.READY)
    printer.ask("send", data=b"\x1b@abc")
    printer.ask("print", image=TICKET, cut=False)
    assert path.read_bytes() == b"\x1b@abc" + raster(TICKET, cut=False)


def test_a_file_that_cannot_be_written_is_told(manager):
    printer = manager.open("ticket_printer", {"adapter": "file", "path": "/dev/full"})
    error = refused(printer.ask, "send", data=b"x" * 100)
    assert error.code == "DEVICE_FILE"
    assert "/dev/full" in error.as_dict("zh_CN")["sentence"]


class Printer(socketserver.ThreadingTCPServer):
    """A network printer: answers the paper question, keeps what is printed."""

    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True

    def __init__(self, answer=b"\x12", address=("127.0.0.1", 0)):
        self.answer, self.jobs, self.silent_for = answer, [], 0.0
        super().__init__(address, Handler)

    def handle_error(self, request, client_address):
        pass


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        data = b""
        while chunk := self.request.recv(65536):
            data += chunk
            if data.startswith(ASK_PAPER):
                data = data[len(ASK_PAPER) :]
                if self.server.answer:
                    self.request.sendall(self.server.answer)
        if data:
            self.server.jobs.append(data)


@pytest.fixture
def network():
    servers = []

    def start(**kwargs):
        server = Printer(**kwargs)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        servers.append((server, thread))
        return server

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def open_network(manager, server, **settings):
    host, port = server.server_address
    return manager.open("ticket_printer", {"adapter": "network", "host": host, "port": port, **settings})


def test_a_network_printer_gets_the_bytes(manager, network):
    server = network()
    printer = open_network(manager, server)
    assert printer.ask("check") == {"paper": "ok"}
    printer.ask("print", image=TICKET)
    printer.ask("send", data=b"\x1b@second")
    until(lambda: len(server.jobs) == 2)
    assert server.jobs == [raster(TICKET), b"\x1b@second"]


@pytest.mark.parametrize(("answer", "paper"), [(b"\x1e", "low"), (b"", "unknown")])
def test_a_printer_that_is_low_or_says_nothing_still_prints(manager, network, answer, paper):
    server = network(answer=answer)
    printer = open_network(manager, server)
    assert printer.ask("check") == {"paper": paper}
    printer.ask("print", image=TICKET)
    until(lambda: server.jobs)


def test_a_printer_without_paper_gets_no_ticket(manager, network):
    server = network(answer=b"\x72")
    printer = open_network(manager, server)
    assert refused(printer.ask, "print", image=TICKET).code == "DEVICE_PRINTER_PAPER"
    time.sleep(0.1)
    assert server.jobs == []


def test_a_printer_that_is_switched_off_and_on(manager, network):
    server = network()
    address = server.server_address
    printer = open_network(manager, server, retry_absent=0.1)
    printer.ask("send", data=b"one")
    server.shutdown()
    server.server_close()
    assert refused(printer.ask, "send", data=b"two").code == "DEVICE_ABSENT"
    assert printer.state is DeviceState.ABSENT
    again = network(address=address)
    until(lambda: printer.state is DeviceState.READY)
    printer.ask("send", data=b"three")
    until(lambda: again.jobs == [b"three"])


class Usb:
    """A printer as pyusb shows it, played: a configuration with one printer interface and two endpoints."""

    idVendor, idProduct = 0x04B8, 0x0E15  # noqa: N815 - pyusb's names

    def __init__(self, paper=b"\x12"):
        self.paper, self.written = paper, b""
        self.backend = self

    def __iter__(self):
        return iter([[UsbInterface()]])

    def set_configuration(self):
        pass

    def reset(self):
        pass

    def write(self, endpoint, data, timeout):
        assert endpoint == 0x03, "the interface's own endpoint, not the library's guess"
        assert timeout > 0
        if data != ASK_PAPER:
            self.written += data

    def read(self, endpoint, length):
        assert endpoint == 0x84
        if not self.paper:
            raise usb.core.USBTimeoutError("timeout")
        return self.paper


class UsbInterface:
    bInterfaceClass = 7  # noqa: N815 - pyusb's name

    def __iter__(self):
        return iter([SimpleNamespace(bEndpointAddress=0x84), SimpleNamespace(bEndpointAddress=0x03)])


def usb_printer(monkeypatch, device, **settings):
    def find(custom_match=None, **_more):
        return device if device is not None and custom_match(device) else None

    monkeypatch.setattr(usb.core, "find", find)
    monkeypatch.setattr(usb.util, "dispose_resources", lambda _device: None)
    adapter = UsbPrinter(settings)
    adapter.open()
    return adapter


@pytest.mark.parametrize("paper", [b"\x12", b"\x1e", b""])
def test_a_usb_printer_gets_the_bytes(monkeypatch, paper):
    device = Usb(paper)
    printer = usb_printer(monkeypatch, device, vendor="04b8", product="0e15")
    printer.print(image=TICKET)
    printer.close()
    assert device.written == raster(TICKET)


def test_a_usb_printer_without_paper_gets_no_ticket(monkeypatch):
    device = Usb(b"\x72")
    printer = usb_printer(monkeypatch, device)
    assert printer.check() == {"paper": "out"}
    with pytest.raises(TroubleError, match="DEVICE_PRINTER_PAPER"):
        printer.print(image=TICKET)
    assert device.written == b""
    printer.close()


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"vendor": "1234", "product": "0001"}, "DEVICE_ABSENT"),
        ({"vendor": "x", "product": "1"}, "DEVICE_BAD_SETTINGS"),
    ],
)
def test_a_usb_printer_that_is_not_there(monkeypatch, settings, code):
    with pytest.raises(TroubleError, match=code):
        usb_printer(monkeypatch, Usb(), **settings)


def test_a_usb_printer_pulled_out_is_absent(monkeypatch):
    device = Usb()
    printer = usb_printer(monkeypatch, device)

    def gone(*_arguments):
        raise usb.core.USBError("no such device")

    device.write = gone
    with pytest.raises(TroubleError, match="DEVICE_ABSENT"):
        printer.print(image=TICKET)
    printer.close()


def test_simulated_papers_are_numbered_files(manager, tmp_path):
    printer = manager.open("paper_printer", {"folder": str(tmp_path)})
    answer = printer.ask("print", pdf=PDF, title="受理通知书", copies=2)
    assert (tmp_path / "paper-0001.pdf").read_bytes() == PDF
    assert answer["title"] == "受理通知书"
    assert printer.ask("printers")["printers"] == ["simulated"]
    assert refused(printer.ask, "print", pdf=b"no pdf").code == "DEVICE_PAGE"
    assert refused(printer.ask, "print", pdf=PDF, copies=0).code == "DEVICE_BAD_COMMAND"


CUPSD = """
Listen {folder}/cups.sock
DefaultAuthType None
WebInterface No
Browsing No
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
"""
CUPS_FILES = """
ServerRoot {folder}
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/state
TempDir {folder}/tmp
AccessLog {folder}/access.log
ErrorLog {folder}/error.log
PageLog {folder}/page.log
"""


@pytest.fixture
def cups(monkeypatch):
    """A CUPS server of our own on a socket of its own."""
    if shutil.which("cupsd") is None or shutil.which("lp") is None or os.geteuid() != 0:
        pytest.skip("NO CUPS SERVER (or not root): printing through CUPS is not tested on this machine")
    folder = Path(tempfile.mkdtemp(prefix="cups"))
    folder.chmod(0o755)  # CUPS runs its back ends as another user
    for name in ("spool", "cache", "state", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "cupsd.conf").write_text(CUPSD.format(folder=folder))
    (folder / "cups-files.conf").write_text(CUPS_FILES.format(folder=folder))
    server = subprocess.Popen(
        ["cupsd", "-f", "-c", folder / "cupsd.conf", "-s", folder / "cups-files.conf"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    monkeypatch.setenv("CUPS_SERVER", str(folder / "cups.sock"))
    until(lambda: (folder / "cups.sock").exists())
    yield folder
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder)


def test_printing_through_a_real_cups(manager, cups, network):
    paper = network()
    host, port = paper.server_address
    uri = f"socket://{host}:{port}"
    subprocess.run(["lpadmin", "-p", "desk", "-E", "-v", uri, "-m", "raw"], check=True, capture_output=True)
    printer = manager.open("paper_printer", {"adapter": "cups", "printer": "desk"})
    assert printer.wait_settled(20) is DeviceState.READY
    assert printer.ask("printers") == {"printers": ["desk"], "default": ""}
    answer = printer.ask("print", pdf=PDF, title="准予许可决定书\n第2页", copies=1)
    assert answer == {"job": "desk-1"}
    until(lambda: paper.jobs)
    assert PDF in paper.jobs[0]


@pytest.fixture
def queues(monkeypatch, tmp_path):
    """Programs that stand for those of CUPS, with two queues; what `lp` is told is kept."""
    told = tmp_path / "told"
    programs = {
        "lpstat": "echo desk; echo small",
        "lp": f'cat >/dev/null; echo "$*" >>{told}; echo "request id is desk-1"',
    }
    for name, does in programs.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return told


@pytest.mark.parametrize("settings", [{"printer": "desk", "printer_a5": "small"}, {"printer": "desk"}, {}])
def test_a_paper_on_a5_asks_for_that_sheet_and_goes_to_its_queue(manager, queues, settings):
    small = PDF + b"<< /MediaBox [ 0 0 419.5276 595.2756 ] >>"
    large = PDF + b"<< /MediaBox [ 0 0 595.2756 841.8898 ] >>"
    printer = manager.open("paper_printer", {"adapter": "cups", **settings})
    assert printer.wait_settled(20) is DeviceState.READY
    for pdf in (large, small, PDF):
        printer.ask("print", pdf=pdf, title="x", copies=1)
    on = [f"-d {settings[key]} " if key in settings else "" for key in ("printer", "printer_a5")]
    other = on[1] or on[0]
    assert queues.read_text().splitlines() == [
        f"-n 1 -t x {on[0]}-", f"-n 1 -t x -o media=A5 {other}-", f"-n 1 -t x {on[0]}-",
    ]  # fmt: skip


def test_a_queue_for_a5_that_is_not_there_is_told_at_the_start(manager, queues):
    printer = manager.open("paper_printer", {"adapter": "cups", "printer": "desk", "printer_a5": "gone"})
    assert printer.wait_settled(20) is DeviceState.ABSENT


def test_a_printer_cups_does_not_know_is_absent(manager, cups):
    printer = manager.open("paper_printer", {"adapter": "cups", "printer": "nowhere"})
    assert printer.wait_settled(20) is DeviceState.ABSENT
    assert refused(printer.ask, "print", pdf=PDF).code == "DEVICE_ABSENT"


def test_without_cups_the_printer_is_absent(manager, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    printer = manager.open("paper_printer", {"adapter": "cups"})
    assert printer.wait_settled(20) is DeviceState.ABSENT
    assert printer.reason.detail["program"] == "lpstat"
