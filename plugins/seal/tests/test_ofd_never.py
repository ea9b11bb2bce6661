"""Whatever the bytes of an OFD file are, it is shown or refused; nothing else happens, and it ends."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

import reportlab
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from yichuang_seal.rules.ofd.limits import BadPartError, Budget, OfdError
from yichuang_seal.rules.ofd.paths import path
from yichuang_seal.rules.ofd.seals import seal_of_signature, seal_picture
from yichuang_seal.rules.ofd.sfnt import Typeface

from .ofd_files import Ofd, esl, fill, image, line, packed, part, stamped, text
from .ofd_look import shown

MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
VALUES = [
    "1e999",
    "-1",
    "0",
    "nan",
    "99999999",
    "",
    "x",
    "1 2 3",
    "0.0000001",
    "true",
    "9",
    "40",
    "-inf",
    "#ZZ",
    "g",
    "g 9 9",
]


SEGMENTS = "<ofd:Segment Position='0'><ofd:Color Value='255 0 0'/></ofd:Segment><ofd:Segment><ofd:Color/></ofd:Segment>"
COLOURS = (
    f"<ofd:AxialShd StartPoint='0 0' EndPoint='9 9' MapType='Repeat' MapUnit='5'>{SEGMENTS}</ofd:AxialShd>",
    f"<ofd:RadialShd StartPoint='0 0' EndPoint='9 9' EndRadius='5' Eccentricity='0.5'>{SEGMENTS}</ofd:RadialShd>",
    "<ofd:LaGouraudShd VerticesPerRow='2'>" + "<ofd:Point X='1' Y='2'/>" * 4 + "</ofd:LaGouraudShd>",
    f"<ofd:Pattern Width='5' Height='5'><ofd:CellContent>{text('文', 0, 0, 3)}</ofd:CellContent></ofd:Pattern>",
)
CLIP = """<ofd:Clips><ofd:Clip><ofd:Area CTM="1 0 0 1 0 0"><ofd:Path Boundary="0 0 9 9">
<ofd:AbbreviatedData>M 0 0 L 9 9 C</ofd:AbbreviatedData>
</ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"""
GLYPHS = """<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1">
<ofd:Glyphs>36</ofd:Glyphs></ofd:CGTransform></ofd:TextObject>"""
USE = '<ofd:CompositeObject ID="9" Boundary="0 0 9 9" ResourceID="40"/>'
RESOURCES = f"""
<ofd:Fonts><ofd:Font ID="1" FontName="宋体"/>
<ofd:Font ID="2" FontName="V"><ofd:FontFile>v.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>
<ofd:MultiMedias><ofd:MultiMedia ID="5"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia>
<ofd:MultiMedia ID="6"><ofd:MediaFile>a.jpg</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>
<ofd:DrawParams><ofd:DrawParam ID="21" LineWidth="1" DashPattern="1 2" Relative="21"/></ofd:DrawParams>
<ofd:ColorSpaces><ofd:ColorSpace ID="30" Type="CMYK" BitsPerComponent="8"/></ofd:ColorSpaces>
<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="40">
<ofd:Content>{line("M 0 0 L 1 1")}</ofd:Content></ofd:CompositeGraphicUnit>
</ofd:CompositeGraphicUnits>"""
CURVES = "M 0 0 L 9 9 Q 1 2 3 4 B 1 2 3 4 5 6 A 3 4 30 1 0 9 0 C"


def objects() -> str:
    """One object of every kind, with every attribute that counts."""
    colours = [f"<ofd:FillColor>{each}</ofd:FillColor>" for each in COLOURS] + [
        fill("1 2 3 4", 'ColorSpace="30" Alpha="90"')
    ]
    more = 'Fill="true" DrawParam="21" CTM="1 0 0 1 0 0"'
    found = [line(CURVES, "1 1 20 20", more, each + CLIP) for each in colours]
    written = text(
        "Ab文", 5, 5, 5, "2", 'Weight="700" Italic="true" HScale="0.5"', 'DeltaX="g 2 5" DeltaY="1"'
    )
    found += [
        written.replace("</ofd:TextObject>", GLYPHS),
        image("5", more='ImageMask="6"'),
        image("6", more='Alpha="9"'),
        USE,
    ]
    return "".join(found)


@cache
def parts() -> dict[str, bytes]:
    """A file with something of everything."""
    pictures = []
    for kind, colour in (("PNG", (255, 0, 0, 90)), ("JPEG", (255, 0, 0))):
        out = io.BytesIO()
        Image.new("RGBA" if len(colour) == 4 else "RGB", (16, 16), colour).save(out, kind)
        pictures.append(out.getvalue())
    template = part("Page", f"<ofd:Content><ofd:Layer>{text('模')}</ofd:Layer></ofd:Content>")
    files = {
        "Doc_0/Res/v.ttf": (Path(reportlab.__file__).parent / "fonts" / "Vera.ttf").read_bytes(),
        "Doc_0/Res/a.png": pictures[0],
        "Doc_0/Res/a.jpg": pictures[1],
        "Doc_0/T.xml": template,
    }
    made = Ofd([objects()], RESOURCES, files,
               '<ofd:TemplatePage ID="50" BaseLoc="T.xml"/>', before='<ofd:Template TemplateID="50"/>')  # fmt: skip
    return stamped(made, esl(pictures[0]), ['PageRef="100" Boundary="20 20 42 42" Clip="0 0 9 9"']).parts()


def ends(data: bytes) -> None:
    with suppress(OfdError):
        assert shown(data).pdf.startswith(b"%PDF-1.7")


def test_the_file_that_is_mangled_is_good():
    assert shown(packed(parts())).missing == 0


@MANY
@given(st.data())
def test_mangled_bytes_of_a_part(data):
    files = dict(parts())
    name = data.draw(st.sampled_from(sorted(files)))
    changed = bytearray(files[name])
    for _ in range(data.draw(st.integers(1, 12))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.just(len(changed)), st.integers(0, len(changed))))
    files[name] = bytes(changed[:end])
    ends(packed(files))


@MANY
@given(st.data())
def test_mangled_values_of_the_xml(data):
    files = dict(parts())
    name = data.draw(st.sampled_from(sorted(each for each in files if each.endswith(".xml"))))
    content = files[name].decode()
    places = [
        match.span(1)
        for match in re.finditer(r'="([^"]*)"|(?<=>)([^<>]+)(?=<)', content)
        if match.span(1)[0] > 0
    ]
    for begin, end in sorted(
        data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=5)), reverse=True
    ):
        content = content[:begin] + data.draw(st.sampled_from(VALUES)) + content[end:]
    files[name] = content.encode()
    ends(packed(files))


@MANY
@given(st.data())
def test_mangled_bytes_of_the_package(data):
    package = bytearray(packed(parts()))
    for _ in range(data.draw(st.integers(1, 20))):
        package[data.draw(st.integers(0, len(package) - 1))] = data.draw(st.integers(0, 255))
    ends(
        bytes(package[: data.draw(st.integers(0, len(package)))])
        if data.draw(st.booleans())
        else bytes(package)
    )


@MANY
@given(st.binary(max_size=400))
def test_any_bytes(data):
    ends(data)
    ends(b"PK\x03\x04" + data)
    for read in (seal_picture, seal_of_signature, Typeface):
        try:
            read(data)
        except BadPartError:
            continue


@MANY
@given(st.text("MLQBACSmlqbacs0123456789 .-+eE\n,xN", max_size=200))
def test_any_path(data):
    try:
        drawn = path(data, Budget())
    except (BadPartError, OfdError):
        return
    assert re.fullmatch(r"[-0-9. \nmlch]*", drawn)
    assert not drawn or drawn.split("\n")[0].endswith(" m")


@MANY
@given(
    st.text("MmLlHhVvCcSsQqTtAaZz0123456789 .,-e", max_size=120),
    st.sampled_from(["rotate(9)", "matrix(1 0)", "scale()"]),
)
def test_any_svg(data, turn):
    svg = f"<svg viewBox='0 0 9 9'><g transform='{turn}'><path d='{data}'/></g><path d='{data}' stroke='red'/></svg>"
    ends(stamped(Ofd([""]), esl(svg.encode(), "svg"), ['PageRef="100" Boundary="20 20 42 42"']).build())


@MANY
@given(st.data())
def test_a_mangled_font_is_cut_or_refused(data):
    font = bytearray(parts()["Doc_0/Res/v.ttf"])
    head = data.draw(st.booleans())  # the tables' places and sizes are where it hurts
    for _ in range(data.draw(st.integers(1, 12))):
        font[data.draw(st.integers(0, 300 if head else len(font) - 1))] = data.draw(st.integers(0, 255))
    try:
        face = Typeface(bytes(font))
        glyph = face.glyph(ord("A"))
        assert face.advance(glyph) >= 0
        face.program([glyph, face.glyph(ord("Ä"))])
    except BadPartError:
        return
