"""The window of a signed-in person: navigation, keys, pages that fail, plugins that stop, the desk, the status bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from yichuang.devices.id_card import CardType, IdCard
from yichuang.hall.identifiers import citizen_id_check
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.shell import tasks
from yichuang.shell.backend import Backend
from yichuang.shell.faults import make_report
from yichuang.shell.navigation import HOME, PLUGINS, SETTINGS
from yichuang.shell.preferences import Preferences
from yichuang.shell.window import MainWindow
from yichuang.shell.workspace import Workspace
from yichuang.widgets import Dialog, EmptyState, ErrorNote, Toast

from .conftest import People, settle

CTRL = Qt.KeyboardModifier.ControlModifier


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is, as a person does."""
    qtbot.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), key, modifier)


def labels(desk: Workspace) -> list[str]:
    return [item.title for item in desk.nav.items()]


def test_the_navigation_shows_what_one_may_open(desk: Workspace) -> None:
    assert labels(desk) == ["首页", "业务插件", "受理", "审批", "叫号"]
    assert [item.title for item in desk.foot_nav.items()] == ["插件管理", "设置"]
    assert desk.nav.current() == HOME


def test_somebody_without_the_permission_does_not_see_the_page(
    enter: Callable[..., Workspace], suite: Suite, people: People
) -> None:
    from yichuang.demo import model_hall

    manager = model_hall.people(suite, "queue_manager")[0]
    work = enter(suite, manager.account)
    assert labels(work) == ["首页", "业务插件", "叫号"]
    work.navigate("fair.intake")
    assert work.pages.current == HOME


def test_children_are_listed_beside_the_page_one_is_on(desk: Workspace) -> None:
    desk.navigate("fair.intake")
    assert labels(desk) == ["首页", "业务插件", "受理", "暂存与补正", "审批", "叫号"]
    desk.navigate("fair.intake.drafts")
    assert "暂存与补正" in labels(desk)
    desk.navigate(HOME)
    assert "暂存与补正" not in labels(desk)


def test_a_press_in_the_navigation_opens_the_page(qtbot: QtBot, desk: Workspace) -> None:
    row = labels(desk).index("受理")
    index = desk.nav.model().index(row, 0)
    qtbot.mouseClick(desk.nav.viewport(), Qt.MouseButton.LeftButton, pos=desk.nav.visualRect(index).center())
    assert desk.pages.current == "fair.intake"


def test_keys_switch_pages(qtbot: QtBot, desk: Workspace) -> None:
    press(qtbot, Qt.Key.Key_1, CTRL)
    assert desk.pages.current == "fair.intake"
    press(qtbot, Qt.Key.Key_0, CTRL)
    assert desk.pages.current == HOME
    press(qtbot, Qt.Key.Key_N, CTRL)
    assert desk.pages.current == "fair.intake"
    press(qtbot, Qt.Key.Key_Comma, CTRL)
    assert desk.pages.current == SETTINGS
    press(qtbot, Qt.Key.Key_9, CTRL)
    assert desk.pages.current == SETTINGS


def test_the_navigation_narrows_and_remembers_it(
    qtbot: QtBot, desk: Workspace, preferences: Preferences
) -> None:
    assert desk.nav.width() == 216
    press(qtbot, Qt.Key.Key_Backslash, CTRL)
    assert desk.nav.width() == 68
    assert preferences.get("nav_expanded") is False
    assert [item.title for item in desk.foot_nav.items()] == ["插件", "设置"]
    press(qtbot, Qt.Key.Key_Backslash, CTRL)
    assert desk.nav.width() == 216


def test_a_small_window_begins_narrow_and_may_be_widened(
    qtbot: QtBot, window: MainWindow, desk: Workspace
) -> None:
    assert (window.minimumWidth(), window.minimumHeight()) == (1280, 720)
    window.resize(1280, 720)
    assert desk.nav.compact()
    desk.toggle_navigation()
    assert not desk.nav.compact()
    window.resize(1300, 720)
    assert not desk.nav.compact()


def test_a_page_is_imported_at_its_first_opening_and_kept(
    qtbot: QtBot, desk: Workspace, backend: Backend
) -> None:
    import sys

    assert "yichuang_fair.ui.pages" not in sys.modules
    desk.navigate("fair.intake")
    page = desk.pages.widget("fair.intake")
    desk.navigate(HOME)
    desk.navigate("fair.intake", {"case": "26-1"})
    assert desk.pages.widget("fair.intake") is page
    context = desk.pages.context("fair.intake")
    assert context is not None
    assert context.args == {"case": "26-1"}
    settle(qtbot, backend)


def test_a_page_reloads_when_something_changes_but_not_while_it_is_hidden(
    qtbot: QtBot, desk: Workspace, suite: Suite, backend: Backend
) -> None:
    desk.navigate("fair.intake")
    page = desk.pages.widget("fair.intake")
    qtbot.waitUntil(lambda: page.loads == 1)
    suite.run(desk.actor, "fair.note", {"text": "one"})
    qtbot.waitUntil(lambda: page.label.text() == "one")
    desk.navigate(HOME)
    loads = page.loads
    suite.run(desk.actor, "fair.note", {"text": "two"})
    qtbot.waitUntil(lambda: desk.badges.counts.get("fair.intake") == 9)
    assert page.loads == loads
    desk.navigate("fair.intake")
    qtbot.waitUntil(lambda: page.label.text() == "one,two")


def test_f5_asks_again(qtbot: QtBot, desk: Workspace, backend: Backend) -> None:
    desk.navigate("fair.intake")
    page = desk.pages.widget("fair.intake")
    settle(qtbot, backend)
    before = page.loads
    press(qtbot, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: page.loads > before)
    settle(qtbot, backend)


def test_the_badge_follows_what_is_done(qtbot: QtBot, desk: Workspace, suite: Suite) -> None:
    qtbot.waitUntil(lambda: desk.badges.counts.get("fair.intake") == 7)
    suite.run(desk.actor, "fair.note", {"text": "one"})
    qtbot.waitUntil(lambda: desk.badges.counts.get("fair.intake") == 8)
    item = next(item for item in desk.nav.items() if item.id == "fair.intake")
    assert item.badge == 8


def test_keys_of_a_page_work_on_it_and_are_told(qtbot: QtBot, desk: Workspace, backend: Backend) -> None:
    desk.navigate("fair.intake")
    page = desk.pages.widget("fair.intake")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.results == ["hello"])
    assert [hint[0] for hint in desk.status.keys._hints] == ["Ctrl+Enter", "F3", "F1"]
    desk.navigate(HOME)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    press(qtbot, Qt.Key.Key_F3)
    settle(qtbot, backend)
    assert page.results == ["hello"]
    assert page.called == 1


def test_f1_lists_the_keys_of_the_screen(
    qtbot: QtBot, window: MainWindow, desk: Workspace, backend: Backend
) -> None:
    desk.navigate("fair.intake")
    press(qtbot, Qt.Key.Key_F1)
    dialog = window.findChild(Dialog)
    assert dialog is not None
    texts = {label.text() for label in dialog.findChildren(QWidget) if hasattr(label, "text")}
    assert {"提交受理", "重呼", "搜索与命令", "刷新"} <= texts
    press(qtbot, Qt.Key.Key_Escape)
    settle(qtbot, backend)


def test_a_page_that_cannot_be_built_costs_only_itself(
    qtbot: QtBot, window: MainWindow, desk: Workspace
) -> None:
    with capture_exceptions() as caught:
        desk.navigate("fair.review")
    assert [kind for kind, _value, _trace in caught] == [RuntimeError]
    page = desk.pages.widget("fair.review")
    assert page.findChild(ErrorNote) is not None
    assert "fair.review" in desk.pages.broken
    with capture_exceptions():
        desk.pages.rebuild("fair.review")
    assert desk.pages.current == "fair.review"
    desk.navigate(HOME)
    assert desk.pages.current == HOME


def test_a_fault_is_shown_over_the_window_and_leads_to_the_plugin(
    qtbot: QtBot, window: MainWindow, desk: Workspace, backend: Backend
) -> None:
    try:
        exec(compile("1 / 0", "/x/yichuang_fair/ui/pages.py", "exec"), {})
    except ZeroDivisionError as error:
        report = make_report(error)
    window.show_fault(report)
    window.show_fault(report)
    dialogs = window.findChildren(Dialog)
    assert len(dialogs) == 1
    assert dialogs[0].accessibleName() == "受理出错了"
    buttons = {
        button.text(): button for button in dialogs[0].findChildren(QWidget) if hasattr(button, "click")
    }
    buttons["复制诊断"].click()
    assert "plugin: fair" in QApplication.clipboard().text()
    buttons["查看插件"].click()
    assert desk.pages.current == PLUGINS
    settle(qtbot, backend)


def test_an_operation_that_breaks_down_is_reported_and_told(
    qtbot: QtBot, enter: Callable[..., Workspace], suite: Suite, people: People, bugs: list[BaseException]
) -> None:
    work = enter(suite, people.clerk)
    work.navigate("fair.intake")
    context = work.pages.context("fair.intake")
    failures: list[str] = []
    context.run("fair.break_down", failed=lambda error: failures.append(error.code))
    qtbot.waitUntil(lambda: failures == ["BUG"])
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]


def test_an_error_nobody_shows_becomes_a_toast(qtbot: QtBot, window: MainWindow, desk: Workspace) -> None:
    desk.navigate("fair.intake")
    desk.pages.context("fair.intake").run("fair.note", {"text": "bad"})
    qtbot.waitUntil(lambda: window.findChild(Toast) is not None)
    texts = " ".join(
        label.text() for label in window.findChild(Toast).findChildren(QWidget) if hasattr(label, "text")
    )
    assert "这条记录不能保存。" in texts
    assert "换一种写法。" in texts


def test_a_batch_goes_on_after_an_error(qtbot: QtBot, desk: Workspace, suite: Suite) -> None:
    desk.navigate("fair.intake")
    context = desk.pages.context("fair.intake")
    each, done = [], []
    context.batch(
        "fair.note",
        [{"text": "one"}, {"text": "bad"}, {"text": "three"}],
        each=lambda index, result: each.append((index, getattr(result, "code", result))),
        done=done.extend,
    )
    qtbot.waitUntil(lambda: len(done) == 3)
    assert each == [(0, "one"), (1, "BAD_NOTE"), (2, "three")]
    assert [outcome.error is None for outcome in done] == [True, False, True]


def test_the_end_of_a_batch_comes_behind_its_items(
    qtbot: QtBot, desk: Workspace, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SLICE_SECONDS", 60.0)  # it happens within a slice where the machine is slow
    desk.navigate("fair.intake")
    context = desk.pages.context("fair.intake")
    runner = backend.runner
    told: list[object] = []

    def while_results_are_handed_over(_answer: object) -> None:
        context.batch(
            "fair.note", [{"text": "one"}, {"text": "two"}], each=lambda index, _result: told.append(index),
            done=lambda _outcomes: told.append("end"),
        )  # fmt: skip
        ends = time.monotonic() + 20
        while (
            not runner._results and time.monotonic() < ends
        ):  # its end lies here already, its items wait for the loop
            time.sleep(0.005)

    runner.submit(lambda _job: None, while_results_are_handed_over)
    qtbot.waitUntil(lambda: "end" in told)
    qtbot.wait(50)
    assert told == [0, 1, "end"]


def test_a_window_of_its_own_stays_when_the_main_window_is_closed(
    qtbot: QtBot, window: MainWindow, desk: Workspace
) -> None:
    desk.navigate("fair.caller")
    caller = desk.pages.widget("fair.caller")
    assert caller.isWindow()
    assert caller.isVisible()
    assert desk.pages.current == HOME
    window.close()
    assert not window.isVisible()
    assert caller.isVisible()
    window.take_arguments(["--page=fair.intake"])
    assert window.isVisible()
    assert desk.pages.current == "fair.intake"
    window.lock()
    assert not caller.isVisible()
    caller.close()


def test_the_keys_of_the_caller_work_in_both_windows(
    qtbot: QtBot, window: MainWindow, desk: Workspace
) -> None:
    desk.navigate("fair.caller")
    caller = desk.pages.widget("fair.caller")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert caller.calls == 1
    caller.activateWindow()
    qtbot.waitUntil(caller.isActiveWindow)
    qtbot.keyClick(caller, Qt.Key.Key_F4)
    assert caller.calls == 2
    window.hide()
    qtbot.keyClick(caller, Qt.Key.Key_F4)
    assert caller.calls == 3
    caller.close()


def test_a_stopped_plugin_stays_listed_and_says_why(
    qtbot: QtBot, enter: Callable[..., Workspace], open_hall: Callable[..., Suite], people: People
) -> None:
    work = enter(open_hall(("fair", "torn")), people.clerk)
    item = next(item for item in work.nav.items() if item.id == "torn.deposit")
    assert item.stopped
    assert "部门插件" in labels(work)
    work.navigate("torn.deposit")
    page = work.pages.widget("torn.deposit")
    assert page.findChild(EmptyState) is not None


def test_a_plugin_that_is_switched_off_takes_its_pages_away(
    qtbot: QtBot, desk: Workspace, suite: Suite, backend: Backend
) -> None:
    desk.navigate("fair.intake")
    suite.plugins.disable("fair")
    qtbot.waitUntil(lambda: "受理" not in labels(desk))
    assert desk.pages.current == HOME
    suite.plugins.enable("fair")
    qtbot.waitUntil(lambda: "受理" in labels(desk))
    desk.navigate("fair.intake")
    qtbot.waitUntil(lambda: desk.pages.widget("fair.intake").loads == 1)
    settle(qtbot, backend)


def test_the_top_bar_says_who_sits_where_and_since_when(qtbot: QtBot, desk: Workspace) -> None:
    assert desk.top.brand.accessibleName() == "" or "大厅" in desk.top.brand.accessibleName()
    assert desk.top.user.accessibleName().startswith(desk.actor.name)
    qtbot.waitUntil(lambda: desk.top.desk.accessibleName() == f"{desk.actor.desk} 综合窗口 接件中")
    assert desk.top.sync.accessibleName().startswith("已同步")


def test_changing_the_desk_is_remembered_and_pages_ask_anew(
    qtbot: QtBot, desk: Workspace, preferences: Preferences, backend: Backend
) -> None:
    desk.navigate("fair.intake")
    settle(qtbot, backend)
    page = desk.pages.widget("fair.intake")
    before = page.loads
    desk.sit_at("A02")
    assert desk.actor.desk == "A02"
    assert preferences.get("desk") == "A02"
    qtbot.waitUntil(lambda: page.loads > before)
    assert desk.top.desk.accessibleName().startswith("A02")
    settle(qtbot, backend)


def test_a_lost_connection_is_said_and_pages_stay(
    qtbot: QtBot, desk: Workspace, backend: Backend, suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yichuang.hall.errors import UserError

    def away(*_arguments: object) -> None:
        raise UserError("DATABASE_AWAY", "The database does not answer.")

    monkeypatch.setattr(suite, "query", away)
    backend.ping()
    qtbot.waitUntil(lambda: desk.top.sync.accessibleName() == "连接中断")
    assert desk.status._link.accessibleName() == "大厅数据无法连接"
    assert desk.pages.current == HOME
    monkeypatch.undo()
    backend.ping()
    qtbot.waitUntil(lambda: desk.top.sync.accessibleName().startswith("已同步"))


def test_the_status_bar_names_every_device(qtbot: QtBot, window: MainWindow, desk: Workspace) -> None:
    window.devices._set("ticket_printer", "ready")
    window.devices._set("id_card_reader", "failed")
    names = {kind: dot.accessibleName() for kind, dot in desk.status._devices.items()}
    assert names == {"ticket_printer": "票据打印机", "id_card_reader": "身份证阅读器 故障"}


def test_a_real_device_answers_a_page(
    qtbot: QtBot, window: MainWindow, desk: Workspace, backend: Backend
) -> None:
    desk.navigate("fair.intake")
    context = desk.pages.context("fair.intake")
    failures, answers, events = [], [], []
    context.ask_device("id_card_reader", "read", failed=lambda error: failures.append(error.code))
    qtbot.waitUntil(lambda: failures == ["DEVICE_ABSENT"])
    context.device_event.connect(lambda kind, name, _data: events.append((kind, name)))
    backend.runner.submit(lambda _job: window.devices.open(["id_card_reader"], {}), lane="device")
    qtbot.waitUntil(lambda: context.device("id_card_reader") == "ready", timeout=15_000)
    context.ask_device("id_card_reader", "read", done=answers.append, wait=0.05)
    qtbot.waitUntil(lambda: answers == [{"card": None}])
    number = "15042119900101241"
    card = IdCard(
        card_type=CardType.RESIDENT,
        name="王小军",
        sex="male",
        birth=date(1990, 1, 1),
        number=number + citizen_id_check(number),
        valid_from=date(2020, 1, 1),
        valid_to=None,
        ethnic_code="01",
        address="天山镇",
        issuer="阿鲁科尔沁旗公安局",
    )
    context.ask_device("id_card_reader", "present", card=card.as_dict())
    qtbot.waitUntil(lambda: ("id_card_reader", "card") in events, timeout=10_000)


def test_a_page_writes_its_own_files_off_the_ui_thread(qtbot: QtBot, desk: Workspace) -> None:
    import threading

    from yichuang.hall.errors import UserError

    desk.navigate("fair.intake")
    context = desk.pages.context("fair.intake")
    assert context.data_dir.parts[-2:] == ("plugin-data", "fair")
    told, failures = [], []

    def write() -> str:
        (context.data_dir / "own").write_text("x")
        return threading.current_thread().name

    def refuse() -> None:
        raise UserError("NO_ROOM", "no room")

    context.work(write, done=told.append)
    context.work(refuse, failed=lambda error: failures.append(error.code))
    qtbot.waitUntil(lambda: bool(told and failures))
    assert told == ["own-0"]
    assert failures == ["NO_ROOM"]
    assert (context.data_dir / "own").exists()


def test_slow_work_shows_in_the_status_bar_and_can_be_cancelled(
    qtbot: QtBot, desk: Workspace, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from yichuang.shell import tasks

    monkeypatch.setattr(tasks, "SLOW_SECONDS", 0.02)
    gate, failures = threading.Event(), []
    backend.runner.submit(lambda _job: gate.wait(5), failed=failures.append, title="签章")
    qtbot.waitUntil(lambda: desk.status._progress is not None and desk.status._progress.isVisible())
    desk.status._progress._cancel.click()
    assert [failure.code for failure in failures] == ["CANCELLED"]
    qtbot.waitUntil(lambda: not desk.status._progress.isVisible())
    gate.set()


def test_nobody_has_more_rights_than_the_operation_checks(suite: Suite, desk: Workspace) -> None:
    assert desk.pages.open(desk.entry(HOME)).can("fair.use")
    assert not Actor.nobody().may("fair.use")
