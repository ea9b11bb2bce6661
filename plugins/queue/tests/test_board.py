"""The board, as it hangs in the hall: what operations do appears on it by itself."""

from __future__ import annotations

import gc
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from yichuang.api import UserError, hall
from yichuang.shell.testing import open_page
from yichuang_queue.operations.boards import Call
from yichuang_queue.rules.announcing import Announcing
from yichuang_queue.ui.board.parts import PanelValue, Part
from yichuang_queue.ui.board.scene import BoardScene, Drafts, pages_of

from .conftest import MANAGER, clerk

PUBLIC = clerk(50, permissions=frozenset())


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@pytest.fixture
def hall_(suite):
    """Two desks are open, five people wait."""
    with suite.database.write() as writer:
        writer.insert(hall.zone, code="y", name="便民服务厅")
        writer.insert(hall.desk, code="B09", zone="y", kind="integrated", business="便民")
    for number, desk in ((1, "A01"), (2, "A02"), (3, "B09")):
        suite.run(clerk(number, desk), "queue.open_desk", {"desk": desk, "lines": ["A"]})
    for _ in range(5):
        suite.run(MANAGER, "queue.issue", {"line": "A", "business": "企业设立", "person": "苏日娜"})
    return suite


def call(suite, number, desk):
    return suite.run(clerk(number, desk), "queue.call_next", {"desk": desk})


def shown(board):
    return board.board_scene.panel.value


def rows(board):
    return [row.value for row in board.board_scene.rows if row.value is not None]


def open_board(suite, **args):
    return open_page(suite, PUBLIC, "queue.board", args=args)


def waits_for(qtbot, act):
    qtbot.waitUntil(act, timeout=10_000)


def test_a_call_appears_and_calls_of_one_moment_follow_one_another(qtbot, hall_):
    with open_board(hall_) as (board, _context):
        waits_for(qtbot, lambda: shown(board) == "请留意叫号")
        assert board.board_scene.cells[0].value.waiting == 5
        call(hall_, 1, "A01")
        call(hall_, 2, "A02")
        waits_for(qtbot, lambda: len(rows(board)) == 2)
        assert (shown(board).number, shown(board).desk, shown(board).line) == ("A001", "A01", "企业设立")
        assert [(row.number, row.desk, row.fresh) for row in rows(board)] == [
            ("A002", "A02", True),
            ("A001", "A01", True),
        ]
        waits_for(qtbot, lambda: board.board_scene.cells[0].value.waiting == 3)
        board._memory.since -= 5  # five seconds later
        waits_for(qtbot, lambda: shown(board).number == "A002")
        assert shown(board).blink
        board._memory.since -= 5
        waits_for(qtbot, lambda: not any(row.fresh for row in rows(board)))
        assert shown(board) == PanelValue(
            "A002", "A02", "企业设立", "办证办事厅", (("A002 ᠳ᠋ᠤᠭᠠᠷ", 52), ("A02 ᠳ᠋ᠤᠭᠠᠷ ᠴᠣᠩᠬᠣ", 52))
        )


def test_a_board_never_learns_a_name(hall_):
    call(hall_, 1, "A01")
    answers = [hall_.query(PUBLIC, "queue.board"), hall_.query(PUBLIC, "queue.calls", {"after": 0})]
    assert "苏" not in repr(answers)


def test_a_zone_shows_its_own_calls_only(qtbot, hall_):
    with open_board(hall_, zone="y") as (board, _context):
        waits_for(qtbot, lambda: shown(board) == "请留意叫号")
        call(hall_, 1, "A01")
        call(hall_, 3, "B09")
        waits_for(qtbot, lambda: isinstance(shown(board), PanelValue))
        assert [row.desk for row in rows(board)] == ["B09"]
        assert board.board_scene.head.value[1] == "便民服务厅"
    with open_board(hall_, zone="nowhere") as (board, _context):
        waits_for(qtbot, lambda: board.board_scene.head.value is not None)
        assert board.board_scene.head.value[1] == "没有分区 nowhere"


def test_a_desks_board_says_whom_it_calls_and_whether_it_is_open(qtbot, hall_):
    ticket = call(hall_, 1, "A01")
    clerk_ = clerk(1, "A01")
    with open_board(hall_, desk="A01") as (board, _context):
        panel = board.board_scene.desk_panel
        waits_for(qtbot, lambda: panel.value is not None and panel.value.number == "A001")
        assert (panel.value.state, panel.value.coming) == ("open", True)
        hall_.run(clerk_, "queue.arrive", {"desk": "A01", "ticket_id": ticket.id})
        waits_for(qtbot, lambda: not panel.value.coming)
        hall_.run(clerk_, "queue.finish", {"desk": "A01", "ticket_id": ticket.id})
        hall_.run(clerk_, "queue.set_desk", {"desk": "A01", "state": "paused", "reason": "系统故障"})
        waits_for(qtbot, lambda: panel.value.state == "paused")
        assert panel.value.reason == "系统故障"


def test_notices_and_passed_numbers_take_turns(qtbot, hall_):
    hall_.run(MANAGER, "queue.say", {"kind": "notice", "text": "下午停办税务"})
    ticket = call(hall_, 1, "A01")
    hall_.run(clerk(1, "A01"), "queue.pass", {"desk": "A01", "ticket_id": ticket.id})
    with open_board(hall_) as (board, _context):
        waits_for(qtbot, lambda: board._board is not None)
        seen = set()
        for second in (0, 8, 16):
            board.board_scene.show_ticker(board._board, second)
            seen.add(board.board_scene.ticker.value)
        assert seen == {"下午停办税务", "过号：A001，请到咨询台办理复号。"}


def test_a_long_notice_is_cut_into_pages():
    notice = "今天下午税务窗口停办，" * 12
    pages = pages_of(notice)
    assert "".join(pages) == notice
    assert all(len(page) <= 58 for page in pages)


def test_a_board_says_that_it_is_old_and_recovers(qtbot, hall_, monkeypatch):
    with open_board(hall_) as (board, _context):
        waits_for(qtbot, lambda: board._board is not None)
        answer = hall_.query

        def away(actor, name, request=None):
            raise UserError("DATABASE_AWAY", "gone")

        monkeypatch.setattr(hall_, "query", away)
        board._heard -= 5
        waits_for(qtbot, lambda: board.board_scene.stale.value is not None)
        call(hall_, 1, "A01")
        monkeypatch.setattr(hall_, "query", answer)
        waits_for(qtbot, lambda: board.board_scene.stale.value is None)
        waits_for(qtbot, lambda: isinstance(shown(board), PanelValue) and shown(board).number == "A001")


def test_the_scene_fills_any_screen(qtbot, hall_):
    with open_board(hall_) as (board, _context):
        for width, height in ((1920, 1080), (1280, 720), (1080, 1920), (3840, 1200)):
            board.resize(width, height)
            area = board.mapFromScene(board.sceneRect()).boundingRect()
            assert area.width() <= width + 2
            assert area.height() <= height + 2
            assert area.width() >= width - 2 or area.height() >= height - 2


def test_only_what_has_changed_is_painted(qtbot, hall_, monkeypatch):
    with open_board(hall_) as (board, _context):
        board.resize(1920, 1080)
        waits_for(qtbot, lambda: shown(board) == "请留意叫号")
        qtbot.wait(700)
        painted: list[Part] = []
        paint = Part.paint

        def noted(part, *rest):
            painted.append(part)
            paint(part, *rest)

        monkeypatch.setattr(Part, "paint", noted)
        qtbot.wait(700)
        assert painted == [], "a board at rest paints nothing"
        call(hall_, 1, "A01")
        scene = board.board_scene
        waits_for(qtbot, lambda: {scene.panel, scene.rows[0], scene.cells[0]} <= set(painted))
        at_rest = {
            "strip": scene.strip,
            "head": scene.head,
            "ticker": scene.ticker,
            "row 3": scene.rows[2],
            "cell 3": scene.cells[2],
        }
        assert [name for name, part in at_rest.items() if part in painted] == []


def test_no_memory_grows_over_many_events(hall_):
    """5,000 calls here; benchmarks/queue_board.py does 100,000."""
    board = hall_.query(PUBLIC, "queue.board")
    memory, scene, start = Announcing(), BoardScene("", Drafts()), datetime(2026, 3, 17, 1, tzinfo=UTC)
    sizes = []
    tracemalloc.start()
    try:
        for step in range(5000):
            at = start + timedelta(seconds=step)
            one = Call(step + 1, f"A{step % 1000:03}", "A01", "A", "z", at, False, "企业设立", True)
            if step % 10 == 0:
                memory.hear_snapshot(
                    type(board)(**{**vars(board), "last_event": step, "now": at, "calls": []}), step
                )
            memory.hear_calls([one], step)
            memory.tick(step)
            scene.show_calls(memory, board, step)
            if step in (1000, 4999):
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert sizes[1] - sizes[0] < 100_000
