"""Makes the TrueType fonts of the suite, once, into the git-ignored cache that Qt and reportlab both read.

The fonts are dependencies, not files of ours: Noto Sans SC comes as one variable font (`justmytype-intl-cjk`), Noto
Serif SC with CFF outlines (`pylopdf-fonts-zh-cn`); reportlab reads neither. HarfBuzz draws every glyph at the
wanted weight and the outlines are written as plain TrueType. What is made (all SIL OFL 1.1, 30,890 characters):

    sans          Noto Sans SC Regular (400)
    sans-medium   Noto Sans SC Medium (500)
    sans-bold     Noto Sans SC Bold (700)
    serif         Noto Serif SC Regular (400)
    serif-bold    Noto Serif SC, emboldened from the regular: no package carries a drawn bold
    mongolian     Noto Sans Mongolian Regular, a copy of Debian's `fonts-noto-core`, where that is installed

Run it with the Python of `.venv`: `python installer/fonts.py [--force]`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import os
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import outlines

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "resources" / "yichuang_resources" / "fonts"
STAMP = "made-from.txt"
SOURCES = ("justmytype-intl-cjk", "pylopdf-fonts-zh-cn", "fonttools", "uharfbuzz")
DEBIAN_MONGOLIAN = Path("/usr/share/fonts/truetype/noto/NotoSansMongolian-Regular.ttf")
# Layout tables name features nobody here asks for (vertical forms, Japanese shapes); CFF and variation tables are
# replaced by the outlines drawn.
DROPPED = """
    BASE CFF DSIG GDEF GPOS GSUB HVAR MVAR STAT VORG VVAR avar cvar fpgm fvar gvar prep vhea vmtx
""".split()
# What a TrueType font promises a reader at most; counted, or nought where no glyph has instructions or parts.
PROFILE = """
    maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions
    maxCompositePoints maxCompositeContours maxComponentElements maxComponentDepth
""".split()


@dataclass(frozen=True)
class Face:
    """One font to make.

    Attributes:
        name: The file's stem and its name in `yichuang_resources.fonts`.
        source: Path of the source font below the site-packages directory.
        family: Family name written into the font.
        style: Style name written into the font.
        weight: Weight class, 1 to 1000; also the place on the source's weight axis if it has one.
        bolder: Widening of the strokes in units of the em, for a source with no such weight.
    """

    name: str
    source: str
    family: str
    style: str
    weight: int
    bolder: float = 0.0


SANS = "justmytype_intl_cjk/fonts/ofl/notosanssc/NotoSansSC[wght].ttf"
SERIF = "pylopdf_fonts_zh_cn/NotoSerifSC-Regular.otf"
FACES = (
    Face("sans", SANS, "Noto Sans SC", "Regular", 400),
    Face("sans-medium", SANS, "Noto Sans SC", "Medium", 500),
    Face("sans-bold", SANS, "Noto Sans SC", "Bold", 700),
    Face("serif", SERIF, "Noto Serif SC", "Regular", 400),
    Face("serif-bold", SERIF, "Noto Serif SC", "Bold", 700, bolder=0.028),
)


def make(face: Face, site: Path, target: Path) -> str:
    """Draws one face and writes it to `target`.

    Args:
        face: What to make.
        site: The site-packages directory that holds the source.
        target: The TrueType file to write; it appears whole or not at all.

    Returns:
        One line that says what was made and how long it took.
    """
    import uharfbuzz as hb
    from fontTools.ttLib import TTFont

    begun = time.perf_counter()
    source = site / face.source
    pen_font = hb.Font(hb.Face(hb.Blob.from_file_path(str(source))))
    book = TTFont(source, lazy=True, recalcBBoxes=False)
    if "fvar" in book:
        pen_font.set_variations({"wght": face.weight})
    if face.bolder:
        pen_font.synthetic_bold = (face.bolder, face.bolder / 2, True)
    _replace_outlines(book, pen_font)
    _rename(book, face)
    part = target.with_suffix(".part")
    book.save(part)
    part.replace(target)
    return f"{target.name}: {len(book.getGlyphOrder())} glyphs, {time.perf_counter() - begun:.0f} s"


def _replace_outlines(book: Any, pen_font: Any) -> None:
    """Puts the glyphs that HarfBuzz draws into `book` as TrueType outlines, with their advances."""
    from fontTools.ttLib import newTable
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    cubic = "CFF " in book
    order = book.getGlyphOrder()
    glyphs, metrics, boxes, most_points, most_contours = {}, {}, [], 0, 0
    for index, name in enumerate(order):
        pen = outlines.OutlinePen(reverse=cubic)
        pen_font.draw_glyph_with_pen(index, pen)
        box = outlines.bounds(pen.contours)
        glyphs[name] = Glyph(outlines.encode(pen.contours))
        metrics[name] = (pen_font.get_glyph_h_advance(index), box[0])
        if pen.contours:
            boxes.append(box)
            most_points = max(most_points, sum(len(contour) for contour in pen.contours))
            most_contours = max(most_contours, len(pen.contours))
    for tag in [tag for tag in book.keys() if tag.strip() in DROPPED]:  # noqa: SIM118 - TTFont is not iterable
        del book[tag]
    book["glyf"], book["loca"] = newTable("glyf"), newTable("loca")
    book["glyf"].glyphOrder, book["glyf"].glyphs = order, glyphs
    book["hmtx"].metrics = metrics
    book["maxp"].tableVersion = 0x00010000
    for counter in PROFILE:
        setattr(book["maxp"], counter, 0)
    book["maxp"].maxZones, book["maxp"].maxPoints, book["maxp"].maxContours = 1, most_points, most_contours
    head = book["head"]
    head.xMin, head.yMin = min(box[0] for box in boxes), min(box[1] for box in boxes)
    head.xMax, head.yMax = max(box[2] for box in boxes), max(box[3] for box in boxes)
    book["post"].formatType = 3.0
    book.sfntVersion = "\x00\x01\x00\x00"


def _rename(book: Any, face: Face) -> None:
    """Writes the names and the weight class, so that Qt finds the weights as one family."""
    names = book["name"]
    kept = {0, 5, 7, 8, 9, 10, 11, 12, 13, 14}
    names.names = [record for record in names.names if record.nameID in kept and record.platformID == 3]
    bold, linked = face.weight >= 700, face.style in {"Regular", "Bold"}
    full = f"{face.family} {face.style}"
    texts = {
        1: face.family if linked else full,
        2: face.style if linked else "Regular",
        3: f"yichuang;{full}",
        4: full,
        6: f"{face.family.replace(' ', '')}-{face.style}",
    }
    if not linked:
        texts |= {16: face.family, 17: face.style}
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)
    book["OS/2"].usWeightClass = face.weight
    book["OS/2"].fsSelection = (book["OS/2"].fsSelection & ~0b1100001) | (0x20 if bold else 0x40)
    book["head"].macStyle = 1 if bold else 0


def fingerprint() -> str:
    """What the cache is made from: this program and the versions of the packages it reads."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + Path(outlines.__file__).read_bytes())
    for package in SOURCES:
        digest.update(f"{package}=={importlib.metadata.version(package)};".encode())
    return digest.hexdigest()


def build(force: bool = False) -> int:
    """Makes what is missing or out of date. Returns how many faces were made."""
    CACHE.mkdir(parents=True, exist_ok=True)
    stamp, now = CACHE / STAMP, fingerprint()
    fresh = not force and stamp.exists() and stamp.read_text(encoding="utf-8") == now
    wanted = [face for face in FACES if not fresh or not (CACHE / f"{face.name}.ttf").exists()]
    site = Path(str(importlib.metadata.distribution("pylopdf-fonts-zh-cn").locate_file("")))
    if wanted:
        print(
            f"  {len(wanted)} fonts, about {len(wanted) * 15 // min(os.cpu_count() or 1, len(wanted))} s",
            flush=True,
        )
        stamp.unlink(missing_ok=True)
        with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, len(wanted))) as pool:
            jobs = [pool.submit(make, face, site, CACHE / f"{face.name}.ttf") for face in wanted]
            for job in jobs:
                print(f"  {job.result()}", flush=True)
        shutil.copyfile((site / SANS).parent / "OFL.txt", CACHE / "OFL.txt")
        stamp.write_text(now, encoding="utf-8")
    if DEBIAN_MONGOLIAN.exists() and not (CACHE / "mongolian.ttf").exists():
        shutil.copyfile(DEBIAN_MONGOLIAN, CACHE / "mongolian.ttf")
    return len(wanted)


def main() -> int:
    """Makes the fonts; the exit code is 0 when the cache is whole."""
    parser = argparse.ArgumentParser(description="Make the TrueType fonts of the suite.")
    parser.add_argument("--force", action="store_true", help="make them again even if nothing has changed")
    made = build(parser.parse_args().force)
    print(f"  fonts: {made} made, {len(list(CACHE.glob('*.ttf')))} in the cache")
    if not (CACHE / "mongolian.ttf").exists():
        print("  no Mongolian font: install Debian's fonts-noto-core and run this again", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
