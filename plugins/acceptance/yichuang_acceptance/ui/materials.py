"""The material list of an intake: what was handed in, by key and by mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import Button, Column, DataTable, Menu, PageContext, TagSpec, Text
from yichuang_acceptance.words import words

_ = words.text


class Materials(QWidget):
    """Materials of the chosen item with what was given for each.

    Args:
        changed: Called after every change.
        licences: Gives the applicant's usable licences by type.
    """

    def __init__(
        self, context: PageContext, changed: Callable[[], None], licences: Callable[[], dict[str, Any]]
    ) -> None:
        super().__init__()
        self._context, self._changed, self._licences = context, changed, licences
        self._asked: list[Any] = []
        self.given: dict[int, dict[str, Any]] = {}
        self.summary = Text("", 12, "t2")
        self.match = Button(_("Match licences"), icon="link", size="compact")
        self.match.clicked.connect(self.match_licences)
        self.capture = Button(_("Capture"), icon="camera", key="F9", size="compact")
        self.capture.clicked.connect(self.capture_page)
        self.table = DataTable(
            (
                Column("n", "", 32, kind="caption"),
                Column("name", _("Material"), stretch=1, kind="strong"),
                Column("source", _("Source"), 110, kind="tags"),
                Column("copies", _("Copies"), 60, kind="number"),
                Column("need", _("Need"), 72),
                Column("state", _("State"), 120, kind="status"),
                Column("act", "", 64, kind="action"),
            )
        )
        self.table.set_empty(
            "files", _("No item chosen"), _("Choose an item on the left; its materials appear here.")
        )
        self.table.set_keys([("Space", _("Handed in")), ("Enter", _("More"))])
        self.table.previewed.connect(lambda row: self.toggle(row["id"]))
        self.table.activated.connect(lambda row: self._menu(row["id"]))
        self.table.acted.connect(lambda _column, row: self._menu(row["id"]))
        head = QHBoxLayout()
        head.setContentsMargins(20, 8, 20, 8)
        head.setSpacing(8)
        head.addWidget(Text(_("Materials"), 14, strong=True))
        head.addWidget(self.summary)
        head.addStretch(1)
        head.addWidget(self.capture)
        head.addWidget(self.match)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def set_item(self, materials: list[Any], given: dict[int, dict[str, Any]] | None = None) -> None:
        """Ask for these materials."""
        self._asked = materials
        self.given = dict(given or {})
        self._paint()

    def hands(self) -> list[dict[str, Any]]:
        """What was handed in, as the operation wants it."""
        return [{"position": position, **hand} for position, hand in sorted(self.given.items())]

    def toggle(self, position: int) -> None:
        """Handed in on paper, or not."""
        if position in self.given:
            del self.given[position]
        else:
            material = self._material(position)
            self.given[position] = {
                "given": "paper",
                "originals": int(material.original),
                "copies": int(not material.original),
            }
        self._after()

    def match_licences(self) -> None:
        """Let licences of the applicant stand for papers wherever they may."""
        held = self._licences()
        matched = 0
        for material in self._asked:
            code = next((held[t].code for t in material.licence_types if t in held), None)
            if material.replaceable and code is not None:
                self.given[material.position] = {"given": "licence", "licence": code}
                matched += 1
        self._context.notify(_("{n} materials need not be submitted", n=matched))
        self._after()

    def capture_page(self) -> None:
        """A page from the document camera, for the highlighted material."""
        row = self.table.current_row()
        if row is None:
            return
        position = int(row["id"])

        def kept(digest: str) -> None:
            hand = self.given.setdefault(position, {"given": "paper", "copies": 1})
            hand["pages"] = [*hand.get("pages", []), digest]
            self._after()

        def captured(answer: dict[str, Any]) -> None:
            request = {"data": answer["image"], "media_type": answer["media_type"]}
            self._context.run("acceptance.keep_page", request, done=kept)

        self._context.ask_device("document_camera", "capture", done=captured)

    def _menu(self, position: int) -> None:
        material = self._material(position)
        menu = Menu()
        menu.add(_("Handed in"), lambda: self._set(position, {"given": "paper", "originals": 1, "copies": 1}))
        if material.need == "tolerant":
            menu.add(_("Promised for later"), lambda: self._set(position, {"given": "tolerated"}))
        if position in self.given:
            menu.add(_("Not handed in"), lambda: self._set(position, None))
        menu.open_below(self.table)

    def _set(self, position: int, hand: dict[str, Any] | None) -> None:
        if hand is None:
            self.given.pop(position, None)
        else:
            self.given[position] = hand
        self._after()

    def _after(self) -> None:
        self._paint()
        self._changed()

    def _material(self, position: int) -> Any:
        return next(m for m in self._asked if m.position == position)

    def _paint(self) -> None:
        self.table.set_rows([self._row(m) for m in self._asked])
        required = [m for m in self._asked if m.need == "required"]
        done = sum(m.position in self.given for m in required)
        self.summary.setText(
            _("required {done} / {all}", done=done, all=len(required)) if self._asked else ""
        )

    def _row(self, material: Any) -> dict[str, Any]:
        hand = self.given.get(material.position)
        kind = hand["given"] if hand else ""
        pages = len(hand.get("pages", [])) if hand else 0
        source = {
            "paper": TagSpec(_("{n} pages", n=pages) if pages else _("paper"), "grey"),
            "licence": TagSpec(_("no need to submit"), "green"),
            "tolerated": TagSpec(_("tolerated"), "amber"),
        }.get(kind)
        state = {
            "paper": ("done", _("handed in")),
            "licence": ("done", _("licence used")),
            "tolerated": ("warning", _("promised for later")),
        }.get(kind, ("not_yet", _("not handed in")))  # fmt: skip
        need = {"required": _("required"), "optional": _("optional"), "tolerant": _("may follow")}[
            material.need
        ]
        copies = (hand.get("originals", 0) + hand.get("copies", 0)) if hand else 0
        return {
            "id": material.position, "n": str(material.position), "name": material.name, "source": [source] if source else [],
            "copies": copies or "", "need": need, "state": state, "act": _("More"),
        }  # fmt: skip
