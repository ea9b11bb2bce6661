"""Application forms on both databases: versions carry them for good, applications are checked by them, matters ask once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from yichuang.api import Actor, LicenceSummary, UserError, entries_about
from yichuang_acceptance import guide_tables as g

from .conftest import APPROVER, BARE, CLERK, COMMITTED, INSTANT, STRANGER, accepted, citizen, hands, intake
from .forms import GOOD, ROWS, load
from .guides import whole
from .life import refused
from .matter_hall import FIRE, FIRE_AT, FOOD, FOOD_AT, SIGN, SIGN_AT, THEME, case_of, fill_theme, matter
from .review import ONE_REVIEW
from .test_guides import KEEPER, WRITER, act, ask, published, submitted
from .test_life_papers import letters, read, the_paper

SYSTEM = Actor.system()


def form(suite: Any, **request: Any) -> Any:
    return suite.query(CLERK, "acceptance.form", {"item": COMMITTED, **request})


def with_form(rows: list[dict[str, str]], **elements: str) -> dict[str, Any]:
    body = whole(**elements)
    body["lists"]["form"] = [dict(row) for row in rows]
    return body


def said(suite: Any, case: Any) -> dict[str, str]:
    return dict(suite.query(APPROVER, "acceptance.case", {"case_id": case.case_id}).form)


def test_an_item_without_a_form_asks_as_before(suite):
    assert form(suite).fields == []
    case = accepted(suite, form={"联系地址": "天山镇"})
    assert said(suite, case) == {"联系地址": "天山镇"}


def test_a_version_carries_its_form_for_good(suite):
    before = accepted(suite)
    published(suite, body=with_form(ROWS))
    seen = form(suite)
    assert [f.key for f in seen.fields] == [row["field"] for row in ROWS]
    assert seen.json_schema["properties"]["area"]["minimum"] == 1
    assert form(suite, version=1).fields == [], "the version before it keeps what it asked"
    case = accepted(suite, item_version=2, form=GOOD, answers={"Q1": "否"}, materials=hands(1, 2))
    assert list(said(suite, case).items())[:2] == [("店名", "罕山饭馆"), ("经营面积（平方米）", "80.5")]
    assert said(suite, before) == {}
    draft = act(suite, WRITER, "draft_guide", item=COMMITTED)
    body = with_form([{**ROWS[0], "label": "字号"}, *ROWS[2:]])
    kept = act(suite, WRITER, "change_guide", item=COMMITTED, row_version=draft.row_version, **body)
    changes = ask(suite, WRITER, "guide_diff", item=COMMITTED, old=2, new=3)
    assert [(c.what, c.place, c.key, c.column) for c in changes] == [
        ("changed", "form", "shop", "label"), ("removed", "form", "area", ""),
    ]  # fmt: skip
    waiting = act(suite, WRITER, "submit_guide", item=COMMITTED, row_version=kept.row_version)
    assert refused(
        suite, WRITER, "acceptance.publish_guide", {"item": COMMITTED, "row_version": waiting.row_version}
    )
    assert len(form(suite).fields) == len(ROWS), "what is only submitted changes nothing"
    assert next(iter(said(suite, case))) == "店名", "a case is read by the form it was filled in with"
    for statement in (g.item_form.update().values(schema={}), g.item_form.delete()):
        with pytest.raises(DatabaseError), suite.database.write() as writer:
            writer.execute(statement)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"kind": "choice"}, "options"), ({"most": "0"}, "most"), ({"label": "店名"}, "label"), ({"source": "licence"}, "source"),
        ({"kind": "date", "most": "3"}, "most"),
    ],
)  # fmt: skip
def test_what_no_form_can_be_is_told_before_it_is_submitted(suite, row, column):
    body = with_form([ROWS[0], {"field": "x", "label": "另一项", "kind": "text", "needed": "0", **row}])
    with pytest.raises(UserError) as stopped:
        submitted(suite, body=body)
    assert stopped.value.code == "FORM_SCHEMA_BAD"
    assert [(p["place"], p["row"], p["column"]) for p in stopped.value.detail["problems"]] == [
        ("form", 2, column)
    ]


def test_forms_go_out_in_files_and_come_back(suite):
    published(suite, item=COMMITTED, body=with_form(ROWS))
    for kind in ("tsv", "xlsx"):
        files = ask(suite, WRITER, "export_guides", items=(COMMITTED,), form=kind)
        assert act(suite, WRITER, "import_guides", files=files).unchanged == 1
    changed = {name: data.replace("店名\tshop".encode(), "字号\tshop".encode()) for name, data in ask(
        suite, WRITER, "export_guides", items=(COMMITTED,), form="tsv").items()}  # fmt: skip
    assert act(suite, WRITER, "import_guides", files=changed).drafted == 1
    assert ask(suite, WRITER, "guide", item=COMMITTED).lists["form"][0]["label"] == "字号"


def test_the_halls_forms_are_loaded_once_and_never_changed(suite):
    assert load(suite) == 1
    assert load(suite) == 0, "the same form again is no change"
    assert [row["field"] for row in ask(suite, WRITER, "guide", item=COMMITTED).lists["form"]][:2] == [
        "shop",
        "area",
    ]
    other = {"forms": {INSTANT: {"type": "object", "properties": {"a": {"type": "null"}}}}}
    with pytest.raises(UserError) as stopped:
        suite.run(SYSTEM, "acceptance.load_forms", other)
    assert (stopped.value.code, stopped.value.detail["path"]) == (
        "FORM_SCHEMA_BAD",
        f"{INSTANT} $.properties.a.type",
    )
    assert refused(suite, KEEPER, "acceptance.load_forms", other) == "NOT_PERMITTED"
    accepted(suite, item=INSTANT)
    for rows, code in ((ROWS[:3], COMMITTED), (ROWS, INSTANT)):
        with pytest.raises(UserError) as stopped:
            load(suite, rows, code)
        assert stopped.value.code == "FORM_FIXED", code


@pytest.mark.parametrize("name", ["accept", "receive"])
@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"area": "0"}, "$.area"),
        ({"trade": "理发"}, "$.trade"),
        ({"shop": ""}, "$.shop"),
        ({"boat": "x"}, "$.boat"),
    ],
)
def test_an_application_with_a_wrong_form_is_not_taken_in(suite, name, changes, path):
    load(suite)
    with pytest.raises(UserError) as stopped:
        suite.run(CLERK, f"acceptance.{name}", intake(form=GOOD | changes))
    assert stopped.value.code == "FORM_INCOMPLETE"
    assert [each["path"] for each in stopped.value.detail["problems"]] == [path]
    assert suite.query(APPROVER, "acceptance.cases", {"tab": "all"}) == []


def test_what_was_filled_in_is_found_by_nobody_and_stands_in_no_journal(suite):
    load(suite)
    case = accepted(suite, form=GOOD | {"more": "只此一家"})
    for words in ("只此一家", "罕山饭馆", "80.5"):
        assert suite.query(CLERK, "acceptance.search", {"text": words}).rows == []
    with suite.database.read() as reader:
        told = entries_about(reader, f"case:{case.case_no}")
    assert told
    assert not any("只此一家" in str(entry) for entry in told)


def test_the_receipt_says_what_was_filled_in(suite):
    load(suite)
    case = suite.run(CLERK, "acceptance.receive", intake(form=GOOD, materials=hands(1)))
    text = read(suite, the_paper(suite, case, "D1"))
    assert "申请表填写内容：" in text
    assert "天山镇罕山路1号" in text


def test_the_course_of_the_review_follows_the_form(suite):
    load(suite)
    graph = {**ONE_REVIEW, "nodes": [dict(node) for node in ONE_REVIEW["nodes"]]}
    first = graph["nodes"][0]
    first["when"] = 'form.area > 50 and "热食" in form.goods and form.clean == True'
    keeper = replace(KEEPER, permissions=KEEPER.permissions | {"acceptance.graphs"})
    typo = {"nodes": [first | {"when": "form.aera > 50"}, *graph["nodes"][1:]], "edges": graph["edges"]}
    asked = {"item": COMMITTED, "version": 1, "seen": 0, "graph": typo}
    assert refused(suite, keeper, "acceptance.set_review_graph", asked) == "BAD_GRAPH"
    suite.run(
        keeper, "acceptance.set_review_graph", {"item": COMMITTED, "version": 1, "seen": 0, "graph": graph}
    )

    def states(**more: Any) -> str:
        case = accepted(suite, form=GOOD | {"goods": ["热食", "冷食"], "clean": "是"} | more)
        course = suite.query(APPROVER, "acceptance.review_course", {"case_id": case.case_id})
        return next(node.state for node in course if node.node == first["id"])

    assert states() == "open"
    assert states(area="49") == "skipped"
    assert states(goods=["糕点"]) == "skipped"
    assert states(clean="否") == "skipped"


# ---- where values come from ----

HELD = LicenceSummary(
    "L-1", "1", "不动产权证书", "T" * 21, "苏日娜", "自然资源局", "valid", None, {"住所": "罕乌拉街118号"}
)


class Asking:
    """The suite's hooks with a register of licences behind them.

    Attributes:
        asked: The questions for licences.
    """

    def __init__(self, hooks: Any, licences: list[LicenceSummary]) -> None:
        self._hooks, self._licences = hooks, licences
        self.asked: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hooks, name)

    def find_licences(self, read: Any, query: Any) -> list[LicenceSummary]:
        self.asked.append(query)
        return self._licences


def test_licences_and_earlier_cases_fill_a_form_and_that_is_on_record(suite):
    load(suite)
    hooks = Asking(suite.executor.hooks, [replace(HELD, state="expired", code="L-0"), HELD])
    suite.executor.hooks = hooks
    case = accepted(suite, form=GOOD | {"staff": "7"})
    who = {"item": COMMITTED, "code_kind": "111", "code": citizen()}
    found = suite.run(CLERK, "acceptance.find_values", who)
    assert [(f.key, f.value, f.source, f.name) for f in found] == [
        ("place", "罕乌拉街118号", "licence", "不动产权证书"), ("shop", "罕山饭馆", "earlier", case.case_no),
        ("staff", 7, "earlier", case.case_no),
    ]  # fmt: skip
    assert [(q.types, q.contents) for q in hooks.asked] == [((), ("住所",))], "no more than the form asks for"
    with suite.database.read() as reader:
        (told,) = [
            e for e in entries_about(reader, f"item:{COMMITTED}") if e.event == "acceptance.find_values"
        ]
    assert told.detail["licences"] == ["L-1"]
    assert "罕乌拉街" not in str(told)
    nobody = suite.run(CLERK, "acceptance.find_values", who | {"code": citizen("15042119900307243")})
    assert [f.key for f in nobody] == ["place"], "earlier cases are the applicant's own"
    elsewhere = suite.run(STRANGER, "acceptance.find_values", who)
    assert [f.key for f in elsewhere] == ["place"], "cases of another agency are not read"
    assert refused(suite, APPROVER, "acceptance.find_values", who) == "NOT_PERMITTED"


# ---- one matter at once ----

SIGN_ROWS = [
    {"label": "招牌名称", "field": "name", "kind": "text", "needed": "1", "shared_key": "店名", "most": "12"},
    {"label": "经营面积（平方米）", "field": "area", "kind": "number", "needed": "1"},
    {"label": "招牌类型", "field": "type", "kind": "choice", "needed": "0", "options": "灯箱;立体字"},
]


@pytest.fixture
def themed(suite: Any) -> Any:
    fill_theme(suite)
    load(suite, ROWS, FOOD)
    load(suite, SIGN_ROWS, SIGN)
    return suite


def test_a_matter_asks_once_and_gives_to_each(themed):
    plan = themed.query(CLERK, "acceptance.matter_plan", {"theme": THEME})
    asked = {f.label: f for f in plan.fields}
    assert list(asked)[:6] == ["店名", "地址", "面积", "座位数", "联系地址", "申请内容"], (
        "what the theme asks comes first"
    )
    assert (asked["店名"].required, asked["店名"].most) == (True, "12"), "as strictly as the strictest"
    assert [label for label in asked if label.startswith("经营面积")] == [
        "经营面积（平方米）（食品经营许可（新办））", "经营面积（平方米）（户外招牌设置备案）",
    ]  # fmt: skip
    answers = {
        "店名": "罕山饭馆", "地址": "天山镇", f"area#{FOOD_AT}": "80", f"area#{SIGN_AT}": "3.5", f"place#{FOOD_AT}": "天山镇",
        f"trade#{FOOD_AT}": "餐饮服务",
    }  # fmt: skip
    of = themed.run(CLERK, "acceptance.accept_matter", matter(form=answers))
    assert dict(case_of(themed, of, FOOD_AT).form) == {
        "店名": "罕山饭馆", "经营面积（平方米）": "80", "经营场所": "天山镇", "主体业态": "餐饮服务",
    }  # fmt: skip
    assert dict(case_of(themed, of, SIGN_AT).form) == {"招牌名称": "罕山饭馆", "经营面积（平方米）": "3.5"}
    assert dict(case_of(themed, of, FIRE_AT).form) == {"店名": "罕山饭馆", "地址": "天山镇"}, FIRE
    whole_form = themed.query(CLERK, "acceptance.matter", {"matter_id": of.matter_id}).form
    assert whole_form["经营面积（平方米）（户外招牌设置备案）"] == "3.5"


def test_each_item_of_a_matter_knows_where_its_values_came_from(themed):
    answers = {
        "店名": "罕山饭馆", f"area#{FOOD_AT}": "80", f"area#{SIGN_AT}": "3.5", f"place#{FOOD_AT}": "天山镇",
        f"trade#{FOOD_AT}": "餐饮服务",
    }  # fmt: skip
    sources = {"店名": "earlier", f"place#{FOOD_AT}": "licence"}
    of = themed.run(CLERK, "acceptance.accept_matter", matter(form=answers, sources=sources))
    case_id = case_of(themed, of, FOOD_AT).row.id
    sheet = letters(themed.query(CLERK, "acceptance.form_preview", {"case_id": case_id}))
    for text_ in ("罕山饭馆", "以往办件", "电子证照", "申请人填写"):
        assert text_ in sheet, text_


def test_a_matter_with_a_wrong_form_is_not_taken_in(themed):
    with pytest.raises(UserError) as stopped:
        themed.run(
            CLERK, "acceptance.accept_matter", matter(form={"店名": "x" * 13, f"area#{FOOD_AT}": "-1"})
        )
    assert stopped.value.code == "FORM_INCOMPLETE"
    assert [p["path"] for p in stopped.value.detail["problems"]] == [
        "$.店名", f"$.area#{FOOD_AT}", f"$.place#{FOOD_AT}", f"$.trade#{FOOD_AT}", f"$.area#{SIGN_AT}",
    ]  # fmt: skip


def test_the_one_time_notice_of_an_item_without_a_guide_promises_nothing_that_nobody_said(suite):
    bare = letters(suite.query(CLERK, "acceptance.notice", {"item": BARE}))
    assert "不收费" not in bare
    assert "收费以实施机关公布为准" in bare
    assert "其他材料以实施机关" in bare
    known = letters(suite.query(CLERK, "acceptance.notice", {"item": COMMITTED}))
    assert "不收费" in known
    assert "其他材料" not in known


def test_the_one_time_notice_and_the_guide_tell_what_the_form_will_ask(suite):
    before = letters(suite.query(CLERK, "acceptance.notice", {"item": COMMITTED}))
    assert "申请表需填写的内容" not in before, "an item without a form asks nothing of its own"
    published(suite, body=with_form(ROWS))
    notice = letters(suite.query(CLERK, "acceptance.notice", {"item": COMMITTED}))
    guide = letters(ask(suite, WRITER, "guide_paper", item=COMMITTED))
    for seen in (notice, guide):
        assert "申请表需填写的内容" in seen
        for row in ROWS:
            assert row["label"] in seen, row["label"]
        for text in (
            "经营场所必填",
            "电子证照“住所”带入",
            "读取身份证带入",
            "由申请人信息带入",
            "由以往办件带入",
            "餐饮服务、食品销售",
            "备注选填",
        ):
            assert text in seen, text


def test_the_notice_of_a_matter_tells_what_the_one_form_will_ask(suite):
    fill_theme(suite)
    load(suite, item=FOOD)
    seen = letters(suite.query(CLERK, "acceptance.matter_notice", {"theme": THEME, "chosen": []}))
    for text in ("一张表单", "店名", "必填", "电子证照“住所”带入"):
        assert text in seen, text
