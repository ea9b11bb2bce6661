"""Working on tasks of reviews at the workbench: shows the form of a task, acts, and says what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import ListItem, PageContext
from yichuang_acceptance.rules.machine import State, state_name
from yichuang_acceptance.ui import review_questions as ask
from yichuang_acceptance.ui.case_texts import TONES, light_of
from yichuang_acceptance.ui.review_form import ReviewForm
from yichuang_acceptance.ui.sending_up import ask_sending
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy


def task_item(row: Any) -> ListItem:
    """A task as the two-line lists show it: its node first, for that is what is to be done."""
    second = f"{row.item_name}　{row.applicant}"
    return ListItem(
        f"t{row.id}", row.name, second, right=row.time_left if row.state == "open" else _("done"),
        right_second=row.short_no, state=light_of(row), tone=TONES.get(row.light, ""),
    )  # fmt: skip


def case_of(detail: Any) -> Any:
    """What stands for the case of a task that another agency asks: that which the task shows of it, and no more."""
    row = detail.row
    shown = SimpleNamespace(
        id=f"task:{row.id}", case_no=row.case_no, short_no=row.short_no, item=row.item, item_name=row.item_name, item_kind="",
        state="review", state_name=str(state_name(State.REVIEW)), light=row.light, time_left=row.time_left, used=row.used,
        due_at=row.due_at, applicant=row.applicant, acceptor="", row_version=row.row_version,
    )  # fmt: skip
    return SimpleNamespace(
        row=shown, item_type="", materials=detail.materials, papers=[], form=detail.form, project=detail.project,
        applicant_masked=detail.applicant_masked, agent_name="", phone="", ticket="", tolerance_due=None, accepted_at=None,
        task_id=row.id, forwarded=None, renewal_due_at=None, first_contact="",
    )  # fmt: skip


class ReviewDesk(QObject):
    """The task in front and what can be done with it.

    Args:
        owner: The page, over which questions are asked.
        done: Called with a task after it was dealt with, or passed on: the next one may come.
        changed: Called with a task that stays in front but has changed.
        rows: Gives the tasks of the list in front, for a batch.
    """

    def __init__(
        self,
        context: PageContext,
        owner: QWidget,
        done: Callable[[Any], None],
        changed: Callable[[], None],
        rows: Callable[[], Sequence[Any]],
    ) -> None:
        super().__init__(owner)
        self._context, self._owner = context, owner
        self._done, self._changed, self._rows = done, changed, rows
        self.detail: Any = None

    @cached_property
    def form(self) -> ReviewForm:
        """The dock, made with the rest of the case."""
        form = ReviewForm()
        for button, act in (
            (form.passed, self.submit), (form.refuse, self.advise_to_refuse), (form.claim, self.claim),
            (form.back, self.ask_return), (form.give, self.ask_transfer), (form.consult, self.ask_consultation),
            (form.batch, self.ask_batch),
        ):  # fmt: skip
            button.clicked.connect(lambda _checked=False, act=act: act())
        return form

    def claim_keys(self) -> None:
        """The keys of the form."""
        key = self._context.shortcut
        key("Alt+L", L("Take the task on"), self.claim)
        key("Ctrl+Left", L("Return to an earlier node"), self.ask_return)
        key("Alt+T", L("Pass the task on"), self.ask_transfer)
        key("Alt+C", L("Consult another agency"), self.ask_consultation)
        key("Alt+B", L("Pass like cases"), self.ask_batch)
        key("Alt+A", L("Tick every review point"), self._tick_all)
        key("Alt+D", L("Who stands in for whom"), self.show_absences)

    def show(self, detail: Any) -> None:
        """Take a task in front; None takes it away."""
        fresh = detail is not None and (self.detail is None or self.detail.row.id != detail.row.id)
        self.detail = detail
        if detail is not None:
            self.form.batch.setVisible(len(self.like()) > 1)
            self.form.show_task(detail, fresh=fresh)
            self._ask_next(detail)
            if self._assigns():
                self.form.give.setText(_("Assign"))
                self.form.give.setVisible(True)
                self.form.give.set_reason("")
            else:
                self.form.give.setText(_("Pass on"))

    def _ask_next(self, detail: Any) -> None:
        """What opens when the task is passed; where another officer signs last, that one chooses."""
        task = detail.row
        signs_last = len(detail.signed) + 1 >= detail.officers
        if task.state != "open" or not task.own or detail.decides or detail.why_not or not signs_last:
            self.form.next.show_nodes(None)
            return

        def came(nodes: Any) -> None:
            if self.detail is not None and self.detail.row.id == task.id:
                self.form.next.show_nodes(nodes)

        # without it the task goes to whoever takes it, as it says
        self._context.query(
            "acceptance.next_nodes", {"task_id": task.id}, done=came, failed=lambda _error: None
        )

    def _assigns(self) -> bool:
        """Whether the actor, as head of section, gives the task in front to people instead of passing on their own."""
        return (
            self._context.can("acceptance.assign")
            and not self.detail.row.mine
            and self.detail.row.state == "open"
        )

    @property
    def in_front(self) -> bool:
        """Whether the form is what the keys act on."""
        return self.detail is not None and self.form.isVisible()

    @property
    def unsent(self) -> bool:
        """Whether something was written for the task in front."""
        return self.in_front and bool(self.form.opinion.value())

    def _tick_all(self) -> None:
        self.form.tick_all()

    def may(self) -> bool:
        """Whether the actor may act on the task in front."""
        return self.detail is not None and not self.detail.why_not

    # ---- opinions ----

    def submit(self) -> None:
        """Pass, and let the next task come."""
        self._give("pass", self.form.passed)

    def advise_to_refuse(self) -> None:
        """Close the node with the advice to refuse."""
        self._give("refuse", self.form.refuse)

    def _give(self, outcome: str, button: Any) -> None:
        if not self.in_front or not self.may() or not button.isEnabled():
            return
        content = self.form.request(outcome)
        if content is None:
            return
        task = self.detail.row
        if self.detail.sends_up:
            ask_sending(self._owner, self._context, task, content, lambda acted: self._given(task, acted))
            return
        button.set_busy(True)
        request = {"task_id": task.id, "row_version": task.row_version, **content}
        self._context.run(
            "acceptance.give_opinion",
            request,
            done=lambda acted: self._given(task, acted),
            failed=self._refused,
        )

    def _given(self, task: Any, acted: Any) -> None:
        if acted.state == "open":
            text = _("{number}: signed, another officer has to sign", number=task.short_no)
        elif acted.opened:
            text = _("{number}: next {nodes}", number=task.short_no, nodes="、".join(acted.opened))
        else:
            text = _("{number}: done", number=task.short_no)
        self._context.status(text)
        self._done(task)

    def _refused(self, error: UserError) -> None:
        self.form.passed.set_busy(False)
        self.form.refuse.set_busy(False)
        self.form.say(error)
        if error.code in ("TASK_DONE", "TASK_CHANGED"):
            self._changed()

    # ---- whose task it is ----

    def claim(self) -> None:
        """Take the task on; it can be given back."""
        if not self.in_front or not self.may() or self.detail.row.assignee:
            return
        task = self.detail.row
        request = {"task_id": task.id, "row_version": task.row_version}

        def claimed(acted: Any) -> None:
            back = {"task_id": task.id, "row_version": acted.row_version, "reason": "误认领，退回"}
            self._context.notify(
                _("{number} is yours now", number=task.short_no),
                undo=lambda: self._context.run(
                    "acceptance.transfer", back, done=lambda _acted: self._changed()
                ),
            )
            self._changed()

        self._context.run("acceptance.claim", request, done=claimed, failed=self._refused)

    def ask_return(self) -> None:
        """Send the case back to an earlier node."""
        if self.detail is not None and self.may() and self.detail.returns:
            task = self.detail.row
            opinion = self.form.opinion.value() if self.in_front else ""
            ask.ask_return(
                self._owner, self._context, self.detail, opinion, lambda acted: self._given(task, acted)
            )

    def ask_transfer(self) -> None:
        """Pass the task on; a head of section gives it to anybody of the agency."""
        if self.detail is None or self.detail.row.state != "open" or not self.form.isVisible():
            return
        task = self.detail.row
        assigns = self._assigns()
        if not self.may() and not assigns:
            return

        def came(people: Sequence[Any]) -> None:
            ask.ask_transfer(
                self._owner, self._context, task, people, assigns, lambda _acted: self._moved(task)
            )

        self._context.query("acceptance.colleagues", done=came, failed=self._tell)

    def _moved(self, task: Any) -> None:
        self._context.status(_("{number} was passed on", number=task.short_no))
        self._done(task)

    def ask_consultation(self) -> None:
        """Put a question to another agency."""
        if not self.in_front or not self.may() or not self.form.consult.isVisible():
            return
        task = self.detail.row

        def came(agencies: Sequence[Any]) -> None:
            ask.ask_consultation(self._owner, self._context, task, agencies, lambda _acted: self._changed())

        self._context.query("hall.agencies", done=came, failed=self._tell)

    def show_absences(self) -> None:
        """Who stands in for whom; one's own absence is entered there."""

        def enter() -> None:
            self._context.query("acceptance.colleagues", done=choose, failed=self._tell)

        def choose(people: Sequence[Any]) -> None:
            ask.ask_absence(self._owner, self._context, people, entered)

        def entered(row: Any) -> None:
            self._context.status(_("{deputy} stands in for {absent}", deputy=row.deputy, absent=row.staff))

        def came(rows: Sequence[Any]) -> None:
            ask.AbsencesDialog(self._context, rows, enter).open_in(self._owner.window())

        self._context.query("acceptance.absences", {}, done=came, failed=self._tell)

    # ---- like cases ----

    def like(self) -> list[Any]:
        """Tasks of the list at the same node of the same item, that may be passed with this one."""
        if self.detail is None or self.detail.officers > 1 or self.detail.decides or self.detail.why_not:
            return []
        if self.detail.sends_up:  # each with its own letter
            return []
        task = self.detail.row
        return [
            row for row in self._rows()
            if (row.item, row.node, row.state) == (task.item, task.node, "open") and (row.mine or not row.assignee)
        ]  # fmt: skip

    def ask_batch(self) -> None:
        """Pass like cases in one."""
        rows = self.like()
        if self.in_front and len(rows) > 1:
            task = self.detail.row
            opinion = self.form.opinion.value()
            ask.ask_batch(
                self._owner, self._context, rows, self.detail.points, opinion, lambda: self._done(task)
            )

    def _tell(self, error: UserError) -> None:
        self._context.notify(in_language(error.sentence), kind="warning")
