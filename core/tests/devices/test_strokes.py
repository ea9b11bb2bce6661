"""Signatures as they are kept: one form of bytes for each signature, back without loss, nothing that no pen wrote."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.devices import strokes
from yichuang.hall.errors import UserError

WIDTH, HEIGHT = 800.0, 320.0
number = {"allow_nan": False, "allow_infinity": False}


@st.composite
def written(draw):
    """Strokes on the pad, forward in time."""
    moment, found = 0.0, []
    for _ in range(draw(st.integers(0, 5))):
        stroke = []
        for _ in range(draw(st.integers(0, 8))):
            moment += draw(st.floats(0, 50, **number))
            x, y = draw(st.floats(0, WIDTH, **number)), draw(st.floats(0, HEIGHT, **number))
            stroke.append((x, y, moment, draw(st.floats(0, 1, **number))))
        found.append(stroke)
    return found


@given(written())
def test_what_is_kept_comes_back_and_is_always_the_same_bytes(found):
    signed = strokes.checked(found, WIDTH, HEIGHT)
    data = strokes.encode(signed)
    assert strokes.decode(data) == signed
    assert strokes.encode(strokes.decode(data)) == data
    assert strokes.checked(signed.strokes, signed.width, signed.height) == signed, "rounding is done once"
    kept = [point for stroke in signed.strokes for point in stroke]
    given_points = [point for stroke in found for point in stroke]
    assert len(kept) == len(given_points)
    for (x, y, moment, pressure), point in zip(kept, given_points, strict=True):
        assert abs(x - point[0]) <= 0.0501
        assert abs(y - point[1]) <= 0.0501
        assert abs(moment - point[2]) <= 0.5
        assert abs(pressure - point[3]) <= 0.00051
    moments = [point[2] for point in kept]
    assert moments == sorted(moments)


def test_the_units_stand_in_the_file():
    plain = json.loads(strokes.encode(strokes.checked([[(1, 2, 3, 0.5)]], 800, 320)))
    assert plain["units"] == strokes.UNITS
    assert plain["strokes"] == [[[1.0, 2.0, 3, 0.5]]]
    assert (plain["width"], plain["height"], plain["format"]) == (800.0, 320.0, "yichuang.strokes/1")


@pytest.mark.parametrize(
    "stroke",
    [
        [(801, 0, 0, 0.5)],
        [(0, -1, 0, 0.5)],
        [(0, 0, 0, 1.1)],
        [(0, 0, -1, 0.5)],
        [(0, 0, 9, 0.5), (0, 0, 5, 0.5)],
        [(0, 0, 0)],
        [(float("nan"), 0, 0, 0.5)],
        [(0, 0, float("inf"), 0.5)],
        [(0, 0, 4e6, 0.5)],
    ],
)
def test_what_no_pen_wrote_is_refused(stroke):
    with pytest.raises(UserError) as caught:
        strokes.checked([stroke], WIDTH, HEIGHT)
    assert caught.value.code == "BAD_STROKES"


def test_too_many_points_and_pads_of_no_size_are_refused():
    many = [[(1.0, 1.0, 0.0, 0.5)] * (strokes.MOST_POINTS + 1)]
    for found, width in ((many, WIDTH), ([], 0.0), ([], float("nan")), ([], 1e9)):
        with pytest.raises(UserError):
            strokes.checked(found, width, HEIGHT)


@given(st.binary(max_size=60) | st.sampled_from([b"{}", b"[]", b'{"format": "yichuang.strokes/1"}']))
def test_bytes_that_are_no_signature_are_refused(data):
    with pytest.raises(UserError) as caught:
        strokes.decode(data)
    assert caught.value.code == "BAD_STROKES"


@given(written())
def test_trimming_moves_the_strokes_and_changes_nothing_else(found):
    signed = strokes.checked(found, WIDTH, HEIGHT)
    small = strokes.trimmed(signed)
    for before, after in zip(signed.strokes, small.strokes, strict=True):
        for (x, y, moment, pressure), (x2, y2, moment2, pressure2) in zip(before, after, strict=True):
            assert (moment2, pressure2) == (moment, pressure)
            assert 0 <= x2 <= small.width
            assert 0 <= y2 <= small.height
            first, first2 = before[0], after[0]
            assert abs((x - first[0]) - (x2 - first2[0])) < 1e-6
            assert abs((y - first[1]) - (y2 - first2[1])) < 1e-6
