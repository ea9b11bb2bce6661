"""The floor of the manager's page, driven as a manager does: looked at, pressed, typed into."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.shell.testing import open_page
from yichuang.widgets import Dialog
from yichuang_queue.ui.console.page import build

from .conftest import DESKS, MANAGER, clerk
from .console_page import desk_lines, dialog, on_a_file, opened, press, waiting  # noqa: F401  # fixtures come by their names
from .test_console_operations import busy


def test_the_floor_shows_every_desk_and_line(page, suite, until):
    window, _ = page
    grid = window.floor.grid
    assert [desk.code for desk in grid.desks.desks] == list(DESKS)
    assert window.floor.strip.waiting.accessibleName() == "当前等候 12 人"
    assert window.floor.strip.open.accessibleName() == "开放窗口数 3 / 4"
    spoken = grid.desks.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("A01 Clerk 1 空闲")
    assert (
        window.floor.side.lines.lines.index(0)
        .data(Qt.ItemDataRole.AccessibleTextRole)
        .startswith("综合, 12 人等候")
    )
    suite.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})
    until(lambda: grid.desks.desks[0].ticket is not None)
    assert "呼叫中 A001" in grid.desks.index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_one_key_applies_the_suggestion_and_it_can_be_undone(page, suite, until, qtbot):
    window, context = page
    until(window.floor.side.advice.isVisible)
    assert window.floor.side.advice.act.text().startswith("把 A03 临时加入「A 综合」，为期 ")
    assert "近 30 分钟到达 12、办结 0" in window.floor.side.advice.evidence.text()
    with qtbot.waitSignal(context.services.toast_asked, timeout=10_000) as toast:
        window.apply_advice()
        window.apply_advice()  # a second press meanwhile is the same press
    text, _kind, undo = toast.args
    assert text.startswith("A03 支援到 ")
    assert desk_lines(suite, "A03") == ("B", "A")
    until(window.floor.side.loans.isVisible)
    undo()
    until(lambda: desk_lines(suite, "A03") == ("B",))
    until(lambda: not window.floor.side.loans.isVisible())
    assert not window.floor.side.advice.isVisible(), "who undid it does not hear it again at once"


def test_a_suggestion_is_adjusted_or_ignored(page, suite, until):
    window, _ = page
    until(window.floor.side.advice.isVisible)
    press(window.floor.side.advice.adjust_button)
    asked = dialog(window)
    assert asked.form.values() == {"desks": ["A03"], "minutes": window.console.advice.minutes}
    asked.form.field("desks").set_value([])
    asked.accept()
    assert list(asked.form.errors()) == ["desks"]
    asked.form.field("desks").set_value(["A04"])
    asked.form.field("minutes").set_value(45)
    QTest.keyClick(asked, Qt.Key.Key_Return)
    until(lambda: desk_lines(suite, "A04") == ("B", "A"))
    (loan,) = suite.query(MANAGER, "queue.console", {}).loans
    suite.run(MANAGER, "queue.end_loan", {"loan_id": loan.id})


def test_ignoring_takes_it_away(page, suite, until):
    window, _ = page
    until(window.floor.side.advice.isVisible)
    press(window.floor.side.advice.ignore_button)
    until(lambda: not window.floor.side.advice.isVisible())


def test_a_loan_that_is_over_goes_back_by_itself(page, suite, until, clock):
    window, _ = page
    suite.run(MANAGER, "queue.lend", {"line": "A", "desks": ["A03"], "minutes": 5})
    clock.move(minutes=6)
    window.load()
    until(lambda: desk_lines(suite, "A03") == ("B",))


def test_keys_move_over_the_desks_and_enter_opens_one(page, until):
    window, _ = page
    grid = window.floor.grid
    grid.setFocus()
    grid.choose("A01")
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.chosen() == "A02"
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    shown = dialog(window)
    assert shown.accessibleName() == "A03 窗口"
    until(lambda: shown.served.text() == "今日办结 0 件，平均 —")
    QTest.keyClick(shown, Qt.Key.Key_Escape)


def test_a_desk_is_given_other_lines_and_closed(page, suite, until):
    window, _ = page
    window.open_desk("A03")
    dialog(window).accept()
    asked = dialog(window)
    assert asked.form.values() == {"lines": ["B"]}
    asked.form.field("lines").set_value(["A", "B"])
    asked.accept()
    until(lambda: desk_lines(suite, "A03") == ("A", "B"))
    until(lambda: not window.window().findChildren(Dialog))
    window.open_desk("A04")
    press(dialog(window).close_button)
    asked = dialog(window)
    asked.form.field("reason").set_value("忘记签退")
    asked.accept()
    until(lambda: suite.query(MANAGER, "queue.console", {}).figures.open_desks == 2)


def test_a_desk_with_somebody_there_is_not_closed(page, suite, until):
    window, _ = page
    suite.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})
    until(lambda: window.floor.desk("A01").ticket is not None)
    window.open_desk("A01")
    button = dialog(window).close_button
    assert not button.isEnabled()
    assert button.toolTip() == "A001 还在该窗口。"
    dialog(window).reject()


def test_a_broadcast_and_a_notice(page, suite, until):
    window, _ = page
    window.ask_broadcast()
    asked = dialog(window)
    asked.accept()
    assert "text" in asked.form.errors()
    asked.form.field("text").set_value("下午四点停止取号")
    asked.form.field("kind").set_value("notice")
    asked.accept()
    until(
        lambda: (
            [each.text for each in suite.query(MANAGER, "queue.console", {}).messages] == ["下午四点停止取号"]
        )
    )
    until(lambda: bool(window.console.messages))
    press(window.notices_button)
    shown = dialog(window)
    (row,) = shown.table.rows()
    assert (row["kind"], row["act"]) == ("公告", "撤下")
    shown.table.acted.emit("act", row)
    until(lambda: not shown.table.rows())
    assert suite.query(MANAGER, "queue.board", {}).notices == []
    shown.reject()


def test_an_emergency_call_is_answered(page, suite, until):
    window, _ = page
    suite.run(clerk(1, "A01"), "queue.call_help", {"desk": "A01", "text": "有人晕倒"})
    alarms = window.floor.side.alarms
    until(lambda: ("help", "1") in alarms.rows)
    row = alarms.rows["help", "1"]
    assert row.sentence.text() == "紧急呼叫 0 分钟未应答：有人晕倒"
    press(row.button)
    until(lambda: ("help", "1") not in alarms.rows)
    assert suite.query(MANAGER, "queue.messages")[0].answered_by == MANAGER.name


def test_an_alarm_row_stays_the_same_while_it_stands(page, clock, until):
    window, _ = page
    clock.move(minutes=20)
    window.load()
    alarms = window.floor.side.alarms
    until(lambda: ("long_wait", "A") in alarms.rows)
    row = alarms.rows["long_wait", "A"]
    before = row.sentence.text()
    clock.move(minutes=3)
    window.load()
    until(lambda: row.sentence.text() != before)
    assert alarms.rows["long_wait", "A"] is row


def test_a_closed_desk_is_called_for(page, suite, until):
    window, _ = page
    press(window.open_button)
    asked = dialog(window)
    asked.accept()
    until(lambda: bool(suite.query(MANAGER, "queue.messages")))
    (message,) = suite.query(MANAGER, "queue.messages")
    assert (message.kind, message.zone, message.text) == ("broadcast", "z", "请 A02 窗口工作人员开放窗口。")


def test_only_the_desks_of_a_line_are_shown(page):
    window, _ = page
    lines = window.floor.side.lines
    QTest.mouseClick(
        lines.viewport(), Qt.MouseButton.LeftButton, pos=lines.visualRect(lines.lines.index(1)).center()
    )
    assert [desk.code for desk in window.floor.grid.desks.desks] == ["A03", "A04"]
    lines.setFocus()
    QTest.keyClick(lines, Qt.Key.Key_Escape)
    assert len(window.floor.grid.desks.desks) == 4


def test_a_refresh_neither_reorders_nor_forgets_what_is_chosen(page, suite, until):
    window, _ = page
    grid = window.floor.grid
    grid.choose("A03")
    resets = []
    grid.desks.modelReset.connect(lambda: resets.append(1))
    changed = []
    grid.desks.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    now, away = window.console.now, window.console.away_minutes
    desks = list(window.console.desks)
    desks[3] = replace(desks[3], state="paused", reason="午休")
    grid.show_desks(desks, grid.desks.now, away)
    assert (resets, changed, grid.chosen()) == ([], [(3, 3)], "A03")
    grid.show_desks(desks, now + timedelta(seconds=30), away)
    assert resets == []


def test_a_small_window_has_the_side_as_a_tab(page, until):
    window, _ = page
    window.resize(1212, 644)
    until(lambda: not window.floor.side.isVisible())
    window.show_tab("side")
    assert window.floor.side.isVisible()
    assert not window.floor.grid.isVisible()
    window.resize(1372, 824)
    until(window.floor.grid.isVisible)
    assert window.floor.side.isVisible()


def test_the_keys_of_the_page(suite, clock, until):
    busy(suite, clock)
    claimed = {}

    def make(context):
        context.services.shortcut_claimed.connect(lambda shortcut: claimed.update({shortcut.key: shortcut}))
        return build(context)

    with open_page(suite, MANAGER, "queue.console", build=make) as (window, _context):
        window.resize(1372, 824)
        until(lambda: window.console is not None and window.console.advice is not None)
        assert {key for key, shortcut in claimed.items() if shortcut.bar} == {"Ctrl+B", "Ctrl+Enter"}
        claimed["Ctrl+B"].trigger()
        dialog(window).reject()
        claimed["Ctrl+Enter"].trigger()
        until(lambda: desk_lines(suite, "A03") == ("B", "A"))
        claimed["Esc"].trigger()
        assert not window.replay.active
