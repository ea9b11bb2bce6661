"""The menus of the top bar: desks, and what is behind the person's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yichuang.hall.words import core as words
from yichuang.shell.desks import desk_title
from yichuang.shell.navigation import SETTINGS
from yichuang.widgets import Menu

if TYPE_CHECKING:
    from yichuang.shell.workspace import Workspace

_ = words.text


def open_desk_menu(work: Workspace, desks: dict[str, Any]) -> None:
    """The desks that one can sit at."""
    menu = Menu(work)
    menu.aboutToHide.connect(menu.deleteLater)
    for code, desk in desks.items():
        mark = "check" if code == work.actor.desk else None
        menu.add(desk_title(desk), lambda code=code: work.sit_at(code), mark)
    menu.open_below(work.top.desk)


def open_user_menu(work: Workspace) -> None:
    """Theme, settings, shortcuts, lock, sign out."""
    menu = Menu(work)
    menu.aboutToHide.connect(menu.deleteLater)
    dark = work.preferences.get("theme") == "dark"
    other = "light" if dark else "dark"
    text, icon = (_("Light theme"), "sun") if dark else (_("Dark theme"), "moon")
    menu.add(text, lambda: work.theme_asked.emit(other), icon)
    menu.add(_("Settings"), lambda: work.navigate(SETTINGS), "settings", "Ctrl+,")
    menu.add(_("Shortcuts"), work.show_help, "keyboard", "F1")
    menu.addSeparator()
    menu.add(_("Lock the screen"), work.lock_asked.emit, "lock", "Ctrl+L")
    menu.add(_("Sign out"), work.sign_out_asked.emit, "log-out")
    menu.open_below(work.top.user)
