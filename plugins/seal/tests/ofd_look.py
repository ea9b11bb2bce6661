"""Looks at OFD files as a desk shows them: turned into PDF by the reader, drawn by Qt's PDF engine."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtPdf import QPdfDocument

from yichuang.api.documents import font_file
from yichuang_seal.rules.ofd.convert import Shown, convert
from yichuang_seal.rules.ofd.sfnt import Typeface

SCALE = 4
"""Pixels of a millimetre."""
WHITE, BLACK, RED, GREEN, BLUE = (255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)


@lru_cache(maxsize=4)
def face(name: str) -> Typeface:
    """A typeface of the suite."""
    return Typeface(font_file(name).read_bytes())


def shown(data: bytes) -> Shown:
    """The file as a PDF."""
    return convert(data, face)


class Look:
    """The pages of a file as pictures."""

    def __init__(self, data: bytes) -> None:
        self.shown = shown(data)
        buffer, document = QBuffer(), QPdfDocument(None)
        buffer.setData(QByteArray(self.shown.pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
        assert document.status() == QPdfDocument.Status.Ready
        self.pages = [self._drawn(document, page) for page in range(document.pageCount())]
        self.texts = [document.getAllText(page).text() for page in range(document.pageCount())]
        document.close()

    def _drawn(self, document: QPdfDocument, page: int) -> QImage:
        area = document.pagePointSize(page)
        size = QSize(round(area.width() * 25.4 / 72 * SCALE), round(area.height() * 25.4 / 72 * SCALE))
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFF)
        painter = QPainter(image)
        painter.drawImage(0, 0, document.render(page, size))
        painter.end()
        return image

    def at(self, x: float, y: float, page: int = 0) -> tuple[int, int, int]:
        """The colour at a place in millimetres."""
        colour = self.pages[page].pixelColor(int(x * SCALE), int(y * SCALE))
        return colour.red(), colour.green(), colour.blue()

    def ink(self, x: float, y: float, width: float, height: float, page: int = 0) -> float:
        """Which share of an area is not white."""
        image, dark, count = self.pages[page], 0, 0
        for column in range(int(x * SCALE), int((x + width) * SCALE)):
            for row in range(int(y * SCALE), int((y + height) * SCALE)):
                count += 1
                dark += image.pixelColor(column, row).lightness() < 160
        return dark / count


def near(colour: tuple[int, int, int], wanted: tuple[int, int, int], by: int = 12) -> bool:
    """Whether two colours look the same."""
    return all(abs(a - b) <= by for a, b in zip(colour, wanted, strict=True))
