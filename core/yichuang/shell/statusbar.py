"""The bar at the bottom: connection and device dots with labels, work in progress, keys of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from yichuang.hall.words import core as words
from yichuang.shell.backend import Link
from yichuang.shell.devices import NAMES
from yichuang.shell.tasks import Job
from yichuang.widgets import paint
from yichuang.widgets.keys import KeyHints
from yichuang.widgets.lights import Dot

_ = words.text

HEIGHT = 28
MESSAGE_MS = 6000
DEVICE_TONES = {"ready": "green", "starting": "amber", "failed": "red"}
DEVICE_WORDS = {
    "starting": words.lazy("starting"),
    "absent": words.lazy("not connected"),
    "failed": words.lazy("failed"),
    "closed": words.lazy("off"),
}


class ProgressNote(QWidget):
    """One slow job: what it is, how far, cancel."""

    def __init__(self, cancel: Callable[[Job], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from yichuang.widgets import Button, ProgressBar, Text

        self._jobs: list[Job] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._text = Text("", 12, "t2")
        self._bar = ProgressBar()
        self._bar.setFixedWidth(120)
        self._cancel = Button(_("Cancel"), kind="link", size="compact")
        self._cancel.clicked.connect(lambda: cancel(self._jobs[-1]) if self._jobs else None)
        for widget in (self._text, self._bar, self._cancel):
            row.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setInterval(200)
        self._timer.timeout.connect(self._refresh)
        self.hide()

    def add(self, job: Job) -> None:
        """A job has been running for over a second."""
        self._jobs.append(job)
        self._refresh()
        self._timer.start()
        self.show()

    def remove(self, job: Job) -> None:
        """It is over."""
        if job in self._jobs:
            self._jobs.remove(job)
        self._refresh()
        if not self._jobs:
            self._timer.stop()
            self.hide()

    def _refresh(self) -> None:
        if not self._jobs:
            return
        job = self._jobs[-1]
        done, total = job.progress or (0, 0)
        title = str(job.title) or _("Working…")
        others = len(self._jobs) - 1
        self._text.setText(_("{title}, {count} more", title=title, count=others) if others else title)
        self._bar.set(done, total, f"{done} / {total}" if total else "")


class StatusBar(QWidget):
    """Always says how the connection and every device of this desk are, in words beside the dots."""

    def __init__(self, cancel: Callable[[Job], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 1, 14, 0)
        row.setSpacing(16)
        self._dots = QHBoxLayout()
        self._dots.setSpacing(16)
        row.addLayout(self._dots)
        self._link = Dot("grey", _("Opening…"))
        self._dots.addWidget(self._link)
        self._devices: dict[str, Dot] = {}
        self._message = QLabel()
        self._message.setProperty("tone", "t2")
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._message, 1)
        self._cancel = cancel
        self._progress: ProgressNote | None = None
        self._row = row
        self.keys = KeyHints()
        row.addWidget(self.keys)
        self._message_timer = QTimer(self)
        self._message_timer.setSingleShot(True)
        self._message_timer.timeout.connect(self._message.clear)

    def set_link(self, link: Link) -> None:
        """How the database answers."""
        if link.online:
            self._link.set_state("green", _("Hall data {ms} ms", ms=max(1, round(link.milliseconds))))
        else:
            self._link.set_state("amber", _("Hall data not reachable"))

    def set_device(self, kind: str, state: str) -> None:
        """How a device is; it appears with its first state."""
        name = str(NAMES.get(kind, kind))
        word = DEVICE_WORDS.get(state)
        text = name if word is None else f"{name} {word}"
        dot = self._devices.get(kind)
        if dot is None:
            dot = self._devices[kind] = Dot(DEVICE_TONES.get(state, "grey"), text)
            self._dots.addWidget(dot)
        else:
            dot.set_state(DEVICE_TONES.get(state, "grey"), text)

    def set_keys(self, hints: Sequence[tuple[str, str]]) -> None:
        """The keys of the screen, F1 always last."""
        self.keys.set_hints([*hints, ("F1", _("Shortcuts"))])

    def say(self, text: str) -> None:
        """A short word that goes away by itself."""
        self._message.setText(text)
        self._message_timer.start(MESSAGE_MS)

    def message(self) -> str:
        """The word that is shown now."""
        return self._message.text()

    def show_job(self, job: Job) -> None:
        """Progress of a job that lasts; made on first need, most desks never see it."""
        if self._progress is None:
            self._progress = ProgressNote(self._cancel)
            self._row.insertWidget(2, self._progress)
        self._progress.add(job)

    def hide_job(self, job: Job) -> None:
        """The job is over."""
        if self._progress is not None:
            self._progress.remove(job)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the hairline above."""
        paint.hairline(QPainter(self), 0, 0, self.width(), ink="line2")
