"""Who represents an organisation by law and where post reaches the applicant: behind a line that opens, all of it optional."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import Button, Form, FormField
from yichuang_acceptance.rules.reach import MOST_ADDRESS, MOST_LEGAL, ZIP
from yichuang_acceptance.words import words

_ = words.text
KEYS = ("legal", "address", "zip")


def reach_fields() -> list[FormField]:
    """The three fields, by `KEYS`."""
    return [
        FormField("legal", _("Legal representative"), span=6, check=lambda v: _too_long(v, MOST_LEGAL)),
        FormField("address", _("Postal address"), span=4, check=lambda v: _too_long(v, MOST_ADDRESS)),
        FormField("zip", _("Postcode"), span=2, check=_wrong_zip),
    ]


class ReachBox(QWidget):
    """The applicant's address, postcode and legal representative.

    Signals:
        edited: Something was typed.
    """

    edited = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._organisation = False
        self.opener = Button("", kind="link")
        self.opener.clicked.connect(lambda: self.open(not self.is_open()))
        self.form = Form(reach_fields(), columns=6)
        self.form.changed.connect(lambda _key: self.edited.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.opener, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.form)
        self.open(False)
        self.set_organisation(False)

    def is_open(self) -> bool:
        """Whether the fields are seen."""
        return not self.form.isHidden()

    def open(self, on: bool) -> None:
        """Show or hide the fields; what stands in them counts in either case."""
        self.form.setVisible(on)
        self._name()

    def set_organisation(self, on: bool) -> None:
        """Only an organisation is represented by law."""
        self._organisation = on
        self.form.field("legal").setVisible(on)
        self._name()

    def _name(self) -> None:
        said = _("Legal representative, address") if self._organisation else _("Address and postcode")
        self.opener.setText(("▾ " if self.is_open() else "▸ ") + said)
        self.opener.setAccessibleName(said)

    def values(self) -> dict[str, str]:
        """What stands there, by `KEYS`; without empty ones."""
        values = {key: " ".join(str(self.form.values()[key] or "").split()) for key in KEYS}
        if not self._organisation:
            values["legal"] = ""
        return {key: value for key, value in values.items() if value}

    def restore(self, values: dict[str, Any]) -> None:
        """Put back what `values` gave; opened where there is something."""
        self.form.set_values({key: values.get(key, "") for key in KEYS})
        self.open(any(values.get(key) for key in KEYS))

    def take_address(self, address: str, source: str) -> None:
        """The address on the card, unless one was typed."""
        if address and not self.form.values()["address"]:
            self.form.set_values({"address": address}, source)
            self.open(True)

    def is_right(self) -> bool:
        """Whether nothing is wrong; shows nothing."""
        values = self.values()
        return _wrong_zip(values.get("zip", "")) is None and all(
            _too_long(values.get(key, ""), most) is None
            for key, most in (("legal", MOST_LEGAL), ("address", MOST_ADDRESS))
        )

    def has_errors(self) -> bool:
        """Whether an error is shown."""
        return bool(self.form.errors())

    def validate(self) -> bool:
        """Show what is wrong and put the focus there."""
        if not self.is_right():
            self.open(True)
        return self.form.validate()


def _too_long(value: str, most: int) -> str | None:
    return _("At most {n} characters.", n=most) if len(value) > most else None


def _wrong_zip(value: str) -> str | None:
    return None if not value or ZIP.fullmatch(value) else _("A postcode has six digits.")
