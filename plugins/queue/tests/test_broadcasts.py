"""A broadcast reaches every desk once, also one that opens its caller later, and notices do not come as broadcasts."""

from __future__ import annotations

import pytest

from yichuang.shell.testing import open_page

from .conftest import MANAGER, clerk

ONE = clerk(1, "A01")


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


def test_a_broadcast_is_heard_once(qtbot, suite):
    suite.executor.feed.start()
    with open_page(suite, ONE, "queue.caller") as (_window, context):
        said = []
        context.services.toast_asked.connect(lambda text, kind, _undo: said.append((text, kind)))
        suite.run(MANAGER, "queue.say", {"kind": "notice", "text": "下午停办税务"})
        suite.run(MANAGER, "queue.say", {"kind": "broadcast", "text": "楼上清场", "zone": "upstairs"})
        suite.run(MANAGER, "queue.say", {"kind": "broadcast", "text": "请各窗口核对时钟", "zone": "z"})
        qtbot.waitUntil(lambda: said == [("请各窗口核对时钟", "info")], timeout=10_000)
    with open_page(suite, ONE, "queue.caller") as (_window, context):
        context.services.toast_asked.connect(lambda text, kind, _undo: said.append((text, kind)))
        suite.run(MANAGER, "queue.say", {"kind": "broadcast", "text": "开会"})
        qtbot.waitUntil(lambda: said[1:] == [("开会", "info")], timeout=10_000)
    suite.run(MANAGER, "queue.say", {"kind": "broadcast", "text": "散会"})
    with open_page(suite, ONE, "queue.caller") as (_window, context):
        context.services.toast_asked.connect(lambda text, kind, _undo: said.append((text, kind)))
        qtbot.waitUntil(lambda: said[2:] == [("散会", "info")], timeout=10_000)
