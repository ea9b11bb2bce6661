"""The acceptance notice while it is being written, and what is handed over once the application is accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import Button, IconButton, IconMark, KeyValue, PageContext, PdfViewer, Text
from yichuang_acceptance.operations.matters import Taken
from yichuang_acceptance.ui.case_texts import day, grouped
from yichuang_acceptance.ui.documents import (
    DocumentDialog,
    print_paper,
    print_pdf,
    show_application_form,
)
from yichuang_acceptance.ui.paper_list import PaperList
from yichuang_acceptance.ui.slip_printing import has_printer, make_slip_button, print_slip
from yichuang_acceptance.words import words

_ = words.text
WAIT_MS = 700
OF_ONE_ITEM, FORM = "acceptance.preview", "acceptance.application_form"
NOTICES = ("D17", "D3", "D2", "D4", "D1")  # what the applicant takes along, the most telling first


class ReceiptPreview(QWidget):
    """The acceptance notice as it would be now, drawn a moment after the last change.

    Args:
        request: Gives the query and what it is asked, None while the application is not complete enough to be drawn.
    """

    def __init__(
        self, context: PageContext, request: Callable[[], tuple[str, dict[str, Any]] | None]
    ) -> None:
        super().__init__()
        self._context, self._request = context, request
        self._pdf: bytes | None = None
        self._job: Any = None
        self.viewer = PdfViewer()
        self.viewer.tools.parentWidget().hide()
        self.enlarge = IconButton("maximize-2", _("Enlarge the preview"), size="compact")
        self.enlarge.clicked.connect(lambda _checked: self.open_large())
        self.form = IconButton("file-pen-line", _("Application form to sign on paper"), size="compact")
        self.form.clicked.connect(lambda _checked: self.open_form())
        head = QHBoxLayout()
        head.addWidget(Text(_("Preview of the notice"), 14, strong=True))
        head.addStretch(1)
        head.addWidget(self.form)
        head.addWidget(self.enlarge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        self._hint = Text(_("Drawn as soon as the applicant is known."), 12, "t3", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self.viewer)
        self._stack.setMinimumHeight(190)
        self._stack.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored
        )  # takes what is left
        column.addWidget(self._stack, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._ask)
        self.clear()

    def touch(self) -> None:
        """Something was changed."""
        self._timer.start()

    def clear(self) -> None:
        """Nothing to draw."""
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
        self._show(None)

    def open_large(self) -> None:
        """The preview in a dialog."""
        pdf = self._pdf
        if pdf is not None:
            title = _("Acceptance notice (draft)")
            DocumentDialog(title, pdf, lambda: print_pdf(self._context, title, pdf)).open_in(self.window())

    def open_form(self) -> None:
        """The application form as a draft; what is printed from there is for the applicant to sign."""
        asked = self._form_request()
        if asked is None:
            return
        title = _("Application form (draft)")

        def to_sign() -> None:
            self._context.query(
                FORM, {**asked, "to_sign": True}, done=lambda pdf: print_pdf(self._context, _("Application form"), pdf)
            )  # fmt: skip

        self._context.query(
            FORM, asked, done=lambda pdf: DocumentDialog(title, pdf, to_sign).open_in(self.window())
        )

    def _form_request(self) -> dict[str, Any] | None:
        """What the form is made from; of a matter each item has its own, once it is taken in."""
        asked = self._request()
        return asked[1] if asked is not None and asked[0] == OF_ONE_ITEM else None

    def _ask(self) -> None:
        asked = self._request()
        if asked is None:
            self.clear()
            return
        name, request = asked
        if self._job is not None:
            self._job.cancel()  # only the newest answer is of use
        self._job = self._context.query(name, request, done=self._show, failed=lambda _error: None)

    def _show(self, pdf: bytes | None) -> None:
        self._pdf = pdf
        self.viewer.load(pdf)
        self.viewer.fit_width()
        self._stack.setCurrentIndex(pdf is not None)
        self.enlarge.setEnabled(pdf is not None)
        self.form.setEnabled(pdf is not None and self._form_request() is not None)


class Entered(QWidget):
    """The case that has just been entered: its number, the code to look it up, its papers to print."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._case: Any = None
        self.title = Text("", 16, strong=True)
        self.number = Text("", 18, "acct", selectable=True)
        self.facts = KeyValue(label_width=56)
        self.papers = PaperList(context)
        self.print = Button(
            _("Print the notice"), kind="primary", icon="printer", key="Ctrl+P", size="decision"
        )
        self.print.clicked.connect(self._print)
        self.slip = make_slip_button()
        self.slip.clicked.connect(self._print_slip)
        self.form = Button(_("Application form to sign on paper"), icon="file-pen-line")
        self.form.clicked.connect(self._show_form)
        self.rate = Button(_("Let the applicant rate"), icon="smile")
        self.next = Button(_("Next applicant"), icon="chevron-right")
        head = QHBoxLayout()
        head.setSpacing(8)
        self._mark = IconMark("circle-check", "grnd", 20)
        head.addWidget(self._mark)
        head.addWidget(self.title)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.number)
        column.addWidget(self.facts)
        column.addWidget(Text(_("Papers"), 14, strong=True))
        column.addWidget(self.papers, 1)
        column.addWidget(self.print)
        column.addWidget(self.slip)
        column.addWidget(self.form)
        column.addWidget(self.rate)
        column.addWidget(self.next)
        context.watch({"paper", "case", "seal"}, self._ask_papers)

    def show_case(self, title: str, case: Any, *, good: bool = True) -> None:
        """Show what came of an intake and have its papers made."""
        self._case = case
        self.title.setText(title)
        self._mark.set_icon("circle-check" if good else "circle-alert", "grnd" if good else "ambd")
        self.number.setText(grouped(case.case_no))
        pairs: list[tuple[str, ...]] = [(_("Query code"), case.query_code)]
        if case.promise_due_at or case.legal_due_at:
            pairs.append((_("Due"), day(case.promise_due_at or case.legal_due_at)))
        if isinstance(case, Taken):
            pairs.append(
                (
                    _("Matter items"),
                    _("{n} cases, numbers -01 to -{last}", n=len(case.cases), last=case.cases[-1][-2:]),
                )
            )
            if case.waiting:
                pairs.append(
                    (_("Items that wait"), _("{n} open by themselves later", n=case.waiting), "amber")
                )
            if case.told:
                pairs.append((_("Told"), _("{n} items lack something", n=case.told), "amber"))
        if case.tolerated:
            pairs.append((_("Promised"), _("{n} materials", n=case.tolerated), "amber"))
        self.facts.set_pairs(pairs)
        self.papers.set_papers([])
        alone = not isinstance(case, Taken)
        self.form.setVisible(alone)  # of a matter each item has its own
        self.slip.setVisible(has_printer(self._context))
        self.print.set_reason(_("The papers are being made."))
        self._context.run(
            "acceptance.render", {"case_id": case.case_id}, done=lambda _papers: self._ask_papers(),
            failed=lambda error: self.print.set_reason(str(error.sentence)),
        )  # fmt: skip

    def case_id(self) -> int | None:
        """The case that is shown."""
        return None if self._case is None else int(self._case.case_id)

    def _ask_papers(self) -> None:
        case = self._case
        if case is None:
            return
        came: dict[int, list[Any]] = {}
        ids = case.case_ids if isinstance(case, Taken) else [case.case_id]

        def take(case_id: int, papers: list[Any]) -> None:
            came[case_id] = papers
            if len(came) == len(ids) and self._case is case:
                self._show_papers([paper for each in ids for paper in came[each]])

        for each in ids:
            self._context.query(
                "acceptance.papers", {"case_id": each}, done=lambda papers, each=each: take(each, papers),
                failed=lambda _error: None,
            )  # fmt: skip

    def _show_papers(self, papers: list[Any]) -> None:
        self.papers.set_papers(papers)
        ready = self._notice() is not None
        self.print.set_reason("" if ready else _("The papers are being made."))

    def _notice(self) -> Any:
        made = {paper.kind: paper for paper in self.papers.papers if paper.document}
        return next((made[kind] for kind in NOTICES if kind in made), None)

    def _print(self) -> None:
        notice = self._notice()
        if notice is not None:
            print_paper(self._context, self, notice)

    def _print_slip(self) -> None:
        """The numbers on thermal paper: while the notice is made, or where an applicant wants no sheet."""
        case = self._case
        if case is None:
            return
        whole = isinstance(case, Taken)
        name = "acceptance.matter_slip" if whole else "acceptance.slip"
        request = {"matter_id": case.matter_id} if whole else {"case_id": case.case_id}
        print_slip(
            self._context, self.slip,
            lambda came, failed: self._context.query(name, request, done=came, failed=failed),
        )  # fmt: skip

    def _show_form(self) -> None:
        case_id = self.case_id()
        if case_id is not None:
            show_application_form(self._context, self, case_id)
