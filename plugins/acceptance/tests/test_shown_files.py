"""Files of a kind that a plugin shows: kept where somebody can look at them, and never a blank place among the evidence."""

from __future__ import annotations

import pytest

from yichuang.api import UserError
from yichuang_acceptance.rules.pages import OFD as KIND
from yichuang_acceptance.rules.pages import check_page, kind_of

from .conftest import APPROVER, CLERK, accepted, hands
from .shown_files import NOTE, OFD, Shows
from .test_kept_pages import picture


@pytest.fixture
def shows(suite) -> Shows:
    found = Shows()
    suite.hooks.register("shows", "阅览", 50, [found])
    return found


def keep(suite, data: bytes = OFD, kind: str = KIND) -> str:
    return suite.run(CLERK, "acceptance.keep_page", {"data": data, "media_type": kind})


def refused(suite, data: bytes = OFD) -> UserError:
    with pytest.raises(UserError) as caught:
        keep(suite, data)
    assert caught.value.do
    return caught.value


def blobs(suite) -> int:
    from yichuang.api import func, hall, select

    return suite.executor.read(CLERK, lambda read: read.scalar(select(func.count()).select_from(hall.blob)))


def documents(suite, case):
    return suite.query(APPROVER, "acceptance.material_file", {"case_id": case.case_id, "position": 1})


def test_a_file_that_can_be_shown_is_kept_and_seen_with_what_must_be_known(suite, shows):
    pages = [keep(suite, picture(), "image/png"), keep(suite)]
    case = accepted(suite, materials=[*hands(1, pages=pages), *hands(2, 3)])
    scan, file = documents(suite, case)
    assert scan.pdf.startswith(b"%PDF")
    assert not scan.note
    assert (file.pdf.startswith(b"%PDF"), file.note, file.file) == (True, NOTE, OFD)
    assert set(shows.asked) == {KIND}  # pictures are nobody's business


def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_kept(suite, shows):
    before = blobs(suite)
    assert refused(suite, b"PK damaged").code == "OFD_NOT_SHOWN"
    assert blobs(suite) == before


def test_where_nobody_shows_it_it_is_refused_with_what_to_do(suite):
    before = blobs(suite)
    error = refused(suite)
    assert error.code == "FILE_NOT_SHOWN"
    assert "OFD" in str(error.sentence)
    assert blobs(suite) == before


def test_a_plugin_that_fails_refuses_the_file_and_leaves_the_other_evidence(suite, shows, monkeypatch):
    monkeypatch.setattr(suite.hooks, "_fault", lambda *_what: None)
    pages = [keep(suite), keep(suite, picture(), "image/png"), keep(suite, OFD + b" other")]
    case = accepted(suite, materials=[*hands(1, pages=pages), *hands(2, 3)])
    shows.trouble = RuntimeError("a bug")
    assert refused(suite).code == "HOOK_REFUSED"
    first, scan, last = documents(suite, case)
    assert scan.pdf.startswith(b"%PDF")
    for file, data in ((first, OFD), (last, OFD + b" other")):
        assert (file.pdf, file.file) == (b"", data)
        assert file.note
        assert "保存" in file.do


def test_a_plugin_that_was_taken_away_leaves_the_file_to_be_saved(suite, shows):
    case = accepted(suite, materials=[*hands(1, pages=[keep(suite)]), *hands(2, 3)])
    suite.hooks.unregister("shows")
    (file,) = documents(suite, case)
    assert (file.pdf, file.file) == (b"", OFD)
    assert "OFD" in file.note


def test_what_says_that_it_is_ofd_is_nothing_else(suite, shows):
    for data in (b"%PDF-1.7", picture(), b"\xff\xd8\xff"):
        with pytest.raises(UserError) as caught:
            keep(suite, data)
        assert caught.value.code == "FILE_NOT_READABLE"
    assert shows.asked == []
    with pytest.raises(UserError) as caught:
        check_page(OFD, "application/pdf")
    assert caught.value.code == "FILE_NOT_READABLE"
    assert kind_of(OFD) == KIND


def test_a_file_in_ones_hands_is_looked_at_before_it_is_entered(suite, shows):
    assert suite.query(CLERK, "acceptance.show_file", {"data": OFD}).note == NOTE
    shown = suite.query(CLERK, "acceptance.show_file", {"data": picture()})
    assert shown.pdf.startswith(b"%PDF")
    assert suite.query(CLERK, "acceptance.show_file", {"data": b"PK damaged"}).note == "这个文件打不开。"
    with pytest.raises(UserError) as caught:
        suite.query(CLERK, "acceptance.show_file", {"data": b""})
    assert caught.value.code == "FILE_EMPTY"
