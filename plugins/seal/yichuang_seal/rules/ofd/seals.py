"""The picture in an electronic seal (GM/T 0031, GB/T 38540). Nothing is verified here: it is only drawn.

SESeal is SEQUENCE{ SES_SealInfo, ... } in every version, SES_SealInfo SEQUENCE{ header, esID, property, picture, ... }, the
picture SEQUENCE{ type IA5String, data OCTET STRING, width INTEGER, height INTEGER }; SES_Signature begins with
SEQUENCE{ SEQUENCE{ version, SESeal, ... }, ... }.
"""

from __future__ import annotations

from dataclasses import dataclass

from yichuang_seal.rules.ofd.limits import BadPartError

_SEQUENCE, _OCTETS, _TEXTS = 0x30, 0x04, (0x16, 0x0C, 0x13)


@dataclass(frozen=True)
class SealPicture:
    """What a seal looks like; `kind` in lower case, such as png, svg or ofd."""

    kind: str
    data: bytes


def seal_of_signature(der: bytes) -> SealPicture:
    """The picture of the seal in a SES_Signature. Raises BadPartError."""
    signed = _sequence(_sequence(_one(der))[0])
    return _picture(signed[1])


def seal_picture(der: bytes) -> SealPicture:
    """The picture of a SESeal. Raises BadPartError."""
    return _picture(_one(der))


def _picture(seal: tuple[int, bytes]) -> SealPicture:
    info = _sequence(_sequence(seal)[0])
    if len(info) < 4 or info[0][0] != _SEQUENCE:
        raise BadPartError("seal")
    kind, data, *_ = _sequence(info[3])
    if kind[0] not in _TEXTS or data[0] != _OCTETS:
        raise BadPartError("seal picture")
    return SealPicture(kind[1].decode("latin-1").strip().lower().lstrip("."), data[1])


def _one(der: bytes) -> tuple[int, bytes]:
    elements = _elements(der, 1)
    if not elements:
        raise BadPartError("DER")
    return elements[0]


def _sequence(element: tuple[int, bytes]) -> list[tuple[int, bytes]]:
    if element[0] != _SEQUENCE:
        raise BadPartError("DER")
    elements = _elements(element[1], 16)
    if len(elements) < 2:
        raise BadPartError("DER")
    return elements


def _elements(data: bytes, most: int) -> list[tuple[int, bytes]]:
    """Elements of DER one after the other: tag and content; what follows them is not looked at."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + 2 <= len(data) and len(found) < most:
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            if not 1 <= count <= 4:
                raise BadPartError("DER")
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + size > len(data):
            raise BadPartError("DER")
        found.append((tag, data[at : at + size]))
        at += size
    return found
