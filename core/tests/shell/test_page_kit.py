"""Pages without a window: the kit for tests of plugins."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.operations.accounts import actor_of
from yichuang.shell.testing import open_page

from .conftest import People


@pytest.fixture
def clerk(suite: Suite, people: People, themed: QApplication) -> Actor:
    return suite.executor.read(Actor.system(), lambda read: actor_of(read, people.clerk))


def test_a_page_runs_over_a_real_suite(qtbot: QtBot, suite: Suite, clerk: Actor) -> None:
    with open_page(suite, clerk, "fair.intake") as (page, context):
        qtbot.waitUntil(lambda: page.loads == 1)
        page.submit()
        qtbot.waitUntil(lambda: page.results == ["hello"])
        qtbot.waitUntil(lambda: page.label.text() == "hello")
        with qtbot.waitSignal(context.services.navigation_asked) as asked:
            context.navigate("other.page", case="1")
        assert asked.args == ["other.page", {"case": "1"}]
        assert context.can("fair.use")
        assert not context.can("fair.other")


def test_a_fault_of_the_program_is_raised_when_it_is_closed(qtbot: QtBot, suite: Suite, clerk: Actor) -> None:
    failures: list[str] = []

    def use() -> None:
        with open_page(suite, clerk, "fair.intake") as (_page, context):
            context.run("fair.break_down", failed=lambda error: failures.append(error.code))
            qtbot.waitUntil(lambda: failures == ["BUG"])

    with pytest.raises(ZeroDivisionError):
        use()


def test_an_unknown_page(suite: Suite, clerk: Actor, make_empty: Callable[[], Suite]) -> None:
    with pytest.raises(KeyError), open_page(suite, clerk, "fair.nowhere"):
        pass
