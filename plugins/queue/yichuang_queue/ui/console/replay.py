"""Replaying a day: which day, a slider over its hours, play and pause at up to sixty times the speed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QSlider, QWidget

from yichuang.api import HALL_ZONE, UserError, in_language
from yichuang.api.ui import Button, DateEdit, IconButton, KeyboardRing, PageContext, Segmented, Text
from yichuang_queue.rules.past_day import PastDay, Scene
from yichuang_queue.words import words

_ = words.text
SPEEDS = (1, 10, 30, 60)
FRAME_MS = 200
PAGE_SECONDS = 600


class _Slider(KeyboardRing, QSlider):
    """Seconds of the day; arrows move by a minute, page keys by ten."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSingleStep(60)
        self.setPageStep(PAGE_SECONDS)
        self.setAccessibleName(_("Moment of the day"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class ReplayBar(QFrame):
    """Winds through a day. What it shows is rebuilt from the day's events on this side; the database is asked once.

    Signals:
        scene: The hall at a moment (`rules.past_day.Scene`).
        left: Back to the present.
    """

    scene = pyqtSignal(object)
    left = pyqtSignal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._day: PastDay | None = None
        self._begin = context.now()
        self._parts: list[Any] = []
        self._wanted: date | None = None
        self._rest = 0.0  # of a second that is still to be played
        self.setProperty("fill", "subtle")
        self.setFixedHeight(48)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(10)
        row.addWidget(Text(_("Replay"), 13, strong=True))
        self.day = DateEdit(today=context.now().astimezone(HALL_ZONE).date())
        self.day.setFixedWidth(116)
        self.day.setAccessibleName(_("Day"))
        self.day.editingFinished.connect(self._day_edited)
        self.play = IconButton("play", _("Play or pause"))
        self.play.clicked.connect(self.toggle)
        self.slider = _Slider()
        self.slider.valueChanged.connect(self._moved)
        self.time = Text("--:--:--", 14, strong=True)
        self.speed = Segmented([(str(n), f"{n}×") for n in SPEEDS], "10", compact=True)
        self.note = Text("", 12, "t2")
        back = Button(_("Back to now"), key="Esc", binds=False)
        back.clicked.connect(self.leave)
        for part in (self.day, self.play):
            row.addWidget(part)
        row.addWidget(self.slider, 1)
        for part in (self.note, self.time, self.speed, back):
            row.addWidget(part)
        self._timer = context.every(FRAME_MS, self._frame)
        self._playing = False
        self.hide()

    @property
    def active(self) -> bool:
        """Whether the past is shown."""
        return not self.isHidden()

    def enter(self, day: date | None = None) -> None:
        """Show a day, today by default."""
        self.show()
        self.day.set_value(day or self._context.now().astimezone(HALL_ZONE).date())
        self._load()
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Back to the present."""
        if self.active:
            self._set_playing(False)
            self.hide()
            self._day, self._wanted = None, None
            self.left.emit()

    def toggle(self) -> None:
        """Play or pause; at the end play from the beginning."""
        if self._day is not None:
            if not self._playing and self.slider.value() >= self.slider.maximum():
                self.slider.setValue(0)
            self._set_playing(not self._playing)

    def moment(self) -> datetime:
        """The moment that is shown."""
        return self._begin + timedelta(seconds=self.slider.value())

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        self.play.set_icon("pause" if playing else "play")

    def _day_edited(self) -> None:
        if self.active and self.day.value() not in (None, self._wanted):
            self._load()

    def _load(self) -> None:
        self._wanted = self.day.value()
        self._set_playing(False)
        self._day, self._parts = None, []
        self._tell(_("Loading the day …"))
        self._ask(0)

    def _ask(self, after: int) -> None:
        day = self._wanted
        if day is not None:
            self._context.query(
                "queue.past_day", {"day": day, "after": after}, done=self._came, failed=self._failed
            )

    def _came(self, part: Any) -> None:
        if part.day != self._wanted:
            return
        self._parts.append(part)
        if part.more is not None:
            self._ask(part.more)
            return
        first = self._parts[0]
        events = [event for each in self._parts for event in each.tickets]
        day = PastDay(first.desks, first.lines, events, first.changes, first.means)
        self._parts = []
        midnight = datetime.combine(first.day, datetime.min.time(), HALL_ZONE)
        begins, ends = day.first_of(midnight), day.last
        if begins is None or ends is None:
            self._tell(_("Nothing happened on this day."))
            return
        if first.day == self._context.now().astimezone(HALL_ZONE).date():
            ends = max(ends, self._context.now())
        self._tell("")
        self._day, self._begin = day, begins
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(1, int((ends - begins).total_seconds()) + 1))
        self.slider.setValue(0)
        self.slider.blockSignals(False)
        self._show()

    def _failed(self, error: UserError) -> None:
        self._tell(in_language(error.sentence))

    def _tell(self, text: str) -> None:
        self.note.setText(text)
        for part in (self.slider, self.play):
            part.setEnabled(not text)

    def _frame(self) -> None:
        if not self._playing or self._day is None:
            return
        step = int(self.speed.current()) * FRAME_MS / 1000
        self._rest += step
        whole = int(self._rest)
        self._rest -= whole
        if whole:
            self.slider.setValue(min(self.slider.maximum(), self.slider.value() + whole))
        if self.slider.value() >= self.slider.maximum():
            self._set_playing(False)

    def _moved(self) -> None:
        if self._day is not None:
            self._show()

    def _show(self) -> None:
        if self._day is None:
            return
        moment = self.moment()
        scene: Scene = self._day.at(moment)
        self.time.setText(f"{moment.astimezone(HALL_ZONE):%H:%M:%S}")
        self.scene.emit(scene)
