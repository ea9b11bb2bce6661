"""What stands in an OFD file is seen where it belongs: lines, areas, colours, pictures, clips, templates, annotations."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from .ofd_files import Ofd, fill, image, line, part, text
from .ofd_look import BLACK, BLUE, GREEN, RED, WHITE, Look, near

SQUARE = "M 0 0 L 30 0 L 30 30 L 0 30 C"
FILLED = 'Fill="true" Stroke="false"'
LINES = "<ofd:DrawParams>{}</ofd:DrawParams>"
SEGMENTS = "".join(
    f'<ofd:Segment Position="{at}"><ofd:Color Value="{value}"/></ofd:Segment>'
    for at, value in ((0, "255 0 0"), (1, "0 0 255"))
)


@pytest.fixture(autouse=True)
def _application(qapp):
    """Pages are drawn with Qt."""


def square(x: float, y: float, more: str = FILLED, inside: str = "", data: str = SQUARE) -> str:
    return line(data, f"{x} {y} 30 30", more, inside)


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (20, 20)) -> bytes:
    """Red at the upper left, green at the upper right, blue below."""
    drawn = Image.new("RGB", size, BLUE)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), RED)
    pen.rectangle((size[0] // 2, 0, size[0], size[1] // 2 - 1), GREEN)
    out = io.BytesIO()
    drawn.convert(mode).save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def with_pictures(objects: str, **files: bytes) -> Look:
    media = "".join(
        f'<ofd:MultiMedia ID="{5 + n}" Type="Image"><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>'
        for n, name in enumerate(files)
    )
    parts = {f"Doc_0/Res/{name}": data for name, data in files.items()}
    return Look(Ofd([objects], f"<ofd:MultiMedias>{media}</ofd:MultiMedias>", parts).build())


def test_areas_lines_and_their_colours():
    look = Look(
        Ofd([
            square(10, 10, FILLED, fill("255 0 0"))
            + square(50, 10, 'LineWidth="2"', '<ofd:StrokeColor Value="0 0 255"/>')
            + square(90, 10, FILLED)  # no colour to fill with is none, by the standard
            + square(130, 10, FILLED, fill("#00 #FF #00"))
            + square(10, 50, FILLED, fill("255 0 0", 'Alpha="128"'))
            + square(50, 50, FILLED + ' Alpha="128"', fill("0 0 255"))
            + square(90, 50, FILLED + ' Visible="false"', fill("0 0 255"))
        ]).build()
    )  # fmt: skip
    assert look.at(25, 25) == RED
    assert look.at(65, 25) == WHITE
    assert look.at(50, 25) == BLUE
    assert look.at(105, 25) == WHITE
    assert look.at(145, 25) == GREEN
    assert near(look.at(25, 65), (255, 127, 127))
    assert near(look.at(65, 65), (127, 127, 255))
    assert look.at(105, 65) == WHITE
    assert look.shown.missing == 0


def test_what_is_inside_twice_is_a_hole_by_the_even_odd_rule():
    twice = SQUARE + " M 10 10 L 20 10 L 20 20 L 10 20 C"
    look = Look(
        Ofd([
            square(10, 10, FILLED + ' Rule="Even-Odd"', fill("255 0 0"), twice)
            + square(50, 10, FILLED, fill("255 0 0"), twice)
        ]).build()
    )  # fmt: skip
    assert (look.at(25, 25), look.at(65, 25)) == (WHITE, RED)


def test_curves_and_arcs_run_where_they_should():
    circle = "M 0 15 A 15 15 0 0 1 30 15 A 15 15 0 0 1 0 15 C"
    look = Look(
        Ofd([
            square(10, 10, FILLED, fill("255 0 0"), circle)
            + square(50, 10, FILLED, fill("255 0 0"), "M 0 0 Q 30 0 30 30 L 0 30 C")
            + square(90, 10, FILLED, fill("255 0 0"), "M 0 0 B 30 0 30 0 30 30 L 0 30 C")
            + square(130, 10, FILLED, fill("255 0 0"), "M 0 30 A 30 30 0 0 1 30 0 L 30 30 C")
            + square(10, 50, FILLED, fill("255 0 0"), "M 10 0 A 10 10 0 1 0 20 0 L 15 0 C")
        ]).build()
    )  # fmt: skip
    for angle_x, angle_y in ((25, 10.6), (25, 39.4), (10.6, 25), (39.4, 25), (14.8, 14.8), (35, 35)):
        assert look.at(angle_x, angle_y) == RED, (angle_x, angle_y)
    assert look.at(13.8, 13.8) == WHITE
    assert (look.at(70, 19), look.at(74, 16)) == (RED, WHITE)  # the middle of the curve is (22.5, 7.5)
    assert (look.at(114, 17), look.at(118.5, 11.5)) == (RED, WHITE)  # here (26.25, 3.75)
    assert (look.at(150, 20), look.at(133, 13)) == (RED, WHITE)
    assert look.at(25, 64) == RED  # the long way round, against the clock


def test_drawing_parameters_build_on_one_another():
    parameters = LINES.format(
        '<ofd:DrawParam ID="20" LineWidth="4"><ofd:StrokeColor Value="0 0 255"/></ofd:DrawParam>'
        '<ofd:DrawParam ID="21" Relative="20" DashPattern="5 5"/><ofd:DrawParam ID="22" Relative="22" LineWidth="4"/>'
    )
    across = "M 0 15 L 30 15"
    objects = square(10, 10, 'DrawParam="21"', data=across) + square(50, 10, 'DrawParam="22"', data=across)
    layer = f'<ofd:Layer DrawParam="20">{objects}{square(90, 10, "", data=across)}</ofd:Layer>'
    look = Look(Ofd([layer], parameters).build())
    assert (look.at(12, 26.5), look.at(17, 25)) == (BLUE, WHITE)
    assert look.at(65, 26.5) == BLUE  # one that builds on itself ends, and the layer's says the rest
    assert look.at(105, 26.5) == BLUE


def test_colours_of_other_spaces():
    spaces = (
        '<ofd:ColorSpaces><ofd:ColorSpace ID="30" Type="CMYK"/><ofd:ColorSpace ID="31" Type="RGB"><ofd:Palette>'
        "<ofd:CV>0 0 0</ofd:CV><ofd:CV>0 255 0</ofd:CV></ofd:Palette></ofd:ColorSpace>"
        '<ofd:ColorSpace ID="32" Type="RGB" BitsPerComponent="16"/></ofd:ColorSpaces>'
    )
    look = Look(
        Ofd([
            square(10, 10, FILLED, fill("0 255 255 0", 'ColorSpace="30"'))
            + square(50, 10, FILLED, '<ofd:FillColor ColorSpace="31" Index="1"/>')
            + square(90, 10, FILLED, fill("0 0 65535", 'ColorSpace="32"'))
            + square(130, 10, FILLED, fill("128"))
            + square(10, 50, FILLED, '<ofd:FillColor ColorSpace="31" Index="2"/>')
        ], spaces).build()
    )  # fmt: skip
    assert [look.at(x, 25) for x in (25, 65, 105)] == [RED, GREEN, BLUE]
    assert near(look.at(145, 25), (128, 128, 128))
    assert look.shown.missing == 1  # there is no third colour


@pytest.mark.parametrize(
    ("shading", "places"),
    [
        (f'<ofd:AxialShd StartPoint="0 0" EndPoint="30 0">{SEGMENTS}</ofd:AxialShd>',
         {(0.5, 15): RED, (29.5, 15): BLUE, (15, 15): (127, 0, 127)}),
        (f'<ofd:AxialShd StartPoint="10 0" EndPoint="20 0">{SEGMENTS}</ofd:AxialShd>', {(5, 15): WHITE, (25, 15): WHITE}),
        (f'<ofd:AxialShd StartPoint="10 0" EndPoint="20 0" Extend="3">{SEGMENTS}</ofd:AxialShd>',
         {(5, 15): RED, (25, 15): BLUE}),
        (f'<ofd:AxialShd StartPoint="0 0" EndPoint="10 0" MapType="Repeat">{SEGMENTS}</ofd:AxialShd>',
         {(10.3, 15): RED, (9.6, 15): BLUE, (20.3, 15): RED}),
        (f'<ofd:AxialShd StartPoint="0 0" EndPoint="10 0" MapType="Reflect">{SEGMENTS}</ofd:AxialShd>',
         {(0.3, 15): RED, (10, 15): BLUE, (19.9, 15): RED}),
        (f'<ofd:RadialShd StartPoint="15 15" EndPoint="15 15" StartRadius="0" EndRadius="15">{SEGMENTS}</ofd:RadialShd>',
         {(15, 15): RED, (15, 29.6): BLUE, (1, 1): WHITE}),
        (f'<ofd:RadialShd StartPoint="15 15" EndPoint="15 15" EndRadius="15" Eccentricity="0.866">{SEGMENTS}</ofd:RadialShd>',
         {(15, 15): RED, (29.5, 15): BLUE, (15, 25): WHITE}),
        ("<ofd:GouraudShd>" + "".join(
            f'<ofd:Point X="{x}" Y="{y}"><ofd:Color Value="{value}"/></ofd:Point>'
            for x, y, value in ((0, 0, "255 0 0"), (30, 0, "0 255 0"), (0, 30, "0 0 255"))) + "</ofd:GouraudShd>",
         {(0.6, 0.6): RED, (28.5, 0.6): GREEN, (0.6, 28.5): BLUE, (25, 25): WHITE}),
    ],
)  # fmt: skip
def test_areas_run_from_one_colour_into_another(shading, places):
    look = Look(Ofd([square(10, 10, FILLED, f"<ofd:FillColor>{shading}</ofd:FillColor>")]).build())
    for (x, y), wanted in places.items():
        assert near(look.at(10 + x, 10 + y), wanted, 25), (x, y, look.at(10 + x, 10 + y))


def test_a_pattern_repeats_its_cell_and_turns_every_other_one():
    cell = f"<ofd:CellContent>{line('M 0 0 L 5 0 L 5 10 L 0 10 C', '0 0 10 10', FILLED, fill('255 0 0'))}</ofd:CellContent>"

    def patterned(method: str) -> str:
        return f'<ofd:FillColor><ofd:Pattern Width="10" Height="10" ReflectMethod="{method}">{cell}</ofd:Pattern></ofd:FillColor>'

    look = Look(
        Ofd([
            square(10, 10, FILLED, patterned("Normal")) + square(50, 10, FILLED, patterned("Row"))
        ]).build()
    )  # fmt: skip
    assert [look.at(x, 25) for x in (12, 17, 22, 27)] == [RED, WHITE, RED, WHITE]
    assert [look.at(x, 25) for x in (52, 57, 62, 67)] == [RED, WHITE, WHITE, RED]


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("JPEG", "RGB"), ("BMP", "RGB"), ("GIF", "P"), ("TIFF", "RGB")]
)
def test_pictures_stand_upright(kind, mode):
    look = with_pictures(
        image("5", "10 10 40 40") + image("5", "60 10 40 40", 'CTM="40 0 0 40 0 0"')
        + image("5", "110 10 40 40", 'CTM="0 40 -40 0 40 0"'), a=picture(kind, mode),
    )  # fmt: skip
    for x in (10, 60):
        assert near(look.at(x + 10, 20), RED, 40)
        assert near(look.at(x + 30, 20), GREEN, 40)
        assert near(look.at(x + 20, 40), BLUE, 40)
    assert near(look.at(140, 20), RED, 40)  # turned to the right by a quarter
    assert near(look.at(140, 40), GREEN, 40)


def test_pictures_let_through_what_they_should():
    holed = Image.new("RGBA", (20, 20), (255, 0, 0, 255))
    holed.paste((0, 0, 0, 0), (0, 0, 10, 20))
    mask = Image.new("L", (20, 20), 0)
    mask.paste(255, (10, 0, 20, 20))
    files = []
    for each in (holed, mask):
        out = io.BytesIO()
        each.save(out, "PNG")
        files.append(out.getvalue())
    look = with_pictures(
        image("5", "10 10 40 40") + image("6", "60 10 40 40", 'ImageMask="7"') + image("6", "110 10 40 40", 'Alpha="0"'),
        a=files[0], b=picture("JPEG", size=(20, 20)), c=files[1],
    )  # fmt: skip
    assert (look.at(20, 30), look.at(40, 30)) == (WHITE, RED)
    assert look.at(70, 20) == WHITE
    assert near(look.at(90, 20), GREEN, 40)
    assert look.at(130, 30) == WHITE


def test_a_scan_in_black_and_white_stays_small():
    scan = Image.new("1", (2480, 3508), 1)
    ImageDraw.Draw(scan).rectangle((0, 0, 1240, 1754), fill=0)
    out = io.BytesIO()
    scan.save(out, "PNG")
    look = with_pictures(image("5", "0 0 210 297"), a=out.getvalue())
    assert (look.at(50, 50), look.at(150, 200)) == (BLACK, WHITE)
    assert len(look.shown.pdf) < 30_000


def test_a_picture_that_is_missing_is_counted_and_the_rest_is_seen():
    look = with_pictures(image("5") + image("6") + square(100, 10, FILLED, fill("255 0 0")), a=b"no picture")
    assert look.at(115, 25) == RED
    assert look.shown.missing == 2


def test_a_border_stands_around_a_picture():
    border = '<ofd:Border LineWidth="2"><ofd:BorderColor Value="255 0 0"/></ofd:Border>'
    look = with_pictures(image("5", "20 20 40 40").replace("/>", f">{border}</ofd:ImageObject>"), a=picture())
    assert look.at(19.4, 40) == RED


def clip(*areas: str, more: str = "") -> str:
    inside = "".join(
        f'<ofd:Area><ofd:Path Boundary="0 0 30 30"><ofd:AbbreviatedData>{area}</ofd:AbbreviatedData></ofd:Path></ofd:Area>'
        for area in areas
    )
    return f"<ofd:Clips {more}><ofd:Clip>{inside}</ofd:Clip></ofd:Clips>"


def test_only_what_is_inside_the_clips_is_seen():
    left, right = "M 0 0 L 10 0 L 10 30 L 0 30 C", "M 20 0 L 30 0 L 30 30 L 20 30 C"
    upper = "M 0 0 L 30 0 L 30 15 L 0 15 C"
    red = fill("255 0 0")
    both = clip(left, right).replace("</ofd:Clips>", "") + clip(upper).replace("<ofd:Clips >", "")
    doubled = 'CTM="2 0 0 2 0 0"'
    look = Look(
        Ofd([
            square(10, 10, FILLED, red + clip(left, right))
            + square(50, 10, FILLED, red + both)
            + square(90, 10, FILLED, red + clip("M 0 0"))
            + line(SQUARE, "130 10 60 60", f"{FILLED} {doubled}", red + clip(left))
            + line(SQUARE, "10 80 60 60", f"{FILLED} {doubled}", red + clip(left, more='TransFlag="false"'))
        ]).build()
    )  # fmt: skip
    assert [look.at(x, 25) for x in (15, 25, 35)] == [RED, WHITE, RED]
    assert [look.at(x, 15) for x in (55, 65, 75)] == [RED, WHITE, RED]
    assert look.at(55, 35) == WHITE
    assert look.at(105, 25) == WHITE
    assert [look.at(x, 25) for x in (135, 148, 155)] == [RED, RED, WHITE]
    assert [look.at(x, 95) for x in (15, 28)] == [RED, WHITE]


def test_small_matrices_are_exact():
    """Some writers draw in thousandths and make them small again."""
    large = "M 0 0 L 300000 0 L 300000 300000 L 0 300000 C"
    objects = line(
        large, "20 20 100 100", f'{FILLED} CTM="0.00033333333 0 0 0.00033333333 0 0"', fill("255 0 0")
    )
    objects += text("国", 20, 150, 30_000, more='CTM="0.001 0 0 0.001 0 0"')
    look = Look(Ofd([objects]).build())
    assert [look.at(x, 60) for x in (21, 119, 121)] == [RED, RED, WHITE]
    assert look.ink(20, 150, 30, 35) > 0.05


def test_nothing_stands_far_outside_its_boundary():
    look = Look(
        Ofd([line("M 0 0 L 100 0 L 100 100 L 0 100 C", "20 20 30 30", FILLED, fill("255 0 0"))]).build()
    )
    assert look.at(35, 35) == RED
    assert look.at(60, 35) == WHITE


def test_composites_are_drawn_in_their_place_and_size():
    drawn = square(0, 0, FILLED, fill("255 0 0"))
    unit = f"<ofd:CompositeGraphicUnit ID='40'><ofd:Content>{drawn}</ofd:Content></ofd:CompositeGraphicUnit>"
    unit = f"<ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnits>"
    use = '<ofd:CompositeObject ID="9" Boundary="50 50 60 60" ResourceID="40" CTM="2 0 0 1 0 0"/>'
    look = Look(Ofd([use + use.replace('"40"', '"41"')], unit).build())
    assert [look.at(x, 60) for x in (55, 105, 112)] == [RED, RED, WHITE]
    assert look.at(60, 85) == WHITE
    assert look.shown.missing == 1


def test_templates_lie_below_or_above_and_layers_in_their_order():
    template = part("Page", f"<ofd:Content><ofd:Layer>{square(10, 10, FILLED, fill('255 0 0'))}"
                            f"{square(50, 10, FILLED, fill('255 0 0'))}</ofd:Layer></ofd:Content>")  # fmt: skip
    layers = "".join(
        f'<ofd:Layer Type="{kind}">{square(x, 10, FILLED, fill(value))}</ofd:Layer>'
        for kind, x, value in (
            ("Foreground", 90, "0 255 0"),
            ("Body", 10, "0 0 255"),
            ("Background", 90, "0 0 255"),
        )
    )
    common = (
        '<ofd:TemplatePage ID="50" BaseLoc="Tpls/T.xml"/>'
        '<ofd:TemplatePage ID="51" ZOrder="Foreground" BaseLoc="tpls/t.XML"/>'
    )
    below = Ofd(
        [layers],
        files={"Doc_0/Tpls/t.xml": template},
        common=common,
        before='<ofd:Template TemplateID="50"/>',
    )
    look = Look(below.build())
    assert [look.at(x, 25) for x in (25, 65, 105)] == [BLUE, RED, GREEN]
    below.before = '<ofd:Template TemplateID="51"/>'
    assert Look(below.build()).at(25, 25) == RED
    below.before = '<ofd:Template TemplateID="50" ZOrder="Foreground"/>'
    assert Look(below.build()).at(25, 25) == RED
    below.before = '<ofd:Template TemplateID="99"/>'
    assert Look(below.build()).shown.missing == 1


def test_annotations_lie_over_the_page_unless_they_are_hidden():
    annotations = "".join(
        f'<ofd:Annot ID="{n}" Type="Stamp" {more}><ofd:Appearance Boundary="{x} 20 30 30">'
        f"{square(0, 0, FILLED, fill('255 0 0'))}</ofd:Appearance></ofd:Annot>"
        for n, x, more in ((1, 20, ""), (2, 60, 'Visible="false"'), (3, 100, 'Visible="true"'))
    )
    look = Look(
        Ofd(
            [square(20, 20, FILLED, fill("0 0 255"))], document="<ofd:Annotations>Annots.xml</ofd:Annotations>",
            files={
                "Doc_0/Annots.xml": part(
                    "Annotations", '<ofd:Page PageID="100"><ofd:FileLoc>A/One.xml</ofd:FileLoc></ofd:Page>'
                    '<ofd:Page PageID="100"><ofd:FileLoc>A/Two.xml</ofd:FileLoc></ofd:Page>'
                ),
                "Doc_0/A/One.xml": part("PageAnnot", annotations),
            },
        ).build()
    )  # fmt: skip
    assert [look.at(x, 35) for x in (35, 75, 115)] == [RED, WHITE, RED]
    assert look.shown.missing == 1  # a page of annotations that is not there


def test_pages_have_their_own_size_and_origin():
    page = part(
        "Page",
        f"<ofd:Area><ofd:PhysicalBox>-10 -20 100 60</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer>"
        f"{square(0, 0, FILLED, fill('255 0 0'))}</ofd:Layer></ofd:Content>",
    )
    look = Look(Ofd(["", ""], files={"Doc_0/Pages/Page_1/Content.xml": page}).build())
    assert (look.pages[0].width(), look.pages[0].height()) == (840, 1188)
    assert (look.pages[1].width(), look.pages[1].height()) == (400, 240)
    assert (look.at(11, 21, 1), look.at(9, 21, 1), look.at(39, 49, 1), look.at(41, 51, 1)) == (
        RED,
        WHITE,
        RED,
        WHITE,
    )


def test_what_belongs_to_a_page_alone_is_found_from_there():
    resources = part(
        "Res", '<ofd:MultiMedias><ofd:MultiMedia ID="5"><ofd:MediaFile>p.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>'
    )  # fmt: skip
    for place in (
        "Doc_0/Pages/Page_0/Res.xml",
        "Doc_0/Res.xml",
    ):  # the right place, and where some writers put it
        folder = place.rpartition("/")[0]
        files = {place: resources, f"{folder}/p.png": picture()}
        ofd = Ofd([image("5", "10 10 40 40")], "", files, before="<ofd:PageRes>Res.xml</ofd:PageRes>")
        assert near(Look(ofd.build()).at(20, 20), RED)


def test_all_documents_of_a_package_are_shown():
    second = Ofd([text("二", 20, 20)]).parts()
    files = {name.replace("Doc_0", "Doc_1"): data for name, data in second.items() if name != "OFD.xml"}
    more = "</ofd:DocBody><ofd:DocBody><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot>"
    look = Look(Ofd([text("一", 20, 20)], files=files, body=more).build())
    assert look.shown.pages == 2
    assert [page.strip() for page in look.texts] == ["一", "二"]
