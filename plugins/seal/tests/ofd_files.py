"""Makes OFD files for tests: the smallest package that holds what a test is about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
A4 = "0 0 210 297"


def part(name: str, content: str, attributes: str = "") -> bytes:
    """A file of the package with one root element."""
    return f"{HEAD}<ofd:{name} {NS} {attributes}>{content}</ofd:{name}>".encode()


def text(
    words: str, x: float = 20, y: float = 20, size: float = 5, font: str = "1", more: str = "", code: str = ""
) -> str:
    """A line of text; `more` are attributes of the object, `code` of its TextCode."""
    width = size * (len(words) + 1)
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} {width} {size * 1.5}" Font="{font}" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}" {code}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def line(data: str, boundary: str = A4, more: str = "", inside: str = "") -> str:
    """A path."""
    return (
        f'<ofd:PathObject ID="9" Boundary="{boundary}" {more}>{inside}'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def image(resource: str = "5", boundary: str = "20 20 40 40", more: str = "") -> str:
    """A picture."""
    return f'<ofd:ImageObject ID="9" Boundary="{boundary}" ResourceID="{resource}" {more}/>'


def fill(value: str, more: str = "") -> str:
    """A colour to fill with."""
    return f'<ofd:FillColor Value="{value}" {more}/>'


@dataclass
class Ofd:
    """An OFD file that is put together part by part.

    Attributes:
        pages: What stands on each page: objects.
        resources: Elements of PublicRes.xml, such as `<ofd:Fonts>...`.
        files: More files of the package, or others in place of those that are made.
        common: More elements of CommonData.
        document: More elements of Document.xml.
        body: More elements of DocBody.
        before: Elements of each page before its content.
    """

    pages: Sequence[str] = ("",)
    resources: str = '<ofd:Fonts><ofd:Font ID="1" FontName="宋体" FamilyName="宋体"/></ofd:Fonts>'
    files: Mapping[str, bytes] = field(default_factory=dict)
    common: str = ""
    document: str = ""
    body: str = ""
    before: str = ""
    area: str = A4

    def parts(self) -> dict[str, bytes]:
        """The files of the package."""
        pages = "".join(
            f'<ofd:Page ID="{100 + n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(self.pages))
        )
        made = {
            "OFD.xml": part(
                "OFD",
                f"<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{self.body}</ofd:DocBody>",
            ),
            "Doc_0/Document.xml": part(
                "Document",
                f"<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{self.area}</ofd:PhysicalBox></ofd:PageArea>"
                f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{self.common}</ofd:CommonData>"
                f"<ofd:Pages>{pages}</ofd:Pages>{self.document}",
            ),
            "Doc_0/PublicRes.xml": part("Res", self.resources, 'BaseLoc="Res"'),
        }
        for number, objects in enumerate(self.pages):
            layers = (
                objects if objects.startswith("<ofd:Layer") else f'<ofd:Layer ID="2">{objects}</ofd:Layer>'
            )
            made[f"Doc_0/Pages/Page_{number}/Content.xml"] = part(
                "Page", f"{self.before}<ofd:Content>{layers}</ofd:Content>"
            )
        return {**made, **self.files}

    def build(self) -> bytes:
        """The file."""
        return packed(self.parts())


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Files as a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---- seals ----


def der(tag: int, *contents: bytes) -> bytes:
    """An element of DER."""
    body = b"".join(contents)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def sequence(*contents: bytes) -> bytes:
    return der(0x30, *contents)


def esl(picture: bytes, kind: str = "png") -> bytes:
    """A seal as far as it is drawn: its certificate and signature are nothing."""
    header = sequence(der(0x16, b"ES"), der(0x02, b"\x04"), der(0x16, b"YC"))
    shape = sequence(der(0x16, kind.encode()), der(0x04, picture), der(0x02, b"\x2a"), der(0x02, b"\x2a"))
    info = sequence(
        header, der(0x16, b"15042100000001"), sequence(der(0x02, b"\x01"), der(0x0C, b"x")), shape
    )
    return sequence(info, der(0x04, b"cert"), der(0x06, b"\x2a\x81"), der(0x03, b"\0none"))


def signature(seal: bytes) -> bytes:
    """A SES_Signature of a seal."""
    signed = sequence(
        der(0x02, b"\x04"), seal, der(0x18, b"20261101080000Z"), der(0x03, b"\0x"), der(0x16, b"/x")
    )
    return sequence(signed, der(0x04, b"cert"), der(0x06, b"\x2a\x81"), der(0x03, b"\0none"))


def stamped(ofd: Ofd, seal: bytes, stamps: Sequence[str], value: bytes | None = None) -> Ofd:
    """Set a seal: `stamps` are attributes of StampAnnot such as `PageRef="100" Boundary="20 20 42 42"`."""
    annotations = "".join(f'<ofd:StampAnnot ID="s{n}" {each}/>' for n, each in enumerate(stamps))
    files = {
        "Doc_0/Signs/Signatures.xml": part(
            "Signatures", '<ofd:Signature ID="s1" Type="Seal" BaseLoc="Sign_0/Signature.xml"/>'
        ),
        "Doc_0/Signs/Sign_0/Signature.xml": part(
            "Signature",
            f"<ofd:SignedInfo>{annotations}<ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>"
            "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue>",
        ),
        "Doc_0/Signs/Sign_0/Seal.esl": seal,
        "Doc_0/Signs/Sign_0/SignedValue.dat": signature(seal) if value is None else value,
    }
    ofd.files = {**ofd.files, **files}
    ofd.body += "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>"
    return ofd
