"""Looking licences up: search, the licences found, the open one with its face, what was checked on it and who used it."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import ErrorNote, Hairline, PageContext, Splitter
from yichuang_licence.rules import Status
from yichuang_licence.ui.check_pane import CheckPane
from yichuang_licence.ui.found_pane import FoundPane
from yichuang_licence.ui.open_licence import OpenLicence
from yichuang_licence.ui.questions import ask_change
from yichuang_licence.ui.search_bar import Asked, SearchBar
from yichuang_licence.ui.texts import field_label, short_time, today_of
from yichuang_licence.words import words

_ = words.text


class LookupView(QWidget):
    """Purpose first, then the search; every look at a licence is recorded before anything of it is shown."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._asked: Asked | None = None  # what the licences on the screen were found by, and why
        self._code = ""  # of the licence that is open or on its way
        self.detail: Any = None
        self.bar = SearchBar(context)
        self.found = FoundPane()
        self.middle = OpenLicence()
        self.checks = CheckPane()
        self.note: ErrorNote | None = None
        self.bar.asked.connect(self.search)
        self.bar.refused.connect(self._say)
        self.found.chosen.connect(self.open)
        self.middle.all_asked.connect(self.reveal_all)
        self.middle.slip_asked.connect(self.print_slip)
        self.middle.fields.reveal_asked.connect(self.reveal)
        self.middle.register.change_asked.connect(lambda status: self.ask_change(Status(status)))
        self._lay_out()

    def _lay_out(self) -> None:
        splitter = Splitter("h", "licence.lookup")
        for at, (part, stretch) in enumerate(((self.found, 0), (self.middle, 1), (self.checks, 0))):
            splitter.addWidget(part)
            splitter.setStretchFactor(at, stretch)
        splitter.setSizes([308, 612, 292])
        self._notes = QVBoxLayout()
        self._notes.setContentsMargins(20, 0, 20, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(self._notes)
        column.addWidget(Hairline())
        column.addWidget(splitter, 1)

    def ask_for(self, by: str, text: str) -> None:
        """Another page wants a licence found; the person still states purpose and authorisation."""
        self._say(None)
        self.bar.ask_for(by, text)

    def search(self, asked: Asked) -> None:
        """Look up; the search is recorded with its purpose."""
        self._asked, self._code, self.detail = asked, "", None
        self._say(None)
        self.bar.set_busy(True)
        self.found.set_busy()
        self.middle.clear()
        self.checks.clear()
        request = {"by": asked.by, "text": asked.text, **asked.ground()}
        self._context.run("licence.search", request, done=self._found, failed=self._not_searched)

    def _found(self, rows: list[Any]) -> None:
        self.bar.set_busy(False)
        self.found.show_rows(rows, today_of(self._context))
        # Opening is a use of its own: only where it is clear whose licences these are it is done unasked.
        if rows and len({row.holder_masked for row in rows}) == 1:
            self.open(self.found.rows()[0].code)
            self.found.list.setFocus()

    def _not_searched(self, error: UserError) -> None:
        self.bar.set_busy(False)
        self.found.clear()
        self._say(error)

    def open(self, code: str) -> None:
        """Open a licence: it is verified, and the look is recorded."""
        if self._asked is None:
            return
        self._code, self.detail = code, None
        self._say(None)
        self.found.select(code)
        self.middle.set_busy()
        self.checks.set_busy()
        self._context.run(
            "licence.view", {"code": code, **self._asked.ground()},
            done=lambda detail: self._opened(code, detail), failed=lambda error: self._not_opened(code, error),
        )  # fmt: skip

    def open_again(self) -> None:
        """Verify the open licence once more."""
        if self._code:
            self.open(self._code)

    def _opened(self, code: str, detail: Any) -> None:
        if code != self._code or self._asked is None:
            return  # another one was chosen meanwhile
        self.detail = detail
        self.found.replace(detail.row)
        self.found.select(code)
        may_change, why_not = self._may_change(detail.row)
        no_reveal = (
            ""
            if self._context.can("people.reveal")
            else _("Showing personal data in full needs a permission of its own.")
        )
        self.middle.show_detail(detail, no_reveal=no_reveal, may_change=may_change, no_change=why_not)
        self.checks.show_detail(detail, today_of(self._context))
        self._context.query(
            "licence.face", {"code": code, "purpose": self._asked.purpose},
            done=lambda pdf: self._face_came(code, pdf), failed=lambda error: self._not_opened(code, error),
        )  # fmt: skip

    def _face_came(self, code: str, pdf: bytes) -> None:
        if code == self._code:
            self.middle.show_face(pdf)

    def _not_opened(self, code: str, error: UserError) -> None:
        if code != self._code:
            return
        self.middle.show_error(error, self.open_again)
        if self.detail is None:
            self.checks.clear()

    def reveal(self, field: str) -> None:
        """Show a masked field; the record comes before the field."""
        if self._asked is None or self.detail is None:
            return
        code, ground = self._code, self._asked.ground()

        def recorded(_entry: int) -> None:
            if code == self._code:
                asked = {"code": code, "field": field, "purpose": ground["purpose"]}
                self._context.query("licence.revealed", asked, done=came, failed=self._say)

        def came(value: str) -> None:
            if code == self._code:
                self.middle.fields.show_value(field, value)
                actor, now = self._context.actor, self._context.now()
                who = " ".join(filter(None, (actor.name, actor.desk)))
                when = short_time(now, today_of(self._context))
                self.checks.add_use("reveal", who, field_label(field), when)

        request = {"code": code, "field": field, **ground}
        self._context.run("licence.reveal", request, done=recorded, failed=self._say)

    def reveal_all(self) -> None:
        """Show every masked field of the open licence; each is recorded."""
        for field in self.middle.fields.hidden():
            self.reveal(field)

    def print_slip(self) -> None:
        """Print what was checked on the open licence, for what and by whom."""
        if self._asked is None or self.detail is None:
            return
        title = _("Verification slip")

        def came(pdf: bytes) -> None:
            self._context.ask_device(
                "paper_printer", "print", pdf=pdf, title=title, done=sent, failed=self._say
            )

        def sent(_answer: Any) -> None:
            self._context.notify(_("The verification slip was sent to the printer"), "success")

        request = {"code": self._code, "purpose": self._asked.purpose}
        self._context.query("licence.slip", request, done=came, failed=self._say)

    def ask_change(self, wanted: Status) -> None:
        """Ask before the status of the open licence is changed."""
        if self.detail is not None:
            row = self.detail.row
            ask_change(self, self._context, row, wanted, lambda _status: self._changed(row))

    def _changed(self, row: Any) -> None:
        self._context.notify(_("The status of {name} was changed", name=row.name), "success")
        if row.code == self._code:
            self.open_again()

    def _may_change(self, row: Any) -> tuple[bool, str]:
        """Whether this person changes licences at all, and why not this one."""
        actor = self._context.actor
        own = actor.hall_wide or actor.agency == row.issuer
        return self._context.can("licence.issue"), "" if own else _(
            "This licence belongs to {agency}.", agency=row.issuer_name
        )

    def _say(self, error: UserError | None) -> None:
        """What went wrong stands below the search until the next act."""
        if self.note is not None:
            self.note.hide()
            self.note.deleteLater()
        self.note = None if error is None else ErrorNote.from_error(error)
        self._notes.setContentsMargins(20, 0, 20, 12 if error is not None else 0)
        if self.note is not None:
            self._notes.addWidget(self.note)
            self._context.status(in_language(error.sentence) if error is not None else "")
