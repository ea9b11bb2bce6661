"""The bar above the look-up: by what, whose, for what purpose, on what authority; only then can one search."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Button, ComboBox, LineEdit, PageContext, SearchBox, Segmented, Text
from yichuang_licence.rules import BASIS_NAMES, LONGEST_PURPOSE, asked_by, check_asked
from yichuang_licence.words import words

_ = words.text


@dataclass(frozen=True)
class Asked:
    """A look-up as it was asked for.

    Attributes:
        by: holder, number, code or name.
        basis: The holder's authorisation: present, written or statutory.
    """

    by: str
    text: str
    purpose: str
    basis: str

    def ground(self) -> dict[str, str]:
        """What every act on a licence found by it is recorded with."""
        return {"purpose": self.purpose, "basis": self.basis}


class SearchBar(QWidget):
    """Asks for a look-up.

    Signals:
        asked: An `Asked` whose text can be what it is looked up by.
        refused: The UserError that says why it cannot.
    """

    asked = pyqtSignal(object)
    refused = pyqtSignal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        names = context.can("licence.search_names")
        self.by = Segmented(
            [("holder", _("Holder"), "user"), ("number", _("Licence number"), "file-text"), ("code", _("Scan"), "scan-line")]
            + ([("name", _("Name"), "user-search")] if names else []),
        )  # fmt: skip
        self.by.changed.connect(self._by_changed)
        self.text = SearchBox()
        self.text.textChanged.connect(self._edited)
        self.purpose = LineEdit(_("Case or matter"))
        self.purpose.setMaxLength(LONGEST_PURPOSE)
        self.purpose.setAccessibleName(_("Purpose"))
        self.purpose.textChanged.connect(self._gate)
        self.basis = ComboBox([(basis, str(name)) for basis, name in BASIS_NAMES.items()])
        # Nothing is chosen beforehand: the authorisation is a statement the clerk makes and answers for.
        self.basis.setPlaceholderText(_("Choose"))
        self.basis.set_value(None)
        self.basis.setMinimumWidth(144)
        self.basis.setAccessibleName(_("Authorisation"))
        self.basis.currentIndexChanged.connect(self._gate)
        self.button = Button(_("Search"), kind="primary", key="Enter", binds=False)
        self.button.clicked.connect(self.search)
        for editor in (self.text, self.purpose):
            editor.returnPressed.connect(self.search)
        self._lay_out()
        self._by_changed(self.by.current())
        self._gate()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(12)
        row.addWidget(self.by)
        row.addWidget(self.text, 3)
        for label, editor, stretch in (
            (_("Purpose"), self.purpose, 2),
            (_("Authorisation"), self.basis, 0),
        ):
            row.addWidget(Text(label, 13, "t2"))
            row.addWidget(editor, stretch)
        row.addWidget(self.button)

    def ask_for(self, by: str, text: str) -> None:
        """Another page wants a licence found; the person still states purpose and authorisation."""
        self.by.set_current(by)
        self._by_changed(by)
        self.text.setText(text)
        self._focus_missing()

    def focus_text(self) -> None:
        """Begin the next look-up."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def set_busy(self, busy: bool) -> None:
        """While the register is asked."""
        self.button.set_busy(busy)

    def search(self) -> None:
        """Ask, or go to what is still missing."""
        if not self.button.isEnabled():
            self._focus_missing()
            return
        text = self.text.value()
        by = asked_by(self.by.current(), text)
        try:
            check_asked(by, text)
        except UserError as error:
            self.text.set_error(True)
            self.refused.emit(error)
            return
        self.asked.emit(Asked(by, text, self.purpose.value(), str(self.basis.value())))

    def _by_changed(self, by: str) -> None:
        hints = {
            "holder": _("Identity number or unified social credit code"),
            "number": _("Number as printed on the licence"),
            "code": _("Scan the code on the licence, or type its identifier"),
            "name": _("Name of the holder, or its beginning"),
        }
        self.text.setPlaceholderText(hints[by])
        self.text.setAccessibleName(hints[by])
        self.text.set_error(False)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self) -> None:
        self.text.set_error(False)
        self._gate()

    def _gate(self) -> None:
        missing = self._missing()
        self.button.set_reason(missing[1] if missing else "")
        self.basis.set_icon("shield-check" if self.basis.value() else None)

    def _missing(self) -> tuple[QWidget, str] | None:
        """The first editor that is not filled in, and what to say about it."""
        if not self.text.value():
            return self.text, _("Say first whose licence, or which one, is looked for.")
        if not self.purpose.value():
            return self.purpose, _("State the purpose first.")
        if not self.basis.value():
            return self.basis, _("Choose the authorisation first.")
        return None

    def _focus_missing(self) -> None:
        missing = self._missing()
        if missing:
            missing[0].setFocus(Qt.FocusReason.TabFocusReason)
