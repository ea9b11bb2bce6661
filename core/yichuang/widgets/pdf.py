"""The document viewer: a PDF with zoom, page turning, thumbnails and a watermark that names who looks and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QPainter, QShortcut
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from yichuang.hall.words import core
from yichuang.widgets import paint, theme
from yichuang.widgets.buttons import IconButton
from yichuang.widgets.labels import Text
from yichuang.widgets.notes import EmptyState, ErrorNote
from yichuang.widgets.page import Hairline
from yichuang.widgets.pdf_view import PdfPages, PdfView

_ = core.text
_THUMB = 64


class _Thumbs(QAbstractListModel):
    def __init__(self, pages: PdfPages, parent: QWidget) -> None:
        super().__init__(parent)
        self.pages = pages

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else self.pages.count()

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if index.isValid() and role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if index.isValid() and role == Qt.ItemDataRole.AccessibleTextRole:
            return _("Page {page} of {count}", page=index.row() + 1, count=self.rowCount())
        return None


class _ThumbDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        area = index.model().pages.size(index.row())
        return QSize(_THUMB + 24, round(_THUMB * area.height() / max(1.0, area.width())) + 36)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        rect = QRectF(option.rect)
        page = QRectF(rect.x() + (rect.width() - _THUMB) / 2, rect.y() + 8, _THUMB, rect.height() - 36)
        painter.fillRect(page, theme.color("paper"))
        dpr = painter.device().devicePixelRatioF()
        image = index.model().pages.picture(index.row(), round(_THUMB * dpr))
        if image is not None:
            painter.drawImage(page, image)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        frame = page.adjusted(-2, -2, 2, 2) if selected else page
        paint.box(painter, frame, 2, None, "focus" if selected else "line2", 2 if selected else 1)
        below = QRectF(rect.x(), page.bottom() + 4, rect.width(), 18)
        paint.text(
            painter, below, str(index.row() + 1), px=12, ink="t1" if selected else "t2", align=paint.CENTER
        )


class PdfViewer(QWidget):
    """A viewer for one document.

    Attributes:
        view: The pages as a `QGraphicsView`; other items (a seal) may be put on `view.items_of_pages`.
        tools: Layout of the tool bar, for buttons of the page.

    Signals:
        page_changed: Number of the page in view, from 1.
        loaded: Whether the document could be read.
    """

    page_changed = pyqtSignal(int)
    loaded = pyqtSignal(bool)

    def __init__(self, *, thumbnails: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PdfView()
        self.view.page_changed.connect(self._page_changed)
        self.view.zoom_changed.connect(self._zoom_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_tools(thumbnails))
        column.addWidget(Hairline())
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self._thumbs = self._build_thumbs(thumbnails)
        middle.addWidget(self._thumbs)
        pane = QWidget()
        self._stack = QStackedLayout(pane)
        self._stack.addWidget(self.view)
        self._stack.addWidget(EmptyState("file-text", _("No document open"), framed=False))
        self._trouble = ErrorNote("")
        self._stack.addWidget(_Centered(self._trouble))
        self._stack.setCurrentIndex(1)
        middle.addWidget(pane, 1)
        column.addLayout(middle, 1)
        self._bind_keys()
        self._page_changed(0)

    def _build_tools(self, thumbnails: bool) -> QWidget:
        bar = QFrame()
        bar.setFixedHeight(36)
        self.tools = QHBoxLayout(bar)
        self.tools.setContentsMargins(8, 0, 8, 0)
        self.tools.setSpacing(2)
        self._zoom_text = Text("100%", 13, "t2")
        self._zoom_text.setMinimumWidth(44)
        self._zoom_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._page_text = Text("", 13, "t2")
        self._thumb_button = IconButton("panel-left", _("Page thumbnails"), size="compact", checkable=True)
        self._thumb_button.setChecked(thumbnails)
        self._thumb_button.toggled.connect(self.set_thumbnails)
        before = (
            self._tool("zoom-out", _("Zoom out"), lambda: self.view.set_zoom(self.view.zoom() / 1.25)),
            self._zoom_text,
            self._tool("zoom-in", _("Zoom in"), lambda: self.view.set_zoom(self.view.zoom() * 1.25)),
            self._tool("move-horizontal", _("Fit width"), self.fit_width),
            self._tool("expand", _("Fit page"), self.fit_page),
            self._thumb_button,
        )
        for widget in before:
            self.tools.addWidget(widget)
        self.tools.addStretch(1)
        self.tools.addWidget(self._page_text)
        self.tools.addWidget(
            self._tool("chevron-left", _("Page back"), lambda: self.set_page(self.page() - 1))
        )
        self.tools.addWidget(
            self._tool("chevron-right", _("Page forward"), lambda: self.set_page(self.page() + 1))
        )
        return bar

    def _tool(self, icon: str, name: str, act: Callable[[], None]) -> IconButton:
        button = IconButton(icon, name, size="compact")
        button.clicked.connect(lambda _checked: act())
        return button

    def _build_thumbs(self, shown: bool) -> QListView:
        view = QListView()
        view.setFixedWidth(_THUMB + 28)
        view.setProperty("fill", "subtle")
        self._thumb_model = _Thumbs(self.view.pages, view)
        view.setModel(self._thumb_model)
        view.setItemDelegate(_ThumbDelegate(view))
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(_("Page thumbnails"))
        view.clicked.connect(lambda index: self.set_page(index.row() + 1))
        view.setVisible(shown)
        self.view.pages.rendered.connect(lambda _page: view.viewport().update())
        return view

    def _bind_keys(self) -> None:
        keys = (
            ("PgUp", lambda: self.set_page(self.page() - 1)),
            ("PgDown", lambda: self.set_page(self.page() + 1)),
            ("Ctrl++", lambda: self.view.set_zoom(self.view.zoom() * 1.25)),
            ("Ctrl+-", lambda: self.view.set_zoom(self.view.zoom() / 1.25)),
            ("Ctrl+0", self.fit_width),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def load(self, data: bytes | None) -> bool:
        """Show a document; None empties the viewer. False if it cannot be read."""
        self._thumb_model.beginResetModel()
        readable = self.view.load(data)
        self._thumb_model.endResetModel()
        self._trouble.set_text(
            _("This file cannot be shown."),
            _("It may be damaged or protected. The stored file was not changed."),
        )
        self._trouble.set_actions(())
        self._stack.setCurrentIndex(0 if readable else 1 if not data else 2)
        self._page_changed(self.view.page() if readable else 0)
        self.loaded.emit(readable)
        return readable

    def load_nothing(self, why: str, do: str, actions: Sequence[QWidget] = ()) -> None:
        """Say in the place of the pages why there are none and what to do, with buttons for that."""
        self.load(None)
        self._trouble.set_text(why, do)
        self._trouble.set_actions(actions)
        self._stack.setCurrentIndex(2)

    def set_watermark(self, text: str) -> None:
        """Lay a watermark over every page: case, clerk and time of this look."""
        self.view.set_watermark(text)

    def set_thumbnails(self, shown: bool) -> None:
        """Show or hide the small pages at the left."""
        self._thumb_button.setChecked(shown)
        self._thumbs.setVisible(shown)

    def page(self) -> int:
        """The page in view, from 1; 0 without a document."""
        return self.view.page()

    def page_count(self) -> int:
        """How many pages there are."""
        return self.view.pages.count()

    def set_page(self, page: int) -> None:
        """Turn to a page, from 1."""
        self.view.set_page(page)

    def set_zoom(self, zoom: float) -> None:
        """Zoom; 1.0 is 100 %."""
        self.view.set_zoom(zoom)

    def fit_width(self) -> None:
        """Make the page as wide as the pane, also when it is resized."""
        self.view.fit("width")

    def fit_page(self) -> None:
        """Show the whole page, also when the pane is resized."""
        self.view.fit("page")

    def _page_changed(self, page: int) -> None:
        count = self.page_count()
        self._page_text.setText(_("Page {page} of {count}", page=page, count=count) if count else "")
        if count and page:
            self._thumbs.setCurrentIndex(self._thumb_model.index(page - 1))
        self.page_changed.emit(page)

    def _zoom_changed(self, zoom: float) -> None:
        self._zoom_text.setText(f"{zoom:.0%}")


class _Centered(QWidget):
    """Keeps a note in the upper middle of a pane."""

    def __init__(self, note: QWidget) -> None:
        super().__init__()
        note.setMaximumWidth(440)
        row = QHBoxLayout(self)
        row.addWidget(note, 1, Qt.AlignmentFlag.AlignVCenter)
