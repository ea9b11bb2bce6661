"""The material list of an intake: what was handed in, by key and by mouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import Button, Column, DataTable, FormField, Menu, PageContext, TagSpec, Text
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import day, grouped, month_day, sheets_text
from yichuang_acceptance.ui.hands import Hands
from yichuang_acceptance.ui.licences_box import LicencesBox
from yichuang_acceptance.words import words

_ = words.text


class Materials(QWidget):
    """Materials of the chosen item with what was given for each.

    Args:
        licences: The applicant's licences.
        changed: Called after every change.
        selected: Called when another material is highlighted.
    """

    def __init__(
        self,
        context: PageContext,
        licences: LicencesBox,
        changed: Callable[[], None],
        selected: Callable[[], None],
    ) -> None:
        super().__init__()
        self._context, self._licences, self._changed = context, licences, changed
        self._promise_day: date | None = None
        self.hands = Hands()
        self.summary = Text("", 12, "t2")
        self.match = Button(_("Match licences"), icon="link", size="compact")
        self.match.clicked.connect(self.match_licences)
        self.upload = Button(_("Upload"), icon="upload", size="compact")
        self.scan = Button(_("Scan"), icon="scan-line", size="compact")
        self.table = DataTable(
            (
                Column("n", "", 36, kind="caption"),
                Column("name", _("Material"), stretch=1),
                Column("source", _("Source"), 90, kind="tags"),
                Column("sheets", _("Sheets"), 76, tone="t2"),
                Column("need", _("Need"), 64, tone=lambda row: "t3" if row["optional"] else "t2"),
                Column("state", _("State"), 124, kind="status"),
                Column("act", "", 56, kind="action"),
            )
        )
        self.table.set_empty(
            "files", _("No item chosen"), _("Choose an item on the left; its materials appear here.")
        )
        self.table.set_keys(
            [("Space", _("Handed in")), ("1…9", _("Copies")), ("T", _("Promised")), ("Enter", _("More"))]
        )
        self.table.previewed.connect(lambda row: self.toggle(row["id"]))
        self.table.activated.connect(lambda row: self.open_menu(row["id"]))
        self.table.acted.connect(lambda _column, row: self.open_menu(row["id"]))
        self.table.selected.connect(lambda _row: selected())
        self.table.view.installEventFilter(self)
        head = QHBoxLayout()
        head.setContentsMargins(20, 8, 20, 8)
        head.setSpacing(8)
        head.addWidget(Text(_("Materials"), 14, strong=True))
        head.addWidget(self.summary)
        head.addStretch(1)
        head.addWidget(self.match)
        head.addWidget(self.scan)
        head.addWidget(self.upload)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        self._paint()

    def set_promise_day(self, day: date) -> None:
        """By when a material that is promised today must be brought."""
        self._promise_day = day
        self._paint()

    def show_hands(self) -> None:
        """What is asked for or what was given has been changed from outside."""
        self._paint()
        if self.hands.asked and self.current() is None:
            self.table.select(self.hands.asked[0].position)

    def current(self) -> int | None:
        """Position of the highlighted material."""
        row = self.table.current_row()
        return int(row["id"]) if row is not None else None

    def go_to(self, position: int) -> None:
        """Highlight a material and put the focus there."""
        self.table.select(position)
        self.table.view.setFocus(Qt.FocusReason.TabFocusReason)

    # ---- acts ----

    def toggle(self, position: int) -> None:
        """Handed in on paper, or not."""
        self.hands.toggle(position)
        self._after()

    def match_licences(self) -> None:
        """Let licences of the applicant stand for papers wherever they may."""
        matched = self.hands.match(self._licences.held)
        kind = "success" if matched else "info"
        self._context.notify(
            _("{n} materials need not be submitted", n=matched)
            if matched
            else _("No licence fits a material."),
            kind=kind,
        )
        self._after()

    def open_menu(self, position: int) -> None:
        """Everything that can be done with one material."""
        material, hand = self.hands.material(position), self.hands.given.get(position)
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(_("Handed in"), lambda: self._do(lambda: self.hands.hand_in(position)), "check", "Space")
        menu.add(_("Number of sheets…"), lambda: self.ask_sheets(position), "files")
        licence = self.hands.licence_for(position, self._licences.held)
        if licence is not None:
            menu.add(
                _("Use the licence {name}", name=licence.name),
                lambda: self._do(lambda: self.hands.use_licence(position, licence.code)), "link", "E",
            )  # fmt: skip
        if position in self.hands.offered:
            menu.add(_("Use the earlier material…"), lambda: self.ask_reuse(position), "history", "R")
        if material.need == "tolerant":
            menu.add(
                _("Promised for later"), lambda: self._do(lambda: self.hands.promise(position)), "clock", "T"
            )
        if hand is not None:
            menu.add(_("Not handed in"), lambda: self._do(lambda: self.hands.forget(position)), "x", "Del")
        at = self.table.model.position(position) or 0
        area = self.table.view.visualRect(self.table.model.index(at, len(self.table.model.columns) - 1))
        menu.popup(self.table.view.viewport().mapToGlobal(area.bottomLeft()))

    def ask_sheets(self, position: int) -> None:
        """Originals and copies in figures."""
        hand = self.hands.given.get(position)
        fields = [
            FormField(
                "originals",
                _("Originals"),
                kind="number",
                required=True,
                value=str(hand.originals if hand else 0),
            ),
            FormField(
                "copies", _("Copies"), kind="number", required=True, value=str(hand.copies if hand else 1)
            ),
        ]

        def act(values: dict[str, Any], _refused: Any, finished: Callable[[Any], None]) -> str | None:
            self.hands.set_sheets(position, int(values["originals"]), int(values["copies"]))
            finished(None)
            return None

        name = self.hands.material(position).name
        title = _("How many sheets were handed in?")
        ActDialog(
            title, name, primary=_("Enter"), act=act, done=lambda _none: self._after(), fields=fields
        ).over(self)

    def ask_reuse(self, position: int) -> None:
        """An earlier material instead of paper, if the applicant agrees."""
        earlier = self.hands.offered[position]
        facts = [
            (_("From case"), grouped(earlier.case_no)), (_("Item"), earlier.item_name),
            (_("Received"), day(earlier.received_at)), (_("Pages"), str(len(earlier.pages))),
            (_("May be used until"), day(earlier.valid_until)),
        ]  # fmt: skip
        fields = [FormField("consent", _("The applicant agrees to the use"), kind="check", span=2)]

        def act(values: dict[str, Any], _refused: Any, finished: Callable[[Any], None]) -> str | None:
            if not values["consent"]:
                return _("Ask the applicant, then tick the consent.")
            self.hands.reuse(position)
            finished(None)
            return None

        ActDialog(
            _("Use the earlier material again?"), self.hands.material(position).name, primary=_("Use again"), facts=facts,
            fields=fields, act=act, done=lambda _none: self._after(),
        ).over(self)  # fmt: skip

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Figures are copies, + and - change them, T promises, E takes the licence, Delete takes back."""
        position = self.current()
        if position is None or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        act = self._act_of(event, position)
        if act is None:
            return False
        self._do(act)
        return True

    def _act_of(self, event: QKeyEvent, position: int) -> Callable[[], Any] | None:
        if event.text().isdigit() and event.text() != "0":
            return lambda: self.hands.set_sheets(position, copies=int(event.text()))
        if event.text() in ("+", "-", "="):
            return lambda: self.hands.more_copies(position, -1 if event.text() == "-" else 1)
        licence = self.hands.licence_for(position, self._licences.held)
        acts: dict[int, Callable[[], Any]] = {
            Qt.Key.Key_T: lambda: self._promise(position),
            Qt.Key.Key_Delete: lambda: self.hands.forget(position),
            Qt.Key.Key_Backspace: lambda: self.hands.forget(position),
        }
        if position in self.hands.offered:
            acts[Qt.Key.Key_R] = lambda: self.ask_reuse(position)
        if licence is not None:
            acts[Qt.Key.Key_E] = lambda: self.hands.use_licence(position, licence.code)
        return acts.get(event.key())

    def _promise(self, position: int) -> None:
        if not self.hands.promise(position):
            self._context.status(_("This material may not be handed in later."))

    def _do(self, act: Callable[[], Any]) -> None:
        act()
        self._after()

    def _after(self) -> None:
        self._paint()
        self._changed()

    # ---- painting ----

    def _paint(self) -> None:
        self.table.set_rows([self._row(m) for m in self.hands.asked])
        done, wanted = self.hands.required()
        tolerated = self.hands.count(Given.TOLERATED)
        text = _("required {done} / {all}", done=done, all=wanted) if self.hands.asked else ""
        if tolerated:
            text += _(", promised {n}", n=tolerated)
        self.summary.setText(text)
        self.match.set_reason(
            "" if self._licences.held else _("No usable licence of the applicant is known.")
        )
        for button in (self.upload, self.scan):
            button.set_reason("" if self.hands.asked else _("Choose an item first."))
        self._licences.mark_used(frozenset(h.licence for h in self.hands.given.values() if h.licence))

    def _row(self, material: Any) -> dict[str, Any]:
        hand = self.hands.given.get(material.position)
        need = {"required": _("required"), "optional": _("optional"), "tolerant": _("may follow")}[
            material.need
        ]
        source, state = self._source_and_state(material, hand)
        return {
            "id": material.position, "n": str(material.position), "name": material.name,
            "source": [source] if source is not None else [], "need": need, "state": state, "act": _("More"),
            "sheets": sheets_text(hand.originals, hand.copies) if hand is not None else "",
            "optional": material.need == "optional" and hand is None,
        }  # fmt: skip

    def _source_and_state(self, material: Any, hand: Any) -> tuple[TagSpec | None, tuple[str, str]]:
        if hand is None:
            if material.position in self.hands.offered:
                return None, ("not_yet", _("on file, press R"))
            return None, ("not_yet", _("not handed in"))
        if hand.reused:
            return TagSpec(_("used again"), "teal"), ("done", _("with consent"))
        if hand.given is Given.LICENCE:
            name = self._licences.name_of(hand.licence) or _("licence used")
            return TagSpec(_("no need to submit"), "green"), ("done", name)
        if hand.given is Given.TOLERATED:
            until = month_day(self._promise_day)
            return TagSpec(_("tolerated"), "amber"), (
                "warning",
                _("by {day}", day=until) if until else _("promised"),
            )
        if hand.pages:
            return TagSpec(_("scan {n} p.", n=len(hand.pages))), ("done", _("captured"))
        return TagSpec(_("paper")), ("done", _("handed in"))
