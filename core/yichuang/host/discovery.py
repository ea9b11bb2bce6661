"""Where the plugins are: a look into folders, without importing anything and without package metadata."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from yichuang.hall.words import core as words
from yichuang.host.manifest import FILE_NAME, PREFIX, Manifest, Problems, read_manifest

L = words.lazy


@dataclass(frozen=True)
class Found:
    """A plugin folder that was found.

    Attributes:
        folder: The package folder, `yichuang_<id>`.
        manifest: What it says it is; None where the manifest is wrong.
        problems: Why the plugin cannot be used; empty where it can.
    """

    folder: Path
    manifest: Manifest | None
    problems: Problems = ()

    @property
    def id(self) -> str:
        """The plugin id, by the folder's name."""
        return self.folder.name.removeprefix(PREFIX)


def discover(extra: Iterable[Path] = (), path: Iterable[str] | None = None) -> list[Found]:
    """Find all plugins and read their manifests.

    Folders that Python imports from come first, in its own order; then each extra folder D, as `D/yichuang_*`
    or `D/*/yichuang_*`. Of two plugins with one name the first counts, as for Python; the other is reported.

    Args:
        extra: Folders that hold plugins Python does not know about.
        path: Import path, by default `sys.path`.

    Returns:
        Usable plugins in manifest order, then the others by id.
    """
    places = [Path(entry or ".") for entry in (sys.path if path is None else path)]
    seen: dict[str, Found] = {}
    doubles: list[Found] = []
    visited: set[str] = set()
    for folder in (*_plugins_in(places), *_plugins_below(extra)):
        real = os.path.realpath(folder)
        if real in visited:
            continue
        visited.add(real)
        found = Found(folder, *read_manifest(folder))
        first = seen.setdefault(found.id, found)
        if first is not found:
            problem = L(
                "The plugin is there twice; {folder} is the one that is used.", folder=str(first.folder)
            )
            doubles.append(replace(found, manifest=None, problems=(problem,)))
    return sorted([*seen.values(), *doubles], key=_place)


def _place(found: Found) -> tuple[int, int, str]:
    if found.manifest is None:
        return 1, 0, found.id
    return 0, found.manifest.order, found.id


def _plugins_in(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        for name in _names(place):
            if name.startswith(PREFIX) and (place / name / FILE_NAME).is_file():
                yield place / name


def _plugins_below(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        yield from _plugins_in([place])
        yield from _plugins_in(place / name for name in _names(place) if not name.startswith((PREFIX, ".")))


def _names(place: Path) -> list[str]:
    try:
        return sorted(os.listdir(place))
    except OSError:  # an entry of the import path may be an archive, or be gone
        return []
