"""Records of broken promises: the list with its export and repair, and what a window is told of an applicant who has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import (
    Column,
    Dialog,
    FormField,
    NotePlace,
    PageContext,
    Segmented,
    Step,
    TagSpec,
    WarnNote,
)
from yichuang_acceptance.ui.agency_names import AgencyNames
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import day, stamp
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by
from yichuang_acceptance.words import words

_ = words.text


def heads_of_credit() -> list[str]:
    """Heads of the spreadsheet."""
    return [
        _("Whose promise"), _("Credit code"), _("Case number"), _("Item"), _("Agency"), _("What was promised"),
        _("In place of"), _("What the check found"), _("Found on"), _("Revoked by"), _("Revoked on"), _("Repaired on"),
        _("Why it was repaired"),
    ]  # fmt: skip


def cells_of_credit(r: Any) -> list[str]:
    """A record in the spreadsheet."""
    decided = r.decided_on.isoformat() if r.decided_on else ""
    return [
        r.holder, r.code, r.case_no, r.item_name, r.agency_name, r.promised, "、".join(r.replaced), r.finding, day(r.found_at),
        r.decision, decided, day(r.repaired_at), r.repair,
    ]  # fmt: skip


class Credit(QWidget):
    """Records, newest first. `changed` is called after something was done; `names` says what the list calls the agencies."""

    def __init__(self, context: PageContext, changed: Callable[[], None], names: AgencyNames) -> None:
        super().__init__()
        self._context, self._changed, self._names = context, changed, names
        columns = (
            Column("light", "", 40, kind="light"),
            Column("holder", _("Whose promise"), stretch=2, kind="strong", sort=True),
            Column("item", _("Item"), stretch=3, sort=True),
            Column("finding", _("What the check found"), stretch=4),
            Column("number", _("Case number"), 104, sort=by("case_no")),
            Column("agency", _("Agency"), stretch=2, sort=True),
            Column("decision", _("Revoked by"), stretch=2),
            Column("at", _("Found on"), 104, sort=by("found_at")),
        )
        empty = (
            "circle-check",
            _("No broken promises"),
            _("Promises in place of proofs that did not hold when they were checked appear here."),
        )
        acts = [Act(_("Repair"), "circle-check", self.ask_repair, lambda row: row.mine)]
        self.ledger = Ledger(
            context, "acceptance.credit", columns, empty, self._cells, self._beside, acts, _("Broken promises"),
            (heads_of_credit, cells_of_credit),
        )  # fmt: skip
        self.which = Segmented([("open", _("Not repaired")), ("all", _("All"))], "open")
        self.which.changed.connect(lambda _which: self.load())
        self.ledger.bar.addWidget(self.which)
        self.ledger.bar.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.ledger)

    def load(self, wanted: int | None = None) -> None:
        """Ask for the rows."""
        self.ledger.ask("acceptance.credit_records", {"open_only": self.which.current() == "open"}, wanted)

    def _cells(self, row: Any) -> dict[str, Any]:
        return {
            "light": "done" if row.repaired_at else "overdue", "holder": row.holder, "item": row.item_name,
            "finding": row.finding, "number": row.short_no, "agency": self._names.short(row.agency_name),
            "decision": row.decision or "—", "at": day(row.found_at),
        }  # fmt: skip

    @staticmethod
    def _beside(row: Any) -> Shown:
        steps = [Step(_("The promise does not hold"), row.found_by, stamp(row.found_at), state="done")]
        if row.decided_on:
            steps.append(Step(_("Grant revoked"), row.decision, row.decided_on.isoformat(), state="done"))
        if row.repaired_at:
            steps.append(Step(_("Repaired"), row.repaired_by, stamp(row.repaired_at), state="done"))
        tag = TagSpec(_("repaired"), "grey") if row.repaired_at else TagSpec(_("no further promise"), "red")
        said = [row.finding, *([_("Repaired: {text}", text=row.repair)] if row.repair else [])]
        return Shown(
            row.holder, tag,
            [
                (_("Credit code"), row.code), (_("Case number"), row.case_no), (_("Item"), row.item_name),
                (_("Agency"), row.agency_name), (_("What was promised"), row.promised),
                (_("In place of"), "、".join(row.replaced)),
            ],
            "\n".join(said), steps,
        )  # fmt: skip

    def ask_repair(self, row: Any) -> ActDialog:
        """Decide that the record no longer bars its applicant."""

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            self._context.run(
                "acceptance.repair_credit", {"credit_id": row.id, **values}, done=finished, failed=refused
            )

        fields = [FormField("reason", _("Why it no longer counts"), kind="area", required=True, span=2)]
        facts = [
            (_("Whose promise"), row.holder),
            (_("What the check found"), row.finding),
            (_("Revoked by"), row.decision or "—"),
        ]
        return ActDialog(
            _("Repair this record?"), _("Promises of this applicant are taken again; the record stays in the list."),
            primary=_("Repair"), fields=fields, facts=facts, act=act, done=lambda _row: self._changed(),
        ).over(self)  # fmt: skip


def barred_text(broken: Any) -> str:
    """Why no promise is taken of an applicant."""
    return _(
        "{agency} found on {day} that an earlier promise did not hold. Until that is repaired the proofs themselves are needed.",
        agency=broken.agency_name,
        day=day(broken.at),
    )


def tell_barred(owner: QWidget, case: Any, broken: Any) -> Dialog:
    """Say why no promise is taken, in place of asking for one."""
    dialog = Dialog(
        _("No promise is taken of this applicant"),
        f"{case.row.short_no}　{case.row.item_name}\n{barred_text(broken)}",
        primary=_("Close"),
    )
    dialog.cancel_button.hide()
    dialog.open_in(owner.window())
    return dialog


class CreditNote(NotePlace):
    """Where the intake warns of an applicant of whom no promise is taken, for items that allow one."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._asked: tuple[tuple[str, str] | None, str] = (None, "")

    def ask(self, identity: tuple[str, str] | None, item: str) -> None:
        """Ask about whoever applies for an item; nobody, or nothing, takes the warning away."""
        self.put(None)
        self._asked = identity, item
        if identity is None or not item:
            return

        def came(broken: Any) -> None:
            if self._asked == (identity, item) and broken is not None:
                self.put(WarnNote(_("No promise is taken of this applicant"), barred_text(broken)))

        request = {"item": item, "code_kind": identity[0], "code": identity[1]}
        self._context.query(
            "acceptance.broken_promise", request, done=came, failed=lambda _error: self.put(None)
        )
