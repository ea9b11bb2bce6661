"""Writing a PDF file: objects, streams, and the resources that all its pages share."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

_LEVEL = 1  # the file lives as long as somebody looks at it


def num(value: float) -> str:
    """A number as PDF writes it: never with an exponent."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def nums(*values: float) -> str:
    """Numbers with spaces between them."""
    return " ".join(num(value) for value in values)


def exact(*values: float) -> str:
    """The numbers of a matrix: what it is laid over may be large."""
    return " ".join(f"{value:.10f}".rstrip("0").rstrip(".") for value in values)


class PdfFile:
    """Objects by number. The same calls give the same bytes."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []
        self._shared: dict[str, dict[str, int]] = {}
        self.resources = self.reserve()

    def reserve(self) -> int:
        """A number whose object comes later."""
        self._objects.append(b"null")
        return len(self._objects)

    def put(self, number: int, body: str) -> int:
        """The object of a reserved number."""
        self._objects[number - 1] = body.encode("latin-1")
        return number

    def add(self, body: str) -> int:
        """A new object; returns its number."""
        return self.put(self.reserve(), body)

    def stream(self, entries: str, data: bytes, *, packed: bool = False, number: int | None = None) -> int:
        """A stream; returns its number.

        Args:
            entries: Of its dictionary, without length.
            data: Its bytes.
            packed: They are compressed already, and `entries` says how.
            number: Reserved for it.
        """
        if not packed:
            data, entries = zlib.compress(data, _LEVEL), f"{entries} /Filter /FlateDecode"
        number = number or self.reserve()
        head = f"<< {entries} /Length {len(data)} >>\nstream\n".encode("latin-1")
        self._objects[number - 1] = head + data + b"\nendstream"
        return number

    def share(self, kind: str, number: int) -> str:
        """Give an object a name that every page knows.

        Args:
            kind: Font, XObject, ExtGState, Shading.
            number: The object.
        """
        known = self._shared.setdefault(kind, {})
        name = f"{kind[0]}{len(known)}"
        known[name] = number
        return name

    def finish(self, pages: list[tuple[tuple[float, float, float, float], int]]) -> bytes:
        """The file.

        Args:
            pages: For each its area in points and the number of its content.
        """
        tree = self.reserve()
        kids = [
            self.add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [{nums(*area)}] /Resources {self.resources} 0 R "
                f"/Contents {content} 0 R >>"
            )
            for area, content in pages
        ]
        refs = " ".join(f"{kid} 0 R" for kid in kids)
        self.put(tree, f"<< /Type /Pages /Kids [{refs}] /Count {len(kids)} >>")
        root = self.add(f"<< /Type /Catalog /Pages {tree} 0 R >>")
        self.put(self.resources, _resources(self._shared))
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, body in enumerate(self._objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
            len(places) + 1,
            root,
            start,
        )
        return bytes(out)


def _resources(shared: Mapping[str, Mapping[str, int]]) -> str:
    kinds = (
        f"/{kind} << {' '.join(f'/{name} {number} 0 R' for name, number in known.items())} >>"
        for kind, known in shared.items()
    )
    return f"<< {' '.join(kinds)} >>"
