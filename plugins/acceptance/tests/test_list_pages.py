"""Lists that are asked for page by page, on both databases: pages are the one long list, whatever changes between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from yichuang.api import identifiers, update
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import handover_tables as h
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance import notice_tables as n
from yichuang_acceptance import supervision_tables as s
from yichuang_acceptance import tables as t
from yichuang_acceptance.agent_tables import mandate
from yichuang_acceptance.finding_tables import finding

from .case_rows import START, enter_cases
from .conftest import CLERK, OWN
from .test_life_papers import letters

NUMBER = 23
ASKER = replace(
    CLERK, hall_wide=True,
    permissions=CLERK.permissions
    | {f"acceptance.{name}" for name in ("help", "oversee", "supervise", "messages", "hand_over")},
)  # fmt: skip
ALL = ("mandates", "findings", "complaints", "supervision", "messages", "refusals", "handovers")
"""Lists that run by their ids, the newest first, with what is asked besides."""
WHOLE: dict[str, dict[str, Any]] = {
    "mandates": {"kind": "all"}, "findings": {"open_only": False}, "supervision": {"kind": "all"},
    "refusals": {"open_only": False}, "handovers": {"kind": "all"},
}  # fmt: skip
_BY = {"staff_id": 9, "staff_name": "乌兰"}


def moment(number: int) -> Any:
    """Several rows have the same one."""
    return START + timedelta(hours=number // 4)


def rows_of(name: str, case_id: int, i: int) -> list[tuple[Any, dict[str, Any]]]:
    at = moment(i)
    return {
        "mandates": [(mandate, {
            "case_id": case_id, "helper": "高娃", "helper_masked": "1504**", "helper_digest": "d", "scope": "代交",
            "valid_to": date(2026, 6, 30), "received": "申请书", "entrusted_at": at, **_BY})],
        "findings": [(finding, {
            "rule": "V01", "case_id": case_id, "agency": OWN, "item_name": "食品经营许可", "facts": "f",
            "evidence": "e", "state": "proposed", "at": at, "found_by_id": 8, "found_by": "督查", **_BY})],
        "complaints": [(s.complaint, {
            "case_id": case_id, "agency": OWN, "source": "phone", "content": f"第{i}件", "at": at, "due_at": at, **_BY})],
        "supervision": [(t.alert, {"case_id": case_id, "rule": "V02", "agency": OWN, "at": at, **_BY})],
        "messages": [(n.message, {
            "key": f"k{i}", "case_id": case_id, "kind": "accept", "occasion": "1", "number": f"{i}", "item_name": "许可",
            "agency": OWN, "applicant_id": 1, "phone": "13804760000", "params": {}, "text": "已受理", "state": "waiting",
            "next_at": at, "created_at": at})],
        "refusals": [(a.cannot_do, {
            "agency": OWN, "item": "i", "item_name": "许可", "person": "苏*", "reason": "policy", "said": "s", "at": at, **_BY})],
        "handovers": [(h.handover, {
            "number": f"JJ{i:04d}", "source": "TS01", "target": "", "state": "sent", "sent_at": at, "sent_by": "乌兰"})],
    }[name]  # fmt: skip


@pytest.fixture
def case_ids(suite):
    return enter_cases(suite, [{} for _n in range(NUMBER)])


def fill_list(suite: Any, name: str, case_ids: list[int], first: int = 0) -> None:
    with suite.database.write() as writer:
        for i, case_id in enumerate(case_ids, first):
            for table, values in rows_of(name, case_id, i):
                writer.insert(table, **values)


def asked(suite: Any, name: str, **request: Any) -> list[Any]:
    return suite.query(ASKER, f"acceptance.{name}", {**WHOLE.get(name, {}), **request})


def by_pages(suite: Any, name: str, behind: Any, size: int, **request: Any) -> list[Any]:
    found: list[Any] = []
    more: dict[str, Any] = {}
    while page := asked(suite, name, limit=size, **request, **more):
        found += page
        more = behind(page[-1])
    return found


@pytest.mark.parametrize("name", ALL)
def test_pages_are_the_one_long_list_from_the_newest_on(suite, case_ids, name):
    fill_list(suite, name, case_ids)
    ids = [row.id for row in asked(suite, name, limit=1000)]
    assert len(ids) == NUMBER
    assert ids == sorted(ids, reverse=True)
    for size in (1, 5, NUMBER):
        pages = by_pages(suite, name, lambda last: {"before_id": last.id}, size)
        assert [row.id for row in pages] == ids, size


@pytest.mark.parametrize("name", ["complaints", "refusals"])
def test_what_is_entered_between_pages_stands_on_none_of_them_and_moves_nothing(suite, case_ids, name):
    fill_list(suite, name, case_ids)
    first = asked(suite, name, limit=10)
    fill_list(suite, name, case_ids[:3], NUMBER)
    second = asked(suite, name, limit=1000, before_id=first[-1].id)
    ids = [row.id for row in [*first, *second]]
    assert len(ids) == len(set(ids)) == NUMBER


def of_one(suite: Any, case_ids: list[int], name: str, wanted: int) -> str:
    """The number of a case, as a list shows it."""
    with suite.database.read() as reader:
        number = reader.one(t.case.select().where(t.case.c.id == case_ids[wanted])).case_no
    return identifiers.short_case_number(number)


@pytest.mark.parametrize("name", ["mandates", "complaints", "findings"])
def test_a_ledger_is_searched_whole_and_page_by_page(suite, case_ids, name):
    fill_list(suite, name, case_ids)
    oldest = asked(suite, name, limit=1000)[-1]
    short = of_one(suite, case_ids, name, 0)
    for text in (oldest.case_no, oldest.case_no[-6:], short, f"  食品 {short}"):
        assert [row.id for row in asked(suite, name, text=text, limit=5)] == [oldest.id], text
    for text in ("%", "_", "食品%", "没有这样的", f"{short} 没有", "260302-999999"):
        assert asked(suite, name, text=text) == [], text
    whole = [row.id for row in asked(suite, name, text="食品", limit=1000)]
    assert len(whole) == NUMBER
    pages = by_pages(suite, name, lambda last: {"before_id": last.id}, 4, text="食品")
    assert [row.id for row in pages] == whole


def test_ledgers_are_searched_by_who_and_what_stands_in_them(suite, case_ids):
    for name in ("mandates", "complaints", "findings"):
        fill_list(suite, name, case_ids)
    for text in ("苏日娜", "高娃", "食品经营 高娃"):
        assert len(asked(suite, "mandates", text=text)) == NUMBER, text
    assert [row.content for row in asked(suite, "complaints", text="第7件")] == ["第7件"]
    assert len(asked(suite, "findings", text="督查")) == len(asked(suite, "findings", text="乌兰")) == NUMBER
    with suite.database.write() as writer:
        (values,) = [values for _table, values in rows_of("findings", case_ids[0], NUMBER)]
        key = writer.insert(finding, **{**values, "case_id": None, "item_name": "无件线索"})
    for text in (f"RD{key:06d}", f"rd{key}", "无件"):
        assert [row.id for row in asked(suite, "findings", text=text)] == [key], text


def test_matters_are_found_by_their_numbers_as_lists_show_them_and_by_no_wildcard(suite):
    order = enter_matters(suite)
    first = next(row for row in asked(suite, "matters", limit=1000) if row.id == min(order))
    for text in (first.case_no, "开餐饮 苏日娜"):
        assert first.id in [row.id for row in asked(suite, "matters", text=text, limit=1000)]
    for text in ("%", "_", "开%店"):
        assert asked(suite, "matters", text=text) == [], text


def enter_fixes(suite: Any, case_ids: list[int]) -> list[int]:
    """Bad ratings, several due at once; every third is settled. Their ids in the order of the list."""
    found = []
    with suite.database.write() as writer:
        for i, case_id in enumerate(case_ids):
            rating = writer.insert(
                a.rating, case_id=case_id, token=f"t{i}", agency=OWN, level=5, tags=[], asked_at=START, rated_at=START, **_BY
            )  # fmt: skip
            closed = {"closed_at": START, "result": "r", "call_back": "c"} if i % 3 == 0 else {}
            due = moment(NUMBER - i)
            key = writer.insert(
                a.rating_fix, rating_id=rating, case_id=case_id, agency=OWN, staff_id=9, opened_at=START,
                contact_due_at=START, due_at=due, **closed,
            )  # fmt: skip
            found.append((bool(closed), due, key))
    return [key for _closed, _due, key in sorted(found)]


def behind_fix(last: Any) -> dict[str, Any]:
    return {"after_id": last.id, "after_due": last.due_at, "after_closed": last.closed_at is not None}


@pytest.mark.parametrize("size", [1, 4, NUMBER])
def test_pages_of_bad_ratings_run_by_due_moment_and_the_settled_ones_last(suite, case_ids, size):
    order = enter_fixes(suite, case_ids)
    assert [row.id for row in by_pages(suite, "fixes", behind_fix, size, open_only=False)] == order
    left = [row.id for row in by_pages(suite, "fixes", behind_fix, size)]
    assert left == order[: NUMBER - (NUMBER + 2) // 3]


def test_a_bad_rating_that_is_settled_between_pages_is_missed_by_none(suite, case_ids):
    order = enter_fixes(suite, case_ids)
    first = asked(suite, "fixes", open_only=False, limit=5)
    with suite.database.write() as writer:
        values = {"closed_at": START, "result": "r", "call_back": "c"}
        writer.execute(update(a.rating_fix).where(a.rating_fix.c.id == first[-1].id).values(**values))
    rest = asked(suite, "fixes", open_only=False, limit=1000, **behind_fix(first[-1]))
    assert {row.id for row in [*first, *rest]} == set(order)


def enter_matters(suite: Any) -> list[int]:
    """Matters, several due at once, some without a promise, some with a question. Their ids in the order of the list."""
    found = []
    with suite.database.write() as writer:
        for i in range(NUMBER):
            due = None if i % 5 == 0 else moment(NUMBER - i)
            key = writer.insert(
                mt.matter, case_no=f"15042126030{i:04d}", query_code="Q", theme="t", name="开餐饮店", lead=OWN, lead_name="局",
                state="review", applicant_id=1, applicant_kind="person", applicant_name="苏日娜", applicant_masked="m",
                form={}, materials=[], received_at=START, promise_due_at=due, acceptor_id=1, acceptor_name="受理员",
            )  # fmt: skip
            asks = i % 4 == 1
            writer.insert(
                mt.part, matter_id=key, position=1, name="n", after=[], answer="asked" if asks else ""
            )
            found.append((not asks, due is None, due or START, key))
    return [key for *_rest, key in sorted(found)]


def behind_matter(last: Any) -> dict[str, Any]:
    return {"after_id": last.id, "after_due": last.listed_by, "after_asked": last.asked}


@pytest.mark.parametrize("size", [1, 2, 7, NUMBER])
def test_pages_of_matters_put_questions_first_and_those_without_a_promise_last(suite, size):
    order = enter_matters(suite)
    assert [row.id for row in asked(suite, "matters", limit=1000)] == order
    assert [row.id for row in by_pages(suite, "matters", behind_matter, size)] == order


def test_a_question_that_is_answered_between_pages_hides_no_other_matter(suite):
    order = enter_matters(suite)
    first = asked(suite, "matters", limit=3)
    with suite.database.write() as writer:
        for row in first:
            writer.execute(update(mt.part).where(mt.part.c.matter_id == row.id).values(answer="go_on"))
    rest = asked(suite, "matters", limit=1000, **behind_matter(first[-1]))
    assert {row.id for row in [*first, *rest]} == set(order)


@pytest.mark.parametrize("size", [1, 6, NUMBER])
def test_pages_of_finished_matters_run_from_the_newest_on(suite, size):
    keys = sorted(enter_matters(suite))
    with suite.database.write() as writer:
        for i, key in enumerate(keys):
            values = {"state": "done", "done_at": moment(i)}
            writer.execute(update(mt.matter).where(mt.matter.c.id == key).values(**values))
    pages = by_pages(suite, "matters", behind_matter, size, tab="done")
    assert [row.id for row in pages] == keys[::-1]


@pytest.mark.parametrize("size", [1, 4, NUMBER])
def test_pages_of_drafts_run_from_the_newest_on_and_hold_only_ones_own(suite, size):
    with suite.database.write() as writer:
        keys = [
            writer.insert(t.draft, staff_id=i % 2, item_name=f"{i}", at=moment(i), body=b"") for i in range(2 * NUMBER)
        ]  # fmt: skip
    pages = by_pages(suite, "drafts", lambda last: {"before_at": last.at, "before_id": last.id}, size)
    assert [row.id for row in pages] == keys[1::2][::-1]


def test_a_printed_ledger_says_how_many_it_leaves_out(suite, case_ids):
    fill_list(suite, "mandates", case_ids)
    whole = letters(suite.query(ASKER, "acceptance.mandates_file", {"kind": "all"}))
    assert f"共{NUMBER}件" in whole
    assert "本册" not in whole
    part = letters(suite.query(ASKER, "acceptance.mandates_file", {"kind": "all", "limit": 5}))
    assert f"共{NUMBER}件，本册为最近的5件" in part
