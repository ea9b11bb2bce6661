"""Technical inspections (art. 55): two officers or more, assigned within five working days of acceptance."""

from __future__ import annotations

import pytest

from yichuang.api import UserError
from yichuang_acceptance.rules.pauses import KINDS, check_inspectors

from .conftest import CHIEF, accepted, decision
from .life import refused, render, resume, rules, see, set_clock, suspend
from .test_life_papers import read

TWO = {"kind": "testing", "reason": "需要检测", "officers": ["乌云", "张工"]}


def test_two_officers_are_named_and_told(suite):
    case = accepted(suite)
    suspend(suite, case, **TWO)
    render(suite, case)
    seen = see(suite, case)
    assert seen.pauses[-1].officers == "乌云、张工"
    letter = next(read(suite, paper) for paper in seen.papers if paper.kind == "D7")
    assert "检测人员" in letter
    assert "乌云、张工" in letter
    assert seen.events[-1].event == "suspend"
    assert "V09" not in rules(suite, case)


@pytest.mark.parametrize("officers", [[], ["乌云"], ["乌云", "乌云"]])
def test_fewer_are_refused_where_a_licence_hangs_on_it(suite, officers):
    case = accepted(suite)
    asked = {**TWO, "officers": officers, "planned_end": "2026-04-20"}
    assert (
        refused(suite, CHIEF, "acceptance.suspend", decision(suite, case, CHIEF, **asked))
        == "OFFICERS_MISSING"
    )


def test_whoever_assigns_them_later_than_in_five_working_days_is_reported_once(suite, clock):
    case = accepted(suite)
    set_clock(clock, "2026-03-24")
    suspend(suite, case, **TWO)
    resume(suite, case)
    assert "V09" not in rules(suite, case), "accepted on 17 March: the fifth working day is the 24th"
    late = accepted(suite)
    set_clock(clock, "2026-04-01")
    suspend(suite, late, **TWO)
    assert rules(suite, late).count("V09") == 1


def test_other_procedures_and_other_items_need_none():
    assert check_inspectors(KINDS["expert_review"], [], licence=True) == ""
    assert check_inspectors(KINDS["testing"], [" 乌云 "], licence=False) == "乌云"
    with pytest.raises(UserError):
        check_inspectors(KINDS["quarantine"], ["乌云"], licence=True)
