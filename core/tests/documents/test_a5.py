"""Papers on A5: the same words, codes that are read, a seal as large as ever, tables that stand as on A4."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yichuang.documents import Paragraph, render, seal_places

from .test_paper import BODY

LONG = tuple(
    Paragraph("申请人声明：所提交的申请材料真实、合法、有效，对申请材料实质内容的真实性负责。" * 3)
    for _n in range(12)
)


@pytest.fixture
def both(paper, see):
    """A paper on A4 and on A5."""

    def make(draft=False, reprint=0, **changes):
        made = paper(body=BODY, text_size=12, **changes)
        return [see(render(replace(made, page=page), draft=draft, reprint=reprint)) for page in ("A4", "A5")]

    return make


def size(seen):
    line = next(
        x for x in seen._run("pdfinfo", str(seen.path)).decode().splitlines() if x.startswith("Page size")
    )
    return tuple(round(float(x)) for x in line.replace("x", " ").split()[2:4])


def test_it_says_the_same_in_three_quarters_of_the_size(both):
    a4, a5 = both(copies=("存根联", "回执联"))
    assert (size(a4), size(a5)) == ((595, 842), (420, 595))
    assert sorted(a4.letters) == sorted(a5.letters)
    assert (a4.pages, a5.pages) == (2, 2)


def test_its_codes_are_read_by_a_scanner(both):
    _a4, a5 = both()
    assert a5.codes() == {"QRCode": "1504212611220000170 8F3K2A", "Code128": "1504212611220000170"}


@pytest.mark.parametrize("draft", [False, True])
def test_the_seal_keeps_its_size_lies_over_the_date_and_inside_the_page(both, draft):
    _a4, a5 = both(draft=draft)
    (place,) = seal_places(a5.data)
    assert (place.page_width, place.page_height, place.diameter) == (148.0, 210.0, 42.0)
    (box,) = [line for line in a5.text("-bbox").splitlines() if ">2026年3月17日<" in line]
    values = dict(part.split("=") for part in box.replace("<word ", "").split(">")[0].split())
    x0, x1, y0, y1 = (float(values[name].strip('"')) * 25.4 / 72 for name in ("xMin", "xMax", "yMin", "yMax"))
    assert abs(place.x - (x0 + x1) / 2) < 1
    assert 0 < (y0 + y1) / 2 - place.y < 10
    left, bottom, right, top = place.rectangle()
    assert 0 < left < right < 420
    assert 28 * 72 / 25.4 < bottom < top < 595, "over the codes at the foot"
    assert right - left == pytest.approx(119.06, abs=0.01)


def test_nothing_is_drawn_outside_the_page_or_over_the_foot(paper, see):
    seen = see(render(paper(body=(*BODY, *LONG), page="A5"), reprint=1))
    assert seen.pages > 1
    for number in range(seen.pages):
        picture = seen.picture(number).point(lambda value: 255 if value < 128 else 0)
        left, top, right, bottom = picture.getbbox()
        assert left > 0.05 * picture.width
        assert right < 0.95 * picture.width
        assert top > 0.02 * picture.height
        assert bottom < 0.98 * picture.height
        clear = picture.crop(
            (
                0,
                round(picture.height * (1 - 31 / 210)),
                picture.width,
                round(picture.height * (1 - 28.5 / 210)),
            )
        )
        assert clear.getbbox() is None, "between text and foot"


def test_equal_papers_are_equal_files(paper):
    made = paper(body=BODY, page="A5")
    assert render(made) == render(made)
