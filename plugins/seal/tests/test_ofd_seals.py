"""Seals on OFD pages: drawn as ink over the text, in slices where they straddle pages, and never called good."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from yichuang.api import UserError
from yichuang_seal.operations import ofd as operations
from yichuang_seal.rules.ofd.limits import BadPartError
from yichuang_seal.rules.ofd.seals import seal_of_signature, seal_picture

from .ofd_files import Ofd, der, esl, fill, line, part, sequence, signature, stamped, text
from .ofd_look import BLACK, RED, WHITE, Look, near

AT = 'PageRef="100" Boundary="20 20 40 40"'
SAMPLES = Path(os.environ.get("YICHUANG_SAMPLES") or Path(__file__).parents[4] / "shared" / "data")


@pytest.fixture(autouse=True)
def _application(qapp):
    """Pages are drawn with Qt."""


def seal(kind: str = "PNG", mode: str = "RGB") -> bytes:
    """White, its left half red."""
    drawn = Image.new("RGB", (40, 40), WHITE)
    ImageDraw.Draw(drawn).rectangle((0, 0, 19, 39), RED)
    out = io.BytesIO()
    drawn.convert(mode).save(out, kind)
    return out.getvalue()


def black(x: float, y: float) -> str:
    return line(
        "M 0 0 L 30 0 L 30 10 L 0 10 C", f"{x} {y} 30 10", 'Fill="true" Stroke="false"', fill("0 0 0")
    )


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("BMP", "RGB"), ("GIF", "P"), ("JPEG", "RGB")])
def test_the_ink_of_a_seal_lets_the_text_through(kind, mode):
    look = Look(stamped(Ofd([black(25, 35)]), esl(seal(kind, mode), kind), [AT]).build())
    assert near(look.at(30, 25), RED, 20)
    assert near(look.at(50, 25), WHITE, 20)
    assert near(look.at(30, 40), BLACK, 20)
    assert near(look.at(50, 40), BLACK, 20)  # the white of the picture covers nothing
    assert (look.shown.stamps, look.shown.missing) == (1, 0)


def test_a_straddle_seal_shows_each_page_its_slice():
    stamps = [
        'PageRef="100" Boundary="190 100 40 40" Clip="0 0 20 40"',
        'PageRef="101" Boundary="170 100 40 40" Clip="20 0 20 40"',
    ]
    look = Look(stamped(Ofd(["", ""]), esl(seal()), stamps).build())
    assert near(look.at(200, 120), RED)
    assert look.at(180, 120, 1) == WHITE
    assert look.at(200, 120, 1) == WHITE
    assert look.shown.stamps == 2


def test_a_seal_that_is_an_ofd_file_itself_is_drawn_to_its_size():
    half = line("M 0 0 L 5 0 L 5 10 L 0 10 C", "0 0 10 10", 'Fill="true" Stroke="false"', fill("255 0 0"))
    inner = Ofd(
        [""], area="0 0 10 10", common='<ofd:TemplatePage ID="50" BaseLoc="T.xml"/>', before='<ofd:Template TemplateID="50"/>',
        files={"Doc_0/T.xml": part("Page", f"<ofd:Content><ofd:Layer>{half}</ofd:Layer></ofd:Content>")},
    ).build()  # fmt: skip
    for kind in ("ofd", "png"):  # some say that it is a picture
        look = Look(stamped(Ofd([black(25, 35)]), esl(inner, kind), [AT]).build())
        assert (look.at(30, 25), look.at(50, 25), look.at(30, 40)) == (RED, WHITE, BLACK)


SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><title>章</title>{}</svg>"""


@pytest.mark.parametrize(
    "shapes",
    [
        '<rect width="20" height="40" fill="red"/>',
        '<g fill="#f00"><polygon points="0,0 20,0 20,40 0,40"/></g>',
        '<path style="fill:rgb(255,0,0)" d="M0 0h20v40h-20z"/>',
        '<path fill="#ff0000" d="m0,0 20,0 0,40 -20,0z"/>',
        '<g transform="translate(10 20) rotate(90)"><path fill="red" d="M-20-10C-20-10-20 10-20 10S20 10 20 10T20-10Z"/></g>',
        '<line x1="10" y1="0" x2="10" y2="40" stroke="red" stroke-width="20"/>',
        '<g transform="scale(0.5)"><ellipse cx="20" cy="40" rx="20" ry="90" fill="red"/></g><circle r="5" fill="none"/>',
        '<g opacity="1" stroke="none"><polyline points="0 0 20 0 20 40 0 40" fill="red"/></g>',
    ],
)
def test_a_seal_drawn_as_svg(shapes):
    look = Look(stamped(Ofd([black(25, 35)]), esl(SVG.format(shapes).encode(), "SVG"), [AT]).build())
    assert (look.at(30, 25), look.at(50, 25), look.at(30, 40)) == (RED, WHITE, BLACK)
    assert look.shown.missing == 0


@pytest.mark.parametrize(
    ("svg", "stamps_missing"),
    [
        (SVG.format('<text x="1" y="9">章</text><rect width="20" height="40" fill="red"/>'), 1),
        (SVG.format('<rect width="20" height="40" fill="url(#g)"/>'), 1),
        (SVG.format('<path d="L 1 1 X"/>'), 1),
        (SVG.format('<g transform="matrix(1)"/>'), 1),
        ("<svg/>", 1),
        ("<!DOCTYPE svg><svg viewBox='0 0 1 1'/>", 1),
        ("<svg viewBox='0 0 1 1'>", 1),
    ],
)
def test_what_svg_has_beyond_that_is_counted(svg, stamps_missing):
    assert Look(stamped(Ofd([""]), esl(svg.encode(), "svg"), [AT]).build()).shown.missing == stamps_missing


def test_where_the_signature_makes_no_sense_the_seal_beside_it_is_drawn():
    look = Look(stamped(Ofd([""]), esl(seal()), [AT], b"nothing").build())
    assert look.at(30, 25) == RED


@pytest.mark.parametrize("picture", [b"no picture", b"PK\x03\x04 no package", b""])
def test_a_seal_that_cannot_be_drawn_leaves_a_frame_and_is_counted(picture):
    look = Look(stamped(Ofd([text("文", 30, 30, 10)]), esl(picture), [AT]).build())
    assert look.ink(19, 19, 2, 42) > 0
    assert look.ink(30, 30, 10, 12) > 0.01
    assert (look.shown.stamps, look.shown.missing) == (1, 1)


def test_whoever_looks_is_told_that_nothing_was_verified():
    sealed = operations.shown(stamped(Ofd([""]), esl(seal()), [AT]).build())
    assert "未经核验" in sealed.note
    assert operations.shown(Ofd([text("文")]).build()).note == ""
    unseen = operations.shown(stamped(Ofd([""]), esl(seal()), []).build())  # a signature without a seal
    assert "电子签名未经核验" in unseen.note
    lacking = operations.shown(Ofd([text("文", size=0)]).build())
    assert lacking.note == "文件中有 1 处内容未能显示。"
    with pytest.raises(UserError) as caught:
        operations.shown(b"no package")
    assert caught.value.code == "OFD_NOT_SHOWN"
    assert caught.value.do


def test_the_picture_is_found_in_seals_and_signatures_alone():
    made = esl(b"picture", "PNG")
    assert seal_picture(made).data == seal_of_signature(signature(made)).data == b"picture"
    assert seal_picture(made).kind == "png"
    for broken in (
        b"",
        b"\x30",
        b"\x30\x84",
        made[:30],
        b"\x30\x80\0\0",
        sequence(der(4, b""), der(4, b"")),
        made[1:],
    ):
        with pytest.raises(BadPartError):
            seal_picture(broken)
        with pytest.raises(BadPartError):
            seal_of_signature(broken)


@pytest.mark.parametrize("name", ["helloworld", "SESV4SignDoc", "allprotected", "V4RideRight", "h"])
def test_files_of_another_program(name):
    """Samples of ofdrw (Apache-2.0), which stay outside this repository."""
    path = SAMPLES / "ofd" / f"{name}.ofd"
    if not path.exists():
        pytest.skip(f"NOT LOOKED AT: {path.name} is not on this machine (YICHUANG_SAMPLES names its folder)")
    look = Look(path.read_bytes())
    assert look.shown.missing == 0
    stamps = {"helloworld": 0, "SESV4SignDoc": 1, "allprotected": 1, "V4RideRight": 5, "h": 6}
    assert look.shown.stamps == stamps[name]
    if name in {"V4RideRight", "h"}:
        assert look.at(100, 20) == RED
        y = 40 if name == "V4RideRight" else 128.5
        assert all(look.ink(202, y, 8, 40, page) > 0.01 for page in range(5))  # a slice on every page
    else:
        assert "你好呀" in look.texts[0]
    if stamps[name] in {1, 6}:
        assert look.ink(50, 50, 40, 40) > 0.1
