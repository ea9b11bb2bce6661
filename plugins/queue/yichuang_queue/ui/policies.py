"""The policies page: whose turn it is, as rules in order; tried on a past day, then switched on."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import (
    Button,
    Column,
    DataTable,
    Dialog,
    Field,
    InfoNote,
    LineEdit,
    ListItem,
    ListPane,
    NotePlace,
    PageContext,
    PageHeader,
    SidePane,
    Splitter,
    TagSpec,
    Text,
)
from yichuang_queue.rules.policy import Choice
from yichuang_queue.rules.tickets import PRIORITY_NAMES, Priority
from yichuang_queue.ui.policy_rule import ask_rule, rule_words
from yichuang_queue.words import words

_ = words.text
MINUTE = 60
BUILT_IN = "built-in"
PEOPLE = [priority for priority in Priority if priority is not Priority.NONE]


class PoliciesPage(QWidget):
    """Policies at the left, the chosen one in the middle, what it would have done yesterday at the right."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._rows: dict[str, Any] = {}
        self._default: dict[str, Any] = {}
        self._lines: dict[str, str] = {}
        self._rules: list[dict[str, Any]] = []
        self._shown: Any = None
        self._tried: dict[str, Any] | None = None
        self.header = PageHeader(_("Calling policies"))
        self.try_button = Button(_("Try on the last day"), icon="history", key="Ctrl+T")
        self.try_button.clicked.connect(self.try_it)
        self.switch = Button(_("Switch on"), kind="primary", icon="check", key="Ctrl+Enter")
        self.switch.clicked.connect(self._ask_switch)
        for button in (self.try_button, self.switch):
            self.header.add_action(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        splitter = Splitter("h", "queue.policies")
        for part, stretch in ((self._left(), 0), (self._middle(), 1), (self._right(), 0)):
            splitter.addWidget(part)
            splitter.setStretchFactor(splitter.count() - 1, stretch)
        splitter.setSizes([280, 620, 380])
        column.addWidget(splitter, 1)
        context.watch({"policy"}, self.load)
        self._gate()

    # ---- parts ----

    def _left(self) -> QWidget:
        self.list = ListPane(search=False, row_height=52)
        self.list.selected.connect(self.show_policy)
        return self.list

    def _middle(self) -> QWidget:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        self.note = NotePlace()
        column.addLayout(self.note)
        self.name = LineEdit(_("Such as: Thursday's market day"))
        self.desks = LineEdit(_("All desks; or A01 A02 …"))
        head = QHBoxLayout()
        head.addWidget(Field(_("Name"), self.name, required=True), 2)
        head.addWidget(Field(_("Desks"), self.desks), 3)
        column.addLayout(head)
        self.credits = {priority: LineEdit("0") for priority in PEOPLE}
        credits_ = QHBoxLayout()
        for priority, edit in self.credits.items():
            label = _("{people}, minutes in advance", people=PRIORITY_NAMES[priority])
            credits_.addWidget(Field(label, edit), 1)
        column.addLayout(credits_)
        for edit in (self.name, self.desks, *self.credits.values()):
            edit.textEdited.connect(lambda _text: self._edited())
        column.addLayout(self._rule_head())
        self.table = DataTable(
            (Column("n", "", 36, kind="number"), Column("rule", _("Rule"), stretch=1, kind="strong"),
             Column("lines", _("Lines"), stretch=1)), 38,
        )  # fmt: skip
        self.table.set_empty("list-ordered", _("No rules"), _("Then whoever has waited longest is called."))
        self.table.set_keys([("Enter", _("Change")), ("Alt+Up", _("Earlier")), ("Alt+Down", _("Later"))])
        self.table.activated.connect(lambda row: self._change(row["id"]))
        column.addWidget(self.table, 1)
        return middle

    def _rule_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Text(_("Rules, the first that finds somebody decides"), 14, strong=True))
        row.addStretch(1)
        acts = (
            (_("Add"), "plus", None, self._add), (_("Earlier"), "arrow-up", "Alt+Up", lambda: self._move(-1)),
            (_("Later"), "arrow-down", "Alt+Down", lambda: self._move(1)), (_("Remove"), "trash-2", None, self._remove),
        )  # fmt: skip
        for text, icon, key, act in acts:
            button = Button(text, icon=icon, key=key, size="compact")
            button.clicked.connect(act)
            row.addWidget(button)
        return row

    def _right(self) -> QWidget:
        pane = SidePane("right", 380)
        self.tried_title = Text(_("Tried on a past day"), 14, strong=True)
        pane.add(self.tried_title)
        self.explain = InfoNote(
            _("Nothing was tried yet"),
            _(
                "The same people, desks and service times are called by the rules above; only the order changes."
            ),
        )
        pane.add(self.explain)
        self.compared = DataTable(
            (Column("name", "", stretch=1, kind="strong"), Column("people", _("People"), 52, kind="number"),
             Column("mean", _("Mean wait"), 92, kind="number"), Column("longest", _("Longest"), 92, kind="number")),
            32, footer=False,
        )  # fmt: skip
        self.never = Text("", 12, "amb", wrap=True)
        self.never.setVisible(False)
        pane.add(self.never)
        pane.add(self.compared, 1)
        return pane

    # ---- loading ----

    def load(self) -> None:
        """Ask for the policies and the lines."""
        self._context.query("queue.lines", done=self._lines_came, failed=self.note.say)
        self._context.query("queue.default_policy", done=self._default_came, failed=self.note.say)

    def _lines_came(self, lines: list[Any]) -> None:
        self._lines = {line.code: line.name for line in lines}

    def _default_came(self, data: dict[str, Any]) -> None:
        self._default = data
        self._context.query("queue.policies", done=self._policies_came, failed=self.note.say)

    def _policies_came(self, rows: list[Any]) -> None:
        self._rows = {str(row.id): row for row in rows}
        hall_wide = any(row.active and not row.desks for row in rows)
        tag = TagSpec(_("in force"), "green")
        built_in = ListItem(BUILT_IN, _("Built-in policy"), _("All desks"), tag=None if hall_wide else tag)
        items = [
            ListItem(
                str(row.id), row.name, "、".join(row.desks) or _("All desks"), tag=tag if row.active else None
            )
            for row in rows
        ]
        self.list.set_items([*items, built_in])
        if self._shown is None:
            first = next((str(row.id) for row in rows if row.active), BUILT_IN)
            self.list.select(first)
            self.show_policy(first)

    def show_policy(self, policy_id: str) -> None:
        """Show a policy; changing it makes a new one."""
        row = self._rows.get(policy_id)
        self._shown = policy_id
        data = row.data if row is not None else self._default
        self.name.setText(row.name if row is not None else "")
        self.desks.setText(" ".join(row.desks) if row is not None else "")
        for priority, edit in self.credits.items():
            edit.setText(str(data.get("credits", {}).get(str(priority), 0)))
        self._rules = [dict(rule) for rule in data.get("rules", [])]
        self._tried = None
        self._draw_rules()

    def _draw_rules(self, current: int | None = None) -> None:
        self.table.set_rows(
            [
                {"id": n, "n": n + 1, "rule": rule_words(rule), "lines": self._line_names(rule)}
                for n, rule in enumerate(self._rules)
            ]
        )
        if current is not None and self._rules:
            self.table.select(current)
        self._gate()

    def _line_names(self, rule: dict[str, Any]) -> str:
        if rule["choose"] == Choice.WEIGHTED:
            return "、".join(f"{self._lines.get(c, c)} × {w:g}" for c, w in rule.get("weights", {}).items())
        return "、".join(self._lines.get(code, code) for code in rule.get("lines", ())) or _("own lines")

    # ---- changing ----

    def _edited(self) -> None:
        self._tried = None
        self._gate()

    def _current(self) -> int | None:
        row = self.table.current_row()
        return None if row is None else int(row["id"])

    def _add(self) -> None:
        def decided(rule: dict[str, Any]) -> None:
            self._rules.append(rule)
            self._changed(len(self._rules) - 1)

        ask_rule(self, self._lines, None, decided)

    def _change(self, at: int) -> None:
        def decided(rule: dict[str, Any]) -> None:
            self._rules[at] = rule
            self._changed(at)

        ask_rule(self, self._lines, self._rules[at], decided)

    def _move(self, by: int) -> None:
        at = self._current()
        if at is not None and 0 <= at + by < len(self._rules):
            self._rules.insert(at + by, self._rules.pop(at))
            self._changed(at + by)

    def _remove(self) -> None:
        at = self._current()
        if at is not None:
            del self._rules[at]
            self._changed(max(0, at - 1))

    def _changed(self, current: int) -> None:
        self._tried = None
        self._draw_rules(current)

    def data(self) -> dict[str, Any]:
        """The policy as it is written in the form; the credits of a group's are not its own."""
        credits_ = {
            str(p): int(edit.text() or 0)
            for p, edit in self.credits.items()
            if (edit.text() or "0").isdigit() and not self._desks()
        }
        return {"credits": credits_, "rules": self._rules}

    def _desks(self) -> list[str]:
        return sorted(set(self.desks.text().replace("、", " ").replace(",", " ").split()))

    # ---- trying and switching on ----

    def _gate(self) -> None:
        group = bool(self._desks())
        for edit in self.credits.values():
            edit.setEnabled(not group)
            edit.setToolTip(
                _("Credits order the lines, which all desks share: set them in a policy of all desks.")
                if group
                else ""
            )
        name = "" if self.name.text().strip() else _("Give the policy a name.")
        tried = "" if self._tried is not None else _("Try it on a past day first.")
        self.switch.set_reason(name or tried)

    def _wanted(self) -> dict[str, Any]:
        return {"desks": self._desks(), "data": self.data()}

    def try_it(self) -> None:
        """Play the last day again with the rules in the form."""
        wanted = self._wanted()
        self.try_button.set_busy(True)

        def came(preview: Any) -> None:
            self.try_button.set_busy(False)
            self.note.say(None)
            self._tried = wanted
            self.tried_title.setText(_("Tried on {day}, {n} people", day=preview.day, n=preview.people))
            self.explain.setVisible(False)
            self._show_never(preview)
            self.compared.set_rows([_compared_row(each) for each in preview.compared])
            self._gate()

        def failed(error: UserError) -> None:
            self.try_button.set_busy(False)
            if error.code == "NO_LOG":  # a new hall has no day yet; it may switch a policy on all the same
                self._tried = wanted
                self._gate()
            self.note.say(error)

        self._context.query("queue.preview_policy", wanted, done=came, failed=failed)

    def _show_never(self, preview: Any) -> None:
        """Whoever is not called before the day ends has no wait that a mean could show."""
        lines = [each for each in preview.compared if each.kind == "line"]
        now, then = (sum(getattr(each, side).never for each in lines) for side in ("now", "then"))
        self.never.setVisible(then > 0)
        self.never.setText(_("Not called before the day ends: {now} → {then} people", now=now, then=then))

    def _ask_switch(self) -> None:
        desks = "、".join(self._desks()) or _("All desks")
        Dialog.ask(
            self, _("Switch policy {name} on?", name=self.name.text().strip()),
            _("It decides from the next call on, at: {desks}. The one before stays in the list.", desks=desks),
            primary=_("Switch on"), done=lambda yes: self._switch_on() if yes else None,
        )  # fmt: skip

    def _switch_on(self) -> None:
        request = {"name": self.name.text().strip(), **self._wanted()}

        def drafted(row: Any) -> None:
            self._context.run(
                "queue.activate_policy", {"policy_id": row.id}, done=self._switched, failed=self.note.say
            )

        self._context.run("queue.draft_policy", request, done=drafted, failed=self.note.say)

    def _switched(self, row: Any) -> None:
        def undo() -> None:
            self._context.run(
                "queue.retire_policy", {"policy_id": row.id}, done=self._show_anew, failed=self.note.say
            )

        self._context.notify(_("Policy {name} is in force", name=row.name), "success", undo)
        self._show_anew(row)

    def _show_anew(self, _row: Any) -> None:
        """Show whatever is in force now."""
        self._shown = None
        self.load()


def _compared_row(each: Any) -> dict[str, Any]:
    return {
        "id": f"{each.kind}.{each.code}", "name": each.name, "people": each.now.people,
        "mean": _change_words(each.now.mean, each.then.mean), "longest": _change_words(each.now.longest, each.then.longest),
    }  # fmt: skip


def _change_words(now: float, then: float) -> str:
    return f"{now / MINUTE:.0f} → {then / MINUTE:.0f} {_('min')}"


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return PoliciesPage(context)
