"""What must agree within a manifest: names with the id, what is pointed to with what is there. No plugin is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from yichuang.host.manifest import Command, Manifest, Window

L = words.lazy

API = "1"
"""The contract that this program offers to plugins."""
ACCEPTED = frozenset({API})
"""Contracts that plugins may have been written for."""
PROGRAM_WORDS = frozenset(
    "call demo desk doctor hall journal operations password plugins query screenshots".split()
)
"""Commands of the program itself: `yichuang <word>` is never a plugin's."""


def names_and_version(manifest: Manifest) -> list[LazyText]:
    """What is wrong with a manifest whatever lies beside it."""
    return [*_version(manifest), *_names(manifest)]


def what_it_points_to(manifest: Manifest) -> list[LazyText]:
    """What is declared twice, or not at all, or is not there; for a manifest without other problems."""
    return [*_pages(manifest), *_commands(manifest), *_repetitions(manifest)]


def _version(manifest: Manifest) -> list[LazyText]:
    if not manifest.api or manifest.api in ACCEPTED:
        return []
    known = ", ".join(sorted(ACCEPTED))
    return [
        L(
            "The plugin was written for version {found} of the plugin contract; this program offers {known}.",
            found=manifest.api,
            known=known,
        )
    ]


def _names(manifest: Manifest) -> list[LazyText]:
    """The id is the folder's name, and everything a plugin names begins with its id."""
    if not manifest.id:
        return []
    problems = []
    if manifest.folder.name != manifest.package:
        problems.append(
            L("The id {id} does not fit the folder {folder}.", id=manifest.id, folder=manifest.folder.name)
        )
    names = [
        *manifest.public,
        *(page.id for page in manifest.pages),
        *(page.badge for page in manifest.pages if page.badge),
        *(name for each in manifest.permissions for name in (each.id, *each.operations)),
        *(setting.key for setting in manifest.settings),
    ]
    prefix = f"{manifest.id}."
    strangers = [name for name in dict.fromkeys(names) if name and not name.startswith(prefix)]
    problems.extend(L("{name} must begin with {prefix}.", name=name, prefix=prefix) for name in strangers)
    return problems


def _pages(manifest: Manifest) -> list[LazyText]:
    """What a page points to must be there: its permission, its badge and the file of its factory."""
    problems = []
    permissions = {each.id for each in manifest.permissions}
    for page in manifest.pages:
        if page.permission and page.permission not in permissions:
            problems.append(
                L("Page {page} asks for {name}, which is not declared.", page=page.id, name=page.permission)
            )
        if page.badge and page.badge not in manifest.operations:
            problems.append(
                L("Page {page} asks for {name}, which is not declared.", page=page.id, name=page.badge)
            )
        if not _there(manifest, page.factory):
            module = page.factory.partition(":")[0]
            problems.append(L("Page {page}: there is no module {module}.", page=page.id, module=module))
    return problems


def _commands(manifest: Manifest) -> list[LazyText]:
    """What a command or a window points to must be there, and `yichuang <plugin>` must lead to it."""
    problems = []
    permissions = {each.id for each in manifest.permissions}
    pages = {page.id for page in manifest.pages}
    declared: list[Command | Window] = [*manifest.commands, *manifest.windows]
    for each in declared:
        if not _there(manifest, each.factory):
            module = each.factory.partition(":")[0]
            problems.append(L("Command {name}: there is no module {module}.", name=each.name, module=module))
    for window in manifest.windows:
        if window.permission and window.permission not in permissions:
            problems.append(
                L("Window {name} asks for {permission}, which is not declared.",
                  name=window.name, permission=window.permission)
            )  # fmt: skip
        if (
            manifest.window_id(window) in pages
        ):  # both keep their view state and their picture under this name
            problems.append(L("Window {name} has the name of a page.", name=window.name))
    if (manifest.commands or manifest.windows) and manifest.id in PROGRAM_WORDS:
        problems.append(L("{id} is a command of the program itself.", id=manifest.id))
    return problems


def _there(manifest: Manifest, factory: str) -> bool:
    """Whether the module of a factory is a file of the plugin."""
    package, *rest = factory.partition(":")[0].split(".")
    base = manifest.folder.joinpath(*rest)
    there = base.with_suffix(".py").is_file() if rest else False
    return package == manifest.package and (there or (base / "__init__.py").is_file())


def _repetitions(manifest: Manifest) -> list[LazyText]:
    problems: list[LazyText] = []
    for names in (
        [page.id for page in manifest.pages],
        [*(each.name for each in manifest.commands), *(each.name for each in manifest.windows)],
        [each.id for each in manifest.permissions],
        [setting.key for setting in manifest.settings],
        [*manifest.public, *(name for each in manifest.permissions for name in each.operations)],
    ):
        repeated = dict.fromkeys(name for name in names if names.count(name) > 1)
        problems.extend(L("{name} is declared twice.", name=name) for name in repeated)
    if manifest.id in manifest.requires:
        problems.append(L("The plugin requires itself."))
    return problems
