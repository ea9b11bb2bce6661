"""Words of the seal plugin: its gettext catalogue."""

from __future__ import annotations

from pathlib import Path

from yichuang.api import Words

words = Words("yichuang_seal", Path(__file__).parent / "locales")
_ = words.text
L = words.lazy
