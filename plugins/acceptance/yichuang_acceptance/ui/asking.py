"""A dialog that stays open until its act has succeeded: what was typed is not lost when the act is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import Dialog, FormField

Act = Callable[[dict[str, Any], Callable[[UserError], None], Callable[[Any], None]], str | None]


class ActDialog(Dialog):
    """Asks, acts, and closes when the act is done.

    Args:
        act: Called with the form's values, with what to call when the act is refused (the sentence is shown, the
            dialog stays) and with what to call when it is done. A sentence given back at once is shown likewise.
        done: Called with the act's result after the dialog has closed.
    """

    def __init__(
        self,
        title: str,
        body: str = "",
        *,
        primary: str,
        act: Act,
        done: Callable[[Any], None],
        kind: str = "primary",
        fields: Sequence[FormField] = (),
        facts: Sequence[tuple[str, ...]] = (),
        icon: str | None = None,
    ) -> None:
        super().__init__(
            title, body, primary=primary, kind=kind, fields=fields, facts=facts, icon=icon, wide=True
        )
        self._act, self._after = act, done
        self._acting = False

    def over(self, owner: QWidget) -> ActDialog:
        """Open over the window of `owner`."""
        self.open_in(owner.window())
        return self

    def accept(self) -> None:
        """Check, then act."""
        if self._acting:
            return
        if self.form is not None and not self.form.validate():
            self.center()
            return
        self._acting = True
        self.set_error("")
        self.set_busy(True)
        problem = self._act(
            self.form.values() if self.form is not None else {}, self._refused, self._finished
        )
        if problem:
            self._acting = False
            self.set_error(problem)

    def reject(self) -> None:
        """Leave; not while the act is under way, whose outcome would be lost."""
        if not self._acting:
            super().reject()

    def _refused(self, error: UserError) -> None:
        self._acting = False
        self.set_error("".join(in_language(part) for part in (error.sentence, error.do)))

    def _finished(self, result: Any) -> None:
        super().accept()
        self._after(result)
