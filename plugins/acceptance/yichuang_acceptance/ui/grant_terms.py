"""Conditions of a grant and whether it is published: asked beside the decision, printed on its paper (D10)."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import Button, FormField
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.words import words

_ = words.text
OPEN, CLOSED = "open", "closed"


class GrantTerms(Button):
    """A button that says how many conditions there are, and asks for them."""

    def __init__(self) -> None:
        super().__init__("", icon="list-checks", size="compact", binds=False)
        self._conditions: list[str] = []
        self._public, self._note = True, ""
        self.clicked.connect(lambda _on: self.ask(self))
        self.clear()

    def clear(self) -> None:
        """No conditions, published as the law has it."""
        self._conditions, self._public, self._note = [], True, ""
        self._say()

    def request(self) -> dict[str, Any]:
        """As the decision takes it."""
        return {"conditions": self._conditions, "public": self._public, "public_note": self._note}

    def _say(self) -> None:
        count = len(self._conditions)
        parts = [_("Conditions {n}", n=count) if count else _("Conditions and publication")]
        self.setText("，".join([*parts, *([] if self._public else [_("not published")])]))

    def ask(self, owner: QWidget) -> ActDialog:
        """The dialog; what is written counts with the grant."""
        choices = [(OPEN, _("published (art. 40)")), (CLOSED, _("not published"))]
        fields = [
            FormField(
                "conditions", _("Conditions and duties, one a line"), kind="area", span=2, value="\n".join(self._conditions)
            ),
            FormField(
                "public", _("Publication"), kind="segmented", choices=choices, value=OPEN if self._public else CLOSED, span=2
            ),
            FormField(
                "note", _("Where it is published; or why it is not"), span=2, value=self._note,
                hint=_("State secrets, trade secrets, privacy"),
            ),
        ]  # fmt: skip

        def act(values: dict[str, Any], _refused: Any, finished: Any) -> str | None:
            if values["public"] == CLOSED and not values["note"].strip():
                return _("Write why it is not published.")
            finished(values)
            return None

        def done(values: dict[str, Any]) -> None:
            self._conditions = [line.strip() for line in values["conditions"].splitlines() if line.strip()]
            self._public, self._note = values["public"] == OPEN, values["note"].strip()
            self._say()

        return ActDialog(
            _("Conditions and publication"), _("They stand on the written decision."), primary=_("Take over"), fields=fields,
            act=act, done=done,
        ).over(owner)  # fmt: skip
