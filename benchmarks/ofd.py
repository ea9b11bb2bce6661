"""An OFD page against the same page as a PDF, and against inflating its package.

Run: `python benchmarks/ofd.py [--rounds 20]`. `first_page_ms` is from the bytes of an OFD file to the picture of its first
page at 96 dpi, as a desk shows it: turned into PDF by the seal plugin's reader (`convert_ms`, all pages) and drawn by Qt
(`qt_pdf_ms`). The peer is Qt's drawing of the same page that comes as a PDF already; the limit is `inflate_ms`, reading
every part of the package and parsing its XML, which no reader can do without. Medians of the process's own time, which
other programs on the machine change little; the kinds of work take turns.

Files: a licence (45 lines of text, a table, a seal), ten such pages, and a page with 1 MB of lines. The samples of another
program are measured as well where YICHUANG_SAMPLES names their folder.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import time
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any
from xml.etree import ElementTree as ET

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins" / "seal" / "tests"))

DPI = 96


def licence(kit: Any, seal: bytes, pages: int) -> bytes:
    """Pages like those of a licence: text that the suite's typefaces draw, a table, a seal."""
    words = "经审查，你单位提交的申请材料齐全、符合法定形式，依照有关规定准予许可，有效期五年。"
    texts = "".join(
        kit.text(f"{n + 1}　{words}", 20, 15 + 5 * n, 3.5, code='DeltaX="g 60 3.5"') for n in range(45)
    )
    table = "".join(
        kit.line(f"M 0 {4 * n} L 170 {4 * n} M {8 * n} 0 L {8 * n} 40", "20 245 170 45") for n in range(11)
    )
    made = kit.Ofd([texts + table] * pages)
    stamps = [f'PageRef="{100 + n}" Boundary="140 230 42 42"' for n in range(pages)]
    return kit.stamped(made, kit.esl(seal), stamps).build()


def many_lines(kit: Any) -> bytes:
    """A page with a background of a million bytes of lines, as some licences have."""
    data = " ".join(
        f"M {n % 200}.25 {n % 290}.5 B 10 20 30 {n % 97} 50.125 {n % 89}.75" for n in range(25_000)
    )
    return kit.Ofd([kit.line(data, more='LineWidth="0.05"')]).build()


def inflated(data: bytes) -> None:
    """The work that no reader is spared."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            part = package.read(name)
            if name.lower().endswith(".xml"):
                ET.fromstring(part)


def drawn(pdf: bytes) -> None:
    """The first page of a PDF as a picture."""
    from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QSize
    from PyQt6.QtPdf import QPdfDocument

    buffer, document = QBuffer(), QPdfDocument(None)
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    area = document.pagePointSize(0)
    image = document.render(0, QSize(round(area.width() * DPI / 72), round(area.height() * DPI / 72)))
    assert not image.isNull()
    document.close()


def measure(data: bytes, convert: Callable[[bytes], Any], rounds: int) -> dict[str, Any]:
    """One file, its kinds of work in turn."""
    begun = time.process_time()
    shown = convert(data)
    cold = time.process_time() - begun
    works: dict[str, Callable[[], Any]] = {
        "inflate_ms": lambda: inflated(data),
        "convert_ms": lambda: convert(data),
        "qt_pdf_ms": lambda: drawn(shown.pdf),
        "first_page_ms": lambda: drawn(convert(data).pdf),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begun = time.process_time()
            work()
            times[name].append((time.process_time() - begun) * 1000)
    found = {name: round(median(each), 2) for name, each in times.items()}
    return {
        "bytes": len(data), "pages": shown.pages, "pdf_bytes": len(shown.pdf), "missing": shown.missing,
        **found,
        "cold_convert_ms": round(cold * 1000, 1),
        "first_page_to_qt_pdf": round(found["first_page_ms"] / found["qt_pdf_ms"], 2),
        "convert_to_inflate": round(found["convert_ms"] / found["inflate_ms"], 2),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    import ofd_files as kit  # type: ignore[import-not-found]  # of the plugin's tests
    from PyQt6.QtWidgets import QApplication

    from yichuang.api.documents import font_file
    from yichuang_seal.rules.ofd.convert import convert
    from yichuang_seal.rules.ofd.sfnt import Typeface
    from yichuang_seal.rules.picture import SealText, draw_seal

    application = QApplication([])
    seal = draw_seal(SealText("阿鲁科尔沁旗林业和草原局", "行政审批专用章"))

    @lru_cache
    def face(name: str) -> Typeface:
        return Typeface(font_file(name).read_bytes())

    files = {
        "licence": licence(kit, seal, 1),
        "ten pages": licence(kit, seal, 10),
        "many lines": many_lines(kit),
    }
    samples = Path(os.environ.get("YICHUANG_SAMPLES", ""))
    files |= {path.name: path.read_bytes() for path in sorted(samples.glob("ofd/*.ofd")) if samples.name}
    found = {
        name: measure(data, lambda each: convert(each, face), options.rounds) for name, data in files.items()
    }
    print(json.dumps(found, ensure_ascii=False, indent=2))
    application.quit()


if __name__ == "__main__":
    main()
