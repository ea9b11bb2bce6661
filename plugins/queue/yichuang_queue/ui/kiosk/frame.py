"""What stands around every page of the kiosk: greeting, title and time above, the modes and the call for help below."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from yichuang_queue.ticket_text import kiosk_name, mongolian
from yichuang_queue.ui.board.parts import RIGHT, columns, text
from yichuang_queue.ui.kiosk.look import DEEP, PALE, WHITE, Face, Look
from yichuang_queue.ui.kiosk.touch import Touch
from yichuang_queue.words import words

if TYPE_CHECKING:
    from yichuang_queue.ui.kiosk.window import KioskWindow

_ = words.text
L = words.lazy
WEEKDAYS = (
    L("Monday"), L("Tuesday"), L("Wednesday"), L("Thursday"), L("Friday"), L("Saturday"), L("Sunday"),
)  # fmt: skip


class Head(QWidget):
    """Greeting, title, place and time."""

    def __init__(self, kiosk: KioskWindow) -> None:
        super().__init__(kiosk)
        self._kiosk = kiosk

    def paintEvent(self, event: QPaintEvent) -> None:
        kiosk, painter = self._kiosk, QPainter(self)
        look, now = kiosk.look, kiosk.desk.now()
        painter.fillRect(self.rect(), QColor(DEEP))
        edge, middle = look.px(44), self.height() / 2
        greeting = mongolian("Welcome")
        size = 24
        if look.mongolian:
            greeting = mongolian(kiosk.page.title_mn) or greeting
            size = 30
        if look.wide:
            size = 20
        wide = columns(
            painter,
            edge,
            look.px(12),
            self.height() - look.px(24),
            greeting,
            look.px(size),
            PALE,
            3 if look.wide else 2 if look.mongolian else 1,
        )
        x = edge + max(wide, look.px(42)) + look.px(32)
        room = (
            self.width()
            - x
            - edge
            - self._time(painter, self.width() - edge, middle, now, look)
            - look.px(20)
        )
        title, small = look.letters(48), look.letters(26)
        text(painter, x, middle - look.px(4), str(kiosk.page.title), title, WHITE, strong=True, width=room)
        place = "　".join(part for part in (kiosk.desk.hall, kiosk_name(kiosk.kiosk)) if part)
        text(painter, x, middle + small * 1.5, kiosk.countdown or place, small, PALE, width=room)

    @staticmethod
    def _time(painter: QPainter, right: float, middle: float, now: datetime, look: Look) -> float:
        """Time over day, at the right; gives back the width."""
        day = _("{month}-{day} {weekday}", month=now.month, day=now.day, weekday=WEEKDAYS[now.weekday()])
        large, small = look.letters(56), look.letters(24)
        first = text(
            painter, right, middle - look.px(4), f"{now:%H:%M}", large, WHITE, strong=True, align=RIGHT
        )
        return max(
            first, text(painter, right, middle + look.letters(26) * 1.5, day, small, PALE, align=RIGHT)
        )


class Bar(QWidget):
    """The modes and the call for help, at the lower edge of every page."""

    def __init__(self, kiosk: KioskWindow) -> None:
        super().__init__(kiosk)
        self._kiosk = kiosk
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.large = self._button(L("Large type"), "type", lambda on: kiosk.set_look(large=on))
        self.mongolian = self._button(L("Mongolian"), "languages", lambda on: kiosk.set_look(mongolian=on))
        self.read = self._button(L("Read aloud"), "volume-2", kiosk.read_aloud)
        self.low = self._button(L("Low position"), "arrow-down-to-line", lambda on: kiosk.set_look(low=on))
        self.help = self._button(
            L("Ask somebody for help"), "hand-helping", lambda _on: kiosk.call_help(), stays=False
        )

    def _button(self, title: Any, icon: str, act: Any, *, stays: bool = True) -> Touch:
        made = Touch(Face(str(title), icon=icon, mn=mongolian(title.msgid)), self._kiosk.look, "bar")
        made.setCheckable(stays)
        made.clicked.connect(act)
        self._row.addWidget(made)
        return made

    @property
    def buttons(self) -> tuple[Touch, ...]:
        """All of them, from the left."""
        return (self.large, self.mongolian, self.read, self.low, self.help)

    def show_look(self) -> None:
        """Follow the sizes and modes."""
        look = self._kiosk.look
        for button in self.buttons:
            button.look = look
            button.setFixedHeight(look.target(148 if not look.wide else 112))
            button.update()
        for button, on in ((self.large, look.large), (self.mongolian, look.mongolian), (self.low, look.low)):
            button.setChecked(on)

    def reset(self) -> None:
        """Nothing is read any more."""
        self.read.setChecked(False)
        self.show_look()
