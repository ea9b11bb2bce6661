"""Questions: a frameless box over a scrim, inside the window, never a second event loop.

`Dialog.ask` returns at once and calls back. So nothing waits, timers and other windows go on, and a test can answer by
pressing the dialog's own buttons or by patching the one method.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QEvent, QObject, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShortcut,
    QWheelEvent,
)
from PyQt6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from yichuang.hall.words import core
from yichuang.widgets import paint
from yichuang.widgets.buttons import Button
from yichuang.widgets.fields import Form, FormField
from yichuang.widgets.focus import show_ring
from yichuang.widgets.labels import Text
from yichuang.widgets.notes import IconMark
from yichuang.widgets.page import KeyValue
from yichuang.widgets.shadow import drop_shadow

_ = core.text
Done = Callable[[Any], str | None]


class _Scrim(QWidget):
    """Covers the window at 32 % and keeps the mouse from it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)
        self.setGeometry(window.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parent():
            self.setGeometry(self.parentWidget().rect())
        return False

    def resizeEvent(self, event: QEvent) -> None:
        for box in self.findChildren(Dialog, options=Qt.FindChildOption.FindDirectChildrenOnly):
            box.center()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(16, 22, 25, 82))


class Dialog(QFrame):
    """A question with its answers.

    Args:
        title: The question itself.
        body: Names the object and the effect.
        primary: Text of the act, verb and object or count.
        kind: primary, or danger for an act that cannot be undone.
        cancel: Text of the way out.
        fields: Asked for before the act.
        icon: Lucide name, shown in a tinted square at the left of the title.
        facts: (label, value) pairs in a grey box, such as seal, purpose, witness.
        wide: 560 px; by default as soon as there are fields in two columns.

    Signals:
        accepted: The act was chosen.
        rejected: Left by Esc or the way out.
    """

    accepted = pyqtSignal()
    rejected = pyqtSignal()

    def __init__(
        self,
        title: str,
        body: str = "",
        *,
        primary: str = "",
        kind: str = "primary",
        cancel: str = "",
        fields: Sequence[FormField] = (),
        icon: str | None = None,
        facts: Sequence[tuple[str, ...]] = (),
        wide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "dialog")
        self._kind = kind
        self._done: Done | None = None
        self._opener: QWidget | None = None
        columns = 2 if wide or any(field.span > 1 for field in fields) else 1
        self.setFixedWidth(560 if columns == 2 else 440)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(0)
        self._build_head(column, title, body, icon)
        if facts:
            column.addWidget(_facts_box(facts))
            column.addSpacing(14)
        self.form = Form(fields, columns) if fields else None
        if self.form is not None:
            column.addWidget(self.form)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body)
        self._error = Text("", 12, "red", wrap=True)
        self._error.hide()
        column.addSpacing(2)
        column.addWidget(self._error)
        column.addSpacing(14)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        column.addLayout(self.buttons)
        self._build_buttons(primary or _("OK"), cancel or _("Cancel"))
        self.setAccessibleName(title)
        self.setAccessibleDescription(body)

    def _build_head(self, column: QVBoxLayout, title: str, body: str, icon: str | None) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        if icon:
            head.addWidget(_IconSquare(icon, "red" if self._kind == "danger" else "teal"))
        texts = QVBoxLayout()
        texts.setSpacing(0 if icon else 8)
        texts.addWidget(Text(title, 16, strong=True, wrap=True))
        if body:
            texts.addWidget(Text(body, 13, "t2", wrap=True))
        head.addLayout(texts, 1)
        column.addLayout(head)
        column.addSpacing(14 if icon else 10)

    def _build_buttons(self, primary: str, cancel: str) -> None:
        danger = self._kind == "danger"
        self.cancel_button = Button(cancel, key="Esc", binds=False)
        self.primary_button = Button(
            primary, "danger-fill" if danger else "primary", key=None if danger else "Enter", binds=False
        )
        self.cancel_button.clicked.connect(self.reject)
        self.primary_button.clicked.connect(self.accept)
        self.remark = Text("", 12, "t2")
        self.buttons.addWidget(self.remark)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.primary_button)

    @classmethod
    def ask(
        cls,
        parent: QWidget,
        title: str,
        body: str = "",
        *,
        primary: str,
        kind: str = "primary",
        cancel: str = "",
        fields: Sequence[FormField] = (),
        icon: str | None = None,
        facts: Sequence[tuple[str, ...]] = (),
        wide: bool = False,
        done: Done | None = None,
    ) -> Dialog:
        """Ask in the window of `parent` and return at once.

        The other arguments are those of the class. `done` is called with None on the way out; on the act with True, or
        with the values when there are fields. It may give back a sentence: the dialog then stays and shows it.
        """
        dialog = cls(
            title,
            body,
            primary=primary,
            kind=kind,
            cancel=cancel,
            fields=fields,
            icon=icon,
            facts=facts,
            wide=wide,
        )
        dialog._done = done
        dialog.open_in(parent.window())
        return dialog

    def open_in(self, window: QWidget) -> None:
        """Show the dialog over a window; the focus returns to where it was when it closes."""
        self._opener = QApplication.focusWidget()
        scrim = _Scrim(window)
        self.setParent(scrim)
        drop_shadow(self)
        scrim.show()
        scrim.raise_()
        self.show()
        self.center()
        self._focus_first()

    def center(self) -> None:
        """Put the box a little above the middle of its window."""
        window = self.parentWidget()
        if window is None:
            return
        self.adjustSize()
        # The hint is that of wrapped texts in narrow columns: what is too high is spread between the parts.
        height = self.layout().heightForWidth(self.width())
        self.resize(self.width(), height if height > 0 else self.sizeHint().height())
        self.move((window.width() - self.width()) // 2, max(24, (window.height() - self.height()) * 2 // 5))

    def set_error(self, text: str) -> None:
        """Show a sentence above the buttons; empty takes it away."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.set_busy(False)
        self.center()

    def set_busy(self, busy: bool) -> None:
        """While the act runs elsewhere."""
        self.primary_button.set_busy(busy)

    def accept(self) -> None:
        """Choose the act: check the fields, call back, close unless the answer is a sentence."""
        if self.form is not None and not self.form.validate():
            self.center()
            return
        answer: Any = self.form.values() if self.form is not None else True
        problem = self._done(answer) if self._done is not None else None
        if isinstance(problem, str) and problem:
            self.set_error(problem)
            return
        self.accepted.emit()
        self._close()

    def reject(self) -> None:
        """Take the way out."""
        if self._done is not None:
            self._done(None)
        self.rejected.emit()
        self._close()

    def event(self, event: QEvent) -> bool:
        # The page below must not hear its shortcuts while a question stands over it.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            pressed = QKeySequence(event.keyCombination())
            if all(shortcut.key() != pressed for shortcut in self.findChildren(QShortcut)):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab inside the dialog."""
        widgets = [
            w
            for w in self.findChildren(QWidget)
            if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible() and w.isEnabled()
        ]
        if not widgets:
            return False
        chain = sorted(
            widgets,
            key=lambda w: (w.mapTo(self, w.rect().topLeft()).y(), w.mapTo(self, w.rect().topLeft()).x()),
        )
        now = QApplication.focusWidget()
        at = chain.index(now) if now in chain else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        chain[(at + (1 if forward else -1)) % len(chain)].setFocus(reason)
        return True

    def _enter(self) -> None:
        """Enter presses the focused button; else the act, unless it destroys something."""
        focused = QApplication.focusWidget()
        if isinstance(focused, Button) and self.isAncestorOf(focused):
            focused.click()
        elif isinstance(focused, QPlainTextEdit) or self._kind == "danger":
            return
        else:
            self.primary_button.click()

    def _focus_first(self) -> None:
        reason = Qt.FocusReason.ActiveWindowFocusReason
        if self._kind == "danger" and self.form is None:
            self.cancel_button.setFocus(reason)
            show_ring(self.cancel_button)
        elif self.form is not None:
            self.form.focus_first()
        else:
            self.primary_button.setFocus(reason)

    def _close(self) -> None:
        scrim = self.parentWidget()
        self.hide()
        if self._opener is not None and self._opener.isVisible():
            self._opener.setFocus(Qt.FocusReason.PopupFocusReason)
        if isinstance(scrim, _Scrim):
            scrim.hide()
            scrim.deleteLater()
        else:
            self.deleteLater()


class _IconSquare(QWidget):
    """The icon of a dialog in a tinted square of 40 px."""

    def __init__(self, icon: str, tone: str) -> None:
        super().__init__()
        self.setFixedSize(40, 40)
        self._fill = "reds" if tone == "red" else "accs"
        mark = IconMark(icon, "redd" if tone == "red" else "acct", 20, self)
        mark.setGeometry(10, 10, 20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.box(QPainter(self), QRectF(self.rect()), 8, self._fill)


def _facts_box(facts: Sequence[tuple[str, ...]]) -> QFrame:
    frame = QFrame()
    frame.setProperty("role", "facts")
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(14, 10, 14, 10)
    inside.addWidget(KeyValue(facts, 56))
    return frame
