"""The page of the national exchange: what was sent, what was held back and why, saved as a list, led to its case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl

from yichuang.api import update
from yichuang_acceptance import tables as t
from yichuang_acceptance.commands import exchange as command

from ..conftest import CLERK, accepted  # noqa: TID252 - tests are no installed package
from ..test_exchange import Typed  # noqa: TID252 - likewise
from .conftest import PAGES, open_desk
from .test_search_page import choose_file

PAGE = "acceptance.exchange"
PAGES[PAGE] = "yichuang_acceptance.ui.exchange"
SENDER = replace(CLERK, permissions=frozenset({"acceptance.exchange", "acceptance.view"}))


def rename(hall: Any, case: Any, name: str) -> None:
    with hall.database.write() as writer:
        writer.execute(update(t.case).where(t.case.c.id == case.case_id).values(applicant_name=name))


def export(hall: Any, folder: Any, clock: Any) -> None:
    clock.now += timedelta(minutes=5)
    assert command.run(Typed(hall, "--out", str(folder), actor=SENDER)) == 0


def test_what_was_held_back_is_in_sight_until_it_is_right(hall, wait, tmp_path, clock, capsys):
    case = accepted(hall)
    accepted(hall)
    rename(hall, case, "长" * 101)
    with open_desk(hall, SENDER, PAGE) as desk:
        page = desk.page
        wait(lambda: page.last.text() == "还没有导出过批次。")
        export(hall, tmp_path, clock)
        page.load()
        wait(lambda: page.view.row is not None)
        assert [row["row"].column for row in page.view.table.rows()] == ["contact_name", "applyer_name"]
        assert page.view.tag.spec().text == "过长"
        assert "联系人（contact_name）有101个字符，最多100个。" in page.view.said.text()
        assert "未发1行" in page.last.text()
        path = tmp_path / "list.xlsx"
        page.export.click()
        choose_file(wait, page, path)
        wait(path.exists)
        wait(lambda: not page.view.pages._export.isVisible())
        rows = list(openpyxl.load_workbook(path).active.values)
        assert rows[1][0] == case.case_no
        assert "申请人（applyer_name）" in rows[2][7]
        rename(hall, case, "其其格")
        export(hall, tmp_path, clock)
        page.load()
        wait(lambda: page.view.row is None)
        assert "未发0行" in page.last.text()
    capsys.readouterr()


def test_the_case_is_one_key_away(hall, wait, tmp_path, clock, capsys):
    case = accepted(hall)
    rename(hall, case, "长" * 101)
    export(hall, tmp_path, clock)
    capsys.readouterr()
    gone: list[Any] = []
    with open_desk(hall, SENDER, PAGE) as desk:
        wait(lambda: desk.page.view.row is not None)
        desk.context.services.navigate = lambda page, args: gone.append((page, args))
        desk.press("Ctrl+Enter")
        assert gone == [("acceptance.search", {"case_id": case.case_id, "text": case.case_no})]
    less = replace(SENDER, permissions=frozenset({"acceptance.exchange"}))
    with open_desk(hall, less, PAGE) as desk:
        wait(lambda: desk.page.view.row is not None)
        assert not any(button.isVisible() for button in desk.page.view.buttons), (
            "who sees no cases is led to none"
        )


def test_a_batch_is_made_from_the_page(hall, wait, tmp_path, clock, capsys):
    case = accepted(hall)
    accepted(hall)
    rename(hall, case, "长" * 101)
    clock.now += timedelta(minutes=5)
    with open_desk(hall, SENDER, PAGE) as desk:
        page = desk.page
        assert not page.codes.isVisible(), "who may not reveal identity numbers is not asked"
        desk.press("F8")
        choose_file(wait, page, tmp_path)
        wait(lambda: page.view.row is not None)
        wait(lambda: "未发1行" in page.last.text())
        assert any("第1批已导出，未发送1行。" in toast[0] for toast in desk.toasts)
        assert not page.cancel.isVisible()
    capsys.readouterr()
    assert command.run(Typed(hall, "--check", str(tmp_path), actor=SENDER)) == 0
    assert (tmp_path / "faults-000001.csv").exists()
    capsys.readouterr()


def test_a_batch_that_is_broken_off_was_not_made(hall, wait, tmp_path, clock):
    accepted(hall)
    clock.now += timedelta(minutes=5)
    with open_desk(hall, SENDER, PAGE) as desk:
        page = desk.page
        wait(lambda: page.last.text() == "还没有导出过批次。")
        rows = page.batch._context.run

        def slow(name, request, **then):
            if name == "acceptance.exchange_rows":
                assert page.cancel.isVisible()
                page.cancel.click()
            return rows(name, request, **then)

        page.batch._context.run = slow
        page._begin()
        page.batch.start(tmp_path, with_codes=False)
        wait(lambda: any("导出已取消" in toast[0] for toast in desk.toasts))
        assert not page.batch.busy
        wait(lambda: page.last.text() == "还没有导出过批次。")
    assert not list(tmp_path.glob("manifest-*.json"))


def test_a_batch_that_the_hall_is_ending_gets_its_manifest(hall, wait, tmp_path, clock, capsys):
    accepted(hall)
    clock.now += timedelta(minutes=5)
    with open_desk(hall, SENDER, PAGE) as desk:
        page = desk.page
        run = page.batch._context.run

        def late(name, request, **then):
            if name == "acceptance.end_exchange":
                page.cancel.click()
            return run(name, request, **then)

        page.batch._context.run = late
        page._begin()
        page.batch.start(tmp_path, with_codes=False)
        wait(lambda: any("第1批已导出" in toast[0] for toast in desk.toasts))
    assert command.run(Typed(hall, "--check", str(tmp_path), actor=SENDER)) == 0
    capsys.readouterr()


def test_a_folder_that_cannot_be_written_is_told(hall, wait, tmp_path, clock):
    (tmp_path / "file").write_text("x")
    with open_desk(hall, SENDER, PAGE) as desk:
        desk.page._begin()
        desk.page.batch.start(tmp_path / "file", with_codes=False)
        wait(lambda: any(str(tmp_path) in toast[0] for toast in desk.toasts))
        assert not desk.page.batch.busy
