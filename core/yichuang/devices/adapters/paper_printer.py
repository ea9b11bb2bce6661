"""Printers for papers: finished PDFs handed to the system's print service, or to a folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping

from yichuang.devices.adapter import Adapter, TroubleError, command, numbered_file

PRINT_WITHIN = 30.0
MOST_COPIES = 99
A5 = (419.5, 595.3)
"""Points."""
_BOX = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([0-9.]+)\s+([0-9.]+)\s*\]")


def is_a5(pdf: bytes) -> bool:
    """Whether the pages of a PDF are A5, as its first one says."""
    found = _BOX.search(pdf)
    if found is None:
        return False
    return all(abs(float(side) - wanted) < 2 for side, wanted in zip(found.groups(), A5, strict=True))


def _check_job(pdf: bytes, copies: int) -> None:
    if not pdf.startswith(b"%PDF-"):
        raise TroubleError("DEVICE_PAGE", path="pdf")
    if not 1 <= copies <= MOST_COPIES:
        raise TroubleError("DEVICE_BAD_COMMAND", command=f"copies={copies}")


class SimulatedPrinter(Adapter):
    """Settings: folder, for paper-0001.pdf; without it papers go nowhere."""

    @command
    def print(self, pdf: bytes, title: str = "", copies: int = 1) -> Mapping[str, object]:
        """Keep the paper."""
        _check_job(pdf, copies)
        if "folder" not in self.settings:
            return {"job": "simulated", "title": title}
        path = numbered_file(self.folder(), "paper", ".pdf", pdf)
        return {"job": path.stem, "title": title, "path": str(path)}

    @command
    def printers(self) -> Mapping[str, object]:
        """The one there is."""
        return {"printers": ["simulated"], "default": "simulated"}


class CupsPrinter(Adapter):
    """A printer of CUPS, through `lp`, so that the desk's own drivers and queues are used.

    Settings: printer; printer_a5, the queue of the tray or printer with A5 in it, where that is another one.
    """

    def open(self) -> None:
        """See whether CUPS is there and knows the printer."""
        names = self._names()
        for key in ("printer", "printer_a5"):
            wanted = self.setting(key, str, "")
            if (wanted and wanted not in names) or not names:
                raise TroubleError("DEVICE_ABSENT", printer=wanted)

    @command
    def print(self, pdf: bytes, title: str = "", copies: int = 1) -> Mapping[str, object]:
        """Queue a paper; one on A5 asks for that sheet, or the driver would put it on the one that is set.

        Returns:
            {"job": the name under which the queue carries it}.
        """
        _check_job(pdf, copies)
        arguments = ["-n", str(copies), "-t", re.sub(r"[\x00-\x1f]", " ", title)[:120] or "yichuang"]
        printer = self.setting("printer", str, "")
        if is_a5(pdf):
            printer = self.setting("printer_a5", str, "") or printer
            arguments += ["-o", "media=A5"]
        if printer:
            arguments += ["-d", printer]
        result = self._run("lp", [*arguments, "-"], pdf)
        if result.returncode != 0:
            raise TroubleError("DEVICE_PRINT_JOB", cause=result.stderr.decode("utf-8", "replace").strip())
        found = re.search(rb"\S+-\d+", result.stdout)
        return {"job": found[0].decode() if found else ""}

    @command
    def printers(self) -> Mapping[str, object]:
        """The printers CUPS knows, and its default."""
        line = self._run("lpstat", ["-d"]).stdout.decode("utf-8", "replace")
        return {"printers": self._names(), "default": line.rpartition(":")[2].strip() if ":" in line else ""}

    def _names(self) -> list[str]:
        return self._run("lpstat", ["-e"]).stdout.decode("utf-8", "replace").split()

    def _run(
        self, program: str, arguments: list[str], data: bytes | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        path = shutil.which(program)
        if path is None:
            raise TroubleError("DEVICE_ABSENT", program=program)
        try:
            return subprocess.run(
                [path, *arguments],
                input=data,
                stdin=None if data is not None else subprocess.DEVNULL,
                capture_output=True,
                timeout=PRINT_WITHIN,
                check=False,
                env={**os.environ, "LC_ALL": "C.UTF-8"},  # answers are parsed, so they must not be translated
            )
        except subprocess.TimeoutExpired as error:
            raise TroubleError("DEVICE_PRINT_JOB", cause=f"{program} took too long") from error
