"""What the kiosk does, without its looks: gives numbers with the hall or from those in hand, prints, comes back online."""

from __future__ import annotations

import logging
import secrets
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from yichuang.api import AWAY, HALL_ZONE, UserError, identifiers
from yichuang.api.ui import Job, PageContext
from yichuang_queue.kiosk_store import Given, Press
from yichuang_queue.rules.kiosk import Line, Node, Slip, Tree, Wait, slip_of
from yichuang_queue.rules.quota import NOON
from yichuang_queue.rules.tickets import Priority
from yichuang_queue.ticket_image import ticket_png
from yichuang_queue.ticket_text import paper_of
from yichuang_queue.ui.kiosk.hand import Hand, Left, unanswered
from yichuang_queue.words import words

L = words.lazy
log = logging.getLogger("yichuang.plugin.queue")

PATIENCE_MS = 5_000
"""How long a person waits for the hall before a number in hand is given."""
FRESH = timedelta(minutes=2)
"""For so long after its end the kiosk takes somebody to stand there still."""
TOKEN_BYTES = 12
REMEMBER_EVERY = timedelta(minutes=1)
"""How often what the hall looks like is written down for a start while it is away."""
PRINTED_SETTINGS = ("queue.public_url", "queue.phone")
"""Settings of the hall that a ticket shows."""


@dataclass(frozen=True)
class Want:
    """What a person asks for.

    Attributes:
        node: The business; None for an appointment.
        person, code_kind, code: From a card or typed; the number never reaches the kiosk's disk.
        appointment: Its code; empty with `code` finds it by the identity number.
    """

    node: Node | None = None
    further: tuple[Node, ...] = ()
    priority: Priority = Priority.NONE
    person: str = ""
    code_kind: str = "111"
    code: str = ""
    appointment: str = ""

    @property
    def operation(self) -> str:
        """Which operation answers it."""
        return "queue.take" if self.node is not None else "queue.check_in"

    def public(self, kiosk: str) -> dict[str, Any]:
        """The request without name and identity number."""
        if self.node is None:
            return {"appointment": self.appointment, "kiosk": kiosk}
        further = [node.code for node in self.further]
        return {**self.node.request, "further": further, "priority": str(self.priority), "kiosk": kiosk}

    def request(self, kiosk: str) -> dict[str, Any]:
        """The whole request."""
        private = {"code_kind": self.code_kind, "code": self.code} if self.code else {}
        if self.person and self.node is not None:
            private["person"] = self.person
        return {**self.public(kiosk), **private}


class KioskDesk(QObject):
    """The kiosk's work.

    Signals:
        changed: Tree, waits or quotas are other ones.
        offline_changed: The hall is away (True) or back (False).
        given: A `Slip` to be shown.
        refused: A `UserError` to be shown.
        printed: The slip whose printing has ended, and what went wrong: nothing, "paper" or "printer".
        merged: How many tickets given out offline the hall has entered now.

    Attributes:
        offline: Whether the hall is away.
        busy: Whether somebody waits for a number just now.
    """

    changed = pyqtSignal()
    offline_changed = pyqtSignal(bool)
    given = pyqtSignal(object)
    refused = pyqtSignal(object)
    printed = pyqtSignal(object, str)
    merged = pyqtSignal(int)

    def __init__(self, context: PageContext, kiosk: str) -> None:
        super().__init__(context)
        self.kiosk = kiosk
        self.tree = Tree()
        self.hall = ""
        self.credits: dict[str, int] = {}
        self.offline = False
        self.busy = False
        self._context = context
        self._seen_at: datetime | None = None
        self._press: Press | None = None
        self._want = Want()
        self._job: Job | None = None
        self._untold: set[str] = set()
        self._in_hand_given = Counter[str]()  # numbers by business that the hall has not counted yet
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._no_answer)
        context.online_changed.connect(lambda online: None if online else self._set_offline(True))
        self._remembered_at: datetime | None = None
        self._printed = {key: str(context.setting(key)) for key in PRINTED_SETTINGS}
        self._hand = Hand(context, kiosk)
        self._hand.opened.connect(self._take_up)
        self._hand.back.connect(self._come_back)
        self._hand.away.connect(lambda: self._set_offline(True))
        self._hand.refused.connect(lambda: self._untold.add("refused"))

    def close(self) -> None:
        """Stop waiting and let go of the kiosk's file."""
        self._patience.stop()
        self._hand.close()

    # ---- what the hall looks like ----

    def load(self) -> None:
        """Ask what the kiosk shows now."""
        self._context.query("queue.kiosk", done=self._show, failed=self._load_failed)

    def now(self) -> datetime:
        """The moment in the hall."""
        return self._context.now().astimezone(HALL_ZONE)

    @property
    def public_url(self) -> str:
        """Where the ticket's page is; empty where there is none."""
        return self._printed["queue.public_url"]

    def _show(self, view: Any) -> None:
        self._seen_at = self.now()
        self._printed = {key: str(self._context.setting(key)) for key in PRINTED_SETTINGS}
        self._hand.lease = int(self._context.setting("queue.kiosk_lease"))
        self._look(view.hall, view.credits, _tree(asdict(view)))
        self._remember(view)
        if self.offline:
            self._hand.merge()
        else:
            self._hand.refill(self.tree.used_lines, self._seen_at.date())

    def _look(self, hall: str, credits_: dict[str, int], tree: Tree) -> None:
        self.hall, self.credits = hall, credits_
        self.tree = _less(tree, self._in_hand_given)
        self.changed.emit()

    def _remember(self, view: Any) -> None:
        """Write down what the hall looks like; not at every ticket, for it costs the disk a flush."""
        now = self.now()
        if self._remembered_at is None or now - self._remembered_at >= REMEMBER_EVERY:
            self._remembered_at = now
            look = {**asdict(view), "printed": self._printed}
            self._hand.keep(lambda store: store.remember(now, look))

    def _recall(self, left: Left) -> None:
        """Begin with what the hall looked like last, less what was given out since."""
        if left.look is None or self._seen_at is not None:
            return
        self._seen_at, look = left.look
        self._printed = look["printed"]
        self._in_hand_given.update(
            given.data["business"] for given in left.unmerged if given.at >= self._seen_at
        )
        self._look(look["hall"], look["credits"], _tree(look))

    def _load_failed(self, error: UserError) -> None:
        if error.code in AWAY:
            self._set_offline(True)

    def _set_offline(self, offline: bool) -> None:
        if offline != self.offline:
            self.offline = offline
            log.warning("kiosk %s: the hall is %s", self.kiosk, "away" if offline else "back")
            self.offline_changed.emit(offline)

    # ---- giving numbers ----

    def take(self, want: Want) -> None:
        """Give a number; a second press while the first is being answered does nothing."""
        if self.busy:
            return
        self.busy = True
        self._want = want
        if self.offline:
            self._give_in_hand("")
            return
        press = self._press = Press(
            uuid.uuid4().hex, want.operation, want.public(self.kiosk), self._context.now()
        )
        # The hall is asked even where the kiosk's own disk fails: only a cut at this very moment would then show.
        self._hand.keep(
            lambda store: store.begin(press), lambda _none: self._ask(press), lambda _error: self._ask(press)
        )

    def _ask(self, press: Press) -> None:
        self._patience.start()
        self._job = self._context.run(
            press.operation,
            self._want.request(self.kiosk),
            done=self._answered,
            failed=self._failed,
            key=press.key,
        )

    def _answered(self, issued: Any) -> None:
        self._patience.stop()
        press, self._press, self.busy = self._press, None, False
        slip = slip_of(issued)
        if self._want.node is not None:
            self.tree = _less(
                self.tree, {self._want.node.code: 1}
            )  # the hall may be away before it is asked again
        self.given.emit(slip)
        self.print(slip, lambda: self._end(press.key if press is not None else ""))

    def _failed(self, error: UserError) -> None:
        self._patience.stop()
        if error.code in AWAY:
            self._no_answer()
            return
        self._end(self._press.key if self._press is not None else "")
        self._refuse(error)

    def _no_answer(self) -> None:
        """The hall was asked and did not answer; whether it has given a number is found out when it is back."""
        if self._job is not None:
            self._job.cancel()
        self._set_offline(True)
        press, self._press = self._press, None
        self._give_in_hand(press.key if press is not None else "")

    def _give_in_hand(self, press: str) -> None:
        want, node = self._want, self._want.node
        if node is None:
            self._refuse(
                UserError(
                    "HALL_AWAY", L("Appointments cannot be looked up just now."),
                    do=L("Take an ordinary number, or ask the staff."),
                )
            )  # fmt: skip
            return
        data = {
            "business": node.code if node.listed else node.name, "further": [each.code for each in want.further],
            "priority": str(want.priority), "token": secrets.token_urlsafe(TOKEN_BYTES), "press": press,
            "person": identifiers.mask_name(want.person) if want.person else "", "name": node.name,
        }  # fmt: skip
        at, day = self._context.now(), self.now().date()
        self._hand.keep(
            lambda store: store.give(node.line, at, day, data),
            lambda given: self._given_in_hand(given, want, press), lambda _error: self._given_in_hand(None, want, press),
        )  # fmt: skip

    def _given_in_hand(self, given: Given | None, want: Want, press: str) -> None:
        if given is None or want.node is None:
            self._end(press)
            self._refuse(
                UserError(
                    "NO_NUMBERS", L("No number can be given for this just now."),
                    do=L("Please go to the guide desk; the staff have been told."),
                )
            )  # fmt: skip
            return
        self.busy = False
        self._in_hand_given[want.node.code] += 1
        self.tree = _less(self.tree, {want.node.code: 1})
        self._hand_over(given, tuple(node.name for node in want.further))
        self.changed.emit()
        if not self.offline:
            self._hand.merge()  # the hall came back while this one was being given out

    def _hand_over(self, given: Given, further: tuple[str, ...] = ()) -> None:
        """Show and print a ticket that was given out from those in hand."""
        slip = Slip(
            given.number, given.data["name"], given.line, given.at, given.data["token"],
            Priority(given.data["priority"]), further, offline=True,
        )  # fmt: skip
        self.given.emit(slip)
        self.print(slip, lambda: self._hand.keep(lambda store: store.printed(given)))

    def _refuse(self, error: UserError) -> None:
        self.busy = False
        self.refused.emit(error)

    def node_now(self, node: Node) -> Node:
        """A node as it is now: while the hall is away, a quota of a half day or an hour that has passed holds no more."""
        seen, now = self._seen_at, self.now()
        if not self.offline or node.left is None or seen is None:
            return node
        passed = {
            "slot": seen.hour != now.hour, "half_day": (seen.time() < NOON) != (now.time() < NOON),
        }.get(node.limit, False) or seen.date() != now.date()  # fmt: skip
        return replace(node, left=None, limit="") if passed else node

    # ---- paper ----

    def print(self, slip: Slip, ended: Callable[[], object]) -> None:
        """Print a slip; what goes wrong is told by `printed`, and to the staff."""
        text = paper_of(
            slip, self.hall, self.kiosk, self.tree.lines.get(slip.line), self.credits, self.public_url,
            self._printed["queue.phone"],
        )  # fmt: skip

        def draw(png: bytes) -> None:
            self._context.ask_device(
                "ticket_printer", "print", done=lambda _answer: end(""), failed=failed, image=png
            )

        def failed(error: UserError) -> None:
            log.warning("kiosk %s: ticket %s was not printed: %s", self.kiosk, slip.number, error.code)
            trouble = "paper" if error.code == "DEVICE_PRINTER_PAPER" else "printer"
            self.call_staff(trouble)
            end(trouble)

        def end(trouble: str) -> None:
            self.printed.emit(slip, trouble)
            ended()

        self._context.work(lambda: ticket_png(text), done=draw, failed=failed)

    def call_staff(self, reason: str) -> None:
        """Call somebody to the kiosk: help, paper, printer; kept until the hall is there."""

        def failed(error: UserError) -> None:
            if error.code in AWAY:
                self._untold.add(reason)
            else:
                log.warning("kiosk %s: the staff could not be called: %s", self.kiosk, error.code)

        request = {"kiosk": self.kiosk, "reason": reason}
        self._context.run("queue.call_guide", request, done=lambda _message: None, failed=failed)

    # ---- coming back ----

    def _come_back(self, merged: int) -> None:
        """The hall knows everything again: go on with it."""
        self._set_offline(False)
        self._in_hand_given.clear()
        if merged:
            self.merged.emit(merged)
        for reason in sorted(self._untold):
            self._untold.discard(reason)
            self.call_staff(reason)
        self.load()

    def _take_up(self, left: Left) -> None:
        """After an end in the middle: answer whoever was being answered, and enter what the hall does not know."""
        self._recall(left)
        since = self._context.now() - FRESH
        press = unanswered(left.presses, since)
        for each in left.presses:
            if each is not press:
                self._end(each.key)
        if press is not None and not self.busy:
            self.busy, self._press = True, press
            self._context.run(
                press.operation, press.request, done=self._answered, failed=self._not_taken_up, key=press.key
            )
        for given in left.unprinted:
            if given.at >= since:
                self._hand_over(given)
        if left.unmerged:
            self._hand.merge()

    def _not_taken_up(self, error: UserError) -> None:
        """Nobody is told: whoever was there presses again."""
        press, self._press, self.busy = self._press, None, False
        if error.code not in AWAY and press is not None:
            self._end(press.key)

    def _end(self, press: str) -> None:
        """A press is answered, or will not be."""
        if press:
            self._hand.keep(lambda store: store.end(press))


def _tree(view: Mapping[str, Any]) -> Tree:
    """The tree of an answer of `queue.kiosk` as a mapping; a hall that has set up none shows its lines."""
    lines = [
        Line(
            each["code"], each["name"], each["waiting"],
            None if each["wait_low"] is None else Wait(each["wait_low"], each["wait_high"]),
            tuple(each["desks"]), each["calls"], each["passed_minutes"],
        )
        for each in view["lines"]
    ]  # fmt: skip
    nodes = [Node(**each) for each in view["nodes"]] or [
        Node(f"@{each['code']}", "", each["name"], each["name_mn"], line=each["code"], listed=False)
        for each in view["lines"]
    ]
    return Tree(nodes, lines)


def _less(tree: Tree, given: Mapping[str, int]) -> Tree:
    """The tree after so many numbers of each business were given out that the hall's answer did not count."""
    nodes = [
        replace(node, left=max(0, node.left - given.get(node.code, 0))) if node.left is not None else node
        for node in tree.nodes.values()
    ]
    more = Counter[str]()
    for code, count in given.items():
        if code in tree.nodes:
            more[tree.nodes[code].line] += count
    lines = [replace(line, waiting=line.waiting + more[line.code]) for line in tree.lines.values()]
    return Tree(nodes, lines)
