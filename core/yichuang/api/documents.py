"""Official papers for plugins: what they say, how they are made, where their seal goes."""

from __future__ import annotations

from yichuang import documents
from yichuang.documents import *  # noqa: F403  # the names stand in the package's own __all__
from yichuang.documents import papers
from yichuang.documents.papers import *  # noqa: F403  # likewise

__all__: list[str] = []
__all__ += documents.__all__
__all__ += papers.__all__
