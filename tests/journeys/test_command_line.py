"""The command line: exit codes, JSON, files in and out, tampering found."""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys

import pytest

from yichuang.cli import parser


def tamper(path):
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TRIGGER core_journal_no_update; UPDATE core_journal SET account = 'somebody' WHERE id = 5;"
    )
    connection.close()


def test_a_tampered_journal_is_a_failed_check(desk):
    assert desk.ask("journal", "seal")["sealed"] > 0
    assert desk.ask("journal", "verify")["intact"] is True
    tamper(desk.folder / "hall.sqlite")
    done = desk.run("journal", "verify")
    assert done.returncode == 3
    verdict = json.loads(done.stdout)
    assert (verdict["intact"], verdict["bad_row"]) == (False, 5)
    assert "第 5 条" in verdict["problem"]


def test_wrong_usage_is_two_and_a_refusal_one(desk):
    assert desk.run("no-such-command").returncode == 2
    done = desk.run("call", "no.such_operation", "{}")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "UNKNOWN_OPERATION"
    done = desk.run("call", "queue.issue", "not json")
    assert json.loads(done.stdout)["error"]["code"] == "BAD_JSON"


def commands(parser, words=()):
    """Every command of the grammar with its parser."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield words, parser
    for action in inner:
        for name, under in action.choices.items():
            yield from commands(under, (*words, name))


def test_every_command_answers_in_json():
    found = dict(commands(parser()))
    assert {("call",), ("query",), ("demo",), ("doctor",), ("journal", "verify"), ("plugins", "list")} <= set(
        found
    )
    for words, each in found.items():
        assert "--json" in each.format_help(), words


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (("operations",), {0}),
        (("plugins", "list"), {0}),
        (("journal", "seal"), {0}),
        (("journal", "verify"), {0}),
        (("doctor",), {0, 3}),
        (("hall", "create", "--if-missing"), {0}),
        (("hall", "create"), {1}),
        (("hall", "load", "no-such-file.tsv"), {1}),
        (("call", "queue.issue", "@no-such-file.json"), {1}),
        (("query", "acceptance.cases"), {1}),
        (("screenshots", "--out", "pictures", "--as", "nobody-here"), {1}),
    ],
)
def test_what_a_command_prints_is_json_and_its_code_says_how_it_went(desk, tmp_path, words, codes):
    words = [str(tmp_path / word) if word == "pictures" else word for word in words]
    done = desk.run(*words)
    assert done.returncode in codes, done.stderr
    answer = json.loads(done.stdout)
    assert ("error" in answer) is (done.returncode == 1)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("demo",),
        ("demo", "--out", "x", "--people", "-1"),
        ("screenshots", "--out", "x", "--scale", "0"),
        ("call",),
    ],
)
def test_wrong_usage_does_nothing(desk, words):
    done = desk.run(*words)
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_the_accounts_of_a_new_hall_come_with_their_password(desk):
    made = json.loads((desk.folder / "accounts.json").read_text("utf-8"))
    assert len({row["password"] for row in made}) == 1
    assert all(len(row["password"]) > 10 for row in made)


def test_a_refusal_for_people_says_what_is_safe_and_what_to_do(desk):
    done = subprocess.run(
        [sys.executable, "-m", "yichuang.cli", "call", "queue.issue", "{}", "--data-dir", str(desk.folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["尚未登录。 (NOT_SIGNED_IN)", "没有改动任何内容。", "请先登录。"] or (
        "BAD_REQUEST" in done.stderr
    )


def zone_count(desk):
    connection = sqlite3.connect(desk.folder / "hall.sqlite")
    (count,) = connection.execute("SELECT count(*) FROM core_zone").fetchone()
    connection.close()
    return count


def test_templates_can_be_loaded_as_they_are_written(desk, account, tmp_path):
    written = desk.ask("hall", "templates", "--out", str(tmp_path), "--form", "tsv")
    assert "agencies.tsv" in written
    zones = tmp_path / "zones.tsv"
    heading = zones.read_text(encoding="utf-8-sig").splitlines()[0]
    zones.write_text(heading + "\nnorth\t北厅" + "\t" * (heading.count("\t") - 1) + "\n", encoding="utf-8")
    loaded = desk.ask("hall", "load", str(zones), "--as", account("admin"))
    assert loaded["zones"] == 1
    before = zone_count(desk)
    heading = zones.read_text(encoding="utf-8").splitlines()[0]
    zones.write_text(heading + "\nsouth\t南厅" + "\t" * (heading.count("\t") - 1) + "\n", encoding="utf-8")
    desks = tmp_path / "desks.tsv"
    heading = desks.read_text(encoding="utf-8-sig").splitlines()[0]
    desks.write_text(heading + "\nZ01\tnowhere\tintegrated\t综合\t\n", encoding="utf-8")
    done = desk.run("hall", "load", str(zones), str(desks), "--as", account("admin"))
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "HALL_FILES_BAD"
    assert zone_count(desk) == before, "the good file beside the bad one was not imported either"


def test_plugins_are_listed_with_their_states(desk):
    rows = {row["id"]: row["state"] for row in desk.ask("plugins", "list")}
    assert rows == {"queue": "active", "acceptance": "active", "seal": "active", "licence": "active"}
    done = subprocess.run(
        [sys.executable, "-m", "yichuang.cli", "plugins", "list", "--safe-mode", "--json", "--data-dir", str(desk.folder)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "active" not in {row["state"] for row in json.loads(done.stdout)}


def test_the_doctor_names_what_it_finds(desk):
    done = desk.run("doctor")
    assert done.returncode in (0, 3)
    checks = json.loads(done.stdout)
    assert len(checks) > 5
    assert all(check["remedy"] for check in checks if check["state"] != "ok")
