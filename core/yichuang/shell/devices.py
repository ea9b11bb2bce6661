"""The devices of this desk: opened in the background, their states for the status bar, their events for the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from yichuang.devices import DeviceEvent, DeviceManager

L = words.lazy

NAMES = {
    "id_card_reader": L("ID card reader"),
    "document_camera": L("Document camera"),
    "scanner": L("Scanner"),
    "ticket_printer": L("Ticket printer"),
    "paper_printer": L("Printer"),
    "signature_pad": L("Signature pad"),
    "voice": L("Voice"),
}
"""What the status bar calls each kind."""


class DeskDevices(QObject):
    """All devices of the desk behind one manager; nothing is opened before a plugin needs it.

    Signals:
        state_changed: (kind, state).
        said: (kind, event name, data) of what a device told by itself.
    """

    state_changed = pyqtSignal(str, str)
    said = pyqtSignal(str, str, dict)
    _came = pyqtSignal(object)
    _opened = pyqtSignal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._manager: DeviceManager | None = None
        self._kinds: dict[str, str] = {}
        # Both are emitted on other threads, so Qt queues them: everything below runs on the UI thread.
        self._came.connect(self._on_event)
        self._opened.connect(self._set)

    @property
    def kinds(self) -> dict[str, str]:
        """Kind and state of every device that is set up here, in the order they were opened."""
        return dict(self._kinds)

    def open(self, kinds: Iterable[str], settings: Mapping[str, Mapping[str, Any]]) -> None:
        """Open the kinds that are not open yet. Runs on a worker: starting child processes takes its time."""
        from yichuang.devices import KINDS, DeviceManager

        if self._manager is None:
            self._manager = DeviceManager()
        for kind in kinds:
            if kind in KINDS and self._manager.get(kind) is None:
                chosen = dict(settings.get(kind, {"adapter": "simulated"}))
                if chosen.get("adapter") == "":
                    continue  # switched off for this desk in the settings
                device = self._manager.open(kind, chosen)
                device.on_event(self._came.emit)
                self._opened.emit(kind, str(device.state))

    def state(self, kind: str) -> str:
        """starting, ready, absent, failed or closed."""
        return self._kinds.get(kind, "absent")

    def ask(
        self, kind: str, command: str, timeout: float | None, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Send a command and wait for the answer. On a worker only.

        Raises:
            UserError: DEVICE_ABSENT and the device's own errors.
        """
        device = self._manager.get(kind) if self._manager is not None else None
        if device is None:
            raise UserError(
                "DEVICE_ABSENT",
                L("This desk has no {device}.", device=NAMES.get(kind, kind)),
                do=L("Set one up in the settings under devices."),
            )
        answer: dict[str, Any] = device.ask(command, timeout=timeout, **arguments)
        return answer

    def close(self) -> None:
        """End all child processes."""
        if self._manager is not None:
            self._manager.close()
            self._manager = None

    def _set(self, kind: str, state: str) -> None:
        if self._kinds.get(kind) != state:
            self._kinds[kind] = state
            self.state_changed.emit(kind, state)

    def _on_event(self, event: DeviceEvent) -> None:
        if event.name == "state":
            self._set(event.device, str(event.data.get("state", "")))
        else:
            self.said.emit(event.device, event.name, event.data)
