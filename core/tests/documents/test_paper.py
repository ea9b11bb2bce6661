"""A paper as a file: fonts, text, codes, copies, marks, seal place, equal bytes."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Bitmap

from yichuang.documents import (
    Bold,
    Heading,
    Image,
    KeyValues,
    Office,
    Paragraph,
    Signature,
    Spacer,
    Table,
    render,
    seal_place,
    seal_places,
)
from yichuang.hall.errors import UserError

RARE = "𬭎𬱖𣗋𫍯𬇕"
BODY = (
    Paragraph(("你于2026年3月17日提出的", Bold("企业设立登记"), "申请，现予受理。")),
    Heading("一、材料"),
    Table(("序号", "材料名称"), (("1", "公司登记（备案）申请书"), ("2", RARE)), (10, 90), ("center", "left")),
    KeyValues((("申请人", "王小军"), ("办件类型", "承诺件"), ("项目名称", "罕山农牧"))),
    KeyValues((("备注", "无"),), columns=1),
    Spacer(4),
)


def png(width=40, height=20):
    data = BytesIO()
    Bitmap.new("L", (width, height), 90).save(data, "PNG")
    return data.getvalue()


def test_only_embedded_fonts(paper, see):
    fonts = see(render(paper(body=(*BODY, Paragraph("🐎ᠮᠣᠩᠭᠣᠯ"))), draft=True, reprint=1)).fonts
    assert {name.split("+")[1] for name, *_flags in fonts} == {
        "NotoSerifSC-Regular",
        "NotoSansSC-Regular",
        "NotoSansMongolian-Regular",
    }
    assert all(all(flags) for _name, *flags in fonts)


def test_text_comes_out_as_it_went_in(paper, see, office):
    letters = see(render(paper(body=BODY, title_mn="ᠬᠦᠯᠢᠶᠡᠨ"))).letters
    for text in (
        "受理通知书",
        "阿政服受字〔2026〕第00001号",
        "你于2026年3月17日提出的企业设立登记申请，现予受理。",
        RARE,
        office.agency,
        office.hall,
        office.agency_mn.replace(" ", ""),
        "ᠬᠦᠯᠢᠶᠡᠨ",
        "窗口电话：0476-7221234",
        "监督电话：12345",
        "查询码：8F3K2A",
        "第1页共1页",
    ):
        assert text in letters


def test_a_character_no_face_has_is_drawn_as_its_code_and_copied_as_itself(paper, see):
    seen = see(render(paper(body=(Paragraph("王\U00030729田"),))))
    assert "王\U00030729田" in seen.letters
    without = see(render(paper(body=(Paragraph("王田"),)))).picture()
    assert seen.picture().tobytes() != without.tobytes()


def test_codes_are_read_by_a_scanner(paper, see):
    codes = see(render(paper(body=BODY))).codes()
    assert codes == {"QRCode": "1504212611220000170 8F3K2A", "Code128": "1504212611220000170"}


def test_the_halls_enquiry_address_goes_into_the_qr_code(paper, see, office):
    office = replace(office, query_url="https://zwfw.example.cn/q?c={case_no}&k={query_code}")
    codes = see(render(paper(body=BODY, office=office))).codes()
    assert codes["QRCode"] == "https://zwfw.example.cn/q?c=1504212611220000170&k=8F3K2A"


@pytest.mark.parametrize("number", ["办件1", "1504\n21", "1" * 49])
def test_a_case_number_that_is_no_bar_code_is_refused(paper, number):
    with pytest.raises(UserError) as caught:
        paper(case_no=number)
    assert caught.value.code == "BAD_CASE_NUMBER"
    assert "条形码" in caught.value.as_dict("zh_CN")["sentence"]


def test_equal_papers_are_equal_files(paper):
    made = render(paper(body=BODY), draft=True)
    assert made == render(paper(body=BODY), draft=True)
    assert made != render(paper(body=BODY))


def test_equal_in_a_process_that_has_drawn_other_letters_before(paper, tmp_path):
    program = """
import sys
from datetime import date
from yichuang.documents import Office, Paper, Paragraph, render
office = Office(agency="甲局", hall="乙厅", agency_mn="ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌")
make = lambda *text: render(Paper(kind="D3", title="通知", office=office, date=date(2026, 3, 17),
                                  body=tuple(map(Paragraph, text))))
for text in sys.argv[1:]:
    make(text)
sys.stdout.buffer.write(make("ᠬᠠᠤᠯᠢ丙"))
"""
    files = [
        subprocess.run([sys.executable, "-c", program, *before], capture_output=True, check=True).stdout
        for before in ([], ["ᠵᠠᠰᠠᠭ ᠤᠨ ᠭᠠᠵᠠᠷ", "ᠦᠢᠯᠡᠴᠢᠯᠡᠭᠡᠨ"])
    ]
    assert files[0].startswith(b"%PDF")
    assert files[0] == files[1]


def test_each_copy_has_its_name_its_pages_and_its_seal_place(paper, see):
    long = tuple(Paragraph("本机关决定予以受理。" * 30) for _ in range(3))
    one = see(render(paper(body=long)))
    data = render(paper(body=long, copies=("存根联", "回执联")))
    both = see(data)
    assert both.pages == 2 * one.pages == 4
    text = both.text("-f", "3", "-l", "3")
    assert "回执联" in text
    assert "存根联" not in text
    assert "第1页共2页" in "".join(text.split())
    assert [place.page for place in seal_places(data)] == [1, 3]
    assert seal_place(data).page == 3


def test_draft_and_reprint_are_marked(paper, see):
    plain, draft = see(render(paper(body=BODY))).letters, see(render(paper(body=BODY), draft=True)).letters
    assert "预览稿" not in plain
    assert "补打" not in plain
    assert "预览稿" in draft
    assert "用印位置" in draft
    assert "补打" in see(render(paper(body=BODY), reprint=1)).letters
    assert "补打（第3次）" in see(render(paper(body=BODY), reprint=3)).letters


def test_the_seal_lies_over_the_date_and_inside_the_page(paper, see):
    data = render(paper(body=BODY))
    (place,) = seal_places(data)
    assert (place.page_width, place.page_height, place.diameter) == (210.0, 297.0, 42.0)
    words = see(data).text("-bbox").splitlines()
    (date_box,) = [line for line in words if ">2026年3月17日<" in line]
    values = dict(part.split("=") for part in date_box.replace("<word ", "").split(">")[0].split())
    x0, x1, y0, y1 = (float(values[name].strip('"')) * 25.4 / 72 for name in ("xMin", "xMax", "yMin", "yMax"))
    assert abs(place.x - (x0 + x1) / 2) < 1
    assert 0 < (y0 + y1) / 2 - place.y < 10
    left, bottom, right, top = place.rectangle()
    assert 0 < left < right < 595
    assert 0 < bottom < top < 842
    assert right - left == pytest.approx(119.06, abs=0.01)


def test_the_seal_place_survives_an_appended_revision(paper):
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    data = render(paper(body=BODY))
    writer = IncrementalPdfFileWriter(BytesIO(data))
    writer.root[pdf_name("/YcTest")] = pdf_string("1")
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    assert output.getvalue()[: len(data)] == data
    assert seal_places(output.getvalue()) == seal_places(data)


def test_no_seal_place(paper):
    data = render(paper(body=BODY, sealed=False))
    assert seal_places(data) == ()
    with pytest.raises(UserError) as caught:
        seal_place(data)
    assert caught.value.code == "NO_SEAL_PLACE"
    with pytest.raises(UserError) as caught:
        seal_places(b"no PDF at all")
    assert caught.value.code == "BAD_PDF"


def test_the_seal_is_never_alone_on_a_page(paper, see):
    for lines in range(18, 40):
        body = (Paragraph("\n".join(f"第{n}行文字内容。" for n in range(lines))),)
        data = render(paper(body=body))
        last = see(data).text("-f", str(seal_place(data).page + 1))
        assert "文字内容" in last, lines


def test_a_paper_that_just_does_not_fit_is_set_tighter(paper, see):
    rows = {n: render(paper(body=(Paragraph("\n".join("行" * 3 for _ in range(n))),))) for n in (13, 18, 24)}
    assert [see(data).pages for data in rows.values()] == [1, 1, 2]
    grown = seal_place(rows[18]).y - seal_place(rows[13]).y
    assert grown < 5 * 14 * 1.8 * 25.4 / 72 - 1


def test_a_cell_longer_than_a_page_goes_on_over_the_page(paper, see):
    words = "".join(chr(0x4E00 + n) for n in range(3000))
    seen = see(render(paper(body=(Table(("序号", "内容"), (("1", words), ("2", "完")), (10, 90)),))))
    assert seen.pages >= 3
    assert set(words) <= set(seen.letters)
    seen = see(
        render(paper(body=(KeyValues((("说明", words),), 1), KeyValues((("甲", "乙"), ("丙", words))))))
    )
    assert set(words) <= set(seen.letters)


def test_pictures(paper, see):
    body = (Image(png(), 30, "现场照片"), Image(png(40, 4000), 160))
    signed = (Signature("申请人（签名）", image=png(), dated=True), Signature("经办人", "娜仁"))
    letters = see(render(paper(body=body, signatures=signed))).letters
    assert "现场照片" in letters
    assert "申请人（签名）：" in letters
    assert "娜仁" in letters
    with pytest.raises(UserError) as caught:
        render(paper(body=(Image(b"GIF89a broken", 30),)))
    assert caught.value.code == "BAD_PICTURE"


def test_a_long_organ_name_stays_on_the_page(paper, see):
    organ = "内蒙古自治区赤峰市阿鲁科尔沁旗人民政府政务服务与数据管理局行政审批服务中心综合受理科"
    data = render(paper(body=BODY, organ=organ, signatures=(Signature("申请人（签名）"),)))
    assert organ in see(data).letters
    left, _bottom, right, _top = seal_place(data).rectangle()
    assert 0 < left < right < 595


def test_the_file_names_no_person(paper):
    data = render(paper(body=BODY, addressee="王小军"))
    info = data[data.rindex(b"/CreationDate") :]
    assert "王小军".encode("utf-16-be") not in info
    assert b"/CreationDate (D:20260317000000+08'00')" in data


def test_importing_the_package_loads_nothing_heavy():
    program = (
        "import sys, yichuang.documents, yichuang.documents.papers; "
        "print([m for m in ('reportlab', 'pyhanko', 'PIL', 'segno', 'uharfbuzz', 'PyQt6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_threads_may_render_at_once(paper):
    from concurrent.futures import ThreadPoolExecutor

    expected = render(paper(body=BODY))
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _n: render(paper(body=BODY)), range(12)))
    assert set(made) == {expected}


# What pdftotext reorders or folds on its own (right-to-left scripts, presentation forms) is left out here.
NAMES = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0x3001, max_codepoint=0x3011),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0x20000, max_codepoint=0x323AF),
        st.sampled_from("ᠮᠣᠩᠭᠣᠯᠪᠢᠴᠢ·…—“”（），。、；：？！〔〕"),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES)
def test_any_name_is_printed_and_found_again(paper, see, name):
    letters = see(
        render(paper(title="通知", addressee="", body=(Paragraph(f"甲{name}乙"), KeyValues((("名", name),)))))
    ).letters
    assert "甲" + "".join(name.split()) + "乙" in letters


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120), st.text(max_size=30), st.text(max_size=30))
def test_no_text_stops_a_paper(paper, text, title, name):
    body = (
        Paragraph(text),
        Heading(title),
        Table((text, title), ((name, text),)),
        KeyValues(((title, name), (name, text))),
    )
    office = Office(agency=title, hall=name, agency_mn=text)
    data = render(
        paper(
            title=title,
            addressee=name,
            body=body,
            office=office,
            signatures=(Signature(title, name),),
            number="",
        )
    )
    assert data.startswith(b"%PDF-1.")
