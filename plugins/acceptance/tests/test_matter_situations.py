"""Situations inside a matter (情形) on both databases: one question for all items, the list and the items that follow."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import hall, update
from yichuang_acceptance import guide_tables as g
from yichuang_acceptance.rules import matter_situations as rules
from yichuang_acceptance.rules import situations as single
from yichuang_acceptance.rules.matter_situations import THEME
from yichuang_acceptance.rules.situations import Question

from .conftest import CLERK, hands
from .life import refused
from .matter_hall import (
    CHECKED,
    FIRE,
    FIRE_AT,
    FOOD,
    FOOD_AT,
    SIGN,
    SIGN_AT,
    STEPS,
    TOBACCO_AT,
    case_of,
    detail,
    fill_theme,
    matter,
    part,
)
from .matter_hall import (
    THEME as CODE,
)

HOT, LARGE = "是否经营热食？", "面积是否在500㎡以上？"


def ask_situations(suite):
    """The food and the sign item ask one question under different codes; the theme asks whether the fire item is needed."""
    fill_theme(suite)
    asked = {
        FOOD: ("Q1", HOT, "", "", "Q1=是"),
        SIGN: ("Q7", "是否经营热食?", "", "", "Q7=否"),
    }
    with suite.database.write() as writer:
        for item, (code, text, *expressions) in asked.items():
            lists = {
                "situations": [{"code": code, "question": text, "options": "是;否"}],
                "materials": [{"situation_expr": expression} for expression in expressions],
            }
            writer.insert(
                g.guide, item=item, version=1, state="published", body={"elements": {}, "lists": lists},
                changed_at=datetime(2026, 3, 1, tzinfo=UTC),
            )  # fmt: skip
        body = writer.one(hall.theme.select().where(hall.theme.c.code == CODE)).body
        body["situations"] = [{"code": "T1", "question": LARGE, "options": ["是", "否"]}]
        body["items"][FIRE_AT - 1]["situation_expr"] = "T1=是"
        writer.execute(update(hall.theme).where(hall.theme.c.code == CODE).values(body=body))


@pytest.fixture
def asking(suite):
    ask_situations(suite)
    return suite


def planned(suite, **answers):
    said = {HOT: answers.get("hot"), LARGE: answers.get("large")}
    request = {"theme": CODE, "answers": {key: answer for key, answer in said.items() if answer}}
    return suite.query(CLERK, "acceptance.matter_plan", request)


def test_each_question_is_asked_once_for_the_whole_matter(asking):
    plan = planned(asking)
    assert [(q.text, q.answers) for q in plan.questions] == [(LARGE, ["是", "否"]), (HOT, ["是", "否"])]


def test_the_list_and_the_items_follow_the_answers(asking):
    def names(**answers):
        return [m.name for m in planned(asking, **answers).materials]

    assert "从业人员健康证" not in names(), "what hangs on an open question is not asked for yet"
    assert "从业人员健康证" in names(hot="是")
    assert "场所使用证明" not in names(hot="是", large="否")
    assert "场所使用证明" in names(hot="否", large="否")
    assert "消防安全检查申报表" in names(large="是")
    (fire,) = [p for p in planned(asking, large="否").parts if p.position == FIRE_AT]
    assert (fire.chosen, fire.needless, fire.condition) == (False, True, "面积是否在500㎡以上：是")


def test_a_matter_is_taken_in_with_what_its_answers_leave(asking):
    answers = {HOT: "是", LARGE: "否"}
    count = len(planned(asking, hot="是", large="否").materials)
    of = asking.run(CLERK, "acceptance.accept_matter", matter(papers=count, answers=answers))
    seen = detail(asking, of)
    assert [p.position for p in seen.parts] == [CHECKED, FOOD_AT, SIGN_AT], "the fire item is not needed"
    assert seen.form[LARGE] == "否", "the answers stand on the notice and with the matter"
    assert [m.name for m in case_of(asking, of, FOOD_AT).materials] == [
        "食品经营许可申请书",
        "营业执照",
        "从业人员健康证",
    ]
    assert [m.name for m in case_of(asking, of, SIGN_AT).materials] == ["户外招牌申请表", "营业执照"]
    assert part(asking, of, SIGN_AT).state == "review"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "ANSWER_MISSING"),
        ({HOT: "是"}, "ANSWER_MISSING"),
        ({HOT: "也许", LARGE: "是"}, "ANSWER_UNKNOWN"),
        ({HOT: "是", LARGE: "是", "Q9": "是"}, "ANSWER_UNKNOWN"),
    ],
)
def test_no_question_is_left_open_and_no_answer_invented(asking, answers, code):
    for name in ("accept_matter", "receive_matter"):
        assert refused(asking, CLERK, f"acceptance.{name}", matter(answers=answers)) == code


def test_what_the_answers_drop_cannot_be_verified_or_handed_in(asking):
    answers = {HOT: "是", LARGE: "否"}
    verified = matter(papers=4, answers=answers, verified={FIRE_AT: "x"})
    assert refused(asking, CLERK, "acceptance.accept_matter", verified) == "NOT_ANOTHER_BODY"
    short = matter(materials=hands(1, 2), answers=answers)
    assert refused(asking, CLERK, "acceptance.accept_matter", short) == "MATERIAL_MISSING"


def test_what_waits_for_a_needless_item_waits_for_what_that_one_waited_for(suite):
    steps = [
        *STEPS[:3],
        (STEPS[3][0], FIRE, False, [STEPS[2][0]]),
        (STEPS[4][0], STEPS[4][1], False, [STEPS[3][0]]),
    ]
    fill_theme(suite, steps=steps)
    with suite.database.write() as writer:
        body = writer.one(hall.theme.select().where(hall.theme.c.code == CODE)).body
        body["situations"] = [{"code": "T1", "question": LARGE, "options": ["是", "否"]}]
        body["items"][FIRE_AT - 1]["situation_expr"] = "T1=是"
        writer.execute(update(hall.theme).where(hall.theme.c.code == CODE).values(body=body))
    (last,) = [p for p in planned(suite, large="否").parts if p.position == TOBACCO_AT]
    assert last.after == [STEPS[2][0]]


def test_where_the_answers_leave_no_item_nothing_is_taken_in(suite):
    fill_theme(suite, steps=[(STEPS[3][0], FIRE, False, [])])
    with suite.database.write() as writer:
        body = writer.one(hall.theme.select().where(hall.theme.c.code == CODE)).body
        body["situations"] = [{"code": "T1", "question": LARGE, "options": ["是", "否"]}]
        body["items"][0]["situation_expr"] = "T1=是"
        writer.execute(update(hall.theme).where(hall.theme.c.code == CODE).values(body=body))
    assert [q.text for q in planned(suite).questions] == [LARGE], "it can be asked although no item is in yet"
    nothing = matter(materials=[], answers={LARGE: "否"})
    assert refused(suite, CLERK, "acceptance.accept_matter", nothing) == "NO_ITEMS_HERE"


def test_the_slip_tells_everything_that_may_be_needed(asking, monkeypatch):
    """Before the questions are answered the one notice keeps what hangs on them, with the situation."""
    from yichuang.api import documents

    told = []
    monkeypatch.setattr(documents, "render", lambda paper: told.append(str(paper)) or b"%PDF")
    asking.query(CLERK, "acceptance.matter_notice", {"theme": CODE})
    assert "从业人员健康证（是否经营热食：是）" in told[0]
    assert "消防安全检查申报表" in told[0]
    assert "视情形" in told[0]
    assert "（是否经营热食" not in told[0].replace("从业人员健康证（是否经营热食：是）", ""), (
        "others ask for it anyway"
    )
    asking.query(CLERK, "acceptance.matter_notice", {"theme": CODE, "answers": {LARGE: "否", HOT: "否"}})
    assert "消防安全检查申报表" not in told[1]
    assert "从业人员健康证" not in told[1]


# ---- the rules alone ----


def test_questions_with_other_answers_stay_apart_and_say_whose_they_are():
    yes_no, more = ("是", "否"), ("是", "否", "不确定")
    merged = rules.merge(
        {THEME: [Question("T1", LARGE, yes_no)], 1: [Question("Q1", LARGE, more)], 2: [Question("Q2", LARGE, ("否", "是"))]},
        {1: "甲事项", 2: "乙事项"},
    )  # fmt: skip
    assert [(m.key, dict(m.given_to)) for m in merged] == [
        (LARGE, {THEME: "T1", 2: "Q2"}), (f"{LARGE}（甲事项 Q1）", {1: "Q1"}),
    ]  # fmt: skip


questions = st.dictionaries(
    st.integers(1, 4),
    st.lists(
        st.builds(Question, st.sampled_from(["Q1", "Q2", "Q3"]), st.sampled_from(["甲？", "乙?", "乙？"]),
                  st.sampled_from([("是", "否"), ("否", "是"), ("一", "二")])),
        max_size=3, unique_by=lambda q: q.code,
    ),
)  # fmt: skip


@given(questions, st.data())
def test_every_item_gets_exactly_its_own_answers_back(asked, data):
    merged = rules.merge(asked, {n: f"事项{n}" for n in asked})
    assert len({m.key for m in merged}) == len(merged), "no two questions are kept under one key"
    answers = {m.key: data.draw(st.sampled_from(m.answers)) for m in merged}
    single.check_answers(rules.as_questions(merged), answers)
    for position, own in asked.items():
        single.check_answers(own, rules.answers_for(merged, answers, position))


@given(
    st.sampled_from(["", "Q1=是", "Q1=是|否", "Q1=是&Q2=一"]),
    st.dictionaries(st.sampled_from(["Q1", "Q2"]), st.sampled_from("是否一")),
)
def test_what_holds_is_possible_and_what_is_impossible_stays_so(expression, answers):
    if single.holds(expression, answers):
        assert rules.is_possible(expression, answers)
    if not rules.is_possible(expression, answers):
        more = {"Q1": "是", "Q2": "一"} | answers
        assert not single.holds(expression, more)
