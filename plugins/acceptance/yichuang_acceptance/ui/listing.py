"""Lists that are asked for page by page: what asks for them, and how far they have come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from yichuang.api import UserError
from yichuang.api.ui import PageContext

MOST = 1000
"""Rows of one answer."""


@dataclass(frozen=True)
class Listing:
    """A query that answers in pages.

    Attributes:
        query: Its name.
        rows: The rows of an answer.
        behind: What is asked for besides to get the page behind an answer to so many rows; None where there is none.
        heads, cells: Its columns in a spreadsheet, and a row's, where it is saved as one.
    """

    query: str
    rows: Callable[[Any], Sequence[Any]]
    behind: Callable[[Any, int], dict[str, Any] | None]
    heads: Callable[[], Sequence[str]] = list
    cells: Callable[[Any], Sequence[str]] = list


def newest_first(rows: Sequence[Any], limit: int) -> dict[str, Any] | None:
    """What is asked for behind the rows of a list that runs by its ids, the newest first."""
    return {"before_id": rows[-1].id} if len(rows) >= limit else None


class Pager:
    """The rows of a list so far, each once: one that moved while pages were asked for stays where it is until it is asked anew.

    Args:
        page: Rows that are asked for at once.
        show: Called with the rows, all anew.
        append: Called with the rows that came behind them.
        failed: Called where they could not be asked for; the rows stay.
    """

    def __init__(
        self,
        context: PageContext,
        page: int,
        show: Callable[[Sequence[Any]], None],
        append: Callable[[Sequence[Any]], None],
        failed: Callable[[UserError], None],
    ) -> None:
        self.rows: list[Any] = []
        self._context, self._page = context, page
        self._show, self._append, self._failed = show, append, failed
        self._listing: Listing | None = None
        self._request: dict[str, Any] = {}
        self._next: dict[str, Any] | None = None
        self._going_on: dict[str, Any] | None = None  # where the page begins that is under way
        self._asked = 0  # of the newest request; what comes for an older one is dropped

    @property
    def has_more(self) -> bool:
        """Whether the list goes on behind its rows."""
        return self._next is not None or self._going_on is not None

    def load(self, listing: Listing, request: dict[str, Any]) -> None:
        """Ask anew; the same list as far as it had come, another one for its first page."""
        again = listing is self._listing and request == self._request
        self._listing, self._request = listing, request
        if not again:
            self._next = self._going_on = None
        self._asked += 1
        self._ask(self._asked, [], max(self._page, len(self.rows) if again else 0), {})

    def more(self) -> None:
        """Ask for the page behind the rows."""
        if self._next is not None:
            self._going_on, self._next = self._next, None
            self._ask(self._asked, None, self._page, self._going_on)

    def _ask(self, asked: int, rows: list[Any] | None, wanted: int, behind: dict[str, Any]) -> None:
        """Ask for so many rows behind these, in one answer or several; without rows for those that are appended."""
        assert self._listing is not None
        limit = min(wanted, MOST)
        self._context.query(
            self._listing.query,
            {**self._request, **behind, "limit": limit},
            done=lambda found: self._came(asked, rows, wanted, limit, found),
            failed=lambda error: self._not_came(asked, error),
        )

    def _came(self, asked: int, rows: list[Any] | None, wanted: int, limit: int, found: Any) -> None:
        if asked != self._asked or self._listing is None:
            return
        known = {row.id for row in (self.rows if rows is None else rows)}
        new = [row for row in self._listing.rows(found) if row.id not in known]
        behind = self._listing.behind(found, limit)
        if rows is None:
            self.rows += new
            self._next, self._going_on = behind, None
            self._append(new)
        elif behind is not None and wanted > limit:
            self._ask(asked, [*rows, *new], wanted - limit, behind)
        else:
            self.rows = [*rows, *new]
            self._next, self._going_on = behind, None
            self._show(self.rows)

    def _not_came(self, asked: int, error: UserError) -> None:
        if asked == self._asked:
            self._next, self._going_on = self._next or self._going_on, None
            self._failed(error)
