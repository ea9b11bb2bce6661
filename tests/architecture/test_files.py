"""Habits that can be seen in the files themselves: purpose, size, reasons, and nothing of one machine."""

import ast
import re
import tokenize
from pathlib import Path

import pytest
from source_tree import ROOT, files

LONGEST_FILE, LONGEST_FUNCTION = 500, 60
COMMENTED = (".py", ".toml", ".sh", ".yml", ".po", "Makefile", ".ci/run", ".gitignore", ".editorconfig")
# Data for others' programs, and texts that must stay as they are.
EXEMPT = ("LICENSE", "constraints.txt", "OFL.txt")
# Spelt in parts, so that this file does not accuse itself.
UNWANTED = {
    "an index address": re.compile(
        r"pypi\.o" + r"rg|files\.python" + r"hosted|--index-" + r"url|--extra-" + r"index"
    ),
    "a folder of one machine": re.compile(r"(?<![\w.])/(work|root|home/\w+)/"),
    "something unfinished": re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b"),
}
PYTHON = [path for path in files(".py") if "templates" not in path.parts]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_file_says_first_what_it_is_for():
    silent = []
    for path in files(*COMMENTED):
        lines = path.read_text(encoding="utf-8").splitlines()
        first = lines[1 if lines and lines[0].startswith("#!") else 0].strip() if lines else ""
        # A word is no purpose.
        if not first.startswith(('"""', "#")) or len(first.strip('"# ')) < 8:
            silent.append(f"{relative(path)}: {first!r}")
    assert not silent, "\n".join(silent)


def test_no_file_and_no_function_is_too_long():
    long = []
    for path in PYTHON:
        source = path.read_text(encoding="utf-8")
        if source.count("\n") > LONGEST_FILE:
            long.append(f"{relative(path)}: {source.count(chr(10))} lines")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > LONGEST_FUNCTION and "migrations" not in path.parts:  # a frozen table is one list
                    long.append(f"{relative(path)}:{node.lineno} {node.name}: {size} lines")
    assert not long, "\n".join(long)


def test_every_exception_to_a_rule_gives_its_reason():
    bare = []
    for path in PYTHON:
        with tokenize.open(path) as file:
            for token in tokenize.generate_tokens(file.readline):
                if token.type == tokenize.COMMENT and re.search(r"#\s*(noqa|type:\s*ignore)", token.string):
                    reason = re.sub(
                        r"#\s*(noqa(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[\w, -]+\])?)", "", token.string
                    )
                    if len(reason.strip(" -#:")) < 5:
                        bare.append(f"{relative(path)}:{token.start[0]} {token.string}")
    assert not bare, "\n".join(bare)


def test_no_lambda_waits_for_the_end_of_an_object():
    """The garbage collector may clear it before it is called: see `yichuang.widgets.ends`."""
    closure = re.compile(r"destroyed\.connect\(\s*(lambda|partial)")
    found = [relative(path) for path in PYTHON if closure.search(path.read_text(encoding="utf-8"))]
    assert found == ["core/tests/widgets/test_ends.py"]


@pytest.mark.parametrize("what", UNWANTED)
def test_no_file_carries(what):
    found = []
    for path in files(".py", ".toml", ".md", ".txt", ".sh", ".po", ".json", ".tsv", "Makefile", ".ci/run"):
        for match in UNWANTED[what].finditer(path.read_text(encoding="utf-8")):
            found.append(f"{relative(path)}: {match.group()!r}")
    assert not found, "\n".join(found)


def test_the_constraints_hold_no_address():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert all(re.fullmatch(r"[a-z0-9.-]+==[\w.+!]+( ; .+)?", line) for line in lines)
    pinned = dict(line.split(" ;")[0].split("==") for line in lines)
    # Newer wheels need a C library that UOS and Kylin desks do not have.
    assert tuple(map(int, pinned["pyqt6"].split(".")[:2])) < (6, 10)
    assert tuple(map(int, pinned["pyqt6-qt6"].split(".")[:2])) < (6, 10)
