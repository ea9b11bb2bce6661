"""The page area: builds a page at its first opening, keeps it, and tells it when it is seen."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PyQt6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import PageContext
from yichuang.hall.words import Words
from yichuang.hall.words import core as words
from yichuang.shell.faults import make_report
from yichuang.shell.navigation import Build, Entry
from yichuang.shell.services import ShellServices
from yichuang.widgets import paint, theme

_ = words.text
RADIUS = 8


class Corner(QWidget):
    """The rounded top-left corner, laid over whatever page is below: a rounded parent does not clip its children."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(RADIUS + 1, RADIUS + 1)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Cover the corner with the colour of the application and draw the line round it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        arc = QRectF(0.5, 0.5, 2 * RADIUS, 2 * RADIUS)
        outside = QPainterPath()
        outside.moveTo(0, 0)
        outside.lineTo(RADIUS + 1, 0)
        outside.lineTo(arc.center().x(), arc.top())
        outside.arcTo(arc, 90, 90)
        outside.lineTo(0, RADIUS + 1)
        outside.closeSubpath()
        painter.fillPath(outside, theme.color("app"))
        pen = QPen(theme.color("line2"), 1)
        painter.setPen(pen)
        painter.drawArc(arc, 90 * 16, 90 * 16)


class PageHost(QFrame):
    """All open pages of one person's visit.

    Attributes:
        current: Id of the page in front, "" before the first.
        broken: Why pages could not be built, by id.

    Signals:
        page_changed: Id of the page that is in front now.
        page_built: Id of a page that has just been built.
    """

    page_changed = pyqtSignal(str)
    page_built = pyqtSignal(str)

    def __init__(
        self, services: ShellServices, plugin_words: Callable[[str], Words], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._plugin_words = plugin_words
        self._contexts: dict[str, PageContext] = {}
        self._widgets: dict[str, QWidget] = {}
        self._entries: dict[str, Entry] = {}
        self.current = ""
        self.broken: dict[str, BaseException] = {}
        self.setProperty("fill", "surface")
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(
            1, 1, 0, 0
        )  # the lines; a stacked layout of its own would ignore the margins
        column.addWidget(self._stack)
        self._corner = Corner(self)

    def open(self, entry: Entry, args: Mapping[str, Any] | None = None) -> PageContext:
        """Bring a page to the front, building it if this is the first time."""
        if entry.id not in self._widgets:
            self._build(entry)
        context, widget = self._contexts[entry.id], self._widgets[entry.id]
        given = dict(args or {})
        if widget.property("ownWindow"):
            self._show_window(widget)
            context.shown.emit(given)
            return context
        if self.current != entry.id:
            previous = self._contexts.get(self.current)
            if previous is not None:
                previous.hidden.emit()
            self.current = entry.id
            self._stack.setCurrentWidget(widget)
            self._corner.raise_()
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
        context.shown.emit(given)
        self.page_changed.emit(entry.id)
        return context

    def rebuild(self, page_id: str) -> None:
        """Throw a page away and build it again (after a fault, or when its plugin was started anew)."""
        entry = self._entries.get(page_id)
        if entry is None:
            return
        was_current = self.current == page_id
        self._drop(page_id)
        if was_current:
            self.current = ""
            self.open(entry)

    def drop_plugin(self, plugin: str) -> None:
        """Forget the pages of a plugin that has stopped."""
        for page_id in [i for i, entry in self._entries.items() if entry.plugin == plugin]:
            if page_id != self.current:
                self._drop(page_id)

    def forget_current(self) -> None:
        """Drop the page in front, whose plugin has changed; the caller opens what stands there now."""
        if self.current in self._widgets:
            self._drop(self.current)
        self.current = ""

    def context(self, page_id: str) -> PageContext | None:
        """The context of an open page."""
        return self._contexts.get(page_id)

    def widget(self, page_id: str) -> QWidget | None:
        """The widget of an open page."""
        return self._widgets.get(page_id)

    def windows(self, *, visible: bool) -> list[QWidget]:
        """Pages that are windows of their own and are visible, or not."""
        own = [widget for widget in self._widgets.values() if widget.property("ownWindow")]
        return [widget for widget in own if widget.isVisible() == visible]

    def contexts(self) -> list[PageContext]:
        """Contexts of all open pages."""
        return list(self._contexts.values())

    def close_all(self) -> None:
        """Close windows and pages; answers that come later are dropped."""
        for page_id in list(self._widgets):
            self._drop(page_id)
        self.current = ""

    def _build(self, entry: Entry) -> None:
        context = PageContext(self._services, entry.plugin, entry.id, self._plugin_words(entry.plugin))
        self._services.attach(context)
        try:
            widget = load_factory(entry.factory)(context)
            if not isinstance(widget, QWidget):
                raise TypeError(f"{entry.factory} gave {type(widget).__name__}, expected a QWidget")
        except (Exception, SystemExit) as fault:  # noqa: BLE001 - a page of a plugin may fail in any way; the shell stays up
            sys.excepthook(type(fault), fault, fault.__traceback__)
            self.broken[entry.id] = fault
            others = _("The other pages are not affected.")
            widget = broken_page(entry.title, fault, lambda: self.rebuild(entry.id), others)
        widget.setObjectName(f"page:{entry.id}")
        self._entries[entry.id] = entry
        self._contexts[entry.id] = context
        self._widgets[entry.id] = widget
        if not widget.property("ownWindow"):
            self._stack.addWidget(widget)
        self.page_built.emit(entry.id)

    def _drop(self, page_id: str) -> None:
        self.broken.pop(page_id, None)
        self._entries.pop(page_id, None)
        context = self._contexts.pop(page_id)
        widget = self._widgets.pop(page_id)
        if context.visible:
            context.hidden.emit()
        self._stack.removeWidget(widget)
        widget.close()
        widget.deleteLater()
        context.deleteLater()

    @staticmethod
    def _show_window(widget: QWidget) -> None:
        widget.show()
        widget.raise_()
        widget.activateWindow()

    def resizeEvent(self, event: object) -> None:
        """Keep the corner on top."""
        self._corner.move(0, 0)
        self._corner.raise_()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the ground and the lines at the top and left."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        paint.hairline(painter, 0, 0, self.width(), ink="line2")
        paint.hairline(painter, 0, 0, self.height(), vertical=True, ink="line2")


def load_factory(factory: str | Build) -> Build:
    """The function that builds a page; a text names it as `module:function`."""
    if not isinstance(factory, str):
        return factory
    module, _separator, name = factory.partition(":")
    build: Build = getattr(importlib.import_module(module), name)
    return build


def broken_page(title: str, fault: BaseException, retry: Callable[[], None], safe: str = "") -> QWidget:
    """What stands where a page could not be built: what failed, what is safe, what to do."""
    from yichuang.widgets import Button, ErrorNote

    report = make_report(fault)
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(20, 20, 20, 20)
    again = Button(_("Try again"), icon="rotate-cw", size="compact")
    again.clicked.connect(lambda _checked=False: retry())
    note = ErrorNote(
        _("{page} could not be opened", page=title),
        f"{report.summary} {safe}".strip(),
        actions=(again,),
        diagnostics=report.diagnostics(),
    )
    column.addWidget(note)
    column.addStretch(1)
    return page
