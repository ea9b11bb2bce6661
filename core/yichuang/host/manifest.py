"""What a plugin is: its manifest.toml, read and checked without importing the plugin.

Runs before the first paint, so it uses the standard library alone. A wrong manifest is a list of sentences
for the plugins page, never an exception.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from yichuang.hall.words import LazyText, Words, current_language
from yichuang.hall.words import core as words

L = words.lazy

API = "1"
"""The contract that this program offers to plugins."""
ACCEPTED = frozenset({API})
"""Contracts that plugins may have been written for."""
PREFIX = "yichuang_"
FILE_NAME = "manifest.toml"
LARGEST = 256 * 1024

Value: TypeAlias = bool | int | float | str
_TYPES: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "text": (str,),
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
    """

    id: str
    title: str
    factory: str
    icon: str
    permission: str = ""
    badge: str = ""
    shortcut: str = ""


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

    @property
    def package(self) -> str:
        """The import package."""
        return PREFIX + self.id

    @property
    def operations(self) -> frozenset[str]:
        """Every operation and query the plugin says it registers."""
        return frozenset(self.public).union(*(p.operations for p in self.permissions))

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
    taker = _Taker(table, "")
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
    )
    taker.finish()
    problems = [*taker.problems, *_version_problems(manifest), *_name_problems(manifest)]
    if not problems:
        problems = [*_page_problems(manifest), *_repetitions(manifest)]
    return (None, tuple(problems)) if problems else (manifest, ())


@dataclass
class _Taker:
    """Takes the values out of one table and notes every problem on the way."""

    table: Mapping[str, Any]
    where: str
    problems: list[LazyText] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def _take(self, key: str, kind: type | tuple[type, ...], default: Any) -> Any:
        self.taken.add(key)
        value = self.table.get(key)
        if value is None:
            if default is None:
                self.problems.append(L("{key} is missing.", key=self._at(key)))
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            self.problems.append(L("{key} has a value of the wrong type.", key=self._at(key)))
            return default
        return value

    def _at(self, key: str) -> str:
        return f"{self.where}{key}"

    def text(self, key: str, pattern: re.Pattern[str] | None = None, default: str | None = None) -> str:
        """A text of a form; without a default it must be there and not be empty."""
        value = self._take(key, str, default)
        if value is None:
            return ""
        if default is None and not value.strip():
            self.problems.append(L("{key} is empty.", key=self._at(key)))
        elif pattern and value != default and not pattern.fullmatch(value):
            self.problems.append(L("{key} may not be {value}.", key=self._at(key), value=repr(value)))
        return str(value)

    def whole(self, key: str, default: int) -> int:
        """A whole number."""
        return int(self._take(key, int, default))

    def choice(self, key: str, choices: Collection[str]) -> str:
        """One of a few words."""
        value = self.text(key)
        if value and value not in choices:
            known = ", ".join(choices)
            self.problems.append(
                L(
                    "{key} is {value}, expected one of: {known}.",
                    key=self._at(key),
                    value=repr(value),
                    known=known,
                )
            )
        return value

    def texts(self, key: str, pattern: re.Pattern[str] | None = None) -> tuple[str, ...]:
        """A list of texts, empty by default."""
        values = self._take(key, list, [])
        for value in values:
            if not isinstance(value, str) or (pattern and not pattern.fullmatch(value)):
                self.problems.append(L("{key} may not be {value}.", key=self._at(key), value=repr(value)))
        return tuple(value for value in values if isinstance(value, str))

    def rows(self, key: str, make: Callable[[_Taker], Any]) -> tuple[Any, ...]:
        """An array of tables, each made into a value."""
        made = []
        for number, table in enumerate(self._take(key, list, []), 1):
            where = f"{self._at(key)}[{number}]"
            if not isinstance(table, dict):
                self.problems.append(L("{key} has a value of the wrong type.", key=where))
                continue
            taker = _Taker(table, f"{where}.", self.problems)
            made.append(make(taker))
            taker.finish()
        return tuple(made)

    def finish(self) -> None:
        """Note every key that nobody asked for: most often a misspelling."""
        for key in self.table:
            if key not in self.taken:
                self.problems.append(L("{key} is not known.", key=self._at(key)))


def _page(taker: _Taker) -> Page:
    return Page(
        id=taker.text("id", _NAME),
        title=taker.text("title"),
        factory=taker.text("factory", _FACTORY),
        icon=taker.text("icon", _ICON),
        permission=taker.text("permission", _NAME, default=""),
        badge=taker.text("badge", _NAME, default=""),
        shortcut=taker.text("shortcut", default=""),
    )


def _permission(taker: _Taker) -> Permission:
    return Permission(taker.text("id", _NAME), taker.text("title"), taker.texts("operations", _NAME))


def _setting(taker: _Taker) -> Setting:
    kind = taker.choice("type", tuple(_TYPES))
    default = taker._take("default", (bool, int, float, str), None)
    choices = taker.texts("choices")
    right_type = isinstance(default, _TYPES.get(kind, (object,))) and (
        not isinstance(default, bool) or kind == "bool"
    )
    if default is not None and kind in _TYPES and not right_type:
        taker.problems.append(L("{key} has a value of the wrong type.", key=f"{taker.where}default"))
    elif kind == "choice" and default not in choices:
        taker.problems.append(L("{key} is not one of the choices.", key=f"{taker.where}default"))
    return Setting(taker.text("key", _NAME), kind, default, taker.text("title"), choices)


def _device(taker: _Taker) -> Device:
    return Device(taker.text("kind", _ID))


def _version_problems(manifest: Manifest) -> list[LazyText]:
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


def _name_problems(manifest: Manifest) -> list[LazyText]:
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


def _page_problems(manifest: Manifest) -> list[LazyText]:
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
        module, _, _ = page.factory.partition(":")
        package, *rest = module.split(".")
        base = manifest.folder.joinpath(*rest)
        there = base.with_suffix(".py").is_file() if rest else False
        if package != manifest.package or not (there or (base / "__init__.py").is_file()):
            problems.append(L("Page {page}: there is no module {module}.", page=page.id, module=module))
    return problems


def _repetitions(manifest: Manifest) -> list[LazyText]:
    problems: list[LazyText] = []
    for names in (
        [page.id for page in manifest.pages],
        [each.id for each in manifest.permissions],
        [setting.key for setting in manifest.settings],
        [*manifest.public, *(name for each in manifest.permissions for name in each.operations)],
    ):
        repeated = dict.fromkeys(name for name in names if names.count(name) > 1)
        problems.extend(L("{name} is declared twice.", name=name) for name in repeated)
    if manifest.id in manifest.requires:
        problems.append(L("The plugin requires itself."))
    return problems
