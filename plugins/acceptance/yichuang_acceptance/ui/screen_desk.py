"""The clerk's end of the applicant's screen: pushes, hears the answers, has each of them kept, says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6 import sip
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import PageContext, when_gone
from yichuang_acceptance.ui.public_parts import mongolian
from yichuang_acceptance.ui.rate_page import ANSWER_SECONDS
from yichuang_acceptance.ui.screen import ApplicantScreen, ScreenPlace, second_screen
from yichuang_acceptance.words import words

_ = words.text
PAD = "signature_pad"
PAD_SECONDS = 60.0
WORD_SECONDS = 8


class ScreenDesk(QObject):
    """One applicant's screen, for one page.

    Args:
        owner: The page.
        idle: Whether this page keeps the second screen filled between two applicants.
        find: Gives the second screen.

    Attributes:
        showing: What is shown and how it was answered, None for nothing.

    Signals:
        changed: `showing` has become something else.
        refused: A `UserError` of pushing.
    """

    changed = pyqtSignal()
    refused = pyqtSignal(object)

    def __init__(
        self, context: PageContext, owner: QWidget, *, idle: bool = False,
        find: Callable[[QWidget], Any] = second_screen,
    ) -> None:  # fmt: skip
        super().__init__(owner)
        self._context = context
        self.showing: Any = None
        self._rating: Any = None
        self._left = 0
        self._pushes = 0  # answers to an older push are dropped
        self.screen = ApplicantScreen()
        wanted = lambda: idle and bool(context.setting("acceptance.screen_idle"))  # noqa: E731 - asked each time
        self.place = ScreenPlace(owner, self.screen, self._closed, wanted, find)
        place, screen = (
            self.place,
            self.screen,
        )  # a method of this object would not be called: it goes with the page
        when_gone(context, lambda: None if sip.isdeleted(screen) else place.close())
        check, rate = self.screen.check, self.screen.rate
        check.confirmed.connect(lambda: self._answer("acceptance.confirm_shown", {}))
        check.disputed.connect(
            lambda keys, remark: self._answer("acceptance.dispute_shown", {"lines": keys, "remark": remark})
        )
        check.signed.connect(lambda: self._answer("acceptance.sign_shown", check.pad.signature()))
        check.pad_asked.connect(self._ask_pad)
        rate.touched.connect(self._restart)
        rate.submitted.connect(self._rate)
        rate.skipped.connect(self.rest)
        context.every(1000, self._tick)
        context.shown.connect(lambda _args: self._came())
        if context.visible:
            self._came()  # made while the page is in front already

    def _came(self) -> None:
        self._context.query("acceptance.screen_head", done=self._name, failed=lambda _error: None)
        self.place.open()

    def _name(self, head: Any) -> None:
        self.screen.set_names(head.hall, head.hall_mn, head.desk)

    # ---- the clerk ----

    def push(self, request: dict[str, Any], name: str = "acceptance.show_applicant") -> None:
        """Put an application (or by `acceptance.show_delivery` a result) in front of the applicant."""
        self._pushes += 1
        push = self._pushes

        def shown(showing: Any) -> None:
            if push == self._pushes:
                self._rating, self._left = None, 0
                self.screen.check.show_content(
                    showing.content, pad_ready=self._context.device(PAD) == "ready"
                )
                self.screen.show_check()
                self.place.show(asking=True)
                self._set(showing)

        self._context.run(name, request, done=shown, failed=self.refused.emit)

    def drop(self) -> None:
        """Something was changed, or the application was put aside: what is shown is no longer so."""
        self._pushes += 1
        showing = self.showing
        if showing is not None:
            request = {"showing_id": showing.id}
            self._context.run("acceptance.end_showing", request, failed=lambda _error: None)
            self.rest()

    def taken(self) -> None:
        """The case was entered with what was signed."""
        self.rest()

    def rest(self) -> None:
        """Back to the welcome."""
        self._rating, self._left = None, 0
        self.screen.show_rest()
        self.place.show(asking=False)
        self._set(None)

    def ask_rating(self, case_id: int) -> None:
        """Let the applicant rate a case, if the applicant likes."""

        def opened(request: Any) -> None:
            self._set(None)
            self._rating = request
            self.screen.rate.begin(request)
            self.screen.show_rate()
            self.place.show(asking=True)
            self._restart()

        self._context.run("acceptance.ask_rating", {"case_id": case_id}, done=opened)

    def showing_id(self) -> int | None:
        """What the applicant has confirmed or signed, None as long as nothing was."""
        answered = self.showing is not None and self.showing.state in ("confirmed", "signed")
        return int(self.showing.id) if answered else None

    def _closed(self) -> None:
        """The clerk closed the dialog."""
        if self.showing is not None and self.showing.state == "wrong":
            self.place.show(asking=False)  # the answer stays on the clerk's page
        elif self.showing is not None:
            self.drop()
        else:
            self.rest()

    def _set(self, showing: Any) -> None:
        self.showing = showing
        self.changed.emit()

    # ---- the applicant ----

    def _answer(self, name: str, more: dict[str, Any]) -> None:
        if self.showing is None:
            return
        self.screen.check.set_busy(True)
        request = {"showing_id": self.showing.id, **more}
        self._context.run(name, request, done=self._answered, failed=self._not_taken)

    def _answered(self, showing: Any) -> None:
        self.screen.check.set_busy(False)
        if self.showing is None or showing.id != self.showing.id:
            return
        if showing.state == "confirmed":
            self.screen.check.ask_signature()
            self.screen.show_check()
        elif showing.state == "wrong":
            self._word(
                _("The clerk was told"), _("It is corrected and shown to you again."), "message-square",
                mongolian("The clerk was told"),
            )  # fmt: skip
        elif showing.state == "signed":
            self._word(
                _("Thank you"),
                _("The clerk goes on with your application."),
                "circle-check",
                mongolian("Thank you"),
            )
        self._set(showing)

    def _word(self, title: str, text: str, icon: str, mn: str) -> None:
        """On a screen of its own the word stays; a dialog would stand in the clerk's way."""
        self.screen.show_word(title, text, icon, mn)
        if self.place.in_dialog():
            self.place.show(asking=False)

    def _not_taken(self, error: UserError) -> None:
        self.screen.check.set_busy(False)
        self.screen.check.say("".join(in_language(part) for part in (error.sentence, error.do)))

    def _ask_pad(self) -> None:
        check = self.screen.check
        check.by_pad.setEnabled(False)
        check.say("")

        def written(answer: dict[str, Any]) -> None:
            check.by_pad.setEnabled(True)
            if answer.get("strokes"):
                check.pad.take(answer["strokes"], answer["width"], answer["height"])
            else:
                check.say(_("Nothing was signed yet."))

        def failed(error: UserError) -> None:
            check.by_pad.setEnabled(True)
            self._not_taken(error)

        self._context.ask_device(PAD, "sign", done=written, failed=failed, wait=PAD_SECONDS)

    # ---- the rating ----

    def _restart(self) -> None:
        self._left = ANSWER_SECONDS
        self.screen.rate.show_left(self._left)

    def _tick(self) -> None:
        """Count down to the welcome."""
        if self._left <= 0 or not self.screen.rate.isEnabled():
            return
        self._left -= 1
        if self._left > 0:
            self.screen.rate.show_left(self._left)
        else:
            self.rest()

    def _rate(self) -> None:
        rate, asked = self.screen.rate, self._rating
        if asked is None or not rate.isEnabled():
            return
        rate.setEnabled(False)
        request: dict[str, Any] = {"token": asked.token, "comment": rate.comment()}
        name = "acceptance.add_to_rating"
        level = rate.level()
        if not rate.is_adding() and level is not None:
            name = "acceptance.rate"
            channel = "counter" if self.place.in_dialog() else "hall_pad"
            request |= {"level": int(level), "tags": rate.tags(), "channel": channel}
        bad = level is not None and level.is_bad
        self._context.run(name, request, done=lambda _done: self._rated(bad=bad), failed=self._rating_refused)

    def _rated(self, *, bad: bool) -> None:
        self.screen.rate.setEnabled(True)
        self.screen.rate.clear()
        self._rating = None
        text = _("The hall's management will look into it.") if bad else _("Your rating was recorded.")
        self._word(
            _("Thank you for your rating"), text, "circle-check", mongolian("Thank you for your rating")
        )
        self._left = WORD_SECONDS

    def _rating_refused(self, error: UserError) -> None:
        self.screen.rate.setEnabled(True)
        self.screen.rate.show_error("".join(in_language(part) for part in (error.sentence, error.do)))
        self._restart()
