"""Scanners: SANE's `scanimage` in a process of its own, a watched folder for any other system, and a simulated feeder.

All three speak alike: `start` begins and returns at once; `poll` then reports "progress" {page, percent}, "page" {number,
image (PNG), media_type, width, height} and in the end "ended" {pages, trouble: code or ""}; `result` then gives the count or
raises the trouble in words; `cancel` stops.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, Any

from yichuang.devices.adapter import Adapter, TroubleError, command
from yichuang.devices.adapters.document_camera import SimulatedCamera, WatchedFolder

if TYPE_CHECKING:
    from PIL import Image

RESOLUTIONS = (75, 1200)
"""Dots per inch that may be asked for."""
LONGEST_PAGE = 90.0
"""Seconds without a word from the program until the scan is given up; a slow scanner warms up for one minute."""
NO_DOCUMENTS = 7
"""Exit code of scanimage: SANE_STATUS_NO_DOCS, the feeder is empty."""
_PERCENT = re.compile(rb"Progress: (\d+(?:\.\d+)?)%")
Event = tuple[str, Mapping[str, object]]


class ScanResult(Adapter):
    """How the last scan ended."""

    _pages = 0
    _trouble: TroubleError | None = None

    @command
    def result(self) -> Mapping[str, object]:
        """How many pages the last scan gave.

        Raises:
            TroubleError: Why it ended before its time.
        """
        if self._trouble is not None:
            raise TroubleError(self._trouble.code, **self._trouble.facts)
        return {"pages": self._pages}

    def _ended(self, trouble: TroubleError | None = None) -> Event:
        self._trouble = trouble
        return "ended", {"pages": self._pages, "trouble": trouble.code if trouble else ""}


def _check(resolution: int) -> None:
    if not RESOLUTIONS[0] <= resolution <= RESOLUTIONS[1]:
        raise TroubleError("DEVICE_BAD_SETTINGS", setting="resolution", value=str(resolution))


def _busy() -> TroubleError:
    return TroubleError("DEVICE_BUSY")


class SimulatedScanner(ScanResult):
    """Feeds pages. Settings: pages (in the feeder, 3), seconds (for each page, 0.05), jams_at (page at which it fails)."""

    poll_every = 0.05

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._camera = SimulatedCamera({name: value for name, value in settings.items() if name == "font"})
        self._wanted = 0
        self._running, self._colour, self._resolution, self._since = False, True, 200, 0.0

    @command
    def start(self, resolution: int = 200, colour: bool = True, feeder: bool = False) -> Mapping[str, object]:
        """Begin; from the glass one page, from the feeder all that lie there."""
        _check(resolution)
        if self._running:
            raise _busy()
        self._wanted = int(self.setting("pages", int, 3)) if feeder else 1
        self._pages, self._running, self._since = 0, True, time.monotonic()
        self._colour, self._resolution = colour, resolution
        return {"started": True}

    @command
    def cancel(self) -> Mapping[str, object]:
        """Stop after the page that is under way."""
        stopped, self._running = self._running, False
        return {"stopped": stopped, "pages": self._pages}

    def poll(self) -> Iterable[Event]:
        """Pages as time passes."""
        if not self._running:
            return []
        if not self._wanted:
            self._running = False
            return [self._ended(TroubleError("DEVICE_SCANNER_EMPTY"))]
        seconds = float(self.settings.get("seconds", 0.05))
        part = min(1.0, (time.monotonic() - self._since) / seconds) if seconds else 1.0
        number = self._pages + 1
        events: list[Event] = [("progress", {"page": number, "percent": round(100 * part)})]
        if number == self.settings.get("jams_at"):
            self._running = False
            return [*events, self._ended(TroubleError("DEVICE_SCAN_FAILED", cause="paper jam"))]
        if part == 1.0:
            self._pages, self._since = number, time.monotonic()
            events.append(("page", {"number": number, **self._page()}))
        if self._pages == self._wanted:
            self._running = False
            events.append(self._ended())
        return events

    def _page(self) -> dict[str, object]:
        from PIL import Image

        page = self._camera.capture(colour=self._colour)
        with Image.open(io.BytesIO(bytes(page["image"]))) as image:  # type: ignore[call-overload]  # bytes, by its contract
            size = (round(8.27 * self._resolution), round(11.69 * self._resolution))
            out = io.BytesIO()
            image.resize(size).save(out, "PNG", compress_level=1)
        return {"image": out.getvalue(), "media_type": "image/png", "width": size[0], "height": size[1]}


class SaneScanner(ScanResult):
    """Drives `scanimage` (Debian: sane-utils), one process for each scan.

    Settings: device (as `scanimage -L` names it; the first one without it), feeder (what the device calls its feeder,
    "ADF"), colour and grey (what it calls its modes, "Color" and "Gray"), options (more words for scanimage, such as
    ["-x", "210", "-y", "297"]), seconds (without a word until it is given up).
    """

    poll_every = 0.1

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._said: SimpleQueue[Event | None] = SimpleQueue()
        self._noise = bytearray()
        self._heard = 0.0

    def open(self) -> None:
        """Make sure that the program is there; the scanner itself may be switched on later."""
        if shutil.which("scanimage") is None:
            raise TroubleError("DEVICE_ABSENT", program="scanimage", package="sane-utils")

    def close(self) -> None:
        """Stop and leave no page behind."""
        self._stop()

    @command
    def start(self, resolution: int = 200, colour: bool = True, feeder: bool = False) -> Mapping[str, object]:
        """Begin a scan: one page from the glass, or all pages of the feeder."""
        _check(resolution)
        if self._process is not None:
            raise _busy()
        self._folder = Path(tempfile.mkdtemp(prefix="scan-"))
        self._said, self._noise = SimpleQueue(), bytearray()
        self._pages, self._heard = 0, time.monotonic()
        self._process = subprocess.Popen(
            self._words(resolution, colour, feeder, self._folder),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        for read, pipe in (
            (self._read_pages, self._process.stdout),
            (self._read_noise, self._process.stderr),
        ):
            threading.Thread(target=read, args=(pipe, self._said), name="scanimage", daemon=True).start()
        return {"started": True}

    def _words(self, resolution: int, colour: bool, feeder: bool, folder: Path) -> list[str]:
        program = shutil.which("scanimage")
        if program is None:
            raise TroubleError("DEVICE_ABSENT", program="scanimage", package="sane-utils")
        words = [
            program,
            "--format=png",
            "--progress",
            "--batch-print",
            f"--batch={folder / 'page-%04d.png'}",
        ]
        if device := self.setting("device", str, ""):
            words += ["-d", device]
        mode = self.setting("colour", str, "Color") if colour else self.setting("grey", str, "Gray")
        words += ["--resolution", str(resolution), "--mode", mode]
        words += [str(word) for word in self.setting("options", list, [])]
        if feeder:
            return [*words, "--source", self.setting("feeder", str, "ADF")]
        return [*words, "--batch-count=1"]

    @command
    def cancel(self) -> Mapping[str, object]:
        """Stop at once; pages that were reported stay reported."""
        stopped, pages = self._process is not None, self._pages
        self._stop()
        return {"stopped": stopped, "pages": pages}

    def poll(self) -> Iterable[Event]:
        """What the program has said since, and its end."""
        if self._process is None:
            return
        while True:
            try:
                event = self._said.get_nowait()
            except Empty:
                break
            self._heard = time.monotonic()
            if event is None:
                continue
            if event[0] == "page":
                self._pages += 1
                yield "page", {"number": self._pages, **_load(Path(str(event[1]["path"])))}
            else:
                yield "progress", {"page": self._pages + 1, **event[1]}
        code = self._process.poll()
        quiet = float(self.settings.get("seconds", LONGEST_PAGE))
        if code is not None and self._said.empty():
            yield self._finish(code)
        elif code is None and time.monotonic() - self._heard > quiet:
            self._stop()
            yield self._ended(TroubleError("DEVICE_TIMEOUT", seconds=f"{quiet:g}"))

    def _finish(self, code: int) -> Event:
        cause = self._noise.decode(errors="replace").strip().splitlines()
        self._stop()
        if code == 0 or (code == NO_DOCUMENTS and self._pages):
            return self._ended()
        if code == NO_DOCUMENTS:
            return self._ended(TroubleError("DEVICE_SCANNER_EMPTY"))
        said = next((line for line in reversed(cause) if "scanimage" in line), f"exit code {code}")
        return self._ended(TroubleError("DEVICE_SCAN_FAILED", cause=said[-200:]))

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.poll() is None:
                _kill(process)
            process.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    @staticmethod
    def _read_pages(pipe: IO[bytes], said: SimpleQueue[Event | None]) -> None:
        """The name of each page, once it is written whole."""
        with pipe:
            for line in pipe:
                said.put(("page", {"path": line.decode(errors="replace").rstrip("\r\n")}))
        said.put(None)

    def _read_noise(self, pipe: IO[bytes], said: SimpleQueue[Event | None]) -> None:
        """Progress, and what may be a complaint."""
        with pipe:
            while chunk := os.read(pipe.fileno(), 4096):
                self._noise += chunk
                del self._noise[:-4000]
                percents = _PERCENT.findall(chunk)
                said.put(
                    ("progress", {"percent": min(100, round(float(percents[-1])))}) if percents else None
                )
        said.put(None)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started; scanners are told by SIGTERM first, so that they park their lamp."""
    process.terminate()
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            process.kill()


def _load(path: Path) -> dict[str, object]:
    from PIL import Image, UnidentifiedImageError

    try:
        data = path.read_bytes()
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
            return {"image": data, "media_type": "image/png", "width": image.width, "height": image.height}
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise TroubleError("DEVICE_PAGE", path=path.name, cause=str(error)) from error
    finally:
        path.unlink(missing_ok=True)


class FolderScanner(ScanResult, WatchedFolder):
    """Takes what the maker's program saves in a folder, as on Windows (WIA, TWAIN).

    Settings: folder, keep as for cameras; quiet (seconds after the last page until the scan counts as done, 8); wait
    (seconds for the first page, 120).
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._colour, self._last = True, 0.0
        self._running = False

    @command
    def start(self, resolution: int = 200, colour: bool = True, feeder: bool = False) -> Mapping[str, object]:
        """Take pages from now on; resolution and feeder are chosen in the maker's program."""
        _check(resolution)
        if self._running:
            raise _busy()
        self._colour, self._pages, self._last, self._running = colour, 0, time.monotonic(), True
        return {"started": True, "feeder": feeder}

    @command
    def cancel(self) -> Mapping[str, object]:
        """Take no more pages."""
        stopped, self._running = self._running, False
        return {"stopped": stopped, "pages": self._pages}

    def poll(self) -> Iterable[Event]:
        """Pages that are complete, one at a time."""
        if not self._running:
            self._complete()  # keeps watching sizes, so that a page that lies there is known to be whole
            return []
        page = self.capture(colour=self._colour)
        now = time.monotonic()
        if page["image"] is not None:
            self._pages, self._last = self._pages + 1, now
            return [("page", {"number": self._pages, **page})]
        patience = float(self.settings.get("quiet", 8) if self._pages else self.settings.get("wait", 120))
        if now - self._last < patience:
            return []
        self._running = False
        return [self._ended(None if self._pages else TroubleError("DEVICE_SCANNER_EMPTY"))]

    def _made(self, image: Image.Image, colour: bool, **_look: bool) -> dict[str, object]:
        """A scan as it is: its resolution was chosen, and nothing of the scanner's lid is on it."""
        out = io.BytesIO()
        image.convert("RGB" if colour else "L").save(out, "PNG", compress_level=3)
        return {
            "image": out.getvalue(),
            "media_type": "image/png",
            "width": image.width,
            "height": image.height,
        }
