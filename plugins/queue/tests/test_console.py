"""The manager's page, driven as a manager does: looked at, pressed, typed into; measured with a full hall."""

from __future__ import annotations

import gc
import time
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from yichuang.api import UserError, hall
from yichuang.shell.testing import open_page
from yichuang.widgets import Dialog
from yichuang_queue.ui.console_grid import DeskGrid

from .conftest import DESKS, MANAGER, clerk
from .full_hall import fill
from .test_console_operations import busy


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@pytest.fixture
def until(qtbot):
    return lambda condition: qtbot.waitUntil(condition, timeout=10_000)


@pytest.fixture
def page(suite, until, clock):
    """The page over one desk of line A and two of B; far too many wait in A."""
    busy(suite, clock)
    with open_page(suite, MANAGER, "queue.console") as (window, context):
        window.resize(1372, 824)
        until(lambda: window.console is not None)
        yield window, context


def dialog(window):
    return next(each for each in window.window().findChildren(Dialog) if each.isVisible())


def press(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def desk_lines(suite, code):
    view = suite.query(MANAGER, "queue.console", {})
    return next(desk for desk in view.desks if desk.code == code).lines


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


# ---- tickets, set-up ----


def test_tickets_are_found_restored_and_exported(page, suite, until, tmp_path, qtbot):
    window, context = page
    person = clerk(1, "A01")
    ticket = suite.run(person, "queue.call_next", {"desk": "A01"})
    suite.run(person, "queue.pass", {"desk": "A01", "ticket_id": ticket.id})
    window.show_tab("stream")
    stream = window.stream
    until(lambda: len(stream.table.rows()) == 12)
    stream.search.setText("a00")
    until(lambda: len(stream.table.rows()) == 9)
    stream.state.set_current("passed")
    stream.load()
    until(lambda: len(stream.table.rows()) == 1)
    (row,) = stream.table.rows()
    assert (row["number"], row["act"], row["desk"]) == ("A001", "复号", "A01")
    stream.table.acted.emit("act", row)
    until(lambda: suite.query(MANAGER, "queue.ticket", {"number": "A001"}).state == "waiting")
    until(lambda: not stream.table.rows())
    stream.state.set_current("")
    stream.search.clear()
    path = tmp_path / "流水.xlsx"
    with qtbot.waitSignal(stream.written, timeout=10_000) as written:
        stream.write(path)
    assert written.args == [str(path), ""]
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0][:2] == ("号码", "业务")
    assert sorted(row[0] for row in rows[1:]) == [f"A{n:03d}" for n in range(1, 13)]
    with qtbot.waitSignal(context.services.toast_asked, timeout=10_000) as toast:
        stream.write(tmp_path / "no" / "folder.xlsx")
    assert toast.args[1] == "error"


def test_the_tree_of_the_kiosk_is_changed_in_dialogs(page, suite, until):
    window, _ = page
    window.show_tab("setup")
    setup = window.setup
    until(lambda: len(setup.line_rows) == 2)
    assert [row["id"] for row in setup.desks.rows()] == list(DESKS)
    setup.part.set_current("tree")
    setup._show_part("tree")
    # A group may not be empty: it is a business until its first one stands in it.
    for code, name, line, parent in (
        ("g", "企业服务", "A", ""),
        ("x", "企业登记", "A", "g"),
        ("y", "医保", "B", ""),
    ):
        press(setup.add)
        asked = dialog(window)
        for key, value in {
            "code": code,
            "name": name,
            "line": line,
            "parent": parent,
            "quota_day": "60",
        }.items():
            asked.form.field(key).set_value(value)
        asked.accept()
        until(lambda code=code: code in [each.code for each in setup.business_rows])
    assert [row.code for row in suite.query(MANAGER, "queue.businesses")] == ["g", "x", "y"]
    setup.businesses.select("y")
    press(setup.up)
    until(lambda: [each.code for each in setup.business_rows] == ["y", "g", "x"])
    setup.businesses.acted.emit("remove", {"id": "g"})
    assert dialog(window).accessibleDescription() == "其中 1 项业务一并删除。"
    press(dialog(window).primary_button)
    until(lambda: [each.code for each in setup.business_rows] == ["y"])


def test_a_refused_change_stays_in_its_dialog(page, suite, until):
    window, _ = page
    window.show_tab("setup")
    setup = window.setup
    setup.part.set_current("lines")
    setup._show_part("lines")
    until(lambda: len(setup.lines.rows()) == 2)
    press(setup.add)
    asked = dialog(window)
    for key, value in {"code": "C", "name": "税务", "prefix": "A"}.items():
        asked.form.field(key).set_value(value)
    asked.form.field("calls").set_value("99")
    asked.accept()
    assert asked.form.errors() == {"calls": "请填写 1 到 9 的整数。"}
    asked.form.field("calls").set_value("2")
    asked.accept()
    until(lambda: asked._error.text() != "")
    asked.form.field("prefix").set_value("C")
    asked.accept()
    until(lambda: [row.code for row in suite.query(MANAGER, "queue.lines")] == ["A", "B", "C"])
    assert suite.query(MANAGER, "queue.lines")[2].calls == 2


def test_what_a_person_can_serve(page, suite, until):
    window, _ = page
    with suite.database.write() as writer:
        writer.insert(
            hall.agency, code="X", name="局", short_name="局", name_mn="", kind="bureau", position=0
        )
        writer.insert(hall.staff, id=3, name="王海涛", agency="X", desk="A03")
    window.show_tab("setup")
    setup = window.setup
    setup.part.set_current("people")
    setup._show_part("people")
    until(lambda: len(setup.people.rows()) == 1 and len(setup.line_rows) == 2)
    setup.people.activated.emit(setup.people.rows()[0])
    asked = dialog(window)
    asked.form.field("lines").set_value(["B"])
    asked.accept()
    until(lambda: suite.query(MANAGER, "queue.skills", {"staff_id": 3}) == ("B",))


def test_who_may_not_set_up_sees_no_such_buttons(suite, until):
    manager = clerk(98, "", frozenset({"queue.balance", "queue.view"}))
    with open_page(suite, manager, "queue.console") as (window, _context):
        until(lambda: window.console is not None)
        window.show_tab("setup")
        window.setup.part.set_current("lines")
        window.setup._show_part("lines")
        until(lambda: len(window.setup.lines.rows()) == 2)
        assert not window.setup.add.isVisible()
        assert window.setup.lines.rows()[0]["edit"] == ""


# ---- replay, states, measures ----


def test_a_day_is_replayed_and_the_present_comes_back(page, suite, until, clock):
    window, _ = page
    person = clerk(1, "A01")
    ticket = suite.run(person, "queue.call_next", {"desk": "A01"})
    suite.run(person, "queue.arrive", {"desk": "A01", "ticket_id": ticket.id})
    clock.move(minutes=8)
    suite.run(person, "queue.finish", {"desk": "A01", "ticket_id": ticket.id})
    clock.move(minutes=1)
    replay = window.replay
    press(window.replay_button)
    until(replay.slider.isEnabled)
    assert replay.time.text() == "09:00:00"
    assert not window.floor.side.advice.isVisible()
    replay.slider.setValue(16 * 60 + 120)
    assert window.floor.desk("A01").ticket.number == "A001"
    assert window.floor.strip.finished.accessibleName() == "已办结 0 件"
    replay.speed.set_current("60")
    press(replay.play)
    until(lambda: window.floor.strip.finished.accessibleName() == "已办结 1 件")
    press(replay.play)
    at = replay.slider.value()
    QTest.qWait(500)
    assert replay.slider.value() == at, "it pauses"
    window.load()
    QTest.qWait(300)
    assert window.floor.desk("A01") == replay._day.at(replay.moment()).desks[0], (
        "the present does not break in"
    )
    replay.leave()
    until(lambda: window.floor.side.alarms.isVisible())
    assert not replay.isVisible()


def test_a_day_without_anything_says_so(page, until):
    window, _ = page
    press(window.replay_button)
    until(window.replay.slider.isEnabled)
    window.replay.day.setText("2026-03-01")
    window.replay.day.editingFinished.emit()
    until(lambda: window.replay.note.text() == "这一天没有记录。")
    assert not window.replay.play.isEnabled()
    window.replay.leave()


def test_a_failure_keeps_what_is_shown_and_says_since_when(page, until):
    window, context = page
    window._failed(UserError("BUG", "x"))
    assert window.updated.text().startswith("截至 ")
    assert len(window.floor.grid.desks.desks) == 4
    window._gap.stop()
    window.load()
    until(lambda: window.updated.text() == "每 2 秒更新")
    context.online_changed.emit(False)
    assert window._note_row.count() == 1
    context.online_changed.emit(True)
    until(lambda: window._note_row.count() == 0)


def test_an_empty_hall(qtbot, open_suite, until):
    suite = open_suite(plugins=["queue"])
    with open_page(suite, MANAGER, "queue.console") as (window, _context):
        assert window.floor._stack.currentWidget() is window.floor.first_load
        until(lambda: window.floor._stack.currentWidget() is window.floor.nothing)


def full(suite, clock):
    clock.move(hours=2)
    fill(suite, clock.now)


def repaints(view, count):
    """Seconds of this thread for each of so many whole repaints; other programs on the machine do not count."""
    times = []
    for _ in range(count):
        began = time.thread_time()
        view.viewport().repaint()
        times.append(time.thread_time() - began)
    return sorted(times)


def test_sixty_desks_are_painted_within_a_frame(suite, clock, until):
    full(suite, clock)
    with open_page(suite, MANAGER, "queue.console") as (window, _context):
        window.resize(1840, 1180)
        until(lambda: window.console is not None)
        grid: DeskGrid = window.floor.grid
        assert (grid.desks.rowCount(), window.console.figures.waiting) == (60, 500)
        repaints(grid, 5)
        times = repaints(grid, 60)
        assert times[int(0.5 * len(times))] < 0.016, f"median {times[30] * 1000:.1f} ms"


def test_many_updates_leave_nothing_behind(suite, clock, until):
    full(suite, clock)
    with open_page(suite, MANAGER, "queue.console") as (window, _context):
        until(lambda: window.console is not None)
        consoles = [window.console, replace(window.console, now=window.console.now + timedelta(seconds=1))]
        for turn in range(20):
            window.show_console(consoles[turn % 2])
        gc.collect()
        widgets = len(QApplication.allWidgets())
        tracemalloc.start()
        try:
            for turn in range(20):
                window.show_console(consoles[turn % 2])
            gc.collect()
            before = tracemalloc.get_traced_memory()[0]
            for turn in range(300):
                window.show_console(consoles[turn % 2])
                QApplication.processEvents()
            gc.collect()
            grown = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
        assert len(QApplication.allWidgets()) <= widgets
        assert grown < 300_000, f"{grown} bytes more after 300 updates"


def test_the_pointer_stays_over_the_same_desk(page):
    window, _ = page
    grid = window.floor.grid
    at = grid.visualRect(grid.desks.index(2)).center()
    under = grid.indexAt(QPoint(at)).data()
    for _ in range(3):
        window.show_console(replace(window.console, now=window.console.now + timedelta(seconds=2)))
    assert grid.indexAt(QPoint(at)).data() == under
