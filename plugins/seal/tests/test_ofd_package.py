"""The package of an OFD file: found whatever its writer made of names, refused where it is hostile."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import pytest

from yichuang_seal.rules.ofd import limits, package
from yichuang_seal.rules.ofd.limits import OfdError
from yichuang_seal.rules.ofd.package import Package

from .ofd_files import HEAD, NS, Ofd, esl, fill, image, line, packed, part, stamped, text
from .ofd_look import shown


def refused(data: bytes) -> str:
    with pytest.raises(OfdError) as caught:
        shown(data)
    return str(caught.value.sentence)


def changed(**files: bytes | None) -> bytes:
    """A good file in which parts are others, or are not there."""
    parts = Ofd([text("文")]).parts()
    for name, data in files.items():
        path = {
            "root": "OFD.xml",
            "document": "Doc_0/Document.xml",
            "page": "Doc_0/Pages/Page_0/Content.xml",
        }[name]
        parts.pop(path)
        if data is not None:
            parts[path] = data
    return packed(parts)


def test_names_are_found_whatever_their_case_slashes_and_beginning():
    parts = Ofd([text("文")]).parts()
    for rename in (str.upper, str.lower, lambda name: name.replace("/", "\\"), lambda name: "/" + name):
        assert shown(packed({rename(name): data for name, data in parts.items()})).pages == 1
    absolute = parts["Doc_0/Document.xml"].replace(b'BaseLoc="Pages', b'BaseLoc="/Doc_0/./Pages/../Pages')
    assert shown(packed({**parts, "Doc_0/Document.xml": absolute})).pages == 1


def test_chinese_names_are_found_with_and_without_the_flag_for_them():
    for encoding in ("utf-8", "gb18030"):
        raw = "Doc_0/页面/第一页.xml".encode(encoding)
        parts = Ofd([text("文")]).parts()
        parts["Doc_0/" + "x" * (len(raw) - 6)] = parts.pop("Doc_0/Pages/Page_0/Content.xml")
        parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(
            b"Pages/Page_0/Content.xml", "页面/第一页.xml".encode()
        )
        data = packed(parts).replace(b"Doc_0/" + b"x" * (len(raw) - 6), raw)
        assert shown(data).pages == 1


def test_bytes_before_and_behind_the_package_do_no_harm():
    assert shown(b"some vendor's head" + Ofd([text("文")]).build() + b"tail").pages == 1


@pytest.mark.parametrize(
    "location", ["../../etc/passwd", "/../../../etc/passwd", "Pages/../../../OFD.xml/..", "..\\..\\x"]
)
def test_no_location_leads_out_of_the_package(location):
    read = Package(packed({"OFD.xml": b"<a/>", "../etc/passwd": b"x", "a/../../etc/passwd": b"x"}))
    assert read.find(location, "Doc_0") is None


@pytest.mark.parametrize(
    "data", [b"", b"no package", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), Ofd([""]).build()[:-30]]
)
def test_what_is_no_package_is_refused(data):
    assert "损坏" in refused(data)


@pytest.mark.parametrize(
    "files",
    [
        {"root": None},
        {"document": None},
        {"page": None},
        {"root": b"<OFD/>"},
        {"root": b"<OFD><DocBody/></OFD>"},
        {"document": part("Document", "<ofd:Pages/>")},
        {"document": b"<Document>"},
        {"page": b"<Page"},
        {"page": b"\xff\xfe\x00"},
        {"page": b'<?xml version="1.0" encoding="nonsense"?><a/>'},
        {"page": part("Page", "<ofd:Area><ofd:PhysicalBox>0 0 0 0</ofd:PhysicalBox></ofd:Area>")},
        {"page": part("Page", "<ofd:Area><ofd:PhysicalBox>0 0 99999 10</ofd:PhysicalBox></ofd:Area>")},
        {"page": part("Page", "<ofd:Area><ofd:PhysicalBox>a b</ofd:PhysicalBox></ofd:Area>")},
    ],
)
def test_a_part_that_every_page_needs_must_be_there(files):
    assert "损坏" in refused(changed(**files))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE a>",
    ],
)
def test_document_types_are_refused_before_anything_is_declared(head):
    content = f"<ofd:Page {NS}>&c;</ofd:Page>"
    assert "DOCTYPE" in refused(changed(page=(HEAD + head + content).encode()))


def test_an_entity_that_nobody_declared_is_refused():
    assert "损坏" in refused(changed(page=part("Page", "&nothing;")))


def test_a_protected_file_says_so():
    data = bytearray(Ofd([""]).build())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = 0
        while (at := data.find(mark, at)) >= 0:
            data[at + offset] |= 1
            at += 4
    assert "密码" in refused(bytes(data))


def test_other_compressions_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        for name, data in Ofd([""]).parts().items():
            archive.writestr(name, data)
    assert "损坏" in refused(out.getvalue())


def test_a_zip_bomb_is_stopped_while_it_is_read(monkeypatch):
    monkeypatch.setattr(package, "MOST_ENTRY_BYTES", 100_000)
    assert "过大" in refused(changed(page=b"<a>" + b" " * 200_000 + b"</a>"))
    lying = bytearray(changed(page=b"<a>" + b" " * 200_000 + b"</a>"))
    at = lying.find(b"PK\x01\x02")
    while at >= 0:  # what the directory says of sizes is not believed
        lying[at + 24 : at + 28] = struct.pack("<I", 10)
        at = lying.find(b"PK\x01\x02", at + 4)
    assert refused(bytes(lying))


def test_many_files_many_bytes_many_elements_deep_elements_are_refused(monkeypatch):
    monkeypatch.setattr(package, "MOST_ENTRIES", 3)
    assert "过大" in refused(Ofd([""]).build())
    monkeypatch.undo()
    monkeypatch.setattr(package, "MOST_BYTES", 600)
    assert "过大" in refused(Ofd([""]).build())
    monkeypatch.undo()
    monkeypatch.setattr(package, "MOST_ELEMENTS", 50)
    assert "过大" in refused(changed(page=part("Page", "<a/>" * 60)))
    monkeypatch.undo()
    assert "过大" in refused(changed(page=part("Page", "<a>" * 500 + "</a>" * 500)))
    monkeypatch.undo()
    monkeypatch.setattr(package, "MOST_XML_BYTES", 100)
    assert "过大" in refused(Ofd([""]).build())


def test_drawing_for_ever_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MOST_STEPS", 20_000)
    assert "过大" in refused(Ofd([line("L 1 1 " * 10_000)]).build())
    assert "过大" in refused(Ofd(["".join(text("国" * 100) for _ in range(250))]).build())
    uses = '<ofd:CompositeObject ID="9" Boundary="0 0 9 9" ResourceID="{}"/>'
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>{uses.format(n + 1) * 9}</ofd:Content></ofd:CompositeGraphicUnit>'
        for n in range(40, 50)
    )
    laughing = Ofd([uses.format(40)], f"<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>")
    assert "过大" in refused(laughing.build())


def test_a_unit_within_itself_is_refused():
    use = '<ofd:CompositeObject ID="9" Boundary="0 0 9 9" ResourceID="40"/>'
    unit = f'<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="40"><ofd:Content>{use}</ofd:Content>'
    unit += "</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    assert "过大" in refused(Ofd([use], unit).build())


def test_patterns_within_patterns_are_paid_for_as_often_as_they_are_seen():
    def patterned(inside: str) -> str:
        pattern = (
            f'<ofd:Pattern Width="3" Height="3"><ofd:CellContent>{inside}</ofd:CellContent></ofd:Pattern>'
        )
        return line(
            "M 0 0 L 200 0 L 200 200 C",
            "0 0 200 200",
            'Fill="true"',
            f"<ofd:FillColor>{pattern}</ofd:FillColor>",
        )

    assert "过大" in refused(Ofd([patterned(patterned(patterned("")))]).build())


def test_dashes_that_nobody_can_count_are_a_line():
    def dashed(data: str, dashes: str) -> bytes:
        return zlib.decompress(
            re.search(
                rb"stream\n(.*?)\nendstream",
                shown(Ofd([line(data, more=f'DashPattern="{dashes}"')]).build()).pdf,
                re.DOTALL,
            )[1]
        )

    assert b" d\n" in dashed("M 0 0 L 100 0", "1 1")
    assert b" d\n" not in dashed("M 0 0 L 100 0", "0.001 0.001")
    assert b" d\n" not in dashed("M 0 0" + " L 100 0 L -100 0" * 90, "0.03 0.03")
    assert b" d\n" not in dashed("M 0 0 L 9999999 0", "1 1")


def test_what_covers_the_page_again_and_again_is_refused(monkeypatch):
    """Painting is left to the PDF engine, which is slow where much is covered."""
    monkeypatch.setattr(limits, "MOST_STEPS", 20_000)
    page = "M 0 0 L 210 0 L 210 297 L 0 297 C"
    shape = f"<ofd:Path><ofd:AbbreviatedData>{page}</ofd:AbbreviatedData></ofd:Path>"
    clips = f"<ofd:Clips><ofd:Clip><ofd:Area>{shape}</ofd:Area></ofd:Clip></ofd:Clips>"
    for objects in (
        line(page, more='Fill="true" Alpha="9"', inside=fill("255 0 0")) * 30,
        line("M 0 0 L 9 9", inside=clips) * 30,
        line("M 0 0 L 210 297", more='LineWidth="150"') * 30,
        line("M 0 0 L 200 0", more='DashPattern="0.1"') * 30,
        text("国", size=300) * 30,
    ):
        assert "过大" in refused(Ofd([objects]).build())
    assert shown(Ofd([line("M 0 0 L 210 297") * 900]).build()).pages == 1  # thin lines cover little


def test_a_seal_is_paid_for_as_often_as_it_is_set(monkeypatch):
    monkeypatch.setattr(limits, "MOST_STEPS", 20_000)
    seal = Ofd([line("L 1 1 " * 1000)], area="0 0 40 40").build()
    stamps = ['PageRef="100" Boundary="20 20 40 40"'] * 9
    assert "过大" in refused(stamped(Ofd([""]), esl(seal, "ofd"), stamps).build())
    assert shown(stamped(Ofd([""]), esl(seal, "ofd"), stamps[:2]).build()).stamps == 2


def test_a_large_template_on_every_page_is_drawn_once(monkeypatch):
    monkeypatch.setattr(limits, "MOST_STEPS", 20_000)
    template = part("Page", f"<ofd:Content><ofd:Layer>{line('L 1 1 ' * 2000)}</ofd:Layer></ofd:Content>")
    made = Ofd([""] * 50, files={"Doc_0/T.xml": template}, common='<ofd:TemplatePage ID="50" BaseLoc="T.xml"/>',
               before='<ofd:Template TemplateID="50"/>')  # fmt: skip
    assert shown(made.build()).pages == 50


def test_too_many_pages_and_pixels_are_refused(monkeypatch):
    from yichuang_seal.rules.ofd import document

    monkeypatch.setattr(document, "MOST_PAGES", 2)
    assert "3 pages" in refused(Ofd(["", "", ""]).build())
    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    media = '<ofd:MultiMedias><ofd:MultiMedia ID="5"><ofd:MediaFile>a</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>'
    made = Ofd(
        [image("5") + line("M 0 0 L 9 9", inside=fill("0 0 0"))], media, {"Doc_0/Res/a": out.getvalue()}
    )
    assert shown(made.build()).missing == 1


def test_the_same_file_gives_the_same_pdf():
    data = Ofd([text("准予行政许可") + line("M 0 0 A 9 9 0 0 1 9 9")]).build()
    assert shown(data).pdf == shown(data).pdf
