"""The tree of sources as tests see it: distributions, packages and files."""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Distribution:
    """One of our distributions: its folder, its project file, its one package."""

    folder: Path

    @property
    def project(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    @property
    def package(self) -> Path:
        [package] = [path.parent for path in self.folder.glob("yichuang*/__init__.py")]
        return package

    @property
    def is_plugin(self) -> bool:
        return self.folder.parent.name == "plugins"

    def __str__(self) -> str:
        return self.folder.name


DISTRIBUTIONS = [Distribution(path.parent) for path in sorted(ROOT.glob("*/pyproject.toml"))]
DISTRIBUTIONS += [Distribution(path.parent) for path in sorted(ROOT.glob("plugins/*/pyproject.toml"))]
PLUGINS = [each for each in DISTRIBUTIONS if each.is_plugin]


def files(*endings: str) -> list[Path]:
    """Every file of the tree with one of the endings that is kept, or would be at the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    paths = [ROOT / name for name in listed.split("\0") if name.endswith(endings)]
    return [path for path in paths if path.is_file()]
