"""The approver's workbench: list, evidence and decision on one screen, next case by one key."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import (
    EmptyState,
    FormField,
    PageContext,
    PageHeader,
    Splitter,
    Tab,
    clear_layout,
)
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.ui import case_more
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_desk import CaseDesk
from yichuang_acceptance.ui.case_texts import count_text
from yichuang_acceptance.ui.decision import TEMPLATES
from yichuang_acceptance.ui.life_menu import menu_of, ways_of
from yichuang_acceptance.ui.life_questions import (
    ask_first_correction,
    ask_resumption,
    ask_suspension,
    offer_preview,
)
from yichuang_acceptance.ui.read_ahead import Key, ReadAhead
from yichuang_acceptance.ui.sending_up import ask_granting, upper_fields, upper_said, with_upper
from yichuang_acceptance.ui.ticking import keep_ticking
from yichuang_acceptance.ui.work_list import AGENCY_TASKS, LISTS, SENT_UP, TASKS
from yichuang_acceptance.ui.workbench_tasks import TaskBench
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
FIRST_MS, CONFIRM_MS = 20, 20
"""Else what answers a question would run beside what draws the page, and both would be late."""
EMPTY = {
    TASKS: (L("No tasks for you"), L("Nodes of reviews that you can work on appear here.")),
    AGENCY_TASKS: (
        L("No open tasks"),
        L("Nodes of reviews that somebody of your agency works on appear here."),
    ),
    "review": (L("Nothing to decide"), L("New cases appear here by themselves.")),
    "correcting": (
        L("No corrections are due"),
        L("Applications that were received and not accepted yet appear here."),
    ),
    SENT_UP: (
        L("Nothing waits for an organ above"),
        L("Cases that were sent up appear here until its decision is entered."),
    ),
    "suspended": (L("No special procedures"), L("Cases whose clocks are stopped appear here.")),
    "tolerated": (L("Nothing is promised"), L("Cases with materials promised for later appear here.")),
    "decided": (L("Nothing decided yet"), L("What you decide appears here.")),
    "all": (L("No cases"), L("No case fits the search.")),
}


class Workbench(TaskBench):
    """Cases of the own agency by time left."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._moved_here: int | None = None
        self._asked: Any = None
        self._asking: Key = (0, None)
        self._confirm = QTimer(self)  # what was read ahead is painted before it is asked for again
        self._confirm.setSingleShot(True)
        self._confirm.setInterval(CONFIRM_MS)
        self._confirm.timeout.connect(self._ask)
        self._at, self._step = 0, 1  # where in the list the last case stood, which way it is walked
        self._drawn = False
        self._first = QTimer(self)
        self._first.setSingleShot(True)
        self._first.setInterval(FIRST_MS)
        self._first.timeout.connect(self._load_first)
        self._unconfirmed: int | None = None  # a case that was read ahead and is being asked for again
        tabs = (
            Tab("review", _("To decide"), 0), *((Tab(TASKS, _("Review tasks"), 0),) if self._reviews else ()),
            Tab("correcting", _("Corrections"), 0),
            Tab(SENT_UP, _("Sent up"), 0),
            Tab("suspended", _("Special procedures"), 0),
            Tab("tolerated", _("Promised materials"), 0),
            Tab("decided", _("Decided by me")), Tab("all", _("All of my agency")),
            *((Tab(AGENCY_TASKS, _("All review tasks")),) if self._reviews and context.can("acceptance.assign") else ()),
        )  # fmt: skip
        self.header = PageHeader(_("Approval"), tabs)
        self.header.tab_changed.connect(self.show_tab)
        self.header.add_action(self.work.filter_button)
        self.header.add_action(self.work.export_button)
        self.work.came.connect(self._show)
        self.work.lost.connect(self._show_lost)
        self.list.selected.connect(self._chosen)
        self._ahead = ReadAhead(context, lambda found: self.evidence.read_ahead(found.case))
        self._stack = QStackedWidget()
        self._empty = QVBoxLayout()
        empty = QWidget()
        empty.setLayout(self._empty)
        self._stack.addWidget(empty)
        splitter = Splitter("h", "acceptance.workbench")
        splitter.addWidget(self.list)
        splitter.addWidget(self._stack)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([304, 920])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(self.work.strip)
        column.addWidget(splitter, 1)
        column.addLayout(self.work.foot)
        self._claim_keys()
        keep_ticking(context)
        context.watch({"case", "paper", "acceptance"}, self.load, calm=True)
        context.shown.connect(self._came)
        self._show_empty()

    @cached_property
    def desk(self) -> CaseDesk:
        """Made when the first case is on its way: the first paint does not wait for what is not seen yet."""
        desk = CaseDesk(
            self._context, self.review.form, (self.grant, self.ask_refusal, self.ask_pause, self.open_more)
        )
        desk.decision.back.clicked.connect(lambda _checked: self.review.ask_return())
        desk.decision.correct.clicked.connect(lambda _checked: self.ask_correction())
        self.review.form.more.clicked.connect(lambda _checked: self.open_more())
        self._stack.addWidget(desk)
        return desk

    def _make_desk(self) -> None:
        assert self.desk is not None

    def _claim_keys(self) -> None:
        claim = self._context.shortcut
        claim("J", L("Next case"), lambda: self.list.move(1), bar=True)
        claim("K", L("Case before"), lambda: self.list.move(-1), bar=True)
        claim("F", L("Pages on the full screen"), self._open_full_screen, bar=True)
        claim("Ctrl+Enter", L("Grant and submit"), self.submit)
        claim("Ctrl+B", L("Correction notice"), self.ask_correction)
        claim("Alt+P", L("Special procedure"), self.ask_pause)
        claim("Alt+M", L("More to do with the case"), self.open_more)
        claim("Alt+O", L("Go to the opinion"), self._go_to_opinion)
        claim("Alt+F", L("Filter"), self.work.open_filters)
        claim("Alt+I", L("Only this item"), self._only_this_item)
        claim("Alt+S", L("Sort the list"), self.work.order.open)
        claim("Ctrl+E", L("Export"), self.work.save)
        if self._reviews:
            self.review.claim_keys()
        for number in range(1, len(TEMPLATES) + 1):
            act: Callable[[], None] = lambda n=number: self._use_template(n)  # noqa: E731 - one of several
            claim(f"Alt+{number}", L("Opinion {n}", n=number), act)

    def submit(self) -> None:
        """What the main button in front does: pass a node, or grant."""
        if self.review.in_front:
            self.review.submit()
        else:
            self.grant()

    def _use_template(self, number: int) -> None:
        (self.review.form if self.review.in_front else self.decision).use_template(number)

    def _open_full_screen(self) -> None:
        self.evidence.open_full_screen()

    def _go_to_opinion(self) -> None:
        (self.review.form if self.review.in_front else self.decision).opinion.setFocus()

    # ---- the list ----

    def show_tab(self, tab: str) -> None:
        """Another list."""
        self._confirm.stop()
        self.header.set_current(tab)
        self._case = self._found = self._opening = self._opening_task = None
        self.review.show(None)
        self.work.show_tab(tab)
        self._count()

    def load(self) -> None:
        """Ask for the list in front and for the counts; the first time when the page has been drawn."""
        if self._drawn:
            self.work.load()
            self._count()
        elif not self._first.isActive():
            self._first.start()

    def _load_first(self) -> None:
        self._drawn = True
        self.load()

    def _count(self) -> None:
        """Counts that cannot be asked for stay as they are: the list says why."""
        if self._reviews:
            self._context.query(
                "acceptance.task_counts", done=self._tasks_counted, failed=lambda _error: None
            )
        if self._tab not in LISTS:
            self._context.query("acceptance.counts", done=self._counted, failed=lambda _error: None)

    def _tasks_counted(self, counts: Any) -> None:
        self.header.set_count(TASKS, count_text(counts.mine))
        self.work.set_total(TASKS, counts.mine)
        self.work.set_total(AGENCY_TASKS, counts.agency)

    def _counted(self, counts: Any) -> None:
        for tab in ("review", SENT_UP, "correcting", "tolerated", "suspended"):
            self.header.set_count(tab, count_text(getattr(counts, tab)))
            self.work.set_total(tab, getattr(counts, tab))

    def _only_this_item(self) -> None:
        row = next((r for r in self._rows if self.list.current() in (str(r.id), f"t{r.id}")), None)
        if row is not None:
            self.work.only_this_item(row)

    def _came(self, args: dict[str, Any]) -> None:
        if args.get("task_id"):
            self.show_tab(TASKS)
            self.open_task(int(args["task_id"]))
        elif args.get("case_id"):
            self.open(int(args["case_id"]))

    def _show(self, tab: str) -> None:
        """The list came."""
        rows = self._rows
        if tab in LISTS:
            self._show_tasks(rows)
            return
        now = self._opening or (self._case.row.id if self._case is not None else None)
        if now is None:
            self._go_to(rows[0].id if rows else None)
            return
        row = next((row for row in rows if row.id == now), None)
        self.list.select(str(now))
        if self._opening is None and (row is None or row.row_version != self._case.row.row_version):
            self.open(now)  # somebody has gone on with it, or the search left it out

    def _show_empty(self) -> None:
        clear_layout(self._empty)
        title, why = EMPTY[self._tab]
        self._empty.addWidget(EmptyState("clipboard-check", str(title), str(why), framed=False))
        self._stack.setCurrentIndex(0)

    def _show_lost(self) -> None:
        """The list says why it could not come; beside it nothing is said that is not known."""
        if self._case is None:
            clear_layout(self._empty)
            self._stack.setCurrentIndex(0)

    # ---- one case ----

    def open(self, case_id: int, task_id: int | None = None) -> None:
        """Open a case; one that was read ahead is shown at once, and asked for again."""
        self._opening, self._opening_task = case_id, task_id
        self._note_step(case_id)
        QTimer.singleShot(0, self._make_desk)
        if self._asked is not None:
            self._asked.cancel()
        self._asking = case_id, task_id
        ahead = self._ahead.take(self._asking)
        if ahead is None:
            self._confirm.stop()
            self._ask()
        else:
            self._unconfirmed = case_id
            self._confirm.start()
            self._show_case(ahead)

    def _ask(self) -> None:
        case_id, task_id = self._asking
        self._asked = self._context.query(
            "acceptance.desk_case",
            {"case_id": case_id, "task_id": task_id},
            done=self._came_to,
            failed=lambda error: self._not_opened(case_id, error),
        )

    def _not_opened(self, case_id: int, error: UserError) -> None:
        if case_id == self._unconfirmed:
            self._case = self._found = self._unconfirmed = None
            self.review.show(None)
            self._show_empty()
        elif case_id == self._opening:
            self._opening = None
        self._context.notify(in_language(error.sentence), kind="warning")

    def _came_to(self, found: Any) -> None:
        """A case came: show it, unless it stands there just so, or somebody has gone on to another case or list."""
        case_id = found.case.row.id
        in_front = self._opening is None and self._case is not None and self._case.row.id == case_id
        if case_id != self._opening and not in_front:
            return
        self._unconfirmed = None
        if not in_front or found != self._found:
            self._show_case(found)
        self._ahead.want(self._next())

    def _show_case(self, found: Any) -> None:
        case, before = found.case, self._case
        self._case, self._found, self._opening, self._opening_task = case, found, None, None
        fresh = before is None or before.row.id != case.row.id
        self.desk.show_case(found)
        self.decision.show_case(case, "" if case.may_decide else self._why_not(case), fresh=fresh)
        self._show_ways(case)
        if fresh and case.may_decide:
            self.decision.set_licence(found.licence)
        moved = not fresh and before.row.state != case.row.state
        if moved and self._moved_here != case.row.id:
            self.decision.warn(
                _("Somebody else has gone on with this case: {state}.", state=case.row.state_name),
                _("Your opinion was not saved. J goes to the next case."),
            )
        self._moved_here = None
        self._show_review(found)
        self._stack.setCurrentIndex(1)

    def _note_step(self, case_id: int) -> None:
        """Which way the list is walked."""
        tasks = self._tab in LISTS
        ids = [row.case_id if tasks else row.id for row in self._rows]
        at = ids.index(case_id) if case_id in ids else 0
        if at != self._at:
            self._step = 1 if at > self._at else -1
        self._at = at

    def _next(self) -> Key | None:
        """The case that comes next, the way the list is walked; None where there is none, or none of the own agency."""
        at = self._at + self._step
        if not 0 <= at < len(self._rows):
            return None
        row = self._rows[at]
        if self._tab not in LISTS:
            return row.id, None
        return (row.case_id, row.id) if row.own else None

    def _why_not(self, case: Any) -> str:
        if case.row.state != "review":
            return _("The case is {state}.", state=case.row.state_name)
        actor = self._context.actor
        if case.agency != actor.agency and not actor.hall_wide:
            return _("Only people of {agency} decide on this case.", agency=case.row.agency_name)
        return _("Whoever accepted an application may not decide on it.")

    # ---- deciding ----

    def grant(self) -> None:
        """Grant and go to the next case."""
        case = self._case
        if case is None or not self.decision.grant.isEnabled() or case.row.state != "review":
            return
        content = self.decision.request()
        if content is None:
            return
        request = {"case_id": case.row.id, "row_version": case.row.row_version, **content}
        if case.forwarded is not None:
            ask_granting(self, self._context, case, request, self._decided)
            return
        self.decision.grant.set_busy(True)
        self._context.run(
            "acceptance.grant",
            request,
            done=self._decided,
            failed=lambda error: self._refused(case.row.id, error),
        )

    def ask_refusal(self) -> None:
        """Refuse, with the reason and the law."""
        case = self._case
        if case is None or not self.decision.refuse.isEnabled():
            return
        fields = [
            FormField(
                "reason", _("Reason"), kind="area", required=True, span=2, value=self.decision.opinion.value()
            ),
            FormField("law", _("Legal basis"), required=True, span=2, placeholder=_("Law and article")),
            *upper_fields(self._context, case),
        ]

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            def failed(error: UserError) -> None:
                refused(error)
                if error.code == "CHANGED_MEANWHILE":
                    self.open(case.row.id)

            request = {"case_id": case.row.id, "row_version": case.row.row_version, **with_upper(values)}
            self._context.run("acceptance.refuse", request, done=finished, failed=failed)

        body = _(
            "{number} {item}: the applicant gets a written decision with reasons and remedies.",
            number=case.row.short_no, item=case.row.item_name,
        )  # fmt: skip
        dialog = ActDialog(
            _("Refuse this application?"), body, primary=_("Refuse"), kind="danger", fields=fields, act=act,
            done=self._decided,
        )  # fmt: skip
        offer_preview(dialog, self._context, case, "D11", upper_said)
        dialog.over(self)

    # ---- everything else ----

    def _show_ways(self, case: Any) -> None:
        ways = ways_of(self._context, case)
        may = {way.event for way, allowed in ways if allowed}
        head = _("Special procedures are approved by the head of section.")
        more = bool(ways) or bool(case_more.entries(self._context, case))
        correction = [allowed for way, allowed in ways if way.ask is ask_first_correction]
        self.decision.correct.setVisible(correction == [True])
        self.decision.set_ways("" if may & {Event.SUSPEND, Event.RESUME} else head, more)
        self.review.form.more.setVisible(more)

    def ask_correction(self) -> None:
        """Tell the applicant once everything that is missing, before the case is accepted."""
        if self._case is not None and not self.decision.correct.isHidden():
            ask_first_correction(self, self._context, self._case, self._went_on)

    def ask_pause(self) -> None:
        """Begin a special procedure, or end the one that is open."""
        case = self._case
        if case is None or self.decision.pause.isHidden() or not self.decision.pause.isEnabled():
            return
        ask = ask_resumption if "resume" in case.possible else ask_suspension
        ask(self, self._context, case, self._went_on)

    def open_more(self) -> None:
        """The menu of everything else that can be done."""
        if self._case is not None and not self.decision.more.isHidden():
            menu = menu_of(self, self._context, self._case, self._went_on)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.open_below(self.review.form.more if self.review.in_front else self.decision.more)

    def _went_on(self, result: Any) -> None:
        """A case was moved on: make its papers and show it as it is now."""
        self._context.status(_("{number} is done", number=self._case.row.short_no))
        case_id = self._case.row.id
        self._context.run("acceptance.render", {"case_id": case_id}, done=lambda _papers: None)
        self._moved_here = case_id
        self.open(case_id)
        self.load()

    def _decided(self, decided: Any) -> None:
        """Make the papers, and let the next case come by itself."""
        self.decision.grant.set_busy(False)
        number = next((r.short_no for r in self._rows if r.case_no == decided.case_no), decided.case_no)
        self._context.status(_("{number} was decided", number=number))  # a toast would cover the buttons
        self._context.run("acceptance.render", {"case_id": decided.case_id}, done=lambda _papers: None)
        ids = [row.id for row in self._rows]
        at = ids.index(decided.case_id) if decided.case_id in ids else 0
        if self._tab == "review":
            self.work.drop(decided.case_id)
        if self._tab in LISTS:
            self.review.show(None)
            self._case = self._found = None
            self.load()
            return
        rest = [row.id for row in self._rows]
        self._case = self._found = None
        self._go_to(rest[min(at, len(rest) - 1)] if rest else None)
        self.load()

    def _refused(self, case_id: int, error: UserError) -> None:
        self.decision.grant.set_busy(False)
        self.decision.say(error)
        if error.code == "CHANGED_MEANWHILE":
            self.open(case_id)


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return Workbench(context)
