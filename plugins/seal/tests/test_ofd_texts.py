"""Texts of OFD files: every glyph in its place, with the file's own fonts or those of the suite."""

from __future__ import annotations

from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
import reportlab

from yichuang.api.documents import font_file
from yichuang_seal.rules.ofd.limits import BadPartError
from yichuang_seal.rules.ofd.sfnt import Typeface

from .ofd_files import Ofd, fill, text
from .ofd_look import RED, WHITE, Look, face

VERA = (Path(reportlab.__file__).parent / "fonts" / "Vera.ttf").read_bytes()


@pytest.fixture(autouse=True)
def _application(qapp):
    """Pages are drawn with Qt."""


def fonts(**files: bytes) -> tuple[str, dict[str, bytes]]:
    """Fonts 2, 3 … that the file brings, beside font 1 that it does not."""
    entries = "".join(
        f'<ofd:Font ID="{2 + n}" FontName="{name}"><ofd:FontFile>{name}.ttf</ofd:FontFile></ofd:Font>'
        for n, name in enumerate(files)
    )
    own = '<ofd:Font ID="1" FontName="宋体"/>'
    return f"<ofd:Fonts>{own}{entries}</ofd:Fonts>", {
        f"Doc_0/Res/{name}.ttf": data for name, data in files.items()
    }


def glyphs(words: str, numbers: str, code_count: int, **more: int) -> str:
    position = more.get("position", 0)
    transform = (
        f'<ofd:CGTransform CodePosition="{position}" CodeCount="{code_count}" GlyphCount="{len(numbers.split())}">'
        f"<ofd:Glyphs>{numbers}</ofd:Glyphs></ofd:CGTransform>"
    )
    return text(words, 20, 20, 10, "2").replace("</ofd:TextObject>", f"{transform}</ofd:TextObject>")


def columns(look: Look, y: float = 20, height: float = 12) -> list[int]:
    """Which cells of 10 mm have ink."""
    return [n for n in range(21) if look.ink(n * 10, y, 10, height) > 0.04]


def test_text_is_seen_and_can_be_searched():
    look = Look(Ofd([text("准予行政许可", 20, 20, 10)]).build())
    assert columns(look) == [2, 3, 4, 5, 6, 7]
    assert "准予行政许可" in look.texts[0].replace("\n", "").replace("\r", "")


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ('DeltaX="20 30"', [2, 4, 7]),
        ('DeltaX="g 2 20"', [2, 4, 6]),
        ('DeltaX="20"', [2, 4, 6]),  # the last distance goes on
        ('DeltaX="g 9999999 20"', [2, 4, 6]),
        ('DeltaX="0 0" DeltaY="20 20"', [2]),
        ("", [2, 3, 4]),
    ],
)
def test_every_character_stands_where_the_file_says(code, places):
    assert columns(Look(Ofd([text("国国国", 20, 20, 10, code=code)]).build()), height=55) == places


def test_a_text_code_without_a_place_begins_where_the_last_one_did():
    more = '<ofd:TextCode Y="30">二</ofd:TextCode></ofd:TextObject>'
    look = Look(Ofd([text("一", 20, 20, 10).replace("</ofd:TextObject>", more)]).build())
    assert look.ink(20, 20, 10, 12) > 0.01
    assert look.ink(20, 40, 10, 12) > 0.01


def test_directions_and_widths():
    down = Look(Ofd([text("一二三", 20, 20, 10, more='ReadDirection="90"')]).build())
    assert columns(down, 20, 40) == [2]
    assert down.ink(20, 40, 10, 10) > 0.01
    half = Look(Ofd([text("国国国国", 20, 20, 10, more='HScale="0.5"')]).build())
    assert columns(half) == [2, 3]
    turned = Look(Ofd([text("一", 50, 50, 20, more='CharDirection="90"')]).build())
    assert turned.ink(50, 70, 20, 20) > turned.ink(
        50, 50, 20, 20
    )  # below its origin, a line that stands upright


def test_fonts_that_the_file_brings_are_used():
    resources, files = fonts(vera=VERA)
    own = Look(Ofd([text("WWW", 20, 20, 10, "2")], resources, files).build())
    suites = Look(Ofd([text("WWW", 20, 20, 10, "1")], resources, files).build())
    assert own.pages[0] != suites.pages[0]
    assert b"/FontFile2" in own.shown.pdf
    assert "WWW" in own.texts[0]


def test_outlines_of_the_other_kind_are_used_as_well():
    resources, files = fonts(sans=Path(pylopdf_fonts_zh_cn.sans_path()).read_bytes())
    look = Look(Ofd([text("黑体", 20, 20, 10, "2")], resources, files).build())
    heavy = look.ink(20, 20, 20, 12)
    assert heavy > Look(Ofd([text("黑体", 20, 20, 10, "1")], resources, files).build()).ink(20, 20, 20, 12)
    assert b"/CIDFontType0C" in look.shown.pdf


def test_glyphs_by_number_need_no_table_of_characters():
    serif = face("serif")
    wanted = [serif.glyph(ord(char)) for char in "政务"]
    resources, files = fonts(cut=serif.program(wanted))
    look = Look(Ofd([glyphs("政务", f"{wanted[0]} {wanted[1]}", 2)], resources, files).build())
    assert columns(look) == [2, 3]
    assert look.shown.missing == 0
    assert "政务" in look.texts[0]
    ligature = Look(Ofd([glyphs("政务厅", str(wanted[0]), 2)], resources, files).build())
    assert columns(ligature) == [2, 3]  # two characters are one glyph, the third the suite's
    beyond = Look(Ofd([glyphs("政", "60000", 1)], resources, files).build())
    assert columns(beyond) == [2]  # no such glyph: the suite's draws the character


def test_a_font_that_makes_no_sense_is_stood_in_for():
    for data in (b"", b"no font", VERA[:200], VERA[:5000], b"\x01\x00\x04\x01" + b"\xff" * 40):
        resources, files = fonts(broken=data)
        assert columns(Look(Ofd([text("国国", 20, 20, 10, "2")], resources, files).build())) == [2, 3]


def test_bold_and_slanted_text():
    plain = Look(Ofd([text("国", 20, 20, 20)]).build()).ink(20, 20, 20, 24)
    assert Look(Ofd([text("国", 20, 20, 20, more='Weight="700"')]).build()).ink(20, 20, 20, 24) > plain * 1.1
    resources, files = fonts(vera=VERA)
    thin = Look(Ofd([text("H", 20, 20, 20, "2")], resources, files).build()).ink(20, 20, 20, 24)
    bold = Look(Ofd([text("H", 20, 20, 20, "2", 'Weight="700"')], resources, files).build()).ink(
        20, 20, 20, 24
    )
    assert bold > thin * 1.1
    slanted = Look(Ofd([text("H", 20, 20, 20, more='Italic="true"')]).build())
    assert slanted.pages[0] != Look(Ofd([text("H", 20, 20, 20)]).build()).pages[0]


def test_colour_line_and_shading_of_text():
    def coloured(inside: str, more: str = "") -> str:
        return text("■", 20, 20, 20, more=more).replace("<ofd:TextCode", f"{inside}<ofd:TextCode")

    assert Look(Ofd([coloured(fill("255 0 0"))]).build()).at(30, 32) == RED
    hollow = Look(
        Ofd(
            [coloured('<ofd:StrokeColor Value="255 0 0"/>', 'Fill="false" Stroke="true" LineWidth="1"')]
        ).build()
    )
    assert hollow.at(30, 32) == WHITE
    assert hollow.ink(20, 20, 20, 24) == 0 or hollow.texts
    shading = (
        '<ofd:FillColor><ofd:AxialShd StartPoint="0 0" EndPoint="20 0" Extend="3"><ofd:Segment><ofd:Color Value="255 0 0"/>'
        '</ofd:Segment><ofd:Segment><ofd:Color Value="0 0 255"/></ofd:Segment></ofd:AxialShd></ofd:FillColor>'
    )
    look = Look(Ofd([coloured(shading)]).build())
    assert look.at(24, 32)[0] > 180
    assert look.at(37, 32)[2] > 180
    assert look.at(60, 32) == WHITE


def test_a_character_that_nobody_knows_is_a_box_and_is_counted():
    look = Look(Ofd([text("\ue123\u200b\u3000", 20, 20, 10)]).build())
    assert columns(look) == [2]
    assert look.shown.missing == 1  # what is unseen anyway is not


def test_what_is_wider_than_its_place_is_made_narrower():
    """宋体 gives Latin letters half an em; the suite's face is wider, and letters would lie over one another."""
    look = Look(Ofd([text("WWWW", 20, 20, 10, code='DeltaX="g 3 5"')]).build())
    for x in (25, 30, 35):
        assert look.ink(x - 0.25, 20, 0.5, 12) < 0.12


def test_text_without_a_size_is_left_out():
    assert Look(Ofd([text("一", 20, 20, 0)]).build()).shown.missing == 1


def test_a_cut_font_keeps_the_numbers_of_its_glyphs():
    whole = Typeface(VERA)
    cut = Typeface(whole.program([whole.glyph(ord("Ä"))]))
    assert len(whole.program([36])) < len(VERA) / 2
    assert cut.advance(whole.glyph(ord("Ä"))) == pytest.approx(
        whole.advance(whole.glyph(ord("Ä"))), abs=0.001
    )
    assert cut.glyph(ord("A")) == 0  # it has no table of characters


def test_measures_of_a_real_font():
    serif = Typeface(font_file("serif").read_bytes())
    assert serif.glyph(ord("国")) > 0
    assert serif.advance(serif.glyph(ord("国"))) == 1.0
    assert serif.glyph(0x10FFFF) == 0
    with pytest.raises(BadPartError):
        Typeface(b"OTTO" + bytes(60))
