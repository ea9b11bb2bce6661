"""OFD files at the window and among the evidence: taken in, seen small and large, saved; said in place where they cannot be."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QApplication, QFileDialog

from yichuang.api.ui import Button
from yichuang_acceptance.rules.pages import OFD as KIND
from yichuang_acceptance.ui.documents import DocumentDialog
from yichuang_acceptance.ui.evidence import PAGES, FullScreen
from yichuang_acceptance.ui.thumbnails import WIDTH, small_picture

from ..conftest import APPROVER, CLERK, accepted, hands  # noqa: TID252 - tests are no installed package
from ..shown_files import NOTE, OFD, Shows, pdf  # noqa: TID252 - likewise
from .conftest import open_desk, png
from .test_intake import chosen
from .test_offline_page import INTAKE, away, fill, ready
from .test_workbench import WORKBENCH, opened


@pytest.fixture
def shows(hall) -> Shows:
    found = Shows()
    hall.hooks.register("shows", "阅览", 50, [found])
    return found


def keep(hall: Any, data: bytes = OFD, kind: str = KIND) -> str:
    return hall.run(CLERK, "acceptance.keep_page", {"data": data, "media_type": kind})


def drop(camera: Any, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(camera, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(camera, QDropEvent(QPointF(5, 5), copy, data, Qt.MouseButton.LeftButton, none))


def said(evidence: Any) -> list[str]:
    return evidence.notes.notes()


def test_a_dropped_file_is_kept_seen_small_and_opened_with_its_note(hall, wait, shows, tmp_path):
    path = tmp_path / "证照.OFD"
    path.write_bytes(OFD)
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        new.form.materials.go_to(1)
        camera = new.form.camera
        drop(camera, path)
        wait(lambda: camera.thumbnails.pages())
        (page,) = camera.thumbnails.pages()
        wait(lambda: camera.thumbnails.has_picture(page.digest))
        assert not camera.thumbnails.model().pictures[page.digest].isNull()
        camera.look_at(page)
        wait(desk.has_dialog)
        dialog = desk.dialog()
        assert isinstance(dialog, DocumentDialog)
        assert dialog.viewer.page_count() == 1
        assert NOTE in str([label.text() for label in dialog.findChildren(type(camera._into))])
        dialog.reject()


def test_the_file_chooser_offers_it(hall, wait, shows):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        new.form.materials.go_to(1)
        camera = new.form.camera
        camera.choose_files()
        dialog = camera.findChild(QFileDialog)
        assert "*.ofd" in dialog.nameFilters()[0]
        dialog.reject()


def test_a_file_that_nobody_can_show_is_refused_with_what_to_do(hall, wait, tmp_path):
    path = tmp_path / "证照.ofd"
    path.write_bytes(OFD)
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        new.form.camera.take_files(1, [path])
        wait(lambda: desk.toasts)
        assert "OFD" in desk.toasts[0][0]
        assert "PDF" in desk.toasts[0][0]
        assert 1 not in new.form.hands.given or not new.form.hands.given[1].pages


def test_a_draft_whose_file_cannot_be_shown_any_more_says_so(hall, wait, shows, tmp_path):
    path = tmp_path / "证照.ofd"
    path.write_bytes(OFD)
    with open_desk(hall, CLERK, INTAKE) as desk:
        camera = chosen(desk, wait).form.camera
        camera.take_files(1, [path])
        wait(lambda: camera.thumbnails.pages())
        hall.hooks.unregister("shows")
        camera.look_at(camera.thumbnails.pages()[0])
        wait(lambda: desk.toasts)
        assert "保存" in desk.toasts[-1][0]
        assert not desk.has_dialog()


def test_without_the_hall_such_a_file_is_not_taken(hall, wait, shows, tmp_path):
    path = tmp_path / "证照.ofd"
    path.write_bytes(OFD)
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        with away(desk) as view:
            fill(view, wait)
            view.form.form.camera.take_files(1, [path])
            wait(lambda: any("离线" in toast[0] for toast in desk.toasts))
            assert not view.form.form.hands.given[1].pages


def test_the_approver_sees_it_with_its_note_and_saves_the_file_itself(hall, wait, shows, tmp_path):
    pages = [keep(hall, png(), "image/png"), keep(hall)]
    case = accepted(hall, materials=hands(1, pages=pages) + hands(2, 3))
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        evidence = opened(desk, wait, case).evidence
        wait(lambda: evidence._stack.currentIndex() == PAGES)
        assert said(evidence) == []
        assert evidence.save.isHidden()
        evidence._after.click()
        assert evidence.viewer.page_count() == 1
        assert said(evidence) == [NOTE]
        assert not evidence.save.isHidden()
        evidence.save.click()
        chooser = evidence.findChild(QFileDialog)
        assert chooser.selectedFiles()[0].endswith("-1-2.ofd")
        chooser.fileSelected.emit(str(tmp_path / "原件.ofd"))
        wait(lambda: (tmp_path / "原件.ofd").exists())
        assert (tmp_path / "原件.ofd").read_bytes() == OFD
        chooser.reject()
        desk.press("F")
        screen = evidence.findChild(FullScreen)
        wait(screen.isVisible)
        assert screen.viewer.page_count() == 1
        screen.close()
        evidence._before.click()
        assert said(evidence) == []


def test_where_it_cannot_be_shown_the_viewer_says_so_and_the_rest_is_seen(hall, wait, shows):
    pages = [keep(hall), keep(hall, png(), "image/png")]
    case = accepted(hall, materials=hands(1, pages=pages) + hands(2, 3))
    hall.hooks.unregister("shows")
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        evidence = opened(desk, wait, case).evidence
        wait(lambda: evidence._stack.currentIndex() == PAGES)
        assert evidence.viewer.page_count() == 0
        assert "OFD" in evidence.viewer._trouble.accessibleName()
        assert "保存" in evidence.viewer._trouble.accessibleDescription()
        assert not evidence.save.isHidden()
        assert not evidence.full.isEnabled()
        (button,) = (b for b in evidence.viewer.findChildren(Button) if b.isVisible() and "保存" in b.text())
        button.click()
        chooser = evidence.findChild(QFileDialog)
        assert chooser.selectedFiles()[0].endswith("-1-1.ofd")
        chooser.reject()
        evidence.open_full_screen()
        assert evidence.findChild(FullScreen) is None
        evidence._after.click()
        assert evidence.viewer.page_count() == 1
        assert evidence.full.isEnabled()
        assert evidence.save.isHidden()


def test_small_pictures_of_files(qapp):
    drawn = small_picture(pdf())
    assert drawn.width() >= WIDTH
    assert drawn.pixelColor(drawn.width() // 2, drawn.height() // 2).lightness() < 40
    assert drawn.pixelColor(2, 2).lightness() > 240
    for data in (b"", b"%PDF-1.7 this is none", OFD, b"\x89PNG nothing"):
        assert small_picture(data).isNull()


@pytest.mark.parametrize(
    ("wide", "high", "expected"), [(1240, 1754, (144, 204)), (1754, 1240, (272, 192)), (30, 40, (144, 192))]
)
def test_small_pictures_of_photographs(qapp, wide, high, expected):
    page, out = Image.new("RGB", (wide, high), "white"), io.BytesIO()
    page.paste("black", (0, 0, wide // 2, high))
    page.save(out, "JPEG")
    drawn = small_picture(out.getvalue())
    assert abs(drawn.width() - expected[0]) <= 1
    assert abs(drawn.height() - expected[1]) <= 1
    assert drawn.pixelColor(drawn.width() // 4, 9).lightness() < 40
    assert drawn.pixelColor(drawn.width() * 3 // 4, 9).lightness() > 215
