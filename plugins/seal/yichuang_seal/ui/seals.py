"""All seals of one's reach: their state, their life so far, and the next step for whoever may take it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QRectF, QSize, pyqtSignal
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.api import LazyText, UserError
from yichuang.api.ui import (
    Button,
    Column,
    DataTable,
    Dialog,
    FlowLayout,
    FormField,
    KeyValue,
    PageContext,
    Scroller,
    SidePane,
    Splitter,
    Step,
    Text,
    Timeline,
    clear_layout,
)
from yichuang_seal.rules.lifecycle import CHANGES, STATE_NAMES, State
from yichuang_seal.ui.seal_list import Pictures, draw_seal_frame, validity
from yichuang_seal.ui.times import day, day_time
from yichuang_seal.words import L, _

# change -> permission, what the button says, whether it ends something
STEPS: dict[str, tuple[str, LazyText, bool]] = {
    "approve": ("seal.approve", L("Approve"), False),
    "decline": ("seal.approve", L("Decline"), True),
    "make": ("seal.make", L("Make the seal"), False),
    "file": ("seal.make", L("File"), False),
    "enable": ("seal.make", L("Put into use"), False),
    "resume": ("seal.approve", L("Resume"), False),
    "replace": ("seal.approve", L("Replace"), True),
    "revoke": ("seal.approve", L("Revoke"), True),
    "cancel": ("seal.approve", L("Cancel the seal"), True),
    "stop": ("seal.stamp", L("Stop using"), True),
    "lose": ("seal.stamp", L("Report lost"), True),
}
_DONE = {
    "apply": L("Applied for"),
    "approve": L("Approved"),
    "decline": L("Declined"),
    "make": L("Made"),
    "file": L("Filed"),
    "enable": L("Handed to its keeper"),
    "stop": L("Stopped"),
    "lose": L("Reported lost"),
    "resume": L("Resumed"),
    "replace": L("Replaced"),
    "revoke": L("Revoked"),
    "cancel": L("Cancelled"),
}
KIND_NAMES = {
    "approval": L("Dedicated seal for approvals"),
    "formal": L("Formal seal"),
    "service": L("Dedicated seal for services"),
    "licence": L("Dedicated seal for e-licences"),
}
_LIGHTS = {
    State.IN_USE: "on_time",
    State.STOPPED: "paused",
    State.APPLIED: "current",
    State.APPROVED: "current",
    State.MADE: "current",
    State.FILED: "current",
    State.LOST: "overdue",
    State.REVOKED: "overdue",
}


class SealsView(QWidget):
    """The register of seals.

    Signals:
        counted: How many seals there are.
    """

    counted = pyqtSignal(int)

    def __init__(self, context: PageContext, pictures: Pictures) -> None:
        super().__init__()
        self._context, self._pictures = context, pictures
        self._card: Any = None
        self._agencies: list[tuple[str, str]] = []
        self.apply_button = Button(_("Apply for a seal"), icon="plus")
        self.apply_button.setVisible(context.can("seal.apply"))
        self.apply_button.clicked.connect(self.ask_application)
        self.table = DataTable(
            (
                Column("state", _("State"), 128, kind="status"),
                Column("seal", _("Seal"), stretch=3, kind="two"),
                Column("es_id", _("Number"), 150, kind="mono"),
                Column("valid", _("Validity"), 200),
                Column("size", _("Diameter"), 88),
            ),
            50,
        )
        self.table.set_empty(
            "stamp", _("There are no seals yet"), _("A seal needs three people: apply, approve, make.")
        )
        self.table.set_keys([(("Up", "Down"), _("Select"))])
        self.table.selected.connect(lambda row: self._show(row["card"]))
        self.picture = _SealPicture()
        self._title = Text("", 16, strong=True, wrap=True)
        self._facts = KeyValue(label_width=64)
        self._life = Timeline([])
        self.steps = QWidget()
        self._flow = FlowLayout(8)
        self.steps.setLayout(self._flow)
        self.step_buttons: dict[str, Button] = {}
        pictures.came.connect(lambda _digest: self._show_picture())
        self._build()
        self._show(None)

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(20, 12, 20, 0)
        column.setSpacing(10)
        line = QHBoxLayout()
        line.addWidget(Text(_("Who applies does not approve; neither of them makes the seal."), 12, "t3"))
        line.addStretch(1)
        line.addWidget(self.apply_button)
        column.addLayout(line)
        column.addWidget(self.table, 1)
        right = SidePane("right", 340)
        inside = QWidget()
        inside.setProperty("fill", "subtle")
        facts = QVBoxLayout(inside)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(10)
        for widget in (self.picture, self._title, self._facts, self.steps, self._life):
            facts.addWidget(widget)
        facts.addStretch(1)
        right.add(Scroller(inside), 1)
        split = Splitter("h", "seal.seals")
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 1)
        split.setSizes([900, 340])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(split)

    def load(self) -> None:
        """Ask for the seals."""
        self.table.set_loading(True)
        self._context.query("seal.seals", {}, done=self._show_seals, failed=self._failed)

    def _show_seals(self, cards: list[Any]) -> None:
        self.table.set_error(None)
        self.table.set_loading(False)
        self.table.set_rows([_row(card) for card in cards])
        self.counted.emit(len(cards))
        shown = next((card for card in cards if self._card is not None and card.id == self._card.id), None)
        if shown is None and cards:
            self.table.select(cards[0].id)
            shown = cards[0]
        self._show(shown)

    def _failed(self, error: UserError) -> None:
        self.table.set_loading(False)
        self.table.set_error(error, self.load)

    def _show(self, card: Any) -> None:
        self._card = card
        self._title.setText(card.name if card else _("Choose a seal"))
        self._show_picture()
        self._show_steps(card)
        self._life.set_steps([])
        if card is None:
            self._facts.set_pairs([])
            return
        words, tone = validity(card) if card.valid_until else ("—", "")
        self._facts.set_pairs(
            [
                (_("Owner"), card.owner),
                (_("Number"), card.es_id or "—"),
                (_("State"), str(STATE_NAMES[State(card.state)])),
                (_("Validity"), words, tone if tone == "amber" else ""),
                (_("Diameter"), f"{card.diameter} mm"),
            ]
        )
        self._context.query(
            "seal.history", {"seal_id": card.id}, done=lambda events: self._show_life(card.id, events)
        )

    def _show_picture(self) -> None:
        card = self._card
        self.picture.setVisible(bool(card and card.picture))
        self.picture.set_picture(self._pictures.of(card) if card else None)

    def _show_life(self, seal_id: int, events: list[Any]) -> None:
        if self._card is None or self._card.id != seal_id:
            return
        self._life.set_steps(
            [
                Step(
                    str(_DONE[event.name]), event.staff, day_time(event.at), state="done", aside=event.reason
                )
                for event in events
            ]
        )

    def _show_steps(self, card: Any) -> None:
        clear_layout(self._flow)
        self.step_buttons = {}
        if card is None:
            return
        for name, (permission, words, ends) in STEPS.items():
            if State(card.state) in CHANGES[name].before and self._context.can(permission):
                first = not ends and not self.step_buttons
                button = Button(str(words), "danger" if ends else "primary" if first else "secondary")
                button.clicked.connect(self._starter(name, card))
                self._flow.addWidget(button)
                self.step_buttons[name] = button
        self.steps.setVisible(bool(self.step_buttons))

    def _starter(self, name: str, card: Any) -> Callable[[], None]:
        return lambda: self.ask_step(name, card)

    def ask_step(self, name: str, card: Any) -> None:
        """Ask before a step in a seal's life, with the reason where one is needed."""
        _permission, words, ends = STEPS[name]

        def answered(values: Any) -> None:
            if values is None:
                return
            reason = values["reason"] if isinstance(values, dict) else ""
            request = {"seal_id": card.id, "reason": reason}
            self._context.run(f"seal.{name}", request, done=lambda _card: self._stepped(name, card))

        needs_reason = CHANGES[name].needs_reason
        Dialog.ask(
            self,
            f"{words}：{card.name}？",
            card.owner,
            primary=str(words),
            kind="danger" if ends else "primary",
            facts=((_("Number"), card.es_id or "—"), (_("State"), str(STATE_NAMES[State(card.state)]))),
            fields=(FormField("reason", _("Reason"), "area", required=True),) if needs_reason else (),
            done=answered,
        )

    def _stepped(self, name: str, card: Any) -> None:
        self._context.notify(f"{card.name} {_DONE[name]}", "success")
        self.load()

    def ask_application(self) -> None:
        """Apply for a seal; agencies are asked for first where one may apply for others."""
        if self._context.actor.hall_wide and not self._agencies:
            self._context.query("hall.agencies", {}, done=self._keep_agencies)
            return
        own = (self._context.actor.agency, self._context.actor.agency_name or _("Own agency"))
        self._open_application(self._agencies or [own])

    def _keep_agencies(self, rows: list[Any]) -> None:
        self._agencies = [(row.code, row.name) for row in rows]
        if self._agencies:
            self.ask_application()

    def _open_application(self, agencies: list[tuple[str, str]]) -> None:
        def answered(values: Any) -> None:
            if values is not None:
                self._context.run("seal.apply", values, done=lambda card: self._stepped("apply", card))

        Dialog.ask(
            self,
            _("Apply for a seal"),
            _("The seal bears the legal name of the agency."),
            primary=_("Apply"),
            icon="stamp",
            fields=(
                FormField("agency", _("Agency"), "choice", choices=agencies, required=True),
                FormField(
                    "kind",
                    _("Kind"),
                    "choice",
                    choices=[(kind, str(words)) for kind, words in KIND_NAMES.items()],
                ),
                FormField("reason", _("Reason"), "area", required=True),
            ),
            done=answered,
        )


class _SealPicture(QWidget):
    """A seal on a piece of paper, 160 px."""

    _SIDE = 168

    def __init__(self) -> None:
        super().__init__()
        self._picture: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Picture of the seal"))

    def set_picture(self, picture: QImage | None) -> None:
        """Another picture."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._SIDE, self._SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_seal_frame(QPainter(self), QRectF(self.rect()), self._picture)


def _row(card: Any) -> dict[str, Any]:
    state = State(card.state)
    ended = state in (State.REPLACED, State.CANCELLED, State.DECLINED)
    return {
        "id": card.id,
        "card": card,
        "state": ("done" if ended else _LIGHTS.get(state, "not_yet"), str(STATE_NAMES[state])),
        "seal": (card.name, card.owner),
        "es_id": card.es_id or "—",
        "valid": day(card.valid_until) or "—",
        "size": f"{card.diameter} mm",
    }
