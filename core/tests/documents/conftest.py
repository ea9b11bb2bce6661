"""Papers seen as a reader of PDF sees them: poppler for text, fonts and pictures, ZXing for the codes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from yichuang.documents import Office, Paper

MONGOLIAN = "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌ ᠵᠠᠰᠠᠭ ᠤᠨ ᠭᠠᠵᠠᠷ ᠤᠨ ᠦᠢᠯᠡᠴᠢᠯᠡᠭᠡᠨ ᠦ ᠲᠠᠩᠬᠢᠮ"
DAY = date(2026, 3, 17)


class Seen:
    """A PDF file and what independent readers make of it."""

    def __init__(self, data: bytes, folder: Path) -> None:
        self.data = data
        self.path = folder / f"paper-{sha256(data).hexdigest()[:12]}.pdf"
        self.path.write_bytes(data)

    def _run(self, *command: str) -> bytes:
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        assert not done.stderr, done.stderr.decode()
        return done.stdout

    def text(self, *options: str) -> str:
        return self._run("pdftotext", "-enc", "UTF-8", *options, str(self.path), "-").decode(
            "utf-8", "surrogatepass"
        )

    @property
    def letters(self) -> str:
        """The text without any white space."""
        return "".join(self.text().split())

    @property
    def fonts(self) -> list[tuple[str, bool, bool, bool]]:
        """Name, embedded, subset, with ToUnicode."""
        lines = self._run("pdffonts", str(self.path)).decode().splitlines()[2:]
        rows = [(line[:36].strip(), line[36:].split()) for line in lines]
        return [(name, *(word == "yes" for word in words[-5:-2])) for name, words in rows]

    @property
    def pages(self) -> int:
        info = self._run("pdfinfo", str(self.path)).decode()
        return int(next(line for line in info.splitlines() if line.startswith("Pages:")).split()[1])

    def picture(self, page: int = 0, dpi: int = 100) -> Image.Image:
        number = str(page + 1)
        png = self._run(
            "pdftoppm", "-r", str(dpi), "-f", number, "-l", number, "-png", "-gray", str(self.path)
        )
        return Image.open(BytesIO(png)).convert("L")

    def codes(self, page: int = 0) -> dict[str, str]:
        """What a scanner reads, by kind of code."""
        import zxingcpp

        found = zxingcpp.read_barcodes(self.picture(page, 200))
        return {str(code.format).replace(" ", "").removeprefix("BarcodeFormat."): code.text for code in found}


@pytest.fixture
def see(tmp_path: Path) -> Callable[[bytes], Seen]:
    return lambda data: Seen(data, tmp_path)


@pytest.fixture
def office() -> Office:
    return Office(
        agency="阿鲁科尔沁旗市场监督管理局",
        hall="阿鲁科尔沁旗政务服务大厅",
        agency_mn=MONGOLIAN,
        hall_mn=MONGOLIAN,
        window="A06综合窗口",
        window_phone="0476-7221234",
        address="天山镇罕乌拉街118号",
    )


@pytest.fixture
def paper(office: Office) -> Callable[..., Paper]:
    """A short paper; everything in it can be replaced."""

    def make(**changes: object) -> Paper:
        values: dict[str, object] = {
            "kind": "D3",
            "title": "受理通知书",
            "office": office,
            "date": DAY,
            "body": (),
            "number": "阿政服受字〔2026〕第00001号",
            "addressee": "王小军",
            "case_no": "1504212611220000170",
            "query_code": "8F3K2A",
        }
        return Paper(**{**values, **changes})  # type: ignore[arg-type]  # values of every type

    return make
