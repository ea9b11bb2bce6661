"""Tries SM2 signatures in the libcrypto that this Python uses: `python -m yichuang.host.sm2_probe`, in a process of its own.

Prints the library's version and exits 0 when a signature verifies and a forged one does not.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Iterator
from pathlib import Path

MESSAGE = b"message digest"


class ProbeError(Exception):
    """libcrypto is missing or cannot do SM2; the message is technical."""


def load() -> ctypes.CDLL:
    """The libcrypto of this Python.

    Raises:
        ProbeError: None was found that has what is needed.
    """
    for candidate in _candidates():
        try:
            library = ctypes.CDLL(candidate)
            if hasattr(library, "EVP_PKEY_Q_keygen") and hasattr(library, "EVP_sm3"):
                return library
        except OSError:
            continue
    raise ProbeError("no libcrypto of OpenSSL 3 was found")


def _candidates() -> Iterator[str]:
    if sys.platform == "win32":
        folders = (Path(sys.base_prefix), Path(sys.base_prefix, "DLLs"))
        yield from (str(path) for folder in folders for path in sorted(folder.glob("libcrypto-3*.dll")))
        return
    import _ssl

    yield getattr(
        _ssl, "__file__", ""
    )  # symbols are searched in what it is linked with: exactly Python's own
    yield "libcrypto.so.3"
    yield ctypes.util.find_library("crypto") or ""


def probe() -> str:
    """Sign and verify once; returns the version of the library.

    Raises:
        ProbeError: It cannot, or it accepts a forged message.
    """
    library = load()
    for name in ("EVP_PKEY_Q_keygen", "EVP_MD_CTX_new", "EVP_sm3"):
        getattr(library, name).restype = ctypes.c_void_p
    library.OpenSSL_version.restype = ctypes.c_char_p
    address = library.EVP_PKEY_Q_keygen(None, None, ctypes.c_char_p(b"SM2"))
    if not address:
        raise ProbeError("SM2 keys cannot be made")
    key = ctypes.c_void_p(address)
    try:
        signature = _sign(library, key)
        if not _verifies(library, key, signature, MESSAGE):
            raise ProbeError("its own signature does not verify")
        if _verifies(library, key, signature, MESSAGE + b"!"):
            raise ProbeError("a forged message verifies")
    finally:
        library.EVP_PKEY_free(key)
    version: bytes = library.OpenSSL_version(0)
    return version.decode()


def _sign(library: ctypes.CDLL, key: ctypes.c_void_p) -> bytes:
    context = ctypes.c_void_p(library.EVP_MD_CTX_new())
    digest = ctypes.c_void_p(library.EVP_sm3())
    length = ctypes.c_size_t(256)
    buffer = ctypes.create_string_buffer(256)
    size = ctypes.c_size_t(len(MESSAGE))
    try:
        if library.EVP_DigestSignInit(context, None, digest, None, key) != 1:
            raise ProbeError("SM2 with SM3 is not there")
        if library.EVP_DigestSign(context, buffer, ctypes.byref(length), MESSAGE, size) != 1:
            raise ProbeError("signing failed")
        return buffer.raw[: length.value]
    finally:
        library.EVP_MD_CTX_free(context)


def _verifies(library: ctypes.CDLL, key: ctypes.c_void_p, signature: bytes, message: bytes) -> bool:
    context = ctypes.c_void_p(library.EVP_MD_CTX_new())
    digest = ctypes.c_void_p(library.EVP_sm3())
    sizes = (ctypes.c_size_t(len(signature)), ctypes.c_size_t(len(message)))
    try:
        if library.EVP_DigestVerifyInit(context, None, digest, None, key) != 1:
            raise ProbeError("SM2 with SM3 is not there")
        return bool(library.EVP_DigestVerify(context, signature, sizes[0], message, sizes[1]) == 1)
    finally:
        library.EVP_MD_CTX_free(context)


if __name__ == "__main__":
    try:
        print(probe())
    except ProbeError as error:
        sys.exit(str(error))
