"""Looking at papers on the screen: a row behind the reading, once; none for what is only read ahead; who has no task is asked."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from PyQt6.QtWidgets import QFileDialog

from yichuang.api import UserError, entries_about
from yichuang.api.ui import Button
from yichuang_acceptance.ui import looks
from yichuang_acceptance.ui.evidence import NOTHING, PAGES

from ..conftest import (  # noqa: TID252 - tests are no installed package
    APPROVER,
    CLERK,
    INSTANT,
    accepted,
    hands,
)
from ..life import grant, render  # noqa: TID252 - tests are no installed package
from ..test_looks import AUDITOR  # noqa: TID252 - tests are no installed package
from .conftest import open_desk, png
from .test_workbench import WORKBENCH, opened


def with_pages(hall: Any, shade: int, **more: Any) -> Any:
    pages = [
        hall.run(CLERK, "acceptance.keep_page", {"data": png(shade + n), "media_type": "image/png"})
        for n in range(2)
    ]
    return accepted(
        hall, materials=hands(1, pages=[pages[0]]) + hands(2, pages=[pages[1]]) + hands(3), **more
    )


def rows(hall: Any, case: Any) -> list[tuple[str, int, str, str]]:
    with hall.database.read() as reader:
        told = entries_about(reader, f"looked:{case.case_no}")
    return [(e.account, e.detail["number"], e.detail["purpose"], e.detail["said"]) for e in told]


def choose(evidence: Any, key: str) -> None:
    """A row of the list, by a click."""
    evidence.list.select(key)
    evidence._open(key)


def test_what_is_looked_at_leaves_one_row_and_what_is_read_ahead_none(hall, wait):
    first, second = with_pages(hall, 20, item=INSTANT), with_pages(hall, 60)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        evidence = opened(desk, wait, first).evidence
        wait(lambda: len(evidence._kept) == 2)  # the next case's pages as well
        wait(lambda: rows(hall, first) == [("approver", 1, "decide", "")])
        assert rows(hall, second) == [], "nobody has looked at it yet"
        choose(evidence, "m2")
        wait(lambda: len(rows(hall, first)) == 2)
        choose(evidence, "m1")
        desk.press("J")
        opened(desk, wait, second)
        desk.press("K")
        opened(desk, wait, first)
        wait(lambda: [row[1] for row in rows(hall, second)] == [1])
        assert [row[1] for row in rows(hall, first)] == [1, 2], "once in a session"
    with open_desk(hall, APPROVER, WORKBENCH) as desk:  # another session
        opened(desk, wait, first)
        wait(lambda: [row[1] for row in rows(hall, first)] == [1, 2, 1])


def test_a_look_of_anybody_makes_no_page_ask_anew(hall, wait, monkeypatch):
    first, second = with_pages(hall, 20, item=INSTANT), with_pages(hall, 60)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        opened(desk, wait, first)
        wait(lambda: rows(hall, first))
        heard: list[frozenset[tuple[str, str]]] = []
        desk.context.changes.connect(heard.append)
        wait(lambda: not desk.context.services.backend.runner.busy)
        asked: list[str] = []
        query = desk.context.query
        monkeypatch.setattr(
            desk.context, "query", lambda name, *a, **m: (asked.append(name), query(name, *a, **m))[1]
        )
        looked = {"case_id": second.case_id, "what": "material", "number": 2}
        hall.run(CLERK, "acceptance.look", looked)
        wait(lambda: ("looked", second.case_no) in {change for changes in heard for change in changes})
        assert all(topic == "looked" for changes in heard for topic, _key in changes), (
            "its owner is not named"
        )
        wait(lambda: not desk.context.services.backend.runner.busy)
        assert not {"acceptance.cases", "acceptance.counts", "acceptance.desk_case"} & set(asked)
        accepted(hall)
        wait(lambda: "acceptance.cases" in asked)  # what changes something is heard


def test_the_next_case_is_there_at_once_while_rows_are_left(hall, wait):
    cases = [with_pages(hall, 10 * n + 5) for n in range(4)]
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, cases[0])
        for case in cases[1:]:
            wait(lambda: page._ahead._read is not None and len(page.evidence._kept) >= 1)
            wait(lambda: not desk.context.services.backend.runner.busy)
            began = time.monotonic()
            desk.press("J")
            took = time.monotonic() - began
            assert page._case.row.id == case.case_id, "it was read ahead, nothing is waited for"
            assert took < 0.2, took  # 50 ms on a desk of its own; the machine of the tests is shared
        wait(lambda: all(rows(hall, case) for case in cases))


def test_who_has_no_task_is_asked_once_for_a_case_and_then_sees(hall, wait):
    case = with_pages(hall, 20)
    grant(hall, case)
    hall.run(APPROVER, "acceptance.render", {"case_id": case.case_id})
    colleague = CLERK.__class__(
        31,
        "colleague",
        "同事",
        CLERK.agency,
        permissions=frozenset({"acceptance.view", "acceptance.decide", "acceptance.print"}),
    )
    with open_desk(hall, colleague, WORKBENCH) as desk:
        desk.page.show_tab("all")
        evidence = opened(desk, wait, case).evidence

        def asks() -> list[Button]:
            return [b for b in evidence.findChildren(Button) if b.isVisible() and b.text() == "说明用途…"]

        wait(asks)
        assert evidence._stack.currentIndex() == NOTHING
        (button,) = asks()
        button.click()
        dialog = desk.dialog()
        dialog.accept()
        assert desk.has_dialog(), "a purpose is needed"
        dialog.form.set_values({"purpose": "复核同类办件"})
        dialog.accept()
        wait(lambda: evidence._stack.currentIndex() == PAGES)
        choose(evidence, "m2")
        wait(lambda: len(rows(hall, case)) == 2)
        assert rows(hall, case) == [
            ("colleague", 1, "", "复核同类办件"),
            ("colleague", 2, "", "复核同类办件"),
        ]


def test_a_row_that_could_not_be_left_is_left_when_the_database_is_back(hall, wait, monkeypatch):
    case = with_pages(hall, 20)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        opened(desk, wait, case)
        wait(lambda: rows(hall, case))
        run, away = desk.context.run, [True]

        def flaky(name: str, request: Any, done: Any = None, failed: Any = None, key: Any = None) -> Any:
            if away and name == "acceptance.look":
                away.clear()
                failed(UserError("DATABASE_AWAY", "x"))
                return None
            return run(name, request, done=done, failed=failed, key=key)

        monkeypatch.setattr(desk.context, "run", flaky)
        choose(desk.page.evidence, "m2")
        wait(lambda: not away)
        assert len(rows(hall, case)) == 1
        desk.context.online_changed.emit(True)
        wait(lambda: len(rows(hall, case)) == 2)


def test_auditors_see_who_looked_and_save_the_list(hall, wait, tmp_path: Path):
    case = with_pages(hall, 20)
    (paper,) = render(hall, case)
    for n in range(230):
        hall.run(
            APPROVER, "acceptance.look", {"case_id": case.case_id, "what": "material", "number": 1 + n % 2}
        )
    hall.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id})
    with open_desk(hall, AUDITOR, WORKBENCH) as desk:
        found = hall.query(AUDITOR, "acceptance.case", {"case_id": case.case_id})
        dialog = looks.show_looks(desk.page, desk.context, found, lambda _done: None)
        wait(lambda: len(dialog.table.rows()) == 200)
        assert dialog.table.rows()[0]["what"] == f"{paper.title} {paper.number}"
        assert dialog.table.rows()[0]["purpose"] == "受理"
        dialog.pages._pager.more()
        wait(lambda: len(dialog.table.rows()) == 231)
        dialog.accept()
        chooser = desk.page.window().findChild(QFileDialog) or dialog.findChild(QFileDialog)
        chooser.fileSelected.emit(str(tmp_path / "谁看过.xlsx"))
        chooser.close()
        wait((tmp_path / "谁看过.xlsx").exists)
        sheet = list(load_workbook(tmp_path / "谁看过.xlsx").active.values)
        assert len(sheet) == 232
        assert sheet[0] == ("时间", "查看人", "所属部门", "窗口", "查看内容", "用途")


def test_pages_that_came_while_another_tab_was_looked_at_are_shown_when_one_comes_back(hall, wait):
    """And never those of the case before in their place."""
    first, second = with_pages(hall, 20, item=INSTANT), with_pages(hall, 60)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        evidence = opened(desk, wait, first).evidence
        wait(lambda: evidence._stack.currentIndex() == PAGES)
        before = evidence._documents
        wait(lambda: len(evidence._kept) == 2)
        evidence._kept.clear()
        desk.press("J")
        opened(desk, wait, second)
        evidence.tabs.set_current("form")
        evidence.tabs.tab_changed.emit("form")
        wait(lambda: evidence._kept)  # they come while the form is in front
        wait(lambda: not desk.context.services.backend.runner.busy)
        assert rows(hall, second) == [], "they were not looked at"
        evidence.tabs.set_current("materials")
        evidence.tabs.tab_changed.emit("materials")
        wait(lambda: evidence._stack.currentIndex() == PAGES)
        assert evidence._documents != before
        wait(lambda: [row[1] for row in rows(hall, second)] == [1])


def test_a_material_that_one_comes_back_to_stays_whatever_comes_later(hall, wait):
    case = with_pages(hall, 20)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        evidence = opened(desk, wait, case).evidence
        wait(lambda: evidence._stack.currentIndex() == PAGES)
        first = evidence._documents
        choose(evidence, "m2")  # on its way
        choose(evidence, "m1")
        wait(lambda: len(evidence._kept) == 2)
        wait(lambda: not desk.context.services.backend.runner.busy)
        assert evidence._documents == first
        wait(lambda: rows(hall, case))
        assert [row[1] for row in rows(hall, case)] == [1], "the second one never stood on the screen"


def test_a_purpose_that_is_said_while_pages_are_asked_for_is_not_asked_again(hall, wait):
    case = with_pages(hall, 20)
    grant(hall, case)
    hall.run(APPROVER, "acceptance.render", {"case_id": case.case_id})
    with open_desk(hall, replace(APPROVER, staff_id=31, account="colleague"), WORKBENCH) as desk:
        desk.page.show_tab("all")
        evidence = opened(desk, wait, case).evidence
        wait(lambda: evidence._beside is not None and evidence._shown is None)
        wait(lambda: not desk.context.services.backend.runner.busy)
        evidence._open("m1")  # as when the list is asked for again; the answer comes behind what is said now
        evidence.ask_purpose()
        desk.dialog().form.set_values({"purpose": "复核"})
        desk.dialog().accept()
        wait(lambda: evidence._stack.currentIndex() == PAGES)
        wait(lambda: rows(hall, case) == [("colleague", 1, "", "复核")])
