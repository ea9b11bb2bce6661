"""Pages without a window, for tests of plugins: a real context over a real suite, on the thread of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import PageContext
from yichuang.hall.words import core as words
from yichuang.shell.backend import Backend
from yichuang.shell.devices import DeskDevices
from yichuang.shell.pages import load_factory
from yichuang.shell.preferences import Preferences
from yichuang.shell.services import ShellServices

if TYPE_CHECKING:
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor

Build = Callable[[PageContext], QWidget]


@contextmanager
def open_page(
    suite: Suite, actor: Actor, page_id: str, build: Build | None = None
) -> Iterator[tuple[QWidget, PageContext]]:
    """Build a page and bring it to the front, as opening it in the window would; closes it afterwards.

    What the page asks of the shell comes as signals of `context.services`: `navigation_asked`, `toast_asked`, `failed`,
    `notice_given`, `status_asked`, `shortcut_claimed`. A fault of the program is raised when the page is closed.

    Args:
        suite: An open suite; the caller closes it.
        actor: Who is signed in.
        page_id: Id of the page in the manifest of a running plugin.
        build: The page's factory; by default the one the manifest names.
    """
    manifest = next((m for m in suite.manifests if page_id in {page.id for page in m.pages}), None)
    if build is None:
        if manifest is None:
            raise KeyError(page_id)
        build = load_factory(next(page.factory for page in manifest.pages if page.id == page_id))
    bugs: list[BaseException] = []
    backend = Backend(bugs.append)
    backend.adopt(suite)
    devices = DeskDevices()
    services = ShellServices(backend, Preferences(suite.data_dir), devices, actor)
    plugin = manifest.id if manifest is not None else page_id.partition(".")[0]
    context = PageContext(services, plugin, page_id, manifest.words if manifest is not None else words)
    backend.changes.connect(context.changes)
    devices.said.connect(context.device_event)
    widget = build(context)
    try:
        widget.resize(1212, 796)
        widget.show()
        context.shown.emit({})
        yield widget, context
    finally:
        context.hidden.emit()
        widget.close()
        widget.deleteLater()
        context.deleteLater()
        backend.close()
        devices.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if bugs:
        raise bugs[0]
