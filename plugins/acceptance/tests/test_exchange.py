"""The national exchange: batches out and in again, counts reconciled, nothing left out between them, bad files refused."""

from __future__ import annotations

import argparse
import csv
import json
import stat
import threading
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import Actor, UserError, keep_applicant, select, update
from yichuang.api import hall as catalogue
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t
from yichuang_acceptance.commands import exchange as command
from yichuang_acceptance.commands import search_index
from yichuang_acceptance.rules.exchange import TABLES, Held, Received, act_of, row_guid

from .case_rows import enter_cases, work_of
from .conftest import APPROVER, COMMITTED, citizen

SENDER = Actor(
    31,
    "sender",
    "交换员",
    "",
    permissions=frozenset({"acceptance.exchange", "people.reveal", "acceptance.maintain"}),
)
START = datetime.fromisoformat("2026-03-17T10:00:00+08:00")


class Typed:
    """A command as it was typed: a person, arguments, an open hall."""

    def __init__(self, suite, *arguments, actor=SENDER):
        self.suite, self.arguments, self.actor = suite, arguments, actor
        self.json, self.stopping = True, threading.Event()

    def parser(self, _description=""):
        return argparse.ArgumentParser()

    def query(self, name, request=None):
        return self.suite.query(self.actor, name, request)

    def run(self, name, request=None, key=None):
        return self.suite.run(self.actor, name, request, key)


SAID = '说明,"引号"\n第二行'


def happen(suite, case_id, seq, event, minutes, said=SAID):
    with suite.database.write() as writer:
        writer.insert(
            t.event, case_id=case_id, seq=seq, event=event, source="x", target="y", staff_id=1, staff_name="王敏",
            at=START + timedelta(minutes=minutes), opinion=said, payload={}, prev_hash="", hash="",
        )  # fmt: skip


def answered(at, case_no):
    """A case that was received and accepted at a moment."""
    return {"received_at": at, "accepted_at": at, "case_no": case_no, "item": COMMITTED}


@pytest.fixture
def hall(suite, clock):
    with suite.database.write() as writer:
        person = keep_applicant(work_of(suite, writer), name="苏日娜", code_kind="111", code=citizen())
    suite.ids = enter_cases(
        suite,
        [
            {"received_at": at, "accepted_at": at, "applicant_id": person.id, "item": COMMITTED}
            for at in (START + timedelta(minutes=n) for n in range(7))
        ],
    )
    with suite.database.write() as writer:
        for n, key in enumerate(suite.ids):
            for position in range(1 + n % 3):
                writer.insert(
                    t.material, case_id=key, position=position, code="", name="申请书", need="required", given="paper",
                    originals=1, pages=["ab", "cd"],
                )  # fmt: skip
    for n, key in enumerate(suite.ids):
        happen(suite, key, 1, "receive", n)
        happen(suite, key, 2, "accept", n)
    clock.now = START + timedelta(minutes=60)
    return suite


def export(hall, folder, *arguments):
    return command.run(Typed(hall, "--out", str(folder), *arguments))


def rows_of(folder, table, batch=1):
    with Path(folder / f"{table}-{batch:06d}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_goes_out_and_comes_in_again(hall, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "PAGE", 2)
    happen(hall, hall.ids[0], 3, "grant", 20)
    happen(hall, hall.ids[1], 3, "refuse", 20)
    export(hall, tmp_path)
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == {
        "up_pro_accept": 7, "up_pro_process": 16, "up_pro_result": 2, "up_pro_special_procedure": 0, "up_pro_material": 13,
    }  # fmt: skip
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == told["counts"]
    first = rows_of(tmp_path, "up_pro_accept")[0]
    assert (first["applyer_name"], first["apply_date"]) == ("苏日娜", "2026-03-17 10:00:00")
    assert first["applyer_page_code"] == "150421********2411", "masked unless it is asked for"
    assert [row["result_type"] for row in rows_of(tmp_path, "up_pro_result")] == ["1", "2"]
    assert rows_of(tmp_path, "up_pro_process")[0]["handle_explain"] == SAID
    assert stat.S_IMODE((tmp_path / "up_pro_accept-000001.csv").stat().st_mode) == 0o600


def test_a_later_batch_holds_only_what_happened_since(hall, tmp_path, clock, capsys):
    export(hall, tmp_path)
    happen(hall, hall.ids[2], 3, "suspend", 61)
    with hall.database.write() as writer:
        writer.insert(
            t.suspension, case_id=hall.ids[2], node="", kind="inspection", basis="法", reason="踏勘", staff_id=1,
            staff_name="王敏", began_at=START + timedelta(minutes=61), planned_end=date(2026, 3, 31),
        )  # fmt: skip
        writer.insert(
            t.extension, case_id=hall.ids[2], clock="legal", days=10, approver="organ", reason="复杂", staff_id=1,
            old_due_at=START, new_due_at=START, at=START + timedelta(minutes=61), staff_name="王敏",
        )  # fmt: skip
    (new,) = enter_cases(hall, [answered(START + timedelta(minutes=62), "1504212603169999991")])
    happen(hall, new, 1, "receive", 62)
    clock.now = START + timedelta(minutes=70)
    export(hall, tmp_path)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["counts"] == {
        "up_pro_accept": 1, "up_pro_process": 2, "up_pro_result": 0, "up_pro_special_procedure": 2, "up_pro_material": 0,
    }  # fmt: skip
    assert [row["cd_operation"] for row in rows_of(tmp_path, "up_pro_accept", 2)] == ["I"]
    assert {row["special_type"] for row in rows_of(tmp_path, "up_pro_special_procedure", 2)} == {"1", "2"}
    names = {row["special_name"] for row in rows_of(tmp_path, "up_pro_special_procedure", 2)}
    assert names == {"延长审批", "检验"}, "the exchange reads Chinese, not our codes"
    ends = {row["end_time"] for row in rows_of(tmp_path, "up_pro_special_procedure", 2)}
    assert ends == {"2026-03-31 23:59:59", "2026-03-17 10:00:00"}, "the planned end, until it has ended"
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0
    checked = json.loads(capsys.readouterr().out)
    assert (checked["batches"], checked["counts"]["up_pro_accept"]) == (2, 8)
    clock.now = START + timedelta(minutes=80)
    export(hall, tmp_path)
    assert set(json.loads(capsys.readouterr().out)["counts"].values()) == {0}, "nothing happened"


def test_a_result_goes_by_its_own_name_and_number(hall, tmp_path):
    version = catalogue.item_version
    change(hall, version, version.c.item == COMMITTED, result="食品经营许可证")
    for n, numbers in enumerate(({"licence_code": "LC-1"}, {"certificate_no": "NO-7"}, {})):
        happen(hall, hall.ids[n], 3, "grant", 20)
        change(hall, t.case, t.case.c.id == hall.ids[n], item=COMMITTED, item_version=1, **numbers)
    export(hall, tmp_path)
    told = [(row["result_cetr_name"], row["result_cetr_no"]) for row in rows_of(tmp_path, "up_pro_result")]
    assert told == [("食品经营许可证", "LC-1"), ("食品经营许可证", "NO-7"), ("", "")]


def test_the_exchange_says_which_results_went_by_mail(hall, tmp_path):
    for n, mode in enumerate(("mail", "direct")):
        happen(hall, hall.ids[n], 3, "grant", 20)
        change(hall, t.case, t.case.c.id == hall.ids[n], delivered_at=START + timedelta(minutes=30))
        with hall.database.write() as writer:
            writer.insert(
                t.delivery, case_id=hall.ids[n], mode=mode, receiver="苏日娜", relation="self", mail_no="EMS1" if n == 0 else "",
                at=START + timedelta(minutes=30), staff_id=1, staff_name="王敏",
            )  # fmt: skip
    export(hall, tmp_path)
    assert [row["is_delivery_results"] for row in rows_of(tmp_path, "up_pro_result")] == ["1", "0"]


def test_what_is_being_written_now_belongs_to_the_next_batch(hall, tmp_path, clock, capsys):
    clock.now = START + timedelta(minutes=5)
    export(hall, tmp_path)
    first = json.loads(capsys.readouterr().out)
    assert first["counts"]["up_pro_accept"] == 4, "received up to two minutes ago"
    clock.now = START + timedelta(minutes=60)
    export(hall, tmp_path, "--since", first["upto"])
    capsys.readouterr()
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["up_pro_accept"] == 7
    export(hall, tmp_path / "whole", "--all")
    assert json.loads(capsys.readouterr().out)["counts"]["up_pro_accept"] == 7


def acts(folder, batch):
    """What a batch does, by table."""
    return {
        table: [(row["project_no"][-6:], row["cd_operation"]) for row in rows]
        for table in TABLES
        if (rows := rows_of(folder, table, batch))
    }


def change(hall, table, where, **values):
    with hall.database.write() as writer:
        writer.execute(update(table).where(where).values(**values))


def test_only_rows_that_changed_go_out_also_without_an_event(hall, tmp_path, clock, capsys):
    """A promised paper that was brought, a limit that moved, a row that is no more, a rating: each by itself, under its guid."""
    happen(hall, hall.ids[0], 3, "grant", 20)
    export(hall, tmp_path)
    before = rows_of(tmp_path, "up_pro_material")
    mine = t.material.c.case_id == hall.ids[2]
    change(hall, t.material, mine & (t.material.c.position == 1), given="licence")
    change(hall, t.case, t.case.c.id == hall.ids[3], promise_due_at=START + timedelta(days=9))
    with hall.database.write() as writer:
        writer.execute(t.material.delete().where(mine & (t.material.c.position == 2)))
        writer.insert(
            a.rating, case_id=hall.ids[0], token="t" * 12, agency="", staff_id=1, staff_name="", asked_at=START,
            rated_at=START + timedelta(minutes=70), level=2, tags=[],
        )  # fmt: skip
    clock.now = START + timedelta(minutes=80)
    export(hall, tmp_path)
    numbers = [case.case_no[-6:] for case in cases_of(hall)]
    assert acts(tmp_path, 2) == {
        "up_pro_accept": [(numbers[3], "U")], "up_pro_result": [(numbers[0], "U")],
        "up_pro_material": [(numbers[2], "U"), (numbers[2], "D")],
    }  # fmt: skip
    assert rows_of(tmp_path, "up_pro_result", 2)[0]["satisfaction"] == "2"
    guids = {row["row_guid"] for row in before}
    assert {row["row_guid"] for row in rows_of(tmp_path, "up_pro_material", 2)} <= guids, (
        "a row keeps its guid"
    )
    capsys.readouterr()
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["up_pro_material"] == 12


def cases_of(hall):
    with hall.database.read() as reader:
        return reader.all(select(t.case).order_by(t.case.c.id))


def test_what_the_other_side_lost_is_sent_again_from_its_position_on(hall, tmp_path, clock, capsys):
    export(hall, tmp_path)
    first = json.loads(capsys.readouterr().out)
    happen(hall, hall.ids[1], 3, "grant", 61)
    change(hall, t.material, t.material.c.case_id == hall.ids[0], given="licence")
    clock.now = START + timedelta(minutes=70)
    export(hall, tmp_path / "lost")
    clock.now = START + timedelta(minutes=80)
    export(hall, tmp_path, "--since", first["upto"])
    numbers = [case.case_no[-6:] for case in cases_of(hall)]
    assert acts(tmp_path, 3) == {
        "up_pro_process": [(numbers[1], "I")], "up_pro_result": [(numbers[1], "I")], "up_pro_material": [(numbers[0], "U")],
    }  # fmt: skip
    capsys.readouterr()
    assert command.run(Typed(hall, "--check", str(tmp_path))) == 0


def test_a_batch_that_was_broken_off_was_never_sent(hall, tmp_path, clock, capsys):
    batch = hall.run(SENDER, "acceptance.begin_exchange", {"since": ""})
    for _page in range(2):  # asked again, as after a cut line
        page = hall.run(SENDER, "acceptance.exchange_rows", {"batch": batch.id})
    assert len(page.tables["up_pro_accept"]) == 7
    export(hall, tmp_path)
    assert json.loads(capsys.readouterr().out)["counts"]["up_pro_accept"] == 7
    counts = {name: len(rows) for name, rows in page.tables.items()}
    with pytest.raises(UserError) as error:
        hall.run(SENDER, "acceptance.end_exchange", {"batch": batch.id, "counts": counts})
    assert error.value.code == "COUNTS_DIFFER", "another batch has begun since"


def test_the_files_of_each_batch_reconcile_or_are_refused(hall, tmp_path, capsys):
    export(hall, tmp_path)
    path = tmp_path / "manifest-000001.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["totals"]["up_pro_accept"] += 1
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(UserError) as error:
        command.run(Typed(hall, "--check", str(tmp_path)))
    assert error.value.code == "EXCHANGE_UNREADABLE"
    capsys.readouterr()


worlds = st.lists(
    st.tuples(st.dictionaries(st.sampled_from("abc"), st.sampled_from("12"), max_size=3), st.integers(0, 6)), max_size=8
)  # fmt: skip


@given(worlds)
def test_the_other_side_always_ends_with_what_there_is(steps):
    """Whatever changes between batches, whichever batches were lost or whether it begins anew."""
    ledger, seen, lost = {}, {0: {}}, False
    for batch, (world, back) in enumerate(steps, 1):
        since = (
            batch - 1 if back < 4 else max(0, batch - back + 2)
        )  # mostly the last one, sometimes an earlier one
        everything, lost = since == 0, lost or since < batch - 1
        other = dict(seen[since])
        for key in {*world, *ledger}:
            held = ledger.get(key)
            act = act_of(held, world.get(key, ""), since or None, everything=everything)
            if act == "D":
                there = other.pop(key, None) is not None
                assert there or lost, "only what was there is taken back"
            elif act:
                assert lost or (key in other) == (act == "U"), "I for what is new there, U for what it has"
                other[key] = world[key]
            if act or (everything and held is not None and held.digest):
                ledger[key] = Held(world.get(key, ""), held.first if held else batch, batch)
        assert other == world
        seen[batch] = other


def test_identity_numbers_need_their_own_permission(hall, tmp_path):
    export(hall, tmp_path, "--with-codes")
    assert rows_of(tmp_path, "up_pro_accept")[0]["applyer_page_code"] == citizen()
    less = Actor(32, "less", "x", "", permissions=frozenset({"acceptance.exchange"}))
    with pytest.raises(UserError) as error:
        command.run(Typed(hall, "--out", str(tmp_path / "2"), "--with-codes", actor=less))
    assert error.value.code == "NOT_PERMITTED"
    with pytest.raises(UserError):
        command.run(Typed(hall, "--out", str(tmp_path / "3"), actor=APPROVER))


def test_counts_that_differ_are_told(hall, tmp_path, capsys):
    batch = hall.run(SENDER, "acceptance.begin_exchange", {"since": ""})
    with pytest.raises(UserError) as error:
        hall.run(SENDER, "acceptance.end_exchange", {"batch": batch.id, "counts": {"up_pro_accept": 6}})
    assert error.value.code == "COUNTS_DIFFER"
    export(hall, tmp_path)
    (late,) = enter_cases(hall, [answered(START, "1504212603168888881")])
    assert late
    with pytest.raises(UserError) as error:
        command.run(Typed(hall, "--check", str(tmp_path)))
    assert error.value.code == "COUNTS_DIFFER"
    for request, code in (
        ({"since": "yesterday"}, "BAD_POSITION"),
        ({"since": "2026-03-16T09:00:00"}, "BAD_POSITION"),
        ({"since": "2026-03-16T09:00:00+08:00"}, "BAD_POSITION"),
    ):
        with pytest.raises(UserError) as error:
            hall.run(SENDER, "acceptance.begin_exchange", request)
        assert error.value.code == code
    with pytest.raises(UserError) as error:
        hall.run(SENDER, "acceptance.exchange_rows", {"batch": 99})
    assert error.value.code == "UNKNOWN_BATCH"
    capsys.readouterr()


@pytest.mark.parametrize("harm", ["change", "remove", "no_manifest", "cut"])
def test_a_folder_that_was_harmed_is_refused(hall, tmp_path, harm, capsys):
    export(hall, tmp_path)
    file, manifest = tmp_path / "up_pro_process-000001.csv", tmp_path / "manifest-000001.json"
    if harm == "change":
        file.write_text(file.read_text("utf-8").replace("王敏", "王某"), "utf-8")
    elif harm == "remove":
        file.unlink()
    elif harm == "cut":
        manifest.write_text(manifest.read_text("utf-8")[:40], "utf-8")
    else:
        manifest.unlink()
    with pytest.raises(UserError) as error:
        command.run(Typed(hall, "--check", str(tmp_path)))
    assert error.value.code == "EXCHANGE_UNREADABLE"
    capsys.readouterr()


def test_the_index_command_makes_it_anew(hall, capsys):
    assert search_index.run(Typed(hall)) == 0
    assert json.loads(capsys.readouterr().out) == {"cases": 7}


@given(st.lists(st.tuples(st.sampled_from("IUD"), st.integers(0, 5), st.text(max_size=5)), max_size=40))
def test_what_is_received_is_the_newest_of_each_row(acts):
    received, expected = Received(), {}
    columns = TABLES["up_pro_material"]
    rows = []
    for act, key, text in acts:
        guid = row_guid("up_pro_material", key)
        values = dict.fromkeys(columns, text) | {"row_guid": guid, "cd_operation": act}
        rows.append([values[column] for column in columns])
        if act == "D":
            expected.pop(guid, None)
        else:
            expected[guid] = tuple(rows[-1])
    assert received.take("up_pro_material", columns, rows) == len(rows)
    assert received.rows["up_pro_material"] == expected
    assert received.counts()["up_pro_material"] == len(expected)


def test_a_rating_is_no_step_that_is_sent(hall):
    happen(hall, hall.ids[0], 3, "rate", 5)
    batch = hall.run(SENDER, "acceptance.begin_exchange", {"since": ""})
    page = hall.run(SENDER, "acceptance.exchange_rows", {"batch": batch.id})
    sent = {name: len(rows) for name, rows in page.tables.items()}
    assert sent["up_pro_process"] == 14, "two steps of seven cases"
    hall.run(
        SENDER, "acceptance.end_exchange", {"batch": batch.id, "counts": sent}
    )  # counts that differ are refused
