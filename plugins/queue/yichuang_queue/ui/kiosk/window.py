"""The kiosk: a full-screen window for fingers. `yichuang queue kiosk --as ACCOUNT --kiosk 2`."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtGui import (
    QCloseEvent,
    QColor,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PyQt6.QtWidgets import QApplication, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import PageContext
from yichuang_queue.rules import kiosk as rules
from yichuang_queue.rules.kiosk import Node, Slip
from yichuang_queue.rules.tickets import Priority
from yichuang_queue.ui.kiosk import done, forms, pages
from yichuang_queue.ui.kiosk.cards import Cards
from yichuang_queue.ui.kiosk.desk import KioskDesk, Want
from yichuang_queue.ui.kiosk.frame import Bar, Head
from yichuang_queue.ui.kiosk.look import BACK, Look
from yichuang_queue.ui.kiosk.parts import Strip, words_in_the_middle
from yichuang_queue.words import words

_ = words.text
L = words.lazy
DESIGN = (1080, 1920)
REFRESH_MS = 10_000
BACK_NOTE_MS = 10_000
LAST_SECONDS = 10
"""So long before the return to the start it is counted down."""
TOUCHES = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.KeyPress}
)


def build(context: PageContext) -> QWidget:
    """The kiosk's window; argument `kiosk`: its code, such as 2."""
    return KioskWindow(context)


class KioskWindow(QWidget):
    """Shows one page at a time and remembers what the person before it has chosen.

    Attributes:
        look: Sizes and modes.
        page: The page that is shown.
        node, further, priority: What was chosen.
        visitor: What the hall knows of whoever's card was read.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.setObjectName("kiosk")
        self.setWindowTitle(_("Kiosk"))
        self.context = context
        self.kiosk = str(context.args.get("kiosk") or context.actor.desk or "1")[:20]
        self.look = Look()
        self.reader_ready = False
        self._forget()
        self._trail: list[tuple[str, str]] = []
        self._left = self._idle_seconds
        self.desk = KioskDesk(context, self.kiosk)
        self.head = Head(self)
        self.note: Strip | None = None
        self._note_timer = QTimer(self)
        self._note_timer.setSingleShot(True)
        self._note_timer.timeout.connect(lambda: self._show_note("", ""))
        self.page: pages.Page = pages.StartPage(self)
        self.bar = Bar(self)
        self._above = words_in_the_middle(_("Everything to press is in the lower half"), 34)
        self._above.setParent(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # the screen decides
        self._rebuild()
        self._listen()

    @property
    def check_in_minutes(self) -> int:
        """How long before an appointment one may come."""
        return int(self.context.setting("queue.check_in_before"))

    @property
    def _idle_seconds(self) -> int:
        return int(self.context.setting("queue.kiosk_idle"))

    def _listen(self) -> None:
        desk, context = self.desk, self.context
        desk.changed.connect(self._on_changed)
        desk.offline_changed.connect(self._on_offline)
        desk.given.connect(self._on_given)
        desk.refused.connect(self._on_refused)
        desk.printed.connect(self._on_printed)
        desk.merged.connect(self._on_merged)
        self.cards = Cards(self)
        context.watch({"ticket", "queue", "desk", "policy"}, desk.load)
        context.every(REFRESH_MS, desk.load)
        context.every(1000, self._second)

    def _forget(self) -> None:
        """Nobody stands here any more."""
        self.node: Node | None = None
        self.further: list[Node] = []
        self.priority = Priority.NONE
        self.priority_by_card = Priority.NONE
        self.visitor: Any = None
        self.person = self.person_shown = ""
        self.code_kind, self.code = "111", ""
        self._after_code = ""

    # ---- what is shown ----

    def _open(self, name: str, argument: str = "", *, new: bool = True) -> None:
        """Show a page; `new` remembers the way back."""
        if new:
            self._trail.append((name, argument))
        made: pages.Page
        match name:
            case "group":
                made = pages.GroupPage(self, argument)
            case "search":
                made = pages.SearchPage(self)
            case "code":
                made = forms.CodePage(self, argument)
            case "person":
                made = forms.PersonPage(self)
            case "confirm":
                made = forms.ConfirmPage(self)
            case "more":
                made = forms.MorePage(self, argument)
            case _:
                made = pages.StartPage(self)
        self._show(made)

    def _show(self, page: pages.Page) -> None:
        before, self.page = self.page, page
        self._rebuild()
        if before is not page:
            before.hide()
            before.deleteLater()
        if self.bar.read.isChecked():
            self._speak()

    def _rebuild(self) -> None:
        """Put header, note, page and bar in their places; in the low position the page lies in the lower half."""
        while self._column.count():
            self._column.takeAt(0)
        self._above.setVisible(self.look.low)
        self.head.setFixedHeight(self.look.px(236 if not self.look.wide else 130))
        self._column.addWidget(self.head)
        if self.note is not None:
            self._column.addWidget(self.note)
        bar = self.look.target(148 if not self.look.wide else 112)
        self.bar.setFixedHeight(bar)
        if self.look.low:
            self._column.addWidget(self._above, 1)
            # What needs more than the half (a keyboard on a wide screen) takes more of it.
            needed = self.page.layout().minimumSize().height()
            self.page.setFixedHeight(max(self.height() // 2 - bar, needed))
            self._column.addWidget(self.page)
        else:
            self.page.setMinimumHeight(0)
            self.page.setMaximumHeight(16777215)
            self._column.addWidget(self.page, 1)
        self._column.addWidget(self.bar)
        self.page.show()
        self.head.update()

    def set_look(self, **changes: bool) -> None:
        """Change a mode, or follow a new size; the page is made anew."""
        width, height = max(1, self.width()), max(1, self.height())
        wide = width > height
        scale = min(width / DESIGN[0], height / DESIGN[1]) if not wide else min(width / 1920, height / 1080)
        modes = {name: changes.get(name, getattr(self.look, name)) for name in ("large", "mongolian", "low")}
        look = Look(max(0.6, min(scale, 3)), wide=wide, **modes)
        if look == self.look:
            return
        self.look = look
        self.bar.show_look()
        if isinstance(self.page, done.DonePage):
            again = done.DonePage(self, self.page.slip, self.page.code.content)
            if self.page.trouble is not None:
                again.show_printed(self.page.trouble)
            self._show(again)
        elif isinstance(self.page, done.ProblemPage):
            self._show(done.ProblemPage(self, self.page.error))
        else:
            name, argument = self._trail[-1] if self._trail else ("start", "")
            self._open(name, argument, new=False)

    def _show_note(self, text: str, tone: str) -> None:
        if self.note is not None:
            self.note.hide()
            self.note.deleteLater()
        self.note = Strip(self.look, text, tone) if text else None
        self._rebuild()

    # ---- ways through the pages ----

    def go_home(self) -> None:
        """Back to the start, everything as at first: the next person."""
        self._left = self._idle_seconds
        if self.look.large or self.look.mongolian or self.look.low:
            self.set_look(large=False, mongolian=False, low=False)
        self.bar.reset()
        self.begin_anew()

    def begin_anew(self) -> None:
        """Back to the start for the same person: what was chosen is forgotten, large type and the like stay."""
        self._forget()
        self._trail.clear()
        self._open("start", new=False)

    def back(self) -> None:
        """One page back."""
        if self._trail:
            self._trail.pop()
        if self._trail:
            self._open(*self._trail[-1], new=False)
        else:
            self.begin_anew()

    def open_search(self) -> None:
        """The search."""
        self._open("search")

    def open_code(self, kind: str) -> None:
        """Something to type, scan or lay down."""
        self._open("code", kind)

    def choose(self, code: str) -> None:
        """A tile was pressed: open the group, or take the business."""
        node = self.desk.tree.nodes.get(code)
        if node is None:
            return
        adding = isinstance(self.page, forms.MorePage)
        if self.desk.tree.is_group(node):
            self._open("more" if adding else "group", code)
        elif adding:
            self.further.append(node)
            while self._trail and self._trail[-1][0] == "more":
                self._trail.pop()
            self._open("confirm", new=False)
        else:
            self.node = node
            self.further = []
            self._open("confirm")

    def add_further(self) -> None:
        """Another business on the same ticket."""
        self._open("more")

    # ---- numbers ----

    def take(self) -> None:
        """Give the number that was confirmed."""
        if self.node is None:
            return
        self.desk.take(
            Want(self.node, tuple(self.further), self.priority, self.person, self.code_kind, self.code)
        )
        self.page.refresh()

    def _on_given(self, slip: Slip) -> None:
        self.touched()
        self._trail.clear()
        self._show(done.DonePage(self, slip, rules.code_text(self.desk.public_url, slip.token)))

    def _on_refused(self, error: UserError) -> None:
        self.touched()
        if error.code == "NO_NUMBERS":
            self.desk.call_staff("help")
        self._show(done.ProblemPage(self, error))

    def _on_printed(self, slip: Slip, trouble: str) -> None:
        if isinstance(self.page, done.DonePage) and self.page.slip.number == slip.number:
            self.page.show_printed(trouble)
            if self.bar.read.isChecked():
                self._speak()

    def _on_changed(self) -> None:
        self.page.refresh()
        self.head.update()

    def _on_offline(self, offline: bool) -> None:
        self._note_timer.stop()
        text = _("Giving numbers offline: they are valid and are entered once the network is back.")
        self._show_note(text if offline else "", "amber")
        self.page.refresh()

    def _on_merged(self, count: int) -> None:
        self._show_note(
            _("Back online. {n} numbers given out meanwhile were entered under the same numbers.", n=count),
            "green",
        )
        self._note_timer.start(BACK_NOTE_MS)

    def meet(self, visitor: Any) -> None:
        """Whoever's card was read; `visitor` is what the hall knows of them, None where it could not be asked."""
        self.visitor = visitor
        if self.node is not None:  # the number was typed for a business that is being confirmed
            while self._trail and self._trail[-1][0] != "confirm":
                self._trail.pop()
            self._open("confirm", new=not self._trail)
            return
        self._trail.clear()
        self._open("person")

    # ---- help, reading aloud, time ----

    def call_help(self) -> None:
        """Call the guide."""
        self.desk.call_staff("help")
        self._show_note(_("The staff have been called. Somebody is coming."), "green")
        self._note_timer.start(BACK_NOTE_MS)

    def _speak(self) -> None:
        self.context.ask_device(
            "voice",
            "say",
            done=lambda _answer: None,
            failed=lambda _error: None,
            text=self.page.spoken()[:400],
        )

    def read_aloud(self, on: bool) -> None:
        """Read every page from now on."""
        if on:
            self._speak()

    def _second(self) -> None:
        ready = self.context.device("id_card_reader") == "ready"
        if ready != self.reader_ready:
            self.reader_ready = ready
            self.page.refresh()
        resting = not self._trail and isinstance(self.page, pages.StartPage) and self._as_at_first()
        if self.desk.busy or resting:
            self._left = self._idle_seconds
        else:
            self._left -= 1
            if self._left <= 0:
                self.go_home()
        self.head.update()

    def _as_at_first(self) -> bool:
        modes = self.look.large or self.look.mongolian or self.look.low or self.bar.read.isChecked()
        return not modes and self.priority is Priority.NONE

    def touched(self) -> None:
        """Somebody is there: the time until the start comes back begins anew."""
        self._left = self._idle_seconds

    @property
    def countdown(self) -> str:
        """The last seconds before the return to the start."""
        if self._left > LAST_SECONDS or self._left == self._idle_seconds:
            return ""
        return _("Back to the start in {n} s", n=self._left)

    # ---- Qt ----

    def showEvent(self, event: QShowEvent) -> None:
        QApplication.instance().installEventFilter(self)
        self.set_look()

    def hideEvent(self, event: QHideEvent) -> None:
        QApplication.instance().removeEventFilter(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        QApplication.instance().removeEventFilter(self)
        self._note_timer.stop()
        self.desk.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES and isinstance(watched, QWidget) and watched.window() is self.window():
            self.touched()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A scanner types as a keyboard does."""
        names = {Qt.Key.Key_Return: "enter", Qt.Key.Key_Enter: "enter", Qt.Key.Key_Backspace: "back"}
        key = names.get(Qt.Key(event.key()), event.text())
        if event.key() == Qt.Key.Key_Escape:
            self.back()
        elif not (key and self.page.hear(key)):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.set_look()
        if self.look.low:
            self._rebuild()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(BACK))
