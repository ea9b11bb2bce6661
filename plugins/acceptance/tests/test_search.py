"""Search against a slow reference on both databases: what is found, by whom, in which order, page by page."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from yichuang.api import Actor, UserError, keep_applicant
from yichuang_acceptance.operations import search_ask
from yichuang_acceptance.rules import search_terms as rules
from yichuang_acceptance.rules.lights import light, shown_due
from yichuang_acceptance.rules.machine import State

from .case_rows import enter_cases, work_of
from .conftest import APPROVER, CLERK, OTHER, OWN, STRANGER, accepted, citizen

# ---- a slow reference, written without the terms ----


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def spoken_from(name, typed):
    """Whether somebody may type a name so, from some character on, by pinyin or by initials."""
    syllables = lazy_pinyin(plain(name), style=Style.NORMAL, errors=list)
    return any(
        "".join(syllables[i:]).startswith(typed) or "".join(s[0] for s in syllables[i:]).startswith(typed)
        for i in range(len(syllables))
    )


def number_found(number, typed):
    shown = number[6:12] + f"{int(number[12:18]):04d}"
    return typed.isdecimal() and (
        (len(typed) >= 12 and number.startswith(typed))
        or (len(typed) >= 6 and (number[6:].startswith(typed) or shown.startswith(typed)))
        or (4 <= len(typed) <= 7 and (number.endswith(typed) or typed in (number[12:18], shown[6:])))
    )


def is_found(case, typed):
    return all(
        any(
            plain(part) in plain(name) or spoken_from(name, plain(part))
            for name in (case["applicant_name"], case["item_name"], case.get("project", ""))
        )
        or number_found(case["case_no"], plain(part))
        for part in typed.split()
        if plain(part)
    )


NAMES = ("苏日娜", "王小军", "张伟", "敖登格日勒", "兴安种业", "ABC贸易", "\U0002b820某")
ITEMS = ("食品经营许可", "个体工商户登记", "林木采伐许可", "３号地块规划")
TYPED = st.one_of(
    st.sampled_from(["苏日", "日娜", "娜", "王小", "小军", "srn", "rn", "suri", "rina", "zhangw", "zw", "xing", "spjy", "jyxk",
                     "shipinj", "许可", "登记", "采伐", "abc", "ＡＢＣ", "3号", "b贸", "260302", "0412", "150421260302", "000001",
                     "260302-0001", "a", "苏-日", "\U0002b820", "不存在", "苏日 许可", "zw 登记", "军 abc", "xan"]),
    st.text("苏日娜王军张ABCsrn023-", max_size=5),
)  # fmt: skip


@pytest.fixture
def filled(suite, monkeypatch):
    for name, number in (
        ("LOOK_FIRST", 9),
        ("COMMON", 3),
        ("MOST_GATHERED", 12),
    ):  # so that all ways of PostgreSQL are gone
        monkeypatch.setattr(search_ask, name, number)
    cases = [
        {"applicant_name": name, "item_name": item, "item": f"i{ITEMS.index(item)}", "project": project,
         "agency": OWN if n % 2 else OTHER, "acceptor_id": 1 + n % 5, "case_no": f"15042126030{n % 9 + 1}{n * 137:06d}{n % 10}"}
        for n, (name, item, project) in enumerate(product(NAMES, ITEMS, ("", "牧场道路硬化")))
    ]  # fmt: skip
    suite.keys = enter_cases(suite, cases)
    suite.cases = cases
    return suite


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
def test_search_finds_exactly_what_the_reference_finds(filled, typed):
    expected = [key for key, case in zip(filled.keys, filled.cases, strict=True) if is_found(case, typed)]
    if typed.strip() and not plain(typed):
        expected = []
    found = filled.query(CLERK, "acceptance.search", {"text": typed})
    assert sorted(row.id for row in found.rows) == expected
    assert [row.id for row in found.rows] == sorted(expected, reverse=True), "newest first"
    assert filled.query(CLERK, "acceptance.search_count", {"text": typed}) == len(expected)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED, size=st.integers(1, 7), own=st.booleans())
def test_pages_are_the_list_cut_into_pieces(filled, typed, size, own):
    who = APPROVER if own else CLERK
    whole = [row.id for row in filled.query(who, "acceptance.search", {"text": typed}).rows]
    pieces, after = [], ""
    while True:
        page = filled.query(who, "acceptance.search", {"text": typed, "limit": size, "after": after})
        pieces += [row.id for row in page.rows]
        if not page.next:
            break
        after = page.next
    assert pieces == whole


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.one_of(st.just(""), TYPED), state=st.sampled_from(["", "open", "review"]))
def test_nobody_finds_what_another_agency_has(filled, typed, state):
    for who in (APPROVER, STRANGER):
        rows = filled.query(who, "acceptance.search", {"text": typed, "state": state}).rows
        seen = {filled.keys.index(row.id) for row in rows}
        allowed = {
            n for n, case in enumerate(filled.cases)
            if case["agency"] == who.agency or case["acceptor_id"] == who.staff_id
        }  # fmt: skip
        everything = {
            filled.keys.index(row.id)
            for row in filled.query(CLERK, "acceptance.search", {"text": typed, "state": state}).rows
        }
        assert seen == everything & allowed
        count = filled.query(who, "acceptance.search_count", {"text": typed, "state": state})
        assert count == len(seen)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED.filter(plain), own=st.booleans())
def test_a_list_is_narrowed_to_what_the_search_finds(filled, typed, own):
    who = APPROVER if own else CLERK
    found = {row.id for row in filled.query(who, "acceptance.search", {"text": typed}).rows}
    for tab, order in product(("all", "review"), ("due", "newest")):
        listed = filled.query(who, "acceptance.cases", {"tab": tab, "text": typed, "order": order})
        assert sorted(row.id for row in listed) == sorted(found), (tab, order)


NARROWED = ({"first": "2026-03-02", "last": "2026-03-02"}, {"first": "2026-03-03", "last": "2026-03-09"}, {"light": "normal"},
            {"light": "overdue"}, {"state": "review"}, {"state": "open", "light": "normal"})  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.sampled_from(["登记", "苏日 许可", "zw", "spjy", "军", "不存在"]),
    narrowed=st.sampled_from(NARROWED),
    own=st.booleans(),
)
def test_a_text_and_filters_are_asked_together(filled, typed, narrowed, own):
    who = APPROVER if own else CLERK
    by_text = {row.id for row in filled.query(who, "acceptance.search", {"text": typed}).rows}
    by_filter = {row.id for row in filled.query(who, "acceptance.search", narrowed).rows}
    both, after = [], ""
    while True:
        page = filled.query(who, "acceptance.search", {"text": typed, **narrowed, "limit": 3, "after": after})
        both += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    assert sorted(both) == sorted(by_text & by_filter)
    assert filled.query(who, "acceptance.search_count", {"text": typed, **narrowed}) == len(both)


@pytest.mark.parametrize("typed", ["苏日", "登记", "不存在", "zw"])
def test_a_text_and_an_agency_are_asked_together(filled, typed):
    both = {
        filled.keys.index(row.id)
        for row in filled.query(CLERK, "acceptance.search", {"text": typed, "agency": OWN}).rows
    }
    assert both == {
        n for n, case in enumerate(filled.cases) if case["agency"] == OWN and is_found(case, typed)
    }
    own = {
        filled.keys.index(row.id)
        for row in filled.query(STRANGER, "acceptance.search", {"text": typed, "agency": OWN}).rows
    }
    assert own == {n for n in both if filled.cases[n]["acceptor_id"] == STRANGER.staff_id}


def test_an_agency_without_cases_finds_nothing(filled):
    nobody = Actor(77, "x", "x", "11150421YC0000044G", permissions=frozenset({"acceptance.view"}))
    for request in ({}, {"text": "苏日"}, {"text": "i0"}, {"agency": OWN}, {"state": "open"}, {"text": OWN}):
        assert filled.query(nobody, "acceptance.search", request).rows == []
        assert filled.query(nobody, "acceptance.search_count", request) == 0
    assert filled.query(nobody, "acceptance.search_choices").agencies == []


def test_filters_narrow_and_dates_are_the_halls(filled):
    def found(**request):
        return {filled.keys.index(r.id) for r in filled.query(CLERK, "acceptance.search", request).rows}

    cases = filled.cases
    assert found(agency=OTHER) == {n for n, c in enumerate(cases) if c["agency"] == OTHER}
    assert found(item="i2", text="张伟") == {
        n for n, c in enumerate(cases) if c["item"] == "i2" and c["applicant_name"] == "张伟"
    }
    assert found(first="2026-03-03") == set()
    assert found(first="2026-03-02", last="2026-03-02") == set(range(len(cases)))
    assert found(state="delivered") == set()
    assert found(state="open", text="苏日") == {
        n for n, c in enumerate(cases) if "苏日" in c["applicant_name"]
    }
    for request, code in (
        ({"state": "none"}, "UNKNOWN_STATE"),
        ({"after": "x"}, "BAD_PAGE"),
        ({"light": "x"}, "BAD_REQUEST"),
    ):
        with pytest.raises(UserError) as error:
            filled.query(CLERK, "acceptance.search", request)
        assert error.value.code == code


def test_lights_of_the_filter_are_those_of_the_list(suite):
    now = suite.executor.clock()
    moments = [None, *(now + timedelta(hours=h) for h in (-100, -3, 3, 30, 200))]
    cases = [
        {"state": str(state), "promise_due_at": promise, "legal_due_at": legal, "telling_due_at": telling, "warn_at": warn,
         "alarm_at": alarm, "received_at": now - timedelta(days=9)}
        for state in State if state != "draft"
        for promise, legal, telling, warn, alarm in (
            (moments[n % 6], moments[n // 2 % 6], moments[n // 3 % 6], moments[n // 5 % 4], moments[n // 7 % 3])
            for n in range(40)
        )
    ]  # fmt: skip
    keys = enter_cases(suite, cases)
    names = ("normal", "warning", "due_today", "overdue", "double_red", "paused", "pending", "done")
    for name in names:
        rows = suite.query(CLERK, "acceptance.search", {"light": name, "limit": 1000}).rows
        expected = {key for key, case in zip(keys, cases, strict=True) if light_by_rules(case, now) == name}
        assert {row.id for row in rows} == expected
        assert expected, name


def light_by_rules(case, now):
    state = State(case["state"])
    due = shown_due(state, case["promise_due_at"], case["legal_due_at"], case["telling_due_at"])
    return light(state, now, case["warn_at"], due, case["alarm_at"])


def test_an_identity_number_finds_its_cases_and_is_kept_nowhere(suite):
    with suite.database.write() as writer:
        person = keep_applicant(work_of(suite, writer), name="苏日娜", code_kind="111", code=citizen())
    keys = enter_cases(
        suite, [{"applicant_id": person.id}, {"applicant_id": person.id + 1}, {"agent_id": person.id}]
    )
    found = suite.query(CLERK, "acceptance.search", {"text": citizen()})
    assert [row.id for row in found.rows] == [keys[2], keys[0]]
    assert suite.query(STRANGER, "acceptance.search", {"text": citizen()}).rows == []
    with pytest.raises(UserError) as error:
        suite.run(CLERK, "acceptance.keep_filter", {"name": "x", "text": f"苏日 {citizen()}"})
    assert error.value.code == "FILTER_HOLDS_NUMBER"
    from .test_operations import rows

    assert citizen() not in str(rows(suite))


def test_kept_searches_are_ones_own(suite):
    keep = {"name": "本月食品", "text": "食品", "state": "open", "first": "2026-03-01"}
    key = suite.run(CLERK, "acceptance.keep_filter", keep)
    (row,) = suite.query(CLERK, "acceptance.filters")
    assert (row.name, row.wanted) == ("本月食品", {"text": "食品", "state": "open", "first": "2026-03-01"})
    assert suite.run(CLERK, "acceptance.keep_filter", {"name": "本月食品", "text": "许可"}) == key
    assert suite.query(CLERK, "acceptance.filters")[0].wanted == {"text": "许可"}
    assert suite.query(STRANGER, "acceptance.filters") == []
    with pytest.raises(UserError):
        suite.run(STRANGER, "acceptance.drop_filter", {"filter_id": key})
    suite.run(CLERK, "acceptance.drop_filter", {"filter_id": key})
    assert suite.query(CLERK, "acceptance.filters") == []


def test_the_index_can_be_made_anew(filled):
    keeper = Actor(8, "admin", "管理员", "", permissions=frozenset({"acceptance.maintain"}))
    before = {text: _ids(filled, text) for text in ("苏日", "zw", "许可", "xing", "260302", "军 登记")}
    assert all(before.values())
    with filled.database.write() as writer:
        from yichuang_acceptance.operations import search_index

        writer.execute(search_index._EMPTY[writer.dialect.name])
    assert _ids(filled, "苏日") == []
    assert filled.run(keeper, "acceptance.rebuild_search") == len(filled.cases)
    assert {text: _ids(filled, text) for text in before} == before
    with pytest.raises(UserError):
        filled.run(CLERK, "acceptance.rebuild_search")


def test_a_case_is_forgotten_whole(filled):
    from yichuang.api import select
    from yichuang_acceptance import tables as t
    from yichuang_acceptance.operations import search_index

    (key,) = _ids(filled, "张伟 采伐 牧场")
    with filled.database.write() as writer:
        row = writer.one(select(t.case).where(t.case.c.id == key))
        search_index.forget(work_of(filled, writer), row, {})
    assert _ids(filled, "张伟 采伐 牧场") == []
    assert len(_ids(filled, "张伟 采伐")) == 1


def _ids(suite, text):
    return [row.id for row in suite.query(CLERK, "acceptance.search", {"text": text}).rows]


@given(st.text(max_size=30))
def test_no_text_breaks_out_of_a_term(text):
    for part in rules.parts_of(text):
        assert part.isalnum()
        assert not set(part) & set("\"'\\ ")


def test_long_parts_are_looked_for_by_both_ends():
    name = "内蒙古自治区赤峰市阿鲁科尔沁旗兴安种业有限责任公司第一分公司"
    terms = rules.name_terms(name)
    assert all(len(term) <= rules.LONGEST for term in terms)

    def found(part):
        return any(
            all(any(term.startswith(each.term) for term in terms) for each in way)
            for way in rules.ways_of(part)
        )

    assert found(name[3:25])
    assert found(name)
    assert not found(name[3:20] + "另外")


def test_a_case_is_found_as_soon_as_it_is_taken_in(suite):
    case = accepted(suite, project="牧场道路硬化")
    for typed in (
        "苏日",
        "srn",
        "surina",
        "食品",
        "spjy",
        "牧场",
        case.case_no,
        case.case_no[-6:],
        citizen(),
    ):
        assert _ids(suite, typed) == [case.case_id], typed
    with pytest.raises(UserError):
        accepted(suite, materials=[])
    assert len(_ids(suite, "苏日")) == 1, "what was taken back is not found"


@pytest.mark.parametrize("size", [1, 3, 7])
def test_work_lists_page_over_cases_with_and_without_a_due_moment(suite, size):
    now = suite.executor.clock()
    enter_cases(
        suite, [{"promise_due_at": now + timedelta(days=n % 4) if n % 3 else None} for n in range(20)]
    )
    whole = suite.query(APPROVER, "acceptance.cases", {"tab": "review"})
    assert [row.due_at is None for row in whole] == sorted(row.due_at is None for row in whole)
    pieces, more = [], {}
    while page := suite.query(APPROVER, "acceptance.cases", {"tab": "review", "limit": size, **more}):
        pieces += page
        more = {"after_id": page[-1].id, "after_due": page[-1].due_at}
    assert [row.id for row in pieces] == [row.id for row in whole]
    found = suite.query(APPROVER, "acceptance.cases", {"tab": "review", "text": "srn spjy"})
    assert len(found) == 20
    assert suite.query(STRANGER, "acceptance.cases", {"tab": "review", "text": "srn"}) == []
