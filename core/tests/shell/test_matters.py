"""One matter at once: found in the palette by pinyin, shown with its items, each leading to its guide."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from yichuang.host.suite import Suite
from yichuang.shell.backend import Backend
from yichuang.shell.matters import matter_dialog
from yichuang.shell.window import MainWindow
from yichuang.shell.workspace import Workspace
from yichuang.widgets import Button, Dialog

from .conftest import settle


@pytest.fixture
def ready(qtbot: QtBot, desk: Workspace) -> Workspace:
    """A desk that knows the hall's items and matters and has indexed its commands."""
    qtbot.waitUntil(lambda: bool(desk.finding.matters()), timeout=10_000)

    def titles() -> set[str]:
        return {command.title for command in desk.finding.finder.commands.values()}

    qtbot.waitUntil(lambda: "一件事：企业开办" in titles(), timeout=10_000)
    qtbot.waitUntil(
        lambda: any(h.title == "一件事：企业开办" for h in desk.finding.find(">qykb", "")), timeout=30_000
    )
    return desk


def words_of(dialog: Dialog) -> set[str]:
    return {child.text() for child in dialog.findChildren(type(dialog.remark))}


def test_the_hall_has_twelve_matters_with_their_items(suite: Suite, desk: Workspace) -> None:
    matters = suite.query(desk.actor, "hall.matters")
    assert len(matters) == 12
    assert sum(len(matter.steps) for matter in matters) == 77
    first = matters[0]
    assert (first.name, first.lead) == ("企业开办", "市场监督管理局")
    assert all(bool(step.item) == bool(step.agency) for matter in matters for step in matter.steps)


def test_a_matter_is_found_by_its_initials_and_opened(
    qtbot: QtBot, window: MainWindow, ready: Workspace, backend: Backend
) -> None:
    ready.palette_box.open(">qykb")
    hit = next(hit for hit in ready.palette_box.hits() if hit.title == "一件事：企业开办")
    ready.palette_box.close_palette()
    hit.act()
    dialog = window.findChild(Dialog)
    assert {"市场监督管理局", "0.5 个工作日"} <= words_of(dialog)
    assert "内资企业及分支机构设立登记" in words_of(dialog)
    guide = next(button for button in dialog.findChildren(Button) if button.text() == "办事指南")
    guide.click()
    qtbot.waitUntil(
        lambda: any(d.accessibleName() == "内资企业及分支机构设立登记" for d in window.findChildren(Dialog)),
        timeout=10_000,
    )
    shown = next(d for d in window.findChildren(Dialog) if d.accessibleName() == "内资企业及分支机构设立登记")
    assert {"一件事", "企业开办"} <= words_of(shown)
    shown.reject()
    settle(qtbot, backend)


def test_every_matter_fits_on_the_smallest_window(
    qtbot: QtBot, window: MainWindow, ready: Workspace, backend: Backend
) -> None:
    for matter in ready.finding.matters():
        dialog = matter_dialog(ready, matter)
        QApplication.processEvents()
        assert dialog.height() <= 680, matter.name
        dialog.reject()
    settle(qtbot, backend)
