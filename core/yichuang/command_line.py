"""What the commands of the command line share: their options, the hall they open, who acts; and the words of plugins."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yichuang.hall.words import LANGUAGES
from yichuang.hall.words import core as words
from yichuang.host.commands import manifest_of, read_words

if TYPE_CHECKING:
    from yichuang.host.discovery import Found
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor

_ = words.text
SIGN_IN = "yichuang/sign-in"  # keyring service of remembered passwords


def common_options() -> argparse.ArgumentParser:
    """What every command may be given."""
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    common.add_argument("--json", action="store_true", help=_("answer in JSON"))
    common.add_argument("--database", metavar="URL", help=_("the hall's database"))
    common.add_argument("--data-dir", type=Path, metavar="DIR", help=_("the desk's own folder"))
    common.add_argument(
        "--plugin-dir", type=Path, action="append", default=[], metavar="DIR", help=_("more plugins")
    )
    common.add_argument("--safe-mode", action="store_true", help=_("start no plugin"))
    common.add_argument("--language", choices=LANGUAGES, help=_("language of screens and messages"))
    return common


def signing_options() -> argparse.ArgumentParser:
    """The same, with who acts and where."""
    signing = argparse.ArgumentParser(add_help=False, parents=[common_options()], allow_abbrev=False)
    signing.add_argument("--as", dest="account", metavar="USER", help=_("sign in as"))
    signing.add_argument("--desk", help=_("at this desk"))
    return signing


@contextmanager
def open_suite(options: argparse.Namespace, **more: Any) -> Iterator[Suite]:
    """The suite of this desk, with its keyring."""
    from yichuang.host.places import default_data_dir
    from yichuang.host.suite import Suite
    from yichuang.identity.secrets import open_secrets

    folder = options.data_dir or default_data_dir()
    with Suite.open(
        options.database, folder, plugin_dirs=options.plugin_dir, safe_mode=options.safe_mode,
        secrets=more.pop("secrets", None) or open_secrets(folder), **more,
    ) as suite:  # fmt: skip
        yield suite


def actor_of(suite: Suite, options: argparse.Namespace) -> Actor:
    """Whoever --as names, by the remembered or typed password; nobody without it."""
    from yichuang.identity.actor import Actor

    if not options.account:
        return Actor.nobody()
    password = suite.executor.secrets.get(SIGN_IN, options.account)
    if password is None:
        password = getpass.getpass(_("Password of {account}: ", account=options.account))
    return suite.sign_in(options.account, password, getattr(options, "desk", None))


def find_plugins(options: argparse.Namespace) -> list[Found]:
    """Every plugin that a command line can reach, by their manifests."""
    from yichuang.host.discovery import discover
    from yichuang.host.places import default_data_dir

    return discover([*options.plugin_dir, (options.data_dir or default_data_dir()) / "plugins"])


def parse_plugin(found: Found, given: list[str]) -> argparse.Namespace:
    """Read what stands behind a plugin's id; ends the process for help and wrong usage.

    Raises:
        UserError: PLUGIN_REJECTED.
    """
    manifest = manifest_of(found)
    shared = signing_options()
    window = argparse.ArgumentParser(add_help=False, parents=[shared])
    window.add_argument("--theme", choices=["light", "dark"])
    window.add_argument("--only-plugins", metavar="IDS", help=_("start only these, separated by commas"))
    window.add_argument("--screen", type=int, metavar="N", help=_("on this screen, the first is 1"))
    window.add_argument("--windowed", action="store_true", help=_("do not fill the screen"))
    options = read_words(manifest, given, shared, window)
    options.manifest = manifest
    options.usage = " ".join(shared.format_usage().split()[2:])
    options.run = _plugin_window if hasattr(options, "args") else _plugin_command
    return options


def _plugin_command(options: argparse.Namespace) -> int:
    from yichuang.host.command_run import CommandRun, Desk
    from yichuang.host.places import default_data_dir

    folder = options.data_dir or default_data_dir()

    def devices() -> Any:
        from yichuang.shell.preferences import Preferences

        return Preferences(folder).get("devices")

    desk = Desk(
        folder, lambda: open_suite(options), lambda suite: actor_of(suite, options), devices,
        options.safe_mode, options.json, options.usage,
    )  # fmt: skip
    return CommandRun(options.manifest, options.word, options.arguments, desk).execute()


def _plugin_window(options: argparse.Namespace) -> int:
    from yichuang.shell.own_window import run_window

    return run_window(options)
