"""The pages that belong to the shell itself, and what stands where a plugin has stopped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.hall.words import core as words
from yichuang.shell.navigation import HOME, PLUGINS, SETTINGS, Entry

if TYPE_CHECKING:
    from yichuang.api.ui import PageContext
    from yichuang.shell.workspace import Workspace

_ = words.text


def own_entries(workspace: Workspace) -> dict[str, Entry]:
    """Home, plugins, settings; their modules are imported at first opening, like those of plugins."""

    def home(context: PageContext) -> QWidget:
        from yichuang.shell.home import HomePage

        return HomePage(workspace, context)

    def plugins(context: PageContext) -> QWidget:
        from yichuang.shell.plugins_page import PluginsPage

        return PluginsPage(workspace, context)

    def settings(context: PageContext) -> QWidget:
        from yichuang.shell.settings import SettingsPage

        return SettingsPage(workspace, context)

    return {
        HOME: Entry(HOME, _("Home"), "house", "", "shell", home),
        PLUGINS: Entry(PLUGINS, _("Plugins"), "blocks", "", "shell", plugins),
        SETTINGS: Entry(SETTINGS, _("Settings"), "settings", "", "shell", settings),
    }


def stopped_entry(workspace: Workspace, entry: Entry) -> Entry:
    """The same place in the navigation, saying that the plugin does not run and where to see why."""

    def build(_context: PageContext) -> QWidget:
        from yichuang.widgets import Button, EmptyState

        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 20, 20, 20)
        plugin = workspace.plugins.get(entry.plugin)
        see = Button(_("See the plugin"), icon="blocks")
        see.clicked.connect(lambda _checked=False: workspace.navigate(PLUGINS, {"plugin": entry.plugin}))
        reason = str(plugin.reason) if plugin is not None else ""
        column.addStretch(1)
        column.addWidget(
            EmptyState(
                "triangle-alert",
                _("{plugin} has stopped", plugin=workspace.plugin_title(entry.plugin)),
                " ".join(part for part in (reason, _("The other pages are not affected.")) if part),
                see,
            )
        )
        column.addStretch(2)
        return page

    return replace(entry, factory=build)
