"""The plugins page: every plugin with its state, its fault, its permissions. It opens in safe mode, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import PageContext
from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.shell.filter_list import FilterList
from yichuang.shell.plugin_pane import SUITE_PUBLISHER, PluginPane, publisher_of
from yichuang.widgets import (
    Cell,
    Column,
    DataTable,
    Dialog,
    ListItem,
    PageHeader,
    SearchBox,
    SidePane,
    Tab,
    Text,
    WarnNote,
)

if TYPE_CHECKING:
    from yichuang.host.plugins import Plugin
    from yichuang.host.suite import Suite
    from yichuang.shell.workspace import Workspace

_ = words.text
L = words.lazy

MANAGE = "hall.manage"
FILTER_WIDTH = 196
PANE_WIDTH = 408

RUNNING, TROUBLED, OFF = "running", "troubled", "off"
GROUPS: dict[str, tuple[str, LazyText]] = {
    RUNNING: ("done", L("Running")),
    TROUBLED: ("overdue", L("Stopped by a fault")),
    OFF: ("not_yet", L("Switched off")),
}
"""What a state comes to for people, with its light."""
STATES: dict[str, tuple[str, LazyText]] = {
    "active": (RUNNING, L("Running")),
    "discovered": (OFF, L("Not started yet")),
    "disabled": (OFF, L("Switched off")),
    "skipped": (OFF, L("Left out")),
    "faulted": (TROUBLED, L("Stopped by a fault")),
    "rejected": (TROUBLED, L("Cannot be used")),
}


def group_of(plugin: Plugin) -> str:
    """running, troubled or off; a running plugin with a stopped hook is troubled."""
    group = STATES[str(plugin.state)][0]
    return TROUBLED if group == RUNNING and plugin.stopped else group


def signature_of(plugin: Plugin, data_dir: str) -> tuple[str, str]:
    """State and words for the signature column.

    Plugins that came with the suite were checked with it; anybody else's signature has not been checked by anyone here.
    """
    own = plugin.manifest is not None and plugin.manifest.publisher == SUITE_PUBLISHER
    if own and not str(plugin.folder).startswith(data_dir):
        return "done", _("Core")
    return "not_yet", _("Not verified")


class PluginsPage(QWidget):
    """Filters at the left, the list in the middle, the chosen plugin at the right."""

    def __init__(self, workspace: Workspace, context: PageContext) -> None:
        super().__init__()
        self._workspace = workspace
        self._context = context
        self._plugins: list[Plugin] = []
        self._filter = "all"
        self._text = ""
        self._may = context.actor.may(MANAGE)
        self._build()
        workspace.backend.plugin_changed.connect(self._plugin_changed)
        context.refresh.connect(self.refresh)
        context.shown.connect(self._on_shown)
        context.shortcut("/", L("Search plugins"), self.search.setFocus)
        self.refresh()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = PageHeader(_("Plugins"), [Tab("installed", _("Installed"), 0)])
        column.addWidget(self.header)
        self.safe = WarnNote(
            _("Safe mode"),
            _("No plugin was started. Switch off the one that makes trouble and start the suite again."),
        )
        self.safe_box = QWidget()
        box = QVBoxLayout(self.safe_box)
        box.setContentsMargins(16, 10, 16, 10)
        box.addWidget(self.safe)
        column.addWidget(self.safe_box)
        row = QHBoxLayout()
        row.setSpacing(0)
        column.addLayout(row, 1)
        left = SidePane("left", FILTER_WIDTH)
        left.setFixedWidth(FILTER_WIDTH)
        left.body.setContentsMargins(0, 10, 1, 8)
        self.filters = FilterList()
        self.filters.chosen.connect(self._on_filter)
        left.add(self.filters, 1)
        row.addWidget(left)
        row.addLayout(self._build_list(), 1)
        self.pane = PluginPane(self._may)
        self.pane.setFixedWidth(PANE_WIDTH)
        self.pane.retry_asked.connect(lambda plugin: self._act(plugin, "retry"))
        self.pane.permission_toggled.connect(self._on_permission)
        row.addWidget(self.pane)

    def _build_list(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 9, 16, 9)
        self.search = SearchBox(_("Name, publisher, id"), key="/")
        self.search.setFixedWidth(220)
        self.search.searched.connect(self._on_search)
        head.addWidget(self.search)
        head.addStretch(1)
        head.addWidget(Text(_("Plugins run apart; one that fails does not disturb the others"), 12, "t3"))
        column.addLayout(head)
        self.table = DataTable(
            [
                Column("plugin", _("Plugin"), stretch=1, kind="two"),
                Column("version", _("Version"), width=76),
                Column("signature", _("Signature"), width=104, kind="status"),
                Column("state", _("State"), width=132, kind="status"),
                Column("on", _("Enabled"), width=64, kind="toggle"),
            ],
            row_height=50,
        )
        self.table.set_empty("blocks", _("No plugin fits"), _("Try other words or another filter."))
        self.table.selected.connect(self._on_selected)
        self.table.acted.connect(self._on_toggle)
        column.addWidget(self.table, 1)
        return column

    def _plugin_changed(self, _plugin: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Read the host's list; it never waits for a plugin."""
        suite = self._workspace.backend.suite
        if suite is None:
            return
        self._plugins = suite.plugins.all()
        self.safe_box.setVisible(self._workspace.backend.safe_mode)
        self.header.set_count("installed", len(self._plugins))
        self._fill_filters()
        self._fill_table(str(suite.data_dir))

    def _fill_filters(self) -> None:
        groups = Counter(group_of(plugin) for plugin in self._plugins)
        publishers = Counter(publisher_of(plugin) for plugin in self._plugins)
        items = [ListItem("all", _("All"), right=str(len(self._plugins)))]
        items += [
            ListItem(group, str(text), right=str(groups[group]), state=light)
            for group, (light, text) in GROUPS.items()
        ]
        items.append(ListItem("publishers", _("Publishers"), section=True))
        items += [ListItem(f"by:{name}", name, right=str(count)) for name, count in publishers.most_common()]
        self.filters.set_items(items, self._filter)

    def _fill_table(self, data_dir: str) -> None:
        shown = [plugin for plugin in self._plugins if self._fits(plugin)]
        self.table.set_rows([self._row(plugin, data_dir) for plugin in shown], total=len(self._plugins))
        current = self.table.current_row()
        if current is None and shown:
            self.table.select(self._key(shown[0]))
            current = self.table.current_row()
        self.pane.show_plugin(current["plugin_object"] if current is not None else None)

    def _fits(self, plugin: Plugin) -> bool:
        if self._filter.startswith("by:") and publisher_of(plugin) != self._filter[3:]:
            return False
        if self._filter in GROUPS and group_of(plugin) != self._filter:
            return False
        words_of_plugin = f"{plugin.title()} {plugin.id} {publisher_of(plugin)}".lower()
        return self._text.lower() in words_of_plugin

    def _row(self, plugin: Plugin, data_dir: str) -> dict[str, Any]:
        group, state_text = STATES[str(plugin.state)]
        if group_of(plugin) == TROUBLED and group == RUNNING:
            state_text = L("Runs with faults")
        light = GROUPS[group_of(plugin)][0]
        icon = plugin.manifest.icon if plugin.manifest is not None else "puzzle"
        tone = "red" if light == "overdue" else "teal" if group == RUNNING else "grey"
        wanted = str(plugin.state) not in ("disabled", "rejected")
        can_switch = self._may and str(plugin.state) != "rejected"
        return {
            "id": self._key(plugin),
            "plugin": Cell(plugin.title(), second=publisher_of(plugin), icon=icon, tone=tone),
            "version": plugin.version or "—",
            "signature": signature_of(plugin, data_dir),
            "state": (light, str(state_text)),
            "on": (wanted, can_switch),
            "plugin_object": plugin,
        }

    @staticmethod
    def _key(plugin: Plugin) -> str:
        return f"{plugin.id}@{plugin.folder}"

    def _on_filter(self, item_id: str) -> None:
        self._filter = item_id
        self.refresh()

    def _on_search(self, text: str) -> None:
        self._text = text.strip()
        self.refresh()

    def _on_selected(self, row: dict[str, Any] | None) -> None:
        self.pane.show_plugin(row["plugin_object"] if row else None)

    def _on_shown(self, args: dict[str, Any]) -> None:
        wanted = args.get("plugin")
        if wanted:
            self._filter, self._text = "all", ""
            self.refresh()
            found = next((plugin for plugin in self._plugins if plugin.id == wanted), None)
            if found is not None:
                self.table.select(self._key(found))
                self.pane.show_plugin(found)

    def _on_toggle(self, _column: str, row: dict[str, Any]) -> None:
        plugin: Plugin = row["plugin_object"]
        if str(plugin.state) == "disabled":
            self._act(plugin, "enable")
            return
        Dialog.ask(
            self,
            _("Switch off {plugin}?", plugin=plugin.title()),
            _("Its pages go away at every desk of this machine; its data stays."),
            primary=_("Switch off"),
            done=lambda yes: self._act(plugin, "disable") if yes else None,
        )

    def _on_permission(self, plugin: Plugin, permission: str, granted: bool) -> None:
        self._act(plugin, "grant" if granted else "refuse", permission)

    def _act(self, plugin: Plugin, act: str, permission: str = "") -> None:
        """Write it into the journal first (which checks the right to do so), then do it; both on a worker."""
        actor = self._context.actor

        def work(suite: Suite) -> None:
            suite.run(actor, "shell.plugin", {"plugin": plugin.id, "act": act, "permission": permission})
            acts: dict[str, Callable[[], object]] = {
                "enable": lambda: suite.plugins.enable(plugin.id),
                "disable": lambda: suite.plugins.disable(plugin.id),
                "retry": lambda: suite.plugins.retry(plugin.id),
                "grant": lambda: suite.plugins.refuse(plugin.id, permission, False),
                "refuse": lambda: suite.plugins.refuse(plugin.id, permission, True),
            }
            acts[act]()

        self._workspace.backend.call(
            work,
            lambda _none: self.refresh(),
            self._on_failed,
            lane="write",
            owner=self,
            title=plugin.title(),
        )

    def _on_failed(self, error: UserError) -> None:
        self._workspace.show_error(error)
        self.refresh()
