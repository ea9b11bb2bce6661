"""The appointments page: the slots of a day with their free seats, who comes when, booking, cancelling, importing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError, in_language
from yichuang.api.ui import (
    Button,
    Column,
    ComboBox,
    DataTable,
    DateEdit,
    Dialog,
    FormField,
    ListItem,
    ListPane,
    NotePlace,
    PageContext,
    PageHeader,
    Splitter,
    Text,
    export_list,
)
from yichuang_queue.rules.appointments import BOOKING_NAMES, Booking
from yichuang_queue.rules.tickets import PRIORITY_NAMES, Priority
from yichuang_queue.words import words

_ = words.text
LIGHTS = {
    Booking.BOOKED: "not_yet",
    Booking.ARRIVED: "done",
    Booking.MISSED: "overdue",
    Booking.CANCELLED: "paused",
}
IMPORTS = {".tsv": "tsv", ".xlsx": "xlsx"}


class AppointmentsPage(QWidget):
    """Slots at the left, the day's appointments at the right."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._businesses: dict[str, str] = {}
        self._slots: list[Any] = []
        self.header = PageHeader(_("Appointments"))
        self.load_file = Button(_("Import a file"), icon="upload")
        self.load_file.clicked.connect(self._choose_file)
        self.book = Button(_("Make an appointment"), kind="primary", icon="calendar-plus", key="Ctrl+N")
        self.book.clicked.connect(lambda _checked: self.ask_booking())
        for button in (self.load_file, self.book):
            self.header.add_action(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        self.note = NotePlace()
        self.note.setContentsMargins(20, 0, 20, 0)
        column.addLayout(self.note)
        splitter = Splitter("h", "queue.appointments")
        for part, stretch in ((self._left(), 0), (self._right(), 1)):
            splitter.addWidget(part)
            splitter.setStretchFactor(splitter.count() - 1, stretch)
        splitter.setSizes([316, 960])
        column.addWidget(splitter, 1)
        context.watch({"appointment", "queue"}, self.load)

    def _left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        today = self._context.now().astimezone(HALL_ZONE).date()
        self.day = DateEdit(today, today=today)
        self.day.editingFinished.connect(self.load)
        self.business = ComboBox([])
        self.business.currentIndexChanged.connect(lambda _index: self._load_slots())
        for label, editor in ((_("Day"), self.day), (_("Business"), self.business)):
            column.addWidget(Text(label, 12, "t2"))
            column.addWidget(editor)
        column.addWidget(Text(_("Free times"), 14, strong=True))
        self.slots = ListPane(search=False, row_height=42)
        self.slots.activated.connect(self.ask_booking)
        column.addWidget(self.slots, 1)
        return left

    def _right(self) -> QWidget:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(20, 16, 20, 12)
        self.table = DataTable(
            (
                Column("light", "", 40, kind="light"),
                Column("time", _("Time"), 120, kind="strong"),
                Column("person", _("Applicant"), 110),
                Column("business", _("Business"), stretch=2),
                Column("phone", _("Phone"), 130),
                Column("priority", _("Priority"), 100),
                Column("code", _("Code"), 100, kind="mono"),
                Column("state", _("State"), 90),
                Column("act", "", 80, kind="action"),
            )
        )
        self.table.set_empty("calendar", _("No appointments on this day"), _("Make one, or import a file."))
        self.table.set_keys([("Ctrl+N", _("Make an appointment")), ("Ctrl+E", _("Export list"))])
        self.table.acted.connect(self._acted)
        export_list(self._context, self.table, _("Appointments"))
        column.addWidget(self.table, 1)
        return right

    # ---- loading ----

    def load(self) -> None:
        """Ask for the day's appointments and the businesses that take some."""
        day = self.day.value()
        if day is None:
            self.note.say(_("Type a day, such as 2026-03-17."))
            return
        self._context.query("queue.businesses", done=self._businesses_came, failed=self.note.say)
        self._context.query(
            "queue.appointments", {"day": day.isoformat()}, done=self._came, failed=self._failed
        )

    def _businesses_came(self, rows: list[Any]) -> None:
        found = {row.code: row.name for row in rows if row.seats and row.open}
        if found != self._businesses:
            self._businesses = found
            chosen = self.business.value()
            self.business.blockSignals(True)
            self.business.set_items(list(found.items()))
            if chosen in found:
                self.business.set_value(chosen)
            self.business.blockSignals(False)
        self.book.set_reason(
            "" if found else _("No business takes appointments; set seats in the kiosk's tree.")
        )
        self._load_slots()

    def _load_slots(self) -> None:
        day, business = self.day.value(), self.business.value()
        if day is None or not business:
            self._slots_came([])
            return
        request = {"business": business, "day": day.isoformat()}
        self._context.query("queue.slots", request, done=self._slots_came, failed=self.note.say)

    def _slots_came(self, slots: list[Any]) -> None:
        self._slots = slots
        self.slots.set_items(
            [
                ListItem(
                    slot.begins_at.isoformat(), _span(slot), right=_("{n} of {all} free", n=slot.free, all=slot.seats),
                    state="done" if slot.free else "paused", tone="" if slot.free else "t3",
                )
                for slot in slots
            ]
        )  # fmt: skip
        self.slots.set_footer(_("{n} seats free", n=sum(slot.free for slot in slots)))

    def _came(self, rows: list[Any]) -> None:
        self.table.set_error(None)
        self.table.set_rows([self._row(row) for row in rows])

    def _row(self, row: Any) -> dict[str, Any]:
        state = Booking(row.state)
        acts = {Booking.BOOKED: _("Cancel"), Booking.MISSED: "" if row.excused else _("Excuse")}
        name = in_language(BOOKING_NAMES[state])
        return {
            "id": row.id, "light": LIGHTS[state], "time": _span(row), "person": row.person,
            "business": self._businesses.get(row.business, row.business), "phone": row.phone, "code": row.code,
            "priority": "" if row.priority == "none" else in_language(PRIORITY_NAMES[Priority(row.priority)]),
            "state": _("excused") if row.excused else name, "act": acts.get(state, ""), "row": row,
        }  # fmt: skip

    def _failed(self, error: UserError) -> None:
        self.table.set_error(error, self.load)

    # ---- acts ----

    def ask_booking(self, begins_at: str | None = None) -> None:
        """Ask whose appointment; at a time that was chosen, or one of the free ones."""
        free = [(slot.begins_at.isoformat(), _span(slot)) for slot in self._slots if slot.free]
        if not free:
            self.note.say(_("No time is free on this day."))
            return
        business = self.business.value()
        priorities = [(str(p), in_language(PRIORITY_NAMES[p])) for p in Priority]
        fields = [
            FormField(
                "begins_at",
                _("Time"),
                kind="choice",
                choices=free,
                value=begins_at or free[0][0],
                required=True,
                span=2,
            ),
            FormField("priority", _("Priority"), kind="choice", choices=priorities, value="none", span=2),
            FormField("person", _("Name"), required=True, span=2),
            FormField("phone", _("Phone"), span=2),
            FormField("code", _("Identity number or credit code"), required=True, span=4),
        ]

        def decided(values: Any) -> None:
            if values is not None:
                self._book(business, values)

        title = _("Appointment for {business}", business=self._businesses.get(business, ""))
        Dialog.ask(self, title, primary=_("Book"), fields=fields, wide=True, done=decided)

    def _book(self, business: str, values: dict[str, Any]) -> None:
        code = str(values["code"]).strip()
        request = {
            "business": business, **{key: values[key] or "" for key in ("begins_at", "person", "phone", "priority")},
            "code": code, "code_kind": "111" if code[:17].isdigit() else "001",
        }  # fmt: skip

        def booked(row: Any) -> None:
            self.note.say(None)
            self._context.notify(_("Booked: {time}, code {code}", time=_span(row), code=row.code), "success")
            self.load()

        self._context.run("queue.book", request, done=booked, failed=self.note.say)

    def _acted(self, _key: str, row: dict[str, Any]) -> None:
        if row["row"].state == Booking.MISSED:
            self._do("queue.excuse", row)
            return

        def decided(yes: Any) -> None:
            if yes:
                self._do("queue.cancel_appointment", row)

        Dialog.ask(
            self, _("Cancel this appointment?"), f"{row['time']} {row['person']} {row['business']}",
            primary=_("Cancel the appointment"), kind="danger", cancel=_("Keep it"), done=decided,
        )  # fmt: skip

    def _do(self, name: str, row: dict[str, Any]) -> None:
        self._context.run(
            name, {"appointment_id": row["id"]}, done=lambda _row: self.load(), failed=self.note.say
        )

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, _("Import a file"), filter="TSV, XLSX (*.tsv *.xlsx)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.import_file(Path(path)))
        dialog.open()

    def import_file(self, path: Path) -> None:
        """Book all appointments of a file, or none."""
        kind = IMPORTS.get(path.suffix.lower())
        if kind is None:
            self.note.say(_("Choose a .tsv or .xlsx file."))
            return
        self.load_file.set_busy(True)

        def read(data: bytes) -> None:
            self._context.run(
                "queue.import_appointments",
                {"kind": kind, "data": data},
                done=self._imported,
                failed=self._refused,
            )

        self._context.work(lambda: _read(path), done=read, failed=self._refused)

    def _imported(self, count: int) -> None:
        self.load_file.set_busy(False)
        self.note.say(None)
        self._context.notify(_("{n} appointments were imported", n=count), "success")
        self.load()

    def _refused(self, error: UserError) -> None:
        self.load_file.set_busy(False)
        self.note.say(error)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError("BAD_FILE", words.lazy("{path} cannot be read.", path=str(path))) from error


def _span(slot: Any) -> str:
    begin, end = (moment.astimezone(HALL_ZONE) for moment in (slot.begins_at, slot.ends_at))
    return f"{begin:%H:%M}–{end:%H:%M}"


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return AppointmentsPage(context)
