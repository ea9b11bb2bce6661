"""Finding a service item by pinyin, words or code, and what its applicant must know: the one-time notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError, pinyin
from yichuang.api.ui import (
    Button,
    Hairline,
    KeyValue,
    ListItem,
    ListPane,
    NotePlace,
    PageContext,
    Scroller,
    Segmented,
    SidePane,
    Tag,
    TagSpec,
    Text,
    WarnNote,
)
from yichuang_acceptance.operations.accepting import has_guide, materials_of
from yichuang_acceptance.operations.matter_plan import Plan
from yichuang_acceptance.ui.background import in_background
from yichuang_acceptance.ui.case_texts import kind_tag, type_tag
from yichuang_acceptance.ui.documents import DocumentDialog, print_pdf
from yichuang_acceptance.ui.matter_texts import PREFIX, limit_text, plan_pairs, theme_row
from yichuang_acceptance.ui.phone_notice import PhoneNotice, make_button
from yichuang_acceptance.words import words

_ = words.text
PAGE = 1000
MOST_HITS = 60
MOST_RECENT = 8
FILTERS: dict[str, Callable[[Any], bool]] = {
    "all": lambda _row: True,
    "instant": lambda row: row.kind == "instant",
    "licence": lambda row: row.type == "01",
    "service": lambda row: row.type == "20",
}


class ItemFinder(SidePane):
    """The left pane of the intake.

    Args:
        chosen: Called with the `ItemDetail` of the chosen item, or with the `Plan` of the chosen matter.
        refused: Called with the error of an item that could not be opened.
        phone: Gives the applicant's mobile number, or "", for sending the one-time notice.
    """

    found = pyqtSignal()

    def __init__(
        self,
        context: PageContext,
        chosen: Callable[[Any], None],
        refused: Callable[[UserError], None],
        phone: Callable[[], str] = str,
    ) -> None:
        super().__init__("left", 268)
        self._context, self._chosen, self._refused = context, chosen, refused
        self._rows: dict[str, Any] = {}
        self._index: Any = None
        self._item: Any = None
        self._asked = 0
        self.list = ListPane(_("Item: initials, name or code"), key="Ctrl+F", row_height=50)
        self.list.searched.connect(self._search)
        self.list.activated.connect(self.choose)
        self.list.list.clicked.connect(lambda _index: self.choose(self.list.current()))
        self.list.search.installEventFilter(self)
        self.list.set_empty("library-big", _("The catalogue is being loaded"))
        self._why_none = _("Try the initials of the name, or other words.")
        self.filter = Segmented(
            [
                ("all", _("All")),
                ("instant", _("Immediate")),
                ("licence", _("Licences")),
                ("service", _("Services")),
            ],
            "all",
        )
        self.filter.changed.connect(lambda _id: self._search(self.list.search.value()))
        chips = QHBoxLayout()
        chips.setContentsMargins(12, 0, 12, 8)
        chips.addWidget(self.filter)
        chips.addStretch(1)
        self.list.layout().insertLayout(1, chips)
        column = self.body
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 5)
        self._notice_box = self._build_notice(phone)
        column.addWidget(self._notice_box, 6)
        self._notice_box.hide()
        self._more("")

    def _build_notice(self, phone: Callable[[], str]) -> QWidget:
        box = QWidget()
        outer = QVBoxLayout(box)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Hairline())
        column = QVBoxLayout()
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(8)
        outer.addLayout(column)
        self._facts = KeyValue(label_width=56)
        self._bare = NotePlace()
        self._tags = [Tag("", tone, small=True) for tone in ("grey", "green", "amber")]
        tags = QHBoxLayout()
        tags.setSpacing(6)
        for tag in self._tags:
            tags.addWidget(tag)
        tags.addStretch(1)
        inside = QWidget()
        facts = QVBoxLayout(inside)
        facts.setContentsMargins(0, 0, 4, 0)
        facts.setSpacing(8)
        facts.addWidget(self._facts)
        facts.addLayout(tags)
        facts.addLayout(self._bare)
        facts.addStretch(1)
        self.show_slip = Button(_("See the slip"), kind="ghost", icon="eye", size="compact")
        self.show_slip.clicked.connect(lambda: self._slip(self._open_slip))
        self.print_slip = Button(_("Print the slip"), icon="printer")
        self.print_slip.clicked.connect(lambda: self._slip(self._print_slip))
        self.send_slip = make_button()
        self.phone_notice = PhoneNotice(self._context, self.send_slip, self._to_send, phone)
        head = QHBoxLayout()
        head.addWidget(Text(_("One-time notice"), 14, strong=True))
        head.addStretch(1)
        head.addWidget(self.show_slip)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.print_slip, 1)
        acts.addWidget(self.send_slip, 1)
        column.addLayout(head)
        column.addWidget(Scroller(inside), 1)
        column.addLayout(acts)
        return box

    # ---- search ----

    def reload(self) -> None:
        """Ask for the catalogue again."""
        self._rows = {}
        self._more("")

    def _more(self, after: str) -> None:
        self._context.query("hall.items", {"after": after, "limit": PAGE}, done=self._came)

    def _came(self, rows: list[Any]) -> None:
        self._rows.update({row.code: row for row in rows})
        if len(rows) == PAGE:
            self._more(rows[-1].code)
            return
        self._context.query(
            "acceptance.accepted_here", done=self._narrow, failed=lambda _error: self._narrow(None)
        )

    def _narrow(self, here: list[str] | None) -> None:
        """Outside the hall only what may be accepted there, and matters whose items all may."""
        if here is not None:
            self._rows = {code: row for code, row in self._rows.items() if code in here}
            self._why_none = _("Only items that this place may accept are listed.")

        def came(matters: list[Any]) -> None:
            whole = [m for m in matters if {step.item for step in m.steps if step.item} <= self._rows.keys()]
            self._make_index(matters if here is None else whole)

        self._context.query("hall.matters", done=came, failed=lambda _error: self._make_index([]))

    def _make_index(self, matters: list[Any]) -> None:
        """Matters at once stand among the items, first where nothing is searched."""
        items = list(self._rows.values())

        def make() -> tuple[list[Any], Any]:
            rows = [*map(theme_row, matters), *items]
            entries = [
                pinyin.SearchEntry(row.code, row.name, row.code.removeprefix(PREFIX), row.agency_name, row.initials,
                                   row.pinyin, tuple(row.aliases))
                for row in rows
            ]  # fmt: skip
            return rows, pinyin.SearchIndex(entries)

        in_background(self, make, self._indexed)

    def _indexed(self, made: tuple[list[Any], Any]) -> None:
        rows, self._index = made
        self._rows = {row.code: row for row in rows}
        self.list.set_empty("search-x", _("Nothing fits"), self._why_none)
        self._search(self.list.search.value())
        self.found.emit()

    def _search(self, text: str) -> None:
        if self._index is None:
            return
        passes = FILTERS[self.filter.current()]
        if text:
            hits = [hit for hit in self._index.search(text, MOST_HITS) if passes(self._rows[hit.entry.key])]
            items = [self._list_item(self._rows[hit.entry.key], hit.spans) for hit in hits]
            self.list.set_items(items)
            if items:
                self.list.select(items[0].id)
            return
        self.list.set_items(self._recent(passes))

    def _recent(self, passes: Callable[[Any], bool]) -> list[ListItem]:
        """What this person took lately, then the catalogue."""
        codes = [
            code
            for code in self._context.load("recent", [])
            if code in self._rows and passes(self._rows[code])
        ]
        rows = [row for row in self._rows.values() if passes(row) and row.code not in codes]
        items = [self._list_item(self._rows[code]) for code in codes]
        if items:
            items = [ListItem("recent", _("Lately used"), section=True), *items]
            items.append(ListItem("every", _("All items, {n}", n=len(rows)), section=True))
        return items + [self._list_item(row) for row in rows[:MOST_HITS]]

    def _list_item(self, row: Any, spans: Any = ()) -> ListItem:
        marked = tuple((start, end - start) for start, end in spans)
        return ListItem(row.code, row.name, row.agency_name, tag=kind_tag(row.kind), marked=marked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search box: arrows move in the list, Enter takes the marked item."""
        if (
            watched is self.list.search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.move(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take_marked()
                return True
        return False

    def _take_marked(self) -> None:
        self._search(self.list.search.value())  # the list may be a keystroke behind
        self.choose(self.list.current())

    # ---- the chosen item ----

    def choose(
        self, code: object, chosen: Sequence[int] = (), answers: Mapping[str, str] | None = None
    ) -> None:
        """Take an item, or a matter (`theme:` and its code) with the optional items that are wanted and its answers."""
        if not code:
            return
        self._asked += 1
        asking = self._asked

        def show(item: Any) -> None:
            if (
                asking == self._asked
            ):  # answers may overtake one another; only that to the last question counts
                self._show(item)

        if str(code).startswith(PREFIX):
            asked = {
                "theme": str(code).removeprefix(PREFIX),
                "chosen": list(chosen),
                "answers": dict(answers or {}),
            }
            self._context.query("acceptance.matter_plan", asked, done=show, failed=self._refused)
        else:
            self._context.query("hall.item", {"code": str(code)}, done=show, failed=self._refused)

    def clear(self) -> None:
        """Nothing chosen, nothing searched."""
        self._item = None
        self._asked += 1
        self._notice_box.hide()
        self.list.search.clear()
        self.list.list.clearSelection()
        self._search("")

    def _show(self, item: Any) -> None:
        self._item = item
        whole = isinstance(item, Plan)
        taken = PREFIX + item.code if whole else item.code
        recent = [code for code in self._context.load("recent", []) if code != taken]
        self._context.save("recent", [taken, *recent][:MOST_RECENT])
        self._facts.set_pairs(plan_pairs(item) if whole else self._pairs(item))
        self._bare.put(None if whole or has_guide(item) else self._bare_note(item))
        materials = materials_of(item)
        counts = (
            len(materials),
            sum(bool(m.replaceable and m.licence_types) for m in materials),
            sum(m.need == "tolerant" for m in materials),
        )
        texts = (
            _("Materials {n}", n=counts[0]),
            _("Need not submit {n}", n=counts[1]),
            _("May follow {n}", n=counts[2]),
        )
        for tag, tone, text, count in zip(self._tags, ("grey", "green", "amber"), texts, counts, strict=True):
            tag.set_spec(TagSpec(text, tone))
            tag.setVisible(bool(count))
        self._notice_box.show()
        self.phone_notice.gate()
        self._chosen(item)

    @staticmethod
    def _bare_note(item: Any) -> WarnNote:
        """What one does about an item of which the catalogue knows no more than the name."""
        return WarnNote(
            _("No guide is published yet"),
            _(
                "Materials and time limits are not entered; only the written application is listed. Ask {agency} what else is "
                "needed and how long it takes, tell the applicant both, and let the agency publish its guide.",
                agency=item.agency_name,
            ),
        )

    def _pairs(self, item: Any) -> list[tuple[str, ...]]:
        kind = type_tag(item.type)
        promise = (
            _("on the spot") if item.kind == "instant" else limit_text(item.promise_amount, item.promise_unit)
        )
        pairs: list[tuple[str, ...]] = [
            (_("Item type"), kind.text if kind is not None else ""),
            (_("Agency"), item.agency_name),
            (_("Statutory"), limit_text(item.legal_amount, item.legal_unit)),
            (_("Committed"), promise, "green" if item.kind == "instant" else ""),
            (_("Result"), item.result),
            (_("Procedures"), "、".join(item.special)),
            (_("Basis"), item.basis),
        ]
        return [pair for pair in pairs if pair[1]]

    def _slip(self, then: Callable[[str, bytes], None]) -> None:
        item = self._item
        title = _("One-time notice: {item}", item=item.name)
        name = "acceptance.matter_notice" if isinstance(item, Plan) else "acceptance.notice"
        self._context.query(name, self._about(item), done=lambda pdf: then(title, pdf))

    @staticmethod
    def _about(item: Any) -> dict[str, Any]:
        """What notices are asked about."""
        if not isinstance(item, Plan):
            return {"item": item.code}
        chosen = [p.position for p in item.parts if p.optional and p.chosen]
        return {"theme": item.code, "chosen": chosen, "answers": item.answers}

    def _to_send(self) -> tuple[str, dict[str, Any]] | None:
        """What is in front, for sending it to a phone."""
        item = self._item
        return None if item is None else (item.name, self._about(item))

    def _open_slip(self, title: str, pdf: bytes) -> None:
        DocumentDialog(title, pdf, lambda: self._print_slip(title, pdf)).open_in(self.window())

    def _print_slip(self, title: str, pdf: bytes) -> None:
        print_pdf(self._context, title, pdf)
