"""Pages of a PDF in a scene: rendered off the UI thread at the zoom in force, with a watermark over them.

Positions on a page are points (1/72 inch) from its upper left corner, so a seal of 42 mm is put at true scale as a child
of the page's item.
"""

from __future__ import annotations

import re
from collections import OrderedDict

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QResizeEvent, QTransform, QWheelEvent
from PyQt6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions, QPdfPageRenderer
from PyQt6.QtWidgets import QFrame, QGraphicsItem, QGraphicsScene, QGraphicsView, QWidget

from yichuang.widgets import theme

GAP = 16.0
POINTS_PER_MM = 72 / 25.4
_SCREEN = 96 / 72  # px per point at 100 %
_KEPT = 16
MIN_ZOOM, MAX_ZOOM = 0.25, 4.0


class PdfPages(QObject):
    """An open document and the pictures of its pages.

    Signals:
        rendered: Number of a page (from 0) whose picture has come.
    """

    rendered = pyqtSignal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # The renderer stops its thread when it goes; as the older child it goes before the document it reads.
        self._renderer = QPdfPageRenderer(self)
        self._renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
        self._renderer.pageRendered.connect(self._keep)  # type: ignore[attr-defined]  # missing in the stubs
        self._document = QPdfDocument(self)
        self._buffer = QBuffer(self)
        self._pictures: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._asked: dict[int, tuple[int, int]] = {}

    def load(self, data: bytes | None) -> bool:
        """Open a document; None closes. False if it cannot be read."""
        self._renderer.setDocument(None)
        self._document.close()
        self._buffer.close()
        self._pictures.clear()
        self._asked.clear()
        if not data:
            return False
        self._buffer.setData(QByteArray(_with_visible_seals(data)))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)
        ready = self._document.status() == QPdfDocument.Status.Ready
        if ready:
            self._renderer.setDocument(self._document)
        return ready

    def count(self) -> int:
        """How many pages there are."""
        return self._document.pageCount() if self._document.status() == QPdfDocument.Status.Ready else 0

    def size(self, page: int) -> QRectF:
        """A page's area in points."""
        size = self._document.pagePointSize(page)
        return QRectF(0, 0, size.width(), size.height())

    def text(self, page: int) -> str:
        """The text of a page."""
        return self._document.getAllText(page).text()

    def picture(self, page: int, width: int) -> QImage | None:
        """The picture of a page at a width in device px; None while it is being made (`rendered` tells)."""
        key = (page, width)
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
            return found
        if key not in self._asked.values():
            area = self.size(page)
            size = QSize(width, max(1, round(width * area.height() / max(1.0, area.width()))))
            options = QPdfDocumentRenderOptions()
            options.setRenderFlags(QPdfDocumentRenderOptions.RenderFlag.Annotations)
            request = self._renderer.requestPage(page, size, options)
            if request:  # 0: it was not taken, and the next painting asks again
                self._asked[request] = key
        return None

    def any_picture(self, page: int) -> QImage | None:
        """A picture of the page at any other width, to show until the right one comes."""
        return next(
            (image for (number, _), image in reversed(self._pictures.items()) if number == page), None
        )

    def _keep(self, page: int, _size: QSize, image: QImage, _options: object, request: int) -> None:
        key = self._asked.pop(request, None)
        if key is None:
            return  # of a document that was closed meanwhile
        self._pictures[key] = image
        while len(self._pictures) > _KEPT * 2:
            self._pictures.popitem(last=False)
        self.rendered.emit(page)


def _with_visible_seals(data: bytes) -> bytes:
    """The document as it is to be shown: what signatures and form fields look like is drawn too.

    The PDF engine in Qt draws annotations but leaves form widgets to a form filler that Qt does not bring, so a sealed
    paper would show no seal. For the screen alone the widgets are called stamps; the new name is padded to the length
    of the old one, so every offset in the file stays right.
    """
    return re.sub(rb"(/Subtype\s*)/Widget\b", rb"\1/Stamp ", data)


class PageItem(QGraphicsItem):
    """One page on the desk."""

    def __init__(self, view: PdfView, page: int) -> None:
        super().__init__()
        self._view, self.page = view, page
        self._area = view.pages.size(page)

    def boundingRect(self) -> QRectF:
        return self._area.adjusted(-1, -1, 1, 1)

    def area(self) -> QRectF:
        """The page in points."""
        return self._area

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        scale = painter.worldTransform().m11() * (widget.devicePixelRatioF() if widget else 1.0)
        width = max(1, round(self._area.width() * scale))
        painter.fillRect(self._area, theme.color("paper"))
        image = self._view.pages.picture(self.page, width) or self._view.pages.any_picture(self.page)
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            # Multiplied, so that a document without a background takes the colour of the theme's paper.
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.drawImage(self._area, image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if self._view.watermark:
            paint_watermark(painter, self._area, self._view.watermark)


def paint_watermark(painter: QPainter, area: QRectF, words: str) -> None:
    """Write a slanted line again and again over a page: purpose, case, clerk and time of this look."""
    painter.save()
    painter.setClipRect(area)
    painter.setFont(theme.font(15))
    painter.setPen(QColor(34, 39, 42, 30))
    metrics = painter.fontMetrics()
    step_x, step_y = metrics.horizontalAdvance(words) + 72, 150
    painter.translate(area.center())
    painter.rotate(-18)
    reach = int(area.width() + area.height()) // 2
    for line, y in enumerate(range(-reach, reach, step_y)):
        for x in range(-reach - (line % 2) * step_x // 2, reach, step_x):
            painter.drawText(QPointF(x, y), words)
    painter.restore()


class PdfView(QGraphicsView):
    """The pages below one another on the desk, as a scene that other items can be added to.

    Signals:
        page_changed: Number of the page in view, from 1.
        zoom_changed: 1.0 is 100 %.
    """

    page_changed = pyqtSignal(int)
    zoom_changed = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = PdfPages(self)
        self.pages.rendered.connect(lambda _page: self.viewport().update())
        self.watermark = ""
        self.items_of_pages: list[PageItem] = []
        self._fit = "width"
        self._page = 0
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("fill", "desk")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def load(self, data: bytes | None) -> bool:
        """Show a document; False if it cannot be read."""
        self.scene().clear()
        self.items_of_pages = []
        readable = self.pages.load(data)
        y = 0.0
        for page in range(self.pages.count()):
            item = PageItem(self, page)
            self.scene().addItem(item)
            item.setPos(-item.area().width() / 2, y)
            y += item.area().height() + GAP
            self.items_of_pages.append(item)
        if self.items_of_pages:
            self.scene().setSceneRect(self.scene().itemsBoundingRect().adjusted(-GAP, -GAP, GAP, GAP))
            self._apply_fit()
            self.set_page(1)
        return readable

    def set_watermark(self, text: str) -> None:
        """Lay another watermark over every page; empty takes it away."""
        self.watermark = text
        self.viewport().update()

    def zoom(self) -> float:
        """The zoom, 1.0 is 100 %."""
        return self.transform().m11() / _SCREEN

    def set_zoom(self, zoom: float) -> None:
        """Zoom; ends fitting."""
        self._fit = ""
        self._scale_to(zoom)

    def fit(self, how: str) -> None:
        """Keep "width" or whole "page" in view while the pane is resized."""
        self._fit = how
        self._apply_fit()

    def page(self) -> int:
        """The page in view, from 1; 0 without a document."""
        return self._page

    def set_page(self, page: int) -> None:
        """Scroll to a page, from 1."""
        if not self.items_of_pages:
            self._page = 0
            return
        item = self.items_of_pages[min(max(page, 1), len(self.items_of_pages)) - 1]
        top = self.mapFromScene(item.pos()).y() - int(GAP * self.zoom())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + top)
        self._set_current(item.page + 1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom() * (1.1 if event.angleDelta().y() > 0 else 1 / 1.1))
            return
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apply_fit()

    def _apply_fit(self) -> None:
        if not self._fit or not self.items_of_pages:
            return
        area = self.items_of_pages[max(0, self._page - 1)].area()
        room = self.viewport().rect()
        across = room.width() / (area.width() + 2 * GAP) / _SCREEN
        down = room.height() / (area.height() + 2 * GAP) / _SCREEN
        self._scale_to(across if self._fit == "width" else min(across, down))

    def _scale_to(self, zoom: float) -> None:
        bars = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(bars.ScrollBarAlwaysOff if self._fit else bars.ScrollBarAsNeeded)
        wanted = min(MAX_ZOOM, max(MIN_ZOOM, zoom)) * _SCREEN
        if abs(wanted - self.transform().m11()) > 1e-6:
            self.setTransform(QTransform.fromScale(wanted, wanted))
        self.zoom_changed.emit(self.zoom())

    def _scrolled(self) -> None:
        middle = self.mapToScene(self.viewport().rect().center()).y()
        for item in self.items_of_pages:
            if item.y() - GAP <= middle <= item.y() + item.area().height() + GAP:
                self._set_current(item.page + 1)
                return

    def _set_current(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)
