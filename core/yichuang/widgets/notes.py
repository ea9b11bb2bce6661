"""Notes in the page: an error with what is safe and what to do, a warning, a remark, and the empty and failed states."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core, in_language
from yichuang.widgets.buttons import Button
from yichuang.widgets.flow import FlowLayout
from yichuang.widgets.icons import paint_icon
from yichuang.widgets.labels import Text
from yichuang.widgets.layouts import clear_layout
from yichuang.widgets.tokens import TONES

_ = core.text


def join_sentences(*sentences: str) -> str:
    """Sentences one after another; Chinese ones without a blank between them."""
    text = ""
    for sentence in filter(None, sentences):
        text += sentence if not text or text[-1] in "。！？；" else f" {sentence}"
    return text


def what_to_do(error: UserError) -> str:
    """What is safe and what to do: the second line of an error."""
    return join_sentences(in_language(error.safe), in_language(error.do))


def retry_button(retry: Callable[[], None]) -> Button:
    """The button of an error that may pass."""
    again = Button(_("Try again"), icon="rotate-ccw", size="compact")
    again.clicked.connect(lambda _checked: retry())
    return again


class IconMark(QWidget):
    """An icon of a fixed size and colour that is no button."""

    def __init__(self, name: str, color: str = "t2", px: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._color, self._px = name, color, px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, name: str, color: str | None = None) -> None:
        """Another icon, and another colour if one is given."""
        self._name, self._color = name, color or self._color
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._px, self._px)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_icon(QPainter(self), QRectF(self.rect()), self._name, self._color)


class Note(QFrame):
    """A tinted box: icon, title, sentences, buttons. The named kinds below are what pages use."""

    def __init__(
        self,
        tone: str,
        icon: str,
        title: str,
        text: str = "",
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("note", tone)
        ink, _tint, _border, dot = TONES[tone]
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        self._mark = IconMark(icon, dot)
        mark_column = QVBoxLayout()
        mark_column.setContentsMargins(0, 2, 0, 0)
        mark_column.addWidget(self._mark)
        mark_column.addStretch(1)
        row.addLayout(mark_column)
        column = QVBoxLayout()
        column.setSpacing(0)
        row.addLayout(column, 1)
        self._title = Text(title, 13, ink, strong=True, wrap=True)
        self._text = Text(text, 12, "t2", wrap=True, selectable=True)
        column.addWidget(self._title)
        column.addWidget(self._text)
        self._actions = FlowLayout(8)
        self._action_box = QWidget()
        self._action_box.setLayout(self._actions)
        column.addSpacing(0)
        column.addWidget(self._action_box)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.set_text(title, text)
        self.set_actions(actions)

    def set_text(self, title: str, text: str = "") -> None:
        """Other sentences."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(title or text)
        self.setAccessibleDescription(text)

    def set_actions(self, actions: Sequence[QWidget]) -> None:
        """Other buttons below the sentences."""
        clear_layout(self._actions)
        for action in actions:
            self._actions.addWidget(action)
        self._actions.setContentsMargins(0, 6 if actions else 0, 0, 2 if actions else 0)
        self._action_box.setVisible(bool(actions))


class ErrorNote(Note):
    """What failed, what is safe, what to do; technical detail only behind a button.

    Args:
        title: What failed.
        text: What is safe and what to do.
        actions: Buttons such as retry.
        diagnostics: Detail for the help desk, copied by the button 复制诊断.
    """

    def __init__(
        self,
        title: str,
        text: str = "",
        actions: Sequence[QWidget] = (),
        diagnostics: str = "",
        parent: QWidget | None = None,
    ) -> None:
        buttons = list(actions)
        if diagnostics:
            copy = Button(_("Copy diagnostics"), icon="copy", size="compact")
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(diagnostics))
            buttons.append(copy)
        super().__init__("red", "circle-alert", title, text, buttons, parent)

    @classmethod
    def from_error(
        cls, error: UserError, retry: Callable[[], None] | None = None, diagnostics: str = ""
    ) -> ErrorNote:
        """The note that an operation's error asks for; with `retry` it has a button for that."""
        buttons = [] if retry is None else [retry_button(retry)]
        return cls(in_language(error.sentence), what_to_do(error), buttons, diagnostics)


class WarnNote(Note):
    """Something to know before going on; amber (offline is amber, not red)."""

    def __init__(
        self,
        title: str,
        text: str = "",
        actions: Sequence[QWidget] = (),
        icon: str = "triangle-alert",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("amber", icon, title, text, actions, parent)


class InfoNote(Note):
    """A remark that helps; teal."""

    def __init__(
        self,
        title: str,
        text: str = "",
        actions: Sequence[QWidget] = (),
        icon: str = "info",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("teal", icon, title, text, actions, parent)


class GoodNote(Note):
    """A check that was passed; green."""

    def __init__(
        self,
        title: str,
        text: str = "",
        actions: Sequence[QWidget] = (),
        icon: str = "shield-check",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("green", icon, title, text, actions, parent)


class NotePlace(QVBoxLayout):
    """Where a page says what happened: one note at a time, no room taken while there is none."""

    def say(self, what: UserError | str | None, retry: Callable[[], None] | None = None) -> None:
        """An error in place, with `retry` and a button for that; None or an empty text takes it away."""
        if isinstance(what, UserError):
            self.put(ErrorNote.from_error(what, retry))
        else:
            self.put(ErrorNote(what) if what else None)

    def put(self, note: QWidget | None) -> None:
        """Any note in place of the one before; None takes it away."""
        clear_layout(self)
        if note is not None:
            self.addWidget(note)

    def notes(self) -> list[str]:
        """What is said, title and sentences of each note."""
        notes = [self.itemAt(at).widget() for at in range(self.count())]
        said = [(n.accessibleName(), n.accessibleDescription()) for n in notes if n is not None]
        return [join_sentences(*dict.fromkeys(both)) for both in said]


class EmptyState(QFrame):
    """Nothing here: icon, what is not here, why or when it will be, one button. No picture.

    Args:
        framed: Gives it the subtle box of the component sheet; inside a table it has none.
    """

    INK = "line3"

    def __init__(
        self,
        icon: str,
        title: str,
        why: str = "",
        button: Button | None = None,
        *,
        framed: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "well" if framed else "")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 20, 16, 20)
        column.setSpacing(4)
        column.addStretch(1)
        center = Qt.AlignmentFlag.AlignHCenter
        self._mark = IconMark(icon, self.INK, 36)
        column.addWidget(self._mark, 0, center)
        column.addSpacing(8)
        self._title = Text(title, 13, strong=True, wrap=True)
        self._why = Text(why, 12, "t3", wrap=True)
        self._why.setVisible(bool(why))
        for text in (self._title, self._why):  # across the whole width: a narrow pane breaks the line
            text.setAlignment(center)
            column.addWidget(text)
        if button is not None:
            column.addSpacing(8)
            column.addWidget(button, 0, center)
        column.addStretch(1)
        self.setAccessibleName(title)
        self.setAccessibleDescription(why)


class ErrorState(EmptyState):
    """Nothing could be read: what failed, what is safe and what to do, a button to try again; in place of an `EmptyState`.

    Args:
        retry: Asks again; without it there is no button.
        framed: As for `EmptyState`.
    """

    INK = "redd"

    def __init__(
        self,
        title: str,
        why: str = "",
        retry: Callable[[], None] | None = None,
        *,
        framed: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        self.button = None if retry is None else retry_button(retry)
        super().__init__("circle-alert", title, why, self.button, framed=framed, parent=parent)

    @classmethod
    def from_error(
        cls,
        error: UserError,
        retry: Callable[[], None] | None = None,
        *,
        framed: bool = True,
        parent: QWidget | None = None,
    ) -> ErrorState:
        """The state that a query's error asks for."""
        return cls(in_language(error.sentence), what_to_do(error), retry, framed=framed, parent=parent)
