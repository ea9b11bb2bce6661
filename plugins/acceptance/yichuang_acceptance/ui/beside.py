"""What stands beside the papers of a case: checks against registers, visits on site, how like cases ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import Column, DataTable, EmptyState, ListItem, PageContext, Scroller, Text, clear_layout
from yichuang_acceptance.hooks import PAGES
from yichuang_acceptance.ui.case_texts import count_text, day, stamp
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
FACT_LIGHTS = {"ok": "done", "warn": "warning", "fail": "overdue", "unknown": "not_yet"}
OUTCOMES = {
    "pass": L("as declared"), "refuse": L("advised to refuse"), "return": L("returned"), "silent": L("no answer: consent"),
}  # fmt: skip


def fact_items(facts: Sequence[Any]) -> list[ListItem]:
    """The checks below the materials, under a heading of their own."""
    if not facts:
        return []
    entries = [
        ListItem(f"f{number}", fact.title, fact.detail, state=FACT_LIGHTS[fact.state])
        for number, fact in enumerate(facts)
    ]
    return [ListItem("facts", _("Data checks"), section=True), *entries]


def facts_count(facts: Sequence[Any]) -> str:
    """How many of the checks are in order: 4 / 4."""
    return f"{sum(fact.state == 'ok' for fact in facts)} / {len(facts)}"


class FactTable(DataTable):
    """Checks against registers, what is not in order first."""

    def __init__(self) -> None:
        super().__init__(
            (
                Column("light", "", 40, kind="light"),
                Column("title", _("What was checked"), stretch=2, kind="strong"),
                Column("detail", _("What was found"), stretch=3),
                Column("source", _("Source"), stretch=2, tone="t2"),
            ),
            footer=False,
        )
        self.set_empty("shield-check", _("Nothing is checked for this item"))

    def fill(self, facts: Sequence[Any]) -> None:
        """Show the checks."""
        worst = {"fail": 0, "warn": 1, "unknown": 2, "ok": 3}
        self.set_rows(
            [
                {"id": number, "light": FACT_LIGHTS[fact.state], "title": fact.title, "detail": fact.detail,
                 "source": fact.source}
                for number, fact in sorted(enumerate(facts), key=lambda each: worst[each[1].state])
            ]
        )  # fmt: skip


class AlikeTable(DataTable):
    """Decided cases of the same item, newest first; Enter opens one."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            (
                Column("number", _("Case number"), 96),
                Column("applicant", _("Applicant"), stretch=2, kind="strong"),
                Column("outcome", _("Result"), 84),
                Column("opinion", _("Opinion"), stretch=4),
                Column("days", _("Days"), 56, align="right"),
                Column("decider", _("Decided by"), 88, tone="t2"),
                Column("decided", _("Decided on"), 96, tone="t2"),
            )
        )
        self._context = context
        self.set_empty("files", _("No case of this item was decided yet"))
        self.set_keys([("Enter", _("Open"))])
        self.activated.connect(self._open)

    def fill(self, beside: Any) -> None:
        """Show the cases."""
        rows = [
            {"id": r.id, "number": r.short_no, "applicant": r.applicant, "outcome": r.outcome_name, "opinion": r.opinion,
             "days": "" if r.days is None else str(r.days), "decider": r.decider, "decided": day(r.decided_at)}
            for r in beside.alike
        ]  # fmt: skip
        self.set_rows(rows)
        self.set_total(alike_count(beside))

    def _open(self, row: dict[str, Any]) -> None:
        page = next((page for permission, page in PAGES if self._context.can(permission)), "")
        if page:
            self._context.navigate(page, case_id=row["id"])


def alike_count(beside: Any) -> str:
    """How many like cases there are."""
    return str(count_text(beside.alike_count))


class VisitList(Scroller):
    """Verifications on site: which officers found what."""

    def __init__(self) -> None:
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(20, 16, 20, 16)
        self._rows.setSpacing(6)
        super().__init__(inside)

    def fill(self, visits: Sequence[Any]) -> None:
        """Show the visits."""
        clear_layout(self._rows)
        if not visits:
            self._rows.addWidget(
                EmptyState(
                    "map-pin",
                    _("No visit yet"),
                    _("What officers find on site is listed here."),
                    framed=False,
                )
            )
            return
        for visit in visits:
            self._add(visit)
        self._rows.addStretch(1)

    def _add(self, visit: Any) -> None:
        when = stamp(visit.done_at) or _("since {when}", when=stamp(visit.opened_at))
        again = _("{name}, round {n}", name=visit.name, n=visit.round) if visit.round > 1 else visit.name
        self._rows.addWidget(Text(f"{again}　{when}", 14, strong=True))
        for point in visit.checked:
            self._rows.addWidget(Text(f"✓ {point}", 13, "t2", wrap=True))
        for said in visit.said:
            outcome = str(OUTCOMES.get(said.outcome, said.outcome))
            self._rows.addWidget(Text(f"{said.staff}　{stamp(said.at)}　{outcome}", 13, "t2"))
            self._rows.addWidget(Text(said.opinion, 14, wrap=True))
        if not visit.said:
            self._rows.addWidget(Text(_("Nobody has written anything yet."), 13, "t3"))
        self._rows.addSpacing(12)
