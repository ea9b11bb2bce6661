"""What the desk was started with: the flags of `yichuang desk`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yichuang.hall.words import LANGUAGES

if TYPE_CHECKING:
    import argparse


@dataclass(frozen=True)
class Options:
    """Flags of one start.

    Attributes:
        only: Ids of the only plugins to start, None for all.
        account: Sign in as this account, with the password from the keyring.
        page: Page to open first.
        marks: File for the moments of the start, for the benchmark; "-" writes to standard output and quits when ready.
    """

    data_dir: Path | None = None
    database: str | None = None
    theme: str = ""
    language: str = ""
    safe_mode: bool = False
    only: tuple[str, ...] | None = None
    plugin_dirs: tuple[Path, ...] = ()
    account: str = ""
    page: str = ""
    new_instance: bool = False
    marks: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags, for this module's own parser and for `yichuang desk`."""
    parser.add_argument("--data-dir", type=Path, help="folder of this desk")
    parser.add_argument("--database", help="address of the hall's database")
    parser.add_argument("--theme", choices=("light", "dark"), help="light or dark, for this start")
    parser.add_argument("--language", choices=LANGUAGES, help="language of the screens")
    parser.add_argument("--safe-mode", action="store_true", help="start no plugin (also: hold Shift)")
    parser.add_argument("--only-plugins", metavar="IDS", help="start only these, separated by commas")
    parser.add_argument(
        "--plugin-dir", type=Path, action="append", default=[], help="another folder with plugins"
    )
    parser.add_argument("--as", dest="account", default="", help="sign in with the password from the keyring")
    parser.add_argument("--page", default="", help="page to open first")
    parser.add_argument("--new-instance", action="store_true", help="do not hand over to a running desk")
    parser.add_argument("--marks", default="", help="write the moments of the start to this file and end")


def from_namespace(parsed: argparse.Namespace) -> Options:
    """Options of what a parser with `add_arguments` has read."""
    only = None
    if parsed.only_plugins is not None:
        only = tuple(name.strip() for name in parsed.only_plugins.split(",") if name.strip())
    return Options(
        data_dir=parsed.data_dir,
        database=parsed.database,
        theme=parsed.theme or "",
        language=parsed.language or "",
        safe_mode=parsed.safe_mode,
        only=only,
        plugin_dirs=tuple(parsed.plugin_dir),
        account=parsed.account,
        page=parsed.page,
        new_instance=parsed.new_instance,
        marks=parsed.marks,
    )


def parse_options(arguments: Sequence[str]) -> Options:
    """Read the flags of a start. Most starts have none, and are spared the parser."""
    if not arguments:
        return Options()
    import argparse

    parser = argparse.ArgumentParser(prog="yichuang desk", description="The desk window.")
    add_arguments(parser)
    return from_namespace(parser.parse_args(list(arguments)))
