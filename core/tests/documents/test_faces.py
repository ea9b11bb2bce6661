"""The fonts of papers: what is missing is said, what can go on goes on; every message has its Chinese."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from yichuang.documents import KeyValues, Table, faces
from yichuang.hall.words import core as words

SOURCES = Path(faces.__file__).parent

PROGRAM = """
import sys
from datetime import date
from pathlib import Path
from yichuang_resources import fonts
fonts._CACHE = Path(sys.argv[1])
from yichuang.documents import Office, Paper, Paragraph, render
from yichuang.hall.errors import UserError
office = Office(agency="甲局", hall="乙厅", agency_mn="ᠮᠣᠩᠭᠣᠯ")
paper = Paper(kind="D3", title="通知", office=office, date=date(2026, 3, 17), body=(Paragraph("正文"),))
try:
    sys.stdout.buffer.write(render(paper))
except UserError as error:
    print(error.code, error)
"""


def run(cache: Path) -> bytes:
    return subprocess.run([sys.executable, "-c", PROGRAM, str(cache)], capture_output=True, check=True).stdout


def cache_of(tmp_path: Path, *names: str) -> Path:
    from yichuang_resources import fonts

    for name in names:
        (tmp_path / f"{name}.ttf").symlink_to(fonts.path(name))
    return tmp_path


def test_without_mongolian_the_letters_are_boxes_and_still_copied(tmp_path, see):
    seen = see(run(cache_of(tmp_path, "serif", "sans")))
    assert "ᠮᠣᠩᠭᠣᠯ" in seen.letters
    assert not any("Mongolian" in name for name, *_flags in seen.fonts)


def test_without_the_fonts_there_is_a_sentence(tmp_path):
    assert run(tmp_path).decode().strip() == "FONT_MISSING 没有安装打印文书所用的字体“serif”。"


def test_the_unicode_map_is_in_utf16_and_in_blocks():
    text = faces.to_unicode("F", [0, 0x41, 0x2CB4E, *range(0x4E00, 0x4E80)])
    assert "<01> <0041>" in text
    assert "<02> <D872DF4E>" in text
    assert "<00> <" not in text.split("endcodespacerange")[1]
    sizes = [int(number) for number in re.findall(r"(\d+) beginbfchar", text)]
    assert sizes == [100, 30]


def test_reportlab_still_needs_the_correction():
    """When this fails, reportlab writes UTF-16 itself: `to_unicode` can go."""
    program = (
        "from reportlab.pdfbase.ttfonts import makeToUnicodeCMap as make; print(make('F', [0, 0x2CB4E]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert "<01> <2CB4E>" in done.stdout


def test_every_sentence_has_its_chinese():
    found = {
        sentence
        for path in SOURCES.rglob("*.py")
        for sentence in re.findall(r'\bL\(\s*"((?:[^"\\]|\\.)*)"', path.read_text("utf-8"))
    }
    assert len(found) > 10
    for sentence in found:
        assert words.translate(sentence, "zh_CN") != sentence, sentence


@pytest.mark.parametrize("wrong", [{"rows": (("1",),)}, {"widths": (1,)}, {"align": ("left",) * 3}])
def test_a_lopsided_table_is_a_bug_of_its_writer(wrong):
    with pytest.raises(ValueError, match="table of 2 columns"):
        Table(**{"head": ("甲", "乙"), "rows": (("1", "2"),), **wrong})


def test_empty_blocks_are_harmless(paper, see):
    from yichuang.documents import render

    assert see(render(paper(body=(Table((), ()), KeyValues(()), Table(("甲",), ()))))).pages == 1
