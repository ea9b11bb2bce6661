"""What stands in the navigation: pages of the manifests, filtered by what the person may do and how the plugins are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QWidget

from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from yichuang.api.ui import PageContext
    from yichuang.host.manifest import Manifest, Page
    from yichuang.identity.actor import Actor
    from yichuang.widgets.nav import NavItem

L = words.lazy
_ = words.text

HOME = "shell.home"
PLUGINS = "shell.plugins"
SETTINGS = "shell.settings"
BOTTOM = (PLUGINS, SETTINGS)

Build = Callable[["PageContext"], QWidget]


@dataclass(frozen=True)
class Entry:
    """One page that can be opened.

    Attributes:
        factory: `module:function`, imported at first open, or the function itself for the shell's own pages.
        parent: Id of the page it is listed under, "" for most.
        keys: (key, title) of acts that work on every page.
    """

    id: str
    title: str
    icon: str
    plugin: str
    group: str
    factory: str | Build
    permission: str = ""
    badge: str = ""
    shortcut: str = ""
    parent: str = ""
    keys: tuple[tuple[str, str], ...] = ()


def plugin_entries(manifests: Iterable[Manifest]) -> list[Entry]:
    """Entries of all pages, in manifest order; a page whose id continues another's is listed under that one."""
    entries: list[Entry] = []
    for manifest in manifests:
        ids = [page.id for page in manifest.pages]
        for page in manifest.pages:
            parents = [other for other in ids if page.id.startswith(other + ".")]
            entries.append(_entry(manifest, page, max(parents, key=len, default="")))
    return entries


def _entry(manifest: Manifest, page: Page, parent: str) -> Entry:
    return Entry(
        id=page.id,
        title=manifest.text(page.title),
        icon=page.icon,
        plugin=manifest.id,
        group=manifest.group,
        factory=page.factory,
        permission=page.permission,
        badge=page.badge,
        shortcut=page.shortcut,
        parent=parent,
        keys=tuple((key, manifest.text(title)) for key, title in page.keys),
    )


def allowed(entries: Iterable[Entry], actor: Actor, hidden: frozenset[str] = frozenset()) -> list[Entry]:
    """The entries a person may open; `hidden` are the plugins an administrator has switched off."""
    return [
        entry
        for entry in entries
        if entry.plugin not in hidden and (not entry.permission or actor.may(entry.permission))
    ]


def nav_items(
    entries: Sequence[Entry],
    current: str,
    badges: Mapping[str, int],
    stopped: frozenset[str] = frozenset(),
) -> list[NavItem]:
    """Rows of the navigation: home, then the plugins by group; children only beside the page one is on."""
    from yichuang.widgets.nav import NavItem

    items = [NavItem(HOME, _("Home"), "house")]
    family = next((e.parent or e.id for e in entries if e.id == current), "")
    headings: dict[str, LazyText] = {"business": L("Business plugins"), "department": L("Department plugins")}
    for group, heading in headings.items():
        members = [entry for entry in entries if entry.group == group]
        if members:
            items.append(NavItem(f"group.{group}", str(heading), "", section=True))
        for entry in members:
            if entry.parent and entry.parent != family:
                continue
            items.append(
                NavItem(
                    entry.id,
                    entry.title,
                    entry.icon,
                    badge=badges.get(entry.id) or None,
                    stopped=entry.plugin in stopped,
                    key=entry.shortcut if entry.parent else "",
                    level=1 if entry.parent else 0,
                )
            )
    return items


def bottom_items(troubled: int, *, compact: bool) -> list[NavItem]:
    """The rows at the foot: plugins with the number of troubled ones, settings."""
    from yichuang.widgets.nav import NavItem

    return [
        NavItem(
            PLUGINS,
            _("Plugins") if compact else _("Manage plugins"),
            "blocks",
            badge=troubled or None,
            urgent=True,
        ),
        NavItem(SETTINGS, _("Settings"), "settings", key="Ctrl+,"),
    ]


def numbered(entries: Sequence[Entry]) -> list[Entry]:
    """The pages behind Ctrl+1 to Ctrl+9: the listed ones in order, without children."""
    order = {"business": 0, "department": 1}
    top = [entry for entry in entries if not entry.parent and entry.group in order]
    return sorted(top, key=lambda entry: order[entry.group])[:9]
