"""Who applies: read from the identity card, or typed with its check digits; and who comes for the applicant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent, QPixmap
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError, identifiers, in_language
from yichuang.api.ui import (
    Button,
    CheckBox,
    Form,
    FormField,
    PageContext,
    Segmented,
    Tag,
    Text,
    paint,
    paint_icon,
)
from yichuang_acceptance.ui.reach_box import ReachBox
from yichuang_acceptance.words import words

_ = words.text
PERSON, ORGANISATION = "111", "001"
CARD_WAIT = 3.0


def problem_of(check: Callable[[str], Any], value: str) -> str | None:
    """The sentence of a failed check, None when it passes."""
    try:
        check(value)
    except UserError as error:
        return in_language(error.sentence)
    return None


def check_phone(value: str) -> str | None:
    """What is wrong with a telephone number; an empty one is allowed."""
    return problem_of(identifiers.check_phone, value) if value else None


class Portrait(QWidget):
    """The photo of the card, or the outline of a person."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(54, 68)
        self._picture = QPixmap()

    def show_photo(self, data: bytes) -> None:
        """Show a photo; empty shows the outline."""
        self._picture = QPixmap()
        if data:
            self._picture.loadFromData(data)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.rect()
        paint.box(painter, area, 4, "sunken", "line2")
        if self._picture.isNull():
            paint_icon(painter, area.adjusted(9, 14, -9, -14), "user-round", "line3")
            return
        painter.drawPixmap(area.adjusted(1, 1, -1, -1), self._picture)


class CardSummary(QWidget):
    """What was read from the card, masked."""

    def __init__(self, change: Callable[[], None]) -> None:
        super().__init__()
        self.portrait = Portrait()
        self.name = Text("", 14, strong=True, elide=True)
        self.source = Tag(_("identity card"), "teal", small=True)
        self.code, self.phone = Text("", 13, "t1"), Text("", 13, "t2")
        self.remark = Text("", 12, "grn", wrap=True)
        edit = Button(_("Change"), kind="link")
        edit.clicked.connect(change)
        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self.name, 1)
        first.addWidget(self.source)
        first.addWidget(edit)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addLayout(first)
        for line in (self.code, self.phone, self.remark):
            lines.addWidget(line)
        lines.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.portrait, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)

    def show_person(self, values: dict[str, Any], card: dict[str, Any], today: date) -> None:
        """Fill in."""
        self.portrait.show_photo(card.get("photo") or b"")
        self.name.setText(identifiers.mask_name(values["name"]))
        self.code.setText(identifiers.mask_id(values["code"]))
        self.phone.setText(identifiers.mask_phone(values["phone"]) if values["phone"] else _("no telephone"))
        text, color = _remark(card, today)
        self.remark.setText(text)
        self.remark.set_color(color)


def _remark(card: dict[str, Any], today: date) -> tuple[str, str]:
    """What to say of a card, and in which colour."""
    begins, until = card.get("valid_from"), card.get("valid_to")
    if until and date.fromisoformat(str(until)) < today:
        return _("The card expired on {day}.", day=until), "red"
    if begins and date.fromisoformat(str(begins)) > today:
        return _("The card is valid from {day} on.", day=begins), "red"
    # A name that fills its field may have lost its end, and characters without a code yet are not the printed ones.
    if card.get("name_may_be_cut") or any("\ue000" <= letter <= "\uf8ff" for letter in card["name"]):
        return _("Compare the name with the printed card."), "amb"
    return _("Read from the card"), "grn"


class ApplicantPane(QWidget):
    """The applicant, and the agent if one comes.

    Signals:
        edited: Something was typed, read or cleared.
        identified: The applicant's identity has become another one; ask `identity()`.
        card_read: The card that was read, a dict as the reader gives it.
    """

    edited = pyqtSignal()
    identified = pyqtSignal()
    card_read = pyqtSignal(dict)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._known: tuple[str, str] | None = None
        self._card: dict[str, Any] | None = None
        self.read = Button(_("Read the card"), icon="id-card", size="compact")
        self.read.clicked.connect(self.ask_card)
        self.kind = Segmented([(PERSON, _("Person")), (ORGANISATION, _("Organisation"))], PERSON)
        self.kind.changed.connect(lambda _kind: self._kind_changed())
        self.form = Form(
            [
                FormField("name", _("Name"), required=True, span=3),
                FormField("phone", _("Telephone"), span=3, check=check_phone),
                FormField("code", _("Citizen's number"), required=True, span=6, check=self._check_code),
            ],
            columns=6,
        )
        self.form.changed.connect(lambda _key: self._changed())
        self.form.field("code").left.connect(self._tell_identity)
        self.has_agent = CheckBox(_("An agent comes"))
        self.has_agent.toggled.connect(lambda _on: self._agent_toggled())
        self.agent_form = Form(
            [
                FormField("name", _("Agent's name"), required=True, span=3),
                FormField("phone", _("Telephone"), span=3, check=check_phone),
                FormField("code", _("Agent's citizen's number"), required=True, span=6, check=_check_person),
            ],
            columns=6,
        )
        self.agent_form.changed.connect(lambda _key: self.edited.emit())
        self.reach = ReachBox()
        self.reach.edited.connect(self.edited.emit)
        self.summary = CardSummary(lambda: self._show_form(focus=True))
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Text(_("Applicant"), 14, strong=True))
        head.addStretch(1)
        head.addWidget(self.read)
        typed = QWidget()
        fields = QVBoxLayout(typed)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(6)
        fields.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignLeft)
        fields.addWidget(self.form)
        fields.addWidget(self.reach)
        self._typed = typed
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self.summary, typed, self.has_agent, self.agent_form):
            column.addWidget(part)

    # ---- what stands there ----

    def values(self) -> dict[str, Any]:
        """Everything, as drafts keep it."""
        agent = self.agent_form.values() if self.has_agent.isChecked() else None
        return {
            "kind": self.kind.current(), **self.form.values(), "agent": agent, "reach": self.reach.values(),
        }  # fmt: skip

    def person(self) -> dict[str, str]:
        """The applicant as the operations take one."""
        values = self.form.values()
        return {
            "name": values["name"],
            "code_kind": self._code_kind(),
            "code": values["code"],
            "phone": values["phone"],
            **self.reach.values(),
        }

    def masked_name(self) -> str:
        """The name as lists show it."""
        name = str(self.form.values()["name"])[:200]
        return identifiers.mask_name(name) if name and self.kind.current() == PERSON else name

    def agent(self) -> dict[str, str] | None:
        """The agent likewise, None where nobody comes for the applicant."""
        if not self.has_agent.isChecked():
            return None
        values = self.agent_form.values()
        code = values["code"]
        kind = identifiers.person_kind(code)
        return {"name": values["name"], "code_kind": kind, "code": code, "phone": values["phone"]}

    def identity(self) -> tuple[str, str] | None:
        """Kind and number of the applicant, None until the number is right."""
        code = str(self.form.values()["code"])
        return (self._code_kind(), code) if code and self._check_code(code) is None else None

    def _code_kind(self) -> str:
        """Whose number it is: of an organisation, a citizen, or a foreigner with a permanent residence card."""
        kind = self.kind.current()
        return identifiers.person_kind(str(self.form.values()["code"])) if kind == PERSON else kind

    def is_complete(self) -> bool:
        """Whether all that is needed is there and right; shows nothing."""
        agent = self.agent()
        return (
            bool(self.form.values()["name"])
            and self.identity() is not None
            and check_phone(self.form.values()["phone"]) is None
            and self.reach.is_right()
            and (
                agent is None
                or bool(agent["name"] and agent["code"] and _check_person(agent["code"]) is None)
            )
        )

    def has_errors(self) -> bool:
        """Whether an error is shown."""
        return bool(
            self.form.errors()
            or self.reach.has_errors()
            or (self.has_agent.isChecked() and self.agent_form.errors())
        )

    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        values = self.form.values()
        return not any(values[name] for name in ("name", "code", "phone")) and not self.reach.values()

    def validate(self) -> bool:
        """Show what is wrong and put the focus there."""
        if not self.is_complete() and self._typed.isHidden():
            self._show_form()
        return (
            self.form.validate()
            and self.reach.validate()
            and (not self.has_agent.isChecked() or self.agent_form.validate())
        )

    def clear(self) -> None:
        """Nobody yet."""
        self.restore({"kind": PERSON, "name": "", "phone": "", "code": "", "agent": None})

    def restore(self, values: dict[str, Any]) -> None:
        """Put back what `values` gave."""
        self._card = None
        self.kind.set_current(values["kind"])
        self._name_fields()
        self.form.set_values({name: values[name] for name in ("name", "phone", "code")})
        self.reach.restore(values.get("reach", {}))
        agent = values.get("agent")
        self.has_agent.blockSignals(True)
        self.has_agent.setChecked(agent is not None)
        self.has_agent.blockSignals(False)
        self.agent_form.setVisible(agent is not None)
        self.agent_form.set_values(agent or {"name": "", "phone": "", "code": ""})
        self._known = None
        self._show_form()
        self._tell_identity()

    def start(self) -> None:
        """The item is chosen: the first thing to enter."""
        if not self._typed.isHidden():
            self.form.focus_first()

    # ---- the card ----

    def ask_card(self) -> None:
        """Read the card that lies on the reader, or is laid down within a few seconds."""
        self.read.set_busy(True)
        self._context.status(_("Lay the card on the reader."))
        self._context.ask_device(
            "id_card_reader", "read", done=self._card_answered, failed=self._no_card, wait=CARD_WAIT
        )

    def _card_answered(self, answer: dict[str, Any]) -> None:
        self.read.set_busy(False)
        card = answer.get("card")
        if card:
            self.take_card(card)
        else:
            self._context.notify(_("No card was laid on the reader."), kind="warning")

    def _no_card(self, error: UserError) -> None:
        self.read.set_busy(False)
        self._context.notify(
            "".join(in_language(part) for part in (error.sentence, error.do)), kind="warning"
        )

    def take_card(self, card: dict[str, Any]) -> None:
        """A card was read: it is the applicant's, or the agent's where an organisation or somebody else applies."""
        values = {"name": card["name"] or card.get("english_name", ""), "code": card["number"]}
        is_agents = self.kind.current() == ORGANISATION or (
            self.has_agent.isChecked() and self.identity() is not None
        )
        if is_agents:
            self.has_agent.setChecked(True)
            self.agent_form.set_values(values, _("identity card"))
        else:
            if values["code"] != self.form.values()["code"]:
                self.reach.restore({})  # somebody else's
            self.form.set_values(values, _("identity card"))
            self.reach.take_address(card.get("address", ""), _("identity card"))
            self._card = card
            self._show_summary()
        self.card_read.emit(card)
        self._tell_identity()
        self.edited.emit()

    def _show_summary(self) -> None:
        if self._card is not None:
            self.summary.show_person(
                self.form.values(), self._card, self._context.now().astimezone(HALL_ZONE).date()
            )
            self.summary.show()
            self._typed.hide()

    def _show_form(self, *, focus: bool = False) -> None:
        self.summary.hide()
        self._typed.show()
        if focus:
            self.form.field("phone").editor.setFocus(Qt.FocusReason.TabFocusReason)

    # ---- typing ----

    def _check_code(self, value: str) -> str | None:
        is_person = self.kind.current() == PERSON
        return _check_person(value) if is_person else problem_of(identifiers.check_uscc, value)

    def _kind_changed(self) -> None:
        self._name_fields()
        if self.form.values()["code"]:
            self.form.set_error("code", self._check_code(self.form.values()["code"]) or "")
        if self.kind.current() == ORGANISATION:
            self.has_agent.setChecked(True)
        self._tell_identity()
        self.edited.emit()

    def _name_fields(self) -> None:
        is_person = self.kind.current() == PERSON
        self.form.field("name").set_label(_("Name") if is_person else _("Organisation's name"))
        self.form.field("code").set_label(_("Citizen's number") if is_person else _("Credit code"))
        self.reach.set_organisation(not is_person)

    def _agent_toggled(self) -> None:
        self.agent_form.setVisible(self.has_agent.isChecked())
        self.edited.emit()

    def _changed(self) -> None:
        self._card = None
        if self.identity() != self._known:
            self._tell_identity()
        self.edited.emit()

    def _tell_identity(self) -> None:
        identity = self.identity()
        if identity != self._known:
            self._known = identity
            self.identified.emit()


def _check_person(value: str) -> str | None:
    return problem_of(identifiers.check_person_id, value)
