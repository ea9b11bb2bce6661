"""Keeping the catalogue, on both databases: drafts, four eyes, days of versions, suspensions, files, situations at the window."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from yichuang.api import Actor, UserError, update
from yichuang_acceptance import guide_tables as g

from .conftest import BARE, CLERK, COMMITTED, INSTANT, OTHER, OWN, accepted, hands, intake
from .guides import CODE, whole
from .life import refused, set_clock

VIEW = frozenset({"acceptance.view_items"})
WRITER = Actor(11, "writer", "编写员", OWN, permissions=VIEW | {"acceptance.edit_items"})
KEEPER = Actor(
    12, "keeper", "首席代表", OWN, permissions=VIEW | {"acceptance.edit_items", "acceptance.publish_items"}
)
FOREIGN = Actor(13, "foreign", "外单位", OTHER, permissions=KEEPER.permissions)
EVERYWHERE = Actor(14, "catalogue", "事项管理员", OTHER, hall_wide=True, permissions=KEEPER.permissions)
DAY = "2026-04-01"


def ask(suite: Any, actor: Actor, name: str, /, **request: Any) -> Any:
    return suite.query(actor, f"acceptance.{name}", request)


def act(suite: Any, actor: Actor, name: str, /, **request: Any) -> Any:
    return suite.run(actor, f"acceptance.{name}", request)


def submitted(suite: Any, item: str = COMMITTED, body: dict[str, Any] | None = None, **elements: str) -> Any:
    draft = act(suite, WRITER, "draft_guide", item=item)
    kept = act(
        suite, WRITER, "change_guide", item=item, row_version=draft.row_version, **(body or whole(**elements))
    )
    return act(suite, WRITER, "submit_guide", item=item, row_version=kept.row_version)


def published(suite: Any, item: str = COMMITTED, body: dict[str, Any] | None = None, **elements: str) -> Any:
    waiting = submitted(suite, item, body, **elements)
    return act(suite, KEEPER, "publish_guide", item=item, row_version=waiting.row_version)


def item(suite: Any, **request: Any) -> Any:
    return suite.query(CLERK, "hall.item", {"code": COMMITTED, **request})


def test_a_draft_begins_with_what_the_files_brought(suite):
    draft = act(suite, WRITER, "draft_guide", item=COMMITTED)
    assert (draft.version, draft.state) == (2, "draft")
    seen = ask(suite, WRITER, "guide", item=COMMITTED)
    assert seen.elements["promise_day"] == "5"
    assert seen.elements["anticipate_type"] == "W"
    assert [row["material_name"] for row in seen.lists["materials"]] == ["申请书", "营业执照", "健康证"]
    assert [row["is_need"] for row in seen.lists["materials"]] == ["1", "1", "3"]
    assert {p.code for p in seen.problems} == {"ELEMENT_MISSING"}
    assert ask(suite, WRITER, "guide_diff", item=COMMITTED, old=1, new=2) == []
    assert refused(suite, KEEPER, "acceptance.draft_guide", {"item": COMMITTED}) == "DRAFT_EXISTS"


def test_the_desks_read_a_version_from_its_first_day_on(suite, clock):
    before = accepted(suite)
    published(suite, plan_effective_date=DAY)
    assert item(suite).version == 1
    assert ("食品经营许可", "item-committed") in {
        (r.name, r.code) for r in suite.query(CLERK, "hall.items", {})
    }
    set_clock(clock, DAY)
    seen = item(suite)
    assert (seen.version, seen.name, seen.result, seen.basis) == (
        2,
        "食品经营许可（新办）",
        "食品经营许可证",
        "食品安全法第三十五条",
    )
    assert (seen.kind, float(seen.promise_amount), seen.special) == ("committed", 5.0, ["现场核查"])
    assert [(m.name, m.need, m.replaceable) for m in seen.materials] == [
        ("申请书", "required", False), ("营业执照", "required", True), ("健康证", "tolerant", False),
    ]  # fmt: skip
    (row,) = [r for r in suite.query(CLERK, "hall.items", {}) if r.code == COMMITTED]
    assert (row.name, row.aliases) == ("食品经营许可（新办）", ["食品证", "开餐馆"])
    assert "spjyxk" in row.initials
    kept = suite.query(CLERK, "acceptance.case", {"case_id": before.case_id})
    assert kept.item_version == 1, "a case keeps the version it was accepted under"
    history = ask(suite, WRITER, "guide_history", item=COMMITTED).versions
    assert [(v.version, v.first_day, v.last_day, v.holds, v.published_name) for v in history] == [
        (2, date(2026, 4, 1), None, True, "首席代表"), (1, None, date(2026, 3, 31), False, ""),
    ]  # fmt: skip


def test_four_eyes(suite):
    draft = act(suite, KEEPER, "draft_guide", item=COMMITTED)
    kept = act(suite, WRITER, "change_guide", item=COMMITTED, row_version=draft.row_version, **whole())
    waiting = act(suite, WRITER, "submit_guide", item=COMMITTED, row_version=kept.row_version)
    publish = {"item": COMMITTED, "row_version": waiting.row_version}
    assert refused(suite, WRITER, "acceptance.publish_guide", publish) == "NOT_PERMITTED"
    assert refused(suite, KEEPER, "acceptance.publish_guide", publish) == "OWN_WORK", (
        "who began it is an author too"
    )
    assert act(suite, EVERYWHERE, "publish_guide", **publish).state == "published"


def test_a_published_version_never_changes(suite):
    published(suite)
    with pytest.raises(DatabaseError), suite.database.write() as writer:
        writer.execute(update(g.guide).values(note="x"))
    with pytest.raises(DatabaseError), suite.database.write() as writer:
        writer.execute(g.guide.delete())
    for name in ("change_guide", "submit_guide", "drop_guide"):
        assert (
            refused(suite, WRITER, f"acceptance.{name}", {"item": COMMITTED, "row_version": 4}) == "NO_DRAFT"
        )


def test_what_a_person_can_do_wrong(suite, clock):
    assert refused(suite, WRITER, "acceptance.draft_guide", {"item": "nobody"}) == "UNKNOWN_ITEM"
    draft = act(suite, WRITER, "draft_guide", item=COMMITTED)
    about = {"item": COMMITTED, "row_version": draft.row_version}
    change = "acceptance.change_guide"
    assert refused(suite, WRITER, change, about | {"row_version": 9} | whole()) == "GUIDE_CHANGED"
    assert refused(suite, WRITER, change, about | whole(task_handle_item="12")) == "CODE_WRONG"
    assert refused(suite, WRITER, change, about | whole(promise_day="soon")) == "VALUE_WRONG"
    assert refused(suite, WRITER, change, about | whole(nonsense="1")) == "ELEMENT_UNKNOWN"
    assert refused(suite, KEEPER, "acceptance.publish_guide", about) == "NOT_SUBMITTED"
    for wrong, code in (
        ({"promise_day": "11"}, "PROMISE_TOO_LONG"),
        ({"plan_effective_date": "2026-05-02", "plan_cancel_date": "2026-05-01"}, "TERM_BACKWARDS"),
    ):
        about["row_version"] = act(suite, WRITER, "change_guide", **about, **whole(**wrong)).row_version
        assert refused(suite, WRITER, "acceptance.submit_guide", about) == code
    for rows, code in (
        ([], "NO_MATERIAL"),
        ([{"material_code": "M77", "material_name": "x", "is_need": "1"}], "MATERIAL_UNKNOWN"),
    ):
        body = whole()
        body["lists"]["materials"] = rows
        about["row_version"] = act(suite, WRITER, "change_guide", **about, **body).row_version
        assert refused(suite, WRITER, "acceptance.submit_guide", about) == code
    about["row_version"] = act(
        suite, WRITER, "change_guide", **about, **whole(plan_effective_date="2026-03-18")
    ).row_version
    about["row_version"] = act(suite, WRITER, "submit_guide", **about).row_version
    assert refused(suite, WRITER, change, about | whole()) == "GUIDE_SUBMITTED"
    assert refused(suite, KEEPER, "acceptance.return_guide", about | {"reason": ""}) == "REASON_MISSING"
    set_clock(clock, "2026-03-19")
    assert refused(suite, KEEPER, "acceptance.publish_guide", about) == "DAY_PAST"


def test_days_of_another_version_are_refused(suite):
    published(suite, plan_effective_date=DAY)
    waiting = submitted(suite, plan_effective_date="2026-03-20")
    about = {"item": COMMITTED, "row_version": waiting.row_version}
    assert refused(suite, KEEPER, "acceptance.publish_guide", about) == "VERSIONS_OVERLAP"
    back = act(suite, KEEPER, "return_guide", reason="生效日期已有第2版。", **about)
    seen = ask(suite, WRITER, "guide", item=COMMITTED)
    assert (seen.state, seen.returned_name, seen.returned_reason) == (
        "draft",
        "首席代表",
        "生效日期已有第2版。",
    )
    kept = act(
        suite,
        WRITER,
        "change_guide",
        item=COMMITTED,
        row_version=back.row_version,
        **whole(plan_effective_date="2026-04-02"),
    )
    waiting = act(suite, WRITER, "submit_guide", item=COMMITTED, row_version=kept.row_version)
    act(suite, KEEPER, "publish_guide", item=COMMITTED, row_version=waiting.row_version)
    versions = ask(suite, WRITER, "guide_history", item=COMMITTED).versions
    assert [(v.first_day, v.last_day) for v in versions] == [
        (date(2026, 4, 2), None), (date(2026, 4, 1), date(2026, 4, 1)), (None, date(2026, 3, 31)),
    ]  # fmt: skip


def test_a_draft_can_be_dropped(suite):
    draft = act(suite, WRITER, "draft_guide", item=COMMITTED)
    act(suite, WRITER, "drop_guide", item=COMMITTED, row_version=draft.row_version)
    assert ask(suite, WRITER, "guide", item=COMMITTED).version == 1
    assert act(suite, WRITER, "draft_guide", item=COMMITTED).version == 2


def test_a_suspended_item_takes_no_applications(suite, clock):
    case = accepted(suite)
    state = {"item": COMMITTED, "reason": "系统改造"}
    assert (
        refused(suite, KEEPER, "acceptance.set_item_state", state | {"state": "2", "first_day": "2026-03-01"})
        == "DAY_PAST"
    )
    assert (
        refused(suite, KEEPER, "acceptance.set_item_state", state | {"state": "1", "first_day": DAY})
        == "STATE_SAME"
    )
    act(suite, KEEPER, "set_item_state", state="2", first_day=DAY, **state)
    accepted(suite)
    set_clock(clock, DAY)
    assert refused(suite, CLERK, "acceptance.accept", intake()) == "ITEM_NOT_IN_USE"
    assert COMMITTED not in {row.code for row in suite.query(CLERK, "hall.items", {})}
    assert item(suite).state == "2"
    assert suite.query(CLERK, "acceptance.case", {"case_id": case.case_id}).row.state == "review", (
        "cases go on"
    )
    early = state | {"state": "1", "first_day": DAY}
    act(suite, KEEPER, "set_item_state", **early)
    accepted(suite)
    act(suite, KEEPER, "set_item_state", item=COMMITTED, state="3", first_day=DAY, reason="法律修订")
    assert refused(suite, KEEPER, "acceptance.set_item_state", early) == "ITEM_CANCELLED"
    (row,) = [r for r in ask(suite, KEEPER, "guides") if r.code == COMMITTED]
    assert row.state == "3"
    assert len(ask(suite, KEEPER, "guide_history", item=COMMITTED).states) == 3


def test_an_old_version_is_not_taken_in(suite):
    published(suite)
    assert refused(suite, CLERK, "acceptance.accept", intake(item_version=1)) == "VERSION_NOT_IN_FORCE"


def test_the_material_list_follows_the_answers(suite):
    published(suite)
    asked = suite.query(CLERK, "acceptance.situations", {"item": COMMITTED})
    assert [(q.code, q.answers) for q in asked.questions] == [("Q1", ["是", "否"])]
    assert refused(suite, CLERK, "acceptance.accept", intake()) == "ANSWER_MISSING"
    assert refused(suite, CLERK, "acceptance.accept", intake(answers={"Q1": "也许"})) == "ANSWER_UNKNOWN"
    cold = intake(answers={"Q1": "否"}, materials=hands(1, 2))
    case = suite.run(CLERK, "acceptance.accept", cold)
    assert len(suite.query(CLERK, "acceptance.case", {"case_id": case.case_id}).materials) == 2
    assert refused(suite, CLERK, "acceptance.accept", cold | {"materials": hands(1)}) == "MATERIAL_MISSING"
    later = suite.run(CLERK, "acceptance.receive", cold)  # accepted in a second step: the same list
    suite.run(CLERK, "acceptance.accept_case", {"case_id": later.case_id})
    hot = suite.run(CLERK, "acceptance.accept", intake(answers={"Q1": "是"}))
    assert len(suite.query(CLERK, "acceptance.case", {"case_id": hot.case_id}).materials) == 3
    assert suite.query(CLERK, "acceptance.situations", {"item": INSTANT}).questions == []


def test_a_new_item_appears_with_its_first_version(suite):
    new = {"code": CODE, "name": "小作坊登记", "type": "01", "agency": OWN}
    assert refused(suite, WRITER, "acceptance.new_item", new | {"code": "123"}) == "BAD_ITEM_CODE"
    assert refused(suite, WRITER, "acceptance.new_item", new | {"type": "20"}) == "CODE_OF_ANOTHER"
    assert refused(suite, WRITER, "acceptance.new_item", new | {"agency": OTHER}) == "NOT_YOUR_AGENCY"
    assert (
        refused(suite, EVERYWHERE, "acceptance.new_item", new | {"agency": CODE[:17] + "X"})
        == "UNKNOWN_AGENCY"
    )
    draft = act(suite, WRITER, "new_item", **new)
    assert refused(suite, WRITER, "acceptance.new_item", new) == "ITEM_EXISTS"
    assert CODE not in {row.code for row in suite.query(CLERK, "hall.items", {})}
    (row,) = [r for r in ask(suite, WRITER, "guides") if r.code == CODE]
    assert (row.version, row.open_version, row.open_state) == (0, 1, "draft")
    kept = act(
        suite,
        WRITER,
        "change_guide",
        item=CODE,
        row_version=draft.row_version,
        **whole(task_name="小作坊登记"),
    )
    waiting = act(suite, WRITER, "submit_guide", item=CODE, row_version=kept.row_version)
    act(suite, KEEPER, "publish_guide", item=CODE, row_version=waiting.row_version)
    assert suite.query(CLERK, "hall.item", {"code": CODE}).version == 1
    assert CODE in {row.code for row in suite.query(CLERK, "hall.items", {})}


@pytest.mark.parametrize("form", ["tsv", "xlsx"])
def test_an_export_comes_back_as_it_was(suite, form):
    published(suite)
    files = ask(suite, KEEPER, "export_guides", form=form)
    back = act(suite, KEEPER, "import_guides", files=files)
    assert (back.entered, back.drafted, back.unchanged) == (0, 0, 3)
    assert all(not row.open_state for row in ask(suite, KEEPER, "guides"))
    upload = ask(suite, KEEPER, "upload_guides", items=[COMMITTED], form=form)
    back = act(suite, KEEPER, "import_guides", files=upload)
    assert (back.entered, back.drafted, back.unchanged) == (0, 0, 1)


def test_an_import_makes_drafts_of_all_or_none(suite):
    published(suite)
    files = ask(suite, KEEPER, "export_guides", form="tsv")
    head, *lines = files["guide_items.tsv"].decode().split("\n")
    renamed = "\n".join([head, *(line.replace("资产信息发布", "资产信息公告") for line in lines)]).encode()
    broken = renamed.replace("个体工商户登记".encode(), b"=1")
    request = {"files": files | {"guide_items.tsv": broken}}
    assert refused(suite, KEEPER, "acceptance.import_guides", request) == "GUIDE_FILES_BAD"
    back = act(suite, KEEPER, "import_guides", files=files | {"guide_items.tsv": renamed}, note="更名")
    assert (back.drafted, back.unchanged) == (1, 2)
    found = ask(suite, KEEPER, "guide", item=BARE)
    assert (found.version, found.state, found.name, found.note) == (2, "draft", "资产信息公告", "更名")
    again = act(suite, KEEPER, "import_guides", files=files | {"guide_items.tsv": renamed})
    assert again.unchanged == 3
    new = renamed.replace(BARE.encode(), CODE.encode())
    back = act(
        suite,
        KEEPER,
        "import_guides",
        files={"guide_items.tsv": new.split(b"\n")[0] + b"\n" + _line(new, CODE)},
    )
    assert back.entered == 1
    foreign = {"files": files | {"guide_items.tsv": renamed}}
    assert refused(suite, FOREIGN, "acceptance.import_guides", foreign) == "NOT_YOUR_AGENCY"


def _line(content: bytes, code: str) -> bytes:
    line = next(line for line in content.split(b"\n") if line.startswith(code.encode()))
    return line.replace(b"\t20\t", b"\t01\t")


def test_a_version_that_a_file_brings_holds_from_today_on(suite, clock):
    act(suite, WRITER, "new_item", code=CODE, name="小作坊登记", type="01", agency=OWN)
    kept = act(suite, WRITER, "change_guide", item=CODE, row_version=1, **whole(task_name="小作坊登记"))
    waiting = act(suite, WRITER, "submit_guide", item=CODE, row_version=kept.row_version)
    about = {"item": CODE, "row_version": waiting.row_version}
    line = f"{CODE}\t小作坊核准\t01\t{OWN}\t"
    brought = {"items.tsv": f"code\tname\ttype\tagency\tversion\n{line}1\n".encode()}
    suite.run(Actor.system(), "hall.load", {"files": brought})
    assert refused(suite, KEEPER, "acceptance.publish_guide", about) == "VERSION_TAKEN"
    published(suite)
    set_clock(clock, DAY)
    line = f"{COMMITTED}\t食品经营核准\t01\t{OWN}\t"
    _load_short_code(suite, line)


def _load_short_code(suite, line):
    """The small hall's codes are no real ones, so the importer refuses them; what it would store goes in behind it."""
    from yichuang.hall.model import HallData, Item, ItemVersion
    from yichuang.operations import hall_data

    code, name, kind, agency, _ = line.split("\t")
    data = HallData(items=(Item(code, code, name, kind, agency),), versions=(ItemVersion(code, 3),))
    with suite.database.write() as writer:
        from yichuang.operations.work import Work

        now = suite.executor.clock()
        work = Work(Actor.system(), now, suite.executor.hooks, writer, suite.executor, writer=writer)
        hall_data.store_hall(work, data)
    assert (item(suite).version, item(suite).name) == (3, "食品经营核准")
    assert [v.version for v in ask(suite, WRITER, "guide_history", item=COMMITTED).versions] == [3, 2, 1]


def test_the_service_guide_is_a_pdf(suite):
    published(suite)
    pdf = ask(suite, WRITER, "guide_paper", item=COMMITTED)
    assert pdf.startswith(b"%PDF")
    assert ask(suite, WRITER, "guide_paper", item=COMMITTED) == pdf, "the same guide makes the same paper"


def test_the_dictionary_is_found_by_name_and_code(suite):
    assert [m.code for m in ask(suite, WRITER, "find_materials", words="执照")] == ["M2"]
    assert [m.code for m in ask(suite, WRITER, "find_materials", words="M3")] == ["M3"]
    assert ask(suite, WRITER, "find_materials", words="%") == []


def test_another_agency_sees_and_changes_nothing(suite):
    waiting = submitted(suite)
    about = {"item": COMMITTED, "row_version": waiting.row_version}
    assert ask(suite, FOREIGN, "guides") == []
    assert ask(suite, FOREIGN, "export_guides", form="tsv")["guide_items.tsv"].decode().count("\n") == 1
    for name, request in {
        "draft_guide": {"item": COMMITTED}, "change_guide": about | whole(), "submit_guide": about, "drop_guide": about,
        "publish_guide": about, "return_guide": about | {"reason": "x"},
        "set_item_state": {"item": COMMITTED, "state": "3", "first_day": DAY, "reason": "x"},
    }.items():  # fmt: skip
        assert refused(suite, FOREIGN, f"acceptance.{name}", request) == "NOT_YOUR_AGENCY", name
    for name in ("guide", "guide_history", "guide_paper"):
        with pytest.raises(UserError) as error:
            ask(suite, FOREIGN, name, item=COMMITTED)
        assert error.value.code == "NOT_YOUR_AGENCY"
