"""Looking at papers and pages in a dialog, and printing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QLabel, QWidget

from yichuang.api.ui import Dialog, PageContext, PdfViewer, Scroller, WarnNote
from yichuang_acceptance.ui.looks import see
from yichuang_acceptance.words import words

_ = words.text
WIDTH, HEIGHT = 800, 560
ROOM_FOR_REST = 220  # title and buttons of the dialog, and a margin of the window

REPLACED, SENT_BACK = "replaced", "sent_back"
PAPER_LIGHTS = {
    "drafted": "current",
    "rendered": "done",
    "waiting_seal": "current",
    "sealed": "done",
    REPLACED: "not_yet",
    "void": "not_yet",
    SENT_BACK: "overdue",
}


def paper_state(state: str) -> tuple[str, str]:
    """Light and words of a paper's state."""
    names = {
        "drafted": _("being made"), "rendered": _("made"), "waiting_seal": _("waits for the seal"),
        "sealed": _("sealed"), REPLACED: _("replaced"), "void": _("void"), SENT_BACK: _("sent back unsealed"),
    }  # fmt: skip
    return PAPER_LIGHTS[state], names[state]


class DocumentDialog(Dialog):
    """A PDF to look at.

    Args:
        printed: Called by the button that prints.
        note: What whoever looks must know, above the pages.
    """

    def __init__(self, title: str, pdf: bytes, printed: Callable[[], None], note: str = "") -> None:
        super().__init__(title, primary=_("Print"), cancel=_("Close"), wide=True)
        self._printed = printed
        self.setFixedWidth(WIDTH)
        self.viewer = PdfViewer()
        self._rest = ROOM_FOR_REST
        if note:
            said = WarnNote(note)
            self.body.addWidget(said)
            self._rest += said.sizeHint().height() + self.body.spacing()
        self.body.addWidget(self.viewer)
        self.viewer.load(pdf)
        self.viewer.fit_width()

    def open_in(self, window: QWidget) -> None:
        """As high as the window allows."""
        self.viewer.setFixedHeight(max(240, min(HEIGHT, window.height() - self._rest)))
        super().open_in(window)

    def accept(self) -> None:
        """Print and close."""
        self._printed()
        super().accept()


class PictureDialog(Dialog):
    """A captured page to look at.

    Args:
        remove: Called by the button that takes the page away.
    """

    def __init__(self, title: str, data: bytes, remove: Callable[[], None]) -> None:
        super().__init__(title, primary=_("Take the page away"), kind="danger", cancel=_("Close"), wide=True)
        self._remove = remove
        self.setFixedWidth(WIDTH)
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        pixmap = QPixmap()
        pixmap.loadFromData(data)
        smooth = Qt.TransformationMode.SmoothTransformation
        picture.setPixmap(pixmap.scaledToWidth(min(pixmap.width(), WIDTH - 80), smooth))
        self._scroller = Scroller(picture)
        self.body.addWidget(self._scroller)

    def open_in(self, window: QWidget) -> None:
        """As high as the window allows."""
        self._scroller.setFixedHeight(max(240, min(HEIGHT, window.height() - ROOM_FOR_REST)))
        super().open_in(window)

    def accept(self) -> None:
        """Take the page away and close."""
        self._remove()
        super().accept()


def print_pdf(context: PageContext, title: str, pdf: bytes, then: Callable[[], None] | None = None) -> None:
    """Send a PDF to the desk's printer; `then()` follows when the printer has taken it."""

    def sent(_answer: Any) -> None:
        context.notify(_("{title} was sent to the printer", title=title), kind="success")
        if then is not None:
            then()

    context.ask_device("paper_printer", "print", pdf=pdf, title=title, done=sent)


def show_paper(context: PageContext, owner: QWidget, paper: Any) -> None:
    """Open a paper of a case over the window."""

    def came(pdf: bytes) -> None:
        title = f"{paper.title} {paper.number}"
        DocumentDialog(title, pdf, lambda: print_paper(context, owner, paper)).open_in(owner.window())

    _see(context, owner, "acceptance.paper_file", paper, came)


def _see(context: PageContext, owner: QWidget, name: str, paper: Any, done: Callable[[bytes], None]) -> None:
    if paper.case_id is None:  # an order on a violation without a case
        context.query(name, {"paper_id": paper.id}, done=done)
        return
    look = {"case_id": paper.case_id, "what": "paper", "number": paper.id}
    see(owner, context, name, {"paper_id": paper.id}, look, done)


def show_pdf(owner: QWidget, title: str, pdf: bytes) -> Dialog:
    """Look at a PDF that is no paper yet, over the window; it cannot be printed."""
    dialog = Dialog(title, primary=_("Close"), wide=True)
    dialog.cancel_button.hide()
    dialog.setFixedWidth(WIDTH)
    viewer = PdfViewer()
    viewer.setFixedHeight(max(240, min(HEIGHT, owner.window().height() - ROOM_FOR_REST)))
    dialog.body.addWidget(viewer)
    viewer.load(pdf)
    viewer.fit_width()
    dialog.open_in(owner.window())
    return dialog


def print_paper(context: PageContext, owner: QWidget, paper: Any) -> None:
    """Print a paper of a case and count it."""
    _see(context, owner, "acceptance.print_file", paper, lambda pdf: _print_paper(context, paper, pdf))


def _print_paper(context: PageContext, paper: Any, pdf: bytes) -> None:
    def counted(times: int) -> None:
        if times > 1:
            context.status(_("{title}: print number {n}", title=paper.title, n=times))

    def printed() -> None:
        context.run("acceptance.count_print", {"paper_id": paper.id}, done=counted)

    print_pdf(context, paper.title, pdf, printed)


def show_application_form(context: PageContext, owner: QWidget, case_id: int) -> None:
    """Look at a case's application form as a draft; its button makes the paper, once, and prints it for the applicant to sign."""

    def make() -> None:
        context.run("acceptance.make_form", {"case_id": case_id}, done=render)

    def render(paper: Any) -> None:
        context.run(
            "acceptance.render", {"case_id": case_id}, done=lambda _papers: print_paper(context, owner, paper)
        )

    def came(pdf: bytes) -> None:
        DocumentDialog(_("Application form (draft)"), pdf, make).open_in(owner.window())

    context.query("acceptance.form_preview", {"case_id": case_id}, done=came)
