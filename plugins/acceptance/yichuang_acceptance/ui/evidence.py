"""Evidence of a case: materials, form, checks, visits, like cases, papers, and the pages of the chosen one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError, identifiers, in_language
from yichuang.api.ui import (
    Button,
    EmptyState,
    ErrorNote,
    IconButton,
    KeyValue,
    ListItem,
    ListPane,
    NotePlace,
    PageContext,
    PdfViewer,
    Scroller,
    Tab,
    TabStrip,
    Text,
    WarnNote,
    clear_layout,
    save_file,
)
from yichuang_acceptance.operations.pages import Document
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.beside import (
    AlikeTable,
    FactTable,
    VisitList,
    alike_count,
    fact_items,
    facts_count,
)
from yichuang_acceptance.ui.case_texts import GIVEN_LIGHTS, given_text, month_day
from yichuang_acceptance.ui.documents import REPLACED, paper_state
from yichuang_acceptance.ui.full_screen import NOTE_MARGINS, FullScreen
from yichuang_acceptance.ui.looks import ask_purpose, looks_of, purpose
from yichuang_acceptance.words import words

_ = words.text
LIST_WIDTH, ROW_HEIGHT = 200, 46
KEPT = 6
NOTHING, PAGES, TROUBLE, FORM = range(4)
BESIDE = ("checks", "visits", "alike")
WIDE = ("form", *BESIDE)
"""Tabs without a list at the left."""
BESIDE_DELAY_MS = 150
"""Whoever walks through cases asks for what stands beside them only where they stay."""


class Evidence(QWidget):
    """The evidence of one case behind tabs, with the viewer beside the list.

    Attributes:
        strip: The tabs; whoever lays the case out puts them above everything that belongs to it.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._case: Any = None
        self._shown: tuple[Any, ...] | None = None  # what stands in the viewer, or is on its way there
        self._loaded: tuple[Any, ...] | None = None  # what stands in the viewer
        self._documents: list[Document] = []
        self._at = 0
        self._kept: OrderedDict[tuple[Any, ...], list[Document]] = OrderedDict()
        self._beside: Any = None
        self._asked: Any = None
        self._ask_later = QTimer(self)
        self._ask_later.setSingleShot(True)
        self._ask_later.setInterval(BESIDE_DELAY_MS)
        self._ask_later.timeout.connect(self._ask_beside)
        self._beside_error: UserError | None = None
        self.tabs = TabStrip(_tabs(beside=True), 40)
        self.tabs.tab_changed.connect(self._show_tab)
        self.strip = QWidget()
        self.list = ListPane(search=False, row_height=ROW_HEIGHT, subtle=True)
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.selected.connect(self._open)
        self.viewer = PdfViewer()
        self._looks = looks_of(context)
        self._look: dict[str, Any] = {}  # what stands in the viewer, or is on its way there
        self._file = Text("", 13, "t2")
        self._before = IconButton("chevrons-left", _("File before"), size="compact")
        self._before.clicked.connect(lambda _checked: self._turn(-1))
        self._after = IconButton("chevrons-right", _("Next file"), size="compact")
        self._after.clicked.connect(lambda _checked: self._turn(1))
        self.full = Button("", icon="maximize", kind="ghost", key="F", size="compact", binds=False)
        self.full.setToolTip(_("Full screen"))
        self.full.setAccessibleName(_("Full screen"))
        self.full.clicked.connect(lambda _checked: self.open_full_screen())
        self.save = IconButton("download", _("Save the file as it was handed in"), size="compact")
        self.save.clicked.connect(lambda _checked: self.save_file())
        self.notes = NotePlace()
        for part in (self._before, self._file, self._after, self.save, self.full):
            self.viewer.tools.addWidget(part)
        self._empty = QVBoxLayout()
        self._facts = KeyValue(label_width=72)
        self._trouble = ErrorNote("")
        self._stack = QStackedWidget()
        for page in (self._boxed(self._empty), self._pages_box(), self._trouble_box(), self._form_box()):
            self._stack.addWidget(page)
        self._lay_out()

    def _lay_out(self) -> None:
        strip = QHBoxLayout(self.strip)
        strip.setContentsMargins(20, 0, 20, 0)
        strip.addWidget(self.tabs)
        strip.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)

    def _boxed(self, inside: QVBoxLayout) -> QWidget:
        box = QWidget()
        box.setLayout(inside)
        return box

    def _pages_box(self) -> QWidget:
        """The viewer, and above it what is to be known about the file in it."""
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.notes)
        column.addWidget(self.viewer, 1)
        return self._boxed(column)

    def _trouble_box(self) -> QWidget:
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(self._trouble)
        column.addStretch(1)
        return self._boxed(column)

    def _form_box(self) -> QWidget:
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(self._facts)
        column.addStretch(1)
        return Scroller(self._boxed(column))

    # ---- a case ----

    def show_case(self, case: Any) -> None:
        """Show a case's parts; the same case again keeps what was open."""
        fresh = self._case is None or self._case.row.id != case.row.id
        self._case = case
        own = getattr(case, "task_id", None) is None  # an agency that was asked sees no more than its task
        if fresh:
            self.tabs.set_tabs(_tabs(beside=own))
        self.tabs.set_count("materials", len(case.materials))
        self.tabs.set_count("papers", len(case.papers))
        if fresh:
            self._shown = self._loaded = self._beside = self._beside_error = None
            self._ask_later.stop()
            self._say_counts()
            self.tabs.set_current("materials")
        self._show_tab(self.tabs.current())
        if own:
            self._ask_later.start()

    def _ask_beside(self) -> None:
        """Ask for what stands beside the papers; without it the papers are looked at all the same."""
        case_id = self._case.row.id
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self._context.query(
            "acceptance.case_beside",
            {"case_id": case_id},
            done=lambda beside: self._show_beside(case_id, beside),
            failed=lambda error: self._beside_failed(case_id, error),
        )

    def _show_beside(self, case_id: int, beside: Any) -> None:
        if self._case.row.id != case_id or beside == self._beside:
            return
        self._beside, self._beside_error = beside, None
        self._say_counts()
        if self.tabs.current() in ("materials", *WIDE):
            self._show_tab(self.tabs.current())

    def _beside_failed(self, case_id: int, error: UserError) -> None:
        if self._case.row.id == case_id:
            self._beside_error = error
            if self.tabs.current() in BESIDE:
                self._show_tab(self.tabs.current())

    def _say_counts(self) -> None:
        beside = self._beside
        self.tabs.set_count("checks", facts_count(beside.facts) if beside is not None else None)
        self.tabs.set_count("visits", len(beside.visits) if beside is not None and beside.visits else None)
        self.tabs.set_count("alike", alike_count(beside) if beside is not None else None)

    def _pairs(self, case: Any) -> list[tuple[str, ...]]:
        pairs = [
            (_("Applicant"), f"{case.row.applicant}　{case.applicant_masked}"),
            (_("Agent"), identifiers.mask_name(case.agent_name) if case.agent_name else ""),
            (_("Telephone"), case.phone),
            (_("Project"), case.project),
            *case.form.items(),
            (_("Ticket"), case.ticket),
        ]
        return [(label, str(value)) for label, value in pairs if value]

    def _show_tab(self, tab: str) -> None:
        self.list.setVisible(tab not in WIDE)
        if tab in WIDE:
            self._show_wide(tab)
            return
        items = self._materials() if tab == "materials" else self._papers()
        chosen = self.list.current()
        self.list.set_items(items)
        ids = [item.id for item in items]
        first = self._first(tab)
        if (
            chosen not in ids or chosen.startswith("f")
        ) and first is not None:  # a check has a tab of its own
            self.list.select(first)
            chosen = first
        if chosen in ids:
            self._open(chosen)
        else:
            self._say_nothing(_("Nothing here yet"), "")

    def _show_wide(self, tab: str) -> None:
        """A tab without a list at the left; most of them are made when they are looked at for the first time."""
        beside = self._beside
        if tab == "form":
            self._facts.set_pairs(self._pairs(self._case))
            self._stack.setCurrentIndex(FORM)
            return
        if beside is None:
            self._show_unknown()
            return
        {"checks": lambda: self.checks.fill(beside.facts), "visits": lambda: self.visits.fill(beside.visits),
         "alike": lambda: self.alike.fill(beside)}[tab]()  # fmt: skip
        self._stack.setCurrentWidget(getattr(self, tab))

    def _show_unknown(self) -> None:
        """What stands beside the papers has not come: that is not the same as nothing."""
        if self._beside_error is not None:
            self._trouble.set_text(str(self._beside_error.sentence), str(self._beside_error.do))
            self._stack.setCurrentIndex(TROUBLE)
        else:
            self._say_nothing(_("Being asked for…"), "")

    @cached_property
    def checks(self) -> FactTable:
        """Checks against registers."""
        table = FactTable()
        self._stack.addWidget(table)
        return table

    @cached_property
    def visits(self) -> VisitList:
        """Visits on site."""
        visits = VisitList()
        self._stack.addWidget(visits)
        return visits

    @cached_property
    def alike(self) -> AlikeTable:
        """Decided cases of the item."""
        table = AlikeTable(self._context)
        self._stack.addWidget(table)
        return table

    def _first(self, tab: str) -> str | None:
        """The first material with pages, else the first of all; the newest paper."""
        if tab == "papers":
            return f"p{self._case.papers[-1].id}" if self._case.papers else None
        found = _first_with_pages(self._case)
        return f"m{found.position}" if found is not None else None

    def _materials(self) -> list[ListItem]:
        return [
            ListItem(f"m{m.position}", m.name, self._second(m), state=GIVEN_LIGHTS[m.given])
            for m in self._case.materials
        ] + fact_items(self._beside.facts if self._beside is not None else [])

    def _second(self, material: Any) -> str:
        if material.given == "tolerated" and material.due:
            return _("by {day}", day=month_day(material.due))
        if material.pages:
            return _("{n} pages", n=len(material.pages))
        return given_text(material.given)

    def _papers(self) -> list[ListItem]:
        return [
            ListItem(f"p{paper.id}", paper.title, said, state=light)
            for paper in self._case.papers
            for light, said in [paper_state(REPLACED if paper.replaced else paper.state)]
        ]

    # ---- pages ----

    def _open(self, key: str) -> None:
        if key.startswith("f"):
            self.tabs.set_current("checks")
            self._show_tab("checks")
            self.checks.select(int(key[1:]))
            return
        if key.startswith("p"):
            paper = next(p for p in self._case.papers if p.id == int(key[1:]))
            if not paper.document:
                self._say_nothing(_("The paper is still being made."), "")
                return
            look = {"case_id": self._case.row.id, "what": "paper", "number": paper.id}
            of_file = paper.id, paper.document, paper.sealed
            self._fetch(of_file, "acceptance.paper_file", {"paper_id": paper.id}, look)
            return
        material = next(m for m in self._case.materials if m.position == int(key[1:]))
        if not material.pages:
            self._say_nothing(*self._why_no_pages(material))
            return
        position = {"position": material.position}
        look = {"what": "material", "number": material.position}
        task_id = getattr(
            self._case, "task_id", None
        )  # of an agency that was asked: it sees no more than its task
        if task_id is None:
            query, of = "acceptance.material_file", {"case_id": self._case.row.id}
        else:
            query, of = "acceptance.task_file", {"task_id": task_id}
        self._fetch((self._case.row.id, *material.pages), query, {**of, **position}, {**of, **look})

    def _why_no_pages(self, material: Any) -> tuple[str, str]:
        return {
            "paper": (_("No scanned pages"), _("The window checked the paper; it lies in the case file.")),
            "licence": (_("An electronic licence stands for it"), material.licence),
            "tolerated": (_("Promised for later"), _("The applicant has promised to bring it.")),
        }.get(
            material.given, (_("Not handed in"), _("The item does not require it, or it is still missing."))
        )

    def _fetch(self, key: tuple[Any, ...], query: str, request: dict[str, Any], look: dict[str, Any]) -> None:
        """Show pages; `look` is what is left of it behind the reading."""
        if key == self._loaded:
            self._shown = key
            self._stack.setCurrentIndex(PAGES)
            return
        if key == self._shown and key not in self._kept:
            self._fill_empty(_("Being asked for…"), "")
            return
        self._shown, self._look = key, {**look, **purpose(self._context, look.get("case_id"))}
        if key in self._kept:
            self._show(key, self._kept[key])
            return
        self._context.query(
            query,
            {**request, **purpose(self._context, look.get("case_id")), "ahead": True},
            done=lambda answer: self._came(key, answer),
            failed=lambda error: self._fail(key, error),
        )

    def read_ahead(self, case: Any) -> None:
        """Fetch the pages that a case opens with; nobody has looked at them yet."""
        material = _first_with_pages(case)
        if material is None or not material.pages or (key := (case.row.id, *material.pages)) in self._kept:
            return
        request = {"case_id": case.row.id, "position": material.position, "ahead": True}
        self._context.query(
            "acceptance.material_file",
            {**request, **purpose(self._context, case.row.id)},
            done=lambda answer: self._keep(key, list(answer)),
            failed=lambda _error: None,  # told when the case is opened
        )

    def _came(self, key: tuple[Any, ...], answer: bytes | Sequence[Document]) -> None:
        documents = [Document(answer)] if isinstance(answer, bytes) else list(answer)
        self._keep(key, documents)
        self._show(key, documents)

    def _keep(self, key: tuple[Any, ...], documents: list[Document]) -> None:
        self._kept[key] = documents
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _show(self, key: tuple[Any, ...], documents: list[Document]) -> None:
        if key != self._shown or self.tabs.current() in WIDE:
            return  # somebody has gone on meanwhile
        self._documents, self._at, self._loaded = documents, 0, key
        self._load()
        self._looks.seen(self._look)

    def _load(self) -> None:
        several = len(self._documents) > 1
        for part in (self._before, self._file, self._after):
            part.setVisible(several)
        self._file.setText(
            _("File {n} of {all}", n=self._at + 1, all=len(self._documents)) if several else ""
        )
        self._before.setEnabled(self._at > 0)
        self._after.setEnabled(self._at + 1 < len(self._documents))
        document = self._documents[self._at]
        self.save.setVisible(bool(document.file))
        self.full.setEnabled(bool(document.pdf))
        said = document.pdf and document.note
        self.notes.put(WarnNote(document.note) if said else None)
        self.notes.setContentsMargins(*(NOTE_MARGINS if said else (0, 0, 0, 0)))
        if document.pdf:
            self.viewer.load(document.pdf)
            self.viewer.fit_width()
        else:
            self.viewer.load_nothing(
                document.note, document.do, [self._save_button()] if document.file else ()
            )
        self._stack.setCurrentIndex(PAGES)

    def _turn(self, step: int) -> None:
        self._at = min(max(0, self._at + step), len(self._documents) - 1)
        self._load()

    def _say_nothing(self, title: str, why: str, button: Button | None = None) -> None:
        self._shown, self._loaded, self._documents = None, None, []
        self._fill_empty(title, why, button)

    def _fill_empty(self, title: str, why: str, button: Button | None = None) -> None:
        clear_layout(self._empty)
        self._empty.addWidget(EmptyState("file-text", title, why, button, framed=False))
        self._stack.setCurrentIndex(NOTHING)

    def _fail(self, key: tuple[Any, ...], error: UserError) -> None:
        if key != self._shown:
            return
        if error.code == "PURPOSE_MISSING":
            if purpose(self._context, self._case.row.id):  # it was said while this was under way
                self._shown = None
                self._open(self.list.current())
                return
            button = Button(_("Say for what…"), size="compact")
            button.clicked.connect(lambda _checked: self.ask_purpose())
            self._say_nothing(in_language(error.sentence), in_language(error.do), button)
            return
        self._shown, self._loaded, self._documents = None, None, []
        self._trouble.set_text(str(error.sentence), str(error.do))
        self._stack.setCurrentIndex(TROUBLE)

    def ask_purpose(self) -> ActDialog:
        """For what somebody without a task needs to see the papers; then they are shown."""
        case = self._case

        def said() -> None:
            if self._case.row.id == case.row.id:
                self._open(self.list.current())

        return ask_purpose(self, self._context, case.row.id, said)

    def open_full_screen(self) -> None:
        """The pages alone."""
        if self._documents and self._documents[self._at].pdf and self._stack.currentIndex() == PAGES:
            title = self._case.row.item_name
            FullScreen(self, title, self._documents[self._at], self.viewer.page()).showFullScreen()

    def _save_button(self) -> Button:
        button = Button(_("Save the file as it was handed in"), icon="download", size="compact")
        button.clicked.connect(lambda _checked: self.save_file())
        return button

    def save_file(self) -> None:
        """Save the file in view as it was handed in."""
        data = self._documents[self._at].file
        name = f"{self._case.row.case_no}-{self.list.current().lstrip('m')}-{self._at + 1}.ofd"
        save_file(self._context, self, name, lambda path: path.write_bytes(data))


def _tabs(*, beside: bool) -> list[Tab]:
    names = {
        "materials": _("Materials"), "form": _("Form"), "checks": _("Data checks"), "visits": _("Site visits"),
        "alike": _("Cases alike"), "papers": _("Papers"),
    }  # fmt: skip
    return [Tab(tab, name) for tab, name in names.items() if beside or tab not in BESIDE]


def _first_with_pages(case: Any) -> Any:
    """The first material with pages, else the first of all; None where there is none."""
    return next((m for m in case.materials if m.pages), case.materials[0] if case.materials else None)
