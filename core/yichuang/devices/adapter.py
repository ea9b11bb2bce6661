"""What one adapter has to do; it lives in a child process and may crash or hang there without harm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Mapping[str, object]])


class TroubleError(Exception):
    """A fault to be told to the person at the window; the suite words it by its code.

    Attributes:
        code: A code of `yichuang.devices.errors`, or the adapter's own.
        facts: JSON-able values named in the sentence, and technical ones.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def command(method: F) -> F:
    """Mark a method as something to ask of the device; keyword arguments in, JSON-able values out."""
    method.__dict__["is_command"] = True
    return method


class Adapter:
    """Speaks for one device.

    Life: `open`, then commands and `poll` one at a time on one thread, then `close`. A `TroubleError` with
    DEVICE_ABSENT from any of them means that the device is not there: it is closed and opened again every few
    seconds. Any other exception than `TroubleError` ends the process, which is started afresh.
    """

    poll_every: float | None = None
    """Seconds between two calls of `poll` while nothing is asked; None for never."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings

    def open(self) -> None:
        """Find the device and make it ready."""

    def close(self) -> None:
        """Let go of the device."""

    def poll(self) -> Iterable[tuple[str, Mapping[str, object]]]:
        """What the device has to report by itself: (event name, data)."""
        return ()

    def setting(self, name: str, kind: type, default: object = None) -> Any:
        """A setting, checked for its type.

        Raises:
            TroubleError: DEVICE_BAD_SETTINGS, it is missing or of another type.
        """
        value = self.settings.get(name, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise TroubleError("DEVICE_BAD_SETTINGS", setting=name, value=str(value))
        return value

    def folder(self) -> Path:
        """The setting "folder", made if it is not there.

        Raises:
            TroubleError: DEVICE_BAD_SETTINGS or DEVICE_FILE.
        """
        folder = Path(self.setting("folder", str))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TroubleError("DEVICE_FILE", path=str(folder), cause=str(error)) from error
        return folder


def numbered_file(folder: Path, stem: str, suffix: str, data: bytes) -> Path:
    """Write `stem-0001.suffix` or the next free number; a half-written file never carries the final name.

    Raises:
        TroubleError: DEVICE_FILE.
    """
    numbers = [
        int(path.stem.rpartition("-")[2]) for path in folder.glob(f"{stem}-[0-9][0-9][0-9][0-9]{suffix}")
    ]
    path = folder / f"{stem}-{max(numbers, default=0) + 1:04d}{suffix}"
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise TroubleError("DEVICE_FILE", path=str(path), cause=str(error)) from error
    return path
