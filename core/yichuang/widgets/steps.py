"""How far something is: the vertical timeline of a case, and the numbered line above a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from yichuang.hall.words import core
from yichuang.widgets import paint, theme
from yichuang.widgets.lights import State, light_text
from yichuang.widgets.tokens import tone_color

_ = core.text


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a timeline.

    Attributes:
        title: What is done.
        who: Who did it or will do it.
        when: When, at the right of `who`; of the title where nobody and nothing aside is named.
        aside: At the right of the title, such as time used.
        state: done, current, not_yet, overdue or paused.
        tone: Colour of `when`, such as amber for a near limit.
    """

    title: str
    who: str = ""
    when: str = ""
    aside: str = ""
    state: str = State.NOT_YET
    tone: str = ""


class _Steps(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.steps: list[Step] = []

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.steps)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.steps):
            return None
        step = self.steps[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return step
        if role == Qt.ItemDataRole.DisplayRole:
            return step.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = light_text(step.state)
            return " ".join(filter(None, (step.title, state, step.who, step.when, step.aside)))
        return None


class StepDelegate(QStyledItemDelegate):
    """Paints a step: dot on a vertical line, two lines of text."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        step: Step = index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect)
        last = index.row() == index.model().rowCount() - 1
        center = QPointF(rect.x() + 7, rect.y() + 11)
        if not last:
            top = center.y() + 10
            painter.fillRect(QRectF(center.x() - 0.5, top, 1, rect.bottom() - top + 1), theme.color("line2"))
        paint_step_dot(painter, center, step.state)
        state = State(step.state)
        ink = {State.CURRENT: "acct", State.NOT_YET: "t2", State.OVERDUE: "red"}.get(state, "t1")
        area = rect.adjusted(24, 0, 0, 0)
        first, second = QRectF(area), QRectF(area)
        first.setHeight(22)
        second.setTop(area.y() + 21)
        second.setHeight(18)
        bare = not (step.who or step.aside)  # nobody is named: the time stands beside what it is the time of
        when = paint.text_width(step.when, 12)
        aside = when if bare else paint.text_width(step.aside, 12)
        paint.text(painter, first, step.aside, px=12, ink="t3", align=paint.RIGHT)
        strong = state is State.CURRENT
        paint.text(painter, first.adjusted(0, 0, -aside - 8, 0), step.title, ink=ink, strong=strong)
        at = first if bare else second
        paint.text(painter, at, step.when, px=12, ink=tone_color(step.tone, "t2"), align=paint.RIGHT)
        paint.text(painter, second.adjusted(0, 0, -when - 8, 0), step.who, px=12, ink="t2")

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, 52)


def paint_step_dot(painter: QPainter, center: QPointF, state: State | str) -> None:
    """Draw the dot of a timeline: full when done, a thick ring when current, hollow when not reached."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown = State(state)
    color = {State.DONE: "grnd", State.ON_TIME: "grnd", State.CURRENT: "acct", State.OVERDUE: "redd"}
    token = color.get(shown, "line3" if shown is not State.WARNING else "ambd")
    hollow = shown in (State.CURRENT, State.NOT_YET, State.PAUSED)
    if hollow:
        width = 4.0 if shown is State.CURRENT else 2.0
        painter.setPen(QPen(theme.color(token), width))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(center, 6.5 - width / 2, 6.5 - width / 2)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(token))
        painter.drawEllipse(center, 6.5, 6.5)
    painter.restore()


class Timeline(QListView):
    """The steps of a case from top to bottom; as high as its steps."""

    def __init__(self, steps: Sequence[Step] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Steps(self)
        self.setModel(self._model)
        self.setItemDelegate(StepDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("fill", "none")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps."""
        self._model.beginResetModel()
        self._model.steps = list(steps)
        self._model.endResetModel()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(220, max(1, len(self._model.steps)) * 52)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())


class StepLine(QWidget):
    """Numbered steps in one line: (text, state); state may be done, current, not_yet or error."""

    def __init__(self, steps: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[tuple[str, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[tuple[str, str]]) -> None:
        """Show other steps."""
        self._steps = list(steps)
        spoken = [
            f"{text} {_('to be corrected') if state == 'error' else light_text(state)}"
            for text, state in self._steps
        ]
        self.setAccessibleName(", ".join(spoken))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        widths = [28 + paint.text_width(text, 13, strong=state == "current") for text, state in self._steps]
        gaps = max(1, len(self._steps) - 1)
        gap = max(16.0, (self.width() - sum(widths)) / gaps)
        x, middle = 0.0, self.height() / 2
        for number, ((text, state), width) in enumerate(zip(self._steps, widths, strict=True), 1):
            self._paint_number(painter, QRectF(x, middle - 9, 18, 18), number, state)
            ink = {"error": "red", "current": "t1"}.get(state, "t2")
            area = QRectF(x + 25, 0, width, self.height())
            paint.text(painter, area, text, ink=ink, strong=state in ("current", "error"))
            if number < len(self._steps):
                paint.hairline(painter, x + width + 8, round(middle), gap - 16, ink="line2")
            x += width + gap

    def _paint_number(self, painter: QPainter, rect: QRectF, number: int, state: str) -> None:
        fill = {"done": "grnd", "current": "acc", "error": "redd"}.get(state)
        paint.box(painter, rect, 9, fill, None if fill else "line3")
        if state == "done":
            from yichuang.widgets.icons import paint_icon

            paint_icon(painter, rect.adjusted(3, 3, -3, -3), "check", "on")
            return
        label = "!" if state == "error" else str(number)
        paint.text(painter, rect, label, px=11, ink="on" if fill else "t2", strong=True, align=paint.CENTER)
