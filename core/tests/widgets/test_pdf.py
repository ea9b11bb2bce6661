"""The document viewer: pages, zoom, thumbnails, watermark, broken files."""

from __future__ import annotations

import io

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from reportlab.pdfgen import canvas

from yichuang.widgets import PdfViewer
from yichuang.widgets.pdf_view import MAX_ZOOM, MIN_ZOOM, POINTS_PER_MM


@pytest.fixture(scope="module")
def paper() -> bytes:
    target = io.BytesIO()
    pdf = canvas.Canvas(target, pagesize=(210 * POINTS_PER_MM, 297 * POINTS_PER_MM))
    for page in range(8):
        pdf.setFont("Helvetica", 24)
        pdf.drawString(100, 700, f"page {page + 1}")
        pdf.rect(60, 100, 300, 300, fill=1)
        pdf.showPage()
    pdf.save()
    return target.getvalue()


def ready(viewer: PdfViewer, page: int = 0) -> bool:
    return viewer.view.pages.any_picture(page) is not None


def test_a_document_is_shown(qtbot, window, paper):
    viewer = PdfViewer(thumbnails=True)
    window(viewer, width=1000, height=700)
    with qtbot.waitSignal(viewer.loaded) as told:
        assert viewer.load(paper)
    assert told.args == [True]
    assert (viewer.page(), viewer.page_count()) == (1, 8)
    assert viewer._page_text.text() == "第 1 / 8 页"
    viewer.grab()
    qtbot.waitUntil(lambda: ready(viewer))
    assert viewer.view.pages.text(2).strip() == "page 3"
    model = viewer._thumbs.model()
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "第 2 / 8 页"


def test_a_page_is_at_true_scale(qtbot, window, paper):
    """Positions on a page are points: a seal of 42 mm can be put where the paper wants it."""
    viewer = PdfViewer()
    window(viewer)
    viewer.load(paper)
    area = viewer.view.items_of_pages[0].area()
    assert abs(area.width() - 210 * POINTS_PER_MM) < 0.1
    viewer.set_zoom(1.0)
    assert abs(viewer.view.transform().m11() - 96 / 72) < 1e-6
    assert viewer._zoom_text.text() == "100%"


def test_pages_are_turned_by_button_key_and_thumbnail(qtbot, window, paper):
    viewer = PdfViewer(thumbnails=True)
    window(viewer, width=1000, height=700)
    viewer.load(paper)
    heard = []
    viewer.page_changed.connect(heard.append)
    viewer.set_page(3)
    viewer.view.setFocus()
    QTest.keyClick(viewer.view, Qt.Key.Key_PageDown)
    QTest.keyClick(viewer.view, Qt.Key.Key_PageUp)
    thumb = viewer._thumbs.visualRect(viewer._thumbs.model().index(2, 0))
    viewer.set_page(1)
    QTest.mouseClick(viewer._thumbs.viewport(), Qt.MouseButton.LeftButton, pos=thumb.center())
    viewer.set_page(99)
    assert heard[0] == 3
    assert viewer.page() == 8
    assert {3, 4} <= set(heard)


def test_zoom_has_limits_and_fitting_follows_the_pane(qtbot, window, paper):
    viewer = PdfViewer()
    host = window(viewer, width=700, height=700)
    viewer.load(paper)
    narrow = viewer.view.zoom()
    host.resize(1000, 700)
    qtbot.waitUntil(lambda: viewer.view.zoom() > narrow)
    viewer.fit_page()
    assert viewer.view.zoom() < narrow
    viewer.set_zoom(50)
    assert viewer.view.zoom() == pytest.approx(MAX_ZOOM)
    viewer.set_zoom(0.01)
    assert viewer.view.zoom() == pytest.approx(MIN_ZOOM)
    viewer.fit_width()
    before = viewer.view.zoom()
    at = QPointF(viewer.view.viewport().rect().center())
    for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier):
        wheel = QWheelEvent(
            at,
            at,
            QPoint(0, 120),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewer.view.viewport(), wheel)
    assert viewer.view.zoom() == pytest.approx(before * 1.1)


def test_a_watermark_lies_over_the_page(qtbot, window, paper):
    viewer = PdfViewer()
    window(viewer, width=900, height=700)
    viewer.load(paper)
    viewer.grab()
    qtbot.waitUntil(lambda: ready(viewer))
    plain = viewer.view.grab().toImage()
    viewer.set_watermark("仅用于办理 26-000461　娜仁　2026-03-17 14:26")
    assert viewer.view.grab().toImage() != plain


def test_a_broken_file_is_said_to_be_broken(qtbot, window):
    viewer = PdfViewer()
    window(viewer)
    assert not viewer.load(b"%PDF-1.7 this is none")
    assert viewer._stack.currentIndex() == 2
    assert viewer.page_count() == 0
    viewer.set_page(3)
    assert viewer.page() == 0
    viewer.load(None)
    assert viewer._stack.currentIndex() == 1


def test_why_there_are_no_pages_is_said_in_their_place(qtbot, window, paper):
    viewer = PdfViewer()
    window(viewer)
    viewer.load(paper)
    viewer.load_nothing("没有能显示它的插件。", "请保存。")
    assert viewer._stack.currentIndex() == 2
    assert viewer.page_count() == 0
    assert viewer._trouble.accessibleName() == "没有能显示它的插件。"
    viewer.load(b"%PDF-1.7 this is none")
    assert viewer._trouble.accessibleName() == "无法显示这个文件。"
    viewer.load(paper)
    assert viewer._stack.currentIndex() == 0


def test_another_document_replaces_the_first(qtbot, window, paper):
    viewer = PdfViewer()
    window(viewer)
    viewer.load(paper)
    viewer.set_page(5)
    viewer.load(paper)
    assert viewer.page() == 1
    assert len(viewer.view.items_of_pages) == 8
    viewer.set_thumbnails(True)
    assert viewer._thumbs.isVisible()


def sealed() -> bytes:
    """A page with one signature field whose look is a red square, 100 pt wide, at the lower left."""
    look = b"1 0 0 rg 0 0 100 100 re f"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /SigFlags 3 >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Annots [4 0 R] >>",
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig) /F 4 /Rect [0 0 100 100] /P 3 0 R /AP << /N 5 0 R >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Length %d >>\nstream\n%s\nendstream"
        % (len(look), look),
    ]
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    out += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def test_the_seal_of_a_signed_paper_is_drawn(qtbot, window):
    viewer = PdfViewer()
    window(viewer)
    assert viewer.load(sealed())
    viewer.grab()
    qtbot.waitUntil(lambda: ready(viewer))
    picture = viewer.view.pages.any_picture(0)
    assert picture.pixelColor(picture.width() // 4, picture.height() * 3 // 4).name() == "#ff0000"
    assert picture.pixelColor(picture.width() * 3 // 4, picture.height() // 4).alpha() == 0
