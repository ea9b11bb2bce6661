"""The working days in the settings: told at sign-in that a year is missing, entered off the notice, errors at the field."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.shell.backend import Backend
from yichuang.shell.calendar_settings import CalendarEditor
from yichuang.shell.workspace import Workspace

from .conftest import People, settle
from .test_away_settings import names
from .test_settings import page_of

MISSING = "2027年日历尚未录入，2026-12-31以后的时限为暂定。"
REACH = "hall.calendar"


def at_sign_in(
    qtbot: QtBot, enter: Callable[..., Workspace], suite: Suite, name: str, backend: Backend
) -> Workspace:
    work = enter(suite, name)
    settle(qtbot, backend)
    return work


def test_whoever_keeps_the_hall_is_told_once_and_enters_the_year(
    qtbot: QtBot, enter: Callable[..., Workspace], suite: Suite, people: People, backend: Backend
) -> None:
    work = at_sign_in(qtbot, enter, suite, people.admin, backend)
    qtbot.waitUntil(lambda: MISSING in [notice.title for notice in work.book.items])
    notice = next(notice for notice in work.book.items if notice.title == MISSING)
    page = page_of(work, str(notice.args["section"]))
    editor = page.editors["calendar"]
    assert isinstance(editor, CalendarEditor)
    qtbot.waitUntil(lambda: editor.year.text() == "2027")
    assert editor.known.text() == MISSING
    editor.rests.set_value("1月1日至3日 元旦\n2月30日 春节")
    editor.enter.click()
    assert "2月30日" in editor.fields["rests"].error()
    editor.rests.set_value("1月1日至3日 元旦\n2月5日至11日 春节")
    editor.workdays.set_value("2月20日、2月7日")
    editor.enter.click()
    qtbot.waitUntil(lambda: "2027-02-07" in editor.fields["rests"].error())
    editor.workdays.set_value("2月20日")
    editor.enter.click()
    qtbot.waitUntil(lambda: editor.known.text() == "已录入至2027-12-31。")
    assert suite.query(Actor.system(), REACH).enough
    settle(qtbot, backend)


def test_it_is_told_once_and_only_to_whoever_may_enter_it(
    qtbot: QtBot, enter: Callable[..., Workspace], suite: Suite, people: People, backend: Backend
) -> None:
    clerk = at_sign_in(qtbot, enter, suite, people.clerk, backend)
    assert all(notice.title != MISSING for notice in clerk.book.items)
    assert "calendar" not in names(page_of(clerk, "display"))
    for _n in range(2):
        admin = at_sign_in(qtbot, enter, suite, people.admin, backend)
        qtbot.waitUntil(lambda admin=admin: bool(admin.book.items))
    assert [notice.title for notice in admin.book.items].count(MISSING) == 1
