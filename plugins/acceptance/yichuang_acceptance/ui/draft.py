"""Keeps what is typed: at most three seconds of work are lost, whatever happens to the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget

from yichuang.api import UserError
from yichuang.api.ui import PageContext

SAVE_MS = 2500


class DraftKeeper(QObject):
    """Saves a draft after typing and when the focus moves; one save at a time.

    Args:
        snapshot: Gives the request of `acceptance.save_draft` without id and parking; None while there is nothing to keep.
        owner: The form; a change of focus inside it saves at once.

    Attributes:
        draft_id: The draft that is being written, None before the first save.

    Signals:
        saved: The draft was written.
        failed: It could not be written (UserError).
    """

    saved = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(
        self, context: PageContext, snapshot: Callable[[], dict[str, Any] | None], owner: QWidget
    ) -> None:
        super().__init__(owner)
        self._context, self._snapshot, self._owner = context, snapshot, owner
        self.draft_id: int | None = None
        self._dirty = self._saving = False
        self._then: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_MS)
        self._timer.timeout.connect(self.flush)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def touch(self) -> None:
        """Something was changed. The timer runs from the first change on, so steady typing is saved as well."""
        self._dirty = True
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Save now, if there is anything to save."""
        self._timer.stop()
        if self._dirty and not self._saving:
            self._save(parked=False)

    def settle(self, then: Callable[[], None]) -> None:
        """Call `then` once no save is under way, so that what it does meets the draft with its id."""
        self._timer.stop()
        if self._saving:
            self._then = then
        else:
            then()

    def park(self, then: Callable[[], None]) -> bool:
        """Save as put aside, then call `then`; False if there is nothing to keep."""
        if self._snapshot() is None:
            return False
        self.settle(lambda: self._save(parked=True, then=then))
        return True

    def take(self, draft_id: int | None) -> None:
        """Go on with a draft; None where the hall has none of it yet."""
        self.forget()
        self.draft_id = draft_id

    def forget(self) -> None:
        """The application was entered or put aside: begin a new draft."""
        self._timer.stop()
        self.draft_id, self._dirty = None, False

    def _save(self, *, parked: bool, then: Callable[[], None] | None = None) -> None:
        content = self._snapshot()
        self._dirty = False
        if content is None:
            return
        self._saving = True
        self._context.run(
            "acceptance.save_draft", {**content, "draft_id": self.draft_id, "parked": parked},
            done=lambda draft_id: self._done(draft_id, then), failed=self._refused,
        )  # fmt: skip

    def _done(self, draft_id: int, then: Callable[[], None] | None) -> None:
        self._saving = False
        self.draft_id = draft_id
        self.saved.emit()
        self._go_on(then)

    def _refused(self, error: UserError) -> None:
        self._saving = False
        if error.code == "UNKNOWN_DRAFT":  # thrown away elsewhere: what stands here is kept as a new one
            self.draft_id = None
        self._dirty = True
        self.failed.emit(error)
        self._go_on(None)

    def _go_on(self, then: Callable[[], None] | None) -> None:
        waiting, self._then = self._then, None
        for act in (then, waiting):
            if act is not None:
                act()
        if self._dirty:
            self._timer.start()

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._dirty and (new is None or self._owner.isAncestorOf(new)):
            self.flush()
