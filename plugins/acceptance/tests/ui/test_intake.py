"""Taking an application in, worked as a clerk works: search, type, hand in by key, accept, tell, refuse, park."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QPushButton

from yichuang.api import Read, Request, Work, operation, query
from yichuang.api.ui import PdfViewer

from ..conftest import APPROVER, BARE, CLERK, COMMITTED, INSTANT, citizen  # noqa: TID252 - tests are no installed package
from .conftest import open_desk

INTAKE = "acceptance.intake"


def chosen(desk: Any, wait: Any, code: str = COMMITTED) -> Any:
    desk.page.new.finder.choose(code)
    wait(lambda: desk.page.new._item is not None)
    return desk.page.new


def name(new: Any, code: str | None = None) -> None:
    """Type the applicant, key by key."""
    form = new.side.applicant.form
    for field, text in (("name", "苏日娜"), ("code", code or citizen()), ("phone", "13804760000")):
        editor = form.field(field).editor
        editor.setFocus()
        editor.selectAll()
        if field == "name":
            editor.insert(text)  # Chinese comes from an input method, not from keys
            editor.textEdited.emit(text)
        else:
            QTest.keyClicks(editor, text)
    form.field("code").left.emit()


def cases(hall: Any, tab: str = "all") -> list[Any]:
    return hall.query(APPROVER, "acceptance.cases", {"tab": tab})


def kept(hall: Any) -> dict[str, Any]:
    """What the newest draft of the clerk holds, empty while there is none."""
    rows = hall.query(CLERK, "acceptance.drafts")
    return hall.query(CLERK, "acceptance.draft", {"draft_id": rows[0].id}) if rows else {}


def test_an_application_is_taken_in_by_pinyin_and_keys_alone(qtbot, hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = desk.page.new
        wait(lambda: new.finder._index is not None)
        assert new.side.accept.toolTip() == "请先选择事项。", "a disabled button says why"
        search = new.finder.list.search
        QTest.keyClicks(search, "spjyxk")
        QTest.keyClick(search, Qt.Key.Key_Return)
        wait(lambda: new._item is not None)
        assert new.form.title.text() == "食品经营许可"
        name(new)
        view = new.form.materials.table.view
        new.form.go_to_materials()
        QTest.keyClick(view, Qt.Key.Key_Space)
        QTest.keyClick(view, Qt.Key.Key_J)
        QTest.keyClicks(view, "2")
        QTest.keyClick(view, Qt.Key.Key_J)
        QTest.keyClicks(view, "t")
        assert new.form.materials.summary.text() == "必要 2 / 2，容缺 1"
        assert not new.side._promised.isHidden(), "the applicant must sign a promise"
        wait(lambda: new.form.materials.table.rows()[2]["state"][1] == "3月24日前补")
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        case = cases(hall, "review")[0]
        assert new.side.entered.number.text().replace(" ", "") == case.case_no
        wait(lambda: new.side.entered.print.isEnabled())
        assert [p.kind for p in new.side.entered.papers.papers] == ["D3", "D5"]
        detail = hall.query(APPROVER, "acceptance.case", {"case_id": case.id})
        assert [(m.given, m.originals, m.copies) for m in detail.materials] == [
            ("paper", 1, 0), ("paper", 1, 2), ("tolerated", 0, 0),
        ]  # fmt: skip
        assert hall.query(CLERK, "acceptance.drafts") == []
        new.side.entered.next.click()
        assert new.side.is_working()
        assert new.side.applicant.is_empty()


def test_hits_are_marked_and_filtered_and_the_last_items_come_first(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        finder = desk.page.new.finder
        wait(lambda: finder._index is not None)
        finder._search("食品")
        assert [(item.title, item.marked) for item in finder.list.items()] == [("食品经营许可", ((0, 2),))]
        finder.filter.set_current("instant")
        finder._search("食品")
        assert finder.list.items() == []
        finder.filter.set_current("all")
        chosen(desk, wait)
        desk.page.new.begin()
        assert [item.title for item in finder.list.items()][:2] == ["最近使用", "食品经营许可"]


def test_a_wrong_check_digit_is_said_at_its_field_and_nothing_is_sent(hall, wait):
    wrong = citizen()[:-1] + ("0" if citizen()[-1] != "0" else "1")
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new, wrong)
        assert "校验位" in new.side.applicant.form.errors()["code"]
        desk.press("Ctrl+Enter")
        assert new.side.notes() == ["请先更正标红的内容。"]
        assert new.form.steps._steps[0][1] == "error"
        assert cases(hall) == []


def test_an_organisation_has_a_credit_code_and_somebody_who_comes_for_it(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        applicant = chosen(desk, wait).side.applicant
        QTest.keyClick(applicant.kind, Qt.Key.Key_Right)
        assert applicant.kind.current() == "001"
        assert applicant.form.field("code").label() == "统一社会信用代码"
        assert applicant.has_agent.isChecked()
        applicant.form.set_values({"name": "罕山农牧科技有限公司", "code": citizen()})
        assert not applicant.is_complete()


def test_what_is_missing_is_told_all_at_once_and_the_first_of_it_is_marked(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new)
        new.form.materials.toggle(1)
        desk.press("Ctrl+Enter")
        assert "缺少营业执照" in new.side.notes()[0]
        assert new.form.materials.current() == 2
        assert cases(hall) == []


def test_the_notice_is_drawn_while_it_is_written(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        assert not new.side.preview.enlarge.isEnabled()
        name(new)
        wait(lambda: new.side.preview._pdf)
        new.side.preview.open_large()
        viewer = desk.dialog().findChild(PdfViewer)
        assert "受 理 通 知 书" in viewer.view.pages.text(0) or "受理通知书" in viewer.view.pages.text(
            0
        ).replace(" ", "")
        desk.dialog().reject()


def test_typing_is_kept_within_three_seconds_and_found_after_a_crash(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new)
        new.form.materials.toggle(2)
        wait(lambda: kept(hall).get("given"))
        wait(lambda: new.form.saved.text().startswith("草稿已存"))
        assert [row.parked for row in hall.query(CLERK, "acceptance.drafts")] == [False]
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = desk.page.new
        wait(lambda: new.start.panel.isVisible())
        assert new.start.panel._title.text() == "恢复 1 份未提交收件"
        row = new.start.table.rows()[0]
        assert row["draft"] == ("食品经营许可", "苏*娜")
        new.start.table.acted.emit("act", row)
        wait(lambda: new._item is not None)
        assert new.side.applicant.values()["code"] == citizen()
        assert list(new.form.hands.given) == [2]
        new.form.materials.toggle(1)
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        assert hall.query(CLERK, "acceptance.drafts") == [], "the draft went with its application"


def test_parking_thrown_away_and_put_back(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = desk.page.new
        desk.press("Ctrl+S")
        assert desk.words == ["还没有可暂存的内容。"]
        chosen(desk, wait)
        name(new)
        desk.press("Ctrl+S")
        wait(lambda: new._item is None)
        drafts = desk.page.drafts
        desk.page.show_tab("drafts")
        wait(lambda: drafts.table.rows())
        drafts.table.acted.emit("drop", drafts.table.rows()[0])
        wait(lambda: not drafts.table.rows())
        desk.toasts[-1][2]()
        wait(lambda: drafts.table.rows())
        drafts.table.activated.emit(drafts.table.rows()[0])
        wait(lambda: new._item is not None)
        assert new.side.applicant.person()["name"] == "苏日娜"
        assert new.isVisible()


def test_the_correction_notice_lists_everything_and_stays_open_until_it_is_given(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new)
        new.side.correct.click()
        dialog = desk.dialog()
        assert dialog.form.values()["defects"] == "缺少申请书\n缺少营业执照"
        dialog.accept()
        wait(lambda: "没有提交任何申请材料" in dialog._error.text())
        dialog.reject()
        assert cases(hall) == [], "who brought nothing gets the one-time notice"
        new.form.materials.toggle(1)
        new.side.correct.click()
        dialog = desk.dialog()
        assert dialog.form.values()["defects"] == "缺少营业执照"
        dialog.form.set_values({"deadline": None})
        dialog.accept()
        assert desk.has_dialog(), "without a day there is no notice"
        dialog.form.set_values({"deadline": new._context.now().date()})
        dialog.accept()
        wait(lambda: not new.side.is_working())
        assert not desk.has_dialog()
        case = cases(hall)[0]
        assert case.state == "correcting"
        wait(lambda: sorted(p.kind for p in new.side.entered.papers.papers) == ["D1", "D2"])


def test_a_refused_act_keeps_what_was_typed_and_enters_the_case_only_once(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new)
        new.form.materials.toggle(1)
        new.side.refuse.click()
        dialog = desk.dialog()
        dialog.form.set_values(
            {"kind": "not_our_remit", "reason": "不属于本机关职权", "law": "《行政许可法》第三十二条"}
        )
        dialog.accept()
        wait(lambda: "有管辖权" in dialog._error.text())
        assert len(cases(hall)) == 1
        dialog.form.set_values({"proper_agency": "林业和草原局"})
        dialog.accept()
        wait(lambda: not new.side.is_working())
        assert [case.state for case in cases(hall)] == ["not_accepted"]


def test_another_applicant_loses_the_licences_of_the_one_before(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new)
        new.form.hands.use_licence(2, "L-1")
        name(new, citizen("15042119850101123"))
        assert 2 not in new.form.hands.given


def test_another_item_is_chosen_for_the_same_person(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new)
        new.form.materials.toggle(1)
        new.finder.choose(INSTANT)
        wait(lambda: new._item.code == INSTANT)
        assert new.side.applicant.person()["name"] == "苏日娜"
        assert list(new.form.hands.given) == [1], "both ask for the same form"


def test_a_page_of_another_plugin_sends_an_item_or_a_case(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        desk.context.shown.emit({"item": INSTANT})
        wait(lambda: desk.page.new._item is not None)
        desk.context.shown.emit({"case_id": 1, "tab": "correcting"})
        assert desk.page.header.current() == "correcting"
        desk.press("Alt+1")
        assert desk.page.header.current() == "new"


class At(Request):
    desk: str


class Done(At):
    ticket_id: int


def test_without_a_queue_no_ticket_is_shown(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        wait(lambda: desk.page.new.finder._index is not None)
        assert not desk.page.ticket.isVisible()


@pytest.fixture
def queue(hall):
    """A queue of one ticket, under the names that the queue plugin uses."""
    module = ModuleType("queue_of_one")

    @dataclass(frozen=True)
    class Ticket:
        id: int
        number: str
        item: str
        person: str
        called_at: datetime
        arrived_at: datetime | None

    waiting = [Ticket(7, "A037", INSTANT, "苏*娜", datetime(2026, 3, 17, 0, 54, tzinfo=UTC), None)]

    @query("queue.current", permission=None)
    def current(read: Read, request: At) -> Any:
        return waiting[0] if waiting and request.desk == "A01" else None

    @operation("queue.finish", permission=None)
    def finish(work: Work, request: Done) -> Any:
        work.subject = f"ticket:{request.ticket_id}"
        return waiting.pop()

    for function in (current, finish):
        function.__module__ = module.__name__
        setattr(module, function.__name__, function)
    hall.registry.add(module, "queue")
    yield waiting
    hall.registry.remove_owner("queue")


def test_the_ticket_at_the_desk_brings_its_item_and_goes_with_the_case(hall, wait, queue):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = desk.page.new
        wait(lambda: desk.page.ticket.isVisible())
        wait(lambda: new._item is not None)
        assert new._item.code == INSTANT
        assert desk.page.ticket._since.text() == "06:00"
        name(new)
        for position in (1, 2):
            new.form.materials.toggle(position)
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        detail = hall.query(APPROVER, "acceptance.case", {"case_id": cases(hall)[0].id})
        assert detail.ticket == "A037"
        desk.press("F8")
        wait(lambda: not desk.page.ticket.isVisible())
        assert queue == []


def test_every_button_can_be_reached_by_tab(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        chosen(desk, wait)
        buttons = [b for b in desk.page.findChildren(QPushButton) if b.isVisible()]
        assert buttons
        assert all(b.focusPolicy() & Qt.FocusPolicy.TabFocus for b in buttons)


def test_an_item_without_a_guide_says_what_is_not_known_and_whom_to_ask(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        finder = desk.page.new.finder
        wait(lambda: finder._index is not None)
        finder.choose(BARE)
        wait(lambda: finder._bare.notes())
        (told,) = finder._bare.notes()
        assert told.startswith("办事指南尚未发布")
        assert "市场监督管理局" in told
        finder.choose(COMMITTED)
        wait(lambda: not finder._bare.notes())


def test_a_catalogue_that_is_on_its_way_is_not_called_empty(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        finder = desk.page.new.finder
        assert finder._index is None
        assert finder.list._empty._title.text() == "正在载入事项目录"
        wait(lambda: finder._index is not None)
        finder._search("没有这样的事项")
        assert finder.list._empty._title.text() == "没有匹配的事项"


def test_a_slip_is_printed_where_the_desk_has_a_ticket_printer(hall, wait, tmp_path):
    with open_desk(hall, CLERK, INTAKE) as desk:
        desk.context.services.devices.open(
            ["ticket_printer"],
            {"ticket_printer": {"adapter": "simulated", "folder": str(tmp_path / "slips")}},
        )
        wait(lambda: desk.context.device("ticket_printer") == "ready")
        new = chosen(desk, wait)
        name(new)
        for position in (1, 2, 3):
            new.form.materials.toggle(position)
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        entered = new.side.entered
        assert entered.slip.isVisible()
        entered.slip.click()
        wait(lambda: any("小票已打印" in text for text, _kind, _undo in desk.toasts))
        assert len(list((tmp_path / "slips").glob("*.png"))) == 1


def test_without_a_ticket_printer_no_slip_is_offered(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new)
        for position in (1, 2, 3):
            new.form.materials.toggle(position)
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        assert new.side.entered.slip.isHidden()
