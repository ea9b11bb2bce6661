"""The camera strip below the materials: capture, upload, and the pages that were taken."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QMimeData, Qt
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from yichuang.api import UserError, in_language
from yichuang.api.ui import Button, CheckBox, Dot, PageContext, Text
from yichuang_acceptance.operations.pages import Document
from yichuang_acceptance.rules.pages import MOST_BYTES, MOST_FILES, OFD, PDF, kind_of
from yichuang_acceptance.ui.background import in_background
from yichuang_acceptance.ui.documents import DocumentDialog, PictureDialog, print_pdf
from yichuang_acceptance.ui.hands import Hands
from yichuang_acceptance.ui.live_view import CAMERA, LiveView
from yichuang_acceptance.ui.scanning import ask_scan
from yichuang_acceptance.ui.thumbnails import Page, Thumbnails, small_picture
from yichuang_acceptance.words import words

_ = words.text
KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".pdf": PDF, ".ofd": OFD}
SIDE_WIDTH = 212
KEPT_FILES = 8  # looked at without asking for them again
Keep = Callable[[bytes, str], None]
"""Takes a page: its bytes and media type."""
DOTS = {"ready": "green", "starting": "amber", "failed": "red", "absent": "grey", "closed": "grey"}


class CameraStrip(QFrame):
    """Takes pages for the highlighted material.

    Args:
        hands: What lies on the desk; pages are added to it.
        current: Gives the position of the highlighted material.
        changed: Called after a page was added or taken away.
        draft_id: Gives the draft whose pages may be asked for again.
    """

    def __init__(
        self,
        context: PageContext,
        hands: Hands,
        current: Callable[[], int | None],
        changed: Callable[[], None],
        draft_id: Callable[[], int | None],
    ) -> None:
        super().__init__()
        self.setProperty("fill", "subtle")
        self._context, self._hands, self._current, self._changed = context, hands, current, changed
        self._draft_id = draft_id
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._asked: set[str] = set()
        self._another = False
        self._turn = 0  # which applicant: a page that comes late is no page of the next one
        self.thumbnails = Thumbnails()
        self.thumbnails.opened.connect(self.look_at)
        self.thumbnails.removed.connect(self.take_away)
        self.thumbnails.moved.connect(self.move)
        self.capture = Button(_("Capture"), kind="primary", icon="camera", key="F9", binds=False)
        self.capture.clicked.connect(self.capture_page)
        self._make_choices()
        self._into = Text("", 12, "t2", elide=True)
        self._camera = Dot("grey", _("document camera"))
        self._hint = Text(_("Pages of the highlighted material: F9 captures, upload takes a file."), 12, "t3")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self.thumbnails)
        self._lay_out()
        self.setAcceptDrops(True)
        context.every(2000, self._show_camera)
        context.shown.connect(lambda _args: self._show_camera())
        self.show_pages()

    def _make_choices(self) -> None:
        """How pages are to look, and whether they are taken without a key; remembered for the person."""
        kept = self._context.load("capture", {}) or {}
        self.looks = {
            name: CheckBox(text, checked=kept.get(name, name != "white"))
            for name, text in (
                ("colour", _("In colour")),
                ("crop", _("Cut to the sheet")),
                ("white", _("White ground")),
            )
        }
        self.continuous = CheckBox(_("Take by itself"), checked=bool(self._context.load("continuous", False)))
        self.continuous.setToolTip(_("A new page is taken as soon as it lies still, without a key."))
        self.continuous.toggled.connect(lambda on: self._context.save("continuous", on))
        self.live = LiveView(self._context)
        self.live.page_came.connect(self._page_came)
        for box in self.looks.values():
            box.toggled.connect(lambda _on: self._context.save("capture", self._look()))

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(8)
        for part in (self.capture, self._into):
            side.addWidget(part)
        choices = QGridLayout()
        choices.setSpacing(4)
        for place, part in enumerate((*self.looks.values(), self.continuous, self._camera)):
            choices.addWidget(part, place // 2, place % 2)
        side.addLayout(choices)
        side.addStretch(1)
        box = QWidget()
        box.setFixedWidth(SIDE_WIDTH)
        box.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 20, 8)
        row.setSpacing(12)
        row.addWidget(self.live, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._stack, 1)
        row.addWidget(box)
        self.setFixedHeight(self.thumbnails.height() + 18)

    def show_pages(self) -> None:
        """Paint what was taken, and for which material the next page will be."""
        position = self._current()
        pages = [
            Page(hand.position, index, digest, f"{self._short(hand.position)} {index + 1}")
            for _position, hand in sorted(self._hands.given.items())
            for index, digest in enumerate(hand.pages)
        ]
        self.thumbnails.show_pages(pages, position)
        self._stack.setCurrentIndex(bool(pages))
        self._into.setText(_("For: {name}", name=self._hands.material(position).name) if position else "")
        self.capture.set_reason("" if position else _("Highlight a material first."))
        for page in pages:
            if not self.thumbnails.has_picture(page.digest):
                self._fetch(page.digest)

    def clear(self) -> None:
        """The next applicant."""
        self._turn += 1
        self._files.clear()
        self._asked.clear()
        self.thumbnails.clear()
        self.show_pages()

    def _short(self, position: int) -> str:
        name = self._hands.material(position).name
        return name if len(name) <= 4 else name[:4]

    # ---- taking pages ----

    def capture_page(self) -> None:
        """A page from the document camera."""
        position = self._current()
        if position is None or not self.capture.isEnabled():
            return
        self.capture.set_busy(True)
        keep = self._keeper(position)

        def captured(answer: dict[str, Any]) -> None:
            self.capture.set_busy(False)
            if answer.get("image"):
                keep(answer["image"], answer["media_type"])
            else:
                self._context.notify(_("The camera has no new page."), kind="warning")
            if self._another:  # it came while this one was taken
                self._another = False
                self.capture_page()

        self._context.ask_device(CAMERA, "capture", done=captured, failed=self._refused, **self._look())

    def _look(self) -> dict[str, bool]:
        """How a page is to look."""
        return {name: box.isChecked() for name, box in self.looks.items()}

    def _page_came(self) -> None:
        """A new page lies there: taken for the highlighted material, where the clerk wants it so."""
        if self.continuous.isChecked() and self.isVisible():
            self._another = not self.capture.isEnabled()
            self.capture_page()

    def choose_files(self) -> None:
        """Files for the highlighted material."""
        position = self._current()
        if position is None:
            return
        dialog = QFileDialog(self, _("Files for {name}", name=self._hands.material(position).name))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(_("Pages") + " (*.pdf *.ofd *.png *.jpg *.jpeg)")
        keep = self._keeper(position)
        dialog.filesSelected.connect(lambda names: self._take_files(keep, [Path(name) for name in names]))
        dialog.open()

    def take_files(self, position: int, paths: list[Path]) -> None:
        """Read files off the UI thread and keep them as pages of a material."""
        self._take_files(self._keeper(position), paths)

    def _take_files(self, keep: Keep, paths: list[Path]) -> None:
        for path in paths:
            kind = KINDS.get(path.suffix.lower())
            if kind is None:
                self._warn(_("{name} is neither PDF nor OFD nor PNG nor JPEG.", name=path.name))
                continue
            in_background(
                self, lambda path=path: _read(path),
                lambda data, path=path, kind=kind: self._take_file(keep, path, kind, data),
                lambda _error, path=path: self._warn(_("{name} cannot be read.", name=path.name)),
            )  # fmt: skip

    def scan_pages(self) -> None:
        """Pages from the scanner for the highlighted material."""
        position = self._current()
        if position is not None:
            ask_scan(self, self._context, self._hands.material(position).name, self._keeper(position))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped while a material is highlighted."""
        data = event.mimeData()
        if data is not None and self._current() is not None and _files_of(data):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Dropped files are pages of the highlighted material."""
        data, position = event.mimeData(), self._current()
        if data is not None and position is not None:
            event.acceptProposedAction()
            self.take_files(position, _files_of(data))

    def _take_file(self, keep: Keep, path: Path, kind: str, data: bytes | None) -> None:
        if data is None:
            self._warn(_("{name} is larger than {n} MB.", name=path.name, n=MOST_BYTES // 2**20))
        else:
            keep(data, kind)

    def _keeper(self, position: int) -> Keep:
        """Takes pages for a material as it stands now: they are dropped once another applicant or item is there."""
        turn, material = self._turn, self._hands.material(position)

        def keep(data: bytes, media_type: str) -> None:
            if turn == self._turn and material in self._hands.asked:
                self._keep(turn, material, data, media_type)

        return keep

    def _keep(self, turn: int, material: Any, data: bytes, media_type: str) -> None:
        position = material.position

        def kept(digest: str) -> None:
            if turn != self._turn or material not in self._hands.asked:
                return  # another applicant or item is there meanwhile
            hand = self._hands.given.get(position)
            if hand is not None and len(hand.pages) >= MOST_FILES:
                self._warn(
                    _("{name} has {n} pages already, more cannot be kept.", name=material.name, n=MOST_FILES)
                )
                return
            self._remember(digest, data)
            self._hands.add_page(position, digest)
            self._draw_small(digest, data)
            self._changed()

        self._context.run(
            "acceptance.keep_page", {"data": data, "media_type": media_type}, kept, self._refused
        )

    def _refused(self, error: UserError) -> None:
        self.capture.set_busy(False)
        self._warn("".join(in_language(part) for part in (error.sentence, error.do)))

    def _warn(self, text: str) -> None:
        self._context.notify(text, kind="warning")

    # ---- pages that are there ----

    def look_at(self, page: Page) -> None:
        """Open a page."""
        if page.digest in self._files:
            self._open(page, self._files[page.digest])
        else:
            self._ask(page.digest, lambda data: self._open(page, data), self._refused)

    def take_away(self, page: Page) -> None:
        """Take a page away; it can be put back."""
        before = self._hands.given.get(page.position)
        if before is None or page.digest not in before.pages:
            return

        def back() -> None:
            if page.position in self._hands.given:
                self._hands.given[page.position] = before
                self._changed()

        self._hands.remove_page(page.position, page.index)
        self._changed()
        self._context.notify(_("The page was taken away"), undo=back)

    def move(self, page: Page, to: int) -> None:
        """Put a page at another place among those of its material."""
        hand = self._hands.given.get(page.position)
        if hand is None or page.digest not in hand.pages:
            return
        self._hands.move_page(page.position, page.index, to)
        self._changed()
        self.thumbnails.select(page.position, to)

    def _open(self, page: Page, data: bytes) -> None:
        hand = self._hands.given.get(page.position)
        if hand is None or page.digest not in hand.pages:
            return  # taken away, or another applicant is there meanwhile
        title = f"{self._hands.material(page.position).name} {page.index + 1}"
        kind = kind_of(data)
        if kind == OFD:
            self._context.query(
                "acceptance.show_file", {"data": data},
                done=lambda document: self._open_document(title, document), failed=self._refused,
            )  # fmt: skip
        elif kind == PDF:
            self._open_document(title, Document(data))
        else:
            PictureDialog(title, data, lambda: self.take_away(page)).open_in(self.window())

    def _open_document(self, title: str, document: Document) -> None:
        if not document.pdf:
            self._warn(f"{document.note}{document.do}")
            return
        pdf = document.pdf
        dialog = DocumentDialog(title, pdf, lambda: print_pdf(self._context, title, pdf), document.note)
        dialog.open_in(self.window())

    def _draw_small(self, digest: str, data: bytes) -> None:
        """The small picture of a file, drawn on a thread; where there is none a sheet of paper stands for it."""

        def draw(shown: bytes) -> None:
            in_background(
                self, lambda: small_picture(shown), lambda image: self.thumbnails.set_picture(digest, image)
            )

        if kind_of(data) == OFD:
            self._context.query(
                "acceptance.show_file", {"data": data},
                done=lambda document: draw(document.pdf), failed=lambda _error: draw(b""),
            )  # fmt: skip
        else:
            draw(data)

    def _remember(self, digest: str, data: bytes) -> None:
        self._files[digest] = data
        while len(self._files) > KEPT_FILES:
            self._files.popitem(last=False)

    def _fetch(self, digest: str) -> None:
        """The small picture of a page that came with a draft."""
        if digest not in self._files and digest not in self._asked:
            self._asked.add(digest)
            self._ask(digest, lambda data: self._draw_small(digest, data))

    def _ask(
        self, digest: str, done: Callable[[bytes], None], failed: Callable[[UserError], None] | None = None
    ) -> None:
        draft_id = self._draft_id()
        if draft_id is not None:
            request = {"draft_id": draft_id, "digest": digest}
            failed = failed or (
                lambda _error: self._asked.discard(digest)
            )  # a draft that is not saved yet has no page
            self._context.query("acceptance.draft_page", request, done=done, failed=failed)
        else:
            self._asked.discard(digest)

    def _show_camera(self) -> None:
        state = self._context.device(CAMERA)
        text = {
            "ready": _("camera ready"), "starting": _("camera starting"), "failed": _("camera failed"),
        }.get(state, _("no camera"))  # fmt: skip
        self._camera.set_state(DOTS.get(state, "grey"), text)


def _files_of(data: QMimeData) -> list[Path]:
    """The files that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _read(path: Path) -> bytes | None:
    """The bytes of a file, None where it is too large to be kept."""
    return None if path.stat().st_size > MOST_BYTES else path.read_bytes()
