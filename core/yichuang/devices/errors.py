"""What can go wrong with a device, worded once; a child process sends only the code and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

L = words.lazy


class _Wording(NamedTuple):
    sentence: str
    do: str
    safe: str = "Nothing was changed."


_UNSURE = "It is not certain whether the device finished: look at it before you repeat."

_WORDINGS: dict[str, _Wording] = {
    "DEVICE_ABSENT": _Wording(
        "The {device} was not found.",
        "Check its cable, power and settings; it is looked for again by itself.",
    ),
    "DEVICE_BAD_COMMAND": _Wording(
        "The {device} cannot do “{command}”.", "Choose another device or adapter."
    ),
    "DEVICE_BAD_SETTINGS": _Wording(
        "The setting “{setting}” of the {device} is not usable: “{value}”.",
        "Correct it in the settings of the devices.",
    ),
    "DEVICE_BUSY": _Wording(
        "The {device} is still busy with earlier work.",
        "Wait a moment, then try again.",
    ),
    "DEVICE_CARD_UNKNOWN": _Wording(
        "This is a kind of card that the reader does not know.",
        "Type in the data from the card.",
    ),
    "DEVICE_CARD_UNREADABLE": _Wording(
        "The card could not be read correctly.",
        "Lift the card, lay it down again and hold it still.",
    ),
    "DEVICE_CLOSED": _Wording("The {device} has been closed.", "Open it again."),
    "DEVICE_FAILED": _Wording(
        "The {device} stopped working and is being restarted.",
        "Try again; if it happens again, call the administrator.",
        _UNSURE,
    ),
    "DEVICE_FILE": _Wording(
        "The {device} could not write to “{path}”.",
        "Check that the place exists, is writable and has free space.",
        _UNSURE,
    ),
    "DEVICE_LIBRARY": _Wording(
        "The maker's program library of the {device} cannot be used: “{path}”.",
        "Install the maker's driver for this system, or correct the path in the settings of the devices.",
    ),
    "DEVICE_PAGE": _Wording(
        "“{path}” is not an image that can be used.",
        "Scan the page again as PNG or JPEG.",
    ),
    "DEVICE_PRINT_JOB": _Wording(
        "The {device} refused the print job.",
        "Look at the printer and its queue, then print again.",
    ),
    "DEVICE_PRINTER_PAPER": _Wording(
        "The {device} has no paper left.", "Put in a new roll or paper, then print again."
    ),
    "DEVICE_SCANNER_EMPTY": _Wording(
        "The {device} holds no page.", "Lay the pages into the feeder, then scan again."
    ),
    "DEVICE_SCAN_FAILED": _Wording(
        "The {device} stopped: {cause}", "Look at the scanner, then scan the missing pages again."
    ),
    "DEVICE_TIMEOUT": _Wording(
        "The {device} did not answer within {seconds} seconds.",
        "Look at the device, then try again.",
        _UNSURE,
    ),
}
_UNKNOWN = _Wording(
    "The {device} reported a problem: {code}.", "Look at the device, then try again.", _UNSURE
)


def device_error(code: str, **facts: object) -> UserError:
    """The error of that code; a code of a foreign adapter gets a general sentence.

    Args:
        code: One of the codes of this module, or a foreign adapter's own.
        facts: What the sentence names (`device` always), and technical facts for `detail`.
    """
    facts.setdefault("device", L("device"))
    wording = _WORDINGS.get(code)
    if wording is None or not _complete(wording, facts):
        wording, facts["code"] = _UNKNOWN, code
    detail = {name: value for name, value in facts.items() if isinstance(value, str | int | float | bool)}
    return UserError(
        code,
        words.lazy(wording.sentence, **facts),
        safe=words.lazy(wording.safe),
        do=words.lazy(wording.do),
        detail=detail,
    )


def _complete(wording: _Wording, facts: Mapping[str, object]) -> bool:
    try:
        wording.sentence.format(**facts)
    except KeyError:  # a foreign adapter left a fact out: say what is known rather than fail on the sentence
        return False
    return True
