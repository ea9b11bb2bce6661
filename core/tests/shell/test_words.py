"""Every sentence of the shell has its Chinese, and none is left over."""

from __future__ import annotations

import ast
from pathlib import Path

from babel.messages.pofile import read_po

import yichuang

ROOT = Path(yichuang.__file__).parent
MARKS = {"_", "L", "words.text", "words.lazy"}


def sentences() -> set[str]:
    """What the shell says, and the titles of its operations."""
    found: set[str] = set()
    for path in (ROOT / "shell").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if ast.unparse(node.func) in MARKS and node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
            found |= {
                str(k.value.value)
                for k in node.keywords
                if k.arg == "title" and isinstance(k.value, ast.Constant)
            }
    return {text for text in found if text}


def test_every_sentence_is_translated_and_none_is_left_over() -> None:
    with (ROOT / "locales" / "zh_CN" / "shell.po").open("rb") as file:
        translated = {str(m.id): str(m.string) for m in read_po(file) if m.id}
    assert sentences() - set(translated) == set()
    assert set(translated) - sentences() == set()
    assert [msgid for msgid, text in translated.items() if not text] == []
