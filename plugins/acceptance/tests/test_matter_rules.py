"""One matter at once, the rules: the graph and its states, dues, one list of papers, one form; tables and properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import HALL_ZONE, UserError
from yichuang.api import calendar as working_days
from yichuang.hall.calendar_seed import seed_rows
from yichuang_acceptance.rules import form_values, matter_form, matter_materials
from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.form_fields import FormField
from yichuang_acceptance.rules.form_schema import schema_of
from yichuang_acceptance.rules.intake import Asked, Given, Handed, defects
from yichuang_acceptance.rules.machine import State
from yichuang_acceptance.rules.matter_graph import (
    GRANTS,
    MatterState,
    Part,
    Standing,
    asks,
    behind,
    chosen_parts,
    joint_due,
    matter_state,
    may_open,
    opened,
    stages,
    standing_of,
)
from yichuang_acceptance.rules.matter_materials import STRICTNESS, Wanted, same_name

CALENDAR = working_days.WorkingCalendar({row.day: row.working for row in seed_rows(2025, 2026)})
S = Standing


def part(position: int, *after: int, optional: bool = False, standing: Standing = S.WAITING) -> Part:
    return Part(position, f"事项{position}", after, optional, standing)


# ---- the graph ----


def test_stages_follow_what_waits_for_what():
    restaurant = [part(1), part(2, 1), part(3), part(4), part(5, optional=True)]
    assert stages(restaurant) == [[1, 3, 4, 5], [2]]


@pytest.mark.parametrize("parts", [[part(1, 2), part(2, 1)], [part(1, 1)], [part(1, 9)]])
def test_items_that_wait_for_one_another_are_refused(parts):
    with pytest.raises(UserError) as error:
        stages(parts)
    assert error.value.code == "MATTER_CIRCLE"


def test_leaving_an_optional_item_out_leaves_nobody_waiting_for_it():
    parts = [part(1), part(2, 1, optional=True), part(3, 2)]
    assert chosen_parts(parts, {2}) == [part(1), part(3, 1)], "what it waited for is waited for still"
    with pytest.raises(UserError) as error:
        chosen_parts(parts, {1})
    assert error.value.code == "NOT_OPTIONAL"


def test_a_serial_theme_waits_stage_by_stage():
    parts = chosen_parts([part(1), part(2), part(3, 1), part(4, 3)], set(), serial=True)
    assert [p.after for p in parts] == [(), (), (1, 2), (3,)]


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 8))
    made = []
    for n in range(1, count + 1):
        after = draw(st.sets(st.integers(1, n - 1), max_size=3)) if n > 1 else set()
        made.append(
            Part(
                n,
                f"事项{n}",
                tuple(sorted(after)),
                draw(st.booleans()),
                draw(st.sampled_from(list(Standing))),
            )
        )
    order = draw(
        st.permutations(range(1, count + 1))
    )  # the theme's own order says nothing about what comes first
    new = dict(zip(range(1, count + 1), order, strict=True))
    return [replace(p, position=new[p.position], after=tuple(sorted(new[a] for a in p.after))) for p in made]


@given(graphs(), st.booleans(), st.data())
def test_no_choice_makes_a_circle_and_stages_are_in_order(parts, serial, data):
    optional = [p.position for p in parts if p.optional]
    left_out = data.draw(st.sets(st.sampled_from(optional))) if optional else set()
    if len(left_out) == len(parts):
        return
    chosen = chosen_parts(parts, left_out, serial=serial)
    assert {p.position for p in chosen} == {p.position for p in parts} - left_out
    at = {position: n for n, stage in enumerate(stages(chosen)) for position in stage}
    assert at.keys() == {p.position for p in chosen}
    for p in chosen:
        assert all(at[before] < at[p.position] for before in p.after)
        if serial and at[p.position]:
            assert {q for q in at if at[q] == at[p.position] - 1} == set(p.after)


@given(graphs())
def test_nothing_opens_before_everything_before_it_is_granted(parts):
    standing = {p.position: p.standing for p in parts}
    for position in opened(parts):
        after = next(p.after for p in parts if p.position == position)
        assert standing[position] is S.WAITING
        assert all(standing[before] in GRANTS for before in after)
    for p in parts:
        if any(standing[before] not in GRANTS for before in p.after):
            assert not may_open(parts, p.position)
            assert p.position not in opened(parts)


@given(graphs())
def test_a_life_granted_step_by_step_opens_everything_once(parts):
    now = [replace(p, standing=S.OPEN if not p.after else S.WAITING) for p in parts]
    came = [p.position for p in now if p.standing is S.OPEN]
    while any(p.standing is S.OPEN for p in now):
        first = next(p.position for p in now if p.standing is S.OPEN)
        now = [replace(p, standing=S.DONE) if p.position == first else p for p in now]
        fresh = opened(now)
        came += fresh
        now = [replace(p, standing=S.OPEN) if p.position in fresh else p for p in now]
    assert sorted(came) == sorted(p.position for p in parts)
    assert matter_state(now, [State.DELIVERED]) is MatterState.DONE


@given(graphs(), st.data())
def test_behind_an_item_is_what_cannot_begin_without_it(parts, data):
    position = data.draw(st.sampled_from([p.position for p in parts]))
    lost = behind(parts, position)
    assert position not in lost
    granted = [replace(p, standing=S.ENDED if p.position == position else S.DONE if p.position not in lost else S.WAITING)
               for p in parts]  # fmt: skip
    assert not set(opened(granted)) & set(lost), "everything else granted, they still wait"
    assert all(may_open(granted, p.position) for p in parts if p.position not in (*lost, position))


# ---- states ----


@pytest.mark.parametrize(
    ("state", "granted", "opened_", "standing"),
    [
        (State.RECEIVED, False, False, S.WAITING),
        (State.RECEIVED, False, True, S.OPEN),
        (State.CORRECTING, False, True, S.OPEN),
        (State.REVIEW, False, True, S.OPEN),
        (State.REVIEW, False, False, S.OPEN),
        (State.SUSPENDED, False, True, S.OPEN),
        (State.GRANTED, True, True, S.GRANTED),
        (State.MAKING, True, True, S.GRANTED),
        (State.READY, True, True, S.READY),
        (State.REFUSED, False, True, S.REFUSED),
        (State.DELIVERED, True, True, S.DONE),
        (State.DELIVERED, False, True, S.ENDED),
        (State.ARCHIVED, True, True, S.DONE),
        (State.NOT_ACCEPTED, False, False, S.ENDED),
        (State.WITHDRAWN, False, False, S.ENDED),
        (State.RETURNED, False, True, S.ENDED),
        (State.TERMINATED, True, True, S.ENDED),
    ],
)
def test_an_item_stands_as_its_case_does(state, granted, opened_, standing):
    assert standing_of(state, granted=granted, opened_=opened_) is standing


@pytest.mark.parametrize(
    ("standings", "cases", "expected"),
    [
        ([S.OPEN, S.WAITING], [State.RECEIVED, State.RECEIVED], MatterState.RECEIVED),
        ([S.OPEN, S.WAITING], [State.ACCEPTED, State.RECEIVED], MatterState.ACCEPTED),
        ([S.OPEN, S.WAITING], [State.REVIEW, State.RECEIVED], MatterState.REVIEW),
        ([S.READY, S.OPEN], [State.READY, State.REVIEW], MatterState.REVIEW),
        ([S.READY, S.GRANTED], [State.READY, State.MAKING], MatterState.REVIEW),
        ([S.READY, S.ENDED], [State.READY, State.WITHDRAWN], MatterState.READY),
        ([S.READY, S.REFUSED], [State.READY, State.REFUSED], MatterState.READY),
        ([S.DONE, S.ENDED], [State.DELIVERED, State.NOT_ACCEPTED], MatterState.DONE),
        ([S.ENDED, S.ENDED], [State.WITHDRAWN, State.WITHDRAWN], MatterState.DONE),
    ],
)
def test_the_whole_stands_as_its_items_do(standings, cases, expected):
    parts = [part(n, standing=s) for n, s in enumerate(standings, 1)]
    assert matter_state(parts, cases) is expected


def test_an_optional_item_keeps_nobody_waiting_but_is_not_forgotten():
    must, may = part(1, standing=S.READY), part(2, optional=True, standing=S.OPEN)
    assert matter_state([must, may], [State.READY, State.REVIEW]) is MatterState.READY
    collected = replace(must, standing=S.DONE)
    assert matter_state([collected, may], [State.DELIVERED, State.REVIEW]) is MatterState.REVIEW
    assert (
        matter_state([collected, replace(may, standing=S.READY)], [State.DELIVERED, State.READY])
        is MatterState.READY
    )


@given(graphs())
def test_ready_means_that_nothing_that_must_be_there_is_under_way(parts):
    ready = matter_state(parts, [State.REVIEW]) is MatterState.READY
    under_way = {S.WAITING, S.OPEN, S.GRANTED}
    if ready:
        assert any(p.standing in (S.READY, S.REFUSED) for p in parts)
        must = [p for p in parts if not p.optional] or parts
        assert not any(p.standing in under_way for p in must)


def test_a_refusal_asks_only_while_something_is_undecided():
    assert asks([part(1, standing=S.REFUSED), part(2, standing=S.OPEN)], 1)
    assert asks([part(1, standing=S.REFUSED), part(2, 1)], 1)
    assert not asks([part(1, standing=S.REFUSED), part(2, standing=S.READY)], 1)


# ---- dues ----


def due_day(parts, limits, known=()):
    start = datetime.combine(date(2026, 3, 17), time(10), HALL_ZONE)
    due = joint_due(
        parts, {n: Limit(Decimal(x), "W") for n, x in limits.items()},
        {n: datetime.combine(date.fromisoformat(x), time(23, 59, 59), HALL_ZONE) for n, x in dict(known).items()},
        start, CALENDAR,
    )  # fmt: skip
    return None if due is None else due.astimezone(HALL_ZONE).date().isoformat()


def test_side_by_side_the_longest_counts_and_one_behind_the_other_their_sum():
    assert due_day([part(1), part(2)], {1: 5, 2: 10}) == "2026-03-31"
    assert due_day([part(1), part(2, 1)], {1: 5, 2: 10}) == "2026-04-08", "15 working days, Qingming left out"
    assert due_day([part(1), part(2, 1)], {2: 10}) == "2026-03-31", "another body's step takes no time"
    assert due_day([part(1), part(2, 1)], {1: 5, 2: 10}, {1: "2026-03-31"}) == "2026-04-15", "it runs already"
    assert due_day([part(1)], {}) is None


@given(graphs(), st.dictionaries(st.integers(1, 8), st.integers(1, 9)))
def test_the_whole_is_never_due_before_any_of_its_items(parts, limits):
    limits = {n: x for n, x in limits.items() if any(p.position == n for p in parts)}
    whole = due_day(parts, limits)
    assert (whole is None) == (not limits)
    for n, days in limits.items():
        assert whole >= due_day([part(n)], {n: days})


# ---- one list of papers ----


def wanted(position: int, name: str, need: str = "required", code: str = "", **more: object) -> Wanted:
    return Wanted(position, code, name, need, **{"original": True, "replaceable": False, **more})  # type: ignore[arg-type]  # values of several types


def test_one_paper_for_all_items_that_ask_for_it():
    lists = {
        1: [
            wanted(1, "营业执照", "tolerant", replaceable=True, licence_types=("A", "B")),
            wanted(2, "场所证明", code="M1"),
        ],
        2: [
            wanted(1, "场所证明", code="M2"),
            wanted(2, "营业执照", original=False, replaceable=True, licence_types=("B",)),
        ],
        3: [wanted(1, "营业 执照", "optional", replaceable=True)],
    }
    first, *rest = matter_materials.merge(lists, ITEMS)
    assert (first.name, first.need, first.original, first.copies) == ("营业执照", "required", True, 1)
    assert (first.replaceable, first.licence_types) == (True, ("B",))
    assert first.wanted_by == {1: 1, 2: 2, 3: 1}
    assert [m.name for m in rest] == ["场所证明"], "the same name is the same paper, whatever its code"
    lists[3][0] = replace(lists[3][0], replaceable=False)
    assert not matter_materials.merge(lists, ITEMS)[0].replaceable, "one item wants the paper: it is brought"
    lists[3][0] = replace(lists[3][0], replaceable=True, licence_types=("C",))
    assert not matter_materials.merge(lists, ITEMS)[0].replaceable, "no licence is good for all"


def test_the_application_form_of_an_item_is_not_that_of_another():
    lists = {
        1: [wanted(1, "申请表", code="M1"), wanted(2, "告知承诺书", code="M2")],
        2: [wanted(1, "申请表", code="M1")],
        3: [wanted(1, "食品经营许可申请书", code="M3")],
        4: [wanted(1, "食品经营许可申请书", code="M3")],
    }
    names = [m.name for m in matter_materials.merge(lists, ITEMS)]
    assert names == ["申请表（事项1）", "告知承诺书", "申请表（事项2）", "食品经营许可申请书"]
    bare = {1: [wanted(1, "申请书")], 2: [wanted(1, "申请书")]}
    assert len(matter_materials.merge(bare, ITEMS)) == 1, (
        "where the catalogue lists nothing, one application for all"
    )


def test_the_original_goes_to_one_file_and_copies_to_the_others():
    lists = {
        1: [wanted(1, "执照", original=False)],
        2: [wanted(1, "执照")],
        3: [wanted(4, "执照", "optional")],
    }
    merged = matter_materials.merge(lists, ITEMS)

    def given_(hand):
        return matter_materials.fan_out(merged, lists, {1: hand})

    paper = given_(Handed(1, Given.PAPER, 1, 0, ("page",)))
    assert paper == {
        1: {1: Handed(1, Given.PAPER, 0, 1, ("page",))},
        2: {1: Handed(1, Given.PAPER, 1, 0, ("page",))},
        3: {4: Handed(4, Given.PAPER, 0, 1, ("page",))},
    }
    licence = given_(Handed(1, Given.LICENCE, licence="L1"))
    assert {h.licence for hands in licence.values() for h in hands.values()} == {"L1"}
    assert given_(Handed(1, Given.NOT_GIVEN)) == {1: {}, 2: {}, 3: {}}


def test_a_promise_counts_only_where_an_item_may_wait():
    lists = {1: [wanted(1, "健康证", "tolerant")], 2: [wanted(1, "健康证", "optional")]}
    merged = matter_materials.merge(lists, ITEMS)
    assert merged[0].need == "tolerant"
    promised = matter_materials.fan_out(merged, lists, {1: Handed(1, Given.TOLERATED)})
    assert promised == {1: {1: Handed(1, Given.TOLERATED)}, 2: {}}


NAMES = ("营业执照", "身份证", "平面图", "申请表")
ITEMS = {n: f"事项{n}" for n in range(1, 9)}


@st.composite
def papers(draw):
    made = {}
    for item in range(1, draw(st.integers(1, 5)) + 1):
        names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
        made[item] = [
            wanted(
                n, name, draw(st.sampled_from(sorted(STRICTNESS))), draw(st.sampled_from(("", name, "M1", "M2"))),
                original=draw(st.booleans()), replaceable=draw(st.booleans()),
                licence_types=tuple(draw(st.sets(st.sampled_from("AB")))),
            )
            for n, name in enumerate(names, 1)
        ]  # fmt: skip
    return made


def same(a, b):
    if matter_materials.is_own_form(a) or matter_materials.is_own_form(b):
        return False
    return bool(a.code and a.code == b.code) or same_name(a.name) == same_name(b.name)


@given(papers())
def test_the_merged_list_covers_every_item_and_names_nothing_twice(lists):
    merged = matter_materials.merge(lists, ITEMS)
    covered = [(item, position) for m in merged for item, position in m.wanted_by.items()]
    assert sorted(covered) == [(item, w.position) for item, ws in sorted(lists.items()) for w in ws], (
        "each once"
    )
    of = {(item, w.position): w for item, ws in lists.items() for w in ws}
    for m in merged:
        strictest = max(STRICTNESS[of[key].need] for key in m.wanted_by.items())
        assert STRICTNESS[m.need] == strictest
        assert m.original == any(of[key].original for key in m.wanted_by.items())
        assert m.original or m.copies
    assert len({m.name for m in merged}) == len(merged) or any(len(ws) > 1 for ws in lists.values())
    for n, one in enumerate(merged):
        for other in merged[n + 1 :]:
            if one.wanted_by.keys() & other.wanted_by.keys():
                continue  # an item that asks for both itself keeps both: its own list is the law's
            assert not any(same(of[a], of[b]) for a in one.wanted_by.items() for b in other.wanted_by.items())


@given(papers(), st.data())
def test_whatever_completes_the_merged_list_completes_every_item(lists, data):
    merged = matter_materials.merge(lists, ITEMS)
    handed = {}
    for m in merged:
        ways = [Handed(m.position, Given.PAPER, int(m.original), int(not m.original))]
        if m.replaceable:
            ways.append(Handed(m.position, Given.LICENCE, licence="L"))
        if m.need == "tolerant":
            ways.append(Handed(m.position, Given.TOLERATED))
        if m.need != "required":
            ways.append(Handed(m.position, Given.NOT_GIVEN))
        handed[m.position] = data.draw(st.sampled_from(ways))
    asked = [Asked(m.position, m.name, m.need, m.replaceable) for m in merged]
    assert defects(asked, handed) == []
    for item, hands in matter_materials.fan_out(merged, lists, handed).items():
        own = [Asked(w.position, w.name, w.need, w.replaceable) for w in lists[item]]
        assert defects(own, hands) == [], "nobody is told anew what the matter was accepted with"


# ---- one form ----


def wrong_in(form, answers):
    schema = schema_of([asked.field for asked in form.fields])
    return form_values.problems(schema, form_values.typed(schema, answers))


def test_fields_are_shared_by_the_name_they_share_and_asked_as_strictly_as_the_strictest():
    shop = FormField("shop", "店名", shared_key="店名", most="20")
    forms = {
        1: [shop, FormField("area", "面积", "number", shared_key="area#1", least="1")],
        2: [replace(shop, key="name", label="招牌名称", required=True, most="12", source="earlier")],
        3: [FormField("area", "面积", "number", shared_key="area#3")],
    }
    form = matter_form.merge_forms(forms, {1: "食品", 2: "招牌", 3: "消防"})
    assert [(a.field.key, a.field.label, a.given_to) for a in form.fields] == [
        ("店名", "店名", {1: "shop", 2: "name"}), ("area#1", "面积（食品）", {1: "area"}),
        ("area#3", "面积（消防）", {3: "area"}),
    ]  # fmt: skip
    one = form.fields[0].field
    assert (one.required, one.most, one.source) == (True, "12", "earlier")
    assert matter_form.give_to_each(form, {"店名": "罕山", "area#1": "5", "area#3": ["a"]}) == {
        1: {"shop": "罕山", "area": "5"}, 2: {"name": "罕山"}, 3: {"area": ["a"]},
    }  # fmt: skip


def test_what_several_items_ask_is_asked_once_and_given_to_each():
    name, area = FormField("name", "店名"), FormField("area", "面积", "number")
    forms = {1: [name, area], 2: [replace(name, required=True)], 3: [FormField("seats", "座位数", "number")]}
    form = matter_form.merge_forms(forms, {1: "食品", 2: "招牌", 3: "消防"})
    assert [(a.field.key, a.field.required) for a in form.fields] == [
        ("name", True),
        ("area", False),
        ("seats", False),
    ]
    assert form.conflicts == ()
    assert [p.label for p in wrong_in(form, {"name": " "})] == ["店名"]
    answers = {"name": "罕山饭馆", "area": "80", "seats": ""}
    assert matter_form.give_to_each(form, answers) == {
        1: {"name": "罕山饭馆", "area": "80"}, 2: {"name": "罕山饭馆"}, 3: {},
    }  # fmt: skip


def test_items_that_mean_different_things_are_asked_by_themselves_and_named():
    forms = {
        1: [FormField("kind", "类型", "choice", choices=("个体", "企业"))],
        2: [FormField("kind", "类型")],
    }
    form = matter_form.merge_forms(forms, {1: "食品", 2: "招牌"})
    assert [a.field.key for a in form.fields] == ["kind#1", "kind#2"]
    assert [a.field.label for a in form.fields] == ["类型（食品）", "类型（招牌）"]
    assert [(c.key, c.items) for c in form.conflicts] == [("kind", (1, 2))]
    assert "类型" in str(form.conflicts[0].reason)
    assert matter_form.give_to_each(form, {"kind#1": "个体", "kind#2": "小"}) == {
        1: {"kind": "个体"},
        2: {"kind": "小"},
    }


def test_choices_narrow_to_what_all_items_allow():
    forms = {
        1: [FormField("kind", "类型", "choice", choices=("个体", "企业", "合作社"))],
        2: [FormField("kind", "类型", "choice", choices=("企业", "个体"))],
    }
    form = matter_form.merge_forms(forms, {1: "食品", 2: "招牌"})
    assert form.fields[0].field.choices == ("个体", "企业")
    assert [p.label for p in wrong_in(form, {"kind": "合作社"})] == ["类型"]
    forms[2][0] = replace(forms[2][0], choices=("机关",))
    assert len(matter_form.merge_forms(forms, {1: "食品", 2: "招牌"}).conflicts) == 1
