"""Every sentence of the hall is there in Chinese, with the same places for its values."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import yichuang.hall

FOLDER = Path(yichuang.hall.__file__).parent


def sentences():
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"L", "_"}:
                yield node.args[0].value


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.fixture(scope="module")
def chinese():
    entries = {}
    for path in (FOLDER.parent / "locales" / "zh_CN").glob("*.po"):
        with path.open("rb") as file:
            entries.update({message.id: message.string for message in read_po(file) if message.id})
    return entries


def test_all_are_translated(chinese):
    missing = [text for text in sentences() if not chinese.get(text)]
    assert not missing


def test_translations_keep_the_places(chinese):
    for text in sentences():
        assert places(text) == places(chinese[text]), text
