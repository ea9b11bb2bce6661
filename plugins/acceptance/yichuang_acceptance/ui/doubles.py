"""An open case of the same applicant for the same item: told before a second one is entered, and compared side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import Button, Column, DataTable, Dialog, WarnNote
from yichuang_acceptance.ui.case_texts import grouped, stamp
from yichuang_acceptance.words import words

_ = words.text
WIDTH, HEIGHT = 860, 340


def doubles_note(cases: Sequence[Any], compare: Callable[[], None]) -> WarnNote:
    """The warning, with the way to compare."""
    newest = cases[0]
    button = Button(_("Compare"), size="compact")
    button.clicked.connect(lambda _on: compare())
    text = _("{number}, received {when} by {name}: {state}", number=grouped(newest.case_no), when=stamp(newest.received_at),
             name=newest.acceptor, state=newest.state_name)  # fmt: skip
    if len(cases) > 1:
        text += "\n" + _("and {n} more", n=len(cases) - 1)
    return WarnNote(_("The applicant has an open case for this item"), text, [button])


def compare(owner: QWidget, cases: Sequence[Any], now: dict[str, Any]) -> Dialog:
    """What stands here beside the open cases, line by line; what differs is strong."""
    dialog = Dialog(
        _("Is this the same application?"),
        _("Go on only if it is another one; otherwise continue the open case."),
        cancel=_("Close"), wide=True,
    )  # fmt: skip
    shown = list(cases[:2])
    table = DataTable(
        (
            Column("name", "", 110, tone="t3"),
            Column("now", _("This application"), stretch=1, kind="strong"),
            *(Column(f"case{n}", grouped(case.case_no), stretch=1) for n, case in enumerate(shown)),
        ),
        32,
    )
    table.setFixedHeight(HEIGHT)
    table.set_rows(facts(shown, now))
    dialog.setFixedWidth(WIDTH)
    dialog.body.addWidget(table)
    dialog.primary_button.hide()  # there is nothing to do but to look
    dialog.open_in(owner.window())
    dialog.cancel_button.setFocus()
    return dialog


def facts(cases: Sequence[Any], now: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of the comparison."""
    lines: list[tuple[str, str, Callable[[Any], str]]] = [
        (_("State"), _("new"), lambda case: case.state_name),
        (_("Received"), str(now.get("received", "")), lambda case: stamp(case.received_at)),
        (_("Due"), "", lambda case: stamp(case.due_at) if case.due_at else ""),
        (_("Acceptor"), str(now.get("acceptor", "")), lambda case: case.acceptor),
        (_("Window"), str(now.get("desk", "")), lambda case: case.desk),
        (_("Agent"), str(now.get("agent", "")), lambda case: case.agent),
        (_("Project or place"), str(now.get("project", "")), lambda case: case.project),
        (_("Materials"), str(now.get("materials", "")), lambda case: str(case.materials)),
    ]
    here: dict[str, str] = now.get("form", {})
    labels = list(dict.fromkeys([*here, *(label for case in cases for label in case.form)]))
    lines += [
        (label, here.get(label, ""), lambda case, label=label: case.form.get(label, "")) for label in labels
    ]
    return [
        {"id": n, "name": name, "now": mine, **{f"case{at}": of(case) for at, case in enumerate(cases)}}
        for n, (name, mine, of) in enumerate(lines)
    ]
