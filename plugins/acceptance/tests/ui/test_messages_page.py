"""The page of messages as the hall's staff works with it, and the command that sends them."""

from __future__ import annotations

import argparse
from dataclasses import replace

import openpyxl
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang_acceptance.commands import messages as command

from ..conftest import CLERK, accepted, intake  # noqa: TID252 - tests are no installed package
from ..message_gateway import PASSWORD, Process, choose  # noqa: TID252 - likewise
from .conftest import PAGES, open_desk
from .test_search_page import choose_file

PAGE = "acceptance.messages"
PAGES[PAGE] = "yichuang_acceptance.ui.messages"
STAFF = replace(CLERK, permissions=CLERK.permissions | {"acceptance.messages", "acceptance.resend_messages"})


class Typed(Process):
    """The command as it was typed."""

    def parser(self) -> argparse.ArgumentParser:
        return argparse.ArgumentParser()


def given_up(hall):
    """A message that an unusable gateway refused for good."""
    choose(hall, gateway="http", address="ftp://nowhere")
    case = accepted(hall)
    assert command.run(Typed(hall, "", "--once")) == 0
    return case


def test_what_was_not_delivered_is_in_sight_and_tried_again(hall, wait, tmp_path, capsys):
    case = given_up(hall)
    assert capsys.readouterr().out == "gave_up: 1\n"
    choose(hall, gateway="file")
    with open_desk(hall, STAFF, PAGE) as desk:
        page = desk.page
        wait(lambda: page.view.row is not None)
        assert [row["row"].number for row in page.view.table.rows()] == [case.case_no]
        assert page.view.tag.spec().text == "未送达"
        assert "食品经营许可" in page.view.said.text()
        desk.press("Ctrl+Enter")
        wait(lambda: page.view.row is None)
        page.show_tab("waiting")
        wait(lambda: page.view.row is not None)
        assert command.run(Typed(hall, tmp_path, "--once")) == 0
        page.show_tab("sent")
        wait(lambda: page.view.row is not None and page.view.row.receipt == "file-1")
        assert "138****0000" in str(page.view.table.rows())


def test_an_applicant_who_wants_none_is_entered_and_the_list_is_saved(hall, wait, tmp_path):
    choose(hall, gateway="file")
    accepted(hall)
    accepted(hall, applicant={**intake()["applicant"], "phone": "13904761234"})
    path = tmp_path / "list.xlsx"
    with open_desk(hall, STAFF, PAGE) as desk:
        page = desk.page
        page.show_tab("")
        wait(lambda: len(page.view.table.rows()) == 2)
        field = page.search.focusProxy() or page.search
        QTest.keyClicks(field, "1234")
        QTest.keyClick(field, Qt.Key.Key_Return)
        wait(lambda: len(page.view.table.rows()) == 1)
        page.ask_export()
        choose_file(wait, page, path)
        wait(path.exists)
        wait(lambda: not page.view.pages._export.isVisible())
        page.view.buttons[1].click()
        desk.dialog().accept()
        wait(lambda: page.view.row is not None and page.view.row.declined)
        page.view.buttons[2].click()
        wait(lambda: not page.view.row.declined)
    rows = list(openpyxl.load_workbook(path).active.values)
    assert len(rows) == 2
    assert rows[1][4] == "139****1234"
    assert "受理" in rows[1][9], "the words that the table does not show are in the file"


def test_the_page_says_where_messages_would_go_when_nobody_sends(hall, wait):
    with open_desk(hall, STAFF, PAGE) as desk:
        assert "未选择短信网关" in desk.page._why_none()


def test_the_password_is_read_from_the_pipe_and_kept_in_the_keyring(hall, monkeypatch):
    import io

    from yichuang_acceptance.gateways import SECRET, SERVICE

    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    typed = Typed(hall, "", "--password")
    keeper = replace(STAFF, permissions=frozenset({"acceptance.maintain"}))
    monkeypatch.setattr(typed, "run", lambda name, request: hall.run(keeper, name, request))
    assert command.run(typed) == 0
    assert hall.executor.secrets.get(SERVICE, SECRET) == PASSWORD
