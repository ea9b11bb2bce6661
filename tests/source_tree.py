"""The tree of sources as tests see it: distributions, packages and files."""

from __future__ import annotations

import os
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


# Made, not kept; the same as in .gitignore.
MADE = {"__pycache__", "build", "dist", "fonts", "node_modules"}


def files(*endings: str) -> list[Path]:
    """Every file of the tree with one of the endings, without what is made (environments, caches, fonts)."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(
            name for name in folders if name not in MADE and (not name.startswith(".") or name == ".ci")
        )
        found += [Path(folder, name) for name in sorted(names)]
    return [path for path in found if path.as_posix().endswith(endings)]
