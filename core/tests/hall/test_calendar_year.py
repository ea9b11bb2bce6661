"""A year of the calendar typed off the notice, compared with a year that the national package knows."""

from __future__ import annotations

from datetime import date

import pytest

from yichuang.hall.calendar_seed import seed_rows
from yichuang.hall.calendar_year import Rest, days_of_year, read_days, read_rests
from yichuang.hall.errors import UserError

NOTICE_2026 = """
1月1日至3日 元旦
2月15日至2月23日 春节
2026-04-04~2026-04-06 清明节
05-01~05-05 劳动节
6.19 ～ 6.21 端午节

9月25日至27日 中秋节
10月1日至7日 国庆节
"""
WORKED_2026 = "1月4日、2月14日，2026-02-28 05-09; 9.20, 10月10日"


def test_the_notice_gives_the_year_that_the_package_knows():
    days = days_of_year(2026, read_rests(2026, NOTICE_2026), read_days(2026, WORKED_2026))
    known = {row.day: row.working for row in seed_rows(2026, 2026)}
    assert {day: works for day, (works, _name) in days.items()} == known
    assert days[date(2026, 2, 17)] == (False, "春节")
    assert days[date(2026, 2, 14)] == (True, "调休上班")


@pytest.mark.parametrize("line", ["元旦", "1月1日", "13-01 元旦", "02-30 春节", "1月1日至2月30日 元旦"])
def test_a_line_that_is_no_holiday_is_refused(line):
    with pytest.raises(UserError) as refused:
        read_rests(2027, line)
    assert refused.value.code == "BAD_DAYS"
    assert line in str(refused.value.sentence)


@pytest.mark.parametrize("text", ["一月四日", "1月4日、元旦", "1月32日"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(UserError, match=r"no day|不是"):
        read_days(2027, text)


@pytest.mark.parametrize(
    ("rest", "worked"),
    [
        (Rest(date(2026, 12, 31), date(2027, 1, 2), "元旦"), []),
        (Rest(date(2027, 1, 3), date(2027, 1, 1), "元旦"), []),
        (Rest(date(2027, 1, 1), date(2027, 1, 3), "元旦"), [date(2027, 1, 2)]),
        (Rest(date(2027, 1, 1), date(2027, 1, 3), "元旦"), [date(2028, 1, 2)]),
    ],
)
def test_days_of_another_year_or_twice_are_refused(rest, worked):
    with pytest.raises(UserError) as refused:
        days_of_year(2027, [rest], worked)
    assert refused.value.code == "BAD_DAYS"
