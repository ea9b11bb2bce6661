"""Pure helpers of the devices: messages, raster, strokes, speech."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from yichuang.devices import wire
from yichuang.devices.errors import device_error
from yichuang.devices.escpos import ROWS_AT_ONCE, paper_state, raster
from yichuang.devices.kinds import KINDS, adapters, register_adapter
from yichuang.devices.speech import chinese_number, pinyin, spell
from yichuang.devices.strokes import draw, is_signature

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), values, max_size=5).filter(lambda d: "$bytes" not in repr(d)))
def test_messages_come_out_as_they_went_in(message):
    line = wire.encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert wire.decode(line) == message


@pytest.mark.parametrize("line", [b"", b"x", b"[1]", b"1", b'{"a": {"$bytes": "*"}}', b"\xff\xfe"])
def test_garbled_messages_are_value_errors(line):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the part that refuses it says
        wire.decode(line)


def test_a_message_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(wire, "LONGEST_LINE", 1000)
    with pytest.raises(ValueError, match="too long"):
        wire.encode({"data": bytes(1000)})


def png(width, height, black=()):
    image = Image.new("L", (width, height), 255)
    for box in black:
        ImageDraw.Draw(image).rectangle(box, fill=0)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def unraster(data):
    """Read ESC/POS back into rows of bits, as a printer would."""
    initialise = b"\x1b@"
    assert data.startswith(initialise)
    at, rows = len(initialise), []
    while data[at : at + 4] == b"\x1dv0\0":
        columns, count = (
            int.from_bytes(data[at + 4 : at + 6], "little"),
            int.from_bytes(data[at + 6 : at + 8], "little"),
        )
        assert count <= ROWS_AT_ONCE
        at += 8
        for _ in range(count):
            rows.append("".join(f"{byte:08b}" for byte in data[at : at + columns]))
            at += columns
    return rows, data[at:]


def test_a_picture_becomes_the_same_dots():
    rows, rest = unraster(raster(png(20, 600, [(3, 5, 6, 300), (19, 599, 19, 599)])))
    assert rest == b"\x1dVB\0", "the printer cuts behind the picture"
    assert len(rows) == 600
    assert {len(row) for row in rows} == {24}
    for y, row in enumerate(rows):
        for x, dot in enumerate(row):
            black = (3 <= x <= 6 and 5 <= y <= 300) or (x, y) == (19, 599)
            assert dot == ("1" if black else "0"), (x, y)


def test_without_cutting():
    assert unraster(raster(png(8, 1), cut=False))[1] == b""


@pytest.mark.parametrize("data", [b"", b"GIF89a", png(700, 10)])
def test_what_is_no_ticket_is_refused(data):
    with pytest.raises(ValueError, match=r"image|wide"):
        raster(data)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"\x12", "ok"),
        (b"\x1e", "low"),
        (b"\x72", "out"),
        (b"\x7e", "out"),
        (b"", "unknown"),
        (b"\x00", "unknown"),
    ],
)
def test_paper_states(answer, state):
    assert paper_state(answer) == state


def test_a_signature_is_drawn_where_it_was_written():
    strokes = [
        [[10, 10, 0, 0.5], [90, 10, 100, 0.9]],
        [[50, 5, 200, 0.5], [50, 35, 300, 0.5], [50, 38, 310, 0.1]],
    ]
    with Image.open(io.BytesIO(draw(strokes, 100, 40))) as image:
        assert image.size == (100, 40)
        alpha = image.getchannel("A")
        assert alpha.getpixel((60, 10)) > 200
        assert alpha.getpixel((50, 25)) > 100
        assert alpha.getpixel((5, 35)) == 0
    assert is_signature(strokes, 100, 40)


@pytest.mark.parametrize("strokes", [[], [[]], [[[5, 5, 0, 1]]], [[[5, 5, n, 1] for n in range(30)]]])
def test_a_dot_is_no_signature(strokes):
    assert not is_signature(strokes, 100, 40)
    assert draw([stroke for stroke in strokes if stroke], 100, 40)


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (0, "零"), (5, "五"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "一百"), (101, "一百零一"),
        (110, "一百一十"), (305, "三百零五"), (1000, "一千"), (1010, "一千零一十"), (9999, "九千九百九十九"),
    ],
)  # fmt: skip
def test_numbers_as_they_are_read(number, read):
    assert chinese_number(number) == read


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("请 A012 号到 3 号窗口办理", "请 A零一二 号到 三 号窗口办理"),
        ("12号窗口", "十二号窗口"),
        ("电话12345", "电话一二三四五"),
        ("007", "零零七"),
    ],
)
def test_texts_as_they_are_spoken(text, spoken):
    assert spell(text) == spoken


def test_pinyin_has_a_tone_for_each_syllable():
    assert pinyin("请A012号到3号窗口办理，谢谢。") == (
        "qing3 A ling2 yi1 er4 hao4 dao4 san1 hao4 chuang1 kou3 ban4 li3 , xie4 xie4 ."
    )


def test_every_kind_has_a_simulator_first():
    for kind in KINDS:
        assert adapters(kind)[0] == "simulated"


@pytest.mark.parametrize(("kind", "target"), [("toaster", "a:B"), ("voice", "a.B")])
def test_a_bad_registration_is_a_bug(kind, target):
    with pytest.raises(ValueError, match="cannot register"):
        register_adapter(kind, "x", target)


def test_a_sentence_with_a_missing_fact_is_not_an_error_of_its_own():
    error = device_error("DEVICE_LIBRARY")
    assert error.code == "DEVICE_LIBRARY"
    assert "DEVICE_LIBRARY" in error.as_dict("en")["sentence"]
