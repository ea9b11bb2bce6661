"""What an approver looks at beside the papers: checks, visits on site, like cases, time used."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from yichuang.api import Fact, UserError, hookimpl, text
from yichuang_acceptance.rules.clocks import Limit, spent

from .conftest import APPROVER, INSTANT, STRANGER, accepted, decision, hands
from .life import set_clock
from .review import FIREMAN, HANDLER, PARTNER, begun, say, set_graph, staff


@pytest.fixture
def hall(suite: Any) -> Any:
    staff(suite)
    set_graph(suite)
    return suite


def beside(hall: Any, case: Any, actor: Any = HANDLER) -> Any:
    return hall.query(actor, "acceptance.case_beside", {"case_id": case.case_id})


def facts(hall: Any, case: Any) -> dict[str, tuple[str, str]]:
    return {fact.title: (fact.state, fact.detail) for fact in beside(hall, case).facts}


def test_acceptance_says_what_it_knows_itself(hall):
    case = begun(hall, materials=hands(1, 2) + hands(3, given="tolerated"))
    found = facts(hall, case)
    assert found["办理记录"][0] == "ok"
    assert found["容缺材料"] == ("warn", "尚未补交：健康证")
    assert found["重复申请"] == ("ok", "本事项没有其他在办件")
    other = begun(hall)
    assert facts(hall, case)["重复申请"] == (
        "warn",
        f"另有在办件：{other.case_no[6:12]}-{other.case_no[14:18]}",
    )


def test_more_doubles_than_are_named_are_hinted_at(hall):
    cases = [begun(hall) for _n in range(7)]
    state, said = facts(hall, cases[0])["重复申请"]
    assert state == "warn"
    assert said.count("260317-") == 5
    assert said.endswith("…")


def test_a_record_that_was_changed_is_told(hall):
    case = begun(hall)
    with hall.database.write() as writer:
        if hall.database.dialect_name == "sqlite":
            names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'acceptance_event'"
            for trigger in writer.all(text(names)):
                writer.execute(text(f"DROP TRIGGER {trigger.name}"))
        else:
            writer.execute(text("ALTER TABLE acceptance_event DISABLE TRIGGER USER"))
        writer.execute(
            text(f"UPDATE acceptance_event SET opinion = 'x' WHERE case_id = {case.case_id} AND seq = 2")
        )
    assert facts(hall, case)["办理记录"] == ("fail", "第 2 条与写入时不一致")


def test_plugins_are_asked_and_one_that_fails_is_unknown(hall, monkeypatch):
    class Quota:
        @hookimpl
        def check_facts(self, asked: Any) -> list[Fact]:
            assert asked.form == {"area": "80"}
            return [Fact("采伐限额", "ok", "余 384 m³", "林业局")]

    class Broken:
        @hookimpl
        def check_facts(self, asked: Any) -> list[Fact]:
            raise RuntimeError("away")

    monkeypatch.setattr(hall.hooks, "_fault", lambda *_what: None)
    hall.hooks.register("quota", "限额", 90, [Quota()])
    hall.hooks.register("broken", "红线", 91, [Broken()])
    found = {fact.title: fact for fact in beside(hall, begun(hall)).facts}
    assert (found["采伐限额"].state, found["采伐限额"].detail) == ("ok", "余 384 m³")
    assert [fact.state for fact in found.values()].count("unknown") == 1


def test_visits_say_what_each_officer_found(hall, clock):
    case = begun(hall)
    assert beside(hall, case).visits == []
    say(hall, HANDLER, case, "n1")
    say(hall, HANDLER, case, "n2a", opinion="设施齐全")
    (visit,) = beside(hall, case).visits
    assert (visit.name, visit.state, visit.done_at) == ("现场核查", "open", None)
    say(hall, PARTNER, case, "n2a", opinion="同意")
    (visit,) = beside(hall, case).visits
    assert [(said.staff, said.opinion) for said in visit.said] == [
        (HANDLER.name, "设施齐全"),
        (PARTNER.name, "同意"),
    ]
    assert visit.outcome == "pass"


def test_like_cases_are_decided_ones_of_the_item(hall, clock):
    past = [accepted(hall, item=INSTANT) for _n in range(3)]
    now = accepted(hall, item=INSTANT)
    accepted(hall)
    hall.run(APPROVER, "acceptance.grant", decision(hall, past[0], opinion="同意一"))
    hall.run(
        APPROVER, "acceptance.refuse", decision(hall, past[1], reason="不符合条件", law="《某法》第一条")
    )
    found = beside(hall, now, APPROVER)
    assert [(row.id, row.outcome_name) for row in found.alike] == [
        (past[1].case_id, "不予许可"), (past[0].case_id, "准予许可"),
    ]  # fmt: skip
    assert found.alike[1].opinion == "同意一"
    assert found.alike[0].applicant == "苏*娜"
    assert found.alike_count == 2


def test_another_agency_sees_nothing_of_it(hall):
    case = begun(hall)
    for actor in (STRANGER, FIREMAN):
        with pytest.raises(UserError) as refused:
            beside(hall, case, actor)
        assert refused.value.code == "NOT_YOUR_AGENCY"


def test_the_progress_says_how_long_each_node_took_and_what_is_used(hall, clock):
    case = begun(hall)  # Tuesday the 17th, 9:00; five working days from the 18th on
    set_clock(clock, "2026-03-18", 15)
    say(hall, HANDLER, case, "n1")
    desk = hall.query(HANDLER, "acceptance.desk_case", {"case_id": case.case_id})
    took = {node.node: node.took for node in desk.nodes}
    assert took["n1"] == Decimal("1.5")
    assert took["n2a"] is None
    assert desk.case.limit == Limit(Decimal(5), "W")
    assert desk.case.spent == Decimal("0.6"), "the day of acceptance does not count"
    set_clock(clock, "2026-03-25", 18)
    desk = hall.query(HANDLER, "acceptance.desk_case", {"case_id": case.case_id})
    assert desk.case.spent == Decimal("6.0"), "over its limit by a day"


@pytest.mark.parametrize(("unit", "used"), [("D", "2.5"), ("H", "3.0")])
def test_other_units_count_by_the_clock(hall, clock, unit, used):
    now, amount = clock(), Decimal(5)
    due = now + timedelta(hours=60 if unit == "D" else 2)
    assert spent(Limit(amount, unit), due, now, None) == Decimal(used)  # type: ignore[arg-type]  # no calendar is needed
