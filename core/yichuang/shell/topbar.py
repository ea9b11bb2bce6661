"""The bar at the top: logo, hall, search, sync state, desk, bell, user."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from yichuang.hall.words import core as words
from yichuang.shell.logo import paint_logo
from yichuang.widgets import icons, keys, lights, paint, theme
from yichuang.widgets.focus import KeyboardRing
from yichuang.widgets.tags import paint_badge

_ = words.text

HEIGHT = 48
SEARCH_LEFT = 360
SEARCH_WIDTH = 440


class BarButton(KeyboardRing, QAbstractButton):
    """A painted button of the bar with a hover tint and an accessible name."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._hovered = False

    def enterEvent(self, event: QEnterEvent | None) -> None:
        """Show the hover tint."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent | None) -> None:
        """Take it away again."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paint_ground(self, painter: QPainter, radius: float = 6) -> None:
        """Hover tint behind the content."""
        if self._hovered or self.isDown():
            paint.box(painter, QRectF(self.rect()), radius, "hover" if theme.current() == "dark" else "line")


class Brand(QWidget):
    """Logo, name of the suite, name of the hall."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hall = ""
        self.setFixedHeight(HEIGHT)

    def set_hall(self, name: str) -> None:
        """Show the hall's name."""
        self._hall = name
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint logo and names."""
        painter = QPainter(self)
        paint_logo(painter, QRectF(19, 13, 22, 22), theme.token("acc"))
        name = _("Yichuang")
        line = 60 + round(paint.text_width(name, 16, strong=True))  # Chinese needs half the room of English
        paint.text(painter, QRectF(52, 0, line - 52, HEIGHT), name, px=16, strong=True)
        if self._hall:
            paint.hairline(painter, line, 16, 16, vertical=True, ink="line2")
            paint.text(painter, QRectF(line + 11, 0, self.width() - line - 23, HEIGHT), self._hall, ink="t2")


class SearchButton(BarButton):
    """Looks like the search field and opens the palette, which is where typing happens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Search, Ctrl+K"), parent)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setFixedHeight(32)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint field, lens, placeholder and key cap."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        paint.box(painter, area, 6, "surface", "line2")
        icons.paint_icon(painter, QRectF(10, 8, 16, 16), "search", "t2")
        cap = keys.keycap_width("Ctrl+K")
        text = QRectF(34, 0, area.width() - 34 - cap - 14, area.height())
        paint.text(painter, text, _("Search items, cases, applicants, licences, or type a command"), ink="t3")
        keys.paint_keycap(painter, area.width() - cap - 7, area.height() / 2, "Ctrl+K")


class SyncLabel(QWidget):
    """Whether the hall's data is reachable, and since when it is as shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._text, self._tone = "loader", "", "t2"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_opening()

    def show_opening(self) -> None:
        """The data is still being opened."""
        self._set("loader", _("Opening…"), "t2")

    def show_synced(self, at: datetime) -> None:
        """The data was read at this moment of the hall."""
        self._set("wifi", _("Synced {time}", time=at.strftime("%H:%M")), "t1")

    def show_offline(self) -> None:
        """The data does not answer; what is on the screen stays."""
        self._set("wifi-off", _("Connection lost"), "amb")

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(22 + int(paint.text_width(self._text, 13)) + 1, 24)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint sign and words."""
        painter = QPainter(self)
        icons.paint_icon(painter, QRectF(0, 4, 16, 16), self._icon, self._tone)
        paint.text(painter, QRectF(22, 0, self.width() - 22, self.height()), self._text, ink=self._tone)

    def _set(self, icon: str, text: str, tone: str) -> None:
        self._icon, self._text, self._tone = icon, text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()


class DeskSwitch(BarButton):
    """The desk one sits at and what it does just now; opens the list of desks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._name, self._state, self._tone = "", "", "grey"
        self.setFixedHeight(32)

    def set_desk(self, name: str, state: str, tone: str) -> None:
        """Show a desk, its state in words and the tone of its dot."""
        self._name, self._state, self._tone = name, state, tone
        self.setAccessibleName(f"{name} {state}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(int(paint.text_width(self._name) + paint.text_width(self._state)) + 60, 32)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint dot, desk, state and arrow."""
        painter = QPainter(self)
        self.paint_ground(painter)
        middle = self.height() / 2
        lights.paint_dot(painter, QPointF(11.5, middle), self._tone)
        x = 21.0
        x += paint.text(painter, QRectF(x, 0, self.width(), self.height()), self._name)
        if self._state:
            x += 7
            x += paint.text(painter, QRectF(x, 0, self.width(), self.height()), self._state, ink="t3")
        icons.paint_icon(painter, QRectF(x + 8, middle - 7, 14, 14), "chevron-down", "t2")


class Bell(BarButton):
    """The bell with the number of unread notices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Notifications"), parent)
        self._count = 0
        self.setFixedSize(34, 32)

    @property
    def count(self) -> int:
        """How many notices are unread."""
        return self._count

    def set_count(self, count: int) -> None:
        """Show the number of unread notices."""
        self._count = count
        self.setAccessibleName(
            _("Notifications, {count} unread", count=count) if count else _("Notifications")
        )
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint bell and badge."""
        painter = QPainter(self)
        self.paint_ground(painter)
        icons.paint_icon(painter, QRectF(7, 7, 18, 18), "bell", "t2")
        if self._count:
            paint_badge(painter, 33, 8, "99+" if self._count > 99 else str(self._count), "red")


class UserButton(BarButton):
    """Who is signed in: a round sign with the last character of the name, the name, the unit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._name, self._unit = "", ""
        self.setFixedHeight(40)

    def set_person(self, name: str, unit: str) -> None:
        """Show a person and the unit they work for."""
        self._name, self._unit = name, unit
        self.setAccessibleName(f"{name} {unit}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words, within reason."""
        words_width = max(paint.text_width(self._name, strong=True), paint.text_width(self._unit, 11))
        return QSize(48 + min(160, int(words_width) + 1), 40)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint sign, name and unit."""
        painter = QPainter(self)
        self.paint_ground(painter)
        circle = QRectF(4, 6, 28, 28)
        paint.box(painter, circle, 14, "accs", "accl")
        paint.text(painter, circle, self._name[-1:], ink="acct", strong=True, align=paint.CENTER)
        room = self.width() - 44
        paint.text(painter, QRectF(40, 3, room, 18), self._name, strong=True, px=13)
        paint.text(painter, QRectF(40, 20, room, 16), self._unit, px=11, ink="t3")


class TopBar(QWidget):
    """The whole bar.

    Signals:
        search_asked, desk_menu_asked, bell_pressed, user_menu_asked: The person pressed that part.
    """

    search_asked = pyqtSignal()
    desk_menu_asked = pyqtSignal()
    bell_pressed = pyqtSignal()
    user_menu_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.brand = Brand(self)
        self.search = SearchButton(self)
        self.sync = SyncLabel(self)
        self.desk = DeskSwitch(self)
        self.bell = Bell(self)
        self.user = UserButton(self)
        self.right = QWidget(self)
        row = QHBoxLayout(self.right)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(4)
        for widget, gap in ((self.sync, 14), (self.desk, 4), (self.bell, 4), (self.user, 0)):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
            row.addSpacing(gap)
        self._connect(self.search, self.search_asked.emit)
        self._connect(self.desk, self.desk_menu_asked.emit)
        self._connect(self.bell, self.bell_pressed.emit)
        self._connect(self.user, self.user_menu_asked.emit)

    @staticmethod
    def _connect(button: QAbstractButton, act: Callable[[], None]) -> None:
        button.clicked.connect(lambda _checked=False: act())

    def arrange(self) -> None:
        """Place the parts: the search keeps its place and width while there is room."""
        right = self.right.sizeHint().width()
        self.right.setGeometry(self.width() - right, 0, right, HEIGHT)
        room = self.width() - right - 16 - SEARCH_LEFT
        width = max(160, min(SEARCH_WIDTH, room))
        self.search.setGeometry(SEARCH_LEFT, 8, width, 32)
        self.brand.setGeometry(0, 0, SEARCH_LEFT - 12, HEIGHT)

    def resizeEvent(self, event: object) -> None:
        """Keep the parts in place."""
        self.arrange()

    def event(self, event: QEvent | None) -> bool:
        """A part has grown (longer name): place all again."""
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the separator before the desk."""
        painter = QPainter(self)
        x = self.right.x() + self.desk.x() - 8
        if not self.desk.isHidden():
            paint.hairline(painter, x, 16, 16, vertical=True, ink="line2")
