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
}


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
        ({"pages": GOOD["pages"] * 2}, "sample.page is declared twice."),
        ({"public": ["sample.do"]}, "sample.do is declared twice."),
    ],
)
def test_what_is_wrong_is_said(folder, changes, sentence):
    table = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    manifest, problems = parse_manifest(table, folder)
    assert manifest is None
    assert sentence in [problem.in_language("en") for problem in problems]


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
