"""The plugins page: what runs, what failed and why, switching and refusing, and safe mode."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from yichuang.hall.errors import UserError
from yichuang.host.suite import Suite
from yichuang.shell.backend import Backend
from yichuang.shell.navigation import PLUGINS
from yichuang.shell.plugins_page import PluginsPage
from yichuang.shell.window import MainWindow
from yichuang.shell.workspace import Workspace
from yichuang.widgets import Dialog

from .conftest import People, journal_of, settle


@pytest.fixture
def both(open_hall: Callable[..., Suite]) -> Suite:
    return open_hall(("fair", "torn"))


@pytest.fixture
def admin(enter: Callable[..., Workspace], both: Suite, people: People) -> Workspace:
    return enter(both, people.admin)


def page_of(work: Workspace, **args: object) -> PluginsPage:
    work.navigate(PLUGINS, args)
    page = work.pages.widget(PLUGINS)
    assert isinstance(page, PluginsPage)
    return page


def rows(page: PluginsPage) -> dict[str, tuple[str, str]]:
    """State and signature by name."""
    return {row["plugin"].text: (row["state"][1], row["signature"][1]) for row in page.table.rows()}


def choose(page: PluginsPage, plugin: str) -> None:
    page.table.select(next(row["id"] for row in page.table.rows() if row["plugin_object"].id == plugin))


def test_every_plugin_is_listed_with_its_state(admin: Workspace) -> None:
    page = page_of(admin)
    assert rows(page) == {"受理": ("运行中", "核心"), "公积金缴存": ("已隔离", "未验证")}
    assert [item.title for item in page.filters.items()] == [
        "全部", "运行中", "已隔离", "已停用", "部门", "一窗核心", "公积金管理部",
    ]  # fmt: skip
    badge = next(item.badge for item in admin.foot_nav.items() if item.id == PLUGINS)
    assert badge == 1


def test_filters_and_search(qtbot: QtBot, admin: Workspace) -> None:
    page = page_of(admin)
    page.filters.select("troubled")
    assert list(rows(page)) == ["公积金缴存"]
    page.filters.select("by:一窗核心")
    assert list(rows(page)) == ["受理"]
    page.filters.select("all")
    page.search.searched.emit("torn")
    assert list(rows(page)) == ["公积金缴存"]
    page.search.searched.emit("nothing like it")
    assert rows(page) == {}


def test_the_fault_is_shown_with_its_trace_and_copied(qtbot: QtBot, admin: Workspace) -> None:
    page = page_of(admin, plugin="torn")
    fault = page.pane.fault
    fault.copy.click()
    copied = QApplication.clipboard().text()
    assert "CertificateExpired: publisher certificate" in copied
    assert copied.startswith("plugin torn 1.4.0 (faulted)")


def test_retry_starts_it_again(qtbot: QtBot, admin: Workspace, both: Suite, backend: Backend) -> None:
    page = page_of(admin, plugin="torn")
    page.pane.fault.retry.click()
    # Late in the year the notice of next year's days stands in the book too, before or after it.
    qtbot.waitUntil(lambda: "公积金缴存已停止" in [item.title for item in admin.book.items])
    settle(qtbot, backend)
    assert journal_of(both, "shell.plugin") == ["plugin:torn"]


def test_a_refused_permission_stops_its_operations_at_once(
    qtbot: QtBot, admin: Workspace, both: Suite, backend: Backend
) -> None:
    page = page_of(admin, plugin="fair")
    assert set(page.pane.permissions) == {"fair.use", "fair.print"}
    page.pane.permissions["fair.use"].switch.click()
    qtbot.waitUntil(lambda: both.plugins.get("fair").refused == {"fair.use"})
    settle(qtbot, backend)
    with pytest.raises(UserError):
        both.run(admin.actor, "fair.note", {"text": "x"})
    page.pane.permissions["fair.use"].switch.click()
    qtbot.waitUntil(lambda: both.plugins.get("fair").refused == frozenset())
    settle(qtbot, backend)
    assert both.run(admin.actor, "fair.note", {"text": "x"}) == "x"


def test_switching_off_asks_first_and_switching_on_does_not(
    qtbot: QtBot, window: MainWindow, admin: Workspace, both: Suite, backend: Backend
) -> None:
    page = page_of(admin, plugin="fair")
    choose(page, "fair")
    page.table.acted.emit("on", page.table.current_row())
    dialog = window.findChild(Dialog)
    assert dialog.accessibleName() == "停用受理？"
    dialog.reject()
    assert both.plugins.get("fair").state == "active"
    page.table.acted.emit("on", page.table.current_row())
    next(d for d in window.findChildren(Dialog) if d.isVisible()).accept()
    qtbot.waitUntil(lambda: both.plugins.get("fair").state == "disabled")
    settle(qtbot, backend)
    qtbot.waitUntil(lambda: rows(page)["受理"][0] == "已停用")
    page.table.acted.emit("on", page.table.current_row())
    qtbot.waitUntil(lambda: both.plugins.get("fair").state == "active")
    settle(qtbot, backend)


def test_a_clerk_sees_everything_and_changes_nothing(
    qtbot: QtBot, enter: Callable[..., Workspace], both: Suite, people: People, backend: Backend
) -> None:
    work = enter(both, people.clerk)
    page = page_of(work, plugin="fair")
    assert not page.pane.permissions["fair.use"].switch.isEnabled()
    assert {row["on"][1] for row in page.table.rows()} == {False}
    page._act(both.plugins.get("fair"), "disable")  # even if a switch were pressed
    settle(qtbot, backend)
    assert both.plugins.get("fair").state == "active"


def test_safe_mode_starts_none_and_opens_the_page(
    qtbot: QtBot,
    enter: Callable[..., Workspace],
    open_hall: Callable[..., Suite],
    people: People,
    backend: Backend,
) -> None:
    backend.safe_mode = True
    work = enter(open_hall(("fair", "torn"), safe_mode=True), people.admin)
    page = page_of(work)
    assert page.safe_box.isVisible()
    assert {state for state, _signature in rows(page).values()} == {"未启动"}
