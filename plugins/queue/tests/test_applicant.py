"""The applicant's screen, driven as an applicant does: by touch and by keys, once for each service."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QAbstractButton, QLineEdit

from yichuang.api import select
from yichuang.api.ui import theme
from yichuang.shell.testing import open_page
from yichuang_queue import tables as t
from yichuang_queue.ui.applicant import parts
from yichuang_queue.ui.applicant import window as module

from .conftest import MANAGER, clerk
from .desk_driver import at_desk

PERSON = clerk(1, "A01")
WAIT_MS = 10_000


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@contextmanager
def screen_of(qtbot, suite, args=None, person=PERSON):
    with open_page(suite, person, "queue.applicant", args=args) as (window, context):
        window.resize(1280, 800)
        qtbot.waitUntil(lambda: not window._asking, timeout=WAIT_MS)
        yield window, context


def serve(suite, business="企业设立登记", desk="A01"):
    """One whole service at the desk; returns the number."""
    if suite.query(PERSON, "queue.caller", {"desk": desk}).desk is None:
        suite.run(PERSON, "queue.open_desk", {"desk": desk})
    suite.run(MANAGER, "queue.issue", {"line": "A", "business": business})
    ticket = suite.run(PERSON, "queue.call_next", {"desk": desk})
    suite.run(PERSON, "queue.finish", {"desk": desk, "ticket_id": ticket.id})
    return ticket.number


def ratings(suite):
    with suite.database.read() as reader:
        return reader.all(select(t.rating).order_by(t.rating.c.id))


def asked(qtbot, window):
    qtbot.waitUntil(lambda: window.page is window.ask, timeout=WAIT_MS)


def test_nothing_is_preselected_and_nothing_can_be_sent(qtbot, suite):
    with screen_of(qtbot, suite) as (window, _context):
        assert window.page is window.rest
        serve(suite)
        asked(qtbot, window)
        assert window.ask.grade() is None
        assert [card.text() for card in window.ask.cards.values()] == [
            "非常满意", "满意", "基本满意", "不满意", "非常不满意",
        ]  # fmt: skip
        assert not any(card.isChecked() for card in window.ask.cards.values())
        assert not window.ask.send.isEnabled()
        qtbot.keyClick(window, Qt.Key.Key_Return)
        assert window.page is window.ask
        assert "企业设立登记" in window.ask.about.text()
    assert ratings(suite)[0].grade is None


def test_a_touch_rates_the_service_that_was_finished(qtbot, suite):
    serve(suite, "以前的业务")
    with screen_of(qtbot, suite) as (window, _context):
        number = serve(suite)
        qtbot.waitUntil(lambda: "企业设立登记" in window.ask.about.text(), timeout=WAIT_MS)
        qtbot.mouseClick(window.ask.cards[4], Qt.MouseButton.LeftButton)
        qtbot.mouseClick(window.ask.chips[2], Qt.MouseButton.LeftButton)
        qtbot.mouseClick(window.ask.send, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: window.page is window.thanks, timeout=WAIT_MS)
        before, rated = ratings(suite)
        assert before.grade is None
        assert (rated.number, rated.grade, rated.answers) == (number, 4, {"speed": 4})


@pytest.mark.parametrize(("key", "grade"), [("1", 5), ("3", 3), ("5", 1)])
def test_keys_1_to_5_and_enter_rate(qtbot, suite, key, grade):
    with screen_of(qtbot, suite) as (window, _context):
        serve(suite)
        asked(qtbot, window)
        qtbot.keyClick(window, key)
        qtbot.keyClick(window, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.page is window.thanks, timeout=WAIT_MS)
    assert ratings(suite)[0].grade == grade


def test_a_bad_level_asks_what_was_bad(qtbot, suite):
    with screen_of(qtbot, suite) as (window, _context):
        serve(suite)
        asked(qtbot, window)
        assert not any(chip.isVisible() for chip in window.ask.chips)
        window.ask.cards[5].click()
        window.ask.chips[0].click()
        assert window.ask.aspects_title.text() == "满意的方面，可多选"
        window.ask.cards[2].click()
        assert window.ask.aspects_title.text() == "不满意的方面，可多选"
        assert window.ask.chips[0].text() == "未一次性告知"
        assert window.ask.aspects() == []
        window.ask.chips[1].click()
        window.ask.line.setText("跑了三趟")
        window.ask.send.click()
        qtbot.waitUntil(lambda: window.page is window.thanks, timeout=WAIT_MS)
        assert "核实整改" in window.thanks.text
    row = ratings(suite)[0]
    assert (row.grade, row.answers, row.comment) == (2, {"materials": 2}, "跑了三趟")


def test_the_levels_do_not_move_under_the_finger(qtbot, suite):
    with screen_of(qtbot, suite) as (window, _context):
        serve(suite)
        asked(qtbot, window)
        qtbot.wait(20)
        before = [card.geometry() for card in window.ask.cards.values()]
        window.ask.cards[2].click()
        qtbot.wait(20)
        assert [card.geometry() for card in window.ask.cards.values()] == before


def test_a_service_is_rated_once(qtbot, suite):
    with screen_of(qtbot, suite) as (window, _context):
        serve(suite)
        asked(qtbot, window)
        window.ask.cards[5].click()
        window._submit()
        window._submit()
        qtbot.waitUntil(lambda: window.page is window.thanks, timeout=WAIT_MS)
        window.load()
        qtbot.waitUntil(lambda: not window._asking, timeout=WAIT_MS)
        assert window.page is window.thanks
    assert [row.grade for row in ratings(suite)] == [5]


def test_a_rating_given_elsewhere_is_refused_with_a_sentence(qtbot, suite):
    with screen_of(qtbot, suite) as (window, context):
        serve(suite)
        asked(qtbot, window)
        window.ask.cards[5].click()
        context.query = lambda *_question, **_more: (
            None
        )  # its own question after the change is still on its way
        suite.run(MANAGER, "queue.rate", {"token": ratings(suite)[0].token, "grade": 3})
        window.ask.send.click()
        qtbot.waitUntil(lambda: window.ask.note.text() == "本次服务已评价。", timeout=WAIT_MS)
    assert ratings(suite)[0].grade == 3


def test_no_answer_stays_unrated_and_the_screen_rests(qtbot, suite):
    with screen_of(qtbot, suite) as (window, _context):
        serve(suite)
        asked(qtbot, window)
        window.ask.cards[5].click()
        for _second in range(module.ANSWER_SECONDS - 1):
            window.tick()
        assert window.page is window.ask
        window.tick()
        assert window.page is window.rest
        window.load()
        qtbot.waitUntil(lambda: not window._asking, timeout=WAIT_MS)
        assert window.page is window.rest
    assert ratings(suite)[0].grade is None


def test_a_touch_begins_the_time_anew(qtbot, suite):
    with screen_of(qtbot, suite) as (window, _context):
        serve(suite)
        asked(qtbot, window)
        for _second in range(20):
            window.tick()
        assert window.ask.note.text().startswith("10 秒后自动返回")
        window.ask.cards[4].click()
        assert window.ask.note.text().startswith("30 秒后自动返回")


def test_esc_or_not_now_leaves_it_unrated(qtbot, suite):
    with screen_of(qtbot, suite) as (window, _context):
        for leave in (lambda: qtbot.keyClick(window, Qt.Key.Key_Escape), lambda: window.ask.skip.click()):
            serve(suite)
            asked(qtbot, window)
            leave()
            assert window.page is window.rest
    assert [row.grade for row in ratings(suite)] == [None, None]


def test_the_next_call_ends_the_question(qtbot, suite):
    with screen_of(qtbot, suite) as (window, _context):
        serve(suite)
        asked(qtbot, window)
        window.ask.cards[5].click()
        suite.run(MANAGER, "queue.issue", {"line": "A"})
        suite.run(PERSON, "queue.call_next", {"desk": "A01"})
        qtbot.waitUntil(lambda: window.rest.number == "A002", timeout=WAIT_MS)
        assert window.page is window.rest
        assert window.rest.text == "请到本窗口办理"
        assert window.ask.grade() is None


def test_an_old_service_is_not_asked_about_at_the_start(qtbot, suite, clock):
    serve(suite)
    clock.move(minutes=2)
    with screen_of(qtbot, suite) as (window, _context):
        assert window.page is window.rest


def test_the_screen_of_another_desk_is_named_on_the_command_line(qtbot, suite):
    with screen_of(qtbot, suite, {"desk": "A02"}, clerk(5)) as (window, _context):
        qtbot.waitUntil(lambda: window.head.accessibleName() == "A02 综合窗口", timeout=WAIT_MS)


def test_large_type_large_targets_and_the_colours_of_no_theme(qtbot, suite):
    with screen_of(qtbot, suite) as (window, _context):
        serve(suite)
        asked(qtbot, window)
        window.ask.cards[1].click()
        for size in ((1280, 800), (1024, 600)):
            window.resize(*size)
            qtbot.wait(20)
            for target in [*window.findChildren(QAbstractButton), *window.ask.findChildren(QLineEdit)]:
                if target.isVisible():
                    assert min(target.width(), target.height()) >= parts.TARGET, target
                    assert window.rect().contains(target.mapTo(window, target.rect().bottomRight()))
        assert QFont(window.ask.line.font()).pixelSize() >= 18
        assert min(text._px for text in window.findChildren(parts.PublicText)) >= 18
        light = window.grab().toImage()
        theme.apply(_application(), "dark")
        try:
            assert window.grab().toImage() == light
        finally:
            theme.apply(_application(), "light")


def _application():
    from PyQt6.QtWidgets import QApplication

    return QApplication.instance()


def test_the_caller_opens_it_and_does_not_learn_the_grade(qtbot, suite):
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.window.show_applicant()
        window = desk.window.applicant
        desk.do("F2")
        qtbot.waitUntil(lambda: window.rest.number == "A001", timeout=WAIT_MS)
        desk.do("F8")
        desk.do("F8")
        asked(qtbot, window)
        before = desk.window.grab().toImage()
        window.ask.cards[1].click()
        window.ask.send.click()
        qtbot.waitUntil(lambda: window.page is window.thanks, timeout=WAIT_MS)
        qtbot.wait(150)
        assert desk.window.grab().toImage() == before
        assert "1" not in repr(suite.query(PERSON, "queue.open_rating", {"desk": "A01"}))
        desk.window.close()
        assert not window.isVisible()
