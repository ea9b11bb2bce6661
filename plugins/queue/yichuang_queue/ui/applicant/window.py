"""The applicant's screen at a desk: who is served here, and after a service its rating (好差评), by touch or by keys 1 to 5.

Nothing is preselected; whoever does not answer has not rated. The clerk's window is not told what was chosen.
"""

from __future__ import annotations

import uuid
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import PageContext, public
from yichuang_queue.rules.rating import BAD, Grade
from yichuang_queue.ui.applicant.pages import AskPage, Head, RestPage, ThanksPage
from yichuang_queue.words import words

_ = words.text
ANSWER_SECONDS = 30
"""Without a touch for so long the screen goes back to rest and the service stays unrated."""
THANKS_SECONDS = 6
FRESH_SECONDS = 60
"""A service that was finished longer ago is not asked about when the screen starts: its applicant has gone."""


class ApplicantWindow(QWidget):
    """The second screen of one desk; a window of its own.

    Attributes:
        rest, ask, thanks: Its three pages.
    """

    def __init__(self, context: PageContext, desk: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(_("Applicant's screen"))
        self.setProperty("byKeyboard", False)
        self._context = context
        self._desk = desk
        self._request: Any = None
        self._answered: set[str] = set()
        self._asking = self._again = self._sending = False
        self._left = 0
        self._left_unrated: set[str] = set()
        self.head = Head(desk, context.actor.name, context.actor.account)
        self.rest, self.ask, self.thanks = RestPage(desk), AskPage(), ThanksPage()
        self._pages = QStackedWidget()
        for page in (self.rest, self.ask, self.thanks):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._pages, 1)
        self.setMinimumSize(960, 600)
        self.resize(1280, 800)
        self.ask.touched.connect(self._restart)
        self.ask.submitted.connect(self._submit)
        self.ask.skipped.connect(self._leave_unrated)
        context.watch({"ticket", "queue"}, self.load)
        context.every(1000, self.tick)

    @property
    def page(self) -> QWidget | None:
        """The page in front."""
        return self._pages.currentWidget()

    def open_on(self, screen: Any) -> None:
        """Fill a screen; with None show an ordinary window."""
        if screen is None:
            self.show()
            self.raise_()
        else:
            self.setGeometry(screen.geometry())
            self.showFullScreen()

    def sit_at(self, desk: str) -> None:
        """Serve another desk."""
        self._desk = self.rest.desk = desk
        self.head.set_desk(desk)
        self._show_rest(None)
        self._ask_names()
        self.load()

    # ---- what it shows ----

    def load(self) -> None:
        """Ask who stands at the desk and, if nobody does, whether the last service can be rated; one question at a time."""
        if not self._desk or not self.isVisible():
            return
        if self._asking:
            self._again = True
            return
        self._asking, self._again = True, False
        self._context.query(
            "queue.current", {"desk": self._desk}, done=self._take_ticket, failed=self._failed
        )

    def _take_ticket(self, ticket: Any) -> None:
        if ticket is None:
            self._context.query(
                "queue.open_rating", {"desk": self._desk}, done=self._take_rating, failed=self._failed
            )
            return
        self._show_rest(ticket)
        self._loaded()

    def _take_rating(self, request: Any) -> None:
        if request is None or request.token in self._left_unrated:
            if self.page is not self.thanks:
                self._show_rest(None)
        elif self._request is None or request.token != self._request.token:
            self._begin(request)
        self._loaded()

    def _begin(self, request: Any) -> None:
        if (self._context.now() - request.asked_at).total_seconds() > FRESH_SECONDS:
            self._left_unrated = {request.token}
            self._show_rest(None)
            return
        self._request = request
        self.ask.begin(request)
        self._pages.setCurrentWidget(self.ask)
        self.ask.setFocus()
        self._restart()

    def _show_rest(self, ticket: Any) -> None:
        """Also when the next one is called: an unfinished rating is dropped."""
        if self._request is not None:
            self._left_unrated = {self._request.token}
        self._request = None
        self.ask.clear()
        self.rest.show_ticket(ticket)
        self._pages.setCurrentWidget(self.rest)

    def _failed(self, _error: UserError) -> None:
        """The public is not told about faults; what is shown stays, and the next change asks again."""
        self._loaded()

    def _loaded(self) -> None:
        self._asking = False
        if self._again:
            self.load()

    def tick(self) -> None:
        """Count down to the resting page."""
        if self.page is self.rest or self._sending:
            return
        self._left -= 1
        if self._left > 0:
            self.ask.show_left(self._left)
        elif self.page is self.ask:
            self._leave_unrated()
        else:
            self._show_rest(None)
            self.load()

    def _restart(self) -> None:
        self._left = ANSWER_SECONDS
        self.ask.show_left(self._left)

    def _leave_unrated(self) -> None:
        self._show_rest(None)

    # ---- the answer ----

    def _submit(self) -> None:
        request, grade = self._request, self.ask.grade()
        if request is None or grade is None or self._sending:
            return
        self._sending = True
        self.ask.set_busy(True)
        answer = {
            "token": request.token, "grade": int(grade), "comment": self.ask.comment(),
            "answers": {code: int(grade) for code in self.ask.aspects()},
        }  # fmt: skip
        self._context.run(
            "queue.rate",
            answer,
            done=lambda _done: self._rated(grade),
            failed=self._refused,
            key=uuid.uuid4().hex,
        )

    def _rated(self, grade: Grade) -> None:
        self._sending = False
        self.ask.set_busy(False)
        self._left_unrated = {self._request.token} if self._request is not None else set()
        self._request = None
        self.ask.clear()
        self.thanks.show_for(bad=grade <= BAD)
        self._left = THANKS_SECONDS
        self._pages.setCurrentWidget(self.thanks)

    def _refused(self, error: UserError) -> None:
        self._sending = False
        self.ask.set_busy(False)
        self.ask.show_error(" ".join(filter(None, (str(error.sentence), str(error.do or "")))))
        self._restart()

    # ---- the window itself ----

    def showEvent(self, event: QShowEvent) -> None:
        """Ask at once."""
        super().showEvent(event)
        self._ask_names()
        self.load()

    def _ask_names(self) -> None:
        def take(desks: Any) -> None:
            for desk in desks:
                if desk.code == self._desk:
                    kind = _("Integrated window") if desk.kind == "integrated" else desk.business
                    self.head.set_desk(f"{desk.code} {kind}".strip())

        self._context.query("hall.desks", done=take, failed=lambda _error: None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 5 choose, Enter sends, Esc leaves the service unrated."""
        if not self.property("byKeyboard"):
            self.setProperty("byKeyboard", True)
            self.update()
        if self.page is self.ask and not self._sending and self.ask.take_key(Qt.Key(event.key())):
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch: no ring any more."""
        self.setProperty("byKeyboard", False)
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(public.GROUND))


def build(context: PageContext) -> QWidget:
    """Make the window; the desk is the argument `desk`, or the one that was signed in at."""
    return ApplicantWindow(context, str(context.args.get("desk") or context.actor.desk or ""))
