"""The home page: who is waiting for me, what is waiting for me, how much time is left. All data comes from the plugins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.api.ui import PageContext
from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.shell.clock import hall_time, long_date
from yichuang.shell.finding import NEW_CASE_KEY
from yichuang.shell.navigation import PLUGINS, Entry
from yichuang.shell.notices import ROW_HEIGHT as NOTICE_HEIGHT
from yichuang.shell.notices import NoticeRow
from yichuang.shell.today import TodayStrip, strip_of
from yichuang.widgets import (
    Badge,
    Bars,
    BarsData,
    Button,
    Column,
    DataTable,
    Dialog,
    Donut,
    DonutData,
    Hairline,
    Light,
    Menu,
    PageHeader,
    Panel,
    Part,
    Tab,
    TabStrip,
    Text,
    TimeLeft,
    WarnNote,
    clear_layout,
)

if TYPE_CHECKING:
    from yichuang.api.hooks import Figure, Todo
    from yichuang.shell.operations import Home
    from yichuang.shell.workspace import Workspace

_ = words.text
L = words.lazy

MINE = "mine"
SIDE_WIDTH = 320
LIGHTS = {
    "normal": "on_time",
    "warning": "warning",
    "overdue": "overdue",
    "paused": "paused",
    "current": "current",
    "done": "done",
    "pending": "not_yet",
}
LIGHT_WORDS: dict[str, LazyText] = {
    "normal": L("On time"),
    "warning": L("Warning"),
    "overdue": L("Overdue"),
    "paused": L("Clock stopped"),
}
LIGHT_COLORS = {"normal": "grnd", "warning": "ambd", "overdue": "redd", "paused": "line3"}
MOST_ACTS = 3
NOTICES_SHOWN = 8
NOTICES_HEAD = 62
ROW_GAP = 2
SORTS: dict[str, LazyText] = {"time": L("By time left"), "number": L("By case number"), "item": L("By item")}


def todo_row(todo: Todo) -> dict[str, Any]:
    """A to-do as a row of the table."""
    state = LIGHTS.get(todo.light, "on_time")
    order = todo.due.timestamp() if todo.due is not None else float("inf")
    return {
        "id": todo.id,
        "light": state,
        "number": todo.number,
        "item": todo.title,
        "applicant": todo.applicant,
        "step": todo.step,
        "time": TimeLeft(todo.time_left, todo.used if todo.time_left else None, state, order),
        "action": todo.action,
        "todo": todo,
    }


def by_pressure(todo: Todo) -> tuple[int, float]:
    """Running clocks by the moment they end; stopped clocks and those without an end last."""
    stopped = todo.light in ("paused", "done")
    return (1 if stopped or todo.due is None else 0, todo.due.timestamp() if todo.due is not None else 0.0)


def tabs_of(todos: Sequence[Todo]) -> list[Tab]:
    """Everything first, then the tabs the plugins named, in the order they named them."""
    counts = Counter(todo.tab for todo in todos if todo.tab)
    names = dict.fromkeys(todo.tab for todo in todos if todo.tab)
    return [Tab(MINE, _("My to-dos"), len(todos)), *(Tab(name, name, counts[name]) for name in names)]


class TodoPanel(Panel):
    """The table of to-dos with its tabs."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(flush=True, padding=0)
        self._context = context
        self._todos: list[Todo] = []
        self._states: set[str] = set()
        self._sort = str(context.load("sort", "time"))
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 12, 0)
        self.tabs = TabStrip(tabs_of([]), 46)
        self.tabs.tab_changed.connect(lambda _tab: self._fill())
        head.addWidget(self.tabs)
        head.addStretch(1)
        self.filter = Button(_("Filter"), kind="ghost", icon="list-filter", size="compact")
        self.filter.clicked.connect(lambda _checked=False: self._open_filter())
        self.sort = Button("", kind="ghost", icon="arrow-up-down", size="compact")
        self.sort.clicked.connect(lambda _checked=False: self._open_sort())
        head.addWidget(self.filter)
        head.addWidget(self.sort)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addWidget(Hairline())
        self.table = DataTable(
            [
                Column("light", "", width=44, kind="light"),
                Column("number", _("Case number"), width=108),
                Column("item", _("Item"), stretch=3, kind="strong"),
                Column("applicant", _("Applicant"), stretch=3),
                Column("step", _("Step"), width=124),
                Column("time", _("Time left"), width=148, kind="time"),
                Column("action", "", width=56, kind="action"),
            ],
            row_height=37,
        )
        self.table.set_keys([(("Up", "Down"), _("Choose")), ("Enter", _("Open")), ("Space", _("Preview"))])
        self.table.set_empty(
            "circle-check", _("Nothing is waiting for you"), _("New cases appear here by themselves.")
        )
        self.table.activated.connect(self._open)
        self.table.acted.connect(lambda _column, row: self._open(row))
        self.table.previewed.connect(self._preview)
        self.table.set_loading(True)
        self.add(self.table, 1)
        self._show_sort()

    def show_todos(self, todos: Sequence[Todo]) -> None:
        """Other to-dos."""
        self._todos = list(todos)
        self.tabs.set_tabs(tabs_of(self._todos))
        self._fill()

    def show_error(self, error: UserError) -> None:
        """The to-dos could not be read; what was shown stays."""
        if not self._todos:
            self.table.set_error(error, retry=self._context.refresh.emit)

    def _fill(self) -> None:
        tab = self.tabs.current()
        chosen = [todo for todo in self._todos if tab == MINE or todo.tab == tab]
        counts = Counter(todo.light for todo in chosen)
        if self._states:
            chosen = [todo for todo in chosen if todo.light in self._states]
        if self._sort == "time":
            chosen.sort(key=by_pressure)
        else:
            chosen.sort(key=lambda todo: todo.number if self._sort == "number" else todo.title)
        self.table.set_error(None)
        self.table.set_loading(False)
        self.table.set_rows([todo_row(todo) for todo in chosen], total=len(self._todos))
        legend = [
            (LIGHTS[light], counts[light]) for light in ("normal", "warning", "overdue") if counts[light]
        ]
        self.table.set_legend(legend)

    def _open(self, row: dict[str, Any]) -> None:
        todo: Todo = row["todo"]
        self._context.navigate(todo.page, **todo.args)

    def _preview(self, row: dict[str, Any]) -> None:
        todo: Todo = row["todo"]
        due = hall_time(todo.due).strftime("%Y-%m-%d %H:%M") if todo.due is not None else "—"
        Dialog.ask(
            self,
            todo.title,
            primary=todo.action or _("Open"),
            cancel=_("Close"),
            facts=[
                (_("Case number"), todo.number),
                (_("Applicant"), todo.applicant),
                (_("Step"), todo.step),
                (_("Time left"), todo.time_left or "—"),
                (_("Due"), due),
            ],
            done=lambda answer: self._context.navigate(todo.page, **todo.args) if answer else None,
        )

    def _open_filter(self) -> None:
        menu = Menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for light, text in LIGHT_WORDS.items():
            on = light in self._states
            menu.add(
                str(text), lambda light=light, on=on: self.set_filter(light, not on), "check" if on else None
            )
        menu.open_below(self.filter)

    def set_filter(self, light: str, on: bool) -> None:
        """Show only the chosen lights; none chosen shows all."""
        self._states = self._states | {light} if on else self._states - {light}
        chosen = [str(LIGHT_WORDS[state]) for state in LIGHT_WORDS if state in self._states]
        self.filter.setText(_("Filter") if not chosen else "、".join(chosen))
        self._fill()

    def _open_sort(self) -> None:
        menu = Menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for key, text in SORTS.items():
            menu.add(str(text), lambda key=key: self.set_sort(key), "check" if key == self._sort else None)
        menu.open_below(self.sort)

    def set_sort(self, key: str) -> None:
        """Sort by time left, number or item; remembered."""
        self._sort = key
        self._context.save("sort", key)
        self._show_sort()
        self._fill()

    def _show_sort(self) -> None:
        self.sort.setText(str(SORTS.get(self._sort, SORTS["time"])))


class LightsPanel(Panel):
    """The donut of the running cases by light."""

    def __init__(self) -> None:
        super().__init__(_("Time-limit lights"))
        row = QHBoxLayout()
        row.setSpacing(20)
        self.donut = Donut(DonutData((), "", ""))
        self.donut.setFixedSize(104, 104)
        row.addWidget(self.donut)
        self.legend = QVBoxLayout()
        self.legend.setSpacing(4)
        row.addLayout(self.legend, 1)
        self.body.addLayout(row)
        self._counts: dict[str, Text] = {}
        for light, text in LIGHT_WORDS.items():
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(Light(LIGHTS[light]), 0, Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(Text(str(text), 13, "t2"), 0, Qt.AlignmentFlag.AlignVCenter)
            line.addStretch(1)
            count = Text("0", 13, "t1", strong=True)
            self._counts[light] = count
            line.addWidget(count)
            self.legend.addLayout(line)

    def show_counts(self, counts: dict[str, int], aside: str) -> None:
        """How many cases stand in each light."""
        total = sum(counts.get(light, 0) for light in LIGHT_WORDS)
        parts = tuple(
            Part(counts.get(light, 0), LIGHT_COLORS[light], str(text))
            for light, text in LIGHT_WORDS.items()
            if counts.get(light, 0)
        )
        self.donut.set_data(DonutData(parts, str(total), _("in progress")))
        for light, label in self._counts.items():
            label.setText(str(counts.get(light, 0)))
        self.set_aside(aside)


class NoticesPanel(Panel):
    """The newest notices, the whole list behind a link."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("Notifications"))
        self._workspace = workspace
        self.badge = Badge(0, "red")
        self.head.insertWidget(1, self.badge)
        everything = Button(_("All"), kind="link")
        everything.clicked.connect(lambda _checked=False: workspace.toggle_notices())
        self.head.addWidget(everything)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(ROW_GAP)
        self.body.addLayout(self.rows)
        self.body.addStretch(1)
        self.setMinimumHeight(NOTICES_HEAD)
        workspace.book.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the book as it is."""
        clear_layout(self.rows)
        book = self._workspace.book
        self.badge.set_count(book.unread)
        self.badge.setVisible(book.unread > 0)
        if not book.items:
            self.rows.addWidget(Text(_("Nothing new."), 13, "t3"))
        now = self._workspace.services.now()
        for notice in book.items[: self._room()]:
            row = NoticeRow(notice, now)
            row.clicked.connect(
                lambda _checked=False, notice=notice: self._workspace.notice_panel.chosen.emit(notice)
            )
            self.rows.addWidget(row)

    def _room(self) -> int:
        """How many notices fit; the others are behind the link."""
        return min(NOTICES_SHOWN, max(1, (self.height() - NOTICES_HEAD) // (NOTICE_HEIGHT + ROW_GAP)))

    def resizeEvent(self, event: object) -> None:
        """Another height may hold more or fewer."""
        if self.rows.count() != min(self._room(), max(1, len(self._workspace.book.items))):
            self.refresh()


class HomePage(QWidget):
    """The first page after signing in."""

    def __init__(self, workspace: Workspace, context: PageContext) -> None:
        super().__init__()
        self._workspace = workspace
        self._context = context
        self._build()
        workspace.today.came.connect(self.show_home)
        workspace.today.failed.connect(self.todos.show_error)
        context.refresh.connect(workspace.today.ask)
        context.shown.connect(lambda _args: workspace.today.watch(True))
        context.hidden.connect(lambda: workspace.today.watch(False))
        context.every(1000, lambda: self.strip.tick(context.now()))
        if workspace.today.home is not None:
            self.show_home(workspace.today.home)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = PageHeader(
            _("Today's work"), actions=self._actions(), caption=long_date(self._context.now())
        )
        column.addWidget(self.header)
        body = QVBoxLayout()
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(16)
        column.addLayout(body, 1)
        self.missing = WarnNote("", "")
        self.missing.hide()
        body.addWidget(self.missing)
        self.strip = TodayStrip()
        self.strip.hide()
        body.addWidget(self.strip)
        row = QHBoxLayout()
        row.setSpacing(16)
        body.addLayout(row, 1)
        self.todos = TodoPanel(self._context)
        row.addWidget(self.todos, 1)
        self.side = QWidget()
        self.side.setFixedWidth(SIDE_WIDTH)
        side = QVBoxLayout(self.side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(16)
        self.lights = LightsPanel()
        self.days = Panel(_("Cases of the last working days"))
        self.days_chart = Bars(BarsData((), ()))
        self.days_chart.setFixedHeight(112)
        self.days.add(self.days_chart)
        self.days.hide()
        self.notices = NoticesPanel(self._workspace)
        for panel in (self.lights, self.days):
            panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        side.addWidget(self.lights)
        side.addWidget(self.days)
        side.addWidget(self.notices, 1)
        row.addWidget(self.side)

    def _actions(self) -> list[QWidget]:
        """The guide, one button for each act and each page with a key; starting a case is the primary one, rightmost."""
        guide = Button(_("Item guide"), icon="book-open")
        guide.clicked.connect(lambda _checked=False: self._workspace.palette_box.open("", "item"))
        stopped = self._workspace.stopped()
        running = [entry for entry in self._workspace.entries if entry.plugin not in stopped]
        acts = [self._act_button(entry, key, title) for entry in running for key, title in entry.keys]
        with_key = [entry for entry in running if entry.shortcut]
        with_key.sort(key=lambda entry: entry.shortcut == NEW_CASE_KEY)
        return [guide, *[*acts, *(self._page_button(entry) for entry in with_key)][-MOST_ACTS:]]

    def _act_button(self, entry: Entry, key: str, title: str) -> Button:
        button = Button(title, icon=entry.icon, key=key, binds=False)
        button.clicked.connect(lambda _checked=False: self._workspace.page_keys.press(entry.id, key))
        return button

    def _page_button(self, entry: Entry) -> Button:
        first = entry.shortcut == NEW_CASE_KEY
        button = Button(
            entry.title,
            kind="primary" if first else "secondary",
            icon="plus" if first else entry.icon,
            key=entry.shortcut,
            binds=False,
        )
        button.clicked.connect(lambda _checked=False: self._workspace.navigate(entry.id))
        return button

    def show_home(self, home: Home) -> None:
        """Fresh data of all plugins."""
        now: datetime = self._context.now()
        strip = strip_of(home.figures)
        self.strip.show_strip(strip, now)
        self.strip.setVisible(strip.has_queue or bool(strip.numbers) or strip.curve is not None)
        self.todos.show_todos(home.todos)
        figures = {figure.id: figure for figure in home.figures}
        self._show_lights(figures.get("lights"), home.todos)
        self._show_days(figures.get("cases.days"))
        self._show_missing(home.unavailable)

    def _show_lights(self, figure: Figure | None, todos: Sequence[Todo]) -> None:
        if figure is not None:
            pairs = zip(figure.labels, figure.values, strict=False) if figure.labels else figure.extra.items()
            counts = {light: int(value) for light, value in pairs if light in LIGHT_WORDS}
            aside = str(figure.extra.get("aside", ""))
        else:
            counts = dict(Counter(todo.light for todo in todos))
            aside = ""
        self.lights.show_counts(counts, aside)

    def _show_days(self, figure: Figure | None) -> None:
        self.days.setVisible(figure is not None and bool(figure.values))
        if figure is not None:
            self.days.set_title(figure.title)
            self.days.set_aside(str(figure.extra.get("aside", "")))
            self.days_chart.set_data(
                BarsData(tuple(figure.values), tuple(figure.labels), highlight=len(figure.values) - 1)
            )

    def _show_missing(self, plugins: Sequence[str]) -> None:
        self.missing.setVisible(bool(plugins))
        if plugins:
            titles = [self._workspace.plugin_title(plugin) for plugin in plugins]
            self.missing.set_text(
                _("Without what {plugins} knows", plugins="、".join(titles)),
                _("The plugin did not answer; everything else on this page is complete."),
            )
            see = Button(_("See the plugin"), kind="link")
            see.clicked.connect(
                lambda _checked=False: self._workspace.navigate(PLUGINS, {"plugin": plugins[0]})
            )
            self.missing.set_actions([see])
