"""Asking once more before a seal is used: how many, which seal, who; and the keeper's password, which is never kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import Dialog, FormField, PageContext
from yichuang_seal.words import _

GRANT = timedelta(minutes=15)
"""How long a right password is good for the same seal."""


class Confirmation(QObject):
    """The keeper's consent to use a seal."""

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._granted: tuple[int, datetime] | None = None

    def ask(self, seal: Any, count: int, reason: str, act: Callable[[], None]) -> Dialog:
        """Ask, then act.

        Args:
            seal: Card of the seal.
            count: How many papers.
            reason: What they are.
            act: Called when the keeper agreed and the password was right.
        """
        known = self._is_granted(seal.id)
        minutes = GRANT // timedelta(minutes=1)
        body = (
            _("{count} papers, with the password you gave a moment ago", count=count)
            if known
            else _("For {count} papers now, good for {minutes} minutes", count=count, minutes=minutes)
        )
        return Dialog.ask(
            self._window,
            _("Use the seal?") if known else _("Give your password to use the seal"),
            body,
            primary=_("Seal {count} papers", count=count),
            icon="stamp" if known else "key-round",
            facts=(
                (_("Seal"), f"{seal.name}（{seal.owner}）"),
                (_("Ground"), reason),
                (_("Keeper"), self._context.actor.name),
            ),
            fields=() if known else (FormField("password", _("Password"), "password", required=True),),
            done=lambda answer: self._answered(answer, seal, count, reason, act),
        )

    def end(self) -> None:
        """The password has to be given again."""
        self._granted = None

    def _is_granted(self, seal_id: int) -> bool:
        return (
            self._granted is not None
            and self._granted[0] == seal_id
            and self._context.now() < self._granted[1]
        )

    def _answered(self, answer: Any, seal: Any, count: int, reason: str, act: Callable[[], None]) -> None:
        if answer is None:
            return
        if answer is True:
            act()
            return
        self._context.run(
            "identity.confirm",
            {"password": answer["password"]},
            done=lambda result: self._judged(result, seal, count, reason, act),
        )

    def _judged(self, result: Any, seal: Any, count: int, reason: str, act: Callable[[], None]) -> None:
        if result.accepted:
            self._granted = (seal.id, self._context.now() + GRANT)
            act()
            return
        dialog = self.ask(seal, count, reason, act)
        if result.code == "ACCOUNT_LOCKED":
            dialog.set_error(_("The account is locked for {minutes} minutes.", minutes=result.minutes))
        else:
            dialog.set_error(_("The password is wrong."))
