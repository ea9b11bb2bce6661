"""The parts of the kiosk made of buttons for fingers: the grid of businesses, keys, a QR code, notes over the whole width."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import segno
from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from yichuang.api.ui import theme
from yichuang_queue.ui.kiosk.look import (
    AMBER,
    AMBER_LINE,
    AMBER_TINT,
    GREEN,
    GREEN_TINT,
    INK,
    LINE,
    PAPER,
    SOFT,
    TARGET,
    WHITE,
    Face,
    Look,
)
from yichuang_queue.ui.kiosk.touch import Touch, paint_box


class Grid(QWidget):
    """Tiles in columns, as many as fit; the others on further pages.

    Signals:
        chosen: The key of the tile that was pressed.
    """

    chosen = pyqtSignal(str)

    def __init__(self, look: Look, across: int = 2) -> None:
        super().__init__()
        self.look = look
        self.across = across
        self.page = 0
        self.tiles: dict[str, Touch] = {}
        self.back = Touch(Face("", icon="chevron-up"), look, "plain", self)
        self.on = Touch(Face("", icon="chevron-down"), look, "plain", self)
        self.back.clicked.connect(lambda: self._turn(-1))
        self.on.clicked.connect(lambda: self._turn(1))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(TARGET)

    def show_faces(self, faces: Sequence[tuple[str, Face]], previous: str = "", following: str = "") -> None:
        """Show these, by key; those that stay are only repainted, so that no finger loses its button."""
        self.back.show_face(Face(previous, icon="chevron-up"))
        self.on.show_face(Face(following, icon="chevron-down"))
        keys = [key for key, _face in faces]
        for key in [key for key in self.tiles if key not in keys]:
            self.tiles.pop(key).deleteLater()
        for key, face in faces:
            if key in self.tiles:
                self.tiles[key].show_face(face)
            else:
                tile = self.tiles[key] = Touch(face, self.look, "tile", self)
                tile.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
        self.tiles = {key: self.tiles[key] for key in keys}
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _turn(self, by: int) -> None:
        self.page += by
        self._place()

    def _place(self) -> None:
        look, gap = self.look, self.look.px(18)
        least, most = look.target(110), look.target(190)
        rows = max(1, (self.height() + gap) // (least + gap))
        needed = -(-len(self.tiles) // self.across)
        paged = needed > rows
        if paged:
            rows = max(1, rows - 1)  # the last row turns the page
        each = self.across * rows
        pages = max(1, -(-len(self.tiles) // each))
        self.page = min(max(self.page, 0), pages - 1)
        shown = min(needed, rows) + paged
        height = min(most, (self.height() - gap * (max(shown, 1) - 1)) // max(shown, 1))
        width = (self.width() - gap * (self.across - 1)) // self.across
        for number, tile in enumerate(self.tiles.values()):
            place = number - self.page * each
            visible = 0 <= place < each
            tile.setVisible(visible)
            if visible:
                row, column = divmod(place, self.across)
                tile.setGeometry(column * (width + gap), row * (height + gap), width, height)
        for button, column, there in ((self.back, 0, self.page > 0), (self.on, 1, self.page < pages - 1)):
            button.setVisible(paged)
            button.setEnabled(there)
            half = (self.width() - gap) // 2
            button.setGeometry(column * (half + gap), self.height() - height, half, height)


class Keys(QWidget):
    """A keyboard for fingers: rows of keys as wide as there is room.

    Signals:
        pressed_key: The letter, or "back" and "clear".
    """

    pressed_key = pyqtSignal(str)

    def __init__(self, look: Look, rows: Sequence[str], back: str, clear: str) -> None:
        super().__init__()
        self._rows: list[list[Touch]] = []
        self.keys: dict[str, Touch] = {}
        self._gap = look.px(10)
        self._height = look.target(100)
        for letters in rows:
            self._rows.append([self._key(letter, letter, look) for letter in letters])
        self._rows[-1] += [self._key("clear", clear, look), self._key("back", back, look)]
        self.setFixedHeight(len(self._rows) * (self._height + self._gap) - self._gap)

    def _key(self, key: str, word: str, look: Look) -> Touch:
        made = Touch(Face(word), look, "plain", self)
        made.clicked.connect(lambda: self.pressed_key.emit(key))
        self.keys[key] = made
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        for number, row in enumerate(self._rows):
            weights = [
                2 if key.face.title in (self.keys["clear"].face.title, self.keys["back"].face.title) else 1
                for key in row
            ]
            whole = self.width() - self._gap * (len(row) - 1)
            x = 0.0
            for key, weight in zip(row, weights, strict=True):
                width = whole * weight / sum(weights)
                key.setGeometry(round(x), number * (self._height + self._gap), round(width), self._height)
                x += width + self._gap


class Code(QWidget):
    """A QR code."""

    def __init__(self, content: str, side: int) -> None:
        super().__init__()
        self.content = content
        self._rows = [bytes(row) for row in segno.make(content, error="m", micro=False).matrix]
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(WHITE))
        quiet = 4
        module = self.width() // (len(self._rows) + 2 * quiet)
        edge = (self.width() - module * len(self._rows)) // 2
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(edge + x * module, edge + y * module, module, module, QColor("#000000"))


def words(text: str, size: int, ink: str = INK, *, strong: bool = False, wrap: bool = True) -> QLabel:
    """Letters of the kiosk's own colours."""
    label = QLabel(text)
    label.setFont(theme.font(size, strong=strong))
    label.setStyleSheet(f"color: {ink}; background: transparent;")
    label.setWordWrap(wrap)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def words_in_the_middle(text: str, size: int) -> QLabel:
    """Muted letters in the middle of an empty place."""
    label = words(text, size, SOFT)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


class Strip(QWidget):
    """A note over the whole width: amber while the hall is away, green when it is back."""

    def __init__(self, look: Look, text: str, tone: str) -> None:
        super().__init__()
        self._fill, self._line = (AMBER_TINT, AMBER_LINE) if tone == "amber" else (GREEN_TINT, "#B6DAC4")
        self.text = words(text, look.letters(26), AMBER if tone == "amber" else GREEN)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(24), look.px(12), look.px(24), look.px(12))
        column.addWidget(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._fill))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(self._line))


def touch(face: Face, look: Look, kind: str, act: Callable[[], object], height: int = 0) -> Touch:
    """A button that does something."""
    made = Touch(face, look, kind)
    made.setFixedHeight(height or look.target(110))
    made.clicked.connect(lambda _checked=False: act())
    return made


class Sheet(QWidget):
    """A white sheet on the kiosk's ground."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._radius = look.px(12)
        self.column = QVBoxLayout(self)
        edge = look.px(36 if not look.tight else 16)
        self.column.setContentsMargins(look.px(36), edge, look.px(36), edge)
        self.column.setSpacing(look.px(14 if not look.tight else 6))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_box(painter, self.rect(), PAPER, LINE, self._radius)
