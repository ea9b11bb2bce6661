"""The item catalogue: finding an item, reading its guide, changing it, publishing what somebody else wrote."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import (
    Button,
    EmptyState,
    NotePlace,
    PageContext,
    PageHeader,
    Splitter,
    Tag,
    TagSpec,
    Text,
    WarnNote,
)
from yichuang_acceptance.rules.guide_diff import counts
from yichuang_acceptance.ui import guide_questions as questions
from yichuang_acceptance.ui.catalogue_files import CatalogueFiles
from yichuang_acceptance.ui.catalogue_list import CatalogueList
from yichuang_acceptance.ui.documents import DocumentDialog, print_pdf
from yichuang_acceptance.ui.graph_dialog import ask_graph
from yichuang_acceptance.ui.guide_versions import item_state_text, state_text
from yichuang_acceptance.ui.guide_view import GuideView
from yichuang_acceptance.ui.phone_notice import PERMISSION as SEND
from yichuang_acceptance.ui.phone_notice import PhoneNotice, claim_key, make_button
from yichuang_acceptance.ui.promise_item import ask_promise_item
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
EDIT, PUBLISH, GRAPHS = "acceptance.edit_items", "acceptance.publish_items", "acceptance.graphs"
PROMISES = "acceptance.promises"


class CataloguePage(QWidget):
    """Items at the left, the guide of the chosen one at the right."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.detail: Any = None
        self.is_dirty = False
        self._asked = 0
        self.files = CatalogueFiles(context, self)
        self.new = Button(_("New item"), icon="file-plus-2")
        self.new.clicked.connect(self.new_item)
        self.new.setVisible(context.can(EDIT))
        self.header = PageHeader(_("Item catalogue"), actions=(*self.files.buttons(), self.new))
        self.items = CatalogueList(context)
        self.items.chosen.connect(self.choose)
        self.view = GuideView(context)
        self.view.changed.connect(self._changed)
        self._right = QStackedWidget()
        self._right.addWidget(
            EmptyState(
                "library-big",
                _("Choose an item"),
                _("Search by initials, name or code at the left."),
                framed=False,
            )
        )
        self._right.addWidget(self._build_guide())
        split = Splitter("h", "catalogue")
        split.addWidget(self.items)
        split.addWidget(self._right)
        split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(split, 1)
        self._claim_keys()
        claim_key(context, self._phone.ask, self.acts["phone"].isVisible)
        context.watch({"item", "items"}, self.reload)

    # ---- parts ----

    def _build_guide(self) -> QWidget:
        self._name = Text("", 16, strong=True, elide=True)
        self._code = Text("", 12, "t3", selectable=True)
        self._agency = Text("", 12, "t3", elide=True)
        self._tags = [Tag("", "grey") for _n in range(3)]
        self.acts = {
            "print": Button(_("Service guide"), icon="printer", key="Ctrl+P", binds=False),
            "phone": make_button(),
            "graph": Button(_("Review graph"), icon="git-branch"),
            "promise": Button(_("Commitment"), icon="file-pen-line"),
            "state": Button(_("Change its state"), icon="circle-pause"),
            "drop": Button(_("Drop"), icon="trash-2"),
            "back": Button(_("Send to its author"), icon="undo-2", key="F7", binds=False),
            "save": Button(_("Save"), icon="save", key="Ctrl+S", binds=False),
            "draft": Button(_("New version"), "primary", icon="pencil", key="F6", binds=False),
            "submit": Button(_("Submit"), "primary", icon="send", key="F8", binds=False),
            "publish": Button(_("Publish"), "primary", icon="circle-check", key="F9", binds=False),
        }
        self._phone = PhoneNotice(self._context, self.acts["phone"], self._to_send)
        for act, button in self.acts.items():
            if act != "phone":
                button.clicked.connect(lambda _on=False, act=act: self.act(act))
            button.hide()  # all of them at once would make the page wider than a small desk
        below = QHBoxLayout()
        below.setSpacing(6)
        for tag in self._tags:
            below.addWidget(tag)
        below.addWidget(self._agency, 1)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._name)
        texts.addLayout(below)
        texts.addWidget(self._code)  # on a line of its own: the buttons leave no room for both
        row = QHBoxLayout()
        row.setContentsMargins(20, 12, 20, 4)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        for button in self.acts.values():
            row.addWidget(button)
        self.note = NotePlace()
        self.note.setContentsMargins(20, 0, 20, 0)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addLayout(self.note)
        column.addWidget(self.view, 1)
        return box

    def _claim_keys(self) -> None:
        titles = {
            "draft": L("Begin a new version"), "back": L("Send to its author"), "submit": L("Submit"), "publish": L("Publish"),
            "save": L("Save"), "print": L("Print the service guide"),
        }  # fmt: skip
        for act, key in (
            ("draft", "F6"), ("back", "F7"), ("submit", "F8"), ("publish", "F9"), ("save", "Ctrl+S"), ("print", "Ctrl+P"),
        ):  # fmt: skip
            self._context.shortcut(
                key, titles[act], lambda act=act: self.act(act), bar=act in ("draft", "submit", "publish"),
                enabled=lambda act=act: self.acts[act].isVisible(),
            )  # fmt: skip

    # ---- the chosen item ----

    def choose(self, code: str) -> None:
        """Open an item; changes of another that were not kept are asked about."""
        if self.detail is not None and code == self.detail.item:
            return
        if self.is_dirty:
            current = self.detail.item
            self.items.list.select(current)
            questions.ask_leave(self, lambda: self._leave(code))
            return
        self.open(code)

    def _leave(self, code: str) -> None:
        self.is_dirty = False
        self.items.list.select(code)
        self.open(code)

    def open(self, code: str, version: int | None = None) -> None:
        """Ask for an item's guide and show it."""
        self._asked += 1
        asked = self._asked

        def came(detail: Any) -> None:
            if asked == self._asked:
                self.show_guide(detail)

        self._context.query(
            "acceptance.guide", {"item": code, "version": version}, done=came, failed=self._refused
        )

    def reload(self) -> None:
        """Ask again for the list, and for the guide unless somebody is typing in it."""
        self.items.load()
        if self.detail is not None and not self.is_dirty:
            self.open(self.detail.item)

    def show_guide(self, detail: Any) -> None:
        """Show a version with what the person may do with it."""
        self.detail, self.is_dirty = detail, False
        self._right.setCurrentIndex(1)
        self.items.list.select(detail.item)
        self._name.setText(detail.name)
        self._agency.setText(detail.agency_name)
        self._code.setText(detail.item)
        self._show_tags(detail)
        edits, publishes = self._context.can(EDIT), self._context.can(PUBLISH)
        shown = {
            "print": True, "phone": self._context.can(SEND) and detail.holds,
            "graph": self._context.can(GRAPHS) and detail.state == "published",
            "promise": self._context.can(PROMISES) and detail.state == "published",
            "state": publishes and detail.item_state != "3" and detail.open_version != 1,
            "drop": edits and detail.state == "draft", "back": publishes and detail.state == "submitted",
            "save": edits and detail.state == "draft",
            "draft": edits and not detail.open_version and detail.item_state != "3",
            "submit": edits and detail.state == "draft", "publish": publishes and detail.state == "submitted" and not detail.own,
        }  # fmt: skip
        for act, button in self.acts.items():
            button.setVisible(shown[act])
            button.set_busy(False)
        self.acts["save"].setEnabled(False)
        self._phone.gate()
        self.view.show_guide(detail, editable=shown["save"])
        self._show_note(detail)

    def _show_tags(self, detail: Any) -> None:
        tone = "teal" if detail.state == "published" else "amber"
        holds = _("holds today") if detail.holds else state_text(detail.state)
        specs = [TagSpec(f"V{detail.version}"), TagSpec(holds, "green" if detail.holds else tone)]
        if detail.item_state != "1":
            specs.append(TagSpec(item_state_text(detail.item_state), "red"))
        for number, tag in enumerate(self._tags):
            tag.setVisible(number < len(specs))
            if number < len(specs):
                tag.set_spec(specs[number])

    def _show_note(self, detail: Any) -> None:
        if detail.returned_reason:
            self.note.put(
                WarnNote(
                    _("{name} sent this version back", name=detail.returned_name), detail.returned_reason
                )
            )
        elif detail.state == "submitted" and detail.own:
            self.note.put(
                WarnNote(
                    _("Waits for somebody else to publish it"), _("You worked on this version yourself.")
                )
            )
        elif detail.problems:
            text = detail.problems[0].reason
            self.note.put(
                WarnNote(_("{n} things to do before it can be submitted", n=len(detail.problems)), text)
            )
        elif detail.state == "published" and not is_told(detail):
            what = _(
                "The window lists only the written application, and promises no day. Press F6 to enter materials and limits."
            )
            other = _(
                "The window lists only the written application, and promises no day, until the agency enters the rest."
            )
            self.note.put(
                WarnNote(_("No guide is published yet"), what if self._context.can(EDIT) else other)
            )
        else:
            self.note.say("")

    # ---- acts ----

    def act(self, act: str) -> None:
        """What a button or its key does."""
        if self.detail is None or not self.acts[act].isVisible():
            return
        detail = self.detail
        acts = {
            "print": self._print, "draft": self._draft, "save": self.save, "submit": self._submit, "publish": self._publish,
            "graph": lambda: ask_graph(self, self._context, detail.item, detail.name, detail.version, self._acted),
            "promise": lambda: ask_promise_item(self, self._context, detail.item, detail.name, self._acted),
            "back": lambda: questions.ask_return(self, self._context, self.detail, self._acted),
            "drop": lambda: questions.ask_drop(self, self._context, self.detail, self._acted),
            "state": lambda: questions.ask_state(self, self._context, self.detail, self._acted),
        }  # fmt: skip
        acts[act]()

    def new_item(self) -> None:
        """Ask for a new item and open its draft."""
        actor = self._context.actor
        if actor.hall_wide:
            self._context.query(
                "hall.agencies", done=lambda rows: self._ask_new([(r.code, r.short_name) for r in rows])
            )
        else:
            self._ask_new([(actor.agency, actor.agency_name or actor.agency)])

    def _ask_new(self, agencies: list[tuple[str, str]]) -> None:
        questions.ask_new_item(self, self._context, agencies, lambda made: self.open(made.item))

    def _draft(self) -> None:
        self._run("draft_guide", {"item": self.detail.item}, "draft")

    def save(self, then: Any = None) -> None:
        """Keep what was typed; `then(version)` follows."""
        if self.view.first_wrong():
            self.note.say(_("Correct what is marked; nothing was saved yet."))
            return
        request = {"item": self.detail.item, "row_version": self.detail.row_version, "note": self.detail.note}
        self._run("change_guide", request | self.view.body(), "save", then)

    def _submit(self) -> None:
        detail = self.detail

        def ask(row_version: int) -> None:
            self.is_dirty = False
            dialog = questions.ask_submit(self, self._context, detail, row_version, self._acted)
            dialog.rejected.connect(
                lambda: self.open(detail.item)
            )  # as it was saved, with what is still wrong

        if self.is_dirty:
            self.save(lambda kept: ask(kept.row_version))
        else:
            ask(detail.row_version)

    def _publish(self) -> None:
        detail = self.detail
        request = {"item": detail.item, "old": detail.published, "new": detail.version}

        def came(changes: list[Any]) -> None:
            questions.ask_publish(self, self._context, detail, counts(changes), self._acted)

        self._context.query("acceptance.guide_diff", request, done=came, failed=self._refused)

    def _to_send(self) -> tuple[str, dict[str, Any]] | None:
        """The item in front, by the guide that holds today; others have none to be told of."""
        detail = self.detail
        return (detail.name, {"item": detail.item}) if detail is not None and detail.holds else None

    def _print(self) -> None:
        detail = self.detail
        title = _("Service guide: {name}", name=detail.name)

        def came(pdf: bytes) -> None:
            DocumentDialog(title, pdf, lambda: print_pdf(self._context, title, pdf)).open_in(self.window())

        request = {"item": detail.item, "version": detail.version}
        self._context.query("acceptance.guide_paper", request, done=came, failed=self._refused)

    def _run(self, name: str, request: dict[str, Any], act: str, then: Any = None) -> None:
        self.acts[act].set_busy(True)

        def done(result: Any) -> None:
            self.acts[act].set_busy(False)
            if then is not None:
                then(result)
            else:
                self._acted(result)

        def failed(error: UserError) -> None:
            self.acts[act].set_busy(False)
            problems = error.detail.get("problems")
            if isinstance(problems, list):
                self.view.show_problems(problems)
            self._refused(error)

        self._context.run(f"acceptance.{name}", request, done=done, failed=failed)

    def _acted(self, _result: Any) -> None:
        self.is_dirty = False
        self._context.status(_("Done"))
        self.open(self.detail.item)

    def _refused(self, error: UserError) -> None:
        if self.detail is None:
            self._context.notify(str(error), "error")
        else:
            self.note.say(error)

    def _changed(self) -> None:
        self.is_dirty = True
        self.acts["save"].setEnabled(True)


def is_told(detail: Any) -> bool:
    """Whether a version says what to bring, or how long it takes."""
    known = detail.elements
    return bool(detail.lists.get("materials") or known.get("promise_day") or known.get("anticipate_day"))


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return CataloguePage(context)
