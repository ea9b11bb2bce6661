"""The hall's own certificate authority: one root, one certificate for each seal. Bytes in, bytes out.

P-256 with SHA-256 throughout. A seal's common name is the owner's unified social credit code followed by its
name, as the provincial authorities write it, so that a reader's signature panel names the office. Serves
inside the hall; a seal with force outside needs a certificate of a licensed authority, which takes the place
of `issue_certificate` only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT_YEARS = 10
SEAL_YEARS = 3
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Holder:
    """A certificate with its private key.

    Attributes:
        certificate: X.509 certificate, DER.
        key: Private key, PKCS#8 DER without a password; goes straight into the secret store.
    """

    certificate: bytes
    key: bytes

    def __repr__(self) -> str:
        return "Holder(…)"  # never the key, wherever a log or a trace prints it


@dataclass(frozen=True)
class CertificateFacts:
    """What a person wants to know of a certificate."""

    common_name: str
    owner_code: str
    es_id: str
    serial: str
    valid_from: datetime
    valid_until: datetime


def new_authority(hall: str, now: datetime) -> Holder:
    """Make the root of a hall: a self-signed certificate that may only issue seal certificates."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, hall[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{hall[:54]}电子印章根证书"),
        ]
    )
    start = _whole_second(now)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + ROOT_YEARS * _YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(issues=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    return _holder(certificate, key)


def issue_certificate(
    authority: Holder, *, owner_code: str, owner: str, seal: str, es_id: str, now: datetime
) -> Holder:
    """Make a key and a certificate for one seal, valid three years but never longer than the root.

    Args:
        authority: The hall's root.
        owner_code: Unified social credit code of the owner, 18 characters.
        owner: Legal name of the owner.
        seal: Name of the seal, such as 行政审批专用章.
        es_id: Number of the seal, 14 digits; stands in the subject as serialNumber.
        now: Start of validity.
    """
    root = x509.load_der_x509_certificate(authority.certificate)
    root_key = serialization.load_der_private_key(authority.key, password=None)
    if not isinstance(root_key, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's key is not an elliptic-curve key")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, owner[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, seal[:64]),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, es_id),
            x509.NameAttribute(NameOID.COMMON_NAME, _common_name(owner_code + owner)),
        ]
    )
    start = _whole_second(now)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(min(start + SEAL_YEARS * _YEAR, root.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(issues=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
            ),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    return _holder(certificate, key)


def read_certificate(certificate: bytes) -> CertificateFacts:
    """Facts of a DER certificate; fields it does not have are empty."""
    parsed = x509.load_der_x509_certificate(certificate)

    def first(oid: x509.ObjectIdentifier) -> str:
        found = parsed.subject.get_attributes_for_oid(oid)
        return str(found[0].value) if found else ""

    common_name = first(NameOID.COMMON_NAME)
    code = re.match(r"[0-9A-HJ-NP-RTUW-Y]{18}", common_name)
    return CertificateFacts(
        common_name=common_name,
        owner_code=code.group() if code else "",
        es_id=first(NameOID.SERIAL_NUMBER),
        serial=f"{parsed.serial_number:X}",
        valid_from=parsed.not_valid_before_utc,
        valid_until=parsed.not_valid_after_utc,
    )


def _usage(*, issues: bool) -> x509.KeyUsage:
    """Root: issue certificates and lists. Seal: sign, and be bound by it (content commitment)."""
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=not issues,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )


def _holder(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Holder:
    return Holder(
        certificate.public_bytes(serialization.Encoding.DER),
        key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def _whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _common_name(text: str) -> str:
    """As much of a name as the 64 bytes of X.520's ub-common-name hold, never half a character."""
    return text.encode()[:64].decode("utf-8", "ignore")
