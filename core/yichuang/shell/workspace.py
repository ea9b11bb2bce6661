"""One person's visit: top bar, navigation, pages, status bar, palette, notices; gone when they sign out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PyQt6 import sip
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import Words
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.shell import navigation, notices
from yichuang.shell.backend import Backend, Link
from yichuang.shell.badges import Badges
from yichuang.shell.calendar_settings import look_ahead
from yichuang.shell.clock import hall_time
from yichuang.shell.desks import desk_title
from yichuang.shell.devices import DeskDevices
from yichuang.shell.finding import Finding
from yichuang.shell.help import help_dialog, keys_of_page
from yichuang.shell.keys import bind
from yichuang.shell.menus import open_desk_menu, open_user_menu
from yichuang.shell.navigation import HOME, PLUGINS, SETTINGS, Entry
from yichuang.shell.own_pages import own_entries, stopped_entry
from yichuang.shell.page_keys import PageKeys
from yichuang.shell.pages import PageHost
from yichuang.shell.palette import Palette
from yichuang.shell.preferences import Preferences
from yichuang.shell.services import Notice, ShellServices, Shortcut
from yichuang.shell.statusbar import StatusBar
from yichuang.shell.todays import TodayFeed
from yichuang.shell.topbar import TopBar
from yichuang.widgets import NavList, Splitter

if TYPE_CHECKING:
    from yichuang.host.plugins import Plugin
    from yichuang.operations.accounts import DeskChoice

_ = words.text
RUNNING = frozenset({"active", "discovered"})
ROOMY = 1400
"""From this width of the window on the wide navigation leaves enough for two side panes."""


class Workspace(QWidget):
    """Everything a signed-in person sees.

    Signals:
        lock_asked, sign_out_asked: The person wants to lock the screen, or leave.
        theme_asked: Name of the theme the person wants.
    """

    lock_asked = pyqtSignal()
    sign_out_asked = pyqtSignal()
    theme_asked = pyqtSignal(str)

    def __init__(
        self,
        backend: Backend,
        preferences: Preferences,
        devices: DeskDevices,
        actor: Actor,
        hall: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.backend = backend
        self.preferences = preferences
        self.services = ShellServices(backend, preferences, devices, actor, self)
        self.book = notices.NoticeBook(preferences, actor.account, self)
        self.shortcuts: list[Shortcut] = []
        self._hall = hall
        self._devices = devices
        self._plugins: dict[str, Plugin] = {}
        self._states: dict[str, str] = {}
        self._desks: dict[str, DeskChoice] = {}
        self._desk_state: tuple[str, str] = ("", "grey")
        self._entries: dict[str, Entry] = {}
        self._hidden_windows: list[QWidget] = []
        self._narrow_allowed = True
        Splitter.store = preferences.splitters(actor.account)
        self._build()
        self.finding = Finding(self)
        self.palette_box = Palette(self.finding.find, self.finding.ask_plugins, self)
        self.page_keys = PageKeys(self)
        self.badges = Badges(self)
        self.today = TodayFeed(self)
        self._connect()
        self._bind_keys()
        self.take_plugins()
        self._show_person()
        look_ahead(self)

    @property
    def actor(self) -> Actor:
        """Who is signed in."""
        return self.services.actor

    # --- building -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.top = TopBar()
        column.addWidget(self.top)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        column.addLayout(middle, 1)
        side = QVBoxLayout()
        side.setContentsMargins(0, 3, 0, 8)
        side.setSpacing(0)
        self.nav = NavList()
        self.foot_nav = NavList()
        side.addWidget(self.nav, 1)
        side.addWidget(self.foot_nav)
        middle.addLayout(side)
        self.pages = PageHost(self.services, self._words_of)
        middle.addWidget(self.pages, 1)
        self.status = StatusBar(self.backend.runner.cancel)
        column.addWidget(self.status)
        self.notice_panel = notices.NoticePanel(self.book, self.services.now, self)
        compact = not self.preferences.get("nav_expanded")
        self.nav.set_compact(compact)
        self.foot_nav.set_compact(compact)

    def _connect(self) -> None:
        services, backend = self.services, self.backend
        services.navigation_asked.connect(self.navigate)
        services.toast_asked.connect(lambda text, kind, undo: notices.show_toast(self, text, kind, undo))
        services.failed.connect(self.show_error)
        services.notice_given.connect(self._on_notice)
        services.status_asked.connect(self.status.say)
        services.shortcut_claimed.connect(self._on_shortcut)
        backend.changes.connect(self.badges.on_changes)
        backend.plugin_changed.connect(self._on_plugin)
        backend.link_changed.connect(self._on_link)
        backend.runner.slow.connect(self.status.show_job)
        backend.runner.ended.connect(self.status.hide_job)
        self._devices.state_changed.connect(self.status.set_device)
        self.book.changed.connect(self._show_bell)
        self.notice_panel.chosen.connect(self._on_notice_chosen)
        self.nav.chosen.connect(self.navigate)
        self.foot_nav.chosen.connect(self.navigate)
        self.pages.page_changed.connect(self._on_page)
        self.pages.page_built.connect(self._on_built)
        self.badges.changed.connect(self.show_navigation)
        self.top.search_asked.connect(self.palette_box.open)
        self.top.bell_pressed.connect(self.toggle_notices)
        self.top.desk_menu_asked.connect(self._open_desk_menu)
        self.top.user_menu_asked.connect(lambda: open_user_menu(self))
        self.preferences.changed.connect(self._on_preference)

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], None]] = {
            "Ctrl+K": self.palette_box.open,
            "Ctrl+\\": self.toggle_navigation,
            "Ctrl+,": lambda: self.navigate(SETTINGS),
            "Ctrl+0": lambda: self.navigate(HOME),
            "Ctrl+L": self.lock_asked.emit,
            "F1": self.show_help,
            "F5": self.refresh,
        }
        for number in range(1, 10):
            keys[f"Ctrl+{number}"] = lambda number=number: self._go_to_number(number)
        for key, act in keys.items():
            bind(key, self, act)

    # --- plugins and navigation ---------------------------------------------------------------------------------

    def take_plugins(self) -> None:
        """Read from the host what there is; called at the start and whenever a plugin changes."""
        suite = self.backend.suite
        if suite is None:
            return
        self._plugins = {plugin.id: plugin for plugin in reversed(suite.plugins.all())}
        for plugin in self._plugins.values():
            self._states.setdefault(plugin.id, plugin.state)
        self._entries = {entry.id: entry for entry in self._find_entries()}
        self.page_keys.listen()
        self.show_navigation()
        self.finding.rebuild()
        self.badges.ask_all()

    def _find_entries(self) -> list[Entry]:
        manifests = sorted(
            (plugin.manifest for plugin in self._plugins.values() if plugin.manifest is not None),
            key=lambda manifest: (manifest.order, manifest.id),
        )
        hidden = frozenset(id_ for id_, plugin in self._plugins.items() if plugin.state == "disabled")
        return navigation.allowed(navigation.plugin_entries(manifests), self.actor, hidden)

    @property
    def entries(self) -> list[Entry]:
        """Every page this person may open, of running and of stopped plugins."""
        return list(self._entries.values())

    @property
    def plugins(self) -> dict[str, Plugin]:
        """Plugins by id as they are now."""
        return self._plugins

    def plugin_title(self, plugin_id: str) -> str:
        """A plugin's name for people."""
        plugin = self._plugins.get(plugin_id)
        return plugin.title() if plugin is not None else plugin_id

    def stopped(self) -> frozenset[str]:
        """Ids of plugins that should run and do not."""
        return frozenset(id_ for id_, plugin in self._plugins.items() if plugin.state not in RUNNING)

    def show_navigation(self) -> None:
        """Draw the navigation anew."""
        entries = self.entries
        current = self.pages.current
        self.nav.set_items(navigation.nav_items(entries, current, self.badges.counts, self.stopped()))
        troubled = sum(1 for plugin in self._plugins.values() if plugin.badge)
        bottom = navigation.bottom_items(troubled, compact=self.nav.compact())
        self.foot_nav.set_items(bottom)
        rows = len(bottom) * (56 if self.nav.compact() else 38)
        self.foot_nav.setFixedHeight(rows + 2)
        self.nav.set_current(current)
        self.foot_nav.set_current(current)

    def entry(self, page_id: str) -> Entry | None:
        """The entry of a page: the shell's own, or a plugin's this person may open."""
        return own_entries(self).get(page_id) or self._entries.get(page_id)

    def navigate(self, page_id: str, args: Mapping[str, Any] | None = None) -> None:
        """Open a page; where it is not there, say so and stay."""
        entry = self.entry(page_id)
        if entry is None:
            self.show_navigation()
            notices.show_toast(self, _("This page is not there, or not open to you."), "warning")
            return
        if entry.plugin in self.stopped():
            entry = stopped_entry(self, entry)
        self.pages.open(entry, args)

    def current_entry(self) -> Entry | None:
        """The page in front."""
        return self.entry(self.pages.current)

    def _go_to_number(self, number: int) -> None:
        pages = navigation.numbered(self.entries)
        if number <= len(pages):
            self.navigate(pages[number - 1].id)

    def _words_of(self, plugin_id: str) -> Words:
        plugin = self._plugins.get(plugin_id)
        return plugin.manifest.words if plugin is not None and plugin.manifest is not None else words

    def _on_page(self, page_id: str) -> None:
        self.show_navigation()
        self._show_keys()
        self.finding.rebuild_later()

    def _on_plugin(self, plugin: Plugin) -> None:
        # By what was told, not by what the host says now: several states may have come and gone since.
        changed = self._states.get(plugin.id, plugin.state) != plugin.state
        self._states[plugin.id] = plugin.state
        front = self._entries.get(self.pages.current)
        if changed:
            self.pages.drop_plugin(plugin.id)
            if plugin.state == "faulted":
                self._tell_stopped(plugin)
        self.take_plugins()
        if changed and front is not None and front.plugin == plugin.id:
            self.pages.forget_current()
            self.navigate(front.id if front.id in self._entries else HOME)

    def _tell_stopped(self, plugin: Plugin) -> None:
        title = _("{plugin} has stopped", plugin=plugin.title())
        args = {"plugin": plugin.id}
        now = self.services.now()
        self._on_notice(Notice(title, str(plugin.reason), "triangle-alert", "warning", PLUGINS, args, now))

    def toggle_navigation(self) -> None:
        """Wide or narrow; remembered. In a small window this overrides the narrow one that it begins with."""
        expand = self.nav.compact()
        self._narrow_allowed = not expand
        self.preferences.set("nav_expanded", expand)
        self._show_width()

    def _show_width(self) -> None:
        small = self._narrow_allowed and 0 < self.width() < ROOMY
        compact = small or not self.preferences.get("nav_expanded")
        if compact != self.nav.compact():
            self.nav.set_compact(compact)
            self.foot_nav.set_compact(compact)
            self.show_navigation()

    # --- keys ---------------------------------------------------------------------------------------------------

    def _on_shortcut(self, shortcut: Shortcut) -> None:
        context = shortcut.context
        self.shortcuts = [s for s in self.shortcuts if (s.context, s.key) != (context, shortcut.key)]
        self.shortcuts.append(shortcut)
        context.destroyed.connect(self._forget_keys)
        if self.pages.widget(context.page_id) is not None:
            self._bind_page_key(shortcut)

    def _on_built(self, page_id: str) -> None:
        """The keys a page claimed while it was being built."""
        for shortcut in self.shortcuts:
            if shortcut.context.page_id == page_id:
                self._bind_page_key(shortcut)

    def _bind_page_key(self, shortcut: Shortcut) -> None:
        """A key works on its page, or everywhere: then this window listens, as a page behind another one hears nothing."""
        page = self.pages.widget(shortcut.context.page_id)
        if page is None:
            return
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        if shortcut.everywhere:
            context = Qt.ShortcutContext.ApplicationShortcut
            heard = bind(shortcut.key, self, shortcut.trigger)
            heard.setContext(context)
            shortcut.context.destroyed.connect(heard.deleteLater)
        if not shortcut.everywhere or page.property("ownWindow"):
            bind(shortcut.key, page, shortcut.trigger).setContext(context)
        if shortcut.system:
            self.services.hold_key(page, shortcut)
        self._show_keys()

    def _forget_keys(self) -> None:
        """A page is gone; one that was built anew in its place has keys of its own."""
        self.shortcuts = [s for s in self.shortcuts if not sip.isdeleted(s.context)]

    def _show_keys(self) -> None:
        page = self.pages.current
        hints = [
            (s.key, str(s.title))
            for s in self.shortcuts
            if s.bar and (s.everywhere or s.context.page_id == page)
        ]
        if not hints or page == HOME:
            hints = list((dict(hints) | self.page_keys.hints()).items())[:3]
        self.status.set_keys(hints[:4])

    def show_help(self) -> None:
        """F1."""
        entry = self.current_entry()
        rows = keys_of_page(self.pages.widget(self.pages.current), self.shortcuts, self.pages.current)
        if entry is not None and entry.id == HOME:
            rows = list((dict(rows) | self.page_keys.hints()).items())
        help_dialog(entry.title if entry is not None else "", list(dict.fromkeys(rows))).open_in(
            self.window()
        )

    def refresh(self) -> None:
        """F5: ask for everything on this page again."""
        context = self.pages.context(self.pages.current)
        if context is not None:
            context.refresh.emit()
        self.backend.ping()
        self.badges.ask_all()

    # --- what happens elsewhere ---------------------------------------------------------------------------------

    def _on_link(self, link: Link) -> None:
        self.status.set_link(link)
        if link.online and link.at is not None:
            self.top.sync.show_synced(hall_time(self.services.now()))
        else:
            self.top.sync.show_offline()

    def _on_notice(self, notice: Notice) -> None:
        self.book.add(notice)
        if notice.kind in ("warning", "error"):
            notices.show_toast(self, notice.title, notice.kind)

    def _on_notice_chosen(self, notice: Notice) -> None:
        if notice.page:
            self.navigate(notice.page, notice.args)

    def _on_preference(self, name: str) -> None:
        if name == "nav_expanded":
            self._show_width()

    def show_error(self, error: UserError) -> None:
        """An error that no page shows itself."""
        notices.show_error(self, error)

    # --- the person and the desk --------------------------------------------------------------------------------

    def set_hall(self, name: str) -> None:
        """The hall's name."""
        self._hall = name
        self.top.brand.set_hall(name)

    def _show_person(self) -> None:
        self.top.brand.set_hall(self._hall)
        self.top.user.set_person(self.actor.name, self.actor.agency_name)
        for kind, state in self._devices.kinds.items():
            self.status.set_device(kind, state)
        self._on_link(self.backend.link)
        self._show_bell()
        self._show_desk()
        self.backend.query(self.actor, "hall.desks", done=self._take_desks, owner=self)
        self.today.ask()

    def _take_desks(self, rows: list[DeskChoice]) -> None:
        self._desks = {row.code: row for row in rows}
        self._show_desk()

    def set_desk_state(self, text: str, tone: str) -> None:
        """What the desk does just now, as a plugin says it (open, paused, closed)."""
        self._desk_state = (text, tone)
        self._show_desk()

    def _show_desk(self) -> None:
        code = self.actor.desk
        if not code:
            self.top.desk.set_desk(_("No desk"), "", "grey")
            return
        desk = self._desks.get(code)
        state, tone = self._desk_state
        self.top.desk.set_desk(
            desk_title(desk) if desk is not None else code, state, tone if state else "green"
        )

    def _open_desk_menu(self) -> None:
        open_desk_menu(self, self._desks)

    def sit_at(self, code: str) -> None:
        """Another desk: remembered for this machine, and every page asks anew."""
        self.services.sit_at(code)
        self.preferences.set("desk", code)
        self._desk_state = ("", "grey")
        self._show_desk()
        for context in self.pages.contexts():
            context.refresh.emit()
        self.badges.ask_all()

    # --- notices ------------------------------------------------------------------------------------------------

    def _show_bell(self) -> None:
        self.top.bell.set_count(self.book.unread)

    def toggle_notices(self) -> None:
        """Open or close the list below the bell."""
        if self.notice_panel.isVisible():
            self.notice_panel.hide()
            return
        corner = self.top.bell.mapTo(self, self.top.bell.rect().bottomRight())
        self.notice_panel.open_at(corner.x() + 4, self.top.height() + 4)

    def resizeEvent(self, event: object) -> None:
        """A small window begins with the narrow navigation; the palette covers everything."""
        self._show_width()
        if self.palette_box.isVisible():
            self.palette_box.setGeometry(self.rect())

    def open_first(self) -> None:
        """The page one begins with."""
        self.navigate(HOME)

    def has_windows(self) -> bool:
        """Whether a page has a window of its own that is open."""
        return bool(self.pages.windows(visible=True))

    def hide_windows(self) -> None:
        """The screen is locked: windows of pages show nothing either."""
        self._hidden_windows = self.pages.windows(visible=True)
        for window in self._hidden_windows:
            window.hide()

    def show_windows(self) -> None:
        """The screen is open again."""
        for window in self._hidden_windows:
            window.show()
        self._hidden_windows = []

    def leave(self) -> None:
        """The visit ends: pages and windows go, answers that come later are dropped."""
        self.pages.close_all()
        self.preferences.sync()
