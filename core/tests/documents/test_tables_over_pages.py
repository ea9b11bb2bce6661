"""Tables at the end of a page, as a reader sees them: no head, heading or sliver of a row is left alone there."""

from __future__ import annotations

from datetime import date

import pytest

from yichuang.documents import Heading, Paragraph, Report, Section, Table, render, render_report

HEAD = ("办件编号", "各环节日期", "材料")
WIDTHS = (36, 26, 24)
DAYS = "\n".join(f"{step} 03-1{n}" for n, step in enumerate(("委托", "受理", "办理", "送达", "归档")))
HIGH = "材" * 320
"""Some 190 mm in the narrow column: most of a page."""


def table(high: bool, rows: int = 4) -> Table:
    return Table(HEAD, tuple((f"第{n}号", DAYS, HIGH if high else "营业执照") for n in range(rows)), WIDTHS)


def pages(seen) -> list[str]:
    return ["".join(page.split()) for page in seen.text("-layout").split("\f")[:-1]]


def rows_on(page: str) -> int:
    """How many rows, or parts of a row, stand on a page with the table."""
    return page.count("号") - page.count("办件编号") + page.count("材") - page.count("材料")


@pytest.mark.parametrize("high", [False, True])
@pytest.mark.parametrize("before", range(18, 34, 3))
def test_a_table_of_a_report_begins_where_its_head_is_not_alone(see, before, high):
    text = tuple(Paragraph(f"第{n}行") for n in range(before))
    report = Report(
        title="帮办代办台账", organ="大厅", date=date(2026, 3, 17),
        sections=(Section("前", text), Section("共四件", (table(high),))),
    )  # fmt: skip
    found = pages(see(render_report(report)))
    for page in found:
        assert ("共四件" not in page) or "各环节日期" in page, "a title stands over its table"
        assert ("各环节日期" not in page) or rows_on(page) > 0, "a head stands over rows"
        assert page.count("各环节日期") <= 1, "once, at the top"
    whole = "".join(found)
    assert [whole.count(f"第{n}号") for n in range(4)] == [1, 1, 1, 1]
    assert whole.count("材") - whole.count("材料") == (4 * 320 if high else 0)
    assert len(found) <= (7 if high else 2), "a high row fills the pages that it stands on"


def test_a_high_row_behind_others_goes_on_below_them_without_another_head(see):
    rows = (*table(False, 2).rows, *table(True, 1).rows, *table(False, 1).rows)
    report = Report(
        title="台账", organ="大厅", date=date(2026, 3, 17), sections=(Section("共四件", (Table(HEAD, rows, WIDTHS),)),)
    )  # fmt: skip
    first, second = pages(see(render_report(report)))
    assert (first.count("各环节日期"), second.count("各环节日期")) == (1, 1)
    assert first.count("材") > 100
    assert second.count("材") > 5, "the rest of it, below the head"


def test_a_row_that_fits_on_a_page_is_not_torn(see):
    report = Report(
        title="台账", organ="大厅", date=date(2026, 3, 17), sections=(Section("共三十件", (table(False, 30),)),)
    )  # fmt: skip
    for page in pages(see(render_report(report))):
        assert page.count("委托") == page.count("归档") == page.count("号") - page.count("办件编号")


@pytest.mark.parametrize("before", range(14, 26, 2))
def test_a_heading_of_a_paper_goes_with_its_table(see, paper, before):
    body = [*(Paragraph(f"第{n}行") for n in range(before)), Heading("一、材料"), table(False, 2)]
    found = pages(see(render(paper(body=tuple(body)))))
    for page in found:
        assert ("一、材料" not in page) or rows_on(page) > 0
