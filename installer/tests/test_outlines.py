"""The glyph writer against fontTools' own reader."""

from fontTools.ttLib import newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from hypothesis import given
from hypothesis import strategies as st
from outlines import OutlinePen, bounds, encode

coordinate = st.integers(-2000, 2000)
point = st.tuples(coordinate, coordinate, st.booleans())
contours = st.lists(st.lists(point, min_size=3, max_size=40), min_size=1, max_size=8)


def read_back(data):
    table = newTable("glyf")
    table.glyphOrder, table.glyphs = [], {}
    glyph = Glyph(data)
    glyph.expand(table)
    return glyph


@given(contours)
def test_what_is_written_is_read_back(drawn):
    glyph = read_back(encode(drawn))
    flat = [point for contour in drawn for point in contour]
    assert list(glyph.coordinates) == [(x, y) for x, y, _ in flat]
    assert [bool(flag & 1) for flag in glyph.flags] == [on for _, _, on in flat]
    assert [end + 1 for end in glyph.endPtsOfContours][-1] == len(flat)
    assert (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax) == bounds(drawn)


def test_an_empty_glyph_has_no_bytes():
    assert encode([]) == b""
    assert bounds([]) == (0, 0, 0, 0)


def test_a_circle_of_quadratics_keeps_only_the_points_it_needs():
    pen = OutlinePen()
    pen.moveTo((100, 0))
    for control, end in (
        ((100, 100), (0, 100)),
        ((-100, 100), (-100, 0)),
        ((-100, -100), (0, -100)),
        ((100, -100), (100, 0)),
    ):
        pen.qCurveTo(control, end)
    pen.closePath()
    [contour] = pen.contours
    # The on-curve points between two controls lie in their middle; the first point is kept as the start.
    assert contour == [
        (100, 0, True),
        (100, 100, False),
        (-100, 100, False),
        (-100, -100, False),
        (100, -100, False),
    ]


def test_a_cubic_curve_becomes_quadratic_within_one_unit():
    pen = OutlinePen(reverse=True)
    pen.moveTo((0, 0))
    pen.curveTo((0, 552), (448, 1000), (1000, 1000))
    pen.lineTo((1000, 0))
    pen.closePath()
    [contour] = pen.contours
    assert contour[-1] == (0, 0, True), "turned round"
    assert (1000, 1000, True) in contour
    assert 1 <= sum(not on for _, _, on in contour) <= 6


def test_what_encloses_nothing_is_dropped():
    pen = OutlinePen()
    pen.moveTo((0, 0))
    pen.lineTo((10, 0))
    pen.lineTo((0, 0))
    pen.closePath()
    assert pen.contours == []
