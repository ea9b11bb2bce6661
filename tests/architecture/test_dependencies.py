"""Every package that a distribution imports is declared there, pinned once, and has its reason in docs/dependencies.md."""

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

from source_tree import DISTRIBUTIONS, ROOT

OURS = {each.package.name for each in DISTRIBUTIONS}
# Typing needs the name only; the host hands the thing over.
GIVEN_BY_CORE = {"alembic", "pydantic", "sqlalchemy"}


def requirement_name(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;]", requirement)[0].lower().replace("_", "-")


def declared(distribution) -> set[str]:
    project = distribution.project
    extras = project.get("optional-dependencies", {}).values()
    return {
        requirement_name(each)
        for each in [*project["dependencies"], *(one for extra in extras for one in extra)]
    }


def imported(*folders: Path) -> dict[str, str]:
    found = {}
    for file in [file for folder in folders for file in folder.rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                found.setdefault(name.partition(".")[0], file.relative_to(ROOT).as_posix())
    return {name: place for name, place in found.items() if name not in sys.stdlib_module_names | OURS}


def test_every_import_is_declared(distribution):
    providers = importlib.metadata.packages_distributions()
    known = declared(distribution)
    given = GIVEN_BY_CORE if distribution.is_plugin else set()
    undeclared = {
        f"{name} ({place})"
        for name, place in imported(distribution.package).items()
        if name not in given and not known & {requirement_name(each) for each in providers.get(name, [name])}
    }
    assert not undeclared, "\n".join(sorted(undeclared))


def test_every_import_of_the_tests_is_declared():
    """Helpers beside a test are not packages; everything else comes with core and its test extra."""
    folders = [ROOT / "tests", ROOT / "installer", *ROOT.glob("*/tests"), *ROOT.glob("plugins/*/tests")]
    helpers = {file.stem for folder in folders for file in folder.rglob("*.py")}
    providers = importlib.metadata.packages_distributions()
    known = set().union(*(declared(each) for each in DISTRIBUTIONS))
    undeclared = {
        f"{name} ({place})"
        for name, place in imported(*folders).items()
        if name not in helpers
        and not name.startswith("yichuang_")
        and not known & {requirement_name(each) for each in providers.get(name, [name])}
    }
    assert not undeclared, "\n".join(sorted(undeclared))


def test_every_direct_dependency_is_pinned_and_has_a_reason():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    reasons = {match.lower() for match in re.findall(r"^\| `([\w.-]+)` \|", text, re.MULTILINE)}
    pinned = {
        line.partition("==")[0]
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    ours = {each.project["name"] for each in DISTRIBUTIONS}
    direct = set().union(*(declared(each) for each in DISTRIBUTIONS)) - ours
    assert direct - pinned == set()
    assert direct - reasons == set()
    assert reasons - direct - {"uv", "hatchling"} == set(), "no longer used"


def test_all_distributions_have_one_version_licence_and_python(distribution):
    project = distribution.project
    assert project["version"] == "0.1.0"
    assert project["license"] == "GPL-3.0-or-later"
    assert project["requires-python"] == ">=3.11"
    assert project["name"] == distribution.package.name.replace("_", "-")
