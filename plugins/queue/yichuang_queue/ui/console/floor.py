"""The floor: the strip of figures, the grid of desks with its filter and legend, the day's curve, the side pane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import (
    ComboBox,
    Dot,
    EmptyState,
    Hairline,
    Kpi,
    Panel,
    Segmented,
    Skeleton,
    Splitter,
    Text,
)
from yichuang_queue.rules.floor import DayFigures, DeskNow, Kind
from yichuang_queue.ui.console.chart import DayChart
from yichuang_queue.ui.console.grid import DeskGrid
from yichuang_queue.ui.console.side import SideView
from yichuang_queue.words import words

_ = words.text
MOST_SEGMENTS = 5
LONG_WAIT = 20 * 60
_LEGEND = (
    ((Kind.SERVING,), "green"),
    ((Kind.CALLED,), "teal"),
    ((Kind.OVER, Kind.PAUSED), "amber"),
    ((Kind.IDLE,), "grey"),
    ((Kind.AWAY,), "red"),
)


class FigureStrip(QWidget):
    """Seven numbers of the moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(68)
        self.waiting = Kpi(_("Waiting now"), "—", _("people"))
        self.mean = Kpi(_("Mean wait"), "—", _("min"))
        self.longest = Kpi(_("Longest wait"), "—", _("min"))
        self.open = Kpi(_("Open desks"), "—", "")
        self.issued = Kpi(_("Taken today"), "—", _("tickets"))
        self.finished = Kpi(_("Finished today"), "—", _("services"))
        self.passed = Kpi(_("Share passed"), "—", "%")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(0)
        cells = (self.waiting, self.mean, self.longest, self.open, self.issued, self.finished, self.passed)
        for at, cell in enumerate(cells):
            if at:
                row.addWidget(Hairline(vertical=True))
                row.addSpacing(16)
            row.addWidget(cell, 1)

    def show_figures(self, figures: DayFigures, targets: Sequence[int]) -> None:
        """Show the numbers; the longest wait turns amber beyond the shortest promise."""
        self.waiting.set_value(figures.waiting)
        self.mean.set_value(figures.mean_seconds // 60)
        late = figures.longest_seconds > min(targets, default=LONG_WAIT // 60) * 60
        self.longest.set_value(figures.longest_seconds // 60, tone="amber" if late else "")
        self.open.set_value(figures.open_desks, f"/ {figures.desks}")
        self.issued.set_value(figures.issued)
        self.finished.set_value(figures.finished)
        share = figures.passed_share
        self.passed.set_value("—" if share is None else f"{share * 100:.1f}")


class GroupFilter(QWidget):
    """Which desks are shown: all, or those of one business; a list to choose from where there are many.

    Signals:
        changed: The user chose.
    """

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._groups: dict[str, int] = {}
        self._editor: Any = None

    def current(self) -> str:
        """The chosen business; empty for all."""
        return str(self._editor.value() or "") if self._editor is not None else ""

    def show_groups(self, desks: Sequence[DeskNow]) -> None:
        """Offer the businesses of these desks, with how many desks each has."""
        groups = dict(Counter(desk.group for desk in desks if desk.group))
        if groups == self._groups and self._editor is not None:
            return
        self._groups = groups
        chosen = self.current()
        items = [("", _("All {n}", n=len(desks))), *((name, f"{name} {n}") for name, n in groups.items())]
        if self._editor is not None:
            self._editor.hide()
            self._editor.deleteLater()
        few = len(groups) <= MOST_SEGMENTS
        self._editor = Segmented(items, compact=True) if few else ComboBox(items)
        self._editor.setAccessibleName(_("Show desks of"))
        self._editor.set_value(chosen if chosen in groups else "")
        self._editor.changed.connect(self.changed)
        self._row.addWidget(self._editor)


class Legend(QWidget):
    """How many desks do what."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.dots = [Dot(tone, "") for _kinds, tone in _LEGEND]
        for dot in self.dots:
            row.addWidget(dot)

    def show_kinds(self, kinds: Sequence[Kind]) -> None:
        """Count these."""
        counts = Counter(kinds)
        names = (_("Serving"), _("Being called"), _("Over mean or on a break"), _("Idle"), _("Away"))
        for dot, (group, tone), name in zip(self.dots, _LEGEND, names, strict=True):
            dot.set_state(tone, f"{name} {sum(counts[kind] for kind in group)}")


class FloorView(QWidget):
    """The first tab. Shows the present (`Console`) or a moment of the past (`Scene`); it asks for nothing itself.

    Signals:
        opened: Code of the desk to look at.
        refilled: The user chose other desks to be shown.
    """

    opened = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desks: Sequence[DeskNow] = ()
        self._now: datetime | None = None
        self._away = 30
        self._line = ""
        self.strip = FigureStrip()
        self.grid, self.chart, self.side = DeskGrid(), DayChart(), SideView()
        self.filter, self.legend = GroupFilter(), Legend()
        self.first_load = Skeleton(6, 40)
        self.nothing = EmptyState(
            "layout-grid", _("No desk is laid out"), _("Desks come from the hall's plan in the settings.")
        )
        self.nobody = EmptyState("search-x", _("No desk serves this"), _("Choose another business or line."))
        self._stack = QStackedWidget()
        for part in (self.first_load, self.grid, self.nothing, self.nobody):
            self._stack.addWidget(part)
        self._split = Splitter("h", "queue.console")
        self._split.addWidget(self._middle())
        self._split.addWidget(self.side)
        self.side.setMinimumWidth(280)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.setSizes([1056, 316])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(Hairline())
        column.addWidget(self._split, 1)
        self.grid.opened.connect(self.opened)
        self.filter.changed.connect(self._refill)
        self.side.lines.chosen.connect(self._choose_line)
        self.setFocusProxy(self.grid)

    def _middle(self) -> QWidget:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(20, 10, 12, 14)
        column.setSpacing(10)
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(Text(_("Desks"), 13, strong=True))
        bar.addWidget(self.filter)
        bar.addStretch(1)
        bar.addWidget(self.legend)
        column.addLayout(bar)
        column.addWidget(self._stack, 1)
        self.curve_panel = Panel(_("Taken and finished today"), padding=12)
        self.forecast_note = Text("", 12, "t3")
        self.curve_panel.head.insertWidget(1, self.forecast_note)
        for text, tone in ((_("Taken"), "c3"), (_("Finished services"), "c1"), (_("Forecast"), "line3")):
            self.curve_panel.head.addWidget(_Key(text, tone))
        self.curve_panel.add(self.chart, 1)
        self.curve_panel.setFixedHeight(212)
        column.addWidget(self.curve_panel)
        return middle

    def narrow(self, *, narrow: bool, side: bool) -> None:
        """On a small screen the side pane is a tab of its own: show either it or the rest."""
        self.side.setVisible(side or not narrow)
        self._split.widget(0).setVisible(not (side and narrow))

    def resizeEvent(self, event: object) -> None:
        self.curve_panel.setFixedHeight(212 if self.height() > 640 else 164)

    def show_console(self, console: Any, forecast: Any) -> None:
        """Show the present."""
        self.curve_panel.show()
        self.chart.show_curve(console.curve, forecast)
        note = ""
        if forecast is not None:
            note = _(
                "Forecast: mean of {n} days of this weekday × {factor}",
                n=forecast.days,
                factor=f"{forecast.factor:.2f}",
            )
        self.forecast_note.setText(note)
        self.side.show_console(console)
        self._show(console.desks, console.lines, console.figures, console.now, console.away_minutes)

    def show_scene(self, scene: Any) -> None:
        """Show a moment of a past day."""
        self.curve_panel.hide()
        self.side.show_scene(scene)
        self._show(scene.desks, scene.lines, scene.figures, scene.moment, self._away)

    def tick(self, now: datetime) -> None:
        """Let the clocks go on."""
        self.grid.desks.tick(now)

    def desk(self, code: str) -> DeskNow | None:
        """A desk as it is shown."""
        return next((desk for desk in self._desks if desk.code == code), None)

    def _show(
        self, desks: Sequence[DeskNow], lines: Sequence[Any], figures: DayFigures, now: datetime, away: int
    ) -> None:
        self._desks, self._now, self._away = desks, now, away
        self.strip.show_figures(figures, [line.target_minutes for line in lines])
        self.filter.show_groups(desks)
        self.legend.show_kinds([desk.kind(now, away) for desk in desks])
        self._refill()

    def _choose_line(self, code: str) -> None:
        self._line = code
        self._refill()

    def _refill(self) -> None:
        if self._now is None:
            return
        group = self.filter.current()
        shown = [
            desk
            for desk in self._desks
            if (not group or desk.group == group) and (not self._line or self._line in desk.lines)
        ]
        self.grid.show_desks(shown, self._now, self._away)
        page = self.grid if shown else self.nobody if self._desks else self.nothing
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)


class _Key(QWidget):
    """A short line in a colour with what it stands for."""

    def __init__(self, text: str, ink: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        mark = Hairline(ink=ink)
        mark.setFixedSize(14, 2)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Text(text, 12, "t2"))
