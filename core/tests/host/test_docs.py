"""docs/hooks.md says exactly what the hooks are, and every hook has a plugin that answers it."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from yichuang.api import hooks

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
SPECS = {name: spec for name, spec in vars(hooks.HookSpecs).items() if not name.startswith("_")}
VALUES = [
    each
    for each in vars(hooks).values()
    if dataclasses.is_dataclass(each) and each.__module__ == hooks.__name__ and each is not hooks.Policy
]


def signature(name: str) -> str:
    """A hook's signature as the document prints it."""
    found = inspect.signature(SPECS[name])
    parameters = [
        f"{each.name}: {each.annotation}" for each in found.parameters.values() if each.name != "self"
    ]
    return f"{name}({', '.join(parameters)}) -> {found.return_annotation}".replace("'", "")


def answering(name: str) -> list[str]:
    """Ids of the shipped plugins that answer a hook, read from their source."""
    found = set()
    for path in (ROOT / "plugins").glob("*/yichuang_*/hooks.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                marks = [ast.unparse(mark) for mark in node.decorator_list]
                if any(mark.startswith("hookimpl") for mark in marks):
                    found.add(path.parent.name.removeprefix("yichuang_"))
    return sorted(found)


@pytest.mark.parametrize("name", SPECS)
def test_every_hook_is_documented_and_answered(name):
    policy = SPECS[name].policy
    section = TEXT.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert f"```python\n{signature(name)}\n```" in section
    line = f"{policy.shape} · {policy.failure} · since 1 · asked by "
    assert line in section
    assert answering(name)
    assert f"answered by {', '.join(answering(name))}\n" in section


def test_no_hook_is_documented_that_does_not_exist():
    assert set(re.findall(r"^## ([a-z_]+)$", TEXT, re.MULTILINE)) == set(SPECS)


@pytest.mark.parametrize("value", VALUES, ids=lambda each: each.__name__)
def test_every_field_of_every_value_is_documented(value):
    section = " ".join(TEXT.partition(f"\n**{value.__name__}**\n")[2].partition("\n\n")[0].split())
    expected = []
    for field in dataclasses.fields(value):
        optional = (
            field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        )
        expected.append(f"{field.name}: {field.type}" + (" (optional)" if optional else ""))
    assert section == " ".join(", ".join(expected).split())
