"""The part of the workbench that follows reviews: tasks in the list, the task in front, what comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtWidgets import QStackedWidget, QWidget

from yichuang.api import in_language
from yichuang.api.ui import ListItem, ListPane, PageContext, Step, Text, Timeline
from yichuang_acceptance.ui.case_head import CaseHead
from yichuang_acceptance.ui.case_texts import TONES, case_item, stamp, steps_of
from yichuang_acceptance.ui.decision import Decision
from yichuang_acceptance.ui.evidence import Evidence
from yichuang_acceptance.ui.review_desk import ReviewDesk, case_of, task_item
from yichuang_acceptance.words import words

_ = words.text
TASKS, AGENCY_TASKS = "tasks", "agency_tasks"
LISTS = {TASKS: "mine", AGENCY_TASKS: "agency"}
"""Tabs that list tasks, by the list of `acceptance.my_tasks`; every task of the agency is for heads of section."""


class TaskBench(QWidget):
    """Lists of tasks beside lists of cases; `Workbench` builds the parts and opens cases."""

    list: ListPane
    head: CaseHead
    timeline: Timeline
    evidence: Evidence
    decision: Decision
    _stack: QStackedWidget
    _used: Text

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._tab = "review"
        self._case: Any = None
        self._opening: int | None = None
        self._rows: list[Any] = []
        self._nodes: Any = []
        self._opening_task: int | None = None
        self._reviews = context.can("acceptance.review")
        self.review = ReviewDesk(context, self, self._task_done, self._task_changed, self._tasks)

    def open(self, case_id: int) -> None:
        """Open a case."""
        raise NotImplementedError

    def load(self) -> None:
        """Ask for the list in front."""
        raise NotImplementedError

    def _show_empty(self) -> None:
        raise NotImplementedError

    def _items(self, rows: Sequence[Any]) -> Sequence[ListItem]:
        return [task_item(row) if self._tab in LISTS else case_item(row) for row in rows]

    def _chosen(self, key: str) -> None:
        if key.startswith("t"):
            self.open_task(int(key[1:]))
        else:
            self.open(int(key))

    def _go_to(self, row_id: int | None) -> None:
        if row_id is None:
            self._case = self._opening = self._opening_task = None
            self._show_empty()
            return
        key = f"t{row_id}" if self._tab in LISTS else str(row_id)
        self.list.select(key)
        self._chosen(key)

    def _tasks(self) -> Sequence[Any]:
        return self._rows if self._tab in LISTS else []

    def _show_tasks(self, rows: Sequence[Any]) -> None:
        """Keep the task in front while it is there in the version that was seen; else the nearest one comes."""
        seen = self.review.detail.row if self.review.detail is not None else None
        now = self._opening_task or (seen.id if seen is not None else None)
        row = next((row for row in rows if row.id == now), None)
        if row is None:
            self._go_to(rows[0].id if rows else None)
            return
        self.list.select(f"t{row.id}")
        if self._opening_task is None and seen is not None and row.row_version != seen.row_version:
            self.open_task(row.id)

    def open_task(self, task_id: int) -> None:
        """Open a task with what may be seen of its case."""
        self._opening_task = task_id
        self._context.query(
            "acceptance.task",
            {"task_id": task_id},
            done=lambda detail: self._show_task(task_id, detail),
            failed=lambda error: self._context.notify(in_language(error.sentence), kind="warning"),
        )

    def _show_task(self, task_id: int, detail: Any) -> None:
        if task_id != self._opening_task:
            return  # somebody has gone on to another task
        if detail.row.own:
            self.open(detail.row.case_id)
            return
        self._opening_task = None
        case = case_of(detail)
        self._case = None
        self.head.show_case(case)
        self.head.reveal.hide()
        self._used.setText("")
        name, due = detail.row.name, stamp(detail.row.due_at)
        until = _("by {when}", when=due) if due else ""
        self.timeline.set_steps(
            [Step(name, detail.row.assignee, until, state="current", tone=TONES.get(detail.row.light, ""))]
        )
        self.evidence.show_case(case)
        self._put_in_front(detail)
        self.review.form.more.hide()
        self._stack.setCurrentIndex(1)

    def _ask_course(self, case: Any) -> None:
        """How far the review of a case is, and which of its tasks is to be worked on here."""

        def came(nodes: Any) -> None:
            if self._case is None or self._case.row.id != case.row.id:
                return
            self._nodes = nodes
            self.timeline.set_steps(steps_of(self._case, nodes))
            self._ask_task(case, nodes)

        request = {"case_id": case.row.id}
        self._context.query("acceptance.review_course", request, done=came, failed=lambda _error: None)

    def _ask_task(self, case: Any, nodes: Sequence[Any]) -> None:
        wanted, self._opening_task = self._opening_task, None
        own = [n.task_id for n in nodes if n.state == "open" and n.agency == case.agency]
        task_id = wanted if wanted in own else next(iter(own), None)
        if task_id is None or not self._reviews:
            self._put_in_front(None)
            waiting = [n.name for n in nodes if n.state == "open" and n.kind != "decide"]
            if waiting:
                self.decision.bar(_("The review is not over: {nodes}.", nodes="、".join(waiting)))
            return

        def came(detail: Any) -> None:
            if self._case is None or self._case.row.id != case.row.id:
                return
            self._put_in_front(detail)
            if detail.decides and detail.why_not and case.may_decide:
                self.decision.bar(detail.why_not)

        self._context.query("acceptance.task", {"task_id": task_id}, done=came, failed=lambda _error: None)

    def _put_in_front(self, detail: Any) -> None:
        """The form of a task, or the decision where that is what comes."""
        self.review.show(detail)
        examines = detail is not None and not detail.decides and detail.row.state == "open"
        self.review.form.setVisible(examines)
        self.decision.setVisible(not examines)
        self.decision.back.setVisible(
            detail is not None and detail.decides and bool(detail.returns) and not detail.why_not
        )

    def _wait_for_task(self) -> None:
        """Another case has come: in the list of tasks its form will too, so that the dock does not flicker meanwhile."""
        if self._tab in LISTS:
            self.review.show(None)
        else:
            self._put_in_front(None)

    def _task_done(self, task: Any) -> None:
        """Let the next task come by itself; one that needs another signature stays in the list."""
        ids = [row.id for row in self._rows]
        if self._tab not in LISTS or task.id not in ids:
            self.open(task.case_id)
            self.load()
            return
        at = ids.index(task.id)
        self._rows = [row for row in self._rows if row.id != task.id]
        self.list.set_items(self._items(self._rows))
        rest = [row.id for row in self._rows]
        self.review.show(None)
        self._case = None
        self._go_to(rest[min(at, len(rest) - 1)] if rest else None)
        self.load()

    def _task_changed(self) -> None:
        """The task in front is not as it was."""
        detail = self.review.detail
        if detail is not None:
            self.open_task(detail.row.id)
            self.load()
