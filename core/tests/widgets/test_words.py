"""Every word of the widgets has its Chinese entry, and the public names are documented."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PyQt6.QtWidgets import QWidget

import yichuang.widgets as package
from yichuang.hall.words import core

SOURCES = sorted(Path(package.__file__).parent.glob("*.py"))
CATALOGUES = sorted((Path(package.__file__).parents[1] / "locales" / "zh_CN").glob("*.po"))
NAMES = [name for name in package.__all__ if name not in ("paint", "theme")]


def entries(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def msgids() -> set[str]:
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "L"):
                assert isinstance(node.args[0], ast.Constant), (
                    f"{path.name}:{node.lineno}: a msgid must be written out"
                )
                found.add(node.args[0].value)
    return found


def test_every_word_is_translated_and_none_is_left_over():
    ours = entries(next(path for path in CATALOGUES if path.name == "widgets.po"))
    assert msgids() == set(ours)
    assert all(ours.values())


def test_parameters_are_the_same_in_both_languages():
    for msgid, text in entries(next(path for path in CATALOGUES if path.name == "widgets.po")).items():
        assert sorted(part[0] for part in _fields(msgid)) == sorted(part[0] for part in _fields(text)), msgid


def _fields(text: str) -> list[tuple[str, ...]]:
    from string import Formatter

    return [(name,) for _, name, _, _ in Formatter().parse(text) if name]


def test_source_holds_no_chinese():
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.body[0].value) for node in ast.walk(tree) if _has_doc(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                assert not any("\u4e00" <= letter <= "\u9fff" for letter in node.value), (
                    f"{path.name}:{node.lineno}"
                )


def _has_doc(node: ast.AST) -> bool:
    bodied = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    return bodied and ast.get_docstring(node, clean=False) is not None


@pytest.mark.parametrize("name", NAMES)
def test_public_names_load_and_are_documented(name):
    thing = getattr(package, name)
    assert inspect.getdoc(thing)
    if not inspect.isclass(thing):
        return
    bases = [base for base in (*thing.__mro__[1:], QWidget) if not base.__module__.startswith("yichuang")]
    inherited = {attr for base in bases for attr in dir(base)}
    for attr, value in vars(thing).items():
        if attr.startswith("_") or not inspect.isfunction(value) or attr in inherited:
            continue
        assert value.__doc__, f"{name}.{attr} has no docstring"


def test_type_checkers_see_every_lazy_name():
    tree = ast.parse(SOURCES[0].read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.asname for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == set(package.__all__)


def test_unknown_names_raise():
    with pytest.raises(AttributeError, match="nothing_like_it"):
        package.nothing_like_it  # noqa: B018  # the access itself is what is tested


def test_the_catalogues_agree_on_shared_words():
    """Parts of one distribution share a catalogue: the same msgid must not mean two things."""
    ours = entries(next(path for path in CATALOGUES if path.name == "widgets.po"))
    for path in CATALOGUES:
        for msgid, text in entries(path).items():
            assert ours.get(msgid, text) == text, (
                f"{path.name}: {msgid!r} is {text!r}, widgets.po says {ours[msgid]!r}"
            )


def test_english_is_complete():
    assert core.translate("Showing {n} / {total}", "en") == "Showing {n} / {total}"
