"""Cards and typed numbers at the kiosk: whose they are, what that person has today, which priority it gives."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject

from yichuang_queue.rules import kiosk as rules
from yichuang_queue.rules.tickets import Priority
from yichuang_queue.ui.kiosk import forms
from yichuang_queue.words import words

if TYPE_CHECKING:
    from yichuang_queue.ui.kiosk.window import KioskWindow

_ = words.text


class Cards(QObject):
    """Listens to the reader and takes typed numbers; what it finds out goes to the window."""

    def __init__(self, window: KioskWindow) -> None:
        super().__init__(window)
        self._window = window
        self._old_age = int(window.context.setting("queue.old_age"))
        window.context.device_event.connect(self._on_device)

    def _on_device(self, kind: str, name: str, data: dict[str, Any]) -> None:
        window = self._window
        if kind != "id_card_reader" or window.desk.busy:
            return
        window.touched()
        if name == "card":
            card = data["card"]
            number = card["number"] if len(card["number"]) == forms.CITIZEN_LENGTH else ""
            self._recognise(card["name"] or card["english_name"], number, date.fromisoformat(card["birth"]))
        elif name == "trouble":
            window.context.notify(str(data["error"].do), "warning")

    def identify(self, kind: str, code: str) -> None:
        """An identity number (kind 111) or a credit code (001) was typed."""
        window = self._window
        if kind == "111":
            self._recognise("", code, date(int(code[6:10]), int(code[10:12]), int(code[12:14])))
            return
        window.code_kind, window.code, window.person = kind, code, ""
        window.person_shown = _("Organisation {code}", code=f"{code[:4]}…{code[-4:]}")
        window.back()

    def _recognise(self, name: str, number: str, birth: date) -> None:
        window = self._window
        window.person, window.code_kind, window.code = name, "111", number
        shown = f"{name[0]}{'*' * (len(name) - 1)}" if name else ""
        window.person_shown = " ".join(
            p for p in (shown, f"{number[:6]}…{number[-4:]}" if number else "") if p
        )
        window.priority_by_card = rules.priority_of(birth, window.desk.now().date(), self._old_age)
        if window.priority is Priority.NONE:
            window.priority = window.priority_by_card
        window.visitor = None
        if isinstance(window.page, forms.ConfirmPage):
            window.page.refresh()
        elif number and not window.desk.offline:
            window.context.query(
                "queue.visitor", {"code": number}, done=window.meet, failed=lambda _error: window.meet(None)
            )
        else:
            window.meet(None)
