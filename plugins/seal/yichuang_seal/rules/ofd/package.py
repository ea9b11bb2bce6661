"""The zip package of an OFD file: read in memory, bounded, without entities, nothing unpacked to a disk."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from xml.etree import ElementTree as ET

from yichuang_seal.rules.ofd.limits import (
    DEEPEST_XML,
    MOST_BYTES,
    MOST_ELEMENTS,
    MOST_ENTRIES,
    MOST_ENTRY_BYTES,
    MOST_XML_BYTES,
    OfdError,
    damaged,
    too_much,
)
from yichuang_seal.words import L

_ENCRYPTED = 0x1
_UTF8 = 0x800
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, IndexError,
    OverflowError, struct.error,
)  # fmt: skip


class Package:
    """The files of a package by their location (ST_Loc), whatever the case of its letters.

    Raises:
        OfdError: It is no zip file, is protected by a password or asks for too much.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _ZIP_ERRORS as error:
            raise damaged("zip") from error
        if len(entries) > MOST_ENTRIES:
            raise too_much(f"{len(entries)} files")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = _name(entry).replace("\\", "/").lstrip("/")
            if not entry.is_dir() and ".." not in name.split("/"):
                self._entries.setdefault(name.lower(), entry)  # of two that are alike the first one counts
        self._left = MOST_BYTES
        self._elements = MOST_ELEMENTS

    def find(self, location: str, *bases: str) -> str | None:
        """The key of a file.

        Args:
            location: As the file says it, absolute or relative.
            bases: Folders from which a relative location may count, the right one first: writers differ here.
        """
        location = location.strip().replace("\\", "/")
        tried = [location] if location.startswith("/") else [f"{base}/{location}" for base in (*bases, "")]
        for path in tried:
            key = posixpath.normpath("/" + path.lstrip("/")).lstrip("/").lower()
            if key in self._entries:
                return key
        return None

    def read(self, key: str) -> bytes:
        """The bytes of a file that `find` has found."""
        entry = self._entries[key]
        if entry.flag_bits & _ENCRYPTED:
            raise OfdError(L("The OFD file is protected by a password."))
        if entry.compress_type not in _METHODS:
            raise damaged(key)
        try:
            with self._zip.open(entry) as file:  # the size that is declared is not believed
                data = file.read(min(MOST_ENTRY_BYTES, self._left) + 1)
        except _ZIP_ERRORS as error:
            raise damaged(key) from error
        self._left -= len(data)
        if len(data) > MOST_ENTRY_BYTES or self._left < 0:
            raise too_much(key)
        return data

    def xml(self, key: str) -> ET.Element:
        """The root element of a file. Entities and document types are refused."""
        data = self.read(key)
        if len(data) > MOST_XML_BYTES:
            raise too_much(key)
        root, self._elements = parsed(data, key, self._elements)
        return root


def parsed(data: bytes, key: str, most: int = MOST_ELEMENTS) -> tuple[ET.Element, int]:
    """The root element, and how many elements of `most` are left. Raises OfdError, naming `key`."""
    builder = _Builder(most)
    parser = ET.XMLParser(target=builder)  # noqa: S314 - the builder below refuses every document type
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:  # LookupError: an encoding nobody knows
        raise damaged(key) from error
    return root, builder.left


class _Builder(ET.TreeBuilder):
    """Counts elements and depth, and stops at a document type: no entity is ever declared."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left, self._depth = left, 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self.left -= 1
        self._depth += 1
        if self.left < 0 or self._depth > DEEPEST_XML:
            raise too_much("XML")
        return super().start(tag.rpartition("}")[2], attrs)

    def end(self, tag: str, /) -> ET.Element:
        self._depth -= 1
        return super().end(tag.rpartition("}")[2])

    def doctype(self, name: str, _public: str | None, _system: str | None) -> None:
        """Called by the parser before anything of the document type is read."""
        raise damaged(f"DOCTYPE {name[:40]}")


def _name(entry: zipfile.ZipInfo) -> str:
    """A name as it was meant: without the flag for UTF-8 it is often UTF-8 or GBK all the same."""
    if entry.flag_bits & _UTF8 or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
