"""A renewal on the screens: told at the intake when it comes too late, marked at the workbench, and what became of it."""

from __future__ import annotations

from typing import Any

from ..conftest import APPROVER, CLERK  # noqa: TID252 - tests are no installed package
from ..forms import load  # noqa: TID252 - likewise
from ..life import see, set_clock, tick  # noqa: TID252 - likewise
from ..test_renewals import ROWS, asked  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_form_pages import put
from .test_intake import INTAKE, chosen
from .test_review_page import WORKBENCH


def warned(field: Any) -> bool:
    return "不足三十日" in field.hint()


def tags(page: Any) -> list[str]:
    return [tag.accessibleName() for tag in page.head._tags if tag.isVisible()]


def test_the_clerk_is_told_that_silence_will_not_grant_it(hall, wait):
    load(hall, ROWS)
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        wait(lambda: new.form.schema.form is not None)
        ends = new.form.schema.field("ends")
        put(ends, "2026-04-15")
        wait(lambda: warned(ends))
        put(ends, "2026-04-16")
        wait(lambda: not warned(ends))


def test_the_workbench_marks_it_until_it_is_decided(hall, wait, clock):
    load(hall, ROWS)
    case = asked(hall)
    set_clock(clock, "2026-03-18")
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = desk.page
        wait(lambda: page._case is not None and page._case.row.id == case.case_id)
        wait(lambda: any("2026-04-20" in note and "第五十条" in note for note in page.decision.notes()))
        assert "原许可4月20日届满" in tags(page)
        set_clock(clock, "2026-04-21")
        tick(hall)
        page.open(case.case_id)
        wait(lambda: page._case.row.state == "granted")
        wait(lambda: any("视为准予延续" in note for note in page.decision.notes()))
        assert "原许可4月20日届满" not in tags(page)
        assert see(hall, case).events[-1].event == "deemed_grant"
