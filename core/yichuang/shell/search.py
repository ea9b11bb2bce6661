"""What the palette offers: commands and items from an index in memory, cases and people from the plugins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from yichuang.hall.pinyin import PinyinForm, SearchEntry, SearchIndex
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from yichuang.api.hooks import SearchHit
    from yichuang.host.suite import Suite
    from yichuang.operations.matters import Matter

L = words.lazy

PREFIXES = {">": "command", "@": "applicant", "#": "case"}
GROUPS: dict[str, LazyText] = {
    "command": L("Commands"),
    "item": L("Items"),
    "case": L("Cases"),
    "applicant": L("Applicants"),
    "licence": L("Licences"),
    "ticket": L("Tickets"),
    "seal": L("Seals"),
}
"""Groups in the order they are shown; hits of another group come under cases."""
SCOPES = ("", "command", "item", "case")
"""What Tab goes through: everything, then one group at a time."""
GROUP_LIMIT = {"command": 4, "item": 4}
OTHER_LIMIT = 3
ALONE_LIMIT = 40
"""How many rows a group gets beside others, and alone."""
KIND_TAGS = {"instant": (L("Immediate item"), "green"), "committed": (L("Committed item"), "grey")}


@dataclass(frozen=True)
class PaletteHit:
    """One row of the palette.

    Attributes:
        spans: Half-open ranges of the title to show highlighted.
        tag: (text, tone) behind the title.
        detail: Grey text behind the title.
        aside: Grey text at the right.
        icon: Lucide name, or `light:<state>` for a status light.
        act: What Enter does.
        second: What Ctrl+Enter does, if anything.
        tier: How well it fits, 0 best, as the index says.
    """

    group: str
    title: str
    act: Callable[[], None] = field(compare=False)
    spans: tuple[tuple[int, int], ...] = ()
    tag: tuple[str, str] | None = None
    detail: str = ""
    aside: str = ""
    icon: str = "list"
    key: str = ""
    second: Callable[[], None] | None = field(default=None, compare=False)
    tier: int = 0


@dataclass(frozen=True)
class Command:
    """Something the shell or a page can do at once."""

    id: str
    title: str
    icon: str
    act: Callable[[], None] = field(compare=False)
    key: str = ""
    detail: str = ""


@dataclass(frozen=True)
class CatalogueItem:
    """A service item as the index keeps it."""

    code: str
    name: str
    agency: str
    kind: str
    basic_code: str


@dataclass(frozen=True)
class Catalogue:
    """The item index, built once on a worker."""

    items: dict[str, CatalogueItem]
    index: SearchIndex
    matters: tuple[Matter, ...] = ()

    def matter_of(self, code: str) -> Matter | None:
        """The matter at once that an item belongs to, if any."""
        return next((m for m in self.matters if any(step.item == code for step in m.steps)), None)


def parse(text: str, scope: str = "") -> tuple[str, str]:
    """The group that is asked for ("" for all) and the words, of what was typed."""
    stripped = text.strip()
    if stripped[:1] in PREFIXES:
        return PREFIXES[stripped[0]], stripped[1:].strip()
    return scope, stripped


def load_catalogue(suite: Suite, actor: Any) -> Catalogue:
    """Read the whole catalogue page by page and index it. On a worker."""
    entries: list[SearchEntry] = []
    items: dict[str, CatalogueItem] = {}
    after = ""
    while rows := suite.query(actor, "hall.items", {"after": after, "limit": 2000}):
        for row in rows:
            # Positions 22 to 33 of an implementation code are the national basic code, the one people know.
            basic = row.code[-12:] if len(row.code) >= 12 else row.code
            items[row.code] = CatalogueItem(row.code, row.name, row.agency_name, row.kind, basic)
            entries.append(
                SearchEntry(
                    row.code, row.name, basic, row.agency_name, row.initials, row.pinyin, tuple(row.aliases)
                )
            )
        after = rows[-1].code
    return Catalogue(items, SearchIndex(entries), tuple(suite.query(actor, "hall.matters")))


def index_commands(commands: Iterable[Command], forms: Mapping[str, PinyinForm]) -> SearchIndex:
    """An index over commands, with the pinyin of their titles."""
    nothing = PinyinForm("", "")
    made = ((command, forms.get(command.title, nothing)) for command in commands)
    return SearchIndex(
        SearchEntry(c.id, c.title, initials=form.initials, pinyin=form.pinyin) for c, form in made
    )


class Finder:
    """Answers a keystroke from memory.

    Attributes:
        commands: By id; those of the page in front included.
        open_item: Starts a new case of an item, with the title of the page that does so; None where no plugin can.
        show_item: Shows an item's guide.
    """

    def __init__(self) -> None:
        self.commands: dict[str, Command] = {}
        self.catalogue: Catalogue | None = None
        self.open_item: tuple[str, str, Callable[[str], None]] | None = None
        self.show_item: Callable[[str], None] | None = None
        self._command_index: SearchIndex | None = None

    def set_commands(self, commands: Sequence[Command], index: SearchIndex | None) -> None:
        """Other commands; without an index they are found by their characters only."""
        self.commands = {command.id: command for command in commands}
        self._command_index = index

    def find(self, text: str, scope: str = "") -> list[PaletteHit]:
        """What the memory knows, grouped and in order; among the commands whatever fits the words better comes first."""
        group, query = parse(text, scope)
        limit = ALONE_LIMIT if group == "item" else GROUP_LIMIT["item"]
        items = self._items(query, limit) if group in ("", "item", "command") else []
        hits: list[PaletteHit] = []
        if group in ("", "command"):
            commands = self._commands(query)
            about_item = self._item_commands(items[0]) if items else []
            command_first = group == "command" or (
                bool(commands) and bool(items) and commands[0].tier <= items[0].tier
            )
            hits.extend([*commands, *about_item] if command_first else [*about_item, *commands])
        if group in ("", "item"):
            hits.extend(items)
        return hits

    def _commands(self, query: str) -> list[PaletteHit]:
        if not query:
            return [_command_hit(command) for command in self.commands.values()]
        found: dict[str, PaletteHit] = {}
        if self._command_index is not None:
            for hit in self._command_index.search(query, ALONE_LIMIT):
                command = self.commands.get(hit.entry.key)
                if command is not None:
                    found[command.id] = replace(_command_hit(command), spans=hit.spans, tier=hit.tier)
        for command in self.commands.values():
            at = command.title.lower().find(query.lower())
            if at >= 0 and command.id not in found:
                found[command.id] = replace(_command_hit(command), spans=((at, at + len(query)),), tier=4)
        return list(found.values())

    def _items(self, query: str, limit: int) -> list[PaletteHit]:
        if not query or self.catalogue is None:
            return []
        hits = []
        for hit in self.catalogue.index.search(query, limit):
            item = self.catalogue.items[hit.entry.key]
            hits.append(
                PaletteHit(
                    "item",
                    item.name,
                    act=lambda code=item.code: self._choose(code),
                    spans=hit.spans,
                    detail=item.basic_code,
                    aside=item.agency,
                    icon="list",
                    second=lambda code=item.code: self._show(code),
                    tier=hit.tier,
                )
            )
        return hits

    def _item_commands(self, hit: PaletteHit) -> list[PaletteHit]:
        """What can be done at once with the item that fits best."""
        if self.catalogue is None:
            return []
        item = next(
            i for i in self.catalogue.items.values() if i.name == hit.title and i.basic_code == hit.detail
        )
        made = []
        if self.open_item is not None:
            title, icon, start = self.open_item
            tag = KIND_TAGS.get(item.kind)
            made.append(
                PaletteHit(
                    "command",
                    words.text("{act}: {item}", act=title, item=item.name),
                    act=lambda: start(item.code),
                    tag=(str(tag[0]), tag[1]) if tag else None,
                    detail=item.agency,
                    icon=icon,
                    key="Enter",
                )
            )
        if self.show_item is not None:
            made.append(
                PaletteHit(
                    "command",
                    words.text("{act}: {item}", act=words.text("Item guide"), item=item.name),
                    act=lambda: self._show(item.code),
                    icon="file-text",
                    key="Ctrl+Enter",
                )
            )
        return made

    def _choose(self, code: str) -> None:
        if self.open_item is not None:
            self.open_item[2](code)
        else:
            self._show(code)

    def _show(self, code: str) -> None:
        if self.show_item is not None:
            self.show_item(code)


def _command_hit(command: Command) -> PaletteHit:
    return PaletteHit(
        "command", command.title, act=command.act, detail=command.detail, icon=command.icon, key=command.key
    )


def plugin_hits(
    found: Iterable[SearchHit], open_page: Callable[[str, dict[str, Any]], None]
) -> list[PaletteHit]:
    """Hits of the plugins as rows; Enter opens their page."""
    return [
        PaletteHit(
            hit.group if hit.group in GROUPS else "case",
            hit.title,
            act=lambda hit=hit: open_page(hit.page, dict(hit.args)),
            detail=hit.detail,
            icon=hit.icon or "file-text",
        )
        for hit in found
    ]


def arrange(hits: Iterable[PaletteHit], group: str = "") -> list[PaletteHit]:
    """Hits by group in the order of the groups, each group cut to what fits; one group alone is not cut."""
    by_group: dict[str, list[PaletteHit]] = {name: [] for name in GROUPS}
    for hit in hits:
        by_group[hit.group].append(hit)
    if group:
        return by_group.get(group, [])
    return [hit for name, rows in by_group.items() for hit in rows[: GROUP_LIMIT.get(name, OTHER_LIMIT)]]
