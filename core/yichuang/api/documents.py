"""Official papers for plugins: what they say, how they are made, where their seal goes."""

from __future__ import annotations

from yichuang.documents import *  # noqa: F403  # the names stand in the package's own __all__
from yichuang.documents import __all__ as __all__
