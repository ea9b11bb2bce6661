"""Papers on their way to the seal: asking, refusing, being found."""

from __future__ import annotations

import pytest

from yichuang.api import Actor

from .hall import (
    CLERK,
    GRASSLAND,
    KEEPER,
    OTHER_KEEPER,
    SYSTEM,
    Hall,
    decision,
    events,
    refused,
)


def test_asking_twice_gives_the_same_ticket(hall: Hall):
    hall.seal()
    assert hall.paper() == hall.paper()
    assert hall.query(KEEPER, "seal.badge") == 1
    assert hall.query(OTHER_KEEPER, "seal.badge") == 0


def test_an_asker_that_fails_leaves_nothing(hall: Hall):
    hall.seal()
    with pytest.raises(RuntimeError):
        hall.paper(fails=True)
    assert hall.query(KEEPER, "seal.badge") == 0


def test_no_seal_of_that_kind(hall: Hall):
    hall.seal()
    fields = {"subject": "case:1", "paper": "decision", "pdf": decision()}
    assert hall.run(KEEPER, "asker.ask", seal_kind="licence", **fields) is None
    assert hall.run(KEEPER, "asker.ask", agency=GRASSLAND, **fields) is None


def test_a_paper_made_anew_takes_the_place_of_the_old_one(hall: Hall):
    card = hall.seal()
    first = hall.paper()
    assert hall.paper(pdf=decision(text="更正后的决定。")) == first
    stamped = hall.run(KEEPER, "seal.stamp", request_id=first, seal_id=card.id)
    assert "asker.sealed" in events(hall, "case:1")
    refused("ALREADY_STAMPED", lambda: hall.paper(pdf=decision(text="再更正。")))
    assert hall.paper(pdf=decision(text="更正后的决定。")) == stamped.request_id, "asking again is harmless"


def test_refusing(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    refused("REASON_MISSING", lambda: hall.run(KEEPER, "seal.refuse", request_id=number, reason=""))
    hall.run(KEEPER, "seal.refuse", request_id=number, reason="日期有误")
    refused("ALREADY_DECIDED", lambda: hall.run(KEEPER, "seal.refuse", request_id=number, reason="again"))
    refused("ALREADY_DECIDED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert hall.query(KEEPER, "seal.waiting").refused == 1
    assert hall.paper() == number, "the asker may ask again"
    assert hall.query(KEEPER, "seal.waiting").waiting == 1


def test_a_paper_that_its_owner_takes_back_leaves_the_list_with_the_reason(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    hall.run(KEEPER, "asker.take_back", subject="case:1")
    listed = hall.query(KEEPER, "seal.waiting")
    assert (listed.waiting, hall.query(KEEPER, "seal.badge")) == (0, 0)
    assert [(p.state, p.reason) for p in listed.papers] == [("refused", "已由另一文书代替")]
    for act in (
        lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id),
        lambda: hall.run(KEEPER, "seal.refuse", request_id=number, reason="日期有误"),
    ):
        assert "已由另一文书代替" in str(refused("ALREADY_DECIDED", act)), "the keeper is told why"
    assert "seal.withdraw" in events(hall, "case:1")


def test_taking_back_what_is_sealed_or_unknown_changes_nothing(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    hall.run(KEEPER, "asker.take_back", subject="case:1")
    hall.run(KEEPER, "asker.take_back", subject="case:99")
    assert [p.state for p in hall.query(KEEPER, "seal.waiting").papers] == ["stamped"]


def test_todos_figures_search_and_health(hall: Hall):
    def ask(actor: Actor, name: str, **fields):
        return hall.suite.executor.read(actor, lambda read: getattr(read.hooks, name)(read=read, **fields))

    hall.seal()
    number = hall.paper()
    (todo,) = ask(KEEPER, "todos")
    assert (todo.title, todo.args, todo.page) == (
        "准予行政许可决定书",
        {"request_id": number},
        "seal.stamping",
    )
    assert ask(CLERK, "todos") == []
    (figure,) = ask(KEEPER, "figures")
    assert figure.value == "1"
    assert [hit.title for hit in ask(KEEPER, "search", text="风电", limit=5)] == ["准予行政许可决定书"]
    assert ask(OTHER_KEEPER, "search", text="风电", limit=5) == []
    assert ask(KEEPER, "search", text="%%", limit=5) == []
    assert [finding.state for finding in ask(SYSTEM, "health")] == ["ok"]
    hall.clock.advance(days=3 * 365 - 10)
    assert [finding.state for finding in ask(SYSTEM, "health")] == ["warn"]
