"""How long files of closed cases are kept: by the item's guide, else the hall; sealed with the file, listed when over."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from yichuang.api import Actor, UserError, select, update
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules.retention import check_years, due_before, last_day

from .case_rows import enter_cases
from .conftest import APPROVER, CLERK, ISSUER, OTHER, RECEIVER, STRANGER, accepted, decision
from .life import render, see
from .test_archives import package
from .test_catalogue_rules import take
from .test_guides import published
from .test_kept_pages import keep

SYSTEM = Actor.system()


def ended(suite: Any, case: Any, outcome: str) -> Any:
    """Let a case end, its papers made; it waits for the archive then."""
    if outcome == "grant":
        suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))
    elif outcome == "refuse":
        suite.run(
            APPROVER,
            "acceptance.refuse",
            decision(suite, case, reason="不符合条件", law="《行政许可法》第三十八条"),
        )
    else:
        page = keep(suite, b"%PDF-1.7 signed", "application/pdf")
        suite.run(CLERK, "acceptance.withdraw", {"case_id": case.case_id, "reason": "不再申请", "page": page})
    render(suite, case)
    if outcome != "withdraw":
        suite.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER})
        render(suite, case)
    return case


def archive(suite: Any, case: Any) -> Any:
    return suite.run(ISSUER, "acceptance.archive", {"case_id": case.case_id})


def years(suite: Any, case: Any) -> Any:
    with suite.database.read() as reader:
        return reader.one(select(t.archive.c.years).where(t.archive.c.case_id == case.case_id)).years


@pytest.mark.parametrize(
    ("outcome", "code", "kept"), [("grant", "Y", None), ("refuse", "D10", 10), ("withdraw", "D10", 10)]
)
def test_where_the_guide_says_nothing_the_hall_does(suite, outcome, code, kept):
    case = accepted(suite)
    assert see(suite, case).kept is None, "an open case has no file yet"
    ended(suite, case, outcome)
    shown = see(suite, case).kept
    assert (shown.code, shown.years, shown.source, shown.archived) == (code, kept, "hall", False)
    done = archive(suite, case)
    until = date(2036, 12, 31) if kept else None
    assert (done.kept, done.until, years(suite, case)) == (code, until, kept)
    shown = see(suite, case).kept
    assert (shown.code, shown.source, shown.until, shown.archived) == (code, "hall", until, True)


def test_the_hall_sets_other_terms_and_only_those_of_archives(suite):
    for key in ("keep_granted_years", "keep_other_years"):
        for wrong in (1, -10, 15, 31, "10", True, None):
            with pytest.raises(UserError):
                suite.run(SYSTEM, "hall.set", {"key": f"acceptance.{key}", "value": wrong})
        suite.run(SYSTEM, "hall.set", {"key": f"acceptance.{key}", "value": 30})
    for outcome in ("grant", "withdraw"):
        assert archive(suite, ended(suite, accepted(suite), outcome)).kept == "D30"


def test_the_guide_of_the_item_says_it_for_its_decisions(suite):
    published(suite, keep_term="D30")
    granted, refused, withdrawn = (
        ended(suite, take(suite), each) for each in ("grant", "refuse", "withdraw")
    )
    assert [see(suite, case).kept.code for case in (granted, refused, withdrawn)] == ["D30", "D30", "D10"]
    assert [see(suite, case).kept.source for case in (granted, refused, withdrawn)] == [
        "item",
        "item",
        "hall",
    ]
    done = archive(suite, granted)
    assert (done.kept, done.until, years(suite, granted)) == ("D30", date(2056, 12, 31), 30)
    contents = json.loads(package(suite, granted)["目录.json"])
    assert (contents["retention"], contents["years"]) == ({"code": "D30", "source": "item"}, 30)


def test_a_term_that_was_changed_afterwards_breaks_the_digest(suite):
    case = ended(suite, accepted(suite), "grant")
    archive(suite, case)
    with suite.database.write() as writer:
        kept = writer.one(select(t.archive))
        writer.execute(
            update(t.archive).values(
                contents={**kept.contents, "retention": {"code": "D10", "source": "hall"}}
            )
        )
    with pytest.raises(UserError) as refused:
        package(suite, case)
    assert refused.value.code == "ARCHIVE_BROKEN"


def test_files_of_before_say_what_they_say(suite):
    case = ended(suite, accepted(suite), "withdraw")
    archive(suite, case)
    with suite.database.write() as writer:
        contents = writer.one(select(t.archive)).contents
        contents.pop("retention")
        writer.execute(update(t.archive).values(contents=contents, years=15))
    shown = see(suite, case).kept
    assert (shown.code, shown.source, shown.until) == ("D15", "", date(2041, 12, 31))


# ---- what is due ----


def files(suite: Any, *archived: tuple[str, int | None, str]) -> list[int]:
    """Archived cases by moment, years and agency; their ids."""
    ids = enter_cases(suite, [{"state": "archived", "agency": agency} for _at, _years, agency in archived])
    with suite.database.write() as writer:
        for case_id, (at, kept, _agency) in zip(ids, archived, strict=True):
            writer.insert(
                t.archive, case_id=case_id, at=datetime.fromisoformat(at).astimezone(UTC), staff_id=6, staff_name="出件员",
                years=kept, contents={}, digest="d",
            )  # fmt: skip
    return ids


def due(suite: Any, actor: Actor = ISSUER, **more: Any) -> list[Any]:
    return suite.query(actor, "acceptance.due_files", more)


def test_files_are_due_from_the_first_day_after_their_last_year(suite):
    own = CLERK.agency
    first, second, third, fourth, _never = files(
        suite,
        ("2015-12-31T23:30:00+08:00", 10, own), ("2016-01-01T00:30:00+08:00", 10, own),
        ("1995-05-05T10:00:00+08:00", 30, own), ("1996-01-02T10:00:00+08:00", 30, own), ("1990-01-01T10:00:00+08:00", None, own),
    )  # fmt: skip
    assert [row.case_id for row in due(suite)] == [third, first], "the longest archived first"
    assert [row.until for row in due(suite)] == [date(2025, 12, 31), date(2025, 12, 31)]
    at_the_end = due(suite, by="2027-01-01")
    assert [row.case_id for row in at_the_end] == [third, fourth, first, second]
    assert {row.applicant for row in at_the_end} == {"苏*娜"}


def test_the_list_of_due_files_runs_page_by_page_and_by_agency(suite):
    same = "2010-03-03T10:00:00+08:00"
    archived = [(same, (10, 10, 30, 10)[n % 4], OTHER if n % 5 == 0 else CLERK.agency) for n in range(23)]
    ids = files(suite, *archived)
    of_ten = [key for key, (_at, kept, _agency) in zip(ids, archived, strict=True) if kept == 10]
    whole = [row.case_id for row in due(suite, limit=1000)]
    assert whole == of_ten
    found: list[Any] = []
    more: dict[str, Any] = {}
    while page := due(suite, limit=4, **more):
        found += page
        more = {"after_at": page[-1].archived_at, "after_id": page[-1].id}
    assert [row.case_id for row in found] == whole
    elsewhere = [
        key for key, (_at, kept, agency) in zip(ids, archived, strict=True) if kept == 10 and agency == OTHER
    ]
    assert [row.case_id for row in due(suite, STRANGER)] == elsewhere
    with pytest.raises(UserError):
        due(suite, APPROVER)


def test_terms_run_to_the_end_of_a_year():
    assert last_day(date(2026, 1, 1), 10) == last_day(date(2026, 12, 31), 10) == date(2036, 12, 31)
    assert last_day(date(2026, 1, 1), None) is None
    assert due_before(date(2037, 1, 1), 10) == date(2027, 1, 1)
    assert due_before(date(2036, 12, 31), 10) == date(2026, 1, 1)
    for known in (0, 10, 30):
        check_years(known)
