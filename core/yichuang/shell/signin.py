"""Signing in, and the screen lock: account, password, what is wrong in a sentence. The password is never kept."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.shell.topbar import paint_logo
from yichuang.widgets import Button, Field, LineEdit, PasswordEdit, Text, paint, theme

_ = words.text

CARD_WIDTH = 360
WAKING = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class Card(QWidget):
    """The panel in the middle of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(CARD_WIDTH)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(28, 28, 28, 28)
        self.column.setSpacing(12)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the panel."""
        paint.box(QPainter(self), QRectF(self.rect()), 8, "surface", "line2")


class Sign(QWidget):
    """The suite's sign and name at the head of the card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(36)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint sign and name."""
        painter = QPainter(self)
        paint_logo(painter, QRectF(0, 4, 28, 28))
        paint.text(painter, QRectF(38, 0, self.width() - 38, 36), _("Yichuang"), px=18, strong=True)


class SignInForm(QWidget):
    """Covers the window until somebody has signed in; as the lock it keeps the account and asks for the password alone.

    Signals:
        submitted: (account, password). The password leaves the field at once.
        sign_out_asked: At the lock: somebody else wants to sign in.
        retry_asked: The hall's data could not be opened; try again.
    """

    submitted = pyqtSignal(str, str)
    sign_out_asked = pyqtSignal()
    retry_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ready = False
        self._waiting: tuple[str, str] | None = None
        self._locked_for: Actor | None = None
        self._build()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        self.card = Card()
        row.addWidget(self.card)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        self.title = Text(_("Sign in"), 18, "t1", strong=True)
        self.hall = Text("", 13, "t2")
        self.account = LineEdit(_("Account"))
        self.password = PasswordEdit(_("Password"))
        self.account_field = Field(_("Account"), self.account)
        self.password_field = Field(_("Password"), self.password)
        self.problem = Text("", 12, "red", wrap=True)
        self.button = Button(_("Sign in"), kind="primary", size="decision")
        self.note = Text("", 12, "t3", wrap=True)
        self.other = Button(_("Sign in as somebody else"), kind="link")
        column = self.card.column
        column.addWidget(Sign())
        for widget in (
            self.title,
            self.hall,
            self.account_field,
            self.password_field,
            self.problem,
            self.button,
        ):
            column.addWidget(widget)
        column.addWidget(self.other, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.note)
        self.retry = Button(_("Try again"), icon="rotate-cw")
        column.addWidget(self.retry)
        self.retry.hide()
        self.retry.clicked.connect(lambda _checked=False: self.retry_asked.emit())
        self.problem.hide()
        self.other.hide()
        self.account.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.submit)
        self.button.clicked.connect(lambda _checked=False: self.submit())
        self.other.clicked.connect(lambda _checked=False: self.sign_out_asked.emit())
        self.account.textEdited.connect(lambda _text: self.problem.hide())
        self.password.textEdited.connect(lambda _text: self.problem.hide())

    def ask(self, account: str = "") -> None:
        """Ask for account and password."""
        self._locked_for = None
        self.title.setText(_("Sign in"))
        self.button.setText(_("Sign in"))
        self.account_field.show()
        self.other.hide()
        self.account.setText(account)
        self._open(self.password if account else self.account)

    def lock(self, actor: Actor) -> None:
        """Cover everything until this person's password was typed again."""
        self._locked_for = actor
        self.title.setText(_("Locked"))
        self.hall.setText(f"{actor.name} {actor.agency_name}".strip())
        self.button.setText(_("Unlock"))
        self.account_field.hide()
        self.other.show()
        self._open(self.password)

    @property
    def locked_for(self) -> Actor | None:
        """Whose screen is locked, None while nobody is signed in."""
        return self._locked_for

    def set_hall(self, name: str) -> None:
        """Show the hall's name."""
        if self._locked_for is None:
            self.hall.setText(name)

    def set_ready(self, ready: bool, note: str = "") -> None:
        """Whether the hall's data is open; a press that came too early is carried out then."""
        self._ready = ready
        self.retry.hide()
        self.note.setText(note)
        self.note.setVisible(bool(note))
        if ready and self._waiting is not None:
            account, password = self._waiting
            self._waiting = None
            self.submitted.emit(account, password)

    def submit(self) -> None:
        """Send what was typed; the field is emptied before anything else happens."""
        account = self._locked_for.account if self._locked_for is not None else self.account.text().strip()
        password = self.password.text()
        if not account:
            self._say(_("Type your account."))
            self.account.setFocus()
            return
        if not password:
            self._say(_("Type your password."))
            self.password.setFocus()
            return
        self.password.clear()
        self.problem.hide()
        self.button.set_busy(True)
        if self._ready:
            self.submitted.emit(account, password)
        else:
            self._waiting = (account, password)

    def refuse(self, error: UserError) -> None:
        """Say in place why it did not work."""
        self.button.set_busy(False)
        self._say(" ".join(part for part in (str(error.sentence), str(error.do)) if part))
        self.password.setFocus()

    def show_refusal(self, error: UserError) -> None:
        """The hall's data cannot be opened: why, and a way to try again."""
        self._waiting = None
        self.button.set_busy(False)
        self._say(" ".join(part for part in (str(error.sentence), str(error.do)) if part))
        self.note.hide()
        self.retry.show()

    def accept(self) -> None:
        """It worked: leave the screen to the desk."""
        self.button.set_busy(False)
        self.problem.hide()
        self.hide()

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()

    def _open(self, first: QWidget) -> None:
        self.password.clear()
        self.problem.hide()
        self.button.set_busy(False)
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Cover what is below: a locked screen shows nothing of a case."""
        QPainter(self).fillRect(self.rect(), theme.color("app"))


class IdleLock(QObject):
    """Calls the lock after minutes without a key or mouse.

    Watches the application's events only while it is armed, and costs one comparison an event then.
    """

    def __init__(self, lock: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lock)
        self._app: QObject | None = None

    def arm(self, app: QObject, minutes: float) -> None:
        """Begin to watch; 0 minutes means never lock."""
        self.disarm()
        if minutes <= 0:
            return
        self._timer.setInterval(int(minutes * 60_000))
        self._timer.start()
        self._app = app
        app.installEventFilter(self)

    def disarm(self) -> None:
        """Stop watching."""
        self._timer.stop()
        if self._app is not None:
            self._app.removeEventFilter(self)
            self._app = None

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """A sign of life puts the lock off."""
        if event is not None and event.type() in WAKING:
            self._timer.start()
        return False
