"""The seal picture: what may stand on it, how it is laid out, what file it becomes."""

from __future__ import annotations

import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from yichuang.api import UserError
from yichuang_seal.rules.picture import INK, SPECIMEN, SealText, check_text, draw_seal, fit_arc

NAME = "阿鲁科尔沁旗林业和草原局"


def test_size_is_the_diameter_at_600_dpi():
    assert Image.open(io.BytesIO(draw_seal(SealText(NAME)))).size == (992, 992)
    assert Image.open(io.BytesIO(draw_seal(SealText("阿鲁科尔沁旗人民政府", diameter_mm=45)))).size == (
        1063,
        1063,
    )


def test_same_text_gives_the_same_bytes():
    text = SealText(NAME, "行政审批专用章", 42, SPECIMEN)
    assert draw_seal(text) == draw_seal(text)
    assert draw_seal(text) != draw_seal(SealText(NAME, "政务服务专用章", 42, SPECIMEN))


def test_one_colour_on_nothing_and_small():
    png = draw_seal(SealText(NAME, "行政审批专用章", 42, SPECIMEN))
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    colours = [colour for _count, colour in picture.getcolors(256)]
    assert {colour[:3] for colour in colours} == {INK}
    assert len(colours) <= 16, "steps of opacity"
    assert picture.getpixel((0, 0))[3] == 0, "the corners are clear"
    assert picture.getpixel((496, 496))[3] == 255, "the star is in the middle"
    assert picture.getpixel((496, 12))[3] == 255, "the rim is at the edge"
    assert len(png) < 60_000


@pytest.mark.parametrize("count", [4, 10, 12, 13, 18, 19, 24, 30])
@pytest.mark.parametrize("purpose", ["", "行政审批专用章"])
def test_every_length_can_be_drawn(count: int, purpose: str):
    assert draw_seal(SealText((NAME * 3)[:count], purpose, 42, SPECIMEN), dpi=150)


@given(st.integers(4, 30), st.sampled_from([42, 45, 50]), st.booleans())
def test_characters_touch_neither_each_other_nor_the_rim(count: int, diameter: int, room_below: bool):
    arc = fit_arc(count, diameter, room_below=room_below)
    inner = arc.radius - arc.height / 2
    assert arc.width <= math.radians(arc.step) * inner, "feet side by side"
    assert arc.radius + arc.height / 2 < diameter / 2 - 1.1 * diameter / 42, "off the rim"
    assert arc.width >= 1.2 * diameter / 42, "still a readable stroke"
    angles = arc.angles(count)
    assert angles[0] == pytest.approx(-angles[-1]), "centred on the top"
    assert max(angles) <= (116 if room_below else 140) + 1e-9
    lowest = -math.cos(math.radians(angles[-1])) * inner
    if room_below:
        assert lowest < 10.2 * diameter / 42, "ends above the purpose line"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SealText("税务局"), "SEAL_NAME_LENGTH"),
        (SealText("局" * 31), "SEAL_NAME_LENGTH"),
        (SealText(NAME, "专" * 13), "SEAL_PURPOSE_LENGTH"),
        (SealText(NAME, diameter_mm=20), "SEAL_DIAMETER"),
        (SealText("阿鲁 科尔沁旗"), "SEAL_CHARACTER"),
        (SealText("阿鲁科尔沁旗\n局"), "SEAL_CHARACTER"),
        (SealText("阿鲁科尔沁旗\U00020bb7局"), "SEAL_CHARACTER"),
        (SealText("ᠮᠣᠩᠭᠣᠯ"), "SEAL_CHARACTER"),
    ],
)
def test_what_may_not_stand_on_a_seal(text: SealText, code: str):
    with pytest.raises(UserError) as caught:
        check_text(text)
    assert caught.value.code == code
