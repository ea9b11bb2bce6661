"""Where the suite's TrueType fonts are: one cache for the screens (Qt) and the papers (reportlab).

The cache is made at set-up by `installer/fonts.py`; release packages carry it. Which weights there are stands there.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["NAMES", "SANS_FAMILY", "SERIF_FAMILY", "FontMissingError", "available", "path"]

NAMES = ("sans", "sans-medium", "sans-bold", "serif", "serif-bold", "mongolian")
SANS_FAMILY = "Noto Sans SC"
SERIF_FAMILY = "Noto Serif SC"
_CACHE = Path(__file__).parent / "fonts"


class FontMissingError(FileNotFoundError):
    """A font of the suite has not been made on this machine; `remedy` is the command that makes it."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"The font {name!r} is missing from {_CACHE}: {remedy}.")
        self.name = name
        self.remedy = remedy


def path(name: str) -> Path:
    """Returns the TrueType file of a font.

    Args:
        name: One of `NAMES`.

    Raises:
        KeyError: There is no font of that name.
        FontMissingError: The cache does not hold it; the message says what to run.
    """
    if name not in NAMES:
        raise KeyError(f"no font {name!r}; there are {', '.join(NAMES)}")
    file = _CACHE / f"{name}.ttf"
    if not file.is_file():
        install = "install Debian's fonts-noto-core, then " if name == "mongolian" else ""
        raise FontMissingError(name, f"{install}run make setup")
    return file


def available() -> list[str]:
    """Returns the names of the fonts that are there."""
    return [name for name in NAMES if (_CACHE / f"{name}.ttf").is_file()]
