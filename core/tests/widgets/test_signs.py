"""Lights, tags, badges, key caps and charts: shapes, words, sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QImage, QPainter

from yichuang.widgets import (
    Badge,
    BarsData,
    Donut,
    DonutData,
    Dot,
    KeyCap,
    KeyHints,
    Legend,
    Light,
    LineData,
    Part,
    PipsData,
    SparkData,
    StackedData,
    State,
    Tag,
    TagSpec,
    chart_palette,
    icons,
    key_text,
    light_text,
    paint_chart,
    paint_light,
    theme,
)
from yichuang.widgets.keys import keycap_width
from yichuang.widgets.lights import STATE_DOT
from yichuang.widgets.tags import paint_tags, tag_width


def canvas(width: int = 20, height: int = 20) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    return image


def drawn(state: str) -> QImage:
    image = canvas()
    painter = QPainter(image)
    paint_light(painter, QRectF(0, 0, 20, 20), state)
    painter.end()
    return image


def inked(image: QImage) -> set[tuple[int, int]]:
    return {
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).lightness() < 230
    }


def test_every_state_has_a_shape_of_its_own():
    """Never colour alone: the seven shapes differ in black and white too."""
    shapes = {state: frozenset(inked(drawn(state))) for state in State}
    assert len(set(shapes.values())) == 7
    for state, shape in shapes.items():
        xs, ys = [x for x, _ in shape], [y for _, y in shape]
        assert max(max(xs) - min(xs), max(ys) - min(ys)) < 14, state


def test_every_state_has_a_word_and_a_colour():
    assert [light_text(state) for state in State] == ["正常", "预警", "超期", "暂停", "当前", "完成", "未到"]
    assert set(STATE_DOT) == set(State)


def test_an_unknown_state_is_refused():
    image = canvas()
    painter = QPainter(image)
    with pytest.raises(ValueError, match="purple"):
        paint_light(painter, QRectF(0, 0, 20, 20), "purple")
    painter.end()


def test_a_light_says_its_state_and_text(qtbot):
    light = Light("overdue", "超期 3 小时")
    qtbot.addWidget(light)
    assert light.accessibleName() == "超期 超期 3 小时"
    light.set_state("done", "")
    assert light.accessibleName() == light.toolTip() == "完成"
    assert light.sizeHint().width() == 14


def test_dots_and_badges_are_labelled(qtbot):
    dot, badge = Dot("green", "高拍仪"), Badge(3, "red")
    for widget in (dot, badge):
        qtbot.addWidget(widget)
    dot.set_state("red", "高拍仪 未连接")
    badge.set_count(12)
    assert (dot.accessibleName(), badge.accessibleName()) == ("高拍仪 未连接", "12")
    assert badge.sizeHint().height() == 16


def test_tag_sizes(qtbot):
    tag, small = Tag("即办件", "green"), Tag("身份证", "teal", small=True)
    for widget in (tag, small):
        qtbot.addWidget(widget)
        assert not widget.grab().isNull()
    assert (tag.sizeHint().height(), small.sizeHint().height()) == (20, 18)
    width = tag.sizeHint().width()
    tag.set_spec(TagSpec("免提交", "green", "badge-check"))
    assert tag.sizeHint().width() == width + 16
    assert tag.accessibleName() == "免提交"


def test_at_most_three_tags_and_only_whole_ones():
    image = canvas(400, 24)
    painter = QPainter(image)
    tags = [TagSpec(f"标签{n}") for n in range(5)]
    three = paint_tags(painter, QRectF(0, 0, 400, 24), tags)
    two = paint_tags(painter, QRectF(0, 0, 2 * tag_width(tags[0]) + 10, 24), tags)
    painter.end()
    assert three == 3 * tag_width(tags[0]) + 12
    assert two == 2 * tag_width(tags[0]) + 6


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("Ctrl+Return", "Ctrl+Enter"), ("Ctrl+Left", "Ctrl+←"), ("Space", "空格"), ("F11", "F11"), ("Ctrl++", "Ctrl++"),
        ("+", "+"), ("Escape", "Esc"), ("Ctrl+,", "Ctrl+,"), ("J / K", "J / K"), ("Shift+Down", "Shift+↓"), ("", ""),
    ],
)  # fmt: skip
def test_key_names(key, shown):
    assert key_text(key) == shown


def test_key_caps_and_hints(qtbot):
    cap, hints = KeyCap("Space"), KeyHints([("F2", "叫下一位"), (("Up", "Down"), "选择")])
    for widget in (cap, hints):
        qtbot.addWidget(widget)
    assert cap.accessibleName() == "空格"
    assert cap.sizeHint().width() == keycap_width("Space")
    assert hints.accessibleName() == "F2 叫下一位, ↑ ↓ 选择"
    wide = hints.sizeHint().width()
    hints.set_hints([("F2", "叫下一位")])
    assert hints.sizeHint().width() < wide


CHARTS = [
    BarsData((28, 34, 30), ("9日", "10日", "11日")), SparkData((1, 2, 3)), LineData((2, 4, 3), ("周一", "周三")),
    DonutData((Part(12, "grnd", "正常"), Part(3, "ambd", "预警")), "15", "在办"), StackedData((Part(1, "c1"), Part(2, "c2"))),
    PipsData(6, 3, error=True),
]  # fmt: skip


@pytest.mark.parametrize("data", CHARTS, ids=lambda data: type(data).__name__)
@pytest.mark.parametrize("name", ["", "light", "dark"])
def test_charts_draw_on_any_painter(data, name):
    image = canvas(200, 100)
    painter = QPainter(image)
    paint_chart(painter, QRectF(0, 0, 200, 100), data, chart_palette(name) if name else None)
    painter.end()
    assert inked(image)


numbers = st.lists(st.floats(min_value=-5, max_value=1e9, allow_nan=False), max_size=40)


@given(numbers, st.integers(1, 300), st.integers(1, 120))
def test_charts_take_any_numbers_and_any_room(values, width, height):
    image = canvas(width, height)
    painter = QPainter(image)
    rect = QRectF(0, 0, width, height)
    for data in (BarsData(values), SparkData(values), LineData(values)):
        paint_chart(painter, rect, data)
    parts = [Part(max(0, value), "c1") for value in values]
    paint_chart(painter, rect, DonutData(parts, "1"))
    paint_chart(painter, rect, StackedData(parts))
    painter.end()


def test_the_highlighted_bar_stands_out():
    image = canvas(100, 50)
    painter = QPainter(image)
    paint_chart(painter, QRectF(0, 0, 100, 50), BarsData((5, 5), highlight=0, show_values=False))
    painter.end()
    assert image.pixelColor(10, 45) == theme.color("c1")
    assert image.pixelColor(95, 45) == theme.color("c2")


def test_charts_are_spoken(qtbot):
    donut = Donut(CHARTS[3])
    qtbot.addWidget(donut)
    assert donut.accessibleName() == "正常 12, 预警 3"
    donut.set_data(PipsData(6, 2))
    assert donut.accessibleName() == "2 / 6"
    donut.set_data(CHARTS[0])
    assert donut.accessibleName() == "9日 28, 10日 34, 11日 30"


def test_every_icon_the_widgets_name_exists():
    for name in (
        "search",
        "x",
        "chevron-down",
        "copy",
        "rotate-ccw",
        "circle-alert",
        "puzzle",
        "inbox",
        "panel-left",
    ):
        assert icons.has_icon(name), name


def test_a_legend_explains_each_colour_and_keeps_its_values_apart(qtbot):
    legend = Legend("没有")
    qtbot.addWidget(legend)
    legend.set_parts(())
    assert legend.accessibleName() == "没有"
    one = legend.sizeHint().height()
    legend.set_parts((Part(1200, "grnd", "非常满意"), Part(1, "ambd", "满意")))
    assert legend.accessibleName() == "非常满意 1,200\n满意 1"
    assert legend.sizeHint().height() == 2 * one
    legend.resize(legend.sizeHint())
    image = legend.grab().toImage()
    for place, color in enumerate(("grnd", "ambd")):
        assert image.pixelColor(4, place * one + one // 2) == theme.color(color)
