"""Matters of any shape worked in any order, and one killed in every step: nothing opens early, is lost or happens twice."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from yichuang.api import UserError

from .conftest import CLERK
from .matter_hall import NAMES, decide, detail, enter_theme, fill_theme, pick_up, taken
from .matter_steps import STEPS
from .test_kill_life import kill_in, run_whole

ELSEWHERE = 2  # steps of other bodies among them
OPENED = {"accepted", "review", "suspended", "granted", "refused", "making", "ready", "delivered"}


def shape(chance: random.Random) -> list[tuple[str, str, bool, list[str]]]:
    """Steps in any order, each waiting for some of those before it."""
    steps = [(name, code) for code, name in NAMES.items()] + [(f"外部步骤{n}", "") for n in range(ELSEWHERE)]
    chance.shuffle(steps)
    names = [name for name, _code in steps]
    return [
        (name, code, chance.random() < 0.2, chance.sample(names[:n], chance.randint(0, min(n, 2))))
        for n, (name, code) in enumerate(steps)
    ]


def check(view: Any) -> None:
    """What must hold at every moment, told anew from what is seen."""
    good = {p.position for p in view.parts if p.standing in ("granted", "ready", "done")}
    for part in view.parts:
        if part.case_id is not None and part.state in OPENED:
            assert good.issuperset(part.after), f"{part.name} was opened early"
        if part.case_id is not None and part.standing == "waiting":
            assert not good.issuperset(part.after), f"{part.name} was forgotten"
    undecided = [p for p in view.parts if p.standing in ("waiting", "open")]
    must = [p for p in view.parts if not p.optional] or view.parts
    under_way = [p for p in must if p.standing in ("waiting", "open", "granted")]
    to_collect = [p for p in view.parts if p.standing in ("ready", "refused")]
    if not undecided and not to_collect:
        assert view.row.state == "done"
    if not under_way and to_collect:
        assert view.row.state == "ready"
    if view.question is not None:
        assert undecided


def step(suite: Any, of: Any, view: Any, chance: random.Random) -> None:
    """One thing that somebody may do now."""
    if view.question is not None and chance.random() < 0.5:
        answer = chance.choice(("stop", "go_on", "go_on"))
        request = {"matter_id": of.matter_id, "position": view.question, "answer": answer, "signed": True}
        suite.run(CLERK, "acceptance.answer_refusal", request)
        return
    part = chance.choice([p for p in view.parts if p.standing in ("waiting", "open")])
    refuses = chance.random() < 0.2
    if part.case_id is None:
        outcome = "refused" if refuses else "granted"
        request = {"matter_id": of.matter_id, "position": part.position, "outcome": outcome, "note": "x"}
        if part.standing == "waiting":
            with pytest.raises(UserError) as error:
                suite.run(CLERK, "acceptance.enter_outcome", request)
            assert error.value.code == "WAITS_FOR"
        else:
            suite.run(CLERK, "acceptance.enter_outcome", request)
    elif part.standing == "waiting":
        with pytest.raises(UserError) as error:
            suite.run(CLERK, "acceptance.accept_case", {"case_id": part.case_id})
        assert error.value.code == "WAITS_FOR"
    else:
        decide(suite, of, part.position, "refuse" if refuses else "grant")


@pytest.mark.parametrize("seed", range(4))
def test_a_matter_of_any_shape_ends_however_it_is_worked(suite, seed):
    chance = random.Random(seed)
    fill_theme(suite)
    with suite.database.write() as writer:
        enter_theme(writer, "YJS-93", "任意形状", None, shape(chance))
    plan = suite.query(CLERK, "acceptance.matter_plan", {"theme": "YJS-93"})
    wanted = [p.position for p in plan.parts if p.optional and chance.random() < 0.5]
    papers = len(
        suite.query(CLERK, "acceptance.matter_plan", {"theme": "YJS-93", "chosen": wanted}).materials
    )
    of = taken(suite, theme="YJS-93", chosen=wanted, papers=papers)
    for _n in range(60):
        view = detail(suite, of)
        check(view)
        if not any(p.standing in ("waiting", "open") for p in view.parts):
            break
        step(suite, of, view, chance)
    else:
        # what is left waits for something refused, and the clerk was asked
        assert detail(suite, of).question is not None
        request = {"matter_id": of.matter_id, "reason": "不再办理", "signed": True}
        suite.run(CLERK, "acceptance.withdraw_matter", request)
    if detail(suite, of).row.state == "ready":
        pick_up(suite, of)
    view = detail(suite, of)
    check(view)
    assert view.row.state == "done"
    for part in view.parts:
        if part.case_id is not None:
            verified = suite.query(CLERK, "acceptance.verify_case", {"case_id": part.case_id})
            assert verified.broken_at is None


def lasting(folder: Path) -> dict[str, Any]:
    connection = sqlite3.connect(folder / "hall.sqlite")
    asked = {
        "matters": "SELECT state, row_version FROM acceptance_matter",
        "parts": "SELECT position, outcome, answer FROM acceptance_matter_part ORDER BY position",
        "cases": "SELECT case_no, state FROM acceptance_case ORDER BY id",
        "events": "SELECT case_id, seq, event FROM acceptance_event ORDER BY case_id, seq",
        "papers": "SELECT case_id, kind, state FROM acceptance_paper ORDER BY case_id, kind",
        "gone": "SELECT case_id, receiver FROM acceptance_delivery ORDER BY case_id",
        "journal": "SELECT event, count(*) FROM core_journal WHERE event <> 'acceptance.render' GROUP BY 1",
    }
    try:
        return {name: connection.execute(sql).fetchall() for name, sql in asked.items()}
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_matter_ends_like_one_that_was_left_alone(tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run_whole(whole, "matter_steps")
    chance = random.Random(2026)
    for number in range(len(STEPS)):
        kill_in(killed, number, chance, "matter_steps")
    run_whole(killed, "matter_steps")
    after = lasting(killed)
    assert after == lasting(whole)
    assert after["matters"][0][0] == "done"
    assert len(after["gone"]) == 3
