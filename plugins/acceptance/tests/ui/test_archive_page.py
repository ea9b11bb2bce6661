"""The archived file of a case is saved from its menu."""

from __future__ import annotations

import zipfile
from typing import Any

from yichuang_acceptance.ui import case_more

from ..conftest import ISSUER  # noqa: TID252 - tests are no installed package
from ..life import render  # noqa: TID252 - tests are no installed package
from ..test_life_papers import delivered  # noqa: TID252 - tests are no installed package
from .conftest import open_desk
from .test_search_page import choose_file

ENTRY = "保存归档包…"


def test_the_issuer_saves_the_whole_file(hall: Any, wait: Any, tmp_path: Any) -> None:
    one = delivered(hall, None)
    render(hall, one)
    hall.run(ISSUER, "acceptance.archive", {"case_id": one.case_id})
    case = hall.query(ISSUER, "acceptance.case", {"case_id": one.case_id})
    with open_desk(hall, ISSUER, "acceptance.issuing") as desk:
        entries = {text: ask for text, _icon, ask in case_more.entries(desk.context, case)}
        entries[ENTRY](desk.page, desk.context, case, lambda _done: None)
        choose_file(wait, desk.page, tmp_path / "file.zip")
        wait(lambda: zipfile.is_zipfile(tmp_path / "file.zip"))
    with zipfile.ZipFile(tmp_path / "file.zip") as files:
        assert files.testzip() is None
        assert "目录.json" in files.namelist()
