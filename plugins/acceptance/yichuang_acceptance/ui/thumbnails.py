"""Small pictures of the captured pages in one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import (
    QAbstractListModel,
    QBuffer,
    QByteArray,
    QIODevice,
    QModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QImage, QImageReader, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from yichuang.api.ui import KeyboardRing, paint, paint_icon
from yichuang_acceptance.rules.pages import PDF, kind_of
from yichuang_acceptance.words import words

_ = words.text
WIDTH, HEIGHT = 72, 96
CELL = QSize(WIDTH + 16, HEIGHT + 30)
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
PIXELS = 2  # kept twice as large, for screens with two pixels to a point
SMALL = QSize(WIDTH * PIXELS, HEIGHT * PIXELS)


@dataclass(frozen=True)
class Page:
    """A captured page.

    Attributes:
        position: Material it belongs to.
        index: Which page of that material, from 0.
        digest: Of its file.
        label: Below the picture.
    """

    position: int
    index: int
    digest: str
    label: str


def small_picture(data: bytes) -> QImage:
    """The picture of a page, or of a PDF's first one, small; null where there is none. Some ms: not on the UI thread."""
    if kind_of(data) != PDF:
        return _photograph(data)
    image = _first_page(data)
    if image.isNull():
        return image
    return image.scaled(
        SMALL, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )


def _photograph(data: bytes) -> QImage:
    """Decoded in the size that is wanted: all points of a scan take ten times as long, and the UI waits meanwhile."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    if reader.size().isValid():
        reader.setScaledSize(reader.size().scaled(SMALL, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    return reader.read()


def _first_page(pdf: bytes) -> QImage:
    from PyQt6.QtPdf import QPdfDocument

    buffer, document = QBuffer(), QPdfDocument(None)
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    page = QImage()
    if document.pageCount() > 0:
        area = document.pagePointSize(0)
        height = round(WIDTH * PIXELS * area.height() / max(area.width(), 1.0))
        drawn = document.render(0, QSize(WIDTH * PIXELS, min(max(height, 1), 4 * HEIGHT * PIXELS)))
        page = QImage(drawn.size(), QImage.Format.Format_RGB32)
        page.fill(Qt.GlobalColor.white)  # a page has no background of its own
        painter = QPainter(page)
        painter.drawImage(0, 0, drawn)
        painter.end()
    document.close()
    buffer.close()
    return page


class _Pages(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pages: list[Page] = []
        self.pictures: dict[str, QImage] = {}

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.pages)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.pages):
            return None
        page = self.pages[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return page
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{page.label}\n{_('Ctrl with ← or → moves it, as does dragging; Delete takes it away')}"
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return page.label if role in spoken else None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        page: Page = index.data(Qt.ItemDataRole.UserRole)
        view: Any = self.parent()
        rect = QRectF(option.rect)
        sheet = QRectF(rect.x() + 8, rect.y() + 4, WIDTH, HEIGHT)
        paint.box(painter, sheet, 3, "paper", "line2")
        image = view.model().pictures.get(page.digest)
        if image is None or image.isNull():
            name = "file-text" if image is not None else "loader"
            paint_icon(painter, sheet.adjusted(24, 36, -24, -36), name, "line3")
        else:
            source = QRectF(0, 0, image.width(), min(image.height(), image.width() * HEIGHT / WIDTH))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(sheet.adjusted(1, 1, -1, -1), image, source)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or page.position == view.position:
            paint.box(painter, sheet.adjusted(-1, -1, 1, 1), 4, None, "focus" if selected else "accl", 2)
        below = QRectF(rect.x(), sheet.bottom() + 4, rect.width(), 18)
        ink = "t1" if page.position == view.position else "t3"
        paint.text(painter, below, page.label, px=12, ink=ink, align=paint.CENTER)


class Thumbnails(KeyboardRing, QListView):
    """The pages from left to right; those of the highlighted material are framed.

    Attributes:
        position: The highlighted material.

    Signals:
        opened: A page to look at (Enter, space, double click).
        removed: A page to take away (Delete).
        moved: A page and its new place among those of its material (Ctrl with an arrow, or dragged there).
    """

    ring_radius = 4.0
    ring_reach = 0
    opened = pyqtSignal(object)
    removed = pyqtSignal(object)
    moved = pyqtSignal(object, int)

    def __init__(self) -> None:
        super().__init__()
        self.position: int | None = None
        self._pressed: tuple[Page, QPoint] | None = None
        self._gap: int | None = None  # the row before which a dragged page would stand
        self.setModel(_Pages(self))
        self.setItemDelegate(_Delegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setProperty("fill", "none")
        self.setFixedHeight(CELL.height() + 14)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(Qt.ItemDataRole.UserRole)))

    def show_pages(self, pages: Sequence[Page], position: int | None) -> None:
        """Show these pages; `position` is the highlighted material."""
        self.position = position
        model: Any = self.model()
        if list(pages) != model.pages:
            self._drop_drag()
            model.beginResetModel()
            model.pages = list(pages)
            model.endResetModel()
        last = max((row for row, page in enumerate(model.pages) if page.position == position), default=-1)
        if last >= 0:
            self.scrollTo(model.index(last, 0))
        self.viewport().update()

    def pages(self) -> list[Page]:
        """What is shown."""
        return list(self.model().pages)

    def has_picture(self, digest: str) -> bool:
        """Whether the small picture of a file is there."""
        return digest in self.model().pictures

    def set_picture(self, digest: str, image: QImage) -> None:
        """The small picture of a file; a null one stands for a file that is no image."""
        self.model().pictures[digest] = image
        self.viewport().update()

    def clear(self) -> None:
        """No pages."""
        self.model().pictures.clear()
        self.show_pages([], None)

    def select(self, position: int, index: int) -> None:
        """Choose a page, where there is one."""
        for row, page in enumerate(self.pages()):
            if (page.position, page.index) == (position, index):
                self.setCurrentIndex(self.model().index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = self._page(self.currentIndex())
        step = (
            STEPS.get(Qt.Key(event.key()))
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier
            else None
        )
        if page is not None and step is not None:
            self._move(page, page.index + step)
        elif page is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(page)
        elif page is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(page)
        else:
            super().keyPressEvent(event)

    # ---- dragging: only the pages of one material change places, so no data has to leave this row ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        page = self._page(self.indexAt(event.pos()))
        self._drop_drag()
        if page is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = page, event.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        page, begun = self._pressed
        if (
            self._gap is not None
            or (event.pos() - begun).manhattanLength() >= QApplication.startDragDistance()
        ):
            self._gap = self._gap_at(page, event.pos())
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, gap = self._pressed, self._gap
        self._drop_drag()
        super().mouseReleaseEvent(event)
        if pressed is not None and gap is not None:
            page = pressed[0]
            to = gap - self._rows(page)[0]
            self._move(page, to - 1 if to > page.index else to)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._gap is not None and self._pressed is not None:
            before = self._gap > self._rows(self._pressed[0])[0]
            rect = QRectF(self.visualRect(self.model().index(self._gap - before, 0)))
            painter = QPainter(self.viewport())
            x = rect.right() if before else rect.left() + 2
            paint.box(painter, QRectF(x - 1, rect.y() + 4, 2, HEIGHT), 1, "focus", None)

    def _rows(self, page: Page) -> range:
        """The rows of the pages of the same material."""
        rows = [row for row, each in enumerate(self.pages()) if each.position == page.position]
        return range(rows[0], rows[-1] + 1)

    def _gap_at(self, page: Page, point: QPoint) -> int:
        rows = self._rows(page)
        centres = (self.visualRect(self.model().index(row, 0)).center().x() for row in rows)
        return rows[0] + sum(centre < point.x() for centre in centres)

    def _drop_drag(self) -> None:
        if self._gap is not None:
            self.viewport().unsetCursor()
            self.viewport().update()
        self._pressed = self._gap = None

    def _move(self, page: Page, to: int) -> None:
        if to != page.index and 0 <= to < len(self._rows(page)):
            self.moved.emit(page, to)

    @staticmethod
    def _page(index: QModelIndex) -> Page | None:
        page: Page | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        return page
