"""Words of the plugin in the reader's language; translations stand in locales/zh_CN."""

from pathlib import Path

from yichuang.api import Words

words = Words("yichuang_lostfound", Path(__file__).parent / "locales")
