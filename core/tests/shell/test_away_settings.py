"""Signing in while the database is away, as an administrator sees it in the settings: for how many days, and who did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.identity.away_sign_in import DAYS_KEY
from yichuang.shell import away_list
from yichuang.shell.backend import Backend
from yichuang.shell.settings import SettingsPage
from yichuang.shell.workspace import Workspace
from yichuang.widgets import Field

from .conftest import PASSWORD, People, settle
from .test_settings import page_of


def days_of(suite: Suite) -> object:
    return suite.executor.read(Actor.system(), lambda read: read.setting(DAYS_KEY, None))


def back(suite: Suite, account: str, times: int, wrong: int = 0) -> None:
    """A desk tells what happened while the database was away."""
    moments = [suite.clock() - timedelta(minutes=n) for n in range(times, 0, -1)]
    actor = suite.sign_in(account, PASSWORD)
    suite.run(actor, "identity.come_back", {"unlocked": moments, "wrong": wrong})


def names(page: SettingsPage) -> list[str]:
    return [str(page.sections._model.items[n].id) for n in range(page.sections._model.rowCount())]


def test_the_days_are_set_and_a_wrong_number_is_told_at_the_field(
    qtbot: QtBot, enter: Callable[..., Workspace], suite: Suite, people: People, backend: Backend
) -> None:
    page = page_of(enter(suite, people.admin), "away")
    line = page.editors[DAYS_KEY]
    field = line.parentWidget()
    assert isinstance(field, Field)
    assert line.text() == "7"
    line.setText("3")
    line.editingFinished.emit()
    qtbot.waitUntil(lambda: days_of(suite) == 3)
    qtbot.waitUntil(lambda: backend.setting(DAYS_KEY) == 3)
    for text, said in (("99", "请填写整数天数，0 至 60。"), ("一周", "请输入数字。")):
        line.setText(text)
        line.editingFinished.emit()
        qtbot.waitUntil(lambda said=said: field.error().startswith(said))
        assert days_of(suite) == 3
    settle(qtbot, backend)


def test_who_signed_in_meanwhile_is_listed_to_its_end(
    qtbot: QtBot, enter: Callable[..., Workspace], suite: Suite, people: People, backend: Backend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(away_list, "PAGE", 4)
    for _n in range(9):
        back(suite, people.clerk, 1)
    back(suite, people.other, 4, 2)
    page = page_of(enter(suite, people.admin), "away")
    table = page.editors["away"]
    qtbot.waitUntil(lambda: len(table.rows()) >= 4)
    first = table.rows()[0]
    assert people.other in first["name"]
    assert first["unlocked"].count("、") == 3
    assert (first["wrong"], first["state"]) == ("2", ("done", "在用"))
    while len(table.rows()) < 10:
        before = len(table.rows())
        table.view.scrollToBottom()
        qtbot.waitUntil(lambda before=before: len(table.rows()) > before)
    assert len({row["id"] for row in table.rows()}) == 10
    settle(qtbot, backend)


def test_a_clerk_has_no_such_section(qtbot: QtBot, desk: Workspace) -> None:
    assert "away" not in names(page_of(desk, "display"))
