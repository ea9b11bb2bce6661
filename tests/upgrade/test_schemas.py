"""Migrations make exactly the tables that the program declares, on both databases; old databases keep opening."""

from __future__ import annotations

import importlib
import sqlite3
from pathlib import Path

import pytest

from yichuang.host.suite import Suite
from yichuang.identity.secrets import open_secrets
from yichuang.storage.migrate import CORE, Chain
from yichuang.testing.schema import schema_differences

OLD = sorted(Path(__file__).parent.glob("*.sql"))
CHAINS = [
    (CORE, "yichuang.storage.hall_tables"),
    *(
        (Chain(name, f"yichuang_{name}", head), f"yichuang_{name}.tables")
        for name, head in (("queue", "0001"), ("acceptance", "0002"), ("seal", "0001"), ("licence", "0001"))
    ),
]


@pytest.mark.parametrize(("chain", "tables"), CHAINS, ids=[chain.id for chain, _ in CHAINS])
def test_the_chain_makes_the_declared_tables(chain, tables, database_url):
    assert schema_differences(chain, database_url, importlib.import_module(tables).meta) == []


@pytest.mark.parametrize("dump", OLD, ids=[path.stem for path in OLD])
def test_a_database_of_every_release_opens(dump, tmp_path):
    path = tmp_path / "old.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()
    folder = tmp_path / "old-desk"
    with Suite.open(f"sqlite:///{path}", folder, secrets=open_secrets(folder, store="file")) as suite:
        assert {m.id for m in suite.manifests} == {"queue", "acceptance", "seal", "licence"}
        from yichuang.identity.actor import Actor

        assert [row.name for row in suite.query(Actor.system(), "hall.agencies")] == ["阿鲁科尔沁旗样例局"]


def test_every_release_has_left_a_database():
    assert OLD, "keep a dump of each release's database here"


def test_violations_of_an_old_database_stay_and_new_ones_need_no_case(tmp_path):
    path, old = tmp_path / "old.sqlite", next(each for each in OLD if each.stem == "0.1.0")
    connection = sqlite3.connect(path)
    connection.executescript(old.read_text(encoding="utf-8"))
    alert = "(id, case_id, rule, key, agency, staff_id, staff_name, at, detail)"
    connection.execute(
        f"INSERT INTO acceptance_alert {alert} VALUES (1, 7, 'V02', '', 'A', 0, '', '2026-03-17', 'x')"
    )
    connection.execute(
        "INSERT INTO acceptance_paper (id, case_id, kind, title, number, at, facts, state, document, sealed, prints)"
        " VALUES (1, 7, 'D3', '', '', '2026-03-17', '{}', 'drafted', '', '', 0)"
    )
    connection.commit()
    connection.close()
    folder = tmp_path / "old-desk"
    with Suite.open(f"sqlite:///{path}", folder, secrets=open_secrets(folder, store="file")):
        pass
    connection = sqlite3.connect(path)
    connection.execute(
        f"INSERT INTO acceptance_alert {alert} VALUES (2, NULL, 'V07', '', 'A', 0, '', '2026-03-17', 'x')"
    )
    assert connection.execute("SELECT rule, number FROM acceptance_alert ORDER BY id").fetchall() == [
        ("V02", ""),
        ("V07", ""),
    ]
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            f"INSERT INTO acceptance_alert {alert} VALUES (3, NULL, NULL, '', 'A', 0, '', '2026-03-17', 'x')"
        )
    paper = "(id, case_id, alert_id, kind, title, number, at, facts, state, document, sealed, prints)"
    some = "'S1', '', '', '2026-03-17', '{}', 'drafted', '', '', 0"
    connection.execute(f"INSERT INTO acceptance_paper {paper} VALUES (2, NULL, 2, {some})")
    assert connection.execute(
        "SELECT id, case_id, alert_id FROM acceptance_paper ORDER BY id"
    ).fetchall() == [
        (1, 7, None),
        (2, None, 2),
    ]
    connection.execute("UPDATE acceptance_paper SET state = 'sent_back' WHERE id = 2")
    row = "(id, case_id, mode, receiver, relation, at, staff_id, staff_name, reason, mail_no, address, signature, photo, desk,"
    row += " receiver_masked) VALUES ({}, {}, '{}', '', '', '2026-03-17', 0, '', '', '', '', '', '', '', '')"
    connection.execute(f"INSERT INTO acceptance_delivery {row.format(1, 7, 'left')}")
    for word in (
        "UPDATE acceptance_paper SET state = 'x'",
        f"INSERT INTO acceptance_delivery {row.format(2, 8, 'x')}",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(word)
    for neither_or_both in ("NULL, NULL", "7, 2"):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(f"INSERT INTO acceptance_paper {paper} VALUES (3, {neither_or_both}, {some})")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_promises_that_were_found_broken_before_get_their_record(tmp_path):
    path, old = tmp_path / "old.sqlite", next(each for each in OLD if each.stem == "0.1.0")
    connection = sqlite3.connect(path)
    connection.executescript(old.read_text(encoding="utf-8"))
    columns = [row[1:] for row in connection.execute("PRAGMA table_info(acceptance_case)")]
    known = {
        "id": 7,
        "state": "delivered",
        "agency": "A",
        "applicant_id": 5,
        "form": "{}",
        "received_at": "2026-03-01",
    }
    needed = [(name, kind) for name, kind, needs, *_rest in columns if needs or name in known]
    values = {
        name: known.get(name, 0 if "INT" in kind or "BOOL" in kind or "NUM" in kind else "x")
        for name, kind in needed
    }
    marks = ", ".join("?" for _name in values)
    connection.execute(
        f"INSERT INTO acceptance_case ({', '.join(values)}) VALUES ({marks})", list(values.values())
    )
    promise = "(case_id, positions, conditions, days, at_once, at, checked_at, outcome, findings, checked_by)"
    row = (7, "[2]", "x", 30, 0, "2026-03-01", "2026-03-17 01:00:00", "broken", "没有场所", "审批员")
    connection.execute(f"INSERT INTO acceptance_promise {promise} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()
    folder = tmp_path / "old-desk"
    with Suite.open(f"sqlite:///{path}", folder, secrets=open_secrets(folder, store="file")):
        pass
    connection = sqlite3.connect(path)
    kept = "SELECT case_id, applicant_id, agency, finding, found_by, decision, repaired_at FROM acceptance_credit"
    assert connection.execute(kept).fetchall() == [(7, 5, "A", "没有场所", "审批员", "", None)]
    connection.close()
