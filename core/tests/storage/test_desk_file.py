"""The file that a desk keeps for itself: what ended is on the disk, a damaged one is put aside, closing waits."""

from __future__ import annotations

import sqlite3

import pytest

from yichuang.storage.desk_file import DeskFile


class Words(DeskFile):
    TABLES = "CREATE TABLE IF NOT EXISTS word (text TEXT PRIMARY KEY);"

    def add(self, *texts: str) -> None:
        with self.writing() as file:
            file.executemany("INSERT INTO word VALUES (?)", [(text,) for text in texts])

    def all(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT text FROM word ORDER BY text")]


def test_all_or_nothing_is_written_and_the_next_start_finds_it(tmp_path):
    file = Words(tmp_path / "words.sqlite")
    file.add("a", "b")
    with pytest.raises(sqlite3.IntegrityError):
        file.add("c", "a")
    again = Words(tmp_path / "words.sqlite")
    assert again.all() == file.all() == ["a", "b"]
    assert file.rows("PRAGMA synchronous") == [(2,)], "FULL: a power cut takes nothing back"
    for each in (file, again):
        each.close()
    with pytest.raises(sqlite3.Error):
        file.all()


def test_a_damaged_file_is_put_aside(tmp_path):
    path = tmp_path / "words.sqlite"
    path.write_bytes(b"no database at all, but long enough to look like one" * 100)
    file = Words(path)
    assert file.all() == []
    file.close()
    assert len(list(tmp_path.glob("words.damaged-*"))) == 1
