"""The acts behind the caller's buttons and keys: what is asked first, what is done, what can be taken back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from yichuang.api import UserError
from yichuang_queue.rules.tickets import UNDO_SECONDS
from yichuang_queue.ui.caller import dialogs
from yichuang_queue.ui.caller.gate import state_of
from yichuang_queue.words import words

if TYPE_CHECKING:
    from yichuang_queue.ui.caller.window import CallerWindow

_ = words.text


class CallerAsks:
    """What the clerk of one caller window does.

    Attributes:
        question: What is being asked, None while nothing is; keys of other acts are not heard then.
    """

    def __init__(self, window: CallerWindow) -> None:
        self._window = window
        self.question: dialogs.Question | None = None
        self._passed: tuple[int, str, float] | None = None

    # ---- calling ----

    def call_next(self) -> None:
        """Call whoever is next; with somebody being served ask first whether that is finished."""
        if not self._may("next"):
            return
        ticket = self._ticket()
        if ticket is None:
            self._window.acts.run("queue.call_next", done=self._called)
            return

        def finish(_values: dict[str, Any], question: dialogs.Question) -> None:
            def finished(_ticket: Any) -> None:
                question.succeeded()
                self._window.acts.go_on("queue.call_next", done=self._called)

            self._act("queue.finish", {"ticket_id": ticket.id}, question, finished)

        self._open(
            dialogs.Question(
                _("Finish {number} and call the next?", number=ticket.number),
                _("{business} ends now; the applicant is asked to rate it.", business=ticket.business),
                primary=_("Finish and call next"), answered=finish,
            )
        )  # fmt: skip

    def _called(self, ticket: Any) -> None:
        self._passed = None
        self._window.remark(_("Nobody is waiting.") if ticket is None else "")

    def choose(self) -> None:
        """F7: go to the list, or do what the list is for with the ticket selected in it."""
        window = self._window
        tab = window.face.tabs.current()
        listed = window.face.lists[tab]
        if tab == "waiting" and not self._may("chosen"):
            return
        window.unfold()
        if listed.hasFocus() and listed.current() is not None:
            self.chosen(tab, listed.current())
            return
        chosen = listed.current()
        listed.setFocus()
        listed.select_first()
        if chosen is not None:
            self.chosen(tab, chosen)
        elif not listed.rows():
            window.remark(window.face.empty.text())

    def chosen(self, tab: str, ticket_id: int) -> None:
        """A ticket was chosen in one of the lists."""
        act = {"waiting": self._ask_chosen, "held": self._call_held, "passed": self._restore}[tab]
        act(ticket_id)

    def _ask_chosen(self, ticket_id: int) -> None:
        if not self._may("chosen") or not self._may("direct"):
            return
        ticket = next((t for t in self._window.view.waiting if t.id == ticket_id), None)
        if ticket is None:
            return

        def call(values: dict[str, Any], question: dialogs.Question) -> None:
            self._act("queue.call_chosen", {"ticket_id": ticket_id, **values}, question)

        usual = (_("Unwell"), _("Urgent matter"), _("Came back"), _("Wrong line"))
        title = _("Call {number} out of turn?", number=ticket.number)
        body = _("Who does so, and why, is recorded.")
        self._open(
            dialogs.reason_question(title, body, _("Call {number}", number=ticket.number), usual, call)
        )

    def _call_held(self, ticket_id: int) -> None:
        if self._may("direct"):
            self._window.acts.run("queue.call_held", {"ticket_id": ticket_id}, done=self._done)

    def resume(self) -> None:
        """Put the selected ticket on hold back in its line."""
        listed = self._window.face.lists["held"]
        listed.select_first()
        if listed.current() is not None:
            self._window.acts.run("queue.resume", {"ticket_id": listed.current()}, done=self._done)

    def _restore(self, ticket_id: int) -> None:
        window = self._window
        if not window.context.can("queue.issue"):
            window.remark(_("Restoring needs the permission to issue tickets."))
            return
        self._passed = None

        def done(ticket: Any) -> None:
            window.say(_("{number} is back in line.", number=ticket.number), "teal")

        window.acts.run("queue.restore", {"ticket_id": ticket_id}, done=done, at_desk=False)

    # ---- the ticket at the desk ----

    def recall(self) -> None:
        """Announce it again."""
        self._with_ticket("recall", "queue.recall")

    def main_act(self) -> None:
        """The desk's next step: take up work; begin the service of somebody who has come; finish it, and have it rated."""
        ticket = self._ticket()
        if ticket is None and state_of(self._window.view) in ("closed", "paused"):
            self.change_mode("open")
            return
        begun = ticket is not None and ticket.state == "serving"
        self._with_ticket("main", "queue.finish" if begun else "queue.arrive")

    def finish_with_result(self) -> None:
        """Finish with a result, and with or without a rating."""
        ticket = self._ticket()
        if not self._may("main") or ticket is None:
            return

        def finish(values: dict[str, Any], question: dialogs.Question) -> None:
            self._act("queue.finish", {"ticket_id": ticket.id, **values}, question)

        results = (_("Accepted"), _("Settled"), _("Supplement needed"), _("Not accepted"), _("Advice given"))
        self._open(dialogs.finish_question(ticket.number, results, finish))

    def hold(self) -> None:
        """Put it aside, with the reason."""
        ticket = self._ticket()
        if not self._may("hold") or ticket is None:
            return

        def put(values: dict[str, Any], question: dialogs.Question) -> None:
            self._act("queue.hold", {"ticket_id": ticket.id, **values}, question)

        usual = (_("Fetches a material"), _("Makes a copy"), _("Fills in a form"), _("Phone call"))
        title = _("Hold {number}?", number=ticket.number)
        body = _("Its holder stays in the hall and is called back from the list.")
        self._open(dialogs.reason_question(title, body, _("Hold"), usual, put))

    def transfer(self) -> None:
        """Send it to another line, desk or person."""
        ticket = self._ticket()
        window = self._window
        if not self._may("transfer") or ticket is None:
            return

        def send(values: dict[str, Any], question: dialogs.Question) -> None:
            kind, code = values["target"]
            name = {"line": "line", "desk": "to_desk", "staff": "to_staff"}[kind]
            request = {
                "ticket_id": ticket.id, name: code, "come_back": values["come_back"], "reason": values["reason"],
            }  # fmt: skip
            self._act("queue.transfer", request, question)

        lines = [(code, name) for code, name in window.view.lines.items() if code != ticket.line]
        question = dialogs.transfer_question(ticket.number, lines, send)

        def take(found: Any) -> None:
            if self.question is question and question.form is not None:
                question.form.field("target").editor.set_targets(found)
                question.center()

        self._open(question)

        def failed(error: UserError) -> None:
            if self.question is question:
                question.refused(error)

        window.context.query("queue.targets", {"desk": window.desk}, done=take, failed=failed)

    def pass_over(self) -> None:
        """Nobody came. Nothing is asked; it can be taken back for ten seconds."""
        ticket = self._ticket()
        if not self._may("pass") or ticket is None:
            return

        def done(_ticket: Any) -> None:
            self._passed = (ticket.id, ticket.number, time.monotonic() + UNDO_SECONDS)
            self.tick()

        self._window.acts.run("queue.pass", {"ticket_id": ticket.id}, done=done)

    def undo_pass(self) -> None:
        """Take the last pass back."""
        if self._passed is not None:
            passed = self._passed
            if self._window.acts.run("queue.undo_pass", {"ticket_id": passed[0]}, done=self._done):
                self._passed = None

    def tick(self) -> None:
        """Count the seconds in which a pass can be taken back."""
        if self._passed is None:
            return
        _ticket, number, until = self._passed
        left = round(until - time.monotonic())
        if left <= 0:
            self._passed = None
            self._window.remark("")
            return
        text = _("{number} was passed; {n} s to undo", number=number, n=left)
        self._window.say(text, "teal", undo=True)

    # ---- the desk ----

    def change_mode(self, mode: str) -> None:
        """Take up work, pause or leave, as chosen at the foot."""
        window = self._window
        now = state_of(window.view)
        window.face.mode.set_current(now or "closed")  # the choice moves when it has come true
        if not now or mode == now or self.question is not None:
            return
        if mode == "open" and now == "closed":
            self.choose_lines()
        elif mode == "open":
            window.acts.run("queue.set_desk", {"state": "open"}, done=self._done)
        elif now == "closed":
            window.remark(_("Take up work at the desk first."))
        elif window.view.current is not None:
            window.remark(_("Finish, hold or transfer {number} first.", number=window.view.current.number))
        elif mode == "paused":
            self._ask_break()
        else:
            window.acts.run("queue.set_desk", {"state": "closed"}, done=self._done)

    def _ask_break(self) -> None:
        def pause(values: dict[str, Any], question: dialogs.Question) -> None:
            self._act("queue.set_desk", {"state": "paused", **values}, question)

        usual = (_("Meal"), _("Meeting"), _("Sorting papers"), _("Device fault"), _("Handing over"))
        body = _("No ticket is called to this desk until you take up work again.")
        self._open(dialogs.reason_question(_("Pause the desk?"), body, _("Pause"), usual, pause))

    def choose_lines(self) -> None:
        """Sign in to the desk with one's own lines ticked, or change them while it is open."""
        window = self._window
        if window.view is None or self.question is not None:
            return
        if window.view.current is not None:
            window.remark(_("Finish, hold or transfer {number} first.", number=window.view.current.number))
            return
        if state_of(window.view) != "closed":
            self._ask_lines(tuple(window.view.desk.lines))
            return
        window.context.query("queue.skills", {}, done=self._ask_lines, failed=window.refuse)

    def _ask_lines(self, own: tuple[str, ...]) -> None:
        def sign_in(values: dict[str, Any], question: dialogs.Question) -> None:
            self._act("queue.open_desk", values, question)

        window = self._window
        title = _("Which lines does desk {desk} serve?", desk=window.desk)
        self._open(dialogs.lines_question(title, window.view.lines, own or tuple(window.view.lines), sign_in))

    def serve_directly(self) -> None:
        """Somebody stands at the desk without a ticket."""
        window = self._window
        if not self._may("direct"):
            return

        def begin(values: dict[str, Any], question: dialogs.Question) -> None:
            self._act("queue.serve_directly", values, question)

        own = window.view.desk.lines
        lines = sorted(window.view.lines.items(), key=lambda line: line[0] not in own)
        self._open(dialogs.direct_question(lines, begin))

    def call_help(self) -> None:
        """Call the queue manager to the desk; nothing is asked."""
        window = self._window

        def done(_message: Any) -> None:
            window.remark(_("Help is called; the queue manager sees it now."))

        if not window.acts.run("queue.call_help", done=done):
            window.remark(_("A moment: the act before is still under way."))

    # ---- shared ----

    def _ticket(self) -> Any:
        view = self._window.view
        return view.current if view is not None else None

    def _may(self, act: str) -> bool:
        """Whether an act can be done; says why not, as a key cannot be greyed out."""
        if self.question is not None or self._window.acts.busy:
            return False
        why = self._window.gate()[act]
        if why:
            self._window.remark(why)
        return not why

    def _with_ticket(self, act: str, name: str) -> None:
        ticket = self._ticket()
        if self._may(act) and ticket is not None:
            self._window.acts.run(name, {"ticket_id": ticket.id}, done=self._done)

    def _act(
        self,
        name: str,
        request: dict[str, Any],
        question: dialogs.Question,
        done: Callable[[Any], None] | None = None,
    ) -> None:
        """Do what a question asked for; a refusal is shown in it."""

        def succeeded(result: Any) -> None:
            question.succeeded()
            self._done(result)

        if not self._window.acts.run(name, request, done=done or succeeded, failed=question.refused):
            question.wait_again()

    def _done(self, _result: Any) -> None:
        self._passed = None
        self._window.remark("")

    def _open(self, question: dialogs.Question) -> None:
        if self.question is not None:
            return
        self._window.unfold()
        self.question = question
        question.accepted.connect(self._closed)
        question.rejected.connect(self._closed)
        question.open_in(self._window)

    def _closed(self) -> None:
        self.question = None
