"""What the manager's page asks before it acts; a question stays open until its act is done, with the reason of a refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import CheckBox, Dialog, FlowLayout, FormField, PageContext
from yichuang_queue.rules.alarms import Alarm
from yichuang_queue.rules.floor import DeskNow, LineNow
from yichuang_queue.words import words

_ = words.text
LENT_MINUTES = (15, 30, 45, 60, 90, 120)


class Several(QWidget):
    """Check boxes for choosing any of a few things.

    Signals:
        changed: The user has checked or unchecked one.
    """

    changed = pyqtSignal(list)

    def __init__(self, items: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = {value: CheckBox(text) for value, text in items}
        flow = FlowLayout(12)
        self.setLayout(flow)
        for box in self._boxes.values():
            flow.addWidget(box)
            box.toggled.connect(lambda _on: self.changed.emit(self.value()))
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))

    def value(self) -> list[str]:
        """What is checked, in the order of the boxes."""
        return [value for value, box in self._boxes.items() if box.isChecked()]

    def set_value(self, values: Sequence[str]) -> None:
        """Check these and no others."""
        for value, box in self._boxes.items():
            box.setChecked(value in values)


Act = Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]


class Ask(Dialog):
    """A question that ends in one operation.

    Args:
        context: Runs the operation.
        request: Gives its name and request for the form's values.
        done: Called with its result when the dialog has closed.
    """

    def __init__(
        self,
        context: PageContext,
        title: str,
        body: str = "",
        *,
        primary: str,
        request: Act,
        done: Callable[[Any], None] = lambda _result: None,
        fields: Sequence[FormField] = (),
        kind: str = "primary",
    ) -> None:
        super().__init__(title, body, primary=primary, kind=kind, fields=fields, wide=len(fields) > 2)
        self._context, self._request, self._after = context, request, done
        self._acting = False

    def over(self, owner: QWidget) -> Ask:
        """Open over the window of `owner`."""
        self.open_in(owner.window())
        return self

    def accept(self) -> None:
        """Check the fields and act; a second press meanwhile is the same press."""
        if self._acting or (self.form is not None and not self.form.validate()):
            self.center()
            return
        self._acting = True
        self.set_error("")
        self.set_busy(True)
        name, request = self._request(self.form.values() if self.form is not None else {})
        self._context.run(name, request, done=self._finished, failed=self._refused)

    def reject(self) -> None:
        """Leave; not while the act is under way, whose outcome would be lost."""
        if not self._acting:
            super().reject()

    def _refused(self, error: UserError) -> None:
        self._acting = False
        self.set_error("".join(in_language(part) for part in (error.sentence, error.do)))

    def _finished(self, result: Any) -> None:
        super().accept()
        self._after(result)


def needed(values: list[str]) -> str | None:
    """At least one must be checked."""
    return None if values else _("Choose at least one.")


def several(key: str, label: str, items: Sequence[tuple[str, str]], chosen: Sequence[str]) -> FormField:
    """A form field of which at least one must be chosen."""
    return FormField(
        key, label, editor=Several(items), value=list(chosen), required=True, check=needed, span=2
    )


def ask_broadcast(context: PageContext, owner: QWidget, zones: Sequence[tuple[str, str]]) -> Ask:
    """Say something to the hall: spoken and shown once, or a notice that stays on the boards."""
    fields = [
        FormField(
            "kind", _("How"), kind="segmented", value="broadcast", span=2,
            choices=[("broadcast", _("Speak and show once")), ("notice", _("Notice on the boards"))],
        ),
        FormField("text", _("Text"), kind="area", required=True, span=2, check=_short),
        FormField("zone", _("Zone"), kind="choice", choices=[("", _("Whole hall")), *zones], value=""),
        FormField(
            "minutes", _("Notice stays"), kind="choice", value=0,
            choices=[(0, _("Until the day ends")), *((n, _("{n} min", n=n)) for n in (15, 30, 60, 120))],
        ),
    ]  # fmt: skip

    def request(values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return "queue.say", {**values, "text": values["text"].strip()}

    def said(message: Any) -> None:
        context.notify(
            _("Notice is on the boards") if message.kind == "notice" else _("Broadcast was sent"), "success"
        )

    return Ask(
        context, _("Tell the hall"), primary=_("Send"), fields=fields, request=request, done=said
    ).over(owner)


def _short(text: str) -> str | None:
    return _("At most 200 characters.") if len(text.strip()) > 200 else None


def ask_open(context: PageContext, owner: QWidget, closed: Sequence[DeskNow], line: str = "") -> Ask:
    """Have a closed desk opened: its person signs in there, so the manager's act is to call for it.

    `closed` are the desks that are not open, `line` is the name of the line that needs one.
    """
    choices = [(desk.code, " ".join(filter(None, (desk.code, desk.group)))) for desk in closed]
    body = _("Its person is called over the loudspeaker and signs in there.")
    fields = [FormField("desk", _("Desk"), kind="choice", choices=choices, required=True, span=2)]

    def request(values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        desk = next(each for each in closed if each.code == values["desk"])
        if line:
            text = _("Staff of desk {desk}, please open your desk for {line}.", desk=desk.code, line=line)
        else:
            text = _("Staff of desk {desk}, please open your desk.", desk=desk.code)
        return "queue.say", {"kind": "broadcast", "text": text, "zone": desk.zone}

    return Ask(
        context, _("Which desk is to be opened?"), body, primary=_("Call for it"), fields=fields, request=request,
        done=lambda _message: context.notify(_("The desk's staff was called"), "success"),
    ).over(owner)  # fmt: skip


def ask_contact(context: PageContext, owner: QWidget, alarm: Alarm, zone: str) -> Ask:
    """Tell a desk something over the loudspeaker of its zone."""
    text = _("Staff of desk {desk}, please come back to your desk.", desk=alarm.desk)
    fields = [FormField("text", _("Text"), kind="area", value=text, required=True, span=2, check=_short)]
    return Ask(
        context, _("Contact desk {desk}", desk=alarm.desk), primary=_("Send"), fields=fields,
        request=lambda values: ("queue.say", {"kind": "broadcast", "text": values["text"].strip(), "zone": zone}),
        done=lambda _message: context.notify(_("Broadcast was sent"), "success"),
    ).over(owner)  # fmt: skip


def ask_lines(
    context: PageContext, owner: QWidget, desk: DeskNow, lines: Sequence[LineNow], can: Sequence[str] | None
) -> Ask:
    """Which lines a desk serves from its next call on.

    `can` are the lines that its person is trained for, None for all; others are offered with a remark.
    """
    items = [
        (
            line.code,
            line.name if can is None or line.code in can else _("{line} (not trained)", line=line.name),
        )
        for line in lines
    ]

    def request(values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return "queue.assign", {"desk": desk.code, "lines": values["lines"]}

    def undo() -> None:
        context.run("queue.assign", {"desk": desk.code, "lines": list(desk.lines)})

    return Ask(
        context, _("What does desk {desk} serve?", desk=desk.code), _("It holds from the next call on."),
        primary=_("Assign"), fields=[several("lines", _("Lines"), items, desk.lines)], request=request,
        done=lambda _desk: context.notify(_("Desk {desk} was assigned", desk=desk.code), "success", undo=undo),
    ).over(owner)  # fmt: skip


def ask_close(context: PageContext, owner: QWidget, desk: DeskNow) -> Ask:
    """Close a desk whose person has gone; it can only be opened again by that person."""
    fields = [
        FormField("reason", _("Reason"), required=True, placeholder=_("Left without signing out …"), span=2)
    ]
    return Ask(
        context, _("Close desk {desk}?", desk=desk.code),
        _("{name} is signed out there and must sign in again to call.", name=desk.staff_name),
        primary=_("Close desk {desk}", desk=desk.code), kind="danger", fields=fields,
        request=lambda values: ("queue.close_desk", {"desk": desk.code, "reason": values["reason"]}),
        done=lambda _desk: context.notify(_("Desk {desk} was closed", desk=desk.code), "success"),
    ).over(owner)  # fmt: skip


def ask_lend(
    context: PageContext,
    owner: QWidget,
    line: LineNow,
    able: Sequence[DeskNow],
    chosen: Sequence[str],
    minutes: int,
    done: Callable[[Any], None],
) -> Ask:
    """Which desks help a line, for how long.

    `able` are the desks whose people can serve it, the best first, `chosen` those that are proposed.
    """
    items = [(desk.code, f"{desk.code} {desk.staff_name}") for desk in able]
    fields = [
        several("desks", _("Desks"), items, chosen),
        FormField(
            "minutes", _("For how long"), kind="choice", value=minutes,
            choices=[(n, _("{n} min", n=n)) for n in sorted({*LENT_MINUTES, minutes})], span=2,
        ),
    ]  # fmt: skip

    def request(values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return "queue.lend", {"line": line.code, "desks": values["desks"], "minutes": int(values["minutes"])}

    return Ask(
        context, _("Who helps {line}?", line=line.name), _("The desks keep their own lines."), primary=_("Apply"),
        fields=fields, request=request, done=done,
    ).over(owner)  # fmt: skip
