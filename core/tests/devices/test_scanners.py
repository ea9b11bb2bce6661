"""Scanners: the simulated feeder, scanimage with SANE's own test backend, and a watched folder."""

from __future__ import annotations

import io
import os
import shutil
import stat
import time

import pytest
from PIL import Image

from yichuang.hall.errors import UserError

from .conftest import until
from .test_helpers import png

FEEDER = "Automatic Document Feeder"
TEST = {"adapter": "sane", "device": "test", "feeder": FEEDER, "options": ["-x", "40", "-y", "30"]}


class Heard:
    """What a scanner reported."""

    def __init__(self, scanner):
        self.events = []
        scanner.on_event(lambda event: self.events.append((event.name, event.data)))

    def of(self, name):
        return [data for told, data in self.events if told == name]

    def end(self):
        return until(lambda: self.of("ended"), 30)[-1]


@pytest.fixture
def sane():
    if shutil.which("scanimage") is None:
        pytest.skip("NO scanimage PROGRAM (Debian: sane-utils): the scanner is not tested on this machine")


def test_a_feeder_gives_its_pages_with_progress(manager):
    scanner = manager.open("scanner", {"pages": 3, "seconds": 0.2})
    heard = Heard(scanner)
    assert scanner.ask("start", resolution=100, feeder=True) == {"started": True}
    assert heard.end() == {"pages": 3, "trouble": ""}
    assert [page["number"] for page in heard.of("page")] == [1, 2, 3]
    assert Image.open(io.BytesIO(heard.of("page")[0]["image"])).size == (827, 1169)
    assert any(0 < told["percent"] < 100 for told in heard.of("progress"))
    assert scanner.ask("result") == {"pages": 3}


def test_the_glass_gives_one_page_and_only_one_scan_runs(manager):
    scanner = manager.open("scanner", {"seconds": 1.0})
    heard = Heard(scanner)
    scanner.ask("start", resolution=75)
    with pytest.raises(UserError) as caught:
        scanner.ask("start", resolution=75)
    assert caught.value.code == "DEVICE_BUSY"
    assert scanner.ask("cancel") == {"stopped": True, "pages": 0}
    scanner.ask("start", resolution=75)
    assert heard.end()["pages"] == 1


@pytest.mark.parametrize(
    ("settings", "code"), [({"jams_at": 2}, "DEVICE_SCAN_FAILED"), ({"pages": 0}, "DEVICE_SCANNER_EMPTY")]
)
def test_what_goes_wrong_is_told_in_words(manager, settings, code):
    scanner = manager.open("scanner", settings)
    heard = Heard(scanner)
    scanner.ask("start", resolution=75, feeder=True)
    assert heard.end()["trouble"] == code
    with pytest.raises(UserError) as caught:
        scanner.ask("result")
    assert caught.value.code == code
    assert caught.value.do


def test_a_resolution_that_no_scanner_has_is_refused(manager):
    with pytest.raises(UserError) as caught:
        manager.open("scanner").ask("start", resolution=9999)
    assert caught.value.code == "DEVICE_BAD_SETTINGS"


@pytest.mark.usefixtures("sane")
def test_scanimage_feeds_until_the_feeder_is_empty(manager):
    scanner = manager.open("scanner", TEST)
    heard = Heard(scanner)
    scanner.ask("start", resolution=75, feeder=True)
    assert heard.end() == {"pages": 10, "trouble": ""}, "the test backend holds ten pages"
    first = Image.open(io.BytesIO(heard.of("page")[0]["image"]))
    assert first.mode == "RGB"
    assert first.width == round(40 / 25.4 * 75)
    assert heard.of("progress")


@pytest.mark.usefixtures("sane")
def test_scanimage_scans_the_glass_in_grey(manager):
    scanner = manager.open("scanner", TEST)
    heard = Heard(scanner)
    scanner.ask("start", resolution=150, colour=False)
    assert heard.end()["pages"] == 1
    assert Image.open(io.BytesIO(heard.of("page")[0]["image"])).mode == "L"


@pytest.mark.usefixtures("sane")
def test_scanimage_says_why_it_cannot(manager):
    scanner = manager.open("scanner", {"adapter": "sane", "device": "test", "feeder": "no such source"})
    heard = Heard(scanner)
    scanner.ask("start", resolution=75, feeder=True)
    assert heard.end()["trouble"] == "DEVICE_SCAN_FAILED"
    with pytest.raises(UserError) as caught:
        scanner.ask("result")
    assert "scanimage" in caught.value.detail["cause"]


@pytest.mark.usefixtures("sane")
def test_a_scan_is_cancelled_and_leaves_nothing(manager, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    slow = {
        **TEST,
        "options": [
            "--read-delay",
            "--read-delay-duration",
            "100000",
            "--read-limit",
            "--read-limit-size",
            "1",
        ],
    }
    scanner = manager.open("scanner", slow)
    heard = Heard(scanner)
    scanner.ask("start", resolution=75)
    until(lambda: list(tmp_path.glob("scan-*")))
    begun = time.monotonic()
    assert scanner.ask("cancel")["stopped"] is True
    assert time.monotonic() - begun < 4
    assert not list(tmp_path.glob("scan-*"))
    assert not heard.of("page")
    assert scanner.ask("cancel")["stopped"] is False


def test_a_program_that_says_nothing_is_given_up(manager, tmp_path, monkeypatch):
    """Not SANE's but a program of that name that hangs, as a driver does."""
    program = tmp_path / "bin" / "scanimage"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    scanner = manager.open("scanner", {"adapter": "sane", "seconds": 0.5})
    heard = Heard(scanner)
    scanner.ask("start")
    assert heard.end()["trouble"] == "DEVICE_TIMEOUT"


def test_without_the_program_the_scanner_is_absent(manager, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    scanner = manager.open("scanner", {"adapter": "sane"})
    with pytest.raises(UserError) as caught:
        scanner.ask("start")
    assert caught.value.code == "DEVICE_ABSENT"


def test_a_watched_folder_is_a_scanner(manager, tmp_path):
    scanner = manager.open(
        "scanner", {"adapter": "folder", "folder": str(tmp_path / "scans"), "quiet": 1.0, "wait": 10}
    )
    heard = Heard(scanner)
    scanner.ask("start")
    for n in (1, 2):
        (tmp_path / "scans" / f"{n}.png").write_bytes(png(100, 50 + n))
    assert heard.end() == {"pages": 2, "trouble": ""}
    assert sorted(page["height"] for page in heard.of("page")) == [51, 52]
    assert not list((tmp_path / "scans").iterdir()), "they hold personal data"


def test_a_watched_folder_that_stays_empty_ends_the_scan(manager, tmp_path):
    scanner = manager.open("scanner", {"adapter": "folder", "folder": str(tmp_path), "wait": 0.4})
    heard = Heard(scanner)
    scanner.ask("start")
    assert heard.end()["trouble"] == "DEVICE_SCANNER_EMPTY"
