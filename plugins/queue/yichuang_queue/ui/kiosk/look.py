"""The looks of the kiosk: its fixed colours, its sizes on any screen, and what a button shows.

A kiosk is a public screen: its colours are fixed. Sizes are those of ui.md (05) on a screen 1080 wide; nothing that can be
pressed is smaller than 96 pixels on a side.
"""

from __future__ import annotations

from dataclasses import dataclass

DEEP, TEAL, TINT, TINT_LINE = "#143C49", "#1C5A6C", "#E1EEF1", "#A8CAD3"
BACK, PAPER, LINE, SUNKEN = "#EFF3F5", "#FFFFFF", "#CDD7DC", "#E6ECEF"
INK, SOFT, FAINT, WHITE = "#17242D", "#475863", "#9BAAB2", "#FFFFFF"
AMBER, AMBER_TINT, AMBER_LINE = "#8A5300", "#FCF3DF", "#EBD29B"
GREEN, GREEN_TINT, READY = "#22693F", "#E6F3EA", "#74C695"
PALE = "#C9DBE0"
TARGET = 96
FOCUS = "#2F8CA3"


@dataclass(frozen=True)
class Look:
    """How large and in which way everything is drawn.

    Attributes:
        scale: Pixels for one pixel of the design.
        large: Large type: letters larger, ornaments left out.
        mongolian: Mongolian columns beside the Chinese.
        low: Everything to press in the lower half.
        wide: The screen is wider than high.
    """

    scale: float = 1.0
    large: bool = False
    mongolian: bool = False
    low: bool = False
    wide: bool = False

    @property
    def tight(self) -> bool:
        """Whether there is little height for a page."""
        return self.low or self.wide

    def px(self, size: float) -> int:
        """A length of the design in pixels of this screen."""
        return round(size * self.scale)

    def letters(self, size: float) -> int:
        """A size of letters; a third larger in large type."""
        return max(14, round(size * self.scale * (1.3 if self.large else 1)))

    def target(self, size: float = TARGET) -> int:
        """The length of something to press: as designed, but never under 96 pixels."""
        return max(TARGET, self.px(size))


@dataclass(frozen=True)
class Face:
    """What a button shows.

    Attributes:
        value, under: At the right: how many wait, and how long; `tone` colours both.
        mn: Mongolian, in a column at the left.
        off: Why it cannot be pressed; it is shown in place of the value.
    """

    title: str
    note: str = ""
    icon: str = ""
    value: str = ""
    under: str = ""
    tone: str = ""
    mn: str = ""
    off: str = ""
