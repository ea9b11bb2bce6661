"""Signing in, and the screen lock: account, password, what is wrong in a sentence. The password is never kept.

This is what the first paint shows, so it is made of Qt's plain widgets and touches neither `yichuang.widgets` beyond tokens
and fonts nor the names of the `Qt` namespace: together they would double the time until one can type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.widgets import fonts

if TYPE_CHECKING:
    from yichuang.identity.actor import Actor

_ = words.text

CARD_WIDTH = 360
LOOK = """
QFrame[sign="ground"] {{ background: {acc}; border-radius: 6px; }}
QFrame[sign="panes"] {{ border: 2px solid #FFFFFF; border-radius: 2px; }}
QFrame[sign="bar"] {{ background: #FFFFFF; }}
QPushButton {{ background: {acc}; color: {on}; border: none; border-radius: 6px; min-height: 40px; font-size: 14px; }}
QPushButton:hover {{ background: {acch}; }} QPushButton:pressed {{ background: {accp}; }}
QPushButton:focus {{ border: 2px solid {focus}; }}
QPushButton:disabled {{ background: {sunken}; color: {tdis}; }}
QPushButton[plain="true"] {{ background: transparent; color: {acct}; min-height: 24px; font-size: 13px; }}
"""


class Sign(QFrame):
    """The suite's sign, a window of four panes, and its name; of plain boxes, as painting would touch the `Qt` namespace."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(36)
        name = QLabel(_("Yichuang"))
        name.setFont(fonts.font(18, strong=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(38, 0, 0, 0)
        row.addWidget(name)
        for role, x, y, width, height in (
            ("ground", 0, 4, 28, 28),
            ("panes", 6, 10, 16, 16),
            ("bar", 13, 10, 2, 16),
            ("bar", 6, 17, 16, 2),
        ):
            box = QFrame(self)
            box.setProperty("sign", role)
            box.setGeometry(x, y, width, height)


class SignInForm(QFrame):
    """Covers the window until somebody has signed in; as the lock it keeps the account and asks for the password alone.

    Signals:
        submitted: (account, password). The password leaves the field at once.
        sign_out_asked: At the lock: somebody else wants to sign in.
        retry_asked: The hall's data could not be opened; try again.
    """

    submitted = pyqtSignal(str, str)
    sign_out_asked = pyqtSignal()
    retry_asked = pyqtSignal()

    def __init__(self, tokens: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ready = False
        self._busy = False
        self._waiting: tuple[str, str] | None = None
        self._locked_for: Actor | None = None
        self.setProperty("fill", "app")  # covers what is below: a locked screen shows nothing of a case
        self._make_parts()
        self._place_parts()
        self.account.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.submit)
        self.button.clicked.connect(lambda _checked=False: self.submit())
        self.other.clicked.connect(lambda _checked=False: self.sign_out_asked.emit())
        self.retry.clicked.connect(lambda _checked=False: self.retry_asked.emit())
        self.account.textEdited.connect(lambda _text: self.problem.hide())
        self.password.textEdited.connect(lambda _text: self.problem.hide())
        self.restyle(tokens)

    def _make_parts(self) -> None:
        self.sign = Sign()
        self.title = QLabel(_("Sign in"))
        self.title.setFont(fonts.font(16, strong=True))
        self.hall = _note("t2", 13)
        self.account_label = _note("t2", 12, _("Account"))
        self.account = QLineEdit()
        self.account.setAccessibleName(_("Account"))
        self.account_label.setBuddy(self.account)
        self.password_label = _note("t2", 12, _("Password"))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(_("Password"))
        self.password_label.setBuddy(self.password)
        self.problem = _note("red", 12)
        self.problem.setWordWrap(True)
        self.button = QPushButton(_("Sign in"))
        self.retry = QPushButton(_("Try again"))
        self.other = QPushButton(_("Sign in as somebody else"))
        self.other.setProperty("plain", True)
        self.note = _note("t3", 12)
        self.note.setWordWrap(True)
        for part in (self.problem, self.retry, self.other, self.note):
            part.hide()

    def _place_parts(self) -> None:
        self.card = QFrame()
        self.card.setProperty("role", "card")
        self.card.setFixedWidth(CARD_WIDTH)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(28, 26, 28, 26)
        column.setSpacing(6)
        for part, gap in (
            (self.sign, 10),
            (self.title, 0),
            (self.hall, 10),
            (self.account_label, 0),
            (self.account, 8),
            (self.password_label, 0),
            (self.password, 8),
            (self.problem, 0),
            (self.button, 4),
            (self.other, 0),
            (self.retry, 0),
            (self.note, 0),
        ):
            column.addWidget(part)
            column.addSpacing(gap)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.card)
        row.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(row)
        outer.addStretch(3)

    def restyle(self, tokens: Mapping[str, str]) -> None:
        """Other colours."""
        self.setStyleSheet(LOOK.format(**tokens))

    def ask(self, account: str = "") -> None:
        """Ask for account and password."""
        self._locked_for = None
        self.title.setText(_("Sign in"))
        self.button.setText(_("Sign in"))
        self.account_label.show()
        self.account.show()
        self.other.hide()
        self.account.setText(account)
        self._open(self.password if account else self.account)

    def lock(self, actor: Actor) -> None:
        """Cover everything until this person's password was typed again."""
        self._locked_for = actor
        self.title.setText(_("Locked"))
        self.hall.setText(f"{actor.name} {actor.agency_name}".strip())
        self.button.setText(_("Unlock"))
        self.account_label.hide()
        self.account.hide()
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
        if self._busy:
            return
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
        self._set_busy(True)
        if self._ready:
            self.submitted.emit(account, password)
        else:
            self._waiting = (account, password)

    def refuse(self, error: UserError) -> None:
        """Say in place why it did not work."""
        self._set_busy(False)
        self._say(" ".join(part for part in (str(error.sentence), str(error.do)) if part))
        self.password.setFocus()

    def show_refusal(self, error: UserError) -> None:
        """The hall's data cannot be opened: why, and a way to try again."""
        self._waiting = None
        self.refuse(error)
        self.note.hide()
        self.retry.show()

    def offer_away(self, note: str) -> None:
        """The hall does not answer: let somebody sign in for what goes on without it; trying again stays possible."""
        self._ready = True
        self._set_busy(False)
        self.note.setText(note)
        self.note.show()
        self.retry.show()

    def accept(self) -> None:
        """It worked: leave the screen to the desk."""
        self._set_busy(False)
        self.problem.hide()
        self.hide()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.button.setEnabled(not busy)

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()

    def _open(self, first: QWidget) -> None:
        self.password.clear()
        self.problem.hide()
        self._set_busy(False)
        self.show()
        self.raise_()
        first.setFocus()


def _note(tone: str, px: int, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", tone)
    label.setFont(fonts.font(px))
    return label
