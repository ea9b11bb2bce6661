"""The list of the workbench: its pages, what narrows it, what it says when it cannot come, and its spreadsheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.api import UserError
from yichuang.api.ui import Menu
from yichuang_acceptance.ui import list_export, work_list, work_order

from ..case_rows import START, enter_cases  # noqa: TID252 - tests are no installed package
from ..conftest import APPROVER, OTHER, OWN, accepted, decision  # noqa: TID252 - tests are no installed package
from ..review import HANDLER, begun, set_graph, staff  # noqa: TID252 - tests are no installed package
from .conftest import open_desk
from .test_search_page import choose_file

WORKBENCH = "acceptance.workbench"


@pytest.fixture
def many(hall: Any) -> Any:
    enter_cases(
        hall,
        [
            {"item": f"i{n % 3}", "item_name": ("食品经营许可", "林木采伐", "户口登记")[n % 3],
             "agency": OTHER if n >= 45 else OWN, "acceptor_id": 99, "received_at": START - timedelta(hours=48 - n),
             "accepted_at": START, "promise_amount": 24 * n, "promise_unit": "H",
             "promise_due_at": START + timedelta(days=n), "warn_at": START + timedelta(days=n - 1)}
            for n in range(48)
        ],
    )  # fmt: skip
    return hall


def numbers(desk: Any) -> list[str]:
    return [item.id for item in desk.page.list.items()]


def footer(desk: Any) -> str:
    return str(desk.page.list._left.text())


def test_the_list_goes_on_as_one_walks_it_and_stays_as_long_as_it_was(many, wait, monkeypatch):
    monkeypatch.setattr(work_list, "PAGE", 20)
    with open_desk(many, APPROVER, WORKBENCH) as desk:
        desk.page.resize(1200, 700)
        wait(lambda: len(numbers(desk)) == 20)
        wait(lambda: footer(desk) == "20 / 45")
        for _press in range(22):
            desk.press("J")
        wait(lambda: len(numbers(desk)) == 40)
        desk.page.load()  # as the desk does when something changes
        runner = desk.context.services.backend.runner
        wait(lambda: not runner.busy)
        assert len(numbers(desk)) == 40, "what was scrolled to is not cut off again"
        for _press in range(45):
            desk.press("J")
        wait(lambda: len(numbers(desk)) == 45)
        wait(lambda: footer(desk) == "45 / 45")
        assert len(set(numbers(desk))) == 45


def test_a_long_list_is_asked_for_again_in_several_answers(many, wait, monkeypatch):
    monkeypatch.setattr(work_list, "PAGE", 20)
    monkeypatch.setattr("yichuang_acceptance.ui.listing.MOST", 9)
    with open_desk(many, APPROVER, WORKBENCH) as desk:
        wait(lambda: len(numbers(desk)) == 20)
        assert len(set(numbers(desk))) == 20


def test_it_is_narrowed_by_light_item_and_days(many, wait):
    with open_desk(many, APPROVER, WORKBENCH) as desk:
        wait(lambda: len(numbers(desk)) == 45)
        filters = desk.page.work.filters
        assert filters.isHidden()
        desk.press("Alt+F")
        assert not filters.isHidden()
        wait(lambda: filters.item.count() == 4)
        assert filters.item.itemText(1) == "食品经营许可\u300015"
        filters.light.set_value("overdue")
        filters.light.changed.emit("overdue")
        wait(lambda: len(numbers(desk)) == 16)
        assert all(item.state == "overdue" for item in desk.page.list.items())
        desk.press("Alt+I")
        wait(lambda: len(numbers(desk)) == 6)
        assert desk.page.work.filter_button.text() == "筛选 2"
        desk.press("Alt+F")
        assert filters.isHidden()
        assert len(numbers(desk)) == 6, "a closed strip still narrows, and its button says so"
        desk.press("Alt+F")
        filters.reset.click()
        wait(lambda: len(numbers(desk)) == 45)
        day = START.date().isoformat()
        filters.days.first.setText(day)
        filters.days.first.editingFinished.emit()
        wait(lambda: 0 < len(numbers(desk)) < 45)
        narrowed = len(numbers(desk))
        filters.days.last.setText("2020-01-01")
        filters.days.last.editingFinished.emit()
        assert filters._wrong.text() == "结束日期早于开始日期。"
        assert len(numbers(desk)) == narrowed
        desk.page.show_tab("all")
        wait(lambda: len(numbers(desk)) == 45)
        assert filters.wanted() == {}, "another list is not narrowed"


def test_it_says_why_it_cannot_come_and_comes_when_asked_again(many, wait, monkeypatch):
    with open_desk(many, APPROVER, WORKBENCH) as desk:
        wait(lambda: len(numbers(desk)) == 45)
        page, asked = desk.page, desk.context.query
        error = UserError("DATABASE_AWAY", "数据库连不上。", safe="没有丢失。", do="请稍候。")

        def fail(name: str, request: Any = None, *, done: Any = None, failed: Any = None) -> None:
            failed(error)

        monkeypatch.setattr(desk.context, "query", fail)
        page.load()
        assert page.list._error.notes() == ["数据库连不上。没有丢失。请稍候。"]
        assert len(numbers(desk)) == 45, "what is known stays"
        assert desk.toasts == [], "it is said once, where the list is"
        monkeypatch.setattr(desk.context, "query", asked)
        retry = page.list._error.itemAt(0).widget().findChild(work_list.Button)
        QTest.mouseClick(retry, Qt.MouseButton.LeftButton)
        wait(lambda: page.list._error.notes() == [])


def test_a_list_that_never_came_leaves_no_word_that_there_is_nothing(many, wait, monkeypatch):
    error = UserError("DATABASE_AWAY", "数据库连不上。")

    def fail(name: str, request: Any = None, *, done: Any = None, failed: Any = None) -> None:
        failed(error)

    with open_desk(many, APPROVER, WORKBENCH) as desk:
        monkeypatch.setattr(desk.context, "query", fail)
        wait(lambda: desk.page.list._failed is not None)
        assert desk.page._empty.count() == 0
        monkeypatch.undo()
        desk.page.load()
        wait(lambda: len(numbers(desk)) == 45)
        assert desk.page.list._failed is None


def test_the_whole_list_is_saved_as_it_is_narrowed(many, wait, tmp_path, monkeypatch):
    monkeypatch.setattr(work_list, "PAGE", 20)
    monkeypatch.setattr(list_export, "PAGE", 7)
    with open_desk(many, APPROVER, WORKBENCH) as desk:
        wait(lambda: len(numbers(desk)) == 20)
        desk.page.work.filters.only("i1", "林木采伐")
        wait(lambda: len(numbers(desk)) == 15)
        desk.press("Ctrl+E")
        path = tmp_path / "list.xlsx"
        choose_file(wait, desk.page, path)
        wait(path.exists)
        wait(lambda: not desk.page.work.export.isVisible())
        rows = list(openpyxl.load_workbook(path).active.values)
        assert len(rows) == 16, [r[0][-6:-1] for r in rows]
        assert {row[1] for row in rows[1:]} == {"林木采伐"}


def test_tasks_are_narrowed_and_saved_too(hall, wait, tmp_path):
    staff(hall)
    set_graph(hall)
    for _n in range(3):
        begun(hall)
    with open_desk(hall, HANDLER, WORKBENCH) as desk:
        desk.page.show_tab(work_list.TASKS)
        wait(lambda: len(numbers(desk)) == 3)
        desk.press("Alt+F")
        wait(lambda: desk.page.work.filters.item.count() == 2)
        desk.press("Alt+I")
        wait(lambda: desk.page.work.filter_button.text() == "筛选 1")
        desk.press("Ctrl+E")
        path = tmp_path / "tasks.xlsx"
        choose_file(wait, desk.page, path)
        wait(path.exists)
        wait(lambda: not desk.page.work.export.isVisible())
        rows = list(openpyxl.load_workbook(path).active.values)
        assert len(rows) == 4
        assert {row[3] for row in rows[1:]} == {"初审"}


def test_what_i_decided_stands_newest_first(hall, wait, clock):
    cases = [accepted(hall) for _n in range(3)]
    for case in (cases[1], cases[0], cases[2]):
        clock.now += timedelta(minutes=1)
        hall.run(APPROVER, "acceptance.grant", decision(hall, case, opinion="同意"))
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        desk.page.show_tab("decided")
        wait(lambda: numbers(desk) == [str(c.case_id) for c in (cases[2], cases[0], cases[1])])


def test_the_order_is_chosen_by_key_kept_for_the_person_and_said_at_the_foot(many, wait, monkeypatch):
    monkeypatch.setattr(work_list, "PAGE", 20)
    opened: list[Menu] = []
    monkeypatch.setattr(
        Menu, "open_below", lambda menu, _widget: opened.append(menu)
    )  # offscreen nothing can pop up
    with open_desk(many, APPROVER, WORKBENCH) as desk:
        wait(lambda: len(numbers(desk)) == 20)
        by_limit = numbers(desk)
        button = desk.page.work.order
        assert (button.text(), desk.page.list._right.text()) == ("时限", "按剩余时限")
        desk.press("Alt+S")
        assert [action.text() for action in opened[0].actions()] == [
            "按剩余时限",
            "最新收件在前",
            "按事项归拢",
        ]
        opened[0].actions()[1].trigger()
        wait(lambda: numbers(desk) != by_limit)
        assert numbers(desk)[:2] == ["45", "44"]
        assert (button.text(), desk.page.list._right.text()) == ("收件", "最新收件在前")
        for _press in range(22):
            desk.press("J")
        wait(lambda: len(numbers(desk)) == 40)
        assert numbers(desk) == [str(n) for n in range(45, 5, -1)]
        wait(lambda: footer(desk) == "40 / 45")
        kept = desk.context.load("order")
        desk.page.show_tab("decided")
        assert not button.isEnabled()
        wait(lambda: desk.page.list._right.text() == "最新在前")
        desk.press("Alt+S")
        assert len(opened) == 1, "there is nothing to choose"
        desk.page.show_tab("suspended")
        assert (button.isEnabled(), button.text()) == (True, "收件")
        assert kept == "newest"


def test_a_list_that_has_not_the_kept_order_stands_by_its_limit(many, wait):
    with open_desk(many, APPROVER, WORKBENCH) as desk:
        wait(lambda: len(numbers(desk)) == 45)
        desk.page.work.order.choose("item")
        wait(lambda: numbers(desk)[:2] == ["1", "4"])
        desk.page.show_tab("all")
        wait(lambda: len(numbers(desk)) == 45 and numbers(desk)[:2] == ["1", "2"])
        assert desk.page.work.order.text() == "时限"
        desk.page.show_tab("review")
        wait(lambda: numbers(desk)[:2] == ["1", "4"])
        assert desk.page.work.order.text() == "事项"


def test_a_person_finds_the_list_in_the_order_that_was_left(many, wait):
    with open_desk(many, APPROVER, WORKBENCH) as desk:
        made = work_order.WorkOrder(desk.context)
        made.choose("newest")
        assert work_order.WorkOrder(desk.context).order == "newest"
        desk.context.save("order", "of old")
        assert work_order.WorkOrder(desk.context).order == "due", "what is not known any more is forgotten"
        made.deleteLater()


def test_tasks_stand_in_the_chosen_order_too(hall, wait):
    staff(hall)
    set_graph(hall)
    for _n in range(3):
        begun(hall)
    with open_desk(hall, HANDLER, WORKBENCH) as desk:
        desk.page.show_tab(work_list.TASKS)
        wait(lambda: len(numbers(desk)) == 3)
        ids = numbers(desk)
        desk.page.work.order.choose("newest")
        wait(lambda: numbers(desk) == ids[::-1])
