"""The model hall's kiosk: an account of its own that is no staff, and a tree whose every leaf gives a number."""

from __future__ import annotations

import pytest

from yichuang.api import Actor
from yichuang.demo import model_hall
from yichuang.hall.importing import model_hall as hall_files

GROUPS = "企业开办 社保医保 不动产登记 民政残联 林草农牧 工程建设 公安户政 税务 跨省通办 咨询与其他".split()


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


def test_the_kiosk_of_the_model_hall(open_suite):
    suite = open_suite(plugins=["queue"])
    opened = model_hall.create(suite, lambda _step: None)
    machine = next(each for each in opened if each.role == "kiosk")
    kiosk = next(each for each in model_hall.people(suite, "kiosk") if each.account == machine.account)
    assert kiosk.permissions == frozenset(["queue.issue"]), "a machine gives numbers and nothing else"
    assert machine.account not in {person.account for person in hall_files().staff}

    view = suite.query(Actor.nobody(), "queue.kiosk")
    assert [node.name for node in view.nodes if not node.parent] == GROUPS
    groups = {node.parent for node in view.nodes}
    leaves = [node for node in view.nodes if node.code not in groups]
    assert all(node.line and node.icon for node in leaves)
    assert {node.line for node in leaves} == {line.code for line in view.lines}, (
        "every line can be queued for"
    )
    for leaf in leaves:
        issued = suite.run(kiosk, "queue.take", {"business": leaf.code, "kiosk": "1"})
        assert issued.ticket.line == leaf.line
    assert sum(node.left is not None for node in leaves) >= 5
    seats = [row for row in suite.query(kiosk, "queue.businesses") if row.seats]
    assert len(seats) >= 5, "some take appointments"
    deepest = next(node for node in leaves if node.code == "company.food.new")
    assert deepest.parent == "company.food"
