"""The demo day: what it leaves behind, and that it fails aloud when any of its invariants does not hold."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yichuang.api import hookimpl
from yichuang.cli import FAILED, OK, main

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PEOPLE = 6


def play(out: Path, people: int = PEOPLE, pictures: bool = False) -> tuple[int, dict[str, Any]]:
    """Play a day, or one that was played again: what was done stays done, everything is checked anew."""
    words = ["demo", "--out", str(out), "--people", str(people), "--seed", "3", "--language", "en"]
    code = main(words if pictures else [*words, "--no-screenshots"])
    return code, json.loads((out / "summary.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day that went well; do not write to it."""
    out = tmp_path_factory.mktemp("played") / "day"
    code, summary = play(out)
    assert (code, summary["failed"]) == (OK, [])
    return out


@pytest.fixture
def day(played: Path, tmp_path: Path) -> Path:
    """The same day, to be tampered with."""
    return Path(shutil.copytree(played, tmp_path / "day"))


def sql(day: Path, *statements: str) -> list[tuple[Any, ...]]:
    """Change the day's database behind the suite's back; the answer to the last statement."""
    connection = sqlite3.connect(day / "hall.sqlite")
    try:
        for statement in statements[:-1]:
            connection.execute(statement)
        rows = connection.execute(statements[-1]).fetchall()
        connection.commit()
    finally:
        connection.close()
    return rows


def columns(day: Path, table: str) -> str:
    """All columns but the id."""
    return ", ".join(f'"{row[1]}"' for row in sql(day, f"PRAGMA table_info({table})") if row[1] != "id")


def loosen(day: Path, table: str) -> None:
    """Take a table's own guards away, as somebody who wants to forge it would have to."""
    sql(
        day,
        f"CREATE TABLE loose AS SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE loose RENAME TO {table}",
    )


def call_again(day: Path) -> None:
    names = columns(day, "queue_event")
    copy = f"INSERT INTO queue_event ({names}) SELECT {names} FROM queue_event WHERE act = 'call' ORDER BY id LIMIT 1"
    sql(day, copy, copy)


def issue_a_number_twice(day: Path) -> None:
    names = columns(day, "queue_ticket")
    loosen(day, "queue_ticket")
    sql(day, f"INSERT INTO queue_ticket (id, {names}) SELECT id + 1000, {names} FROM queue_ticket LIMIT 1")


def hide_a_case_from_the_journal(day: Path) -> None:
    sql(day, "UPDATE acceptance_case SET case_no = '1504212603179999999' WHERE id = 1")


def let_the_acceptor_decide(day: Path) -> None:
    loosen(day, "acceptance_case")
    sql(day, "UPDATE acceptance_case SET decider_id = acceptor_id WHERE id = 1")


def change_a_sealed_paper(day: Path) -> None:
    """One letter inside what was signed; the database's own digest is made to fit."""
    paper, digest = sql(day, "SELECT id, sealed FROM acceptance_paper WHERE sealed <> '' LIMIT 1")[0]
    connection = sqlite3.connect(day / "hall.sqlite")
    names = columns(day, "core_blob").replace('"digest"', "").strip(", ").replace(", , ", ", ")
    content = next(
        row[1] for row in sql(day, "PRAGMA table_info(core_blob)") if row[2].upper() in ("BLOB", "BINARY")
    )
    data = connection.execute(f'SELECT "{content}" FROM core_blob WHERE digest = ?', (digest,)).fetchone()[0]
    changed = bytes(data).replace(b"/Producer", b"/Produces", 1)
    assert changed != data
    new = sha256(changed).hexdigest()
    connection.execute(
        f"INSERT INTO core_blob (digest, {names}) SELECT ?, {names} FROM core_blob WHERE digest = ?",
        (new, digest),
    )
    connection.execute(f'UPDATE core_blob SET "{content}" = ? WHERE digest = ?', (changed, new))
    connection.execute("UPDATE acceptance_paper SET sealed = ? WHERE id = ?", (new, paper))
    connection.commit()
    connection.close()


def lose_a_file(day: Path) -> None:
    lost = "SELECT document FROM acceptance_paper WHERE sealed <> '' LIMIT 1"
    sql(day, f"DELETE FROM core_blob WHERE digest = ({lost})")


def change_the_journal(day: Path) -> None:
    sql(day, "DROP TRIGGER core_journal_no_update", "UPDATE core_journal SET account = 'x' WHERE id = 9")


def leave_a_paper_unsealed(day: Path) -> None:
    sql(day, "UPDATE acceptance_paper SET state = 'waiting_seal' WHERE sealed <> '' AND kind = 'D3'")


def lose_the_licences(day: Path) -> None:
    """The look-up is asked anew, since its answer of the first time was forgotten too."""
    assert sql(day, "SELECT count(*) FROM acceptance_case WHERE licence_code <> ''")[0][0] > 0
    sql(
        day,
        "DELETE FROM core_operation_key WHERE key LIKE '%:found:%'",
        "UPDATE licence_licence SET code = code || 'x'",
    )


BROKEN: dict[Callable[[Path], None], str] = {
    call_again: "called twice",
    issue_a_number_twice: "issued twice",
    hide_a_case_from_the_journal: "no journal entry",
    let_the_acceptor_decide: "decided by their acceptor",
    change_a_sealed_paper: "signatures were rejected",
    lose_a_file: "lost their file",
    change_the_journal: "journal does not verify",
    leave_a_paper_unsealed: "papers were not finished",
    lose_the_licences: "licences were not found again",
}


def test_a_day_leaves_papers_report_and_summary(played):
    summary = json.loads((played / "summary.json").read_text(encoding="utf-8"))
    assert summary["people"] == PEOPLE
    assert summary["tickets"] >= PEOPLE
    assert sum(summary["cases_by_state"].values()) == summary["cases"] > 0
    assert summary["double_calls"] == summary["late_cases"] == 0
    assert summary["papers_sealed"] == summary["signatures_verified"] > 0
    assert summary["signature_verifier"] == "pdfsig"
    assert summary["journal_intact"] is True
    assert summary["journal_rows"] > 100
    assert set(summary["plugins"].values()) == {"active"}
    papers = list((played / "papers").glob("*.pdf"))
    assert len(papers) == summary["papers"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in (*papers, played / "report.pdf"))


def test_a_day_played_again_does_nothing_twice(day):
    before = json.loads((day / "summary.json").read_text(encoding="utf-8"))
    code, after = play(day)
    assert (code, after["failed"]) == (OK, [])
    for key in ("tickets", "cases", "papers", "papers_sealed", "licences_issued"):
        assert after[key] == before[key], key


@pytest.mark.parametrize("breaks", BROKEN, ids=lambda act: act.__name__)
def test_every_invariant_can_fail(day, breaks):
    breaks(day)
    code, summary = play(day)
    assert code == FAILED
    assert any(BROKEN[breaks] in sentence for sentence in summary["failed"]), summary["failed"]


def test_without_an_independent_verifier_nothing_is_verified(day, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, summary = play(day)
    assert code == FAILED
    assert summary["signatures_verified"] == 0
    assert any("pdfsig" in sentence for sentence in summary["failed"])


@pytest.mark.parametrize("plugin", ["seal", "licence"])
def test_a_plugin_that_does_not_start_fails_the_day(tmp_path, monkeypatch, plugin):
    def broken(_context: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(f"yichuang_{plugin}.plugin.activate", broken)
    code, summary = play(tmp_path / "day", people=2)
    assert code == FAILED
    assert summary["plugins"][plugin] == "faulted"
    assert any(f"plugin {plugin} did not run" in sentence for sentence in summary["failed"])


def test_a_plugin_that_fails_on_the_way_fails_the_day(day, monkeypatch):
    @hookimpl
    def broken(self: object, read: object, query: object) -> list[object]:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("yichuang_licence.hooks.Hooks.find_licences", broken)
    (day / "hall.sqlite").unlink()
    (day / "acks.log").unlink()
    code, summary = play(day)
    assert code == FAILED
    assert any("plugin licence" in sentence for sentence in summary["failed"]), summary["failed"]


@pytest.mark.parametrize("plugin", ["queue", "acceptance"])
def test_without_the_first_two_plugins_there_is_no_day(tmp_path, monkeypatch, capsys, plugin):
    def broken(_context: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(f"yichuang_{plugin}.plugin.activate", broken)
    code = main(
        ["demo", "--out", str(tmp_path / "day"), "--people", "1", "--no-screenshots", "--language", "en"]
    )
    assert code == 1
    told = capsys.readouterr().err
    assert "NO_PLUGIN" in told
    assert f"plugin {plugin}" in told
    assert "It failed while starting" in told


def test_pictures_that_are_not_drawn_fail_the_day(day, monkeypatch):
    monkeypatch.setattr("yichuang.demo.pictures.sys", SimpleNamespace(executable="false"))
    code, summary = play(day, pictures=True)
    assert code == FAILED
    assert summary["screenshots"] == []
    assert any("pictures were not drawn" in sentence for sentence in summary["failed"])


def test_something_stands_in_every_list(played):
    """Also beside the windows: whoever opens a page of the demo sees what it is for."""
    tables = (
        "blank", "cannot_do", "complaint", "draft", "finding", "guide", "handover", "mandate", "matter", "message",
        "rating", "search_filter",
    )  # fmt: skip
    empty = [name for name in tables if sql(played, f"SELECT count(*) FROM acceptance_{name}") == [(0,)]]
    assert empty == []


def test_papers_of_the_township_are_under_way_to_the_hall(played):
    """In the evening one list waits to be received, and one was."""
    states = sql(played, "SELECT state FROM acceptance_handover WHERE target = '' ORDER BY state")
    assert states == [("received",), ("sent",)]


def test_every_page_is_photographed(day):
    code, summary = play(day, pictures=True)
    assert (code, summary["failed"]) == (OK, [])
    wanted = {"home", "palette", "plugins", "settings", "sign-in", "components", "queue.caller", "acceptance.intake",
              "acceptance.workbench", "acceptance.issuing", "seal.stamping"}  # fmt: skip
    assert wanted <= {name.removesuffix(".png") for name in summary["screenshots"]}
