"""The fonts that set-up makes: whole, the right weights, read by Qt and by reportlab."""

import io

import fonts as maker
import pytest
from fontTools.ttLib import TTFont
from PyQt6.QtGui import QFont, QFontDatabase, QFontMetrics
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as PdfFont
from reportlab.pdfgen.canvas import Canvas

from yichuang_resources import fonts

RARE_NAMES = "𬭎𬱖𣗋𫍯𬇕𫖯龘㐀"
FACES = {face.name: face for face in maker.FACES}


@pytest.fixture(params=FACES)
def face(request):
    return FACES[request.param]


def test_the_faces_are_those_that_are_offered():
    assert set(fonts.NAMES) == {*FACES, "mongolian"}
    assert {face.family for face in FACES.values()} == {fonts.SANS_FAMILY, fonts.SERIF_FAMILY}


def test_a_face_has_every_character_as_truetype(face):
    with TTFont(fonts.path(face.name), lazy=True) as font:
        characters = font.getBestCmap()
        assert len(characters) > 30_000
        assert all(ord(letter) in characters for letter in RARE_NAMES + "政务服务大厅〔2026〕No.□")
        assert "glyf" in font
        assert "CFF " not in font
        assert font["OS/2"].usWeightClass == face.weight
        assert font["hmtx"][characters[ord("政")]][0] == 1000


def test_the_bolder_the_more_ink():
    """The area of a character, by the points' bounding shoelace, grows with the weight."""

    def ink(name):
        from fontTools.pens.areaPen import AreaPen

        with TTFont(fonts.path(name), lazy=True) as font:
            glyphs = font.getGlyphSet()
            total = 0.0
            for letter in "永政窗Bo8":
                pen = AreaPen(glyphs)
                glyphs[font.getBestCmap()[ord(letter)]].draw(pen)
                total += abs(pen.value)
        return total

    assert ink("sans") < ink("sans-medium") < ink("sans-bold")
    assert ink("serif") < ink("serif-bold")


def test_qt_finds_the_weights_as_one_family(qapp):
    identifiers = [QFontDatabase.addApplicationFont(str(fonts.path(name))) for name in FACES]
    assert min(identifiers) >= 0
    assert {"Regular", "Medium", "Bold"} <= set(QFontDatabase.styles(fonts.SANS_FAMILY))
    assert {"Regular", "Bold"} <= set(QFontDatabase.styles(fonts.SERIF_FAMILY))
    assert QFontMetrics(QFont(fonts.SANS_FAMILY, 12)).inFontUcs4(ord("𬭎"))


def test_reportlab_embeds_a_face(face):
    pdfmetrics.registerFont(PdfFont(face.name, str(fonts.path(face.name))))
    out = io.BytesIO()
    canvas = Canvas(out, initialFontName=face.name)
    canvas.setFont(face.name, 12)
    canvas.drawString(72, 700, "受理通知书")
    canvas.save()
    assert b"/FontFile2" in out.getvalue()


def test_mongolian_is_there_where_debian_has_it():
    if not maker.DEBIAN_MONGOLIAN.exists():
        pytest.skip("fonts-noto-core is not installed")
    with TTFont(fonts.path("mongolian"), lazy=True) as font:
        assert ord("ᠮ") in font.getBestCmap()


def test_a_missing_font_says_what_to_run(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "_CACHE", tmp_path)
    with pytest.raises(fonts.FontMissingError, match="make setup"):
        fonts.path("sans")
    with pytest.raises(fonts.FontMissingError, match="fonts-noto-core"):
        fonts.path("mongolian")
    with pytest.raises(KeyError, match="sans-bold"):
        fonts.path("comic")
    assert fonts.available() == []


def test_a_second_run_makes_nothing():
    assert maker.build() == 0
