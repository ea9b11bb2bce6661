"""Rules of guides: canonical values, problems, differences that can be applied, situations, files that come back whole."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yichuang.api import UserError
from yichuang_acceptance.rules import guide, guide_files, situations
from yichuang_acceptance.rules.guide import Guide, Known
from yichuang_acceptance.rules.guide_diff import applied, differences
from yichuang_acceptance.rules.guide_fields import BY_NAME, LISTS

from .guides import CODE, guides, whole

KNOWN = Known({"M1", "M2", "M3"}, {"11150421YC00001085001"}, {"item-instant"})
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("task_name", "  食品经营许可 ", "食品经营许可"),
        ("server_type", "企业法人；自然人;2", "1;2"),
        ("project_type", "承诺件", "2"),
        ("promise_day", "5.0", "5"),
        ("promise_day", "0.5", "0.5"),
        ("limit_scene_num", "1", "1"),
        ("is_fee", "否", "0"),
        ("plan_effective_date", "2026-04-01", "2026-04-01"),
        ("task_handle_item", CODE + "01", CODE + "01"),
        ("extend_field", ' {"批次": 1.10,\n "a": []} ', '{"批次": 1.10,\n "a": []}'),
    ],
)
def test_values_have_one_writing(name, typed, value):
    assert BY_NAME[name].clean(typed) == value
    assert BY_NAME[name].clean(value) == value


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("task_name", "x" * 201, "VALUE_WRONG"),
        ("task_name", "=1+1", "VALUE_WRONG"),
        ("task_name", "两\n行", "VALUE_WRONG"),
        ("server_type", "7", "VALUE_WRONG"),
        ("promise_day", "1.3", "VALUE_WRONG"),
        ("promise_day", "NaN", "VALUE_WRONG"),
        ("plan_effective_date", "2026-02-30", "VALUE_WRONG"),
        ("task_handle_item", "123", "CODE_WRONG"),
        ("result_licence", "abc", "CODE_WRONG"),
        ("extend_field", "批次", "VALUE_WRONG"),
        ("extend_field", "[1]", "VALUE_WRONG"),
        ("extend_field", '{"a": 1, "a": 2}', "VALUE_WRONG"),
        ("extend_field", '{"a": NaN}', "VALUE_WRONG"),
        ("extend_field", '{"a": "\\ud800"}', "VALUE_WRONG"),
        ("extend_field", '{"a": ' + "[" * 1900, "VALUE_WRONG"),
        ("extend_field", '{"a": "' + "x" * 1993 + '"}', "VALUE_WRONG"),
    ],
)
def test_values_that_cannot_be_taken(name, typed, code):
    with pytest.raises(UserError) as error:
        BY_NAME[name].clean(typed)
    assert error.value.code == code


def made(**elements: str) -> Guide:
    asked = whole(**elements)
    found, problems = guide.read(asked["elements"], asked["lists"])
    assert problems == []
    return found


def changed(name: str, rows: list[dict[str, str]]) -> Guide:
    asked = whole()
    return guide.read(asked["elements"], asked["lists"] | {name: rows})[0]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (made(), []),
        (made(promise_day="10.5"), ["PROMISE_TOO_LONG"]),
        (
            made(anticipate_day="", anticipate_type="", promise_day="21"),
            ["PROMISE_TOO_LONG"],
        ),  # twenty by law
        (made(anticipate_day="7", anticipate_type="D", promise_day="8"), ["PROMISE_TOO_LONG"]),
        (made(promise_type=""), ["LIMIT_HALF"]),
        (made(promise_day="", promise_type=""), ["LIMIT_MISSING"]),
        (made(task_name="", use_level=""), ["ELEMENT_MISSING", "ELEMENT_MISSING"]),
        (made(plan_effective_date="2026-05-01", plan_cancel_date="2026-04-01"), ["TERM_BACKWARDS"]),
        (made(is_fee="0"), ["FEE_NOT_CHARGED"]),
        (changed("fees", []), ["FEE_MISSING"]),
        (changed("materials", []), ["NO_MATERIAL"]),
        (
            changed("materials", [{"material_code": "M9", "material_name": "x", "is_need": "1"}]),
            ["MATERIAL_UNKNOWN"],
        ),
        (changed("situations", []), ["SITUATION_UNKNOWN"]),
        (changed("companions", [{"task_code": "nobody"}]), ["ITEM_UNKNOWN"]),
        (made(result_licence="1" * 21), ["LICENCE_TYPE_UNKNOWN"]),
    ],
)
def test_everything_that_is_wrong_is_told(said, codes):
    assert [problem.code for problem in guide.problems_of(said, "01", KNOWN)] == codes


def test_what_is_no_licence_has_no_limit_by_law():
    said = made(anticipate_day="", anticipate_type="", promise_day="60")
    assert guide.problems_of(said, "20", KNOWN) == []


@pytest.mark.parametrize(
    ("promise", "unit", "legal", "legal_unit", "too_long"),
    [("5", "W", "5", "W", False), ("5.5", "W", "5", "W", True), ("9", "D", "5", "W", False), ("6", "W", "5", "D", True),
     ("5", "W", "5", "D", False), ("25", "H", "1", "D", True), ("24", "H", "1", "D", False), ("1", "D", "20", "H", True)],
)  # fmt: skip
def test_a_promise_is_compared_with_the_law(promise, unit, legal, legal_unit, too_long):
    assert guide.longer(promise, unit, legal, legal_unit) is too_long


def test_a_row_that_repeats_another_and_unknown_names_are_told():
    rows = [{"name": "a"}, {"name": "a"}]
    _, problems = guide.read({"nonsense": "1"}, {"fees": rows, "nothing": []})
    assert {p.code for p in problems} == {"ELEMENT_UNKNOWN", "ROW_REPEATED", "LIST_UNKNOWN"}


@FEW
@given(guides(), guides())
def test_differences_make_one_guide_of_the_other(one, two):
    assert applied(one, differences(one, two)) == two
    assert differences(one, one) == []


@FEW
@given(guides(), st.randoms())
def test_another_order_is_a_difference(one, random):
    lists = {name: tuple(random.sample(rows, len(rows))) for name, rows in one.lists.items()}
    two = Guide(one.elements, lists)
    found = differences(one, two)
    assert applied(one, found) == two
    assert bool(found) == (lists != dict(one.lists))
    assert {change.what for change in found} <= {"order"}


QUESTIONS = [situations.Question(f"Q{n}", f"{n}?", ("a", "b", "c")) for n in range(3)]
EXPRESSIONS = st.lists(
    st.dictionaries(
        st.sampled_from(["Q0", "Q1", "Q2"]),
        st.lists(st.sampled_from("abc"), min_size=1, max_size=3),
        max_size=3,
    ).map(lambda wanted: "&".join(f"{code}={'|'.join(answers)}" for code, answers in wanted.items())),
    max_size=8,
)


@given(EXPRESSIONS, st.fixed_dictionaries({q.code: st.sampled_from(q.answers) for q in QUESTIONS}))
def test_situations_pick_listed_materials_and_no_others(expressions, answers):
    found = situations.picked(expressions, answers)
    assert found == sorted(set(found))
    assert set(found) <= set(range(1, len(expressions) + 1))
    for position, expression in enumerate(expressions, 1):
        wanted = [part.split("=") for part in expression.split("&") if part]
        assert (position in found) == all(answers[code] in answer.split("|") for code, answer in wanted)
        assert list(situations.wrong(expression, QUESTIONS)) == []


def test_answers_are_checked():
    for answers, code in (
        ({"Q0": "a"}, "ANSWER_MISSING"),
        ({"Q0": "x"}, "ANSWER_UNKNOWN"),
        ({"Q9": "a"}, "ANSWER_UNKNOWN"),
    ):
        with pytest.raises(UserError) as error:
            situations.check_answers(QUESTIONS, answers)
        assert error.value.code == code
    assert len(list(situations.wrong("Q9=a&Q0=z", QUESTIONS))) == 2


@FEW
@given(st.lists(guides(), max_size=3), st.sampled_from(["tsv", "xlsx"]), st.booleans())
def test_what_is_written_is_read_back_whole(said, form, upload):
    entries = [guide_files.Entry(f"{CODE[:-2]}{n:02}", "01", CODE[:18], each) for n, each in enumerate(said)]
    tables = (
        guide_files.upload_of(entries, "2026-03-17 09:00:00") if upload else guide_files.tables_of(entries)
    )
    found, bad = guide_files.read(guide_files.written(tables, form))
    assert bad == []
    assert found == entries


def test_every_bad_row_of_a_file_is_named():
    head = "task_code\ttask_type\tdept_code\ttask_name\tpromise_day\n"
    files = {
        "guide_items.tsv": f"{head}a\t01\tb\t甲\t1.3\na\t01\tb\t甲\t1\nc\t\tb\t乙\t1\n".encode(),
        "guide_materials.tsv": b"task_code\tmaterial_code\tis_need\na\tM 1\t5\nz\tM1\t1\n",
    }
    found, bad = guide_files.read(files)
    assert {(b.file, b.row, b.column) for b in bad} == {
        ("guide_items.tsv", 2, "promise_day"), ("guide_items.tsv", 3, "task_code"), ("guide_items.tsv", 4, "task_type"),
        ("guide_materials.tsv", 2, "material_code"), ("guide_materials.tsv", 2, "is_need"),
        ("guide_materials.tsv", 3, "task_code"),
    }  # fmt: skip
    with pytest.raises(UserError) as error:
        guide_files.refuse(bad)
    assert len(error.value.detail["rows"]) == len(bad)
    assert [entry.code for entry in found] == ["a"]


def test_the_upload_carries_the_national_columns():
    entry = guide_files.Entry(
        CODE,
        "01",
        CODE[:18],
        made(extend_field='{"batch": "A"}'),
        {"catalog_code": "000131024000", "task_version": "3", "task_state": "1"},
    )
    heads, rows = guide_files.upload_of([entry], "2026-03-17 09:00:00")["up_task"]
    row = dict(zip(heads, rows[0], strict=True))
    assert {n: row[n] for n in ("task_code", "catalog_code", "task_version", "project_type", "by_law", "special_procedure")} == {
        "task_code": CODE, "catalog_code": "000131024000", "task_version": "3", "project_type": "2",
        "by_law": "食品安全法第三十五条", "special_procedure": "现场核查",
    }  # fmt: skip
    assert row["extend_field"] == '{"batch": "A"}'
    assert row["review_points"] == "布局与图纸一致。\n材料齐全。"
    heads, rows = guide_files.upload_of([entry], "x")["up_task_materials"]
    assert [dict(zip(heads, each, strict=True))["order_num"] for each in rows] == ["1", "2", "3"]
    assert set(LISTS) == {name.removeprefix("up_task_") for name in guide_files.UPLOAD_FILES.values()}
