"""The caller as a window: folding, its corner, keys, what it says while the hall is away, and that it costs little."""

from __future__ import annotations

import time

import pytest
from PyQt6.QtCore import QEventLoop, QObject, QPoint, QRect, QSize, Qt
from PyQt6.QtWidgets import QApplication, QMainWindow, QMenu

from yichuang.api import UserError
from yichuang_queue.ui.caller import window as caller
from yichuang_queue.ui.caller.place import at_place, place_of

from .conftest import MANAGER, clerk
from .desk_driver import PERSON, at_desk

SCREEN = QRect(0, 0, 1920, 1040)


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


def test_the_strip_shows_ticket_clock_and_next_and_calls(qtbot, suite, clock):
    with at_desk(qtbot, suite, tickets=2) as desk:
        window = desk.window
        window.face.fold.click()
        assert (window.width(), window.height()) == (360, 64)
        assert window.face.isHidden()
        window.strip.next.click()
        desk.settle()
        assert window.strip.number.text() == "A001"
        assert not window.strip.next.isEnabled()
        desk.do("F8")
        clock.move(minutes=3)
        window.tick()
        assert window.strip.clock.text() == "03:00"
        desk.do("F8")
        assert window.strip.next.isEnabled()
        window.strip.unfold.click()
        assert (window.width(), window.height()) == (360, 520)


def test_the_strip_says_sentences_and_unfolds_for_a_question(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        window = desk.window
        window.fold()
        desk.do("F2")
        assert window.strip.second.text() == "没有人等候。"
        desk.press("Shift+F2")
        assert not window.face.isHidden()
        qtbot.keyClick(desk.question(), Qt.Key.Key_Escape)


def test_folding_keeps_to_the_corner(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        window = desk.window
        right, bottom = window.geometry().right(), window.geometry().bottom()
        window.fold()
        assert (window.geometry().right(), window.geometry().bottom()) == (right, bottom)
        window.fold()
        assert (window.geometry().right(), window.geometry().bottom()) == (right, bottom)


def test_it_is_dragged_and_remembers_where(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        window = desk.window
        window.move(100, 80)
        qtbot.mousePress(
            window.strip if window.face.isHidden() else window, Qt.MouseButton.LeftButton, pos=QPoint(80, 18)
        )
        qtbot.mouseRelease(window, Qt.MouseButton.LeftButton, pos=QPoint(80, 18))
        assert desk.context.load("place", {}) == {"right": 0, "below": 0, "x": 100, "y": 80}
    with at_desk(qtbot, suite, opened=False) as desk:
        assert (desk.window.x(), desk.window.y()) == (100, 80)


@pytest.mark.parametrize("place", [None, {}, {"right": "x"}, {"right": 1, "below": 1, "x": -400, "y": 9000}])
def test_a_place_that_makes_no_sense_is_still_on_the_screen(place):
    size = QSize(360, 520)
    assert SCREEN.contains(QRect(at_place(place, size, SCREEN), size))


@pytest.mark.parametrize("corner", [(0, 0), (1500, 0), (0, 500), (1500, 500)])
def test_a_place_comes_back(corner):
    window = QRect(QPoint(*corner), QSize(360, 520))
    assert at_place(place_of(window, SCREEN), window.size(), SCREEN) == QPoint(*corner)


def test_the_keys_work_for_the_whole_system(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        system = {key for key, shortcut in desk.keys.items() if shortcut.system}
        assert system == {"F2", "F3", "F4", "F6", "F7", "F8", "F11", "Ctrl+F12"}
        assert all(shortcut.everywhere for shortcut in desk.keys.values())


def test_keys_are_not_heard_behind_a_question(qtbot, suite):
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        desk.press("F4")
        question = desk.question()
        desk.press("F11")
        desk.press("F8")
        assert desk.window.asks.question is question
        assert desk.state_of("A001") == "called"
        qtbot.keyClick(question, Qt.Key.Key_Escape)


def test_everything_is_reached_by_tab(qtbot, suite):
    with at_desk(qtbot, suite, tickets=1) as desk:
        face = desk.window.face
        wanted = {face.next, face.more, face.pin, face.fold, face.main_window, face.tabs, face.choose, face.mode,
                  face.lists["waiting"]}  # fmt: skip
        face.more.setFocus()
        seen = set()
        for _step in range(40):
            seen.add(QApplication.focusWidget())
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert wanted <= seen
        assert all(widget.accessibleName() or widget.text() for widget in wanted - {face.tabs, face.mode})


def test_it_works_while_the_main_window_is_closed_and_brings_it_back(qtbot, suite):
    main = QMainWindow()
    qtbot.addWidget(main)
    main.show()
    main.close()
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        assert desk.ticket.number == "A001"
        desk.window.face.main_window.click()
        assert main.isVisible()
        main.close()


def test_no_desk_is_a_sentence(qtbot, suite):
    with at_desk(qtbot, suite, clerk(1), opened=False) as desk:
        desk.until(lambda: desk.said() == "登录时选择窗口后才能叫号。")
        desk.press("F2")
        assert not desk.window.acts.busy


def test_another_desk_is_followed(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        desk.context.services.sit_at("A03")
        desk.context.refresh.emit()
        desk.until(lambda: desk.window.desk == "A03" and desk.window.view is not None)
        assert desk.window.view.desk is None
        desk.window.feed._take("a late answer about the desk before", "A01")
        assert desk.window.view.desk is None
        desk.until(lambda: desk.window.face.who.text().startswith("A03 综合窗口"))


def test_offline_and_a_failed_voice_are_shown(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        link = desk.window.face.link
        assert link.accessibleName() == "已连接大厅"
        desk.context.online_changed.emit(False)
        assert link.accessibleName() == "离线，暂不能叫号"
        desk.window._online = True
        devices = desk.context.services.devices
        for state, text in (("ready", "音箱已连接"), ("failed", "音箱未连接")):
            devices._set("voice", state)
            desk.window.tick()
            assert link.accessibleName() == text


def test_a_hall_that_does_not_answer_is_said_until_it_does(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        query = desk.context.query
        away = UserError("DATABASE_AWAY", "away")
        desk.context.query = lambda _name, _request=None, done=None, failed=None: failed(away)
        desk.window.load()
        assert desk.said() == "away"
        assert desk.window.face.say.property("note") == "amber"
        desk.context.query = query
        desk.window.load()
        desk.until(lambda: desk.said() == "")


def test_a_second_screen_shows_the_applicants_page_by_itself(qtbot, suite, monkeypatch):
    monkeypatch.setattr(caller, "second_screen", lambda window: window.screen())
    with at_desk(qtbot, suite) as desk:
        applicant = desk.window.applicant
        assert applicant.isFullScreen()
        desk.window.hide()
        desk.window.close()
        assert not applicant.isVisible()


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_the_menu_has_what_has_no_button(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        desk.window.face.more.click()
        menu = desk.window.findChild(QMenu)
        texts = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
        assert texts == [
            "无号直接办理",
            "办结并填写结果",
            "更换接件业务",
            "申请人屏",
            "隐藏本窗口",
            "呼叫协助",
        ]
        menu.actions()[2].trigger()
        menu.close()
        desk.answer(lines=("B",))
        assert desk.window.view.desk.lines == ["B"]


def test_a_searched_ticket_is_shown_in_its_list(qtbot, suite):
    with at_desk(qtbot, suite, tickets=2) as desk:
        desk.context.shown.emit({"ticket_id": 2})
        assert desk.window.face.lists["waiting"].current() == 2


def test_answers_that_cross_never_show_what_is_over(qtbot, suite):
    """Two readers answer in any order; the window asks one question at a time, and an act ends with a later answer."""
    with at_desk(qtbot, suite, tickets=1) as desk:
        waiting, query = [], desk.context.query

        def slow(name, request=None, done=None, failed=None):
            if name != "queue.caller":
                return query(name, request, done, failed)
            return query(name, request, lambda view: waiting.append(lambda: done(view)), failed)

        desk.context.query = slow
        desk.window.load()
        desk.until(lambda: len(waiting) == 1)
        desk.press("F2")
        desk.until(lambda: desk.state_of("A001") == "called")
        qtbot.wait(150)
        assert len(waiting) == 1
        waiting.pop()()
        assert desk.window.acts.busy
        assert desk.ticket is None
        desk.until(lambda: len(waiting) == 1)
        waiting.pop()()
        assert not desk.window.acts.busy
        assert desk.ticket.number == "A001"
        del desk.context.query


def _full(suite):
    for number in range(60):
        suite.run(
            MANAGER,
            "queue.issue",
            {"line": "A", "business": f"业务{number}", "priority": "elderly" if number % 7 == 0 else "none"},
        )


def test_fifty_rows_are_repainted_within_a_frame(qtbot, suite, clock):
    _full(suite)
    suite.run(PERSON, "queue.open_desk", {"desk": "A01"})
    with at_desk(qtbot, suite, opened=False) as desk:
        window = desk.window
        assert len(window.face.lists["waiting"].rows()) == 50
        times = []
        for _round in range(60):
            clock.move(minutes=1)
            begun = time.thread_time()  # of this thread alone: other work on the machine is not its cost
            window.show_view(window.view)
            window.repaint()
            times.append((time.thread_time() - begun) * 1000)
        assert sorted(times)[int(len(times) * 0.95)] <= 16, sorted(times)[-5:]


@pytest.mark.slow
def test_ten_thousand_reloads_leave_nothing_behind(qtbot, suite, clock):
    _full(suite)
    suite.run(PERSON, "queue.open_desk", {"desk": "A01"})
    with at_desk(qtbot, suite, opened=False) as desk:
        window = desk.window
        full = window.view
        called = suite.run(PERSON, "queue.call_next", {"desk": "A01"})
        other = suite.query(PERSON, "queue.caller", {"desk": "A01"})
        assert other.current.id == called.id

        def objects():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            return sum(1 + len(top.findChildren(QObject)) for top in QApplication.topLevelWidgets()) + len(
                desk.context.findChildren(QObject)
            )

        desk.settle()
        window._seen = (called.id, None)
        for view in (other, full, other, full):
            window.show_view(view)
        before = objects()
        for number in range(10_000):
            window.show_view(other if number % 2 else full)
        window.show_view(full)
        assert objects() == before
