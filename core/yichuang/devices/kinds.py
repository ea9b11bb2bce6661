"""The kinds of devices and the adapters that speak for them."""

from __future__ import annotations

from dataclasses import dataclass

from yichuang.devices.errors import device_error
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

L = words.lazy

KIND_NAMES: dict[str, LazyText] = {
    "id_card_reader": L("ID card reader"),
    "document_camera": L("document camera"),
    "scanner": L("scanner"),
    "ticket_printer": L("ticket printer"),
    "paper_printer": L("A4 printer"),
    "signature_pad": L("signature pad"),
    "voice": L("voice"),
}
KINDS = tuple(KIND_NAMES)


@dataclass(frozen=True)
class AdapterSpec:
    """Where one adapter's class lives; it is imported in the child process only."""

    kind: str
    name: str
    target: str
    simulated: bool = False


_HOME = "yichuang.devices.adapters"
_ADAPTERS: dict[tuple[str, str], AdapterSpec] = {}


def register_adapter(kind: str, name: str, target: str, *, simulated: bool = False) -> None:
    """Make an adapter known, so that a department's plugin can bring its own device.

    Args:
        kind: One of `KINDS`.
        name: What settings call it, such as "network".
        target: "package.module:Class", a subclass of `yichuang.devices.adapter.Adapter`.
        simulated: Whether it only plays a device.

    Raises:
        ValueError: Unknown kind, or a target that is not "module:Class".
    """
    if kind not in KIND_NAMES or target.count(":") != 1:
        raise ValueError(f"cannot register adapter {name!r} of {kind!r} at {target!r}")
    _ADAPTERS[kind, name] = AdapterSpec(kind, name, target, simulated)


def adapters(kind: str) -> tuple[str, ...]:
    """The names of the adapters of a kind, the simulator first."""
    specs = [spec for spec in _ADAPTERS.values() if spec.kind == kind]
    return tuple(spec.name for spec in sorted(specs, key=lambda spec: not spec.simulated))


def adapter_spec(kind: str, name: str) -> AdapterSpec:
    """The adapter of that name.

    Raises:
        UserError: DEVICE_BAD_SETTINGS, there is no such adapter.
    """
    spec = _ADAPTERS.get((kind, name))
    if spec is None:
        raise device_error(
            "DEVICE_BAD_SETTINGS", device=KIND_NAMES.get(kind, kind), setting="adapter", value=name
        )
    return spec


register_adapter("id_card_reader", "simulated", f"{_HOME}.id_card_reader:SimulatedReader", simulated=True)
register_adapter("id_card_reader", "sdtapi", f"{_HOME}.sdt_api_reader:SdtApiReader")
register_adapter("id_card_reader", "cvr", f"{_HOME}.cvr_reader:CvrReader")
register_adapter("document_camera", "simulated", f"{_HOME}.document_camera:SimulatedCamera", simulated=True)
register_adapter("document_camera", "uvc", f"{_HOME}.uvc_camera:UvcCamera")
register_adapter("document_camera", "qt", f"{_HOME}.qt_camera:QtCamera")
register_adapter("document_camera", "folder", f"{_HOME}.document_camera:WatchedFolder")
register_adapter("scanner", "simulated", f"{_HOME}.scanner:SimulatedScanner", simulated=True)
register_adapter("scanner", "sane", f"{_HOME}.scanner:SaneScanner")
register_adapter("scanner", "folder", f"{_HOME}.scanner:FolderScanner")
register_adapter("ticket_printer", "simulated", f"{_HOME}.ticket_printer:SimulatedPrinter", simulated=True)
register_adapter("ticket_printer", "file", f"{_HOME}.ticket_printer:FilePrinter")
register_adapter("ticket_printer", "network", f"{_HOME}.ticket_printer:NetworkPrinter")
register_adapter("ticket_printer", "usb", f"{_HOME}.ticket_printer:UsbPrinter")
register_adapter("paper_printer", "simulated", f"{_HOME}.paper_printer:SimulatedPrinter", simulated=True)
register_adapter("paper_printer", "cups", f"{_HOME}.paper_printer:CupsPrinter")
register_adapter("signature_pad", "simulated", f"{_HOME}.signature_pad:SimulatedPad", simulated=True)
register_adapter("voice", "simulated", f"{_HOME}.voice:SimulatedVoice", simulated=True)
register_adapter("voice", "espeak", f"{_HOME}.voice:EspeakVoice")
