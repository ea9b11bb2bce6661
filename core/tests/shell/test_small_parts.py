"""Preferences, notices, navigation rows, clock, input method, desks: what needs no window."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from yichuang.hall.pinyin import PinyinForm
from yichuang.identity.actor import Actor
from yichuang.operations.accounts import DeskChoice
from yichuang.shell import input_method, pinyin_titles
from yichuang.shell.backend import changes_of
from yichuang.shell.clock import hall_time, long_date
from yichuang.shell.desks import desk_title
from yichuang.shell.fcitx import preedit_parts
from yichuang.shell.guide import limit_text
from yichuang.shell.keys import sequences
from yichuang.shell.navigation import Entry, allowed, nav_items, numbered
from yichuang.shell.notices import NoticeBook, when
from yichuang.shell.options import Options, parse_options
from yichuang.shell.preferences import DEFAULTS, Preferences
from yichuang.shell.services import Notice

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def entry(page: str, group: str = "business", **more: Any) -> Entry:
    return Entry(page, page, "house", page.partition(".")[0], group, "m:f", **more)


def test_preferences_survive_and_wrong_ones_count_as_not_chosen(tmp_path: Path, qtbot: QtBot) -> None:
    first = Preferences(tmp_path)
    with qtbot.waitSignal(first.changed) as changed:
        first.set("devices", {"voice": {"adapter": "", "名": "值"}})
    assert changed.args == ["devices"]
    first.save_view("na", "splitter", [1, 2])
    first.splitters("na")["x"] = [3, 4]
    first.sync()
    second = Preferences(tmp_path)
    assert second.get("devices") == {"voice": {"adapter": "", "名": "值"}}
    assert second.load_view("na", "splitter", []) == [1, 2]
    assert second.load_view("other", "splitter", []) == []
    assert dict(second.splitters("na")) == {"x": [3, 4]}
    assert {name: second.get(name) for name in DEFAULTS if name != "devices"} == {
        name: value for name, value in DEFAULTS.items() if name != "devices"
    }
    with pytest.raises(KeyError):
        second.set("no such thing", 1)
    text = (tmp_path / "desk.ini").read_text(encoding="utf-8")
    (tmp_path / "desk.ini").write_text(text + '\nscale="\\"large\\""\ntheme=broken{\n', encoding="utf-8")
    third = Preferences(tmp_path)
    assert (third.get("scale"), third.get("theme")) == (100, "light")


def test_notices_are_kept_and_counted(tmp_path: Path, qtbot: QtBot) -> None:
    book = NoticeBook(Preferences(tmp_path), "na")
    for number in range(60):
        book.add(Notice(f"n{number}", "", "bell", "info", "p", {"a": number}, NOON))
    assert (len(book.items), book.unread, book.items[0].title) == (50, 50, "n59")
    again = NoticeBook(book._preferences, "na")
    assert again.items == book.items
    again.read_all()
    assert NoticeBook(book._preferences, "na").unread == 0
    assert NoticeBook(book._preferences, "somebody else").items == []
    book._preferences.save_view("na", "notices", [{"title": "of another version"}])
    assert NoticeBook(book._preferences, "na").items == []


def test_times_are_those_of_the_hall() -> None:
    assert hall_time(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)).isoformat() == "2026-11-23T00:00:00+08:00"
    assert long_date(NOON) == "2026年11月23日\u2003星期一"
    assert when(NOON, NOON) == "12:00"
    assert when(datetime(2026, 11, 20, 4, 0, tzinfo=UTC), NOON) == "11月20日"


def test_what_one_may_not_do_is_not_listed() -> None:
    entries = [entry("a.x", permission="a.see"), entry("b.x"), entry("c.x")]
    actor = Actor(1, "na", "娜仁", "", permissions=frozenset({"a.see"}))
    assert [e.id for e in allowed(entries, actor)] == ["a.x", "b.x", "c.x"]
    assert [e.id for e in allowed(entries, Actor.nobody(), frozenset({"c"}))] == ["b.x"]


def test_rows_are_grouped_and_numbered() -> None:
    entries = [
        entry("z.x", "department"),
        entry("a.x"),
        entry("a.x.y", parent="a.x", shortcut="Ctrl+N"),
        entry("b.x"),
    ]
    rows = nav_items(entries, "a.x", {"a.x": 3, "b.x": 0}, frozenset({"b"}))
    assert [(r.id, r.level, r.badge, r.stopped) for r in rows if not r.section] == [
        ("shell.home", 0, None, False),
        ("a.x", 0, 3, False),
        ("a.x.y", 1, None, False),
        ("b.x", 0, None, True),
        ("z.x", 0, None, False),
    ]
    assert [e.id for e in numbered(entries)] == ["a.x", "b.x", "z.x"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("queue.call_next", "ticket:17")], {("ticket", "17"), ("queue", "queue.call_next")}),
        ([("identity.locked", "account:na")], {("account", "na"), ("identity", "identity.locked")}),
        ([("tick", "")], {("tick", "tick")}),
        ([], set()),
    ],
)
def test_changes_of_journal_rows(rows: list[tuple[str, str]], found: set[tuple[str, str]]) -> None:
    assert changes_of(rows) == found


@pytest.mark.parametrize(
    ("desk", "title"),
    [
        (DeskChoice("A06", "综合业务", "integrated"), "A06 综合窗口"),
        (DeskChoice("B01", "不动产登记", "dedicated"), "B01 不动产登记"),
        (DeskChoice("L01", "", "issuing"), "L01 统一出件"),
    ],
)
def test_desks_are_called_by_their_kind(desk: DeskChoice, title: str) -> None:
    assert desk_title(desk) == title


def test_limits_in_words() -> None:
    from decimal import Decimal

    assert limit_text(Decimal("20.0"), "W") == "20 个工作日"
    assert limit_text(Decimal("0.5"), "W") == "0.5 个工作日"
    assert limit_text(Decimal(100), "D") == "100 天"
    assert limit_text(None, "") == "—"


@pytest.mark.parametrize(("key", "count"), [("Ctrl+Enter", 2), ("Enter", 2), ("F2", 1), ("Ctrl+Shift+E", 1)])
def test_enter_is_two_keys(key: str, count: int) -> None:
    assert len(sequences(key)) == count


@pytest.mark.parametrize(("display", "number"), [(":0", "0"), (":1.0", "1"), ("host:12", "12"), ("", "0")])
def test_the_number_of_a_display(display: str, number: str) -> None:
    assert input_method.display_number(display) == number


@pytest.mark.parametrize(
    ("owned", "chosen", "variables"),
    [
        ({"org.freedesktop.portal.IBus", "org.fcitx.Fcitx-7"}, "portal", ("ibus", "1")),
        ({"org.fcitx.Fcitx-7"}, "fcitx4", (None, None)),
        ({"org.fcitx.Fcitx-0"}, "", (None, None)),
        (set(), "", (None, None)),
    ],
)
def test_the_way_to_type_chinese(
    monkeypatch: pytest.MonkeyPatch, owned: set[str], chosen: str, variables: tuple[str | None, str | None]
) -> None:
    import os

    monkeypatch.setenv("DISPLAY", ":7.0")
    for name in ("QT_IM_MODULE", "IBUS_USE_PORTAL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    assert input_method._choose(owned.__contains__) == chosen
    assert (os.environ.get("QT_IM_MODULE"), os.environ.get("IBUS_USE_PORTAL")) == variables


@pytest.mark.parametrize(
    ("pieces", "cursor", "text", "at"),
    [
        ([["ni", 8], ["hao", 0]], 2, "nihao", 2),
        ([["你", 8], ["hao", 8]], 3, "你hao", 1),
        ([["nihao", 8]], -1, "nihao", 5),
        ([["nihao", 8]], 99, "nihao", 5),
        ([], 0, "", 0),
    ],
)
def test_what_is_being_composed(pieces: list[list[Any]], cursor: int, text: str, at: int) -> None:
    parts, position = preedit_parts([pieces, cursor])
    assert ("".join(part for part, _underlined in parts), position) == (text, at)


def test_titles_keep_their_pinyin_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = pinyin_titles.forms_of(["叫号", "设置", "叫号"], tmp_path)
    assert made["叫号"] == PinyinForm("jh", "jiao hao")
    stored = json.loads((tmp_path / "pinyin.json").read_text(encoding="utf-8"))
    assert set(stored) == {"叫号", "设置"}

    def never(_titles: list[str]) -> dict[str, list[str]]:
        raise AssertionError("everything was known")

    monkeypatch.setattr(pinyin_titles, "_ask_child", never)
    assert pinyin_titles.forms_of(["设置"], tmp_path) == {"设置": made["设置"]}
    (tmp_path / "pinyin.json").write_text("{broken", encoding="utf-8")
    monkeypatch.setattr(pinyin_titles, "_ask_child", lambda _titles: {})
    assert pinyin_titles.forms_of(["设置"], tmp_path) == {}


def test_flags() -> None:
    assert parse_options([]) == Options()
    read = parse_options(
        [
            "--safe-mode",
            "--theme",
            "dark",
            "--only-plugins",
            "queue, seal",
            "--plugin-dir",
            "/a",
            "--as",
            "na",
        ]
    )
    assert (read.safe_mode, read.theme, read.only, read.account) == (True, "dark", ("queue", "seal"), "na")
    assert read.plugin_dirs == (Path("/a"),)
