"""The page of messages to applicants (短信): what was told, what was not delivered, trying again, wanting none, export."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError, identifiers, in_language
from yichuang.api.ui import (
    Button,
    Column,
    PageContext,
    PageHeader,
    SearchBox,
    Tab,
    TagSpec,
)
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
LIGHTS = {
    "waiting": "current",
    "sent": "done",
    "gave_up": "overdue",
    "declined": "paused",
    "dropped": "paused",
}
TONES = {"waiting": "teal", "sent": "green", "gave_up": "red", "declined": "grey", "dropped": "grey"}


class MessagesPage(QWidget):
    """Messages by state."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        tabs = (
            Tab("gave_up", _("Not delivered")), Tab("waiting", _("Waiting")), Tab("sent", _("Sent out")), Tab("", _("All")),
        )  # fmt: skip
        self.export = Button(_("Export"), icon="download", key="Ctrl+E", binds=False)
        self.export.clicked.connect(self.ask_export)
        self.header = PageHeader(_("Messages to applicants"), tabs, (self.export,))
        self.header.tab_changed.connect(self.show_tab)
        self.tab = "gave_up"
        self.search = SearchBox(_("Case number, item, last digits of the telephone"))
        self.search.searched.connect(lambda _text: self.load())
        self.view = self._ledger()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.view, 1)
        for number, tab in enumerate(tabs, 1):
            context.shortcut(
                f"Alt+{number}", L("Go to the tab {n}", n=number), lambda tab=tab: self.show_tab(tab.id)
            )
        context.shortcut("Ctrl+Enter", L("Try the message again"), self.view.act, bar=True)
        context.watch({"message", "case", "acceptance"}, self.load)
        context.shown.connect(lambda _args: self.load())

    def _ledger(self) -> Ledger:
        columns = (
            Column("light", "", 40, kind="light"), Column("at", _("Written"), 104, sort=by("at")),
            Column("number", _("Case number"), 124, sort=by("number")),
            Column("item", _("Item"), stretch=3, kind="strong", sort=True), Column("kind", _("Tells of"), 120, sort=True),
            Column("phone", _("Telephone"), 116), Column("state", _("State"), 112, sort=True),
            Column("attempts", _("Attempts"), 84, kind="number", sort=by("attempts")),
        )  # fmt: skip
        empty = ("message-square", _("No messages"), self._why_none())
        may = self._context.can("acceptance.resend_messages")
        acts = [
            Act(_("Try again"), "send", self.resend, lambda r: may and r.state == "gave_up" and not r.declined, primary=True),
            Act(_("Wants no messages"), "bell-off", self.ask_none, lambda row: row.case_id is not None and not row.declined),
            Act(_("Wants messages again"), "bell", self.want, lambda row: row.declined),
        ]  # fmt: skip
        ledger = Ledger(
            self._context, "acceptance.messages", columns, empty, self._cells, self._beside, acts,
            _("Messages to applicants"), (_heads, _sheet_row),
        )  # fmt: skip
        self.search.setMaximumWidth(360)
        ledger.bar.addWidget(self.search, 1)
        ledger.bar.addStretch(1)
        return ledger

    def _why_none(self) -> str:
        """Why the list may be empty."""
        if not self._context.setting("acceptance.message_gateway"):
            return _("No gateway is chosen in the settings: applicants are told nothing by message.")
        return _("Messages are written when something happens to a case.")

    def show_tab(self, tab: str) -> None:
        """Show the messages of a state."""
        self.tab = tab
        self.header.set_current(tab)
        self.load()

    def load(self) -> None:
        """Ask for the list in front."""
        self.view.ask("acceptance.messages", {"state": self.tab, "text": self.search.value()})

    @staticmethod
    def _cells(row: Any) -> dict[str, Any]:
        return {
            "light": LIGHTS[row.state], "at": stamp(row.at),
            "number": row.number if row.case_id is None else identifiers.short_case_number(row.number),
            "item": row.item_name, "kind": row.kind_name,
            "phone": row.phone, "state": row.state_name, "attempts": str(row.attempts),
        }  # fmt: skip

    @staticmethod
    def _beside(row: Any) -> Shown:
        pairs = [
            (_("Item") if row.case_id is None else _("Case"), row.number),
            (_("Tells of"), row.kind_name), (_("Telephone"), row.phone),
            (_("Written"), stamp(row.at)), (_("Attempts"), str(row.attempts)),
            (_("Next attempt"), stamp(row.next_at) if row.next_at else ""),
            (_("Ended"), stamp(row.ended_at) if row.ended_at else ""), (_("Gateway's number"), row.receipt),
            (_("Last answer"), row.error), (_("Tried again by"), row.resent_by),
        ]  # fmt: skip
        return Shown(row.item_name, TagSpec(row.state_name, TONES[row.state]), pairs, row.text, [])

    # ---- acts ----

    def resend(self, row: Any) -> None:
        """Try a message again that was not delivered."""

        def done(_state: Any) -> None:
            self._context.notify(_("The message is tried again"), kind="success")
            self.load()

        self._context.run("acceptance.resend_message", {"message_id": row.id}, done=done, failed=self._tell)

    def ask_none(self, row: Any) -> ActDialog:
        """The applicant wants no messages."""

        def act(_values: dict[str, Any], refused: Any, finished: Any) -> None:
            request = {"case_id": row.case_id, "wanted": False}
            self._context.run("acceptance.want_messages", request, done=finished, failed=refused)

        body = _("What waits for this applicant is not sent. Papers and their limits stay as they are.")
        return ActDialog(
            _("Send this applicant no more messages?"), body, primary=_("Send none"), facts=[(_("Telephone"), row.phone)],
            fields=[], act=act, done=lambda _done: self.load(),
        ).over(self)  # fmt: skip

    def want(self, row: Any) -> None:
        """The applicant wants messages again."""
        request = {"case_id": row.case_id, "wanted": True}
        self._context.run(
            "acceptance.want_messages", request, done=lambda _done: self.load(), failed=self._tell
        )

    def ask_export(self) -> None:
        """Save the list in front as a spreadsheet; numbers stay masked."""
        self.view.table.export_requested.emit("xlsx")

    def _tell(self, error: UserError) -> None:
        self._context.notify(
            "".join(in_language(part) for part in (error.sentence, error.do)), kind="warning"
        )


def _heads() -> list[str]:
    return [
        _("Written"), _("Case number"), _("Item"), _("Tells of"), _("Telephone"), _("State"), _("Attempts"),
        _("Ended"), _("Last answer"), _("Words"),
    ]  # fmt: skip


def _sheet_row(r: Any) -> list[str]:
    return [
        _moment(r.at), r.number, r.item_name, r.kind_name, r.phone, r.state_name, str(r.attempts), _moment(r.ended_at),
        r.error, r.text,
    ]  # fmt: skip


def _moment(at: Any) -> str:
    return f"{at.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}" if at is not None else ""


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return MessagesPage(context)
