"""Time passes while a page of the queue is open: yesterday's tickets end by themselves, and nothing runs when nothing is due."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from yichuang.shell.testing import open_page

from .conftest import MANAGER, clerk
from .test_operations import issue


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


def ticks(suite):
    with suite.database.read() as reader:
        return reader.scalar(text("SELECT count(*) FROM core_journal WHERE event = 'queue.tick'"))


@pytest.mark.parametrize("page_id", ["queue.caller", "queue.console"])
def test_an_open_page_ends_yesterday(qtbot, suite, clock, page_id):
    ticket = issue(suite)
    clock.move(days=1)
    who = MANAGER if page_id == "queue.console" else clerk(1, "A01")
    with open_page(suite, who, page_id):
        qtbot.waitUntil(lambda: ticks(suite) == 1, timeout=10_000)
        qtbot.waitUntil(lambda: not suite.query(who, "queue.is_due"), timeout=10_000)
    with suite.database.read() as reader:
        assert reader.scalar(text(f"SELECT state FROM queue_ticket WHERE id = {ticket.id}")) == "ended"
    with open_page(suite, who, page_id):
        qtbot.wait(300)
    assert ticks(suite) == 1, "an empty tick leaves no row"
