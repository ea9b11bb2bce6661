"""The middle of the intake: steps, form, materials, camera."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, LazyText, MaterialRow
from yichuang.api.ui import Form, FormField, Hairline, IconMark, PageContext, Scroller, StepLine, Tag, Text
from yichuang_acceptance.operations.matter_plan import Plan
from yichuang_acceptance.ui.camera import CameraStrip
from yichuang_acceptance.ui.case_texts import clock, kind_tag, type_tag
from yichuang_acceptance.ui.form_source import FormSource
from yichuang_acceptance.ui.hands import Hands
from yichuang_acceptance.ui.licences_box import LicencesBox
from yichuang_acceptance.ui.materials import Materials
from yichuang_acceptance.ui.matter_box import MatterBox
from yichuang_acceptance.ui.schema_form import SchemaForm
from yichuang_acceptance.ui.situation_strip import SituationStrip
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
# What the case keeps of the form, under the names that papers and licences print.
PRINTED = {"address": "联系地址", "content": "申请内容"}
MOST_PROJECT, MOST_LINE = 200, 500
MOST_FORM_HEIGHT = 290
QUESTIONS_HEIGHT = 70  # given up for the questions of a matter, so that its materials stay in sight


class ApplicationForm(QWidget):
    """What is asked about the application itself.

    Args:
        licences: The applicant's licences.
        edited: Called after every change.
        draft_id: Gives the draft that is being written.
        choose: Called with the optional items of a matter that are wanted, when that changes.

    Attributes:
        hands: What was handed in.
    """

    def __init__(
        self,
        context: PageContext,
        licences: LicencesBox,
        edited: Callable[[], None],
        draft_id: Callable[[], int | None],
        choose: Callable[[tuple[int, ...]], None] = lambda _chosen: None,
    ) -> None:
        super().__init__()
        self._edited, self._choose = edited, choose
        self.matter = MatterBox(edited, choose)
        self.title = Text("", 18, strong=True, elide=True)
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._kind, self._type = Tag("", "green"), Tag("", "grey")
        self._saved_mark = IconMark("save", "t3", 14)
        self.saved = Text("", 12, "t3")
        self.steps = StepLine([])
        self.fields = Form(
            [
                FormField(
                    "project", _("Project or place"), span=2, check=lambda v: _too_long(v, MOST_PROJECT)
                ),
                FormField("address", _("Contact address"), span=2, check=lambda v: _too_long(v, MOST_LINE)),
                FormField(
                    "content", _("What is applied for"), span=4, check=lambda v: _too_long(v, MOST_LINE)
                ),
            ]
        )
        self.fields.changed.connect(lambda _key: edited())
        self.schema = SchemaForm(edited)
        self.schema.today = self.matter.form.today = lambda: context.now().astimezone(HALL_ZONE).date()
        self.source = FormSource(context, self.schema, self.matter.form, self._form_shown)
        self.caption = Text("", 12, "t3")
        self.wrong = Text("", 12, "red")
        self.situations = SituationStrip(context)
        self.situations.answered.connect(self._answered)
        self._listed: list[MaterialRow] = []
        self.materials = Materials(context, licences, self._hands_changed, self._selected)
        self.hands: Hands = self.materials.hands
        self.camera = CameraStrip(context, self.hands, self.materials.current, self._pages_changed, draft_id)
        self.materials.upload.clicked.connect(self.camera.choose_files)
        self.materials.scan.clicked.connect(self.camera.scan_pages)
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (self.title, self._kind, self._type):
            head.addWidget(part)
        head.addStretch(1)
        for part in (self._saved_mark, self.saved):
            head.addWidget(part)
        top = QVBoxLayout()
        top.setContentsMargins(20, 12, 20, 10)
        top.setSpacing(8)
        top.addLayout(head)
        top.addWidget(self.steps)
        middle = QVBoxLayout()
        middle.setContentsMargins(20, 10, 20, 8)
        middle.setSpacing(6)
        middle.addWidget(self.matter)
        form_head = QHBoxLayout()
        form_head.setSpacing(8)
        for part in (Text(_("Form"), 14, strong=True), self.caption, self.wrong):
            form_head.addWidget(part)
        form_head.addStretch(1)
        middle.addLayout(form_head)
        middle.addWidget(self.schema)
        middle.addWidget(self.fields)
        inside = QWidget()
        inside.setLayout(middle)
        self._middle = Scroller(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(Hairline())
        column.addWidget(self._middle)
        column.addWidget(Hairline())
        column.addWidget(self.situations)
        column.addWidget(self.materials, 1)
        column.addWidget(Hairline())
        column.addWidget(self.camera)

    # ---- filling ----

    def show_item(
        self,
        item: Any,
        materials: Sequence[MaterialRow],
        kept: Sequence[dict[str, Any]] | None,
        answers: Mapping[str, str],
        form: Mapping[str, Any] | None = None,
    ) -> None:
        """Ask for what an item, or a whole matter, asks for; `kept`, `answers` and `form` are what a draft remembers."""
        self._listed = list(materials)
        self.title.setText(item.name)
        if isinstance(item, Plan):
            self.matter.show_plan(item)
            tags = (kind_tag("matter"), None)
        else:
            self.matter.clear()
            tags = (kind_tag(item.kind), type_tag(item.type))
        self._fit()
        for tag, spec in zip((self._kind, self._type), tags, strict=True):
            tag.setVisible(spec is not None)
            if spec is not None:
                tag.set_spec(spec)
        if kept is None:
            self.hands.ask(materials)
        else:
            self.hands.restore(materials, kept)
        self.source.ask(item, form or {})
        self._show_printed()
        if isinstance(item, Plan):
            self.situations.ask_matter(item, answers)
        else:
            self.situations.ask(item, answers)
        QTimer.singleShot(0, self._fit)  # new fields know their height once they are shown
        self.materials.show_hands()
        self.camera.show_pages()

    def _form_shown(self) -> None:
        """Other fields are there, or other values."""
        self._show_printed()
        self.show_form_state()
        self._fit()
        QTimer.singleShot(0, self._fit)
        self._edited()

    def _show_printed(self) -> None:
        """An item with a form of its own asks for no address and content."""
        for key in PRINTED:
            self.fields.field(key).setVisible(self.schema.form is None)

    def show_form_state(self) -> None:
        """How many fields there are, how many came from sources, and whether any is wrong."""
        form = self.source.form
        told = _("{n} fields, {filled} brought in", n=len(form.fields), filled=len(form.sources()))
        self.caption.setText(told if form.fields else "")
        wrong = len(self._errors())
        self.wrong.setText(_("{n} to correct", n=wrong) if wrong else "")

    def _fit(self) -> None:
        """The form is as high as it needs; that of a matter leaves room for the materials and is scrolled."""
        inside = self._middle.widget()
        layout = inside.layout() if inside is not None else None
        if layout is not None:
            layout.invalidate()
            layout.activate()
            most = MOST_FORM_HEIGHT - (QUESTIONS_HEIGHT if self.situations.isVisible() else 0)
            self._middle.setFixedHeight(min(layout.sizeHint().height(), most))

    def clear(self) -> None:
        """The next applicant."""
        self.matter.clear()
        self.source.clear()
        self._show_printed()
        self.show_form_state()
        self._fit()
        self.title.setText("")
        for part in (self._kind, self._type, self._saved_mark):
            part.hide()
        self._listed = []
        self.situations.clear()
        self.hands.ask([])
        self.fields.set_values(dict.fromkeys(self.fields.keys(), ""))
        self.materials.show_hands()
        self.camera.clear()
        self.saved.setText("")

    def take_address(self, address: str) -> None:
        """The address on the card, unless one was typed."""
        if address and self.schema.form is None and not self.fields.values()["address"]:
            self.fields.set_values({"address": address}, _("identity card"))

    def values(self) -> dict[str, Any]:
        """What stands in the fields, for a draft."""
        return {**self.fields.values(), "schema": self.schema.values(), "sources": self.schema.sources()}

    def set_values(self, values: dict[str, Any]) -> None:
        """Put back what `values` gave, but for the item's own form, which `show_item` brings."""
        self.fields.set_values({key: values.get(key, "") for key in self.fields.keys()})  # noqa: SIM118 - a form, no dict

    def project(self) -> str:
        """The project or place."""
        return str(self.fields.values()["project"])

    def filled(self) -> dict[str, str]:
        """What the case keeps: of an item's own form by its keys, else by printed name."""
        if self.schema.form is not None:
            return self.schema.values()
        values = self.fields.values()
        return {name: values[key] for key, name in PRINTED.items() if values[key]}

    def labelled(self) -> dict[str, str]:
        """The same by what was asked, to be compared with other cases."""
        return self.schema.labelled() if self.schema.form is not None else self.filled()

    def is_empty(self) -> bool:
        """Whether nothing was typed and nothing handed in."""
        empty = self.matter.is_empty() and self.schema.is_empty()
        return not self.hands.given and not any(self.fields.values().values()) and empty

    def validate(self) -> bool:
        """Show what is wrong in the fields."""
        answered = self.situations.validate()
        valid = self.matter.validate() and self.schema.validate() and self.fields.validate()
        self.show_form_state()
        self._fit()
        if not valid and (wrong := self.focusWidget()) is not None:
            self._middle.ensureWidgetVisible(wrong, 0, 40)
        return valid and answered

    def show_problems(self, problems: Sequence[Mapping[str, str]]) -> None:
        """What the operation found wrong in the form."""
        self.source.form.show_problems(problems)
        self.show_form_state()
        self._fit()

    def go_to_form(self) -> None:
        """The keyboard to the form."""
        if self.source.form.form is not None:
            self.source.form.focus_first()
        else:
            self.fields.focus_first()

    def go_to_materials(self) -> None:
        """The keyboard to the material list."""
        position = self.materials.current() or (self.hands.asked[0].position if self.hands.asked else None)
        if position is not None:
            self.materials.go_to(position)

    # ---- how far it is ----

    def show_steps(self, *, identified: bool, wrong: bool, shown: str | None = None) -> None:
        """The line of steps: the first one that is not done is the current one.

        Args:
            identified: Whether it is known who applies.
            wrong: Whether something is wrong with that.
            shown: How far the applicant's screen is, "" before anything is shown; None where there is no such screen.
        """
        self.show_form_state()
        done = (identified, not self._errors(), not self.hands.defects() and bool(self.hands.asked))
        errors = (wrong, bool(self._errors()), False)
        names = (_("Identity"), _("Form"), _("Materials"))
        states, current = [], True
        for is_done, is_wrong in zip(done, errors, strict=True):
            state = "error" if is_wrong else "done" if is_done else "current" if current else "not_yet"
            current = current and is_done
            states.append(state)
        if not identified and states[1] == "done":
            states[1] = "not_yet"
        ready = all(done)
        steps = [*zip(names, states, strict=True)]
        if shown is not None:
            now = {"signed": "done", "wrong": "error"}.get(shown, "current" if ready else "not_yet")
            steps.append((_("Applicant confirms"), now))
            ready = ready and now == "done"
        self.steps.set_steps([*steps, (_("Acceptance notice"), "current" if ready else "not_yet")])

    def _errors(self) -> dict[str, str]:
        return {**self.matter.errors(), **self.schema.errors(), **self.fields.errors()}

    def show_saved(self, moment: datetime) -> None:
        """The draft was written."""
        self.saved.setText(_("draft saved {when}", when=clock(moment)))
        self.saved.set_color("t3")
        self._saved_mark.set_icon("save", "t3")
        self._saved_mark.show()

    def show_unsaved(self) -> None:
        """The draft could not be written."""
        self.saved.setText(_("draft not saved"))
        self.saved.set_color("amb")
        self._saved_mark.set_icon("triangle-alert", "ambd")
        self._saved_mark.show()

    def _answered(self) -> None:
        """The material list follows the answers; those of a matter are worked out with it."""
        if self._choose_again():
            return
        self.hands.narrow(self.situations.narrowed(self._listed))
        self._pages_changed()

    def _choose_again(self) -> bool:
        """Whether a matter is shown, which then is worked out anew."""
        shown = self.matter.is_shown()
        if shown:
            self._choose(self.matter.chosen())
        return shown

    def _selected(self) -> None:
        self.camera.show_pages()

    def _hands_changed(self) -> None:
        self.camera.show_pages()
        self._edited()

    def _pages_changed(self) -> None:
        self.materials.show_hands()
        self._hands_changed()


def _too_long(value: str, most: int) -> str | None:
    return _("At most {n} characters.", n=most) if len(value) > most else None


def claim_keys(context: PageContext, front: Callable[[], ApplicationForm | None]) -> None:
    """The keys of the application in front, at the window or offline; None where there is none just now."""

    def claim(
        key: str, title: LazyText, act: Callable[[ApplicationForm], None], *, bar: bool = False
    ) -> None:
        def pressed() -> None:
            form = front()
            if form is not None:
                act(form)

        context.shortcut(key, title, pressed, bar=bar, enabled=lambda: front() is not None)

    claim("F9", L("Capture a page"), lambda form: form.camera.capture_page(), bar=True)
    claim("Alt+S", L("Scan pages"), lambda form: form.camera.scan_pages())
    claim("Alt+F", L("Go to the form"), lambda form: form.go_to_form())
    claim("Alt+M", L("Go to the materials"), lambda form: form.go_to_materials())
