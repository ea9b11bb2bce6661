"""Pages of a material as a clerk handles them: their order by keys and by mouse."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

from ..conftest import CLERK  # noqa: TID252 - tests are no installed package
from .conftest import open_desk, png
from .test_intake import INTAKE, chosen, kept, name


@pytest.fixture
def three(hall: Any, wait: Any, tmp_path: Path) -> Any:
    """Three pages of the first material and one of the second; gives the desk and the strip."""
    with open_desk(hall, CLERK, INTAKE) as desk:
        camera = chosen(desk, wait).form.camera
        for number, position in enumerate((1, 1, 1, 2)):
            path = tmp_path / f"{number}.png"
            path.write_bytes(png(60 + number))
            camera.take_files(position, [path])
            wait(lambda number=number: len(camera.thumbnails.pages()) == number + 1)
        yield desk, camera


def order(camera: Any, position: int = 1) -> tuple[str, ...]:
    return tuple(page.digest for page in camera.thumbnails.pages() if page.position == position)


def middle(camera: Any, row: int) -> QPoint:
    point: QPoint = camera.thumbnails.visualRect(camera.thumbnails.model().index(row, 0)).center()
    return point


def drag(camera: Any, row: int, to: QPoint) -> None:
    view = camera.thumbnails.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle(camera, row))
    QTest.mouseMove(view, middle(camera, row) + QPoint(30, 0))
    QTest.mouseMove(view, to)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=to)


def test_pages_are_put_in_order_by_keys_and_go_no_further_than_their_material(hall, wait, three):
    desk, camera = three
    name(desk.page.new)
    first, second, third = order(camera)
    camera.thumbnails.select(1, 2)
    camera.thumbnails.setFocus()
    ctrl = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(camera.thumbnails, Qt.Key.Key_Left, ctrl)
    assert order(camera) == (first, third, second)
    QTest.keyClick(
        camera.thumbnails, Qt.Key.Key_Left, ctrl
    )  # the page that was moved is still the chosen one
    assert order(camera) == (third, first, second)
    QTest.keyClick(camera.thumbnails, Qt.Key.Key_Left, ctrl)
    assert order(camera) == (third, first, second)
    camera.thumbnails.select(1, 2)
    other = order(camera, 2)
    QTest.keyClick(camera.thumbnails, Qt.Key.Key_Right, ctrl)
    assert (order(camera), order(camera, 2)) == ((third, first, second), other)
    desk.page.new.keeper.flush()
    wait(lambda: [tuple(hand["pages"]) for hand in kept(hall).get("given", [])] == [order(camera), other])


def test_a_page_is_dragged_before_and_behind_others_of_its_material(three):
    _desk, camera = three
    first, second, third = order(camera)
    drag(camera, 2, middle(camera, 0) - QPoint(10, 0))
    assert order(camera) == (third, first, second)
    drag(camera, 0, middle(camera, 1) + QPoint(10, 0))
    assert order(camera) == (first, third, second)
    other = order(camera, 2)
    drag(camera, 0, middle(camera, 3) + QPoint(60, 0))  # past the pages of the next material
    assert (order(camera), order(camera, 2)) == ((third, second, first), other)


def test_a_click_moves_nothing(three):
    _desk, camera = three
    before = order(camera)
    QTest.mouseClick(camera.thumbnails.viewport(), Qt.MouseButton.LeftButton, pos=middle(camera, 1))
    assert order(camera) == before
    assert camera.thumbnails.currentIndex().row() == 1


def test_how_pages_are_to_look_is_asked_of_the_camera_and_remembered(hall, wait, tmp_path):
    photograph = Image.new("RGB", (640, 600), (52, 60, 58))
    photograph.paste((236, 233, 224), (120, 60, 520, 540))
    with open_desk(hall, CLERK, INTAKE) as desk:
        camera = chosen(desk, wait).form.camera
        assert {name: box.isChecked() for name, box in camera.looks.items()} == {
            "colour": True, "crop": True, "white": False,
        }  # fmt: skip
        camera.looks["white"].setChecked(True)
        camera.looks["colour"].setChecked(False)
        folder = {"adapter": "folder", "folder": str(tmp_path)}
        desk.context.services.devices.open(["document_camera"], {"document_camera": folder})
        wait(lambda: desk.context.device("document_camera") == "ready")
        photograph.save(tmp_path / "page.part", "PNG")
        (tmp_path / "page.part").rename(tmp_path / "page.png")
        camera._current = lambda: 1

        def taken() -> bool:
            if camera.capture.isEnabled():
                desk.press("F9")  # until the file has lain there long enough to be complete
            return bool(camera.thumbnails.pages())

        wait(taken)
        (page,) = camera.thumbnails.pages()
        image = Image.open(io.BytesIO(camera._files[page.digest]))
        assert (image.format, image.mode) == ("JPEG", "L")
        assert abs(image.width - 400) < 8
        assert abs(image.height - 480) < 8
        assert image.getpixel((200, 240)) > 245
    with open_desk(hall, CLERK, INTAKE) as desk:
        looks = desk.page.new.form.camera.looks
        assert (looks["colour"].isChecked(), looks["white"].isChecked()) == (False, True)


def camera_of(desk: Any, wait: Any, **settings: Any) -> Any:
    """A new application with its first material highlighted, and the desk's camera ready."""
    strip = chosen(desk, wait).form.camera
    desk.context.services.devices.open(["document_camera"], {"document_camera": settings} if settings else {})
    wait(lambda: desk.context.device("document_camera") == "ready")
    desk.page.new.form.materials.go_to(1)
    return strip


def test_pages_that_are_laid_down_are_taken_one_after_the_other_without_a_key(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        strip = camera_of(desk, wait)
        wait(strip.live.isVisible)
        assert not strip.live._picture.isNull()

        def lay(sheet):
            desk.context.ask_device("document_camera", "lay", sheet=sheet)

        came: list[int] = []
        strip.live.page_came.connect(lambda: came.append(1))
        lay(1)
        wait(lambda: came)
        assert not strip.thumbnails.pages(), "nobody asked for it"
        strip.continuous.setChecked(True)
        for sheet in (2, 3):
            lay(sheet)
            wait(lambda sheet=sheet: len(strip.thumbnails.pages()) == sheet - 1)
        lay(0)
        seen = strip.live._picture
        wait(lambda: strip.live._picture is not seen)
        assert len(strip.thumbnails.pages()) == 2
    with open_desk(hall, CLERK, INTAKE) as desk:
        assert desk.page.new.form.camera.continuous.isChecked()


def test_pages_that_come_into_a_folder_are_taken_as_well_and_nothing_is_shown_of_them_before(
    hall, wait, tmp_path
):
    folder = tmp_path / "scans"
    with open_desk(hall, CLERK, INTAKE) as desk:
        strip = camera_of(desk, wait, adapter="folder", folder=str(folder))
        strip.continuous.setChecked(True)
        wait(lambda: strip.live._blind)
        for number in range(3):  # the maker's program saves them faster than they are taken
            (folder / "part").write_bytes(png(90 + number))
            (folder / "part").rename(folder / f"{number}.png")
        wait(lambda: len(strip.thumbnails.pages()) == 3)
        assert strip.live.isHidden()
        assert list(folder.iterdir()) == []


def test_a_camera_that_goes_away_shows_nothing_any_more(hall, wait, monkeypatch):
    with open_desk(hall, CLERK, INTAKE) as desk:
        strip = camera_of(desk, wait)
        wait(strip.live.isVisible)
        monkeypatch.setattr(desk.context.services.devices, "state", lambda _kind: "absent")
        wait(strip.live.isHidden)
        assert desk.toasts == []
