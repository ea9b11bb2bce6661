"""The licence plugin's words."""

from __future__ import annotations

from pathlib import Path

from yichuang.api import Words

words = Words("yichuang_licence", Path(__file__).parent / "locales")
