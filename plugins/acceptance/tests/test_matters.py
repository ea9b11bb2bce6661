"""One matter at once on both databases: one intake, children of several agencies, refusals, one pick-up, and the errors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yichuang.api import Read, UserError, entries_about, hall
from yichuang_acceptance.hooks import Hooks

from .conftest import APPROVER, CHIEF, CLERK, ISSUER, LEADER, OTHER, OWN, STRANGER, citizen, hands
from .life import at_once, contents, day, refused, render, set_clock, tick
from .matter_hall import (
    CHECKED,
    FIRE,
    FIRE_AT,
    FOOD,
    FOOD_AT,
    FOREST,
    NAMES,
    ONCE,
    SIGN,
    SIGN_AT,
    THEME,
    TOBACCO_AT,
    case_of,
    decide,
    detail,
    enter_theme,
    fill_theme,
    matter,
    part,
    pick_up,
    states,
    taken,
    verified,
)


@pytest.fixture
def themed(suite):
    fill_theme(suite)
    return suite


def journal(suite, number):
    with suite.database.read() as reader:
        return entries_about(reader, f"case:{number}")


def test_a_restaurant_is_taken_in_once_decided_side_by_side_and_collected_once(themed):
    """Test 8 of the field's rules: one form, children in parallel, one refused, one pick-up, no paper twice."""
    plan = themed.query(CLERK, "acceptance.matter_plan", {"theme": THEME})
    assert [m.name for m in plan.materials] == list(ONCE), "no paper twice"
    assert plan.asked_in_all == 9
    assert [f.label for f in plan.fields] == ["店名", "地址", "面积", "座位数", "联系地址", "申请内容"]
    of = taken(themed)
    assert (of.state, of.waiting, len(of.cases)) == ("review", 1, 3)
    assert of.cases == [f"{of.case_no}-0{n}" for n in (1, 2, 3)]
    for number in of.cases:
        assert journal(themed, number)[0].event == "acceptance.receive_item", "also of what waits"
    assert states(themed, of) == {CHECKED: "", FOOD_AT: "received", SIGN_AT: "review", FIRE_AT: "review"}
    for position in (FOOD_AT, SIGN_AT, FIRE_AT):
        assert case_of(themed, of, position).form["店名"] == "罕山饭馆", "typed once, known to each"
    assert [r.item for r in themed.query(FOREST, "acceptance.cases", {"tab": "review"})] == [SIGN]
    assert [r.item for r in themed.query(APPROVER, "acceptance.cases", {"tab": "review"})] == [FIRE]
    assert verified(themed, of) == "review"
    assert states(themed, of)[FOOD_AT] == "review", "opened by what it waited for"
    decide(themed, of, FOOD_AT)
    decide(themed, of, SIGN_AT, "refuse")
    assert detail(themed, of).question == SIGN_AT
    answer = {"matter_id": of.matter_id, "position": SIGN_AT, "answer": "go_on"}
    assert themed.run(CLERK, "acceptance.answer_refusal", answer) == "review"
    assert refused(themed, ISSUER, "acceptance.deliver_matter", {
        "matter_id": of.matter_id, "receiver": "苏日娜", "receiver_code": citizen()}) == "NOT_READY_TOGETHER"  # fmt: skip
    decide(themed, of, FIRE_AT)
    assert detail(themed, of).row.state == "ready"
    assert detail(themed, of).collect == 3
    out = pick_up(themed, of)
    assert (out.results, out.state) == (3, "done")
    assert set(states(themed, of).values()) == {"granted", "delivered"}
    slips = [p for p in detail(themed, of).papers if p.kind == "D15"]
    assert len(slips) == 1, "one receipt for all"
    assert slips[0].case_id == out.case_id
    assert [p.kind for p in render(themed, out)] == ["D15"]


def test_materials_are_shared_out_and_the_original_is_kept_once(themed):
    of = taken(themed)
    found = {
        position: {m.name: (m.given, m.originals, m.copies) for m in case_of(themed, of, position).materials}
        for position in (FOOD_AT, SIGN_AT, FIRE_AT)
    }
    assert found[FOOD_AT]["营业执照"] == ("paper", 0, 1)
    assert found[SIGN_AT]["营业执照"] == ("paper", 1, 0), "it asks for the original"
    assert found[FIRE_AT]["营业执照"] == ("paper", 0, 1)
    assert found[FIRE_AT]["场所使用证明"] == ("paper", 0, 1)


def test_what_is_missing_is_told_once_for_all_items(themed):
    before = contents(themed)
    with pytest.raises(UserError) as error:
        themed.run(CLERK, "acceptance.accept_matter", matter(materials=hands(1, 3)))
    assert contents(themed) == before
    assert error.value.code == "MATERIAL_MISSING"
    names = [d["name"] for d in error.value.detail["defects"]]
    assert names == ["营业执照", "户外招牌申请表", "场所使用证明", "消防安全检查申报表"], (
        "the licence is named once"
    )


def test_incomplete_items_are_told_and_complete_ones_go_on(themed):
    of = themed.run(CLERK, "acceptance.receive_matter", matter(materials=hands(1, 2, 3, 4)))
    assert of.told == 1
    assert states(themed, of) == {CHECKED: "", FOOD_AT: "received", SIGN_AT: "review", FIRE_AT: "correcting"}
    fire = case_of(themed, of, FIRE_AT)
    assert [p.kind for p in fire.papers] == ["D1", "D2"]
    told = next(e.opinion for e in fire.events if e.event == "correct")
    assert "场所使用证明" in told
    assert "消防安全检查申报表" in told
    themed.run(CLERK, "acceptance.resubmit", {"case_id": fire.row.id, "materials": hands(1, 3)})
    assert themed.run(CLERK, "acceptance.accept_case", {"case_id": fire.row.id}).state == "review"


def test_an_item_that_waits_is_seen_and_nothing_accepts_it_before_its_time(themed, clock):
    of = taken(themed)
    food = case_of(themed, of, FOOD_AT)
    assert food.telling_due_at is None
    assert refused(themed, CLERK, "acceptance.accept_case", {"case_id": food.row.id}) == "WAITS_FOR"
    told = {"case_id": food.row.id, "defects": ["x"]}
    assert refused(themed, CLERK, "acceptance.request_correction", told) == "WAITS_FOR"
    set_clock(clock, "2026-04-20")
    tick(themed)
    assert states(themed, of)[FOOD_AT] == "received", "the five days to tell do not run for it"
    line = themed.query(APPROVER, "acceptance.matter_of_case", {"case_id": food.row.id})
    assert (line.name, line.number, line.parts, line.waits_for) == (
        "开办餐饮店",
        2,
        4,
        ["企业营业执照信息核验"],
    )
    found = themed.query(CLERK, "acceptance.search", {"text": of.case_no})
    assert {r.case_no for r in found.rows} == set(of.cases)


def test_an_item_opens_in_the_transaction_that_grants_the_one_before(themed):
    of = taken(themed, theme="YJS-91")
    assert list(states(themed, of).values()) == ["review", "received", "received"]
    decide(themed, of, 1)
    assert list(states(themed, of).values()) == ["ready", "review", "received"]
    second = case_of(themed, of, 2)
    assert [e.event for e in second.events] == ["receive", "accept", "dispatch"]
    assert second.row.acceptor == CLERK.name, "whoever granted the first did not take the second in"
    assert [p.kind for p in second.papers] == ["D1", "D3"]
    assert all(p.document for p in second.papers), "its papers are made with those of the first"
    opened = themed.query(CLERK, "acceptance.verify_case", {"case_id": second.row.id})
    assert opened.broken_at is None


def test_an_incomplete_item_gets_its_five_days_when_it_opens(themed):
    of = themed.run(CLERK, "acceptance.receive_matter", matter("YJS-91", materials=hands(1, 2, 3)))
    decide(themed, of, 1)
    second = case_of(themed, of, 2)
    assert (second.row.state, day(second.telling_due_at)) == ("received", "2026-03-24")
    assert second.row.id in [r.id for r in themed.query(CLERK, "acceptance.cases", {"tab": "correcting"})]
    told = {"case_id": second.row.id, "defects": ["户外招牌申请表：未提交"]}
    assert themed.run(CLERK, "acceptance.request_correction", told).state == "correcting"


def test_what_was_opened_stays_open_when_the_one_before_is_terminated(themed):
    of = themed.run(CLERK, "acceptance.receive_matter", matter("YJS-91", materials=hands(1, 2, 3)))
    decide(themed, of, 1)
    first = case_of(themed, of, 1).row
    cause = {"cause": "lapsed", "reason": "场所已拆除", "law": "《行政许可法》第七十条"}
    themed.run(
        CHIEF, "acceptance.terminate", {"case_id": first.id, "row_version": first.row_version, **cause}
    )
    told = {"case_id": part(themed, of, 2).case_id, "defects": ["户外招牌申请表：未提交"]}
    assert themed.run(CLERK, "acceptance.request_correction", told).state == "correcting"
    assert states(themed, of)[3] == "received", "what was not opened yet waits"


def test_two_grants_at_one_moment_open_what_waits_for_both(themed):
    steps = [(NAMES[FOOD], FOOD, False, []), (NAMES[FIRE], FIRE, False, []),
             (NAMES[SIGN], SIGN, False, [NAMES[FOOD], NAMES[FIRE]])]  # fmt: skip
    with themed.database.write() as writer:
        enter_theme(writer, "YJS-92", "并联后办理", None, steps)
    of = taken(themed, theme="YJS-92")

    def grant(position):
        row = part(themed, of, position)
        version = case_of(themed, of, position).row.row_version
        request = {"case_id": row.case_id, "row_version": version, "opinion": "同意"}
        return lambda: themed.run(APPROVER, "acceptance.grant", request)

    done = at_once(grant(1), grant(2))
    assert [d.state for d in done] == ["granted", "granted"]
    assert states(themed, of)[3] == "review"


def test_optional_items_are_there_only_when_wanted(themed):
    of = taken(themed, chosen=[TOBACCO_AT])
    assert states(themed, of)[TOBACCO_AT] == "review"
    assert len(of.cases) == 4
    assert TOBACCO_AT not in states(themed, taken(themed))


def test_a_verified_step_opens_what_waits_for_it_at_once(themed):
    of = taken(themed, verified={CHECKED: "营业执照在业"})
    assert (of.waiting, states(themed, of)[FOOD_AT]) == (0, "review")
    assert part(themed, of, CHECKED).note == "营业执照在业"
    request = {"matter_id": of.matter_id, "position": CHECKED, "outcome": "granted", "note": "x"}
    assert refused(themed, CLERK, "acceptance.enter_outcome", request) == "OUTCOME_KNOWN"
    assert (
        refused(themed, CLERK, "acceptance.enter_outcome", request | {"position": SIGN_AT})
        == "NOT_ANOTHER_BODY"
    )
    assert (
        refused(themed, CLERK, "acceptance.accept_matter", matter(verified={SIGN_AT: "x"}))
        == "NOT_ANOTHER_BODY"
    )


# ---- dues ----


def test_the_whole_is_promised_by_the_theme_and_lasts_as_long_as_its_longest_item(themed):
    of = taken(themed)
    assert (day(of.promise_due_at), day(of.legal_due_at)) == ("2026-03-31", "2026-03-31")
    chain = taken(themed, theme="YJS-91")
    assert day(chain.promise_due_at) == "2026-04-07", (
        "no promise for the whole: fifteen days one behind the other"
    )
    assert day(chain.legal_due_at) == "2026-04-28"


def test_joint_handling_has_forty_five_days_and_is_extended_by_the_government(themed):
    themed.run(
        LEADER.system(), "core.set_setting", {"key": "acceptance.joint_themes", "value": THEME}
    ) if False else None
    with themed.database.write() as writer:
        writer.insert(hall.setting, key="acceptance.joint_themes", value=f"YJS-07;{THEME}")
    of = taken(themed)
    assert day(of.legal_due_at) == "2026-05-19"
    fire = case_of(themed, of, FIRE_AT)
    assert fire.joint
    longer = {"case_id": fire.row.id, "row_version": fire.row.row_version, "reason": "需要联合踏勘"}
    themed.run(LEADER, "acceptance.extend_joint", longer)
    assert case_of(themed, of, FIRE_AT).extended


# ---- what it says ----


def test_the_eight_ones_say_which_apply_and_a_hall_has_its_own_words(themed):
    of = taken(themed)
    ones = {one.label: one.applies for one in detail(themed, of).ones}
    assert list(ones) == [
        "一个专区",
        "一支队伍",
        "一次告知",
        "一套表单",
        "一个流程",
        "一标准审批",
        "一次联办",
        "一窗出件",
    ]
    assert ones == ones | {
        "一支队伍": True,
        "一次告知": True,
        "一套表单": True,
        "一个流程": True,
        "一次联办": True,
    }
    assert (ones["一窗出件"], ones["一标准审批"]) == (False, False), (
        "not ready yet; one step is another body's"
    )
    with themed.database.write() as writer:
        writer.insert(
            hall.setting, key="acceptance.matter_ones", value="一次告知=notice；一门进出；一次送达=pickup"
        )
    own = [(one.label, one.applies) for one in detail(themed, of).ones]
    assert own == [("一次告知", True), ("一门进出", None), ("一次送达", False)]


def test_lists_put_questions_first(themed):
    first, second = taken(themed), taken(themed)
    decide(themed, second, SIGN_AT, "refuse")
    rows = themed.query(CLERK, "acceptance.matters", {})
    assert [(r.id, r.asked) for r in rows] == [(second.matter_id, True), (first.matter_id, False)]
    assert (rows[0].parts, rows[0].done, rows[0].applicant, rows[0].light) == (4, 1, "苏*娜", "normal")
    assert themed.query(CLERK, "acceptance.matters", {"tab": "ready"}) == []


def test_the_suite_finds_matters_and_reminds_of_questions(themed):
    of = taken(themed)

    def told(actor):
        with themed.database.read() as reader:
            read = Read(actor, themed.executor.clock(), themed.executor.hooks, reader, themed.executor)
            hits = [h for h in Hooks().search(read, "餐饮", 9) if "matter_id" in h.args]
            return hits, [todo for todo in Hooks().todos(read) if todo.id.startswith("matter:")]

    hits, todos = told(CLERK)
    assert [(h.page, h.args, h.title) for h in hits] == [
        ("acceptance.intake", {"matter_id": of.matter_id}, "260317-0001 开办餐饮店")
    ]
    assert todos == []
    decide(themed, of, SIGN_AT, "refuse")
    assert [(t.page, t.args) for t in told(CLERK)[1]] == [("acceptance.intake", {"matter_id": of.matter_id})]
    assert told(ISSUER)[0][0].page == "acceptance.issuing"
    assert told(FOREST) == ([], []), "an approver works on cases"


def test_a_retry_under_the_same_key_does_nothing_twice(themed):
    first = themed.run(CLERK, "acceptance.accept_matter", matter(), "key-1")
    before = contents(themed)
    assert themed.run(CLERK, "acceptance.accept_matter", matter(), "key-1") == first
    assert contents(themed) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"theme": "YJS-00"}, "UNKNOWN_THEME"),
        ({"form": {"店名": "x", "老板": "y"}}, "UNKNOWN_FIELD"),
        ({"form": {"店名": "x" * 600}}, "FORM_INCOMPLETE"),
        ({"versions": {FOOD: 9}}, "UNKNOWN_ITEM"),
        (
            {"applicant": {"name": "苏日娜", "code_kind": "111", "code": "15042119900307241X"}},
            "BAD_CITIZEN_ID",
        ),
    ],
)
def test_bad_input_changes_nothing(themed, changes, code):
    assert refused(themed, CLERK, "acceptance.accept_matter", matter(**changes)) == code


def test_people_of_other_agencies_do_nothing_with_a_matter(themed):
    """Every operation that names a matter, taken from the registry; the leading agency and the window may."""
    of = taken(themed)
    decide(themed, of, SIGN_AT, "refuse")
    own = {o.permission for o in themed.registry.all() if o.name.startswith("acceptance.")}
    stranger = replace(STRANGER, permissions=frozenset(own - {"acceptance.see_all"}))
    fillers = {
        "position": SIGN_AT,
        "outcome": "granted",
        "note": "x",
        "answer": "go_on",
        "reason": "x",
        "receiver": "x",
    }
    before, tried = contents(themed), []
    for operation in themed.registry.all():
        fields = operation.request.model_fields
        if not operation.name.startswith("acceptance.") or "matter_id" not in fields:
            continue
        request = {"matter_id": of.matter_id} | {n: v for n, v in fillers.items() if n in fields}
        act = themed.run if operation.kind == "operation" else themed.query
        with pytest.raises(UserError) as error:
            act(stranger, operation.name, request)
        assert error.value.code == "NOT_YOUR_AGENCY", operation.name
        tried.append(operation.name)
    assert len(tried) >= 5, tried
    assert contents(themed) == before
    assert themed.query(stranger, "acceptance.matters", {}) == []
    leads = replace(stranger, agency=OWN)
    assert [r.id for r in themed.query(leads, "acceptance.matters", {})] == [of.matter_id]
    assert stranger.agency == OTHER
