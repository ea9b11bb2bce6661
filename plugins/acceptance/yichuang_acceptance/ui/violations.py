"""The list of electronic supervision: violations with their notices, what was said about them, and reminders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import Column, ComboBox, FormField, PageContext, Step, TagSpec
from yichuang_acceptance.operations.alerts import RULES
from yichuang_acceptance.ui.agency_names import AgencyNames
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.ui.documents import show_paper
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
STATES = {
    "notified": (L("to answer"), "amber"), "answered": (L("answered"), "teal"), "ordered": (L("ordered to be mended"), "red"),
    "closed": (L("closed"), "grey"), "": (L("reminder"), "grey"),
}  # fmt: skip
STEPS = {
    "feedback": L("Feedback"),
    "appeal": L("Appeal"),
    "order": L("Supervision order"),
    "close": L("Closed"),
}
OUTCOMES = {"mended": L("mended"), "excused": L("no violation after all")}
EMPTY = {
    "open": (L("No notices to answer"), L("Violations of limits appear here by themselves.")),
    "answered": (L("No answers to look at"), L("What agencies say to violations appears here.")),
    "ordered": (L("Nothing is ordered"), L("Violations that were ordered to be mended appear here.")),
    "closed": (L("Nothing closed yet"), L("Violations that were settled appear here.")),
    "reminders": (L("No reminders"), L("What comes due soon, and cases that are urged, appear here.")),
}


class Violations(QWidget):
    """Violations or reminders of one kind.

    Args:
        kind: open, answered, ordered, closed or reminders.
        changed: Called after something was done.
        names: What the list calls the agencies.
    """

    def __init__(
        self, context: PageContext, kind: str, changed: Callable[[], None], names: AgencyNames
    ) -> None:
        super().__init__()
        self._context, self._kind, self._changed, self._names = context, kind, changed, names
        columns = (
            Column("light", "", 40, kind="light"),
            Column("number", _("Case number"), 104, sort=by("case_no")),
            Column("item", _("Item"), stretch=3, kind="strong", sort=True),
            Column("agency", _("Agency"), stretch=2, sort=True),
            Column("rule", _("Rule"), stretch=3, sort=True),
            Column("staff", _("Handler"), 80, sort=True),
            Column("at", _("Since"), 104, sort=by("at")),
            *(
                []
                if kind in ("reminders", "closed")
                else [Column("due", _("Answer by"), 104, sort=by("due_at"))]
            ),
        )
        title, why = EMPTY[kind]
        self.ledger = Ledger(
            context, "acceptance.supervision", columns, ("activity", str(title), str(why)), self._cells, self._beside,
            self._acts(), _("Supervision of limits"),
        )  # fmt: skip
        self.rule = ComboBox(
            [("", _("All rules")), *((rule, f"{rule} {text}") for rule, text in _rules(kind))]
        )
        self.rule.changed.connect(lambda _rule: self.load())
        self.agency = ComboBox([("", _("All agencies"))])
        self.agency.changed.connect(lambda _code: self.load())
        self.ledger.bar.addWidget(self.rule)
        self.ledger.bar.addWidget(self.agency)
        self.ledger.bar.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.ledger)

    def _acts(self) -> list[Act]:
        oversees = self._context.can("acceptance.oversee")
        return [
            Act(_("Give feedback"), "message-square", self.ask_answer, lambda row: row.mine, primary=True),
            Act(
                _("Strike off"),
                "circle-check",
                self.ask_closing,
                lambda row: oversees and row.state == "answered",
                primary=True,
            ),
            Act(
                _("Order"),
                "bell",
                self.ask_order,
                lambda row: oversees and row.state in ("notified", "answered"),
                enter=True,
            ),
            Act(_("See the order"), "file-text", self.show_order, lambda row: bool(row.order_no)),
        ]

    # ---- what it shows ----

    def set_agencies(self, agencies: list[tuple[str, str]], *, whole_hall: bool) -> None:
        """The agencies to choose from; who sees only one has nothing to choose."""
        chosen = self.agency.value()
        self.agency.set_items([("", _("All agencies")), *agencies])
        self.agency.set_value(chosen)
        self.agency.setVisible(whole_hall)

    def load(self, wanted: int | None = None) -> None:
        """Ask for the rows; `wanted` is chosen then."""
        request = {
            "kind": self._kind,
            "rule": self.rule.value() or "",
            "agency": self.agency.value() or "",
        }
        self.ledger.ask("acceptance.supervision", request, wanted)

    def _cells(self, row: Any) -> dict[str, Any]:
        light = (
            "done"
            if row.state == "closed"
            else "overdue"
            if row.late or row.state == "ordered"
            else "warning"
        )
        return {
            "light": light, "number": row.short_no, "item": row.item_name, "agency": self._names.short(row.agency_name),
            "rule": f"{row.rule} {row.text}" if row.state else row.text, "staff": row.staff or "—", "at": stamp(row.at),
            "due": stamp(row.due_at),
        }  # fmt: skip

    @staticmethod
    def _beside(row: Any) -> Shown:
        name, tone = STATES[row.state]
        text = _("{state}, late", state=str(name)) if row.late else str(name)
        return Shown(
            f"{row.rule} {row.text}" if row.state else row.text, TagSpec(text, "red" if row.late else tone),
            [
                (_("Case"), row.case_no), (_("Item"), row.item_name), (_("Agency"), row.agency_name),
                (_("Handler"), row.staff), (_("Since"), stamp(row.at)), (_("Answer by"), stamp(row.due_at)),
                (_("Order"), row.order_no), (_("Conclusion"), str(OUTCOMES[row.outcome]) if row.outcome else ""),
            ],
            "\n".join(filter(None, [row.detail, *(f"{STEPS[s.kind]}：{s.text}" for s in row.steps)])),
            [Step(str(STEPS[s.kind]), s.staff, stamp(s.at), state="done") for s in row.steps],
        )  # fmt: skip

    # ---- what it does ----

    def ask_answer(self, row: Any) -> ActDialog:
        """Feedback or appeal, by whoever it concerns."""
        kinds = [("feedback", _("Feedback: what was done")), ("appeal", _("Appeal: it is no violation"))]
        fields = [
            FormField(
                "kind",
                _("Give feedback"),
                kind="segmented",
                choices=kinds,
                value="feedback",
                required=True,
                span=2,
            ),
            FormField("text", _("What supervision should know"), kind="area", required=True, span=2),
        ]
        return self._ask(row, "answer_notice", _("Answer this notice?"), _("Give feedback"), fields)

    def ask_order(self, row: Any) -> ActDialog:
        """A supervision order."""
        fields = [FormField("text", _("What is to be mended"), kind="area", required=True, span=2)]
        return self._ask(row, "order_notice", _("Give a supervision order?"), _("Give the order"), fields)

    def show_order(self, row: Any) -> None:
        """The paper of the last order; what it lacks is made now."""

        def found(paper: Any) -> None:
            if paper.document:
                show_paper(self._context, self, paper)
            else:
                self._context.run(
                    "acceptance.render",
                    _papers_of(row),
                    done=lambda _papers: show_paper(self._context, self, paper),
                )

        self._context.query("acceptance.order_paper", {"alert_id": row.id}, done=found)

    def ask_closing(self, row: Any) -> ActDialog:
        """The end of a violation."""
        outcomes = [(key, str(text)) for key, text in OUTCOMES.items()]
        fields = [
            FormField(
                "outcome",
                _("Conclusion"),
                kind="segmented",
                choices=outcomes,
                value="mended",
                required=True,
                span=2,
            ),
            FormField("text", _("Remark"), kind="area", required=True, span=2),
        ]
        return self._ask(row, "close_notice", _("Close this violation?"), _("Strike off"), fields)

    def _ask(self, row: Any, name: str, title: str, primary: str, fields: list[FormField]) -> ActDialog:
        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            self._context.run(
                f"acceptance.{name}", {"alert_id": row.id, **values}, done=finished, failed=refused
            )

        def done(after: Any) -> None:
            self._context.status(_("{number} is done", number=after.short_no))
            if name == "order_notice":
                self._context.run("acceptance.render", _papers_of(after), failed=lambda _error: None)
            self._changed()

        body = _("{number} {item}: {rule}", number=row.short_no, item=row.item_name, rule=row.text)
        return ActDialog(title, body, primary=primary, fields=fields, act=act, done=done).over(self)


def _papers_of(row: Any) -> dict[str, int]:
    """Where the order on a violation lies: with the papers of its case, or by itself."""
    return {"alert_id": row.id} if row.case_id is None else {"case_id": row.case_id}


def _rules(kind: str) -> list[tuple[str, str]]:
    return [
        (rule, str(text))
        for rule, text in sorted(RULES.items())
        if rule.startswith("V") == (kind != "reminders")
    ]
