"""Rows that the national platform would not take: held back with the reason, nothing else is stopped, the counts add up."""

from __future__ import annotations

import csv
import json
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError
from yichuang.api import hall as catalogue
from yichuang_acceptance import tables as t
from yichuang_acceptance.commands import exchange as command
from yichuang_acceptance.operations.exchange_faults import pending
from yichuang_acceptance.rules.exchange import (
    COMMON,
    TABLES,
    Held,
    Left,
    act_of,
    attachment_name,
    left_of,
    mobile,
)
from yichuang_acceptance.rules.exchange_columns import COLUMNS, TABLE_NAMES, misfits

from . import test_exchange as fixtures
from .case_rows import enter_cases
from .conftest import APPROVER, COMMITTED
from .test_exchange import (
    SENDER,
    START,
    Typed,
    acts,
    change,
    export,
    happen,
    rows_of,
)

hall = fixtures.hall  # the cases that those tests have

LONG = "长" * 101


def told_by(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def name(hall, n, applicant_name):
    change(hall, t.case, t.case.c.id == hall.ids[n], applicant_name=applicant_name)


def numbers(hall):
    with hall.database.read() as reader:
        return [row.case_no for row in reader.all(t.case.select().order_by(t.case.c.id))]


def test_a_row_that_is_too_long_is_reported_and_stops_nothing(hall, tmp_path, capsys):
    name(hall, 1, LONG)
    export(hall, tmp_path)
    told = told_by(capsys)
    assert told["reported"]["up_pro_accept"] == 1
    assert told["counts"]["up_pro_accept"] == told["totals"]["up_pro_accept"] == 6
    for table in TABLES:
        assert told["counts"][table] + told["reported"][table] == told["due"][table]
    assert told["due"]["up_pro_accept"] == 7
    contact, fault = told["faults"]
    assert contact["column"] == "contact_name", "nobody comes for the applicant"
    assert fault == {
        "case_no": numbers(hall)[1], "item_name": "食品经营许可", "agency_name": "市场监督管理局", "table": "up_pro_accept",
        "column": "applyer_name", "label": "申请人", "found": 101, "most": 100,
        "why": "申请人（applyer_name）有101个字符，最多100个。",
    }  # fmt: skip
    assert len(rows_of(tmp_path, "up_pro_process")) == 14, "what else there is of the case goes out"
    assert not any(LONG[:50] in row["applyer_name"] for row in rows_of(tmp_path, "up_pro_accept")), (
        "never cut"
    )
    path = tmp_path / "faults-000001.csv"
    with Path(path).open(encoding="utf-8", newline="") as file:
        assert [row["column"] for row in csv.DictReader(file)] == ["contact_name", "applyer_name"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0, "the other side has all but that row"
    assert json.loads(capsys.readouterr().out)["counts"]["up_pro_accept"] == 6


def test_it_is_reported_again_until_it_is_right_and_then_goes_out(hall, tmp_path, clock, capsys):
    name(hall, 1, LONG)
    change(hall, t.case, t.case.c.id == hall.ids[1], state="archived")
    export(hall, tmp_path)
    clock.now = START + timedelta(minutes=70)
    export(hall, tmp_path)
    again = told_by(capsys)
    assert (again["due"]["up_pro_accept"], again["reported"]["up_pro_accept"]) == (1, 1), (
        "archived, but not forgotten"
    )
    name(hall, 1, "其其格")
    clock.now = START + timedelta(minutes=80)
    export(hall, tmp_path)
    told = told_by(capsys)
    assert told["faults"] == []
    assert acts(tmp_path, 3) == {"up_pro_accept": [(numbers(hall)[1][-6:], "I")]}
    assert not (tmp_path / "faults-000003.csv").exists()
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["up_pro_accept"] == 7


def test_what_was_sent_before_stays_there_while_its_change_is_held_back(hall, tmp_path, clock, capsys):
    export(hall, tmp_path)
    name(hall, 1, LONG)
    clock.now = START + timedelta(minutes=70)
    export(hall, tmp_path)
    told = told_by(capsys)
    assert (told["reported"]["up_pro_accept"], told["totals"]["up_pro_accept"]) == (1, 7)
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0
    capsys.readouterr()
    name(hall, 1, "其其格")
    clock.now = START + timedelta(minutes=80)
    export(hall, tmp_path)
    assert acts(tmp_path, 3) == {"up_pro_accept": [(numbers(hall)[1][-6:], "U")]}


@pytest.mark.parametrize("later", ["right", "wrong"])
def test_a_batch_that_was_lost_is_made_up_for(hall, tmp_path, clock, capsys, later):
    """The other side begins again from batch 1; what batch 2 sent, and batch 3 holds back, it does not have."""
    export(hall, tmp_path)
    first = told_by(capsys)
    (new,) = enter_cases(
        hall,
        [{"received_at": START + timedelta(minutes=61), "accepted_at": START + timedelta(minutes=61), "item": COMMITTED,
          "case_no": "1504212603169999991"}],
    )  # fmt: skip
    hall.ids.append(new)
    name(hall, 0, "其其格")
    clock.now = START + timedelta(minutes=70)
    export(hall, tmp_path / "lost")
    capsys.readouterr()
    name(hall, 0, LONG)
    name(hall, 7, LONG)
    clock.now = START + timedelta(minutes=80)
    export(hall, tmp_path, "--since", first["upto"])
    told = told_by(capsys)
    assert (told["reported"]["up_pro_accept"], told["totals"]["up_pro_accept"]) == (2, 6)
    assert acts(tmp_path, 3) == {"up_pro_accept": [(numbers(hall)[0][-6:], "D")]}, (
        "what it has of the first, nobody knows"
    )
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0
    capsys.readouterr()
    if later == "right":
        for n in (0, 7):
            name(hall, n, "其其格")  # what the lost batch had sent of the first: it must go out all the same
    clock.now = START + timedelta(minutes=90)
    export(hall, tmp_path)
    sent = dict(acts(tmp_path, 4).get("up_pro_accept", []))
    numbered = numbers(hall)
    expected = {numbered[0][-6:]: "I", numbered[7][-6:]: "I"} if later == "right" else {}
    assert sent == expected
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0


def test_everything_anew_holds_nothing_of_what_is_held_back(hall, tmp_path, clock, capsys):
    export(hall, tmp_path)
    name(hall, 1, LONG)
    clock.now = START + timedelta(minutes=70)
    export(hall, tmp_path / "whole", "--all")
    assert told_by(capsys)["totals"]["up_pro_accept"] == 6
    assert command.run(Typed(hall, "--check", str(tmp_path / "whole"))) == 0


def test_what_must_be_filled_in_is_reported_too(hall, tmp_path, capsys):
    change(hall, catalogue.item, catalogue.item.c.code == COMMITTED, basic_code="")
    change(hall, t.material, (t.material.c.case_id == hall.ids[0]), name="材" * 201)
    happen(hall, hall.ids[0], 3, "grant", 20)
    export(hall, tmp_path)
    told = told_by(capsys)
    assert told["counts"]["up_pro_accept"] == 0
    assert (told["reported"]["up_pro_accept"], told["reported"]["up_pro_material"]) == (7, 1)
    assert told["counts"]["up_pro_result"] == 1
    found = {(each["table"], each["column"], each["found"], each["most"]) for each in told["faults"]}
    assert found == {("up_pro_accept", "catalog_code", 0, 12), ("up_pro_material", "material_name", 201, 200)}
    assert "基本编码（catalog_code）为空，该项必填。" in {each["why"] for each in told["faults"]}


def test_two_wrong_values_are_one_row(hall, tmp_path, capsys):
    change(hall, t.case, t.case.c.id == hall.ids[0], applicant_name=LONG, acceptor_name="某" * 101)
    export(hall, tmp_path)
    told = told_by(capsys)
    assert told["reported"]["up_pro_accept"] == 1
    # no agent comes, so that the applicant is the contact as well
    assert sorted(each["column"] for each in told["faults"]) == [
        "applyer_name",
        "contact_name",
        "handle_user_name",
    ]


def test_a_person_at_the_command_line_reads_which_and_why(hall, tmp_path, capsys):
    name(hall, 1, LONG)
    typed = Typed(hall, "--out", str(tmp_path))
    typed.json = False
    assert command.run(typed) == 0
    out = capsys.readouterr().out
    assert f"未发送：{numbers(hall)[1]} 食品经营许可：申请人（applyer_name）有101个字符" in out
    assert "reported: " in out
    assert "faults-" not in out


def test_many_are_counted_and_stand_in_their_file(hall, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "MOST_PRINTED", 3)
    change(hall, t.case, t.case.c.id > 0, applicant_name=LONG)
    typed = Typed(hall, "--out", str(tmp_path))
    typed.json = False
    assert command.run(typed) == 0
    out = capsys.readouterr().out
    assert out.count("未发送：") == 3
    assert "另有11条列在faults-000001.csv中。" in out
    assert len((tmp_path / "faults-000001.csv").read_text("utf-8").splitlines()) == 1 + 14


def test_whoever_exports_reads_what_was_held_back_later_too(hall, tmp_path, clock, capsys):
    for n in (1, 2):
        name(hall, n, LONG)
    export(hall, tmp_path)
    shown = hall.query(SENDER, "acceptance.exchange_faults", {"limit": 3})
    more = hall.query(SENDER, "acceptance.exchange_faults", {"before_id": shown[-1].id})
    assert len(shown + more) == 4
    assert {each.case_no for each in shown + more} == set(numbers(hall)[1:3])
    assert all(each.absent for each in shown)
    (batch,) = hall.query(SENDER, "acceptance.exchanges", {})
    assert (batch.counts["up_pro_accept"], batch.reported["up_pro_accept"]) == (5, 2)
    hall.run(SENDER, "acceptance.begin_exchange", {})
    assert len(hall.query(SENDER, "acceptance.exchange_faults", {})) == 4, "another batch is under way"
    name(hall, 1, "其其格")
    clock.now = START + timedelta(minutes=70)
    export(hall, tmp_path)
    assert {each.case_no for each in hall.query(SENDER, "acceptance.exchange_faults", {})} == {
        numbers(hall)[2]
    }
    for asked in ("acceptance.exchange_faults", "acceptance.exchanges"):
        with pytest.raises(UserError) as error:
            hall.query(APPROVER, asked, {})
        assert error.value.code == "NOT_PERMITTED"
    capsys.readouterr()


def test_a_correction_of_many_defects_says_how_many(hall, tmp_path):
    for n, defects in enumerate((["材料：缺少"] * 3, ["材" * 100 + "：缺少"] * 60)):
        happen(hall, hall.ids[n], 3, "correct", 3, "；".join(defects))
    export(hall, tmp_path)
    told = [
        row["handle_explain"] for row in rows_of(tmp_path, "up_pro_process") if row["event_name"] == "退回"
    ]
    assert told == ["材料：缺少；材料：缺少；材料：缺少", "共60项，详见补正材料一次性告知书。"]


def test_a_batch_ends_only_when_its_faults_were_told(hall):
    name(hall, 1, LONG)
    batch = hall.run(SENDER, "acceptance.begin_exchange", {"since": ""})
    for _page in range(2):  # asked again, as after a cut line
        page = hall.run(SENDER, "acceptance.exchange_rows", {"batch": batch.id})
        assert len(page.faults) == 2
    counts = {table: len(rows) for table, rows in page.tables.items()}
    with pytest.raises(UserError) as error:
        hall.run(SENDER, "acceptance.end_exchange", {"batch": batch.id, "counts": counts})
    assert error.value.code == "COUNTS_DIFFER"
    ended = hall.run(
        SENDER,
        "acceptance.end_exchange",
        {"batch": batch.id, "counts": counts, "reported": {"up_pro_accept": 1}},
    )
    assert ended.due["up_pro_accept"] == 7


def test_a_row_that_goes_wrong_while_a_batch_is_made_does_not_count_as_sent(hall):
    batch = hall.run(SENDER, "acceptance.begin_exchange", {"since": ""})
    hall.run(SENDER, "acceptance.exchange_rows", {"batch": batch.id})
    name(hall, 1, LONG)
    page = hall.run(SENDER, "acceptance.exchange_rows", {"batch": batch.id})
    counts = {table: len(rows) for table, rows in page.tables.items()}
    ended = hall.run(
        SENDER,
        "acceptance.end_exchange",
        {"batch": batch.id, "counts": counts, "reported": {"up_pro_accept": 1}},
    )
    assert (counts["up_pro_accept"], ended.totals["up_pro_accept"]) == (6, 6)


def test_cases_that_nobody_has_answered_yet_wait(hall, tmp_path, clock, capsys):
    """The platform takes no row without accept_date: such a case is not due, and goes out once it is accepted or ended."""
    for n in (1, 2):
        change(hall, t.case, t.case.c.id == hall.ids[n], accepted_at=None, state="received")
    export(hall, tmp_path)
    told = told_by(capsys)
    assert (told["due"]["up_pro_accept"], told["due"]["up_pro_process"], told["faults"]) == (5, 10, [])
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0
    happen(hall, hall.ids[1], 3, "refuse_acceptance", 65)
    change(hall, t.case, t.case.c.id == hall.ids[2], accepted_at=START + timedelta(minutes=66))
    clock.now = START + timedelta(minutes=70)
    export(hall, tmp_path)
    rows = rows_of(tmp_path, "up_pro_accept", 2)
    assert [row["accept_date"] for row in rows] == ["2026-03-17 11:05:00", "2026-03-17 11:06:00"]
    assert [row["result_type"] for row in rows_of(tmp_path, "up_pro_result", 2)] == ["4"]
    capsys.readouterr()
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["up_pro_accept"] == 7


def test_a_special_procedure_waits_for_an_end_that_is_planned_or_real(hall, tmp_path, clock, capsys):
    with hall.database.write() as writer:
        key = writer.insert(
            t.suspension, case_id=hall.ids[0], node="", kind="inspection", basis="法", reason="踏勘", staff_id=1,
            staff_name="王敏", began_at=START,
        )  # fmt: skip
    export(hall, tmp_path)
    assert told_by(capsys)["due"]["up_pro_special_procedure"] == 0
    mine = t.suspension.c.id == key
    change(hall, t.suspension, mine, planned_end=date(2026, 3, 20))
    clock.now = START + timedelta(minutes=70)
    export(hall, tmp_path)
    change(hall, t.suspension, mine, ended_at=START + timedelta(minutes=75), result="合格")
    clock.now = START + timedelta(minutes=80)
    export(hall, tmp_path)
    told = [rows_of(tmp_path, "up_pro_special_procedure", n)[0] for n in (2, 3)]
    assert [(row["end_time"], row["result"], row["cd_operation"]) for row in told] == [
        ("2026-03-20 23:59:59", "", "I"), ("2026-03-17 11:15:00", "合格", "U"),
    ]  # fmt: skip
    capsys.readouterr()
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0


def test_every_column_has_its_limit():
    for table, columns in TABLES.items():
        assert set(COLUMNS[table]) == set(columns) - set(COMMON)
        assert table in TABLE_NAMES


@pytest.mark.parametrize("table", TABLES)
@given(st.data())
def test_a_value_fits_up_to_its_last_character(table, data):
    own = [column for column in TABLES[table] if column not in COMMON]
    values = {column: "一" * (COLUMNS[table][column].most or 19) for column in own}
    assert misfits(table, list(values.values())) == []
    column = data.draw(st.sampled_from(own))
    spec = COLUMNS[table][column]
    longer = misfits(table, list((values | {column: "一" * (spec.most + 1)}).values()))
    assert [(each.column, each.found) for each in longer] == ([(column, spec.most + 1)] if spec.most else [])
    empty = misfits(table, list((values | {column: data.draw(st.sampled_from(["", "  "]))}).values()))
    assert [(each.column, each.found) for each in empty] == ([(column, 0)] if spec.required else [])


def test_a_file_is_named_shortly_and_anew_for_other_pages():
    many = [f"{n:064x}" for n in range(200)]
    made = attachment_name("1504212603020000000", 7, many)
    assert made.startswith("1504212603020000000-07-")
    assert len(made) <= COLUMNS["up_pro_material"]["attach_name"].most
    assert made != attachment_name("1504212603020000000", 7, many[1:])
    assert attachment_name("1504212603020000000", 7, []) == ""


@pytest.mark.parametrize(("phone", "said"), [("13804760000", "13804760000"), ("0476-7221234", ""), ("", "")])
def test_a_landline_is_no_mobile_number(phone, said):
    assert mobile(phone) == said


worlds = st.lists(
    st.tuples(st.dictionaries(st.sampled_from("abc"), st.sampled_from("12!"), max_size=3), st.integers(0, 6)), max_size=8
)  # fmt: skip


@given(worlds)
def test_the_other_side_has_all_but_what_is_held_back(steps):
    """As in `test_exchange`, with values that the platform would not take (!): they never arrive, the rest always does."""
    ledger, seen, lost = {}, {0: {}}, False
    for batch, (world, back) in enumerate(steps, 1):
        since = batch - 1 if back < 4 else max(0, batch - back + 2)
        everything, lost = since == 0, lost or since < batch - 1
        other, absent = ({} if everything else dict(seen[since])), 0
        for key in {*world, *ledger}:
            held, value = ledger.get(key), world.get(key, "")
            act = act_of(held, value, since or None, everything=everything)
            if act and value == "!":
                left = left_of(held, since or None, everything=everything)
                absent += left is not Left.AS_SENT
                entry = pending(left, batch)
                if entry["pending_act"] == "D":
                    other.pop(key, None)
                if held is not None and entry["pending"] is not None:
                    ledger[key] = Held(entry["pending"], held.first, batch)
                continue
            if act == "D":
                other.pop(key, None)
            elif act:
                other[key] = value
            if act or (everything and held is not None and held.digest):
                ledger[key] = Held(value, held.first if held else batch, batch)
        assert {key: value for key, value in world.items() if value != "!"} == {
            key: value for key, value in other.items() if world.get(key) != "!"
        }
        assert "!" not in other.values()
        assert len(other) == len(world) - absent, (
            "all that is due, but for what is held back and never went before"
        )
        assert len(other) == sum(1 for held in ledger.values() if held.digest), "as the batch's totals say"
        seen[batch] = other
