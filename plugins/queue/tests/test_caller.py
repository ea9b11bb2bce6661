"""The caller window, driven as a clerk does: every act of a day at a desk."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt

from yichuang.api import UserError, select
from yichuang_queue import tables as t
from yichuang_queue.ui.caller import asks as caller_asks
from yichuang_queue.ui.caller.rows import wall_time

from .conftest import MANAGER, citizen, clerk
from .desk_driver import PERSON, at_desk


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


def test_nothing_can_be_done_before_the_desk_is_known(qtbot, suite):
    """A press on a button that was never gated once ran into an empty view and was lost."""
    suite.run(PERSON, "queue.open_desk", {"desk": "A01"})
    suite.run(MANAGER, "queue.issue", {"line": "A"})
    with at_desk(qtbot, suite) as desk:
        desk.window.view = None
        desk.window.tick()
        face = desk.window.face
        for button in (face.main, face.next, face.recall, face.hold, face.transfer, face.passing):
            assert not button.isEnabled()
        desk.press("F2")
        assert not desk.window.acts.busy
        desk.window.load()
        desk.until(face.next.isEnabled)


def test_a_clerk_calls_serves_and_finishes(qtbot, suite):
    with at_desk(qtbot, suite, tickets=1) as desk:
        face = desk.window.face
        assert face.block.number.text() == "—"
        desk.do("F2")
        assert face.block.number.text() == "A001"
        assert face.main.text() == "开始办理"
        assert not face.next.isEnabled()
        desk.do("F8")
        assert face.main.text() == "办结并评价"
        desk.do("F8")
        assert face.block.number.text() == "—"
        assert desk.state_of("A001") == "done"
        assert suite.query(PERSON, "queue.open_rating", {"desk": "A01"}).number == "A001"


def test_signing_in_ticks_the_own_lines_and_serves_what_is_ticked(qtbot, suite):
    with suite.database.write() as writer:
        writer.insert(t.skill, staff_id=1, lines=["B"])
    with at_desk(qtbot, suite, opened=False) as desk:
        assert desk.window.face.main.text() == "开始接件"
        desk.press("F8")
        boxes = desk.question().form.field("lines").editor.boxes
        assert {code: box.isChecked() for code, box in boxes.items()} == {"A": False, "B": True}
        desk.answer(lines=("A", "B"))
        assert desk.window.view.desk.lines == ["A", "B"]
        assert desk.window.face.mode.current() == "open"


def test_no_line_ticked_is_said_at_the_field(qtbot, suite):
    with at_desk(qtbot, suite, opened=False) as desk:
        desk.press("F8")
        question = desk.question()
        question.form.field("lines").set_value(())
        qtbot.keyClick(question, Qt.Key.Key_Return)
        assert question.form.errors() == {"lines": "请至少选择一项。"}
        qtbot.keyClick(question, Qt.Key.Key_Escape)
        assert desk.window.asks.question is None
        assert desk.window.face.mode.current() == "closed"


def test_a_refusal_is_said_in_the_question_and_nothing_is_lost(qtbot, suite):
    with at_desk(qtbot, suite, opened=False) as desk:
        desk.press("F8")
        question = desk.question()
        suite.run(clerk(2, "A01"), "queue.open_desk", {"desk": "A01"})
        qtbot.keyClick(question, Qt.Key.Key_Return)
        desk.until(lambda: "Clerk 2" in question._error.text())
        assert desk.window.asks.question is question
        qtbot.keyClick(question, Qt.Key.Key_Escape)


def test_a_double_press_calls_one_ticket(qtbot, suite):
    with at_desk(qtbot, suite, tickets=2) as desk:
        desk.press("F2")
        desk.press("F2")
        desk.press("F2")
        desk.settle()
        assert desk.ticket.number == "A001"
        assert desk.state_of("A002") == "waiting"


def test_a_press_whose_answer_was_lost_is_tried_again_with_the_same_key(qtbot, suite):
    with at_desk(qtbot, suite, tickets=2) as desk:
        keys, run = [], desk.context.run

        def cut(name, request, done=None, failed=None, key=None):
            keys.append(key)
            run(name, request, done=lambda _t: failed(UserError("DATABASE_AWAY", "away")), key=key)

        desk.context.run = cut
        desk.do("F2")
        assert desk.ticket.number == "A001"
        assert "away" in desk.said()
        desk.window.view = None
        desk.window.acts.run("queue.call_next")
        desk.settle()
        assert keys[0] == keys[1]
        assert desk.state_of("A002") == "waiting"
        del desk.context.run


def test_next_while_serving_asks_whether_that_is_finished(qtbot, suite):
    with at_desk(qtbot, suite, tickets=2) as desk:
        desk.do("F2")
        desk.press("F2")
        assert "A001" in desk.said()
        assert desk.window.asks.question is None
        desk.do("F8")
        desk.press("F2")
        desk.answer()
        desk.until(lambda: desk.ticket is not None and desk.ticket.number == "A002")
        assert desk.state_of("A001") == "done"


def test_nobody_waiting_is_a_sentence(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        desk.do("F2")
        assert desk.said() == "没有人等候。"


def test_recall_has_a_gap_and_a_limit_and_says_both(qtbot, suite, clock):
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        desk.until(lambda: bool(desk.window._rules))
        desk.window.tick()
        assert not desk.window.face.recall.isEnabled()
        assert desk.window.face.recall.toolTip() == "5 秒后可重呼。"
        for calls in (2, 3):
            clock.move(seconds=6)
            desk.window.tick()
            assert desk.window.face.recall.isEnabled()
            desk.do("F3")
            assert desk.ticket.calls == calls
        clock.move(seconds=6)
        desk.press("F3")
        assert desk.said() == "已呼叫 3 次，不能再呼叫，请过号。"
        assert not desk.window.acts.busy


def test_hold_needs_a_reason_and_is_called_back_from_its_list(qtbot, suite):
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        desk.press("F4")
        question = desk.question()
        qtbot.keyClick(question, Qt.Key.Key_Return)
        assert question.form.errors() == {"reason": "请填写此项。"}
        question.form.field("reason").editor.buttons[0].click()
        desk.answer()
        assert desk.state_of("A001") == "held"
        face = desk.window.face
        qtbot.keyClick(face.tabs, Qt.Key.Key_Right)
        assert [(row.number, row.right) for row in face.lists["held"].rows()] == [("A001", "取材料")]
        face.lists["held"].select_first()
        qtbot.keyClick(face.lists["held"], Qt.Key.Key_Return)
        desk.settle()
        assert desk.ticket.number == "A001"


def test_a_held_ticket_goes_back_in_line(qtbot, suite):
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        desk.press("F4")
        desk.answer(reason="复印")
        desk.window.face.show_tab("held")
        desk.window.face.second.click()
        desk.settle()
        assert desk.state_of("A001") == "waiting"
        assert desk.window.face.lists["held"].rows() == []


def test_a_pass_can_be_undone_for_ten_seconds(qtbot, suite):
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        desk.do("F11")
        assert desk.ticket is None
        say = desk.window.face.say
        assert "A001" in desk.said()
        assert not say.undo.isHidden()
        say.undo.click()
        desk.settle()
        assert desk.ticket.number == "A001"
        assert desk.said() == ""


def test_the_offer_to_undo_ends(qtbot, suite, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(caller_asks.time, "monotonic", lambda: now[0])
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        desk.do("F11")
        now[0] = 9
        desk.window.tick()
        assert desk.said()
        now[0] = 10.5
        desk.window.tick()
        assert desk.said() == ""
        desk.window.asks.undo_pass()
        assert desk.state_of("A001") == "passed"


def test_a_passed_number_is_restored_where_its_line_says(qtbot, suite):
    lines = [
        {"code": "A", "name": "综合", "prefix": "A", "reentry": "after", "reentry_after": 1},
        {"code": "B", "name": "社保", "prefix": "B"},
    ]
    suite.run(MANAGER, "queue.set_lines", {"lines": lines})
    with at_desk(qtbot, suite, tickets=3) as desk:
        desk.do("F2")
        desk.do("F11")
        face = desk.window.face
        face.show_tab("passed")
        desk.until(lambda: [row.mark for row in face.lists["passed"].rows()] == ["排在 1 人之后"])
        face.lists["passed"].select_first()
        desk.press("F7")
        desk.settle()
        assert "A001" in desk.said(), desk.said()
        assert [ticket.number for ticket in desk.window.view.waiting] == ["A002", "A001", "A003"]


def test_a_chosen_ticket_is_called_with_a_reason(qtbot, suite):
    with at_desk(qtbot, suite, tickets=3) as desk:
        waiting = desk.window.face.lists["waiting"]
        desk.press("F7")
        assert waiting.current() is not None
        qtbot.keyClick(waiting, Qt.Key.Key_Down)
        qtbot.keyClick(waiting, Qt.Key.Key_Return)
        desk.answer(reason="身体不适")
        assert desk.ticket.number == "A002"
        with suite.database.read() as reader:
            details = [row.detail for row in reader.all(select(t.event).where(t.event.c.act == "call"))]
        assert details == [{"chosen": True, "reason": "身体不适"}]


def test_choosing_needs_its_permission(qtbot, suite):
    person = clerk(1, "A01", frozenset({"queue.view", "queue.call"}))
    with at_desk(qtbot, suite, person, tickets=2) as desk:
        assert not desk.window.face.choose.isEnabled()
        desk.press("F7")
        assert desk.said() == "选号呼叫需要单独的权限。"
        desk.window.face.lists["waiting"].chosen.emit(1)
        assert desk.window.asks.question is None
        desk.window.face.show_tab("passed")
        assert not desk.window.face.choose.isEnabled()


def test_a_transfer_to_a_line_a_desk_or_a_person(qtbot, suite):
    other = clerk(2, "A02")
    suite.run(other, "queue.open_desk", {"desk": "A02"})
    with at_desk(qtbot, suite, tickets=3) as desk:
        for target, check in (
            (("line", "B"), lambda t: t.line == "B"),
            (("desk", "A02"), lambda t: t.for_desk == "A02" and t.return_to == "A01"),
            (("staff", 2), lambda t: t.for_staff == 2),
        ):
            desk.do("F2")
            number = desk.ticket.number
            desk.press("F6")
            question = desk.question()
            editor = question.form.field("target").editor
            desk.until(lambda editor=editor: len(editor._choices["staff"]) == 1)
            desk.answer(target=target, come_back=target[0] == "desk", reason="资料不同")
            ticket = suite.query(MANAGER, "queue.ticket", {"number": number})
            assert ticket.state == "waiting"
            assert check(ticket)


def test_a_transfer_to_a_line_that_nobody_serves_is_refused_in_the_question(qtbot, suite):
    suite.run(PERSON, "queue.open_desk", {"desk": "A01", "lines": ("A",)})
    suite.run(MANAGER, "queue.issue", {"line": "A"})
    with at_desk(qtbot, suite, opened=False) as desk:
        desk.do("F2")
        desk.press("F6")
        question = desk.question()
        question.form.field("target").set_value(("line", "B"))
        qtbot.keyClick(question, Qt.Key.Key_Return)
        desk.until(lambda: "社保" in question._error.text())
        qtbot.keyClick(question, Qt.Key.Key_Escape)
        assert desk.ticket.state == "called"


def test_somebody_without_a_ticket_is_served(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        desk.press("Shift+F2")
        desk.answer(line="B", business="社保卡")
        assert (desk.ticket.line, desk.ticket.business, desk.ticket.state) == ("B", "社保卡", "serving")


def test_finishing_with_a_result_and_without_a_rating(qtbot, suite):
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        desk.do("F8")
        desk.press("Shift+F8")
        desk.answer(result="需补正", ask_rating=False)
        assert desk.state_of("A001") == "done"
        assert suite.query(PERSON, "queue.open_rating", {"desk": "A01"}) is None


def test_a_break_has_its_reason_and_ends(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        face = desk.window.face
        qtbot.keyClick(face.mode, Qt.Key.Key_Right)
        desk.answer(reason="就餐")
        assert face.mode.current() == "paused"
        assert face.block.person.text() == "就餐"
        desk.press("F2")
        assert desk.said() == "窗口已暂停，请先接件。"
        desk.do("F8")
        assert face.mode.current() == "open"


def test_a_desk_with_somebody_at_it_is_not_left(qtbot, suite):
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        desk.window.asks.change_mode("closed")
        assert desk.said() == "请先办结、挂起或转移 A001。"
        assert desk.window.face.mode.current() == "open"
        desk.do("F8")
        desk.do("F8")
        desk.window.asks.change_mode("closed")
        desk.settle()
        assert desk.window.view.desk.state == "closed"


def test_help_is_called_at_once_and_shown(qtbot, suite):
    with at_desk(qtbot, suite) as desk:
        desk.do("Ctrl+F12")
        assert [m.desk for m in suite.query(MANAGER, "queue.messages") if m.kind == "emergency"] == ["A01"]
        assert [tag.text for tag in desk.window.face.block.tags.tags] == ["已呼叫协助"]


def test_what_is_special_about_a_ticket_is_tagged(qtbot, suite, clock):
    tree = [
        {"code": "1", "name": "企业登记", "line": "A"},
        {"code": "2", "name": "社保登记", "line": "B"},
    ]
    suite.run(MANAGER, "queue.set_businesses", {"businesses": tree})
    suite.run(MANAGER, "queue.issue", {"business": "1", "priority": "elderly", "further": ("2",)})
    suite.run(clerk(2, "A02"), "queue.open_desk", {"desk": "A02"})
    ticket = suite.run(clerk(2, "A02"), "queue.call_next", {"desk": "A02"})
    with at_desk(qtbot, suite) as desk:
        request = {"desk": "A02", "ticket_id": ticket.id, "to_desk": "A01", "come_back": True}
        suite.run(clerk(2, "A02"), "queue.transfer", request)
        desk.until(lambda: [row.mark for row in desk.window.face.lists["waiting"].rows()] == ["老年人"])
        desk.do("F2")
        block = desk.window.face.block
        assert [tag.text for tag in block.tags.tags] == ["老年人", "上次转移自 A02"]
        assert block.follows.text() == "接着办 社保登记，办完回 A02"


def test_an_appointment_is_marked_in_the_list_and_at_the_desk(qtbot, tree, clock):
    suite = tree
    slot = suite.query(MANAGER, "queue.slots", {"business": "g.1", "day": "2026-03-17"})[1]
    request = {"business": "g.1", "begins_at": slot.begins_at, "person": "王军", "code": citizen()}
    booked = suite.run(MANAGER, "queue.book", request)
    clock.now = slot.begins_at
    suite.run(MANAGER, "queue.check_in", {"appointment": booked.code})
    with at_desk(qtbot, suite) as desk:
        row = desk.window.face.lists["waiting"].rows()[0]
        assert (row.mark, row.right) == ("预约", f"预约 {wall_time(slot.begins_at)}")
        desk.do("F2")
        tags = desk.window.face.block.tags
        desk.until(lambda: "近 90 天首次" in [tag.text for tag in tags.tags])
        assert tags.tags[0].text == f"预约 {wall_time(slot.begins_at)}"
        assert desk.window.face.block.person.text() == "王*"


def test_the_clock_turns_amber_above_the_mean_and_never_red(qtbot, suite, clock):
    with at_desk(qtbot, suite, tickets=1) as desk:
        desk.do("F2")
        desk.do("F8")
        clock.move(seconds=372)
        desk.window.tick()
        face = desk.window.face
        assert face.clock.text() == "06:12"
        assert face.clock.color() == "t1"
        clock.move(minutes=10)
        desk.window.tick()
        assert face.clock.color() == "amb"
        clock.move(hours=5)
        desk.window.tick()
        assert face.clock.color() == "amb"
        assert face.clock.text() == "5:16:12"
