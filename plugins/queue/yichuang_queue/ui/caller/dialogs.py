"""What the caller window asks: the lines of a desk, reasons, where a ticket goes, the result. Refusals stay in the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import (
    Button,
    CheckBox,
    ComboBox,
    Dialog,
    FlowLayout,
    FormField,
    LineEdit,
    Scroller,
    Segmented,
    Text,
)
from yichuang_queue.words import words

_ = words.text
WIDTH = 336
INSIDE = WIDTH - 40
LONGEST_LIST = 180
Answer = Callable[[dict[str, Any], "Question"], None]


class Question(Dialog):
    """A question as wide as the caller window; it stays until what it asked for has been done.

    Args:
        answered: Called with the values and the question; it calls `succeeded` or `refused` later.
    """

    def __init__(
        self,
        title: str,
        body: str = "",
        *,
        primary: str,
        fields: Sequence[FormField] = (),
        answered: Answer,
    ) -> None:
        super().__init__(title, body, primary=primary, fields=fields)
        self._answered = answered
        self._waiting = False
        self.setFixedWidth(WIDTH)
        self.layout().setContentsMargins(16, 16, 16, 16)

    def accept(self) -> None:
        """Check the fields, then have it done; a second press meanwhile is the same press."""
        if self._waiting:
            return
        if self.form is not None and not self.form.validate():
            self.center()
            return
        self._waiting = True
        self.set_busy(True)
        self._answered(self.form.values() if self.form is not None else {}, self)

    def reject(self) -> None:
        """Take the way out, unless the act is under way: its answer comes here."""
        if not self._waiting:
            super().reject()

    def succeeded(self, _result: object = None) -> None:
        """It was done: close."""
        self._waiting = False
        super().accept()

    def wait_again(self) -> None:
        """It could not be begun just now; the next press tries again."""
        self._waiting = False
        self.set_busy(False)

    def refused(self, error: UserError) -> None:
        """It was not: say why, and stay."""
        self._waiting = False
        self.set_error(" ".join(filter(None, (str(error.sentence), str(error.do or "")))))


class ReasonEdit(QWidget):
    """A line of text with the usual reasons as buttons below it.

    Signals:
        changed: Another text.
    """

    changed = pyqtSignal(str)

    def __init__(self, usual: Sequence[str], placeholder: str) -> None:
        super().__init__()
        self.line = LineEdit(placeholder)
        self.line.setMaxLength(100)
        self.line.textChanged.connect(self.changed)
        self.buttons = [Button(text, size="compact") for text in usual]
        flow = FlowLayout(6, 6)
        for button, text in zip(self.buttons, usual, strict=True):
            button.clicked.connect(lambda _checked=False, text=text: self._take(text))
            flow.addWidget(button)
        chips = QWidget()
        chips.setLayout(flow)
        chips.setFixedHeight(flow.heightForWidth(INSIDE))  # a form does not ask how high a width makes it
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.line)
        column.addWidget(chips)
        self.setFocusProxy(self.line)

    def value(self) -> str:
        """The text."""
        return self.line.value()

    def set_value(self, value: str) -> None:
        """Show a text."""
        self.line.setText(value)

    def set_error(self, wrong: bool) -> None:
        """Mark the line."""
        self.line.set_error(wrong)

    def _take(self, text: str) -> None:
        self.line.setText(text)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)


class LineChoice(QWidget):
    """Check boxes for lines; `value` is the tuple of the chosen codes."""

    def __init__(self, lines: Mapping[str, str], chosen: Sequence[str]) -> None:
        super().__init__()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(8)
        self.boxes: dict[str, CheckBox] = {}
        for code, name in lines.items():
            self.boxes[code] = box = CheckBox(name, code in chosen)
            column.addWidget(box)
        scroller = Scroller(inside)
        scroller.setFixedHeight(min(LONGEST_LIST, 8 + 28 * len(lines)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroller)
        if self.boxes:
            self.setFocusProxy(next(iter(self.boxes.values())))

    def value(self) -> tuple[str, ...]:
        """Codes of the lines that are ticked."""
        return tuple(code for code, box in self.boxes.items() if box.isChecked())

    def set_value(self, value: Sequence[str]) -> None:
        """Tick other lines."""
        for code, box in self.boxes.items():
            box.setChecked(code in value)


class TargetChoice(QWidget):
    """Where a ticket goes: a line, a desk or a person; `value` is (kind, code) or None."""

    def __init__(self, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._choices: dict[str, Sequence[tuple[object, str]]] = {"line": lines, "desk": (), "staff": ()}
        self.kind = Segmented([("line", _("Line")), ("desk", _("Desk")), ("staff", _("Person"))])
        self.kind.changed.connect(self._show)
        self.which = ComboBox(lines)
        self.nothing = Text("", 12, "t3", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.kind)
        column.addWidget(self.which)
        column.addWidget(self.nothing)
        self.setFocusProxy(self.kind)
        self._show("line")

    def set_targets(self, targets: Sequence[Any]) -> None:
        """Which desks are open, and who sits there."""
        pause = _("has a break")
        self._choices["desk"] = [
            (t.desk, f"{t.desk} {t.staff_name}" + (f"（{pause}）" if t.paused else "")) for t in targets
        ]
        self._choices["staff"] = [(t.staff_id, f"{t.staff_name} {t.desk}") for t in targets]
        self._show(self.kind.current())

    def value(self) -> tuple[str, Any] | None:
        """(line, code), (desk, code) or (staff, id)."""
        chosen = self.which.value()
        return None if chosen is None else (self.kind.current(), chosen)

    def set_value(self, value: tuple[str, Any]) -> None:
        """Choose one."""
        self.kind.set_current(value[0])
        self._show(value[0])
        self.which.set_value(value[1])

    def _show(self, kind: str) -> None:
        choices = self._choices[kind]
        self.which.set_items(list(choices))
        self.which.setVisible(bool(choices))
        empty = {
            "line": _("There is no other line."),
            "desk": _("No other desk is open now."),
            "staff": _("Nobody else is at a desk now."),
        }
        self.nothing.setText("" if choices else empty[kind])
        self.nothing.setVisible(not choices)


def lines_question(title: str, lines: Mapping[str, str], chosen: Sequence[str], answered: Answer) -> Question:
    """Which lines the desk serves; those of the person's skills are ticked."""

    def missing(value: Any) -> str | None:
        return None if value else _("Choose at least one line.")

    field = FormField("lines", _("Lines served here"), editor=LineChoice(lines, chosen), check=missing)
    return Question(title, primary=_("Take up work"), fields=[field], answered=answered)


def reason_question(
    title: str, body: str, primary: str, usual: Sequence[str], answered: Answer, *, required: bool = True
) -> Question:
    """A reason: one of the usual ones or a free text."""
    editor = ReasonEdit(usual, _("Or write another reason"))
    field = FormField("reason", _("Reason"), required=required, editor=editor)
    return Question(title, body, primary=primary, fields=[field], answered=answered)


def transfer_question(number: str, lines: Sequence[tuple[str, str]], answered: Answer) -> Question:
    """Where a ticket goes, whether it comes back, and why."""
    fields = [
        FormField("target", _("To"), required=True, editor=TargetChoice(lines)),
        FormField("come_back", _("Afterwards"), kind="check", placeholder=_("It comes back to this desk")),
        FormField("reason", _("Reason"), placeholder=_("Optional")),
    ]
    title = _("Transfer {number}?", number=number)
    return Question(title, primary=_("Transfer"), fields=fields, answered=answered)


def direct_question(lines: Sequence[tuple[str, str]], answered: Answer) -> Question:
    """For somebody who stands at the desk without a ticket."""
    fields = [
        FormField("line", _("Line"), kind="choice", choices=lines, required=True),
        FormField("business", _("Business"), placeholder=_("What for; optional")),
    ]
    body = _("A number is entered for the statistics; nothing is announced.")
    return Question(_("Serve without a ticket?"), body, primary=_("Begin"), fields=fields, answered=answered)


def finish_question(number: str, results: Sequence[str], answered: Answer) -> Question:
    """The result of the service, and whether the applicant is asked to rate it."""
    fields = [
        FormField("result", _("Result"), editor=ReasonEdit(results, _("Or write another result"))),
        FormField(
            "ask_rating", _("Rating"), kind="check", value=True, placeholder=_("Ask the applicant to rate")
        ),
    ]
    title = _("Finish {number} with a result?", number=number)
    return Question(title, primary=_("Finish"), fields=fields, answered=answered)
