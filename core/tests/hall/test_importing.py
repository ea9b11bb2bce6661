"""The importer: a whole hall or nothing, and every bad row with its place and reason."""

import io
import json
import zipfile
from contextlib import suppress
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.hall import import_files
from yichuang.hall.import_tables import TABLES, headings
from yichuang.hall.importing import (
    HallFilesError,
    Known,
    bad_rows_tsv,
    export_templates,
    folder_files,
    parse_hall,
)
from yichuang.hall.model import HallData, ItemMaterial, Limit, Material
from yichuang.hall.words import set_language

AGENCY = "11150421YC0000028H"
ITEM = "11150421YC0000028H4150102001000"
OTHER_ITEM = "11150421YC0000028H4150102002000"
TYPE = "11150421YC0000028H001"

SMALL_HALL = {
    "agencies": [
        ["code", "name", "short_name", "kind", "name_mn"],
        [AGENCY, "阿鲁科尔沁旗市场监督管理局", "市场监督管理局", "agency", ""],
    ],
    "zones": [["code", "name"], ["permits", "办证办事厅"]],
    "desks": [
        ["number", "zone", "kind", "business", "agency"],
        ["A01", "permits", "integrated", "综合业务", ""],
        ["C01", "permits", "dedicated", "不动产登记", AGENCY],
    ],
    "roles": [
        ["code", "title", "scope", "permissions"],
        ["clerk", "综合受理员", "hall", "queue.call;acceptance.accept"],
        ["approver", "部门审批员", "agency", "acceptance.decide"],
    ],
    "staff": [
        ["account", "name", "agency", "post", "roles", "desk", "phone"],
        ["naren", "娜仁", AGENCY, "综合受理员", "clerk", "A01", "13847622158"],
        ["zhouli", "周立", AGENCY, "审批员", "approver", "", ""],
    ],
    "licence_types": [
        ["code", "name", "issuer", "issuer_name", "holder", "validity_months"],
        [TYPE, "营业执照", AGENCY, "阿鲁科尔沁旗市场监督管理局", "organisation", ""],
    ],
    "materials": [
        ["code", "name", "licence_types"],
        ["M0001", "申请书", ""],
        ["M0002", "营业执照", TYPE],
    ],
    "items": [
        ["code", "name", "type", "agency", "kind", "legal_limit", "legal_unit", "promise_limit", "promise_unit",
         "result_licence"],
        [ITEM, "内资企业变更登记", "01", AGENCY, "instant", "3", "W", "0.5", "W", TYPE],
        [OTHER_ITEM, "公司备案", "行政许可", AGENCY, "", "", "", "", "", ""],
    ],
    "item_materials": [
        ["item", "position", "material", "name", "need", "original", "replaceable"],
        [ITEM, "1", "M0001", "变更登记申请书", "required", "1", "0"],
        [ITEM, "2", "M0002", "", "tolerant", "0", "1"],
    ],
    "themes": [
        ["code", "name", "lead", "promise_limit", "promise_unit"],
        ["YJS-01", "企业开办", AGENCY, "0.5", "W"],
    ],
    "theme_items": [
        ["theme", "name", "item", "optional", "after"],
        ["YJS-01", "内资企业变更登记", ITEM, "0", ""],
        ["YJS-01", "银行预约开户", "", "1", "内资企业变更登记"],
    ],
}  # fmt: skip


def tsv(tables):
    return {
        f"{name}.tsv": "".join("\t".join(cells) + "\n" for cells in rows).encode()
        for name, rows in tables.items()
    }


@pytest.fixture
def tables():
    return {name: [list(row) for row in rows] for name, rows in SMALL_HALL.items()}


def bad(files, known=None):
    with pytest.raises(HallFilesError) as caught:
        parse_hall(files, known)
    assert caught.value.code == "HALL_FILES_BAD"
    return [(row.file, row.row, row.column, row.reason.in_language("en")) for row in caught.value.rows]


def xlsx(tables, *, chinese=False, change=None):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in tables.items():
        sheet = workbook.create_sheet(name)
        labels = {column.name: column.label for column in TABLES[name].columns} if chinese else {}
        sheet.append([labels.get(cell, cell) for cell in rows[0]])
        for row in rows[1:]:
            sheet.append(row)
    if change:
        change(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return {"hall.xlsx": buffer.getvalue()}


class TestWhole:
    def test_values(self, tables):
        hall = parse_hall(tsv(tables))
        version = hall.versions[0]
        assert [len(getattr(hall, name)) for name in HallData.__slots__] == [1, 1, 2, 2, 2, 1, 2, 2, 2, 1]
        assert hall.items[0].basic_code == "150102001000"
        assert hall.items[0].initials == "nzqybgdj"
        assert hall.items[1].type == "01"
        assert (version.legal, version.promise) == (Limit(Decimal(3), "W"), Limit(Decimal("0.5"), "W"))
        assert version.materials == (
            ItemMaterial(ITEM, 1, "M0001", "变更登记申请书", "required", original=True),
            ItemMaterial(ITEM, 2, "M0002", "营业执照", "tolerant", replaceable=True, licence_types=(TYPE,)),
        )
        assert (hall.versions[1].legal, hall.versions[1].kind, hall.versions[1].materials) == (None, "", ())
        assert hall.themes[0].items[1].after == ("内资企业变更登记",)
        assert hall.themes[0].items[1].optional
        assert hall.roles[0].permissions == ("queue.call", "acceptance.accept")

    def test_tsv_xlsx_and_chinese_headings_say_the_same(self, tables):
        hall = parse_hall(tsv(tables))
        assert parse_hall(xlsx(tables)) == hall
        assert parse_hall(xlsx(tables, chinese=True)) == hall
        utf16 = {name: content.decode().encode("utf-16") for name, content in tsv(tables).items()}
        assert parse_hall(utf16) == hall
        with_bom = {
            name: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n\r\n")
            for name, content in tsv(tables).items()
        }
        assert parse_hall(with_bom) == hall

    def test_themes_as_json(self, tables):
        hall = parse_hall(tsv(tables))
        del tables["themes"], tables["theme_items"]
        theme = {
            "code": "YJS-01", "name": "企业开办", "lead": AGENCY, "promise": 0.5, "unit": "W",
            "items": [
                {"name": "内资企业变更登记", "item": ITEM},
                {"name": "银行预约开户", "optional": True, "after": ["内资企业变更登记"]},
            ],
        }  # fmt: skip
        files = tsv(tables) | {"themes.json": json.dumps([theme]).encode()}
        assert parse_hall(files) == hall

    def test_situations_of_a_theme_say_which_of_its_items_are_needed(self, tables):
        theme = {
            "code": "YJS-01", "name": "开办餐饮店", "lead": AGENCY, "promise": 10, "unit": "W",
            "situations": [{"code": "T1", "question": "面积在500㎡以上？", "options": ["是", "否"]}],
            "items": [{"name": "内资企业变更登记", "item": ITEM, "situation_expr": "T1=是"}],
        }  # fmt: skip
        del tables["themes"], tables["theme_items"]
        read = parse_hall(tsv(tables) | {"themes.json": json.dumps([theme]).encode()}).themes[0]
        assert [(q.code, q.question, q.options) for q in read.situations] == [
            ("T1", "面积在500㎡以上？", ("是", "否"))
        ]
        assert read.items[0].situation_expr == "T1=是"
        theme["items"][0]["situation_expr"] = "T1=也许"
        assert "T1=也许" in bad(tsv(tables) | {"themes.json": json.dumps([theme]).encode()})[0][3]
        theme["situations"][0]["options"] = ["是"]
        assert any(
            "T1=question" in row[3]
            for row in bad(tsv(tables) | {"themes.json": json.dumps([theme]).encode()})
        )

    def test_nothing_is_a_hall_too(self):
        assert parse_hall({}) == HallData()

    def test_a_file_alone_refers_to_what_is_known(self, tables):
        files = tsv({"item_materials": tables["item_materials"]})
        assert len(bad(files)) == 4
        material = Material("M0002", "营业执照", (TYPE,))
        codes = {"items": frozenset({ITEM}), "materials": frozenset({"M0001", "M0002"})}
        known = Known(codes, {"M0002": material})
        assert parse_hall(files, known).versions == ()
        files = tsv(
            {
                "items": [tables["items"][0], [*tables["items"][1][:-1], ""]],
                "item_materials": tables["item_materials"],
            }
        )
        known = Known(codes | {"agencies": frozenset({AGENCY})}, {"M0002": material})
        assert parse_hall(files, known).versions[0].materials[1].licence_types == (TYPE,)

    def test_versions_of_an_item(self, tables):
        tables["items"][0].append("version")
        tables["items"][1].append("")
        tables["items"][2].append("1")
        newer = [*tables["items"][1]]
        newer[1], newer[-1] = "内资企业变更登记（新）", "2"
        tables["items"].append(newer)
        hall = parse_hall(tsv(tables))
        assert [item.name for item in hall.items] == ["内资企业变更登记（新）", "公司备案"]
        assert [(v.item, v.version, len(v.materials)) for v in hall.versions] == [
            (ITEM, 1, 2), (OTHER_ITEM, 1, 0), (ITEM, 2, 0)
        ]  # fmt: skip


BROKEN = [
    ("agencies", 1, "code", "11150421YC0000029H", "check character of the unified"),
    ("agencies", 1, "kind", "bureaux", "must be one of"),
    ("agencies", 1, "name", "", "must not be empty"),
    ("agencies", 1, "name", "局\u202e", "hidden character U+202E"),
    ("zones", 1, "code", "one two", "up to 32 letters"),
    ("desks", 1, "number", "a6", "such as A06"),
    ("desks", 1, "zone", "nowhere", "nowhere is not in zones"),
    ("desks", 2, "agency", "", "dedicated desk needs its agency"),
    ("desks", 2, "agency", "11150421YC000001XH", "is not in agencies"),
    ("desks", 2, "number", "A01", "repeats row 2 of desks.tsv"),
    ("roles", 1, "permissions", "everything", "two words with a point"),
    ("roles", 1, "scope", "world", "must be one of"),
    ("staff", 1, "account", "Naren!", "small letters"),
    ("staff", 1, "roles", "clerk;boss", "boss is not in roles"),
    ("staff", 1, "roles", "", "must not be empty"),
    ("staff", 1, "desk", "A09", "A09 is not in desks"),
    ("staff", 1, "phone", "12", "telephone"),
    ("staff", 2, "account", "naren", "repeats row 2"),
    ("licence_types", 1, "code", TYPE[:-1], "21 characters"),
    ("licence_types", 1, "validity_months", "five", "whole number"),
    ("licence_types", 1, "holder", "dog", "must be one of"),
    ("materials", 2, "licence_types", "11150421YC0000028H002", "is not in licence_types"),
    ("items", 1, "code", ITEM[:-1], "31 characters"),
    ("items", 1, "code", "11150421YC0000029H4150102001000", "agency's code inside"),
    ("items", 1, "type", "99", "item type does not exist"),
    ("items", 1, "agency", "11150421YC000001XH", "is not in agencies"),
    ("items", 1, "legal_limit", "-1", "number of days"),
    ("items", 1, "legal_limit", "0.3", "number of days"),
    ("items", 1, "legal_limit", "1e9999", "number of days"),
    ("items", 1, "legal_limit", "NaN", "number of days"),
    ("items", 1, "legal_limit", "", "both a number and a unit"),
    ("items", 1, "legal_unit", "", "both a number and a unit"),
    ("items", 1, "legal_unit", "Y", "must be one of"),
    ("items", 1, "promise_limit", "4", "longer than the statutory"),
    ("items", 1, "result_licence", "11150421YC0000028H009", "is not in licence_types"),
    ("items", 2, "code", ITEM, "repeats row 2"),
    ("item_materials", 1, "item", "11150421YC0000028H4150102009000", "is not in items"),
    ("item_materials", 1, "material", "M0009", "M0009 is not in materials"),
    ("item_materials", 1, "position", "0.5", "whole number"),
    ("item_materials", 2, "position", "1", "repeats row 2"),
    ("item_materials", 1, "original", "maybe", "1 or 0"),
    ("item_materials", 1, "need", "wanted", "must be one of"),
    ("themes", 1, "lead", "11150421YC000001XH", "is not in agencies"),
    ("theme_items", 1, "theme", "YJS-02", "YJS-02 is not in themes"),
    ("theme_items", 2, "after", "开户", "开户 is not an item of the theme"),
    ("theme_items", 1, "after", "银行预约开户", "in a circle"),
]


class TestBrokenCells:
    @pytest.mark.parametrize(("table", "row", "column", "text", "reason"), BROKEN)
    def test_the_report_names_file_row_column_and_reason(self, tables, table, row, column, text, reason):
        tables[table][row][tables[table][0].index(column)] = text
        reports = bad(tsv(tables))
        assert any(r[0] == f"{table}.tsv" and r[1] == row + 1 and reason in r[3] for r in reports), reports
        placed = [r for r in reports if reason in r[3]]
        assert placed[0][2] in {column, f"{column.split('_')[0]}_unit", "code", "number", "account", "item"}

    def test_one_bad_cell_gives_one_report(self, tables):
        tables["agencies"][1][0] = (
            "11150421YC0000029H"  # everything refers to it; only the fault itself is reported
        )
        for rows in tables.values():
            for row in rows[1:]:
                row[:] = ["11150421YC0000029H" if cell == AGENCY else cell for cell in row]
        reports = bad(tsv(tables))
        assert {r[3] for r in reports} == {"The check character of the unified social credit code is wrong."}

    def test_every_bad_row_is_reported_at_once(self, tables):
        tables["desks"][1][0] = "a6"
        tables["desks"][2][1] = "nowhere"
        tables["staff"][1][4] = "boss"
        tables["items"][1][5] = "-1"
        places = {(r[0], r[1]): None for r in bad(tsv(tables))}
        assert list(places) == [("desks.tsv", 2), ("desks.tsv", 3), ("items.tsv", 2), ("staff.tsv", 2)]

    def test_the_error_speaks_chinese_and_english_and_lists_all(self, tables):
        tables["zones"][1][1] = ""
        with pytest.raises(HallFilesError) as caught:
            parse_hall(tsv(tables))
        zh, en = caught.value.as_dict("zh_CN"), caught.value.as_dict("en")
        assert zh["detail"] == {
            "rows": [{"file": "zones.tsv", "row": 2, "column": "name", "reason": "该单元格不能为空。"}]
        }
        assert en["detail"]["rows"][0]["reason"] == "The cell must not be empty."
        assert "zones.tsv" in zh["sentence"]
        assert zh["safe"] == "没有导入任何内容。"
        assert (
            bad_rows_tsv(caught.value.rows).decode("utf-8-sig") == "zones.tsv\t2\tname\t该单元格不能为空。\n"
        )

    def test_columns_are_named_as_the_file_names_them(self, tables):
        tables["zones"] = [["编码", "名称"], ["permits", ""]]
        assert bad(tsv(tables))[0][:3] == ("zones.tsv", 2, "名称")


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("zones.csv", b"", "neither TSV nor XLSX"),
            ("streets.tsv", b"code\n", "no table of this name"),
            ("zones.tsv", b"", "no headings"),
            ("zones.tsv", b"code\tname\tcolour\n", "no column of this name"),
            ("zones.tsv", b"code\tname\tname\n", "occurs twice"),
            ("zones.tsv", b"code\na\n", "lacks this column"),
            ("zones.tsv", b"code\tname\na\tb\tc\n", "more cells"),
            ("zones.tsv", "code\tname\na\t厅\n".encode("gb18030"), "not UTF-8"),
            ("zones.tsv", b"code\tname\na\t\0\n", "not UTF-8"),
            ("zones.tsv", b'code\tname\na\t"b"c\n', "quotation mark"),
            ("zones.tsv", b'code\tname\na\t"b\n', "quotation mark"),
            ("zones.tsv", b'code\tname\na\t"b\nc"\n', "hidden character U+000A"),
            ("zones.tsv", b"code\tname\na\t\x07b\n", "hidden character U+0007"),
            ("zones.xlsx", b"PK\3\4 nonsense", "cannot be read"),
            ("zones.xlsx", b"", "cannot be read"),
            ("items.json", b"[]", "Only themes"),
            ("themes.json", b"[1]", "expected form"),
            ("themes.json", b"{", "expected form"),
            ("themes.json", b"[" * 100_000, "expected form"),
            ("themes.json", b'[{"code": "a"}]', "expected form"),
            ("themes.json", b"\xff", "expected form"),
        ],
    )
    def test_refused(self, name, content, reason):
        assert any(reason in report[3] for report in bad({name: content}))

    def test_too_large(self, monkeypatch, tables):
        monkeypatch.setattr(import_files, "MOST_BYTES", 50)
        assert "larger than" in bad(tsv(tables))[0][3]

    def test_too_many_rows(self, monkeypatch):
        monkeypatch.setattr(import_files, "MOST_ROWS", 3)
        rows = [["code", "name"], *([f"z{i}", "厅"] for i in range(9))]
        for files in (tsv({"zones": rows}), xlsx({"zones": rows})):
            assert any("more than 3 rows" in report[3] for report in bad(files))

    def test_a_workbook_that_unpacks_too_far(self, monkeypatch, tables):
        monkeypatch.setattr(import_files, "_MOST_UNPACKED", 1000)
        assert "unpacks to more" in bad(xlsx(tables))[0][3]

    def test_a_workbook_broken_inside(self, tables):
        whole = xlsx(tables)["hall.xlsx"]
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(buffer, "w") as new:
            for entry in old.infolist():
                content = old.read(entry)
                new.writestr(entry, content[: len(content) // 2] if "sheet3" in entry.filename else content)
        assert "cannot be read" in bad({"hall.xlsx": buffer.getvalue()})[0][3]

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ("=1+1", "formula"),
            ('=HYPERLINK("http://x")', "formula"),
            (150421000000000000000, "too long for a spreadsheet"),
            ("#REF!", "error value"),
        ],
    )
    def test_cells_that_a_workbook_may_not_hold(self, tables, value, reason):
        def change(workbook):
            workbook["zones"]["B2"] = value

        reports = bad(xlsx(tables, change=change))
        assert ("hall.xlsx/zones", 2, "B") in [report[:3] for report in reports]
        assert any(reason in report[3] for report in reports)

    def test_numbers_and_dates_of_a_workbook_become_text(self, tables):
        def change(workbook):
            workbook["licence_types"]["F2"] = 60.0
            workbook["items"]["F2"] = 3
            workbook["items"]["H2"] = 0.5
            workbook["item_materials"]["F2"] = True

        hall = parse_hall(xlsx(tables, change=change))
        assert hall.licence_types[0].validity_months == 60
        assert hall.versions[0].promise == Limit(Decimal("0.5"), "W")


class TestTemplates:
    def test_empty_templates_are_empty_halls(self):
        assert parse_hall(export_templates("tsv")) == HallData()
        assert parse_hall(export_templates("xlsx")) == HallData()

    def test_a_filled_template_is_read(self, tables):
        workbook = openpyxl.load_workbook(io.BytesIO(export_templates("xlsx")["hall.xlsx"]))
        assert workbook["zones"]["A1"].value == "* 编码"
        for name, rows in tables.items():
            columns = {column.name: i for i, column in enumerate(TABLES[name].columns, 1)}
            for number, row in enumerate(rows[1:], 2):
                for heading, cell in zip(rows[0], row, strict=True):
                    workbook[name].cell(number, columns[heading], cell or None)
        buffer = io.BytesIO()
        workbook.save(buffer)
        assert parse_hall({"mine.xlsx": buffer.getvalue()}) == parse_hall(tsv(tables))

    def test_english_templates_have_english_headings(self):
        set_language("en")
        try:
            workbook = openpyxl.load_workbook(io.BytesIO(export_templates("xlsx")["hall.xlsx"]))
        finally:
            set_language("zh_CN")
        assert workbook["zones"]["A1"].value == "* code"

    def test_headings_are_unambiguous(self):
        for spec in TABLES.values():
            assert len(headings(spec)) == 2 * len(spec.columns)


def test_folder_files_takes_only_importable_files(tmp_path, tables):
    for name, content in (tsv(tables) | {"README.md": b"x"}).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "sub.tsv").mkdir()
    assert parse_hall(folder_files(tmp_path)) == parse_hall(tsv(tables))


CELLS = [(t, r, c) for t, rows in SMALL_HALL.items() for r in range(len(rows)) for c in range(len(rows[r]))]


def imported(files):
    """Whether the files are a hall; anything but a hall or a report of bad rows is a failure of the test."""
    with suppress(HallFilesError):
        assert isinstance(parse_hall(files), HallData)
        return True
    return False


@settings(max_examples=150)
@given(
    st.sampled_from(CELLS),
    st.one_of(st.text(max_size=20), st.sampled_from([AGENCY, ITEM, "1", "A01", "clerk", TYPE])),
)
def test_any_cell_changed_is_imported_or_reported(cell, text):
    table, row, column = cell
    tables = {name: [list(cells) for cells in rows] for name, rows in SMALL_HALL.items()}
    tables[table][row][column] = text
    assert imported(tsv(tables)) in {True, False}


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["zones.tsv", "zones.xlsx", "themes.json", "x.tsv"]), st.binary(max_size=300)
    )
)
def test_any_bytes_are_imported_or_reported(files):
    assert imported(files) in {True, False}
