"""The faces of the screens: loads the bundled files once and makes the fonts of the type scale.

The base face is loaded before the first window; the strong one right after it. Both are mapped from disk by Qt, which
takes 5 to 20 ms for a 10 MB file, so no thread is needed.
"""

from __future__ import annotations

import importlib.util
import logging
from functools import lru_cache
from pathlib import Path

from PyQt6.QtGui import QFont, QFontDatabase

FAMILY = "Noto Sans SC"
FALLBACK_FAMILIES = ("Noto Sans CJK SC", "Microsoft YaHei UI", "Source Han Sans SC", "Noto Sans Mongolian")
MONO_FAMILIES = ("JetBrains Mono", "DejaVu Sans Mono", "Liberation Mono", "Consolas")

_log = logging.getLogger(__name__)
_strong_weight = QFont.Weight.Bold
_loaded = False


def load() -> None:
    """Register the bundled faces with Qt; a second call does nothing.

    A missing file is logged and the desk's own Chinese font is used.
    """
    global _loaded, _strong_weight
    if _loaded:
        return
    _loaded = True
    for role in ("sans", "sans-medium", "mono"):
        path = _file_of(role)
        if path is None:
            if role == "sans":
                _log.warning("the bundled face %s is not installed, using the desk's own", FAMILY)
            continue
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            _log.warning("Qt cannot read the face %s", path)
    if "Medium" in QFontDatabase.styles(FAMILY):
        _strong_weight = QFont.Weight.Medium


@lru_cache(maxsize=64)
def font(px: int = 13, *, strong: bool = False, mono: bool = False) -> QFont:
    """A font of the type scale, in pixels. Strong is Medium where that weight is installed, else Bold."""
    load()
    made = QFont()
    made.setFamilies([*(MONO_FAMILIES if mono else ()), FAMILY, *FALLBACK_FAMILIES])
    if mono:
        made.setStyleHint(QFont.StyleHint.Monospace)
    made.setPixelSize(px)
    made.setWeight(_strong_weight if strong else QFont.Weight.Normal)
    # Light hinting moves Chinese strokes to whole pixels, which keeps 11 and 12 px readable at 100 %.
    made.setHintingPreference(QFont.HintingPreference.PreferDefaultHinting)
    return made


@lru_cache(maxsize=16)
def mongolian_font(px: int) -> QFont:
    """A font for traditional Mongolian, in pixels; the bundled face is loaded at the first call."""
    _load_mongolian()
    made = QFont(font(px))
    made.setFamilies(["Noto Sans Mongolian", "Mongolian Baiti", *made.families()])
    return made


@lru_cache(maxsize=1)
def _load_mongolian() -> None:
    path = _file_of("mongolian")
    if path is None or QFontDatabase.addApplicationFont(str(path)) < 0:
        _log.warning("the Mongolian face is not installed, using the desk's own")


def _file_of(role: str) -> Path | None:
    """The file of a face: from our resources, else from the package that carries the regular face."""
    try:
        from yichuang_resources import fonts

        found = Path(fonts.path(role))
    except (ImportError, AttributeError, KeyError, ValueError, OSError):
        found = None
    if found is not None and found.is_file():
        return found
    if role != "sans":
        return None
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if spec is None or spec.origin is None:
        return None
    packaged = Path(spec.origin).parent / "NotoSansSC-Regular.otf"
    return packaged if packaged.is_file() else None
