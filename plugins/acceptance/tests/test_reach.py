"""Legal representative, address and postcode of applicants: typed at the window or said in a form, and in the exchange."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from yichuang.api import Actor, UserError, entries_about, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules.exchange import TABLES
from yichuang_acceptance.rules.form_fields import FormField
from yichuang_acceptance.rules.reach import Reach, of_form, of_person

from .applicant_steps import shown
from .conftest import CLERK, accepted, intake
from .forms import load
from .matter_hall import fill_theme
from .matter_hall import taken as matter_taken
from .test_life_papers import letters
from .test_offline import enter, kept, lease

SENDER = Actor(31, "sender", "交换员", "", permissions=frozenset({"acceptance.exchange"}))
HOME = {"address": "赤峰市阿鲁科尔沁旗天山镇", "zip": "025550"}
COMPANY = {"name": "罕山农牧科技有限公司", "code_kind": "001", "code": "11150421YC0000028H"}


def sent(suite, clock):
    """The rows of up_pro_accept, as dicts, of everything."""
    clock.now += timedelta(minutes=5)
    batch = suite.run(SENDER, "acceptance.begin_exchange", {"since": ""})
    page = suite.run(SENDER, "acceptance.exchange_rows", {"batch": batch.id})
    return [dict(zip(TABLES["up_pro_accept"], row, strict=True)) for row in page.tables["up_pro_accept"]]


def reach(row):
    return {name: row[name] for name in ("legal", "address", "zip")}


def person(**more):
    return intake()["applicant"] | more


def company(**more):
    agent = intake()["applicant"]
    return {"applicant": COMPANY | more, "agent": agent}


def test_what_is_typed_at_the_window_goes_out(suite, clock):
    accepted(suite, applicant=person(**HOME, legal="没有人"))
    accepted(suite, **company(legal="刘成", **HOME))
    one, two = sent(suite, clock)
    assert reach(one) == {"legal": "", **HOME}, "nobody represents a person by law"
    assert reach(two) == {"legal": "刘成", **HOME}


def test_what_a_form_says_need_not_be_typed_again(suite, clock):
    rows = [
        {"label": "法定代表人（负责人）", "field": "boss", "kind": "text"},
        {"label": "单位地址", "field": "seat", "kind": "text"}, {"label": "邮编", "field": "post", "kind": "text"},
    ]  # fmt: skip
    load(suite, rows)
    said = {"boss": "刘成", "seat": "天山镇罕乌拉街 118 号", "post": "025550"}
    accepted(suite, form=said, **company())
    accepted(suite, form=said, applicant=person(address="巴彦花镇"))
    one, two = sent(suite, clock)
    assert reach(one) == {"legal": "刘成", "address": "天山镇罕乌拉街 118 号", "zip": "025550"}
    assert reach(two) == {"legal": "", "address": "巴彦花镇", "zip": ""}, "the form's postcode is another's"


def test_an_item_without_a_form_keeps_the_contact_address(suite, clock):
    accepted(
        suite, form={"联系地址": "天山镇", "申请内容": "新办"}
    )  # as the window writes it: `application_form.PRINTED`
    (row,) = sent(suite, clock)
    assert reach(row) == {"legal": "", "address": "天山镇", "zip": ""}


def test_every_case_of_a_matter_has_its_applicants_address(suite, clock):
    fill_theme(suite)
    matter_taken(suite, applicant=person(**HOME))
    rows = sent(suite, clock)
    assert len(rows) > 1
    assert [reach(row) for row in rows] == [{"legal": "", **HOME}] * len(rows)


@pytest.mark.parametrize(
    "wrong", [{"zip": "2555"}, {"zip": "02555a"}, {"address": "长" * 201}, {"legal": "长" * 101}]
)
def test_what_no_envelope_could_carry_is_refused(suite, wrong):
    with pytest.raises(UserError):
        accepted(suite, applicant=person(**wrong))
    with suite.database.read() as reader:
        assert reader.all(select(t.case.c.id)) == []


def test_applicants_confirm_their_address_and_the_journal_never_has_it(suite):
    showing = shown(suite, applicant=person(**HOME))
    values = {line.label: line.value for line in showing.content.lines}
    assert (values["通讯地址"], values["邮政编码"]) == (HOME["address"], HOME["zip"])
    assert "法定代表人" not in values
    case = accepted(suite, applicant=person(**HOME))
    with suite.database.read() as reader:
        told = entries_about(reader, f"case:{case.case_no}")
    assert told
    assert not any(HOME["address"] in str(entry) for entry in told)


def test_the_case_and_the_form_to_sign_say_it(suite):
    application = intake(applicant=person(**HOME)) | {"to_sign": True}
    paper = suite.query(CLERK, "acceptance.application_form", application)
    assert HOME["address"] in letters(paper)
    case = accepted(suite, applicant=person(**HOME))
    seen = suite.query(CLERK, "acceptance.case", {"case_id": case.case_id})
    assert seen.form == {"通讯地址": HOME["address"], "邮政编码": HOME["zip"]}
    assert HOME["address"] in letters(
        suite.query(CLERK, "acceptance.form_preview", {"case_id": case.case_id})
    )


def test_what_was_received_beside_the_hall_has_it_too(suite):
    block = lease(suite)
    receipt = kept(block)
    application = dict(receipt["intake"])
    application["applicant"] = application["applicant"] | HOME
    case = enter(suite, receipt | {"intake": application})
    with suite.database.read() as reader:
        row = reader.one(select(t.case).where(t.case.c.id == case.case_id))
    assert (row.address, row.zip) == (HOME["address"], HOME["zip"])


def test_another_address_than_the_confirmed_one_is_noticed(suite):
    showing = shown(suite, applicant=person(**HOME))
    suite.run(CLERK, "acceptance.confirm_shown", {"showing_id": showing.id})
    with pytest.raises(UserError) as error:
        accepted(suite, applicant=person(address="别处"), showing_id=showing.id)
    assert error.value.code == "SHOWN_DATA_CHANGED"


def field(key, label, **more):
    return FormField(
        key, label, "text", False, (), more.get("shared_key", ""), more.get("source", ""), 1, "", "", ""
    )


@pytest.mark.parametrize(
    ("fields", "values", "kind", "found"),
    [
        ([field("a", "现居住地址")], {"a": "甲  乙"}, "person", Reach(address="甲 乙")),
        ([field("a", "地址"), field("b", "通讯地址")], {"a": "甲", "b": "乙"}, "person", Reach(address="乙")),
        ([field("a", "地点", shared_key="通讯地址")], {"a": "甲"}, "person", Reach(address="甲")),
        ([field("a", "户籍", source="idcard.address")], {"a": "甲"}, "person", Reach(address="甲")),
        ([field("a", "户籍", source="idcard.address")], {"a": "甲"}, "organisation", Reach()),
        ([field("a", "住所")], {"a": "甲"}, "organisation", Reach(address="甲")),
        ([field("a", "法定代表人")], {"a": "甲"}, "person", Reach()),
        ([field("a", "法定代表人", shared_key="x")], {"a": "甲"}, "organisation", Reach(legal="甲")),
        ([field("a", "邮编")], {"a": "12345"}, "person", Reach()),
        ([field("a", "面积")], {"a": 12}, "person", Reach()),
        ([field("a", "通讯地址")], {"联系地址": "甲"}, "person", Reach()),
        ([field("a", "经营场所", shared_key="地址")], {"a": "甲"}, "person", Reach()),
        ([], {"联系地址": "甲", "邮编": "1"}, "person", Reach(address="甲")),
        ([], {}, "organisation", Reach()),
    ],
)  # fmt: skip
def test_what_a_form_says(fields, values, kind, found):
    assert of_form(fields, values, kind) == found


def test_a_postcode_stays_with_its_address():
    typed, form = Reach(address="甲"), Reach("刘成", "乙", "025550")
    assert typed.or_else(form) == Reach("刘成", "甲", ""), "the form's postcode is that of another address"
    assert Reach().or_else(form) == form
    assert Reach(zip="100000").or_else(form) == Reach("刘成", "乙", "100000")


def test_a_person_has_no_legal_representative():
    said = SimpleNamespace(legal=" 刘成 ", address=" 甲 ", zip="025550", code_kind="111")
    assert of_person(said) == Reach("", "甲", "025550")
    said.code_kind = "001"
    assert of_person(said) == Reach("刘成", "甲", "025550")
