"""The pages of the applicant's screen: at rest, the rating, thanks; and the head above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, in_language
from yichuang.api.ui import paint_icon, public, theme
from yichuang_queue.rules.rating import GRADE_NAMES, Grade
from yichuang_queue.ui.applicant.parts import TARGET, Chip, PublicText
from yichuang_queue.words import words

_ = words.text
L = words.lazy
WIDEST = 1160
LOW = 640
FACES = {
    Grade.VERY_GOOD: "laugh",
    Grade.GOOD: "smile",
    Grade.FAIR: "meh",
    Grade.BAD: "frown",
    Grade.VERY_BAD: "angry",
}
ASPECTS = {
    "notice": (L("Told everything at once"), L("Not told everything at once")),
    "materials": (L("Few materials"), L("Too many materials")),
    "speed": (L("Quick"), L("Slow")),
    "attitude": (L("Friendly service"), L("Unfriendly service")),
    "process": (L("Easy steps"), L("Complicated steps")),
    "place": (L("Place and guidance"), L("Poor place and guidance")),
}
"""What the applicant may add, said well and said badly (appendices A and B of GB/T 39734-2020 name such contents)."""


class Head(QWidget):
    """Desk and clerk, 84 px."""

    def __init__(self, desk: str, name: str, account: str) -> None:
        super().__init__()
        self._desk = desk
        self._clerk = _("Clerk {name}", name=name) if name else ""
        self._number = _("staff number {number}", number=account) if account else ""
        self.setFixedHeight(84)

    def set_desk(self, title: str) -> None:
        """What the desk is called."""
        self._desk = title
        self.setAccessibleName(title)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(public.SURFACE))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(public.LINE))
        mark = QRectF(41, 26, 33, 33)
        public.frame(painter, mark, public.TEAL, public.TEAL, radius=6)
        paint_icon(painter, mark.adjusted(5, 5, -5, -5), "grid-2x2", public.SURFACE)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        public.write(painter, QRectF(96, 14, 700, 32), self._desk, 20, strong=True, align=left)
        clerk = "　".join(filter(None, (self._clerk, self._number)))
        public.write(painter, QRectF(96, 45, 700, 26), clerk, 18, public.INK2, align=left)


class RestPage(QWidget):
    """Nobody is asked anything: which number this desk serves."""

    def __init__(self, desk: str) -> None:
        super().__init__()
        self.desk = desk
        self.number, self.text = "", _("Please come when your number is called")
        self.setAccessibleName(self.text)

    def show_ticket(self, ticket: Any) -> None:
        """The ticket at the desk, or none."""
        self.number = ticket.number if ticket is not None else ""
        if ticket is None:
            self.text = _("Please come when your number is called")
        elif ticket.state == "called":
            self.text = _("Please come to this desk")
        else:
            self.text = (
                _("Being served: {business}", business=ticket.business)
                if ticket.business
                else _("Being served")
            )
        self.setAccessibleName(f"{self.number} {self.text}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        middle = area.center().y()
        big = self.number or self.desk
        public.write(
            painter, QRectF(area.x(), middle - 190, area.width(), 210), big, 168, public.TEAL, strong=True
        )
        public.write(
            painter, QRectF(area.x() + 60, middle + 40, area.width() - 120, 60), self.text, 34, public.INK
        )


class AskPage(QWidget):
    """The five levels; then, freely, aspects and a comment.

    Signals:
        touched: The applicant does something: the time begins anew.
        submitted: Send what is chosen.
        skipped: Do not rate.
    """

    touched = pyqtSignal()
    submitted = pyqtSignal()
    skipped = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._refused = False
        self.title = PublicText(_("Please rate this service"), 34, strong=True)
        self.about = PublicText("", 20, public.INK2)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.private = PublicText(_("The clerk does not see your rating"), 18, public.INK2, align=right)
        self.cards = {
            g: public.LevelCard(in_language(GRADE_NAMES[g]), int(g), FACES[g])
            for g in sorted(Grade, reverse=True)
        }
        self._group = QButtonGroup(self)
        for grade, card in self.cards.items():
            self._group.addButton(card, int(grade))
        self._group.idClicked.connect(lambda _id: self._chosen())
        self.aspects_title = PublicText("", 20)
        self.chips = [Chip(code, str(good)) for code, (good, _bad) in ASPECTS.items()]
        for chip in self.chips:
            chip.clicked.connect(lambda _checked=False: self.touched.emit())
        self.line = QLineEdit()
        self.skip = public.PublicButton(_("Not now"), height=TARGET)
        self.send = public.PublicButton(_("Send the rating"), primary=True, height=TARGET)
        self.note = PublicText("", 18, public.INK2)
        self._dress_line()
        self._lay_out()
        self.skip.clicked.connect(lambda _checked=False: self.skipped.emit())
        self.send.clicked.connect(lambda _checked=False: self.submitted.emit())
        self.clear()

    def _dress_line(self) -> None:
        self.line.setPlaceholderText(_("Anything else you want to say; optional"))
        self.line.setMaxLength(500)
        self.line.setFont(theme.font(20))
        self.line.setMinimumHeight(TARGET)
        self.line.setAccessibleName(_("Comment"))
        self.line.setStyleSheet(
            f"QLineEdit {{ background: {public.SURFACE}; color: {public.INK};"
            f" border: 2px solid {public.LINE}; border-radius: 12px; padding: 0 24px;"
            f" min-height: {TARGET - 4}px; max-height: {TARGET - 4}px;"
            f" placeholder-text-color: {public.INK2}; }} QLineEdit:focus {{ border-color: {public.TEAL}; }}"
        )
        self.line.textEdited.connect(lambda _text: self.touched.emit())

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setMaximumWidth(WIDEST)
        self._column = column = QVBoxLayout(inside)
        head = QHBoxLayout()
        head.setSpacing(18)
        head.addWidget(self.title)
        head.addWidget(self.about)
        head.addStretch(1)
        head.addWidget(self.private)
        levels = QHBoxLayout()
        levels.setSpacing(18)
        for card in self.cards.values():
            levels.addWidget(card, 1)
        chips = QGridLayout()
        chips.setSpacing(14)
        for at, chip in enumerate(self.chips):
            chips.addWidget(chip, 0, at)
            chips.setColumnStretch(at, 1)
        last = QHBoxLayout()
        last.setSpacing(20)
        last.addWidget(self.line, 1)
        self.skip.setFixedWidth(180)
        self.send.setFixedWidth(260)
        last.addWidget(self.skip)
        last.addWidget(self.send)
        column.addLayout(head)
        column.addLayout(levels, 1)
        column.addWidget(self.aspects_title)
        column.addLayout(chips)
        column.addLayout(last)
        column.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(60, 0, 60, 0)
        row.addStretch(0)
        row.addWidget(inside, 1)
        row.addStretch(0)

    # ---- what is shown ----

    def begin(self, request: Any) -> None:
        """Ask about a finished service; nothing is chosen."""
        self.clear()
        at = request.asked_at.astimezone(HALL_ZONE)
        when = _("finished {day} {time}", day=_day(at), time=f"{at:%H:%M}")
        self.about.set_text("　".join(filter(None, (request.business or request.number, when))))

    def clear(self) -> None:
        """Forget what was chosen and written."""
        self._group.setExclusive(False)
        for card in self.cards.values():
            card.setChecked(False)
        self._group.setExclusive(True)
        for chip in self.chips:
            chip.setChecked(False)
        self.line.clear()
        self.about.set_text("")
        self._chosen(quiet=True)

    def show_left(self, seconds: int) -> None:
        """How long the screen still waits; a refusal is not overwritten before the next touch."""
        if not self._refused:
            text = _("Back in {n} s; without a choice it counts as not rated, not as satisfied", n=seconds)
            self.note.set_text(text, public.INK2)

    def show_error(self, text: str) -> None:
        """Why the rating was not taken."""
        self._refused = True
        self.note.set_text(text, public.RED)

    def set_busy(self, busy: bool) -> None:
        """While it is being sent."""
        self.setEnabled(not busy)

    # ---- what is chosen ----

    def grade(self) -> Grade | None:
        """The level, None as long as none was chosen."""
        chosen = self._group.checkedId()
        return None if chosen < 0 else Grade(chosen)

    def aspects(self) -> Sequence[str]:
        """Codes of what was ticked."""
        return [chip.code for chip in self.chips if chip.isChecked()]

    def comment(self) -> str:
        """What was written."""
        return self.line.text().strip()

    def take_key(self, key: Qt.Key) -> bool:
        """1 to 5 from the best level to the worst, Enter, Esc; False for any other."""
        grades = list(self.cards)
        number = key - Qt.Key.Key_1
        if 0 <= number < len(grades):
            self.cards[grades[number]].click()
            self.cards[grades[number]].setFocus()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.grade() is not None:
            self.submitted.emit()
        elif key == Qt.Key.Key_Escape:
            self.skipped.emit()
        else:
            return False
        return True

    def _chosen(self, *, quiet: bool = False) -> None:
        self._refused = False
        grade = self.grade()
        bad = grade is not None and grade <= Grade.BAD
        for chip in self.chips:
            text = str(ASPECTS[chip.code][bad])
            if text != chip.text():
                chip.setChecked(False)  # what was good is not bad by another level
                chip.setText(text)
                chip.setAccessibleName(text)
            chip.setEnabled(grade is not None)
            chip.setVisible(grade is not None)
        title = _("What was not good? Choose any") if bad else _("What was good? Choose any")
        self.aspects_title.set_text(title if grade is not None else "")
        self.send.setEnabled(grade is not None)
        if not quiet:
            self.touched.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low screen the spaces shrink, not what is pressed."""
        low = event.size().height() < LOW
        self._column.setContentsMargins(0, 8 if low else 26, 0, 8 if low else 20)
        self._column.setSpacing(8 if low else 16)

    def sizeHint(self) -> QSize:
        return QSize(1280, 716)


class ThanksPage(QWidget):
    """What the applicant sees after the rating."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def show_for(self, *, bad: bool) -> None:
        """After a good or a bad rating."""
        self.text = _("The hall's management will look into it.") if bad else _("Your rating was recorded.")
        self.setAccessibleName(f"{_('Thank you for your rating')} {self.text}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        middle = area.center().y()
        paint_icon(
            painter, QRectF(area.center().x() - 60, middle - 190, 120, 120), "circle-check", public.TEAL
        )
        public.write(
            painter,
            QRectF(0, middle - 40, area.width(), 64),
            _("Thank you for your rating"),
            40,
            public.INK,
            strong=True,
        )
        public.write(
            painter,
            QRectF(60, middle + 34, area.width() - 120, 44),
            self.text,
            24,
            public.INK2,
            align=public.CENTER,
        )


def _day(moment: Any) -> str:
    return _("{year}-{month}-{day}", year=moment.year, month=moment.month, day=moment.day)
