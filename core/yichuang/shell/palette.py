"""The command palette: one field that finds commands, items, cases and people by characters, pinyin or code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    pyqtSignal,
)
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from yichuang.hall.words import core as words
from yichuang.shell.search import GROUPS, SCOPES, PaletteHit, arrange, parse
from yichuang.widgets import icons, keys, lights, paint, tags, theme
from yichuang.widgets.keys import KeyHints
from yichuang.widgets.labels import Text
from yichuang.widgets.shadow import drop_shadow

_ = words.text

WIDTH = 680
TOP = 72
FIELD_HEIGHT = 52
FOOT_HEIGHT = 36
ROW_HEIGHT = 36
GROUP_HEIGHT = 32
MOST_ROWS_HEIGHT = 484
ASK_PLUGINS_MS = 80
HIT = Qt.ItemDataRole.UserRole


class HitModel(QAbstractListModel):
    """Rows: a heading (str) or a hit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[PaletteHit | str] = []

    def show(self, hits: Sequence[PaletteHit]) -> None:
        """Other hits, already in order."""
        rows: list[PaletteHit | str] = []
        group = ""
        for hit in hits:
            if hit.group != group:
                group = hit.group
                count = sum(1 for other in hits if other.group == group)
                title = str(GROUPS[group])
                rows.append(title if group == "command" else f"{title} {count}")
            rows.append(hit)
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, and its words for screen readers."""
        row = self.rows[index.row()]
        if role == HIT:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row if isinstance(row, str) else f"{row.title} {row.detail} {row.aside}".strip()
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class HitDelegate(QStyledItemDelegate):
    """Paints headings and hits."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Headings are lower than hits."""
        return QSize(WIDTH, GROUP_HEIGHT if isinstance(index.data(HIT), str) else ROW_HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint one row."""
        if painter is None:
            return
        row = index.data(HIT)
        area = QRectF(option.rect)
        if isinstance(row, str):
            paint.text(painter, area.adjusted(16, 4, -16, 0), row, px=12, ink="t3")
            return
        chosen = bool(option.state & option.state.State_Selected)
        if chosen:
            painter.fillRect(area, theme.color("selected"))
        paint_hit(painter, area, row, chosen)


def paint_hit(painter: QPainter, area: QRectF, hit: PaletteHit, chosen: bool) -> None:
    """One hit: sign, title with highlights, tag, detail; at the right the aside or the key."""
    middle = area.center().y()
    sign = QRectF(area.x() + 16, middle - 8, 16, 16)
    if hit.icon.startswith("light:"):
        lights.paint_light(painter, sign, hit.icon.removeprefix("light:"))
    else:
        icons.paint_icon(painter, sign, hit.icon, "acct" if chosen else "t2")
    quiet = "t2" if chosen else "t3"
    right = area.right() - 16
    key = "Enter" if chosen and not hit.key and not hit.aside else hit.key
    if key:
        width = keys.keycap_width(key)
        keys.paint_keycap(painter, right - width, middle, key)
        right -= width + 12
    elif hit.aside:
        width = min(200.0, paint.text_width(hit.aside, 12))
        paint.text(
            painter, QRectF(right - width, area.y(), width + 1, area.height()), hit.aside, px=12, ink=quiet
        )
        right -= width + 12
    x = area.x() + 42
    x += paint_highlighted(painter, QRectF(x, area.y(), right - x, area.height()), hit.title, hit.spans) + 10
    if hit.tag is not None and x < right - 60:
        x += tags.paint_tag(painter, x, middle, tags.TagSpec(*hit.tag)) + 10
    if hit.detail and x < right - 30:
        paint.text(painter, QRectF(x, area.y(), right - x, area.height()), hit.detail, px=12, ink=quiet)


def paint_highlighted(painter: QPainter, area: QRectF, text: str, spans: Sequence[tuple[int, int]]) -> float:
    """A title whose matched characters have the accent colour; gives back its width."""
    if not spans or paint.text_width(text) > area.width():
        return paint.text(painter, area, text)
    x = area.x()
    position = 0
    for start, end in (*spans, (len(text), len(text))):
        for piece, token in ((text[position:start], "t1"), (text[start:end], "acct")):
            if piece:
                room = QRectF(x, area.y(), area.right() - x + 4, area.height())
                x += paint.text(painter, room, piece, ink=token)
        position = end
    return x - area.x()


class PalettePanel(QFrame):
    """The ground of field, hits and foot."""

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint box, lens, hairlines and foot."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        paint.box(painter, area, 8, "surface", "line2")
        icons.paint_icon(painter, QRectF(16, 17, 18, 18), "search", "t2")
        paint.hairline(painter, 1, FIELD_HEIGHT, area.width() - 2)
        foot = QRectF(1, area.height() - FOOT_HEIGHT - 1, area.width() - 2, FOOT_HEIGHT)
        paint.box(painter, foot, 7, "subtle")
        painter.fillRect(QRectF(foot.x(), foot.y(), foot.width(), 10), theme.color("subtle"))
        paint.hairline(painter, 1, foot.y(), area.width() - 2)


class Palette(QWidget):
    """Covers the window with a scrim and shows the field and the hits.

    Signals:
        closed: The palette went away.
    """

    closed = pyqtSignal()

    def __init__(
        self,
        find: Callable[[str, str], list[PaletteHit]],
        ask_plugins: Callable[[str, Callable[[list[PaletteHit]], None]], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._find = find
        self._ask_plugins = ask_plugins
        self._scope = ""
        self._serial = 0
        self._local: list[PaletteHit] = []
        self._foreign: list[PaletteHit] = []
        self._before: QWidget | None = None
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ASK_PLUGINS_MS)
        self._timer.timeout.connect(self._ask)
        self.hide()

    def _build(self) -> None:
        self.panel = PalettePanel(self)
        drop_shadow(self.panel)
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        top = QWidget()
        top.setFixedHeight(FIELD_HEIGHT)
        head = QHBoxLayout(top)
        head.setContentsMargins(42, 0, 16, 0)
        self.field = QLineEdit()
        self.field.setObjectName("palette-field")
        self.field.setFrame(False)
        self.field.setFont(theme.font(16))
        self.field.setFixedHeight(FIELD_HEIGHT - 4)
        self.field.setStyleSheet(
            "QLineEdit, QLineEdit:focus { border: none; background: transparent; padding: 0; }"
        )
        self.field.setPlaceholderText(_("Search items, cases, applicants, licences, or type a command"))
        self.field.textChanged.connect(self._on_text)
        self.field.installEventFilter(self)
        self.scope = Text(_("All"), 12, "t2")
        head.addWidget(self.field, 1)
        head.addWidget(self.scope)
        head.addSpacing(4)
        head.addWidget(keys.KeyCap("Tab"))
        column.addWidget(top)
        self.model = HitModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(HitDelegate(self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setMouseTracking(True)
        self.view.entered.connect(self._on_hover)
        self.view.clicked.connect(lambda _index: self.accept())
        self.view.setAccessibleName(_("Hits"))
        column.addWidget(self.view, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        left = KeyHints(
            [
                (("Up", "Down"), _("Choose")),
                ("Enter", _("Open")),
                (">", _("Commands only")),
                ("@", _("Applicant")),
                ("#", _("Case number")),
            ]
        )
        foot.addWidget(left)
        foot.addStretch(1)
        foot.addWidget(KeyHints([("Esc", _("Close"))]))
        self.foot = QWidget()
        self.foot.setFixedHeight(FOOT_HEIGHT)
        self.foot.setLayout(foot)
        column.addWidget(self.foot)

    def open(self, text: str = "", scope: str = "") -> None:
        """Show the palette over the window, with the cursor in its field."""
        window = self.parentWidget()
        if window is None:
            return
        self._before = window.focusWidget()
        self._set_scope(scope)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.field.setText(text)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._on_text(text)

    def close_palette(self) -> None:
        """Take it away and give the focus back."""
        self._timer.stop()
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def accept(self, second: bool = False) -> None:
        """Carry out the chosen hit; `second` is Ctrl+Enter."""
        hit = self.current()
        if hit is None:
            return
        act = hit.second if second and hit.second is not None else hit.act
        if second and hit.second is None:
            other = next((h for h in self._local if h.key == "Ctrl+Enter"), None)
            act = other.act if other is not None else hit.act
        self.close_palette()
        act()

    def current(self) -> PaletteHit | None:
        """The chosen hit."""
        row = self.view.currentIndex().data(HIT)
        return row if isinstance(row, PaletteHit) else None

    def hits(self) -> list[PaletteHit]:
        """Everything that is shown, in order."""
        return [row for row in self.model.rows if isinstance(row, PaletteHit)]

    def _on_text(self, text: str) -> None:
        self._serial += 1
        self._foreign = []
        self._local = self._find(text, self._scope)
        self._show()
        self._timer.start()

    def _ask(self) -> None:
        group, query = parse(self.field.text(), self._scope)
        if not query or group in ("command", "item"):
            return
        serial = self._serial

        def take(hits: list[PaletteHit]) -> None:
            if serial == self._serial and self.isVisible():
                self._foreign = hits
                self._show()

        self._ask_plugins(query, take)

    def _show(self) -> None:
        group, _query = parse(self.field.text(), self._scope)
        chosen = self.current()
        self.model.show(arrange([*self._local, *self._foreign], group))
        rows = [i for i, row in enumerate(self.model.rows) if isinstance(row, PaletteHit)]
        keep = next((i for i in rows if chosen is not None and self.model.rows[i] == chosen), None)
        first = keep if keep is not None else (rows[0] if rows else -1)
        if first >= 0:
            self.view.setCurrentIndex(self.model.index(first))
        self._place()

    def _move(self, step: int) -> None:
        rows = [i for i, row in enumerate(self.model.rows) if isinstance(row, PaletteHit)]
        if not rows:
            return
        now = self.view.currentIndex().row()
        position = rows.index(now) if now in rows else -1
        target = rows[(position + step) % len(rows)]
        self.view.setCurrentIndex(self.model.index(target))
        if target == rows[0]:
            self.view.scrollToTop()

    def _on_hover(self, index: QModelIndex) -> None:
        if isinstance(index.data(HIT), PaletteHit):
            self.view.setCurrentIndex(index)

    def _set_scope(self, scope: str) -> None:
        self._scope = scope
        self.scope.setText(str(GROUPS[scope]) if scope else _("All"))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Keys of the field that move in the list."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            step = 1 if key == Qt.Key.Key_Tab else -1
            self._set_scope(SCOPES[(SCOPES.index(self._scope) + step) % len(SCOPES)])
            self._on_text(self.field.text())
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """A press beside the panel closes the palette."""
        if event is not None and not self.panel.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the scrim."""
        QPainter(self).fillRect(self.rect(), QColor(16, 38, 48, 82))

    def _place(self) -> None:
        content = sum(GROUP_HEIGHT if isinstance(row, str) else ROW_HEIGHT for row in self.model.rows)
        room = max(120, self.height() - TOP - FIELD_HEIGHT - FOOT_HEIGHT - 48)
        height = FIELD_HEIGHT + FOOT_HEIGHT + 3 + min(content, MOST_ROWS_HEIGHT, room) + (8 if content else 0)
        width = min(WIDTH, self.width() - 32)
        self.panel.setGeometry(QRect((self.width() - width) // 2, TOP, width, height))

    def resizeEvent(self, event: object) -> None:
        """Stay in the middle."""
        self._place()
