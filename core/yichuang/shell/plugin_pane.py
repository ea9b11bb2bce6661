"""The right half of the plugins page: one plugin, its fault with the trace, its facts, its permissions one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from yichuang.hall.words import core as words
from yichuang.shell.clock import hall_time
from yichuang.shell.crash import copy_text
from yichuang.widgets import Button, Hairline, KeyValue, Scroller, Text, Toggle, icons, paint, theme

if TYPE_CHECKING:
    from yichuang.host.manifest import Permission
    from yichuang.host.plugins import Plugin

_ = words.text
TRACE_HEIGHT = 150
SUITE_PUBLISHER = "yichuang"


def publisher_of(plugin: Plugin) -> str:
    """Who the manifest says has made it, in words for people."""
    publisher = plugin.manifest.publisher if plugin.manifest is not None else ""
    if publisher == SUITE_PUBLISHER:
        return _("Yichuang core")
    return publisher or _("Unknown publisher")


class Emblem(QWidget):
    """The plugin's icon in a tinted square, red where it has failed."""

    def __init__(self, icon: str, red: bool) -> None:
        super().__init__()
        self._icon, self._red = icon, red
        self.setFixedSize(40, 40)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint square and icon."""
        painter = QPainter(self)
        paint.box(painter, QRectF(self.rect()), 8, "reds" if self._red else "accs")
        icons.paint_icon(painter, QRectF(10, 10, 20, 20), self._icon, "redd" if self._red else "acct")


class FaultBox(QFrame):
    """What failed and that nothing else did, the trace below, what can be done at the foot.

    Signals:
        retry_asked: The person wants to start the plugin again.
    """

    retry_asked = pyqtSignal()

    def __init__(self, plugin: Plugin, may_manage: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(38, 10, 14, 10)
        head.setSpacing(2)
        running = str(plugin.state) == "active"
        title = (
            _("It has failed while working; the rest is not affected")
            if running
            else _("The plugin has stopped; the rest is not affected")
        )
        head.addWidget(Text(title, 13, "red", strong=True, wrap=True))
        head.addWidget(Text(fault_text(plugin), 12, "t2", wrap=True, selectable=True))
        self._head = QWidget()
        self._head.setLayout(head)
        column.addWidget(self._head)
        trace = trace_of(plugin)
        if trace:
            view = QPlainTextEdit(trace)
            view.setReadOnly(True)
            view.setFrameShape(QFrame.Shape.NoFrame)
            view.setFont(theme.font(11, mono=True))
            view.setFixedHeight(TRACE_HEIGHT)
            view.setAccessibleName(_("Diagnostics"))
            column.addWidget(view)
            column.addWidget(Hairline())
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 8, 14, 8)
        foot.setSpacing(8)
        self.retry = Button(_("Try again"), icon="rotate-ccw", size="compact")
        self.retry.clicked.connect(lambda _checked=False: self.retry_asked.emit())
        if str(plugin.state) == "rejected":
            self.retry.set_reason(_("Its manifest must be mended first."))
        elif not may_manage:
            self.retry.set_reason(_("Only an administrator of the hall may do this."))
        self.copy = Button(_("Copy diagnostics"), icon="copy", size="compact")
        self.copy.clicked.connect(lambda _checked=False: copy_text(diagnostics(plugin)))
        foot.addWidget(self.retry)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        column.addLayout(foot)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the box; its head is tinted."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        paint.box(painter, area, 8, "surface")
        head = QRectF(0, 0, area.width(), self._head.geometry().bottom() + 1)
        paint.box(painter, head, 8, "reds")
        painter.fillRect(QRectF(0, head.bottom() - 9, head.width(), 9), theme.color("reds"))
        paint.box(painter, area, 8, None, "redl")
        icons.paint_icon(painter, QRectF(14, 13, 16, 16), "circle-alert", "redd")


class PermissionRow(QWidget):
    """One permission: what it allows, and a switch.

    Signals:
        toggled: Whether it is granted now.
    """

    toggled = pyqtSignal(bool)

    def __init__(self, title: str, permission: Permission, granted: bool, may_manage: bool) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 7, 0, 7)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Text(title, 13, "t1"))
        count = len(permission.operations)
        texts.addWidget(
            Text(_("{count} operations", count=count) + f"\u2003{permission.id}", 11, "t3", elide=True)
        )
        row.addLayout(texts, 1)
        self.switch = Toggle(granted, title)
        self.switch.setEnabled(may_manage)
        if not may_manage:
            self.switch.setToolTip(_("Only an administrator of the hall may do this."))
        self.switch.toggled.connect(self.toggled)
        row.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignVCenter)


class PluginPane(QFrame):
    """One plugin.

    Signals:
        retry_asked: Plugin to start again.
        permission_toggled: (plugin, permission id, granted).
    """

    retry_asked = pyqtSignal(object)
    permission_toggled = pyqtSignal(object, str, bool)

    def __init__(self, may_manage: bool) -> None:
        super().__init__()
        self._may = may_manage
        self.setProperty("fill", "surface")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 0, 0, 0)
        self._content: QWidget | None = None
        self._shown: Plugin | None = None

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the hairline towards the list."""
        super().paintEvent(event)
        paint.hairline(QPainter(self), 0, 0, self.height(), vertical=True)

    def show_plugin(self, plugin: Plugin | None) -> None:
        """Show a plugin; the same snapshot again changes nothing, so that a text selection stays."""
        if plugin is self._shown and self._content is not None:
            return
        self._shown = plugin
        if self._content is not None:
            self._content.hide()
            self._content.deleteLater()
        self._content = self._make(plugin) if plugin is not None else QWidget()
        self._column.addWidget(self._content)

    def _make(self, plugin: Plugin) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(19, 14, 20, 16)
        column.setSpacing(12)
        column.addLayout(self._make_head(plugin))
        if plugin.badge or str(plugin.reason):
            if plugin.badge:
                self.fault = FaultBox(plugin, self._may)
                self.fault.retry_asked.connect(lambda: self.retry_asked.emit(plugin))
                column.addWidget(self.fault)
            else:
                column.addWidget(self._make_reason(plugin))
        column.addWidget(Text(_("About"), 13, "t1", strong=True))
        column.addWidget(KeyValue(facts(plugin), 64))
        if plugin.manifest is not None and plugin.manifest.permissions:
            column.addWidget(Hairline())
            column.addLayout(self._make_permissions(plugin))
        column.addStretch(1)
        return Scroller(body)

    def _make_head(self, plugin: Plugin) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        icon = plugin.manifest.icon if plugin.manifest is not None else "puzzle"
        row.addWidget(Emblem(icon, str(plugin.state) in ("faulted", "rejected")))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Text(plugin.title(), 16, "t1", strong=True, elide=True))
        line = "\u2003".join(part for part in (publisher_of(plugin), plugin.version, plugin.id) if part)
        texts.addWidget(Text(line, 12, "t3", elide=True))
        row.addLayout(texts, 1)
        return row

    def _make_reason(self, plugin: Plugin) -> QWidget:
        from yichuang.widgets import InfoNote

        again = Button(_("Start it"), icon="play", size="compact")
        again.clicked.connect(lambda _checked=False: self.retry_asked.emit(plugin))
        if not self._may:
            again.set_reason(_("Only an administrator of the hall may do this."))
        actions = [again] if str(plugin.state) == "skipped" else []
        return InfoNote(_("Not running"), str(plugin.reason), actions)

    def _make_permissions(self, plugin: Plugin) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        manifest = plugin.manifest
        if manifest is None:
            return column
        granted = len(manifest.permissions) - len(plugin.refused)
        head = QHBoxLayout()
        head.addWidget(Text(_("Permissions"), 13, "t1", strong=True))
        head.addSpacing(8)
        line = _("{asked} asked for, {granted} granted", asked=len(manifest.permissions), granted=granted)
        head.addWidget(Text(line, 12, "t3"))
        head.addStretch(1)
        column.addLayout(head)
        self.permissions: dict[str, PermissionRow] = {}
        for permission in manifest.permissions:
            row = PermissionRow(
                manifest.text(permission.title), permission, permission.id not in plugin.refused, self._may
            )
            row.toggled.connect(lambda on, name=permission.id: self.permission_toggled.emit(plugin, name, on))
            self.permissions[permission.id] = row
            column.addWidget(row)
            column.addWidget(Hairline())
        return column


def fault_text(plugin: Plugin) -> str:
    """When and why, in sentences."""
    parts = []
    if plugin.faults:
        last = plugin.faults[-1]
        at = hall_time(last.at).strftime("%H:%M")
        parts.append(_("{time} {where}: {summary}", time=at, where=last.where, summary=last.summary))
    if str(plugin.reason):
        parts.append(str(plugin.reason))
    if plugin.failed_starts > 1:
        parts.append(_("{count} starts in a row have failed.", count=plugin.failed_starts))
    return "\n".join(dict.fromkeys(parts))


def trace_of(plugin: Plugin) -> str:
    """The trace of the failed start, or of the last failed hook."""
    if plugin.traceback:
        return plugin.traceback.rstrip()
    return plugin.faults[-1].traceback.rstrip() if plugin.faults else ""


def facts(plugin: Plugin) -> list[tuple[str, ...]]:
    """What is known of a plugin."""
    manifest = plugin.manifest
    rows: list[tuple[str, ...]] = [(_("Folder"), str(plugin.folder))]
    if manifest is not None:
        rows.append((_("Contract"), manifest.api))
        if manifest.schema:
            rows.append((_("Tables"), _("version {version}", version=manifest.schema)))
        if manifest.requires:
            rows.append((_("Requires"), "、".join(manifest.requires)))
        if manifest.pages:
            rows.append((_("Pages"), "、".join(manifest.text(page.title) for page in manifest.pages)))
    if plugin.stopped:
        rows.append((_("No longer asked"), ", ".join(sorted(plugin.stopped)), "red"))
    return rows


def diagnostics(plugin: Plugin) -> str:
    """Everything about a plugin that helps whoever maintains it."""
    lines = [
        f"plugin {plugin.id} {plugin.version} ({plugin.state})",
        f"folder {plugin.folder}",
        str(plugin.reason),
    ]
    if plugin.traceback:
        lines += ["", plugin.traceback.rstrip()]
    for fault in plugin.faults:
        lines += [
            "",
            f"{fault.at.isoformat(timespec='seconds')} {fault.where}: {fault.summary}",
            fault.traceback.rstrip(),
        ]
    return "\n".join(lines)
