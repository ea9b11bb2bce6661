"""Pages without a window, for tests of plugins: a real context over a real suite, on the thread of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

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
    from yichuang.host.manifest import Manifest
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor

Build = Callable[[PageContext], QWidget]


@contextmanager
def open_page(
    suite: Suite,
    actor: Actor,
    page_id: str,
    build: Build | None = None,
    args: Mapping[str, Any] | None = None,
) -> Iterator[tuple[QWidget, PageContext]]:
    """Build a page and bring it to the front, as opening it in the window would; closes it afterwards.

    A window with a process of its own is opened in the same way, by `<plugin>.<name>`.

    What the page asks of the shell comes as signals of `context.services`: `navigation_asked`, `toast_asked`, `failed`,
    `notice_given`, `status_asked`, `shortcut_claimed`. A fault of the program is raised when the page is closed.

    Args:
        suite: An open suite; the caller closes it.
        actor: Who is signed in.
        page_id: Id of the page in the manifest of a running plugin.
        build: The page's factory; by default the one the manifest names.
        args: What `navigate` or the command line gives.
    """
    manifest, factory = _find(suite, page_id)
    if build is None:
        if not factory:
            raise KeyError(page_id)
        build = load_factory(factory)
    bugs: list[BaseException] = []
    backend = Backend(bugs.append)
    backend.adopt(suite)
    devices = DeskDevices()
    services = ShellServices(backend, Preferences(suite.data_dir), devices, actor)
    plugin = manifest.id if manifest is not None else page_id.partition(".")[0]
    context = PageContext(services, plugin, page_id, manifest.words if manifest is not None else words)
    services.attach(context)
    context.args = dict(args or {})
    widget = build(context)
    try:
        widget.resize(1212, 796)
        widget.show()
        context.shown.emit(dict(args or {}))
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


def _find(suite: Suite, page_id: str) -> tuple[Manifest | None, str]:
    """The running plugin that a page or window belongs to, and its factory."""
    for manifest in suite.manifests:
        factories = {page.id: page.factory for page in manifest.pages}
        factories |= {manifest.window_id(window): window.factory for window in manifest.windows}
        if page_id in factories:
            return manifest, factories[page_id]
    return None, ""
