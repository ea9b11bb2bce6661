"""A manifest is read without importing the plugin, and everything that is wrong with it is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.hall.words import core
from yichuang.host.manifest import LARGEST, parse_manifest, read_manifest

GOOD: dict[str, Any] = {
    "id": "sample",
    "name": "Sample",
    "version": "0.1.0",
    "api": "1",
    "publisher": "yichuang",
    "order": 10,
    "group": "business",
    "schema": "0001",
    "icon": "megaphone",
    "pages": [
        {
            "id": "sample.page",
            "title": "Page",
            "factory": "yichuang_sample.page:build",
            "icon": "megaphone",
            "permission": "sample.use",
            "badge": "sample.waiting",
        }
    ],
    "permissions": [{"id": "sample.use", "title": "Use", "operations": ["sample.do", "sample.waiting"]}],
    "settings": [
        {"key": "sample.most", "type": "int", "default": 3, "title": "Most"},
        {"key": "sample.mode", "type": "choice", "default": "a", "title": "Mode", "choices": ["a", "b"]},
    ],
    "devices": [{"kind": "ticket_printer"}],
    "public": ["sample.board"],
    "commands": [
        {"name": "serve", "title": "Serve", "factory": "yichuang_sample.page:serve"},
        {
            "name": "evaluate",
            "title": "Evaluate",
            "factory": "yichuang_sample.page:evaluate",
            "needs_hall": False,
        },
    ],
    "windows": [
        {
            "name": "board",
            "title": "Board",
            "factory": "yichuang_sample.page:board",
            "fullscreen": True,
            "size": [1920, 1080],
            "options": {"zone": "Show this zone only"},
        },
        {
            "name": "inner",
            "title": "Inner",
            "factory": "yichuang_sample.page:inner",
            "permission": "sample.use",
        },
    ],
}
COMMAND, WINDOW = GOOD["commands"][0], GOOD["windows"][0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "yichuang_sample"
    made.mkdir()
    (made / "page.py").write_text('raise AssertionError("must not be imported")')
    return made


def sentences(folder: Path, **changes: Any) -> list[str]:
    manifest, problems = parse_manifest({**GOOD, **changes}, folder)
    assert (manifest is None) == bool(problems)
    return [problem.in_language("en") for problem in problems]


def test_a_good_manifest(folder):
    manifest, problems = parse_manifest(GOOD, folder)
    assert problems == ()
    assert manifest.package == "yichuang_sample"
    assert manifest.operations == {"sample.do", "sample.waiting", "sample.board"}
    assert manifest.pages[0].badge == "sample.waiting"
    assert manifest.settings[1].choices == ("a", "b")
    assert manifest.devices[0].kind == "ticket_printer"
    assert manifest.title("en") == "Sample"


def test_the_keys_of_a_page(folder):
    page = {**GOOD["pages"][0], "keys": {"F2": "Call next"}}
    manifest, _ = parse_manifest({**GOOD, "pages": [page]}, folder)
    assert manifest.pages[0].keys == (("F2", "Call next"),)


def test_commands_and_windows(folder):
    manifest, _ = parse_manifest(GOOD, folder)
    assert [(each.name, each.needs_hall) for each in manifest.commands] == [
        ("serve", True),
        ("evaluate", False),
    ]
    board, inner = manifest.windows
    assert (board.permission, board.fullscreen, board.size) == ("", True, (1920, 1080))
    assert [(option.name, option.title) for option in board.options] == [("zone", "Show this zone only")]
    assert manifest.window_id(board) == "sample.board"
    assert (inner.permission, inner.fullscreen, inner.size, inner.options) == ("sample.use", False, None, ())


def test_the_title_comes_from_the_plugins_own_catalogue(folder):
    catalogue = folder / "locales" / "zh_CN"
    catalogue.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (catalogue / "sample.po").write_text(header + 'msgid "Sample"\nmsgstr "样本"\n', encoding="utf-8")
    manifest, _ = parse_manifest(GOOD, folder)
    assert manifest.title("zh_CN") == "样本"
    assert manifest.text("Page", "zh_CN") == "Page"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"id": None}, "id is missing."),
        ({"name": " "}, "name is empty."),
        ({"version": 1}, "version has a value of the wrong type."),
        ({"version": "one"}, "version may not be 'one'."),
        ({"order": True}, "order has a value of the wrong type."),
        ({"group": "games"}, "group is 'games', expected one of: business, department."),
        ({"schema": "1"}, "schema may not be '1'."),
        ({"colour": "red"}, "colour is not known."),
        ({"id": "Sample"}, "id may not be 'Sample'."),
        ({"id": "other"}, "The id other does not fit the folder yichuang_sample."),
        ({"pages": ["x"]}, "pages[1] has a value of the wrong type."),
        ({"pages": [{"id": "sample.x"}]}, "pages[1].factory is missing."),
        ({"public": ["queue.board"]}, "queue.board must begin with sample.."),
        ({"public": [7]}, "public may not be 7."),
        ({"permissions": []}, "Page sample.page asks for sample.use, which is not declared."),
        ({"requires": ["sample"]}, "The plugin requires itself."),
        ({"devices": [{"kind": "printer", "port": 3}]}, "devices[1].port is not known."),
        (
            {"api": "9"},
            "The plugin was written for version 9 of the plugin contract; this program offers 1.",
        ),
        (
            {"settings": [{"key": "sample.most", "type": "int", "default": "3", "title": "Most"}]},
            "settings[1].default has a value of the wrong type.",
        ),
        (
            {"settings": [{"key": "sample.most", "type": "int", "default": True, "title": "Most"}]},
            "settings[1].default has a value of the wrong type.",
        ),
        (
            {
                "settings": [
                    {"key": "sample.x", "type": "choice", "default": "c", "title": "X", "choices": ["a"]}
                ]
            },
            "settings[1].default is not one of the choices.",
        ),
        (
            {"pages": [{**GOOD["pages"][0], "factory": "yichuang_sample.gone:build"}]},
            "Page sample.page: there is no module yichuang_sample.gone.",
        ),
        (
            {"pages": [{**GOOD["pages"][0], "factory": "os.path:join"}]},
            "Page sample.page: there is no module os.path.",
        ),
        (
            {"pages": [{**GOOD["pages"][0], "keys": {"F2": ""}}]},
            "pages[1].keys.F2 has a value of the wrong type.",
        ),
        ({"pages": GOOD["pages"] * 2}, "sample.page is declared twice."),
        ({"public": ["sample.do"]}, "sample.do is declared twice."),
        ({"commands": [{**COMMAND, "name": "Serve"}]}, "commands[1].name may not be 'Serve'."),
        ({"commands": [{**COMMAND, "name": "--x"}]}, "commands[1].name may not be '--x'."),
        (
            {"commands": [{**COMMAND, "needs_hall": 1}]},
            "commands[1].needs_hall has a value of the wrong type.",
        ),
        ({"commands": [{**COMMAND, "permission": "sample.use"}]}, "commands[1].permission is not known."),
        ({"commands": [COMMAND, COMMAND]}, "serve is declared twice."),
        ({"commands": [{**COMMAND, "name": "board"}]}, "board is declared twice."),
        (
            {"commands": [{**COMMAND, "factory": "yichuang_sample.gone:run"}]},
            "Command serve: there is no module yichuang_sample.gone.",
        ),
        (
            {"windows": [{**WINDOW, "fullscreen": "yes"}]},
            "windows[1].fullscreen has a value of the wrong type.",
        ),
        ({"windows": [{**WINDOW, "size": [1920]}]}, "windows[1].size may not be [1920]."),
        ({"windows": [{**WINDOW, "size": [True, 0]}]}, "windows[1].size may not be [True, 0]."),
        ({"windows": [{**WINDOW, "options": ["zone"]}]}, "windows[1].options has a value of the wrong type."),
        (
            {"windows": [{**WINDOW, "options": {"desk": "D"}}]},
            "windows[1].options.desk is an option of every window.",
        ),
        ({"windows": [{**WINDOW, "options": {"Zone": "Z"}}]}, "windows[1].options may not be 'Zone'."),
        (
            {"windows": [{**WINDOW, "options": {"zone": 1}}]},
            "windows[1].options.zone has a value of the wrong type.",
        ),
        ({"windows": [{**WINDOW, "colour": "red"}]}, "windows[1].colour is not known."),
        ({"windows": [{**WINDOW, "name": "page"}]}, "Window page has the name of a page."),
        (
            {"windows": [{**WINDOW, "factory": "os.path:join"}]},
            "Command board: there is no module os.path.",
        ),
        (
            {"windows": [{**WINDOW, "permission": "sample.other"}]},
            "Window board asks for sample.other, which is not declared.",
        ),
    ],
)
def test_what_is_wrong_is_said(folder, changes, sentence):
    table = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    manifest, problems = parse_manifest(table, folder)
    assert manifest is None
    assert sentence in [problem.in_language("en") for problem in problems]


def test_a_plugin_with_commands_may_not_have_the_name_of_one(tmp_path):
    folder = tmp_path / "yichuang_journal"
    folder.mkdir()
    (folder / "page.py").touch()
    table = {key: GOOD[key] for key in ("name", "version", "api", "publisher", "group")} | {"id": "journal"}
    assert parse_manifest(table, folder)[1] == ()
    command = {**COMMAND, "factory": "yichuang_journal.page:serve"}
    _, problems = parse_manifest({**table, "commands": [command]}, folder)
    assert [each.in_language("en") for each in problems] == ["journal is a command of the program itself."]


def test_every_problem_is_said_at_once_and_in_chinese(folder):
    manifest, problems = parse_manifest({"id": "sample", "colour": 1}, folder)
    assert manifest is None
    said = [problem.in_language("zh_CN") for problem in problems]
    assert len(said) >= 6
    assert all(core.translate(problem.msgid, "zh_CN") != problem.msgid for problem in problems)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'id = "sample', "The manifest is not valid TOML"),
        (b'id = "\xff"', "The manifest is not UTF-8 text."),
        (b"#" * (LARGEST + 1), "The manifest is larger than"),
        (None, "The manifest cannot be read"),
    ],
)
def test_an_unreadable_manifest(folder, content, sentence):
    if content is not None:
        (folder / "manifest.toml").write_bytes(content)
    manifest, problems = read_manifest(folder)
    assert manifest is None
    assert problems[0].in_language("en").startswith(sentence)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(key=st.sampled_from(sorted(GOOD)), value=_ANY)
def test_no_manifest_is_an_exception(key, value):
    table = {**GOOD, key: value}
    manifest, problems = parse_manifest(table, Path("/nowhere/yichuang_sample"))
    assert (manifest is None) == bool(problems)
    for problem in problems:
        assert problem.in_language("en")
