"""Handing a result out: to whom, against which card, or by mail with its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, identifiers, in_language
from yichuang.api.ui import Button, FormField, PageContext
from yichuang_acceptance.ui.applicant import CARD_WAIT, problem_of
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.delivery_proof import Proof
from yichuang_acceptance.ui.screen_desk import ScreenDesk
from yichuang_acceptance.words import words

_ = words.text
ASKED: dict[str, tuple[str, ...]] = {
    "direct": ("receiver_code", "relation"), "mail": ("mail_no", "address"), "left": ("place", "witness", "why"),
    "entrusted": ("place", "witness"), "electronic": ("place", "consented"), "notice": ("place", "published_on", "why"),
}  # fmt: skip
"""What each way asks for beside who it is for; why somebody else receives it is asked at the desk where somebody does."""
ANY = frozenset(key for keys in ASKED.values() for key in keys) | {"reason"}


class DeliveryDialog(ActDialog):
    """At the desk the receiver's card is needed, by mail the number of the consignment; each way asks for its own.

    Args:
        send: The operation, and which results it hands out.
        screen: The applicant's, where the receiver can sign.
    """

    def __init__(
        self,
        context: PageContext,
        title: str,
        body: str,
        facts: Sequence[tuple[str, ...]],
        send: tuple[str, dict[str, Any]],
        done: Callable[[Any], None],
        screen: ScreenDesk,
    ) -> None:
        self._context, self._send = context, send
        super().__init__(
            title, body, primary=_("Hand out"), fields=_fields(), facts=facts, act=self._deliver, done=done,
        )  # fmt: skip
        self.read = Button(_("Read the card"), icon="id-card", size="compact")
        self.read.clicked.connect(self.ask_card)
        self.buttons.insertWidget(0, self.read)
        self.proof = Proof(screen, self._sign, self._photograph)
        self.rejected.connect(screen.drop)
        self.proof.grown.connect(self._show_fields)
        self.body.addWidget(self.proof)
        if self.form is not None:
            self.form.changed.connect(lambda _key: self._show_fields())
        self._show_fields()
        context.device_event.connect(self._device_said)

    def _show_fields(self) -> None:
        """Only what the chosen way and relation ask for."""
        if self.form is None:
            return
        values = self.form.values()
        asked = self._asked(values)
        for key in ANY:
            self.form.field(key).setVisible(key in asked)
        direct = values["mode"] == "direct"
        self.read.setVisible(direct)
        self.form.adjustSize()
        self.proof.setVisible(direct)
        self.proof.receiver_is(values["receiver"], values["relation"])
        if self.isVisible():
            self.center()

    @staticmethod
    def _asked(values: dict[str, Any]) -> frozenset[str]:
        """The fields that the chosen way asks for."""
        somebody_else = values["mode"] == "direct" and values["relation"] in ("family", "other")
        return frozenset(ASKED[values["mode"]]) | ({"reason"} if somebody_else else set())

    def _deliver(self, values: dict[str, Any], refused: Any, finished: Any) -> None:
        left_out = ANY - self._asked(values)
        name, what = self._send
        given = {k: v for k, v in values.items() if k not in left_out}
        if "place" in given:
            given["address"] = given.pop("place")
        if "why" in given:
            given["reason"] = given.pop("why")
        day = given.get("published_on")
        request = {**what, **given, **({"published_on": day.isoformat()} if day else {})}
        if values["mode"] == "direct":
            request |= self.proof.request()
        self._context.run(name, request, done=finished, failed=refused)

    # ---- signature and photo ----

    def _sign(self) -> None:
        """Let the receiver sign on the applicant's screen."""
        values = self.form.values() if self.form is not None else {}
        if not values.get("receiver"):
            self.set_error(_("Write who receives the result, or read the card."))
            return
        self.set_error("")
        self.proof.receiver_is(values["receiver"], values["relation"])
        request = {
            **self._send[1],
            "receiver": values["receiver"],
            "relation": values["relation"],
        }
        matter = "matter_id" in request
        self.proof.applicant_screen.push(
            request, "acceptance.show_matter_delivery" if matter else "acceptance.show_delivery"
        )

    def _photograph(self) -> None:
        """A picture of the receiver from the desk's camera."""
        proof = self.proof
        proof.camera.set_busy(True)

        def taken(answer: dict[str, Any]) -> None:
            proof.camera.set_busy(False)
            if answer.get("image"):
                proof.take_photo(answer["image"])
            else:
                self.set_error(_("The camera has no new page."))

        def failed(error: UserError) -> None:
            proof.camera.set_busy(False)
            self._no_card(error)

        self._context.ask_device("document_camera", "capture", done=taken, failed=failed)

    # ---- the card ----

    def ask_card(self) -> None:
        """Read the card that lies on the reader, or is laid down within a few seconds."""
        self._context.ask_device(
            "id_card_reader", "read", done=lambda answer: self._take(answer.get("card")), failed=self._no_card,
            wait=CARD_WAIT,
        )  # fmt: skip

    def _device_said(self, kind: str, event: str, data: dict[str, Any]) -> None:
        if kind == "id_card_reader" and event == "card" and self.isVisible():
            self._take(data)

    def _take(self, card: dict[str, Any] | None) -> None:
        if not card or self.form is None:
            self.set_error(_("No card was laid on the reader."))
            return
        self.set_error("")
        values = {"receiver": card["name"], "receiver_code": card["number"]}
        self.form.set_values(values, _("identity card"))

    def _no_card(self, error: UserError) -> None:
        self.set_error("".join(in_language(part) for part in (error.sentence, error.do)))


def ask_delivery(owner: QWidget, context: PageContext, case: Any, done: Callable[[Any], None]) -> ActDialog:
    """Hand the result of a case out; whoever received it may rate the case on a screen of their own."""
    screen = screen_of(context, owner)
    facts = [(_("Applicant"), case.row.applicant), (_("Code"), case.applicant_masked)]
    if case.agent_name:
        facts.append((_("Agent"), identifiers.mask_name(case.agent_name)))
    if case.certificate_no:
        facts.append((_("Certificate"), case.certificate_no))
    body = _("{number} {item}", number=case.row.short_no, item=case.row.item_name)
    send = ("acceptance.deliver", {"case_id": case.row.id})

    def delivered(result: Any) -> None:
        screen.rest()
        if screen.place.has_second():
            screen.ask_rating(case.row.id)
        done(result)

    return DeliveryDialog(context, _("Hand out the result?"), body, facts, send, delivered, screen).over(
        owner
    )


def ask_matter_delivery(
    owner: QWidget, context: PageContext, matter: Any, done: Callable[[Any], None]
) -> ActDialog:
    """Hand all results of a matter out together, against one signature."""
    waiting = [part.name for part in matter.parts if part.state in ("ready", "refused")]
    facts = [(_("Applicant"), matter.row.applicant), (_("Code"), matter.applicant_masked)]
    if matter.agent_name:
        facts.append((_("Agent"), matter.agent_name))
    facts.append((_("Results handed out"), "、".join(waiting)))
    body = _("{number} {item}", number=matter.row.short_no, item=matter.row.name)
    send = ("acceptance.deliver_matter", {"matter_id": matter.row.id})
    title = _("Hand out {n} results together?", n=len(waiting))
    screen = screen_of(context, owner)

    def delivered(result: Any) -> None:
        screen.rest()
        if screen.place.has_second():
            screen.ask_rating(result.case_id)
        done(result)

    return DeliveryDialog(context, title, body, facts, send, delivered, screen).over(owner)


def screen_of(context: PageContext, owner: QWidget) -> ScreenDesk:
    """The applicant's screen of a page, made when it is first needed."""
    made = (child for child in owner.children() if isinstance(child, ScreenDesk))
    found = next(made, None)
    return found if found is not None else ScreenDesk(context, owner)


def _fields() -> list[FormField]:
    relations = [
        ("self", _("the applicant")), ("agent", _("agent")), ("family", _("family")), ("other", _("other")),
    ]  # fmt: skip
    ways = [
        ("direct", _("at the desk")), ("mail", _("by mail")), ("left", _("left before a witness")),
        ("entrusted", _("through another organ")), ("electronic", _("electronically")), ("notice", _("by public notice")),
    ]  # fmt: skip
    return [
        FormField("mode", _("Way"), kind="choice", choices=ways),
        FormField("receiver", _("Receiver"), required=True),
        FormField("relation", _("Relation"), kind="choice", choices=relations),
        FormField("receiver_code", _("Receiver's citizen's number"), check=_check_receiver),
        FormField("reason", _("Why this person receives it"), span=2),
        FormField("mail_no", _("Number of the consignment"), placeholder="EA123456789CN"),
        FormField("address", _("Sent to"), span=2),
        FormField("witness", _("Witness, or organ that serves")),
        FormField("published_on", _("Published on"), kind="date"),
        FormField("why", _("Not taken, or not to be reached, because"), span=2),
        FormField("place", _("Left, sent or published at"), span=2),
        FormField(
            "consented", _("Consent"), kind="check", placeholder=_("The addressee agreed to electronic means")
        ),
    ]


def _check_receiver(value: str) -> str | None:
    return problem_of(identifiers.check_person_id, value) if value else None
