"""Cameras through QtMultimedia: its session, still pictures and frames are the real ones; only the lens is a file."""

from __future__ import annotations

import io
from functools import partial

import pytest
from PIL import Image

from yichuang.devices import DeviceState, register_adapter
from yichuang.hall.errors import UserError

from .conftest import until
from .test_paper import MAT, photograph, sheet

WHOLE = (1600, 1200)


@pytest.fixture
def lens(tmp_path):
    """Puts a picture before the lens; None pulls the cable."""
    path = tmp_path / "frame.png"

    def show(image: Image.Image | None) -> None:
        if image is None:
            path.unlink()
            return
        image.save(tmp_path / "part.png")
        (tmp_path / "part.png").rename(path)

    show.path = path
    show.log = lambda: (tmp_path / "frame.png.log").read_text().split()
    return show


def page(ground: int = 236) -> Image.Image:
    return photograph(sheet(700, 990, ground=(ground, ground, ground)), 5.0, WHOLE)


def opened(manager, lens, **settings):
    register_adapter("document_camera", "picture", "picture_camera:PictureCamera")
    return manager.open(
        "document_camera", {"adapter": "picture", "picture": str(lens.path), "retry_absent": 0.1, **settings}
    )


def test_pages_are_taken_whole_or_cut_to_the_sheet(manager, lens):
    lens(page())
    camera = opened(manager, lens)
    assert camera.wait_settled(20) is DeviceState.READY
    whole = Image.open(io.BytesIO(camera.ask("capture")["image"]))
    assert whole.width / whole.height == pytest.approx(WHOLE[0] / WHOLE[1], rel=0.01)
    cut = Image.open(io.BytesIO(camera.ask("capture", crop=True, colour=False)["image"]))
    assert cut.mode == "L"
    assert cut.height / cut.width == pytest.approx(990 / 700, rel=0.03)


def test_a_picture_is_one_that_came_after_the_question(manager, lens):
    lens(Image.new("RGB", WHOLE, (250, 10, 10)))
    camera = opened(manager, lens)
    camera.ask("capture")
    for colour in ((10, 250, 10), (10, 10, 250)):
        lens(Image.new("RGB", WHOLE, colour))
        assert until(partial(_sees, camera, colour.index(250)), 5)
        assert _brightest(camera.ask("capture")["image"]) == colour.index(250)


def _sees(camera, channel: int) -> bool:
    return _brightest(camera.ask("look")["image"]) == channel


def _brightest(data: bytes) -> int:
    seen = Image.open(io.BytesIO(data)).convert("RGB").getpixel((100, 100))
    return seen.index(max(seen))


def test_a_new_page_is_told_once_and_the_lamp_goes_off_afterwards(manager, lens):
    lens(Image.new("RGB", WHOLE, MAT))
    camera = opened(manager, lens, rest=0.3)
    assert not any(camera.ask("look")["page"] for _ in range(4)), "the bare mat is no page"
    lens(page())
    until(lambda: camera.ask("look")["page"])
    assert not any(camera.ask("look")["page"] for _ in range(6)), "it is told once"
    until(lambda: lens.log()[-1] == "off")


def test_a_camera_that_is_pulled_out_is_found_again(manager, lens):
    lens(page())
    camera = opened(manager, lens)
    camera.ask("look")
    lens(None)
    with pytest.raises(UserError) as caught:
        camera.ask("capture")
    assert caught.value.code == "DEVICE_ABSENT"
    lens(page())
    until(lambda: camera.state is DeviceState.READY)
    assert camera.ask("capture")["image"]


def test_a_machine_without_such_a_camera_says_so(manager):
    camera = manager.open(
        "document_camera", {"adapter": "qt", "device": "no such camera", "retry_absent": 0.1}
    )
    assert camera.wait_settled(20) is DeviceState.ABSENT
    assert camera.reason.code == "DEVICE_ABSENT"
