"""The board: a full-screen window of a hall, a zone or a desk. `yichuang queue board --zone Z`, `--desk A01`.

It is pushed to, never polls for calls, and can be built from nothing: a snapshot, then the calls after it.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QFrame, QGraphicsView, QWidget

from yichuang.api import UserError
from yichuang.api.ui import PageContext
from yichuang_queue.rules.announcing import STALE_SECONDS, Announcing
from yichuang_queue.ui.board.parts import HEIGHT, WIDTH
from yichuang_queue.ui.board.scene import BoardScene, Drafts
from yichuang_queue.words import words

_ = words.text
TICK_MS = 100
BEAT_MS = 2_000
SNAPSHOT_MS = 15_000
"""Predicted waits change with time alone."""
GATHER_MS = 400
"""Counts may be so much older than calls: one snapshot serves a burst of changes."""
GIVEN_UP_SECONDS = 10.0
"""A question that has not been answered for so long is put again."""


def build(context: PageContext) -> QWidget:
    """The window of a board; `context.args` may name a zone or a desk."""
    return BoardWindow(context)


class BoardWindow(QGraphicsView):
    """Shows the scene scaled to the window, and keeps it up to date."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._zone = str(context.args.get("zone", ""))
        self._desk = str(context.args.get("desk", ""))
        self._memory = Announcing()
        self._board: Any = None
        self._offset = timedelta(0)  # the hall's clock less this machine's
        self._asked: dict[str, float] = {}  # open questions
        self._again = False
        self._heard = time.monotonic()
        drafts = Drafts(str(context.setting("queue.number_mn")), str(context.setting("queue.desk_mn")))
        self.board_scene = BoardScene(self._desk, drafts)
        super().__init__(self.board_scene)
        self.board_scene.setParent(self)
        self._dress()
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)
        self._gather.timeout.connect(self.ask_board)
        context.shown.connect(lambda _args: self.ask_board())
        context.refresh.connect(self.ask_board)
        context.changes.connect(self._on_changes)
        context.every(TICK_MS, self._tick)
        context.every(BEAT_MS, self.ask_calls)
        context.every(SNAPSHOT_MS, self.ask_board)

    def _dress(self) -> None:
        self.setWindowTitle(_("Board"))
        self.setObjectName("board")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QGraphicsView { background: #0A1D25; border: none; }")
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        # A part paints inside its rectangle: without this its neighbours would be painted again with it.
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setInteractive(False)
        self.setAccessibleName(_("Board"))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.resetTransform()
        scale = min(self.width() / WIDTH, self.height() / HEIGHT)
        self.scale(scale, scale)

    # --- questions ----------------------------------------------------------------------------------------------

    def _on_changes(self, changes: frozenset[tuple[str, str]]) -> None:
        if any(topic == "queue" for topic, _key in changes):
            self.ask_calls()
            if not self._gather.isActive():
                self._gather.start()

    def ask_board(self) -> None:
        """Ask for the snapshot."""
        self._gather.stop()
        self._ask("queue.board", {}, self._take_board)

    def ask_calls(self) -> None:
        """Ask for the calls after what is known; once more when something changes while the question is open."""
        if self._board is None:
            self.ask_board()
        else:
            after = self._memory.after
            take = partial(self._take_calls, after=after)
            self._again = not self._ask("queue.calls", {"after": after}, take) or self._again

    def _ask(self, name: str, request: dict[str, Any], take: Any) -> bool:
        now = time.monotonic()
        if now - self._asked.get(name, -GIVEN_UP_SECONDS) < GIVEN_UP_SECONDS:
            return False
        self._asked[name] = now
        whose = {"zone": self._zone, "desk": self._desk}

        def done(answer: Any) -> None:
            if self._asked.get(name) == now:
                del self._asked[name]
            self._heard = time.monotonic()
            take(answer, now)

        def failed(_error: UserError) -> None:  # the mark says so when it lasts
            if self._asked.get(name) == now:
                del self._asked[name]

        self._context.query(name, {**whose, **request}, done=done, failed=failed)
        return True

    def _take_board(self, board: Any, asked: float) -> None:
        first = self._board is None
        if first or board.now >= self._board.now:
            self._board = board
            self._offset = board.now - datetime.now(board.now.tzinfo)
        self._memory.hear_snapshot(board, asked)
        if first and board.calls:
            self._memory.rest_on(board.calls[0], time.monotonic())
        self.show_board()

    def _take_calls(self, calls: Any, asked: float, after: int) -> None:
        more = self._memory.hear_calls(calls, asked, after)
        again, self._again = self._again, False
        self.show_board()
        if more or again:
            self.ask_calls()

    # --- the screen ---------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._memory.tick(time.monotonic())
        self.show_board()

    def show_board(self) -> None:
        """Show what is known; parts that show the same as before are not painted again."""
        now, scene, board = time.monotonic(), self.board_scene, self._board
        self._memory.tick(now)
        quiet = now - self._heard
        scene.show_stale(int(quiet) if quiet > STALE_SECONDS else None)
        scene.show_clock(
            self._context.now() if board is None else datetime.now(board.now.tzinfo) + self._offset
        )
        if board is None:
            scene.panel.show_value(_("Connecting…"))
            return
        scene.show_hall(board, self._zone)
        scene.show_calls(self._memory, board, now)
        if not self._desk:
            scene.show_lines(board, now)
        scene.show_ticker(board, now)
