"""Commands and windows that plugins bring, as words of the command line. They are listed without importing a plugin."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from yichuang.host.discovery import Found
    from yichuang.host.manifest import Command, Manifest, Window

L = words.lazy
_ = words.text
HELP = frozenset({"-h", "--help"})


def overview(found: Iterable[Found]) -> str:
    """The lines of `yichuang --help` about plugins; empty where none brings a command."""
    rows = [
        (f"{each.id} {word.name}", each.manifest.text(word.title))
        for each in found
        if each.manifest is not None
        for word in words_of(each.manifest)
    ]
    if not rows:
        return ""
    width = max(len(name) for name, _title in rows)
    return "\n".join([_("commands of plugins:"), *(f"  {name:<{width}}  {title}" for name, title in rows)])


def words_of(manifest: Manifest) -> list[Command | Window]:
    """The commands and windows of a plugin, by name."""
    return sorted((*manifest.commands, *manifest.windows), key=lambda word: word.name)


def manifest_of(found: Found) -> Manifest:
    """The manifest of a plugin that is named on the command line.

    Raises:
        UserError: PLUGIN_REJECTED.
    """
    if found.manifest is None:
        problems = " ".join(str(problem) for problem in found.problems)
        raise UserError(
            "PLUGIN_REJECTED",
            L("The plugin {id} cannot be used. {problems}", id=found.id, problems=problems),
            do=L("Install it again, or another version of it."),
        )
    return found.manifest


def read_words(
    manifest: Manifest,
    given: list[str],
    command_options: argparse.ArgumentParser,
    window_options: argparse.ArgumentParser,
) -> argparse.Namespace:
    """Read what stands behind a plugin's id on the command line; ends the process for help and wrong usage.

    Args:
        manifest: The plugin's.
        given: A name and its arguments.
        command_options: What every command may be given.
        window_options: What every window may be given.

    Returns:
        The options, `word` (`Command` or `Window`) and, of a command, `arguments`: all that is its own; of a window,
        `args`: its own options that were given.
    """
    for command in manifest.commands:
        if given and given[0] == command.name:
            options, rest = command_options.parse_known_args(given[1:])
            options.word, options.arguments = command, rest
            return options
    options = _grammar(manifest, command_options, window_options).parse_args(given)
    own = {option.name: getattr(options, f"own_{option.name}") for option in options.word.options}
    options.args = {name: value for name, value in own.items() if value is not None}
    if options.desk:
        options.args["desk"] = options.desk
    return options


def _grammar(
    manifest: Manifest, command_options: argparse.ArgumentParser, window_options: argparse.ArgumentParser
) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog=f"yichuang {manifest.id}", description=manifest.title())
    names = top.add_subparsers(required=True, metavar="COMMAND")
    for word in words_of(manifest):
        title = manifest.text(word.title).replace(
            "%", "%%"
        )  # argparse fills in what stands behind a percent sign
        if word in manifest.commands:
            names.add_parser(word.name, help=title, parents=[command_options])
            continue
        made = names.add_parser(
            word.name, help=title, description=title, parents=[window_options], allow_abbrev=False
        )
        made.set_defaults(word=word)
        for option in getattr(word, "options", ()):
            flag = "--" + option.name.replace("_", "-")
            text = manifest.text(option.title).replace("%", "%%")
            made.add_argument(flag, dest=f"own_{option.name}", metavar="VALUE", help=text)
    if not words_of(manifest):
        top.error(_("The plugin {name} has no commands.", name=manifest.id))
    return top


def load_word(manifest: Manifest, factory: str) -> Callable[..., Any]:
    """Import the function of a command or window; may raise whatever the plugin raises."""
    place = str(manifest.folder.parent)
    if place not in sys.path:
        sys.path.append(place)
    module, _separator, name = factory.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found
