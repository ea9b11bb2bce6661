"""Licence faces and printable reports."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Bitmap

from yichuang.documents import (
    Bars,
    Donut,
    Figures,
    LicenceFace,
    Lines,
    Paragraph,
    Report,
    Section,
    Table,
    render_licence,
    render_report,
    seal_place,
)
from yichuang.documents.charts import nice_top, number_text

DAY = date(2026, 3, 17)
MONGOLIAN = "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌ ᠵᠠᠰᠠᠭ"
FACE = LicenceFace(
    title="食品经营许可证",
    title_mn=MONGOLIAN,
    number="JY21504210000118",
    fields=(
        ("经营者名称", "天山镇老街饭馆"),
        ("法定代表人", "王𬭎𬱖"),
        ("经营项目", "热食类食品制售；冷食类食品制售"),
        ("统一社会信用代码", "92150421MA0N12345X"),
    ),
    organ="阿鲁科尔沁旗市场监督管理局",
    date=DAY,
    subtitle="（副本）",
    qr="https://zz.example.cn/v?c=JY21504210000118",
    valid="2026年3月17日至2031年3月16日",
    note="本证不得伪造、涂改、出租、出借、转让。",
)


def test_the_face_of_a_licence(see):
    seen = see(render_licence(FACE))
    letters = seen.letters
    for text in (
        "食品经营许可证",
        MONGOLIAN.replace(" ", ""),
        "编号：JY21504210000118",
        "天山镇老街饭馆",
        "王𬭎𬱖",
        "热食类食品制售；冷食类食品制售",
        "发证机关：阿鲁科尔沁旗市场监督管理局",
        "2026年3月17日",
        "2026年3月17日至2031年3月16日",
        "本证不得伪造",
    ):
        assert text in letters, text
    assert seen.codes() == {"QRCode": FACE.qr}
    assert all(all(flags) for _name, *flags in seen.fonts)
    assert seen.pages == 1


def test_its_seal_place_is_inside_the_border():
    place = seal_place(render_licence(FACE))
    assert (place.page_width, place.page_height) == (297.0, 210.0)
    assert 15 < place.x - 21 < place.x + 21 < 297 - 15
    assert place.y + 21 < 210 - 15


def test_a_use_copy_says_what_it_is_for(see):
    purpose = "仅用于办理26-000461　娜仁　2026-03-17 14:26"
    plain, copy = see(render_licence(FACE)), see(render_licence(FACE, watermark=purpose))
    assert "仅用于办理" not in plain.letters
    assert "".join(purpose.split()) in copy.letters
    assert plain.codes() == copy.codes()
    assert "未生效" in see(render_licence(FACE, draft=True)).letters


def test_photo_and_much_text(see):
    data = BytesIO()
    Bitmap.new("RGB", (260, 360), "grey").save(data, "JPEG")
    long = replace(
        FACE, photo=data.getvalue(), fields=tuple((f"项目{n}", "经营范围很长" * 12) for n in range(14))
    )
    seen = see(render_licence(long))
    assert seen.pages == 1
    assert all(f"项目{n}" in seen.letters for n in range(14))
    assert seen.codes() == {"QRCode": FACE.qr}


def test_equal_faces_are_equal_files():
    assert render_licence(FACE) == render_licence(FACE)


REPORT = Report(
    title="政务服务大厅运行日报",
    organ="阿鲁科尔沁旗政务服务局",
    date=DAY,
    subtitle="模拟运行",
    sections=(
        Section(
            "一、总体",
            (Figures((("接待人数", "200", "人"), ("平均等候", "6.4", "分钟"))), Paragraph("无超期办件。")),
        ),
        Section("二、部门", (Bars("受理量", ("市监", "人社"), (86, 42), "件", 0),)),
        Section(
            "三、时段",
            (Lines("取号", ("8:00", "9:00", "10:00"), (("取号", (5, 22, 31)), ("办结", (0, 9, 25)))),),
        ),
        Section("四、状态", (Donut("办件状态", (("已办结", 150), ("审查中", 50)), "200件"),)),
        Section(
            "五、明细", (Table(("序号", "事项"), tuple((str(n), f"事项{n}") for n in range(60)), (10, 90)),)
        ),
        Section("六、空", ()),
    ),
)


def test_a_report(see):
    seen = see(render_report(REPORT))
    letters = seen.letters
    for text in (
        "政务服务大厅运行日报",
        "模拟运行",
        "接待人数",
        "86件",
        "办结",
        "75.0%",
        "200件",
        "事项59",
        "六、空",
    ):
        assert text in letters, text
    assert seen.pages >= 3
    assert f"第1页共{seen.pages}页" in letters
    assert all(all(flags) for _name, *flags in seen.fonts)
    assert render_report(REPORT) == render_report(REPORT)


def test_many_bars_go_on_over_the_page_to_the_same_scale(see):
    names = tuple(f"阿鲁科尔沁旗第{n}局" for n in range(90))
    chart = Bars("各部门", names, tuple(float(90 - n) for n in range(90)), highlight=70)
    seen = see(render_report(replace(REPORT, sections=(Section("部门", (chart,)),))))
    assert "各部门（续）" in seen.letters
    assert all(name in seen.letters for name in names)
    last = seen.picture(seen.pages - 1)
    drawn = last.crop((0, 120, last.width, last.height - 120)).point(lambda v: 255 if v < 120 else 0)
    assert (
        drawn.getbbox()[2] < last.width * 0.72
    )  # to a scale of their own the last bars would run to the edge


@pytest.mark.parametrize(
    ("value", "text"), [(1186, "1,186"), (6.4, "6.4"), (6.0, "6"), (float("nan"), "—"), (float("inf"), "—")]
)
def test_numbers_of_a_chart(value, text):
    assert number_text(value) == text


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_the_scale_holds_the_value_and_is_not_far_over_it(value):
    assert value * (1 - 1e-8) <= nice_top(value) <= value * 2.5


NUMBERS = st.floats(allow_nan=True, allow_infinity=True, width=32)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=20), NUMBERS), max_size=20), st.text(max_size=20))
def test_no_figures_stop_a_report(pairs, title):
    labels, values = tuple(label for label, _ in pairs), tuple(value for _, value in pairs)
    blocks = (
        Bars(title, labels, values, title),
        Lines(title, labels, ((title, values), ("", values))),
        Donut(title, tuple(pairs), title),
        Figures(tuple((label, title, label) for label in labels[:6])),
    )
    assert render_report(Report(title=title, organ=title, date=DAY, sections=(Section(title, blocks),)))
