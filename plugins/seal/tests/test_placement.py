"""Where a seal goes: over the date, on the page, in millimetres and in points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError
from yichuang_seal.rules.placement import (
    EDGE_MM,
    POINTS_PER_MM,
    DateLine,
    PageSize,
    Place,
    check_place,
    covers_date,
    kept_on_page,
    moved,
    over_date,
    snapped,
    to_points,
    without_date,
)

A4 = PageSize(210, 297)
lengths = st.floats(-500, 500, allow_nan=False)


def test_over_the_date():
    place = over_date(DateLine(3, 151, 181), 42, A4)
    assert place == Place(3, 130, 160, 42), "left 130 mm, top 160 mm as on the screen"
    assert place.centre == (151, 181)
    assert covers_date(place, DateLine(3, 151, 181))
    assert not covers_date(place, DateLine(2, 151, 181))
    assert not covers_date(place, None)


def test_points_count_from_the_lower_left():
    left, bottom, right, top = to_points(Place(0, 10, 20, 42), A4)
    assert left == pytest.approx(10 * POINTS_PER_MM)
    assert right - left == pytest.approx(119.055, abs=0.01), "42 mm"
    assert top - bottom == pytest.approx(right - left)
    assert top == pytest.approx(277 * POINTS_PER_MM)


def test_points_on_a_page_that_does_not_start_at_zero():
    moved_page = PageSize(210, 297, left=5, bottom=-3)
    assert to_points(Place(0, 10, 20, 42), moved_page)[0] == pytest.approx(15 * POINTS_PER_MM)
    assert to_points(Place(0, 10, 20, 42), moved_page)[3] == pytest.approx(274 * POINTS_PER_MM)


@given(lengths, lengths, st.sampled_from([42.0, 45.0]))
def test_kept_on_the_page(x: float, y: float, diameter: float):
    place = kept_on_page(Place(0, x, y, diameter), A4)
    assert EDGE_MM <= place.x <= A4.width - diameter - EDGE_MM
    assert EDGE_MM <= place.y <= A4.height - diameter - EDGE_MM
    check_place(place, [A4])
    assert kept_on_page(place, A4) == place


@given(lengths, lengths)
def test_moving_there_and_back_inside_the_page(dx: float, dy: float):
    start = without_date(0, 42, A4)
    there = moved(start, dx, dy, A4)
    check_place(there, [A4])
    if (there.x, there.y) == (start.x + dx, start.y + dy):
        assert moved(there, -dx, -dy, A4).centre == pytest.approx(start.centre)


def test_snapping_pulls_each_direction_by_itself():
    date = DateLine(0, 151, 181)
    assert snapped(Place(0, 132, 158, 42), date) == (Place(0, 130, 160, 42), True)
    assert snapped(Place(0, 132, 100, 42), date) == (Place(0, 130, 100, 42), False)
    assert snapped(Place(0, 60, 162, 42), date) == (Place(0, 60, 160, 42), False)
    assert snapped(Place(1, 132, 158, 42), date) == (Place(1, 132, 158, 42), False)
    assert snapped(Place(0, 132, 158, 42), None) == (Place(0, 132, 158, 42), False)


@pytest.mark.parametrize(
    "place", [Place(1, 10, 10, 42), Place(-1, 10, 10, 42), Place(0, 170, 10, 42), Place(0, 10, -1, 42)]
)
def test_off_the_page(place: Place):
    with pytest.raises(UserError) as caught:
        check_place(place, [A4])
    assert caught.value.code == "SEAL_OFF_PAGE"
