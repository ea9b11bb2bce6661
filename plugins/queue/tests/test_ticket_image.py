"""The printed ticket: read back from the bytes that a printer gets, with a QR reader that shares no code with ours."""

from __future__ import annotations

from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from yichuang.devices.escpos import raster
from yichuang.documents.strip import thick
from yichuang_queue.ticket_image import TicketText, ticket_image, ticket_png

CODE = "https://zwfw.example.gov.cn/t/Xf93kd0Lq2mZ8sTa"
TEXT = TicketText(
    "阿鲁科尔沁旗政务服务大厅",
    "2026-03-17 14:26  取号机 2",
    "A052",
    "企业设立登记",
    greeting="ᠲᠠᠪᠲᠠᠢ ᠮᠣᠷᠢᠯᠠᠨ᠎ᠠ ᠤᠤ",
    badge="优先",
    badge_note="老年人",
    rows=(("您前面等候", "6 人"), ("预计等候", "8–16 分钟"), ("办理窗口", "A01 至 A06")),
    notes=("优先人群相当于提前 15 分钟取号，窗口核验证件",),
    code=CODE,
    beside=("扫码看排队进度", "叫号 3 次未到作过号处理"),
    foot=("咨询电话 12345", "票号 260317-A052-7C"),
)
LONG = replace(
    TEXT,
    hall="内蒙古自治区赤峰市阿鲁科尔沁旗人民政府政务服务中心办事大厅（天山镇）",
    number="ZZ9999",
    business="建设工程规划类许可证核发（含市政交通工程、乡村建设）及其变更、延续、补办",
    rows=(("还要办理", "不动产登记、企业变更、社会保险登记、医疗保险参保、户口迁移"),),
)


def black(image: Image.Image) -> set[tuple[int, int]]:
    data, width = image.convert("L").tobytes(), image.width
    return {(i % width, i // width) for i, level in enumerate(data) if level == 0}


def printed(data: bytes) -> Image.Image:
    """What a printer puts on paper: GS v 0 commands read back into dots."""
    assert data.startswith(b"\x1b@")
    at, rows, columns = 2, [], 0
    while data[at : at + 4] == b"\x1dv0\0":
        columns = int.from_bytes(data[at + 4 : at + 6], "little")
        count = int.from_bytes(data[at + 6 : at + 8], "little")
        rows.append(data[at + 8 : at + 8 + columns * count])
        at += 8 + columns * count
    assert data[at:].startswith(b"\x1dV"), "the paper is cut behind the picture"
    bits = b"".join(rows)
    return Image.frombytes("1", (columns * 8, len(bits) // columns), bytes(255 - byte for byte in bits))


@pytest.mark.parametrize(
    "text", [TEXT, LONG, TicketText("大厅", "2026-03-17", "A1", "税务")], ids=["usual", "long", "bare"]
)
def test_a_ticket_is_black_and_white_and_nothing_is_thinner_than_two_dots(text):
    image = ticket_image(text)
    assert (image.mode, image.width) == ("1", 576)
    dots = black(image)
    for x, y in dots:
        squares = ((x + dx, y + dy) for dx in (0, -1) for dy in (0, -1))
        assert any({(a, b), (a + 1, b), (a, b + 1), (a + 1, b + 1)} <= dots for a, b in squares), (x, y)
    assert min(x for x, _y in dots) >= 30
    assert max(x for x, _y in dots) < 576 - 8, "nothing is cut at the right"
    assert max(y for _x, y in dots) < image.height - 8


def test_thin_strokes_are_made_thick_and_thick_ones_stay():
    image = Image.new("1", (20, 20), 1)
    for n in range(4, 16):
        image.putpixel((n, n), 0)  # a diagonal of single dots
    stout = Image.new("1", (20, 20), 1)
    stout.paste(0, (5, 5, 9, 9))
    assert black(image) < black(thick(image))
    assert black(thick(stout)) == black(stout)


def test_the_printers_bytes_are_the_picture_and_its_code_can_be_read():
    png = ticket_png(TEXT)
    paper = printed(raster(png))
    assert black(paper) == black(ticket_image(TEXT))
    assert [each.text for each in zxingcpp.read_barcodes(paper.convert("L"))] == [CODE]


def test_the_code_can_be_read_off_bad_paper():
    """Faint at one side, smaller than it is and a little turned, as a phone sees it."""
    seen = ticket_image(TEXT).convert("L").rotate(4, expand=True, fillcolor=255)
    seen = seen.resize((seen.width * 2 // 3, seen.height * 2 // 3)).point(lambda level: 90 + level // 2)
    assert [each.text for each in zxingcpp.read_barcodes(seen)] == [CODE]


def test_a_ticket_without_a_code_has_none():
    assert zxingcpp.read_barcodes(ticket_image(replace(TEXT, code="")).convert("L")) == []


def test_words_show_in_the_picture():
    """Each text changes the paper: none is left out or drawn outside."""
    whole = black(ticket_image(TEXT))
    for name in ("hall", "place", "number", "business", "greeting", "badge", "badge_note"):
        assert black(ticket_image(replace(TEXT, **{name: ""}))) != whole, name
