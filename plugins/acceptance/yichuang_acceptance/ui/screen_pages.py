"""The pages of the applicant's screen: welcome, checking and signing the data, waiting; and the head above them."""

from __future__ import annotations

from datetime import date
from typing import Any

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QScroller,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from yichuang.api.ui import paint_icon, public, theme
from yichuang_acceptance.ui.public_parts import (
    AMBER_LINE,
    AMBER_TINT,
    GREEN,
    SMALL_PX,
    SMALL_TARGET,
    DataLine,
    PublicCheck,
    PublicText,
    mongolian,
)
from yichuang_acceptance.ui.sign_pad import SignPad
from yichuang_acceptance.words import words

_ = words.text
HEAD_HEIGHT, HEAD_WITH_MONGOLIAN = 84, 112
SCROLL_STYLE = (  # a whole matter is longer than the screen: wide enough for a finger
    "QScrollArea, #lines { background: transparent; }"
    f" QScrollBar:vertical {{ background: transparent; width: 24px; margin: 0; }}"
    f" QScrollBar::handle:vertical {{ background: {public.LINE}; border-radius: 8px; margin: 4px; min-height: 64px; }}"
    " QScrollBar::add-line, QScrollBar::sub-line { height: 0; }"
    " QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
)
STEPS = ("Check the data", "Sign", "Rate")
LINE_STYLE = (
    f"QLineEdit {{ background: {public.SURFACE}; color: {public.INK}; border: 2px solid {public.LINE}; border-radius: 10px;"
    f" padding: 0 20px; min-height: {public.TARGET - 4}px; max-height: {public.TARGET - 4}px;"
    f" placeholder-text-color: {public.INK2}; }}"
    f" QLineEdit:focus {{ border-color: {public.TEAL}; }}"
)


def public_line(placeholder: str) -> QLineEdit:
    """A line to write in, as large as a button."""
    line = QLineEdit()
    line.setPlaceholderText(placeholder)
    line.setAccessibleName(placeholder)
    line.setMaxLength(200)
    line.setFont(theme.font(20))
    line.setMinimumHeight(public.TARGET)
    line.setStyleSheet(LINE_STYLE)
    return line


class Head(QWidget):
    """Hall in both languages, desk and clerk; at the right how far it is.

    Attributes:
        mongolian: Shows Mongolian beside the Chinese.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mongolian = public.PublicButton(
            _("Mongolian"), icon="languages", px=SMALL_PX, height=SMALL_TARGET
        )
        self.mongolian.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 0, 40, 0)
        row.addStretch(1)
        row.addWidget(self.mongolian)
        self._hall = self._hall_mn = self._desk = ""
        self._step = 0
        self.setFixedHeight(HEAD_HEIGHT)

    def set_names(self, hall: str, hall_mn: str, desk: str) -> None:
        """Who is here; Mongolian stands above Chinese (内政办发〔1996〕32号)."""
        self._hall, self._hall_mn, self._desk = hall, hall_mn, desk
        self.setFixedHeight(HEAD_WITH_MONGOLIAN if hall_mn else HEAD_HEIGHT)
        self.setAccessibleName(f"{hall} {desk}".strip())
        self.update()

    def set_step(self, step: int) -> None:
        """1 checking, 2 signing, 3 rating; 0 for none."""
        self._step = step
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(public.SURFACE))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(public.LINE))
        mark = QRectF(41, (self.height() - 33) / 2, 33, 33)
        public.frame(painter, mark, public.TEAL, public.TEAL, radius=6)
        paint_icon(painter, mark.adjusted(5, 5, -5, -5), "grid-2x2", public.SURFACE)
        top, width = 14.0, self.width() - 96.0 - (760 if self._step else 220)
        if self._hall_mn:
            painter.setFont(theme.mongolian_font(20))
            painter.setPen(QColor(public.INK))
            painter.setClipRect(QRectF(0, 0, 96 + width, self.height()))  # a long name ends before the steps
            painter.drawText(QRectF(96, 12, width, 26), public.LEFT | Qt.TextFlag.TextDontClip, self._hall_mn)
            painter.setClipping(False)
            top = 38.0
        public.write(painter, QRectF(96, top, width, 32), self._hall, 20, strong=True, align=public.LEFT)
        public.write(
            painter, QRectF(96, top + 31, width, 26), self._desk, SMALL_PX, public.INK2, align=public.LEFT
        )
        if self._step:
            self._paint_steps(painter)

    def _paint_steps(self, painter: QPainter) -> None:
        names = (_("Check the data"), _("Sign"), _("Rate"))
        wide = [QFontMetricsF(theme.font(20, strong=True)).horizontalAdvance(name) + 12 for name in names]
        x, middle = (
            self.mongolian.x() - 30.0 - sum(wide) - 46 * len(names) - 40 * (len(names) - 1),
            self.height() / 2,
        )
        for number, name in enumerate(names, 1):
            done, now = number < self._step, number == self._step
            spot = QRectF(x, middle - 18, 36, 36)
            fill = GREEN if done else public.TEAL if now else public.SURFACE
            public.frame(painter, spot, fill, fill if done or now else public.LINE, radius=18)
            if done:
                paint_icon(painter, spot.adjusted(8, 8, -8, -8), "check", public.SURFACE)
            else:
                public.write(painter, spot, str(number), 20, public.SURFACE if now else public.INK2)
            width = wide[number - 1]
            ink, mn = public.INK if now else public.INK2, mongolian(STEPS[number - 1])
            place = QRectF(x + 46, middle - 20, width, 40)
            if mn and public.speaks_mongolian(self):
                public.write_mongolian(
                    painter, QRectF(x + 46, middle - 30, width + 40, 24), mn, 15, ink, public.LEFT
                )
                place.adjust(0, 14, 0, 14)
            public.write(painter, place, name, 20, ink, strong=now, align=public.LEFT)
            x += 46 + width
            if number < len(names):
                painter.fillRect(QRectF(x + 2, middle - 1, 30, 2), QColor(public.LINE))
            x += 40


class RestPage(QWidget):
    """Nothing is asked: a welcome in both languages, or a word about what happens."""

    def __init__(self) -> None:
        super().__init__()
        self._mn = self._title_mn = ""
        self.title = self.text = ""
        self._icon = ""
        self.welcome()

    def welcome(self) -> None:
        """Between two applicants."""
        self._title_mn = mongolian("Welcome")
        self._show(_("Welcome"), _("Your data will be shown here for you to check and sign."), "")

    def tell(self, title: str, text: str, icon: str = "circle-check", mn: str = "") -> None:
        """After something was done here; `mn` is the title in Mongolian."""
        self._title_mn = mn
        self._show(title, text, icon)

    def set_mongolian(self, text: str) -> None:
        """The hall's name, above the welcome."""
        self._mn = text
        self.update()

    def _show(self, title: str, text: str, icon: str) -> None:
        self.title, self.text, self._icon = title, text, icon
        self.setAccessibleName(f"{title} {text}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self), QRectF(self.rect())
        middle = area.center().y()
        if self._title_mn and public.speaks_mongolian(self):
            line = QRectF(60, middle + 128, area.width() - 120, 50)
            public.write_mongolian(painter, line, self._title_mn, 34, public.TEAL)
        if self._icon:
            paint_icon(
                painter, QRectF(area.center().x() - 56, middle - 180, 112, 112), self._icon, public.TEAL
            )
        elif self._mn:
            painter.setFont(theme.mongolian_font(44))
            painter.setPen(QColor(public.TEAL))
            painter.drawText(
                QRectF(40, middle - 150, area.width() - 80, 70),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip,
                self._mn,
            )
        public.write(
            painter, QRectF(40, middle - 50, area.width() - 80, 70), self.title, 48, public.TEAL, strong=True
        )
        public.write(painter, QRectF(60, middle + 34, area.width() - 120, 90), self.text, 26, public.INK2)


class Card(QFrame):
    """A white panel."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        public.frame(QPainter(self), QRectF(self.rect()), public.SURFACE, public.LINE, width=1, radius=12)


class OwedNote(QWidget):
    """What was promised for later, with its day."""

    def __init__(self) -> None:
        super().__init__()
        self._text = PublicText("", 20, public.INK)
        column = QVBoxLayout(self)
        column.setContentsMargins(54, 16, 20, 16)
        column.addWidget(self._text)

    def show_owed(self, names: tuple[str, ...], until: str) -> None:
        """Nothing owed hides it."""
        self.setVisible(bool(names))
        if names:
            day = date.fromisoformat(until)
            when = _("{month}-{day}", month=day.month, day=day.day)
            text = _("{n} missing: {names}. You promise to hand it in before {day}.",
                     n=len(names), names="、".join(names), day=when)  # fmt: skip
            self._text.set_text(text)

    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        public.frame(painter, QRectF(self.rect()), AMBER_TINT, AMBER_LINE, width=1, radius=8)
        paint_icon(painter, QRectF(19, 18, 22, 22), "file-clock", "#B97B0C")


class CheckPage(QWidget):
    """The data at the left; at the right, one decision at a time: right or wrong, then the signature.

    Signals:
        confirmed: Everything is right.
        disputed: Keys of the wrong lines, and a remark.
        signed: The signature is to be kept.
        pad_asked: The applicant wants to sign on the pad of its own.
    """

    confirmed = pyqtSignal()
    disputed = pyqtSignal(list, str)
    signed = pyqtSignal()
    pad_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[DataLine] = []
        self.title = PublicText("", 28, public.INK, strong=True)
        self.owed = OwedNote()
        self.note = PublicText("", 20, public.RED)
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 24, 40, 28)
        row.setSpacing(24)
        row.addWidget(self._data(), 4)
        row.addWidget(self._right(), 3)
        self.ask_check()

    def _data(self) -> QWidget:
        card = Card()
        card.column.setContentsMargins(1, 14, 1, 20)
        card.column.setSpacing(8)
        head = QVBoxLayout()
        head.setContentsMargins(28, 0, 28, 4)
        head.addWidget(self.title)
        card.column.addLayout(head)
        inside = QWidget()
        inside.setObjectName("lines")
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setWidget(inside)
        scroller.setStyleSheet(SCROLL_STYLE)
        QScroller.grabGesture(scroller.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        card.column.addWidget(scroller, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(28, 0, 28, 0)
        foot.addWidget(self.owed)
        card.column.addLayout(foot)
        return card

    def _right(self) -> QWidget:
        card = Card()
        card.column.setContentsMargins(28, 14, 28, 24)
        card.column.setSpacing(14)
        self._stack = QStackedWidget()
        self._pages = (self._checking(), self._signing(), self._disputing())
        for page in self._pages:
            self._stack.addWidget(page)
        card.column.addWidget(self._stack, 1)
        card.column.addWidget(self.note)
        return card

    def _checking(self) -> QWidget:
        page, column = _column()
        column.addWidget(
            PublicText(
                _("Is everything right?"), 28, public.INK, strong=True, mn=mongolian("Is everything right?")
            )
        )
        column.addWidget(
            PublicText(
                _("Read the data at the left. What is wrong is corrected at once."),
                20,
                mn=mongolian("Read the data at the left. What is wrong is corrected at once."),
            )
        )
        column.addStretch(1)
        self.right = public.PublicButton(
            _("Everything is right"), primary=True, icon="check", mn=mongolian("Everything is right")
        )
        self.wrong = public.PublicButton(_("Something is wrong"), mn=mongolian("Something is wrong"))
        self.right.clicked.connect(lambda _on: self.confirmed.emit())
        self.wrong.clicked.connect(lambda _on: self.ask_wrong())
        column.addWidget(self.right)
        column.addWidget(self.wrong)
        return page

    def _signing(self) -> QWidget:
        page, column = _column()
        head = QHBoxLayout()
        head.addWidget(
            PublicText(
                _("Sign inside the frame"), 28, public.INK, strong=True, mn=mongolian("Sign inside the frame")
            ),
            1,
        )
        self.again = public.PublicButton(
            _("Write again"), icon="rotate-ccw", px=SMALL_PX, height=SMALL_TARGET, mn=mongolian("Write again")
        )
        head.addWidget(self.again)
        self.pad = SignPad()
        self.by_pad = public.PublicButton(
            _("Sign on the pad"),
            icon="pen-line",
            px=SMALL_PX,
            height=SMALL_TARGET,
            mn=mongolian("Sign on the pad"),
        )
        self.consent = PublicCheck()
        self.contest = public.PublicButton(_("Something is wrong"), mn=mongolian("Something is wrong"))
        self.submit = public.PublicButton(
            _("Confirm and submit"), primary=True, mn=mongolian("Confirm and submit")
        )
        self.again.clicked.connect(lambda _on: self.pad.clear())
        self.by_pad.clicked.connect(lambda _on: self.pad_asked.emit())
        self.contest.clicked.connect(lambda _on: self.ask_wrong())
        self.submit.clicked.connect(lambda _on: self.signed.emit())
        self.pad.changed.connect(self._gate)
        self.consent.toggled.connect(lambda _on: self._gate())
        column.addLayout(head)
        column.addWidget(self.pad, 1)
        column.addWidget(self.by_pad)
        column.addWidget(self.consent)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self.contest)
        foot.addWidget(self.submit, 1)
        column.addLayout(foot)
        return page

    def _disputing(self) -> QWidget:
        page, column = _column()
        column.addWidget(
            PublicText(_("What is wrong?"), 28, public.INK, strong=True, mn=mongolian("What is wrong?"))
        )
        column.addWidget(
            PublicText(
                _("Tap the wrong lines at the left."), 20, mn=mongolian("Tap the wrong lines at the left.")
            )
        )
        self.remark = public_line(_("How it should be; optional"))
        self.back = public.PublicButton(_("Back"), mn=mongolian("Back"))
        self.tell = public.PublicButton(_("Tell the clerk"), primary=True, mn=mongolian("Tell the clerk"))
        self.back.clicked.connect(lambda _on: self.ask_check())
        self.tell.clicked.connect(self._tell)
        column.addWidget(self.remark)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self.back)
        foot.addWidget(self.tell, 1)
        column.addLayout(foot)
        return page

    # ---- what it shows ----

    def show_content(self, content: Any, *, pad_ready: bool) -> None:
        """New data, to be checked."""
        self.clear()
        self.title.set_text(content.title)
        self.lines = [DataLine(line.key, line.label, line.value) for line in content.lines]
        for line in self.lines:
            line.toggled.connect(lambda _on: self._gate())
            self._lines.addWidget(line)
        self._lines.addStretch(1)
        self.owed.show_owed(content.owed, content.owed_by)
        self.pad.set_used_for(_("For: {papers}", papers="、".join(content.used_for)))
        self.by_pad.setVisible(pad_ready)
        text = _("I have checked the data above.")
        mn = [mongolian("I have checked the data above.")]
        if content.consents:
            mn.append(mongolian("I agree to the use of what is named below."))
            text = _(
                "I have checked the data above and agree to the use of: {names}.",
                names="；".join(content.consents),
            )
        self.consent.set_words(text, *mn)
        self.ask_check()

    def clear(self) -> None:
        """Nothing of the applicant before stays."""
        for line in self.lines:
            line.hide()
            line.deleteLater()
        while self._lines.count():
            self._lines.takeAt(0)
        self.lines = []
        self.title.set_text("")
        self.owed.hide()
        self.pad.clear()
        self.consent.setChecked(False)
        self.remark.clear()

    def ask_check(self) -> None:
        """Right or wrong?"""
        self._turn(0)

    def ask_signature(self) -> None:
        """Everything is right: sign."""
        self._turn(1)

    def ask_wrong(self) -> None:
        """Which lines?"""
        self._turn(2)

    def _turn(self, page: int) -> None:
        for line in self.lines:
            line.set_asking(page == 2)
        self._stack.setCurrentIndex(page)
        self.say("")
        self._gate()

    def step(self) -> int:
        """1 while checking, 2 while signing."""
        return 2 if self._stack.currentIndex() == 1 else 1

    def say(self, text: str) -> None:
        """Why something was not taken; empty takes it away."""
        self.note.set_text(text)
        self.note.setVisible(bool(text))

    def set_busy(self, busy: bool) -> None:
        """While something is being sent."""
        self.setEnabled(not busy)

    def _gate(self) -> None:
        self.submit.setEnabled(not self.pad.is_empty() and self.consent.isChecked())
        self.tell.setEnabled(any(line.isChecked() for line in self.lines))

    def _tell(self) -> None:
        self.disputed.emit([line.key for line in self.lines if line.isChecked()], self.remark.text().strip())


def _column() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(14)
    return page, column
