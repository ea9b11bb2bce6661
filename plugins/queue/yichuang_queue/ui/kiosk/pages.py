"""The kiosk's pages on which a business is found: the start, a group, the search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import LazyText, in_language, pinyin
from yichuang_queue.rules import kiosk as rules
from yichuang_queue.rules.kiosk import Node
from yichuang_queue.rules.tickets import PRIORITY_NAMES, Priority
from yichuang_queue.ticket_text import mongolian
from yichuang_queue.ui.kiosk.look import INK, SOFT, Face
from yichuang_queue.ui.kiosk.parts import Grid, Keys, touch, words
from yichuang_queue.ui.kiosk.touch import Touch
from yichuang_queue.words import words as texts

if TYPE_CHECKING:
    from yichuang_queue.ui.kiosk.window import KioskWindow

_ = texts.text
L = texts.lazy
LONG_WAIT_MINUTES = 20
"""From here on a wait is shown in amber."""
LETTERS = ("ABCDEFGHI", "JKLMNOPQR", "STUVWXYZ", "")
WIDE_LETTERS = ("ABCDEFGHIJKL", "MNOPQRSTUVWX", "YZ")
MOST_FOUND = 24
PRIORITY_ICONS = {
    Priority.ELDERLY: "person-standing",
    Priority.DISABLED: "accessibility",
    Priority.SOLDIER: "shield",
    Priority.PREGNANT: "baby",
}
PRIORITY_MSGIDS = {
    Priority.ELDERLY: "elderly",
    Priority.DISABLED: "disabled",
    Priority.SOLDIER: "soldier",
    Priority.PREGNANT: "pregnant",
}


class Page(QWidget):
    """One page of the kiosk.

    Attributes:
        title: What the header says.
        title_mn: The same in Mongolian.
    """

    title: LazyText | str = L("Choose what you came for")
    title_mn = "Choose what you came for"

    def __init__(self, kiosk: KioskWindow) -> None:
        super().__init__()
        self.kiosk = kiosk
        self.look = kiosk.look
        self.column = QVBoxLayout(self)
        edge = self.look.px(44)
        rim = self.look.px(28 if not self.look.tight else 16)
        self.column.setContentsMargins(edge, rim, edge, rim)
        self.column.setSpacing(self.look.px(20 if not self.look.tight else 12))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)

    def refresh(self) -> None:
        """Show what has changed in the hall; buttons stay where they are."""

    def spoken(self) -> str:
        """What is read aloud."""
        return str(self.title)

    def hear(self, key: str) -> bool:
        """A key of a scanner or keyboard; says whether the page wanted it."""
        return False

    def way_back(self, path: str = "", *beside: QWidget) -> QHBoxLayout:
        """Back, start, where one is, and what else stands in the row."""
        row = QHBoxLayout()
        row.setSpacing(self.look.px(16))
        for word, icon, act in (
            (L("Back"), "arrow-left", self.kiosk.back),
            (L("Start"), "house", self.kiosk.begin_anew),
        ):
            button = touch(Face(str(word), icon=icon, mn=mongolian(word.msgid)), self.look, "plain", act)
            button.setFixedWidth(self.look.target(220 if not self.look.large else 260))
            row.addWidget(button)
        if path or not beside:
            row.addWidget(words(path, self.look.letters(28), SOFT), 1)
        for other in beside:
            row.addWidget(other, 1)
        return row


def node_face(kiosk: KioskWindow, node: Node) -> Face:
    """A business or group as a tile: who waits, how long, what is left."""
    tree = kiosk.desk.tree
    node = kiosk.desk.node_now(node)
    group = tree.is_group(node)
    load = tree.load(node)
    refusal: Any = node.refusal
    if group:
        inside = [kiosk.desk.node_now(leaf).refusal for leaf in tree.leaves(node.code)]
        refusal = inside[0] if inside and all(inside) else None
        note = tree.summary(node)
    else:
        note = _("{n} numbers left", n=node.left) if node.left is not None else ""
    if refusal is not None:
        return Face(
            node.name,
            note if group else "",
            node.icon or "file-text",
            mn=node.name_mn,
            off=in_language(refusal),
        )
    if kiosk.desk.offline:
        return Face(node.name, note, node.icon or "file-text", mn=node.name_mn)
    wait = rules.wait_text(load.wait, load.waiting)
    if load.wait is not None and not load.waiting:
        return Face(node.name, note, node.icon or "file-text", value=str(wait), tone="green", mn=node.name_mn)
    long = load.wait is None or rules.minutes(load.wait)[0] >= LONG_WAIT_MINUTES
    under = _("about {wait}", wait=wait) if load.wait is not None else str(wait)
    return Face(
        node.name, note, node.icon or "file-text", _("{n} people", n=load.waiting), under, "amber" if long else "",
        node.name_mn,
    )  # fmt: skip


def node_grid(kiosk: KioskWindow, across: int = 2) -> Grid:
    """A grid of tiles that open a group or choose a business."""
    grid = Grid(kiosk.look, across)
    grid.chosen.connect(kiosk.choose)
    return grid


def fill(kiosk: KioskWindow, grid: Grid, nodes: list[Node]) -> None:
    """Show these businesses."""
    grid.show_faces([(n.code, node_face(kiosk, n)) for n in nodes], _("Previous page"), _("Next page"))


class PriorityRow(QWidget):
    """The four kinds of priority; one or none is chosen."""

    def __init__(self, kiosk: KioskWindow, across: int = 4) -> None:
        super().__init__()
        self._kiosk = kiosk
        look = kiosk.look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        head = QHBoxLayout()
        title = words(_("Priority service"), look.letters(30), INK, strong=True, wrap=False)
        head.addWidget(title)
        rule = rules.credit_rule(kiosk.desk.credits)
        self.rule = words(
            str(rule) if rule is not None else _("The desk checks the papers."), look.letters(22), SOFT
        )
        self.rule.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.rule, 1)
        column.addLayout(head)
        self.chips: dict[Priority, Touch] = {}
        row = QHBoxLayout()
        for number, (priority, icon) in enumerate(PRIORITY_ICONS.items()):
            if number % across == 0:
                row = QHBoxLayout()
                row.setSpacing(look.px(16))
                column.addLayout(row)
            face = Face(str(PRIORITY_NAMES[priority]), icon=icon, mn=mongolian(PRIORITY_MSGIDS[priority]))
            chip = touch(
                face, look, "chip", lambda p=priority: self._choose(p), look.target(96 if look.low else 116)
            )
            chip.setCheckable(True)
            self.chips[priority] = chip
            row.addWidget(chip)
        self.refresh()

    def _choose(self, priority: Priority) -> None:
        self._kiosk.priority = Priority.NONE if self._kiosk.priority is priority else priority
        self.refresh()

    def refresh(self) -> None:
        """Show which one is chosen."""
        for priority, chip in self.chips.items():
            chip.setChecked(priority is self._kiosk.priority)
        rule = rules.credit_rule(self._kiosk.desk.credits)
        if rule is not None:
            self.rule.setText(str(rule))


class StartPage(Page):
    """Where everybody begins: card, code, appointment; the groups of businesses; priority."""

    def __init__(self, kiosk: KioskWindow) -> None:
        super().__init__(kiosk)
        look = self.look
        self.card = self._card(
            "id-card",
            L("Take a number with your ID card"),
            L("Finds appointment and priority by itself"),
            None,
        )
        self.scan = self._card(
            "qr-code", L("Scan a code"), L("Code of your appointment"), lambda: kiosk.open_code("scan")
        )
        self.booked = self._card(
            "calendar-check", L("Appointment"),
            L("from {n} minutes before", n=kiosk.check_in_minutes), lambda: kiosk.open_code("appointment"),
        )  # fmt: skip
        self.card.setCheckable(True)
        self.card.setChecked(True)
        self.card.clicked.connect(self._lay_card)
        self.search = touch(
            Face(_("Find by name or initials"), icon="search"),
            look,
            "field",
            kiosk.open_search,
            look.target(96),
        )
        self.grid = node_grid(kiosk)
        self.priority = PriorityRow(kiosk, 2 if look.wide and not look.low and look.scale > 0.9 else 4)
        self._arrange()
        self.refresh()

    def _card(self, icon: str, title: Any, note: Any, act: Any) -> Touch:
        height = self.look.target(228 if not (self.look.low or self.look.wide) else 110)
        face = Face(str(title), str(note), icon, mn=mongolian(title.msgid))
        return touch(face, self.look, "card", act or (lambda: None), height)

    def _lay_card(self) -> None:
        self.card.setChecked(True)  # it only looks like one: it is the page's main button
        self.kiosk.open_code("card")

    def _arrange(self) -> None:
        look = self.look
        cards = QVBoxLayout() if look.wide and not look.low else QHBoxLayout()
        cards.setSpacing(look.px(20))
        for card, weight in ((self.card, 38), (self.scan, 28), (self.booked, 28)):
            cards.addWidget(card, weight)
        finding = QHBoxLayout()
        finding.addWidget(words(_("By business"), look.letters(30), INK, strong=True, wrap=False))
        finding.addStretch(1)
        self.search.setFixedWidth(look.px(460 if not look.large else 560))
        finding.addWidget(self.search)
        if not look.wide:
            self.column.addLayout(cards)
            self.column.addLayout(finding)
            self.column.addWidget(self.grid, 1)
            self.column.addWidget(self.priority)
            return
        left, right, both = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.setSpacing(look.px(20))
        right.setSpacing(look.px(16))
        left.addLayout(cards)
        left.addStretch(1)
        left.addWidget(self.priority)
        right.addLayout(finding)
        right.addWidget(self.grid, 1)
        both.setSpacing(look.px(36))
        both.addLayout(left, 5)
        both.addLayout(right, 8)
        self.column.addLayout(both)

    def refresh(self) -> None:
        """Waits, quotas, the reader's state."""
        fill(self.kiosk, self.grid, self.kiosk.desk.tree.below())
        self.priority.refresh()
        face = self.card.face
        ready = self.kiosk.reader_ready
        word = _("Reader ready") if ready else _("Reader not ready")
        self.card.show_face(
            Face(face.title, face.note, face.icon, word, "", "green" if ready else "amber", face.mn)
        )

    def spoken(self) -> str:
        """The title and what there is to choose."""
        names = "、".join(node.name for node in self.kiosk.desk.tree.below())
        return _("Choose what you came for: {names}. Or lay your ID card on the reader.", names=names)


class GroupPage(Page):
    """The businesses in a group."""

    def __init__(self, kiosk: KioskWindow, code: str) -> None:
        super().__init__(kiosk)
        self.code = code
        path = kiosk.desk.tree.path(code)
        self.title = path[-1].name if path else ""
        self.title_mn = path[-1].name_mn if path else ""
        self.column.addLayout(self.way_back(" › ".join(node.name for node in path)))
        self.grid = node_grid(kiosk, 2 if not self.look.wide else 3)
        self.column.addWidget(self.grid, 1)
        self.refresh()

    def refresh(self) -> None:
        """Waits and quotas."""
        fill(self.kiosk, self.grid, self.kiosk.desk.tree.below(self.code))

    def spoken(self) -> str:
        """The group and what is in it."""
        names = "、".join(node.name for node in self.kiosk.desk.tree.below(self.code))
        return f"{self.title}：{names}"


class SearchPage(Page):
    """Finding a business by the initials of its pinyin, on a keyboard for fingers."""

    title = L("Find by name or initials")
    title_mn = ""

    def __init__(self, kiosk: KioskWindow) -> None:
        super().__init__(kiosk)
        self.typed = ""
        self._index: pinyin.SearchIndex | None = None
        self.field = words("", self.look.letters(36), INK, strong=True)
        self.found = words("", self.look.letters(26), SOFT)
        self.grid = node_grid(kiosk)
        self.keys = Keys(self.look, WIDE_LETTERS if self.look.wide else LETTERS, _("Delete"), _("Clear"))
        self.keys.pressed_key.connect(self.press)
        beside = [self.field] if self.look.tight else []
        self.column.addLayout(self.way_back("", *beside))
        for part in (self.field, self.found)[len(beside) :]:
            self.column.addWidget(part)
        self.column.addWidget(self.grid, 1)
        self.column.addWidget(self.keys)
        kiosk.context.work(self._make_index, done=self._ready)
        self.refresh()

    def _make_index(self) -> pinyin.SearchIndex:
        """Off the UI thread: the dictionary of readings takes a moment."""
        entries = []
        for node in self.kiosk.desk.tree.leaves():
            form = pinyin.pinyin_of(node.name)
            group = "".join(each.name for each in self.kiosk.desk.tree.path(node.code)[:-1])
            entries.append(pinyin.SearchEntry(node.code, node.name, "", group, form.initials, form.pinyin))
        return pinyin.SearchIndex(entries)

    def _ready(self, index: pinyin.SearchIndex) -> None:
        if self.kiosk.page is not self:  # left meanwhile, and gone
            return
        self._index = index
        self.refresh()

    def press(self, key: str) -> None:
        """A key of the keyboard on the screen, or of a real one."""
        self.typed = {"back": self.typed[:-1], "clear": ""}.get(key, (self.typed + key)[:20])
        self.grid.page = 0
        self.refresh()

    def hear(self, key: str) -> bool:
        """Typed on a real keyboard."""
        if key == "back" or (len(key) == 1 and key.isalnum()):
            self.press(key.upper() if len(key) == 1 else key)
            return True
        return False

    def refresh(self) -> None:
        """What was typed and what fits."""
        self.field.setText(self.typed or _("Type the first letters, such as QYSL for 企业设立"))
        nodes: list[Node] = []
        if self.typed and self._index is not None:
            hits = self._index.search(self.typed, MOST_FOUND)
            tree = self.kiosk.desk.tree
            nodes = [tree.nodes[hit.entry.key] for hit in hits if hit.entry.key in tree.nodes]
        empty = _("Nothing found. Try fewer letters, or ask the staff.") if self.typed and not nodes else ""
        self.found.setText(_("{n} found", n=len(nodes)) if nodes else empty)
        fill(self.kiosk, self.grid, nodes)
