"""A new application: item, person, materials, live preview of the notice, accept; saved as a draft all the while."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError, identifiers
from yichuang.api.ui import (
    Button,
    Dialog,
    ErrorNote,
    Form,
    FormField,
    PageContext,
    PdfViewer,
    SidePane,
    Splitter,
    Tag,
    Text,
    WarnNote,
)
from yichuang_acceptance.operations.intake import materials_of
from yichuang_acceptance.ui.item_finder import ItemFinder, kind_text
from yichuang_acceptance.ui.materials import Materials
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
SAVE_MS = 2500  # at most three seconds of typing may be lost
PREVIEW_MS = 700


def _sentence(check: Any, value: str) -> str | None:
    """The sentence of a failed check, None when it passes."""
    try:
        check(value)
    except UserError as error:
        return str(error.sentence)
    return None


class NewCase(QWidget):
    """One application being taken in."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._item: Any = None
        self._draft: int | None = None
        self._saving = False
        self._held: dict[str, Any] = {}
        self._ticket: Any = None
        self.finder = ItemFinder(context, self._item_chosen)
        self.materials = Materials(context, self._edited, lambda: self._held)
        splitter = Splitter("h", "acceptance.intake")
        for part in (self.finder, self._middle(), self._side()):
            splitter.addWidget(part)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([290, 640, 290])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)
        self._save_timer = _timer(self, SAVE_MS, self.save)
        self._preview_timer = _timer(self, PREVIEW_MS, self._preview)
        context.shortcut("Ctrl+S", L("Park"), self.park)
        context.watch({"ticket"}, self._ask_ticket)
        context.device_event.connect(self._device)
        self._gate()

    def _middle(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.title = Text(_("Choose an item"), 18, strong=True)
        self.kind = Tag("", "green")
        self.kind.hide()
        self.saved = Text("", 12, "t3")
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 8)
        head.setSpacing(8)
        for part in (self.title, self.kind):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self.saved)
        self.form = Form(
            [
                FormField(
                    "kind",
                    _("Applicant"),
                    kind="choice",
                    choices=[("111", _("Person")), ("001", _("Organisation"))],
                ),
                FormField("name", _("Name"), required=True),
                FormField(
                    "code", _("Identity or credit code"), span=2, required=True, check=self._check_code
                ),
                FormField("phone", _("Telephone"), check=self._check_phone),
                FormField("address", _("Contact address"), span=2),
                FormField("project", _("Project or place")),
            ]
        )
        self.form.changed.connect(lambda _key: self._edited())
        box = QVBoxLayout()
        box.setContentsMargins(20, 0, 20, 4)
        box.addWidget(self.form)
        column.addLayout(head)
        column.addLayout(box)
        column.addWidget(self.materials, 1)
        return page

    def _side(self) -> QWidget:
        side = SidePane("right", 290)
        column = side.body
        self.person = Text("", 13, "t2", wrap=True)
        self.read = Button(_("Read the identity card"), icon="id-card", size="compact")
        self.read.clicked.connect(self._read_card)
        self.licences = Text("", 12, "t2", wrap=True)
        self.preview = PdfViewer()
        self.note = QVBoxLayout()
        self.accept = Button(_("Accept"), kind="primary", icon="check", key="Ctrl+Enter", size="decision")
        self.accept.clicked.connect(self._accept)
        self.parked = Button(_("Park"), key="Ctrl+S", binds=False)
        self.parked.clicked.connect(self.park)
        self.correct = Button(_("Correction notice"))
        self.correct.clicked.connect(self._ask_correction)
        self.refuse = Button(_("Refuse to accept"), kind="danger")
        self.refuse.clicked.connect(self._ask_refusal)
        column.addWidget(self.person)
        column.addWidget(self.read)
        column.addWidget(Text(_("Licences that may be used"), 14, strong=True))
        column.addWidget(self.licences)
        column.addWidget(Text(_("Preview of the notice"), 14, strong=True))
        column.addWidget(self.preview, 1)
        column.addLayout(self.note)
        column.addWidget(self.accept)
        row = QHBoxLayout()
        for button in (self.parked, self.correct):
            row.addWidget(button)
        column.addLayout(row)
        column.addWidget(self.refuse)
        return side

    # ---- what was typed ----

    def _check_code(self, value: str) -> str | None:
        check = (
            identifiers.check_citizen_id if self.form.values()["kind"] == "111" else identifiers.check_uscc
        )
        return _sentence(check, value) if value else None

    def _check_phone(self, value: str) -> str | None:
        return _sentence(identifiers.check_phone, value) if value else None

    def _item_chosen(self, item: Any) -> None:
        self._item = item
        self.title.setText(item.name)
        self.kind.setVisible(bool(item.kind))
        if item.kind:
            self.kind.set_spec(kind_text(item.kind))
        self.materials.set_item(materials_of(item), self.materials.given if self._restoring() else None)
        self._edited()

    def _restoring(self) -> bool:
        restoring = getattr(self, "_restored", False)
        self._restored = False
        return bool(restoring)

    def _edited(self) -> None:
        self._gate()
        self._save_timer.start()
        self._preview_timer.start()
        values = self.form.values()
        if self._item is not None and values["code"] and self._check_code(values["code"]) is None:
            self._ask_licences(values)

    def _gate(self) -> None:
        values = self.form.values()
        reason = ""
        if self._item is None:
            reason = _("Choose an item first.")
        elif not values["name"] or not values["code"]:
            reason = _("Enter the applicant first.")
        for button in (self.accept, self.correct, self.refuse):
            button.set_reason(reason)

    def intake(self) -> dict[str, Any]:
        """The application as the operations take it."""
        values = self.form.values()
        person = {
            "name": values["name"],
            "code_kind": values["kind"] or "111",
            "code": values["code"],
            "phone": values["phone"],
        }
        return {
            "item": self._item.code, "item_version": self._item.version, "applicant": person,
            "materials": self.materials.hands(), "project": values["project"],
            "form": {"联系地址": values["address"]} if values["address"] else {},
            "ticket": self._ticket.number if self._ticket is not None else "", "draft_id": self._draft,
        }  # fmt: skip

    # ---- draft ----

    def save(self) -> None:
        """Keep what was typed."""
        self._keep(parked=False)

    def park(self) -> None:
        """Put the application aside and begin a new one."""
        if self._keep(parked=True):
            self._context.notify(_("The application was parked"), kind="success")
            self._begin()

    def _keep(self, *, parked: bool) -> bool:
        values = self.form.values()
        if self._item is None or not any(values[name] for name in ("name", "code")) or self._saving:
            return False
        self._saving = not parked
        body = {
            "item": self._item.code,
            "values": values,
            "given": {str(k): v for k, v in self.materials.given.items()},
        }
        request = {
            "draft_id": self._draft, "item_name": self._item.name, "applicant_name": values["name"], "body": body,
            "parked": parked,
        }  # fmt: skip

        def kept(draft_id: int) -> None:
            self._saving = False
            if not parked:
                self._draft = draft_id
                self.saved.setText(
                    _("draft saved {when}", when=self._context.now().astimezone(HALL_ZONE).strftime("%H:%M"))
                )

        def failed(error: UserError) -> None:
            self._saving = False
            self._say(error)

        self._context.run("acceptance.save_draft", request, done=kept, failed=failed)
        return True

    def restore(self, draft_id: int, body: dict[str, Any]) -> None:
        """Go on with a draft."""
        self._begin()
        self._draft = draft_id
        self.form.set_values(body["values"])
        self.materials.given = {int(k): v for k, v in body["given"].items()}
        self._restored = True
        self.finder.choose(body["item"])

    # ---- what the hall knows ----

    def _ask_licences(self, values: dict[str, Any]) -> None:
        request = {
            "code_kind": values["kind"] or "111", "code": values["code"], "purpose": _("for {item}", item=self._item.name)[:200],
        }  # fmt: skip

        def came(found: list[Any]) -> None:
            self._held = {
                licence.type: licence for licence in found if licence.state in ("valid", "expiring")
            }
            names = "、".join(licence.name for licence in self._held.values())
            self.licences.setText(names or _("none known"))

        self._context.query("acceptance.licences", request, done=came)

    def _preview(self) -> None:
        values = self.form.values()
        if self._item is None or not values["name"] or self._check_code(values["code"]) or not values["code"]:
            return
        self._context.query(
            "acceptance.preview", self.intake(), done=self._show_preview, failed=lambda _error: None
        )

    def _show_preview(self, pdf: bytes) -> None:
        self.preview.load(pdf)
        self.preview.fit_width()

    def _ask_ticket(self) -> None:
        desk = self._context.actor.desk
        if desk:
            self._context.query(
                "queue.current", {"desk": desk}, done=self._show_ticket, failed=lambda _error: None
            )

    def _show_ticket(self, ticket: Any) -> None:
        self._ticket = ticket
        self.person.setText(
            f"{ticket.number}　{ticket.business}　{ticket.person}" if ticket is not None else ""
        )

    def _read_card(self) -> None:
        self._context.ask_device(
            "id_card_reader", "read", wait=2.0, done=lambda answer: self._take_card(answer.get("card"))
        )

    def _device(self, kind: str, name: str, data: dict[str, Any]) -> None:
        if kind == "id_card_reader" and name == "card" and self.isVisible():
            self._take_card(data.get("card"))

    def _take_card(self, card: dict[str, Any] | None) -> None:
        if card:
            values = {
                "kind": "111",
                "name": card["name"],
                "code": card["number"],
                "address": card.get("address", ""),
            }
            self.form.set_values(values, _("identity card"))
            self._edited()

    # ---- what it does ----

    def _accept(self) -> None:
        if not self.form.validate():
            return
        self.accept.set_busy(True)
        self._context.run("acceptance.accept", self.intake(), done=self._accepted, failed=self._failed)

    def _accepted(self, case: Any) -> None:
        self.accept.set_busy(False)
        self._context.run("acceptance.render", {"case_id": case.case_id}, done=lambda _papers: None)
        self._context.notify(
            _("Accepted: {number}, query code {code}", number=case.case_no, code=case.query_code),
            kind="success",
        )
        self._begin()

    def _ask_correction(self) -> None:
        missing = [
            m
            for m in materials_of(self._item)
            if m.need == "required" and m.position not in self.materials.given
        ]
        text = "\n".join(f"{m.name}：未提交" for m in missing)
        fields = [
            FormField("defects", _("Everything that is missing or wrong"), kind="area", required=True, span=4)
        ]

        def answered(values: Any) -> None:
            if values is None:
                return
            defects = [line.strip() for line in values["defects"].splitlines() if line.strip()]
            self._receive_then("acceptance.request_correction", {"defects": defects})

        dialog = Dialog.ask(self, _("Give the one-time correction notice?"), _("The applicant can be told only once."),
                            primary=_("Give the notice"), fields=fields, done=answered)  # fmt: skip
        form = dialog.findChild(Form) if dialog is not None else None
        if form is not None:
            form.set_values({"defects": text})

    def _ask_refusal(self) -> None:
        kinds = [
            ("not_needed", _("no licence is needed")),
            ("not_our_remit", _("another authority is responsible")),
            ("not_in_form", _("not in legal form")),
        ]
        fields = [
            FormField("kind", _("Ground"), kind="choice", choices=kinds, required=True, span=4),
            FormField("reason", _("Reason"), kind="area", required=True, span=4),
            FormField("law", _("Legal basis"), span=4),
            FormField("proper_agency", _("Responsible authority"), span=4),
        ]

        def answered(values: Any) -> None:
            if values is not None:
                self._receive_then("acceptance.refuse_to_accept", values)

        Dialog.ask(self, _("Refuse to accept?"), _("The applicant gets a written decision."), primary=_("Refuse to accept"),
                   kind="danger", fields=fields, done=answered)  # fmt: skip

    def _receive_then(self, name: str, more: dict[str, Any]) -> None:
        def received(case: Any) -> None:
            self._context.run(name, {"case_id": case.case_id, **more}, done=done, failed=self._failed)

        def done(case: Any) -> None:
            self._context.run("acceptance.render", {"case_id": case.case_id}, done=lambda _papers: None)
            self._context.notify(_("Entered: {number}", number=case.case_no), kind="success")
            self._begin()

        self._context.run("acceptance.receive", self.intake(), done=received, failed=self._failed)

    def _failed(self, error: UserError) -> None:
        self.accept.set_busy(False)
        self._say(error)

    def _begin(self) -> None:
        """An empty form for the next applicant."""
        self._save_timer.stop()
        self._draft, self._held, self._item = None, {}, None
        self.form.set_values(dict.fromkeys(self.form.values(), "") | {"kind": "111"})
        self.materials.set_item([])
        self.title.setText(_("Choose an item"))
        self.kind.hide()
        self.saved.setText("")
        self.licences.setText("")
        self.preview.load(None)
        self._say(None)
        self._gate()

    def _say(self, error: UserError | None) -> None:
        while self.note.count():
            widget = self.note.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        if error is None:
            return
        if error.code == "MATERIAL_MISSING":
            defects: Any = error.detail.get("defects", [])
            self.note.addWidget(WarnNote(str(error.sentence), "\n".join(d["reason"] for d in defects[:6])))
        else:
            self.note.addWidget(ErrorNote.from_error(error))


def _timer(owner: QWidget, milliseconds: int, act: Any) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(act)
    return timer
