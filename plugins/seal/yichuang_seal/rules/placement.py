"""Where a seal goes on a page, in millimetres from the top left corner; PDF points only at the border to PDF.

The rule of official papers is 骑年盖月: the seal lies over the date of signature, its middle on the middle of
the date, text visible through it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from yichuang.api import UserError
from yichuang_seal.words import L

POINTS_PER_MM = 72 / 25.4
SNAP_MM = 4.0
EDGE_MM = 2.0
"""A seal keeps this distance from the edge of the paper, so that no printer cuts it."""


@dataclass(frozen=True)
class PageSize:
    """A page as seen, in millimetres.

    Attributes:
        width: From the left to the right edge.
        height: From the top to the bottom edge.
        left: Where the left edge lies in the file's own coordinates; 0 on papers of our own.
        bottom: The same for the bottom edge.
    """

    width: float
    height: float
    left: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True)
class DateLine:
    """The middle of the date of signature on a page (numbered from 0), in millimetres from the top left."""

    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Place:
    """A seal on a page.

    Attributes:
        page: Number of the page, from 0.
        x: Millimetres from the left edge of the page to the left edge of the seal.
        y: Millimetres from the top edge of the page to the top edge of the seal.
        diameter: Of the seal, millimetres.
    """

    page: int
    x: float
    y: float
    diameter: float

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the seal."""
        return self.x + self.diameter / 2, self.y + self.diameter / 2


def over_date(date: DateLine, diameter: float, size: PageSize) -> Place:
    """Put the seal over the date, kept on the page."""
    return kept_on_page(Place(date.page, date.x - diameter / 2, date.y - diameter / 2, diameter), size)


def without_date(page: int, diameter: float, size: PageSize) -> Place:
    """Where a seal starts on a paper that does not say where its date is: lower right, as dates are."""
    return kept_on_page(
        Place(page, size.width * 0.72 - diameter / 2, size.height * 0.8 - diameter / 2, diameter), size
    )


def moved(place: Place, dx: float, dy: float, size: PageSize) -> Place:
    """Move by millimetres, kept on the page."""
    return kept_on_page(replace(place, x=place.x + dx, y=place.y + dy), size)


def snapped(place: Place, date: DateLine | None) -> tuple[Place, bool]:
    """Pull a seal that is close to the date onto it, each direction by itself.

    Returns:
        The place, and whether the seal now lies exactly over the date.
    """
    if date is None or date.page != place.page:
        return place, False
    x, y = place.centre
    near_x, near_y = abs(x - date.x) <= SNAP_MM, abs(y - date.y) <= SNAP_MM
    if near_x:
        place = replace(place, x=date.x - place.diameter / 2)
    if near_y:
        place = replace(place, y=date.y - place.diameter / 2)
    return place, near_x and near_y


def covers_date(place: Place, date: DateLine | None) -> bool:
    """Whether the middle of the date lies under the seal."""
    if date is None or date.page != place.page:
        return False
    x, y = place.centre
    return (x - date.x) ** 2 + (y - date.y) ** 2 <= (place.diameter / 2) ** 2


def kept_on_page(place: Place, size: PageSize) -> Place:
    """The nearest place that is whole on the page, off its edges."""

    def within(value: float, length: float) -> float:
        return max(EDGE_MM, min(value, length - place.diameter - EDGE_MM))

    return replace(place, x=within(place.x, size.width), y=within(place.y, size.height))


def check_place(place: Place, sizes: list[PageSize]) -> None:
    """Refuse a place that is not whole on a page of the document.

    Raises:
        UserError: SEAL_OFF_PAGE.
    """
    if 0 <= place.page < len(sizes):
        size = sizes[place.page]
        if (
            place.x >= 0
            and place.y >= 0
            and place.x + place.diameter <= size.width + 0.01
            and place.y + place.diameter <= size.height + 0.01
        ):
            return
    raise UserError(
        "SEAL_OFF_PAGE",
        L("The seal does not lie whole on page {page}.", page=place.page + 1),
        do=L("Move it onto the page."),
    )


def to_points(place: Place, size: PageSize) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in PDF points, in the file's own coordinates."""
    left = (size.left + place.x) * POINTS_PER_MM
    top = (size.bottom + size.height - place.y) * POINTS_PER_MM
    side = place.diameter * POINTS_PER_MM
    return left, top - side, left + side, top
