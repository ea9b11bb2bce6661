"""A desk's offline window in a process of its own that does what it is told: python offline_desk.py URL DATA ACCOUNT DESK NOW.

Reads one command a line and answers each with one line of JSON: `ready` (numbers and catalogue are in hand), `away` (it has
noticed that the hall is away), `receive N`, `type TEXT` (and waits until it is kept), `typed`, `states`, `entered`
(waits until nothing waits any more), `die-when-entered` (kills itself once the hall has entered a receipt, before that is noted).
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import queue
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["YICHUANG_SECRETS"] = "file"

from PyQt6.QtTest import QTest

from yichuang.hall.identifiers import citizen_id_check
from yichuang.host.discovery import discover
from yichuang.shell.backend import Opening
from yichuang.shell.faults import Faults
from yichuang.shell.own_window import OwnWindow, Start
from yichuang.shell.preferences import Preferences
from yichuang.shell.process import install_qt_words, make_application
from yichuang_acceptance import operations
from yichuang_acceptance.offline_store import IntakeStore

STEP_MS, MOST_STEPS = 20, 4500


def wait(condition: Callable[[], Any]) -> None:
    """Until something is so, at most a minute and a half."""
    for _ in range(MOST_STEPS):
        if condition():
            return
        QTest.qWait(STEP_MS)
    raise TimeoutError


class Desk:
    """The window with a clerk's hands."""

    def __init__(self, own: OwnWindow, number: int) -> None:
        self._own, self._people = own, number * 100
        wait(lambda: own.page is not None or own.problem is not None)
        assert own.problem is None, own.problem
        self.view = own.page.widget.desk
        self.hand = self.view.hand
        wait(lambda: self.hand._stores and self.view.form.finder._index is not None)

    def do(self, command: str, argument: str) -> Any:
        """Follow a command; what it answers."""
        return getattr(self, "do_" + command.replace("-", "_"))(argument)

    def do_ready(self, _argument: str) -> dict[str, int]:
        wait(lambda: self.hand.numbers_left() >= 50 and len(self.hand.kept.left) == 2)
        wait(lambda: self.hand.kept.catalogue_at is not None and len(self.view.form.finder._rows) > 1000)
        return dict(self.hand.kept.left)

    def do_away(self, _argument: str) -> str:
        wait(lambda: self.hand.away)
        return str(self._own.page.widget.banner.notes.notes()[0])

    def do_receive(self, count: str) -> list[str]:
        return [self._receive() for _ in range(int(count))]

    def _receive(self) -> str:
        before = len(self.hand.kept.receipts)
        self._fill()
        form = self.view.form
        form.form.hands.hand_in(form.form.hands.asked[0].position)
        form.gate()
        self.view.act()
        wait(lambda: len(self.hand.kept.receipts) > before and form.is_empty())
        return str(self.hand.kept.receipts[-1].case_no)

    def _fill(self) -> None:
        form, n = self.view.form, self._people + len(self.hand.kept.receipts)
        codes = sorted(code for code, row in form.finder._rows.items() if row.type == "01")
        form.finder.choose(codes[n % len(codes)])
        wait(lambda: form._item is not None)
        body = f"15042119800101{n:03d}"
        form.applicant.form.set_values({"name": "苏日娜", "code": body + citizen_id_check(body), "phone": ""})

    def do_type(self, text: str) -> str:
        self._fill()
        form = self.view.form
        form.form.set_values({"project": text, "address": "", "content": ""})
        form._edited()
        wait(lambda: form.form.saved.text())
        return text

    def do_typed(self, _argument: str) -> str:
        wait(lambda: self.view.form._item is not None)
        return str(self.view.form.form.project())

    def do_states(self, _argument: str) -> dict[str, str]:
        return {receipt.case_no: receipt.state for receipt in self.hand.kept.receipts}

    def do_entered(self, _argument: str) -> dict[str, str]:
        wait(lambda: not self.hand.away)
        wait(lambda: self.hand.kept.receipts and all(r.state != "waiting" for r in self.hand.kept.receipts))
        return self.do_states("")

    def do_die_when_entered(self, _argument: str) -> bool:
        IntakeStore.end = lambda *_receipt: os.kill(os.getpid(), signal.SIGKILL)
        return True


def main(url: str, data: str, account: str, desk: str, now: str) -> None:
    """See the module."""
    begun, at = datetime.now(UTC), datetime.fromisoformat(now)
    found = next(each for each in discover([]) if each.id == "acceptance")
    window = next(each for each in found.manifest.windows if each.name == "offline")
    for each in pkgutil.iter_modules(
        operations.__path__
    ):  # a busy machine imports them for longer than a start may take
        importlib.import_module(f"{operations.__name__}.{each.name}")
    opening = Opening(url, Path(data), only=("acceptance",), clock=lambda: at + (datetime.now(UTC) - begun))
    application = make_application(["yichuang"], 100)
    install_qt_words(application)
    own = OwnWindow(
        Start(found.manifest, window, {}, opening, account, desk),
        application,
        Preferences(Path(data)),
        Faults(),
    )
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(
        target=lambda: [lines.put(line) for line in sys.stdin] + [lines.put("")], daemon=True
    ).start()
    own.open()
    hands = Desk(own, int(desk[1:]))
    print(json.dumps("open"), flush=True)
    while True:
        if lines.empty():
            QTest.qWait(STEP_MS)
            continue
        line = lines.get().strip()
        if not line:
            break
        command, _, argument = line.partition(" ")
        print(json.dumps(hands.do(command, argument), ensure_ascii=False), flush=True)
    own.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
