"""What a paper, a licence face and a report say; how they look is decided elsewhere. Pure and light to import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

L = words.lazy

Page: TypeAlias = Literal["A4", "A5"]
"""Sheets that papers are laid out on."""
Align: TypeAlias = Literal["justify", "left", "center", "right"]

SUPERVISION_PHONE = "12345"
"""The government service hotline that every paper names (国办发〔2020〕53号)."""


@dataclass(frozen=True)
class Bold:
    """A run of heavier text inside a paragraph."""

    text: str


Content: TypeAlias = str | tuple[str | Bold, ...]


@dataclass(frozen=True, kw_only=True)
class Office:
    """Who issues a paper and where; the bilingual head and the foot are made of it.

    Attributes:
        agency: Issuing agency, full name.
        hall: Service hall, full name.
        agency_mn: The agency in traditional Mongolian script, as the hall supplied it; empty leaves the line out.
        hall_mn: The hall in traditional Mongolian script.
        query_url: Pattern for the QR code with {case_no} and {query_code}; empty puts both numbers in plain text.
    """

    agency: str
    hall: str
    agency_mn: str = ""
    hall_mn: str = ""
    window: str = ""
    window_phone: str = ""
    supervision_phone: str = SUPERVISION_PHONE
    address: str = ""
    query_url: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text; a line feed starts a new line. `size` 0 is the paper's own size (points otherwise)."""

    text: Content
    indent: bool = True
    align: Align = "justify"
    bold: bool = False
    size: float = 0


@dataclass(frozen=True)
class Heading:
    """A line that belongs to what follows it and is never left alone at the foot of a page."""

    text: str


@dataclass(frozen=True)
class Table:
    """Hairline table; the head is repeated on every page. `widths` are relative."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    align: tuple[Align, ...] = ()

    def __post_init__(self) -> None:
        count = len(self.head) or len(self.rows[0] if self.rows else ())
        for cells in (*self.rows, *filter(None, (self.widths, self.align))):
            if len(cells) != count:
                raise ValueError(f"table of {count} columns has a row, widths or align of {len(cells)}")


@dataclass(frozen=True)
class KeyValues:
    """Labels and values in a hairline grid, one or two pairs to a row; an odd last value runs to the edge."""

    pairs: tuple[tuple[str, str], ...]
    columns: Literal[1, 2] = 2


@dataclass(frozen=True)
class Spacer:
    """Empty height in millimetres."""

    height: float


@dataclass(frozen=True)
class Image:
    """A PNG or JPEG picture, centred, `width` in millimetres; scaled down where it would not fit the page."""

    data: bytes
    width: float
    caption: str = ""


Block: TypeAlias = Paragraph | Heading | Table | KeyValues | Spacer | Image


@dataclass(frozen=True)
class Signature:
    """A line to sign on.

    Attributes:
        label: Who signs, such as 申请人（签名）.
        name: A name printed on the line (the clerk's), or empty to be written by hand.
        image: PNG of a signature taken on the pad, or empty.
        dated: Whether there is room for the date beside it.
    """

    label: str
    name: str = ""
    image: bytes = b""
    dated: bool = False


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One official paper, ready to be laid out.

    Attributes:
        kind: Its number in the catalogue of papers, such as D3; goes into the file's properties.
        number: 文号, already formatted; empty leaves the line out.
        organ: Who signs; the office's agency if empty.
        seal_name: The seal that belongs on it, named in the preview.
        sealed: Whether a seal is set over the date at all.
        signatures: Lines to sign on, to the left of the date.
        copies: Names of the copies, such as 存根联 and 回执联; each starts on a page of its own. Empty: one, unnamed.
        note: Small print under the signatures.
        code_label: What the number under the bar code is.
        page: The sheet; on A5 everything is three quarters of its size but the seal, which stays as large as it is.
        text_size: Points of running text: 16 (三号) for decisions as GB/T 9704 has it, 12 (小四) for forms.
    """

    kind: str
    title: str
    office: Office
    date: date
    body: Sequence[Block]
    title_mn: str = ""
    number: str = ""
    addressee: str = ""
    case_no: str = ""
    query_code: str = ""
    organ: str = ""
    seal_name: str = "行政许可专用章"
    sealed: bool = True
    signatures: tuple[Signature, ...] = ()
    copies: tuple[str, ...] = ()
    note: str = ""
    text_size: float = 14
    code_label: str = "办件编号"
    page: Page = "A4"

    def __post_init__(self) -> None:
        check_bar_code_text(self.case_no)

    @property
    def qr_text(self) -> str:
        """What the QR code holds: the hall's enquiry address, or the two numbers."""
        if self.office.query_url:
            return self.office.query_url.format(case_no=self.case_no, query_code=self.query_code)
        return f"{self.case_no} {self.query_code}".strip()


def check_bar_code_text(text: str) -> str:
    """A number that Code 128 can carry: printable ASCII, at most 48 characters, or nothing.

    Raises:
        UserError: BAD_CASE_NUMBER.
    """
    if len(text) > 48 or not text.isascii() or (text and not text.isprintable()):
        raise UserError(
            "BAD_CASE_NUMBER", L("The case number “{number}” cannot be printed as a bar code.", number=text)
        )
    return text


@dataclass(frozen=True, kw_only=True)
class LicenceFace:
    """The face of a licence or certificate, A4 across.

    Attributes:
        number_label: What the number is called, such as 统一社会信用代码 or 编号.
        fields: Labels (spread over one width) and values, top to bottom.
        qr: Text of the QR code, empty for none.
        organ_label: What the issuing organ is called here, such as 登记机关.
        valid: Validity, such as 有效期至2029年3月16日; empty for none.
        photo: PNG or JPEG of the holder, in place above the QR code.
        note: Small print at the foot, inside the border.
    """

    title: str
    number: str
    fields: tuple[tuple[str, str], ...]
    organ: str
    date: date
    number_label: str = "编号"
    title_mn: str = ""
    organ_mn: str = ""
    subtitle: str = ""
    qr: str = ""
    organ_label: str = "发证机关"
    valid: str = ""
    photo: bytes = b""
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """Key figures in a row: label, value, unit."""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Bars:
    """A bar chart with its values printed; `highlight` is the index of the bar to stress, -1 for all alike."""

    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    unit: str = ""
    highlight: int = -1

    def __post_init__(self) -> None:
        if len(self.labels) != len(self.values):
            raise ValueError("a bar chart needs one label for each value")


@dataclass(frozen=True)
class Lines:
    """A line chart of up to six series over the same labels."""

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    unit: str = ""

    def __post_init__(self) -> None:
        if any(len(values) != len(self.labels) for _name, values in self.series):
            raise ValueError("every series of a line chart needs one value for each label")


@dataclass(frozen=True)
class Donut:
    """Shares of a whole; `centre` is written in the middle, the total if empty."""

    title: str
    slices: tuple[tuple[str, float], ...]
    centre: str = ""


ReportBlock: TypeAlias = Block | Figures | Bars | Lines | Donut


@dataclass(frozen=True)
class Section:
    """A part of a report under its own heading."""

    title: str
    blocks: tuple[ReportBlock, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A printable report: head, sections, page numbers."""

    title: str
    organ: str
    date: date
    sections: tuple[Section, ...]
    subtitle: str = ""
    organ_mn: str = ""
