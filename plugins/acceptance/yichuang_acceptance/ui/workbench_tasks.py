"""The part of the workbench that follows reviews: tasks in the list, the task in front, what comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtWidgets import QStackedWidget, QWidget

from yichuang.api import in_language
from yichuang.api.ui import PageContext, Step, Timeline
from yichuang_acceptance.ui.case_desk import CaseDesk
from yichuang_acceptance.ui.case_head import CaseHead
from yichuang_acceptance.ui.case_texts import TONES, stamp
from yichuang_acceptance.ui.decision import Decision
from yichuang_acceptance.ui.evidence import Evidence
from yichuang_acceptance.ui.review_desk import ReviewDesk, case_of
from yichuang_acceptance.ui.work_list import LISTS, WorkList
from yichuang_acceptance.words import words

_ = words.text


class TaskBench(QWidget):
    """Lists of tasks beside lists of cases; `Workbench` builds the parts and opens cases."""

    _stack: QStackedWidget

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.work = WorkList(context, self)
        self.list = self.work.pane
        self._case: Any = None
        self._found: Any = None  # the case with all that stands beside it
        self._opening: int | None = None
        self._opening_task: int | None = None
        self._reviews = context.can("acceptance.review")
        self.review = ReviewDesk(context, self, self._task_done, self._task_changed, self._tasks)

    @property
    def _tab(self) -> str:
        return self.work.tab

    @property
    def _rows(self) -> list[Any]:
        return self.work.rows

    @property
    def desk(self) -> CaseDesk:
        """The case at the right of the list."""
        raise NotImplementedError

    @property
    def head(self) -> CaseHead:
        """What the case is."""
        return self.desk.head

    @property
    def timeline(self) -> Timeline:
        """How far it is."""
        return self.desk.timeline

    @property
    def evidence(self) -> Evidence:
        """Its papers."""
        return self.desk.evidence

    @property
    def decision(self) -> Decision:
        """The dock in which it is decided."""
        return self.desk.decision

    def open(self, case_id: int, task_id: int | None = None) -> None:
        """Open a case, with one of its tasks in front."""
        raise NotImplementedError

    def load(self) -> None:
        """Ask for the list in front."""
        raise NotImplementedError

    def _show_empty(self) -> None:
        raise NotImplementedError

    def _chosen(self, key: str) -> None:
        if key.startswith("t"):
            self.open_task(int(key[1:]))
        else:
            self.open(int(key))

    def _go_to(self, row_id: int | None) -> None:
        if row_id is None:
            self._case = self._found = self._opening = self._opening_task = None
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
            if not self.review.unsent:  # else somebody was faster: what was written stays until one goes on
                self._go_to(rows[0].id if rows else None)
            return
        self.list.select(f"t{row.id}")
        if self._opening_task is None and seen is not None and row.row_version != seen.row_version:
            self.open_task(row.id)

    def open_task(self, task_id: int) -> None:
        """Open a task with what may be seen of its case."""
        row = next((row for row in self._tasks() if row.id == task_id), None)
        if row is not None and row.own:
            self.open(row.case_id, task_id)
            return
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
            self.open(detail.row.case_id, task_id)
            return
        self._opening_task = None
        case = case_of(detail)
        self._case = self._found = None
        self.head.show_case(case)
        self.head.reveal.hide()
        self.desk.used.setText("")
        name, due = detail.row.name, stamp(detail.row.due_at)
        until = _("by {when}", when=due) if due else ""
        self.timeline.set_steps(
            [Step(name, detail.row.assignee, until, state="current", tone=TONES.get(detail.row.light, ""))]
        )
        self.evidence.show_case(case)
        self._put_in_front(detail)
        self.review.form.more.hide()
        self._stack.setCurrentIndex(1)

    def _show_review(self, found: Any) -> None:
        """The task of a case that is to be worked on here, or why it cannot be decided yet."""
        task = found.task
        self._put_in_front(task)
        if task is not None and task.row.state == "open":
            if task.decides and task.why_not and found.case.may_decide:
                self.decision.bar(task.why_not)
            return
        waiting = [n.name for n in found.nodes if n.state == "open" and n.kind != "decide"]
        if waiting:
            self.decision.bar(_("The review is not over: {nodes}.", nodes="、".join(waiting)))

    def _put_in_front(self, detail: Any) -> None:
        """The form of a task, or the decision where that is what comes."""
        before = self.review.detail if self.review.unsent else None
        kept = before is not None and detail is not None and before.row.id == detail.row.id
        self.review.show(detail)
        examines = detail is not None and not detail.decides and (detail.row.state == "open" or kept)
        self.review.form.setVisible(examines)
        self.decision.setVisible(not examines)
        self.decision.back.setVisible(
            detail is not None and detail.decides and bool(detail.returns) and not detail.why_not
        )

    def _task_done(self, task: Any) -> None:
        """Let the next task come by itself; one that needs another signature stays in the list."""
        ids = [row.id for row in self._rows]
        if self._tab not in LISTS or task.id not in ids:
            self.open(task.case_id)
            self.load()
            return
        at = ids.index(task.id)
        rest = [row.id for row in self.work.drop(task.id)]
        self.review.show(None)
        self._case = self._found = None
        self._go_to(rest[min(at, len(rest) - 1)] if rest else None)
        self.load()

    def _task_changed(self) -> None:
        """The task in front is not as it was."""
        detail = self.review.detail
        if detail is not None:
            self.open_task(detail.row.id)
            self.load()
