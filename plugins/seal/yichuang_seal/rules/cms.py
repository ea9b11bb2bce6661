"""The signature inside a sealed PDF: detached CMS after PAdES B-B (ETSI EN 319 142-1), ECDSA P-256, SHA-256.

Written here byte by byte because it is small and nearly all of it is the same for every document of a seal:
what stays is encoded once, a stamp costs one hash and one signature. Two other implementations read it back
in the tests.
"""

from __future__ import annotations

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_DATA = "1.2.840.113549.1.7.1"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_SHA256 = "2.16.840.1.101.3.4.2.1"
_ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"

_INTEGER, _OCTETS, _OID, _SEQUENCE, _SET, _CONTEXT_0 = 0x02, 0x04, 0x06, 0x30, 0x31, 0xA0


class SignatureMaker:
    """Signs document digests with the key of one seal."""

    def __init__(self, *, certificate: bytes, key: bytes) -> None:
        loaded = serialization.load_der_private_key(key, password=None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise TypeError("a seal's key is an elliptic-curve key")
        self._key = loaded
        parsed = x509.load_der_x509_certificate(certificate)
        sha256 = _sequence(_oid(_SHA256))
        self._signer = _sequence(parsed.issuer.public_bytes(), _integer(parsed.serial_number)) + sha256
        self._head = (
            # The root is left out: whoever trusts it has it, and nobody may take it from the file.
            _integer(1) + _der(_SET, sha256) + _sequence(_oid(_DATA)) + _der(_CONTEXT_0, certificate)
        )
        certificate_id = _sequence(_der(_OCTETS, hashlib.sha256(certificate).digest()))
        self._fixed_attributes = (
            _attribute(_CONTENT_TYPE, _oid(_DATA)),
            # Which certificate signed is itself signed: nobody can exchange it for another of the same key.
            _attribute(_SIGNING_CERTIFICATE_V2, _sequence(_sequence(certificate_id))),
        )

    def sign(self, digest: bytes) -> bytes:
        """The CMS message for a SHA-256 digest of the document's signed bytes; DER, about 1,000 bytes."""
        message_digest = _attribute(_MESSAGE_DIGEST, _der(_OCTETS, digest))
        attributes = b"".join(sorted((*self._fixed_attributes, message_digest)))
        signature = self._key.sign(_der(_SET, attributes), ec.ECDSA(hashes.SHA256()))
        signer_info = _sequence(
            _integer(1),
            self._signer,
            _der(_CONTEXT_0, attributes),
            _sequence(_oid(_ECDSA_WITH_SHA256)),
            _der(_OCTETS, signature),
        )
        signed_data = _sequence(self._head, _der(_SET, signer_info))
        return _sequence(_oid(_SIGNED_DATA), _der(_CONTEXT_0, signed_data))


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big") + content


def _sequence(*parts: bytes) -> bytes:
    return _der(_SEQUENCE, b"".join(parts))


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = bytearray()
    for number in (first * 40 + second, *rest):
        sevens = [number & 0x7F]
        while number := number >> 7:
            sevens.append(0x80 | number & 0x7F)
        content += bytes(reversed(sevens))
    return _der(_OID, bytes(content))


def _attribute(kind: str, value: bytes) -> bytes:
    return _sequence(_oid(kind), _der(_SET, value))
