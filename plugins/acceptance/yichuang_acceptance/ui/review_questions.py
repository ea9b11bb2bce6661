"""The questions of a review: to which node it goes back, to whom a task goes, what another agency is asked, like cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import Dialog, FormField, PageContext, ProgressBar, Scroller, Text, clear_layout
from yichuang.api.ui import KeyValue as Results
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.words import words

_ = words.text
Done = Callable[[Any], None]
Values = dict[str, Any]
RESULTS_HEIGHT = 160


def _ask(
    owner: QWidget, context: PageContext, task: Any, name: str, title: str, primary: str, fields: list[FormField], done: Done,
    request: Callable[[Values], Values] = lambda values: values,
) -> ActDialog:  # fmt: skip
    """A dialog that runs one operation on the version of the task that is on the screen."""

    def act(values: Values, refused: Any, finished: Any) -> None:
        asked = {"task_id": task.id, "row_version": task.row_version, **request(values)}
        context.run(f"acceptance.{name}", asked, done=finished, failed=refused)

    body = f"{task.short_no}　{task.item_name}　{task.name}"
    dialog = ActDialog(title, body, primary=primary, fields=fields, act=act, done=done)
    return dialog.over(owner)


def ask_return(owner: QWidget, context: PageContext, detail: Any, opinion: str, done: Done) -> ActDialog:
    """Send a case back to an earlier node."""
    nodes = [(each.node, each.name) for each in detail.returns]
    fields = [
        FormField(
            "return_to", _("Back to"), kind="choice", choices=nodes, value=nodes[-1][0], required=True, span=2
        ),
        FormField(
            "opinion",
            _("Why, as the colleague there reads it"),
            kind="area",
            required=True,
            span=2,
            value=opinion,
        ),
    ]
    return _ask(
        owner, context, detail.row, "give_opinion", _("Send this case back?"), _("Return"), fields, done,
        lambda values: {"outcome": "return", **values},
    )  # fmt: skip


def ask_transfer(
    owner: QWidget, context: PageContext, task: Any, people: Sequence[Any], assigns: bool, done: Done
) -> ActDialog:
    """Pass a task on to a colleague, or give it to one as head of section."""
    own = context.actor.staff_id
    found = [(str(each.id), f"{each.name}　{each.post}".strip()) for each in people if each.id != own]
    if not assigns and task.assignee:
        found.insert(0, ("", _("Nobody in particular")))
    fields = [
        FormField(
            "staff_id",
            _("Colleague"),
            kind="choice",
            choices=found,
            required=bool(task.mine is False),
            span=2,
        )
    ]
    if not assigns:
        fields.append(FormField("reason", _("Reason"), required=True, span=2))

    def request(values: Values) -> Values:
        return {**values, "staff_id": int(values["staff_id"]) if values["staff_id"] else None}

    name, title, primary = (
        ("assign", _("Give this task to whom?"), _("Assign")) if assigns
        else ("transfer", _("Pass this task on?"), _("Pass on"))
    )  # fmt: skip
    return _ask(owner, context, task, name, title, primary, fields, done, request)


def ask_consultation(
    owner: QWidget, context: PageContext, task: Any, agencies: Sequence[Any], done: Done
) -> ActDialog:
    """Put a question to another agency."""
    found = [(each.code, each.short_name) for each in agencies if each.code != context.actor.agency]
    fields = [
        FormField("agency", _("Agency"), kind="choice", choices=found, required=True),
        FormField("days", _("Working days to answer"), kind="choice", choices=[("2", "2"), ("3", "3"), ("5", "5"), ("10", "10")],
                  value="3", hint=_("No answer by then counts as consent")),
        FormField("question", _("What is asked"), kind="area", required=True, span=2),
    ]  # fmt: skip
    return _ask(
        owner, context, task, "consult", _("Ask another agency?"), _("Ask"), fields, done,
        lambda values: {**values, "days": int(values["days"])},
    )  # fmt: skip


def ask_absence(owner: QWidget, context: PageContext, people: Sequence[Any], done: Done) -> ActDialog:
    """Enter one's absence: who stands in, and on which days."""
    found = [(str(each.id), each.name) for each in people if each.id != context.actor.staff_id]
    today = context.now().date()
    fields = [
        FormField("deputy_id", _("Who stands in"), kind="choice", choices=found, required=True, span=2),
        FormField("first_day", _("From"), kind="date", required=True, value=today),
        FormField("last_day", _("To"), kind="date", required=True, value=today),
    ]

    def act(values: Values, refused: Any, finished: Any) -> None:
        asked = {
            "deputy_id": int(values["deputy_id"]), "first_day": values["first_day"].isoformat(),
            "last_day": values["last_day"].isoformat(),
        }  # fmt: skip
        context.run("acceptance.set_absence", asked, done=finished, failed=refused)

    body = _(
        "On these days your tasks also stand in the colleague's list; opinions there bear the colleague's name."
    )
    dialog = ActDialog(
        _("Let a colleague stand in?"), body, primary=_("Enter"), fields=fields, act=act, done=done
    )
    return dialog.over(owner)


class BatchDialog(Dialog):
    """Passes like tasks (same item, same node) one after the other, and says of each what came of it.

    Args:
        rows: The tasks.
        points: Review points of the node, that hold for every one of them.
        done: Called when the dialog is left after something was done.
    """

    def __init__(
        self,
        context: PageContext,
        rows: Sequence[Any],
        points: Sequence[str],
        opinion: str,
        done: Callable[[], None],
    ) -> None:
        count = _("{n} cases: {item}, {node}", n=len(rows), item=rows[0].item_name, node=rows[0].name)
        fields = [FormField("opinion", _("Opinion"), kind="area", required=True, span=2, value=opinion)]
        if points:
            asked = _("Examined in each of them: {points}", points="、".join(points))
            fields.append(FormField("examined", _("Review points"), kind="check", placeholder=asked, span=2))
        super().__init__(
            _("Pass all these cases?"),
            count,
            primary=_("Pass {n} cases", n=len(rows)),
            fields=fields,
            wide=True,
        )
        self._context, self._rows, self._points, self._after = context, list(rows), list(points), done
        self._running = self._ended = False
        self.bar = ProgressBar(0, len(rows))
        self.bar.hide()
        self.results = Results(label_width=96)
        self._said: list[tuple[str, ...]] = []
        self._scroller = Scroller(self.results)
        self._scroller.setFixedHeight(RESULTS_HEIGHT)
        self._scroller.hide()
        self.body.addWidget(self.bar)
        self.body.addWidget(self._scroller)

    def accept(self) -> None:
        """Check, then pass one after the other; afterwards close."""
        if self._ended:
            self._leave()
            return
        if self._running or self.form is None or not self.form.validate():
            self.center()
            return
        values = self.form.values()
        if self._points and not values.get("examined"):
            self.set_error(_("Confirm that the review points were examined in each case."))
            return
        self._running = True
        self.set_error("")
        self.set_busy(True)
        for part in (self.bar, self._scroller):
            part.show()
        self.center()
        said = {"outcome": "pass", "opinion": values["opinion"], "checked": self._points}
        requests = [{"task_id": row.id, "row_version": row.row_version, **said} for row in self._rows]
        self._context.batch("acceptance.give_opinion", requests, each=self._came, done=self._end)

    def reject(self) -> None:
        """Leave; not while cases are being passed."""
        if self._ended:
            self._leave()
        elif not self._running:
            super().reject()

    def _came(self, index: int, outcome: Any) -> None:
        wrong = isinstance(outcome, UserError)
        text = in_language(outcome.sentence) if wrong else _("passed")
        self._said.append((self._rows[index].short_no, text, "red" if wrong else "green"))
        self.results.set_pairs(self._said)
        self.bar.set(index + 1)

    def _end(self, _outcomes: Any) -> None:
        self._running, self._ended = False, True
        self.set_busy(False)
        wrong = sum(tone == "red" for *_rest, tone in self._said)
        self.bar.set(len(self._said), tone="red" if wrong else "green")
        self.primary_button.setText(_("Close"))
        self.cancel_button.hide()
        if wrong:
            self.set_error(
                _("{n} of {all} cases were not passed; the list says why.", n=wrong, all=len(self._rows))
            )

    def _leave(self) -> None:
        super().reject()
        self._after()


def ask_batch(
    owner: QWidget,
    context: PageContext,
    rows: Sequence[Any],
    points: Sequence[str],
    opinion: str,
    done: Callable[[], None],
) -> BatchDialog:
    """Ask whether like cases are passed in one."""
    dialog = BatchDialog(context, rows, points, opinion, done)
    dialog.open_in(owner.window())
    return dialog


class AbsencesDialog(Dialog):
    """Who of the agency stands in for whom; one's own can be taken back."""

    def __init__(self, context: PageContext, rows: Sequence[Any], enter: Callable[[], None]) -> None:
        super().__init__(
            _("Who stands in for whom"), primary=_("Let a colleague stand in…"), cancel=_("Close"), wide=True
        )
        self._context, self._enter = context, enter
        self._show(rows)

    def _show(self, rows: Sequence[Any]) -> None:
        from yichuang.api.ui import Button

        clear_layout(self.body)
        if not rows:
            self.body.addWidget(Text(_("Nobody is absent in the days to come."), 13, "t2"))
        for row in rows:
            text = _("{absent} → {deputy}　{first} to {last}", absent=row.staff, deputy=row.deputy, first=row.first_day,
                     last=row.last_day)  # fmt: skip
            self.body.addWidget(Text(text, 13))
            if row.staff_id == self._context.actor.staff_id or self._context.can("acceptance.assign"):
                button = Button(_("Take back"), kind="link")
                button.clicked.connect(lambda _checked=False, key=row.id: self._end(key))
                self.body.addWidget(button)

    def _end(self, absence_id: int) -> None:
        def ended(_row: Any) -> None:
            self._context.query("acceptance.absences", {}, done=self._show)

        self._context.run(
            "acceptance.end_absence", {"absence_id": absence_id}, done=ended,
            failed=lambda error: self.set_error(in_language(error.sentence)),
        )  # fmt: skip

    def accept(self) -> None:
        """Enter another one."""
        super().reject()
        self._enter()
