"""The kiosk, used as people use it: fingers, cards, codes, paper."""

from __future__ import annotations

from datetime import date, datetime
from unittest import mock

import pytest
import zxingcpp
from PIL import Image
from PyQt6.QtCore import QCoreApplication, QEvent, Qt
from PyQt6.QtTest import QTest

from yichuang.api import HALL_ZONE
from yichuang.hall.identifiers import uscc_check
from yichuang_queue.rules.tickets import Priority
from yichuang_queue.ui.kiosk.look import TARGET
from yichuang_queue.ui.kiosk.touch import Touch

from .conftest import MANAGER, clerk
from .kiosk_kit import WAIT, card, filled, kiosk, number_of, page, press, tap, wait_for, wait_for_paper

OLD, YOUNG = date(1955, 3, 7), date(1990, 3, 7)


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


def waiting(suite):
    return {line.code: line.waiting for line in suite.query(MANAGER, "queue.line_states")}


def ticket(suite, number):
    return suite.query(MANAGER, "queue.ticket", {"number": number})


def test_a_finger_goes_through_the_tree_and_the_paper_tells_the_number(qtbot, tree, tmp_path):
    tree.run(clerk(1), "queue.open_desk", {"desk": "A01"})
    folder = tmp_path / "paper"
    with kiosk(qtbot, tree, devices=["ticket_printer"], ticket_printer={"folder": str(folder)}) as (
        window,
        _context,
    ):
        assert page(window) == "StartPage"
        tap(window, "g")
        assert (page(window), window.page.title) == ("GroupPage", "社会保障")
        tap(window, "g.1")
        assert page(window) == "ConfirmPage"
        assert "余 3 号" in window.page.waiting.text()
        press(window.page.take)
        wait_for_paper(qtbot, window)
        number = window.page.number.text()
        assert window.page.paper.text() == "请取走号票"
        shown = window.page.code.content
    given = ticket(tree, number)
    assert (given.business, given.line, given.state) == ("养老保险", "A", "waiting")
    with Image.open(folder / "ticket-0001.png") as paper:
        assert paper.size[0] == 576
        codes = [each.text for each in zxingcpp.read_barcodes(paper.convert("L"))]
    assert codes == [shown]
    token = shown.removeprefix("yichuang:t/")
    assert tree.query(MANAGER, "queue.my_ticket", {"token": token}).number == number


def test_back_and_start_lead_back(qtbot, tree):
    with kiosk(qtbot, tree) as (window, _context):
        tap(window, "g")
        tap(window, "g.2")
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert (page(window), window.page.code) == ("GroupPage", "g")
        window.back()
        assert page(window) == "StartPage"
        assert window.node is None


def test_a_second_press_gives_no_second_number(qtbot, tree):
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        window.choose("h")
        button = window.page.take
        press(button)
        window.take()
        window.take()
        wait_for_paper(qtbot, window)
        assert waiting(tree) == {"A": 0, "B": 1}


def test_a_full_business_says_why_and_cannot_be_pressed(qtbot, tree):
    tree.run(MANAGER, "queue.take", {"business": "g.2"})
    with kiosk(qtbot, tree) as (window, _context):
        tap(window, "g")
        tile = window.page.grid.tiles["g.2"]
        assert not tile.isEnabled()
        assert tile.face.off == "本半天号已取完"
        press(tile)
        assert page(window) == "GroupPage"
        assert window.page.grid.tiles["g.1"].face.note == "余 3 号"
        for _ in range(3):
            tree.run(MANAGER, "queue.take", {"business": "g.1"})
        qtbot.waitUntil(lambda: window.page.grid.tiles["g.1"].face.off == "今日号已取完", timeout=WAIT)
        window.go_home()
        assert window.page.grid.tiles["g"].face.off, "a group with nothing left cannot be opened"


def test_the_last_number_taken_meanwhile_is_told_on_a_page(qtbot, tree):
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        window.choose("g.2")
        window.context.changes.disconnect()  # the kiosk has not heard of it yet
        tree.run(MANAGER, "queue.take", {"business": "g.2"})
        press(window.page.take)
        wait_for(qtbot, window, "ProblemPage")
        assert "已取完" in window.page.sentence.text() or "领完" in window.page.sentence.text()
        window.go_home()


def test_waits_are_shown_as_intervals(qtbot, tree):
    with kiosk(qtbot, tree) as (window, _context):
        assert window.page.grid.tiles["h"].face.under == "暂无窗口办理"
        tree.run(clerk(1), "queue.open_desk", {"desk": "A01", "lines": ["A"]})
        tree.run(MANAGER, "queue.issue", {"line": "A"})
        qtbot.waitUntil(lambda: window.page.grid.tiles["g"].face.value == "1 人", timeout=WAIT)
        assert "分钟" in window.page.grid.tiles["g"].face.under


def test_a_card_finds_the_appointment_and_the_priority(qtbot, tree, clock):
    begins = datetime(2026, 3, 17, 9, 30, tzinfo=HALL_ZONE)
    booked = {"business": "g.1", "begins_at": begins, "person": "王秀兰", "code": number_of(OLD)}
    tree.run(MANAGER, "queue.book", booked)
    with kiosk(qtbot, tree, devices=["id_card_reader", "ticket_printer"]) as (window, context):
        window._second()
        assert window.page.card.face.value == "读卡器就绪"
        context.ask_device("id_card_reader", "present", card=card("王秀兰", OLD))
        wait_for(qtbot, window, "PersonPage")
        assert window.priority is Priority.ELDERLY
        assert "王**" in window.person_shown
        assert number_of(OLD) not in window.person_shown, "the screen can be read by others"
        press(window.page.appointments[0])
        wait_for_paper(qtbot, window)
        given = ticket(tree, window.page.number.text())
        assert given.due_at == begins
        assert "预约时间 09:30" in window.page.spoken()


def test_a_card_gives_its_priority_to_an_ordinary_ticket(qtbot, tree):
    with kiosk(qtbot, tree, devices=["id_card_reader", "ticket_printer"]) as (window, context):
        context.ask_device("id_card_reader", "present", card=card("巴特尔", OLD, 2))
        wait_for(qtbot, window, "PersonPage")
        assert window.page.appointments == []
        tap(window, "h")
        press(window.page.take)
        wait_for_paper(qtbot, window)
        given = ticket(tree, window.page.number.text())
        assert (given.priority, given.person) == ("elderly", "巴*尔")
        window.go_home()
        assert window.priority is Priority.NONE, "the next person does not inherit it"
        context.ask_device("id_card_reader", "lift")
        context.ask_device("id_card_reader", "present", card=card("苏日娜", YOUNG))
        wait_for(qtbot, window, "PersonPage")
        assert window.priority is Priority.NONE


def test_priority_is_chosen_by_hand_and_its_rule_stands_beside(qtbot, tree):
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        qtbot.waitUntil(lambda: "提前 15 分钟" in window.page.priority.rule.text(), timeout=WAIT)
        press(window.page.priority.chips[Priority.SOLDIER])
        window.choose("h")
        assert window.page.priority.chips[Priority.SOLDIER].isChecked()
        press(window.page.take)
        wait_for_paper(qtbot, window)
        assert ticket(tree, window.page.number.text()).priority == "soldier"


def test_several_businesses_go_on_one_ticket(qtbot, tree):
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        window.choose("g.1")
        press(window.page.more)
        assert page(window) == "MorePage"
        tap(window, "g")
        assert "g.1" not in window.page.grid.tiles, "what was chosen cannot be chosen again"
        tap(window, "g.2")
        assert page(window) == "ConfirmPage"
        press(window.page.more)
        tap(window, "h")
        assert "失业保险、税务" in window.page.further.text()
        press(window.page.take)
        wait_for_paper(qtbot, window)
        given = ticket(tree, window.page.number.text())
        assert given.further == [["A", "失业保险"], ["B", "税务"]]


def test_the_search_finds_by_initials_on_the_keyboard_of_the_screen(qtbot, tree):
    with kiosk(qtbot, tree) as (window, _context):
        press(window.page.search)
        qtbot.waitUntil(lambda: window.page._index is not None, timeout=WAIT)
        for letter in "YLB":
            press(window.page.keys.keys[letter])
        assert list(window.page.grid.tiles) == ["g.1"]
        press(window.page.keys.keys["clear"])
        QTest.keyClicks(window, "sy")
        assert "g.2" in window.page.grid.tiles
        QTest.keyClicks(window, "qqq")
        assert "没有找到" in window.page.found.text()
        press(window.page.keys.keys["clear"])
        for letter in "SW":
            press(window.page.keys.keys[letter])
        tap(window, "h")
        assert page(window) == "ConfirmPage"


def test_a_credit_code_is_checked_while_it_is_typed(qtbot, tree):
    body = "91150421MA0ABCDE2"
    good = body + uscc_check(body)
    wrong = body + ("0" if good[-1] != "0" else "1")
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        window.choose("h")
        press(window.page.organisation)
        keys = window.page.keys.keys
        assert not {"I", "O", "S", "V", "Z"} & set(keys), "letters that no code has are not on the keyboard"
        for letter in wrong:
            press(keys[letter])
        assert "校验位" in window.page.problem.text()
        assert not window.page.ok.isEnabled()
        press(keys["back"])
        press(keys[good[-1]])
        assert window.page.problem.text() == ""
        press(window.page.ok)
        assert page(window) == "ConfirmPage"
        assert window.code == good
        assert good not in window.page.who.text()
        press(window.page.take)
        wait_for_paper(qtbot, window)
        met = tree.query(MANAGER, "queue.visitor", {"code_kind": "001", "code": good})
        assert [number for number, _business in met.waiting] == [window.page.number.text()]


def test_a_scanner_picks_up_an_appointment(qtbot, tree):
    begins = datetime(2026, 3, 17, 9, 30, tzinfo=HALL_ZONE)
    booked = {"business": "g.1", "begins_at": begins, "person": "王秀兰", "code": number_of(YOUNG)}
    code = tree.run(MANAGER, "queue.book", booked).code
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        press(window.page.scan)
        QTest.keyClicks(window, code)
        QTest.keyClick(window, Qt.Key.Key_Return)
        wait_for_paper(qtbot, window)
        assert ticket(tree, window.page.number.text()).due_at == begins
        window.go_home()
        press(window.page.booked)
        for digit in "12345678":
            press(window.page.keys.keys[digit])
        press(window.page.ok)
        wait_for(qtbot, window, "ProblemPage")
        assert "预约" in window.page.sentence.text()


def test_after_thirty_seconds_without_a_touch_the_start_comes_back(qtbot, tree):
    with kiosk(qtbot, tree) as (window, _context):
        press(window.bar.large)
        tap(window, "g")
        for _ in range(29):
            window._second()
        assert page(window) == "GroupPage"
        assert "秒后返回首页" in window.countdown
        press(window.page.grid.tiles["g.1"])
        for _ in range(29):
            window._second()
        assert page(window) == "ConfirmPage", "a touch begins the time anew"
        window._second()
        assert page(window) == "StartPage"
        assert window.node is None
        assert not window.look.large
        assert window.countdown == ""


@pytest.mark.parametrize(
    ("settings", "trouble", "words"),
    [
        ({"paper": "out"}, "paper", "缺纸"),
        ({"adapter": "file", "path": "/nowhere/lp0"}, "printer", "没有打印出来"),
    ],
)
def test_without_paper_the_number_stays_on_the_screen_and_the_staff_are_told(
    qtbot, tree, settings, trouble, words
):
    with kiosk(qtbot, tree, devices=["ticket_printer"], ticket_printer=settings) as (window, _context):
        window.choose("h")
        press(window.page.take)
        wait_for_paper(qtbot, window)
        assert window.page.trouble == trouble
        assert words in window.page.paper.text()
        assert "请拍照或记下号码" in window.page.paper.text()
        number = window.page.number.text()
        seen = window.page.code.grab().toImage()
        assert ticket(tree, number).state == "waiting", "no ticket is lost"
        qtbot.waitUntil(lambda: bool(tree.query(MANAGER, "queue.messages")), timeout=WAIT)
        assert "取号机 2" in tree.query(MANAGER, "queue.messages")[0].text
    picture = Image.frombytes("L", (seen.width(), seen.height()), _grey(seen))
    assert zxingcpp.read_barcodes(picture)[0].text.startswith("yichuang:t/")


def _grey(image) -> bytes:
    grey = image.convertToFormat(image.Format.Format_Grayscale8)
    rows = grey.constBits().asstring(grey.sizeInBytes())
    stride = grey.bytesPerLine()
    return b"".join(rows[y * stride : y * stride + grey.width()] for y in range(grey.height()))


def test_a_kiosk_without_a_printer_still_gives_numbers(qtbot, tree):
    with kiosk(qtbot, tree) as (window, _context):
        window.choose("h")
        press(window.page.take)
        wait_for_paper(qtbot, window)
        assert window.page.trouble == "printer"
        assert ticket(tree, window.page.number.text()) is not None


def test_somebody_is_called_to_help(qtbot, tree):
    with kiosk(qtbot, tree) as (window, _context):
        press(window.bar.help)
        qtbot.waitUntil(lambda: bool(tree.query(MANAGER, "queue.messages")), timeout=WAIT)
        assert window.note.text.text() == "已通知工作人员，请稍候"
        assert tree.query(MANAGER, "queue.messages")[0].text == "取号机 2 有群众需要帮助。"
        window._show_note("", "")


def test_pages_are_read_aloud(qtbot, tree, tmp_path):
    folder = tmp_path / "voice"
    spoken = folder / "spoken.txt"
    with kiosk(qtbot, tree, devices=["voice"], voice={"folder": str(folder)}) as (window, _context):
        press(window.bar.read)
        qtbot.waitUntil(lambda: spoken.exists() and "社会保障" in spoken.read_text(), timeout=WAIT)
        tap(window, "g")
        qtbot.waitUntil(lambda: "养老保险" in spoken.read_text(), timeout=WAIT)
        window.go_home()
        assert not window.bar.read.isChecked()


def test_mongolian_stands_beside_the_chinese(qtbot, tree):
    with kiosk(qtbot, tree) as (window, _context):
        plain = window.page.priority.chips[Priority.ELDERLY].grab().toImage()
        press(window.bar.mongolian)
        chip = window.page.priority.chips[Priority.ELDERLY]
        assert "\u1820" <= chip.face.mn[0] <= "\u1842"
        assert chip.grab().toImage() != plain
        assert chip.face.title == "老年人"


def test_the_low_position_puts_everything_to_press_in_the_lower_half(qtbot, tree):
    with kiosk(qtbot, tree, devices=["ticket_printer"]) as (window, _context):
        press(window.bar.low)
        window.node = window.desk.tree.nodes["h"]
        for name, argument in (
            ("start", ""), ("group", "g"), ("search", ""), ("code", "uscc"), ("code", "card"), ("person", ""), ("confirm", ""),
        ):  # fmt: skip
            window._open(name, argument)
            QTest.qWait(50)
            shown = [b for b in window.findChildren(Touch) if b.isVisible()]
            assert len(shown) > 7
            for button in shown:
                assert button.mapTo(window, button.rect().topLeft()).y() >= 960, (name, button.face.title)


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080), (1366, 768)])
@pytest.mark.parametrize("mode", ["", "large", "low", "mongolian"])
def test_nothing_to_press_is_smaller_than_96_pixels_or_lies_outside(qtbot, tree, size, mode):
    with kiosk(qtbot, tree, size=size) as (window, _context):
        for name, argument in (
            ("start", ""), ("group", "g"), ("search", ""), ("code", "uscc"), ("code", "appointment"), ("person", ""),
            ("confirm", ""), ("more", ""),
        ):  # fmt: skip
            window.go_home()
            if mode:
                window.set_look(**{mode: True})
            window.node = window.desk.tree.nodes["h"]
            window._open(name, argument)
            QTest.qWait(30)
            for button in (b for b in window.findChildren(Touch) if b.isVisible()):
                place = button.rect().translated(button.mapTo(window, button.rect().topLeft()))
                where = (name, argument, button.face.title, place)
                assert min(button.width(), button.height()) >= TARGET, where
                assert window.rect().contains(place), where


def test_a_search_that_was_left_before_it_was_ready_is_forgotten(qtbot, tree):
    with kiosk(qtbot, tree) as (window, context):
        with mock.patch.object(context, "work") as work:
            window.open_search()
        left = window.page
        window.go_home()
        QCoreApplication.sendPostedEvents(left, QEvent.Type.DeferredDelete)
        work.call_args.kwargs["done"](left._make_index())
        assert window.page is not left


def test_a_hall_without_a_tree_offers_its_lines(qtbot, suite):
    with kiosk(qtbot, suite, devices=["ticket_printer"]) as (window, _context):
        assert [tile.face.title for tile in window.page.grid.tiles.values()] == ["综合", "社保"]
        tap(window, "@A")
        assert not window.page.more.isEnabled()
        press(window.page.take)
        wait_for_paper(qtbot, window)
        assert ticket(suite, window.page.number.text()).line == "A"


def test_numbers_are_taken_in_hand_as_long_as_the_series_has_enough(qtbot, tree):
    with kiosk(qtbot, tree) as (window, _context):
        filled(qtbot, window, ("A",))  # line B has three numbers in all: none is set aside
        assert tree.run(MANAGER, "queue.issue", {"line": "A"}).number == "A021"
        assert tree.run(MANAGER, "queue.issue", {"line": "B"}).number == "B001"
