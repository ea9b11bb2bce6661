"""Mongolian letters join: what a paper shows is what Qt draws from the same font, and letters apart are told from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from yichuang.documents import Office, Paper, Paragraph, render
from yichuang.documents.faces import face

TEXT = "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌ ᠵᠠᠰᠠᠭ ᠤᠨ ᠭᠠᠵᠠᠷ"
SIZE = 32
DPI = 144


def ink(picture: Image.Image) -> Image.Image:
    """Dark on white cut to what is drawn, as white on black."""
    inverted = ImageChops.invert(picture.convert("L"))
    return inverted.crop(inverted.point(lambda v: 255 if v > 60 else 0).getbbox())


def unlikeness(one: Image.Image, other: Image.Image) -> float:
    """Mean difference in shares of the ink, blurred by a pixel; 0 is equal, two pictures with nothing in common 2."""
    size = one.size
    a, b = (p.resize(size).filter(ImageFilter.GaussianBlur(1.2)) for p in (one, other))
    return ImageStat.Stat(ImageChops.difference(a, b)).sum[0] / max(ImageStat.Stat(a).sum[0], 1)


@pytest.fixture
def by_qt(qapp) -> Image.Image:
    from PyQt6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter

    from yichuang_resources import fonts

    number = QFontDatabase.addApplicationFont(str(fonts.path("mongolian")))
    (family, *_rest) = QFontDatabase.applicationFontFamilies(number)
    font = QFont(family)
    font.setPixelSize(SIZE * DPI // 72)
    font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    image = QImage(2000, 200, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(font)
    painter.drawText(20, 120, TEXT)
    painter.end()
    data = bytes(image.constBits().asarray(image.sizeInBytes()))
    return Image.frombytes("L", (image.width(), image.height()), data, "raw", "L", image.bytesPerLine())


def drawn_by(seen_picture: Image.Image, top: float, bottom: float) -> Image.Image:
    """The band between two heights in millimetres."""
    scale = DPI / 25.4
    return ink(seen_picture.crop((0, int(top * scale), seen_picture.width, int(bottom * scale))))


@pytest.fixture
def on_paper(paper: Callable[..., Paper], see) -> Image.Image:
    office = Office(agency="　", hall="", supervision_phone="")
    body = (Paragraph(TEXT, size=SIZE, indent=False, align="left"),)
    made = paper(title="　", number="", addressee="", office=office, body=body, sealed=False)
    picture = see(render(replace(made, case_no="", query_code=""))).picture(dpi=DPI)
    return drawn_by(picture, 30, 85)


def test_a_paper_joins_the_letters_as_qt_does(by_qt, on_paper):
    reference = ink(by_qt)
    assert on_paper.width == pytest.approx(reference.width, rel=0.02)
    assert on_paper.height == pytest.approx(reference.height, rel=0.04)
    assert unlikeness(reference, on_paper) < 0.2


def test_letters_apart_would_be_noticed(by_qt, see):
    """The same comparison on what reportlab's plain text gives: this is what the test above must catch."""
    from reportlab.pdfgen.canvas import Canvas

    face("mongolian")
    output = BytesIO()
    canvas = Canvas(output, pagesize=(900, 200), initialFontName="mongolian", invariant=1)
    canvas.setFont("mongolian", SIZE)
    canvas.drawString(40, 90, TEXT, shaping=True)
    canvas.save()
    apart = ink(see(output.getvalue()).picture(dpi=DPI))
    reference = ink(by_qt)
    assert apart.width > reference.width * 1.2
    assert unlikeness(reference, apart) > 0.6
