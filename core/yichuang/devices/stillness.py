"""Tells from small pictures of a document camera when a new page lies still under it, so that nobody has to press a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

SIZE = (64, 48)
QUIET = 0.7
"""Seconds without a movement: a hand that smooths the page is away by then."""
_MOVES, _OTHER = 3.0, 6.0
"""Mean change of brightness, of 255: noise stays below the first, another page of text is above the second."""
_BRIGHT, _SHEET = 140, 0.1
"""From this brightness on it is paper, and so much of the picture must be: the bare mat is no page."""


class Stillness:
    """Fed with one picture after the other. Pure: the caller brings the time."""

    def __init__(self) -> None:
        self._last: Image.Image | None = None
        self._taken: Image.Image | None = None
        self._since = 0.0

    def see(self, picture: Image.Image, at: float) -> bool:
        """One picture more.

        Args:
            picture: Any size and mode.
            at: Seconds on any clock that does not go backwards.

        Returns:
            Whether a page lies still there that is another one than the last that was told or taken.
        """
        now = picture.convert("L").resize(SIZE)
        if self._last is None or _change(self._last, now) > _MOVES:
            self._since = at
        self._last = now
        if at - self._since < QUIET or not _is_paper(now):
            return False
        if self._taken is not None and _change(self._taken, now) <= _OTHER:
            return False
        self._taken = now
        return True

    def take(self, picture: Image.Image) -> None:
        """This page was taken by hand: it is not told again."""
        self._taken = picture.convert("L").resize(SIZE)


def _change(before: Image.Image, now: Image.Image) -> float:
    from PIL import ImageChops, ImageStat

    return float(ImageStat.Stat(ImageChops.difference(before, now)).mean[0])


def _is_paper(picture: Image.Image) -> bool:
    counts = picture.histogram()
    return sum(counts[_BRIGHT:]) >= _SHEET * sum(counts)
