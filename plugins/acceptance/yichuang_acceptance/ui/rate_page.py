"""The rating on the applicant's screen: five levels, nothing preselected, what goes with the level, a few words; or not now."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, in_language
from yichuang.api.ui import FlowLayout, public
from yichuang_acceptance.rules.rating import LEVEL_NAMES, Level, tags_of
from yichuang_acceptance.ui.public_parts import Chip, PublicText, mongolian
from yichuang_acceptance.ui.screen_pages import public_line
from yichuang_acceptance.words import words

_ = words.text
FACES = {
    Level.VERY_GOOD: "laugh", Level.GOOD: "smile", Level.FAIR: "meh", Level.BAD: "frown", Level.VERY_BAD: "angry",
}  # fmt: skip
ANSWER_SECONDS = 60
"""Without a touch for so long the screen goes back to rest and the case stays unrated."""


class RatePage(QWidget):
    """Asks; a case that was rated before is only added to.

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
        self._adding = self._refused = False
        self.title = PublicText("", 34, public.INK, strong=True)
        self.about = PublicText("", 20, public.INK2)
        self.cards = {
            level: public.LevelCard(
                in_language(LEVEL_NAMES[level]),
                level.stars,
                FACES[level],
                mongolian(LEVEL_NAMES[level].msgid),
            )
            for level in Level
        }
        self._group = QButtonGroup(self)
        for level, card in self.cards.items():
            self._group.addButton(card, int(level))
        self._group.idClicked.connect(lambda _id: self._chosen())
        self.tags_title = PublicText("", 20, public.INK)
        self.chips: list[Chip] = []
        self.line = public_line(_("Anything else you want to say; optional"))
        self.line.setMaxLength(500)
        self.line.textEdited.connect(lambda _text: self._text_changed())
        self.skip = public.PublicButton(_("Not now"), mn=mongolian("Not now"))
        self.send = public.PublicButton(_("Send the rating"), primary=True, mn=mongolian("Send the rating"))
        self.note = PublicText("", 18, public.INK2)
        self.skip.clicked.connect(lambda _on: self.skipped.emit())
        self.send.clicked.connect(lambda _on: self.submitted.emit())
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(60, 20, 60, 16)
        column.setSpacing(14)
        head = QHBoxLayout()
        head.setSpacing(18)
        head.addWidget(self.title)
        head.addWidget(self.about)
        head.addStretch(1)
        head.addWidget(PublicText(_("The clerk does not see your rating"), 18, public.INK2))
        levels = QHBoxLayout()
        levels.setSpacing(18)
        for card in self.cards.values():
            levels.addWidget(card, 1)
        self._tags = QWidget()
        self._tags.setMinimumHeight(126)  # two rows: what is below must not move under the finger
        self._flow = FlowLayout(14)
        self._tags.setLayout(self._flow)
        last = QHBoxLayout()
        last.setSpacing(20)
        last.addWidget(self.line, 1)
        self.skip.setFixedWidth(180)
        self.send.setFixedWidth(260)
        last.addWidget(self.skip)
        last.addWidget(self.send)
        column.addLayout(head)
        column.addLayout(levels, 3)
        column.addWidget(self.tags_title)
        column.addWidget(self._tags)
        column.addLayout(last)
        column.addWidget(self.note)
        column.addStretch(0)

    # ---- what is shown ----

    def begin(self, request: Any) -> None:
        """Ask about a case; nothing is chosen."""
        self._adding = request.rated
        self.clear()
        at = request.at.astimezone(HALL_ZONE)
        when = _("{year}-{month}-{day}", year=at.year, month=at.month, day=at.day)
        self.about.set_text(f"{request.item_name}　{when} {at:%H:%M}")
        self.title.mn = mongolian("Add to your rating" if self._adding else "Please rate this service")
        self.title.set_text(_("Add to your rating") if self._adding else _("Please rate this service"))
        for card in self.cards.values():
            card.setVisible(not self._adding)

    def clear(self) -> None:
        """Forget what was chosen and written."""
        self._group.setExclusive(False)
        for card in self.cards.values():
            card.setChecked(False)
        self._group.setExclusive(True)
        self.line.clear()
        self.about.set_text("")
        self._show_tags()
        self._gate()

    def show_left(self, seconds: int) -> None:
        """How long the screen still waits; a refusal is not overwritten before the next touch."""
        if not self._refused:
            text = _("Back in {n} s; without a choice it counts as not rated, not as satisfied", n=seconds)
            self.note.set_text(text, public.INK2)

    def show_error(self, text: str) -> None:
        """Why the rating was not taken."""
        self._refused = True
        self.note.set_text(text, public.RED)

    # ---- what is chosen ----

    def level(self) -> Level | None:
        """The level, None as long as none was chosen."""
        chosen = self._group.checkedId()
        return None if chosen < 0 else Level(chosen)

    def tags(self) -> list[str]:
        """Codes of what was ticked."""
        return [chip.code for chip in self.chips if chip.isChecked()]

    def comment(self) -> str:
        """What was written."""
        return self.line.text().strip()

    def is_adding(self) -> bool:
        """Whether the case was rated before."""
        return self._adding

    def take_key(self, key: Qt.Key) -> bool:
        """1 to 5 from the best level to the worst, Enter, Esc; False for any other."""
        number = key - Qt.Key.Key_0
        if 1 <= number <= len(Level) and not self._adding:
            self.cards[Level(number)].click()
            self.cards[Level(number)].setFocus()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.send.isEnabled():
            self.submitted.emit()
        elif key == Qt.Key.Key_Escape:
            self.skipped.emit()
        else:
            return False
        return True

    def _chosen(self) -> None:
        self._refused = False
        self._show_tags()
        self._gate()
        self.touched.emit()

    def _text_changed(self) -> None:
        self._refused = False
        self._gate()
        self.touched.emit()

    def _show_tags(self) -> None:
        """What goes with the level; what was good is not bad by another level."""
        level = self.level()
        wanted = tags_of(level) if level is not None else {}
        if [chip.code for chip in self.chips] != list(wanted):
            for chip in self.chips:
                self._flow.removeWidget(chip)
                chip.hide()
                chip.deleteLater()
            self.chips = [
                Chip(code, in_language(text), mongolian(text.msgid)) for code, text in wanted.items()
            ]
            for chip in self.chips:
                chip.clicked.connect(lambda _on: self.touched.emit())
                self._flow.addWidget(chip)
        title = ""
        if level is not None:
            title = _("What was not good? Choose any") if level.is_bad else _("What was good? Choose any")
            asked = "What was not good? Choose any" if level.is_bad else "What was good? Choose any"
            self.tags_title.mn = mongolian(asked)
        self.tags_title.set_text(title)

    def _gate(self) -> None:
        self.send.setEnabled(bool(self.comment()) if self._adding else self.level() is not None)
