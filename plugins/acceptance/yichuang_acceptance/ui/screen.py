"""The applicant's screen at a desk: full on the second screen, or in a dialog where there is none or it was unplugged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QRect, Qt, pyqtSignal
from PyQt6.QtGui import (
    QCloseEvent,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QScreen,
)
from PyQt6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import public
from yichuang_acceptance.ui.rate_page import RatePage
from yichuang_acceptance.ui.screen_pages import CheckPage, Head, RestPage
from yichuang_acceptance.words import words

_ = words.text
DIALOG_SIZE = (1180, 760)


class ApplicantScreen(QWidget):
    """What the applicant sees: head, and one page at a time. It knows nothing but what is pushed to it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(_("Applicant's screen"))
        self.setProperty("byKeyboard", False)
        self.head, self.rest, self.check, self.rate = Head(), RestPage(), CheckPage(), RatePage()
        self._pages = QStackedWidget()
        for page in (self.rest, self.check, self.rate):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        self.head.mongolian.toggled.connect(self._speak)
        self._speak(False)
        column.addWidget(self._pages, 1)
        self.setMinimumSize(960, 680)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)

    @property
    def page(self) -> QWidget | None:
        """The page in front."""
        return self._pages.currentWidget()

    def set_names(self, hall: str, hall_mn: str, desk: str) -> None:
        """Who is here, in both languages."""
        self.head.set_names(hall, hall_mn, desk)
        self.rest.set_mongolian(hall_mn)

    def _speak(self, mongolian: bool) -> None:
        """Mongolian beside the Chinese on every page, or Chinese alone."""
        self.setProperty("mongolian", mongolian)
        for part in self.findChildren(QWidget):
            part.updateGeometry()
            part.update()

    def show_rest(self) -> None:
        """The welcome; nothing of the applicant before stays, nor the language that was chosen."""
        self.head.mongolian.setChecked(False)
        self.rest.welcome()
        self.check.clear()
        self.rate.clear()
        self._turn(self.rest, 0)

    def show_word(self, title: str, text: str, icon: str = "circle-check", mn: str = "") -> None:
        """A word in large letters; `mn` is the title in Mongolian."""
        self.rest.tell(title, text, icon, mn)
        self._turn(self.rest, 0)

    def show_check(self) -> None:
        """The data, to be checked or signed."""
        self._turn(self.check, self.check.step())

    def show_rate(self) -> None:
        """The rating."""
        self._turn(self.rate, 3)
        self.rate.setFocus()

    def _turn(self, page: QWidget, step: int) -> None:
        self._pages.setCurrentWidget(page)
        self.head.set_step(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys for the rating; the first key shows the ring."""
        if not self.property("byKeyboard"):
            self.setProperty("byKeyboard", True)
            self.update()
        if self.page is self.rate and self.rate.isEnabled() and self.rate.take_key(Qt.Key(event.key())):
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch: no ring any more."""
        self.setProperty("byKeyboard", False)
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(public.GROUND))


class ScreenDialog(QDialog):
    """Holds the applicant's screen where there is no second one; the clerk turns the monitor.

    Signals:
        closed: A person closed it.
    """

    closed = pyqtSignal()

    def __init__(self, owner: QWidget, screen: ApplicantScreen) -> None:
        super().__init__(owner)
        self.setWindowTitle(_("Applicant's screen"))
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(screen)
        room = self.screen().availableGeometry() if self.screen() is not None else QRect(0, 0, *DIALOG_SIZE)
        self.resize(min(DIALOG_SIZE[0], room.width()), min(DIALOG_SIZE[1], room.height()))

    def reject(self) -> None:
        """Esc or the window's cross."""
        self.closed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()


def second_screen(owner: QWidget) -> QScreen | None:
    """A screen that the desk's own window is not on."""
    own = owner.window().screen()
    return next((screen for screen in QGuiApplication.screens() if screen is not own), None)


class ScreenPlace:
    """Puts the applicant's screen where it belongs, and moves it when a screen comes or goes.

    Args:
        owner: A widget of the desk's window.
        screen: What is placed.
        closed: Called when a person closes the dialog.
        idle: Whether the second screen is filled while nothing is asked.
        find: Gives the second screen, None where there is none.
    """

    def __init__(
        self, owner: QWidget, screen: ApplicantScreen, closed: Callable[[], None], idle: Callable[[], bool],
        find: Callable[[QWidget], Any] = second_screen,
    ) -> None:  # fmt: skip
        self._owner, self._screen, self._closed, self._idle, self._find = owner, screen, closed, idle, find
        self._dialog: ScreenDialog | None = None
        self._asking = False
        self._there = False
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        self._app = app
        app.screenRemoved.connect(self._screens_changed)
        app.screenAdded.connect(self._screens_changed)

    def has_second(self) -> bool:
        """Whether there is a screen of the applicant's own."""
        return self._find(self._owner) is not None

    def in_dialog(self) -> bool:
        """Whether it stands in a dialog now."""
        return self._dialog is not None

    def open(self) -> None:
        """The desk is in front: the second screen is filled."""
        self._there = True
        self.show(asking=self._asking)

    def show(self, *, asking: bool) -> None:
        """Show it; `asking`: an applicant has something to answer, so a dialog opens where there is no screen."""
        self._asking = asking
        second = self._find(self._owner)
        if second is not None and (asking or (self._there and self._idle())):
            self._fill(second)
        elif second is None and asking:
            self._open_dialog()
        else:
            self._take_away()

    def close(self) -> None:
        """The page goes: so does the screen."""
        self._app.screenRemoved.disconnect(self._screens_changed)
        self._app.screenAdded.disconnect(self._screens_changed)
        self._take_away()
        self._screen.deleteLater()

    def _fill(self, second: QScreen) -> None:
        self._leave_dialog()
        screen = self._screen
        if screen.isVisible() and screen.geometry() == second.geometry():
            return
        screen.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        screen.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the clerk goes on typing
        screen.setGeometry(second.geometry())
        screen.showFullScreen()
        screen.raise_()

    def _open_dialog(self) -> None:
        if self._dialog is None:
            self._screen.hide()
            self._dialog = ScreenDialog(self._owner.window(), self._screen)
            self._dialog.closed.connect(self._closed)
        self._screen.show()
        self._dialog.show()

    def _take_away(self) -> None:
        self._leave_dialog()
        self._screen.hide()

    def _leave_dialog(self) -> None:
        if self._dialog is not None:
            dialog, self._dialog = self._dialog, None
            self._screen.hide()
            self._screen.setParent(None)
            dialog.hide()
            dialog.deleteLater()

    def _screens_changed(self, _screen: QScreen) -> None:
        """Plugged in or out: what is being asked goes on, on the screen or in a dialog."""
        self.show(asking=self._asking)
