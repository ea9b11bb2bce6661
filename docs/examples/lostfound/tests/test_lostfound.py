"""The plugin in a real suite, on SQLite and PostgreSQL; no mocks."""

from __future__ import annotations

from datetime import date

import pytest
from yichuang_lostfound import tables
from yichuang_lostfound.rules import leaves_on

from yichuang.api import Actor, UserError
from yichuang.storage.migrate import Chain
from yichuang.testing import schema_differences

CHAIN = Chain("lostfound", "yichuang_lostfound", "0001")
CLERK = Actor(1, "clerk", "Clerk", "11", permissions=frozenset({"lostfound.use"}))


@pytest.fixture
def suite(open_suite):
    return open_suite(plugins=["lostfound"])


def test_the_suite_starts_it(suite):
    assert [each.id for each in suite.manifests] == ["lostfound"]
    assert suite.manifests[0].title("zh_CN") == "失物招领"


def test_a_thing_comes_and_goes(suite):
    key = suite.run(CLERK, "lostfound.record", {"what": "umbrella", "place": "hall 1"})
    (thing,) = suite.query(CLERK, "lostfound.kept")
    assert (thing.what, suite.query(CLERK, "lostfound.badge")) == ("umbrella", 1)
    suite.run(CLERK, "lostfound.hand_back", {"id": key, "to": "Wang"})
    assert suite.query(CLERK, "lostfound.kept") == []


def test_nothing_is_handed_back_twice(suite):
    key = suite.run(CLERK, "lostfound.record", {"what": "umbrella", "place": "hall 1"})
    suite.run(CLERK, "lostfound.hand_back", {"id": key, "to": "Wang"})
    with pytest.raises(UserError) as caught:
        suite.run(CLERK, "lostfound.hand_back", {"id": key, "to": "Li"})
    assert caught.value.code == "LOSTFOUND_GONE"


def test_it_is_found_from_the_palette(suite):
    suite.run(CLERK, "lostfound.record", {"what": "umbrella", "place": "hall 1"})
    hits = suite.executor.read(CLERK, lambda read: read.hooks.search(read=read, text="umb", limit=5))
    assert [hit.title for hit in hits] == ["umbrella"]


def test_the_migration_makes_the_tables(suite, database_url):
    assert schema_differences(CHAIN, database_url, tables.meta) == []


@pytest.mark.parametrize(
    ("found", "days", "leaves"),
    [(date(2026, 11, 22), 30, date(2026, 12, 22)), (date(2026, 1, 31), 1, date(2026, 2, 1))],
)
def test_when_a_thing_leaves(found, days, leaves):
    assert leaves_on(found, days) == leaves
