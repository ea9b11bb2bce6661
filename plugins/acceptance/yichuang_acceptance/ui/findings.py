"""Findings of supervision: the list that waits for a second person, and the dialog in which one is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import Column, FormField, PageContext, Segmented, Step, TagSpec
from yichuang_acceptance.operations.alerts import RULES
from yichuang_acceptance.rules.findings import FINDABLE, REFUSED_LAWFUL
from yichuang_acceptance.ui.agency_names import AgencyNames
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
STATES = {
    "proposed": (L("waits for a second person"), "amber", "warning"), "confirmed": (L("confirmed"), "red", "overdue"),
    "dismissed": (L("dismissed"), "grey", "done"),
}  # fmt: skip


class Findings(QWidget):
    """Findings, newest first. `changed` is called after something was done; `names` says what the list calls the agencies."""

    def __init__(self, context: PageContext, changed: Callable[[], None], names: AgencyNames) -> None:
        super().__init__()
        self._context, self._changed, self._names = context, changed, names
        columns = (
            Column("light", "", 40, kind="light"),
            Column("rule", _("Rule"), stretch=2, kind="strong", sort=True),
            Column("facts", _("Facts"), stretch=4),
            Column("number", _("Case number"), 104, sort=by("case_no")),
            Column("agency", _("Agency"), stretch=2, sort=True),
            Column("staff", _("Responsible"), 80, sort=True),
            Column("by", _("Found by"), 80, sort=True),
            Column("at", _("Entered"), 104, sort=by("at")),
        )
        empty = ("activity", _("No findings"), _("What supervisors find and no machine sees appears here."))
        acts = [
            Act(_("Confirm"), "circle-check", self.ask_confirm, lambda row: row.mine, primary=True),
            Act(_("Dismiss"), "circle-x", self.ask_dismiss, lambda row: row.mine),
        ]
        self.ledger = Ledger(
            context, "acceptance.findings", columns, empty, self._cells, self._beside, acts, _("Findings")
        )
        self.which = Segmented([("open", _("Not looked at")), ("all", _("All"))], "open")
        self.which.changed.connect(lambda _which: self.load())
        self.ledger.bar.addWidget(self.which)
        self.search = self.ledger.search_by(_("Number, item, facts, people"), self.load)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.ledger)

    def load(self, wanted: int | None = None) -> None:
        """Ask for the rows."""
        request = {"open_only": self.which.current() == "open", "text": self.search.value()[:60]}
        self.ledger.ask("acceptance.findings", request, wanted)

    def _cells(self, row: Any) -> dict[str, Any]:
        return {
            "light": STATES[row.state][2], "rule": f"{row.rule} {row.text}", "facts": row.facts, "number": row.short_no,
            "agency": self._names.short(row.agency_name), "staff": row.staff or "—", "by": row.found_by, "at": stamp(row.at),
        }  # fmt: skip

    @staticmethod
    def _beside(row: Any) -> Shown:
        name, tone, _light = STATES[row.state]
        steps = [Step(_("Found"), row.found_by, stamp(row.at), state="done")]
        if row.looked_at:
            steps.append(Step(str(name), row.looked_by, stamp(row.looked_at), state="done"))
        said = [row.facts, _("Evidence: {text}", text=row.evidence)]
        return Shown(
            f"{row.rule} {row.text}", TagSpec(str(name), tone),
            [
                (_("Number"), row.case_no), (_("Item"), row.item_name), (_("Agency"), row.agency_name),
                (_("Responsible"), row.staff),
            ],
            "\n".join([*said, *([_("Remark: {text}", text=row.remark)] if row.remark else [])]), steps,
        )  # fmt: skip

    def ask_confirm(self, row: Any) -> ActDialog:
        """Agree: the violation is notified."""
        body = _("{rule}: it is notified to {agency}, which answers within two working days.",
                 rule=row.text, agency=row.agency_name)  # fmt: skip
        return self._ask(row, "confirm_finding", _("Confirm this finding?"), body, _("Confirm"), "danger")

    def ask_dismiss(self, row: Any) -> ActDialog:
        """Disagree: nothing follows."""
        body = _("{rule}: it stays on record and leads to nothing.", rule=row.text)
        return self._ask(row, "dismiss_finding", _("Dismiss this finding?"), body, _("Dismiss"), "primary")

    def _ask(self, row: Any, name: str, title: str, body: str, primary: str, kind: str) -> ActDialog:
        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            self._context.run(
                f"acceptance.{name}", {"finding_id": row.id, **values}, done=finished, failed=refused
            )

        fields = [FormField("remark", _("Why"), kind="area", required=True, span=2)]
        facts = [(_("Facts"), row.facts), (_("Evidence"), row.evidence)]
        return ActDialog(
            title, body, primary=primary, kind=kind, fields=fields, facts=facts, act=act,
            done=lambda _row: self._changed(),
        ).over(self)  # fmt: skip


def ask_finding(
    owner: QWidget, context: PageContext, agencies: list[tuple[str, str]], done: Callable[[], None], *,
    complaint: Any = None, rule: str = REFUSED_LAWFUL,
) -> ActDialog:  # fmt: skip
    """Write down what was found; from a complaint the case is known already."""
    rules = [(each, f"{each} {RULES[each]}") for each in FINDABLE]
    fields = [FormField("rule", _("Rule"), kind="choice", choices=rules, value=rule, required=True, span=2)]
    if complaint is None:
        fields += [
            FormField("case_no", _("Case number"), hint=_("Empty where there is no case")),
            FormField(
                "agency", _("Agency, where there is no case"), kind="choice", choices=[("", "—"), *agencies]
            ),
            FormField("item_name", _("Item, where there is no case")),
        ]
    fields += [
        FormField("staff", _("Responsible person"), hint=_("By default whoever accepted or decided")),
        FormField("facts", _("Facts"), kind="area", required=True, span=2),
        FormField("evidence", _("Evidence, and where it lies"), kind="area", required=True, span=2),
    ]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = values if complaint is None else {**values, "complaint_id": complaint.id}
        context.run("acceptance.record_finding", request, done=finished, failed=refused)

    def recorded(row: Any) -> None:
        context.status(_("{number} was recorded; another supervisor looks at it", number=row.short_no))
        done()

    body = complaint.content if complaint is not None else _("It counts when another supervisor agrees.")
    return ActDialog(
        _("Record a finding?"), body, primary=_("Record"), fields=fields, act=act, done=recorded
    ).over(owner)  # fmt: skip
