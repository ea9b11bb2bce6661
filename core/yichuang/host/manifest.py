"""What a plugin is: its manifest.toml, read and checked without importing the plugin.

Runs before the first paint, so it uses the standard library alone. A wrong manifest is a list of sentences
for the plugins page, never an exception.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from yichuang.hall.words import LazyText, Words, current_language
from yichuang.hall.words import core as words
from yichuang.host.manifest_checks import names_and_version, what_it_points_to
from yichuang.host.taker import Taker

L = words.lazy

PREFIX = "yichuang_"
FILE_NAME = "manifest.toml"
LARGEST = 256 * 1024

WINDOW_OPTIONS = frozenset(
    "as data_dir database desk help json language only_plugins plugin_dir safe_mode screen theme windowed".split()
)
"""Options that every window's process has; a window declares others."""
LARGEST_SIZE = 16384

Value: TypeAlias = bool | int | float | str
_TYPES: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "text": (str,),
    "area": (str,),
    "choice": (str,),
}
_GROUPS = ("business", "department")
_ID = re.compile(r"[a-z][a-z0-9_]{0,30}")
_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_VERSION = re.compile(r"\d+(\.\d+){1,3}([a-z0-9.+-]*)")
_SCHEMA = re.compile(r"\d{4}|")
_ICON = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FACTORY = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page in the navigation.

    Attributes:
        factory: `package.module:function`, imported when the page is first opened.
        permission: Who sees the page; empty for everybody who has signed in.
        badge: Query that returns the number beside the title; may be empty.
        keys: (key, title) of acts that the page claims for everywhere; pressed before it is open, the key opens it.
    """

    id: str
    title: str
    factory: str
    icon: str
    permission: str = ""
    badge: str = ""
    shortcut: str = ""
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that roles can hold and that an administrator can refuse to the plugin as a whole."""

    id: str
    title: str
    operations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the hall; `type` is bool, int, float, text or choice."""

    key: str
    type: str
    default: Value
    title: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """A kind of device the plugin works with, such as ticket_printer."""

    kind: str


@dataclass(frozen=True, slots=True)
class Command:
    """Something to run without a window, as `yichuang <plugin> <name>`.

    Attributes:
        factory: `package.module:function`, imported when the command is run.
        needs_hall: The hall is opened before it runs; otherwise when it first asks something.
    """

    name: str
    title: str
    factory: str
    needs_hall: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """What may be given to a window: `zone` is `--zone VALUE`, and the title says what it means."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Window:
    """A window that runs as a process of its own, as `yichuang <plugin> <name>`.

    Attributes:
        factory: `package.module:function`, called with a `PageContext`, returns the widget.
        permission: Who may open it; empty for a public screen, where nobody need have signed in.
        size: Width and height where it does not fill the screen; None leaves it to the widget.
        offline: It has work while the hall is away: a start does not wait for the hall.
        options: What may be given on the command line.
    """

    name: str
    title: str
    factory: str
    permission: str = ""
    fullscreen: bool = False
    size: tuple[int, int] | None = None
    offline: bool = False
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """A plugin as its manifest describes it.

    Attributes:
        order: Place in the navigation and in hook calls, smallest first.
        schema: Newest revision of its own tables, empty where it has none.
        requires: Ids of plugins that must run before this one.
        public: Operations and queries that need no sign-in.
        folder: The plugin's package folder.
    """

    id: str
    name: str
    version: str
    api: str
    publisher: str
    order: int
    group: str
    schema: str
    icon: str
    folder: Path
    requires: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    permissions: tuple[Permission, ...] = ()
    settings: tuple[Setting, ...] = ()
    devices: tuple[Device, ...] = ()
    commands: tuple[Command, ...] = ()
    windows: tuple[Window, ...] = ()

    @property
    def package(self) -> str:
        """The import package."""
        return PREFIX + self.id

    @property
    def operations(self) -> frozenset[str]:
        """Every operation and query the plugin says it registers."""
        return frozenset(self.public).union(*(p.operations for p in self.permissions))

    def window_id(self, window: Window) -> str:
        """What a window is called where pages are called by their ids."""
        return f"{self.id}.{window.name}"

    @cached_property
    def words(self) -> Words:
        """The plugin's own catalogues."""
        return Words(self.package, self.folder / "locales")

    def text(self, msgid: str, language: str | None = None) -> str:
        """A msgid of the plugin in a language, by default the current one."""
        return self.words.translate(msgid, language or current_language())

    def title(self, language: str | None = None) -> str:
        """The plugin's name in a language, by default the current one."""
        return self.text(self.name, language)


Problems: TypeAlias = tuple[LazyText, ...]


def read_manifest(folder: Path) -> tuple[Manifest | None, Problems]:
    """Read the manifest of a package folder.

    Returns:
        The manifest and no problems, or None and everything that is wrong with it.
    """
    try:
        with (folder / FILE_NAME).open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            return None, (L("The manifest is larger than {limit} bytes.", limit=LARGEST),)
        table = tomllib.loads(raw.decode())
    except OSError as error:
        return None, (L("The manifest cannot be read: {why}.", why=error.strerror or str(error)),)
    except UnicodeDecodeError:
        return None, (L("The manifest is not UTF-8 text."),)
    except tomllib.TOMLDecodeError as error:
        return None, (L("The manifest is not valid TOML: {why}.", why=str(error)),)
    return parse_manifest(table, folder)


def parse_manifest(table: Mapping[str, Any], folder: Path) -> tuple[Manifest | None, Problems]:
    """Check a manifest that has been read; see `read_manifest`."""
    taker = Taker(table, "")
    manifest = Manifest(
        id=taker.text("id", _ID),
        name=taker.text("name"),
        version=taker.text("version", _VERSION),
        api=taker.text("api"),
        publisher=taker.text("publisher"),
        order=taker.whole("order", 100),
        group=taker.choice("group", _GROUPS),
        schema=taker.text("schema", _SCHEMA, default=""),
        icon=taker.text("icon", _ICON, default="puzzle"),
        folder=folder,
        requires=taker.texts("requires", _ID),
        public=taker.texts("public", _NAME),
        pages=taker.rows("pages", _page),
        permissions=taker.rows("permissions", _permission),
        settings=taker.rows("settings", _setting),
        devices=taker.rows("devices", _device),
        commands=taker.rows("commands", _command),
        windows=taker.rows("windows", _window),
    )
    taker.finish()
    problems = [*taker.problems, *names_and_version(manifest)]
    if not problems:
        problems = what_it_points_to(manifest)
    return (None, tuple(problems)) if problems else (manifest, ())


def _page(taker: Taker) -> Page:
    return Page(
        id=taker.text("id", _NAME),
        title=taker.text("title"),
        factory=taker.text("factory", _FACTORY),
        icon=taker.text("icon", _ICON),
        permission=taker.text("permission", _NAME, default=""),
        badge=taker.text("badge", _NAME, default=""),
        shortcut=taker.text("shortcut", default=""),
        keys=_keys(taker),
    )


def _keys(taker: Taker) -> tuple[tuple[str, str], ...]:
    """`keys = { F2 = "Call next" }`."""
    keys = taker.take("keys", dict, {})
    for key, title in keys.items():
        if not isinstance(title, str) or not title.strip():
            taker.problems.append(L("{key} has a value of the wrong type.", key=taker.at(f"keys.{key}")))
    return tuple((key, str(title)) for key, title in keys.items())


def _permission(taker: Taker) -> Permission:
    return Permission(taker.text("id", _NAME), taker.text("title"), taker.texts("operations", _NAME))


def _setting(taker: Taker) -> Setting:
    kind = taker.choice("type", tuple(_TYPES))
    default = taker.take("default", (bool, int, float, str), None)
    choices = taker.texts("choices")
    right_type = isinstance(default, _TYPES.get(kind, (object,))) and (
        not isinstance(default, bool) or kind == "bool"
    )
    if default is not None and kind in _TYPES and not right_type:
        taker.problems.append(L("{key} has a value of the wrong type.", key=f"{taker.where}default"))
    elif kind == "choice" and default not in choices:
        taker.problems.append(L("{key} is not one of the choices.", key=f"{taker.where}default"))
    return Setting(taker.text("key", _NAME), kind, default, taker.text("title"), choices)


def _device(taker: Taker) -> Device:
    return Device(taker.text("kind", _ID))


def _command(taker: Taker) -> Command:
    return Command(
        name=taker.text("name", _ID),
        title=taker.text("title"),
        factory=taker.text("factory", _FACTORY),
        needs_hall=taker.flag("needs_hall", True),
    )


def _window(taker: Taker) -> Window:
    return Window(
        name=taker.text("name", _ID),
        title=taker.text("title"),
        factory=taker.text("factory", _FACTORY),
        permission=taker.text("permission", _NAME, default=""),
        fullscreen=taker.flag("fullscreen", False),
        size=_size(taker),
        offline=taker.flag("offline", False),
        options=_options(taker),
    )


def _size(taker: Taker) -> tuple[int, int] | None:
    size = taker.take("size", list, [])
    if not size:
        return None
    if len(size) != 2 or not all(type(each) is int and 0 < each <= LARGEST_SIZE for each in size):
        taker.problems.append(L("{key} may not be {value}.", key=taker.at("size"), value=repr(size)))
        return None
    return size[0], size[1]


def _options(taker: Taker) -> tuple[Option, ...]:
    options = taker.take("options", dict, {})
    for name, title in options.items():
        key = taker.at(f"options.{name}")
        if name in WINDOW_OPTIONS:
            taker.problems.append(L("{key} is an option of every window.", key=key))
        elif not _ID.fullmatch(name):
            taker.problems.append(L("{key} may not be {value}.", key=taker.at("options"), value=repr(name)))
        elif not isinstance(title, str) or not title.strip():
            taker.problems.append(L("{key} has a value of the wrong type.", key=key))
    return tuple(Option(name, str(title)) for name, title in options.items())
