"""What an OFD file may cost, and the two ways in which reading one ends early."""

from __future__ import annotations

from yichuang.api import LazyText
from yichuang_seal.words import L

MOST_ENTRIES = 20_000
MOST_ENTRY_BYTES = 64 * 2**20
MOST_BYTES = 256 * 2**20
"""Inflated, of the whole package."""
MOST_XML_BYTES = 32 * 2**20
MOST_ELEMENTS = 600_000
DEEPEST_XML = 128
MOST_PAGES = 500
MOST_STEPS = 2_000_000
"""Glyphs, points and objects of a file: some ten seconds of a slow desk."""
DEEPEST_DRAWING = 24
MOST_PIXELS = 50_000_000
"""Of one picture."""
MOST_PIXELS_IN_ALL = 400_000_000
"""Of all pictures of a file; those in JPEG, which are not unpacked, count a quarter."""
LONGEST_SIDE = 2000.0
"""Of a page in millimetres."""


_AREA_A_STEP = 60.0
_MOST_AREA = 250_000.0
"""What is larger is cut off at the page's edge."""


class OfdError(Exception):
    """The file cannot be shown.

    Attributes:
        sentence: Why, for whoever reads it.
    """

    def __init__(self, sentence: LazyText) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class BadPartError(Exception):
    """One object of a page makes no sense: it is left out and counted, the others are drawn."""


def damaged(what: str) -> OfdError:
    """Something that every OFD file must have is missing or makes no sense."""
    return OfdError(L("The OFD file is damaged or incomplete ({what}).", what=what))


def too_much(what: str) -> OfdError:
    """The file asks for more than a desk can be asked for."""
    return OfdError(
        L("The OFD file is larger or more complicated than what can be shown here ({what}).", what=what)
    )


class Budget:
    """Counts what a file costs; a file that asks for too much ends with `OfdError` instead of drawing for ever."""

    def __init__(self) -> None:
        self._steps = MOST_STEPS
        self._pixels = MOST_PIXELS_IN_ALL

    @property
    def left(self) -> int:
        """Steps that are left."""
        return self._steps

    def spend(self, steps: int) -> None:
        """Take steps of drawing."""
        self._steps -= steps
        if self._steps < 0:
            raise too_much("drawing")

    def paint(self, area: float) -> None:
        """Take what painting an area (mm²) costs whoever draws the PDF: a page in one colour is as dear as a thousand glyphs."""
        self.spend(int(min(abs(area), _MOST_AREA) / _AREA_A_STEP))

    def picture(self, width: int, height: int, *, unpacked: bool) -> None:
        """Take a picture's pixels. Raises BadPartError where one picture has too many."""
        pixels = width * height
        if not 0 < pixels <= MOST_PIXELS:
            raise BadPartError(f"picture of {width} x {height}")
        self._pixels -= pixels if unpacked else pixels // 4
        if self._pixels < 0:
            raise too_much("pictures")
