"""The captured pages of a receipt, small in a row; each opens to be looked at."""

from __future__ import annotations

from yichuang.api import UserError, in_language
from yichuang.api.ui import Dialog, PageContext
from yichuang_acceptance.offline_store import Receipt
from yichuang_acceptance.ui.background import in_background
from yichuang_acceptance.ui.documents import DocumentDialog, PictureDialog, print_pdf
from yichuang_acceptance.ui.offline.hand import OfflineHand
from yichuang_acceptance.ui.offline.receipt_texts import name_of
from yichuang_acceptance.ui.thumbnails import Page, Thumbnails, small_picture
from yichuang_acceptance.words import words

_ = words.text
MOST_LETTERS = 4


class PagesDialog(Dialog):
    """Shows what is there; pages are changed by correcting the receipt."""

    def __init__(self, context: PageContext, hand: OfflineHand, receipt: Receipt) -> None:
        super().__init__(
            _("Captured pages of receipt {number}", number=receipt.case_no), _("Enter opens a page."),
            cancel=_("Close"), wide=True,
        )  # fmt: skip
        self.primary_button.hide()
        self._context, self._hand, self._body = context, hand, receipt.body
        self._names = {
            hand["position"]: name_of(receipt.body, hand) for hand in receipt.body["intake"]["materials"]
        }
        self.pages = Thumbnails()
        self.pages.opened.connect(self.look_at)
        self.body.addWidget(self.pages)
        self.pages.show_pages(
            [
                Page(
                    hand["position"],
                    index,
                    digest,
                    f"{self._names[hand['position']][:MOST_LETTERS]} {index + 1}",
                )
                for hand in receipt.body["intake"]["materials"]
                for index, digest in enumerate(hand["pages"])
            ],
            None,
        )
        for digest in sorted(receipt.pages):
            self._show(digest)

    def _show(self, digest: str) -> None:
        """The small picture, on a thread; a page that only the hall has stays a sheet of paper."""

        def came(found: tuple[bytes, str]) -> None:
            in_background(
                self, lambda: small_picture(found[0]), lambda image: self.pages.set_picture(digest, image)
            )

        self._hand.keep(lambda store: store.page(digest), came, lambda _error: None)

    def look_at(self, page: Page) -> None:
        """Open a page over the dialog."""
        title = f"{self._names[page.position]} {page.index + 1}"

        def came(found: tuple[bytes, str]) -> None:
            data, kind = found
            if kind == "application/pdf":
                DocumentDialog(title, data, lambda: print_pdf(self._context, title, data)).open_in(
                    self.window()
                )
                return
            dialog = PictureDialog(title, data, lambda: None)
            dialog.primary_button.hide()
            dialog.open_in(self.window())

        self._hand.keep(lambda store: store.page(page.digest), came, self._refused)

    def _refused(self, error: UserError) -> None:
        self.set_error(in_language(error.sentence))
