"""A machine without Qt can do everything but show windows; and nothing heavy is loaded before the first paint.

A linter cannot see what a package's `__init__` drags in, so these tests import for real, each in a fresh interpreter.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK_QT = """
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PyQt6", "sip"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, NoQt())
"""
HEAVY = "sqlalchemy alembic psycopg reportlab keyring pydantic pyhanko cryptography openpyxl PIL uharfbuzz babel".split()
LIGHT = [
    "yichuang",
    "yichuang.api",
    "yichuang.hall.words",
    "yichuang.hall.errors",
    "yichuang.host",
    "yichuang.host.discovery",
    "yichuang.shell",
    "yichuang.widgets",
    "yichuang.api.ui",
    "yichuang_resources",
    *sorted(path.parent.name for path in ROOT.glob("plugins/*/yichuang_*/__init__.py")),
]
QT_FOLDERS = {"widgets", "shell", "ui", "testing", "migrations", "templates"}


def python(program: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, *options, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_without_qt() -> list[str]:
    """Every module of core and the plugins that must work where there is no Qt."""
    found = []
    for package in [ROOT / "core" / "yichuang", *ROOT.glob("plugins/*/yichuang_*")]:
        for file in sorted(package.rglob("*.py")):
            parts = file.relative_to(package.parent).with_suffix("").parts
            if QT_FOLDERS.isdisjoint(parts) and parts[-1] != "__main__":
                found.append(".".join(parts).removesuffix(".__init__"))
    return found


def test_every_module_outside_the_windows_imports_without_qt():
    modules = modules_without_qt()
    assert len(modules) > 80
    program = f"{BLOCK_QT}\nimport importlib\nfor name in {modules!r}: importlib.import_module(name)"
    python(program, "-W", "ignore")


@pytest.mark.parametrize("module", ["yichuang.cli", "yichuang.api", "yichuang.host.suite"])
def test_the_way_in_needs_no_qt(module):
    python(f"{BLOCK_QT}\nimport {module}", "-W", "error")


def test_the_blocker_blocks():
    with pytest.raises(AssertionError, match="No module named 'PyQt6'"):
        python(f"{BLOCK_QT}\nimport yichuang.widgets.theme")


def test_the_commands_run_without_qt(tmp_path):
    run = f"{BLOCK_QT}\nfrom yichuang.cli import main\nsys.argv = ['yichuang', 'operations', '--json']\nraise SystemExit(main())"
    assert "queue.call_next" in python(run)


@pytest.mark.parametrize("module", LIGHT)
def test_what_is_imported_early_is_light(module):
    listed = python(f"import sys, {module}\nprint(*{{name.partition('.')[0] for name in sys.modules}})")
    assert set(listed.split()).isdisjoint(HEAVY), f"{module} loads {sorted(set(listed.split()) & set(HEAVY))}"
