"""The codes of the exchange partner: a map that an administrator writes, checked when it is, used in cases and the catalogue."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import Actor, UserError, select
from yichuang.api import hall as catalogue
from yichuang_acceptance.rules.exchange_codes import OURS, READ_BACK, SETTING, codes_of, ours, theirs

from . import test_exchange as fixtures
from .conftest import COMMITTED, OWN
from .test_exchange import SENDER, export, happen, rows_of

hall = fixtures.hall  # the cases that those tests have
ADMIN = Actor(40, "admin", "管理员", "", permissions=frozenset({"hall.manage"}))
KEEPER = replace(
    SENDER, agency=OWN, permissions=frozenset({"acceptance.view_items", "acceptance.edit_items"})
)


def write(suite, text):
    suite.run(ADMIN, "hall.set", {"key": SETTING, "value": text})


def test_cases_go_out_in_the_partners_codes(hall, tmp_path):
    happen(hall, hall.ids[0], 3, "grant", 20)
    write(hall, "project_type: 2=02；1=01\nresult_type：1＝10\n\napplyer_page_type: 111=SFZ")
    export(hall, tmp_path)
    row = rows_of(tmp_path, "up_pro_accept")[0]
    assert (row["project_type"], row["applyer_page_type"], row["contact_type"]) == ("02", "SFZ", "111")
    assert [each["result_type"] for each in rows_of(tmp_path, "up_pro_result")] == ["10"]
    assert {each["get_type"] for each in rows_of(tmp_path, "up_pro_material")} == {"1"}, "the national code"


def test_another_map_is_another_value(hall, tmp_path, clock):
    export(hall, tmp_path)
    write(hall, "get_type: 1=11")
    clock.now += fixtures.timedelta(minutes=10)
    export(hall, tmp_path)
    rows = rows_of(tmp_path, "up_pro_material", 2)
    assert {(each["get_type"], each["cd_operation"]) for each in rows} == {("11", "U")}
    assert len(rows) == 13


def uploaded(suite, form="tsv"):
    files = suite.query(KEEPER, "acceptance.upload_guides", {"items": [COMMITTED], "form": form})
    table = files["up_task.tsv"].decode()
    (row,) = csv.DictReader(io.StringIO(table), delimiter="\t")
    return files, row


def test_the_catalogue_goes_up_in_them_and_comes_back_in_ours(suite):
    write(suite, "task_type: 01=XK; 10=20; 20=21\nproject_type: 1=01; 2=02")
    files, row = uploaded(suite)
    assert (row["task_type"], row["project_type"]) == ("XK", "02")
    back = suite.run(KEEPER, "acceptance.import_guides", {"files": files})
    assert (back.entered, back.drafted, back.unchanged) == (0, 0, 1), "nothing of it has changed on the way"
    with suite.database.read() as reader:
        kind = reader.scalar(select(catalogue.item.c.type).where(catalogue.item.c.code == COMMITTED))
    assert kind == "01"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("project_type 1=01", 1, "project_type"),
        ("nothing: 1=01", 1, "project_type"),
        ("get_type: 1=1\nproject_type: 7=01", 2, "1, 2, 9"),
        ("project_type: 1", 1, "1=01"),
        ("project_type: 1=", 1, "“”"),
        ("project_type: 1=001", 1, "2"),
        ("project_type: 1=0 1", 1, "“0 1”"),
        ("project_type: 1=01; 1=02", 1, "两次"),
        ("get_type: 1=01\nget_type: 2=02", 2, "两行"),
        ("task_type: 10=20", 1, "20"),
        (7, 1, "文字"),
    ],
)
def test_a_map_that_is_none_is_refused_when_it_is_written(suite, text, line, said):
    write(suite, "project_type: 1=01")
    with pytest.raises(UserError) as error:
        write(suite, text)
    assert error.value.code == "EXCHANGE_CODES_BAD"
    assert error.value.detail == {"line": line}
    assert said in str(error.value.sentence)
    with suite.database.read() as reader:
        kept = reader.scalar(select(catalogue.setting.c.value).where(catalogue.setting.c.key == SETTING))
    assert kept == "project_type: 1=01"


def test_no_map_means_the_national_codes(suite):
    assert codes_of("") == codes_of(" \n ") == {}
    write(suite, "")
    assert theirs({}, "project_type", "1") == "1"


def test_fewer_codes_at_the_partners_are_no_mistake_where_nothing_comes_back():
    assert codes_of("get_type: 3=9; 4=9") == {"get_type": {"3": "9", "4": "9"}}


@given(st.data())
def test_what_comes_back_is_what_went_up(data):
    column = data.draw(st.sampled_from(READ_BACK))
    own = list(OURS[column])
    partner = data.draw(st.permutations(own))
    codes = codes_of(f"{column}: " + ";".join(f"{a}={b}" for a, b in zip(own, partner, strict=True)))
    for code in own:
        assert ours(codes, column, theirs(codes, column, code)) == code
