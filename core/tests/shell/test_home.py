"""The home page: what the plugins say, sorted by time left; complete with any subset of plugins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from yichuang.api.hooks import Figure, Todo
from yichuang.host.suite import Suite
from yichuang.shell.backend import Backend
from yichuang.shell.home import HomePage, by_pressure, tabs_of
from yichuang.shell.navigation import HOME
from yichuang.shell.operations import Home
from yichuang.shell.today import Strip, minutes_text, strip_of
from yichuang.shell.window import MainWindow
from yichuang.shell.workspace import Workspace
from yichuang.widgets import Dialog

from .conftest import Clock, People, settle

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def todo(number: str, light: str = "normal", hours: float | None = 1.0, tab: str = "") -> Todo:
    due = None if hours is None else NOW + timedelta(hours=hours)
    return Todo(number, number, "事项", "申请人", "环节", light, "剩", due, "办", "fair.intake", tab)


def page_of(desk: Workspace) -> HomePage:
    page = desk.pages.widget(HOME)
    assert isinstance(page, HomePage)
    return page


def numbers(page: HomePage) -> list[str]:
    return [row["number"] for row in page.todos.table.rows()]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "00:00"), (372, "06:12"), (3599, "59:59"), (3600, "1:00:00"), (36061, "10:01:01")],
)
def test_running_time(seconds: float, text: str) -> None:
    assert minutes_text(seconds) == text


def test_the_clock_that_ends_first_comes_first_and_those_without_an_end_last() -> None:
    rows = [
        todo("late", "overdue", -5),
        todo("none", "normal", None),
        todo("paused", "paused", -9),
        todo("soon", "warning", 1),
        todo("later", "normal", 9),
    ]
    assert [t.number for t in sorted(rows, key=by_pressure)] == ["late", "soon", "later", "none", "paused"]


def test_tabs_count_in_the_order_of_the_plugins() -> None:
    tabs = tabs_of([todo("1", tab="补正"), todo("2"), todo("3", tab="待受理"), todo("4", tab="补正")])
    assert [(tab.text, tab.count) for tab in tabs] == [("我的待办", 4), ("补正", 2), ("待受理", 1)]


def test_figures_find_their_places() -> None:
    figures = [
        Figure("done.today", "今日", "3"),
        Figure("lights", "灯"),
        Figure("parcels", "材料包", "2", "件"),
        Figure("queue.mine", "我的队列", "5"),
        Figure("ticket", "企业设立登记", "A037", extra={"since": NOW.isoformat(), "mean_seconds": 60}),
        Figure("tickets.half_hours", "取号", values=(1, 2)),
    ]
    strip = strip_of(figures)
    assert [figure.id for figure in strip.numbers] == ["queue.mine", "done.today", "parcels"]
    assert strip.ticket is not None
    assert strip.ticket.seconds(NOW + timedelta(seconds=30)) == 30
    assert strip.ticket.seconds(NOW - timedelta(seconds=30)) == 0
    assert strip.has_queue
    assert strip_of([]) == Strip()


def test_the_home_page_shows_what_the_plugins_say(qtbot: QtBot, desk: Workspace) -> None:
    page = page_of(desk)
    assert numbers(page)[:3] == ["26-000371", "26-000431", "26-000418"]
    assert numbers(page)[-1] == "26-000388"
    assert page.strip.isVisible()
    assert page.strip.accessibleName().startswith("A037 企业设立登记, 我的队列 5人等候")
    assert page.lights._counts["normal"].text() == "12"
    assert page.days.isVisible()
    assert not page.missing.isVisible()


def test_a_tab_shows_its_own(qtbot: QtBot, desk: Workspace) -> None:
    page = page_of(desk)
    page.todos.tabs.set_current("通办")
    page.todos.tabs.tab_changed.emit("通办")
    assert numbers(page) == ["26-000449", "26-000388"]


def test_filter_and_sort_are_kept(qtbot: QtBot, desk: Workspace, backend: Backend) -> None:
    page = page_of(desk)
    page.todos.set_filter("overdue", True)
    page.todos.set_filter("paused", True)
    assert numbers(page) == ["26-000371", "26-000431", "26-000388"]
    assert page.todos.filter.text() == "超期、暂停计时"
    page.todos.set_sort("number")
    assert numbers(page) == ["26-000371", "26-000388", "26-000431"]
    desk.today.ask()
    settle(qtbot, backend)
    assert numbers(page) == ["26-000371", "26-000388", "26-000431"]
    assert desk.services.load("shell.home/sort", "") == "number"


def test_enter_opens_what_waits(qtbot: QtBot, desk: Workspace, backend: Backend) -> None:
    page = page_of(desk)
    page.todos.table.select("26-000431")
    page.todos.table.view.setFocus()
    qtbot.keyClick(page.todos.table.view, Qt.Key.Key_Return)
    assert desk.pages.current == "fair.intake"
    assert desk.pages.context("fair.intake").args == {"case": "26-000431"}
    settle(qtbot, backend)


def test_space_previews_it(qtbot: QtBot, window: MainWindow, desk: Workspace, backend: Backend) -> None:
    page = page_of(desk)
    page.todos.table.select("26-000418")
    page.todos.table.view.setFocus()
    qtbot.keyClick(page.todos.table.view, Qt.Key.Key_Space)
    dialog = window.findChild(Dialog)
    assert dialog is not None
    assert dialog.primary_button.text() == "出件"
    dialog.primary_button.click()
    assert desk.pages.current == "fair.intake"
    settle(qtbot, backend)


def test_the_running_time_goes_on(qtbot: QtBot, desk: Workspace, clock: Clock) -> None:
    page = page_of(desk)
    clock.move(minutes=5)
    page.strip.tick(clock())
    assert page.strip.strip.ticket.seconds(page.strip._now) == pytest.approx(372 + 300, abs=2)


def test_new_work_appears_by_itself(qtbot: QtBot, desk: Workspace, suite: Suite) -> None:
    with qtbot.waitSignal(desk.today.came, timeout=5000):
        suite.run(desk.actor, "fair.note", {"text": "one"})


def test_without_plugins_the_page_is_empty_and_says_so(
    qtbot: QtBot, enter: Callable[..., Workspace], open_hall: Callable[..., Suite], people: People
) -> None:
    work = enter(open_hall(()), people.clerk)
    page = page_of(work)
    assert numbers(page) == []
    assert not page.strip.isVisible()
    assert not page.days.isVisible()
    assert [item.title for item in work.nav.items()] == ["首页"]


def test_a_plugin_that_does_not_answer_is_named(qtbot: QtBot, desk: Workspace) -> None:
    page = page_of(desk)
    page.show_home(Home([todo("1")], [], ["fair"]))
    assert page.missing.isVisible()
    assert page.missing.accessibleName() == "缺少受理的数据"
    assert numbers(page) == ["1"]


@pytest.mark.parametrize(
    "figure",
    [
        Figure("lights", "灯", labels=("normal", "overdue", "else"), values=(4, 1, 9)),
        Figure("lights", "灯", extra={"normal": 4, "overdue": 1, "aside": "本窗在办 5 件"}),
    ],
)
def test_lights_by_points_or_by_name(qtbot: QtBot, desk: Workspace, figure: Figure) -> None:
    page = page_of(desk)
    page.show_home(Home([], [figure], []))
    assert [label.text() for label in page.lights._counts.values()] == ["4", "0", "1", "0"]


def test_acts_of_the_head_follow_the_pages(qtbot: QtBot, desk: Workspace, backend: Backend) -> None:
    page = page_of(desk)
    buttons = {button.text(): button for button in page.header.findChildren(type(page.todos.filter))}
    assert {"办事指南", "叫下一位", "受理", "叫号"} <= set(buttons)
    assert buttons["叫下一位"].key() == "F4"
    assert buttons["受理"].kind() == "primary"
    buttons["办事指南"].click()
    assert desk.palette_box.isVisible()
    assert desk.palette_box.scope.text() == "事项"
    desk.palette_box.close_palette()
    buttons["受理"].click()
    assert desk.pages.current == "fair.intake"
    assert QApplication.focusWidget() is not None
    settle(qtbot, backend)


def test_a_key_of_a_page_opens_it_and_then_acts(qtbot: QtBot, desk: Workspace, backend: Backend) -> None:
    page = page_of(desk)
    call = next(b for b in page.header.findChildren(type(page.todos.filter)) if b.text() == "叫下一位")
    assert "F4 叫下一位" in desk.status.keys.accessibleName()
    call.click()
    caller = desk.pages.widget("fair.caller")
    assert caller is not None
    assert desk.pages.context("fair.caller").args == {"key": "F4"}
    assert caller.calls == 0, "whoever opens it sees the desk first"
    desk.navigate(HOME)
    call.click()
    assert caller.calls == 1
    qtbot.keyClick(desk, Qt.Key.Key_F4)
    assert caller.calls == 2
    desk.finding.rebuild()
    named = [c for c in desk.finding.finder.commands.values() if c.title == "叫下一位"]
    assert [c.key for c in named] == ["F4"], "one command, however often the key was told"
    settle(qtbot, backend)
