"""Cameras that Linux shows: driven as the kernel's header says, at their largest picture, the lamp off where nobody looks."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from yichuang.devices import DeviceState
from yichuang.devices.adapters import uvc_camera
from yichuang.devices.stillness import QUIET, Stillness
from yichuang.hall.errors import UserError

from .conftest import until
from .test_paper import MAT, photograph, sheet

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Video4Linux2 is Linux's")
WHOLE = (2592, 1944)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    compiler = shutil.which("cc")
    if compiler is None or not Path("/usr/include/linux/videodev2.h").exists():
        pytest.skip(
            "NO C COMPILER or no header of the kernel: the adapter for cameras is not tested on this machine"
        )
    path = tmp_path_factory.mktemp("v4l2") / "fake_v4l2.so"
    source = Path(__file__).with_name("fake_v4l2.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", path, source, "-ldl"], check=True)
    return path


@pytest.fixture
def lens(library, tmp_path, monkeypatch):
    """Puts a picture before the camera; None pulls its cable."""
    path = tmp_path / "frame.jpg"
    monkeypatch.setenv("FAKE_CAMERA", str(path))
    monkeypatch.setenv("LD_PRELOAD", str(library))

    def show(image: Image.Image | None) -> None:
        if image is None:
            path.unlink()
            return
        image.save(tmp_path / "part.jpg", "JPEG", quality=90)
        (tmp_path / "part.jpg").rename(path)

    show.log = Path(f"{path}.log")
    return show


def page(angle: float = 5.0, **kind) -> Image.Image:
    return photograph(sheet(1200, 1697, **kind), angle, WHOLE)


def opened(manager, **settings):
    return manager.open(
        "document_camera", {"adapter": "uvc", "device": "/dev/fake-camera", "retry_absent": 0.1, **settings}
    )


def test_pages_are_taken_at_the_largest_picture_and_cut_to_the_sheet(manager, lens):
    lens(page())
    camera = opened(manager)
    assert camera.wait_settled(20) is DeviceState.READY
    assert not lens.log.exists(), "the lamp is off until somebody looks"
    whole = Image.open(io.BytesIO(camera.ask("capture")["image"]))
    assert whole.width / whole.height == pytest.approx(WHOLE[0] / WHOLE[1], rel=0.01)
    answer = camera.ask("capture", crop=True, white=True, colour=False)
    cut = Image.open(io.BytesIO(answer["image"]))
    assert (cut.mode, cut.size) == ("L", (answer["width"], answer["height"]))
    assert cut.height / cut.width == pytest.approx(1697 / 1200, rel=0.03)
    assert lens.log.read_text().split() == ["on"]


def test_a_picture_is_never_one_that_was_taken_before_it_was_asked_for(manager, lens):
    lens(Image.new("RGB", WHOLE, (250, 10, 10)))
    camera = opened(manager)
    camera.ask("capture")
    for colour in ((10, 250, 10), (10, 10, 250)):
        lens(Image.new("RGB", WHOLE, colour))
        seen = Image.open(io.BytesIO(camera.ask("capture")["image"])).getpixel((500, 500))
        assert max(seen) == seen[colour.index(250)]


def test_what_it_sees_is_shown_small_and_a_new_page_told_once(manager, lens):
    lens(Image.new("RGB", WHOLE, MAT))
    camera = opened(manager)
    told = [camera.ask("look") for _ in range(6)]
    assert not any(each["page"] for each in told), "the bare mat is no page"
    small = Image.open(io.BytesIO(told[0]["image"]))
    assert max(small.size) == 320
    for shade in (236, 200):
        lens(page(ground=(shade, shade, shade)))
        until(lambda: camera.ask("look")["page"])
        assert not any(camera.ask("look")["page"] for _ in range(20)), "it is told once"


def test_the_lamp_goes_off_where_nobody_looks(manager, lens):
    lens(page())
    camera = opened(manager, rest=0.2)
    camera.ask("look")
    until(lambda: lens.log.read_text().split() == ["on", "off"])
    camera.ask("look")
    assert lens.log.read_text().split() == ["on", "off", "on"]


def test_a_camera_that_is_pulled_out_is_found_again(manager, lens):
    lens(page())
    camera = opened(manager)
    camera.ask("look")
    lens(None)
    with pytest.raises(UserError) as caught:
        camera.ask("capture")
    assert caught.value.code == "DEVICE_ABSENT"
    lens(page())
    until(lambda: camera.state is DeviceState.READY)
    assert camera.ask("capture")["image"]


def test_what_takes_no_pictures_is_no_camera(manager, lens, monkeypatch):
    lens(page())
    monkeypatch.setenv("FAKE_CAMERA_BLIND", "1")
    camera = opened(manager)
    assert camera.wait_settled(20) is DeviceState.ABSENT
    assert camera.reason.code == "DEVICE_ABSENT"


def test_a_broken_picture_is_told_and_the_camera_goes_on(manager, lens, tmp_path):
    lens(page())
    camera = opened(manager)
    camera.ask("look")
    (tmp_path / "frame.jpg").write_bytes(b"\xff\xd8\xff broken")
    with pytest.raises(UserError) as caught:
        camera.ask("capture")
    assert caught.value.code == "DEVICE_PAGE"
    lens(page())
    assert camera.ask("capture")["image"]


def test_names_that_last_come_first(tmp_path, monkeypatch):
    for name in ("usb-Maker_A4-video-index0", "usb-Maker_A4-video-index1"):
        (tmp_path / name).touch()
    monkeypatch.setattr(uvc_camera, "BY_NAME", tmp_path)
    assert uvc_camera._found()[0] == str(tmp_path / "usb-Maker_A4-video-index0")
    assert not any(name.endswith("index1") for name in uvc_camera._found())


def test_a_page_is_told_when_the_hand_is_away_and_not_when_it_was_taken_by_hand():
    still = Stillness()
    bare, first, second = Image.new("L", (64, 48), 55), page(), page(ground=(200, 200, 200))
    hand = page(17)
    seen = []
    at = 0.0
    for picture in (bare, hand, first, first, first, first, first, hand, second, second):
        seen.append(still.see(picture, at))
        at += QUIET / 2
    assert seen == [False, False, False, False, True, False, False, False, False, False]
    still.take(second)
    assert not any(still.see(second, at + n) for n in range(5))
    assert not any(still.see(bare, at + 5 + n) for n in range(5))
    assert [still.see(first, at + 10 + n) for n in range(3)] == [False, True, False], "laid down again"
