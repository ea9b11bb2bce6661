"""Sending the one-time notice to a phone: whoever asks sees what will be sent, and gives a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yichuang.api import HALL_ZONE, UserError, identifiers, in_language
from yichuang.api.ui import Button, FormField, PageContext
from yichuang_acceptance.operations.notices import GATEWAY
from yichuang_acceptance.rules.notices import is_mobile, may_send
from yichuang_acceptance.ui.applicant import check_phone
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
KEY = "Alt+T"
LOOK_MS = 2000
"""A gateway that an administrator chooses, or takes away, is noticed after so long; looking costs nothing."""
PERMISSION = "acceptance.send_notices"


class PhoneNotice:
    """What a "send to a phone" button does, and when it can be pressed.

    Args:
        asked: Gives the name of what is in front and what `acceptance.notice_text` is asked about it; None where nothing is.
        phone: Gives the number that is known already, or "".

    Attributes:
        away: Why nothing can be sent from here at all; empty where it can.
    """

    def __init__(
        self,
        context: PageContext,
        button: Button,
        asked: Callable[[], tuple[str, dict[str, Any]] | None],
        phone: Callable[[], str] = str,
    ) -> None:
        self._context, self.button = context, button
        self._asked, self._phone = asked, phone
        self.away = ""
        button.setVisible(context.can(PERMISSION))
        button.clicked.connect(lambda _checked: self.ask())
        context.every(LOOK_MS, self.gate)

    def gate(self) -> None:
        """Say on the button why nothing can be sent, where no gateway is chosen or the hall is away."""
        why = self.away
        if not why and not self._context.setting(GATEWAY):
            why = _("No gateway for messages is chosen in the settings; print the notice instead.")
        self.button.set_reason(why)

    def ask(self) -> None:
        """Show what would be sent and ask for the number; does nothing while nothing is in front or nothing can be sent."""
        asked = self._asked()
        if asked is None or self.button.isHidden() or not self.button.isEnabled():
            return
        name, request = asked
        self.button.set_busy(True)

        def came(text: str) -> None:
            self.button.set_busy(False)
            self._dialog(name, request, text).over(self.button)

        def failed(error: UserError) -> None:
            self.button.set_busy(False)
            self._context.notify(
                "".join(in_language(part) for part in (error.sentence, error.do)), kind="warning"
            )

        self._context.query("acceptance.notice_text", request, done=came, failed=failed)

    def _dialog(self, name: str, request: dict[str, Any], text: str) -> ActDialog:
        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            sent = {**request, "phone": values["phone"]}
            self._context.run("acceptance.send_notice", sent, done=finished, failed=refused)

        return ActDialog(
            _("Send the one-time notice to a phone?"), name, primary=_("Send to the phone"), icon="send",
            fields=[FormField("phone", _("Mobile number"), required=True, check=_check, value=self._phone())],
            facts=[(_("Words"), text), (_("Length"), _("{n} characters", n=len(text)))], act=act, done=self._done,
        )  # fmt: skip

    def _done(self, sent: Any) -> None:
        if sent.again:
            at = f"{sent.at.astimezone(HALL_ZONE):%H:%M}"
            self._context.notify(
                _("It was sent to this number at {time} today already; nothing is sent twice.", time=at), kind="info"
            )  # fmt: skip
        elif sent.next_at is not None and not may_send(sent.at):
            at = f"{sent.next_at.astimezone(HALL_ZONE):%m-%d %H:%M}"
            self._context.notify(_("The notice goes out at {time}, not at night", time=at), kind="success")
        else:
            self._context.notify(_("The notice is on its way to the phone"), kind="success")


def own_number(values: dict[str, str]) -> str:
    """The number of an applicant where messages reach it."""
    return values["phone"] if is_mobile(values["phone"]) else ""


def _check(value: str) -> str | None:
    """What is wrong with a number that a message is to be sent to."""
    problem = check_phone(value)
    if problem or not value or is_mobile(identifiers.check_phone(value)):
        return problem
    return _("Messages reach mobile numbers of 11 digits only.")


def claim_key(context: PageContext, ask: Callable[[], None], enabled: Callable[[], bool]) -> None:
    """The key of the act, for people who may."""
    if context.can(PERMISSION):
        context.shortcut(KEY, L("Send the one-time notice to a phone"), ask, enabled=enabled)


def make_button() -> Button:
    """The button; the page claims its key, for several may show one."""
    return Button(_("Send to a phone"), icon="send", key=KEY, binds=False)
