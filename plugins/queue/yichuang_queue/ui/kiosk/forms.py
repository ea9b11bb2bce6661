"""The kiosk's pages between a business and its number: a card read, a code typed, the choice confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel

from yichuang.api import HALL_ZONE, UserError, identifiers
from yichuang_queue.rules import kiosk as rules
from yichuang_queue.rules.kiosk import MOST_FURTHER
from yichuang_queue.rules.tickets import PRIORITY_NAMES, Priority
from yichuang_queue.ticket_text import mongolian
from yichuang_queue.ui.kiosk.desk import Want
from yichuang_queue.ui.kiosk.look import AMBER, GREEN, INK, SOFT, Face
from yichuang_queue.ui.kiosk.pages import Page, PriorityRow, fill, node_face, node_grid
from yichuang_queue.ui.kiosk.parts import Keys, Sheet, touch, words
from yichuang_queue.words import words as texts

if TYPE_CHECKING:
    from yichuang_queue.ui.kiosk.window import KioskWindow

_ = texts.text
L = texts.lazy
DIGITS = ("123", "456", "789", "0X")
USCC_KEYS = ("123456789", "0ABCDEFGH", "JKLMNPQRT", "UWXY")
WIDE_DIGITS = ("123456", "7890X")
WIDE_USCC_KEYS = ("1234567890AB", "CDEFGHJKLMNP", "QRTUWXY")
CITIZEN_LENGTH = 18
SHORTEST_CODE = 6


CODE_TITLES = {
    "card": L("Lay your ID card on the reader"),
    "scan": L("Hold your code before the scanner"),
    "appointment": L("Pick up an appointment"),
    "citizen": L("Type your identity number"),
    "uscc": L("Type the unified social credit code"),
}
CODE_NOTES = {
    "card": L("No card with you? Type the number, or choose a business without it."),
    "scan": L("Or type the code of your appointment."),
    "appointment": L("Type the code of your appointment, or lay your ID card on the reader."),
    "citizen": L("18 characters, the last may be X."),
    "uscc": L("18 characters, as on the business licence. What is wrong is said while you type."),
}


class CodePage(Page):
    """Something to type, scan or lay down.

    Args:
        kiosk: The window.
        kind: card, scan, appointment, citizen or uscc.
    """

    title_mn = ""

    def __init__(self, kiosk: KioskWindow, kind: str) -> None:
        super().__init__(kiosk)
        self.kind = kind
        self.title = CODE_TITLES[kind]
        self.typed = ""
        self.field = words("", self.look.letters(56 if not self.look.tight else 40), INK, strong=True)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem = words("", self.look.letters(28), AMBER)
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        wide = self.look.wide
        rows = (WIDE_USCC_KEYS if wide else USCC_KEYS) if kind == "uscc" else WIDE_DIGITS if wide else DIGITS
        self.keys = Keys(self.look, rows, _("Delete"), _("Clear"))
        self.keys.pressed_key.connect(self.press)
        self.ok = touch(
            Face(_("Go on"), icon="check"), self.look, "main", self.confirm, self.look.target(110)
        )
        self._arrange(words(str(CODE_NOTES[kind]), self.look.letters(28), SOFT))
        self._show()

    def _arrange(self, note: QLabel) -> None:
        """One below the other; with little height what goes on stands beside the way back."""
        beside = [self.ok] if self.look.tight else []
        self.column.addLayout(self.way_back("", *beside))
        for part in (note, self.field, self.problem)[1 if self.look.low else 0 :]:
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.column.addWidget(self.keys)
        if not beside:
            self.column.addWidget(self.ok)

    @property
    def _longest(self) -> int:
        return 20 if self.kind in ("scan", "appointment") else CITIZEN_LENGTH

    def press(self, key: str) -> None:
        """A key of the keypad."""
        self.typed = {"back": self.typed[:-1], "clear": ""}.get(key, (self.typed + key)[: self._longest])
        self._show()

    def hear(self, key: str) -> bool:
        """A scanner or a real keyboard."""
        if key == "enter":
            self.confirm()
        elif key == "back" or (len(key) == 1 and key.isalnum()):
            self.press(key.upper() if len(key) == 1 else key)
        return True

    def _show(self) -> None:
        groups = [self.typed[n : n + 4] for n in range(0, len(self.typed), 4)]
        self.field.setText(" ".join(groups) or "—")
        problem = self._problem()
        self.problem.setText(problem)
        enough = SHORTEST_CODE if self.kind in ("scan", "appointment") else CITIZEN_LENGTH
        short = _("Not complete yet") if len(self.typed) < enough and self.kind != "card" else ""
        if self.kind == "card" and len(self.typed) < CITIZEN_LENGTH:
            short = _("Not complete yet")
        self.ok.show_face(Face(_("Go on"), icon="check", off=problem or short))

    def _problem(self) -> str:
        """What is wrong with what was typed, told while it is typed."""
        if self.kind == "uscc":
            found = rules.code_problem(self.typed)
            return str(found) if found is not None else ""
        if self.kind in ("citizen", "card") and len(self.typed) == CITIZEN_LENGTH:
            try:
                identifiers.check_citizen_id(self.typed)
            except UserError as error:
                return str(error.sentence)
        return ""

    def confirm(self) -> None:
        """Take what was typed."""
        if not self.ok.isEnabled():
            return
        if self.kind in ("scan", "appointment"):
            self.kiosk.desk.take(Want(appointment=self.typed))
        elif self.kind == "uscc":
            self.kiosk.cards.identify("001", self.typed)
        else:
            self.kiosk.cards.identify("111", self.typed)

    def spoken(self) -> str:
        """What to do."""
        return f"{self.title}。{CODE_NOTES[self.kind]}"


class PersonPage(Page):
    """Who the card says it is: the appointment first, then the priority, then what they came for."""

    title = L("Card recognised")
    title_mn = "Welcome"

    def __init__(self, kiosk: KioskWindow) -> None:
        super().__init__(kiosk)
        look, found = self.look, kiosk.visitor
        sheet = Sheet(self.look)
        self.column.addLayout(self.way_back("", *([sheet] if look.tight else [])))
        sheet.column.addWidget(
            words(kiosk.person_shown, look.letters(44 if not look.tight else 28), INK, strong=True)
        )
        for number, business in found.waiting if found else ():
            line = _("You hold number {number} for {business} already.", number=number, business=business)
            sheet.column.addWidget(words(line, look.letters(26), AMBER))
        if kiosk.priority_by_card is not Priority.NONE:
            name = PRIORITY_NAMES[kiosk.priority_by_card]
            line = _("Priority chosen by your age: {priority}", priority=name)
            sheet.column.addWidget(words(line, look.letters(26), GREEN))
        elif not (found and found.appointments):
            note = _("No appointment for today. Choose what you came for.")
            sheet.column.addWidget(
                words(note if found else _("Choose what you came for"), look.letters(26), SOFT)
            )
        if not look.tight:
            self.column.addWidget(sheet)
        self.appointments = []
        now = kiosk.context.now()
        for due in found.appointments if found else ():
            begins, ends = (at.astimezone(HALL_ZONE) for at in (due.begins_at, due.ends_at))
            early = _("from {time} on", time=f"{due.opens_at.astimezone(HALL_ZONE):%H:%M}")
            off = early if now < due.opens_at else _("The time has passed") if now > due.closes_at else ""
            face = Face(
                _("Appointment {begin}–{end}: {business}", begin=f"{begins:%H:%M}", end=f"{ends:%H:%M}",
                  business=due.business),
                icon="calendar-check", off=off,
            )  # fmt: skip
            button = touch(
                face, look, "main" if not off else "tile",
                lambda due=due: kiosk.desk.take(Want(appointment=due.code)), look.target(130),
            )  # fmt: skip
            self.appointments.append(button)
            self.column.addWidget(button)
        self.grid = node_grid(kiosk, 2 if not look.wide else 4)
        self.column.addWidget(self.grid, 1)
        self.priority = PriorityRow(kiosk, 4)
        self.column.addWidget(self.priority)
        self.priority.setVisible(not look.low)  # chosen by the card, or on the page that confirms
        self.refresh()

    def refresh(self) -> None:
        """Waits and quotas."""
        fill(self.kiosk, self.grid, self.kiosk.desk.tree.below())
        self.priority.refresh()


class ConfirmPage(Page):
    """The chosen business before its number is given: how long it takes, what else, who."""

    title = L("Is this right?")
    title_mn = "Take the number"

    def __init__(self, kiosk: KioskWindow) -> None:
        super().__init__(kiosk)
        look = self.look
        self.more = touch(Face(_("Add another business"), icon="plus"), look, "plain", kiosk.add_further)
        self.organisation = touch(
            Face(_("For an organisation"), icon="building-2"), look, "plain", lambda: kiosk.open_code("uscc")
        )
        others = (self.more, self.organisation)
        self.column.addLayout(self.way_back("", *others) if look.tight else self.way_back())
        self.sheet = Sheet(self.look)
        self.priority = PriorityRow(kiosk, 4)
        self.business = words("", look.letters(48), INK, strong=True)
        self.waiting = words("", look.letters(30), SOFT)
        self.further = words("", look.letters(28), INK)
        self.who = words("", look.letters(28), SOFT)
        for part in (self.business, self.waiting, self.further, self.who):
            self.sheet.column.addWidget(part)
        if look.low and look.wide:
            both = QHBoxLayout()
            both.setSpacing(look.px(24))
            both.addWidget(self.sheet, 1)
            both.addWidget(self.priority, 1)
            self.column.addLayout(both)
        else:
            self.column.addWidget(self.sheet)
        self.column.addStretch(1)
        if not look.tight:
            row = QHBoxLayout()
            row.setSpacing(look.px(16))
            for button in others:
                row.addWidget(button)
            self.column.addLayout(row)
        if not (look.low and look.wide):
            self.column.addWidget(self.priority)
        face = Face(_("Take the number"), icon="ticket", mn=mongolian("Take the number"))
        self.take = touch(face, look, "main", kiosk.take, look.target(150 if not look.tight else 110))
        self.column.addWidget(self.take)
        self.refresh()

    def refresh(self) -> None:
        """Wait, quota, what was added."""
        kiosk, node = self.kiosk, self.kiosk.node
        if node is None:
            return
        face = node_face(kiosk, node)
        self.business.setText(node.name)
        facts = [part for part in (face.value, face.under, face.note) if part]
        self.waiting.setText(face.off or ("  ·  ".join(facts) or _("Offline: the wait is not known now.")))
        names = "、".join(each.name for each in kiosk.further)
        self.further.setText(_("Then on the same ticket: {names}", names=names) if names else "")
        self.further.setVisible(bool(names))
        self.who.setText(kiosk.person_shown or _("Without an ID card"))
        off = (
            _("Up to {n} more", n=MOST_FURTHER)
            if len(kiosk.further) >= MOST_FURTHER or not node.listed
            else ""
        )
        self.more.show_face(Face(_("Add another business"), icon="plus", off=off))
        self.priority.refresh()
        busy = kiosk.desk.busy
        word = _("One moment…") if busy else _("Take the number")
        reason = face.off or (word if busy else "")
        self.take.show_face(
            Face(word, icon="" if busy else "ticket", mn=mongolian("Take the number"), off=reason)
        )

    def spoken(self) -> str:
        """The business, its wait, and what to press."""
        return f"{self.business.text()}。{self.waiting.text()}。" + _("Press: take the number.")


class MorePage(Page):
    """A further business on the same ticket."""

    title = L("Add another business")
    title_mn = ""

    def __init__(self, kiosk: KioskWindow, code: str = "") -> None:
        super().__init__(kiosk)
        self.code = code
        path = kiosk.desk.tree.path(code)
        self.column.addLayout(self.way_back(" › ".join(node.name for node in path)))
        self.grid = node_grid(kiosk)
        self.column.addWidget(self.grid, 1)
        self.refresh()

    def refresh(self) -> None:
        """What can be added."""
        chosen = {each.code for each in (self.kiosk.node, *self.kiosk.further) if each is not None}
        fill(
            self.kiosk, self.grid, [n for n in self.kiosk.desk.tree.below(self.code) if n.code not in chosen]
        )
