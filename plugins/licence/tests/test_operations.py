"""The register on both databases: issue, look up for a purpose, stand in for a paper; every look leaves a trace."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from yichuang.api import FactQuery, LicenceDraft, LicenceQuery, MaterialClaim, UserError
from yichuang_licence import tables as t

from .conftest import CLERK, ISSUER, KEEPER, LIFELONG, STRANGER, TYPE, citizen, draft


def rows(suite):
    with suite.database.read() as reader:
        names = ("licence_licence", "licence_use", "core_applicant", "core_journal", "core_counter")
        return {
            name: [tuple(r) for r in reader.all(text(f"SELECT * FROM {name} ORDER BY 1"))] for name in names
        }


def refused(suite, actor, name, request):
    before = rows(suite)
    with pytest.raises(UserError) as error:
        suite.run(actor, name, request)
    assert rows(suite) == before
    assert error.value.as_dict("en")["sentence"] != error.value.as_dict("zh_CN")["sentence"]
    return error.value.code


def search(suite, actor=KEEPER, **request):
    return suite.run(actor, "licence.search", {"by": "holder", "purpose": "办理食品经营许可", **request})


def test_an_issued_licence_is_found_by_holder_code_and_number(suite, issued):
    for request in (
        {"by": "holder", "text": citizen()},
        {"by": "code", "text": issued.code},
        {"by": "number", "text": issued.number},
    ):
        found = search(suite, **request)
        assert [row.code for row in found] == [issued.code]
    assert (found[0].holder, found[0].validity) == ("苏*娜", "valid")
    assert found[0].valid_to.isoformat() == "2030-12-31"


@pytest.mark.parametrize(
    ("actor", "changes", "code"),
    [
        (STRANGER, {}, "NOT_YOUR_AGENCY"),
        (CLERK, {}, "NOT_PERMITTED"),
        (KEEPER, {"licence_type": "nothing"}, "UNKNOWN_LICENCE_TYPE"),
        (KEEPER, {"holder_code": "150421199003072410"}, "BAD_CITIZEN_ID"),
        (KEEPER, {"holder_code_kind": "999"}, "UNKNOWN_CODE_KIND"),
        (KEEPER, {"valid_to": "2025-01-01"}, "DATES_REVERSED"),
        (KEEPER, {"holder_name": "a\x00b"}, "BAD_TEXT"),
        (KEEPER, {"holder_name": ""}, "BAD_REQUEST"),
    ],
)
def test_a_wrong_licence_is_refused_and_changes_nothing(suite, actor, changes, code):
    assert refused(suite, actor, "licence.issue", draft(**changes)) == code


@pytest.mark.parametrize(
    ("actor", "request_", "code"),
    [
        (KEEPER, {"by": "holder", "text": citizen(), "purpose": ""}, "PURPOSE_MISSING"),
        (KEEPER, {"by": "holder", "text": "123", "purpose": "p"}, "BAD_CITIZEN_ID"),
        (KEEPER, {"by": "code", "text": "1.2.3", "purpose": "p"}, "BAD_LICENCE_IDENTIFIER"),
        (CLERK, {"by": "name", "text": "苏日娜", "purpose": "p"}, "NOT_PERMITTED"),
        (KEEPER, {"by": "name", "text": "苏", "purpose": "p"}, "NAME_TOO_SHORT"),
    ],
)
def test_a_search_without_ground_is_refused(suite, actor, request_, code):
    assert refused(suite, actor, "licence.search", request_) == code


def test_every_search_leaves_a_trace_also_one_that_finds_nothing(suite, issued):
    search(suite, text=citizen("15042119800101001"))
    search(suite, text=citizen(), purpose="核对")
    with suite.database.read() as reader:
        uses = reader.all(select(t.use).order_by(t.use.c.id))
    assert [(u.act, u.licence_id is None, u.purpose) for u in uses] == [
        ("search", True, "办理食品经营许可"),
        ("search", False, "核对"),
    ]
    assert citizen() not in str(rows(suite))


def test_opening_shows_checks_and_uses(suite, issued):
    detail = suite.run(KEEPER, "licence.view", {"code": issued.code, "purpose": "核对"})
    assert {c.state for c in detail.checks} == {"ok", "warn"}
    assert [u.act for u in detail.uses] == ["view"]
    face = suite.query(KEEPER, "licence.face", {"code": issued.code, "purpose": "核对"})
    assert face.startswith(b"%PDF")


def test_status_changes_and_stays(suite, issued):
    change = {"code": issued.code, "reason": "处罚决定"}
    assert (
        refused(suite, STRANGER, "licence.change_status", {**change, "status": "revoked"})
        == "NOT_YOUR_AGENCY"
    )
    assert suite.run(KEEPER, "licence.change_status", {**change, "status": "revoked"}) == "revoked"
    assert (
        refused(suite, KEEPER, "licence.change_status", {**change, "status": "in_force"}) == "ILLEGAL_CHANGE"
    )
    assert search(suite, text=citizen())[0].validity == "revoked"


def stand_in(suite, code, **changes):
    values = {"subject": "case:1", "licence_code": code, "licence_type": "", "holder_code_kind": "111", "holder_code": citizen(),
              "purpose": "受理"}  # fmt: skip
    claim = MaterialClaim(**{**values, **changes})

    def ask(work):
        return list(work.hooks.check_material(work=work, claim=claim))

    from yichuang.operations.work import Work

    with suite.database.write() as writer:
        work = Work(KEEPER, suite.clock(), suite.hooks, writer, suite.executor, writer=writer)
        return ask(work)


def test_a_licence_stands_for_a_paper_only_if_it_is_right(suite, issued):
    assert [f.accepted for f in stand_in(suite, issued.code)] == [True]
    other = citizen("15042119800101001")
    suite.run(KEEPER, "licence.issue", draft(holder_code=other, holder_name="巴特尔"))
    assert [f.accepted for f in stand_in(suite, issued.code, holder_code=other)] == [False]
    assert [f.accepted for f in stand_in(suite, issued.code, licence_type=LIFELONG)] == [False]
    ended = suite.run(KEEPER, "licence.issue", draft(valid_from="2020-01-01", valid_to="2021-01-01"))
    assert [f.accepted for f in stand_in(suite, ended.code)] == [False]
    with suite.database.read() as reader:
        uses = reader.all(select(t.use.c.subject).where(t.use.c.act == "stand_in"))
    assert [u.subject for u in uses] == ["case:1"], "only what was accepted counts as a use"


def test_a_case_gets_its_licence_once(suite):
    from datetime import date

    from yichuang.operations.work import Work

    made = LicenceDraft(
        "case:9", TYPE, "n", ISSUER, "person", "苏日娜", "111", citizen(), date(2026, 3, 17), None
    )
    with suite.database.write() as writer:
        work = Work(KEEPER, suite.clock(), suite.hooks, writer, suite.executor, writer=writer)
        first = work.hooks.issue_licence(work=work, draft=made)
        assert work.hooks.issue_licence(work=work, draft=made) == first
    asked = LicenceQuery("111", citizen(), "办理")
    found = suite.executor.read(KEEPER, lambda read: list(read.hooks.find_licences(read=read, query=asked)))
    assert [f.code for f in found] == [first.code]


def test_a_licence_ends_with_the_decision_behind_it(suite, issued):
    from yichuang.operations.work import Work

    def end(code, kind="annulled"):
        with suite.database.write() as writer:
            work = Work(KEEPER, suite.clock(), suite.hooks, writer, suite.executor, writer=writer)
            work.hooks.end_licence(work=work, code=code, kind=kind, reason="提供虚假材料取得许可")

    end("1.2.156.3005.2.elsewhere")
    assert search(suite, text=citizen())[0].validity == "valid"
    end(issued.code)
    assert search(suite, text=citizen())[0].validity == "annulled"
    end(issued.code, "cancelled")
    assert search(suite, text=citizen())[0].validity == "annulled", "what has ended stays as it ended"
    detail = suite.run(KEEPER, "licence.view", {"code": issued.code, "purpose": "核对"})
    assert [(u.act, u.result) for u in detail.uses if u.act == "change"] == [("change", "annulled")]


def test_contents_are_told_only_to_who_asks_for_them(suite):
    suite.run(KEEPER, "licence.issue", draft(fields={"住所": "天山镇", "经营范围": "餐饮"}))

    def contents(*wanted):
        asked = LicenceQuery("111", citizen(), "填表", (), wanted)
        ask = lambda read: list(read.hooks.find_licences(read=read, query=asked))  # noqa: E731 - one line
        return [f.contents for f in suite.executor.read(KEEPER, ask)]

    assert contents() == [{}]
    assert contents("住所", "面积") == [{"住所": "天山镇"}]


def test_a_case_is_told_whether_its_licences_are_still_in_force(suite, issued):
    ended = suite.run(KEEPER, "licence.issue", draft(valid_from="2020-01-01", valid_to="2021-01-01"))
    with suite.database.read() as reader:
        holder = reader.scalar(select(t.licence.c.holder_id).where(t.licence.c.code == issued.code))

    def states(*codes: str, holder: int = holder) -> list[str]:
        asked = FactQuery("case:1", "i1", ISSUER, holder, licences=codes)
        ask = lambda read: list(read.hooks.check_facts(read=read, asked=asked))  # noqa: E731 - one line
        return [fact.state for fact in suite.executor.read(KEEPER, ask)]

    assert states(issued.code, ended.code, issued.code) == ["ok", "fail"]
    assert states(issued.code, holder=holder + 1) == ["fail"]
    assert states("1.2.156") == ["fail"]
    assert states() == []


def test_the_catalogue_counts_what_was_issued(suite, issued):
    counted = {row.code: row.issued for row in suite.query(KEEPER, "licence.types")}
    assert counted == {TYPE: 1, LIFELONG: 0}
