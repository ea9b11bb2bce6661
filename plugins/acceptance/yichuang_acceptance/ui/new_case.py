"""A new application: item, applicant, materials, live preview of the notice; saved as a draft all the while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import PageContext, Splitter
from yichuang_acceptance.operations.accepting import materials_of
from yichuang_acceptance.operations.matter_plan import Plan
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.ui import matter_questions, questions
from yichuang_acceptance.ui.application_form import ApplicationForm
from yichuang_acceptance.ui.draft import DraftKeeper
from yichuang_acceptance.ui.intake_side import IntakeSide
from yichuang_acceptance.ui.item_finder import ItemFinder
from yichuang_acceptance.ui.matter_box import MatterBox
from yichuang_acceptance.ui.matter_texts import PREFIX
from yichuang_acceptance.ui.start import Start
from yichuang_acceptance.ui.ticket import TicketHead
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy


class NewCase(QWidget):
    """One application being taken in.

    Args:
        ticket: The ticket at this desk; its number goes with the application, its item is chosen by itself.
    """

    def __init__(self, context: PageContext, ticket: TicketHead) -> None:
        super().__init__()
        self._context, self._ticket = context, ticket
        self._item: Any = None
        self._restoring: dict[str, Any] | None = None
        self._licensed: tuple[str, str] | None = None  # whose licences stand for papers
        self._received: int | None = None  # entered, but the act that was to follow was refused
        self.side = IntakeSide(context, self._preview)
        self.form = ApplicationForm(
            context, self.side.licences, self._edited, self._draft_id, self._choose_items
        )
        self.finder = ItemFinder(context, self._item_chosen, self._item_refused)
        self.keeper = DraftKeeper(context, self._snapshot, self)
        self.start = Start(context, self.resume)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self.form)
        splitter = Splitter("h", "acceptance.intake")
        for part in (self.finder, self._stack, self.side):
            splitter.addWidget(part)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([268, 652, 304])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)
        self._connect()
        self._claim_keys()
        self._gate()

    def _connect(self) -> None:
        self.keeper.saved.connect(lambda: self.form.show_saved(self._context.now()))
        self.keeper.failed.connect(self._not_saved)
        side = self.side
        side.applicant.edited.connect(self._edited)
        side.applicant.identified.connect(self._identified)
        side.applicant.card_read.connect(lambda card: self.form.take_address(card.get("address", "")))
        side.licences.came.connect(self.form.materials.show_hands)
        side.accept.clicked.connect(self.accept)
        side.park.clicked.connect(self.park)
        side.correct.clicked.connect(self.ask_correction)
        side.refuse.clicked.connect(self.ask_refusal)
        side.entered.next.clicked.connect(self.begin)
        self._context.device_event.connect(self._device)
        self._context.query(
            "acceptance.promise_day", done=self.form.materials.set_promise_day, failed=lambda _error: None
        )
        self._ticket.changed.connect(self._ticket_changed)
        self._context.watch({"draft"}, self._drafts_changed)

    def _claim_keys(self) -> None:
        claim = self._context.shortcut
        here = self.isVisible
        claim("Ctrl+S", L("Park"), self.park, enabled=here)
        claim("F9", L("Capture a page"), self.form.camera.capture_page, bar=True, enabled=here)
        claim("Alt+M", L("Go to the materials"), self.form.go_to_materials, enabled=here)
        claim("Alt+A", L("Go to the applicant"), self.side.applicant.start, enabled=here)
        claim("Alt+R", L("Read the card"), self.side.applicant.ask_card, enabled=here)

    # ---- the application as data ----

    def _request(self) -> dict[str, Any] | None:
        """The intake as the operations take it, None while item or applicant are missing."""
        applicant = self.side.applicant
        if self._item is None or not applicant.is_complete():
            return None
        ticket = self._ticket.ticket
        common = {
            "applicant": applicant.person(), "agent": applicant.agent(), "materials": self.form.hands.requests(),
            "project": self.form.project(), "form": self.form.filled(),
            "ticket": ticket.number if ticket is not None else "", "draft_id": self._draft_id(),
        }  # fmt: skip
        if isinstance(self._item, Plan):
            return common | matter_request(self._item, self.form.matter, common["form"])
        answers = self.form.situations.answers()
        return common | {"item": self._item.code, "item_version": self._item.version, "answers": answers}

    def _preview(self) -> tuple[str, dict[str, Any]] | None:
        """What would be handed over: the acceptance notice, or the one-time notice of a matter."""
        request = self._request()
        if request is None or not isinstance(self._item, Plan):
            return None if request is None else ("acceptance.preview", request)
        person = request["applicant"]
        asked = {"theme": request["theme"], "chosen": request["chosen"], "applicant": person["name"]}
        return "acceptance.matter_notice", asked

    def _snapshot(self) -> dict[str, Any] | None:
        """What a draft keeps, None while there is nothing worth keeping."""
        if self._item is None or (self.side.applicant.is_empty() and self.form.is_empty()):
            return None
        applicant = self.side.applicant.values()
        body = {
            "item": self._item.code, "applicant": applicant, "form": self.form.values(), "given": self.form.hands.requests(),
            "answers": self.form.situations.answers(),
        }  # fmt: skip
        if isinstance(self._item, Plan):
            body |= {"item": PREFIX + self._item.code, "matter": self.form.matter.values()}
        return {
            "item_name": self._item.name[:200],
            "applicant_name": self.side.applicant.masked_name(),
            "body": body,
        }

    def _draft_id(self) -> int | None:
        return self.keeper.draft_id

    def is_untouched(self) -> bool:
        """Whether nothing would be lost by choosing an item for the person at the window."""
        return self._item is None and self.side.applicant.is_empty()

    # ---- what changes ----

    def _item_chosen(self, item: Any) -> None:
        if self._received is not None:
            self.begin()
        again = isinstance(item, Plan) and isinstance(self._item, Plan) and item.code == self._item.code
        self._item = item
        kept, self._restoring = self._restoring, None
        materials = materials_of(item)
        given = kept["given"] if kept is not None else self.form.hands.carried(materials) if again else None
        answers = kept.get("answers", {}) if kept is not None else {}
        self.form.show_item(item, materials, given, answers)
        if kept is not None:
            self.form.set_values(kept["form"])
            self.form.matter.restore(kept.get("matter", {}))
        self.side.show_work()
        self._stack.setCurrentWidget(self.form)
        self._identified()
        if kept is None:
            self._edited()
            if not again:  # other optional items of the same matter: the keyboard stays where it is
                self.side.applicant.start()
        else:
            self._gate()
            self.side.preview.touch()

    def _choose_items(self, chosen: tuple[int, ...]) -> None:
        """Other optional items of the matter are wanted: papers and dues are worked out anew."""
        if isinstance(self._item, Plan):
            self.finder.choose(PREFIX + self._item.code, chosen)

    def _item_refused(self, error: UserError) -> None:
        self._restoring = None
        self._context.notify(in_language(error.sentence), kind="warning")

    def _identified(self) -> None:
        """Somebody else applies: licences of the one before stand for nothing any more."""
        if self._item is None:
            return
        identity = self.side.applicant.identity()
        if identity != self._licensed:
            self.form.hands.drop_licences()
        self._licensed = identity
        self.side.licences.ask(identity, self._item.name)
        self.form.materials.show_hands()

    def _edited(self) -> None:
        self._gate()
        self.side.say(None)
        self.keeper.touch()
        self.side.preview.touch()

    def _gate(self) -> None:
        """Buttons, steps and the note on promised materials, as things stand."""
        has_item = self._item is not None
        self.side.gate("" if has_item else _("Choose an item first."))
        if isinstance(self._item, Plan):
            self.side.refuse.set_reason(_("Items of a matter are refused one by one, after it was taken in."))
        self.side.show_promised(self.form.hands.count(Given.TOLERATED) if has_item else 0)
        self.form.show_steps(
            identified=self.side.applicant.is_complete(), wrong=self.side.applicant.has_errors()
        )

    def _ticket_changed(self) -> None:
        ticket = self._ticket.ticket
        if ticket is not None and ticket.item and self.is_untouched() and self.side.is_working():
            self.finder.choose(ticket.item)

    def _drafts_changed(self) -> None:
        if self._item is None:
            self.start.load()

    def _device(self, kind: str, name: str, data: dict[str, Any]) -> None:
        if kind == "id_card_reader" and name == "card" and self.isVisible() and data.get("card"):
            self.side.show_work()
            self.side.applicant.take_card(data["card"])

    def _not_saved(self, error: UserError) -> None:
        self.form.show_unsaved()
        self.side.say(error)

    # ---- drafts ----

    def park(self) -> None:
        """Put the application aside and begin a new one."""
        if not self.keeper.park(self._parked):
            self._context.status(_("There is nothing to park yet."))

    def _parked(self) -> None:
        self._context.notify(_("The application was parked"), kind="success")
        self.begin()

    def resume(self, draft_id: int) -> None:
        """Go on with a draft; what stands here is saved first."""
        self.keeper.flush()
        request = {"draft_id": draft_id}
        self._context.query("acceptance.draft", request, done=lambda body: self.restore(draft_id, body))

    def restore(self, draft_id: int, body: dict[str, Any]) -> None:
        """Put back what stood in the form."""
        self.begin()
        self.keeper.take(draft_id)
        self._restoring = body
        self.side.applicant.restore(body["applicant"])
        self._licensed = self.side.applicant.identity()
        self.finder.choose(body["item"], body.get("matter", {}).get("chosen", ()))

    def begin(self) -> None:
        """An empty form for the next applicant."""
        self.keeper.forget()
        self._item, self._restoring, self._received, self._licensed = None, None, None, None
        self.finder.clear()
        self.form.clear()
        self.side.clear()
        self._stack.setCurrentWidget(self.start)
        self.start.load()
        self._gate()

    # ---- acts ----

    def accept(self) -> None:
        """Accept, or say what keeps the application from being accepted."""
        if self._item is None or not self.side.accept.isEnabled() or not self.side.is_working():
            return
        if not self.side.applicant.validate() or not self.form.validate():
            self.side.say(_("Correct the marked fields first."))
            return
        missing = self.form.hands.defects()
        if missing:
            self.form.materials.go_to(missing[0].position)
            self.side.say_missing([str(defect.reason) for defect in missing])
            return
        self.side.accept.set_busy(True)
        self.keeper.settle(self._send_accept)

    def _send_accept(self) -> None:
        whole = isinstance(self._item, Plan)
        name = "acceptance.accept_matter" if whole else "acceptance.accept"
        self._context.run(name, self._request(), done=self._accepted, failed=self._refused)

    def _accepted(self, case: Any) -> None:
        self._show_entered(_("Accepted"), case, good=True)

    def _refused(self, error: UserError) -> None:
        self.side.accept.set_busy(False)
        self.side.say(error)

    def ask_correction(self) -> None:
        """Tell once everything that is missing or wrong."""
        if self._can_enter():
            missing = [str(defect.reason).rstrip("。.") for defect in self.form.hands.defects()]
            if isinstance(self._item, Plan):
                self._ask_telling(missing)
                return
            questions.ask_correction(
                self, self._context, missing, self._enter_and,
                lambda case: self._show_entered(_("Correction requested"), case, good=False),
            )  # fmt: skip

    def _ask_telling(self, missing: list[str]) -> None:
        """Take a matter in, and tell once what its items lack."""
        if not missing:
            self.side.say(_("Nothing is missing: accept the matter."))
            return

        def send(deadline: str, refused: Callable[[UserError], None], done: Callable[[Any], None]) -> None:
            request = {**(self._request() or {}), "deadline": deadline}
            self.keeper.settle(
                lambda: self._context.run("acceptance.receive_matter", request, done=done, failed=refused)
            )

        matter_questions.ask_telling(
            self, self._context, missing, send,
            lambda case: self._show_entered(_("Correction requested"), case, good=False),
        )  # fmt: skip

    def ask_refusal(self) -> None:
        """Refuse to accept, in writing."""
        if self._can_enter() and not isinstance(self._item, Plan):
            questions.ask_refusal(
                self, self._enter_and, lambda case: self._show_entered(_("Not accepted"), case, good=False)
            )

    def _can_enter(self) -> bool:
        if self._item is None or not self.side.is_working():
            return False
        if self.side.applicant.validate() and self.form.validate():
            return True
        self.side.say(_("Correct the marked fields first."))
        return False

    def _enter_and(
        self,
        name: str,
        more: dict[str, Any],
        refused: Callable[[UserError], None],
        done: Callable[[Any], None],
    ) -> None:
        """Enter the application, then run an operation on the case; a second try does not enter it twice."""

        def received(case: Any) -> None:
            self._received = case.case_id
            self._context.run(name, {"case_id": case.case_id, **more}, done=done, failed=refused)

        def enter() -> None:
            self._context.run("acceptance.receive", self._request(), done=received, failed=refused)

        if self._received is not None:
            self._context.run(name, {"case_id": self._received, **more}, done=done, failed=refused)
        else:
            self.keeper.settle(enter)

    def _show_entered(self, title: str, case: Any, *, good: bool) -> None:
        self.side.accept.set_busy(False)
        self.begin()
        self.side.show_entered(title, case, good=good)


def matter_request(plan: Plan, box: MatterBox, common: dict[str, str]) -> dict[str, Any]:
    """What a matter is entered with beside what every application is."""
    return {
        "theme": plan.code,
        "chosen": list(box.chosen()),
        "versions": {part.item: part.version for part in plan.parts if part.item and part.version},
        "verified": {str(n): note for n, note in box.verified().items()},
        "form": {**{k: v for k, v in box.answers().items() if v}, **common},
    }
