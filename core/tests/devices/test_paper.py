"""Photographs of paper: the sheet is found and squared, the ground becomes white, a page is small enough to be kept."""

from __future__ import annotations

import io
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from yichuang.devices.paper import MOST_BYTES, as_jpeg, find_sheet, squared, whitened

MAT, SHEET, INK = (52, 60, 58), (236, 233, 224), (40, 40, 48)


def sheet(width: int = 620, height: int = 877, ground: tuple[int, int, int] = SHEET) -> Image.Image:
    """A sheet with lettering and a mark in its top left corner."""
    page = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(page)
    for row in range(12):
        pen.rectangle((70, 120 + row * 55, width - 90 - row * 17, 132 + row * 55), fill=INK)
    pen.rectangle((20, 20, 60, 60), fill=(196, 40, 36))
    return page


def photograph(page: Image.Image, angle: float = 0.0, size: tuple[int, int] = (1280, 1200)) -> Image.Image:
    """The sheet askew on a dark mat, as a camera above it sees it."""
    mat = Image.new("RGB", size, MAT)
    turned = page.convert("RGBA").rotate(angle, Image.Resampling.BICUBIC, expand=True)
    mat.paste(turned, ((size[0] - turned.width) // 2, (size[1] - turned.height) // 2), turned)
    return mat


@settings(max_examples=25, deadline=None)
@given(st.floats(-20, 20))
def test_a_sheet_askew_is_cut_out_and_squared(angle):
    found = squared(photograph(sheet(), angle))
    assert math.isclose(found.width, 620, abs_tol=14)
    assert math.isclose(found.height, 877, abs_tol=14)
    red, green, _blue = found.getpixel((40, 40))
    assert red > 150 > green, "the mark is in its corner"
    edge = [found.getpixel((x, y)) for x in (12, found.width - 13) for y in (100, found.height - 13)]
    assert all(min(pixel) > 180 for pixel in edge), "nothing of the mat is left"


@pytest.mark.parametrize(
    "image",
    [
        sheet(),  # fills the picture: a scan, or a page from a phone that is cut already
        Image.new("RGB", (800, 600), MAT),
        Image.new("RGB", (800, 600), SHEET),
        photograph(Image.new("RGB", (90, 60), SHEET)),  # a slip of paper beside nothing
        photograph(sheet(ground=(74, 80, 78))),  # a sheet hardly brighter than the mat
        Image.radial_gradient("L").convert("RGB"),
        Image.new("L", (1, 1), 255),
    ],
)
def test_where_no_sheet_is_found_the_picture_stays_as_it_is(image):
    assert find_sheet(image) is None
    assert squared(image) is image


def test_a_sheet_under_a_hand_is_left_whole():
    image = photograph(sheet())
    ImageDraw.Draw(image).polygon([(640, 600), (1280, 300), (1280, 1200), (500, 1200)], fill=MAT)
    assert squared(image) is image


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_ground_becomes_white_and_lettering_stays_dark(mode):
    page = sheet(ground=(205, 196, 150))
    shadow = Image.linear_gradient("L").resize(page.size).point(lambda value: 160 + value * 95 // 255)
    dim = Image.composite(page, Image.new("RGB", page.size, 0), shadow).convert(mode)
    found = whitened(dim)
    assert found.mode == mode
    assert found.size == page.size
    ground = [found.convert("L").getpixel((300, y)) for y in (90, 425, 830)]
    assert min(ground) > 225
    assert found.convert("L").getpixel((100, 126)) < 130


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 1400), st.integers(1, 1800), st.integers(0, 3))
def test_a_page_is_never_larger_than_what_is_kept_of_one(width, height, seed):
    noise = Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))
    data, kept_width, kept_height = as_jpeg(noise)
    assert len(data) <= MOST_BYTES
    assert Image.open(io.BytesIO(data)).size == (kept_width, kept_height)
    assert math.isclose(kept_width / kept_height, width / height, rel_tol=0.1, abs_tol=1)


def test_a_plain_page_keeps_its_pixels():
    data, width, height = as_jpeg(sheet(1654, 2339))
    assert (width, height) == (1654, 2339)
    assert data.startswith(b"\xff\xd8\xff")
