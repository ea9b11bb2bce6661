"""The page over a real suite, offscreen."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import QApplication

from yichuang.api import Actor
from yichuang.api.ui import Dialog, theme
from yichuang.shell.testing import open_page

CLERK = Actor(1, "clerk", "Clerk", "11", permissions=frozenset({"lostfound.use"}))


@pytest.fixture
def suite(open_suite):
    return open_suite(plugins=["lostfound"])


def test_what_is_recorded_appears_and_what_is_handed_back_goes(suite, qtbot, monkeypatch):
    theme.apply(QApplication.instance(), "light")
    answers = iter([{"what": "雨伞", "place": "A06"}, {"to": "王敏"}])
    monkeypatch.setattr(Dialog, "ask", lambda *_args, done, **_options: done(next(answers)))
    with open_page(suite, CLERK, "lostfound.list") as (page, context):
        toasts = []
        context.services.toast_asked.connect(lambda text, *_rest: toasts.append(text))
        page.record()
        qtbot.waitUntil(lambda: [row["what"] for row in page.table.rows()] == ["雨伞"])
        page.hand_back(page.table.rows()[0])
        qtbot.waitUntil(lambda: page.table.rows() == [])
        assert toasts == ["已登记。", "已归还。"]
