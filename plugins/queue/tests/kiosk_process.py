"""A kiosk in a process of its own that kills itself at a chosen moment: python kiosk_process.py URL DATA MOMENT BUSINESS.

MOMENT: print (a number in hand is written, no paper yet), merged (the hall has entered it, the kiosk has not noted that),
answered (the hall has given a number, no paper yet). Prints the number it was about to tell.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from yichuang.api import Actor
from yichuang.host.suite import Suite
from yichuang.shell.testing import open_page
from yichuang_queue.kiosk_store import KioskStore
from yichuang_queue.ui.kiosk import desk as kiosk_desk
from yichuang_queue.ui.kiosk.desk import KioskDesk


def die(word: str = "") -> None:
    """As a power cut does it."""
    print(word, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, data: str, moment: str, business: str, now: str) -> None:
    """See the module."""
    kiosk_desk.PATIENCE_MS = 700
    if moment in ("print", "answered"):
        KioskDesk.print = lambda _self, slip, _ended: die(slip.number)
    else:
        KioskStore.merged = lambda _self, given: die(given[0].number)
    begun, at = datetime.now(UTC), datetime.fromisoformat(now)
    kiosk = Actor(7, "kiosk2", "取号机 2", "1", permissions=frozenset(["queue.issue"]))
    suite = Suite.open(url, Path(data), plugins=["queue"], clock=lambda: at + (datetime.now(UTC) - begun))
    application = QApplication([])
    with open_page(suite, kiosk, "queue.kiosk", args={"kiosk": "2"}) as (window, _context):
        for _ in range(600):
            QTest.qWait(20)
            left: list[dict[str, int]] = []
            if window.desk.tree.nodes and not left:
                window.desk._hand.keep(lambda store: store.left(window.desk.now().date()), left.append)
                QTest.qWait(50)
            if left and left[0].get("A"):
                break
        if moment != "merged":
            print("ready", flush=True)
            sys.stdin.readline()  # the test has made the hall unreachable by now
            window.choose(business)
            window.take()
        QTest.qWait(20_000)
    application.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
