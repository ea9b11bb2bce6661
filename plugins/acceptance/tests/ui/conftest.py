"""Pages over a real suite on SQLite, with the keys they claim and what they tell the shell."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QWidget

from yichuang.api import Actor
from yichuang.api.ui import Dialog, PageContext
from yichuang.host.suite import Suite
from yichuang.shell.testing import open_page

PAGES = {
    "acceptance.intake": "yichuang_acceptance.ui.intake",
    "acceptance.workbench": "yichuang_acceptance.ui.workbench",
    "acceptance.issuing": "yichuang_acceptance.ui.issuing",
    "acceptance.catalogue": "yichuang_acceptance.ui.catalogue",
    "acceptance.agents": "yichuang_acceptance.ui.agents",
    "acceptance.offline": "yichuang_acceptance.ui.offline.window",
    "acceptance.handover": "yichuang_acceptance.ui.handover",
    "acceptance.supervision": "yichuang_acceptance.ui.supervision",
}


@dataclass
class Opened:
    """A page that is in front, and what it asked of the shell."""

    page: Any
    context: PageContext
    keys: dict[str, Any]
    toasts: list[tuple[str, str, Any]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def press(self, key: str) -> None:
        """A key of the page, as the shell would pass it on."""
        self.keys[key].trigger()

    def dialog(self) -> Any:
        """The question that is open."""
        return next(d for d in self.page.findChildren(Dialog) if d.isVisible())

    def has_dialog(self) -> bool:
        return any(d.isVisible() for d in self.page.findChildren(Dialog))


@contextmanager
def open_desk(suite: Suite, actor: Actor, page_id: str) -> Iterator[Opened]:
    keys: dict[str, Any] = {}

    def build(context: PageContext) -> QWidget:
        context.services.shortcut_claimed.connect(lambda claimed: keys.__setitem__(claimed.key, claimed))
        return importlib.import_module(PAGES[page_id]).build(context)

    with open_page(suite, actor, page_id, build) as (page, context):
        opened = Opened(page, context, keys)
        context.services.toast_asked.connect(lambda *told: opened.toasts.append(told))
        context.services.status_asked.connect(opened.words.append)
        page.activateWindow()
        yield opened


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """What a page shows does not depend on the kind of database."""
    return f"sqlite:///{tmp_path / 'hall.sqlite'}"


@pytest.fixture
def hall(suite: Suite) -> Suite:
    """The small hall of the operations' tests, opened for a desk."""
    return suite


@pytest.fixture
def wait(qtbot: Any) -> Callable[[Callable[[], Any]], None]:
    """Until something is so, at most ten seconds."""
    return lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=10_000)


def png(shade: int = 200, width: int = 124, height: int = 176) -> bytes:
    """A page as a camera takes it."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (width, height), (shade, shade, 255)).save(out, "PNG")
    return out.getvalue()
