"""What a person sees of a fault: which part failed, what is safe, and the diagnostics to copy. The shell stays up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from yichuang.hall.words import core as words
from yichuang.shell.faults import FaultReport

if TYPE_CHECKING:
    from yichuang.widgets import Dialog

_ = words.text


class FaultDialogs:
    """Shows one report at a time over the window; more of them wait, so that a row of faults is no row of windows."""

    def __init__(
        self,
        window: QWidget,
        plugin_title: Callable[[str], str],
        open_plugin: Callable[[str], None] | None,
    ) -> None:
        self._window = window
        self._plugin_title = plugin_title
        self._open_plugin = open_plugin
        self._waiting: list[FaultReport] = []
        self.showing: FaultReport | None = None
        self.dialog: Dialog | None = None

    def show(self, report: FaultReport) -> None:
        """Show a fault now, or after the one that is shown."""
        if self.showing is not None:
            self._waiting.append(report)
            return
        self.showing = report
        dialog = fault_dialog(report, self._plugin_title(report.plugin), self._open_plugin)
        dialog.accepted.connect(self._next)
        dialog.rejected.connect(self._next)
        self.dialog = dialog
        dialog.open_in(self._window)

    def _next(self) -> None:
        self.showing = self.dialog = None
        if self._waiting:
            self.show(self._waiting.pop(0))


def fault_dialog(report: FaultReport, plugin_title: str, open_plugin: Callable[[str], None] | None) -> Dialog:
    """The dialog of one fault; without `open_plugin` it leads nowhere else."""
    from yichuang.widgets import Button, Dialog, Text, theme

    title, safe = _sentences(report, plugin_title)
    dialog = Dialog(title, safe, primary=_("Go on"), icon="circle-alert", wide=True)
    dialog.cancel_button.hide()  # there is nothing to call off; Esc goes on as well
    dialog.body.addWidget(Text(report.summary, 12, "red", wrap=True, selectable=True))
    trace = QPlainTextEdit(report.diagnostics())
    trace.setReadOnly(True)
    trace.setFont(theme.font(11, mono=True))
    trace.setFixedHeight(180)
    trace.setAccessibleName(_("Diagnostics"))
    dialog.body.addWidget(trace)
    copy = Button(_("Copy diagnostics"), icon="copy")
    copy.clicked.connect(lambda _checked=False: copy_text(report.diagnostics()))
    dialog.buttons.insertWidget(0, copy)
    if (
        report.plugin and open_plugin is not None and not report.crash
    ):  # nobody is signed in yet after a crash
        manage = Button(_("See the plugin"), icon="blocks")

        def go(_checked: bool = False) -> None:
            dialog.accept()
            open_plugin(report.plugin)

        manage.clicked.connect(go)
        dialog.buttons.insertWidget(1, manage)
    return dialog


def _sentences(report: FaultReport, plugin_title: str) -> tuple[str, str]:
    """What failed, and what is safe."""
    if report.crash:
        return (
            _("The program ended unexpectedly the last time"),
            _("What was saved is safe. The administrator can see from the diagnostics what happened."),
        )
    title = (
        _("{plugin} has failed", plugin=plugin_title)
        if report.plugin
        else _("Something in the program failed")
    )
    return title, _("What was saved is safe, and you can go on working. The other parts are not affected.")


def copy_text(text: str) -> None:
    """Put a text on the clipboard."""
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)
