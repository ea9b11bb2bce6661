"""The import contracts hold, name every plugin, and really fail when somebody breaks one."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
PACKAGES = [
    file.parent
    for pattern in ("*/yichuang*", "plugins/*/yichuang*")
    for file in ROOT.glob(f"{pattern}/__init__.py")
]
PLUGINS = sorted(package.name for package in PACKAGES if package.parents[1].name == "plugins")
# What is planted, where, and the contract that must notice it.
PLANTS = {
    "a plugin reaches behind the API": ("yichuang_queue/planted.py", "import yichuang.storage", "api-only"),
    "a plugin uses another plugin": ("yichuang_queue/planted.py", "import yichuang_seal", "independent"),
    "the host opens a window": ("yichuang/host/planted.py", "import PyQt6.QtWidgets", "no-qt"),
    "storage knows the host": ("yichuang/storage/planted.py", "import yichuang.host", "layers"),
    "the hall reads a database": ("yichuang/hall/planted.py", "import sqlalchemy", "pure"),
    "a rule reads a database": ("yichuang_acceptance/rules/planted.py", "import sqlalchemy", "pure-rules"),
}


def lint(folder: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [LINTER, "--config", ROOT / "pyproject.toml", "--no-cache"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def contracts():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


def test_the_contracts_are_kept():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_contracts_know_every_package():
    assert sorted(contracts()["root_packages"]) == sorted(package.name for package in PACKAGES)
    by_id = {contract["id"]: contract for contract in contracts()["contracts"]}
    assert sorted(by_id["api-only"]["source_modules"]) == PLUGINS
    assert sorted(by_id["independent"]["layers"][0].split(" | ")) == PLUGINS


def test_plugins_are_kept_out_of_every_layer_of_core():
    core = ROOT / "core" / "yichuang"
    packages = {path.parent.name for path in core.glob("*/__init__.py")} - {"api", "testing"}
    modules = {path.stem for path in core.glob("*.py")} - {"__init__", "__main__"}
    [contract] = [contract for contract in contracts()["contracts"] if contract["id"] == "api-only"]
    assert {name.removeprefix("yichuang.") for name in contract["forbidden_modules"]} >= packages | modules


@pytest.mark.parametrize("plant", PLANTS, ids=lambda name: name.replace(" ", "-"))
def test_a_planted_violation_is_noticed(plant, tmp_path):
    place, line, contract = PLANTS[plant]
    for package in PACKAGES:
        shutil.copytree(
            package, tmp_path / package.name, ignore=shutil.ignore_patterns("*.pyc", "fonts", "*.mo")
        )
    (tmp_path / place).write_text(f'"""Planted by a test."""\n\n{line}\n', encoding="utf-8")
    result = lint(tmp_path, tmp_path)
    [name] = [each["name"] for each in contracts()["contracts"] if each["id"] == contract]
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{name} BROKEN" in " ".join(result.stdout.split())
