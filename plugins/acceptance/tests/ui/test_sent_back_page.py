"""A paper that was sent back, in the list of papers of a case: the reason is told, the decider words it otherwise."""

from __future__ import annotations

from yichuang_acceptance.ui.paper_list import PaperList

from ..conftest import APPROVER  # noqa: TID252 - tests are no installed package
from ..life import see  # noqa: TID252 - likewise
from ..test_sent_back_papers import granted, keeper, sent_back  # noqa: F401, TID252 - likewise; a fixture
from .conftest import open_desk


def test_it_is_made_again_where_its_case_lists_it(hall, wait, keeper):  # noqa: F811 - the fixture
    case = granted(hall)
    paper = sent_back(hall, case)
    with open_desk(hall, APPROVER, "acceptance.workbench") as desk:
        papers = PaperList(desk.context)
        papers.setParent(desk.page)
        papers.set_papers(see(hall, case).papers)
        (row,) = [r for r in papers.table.rows() if r["of"].id == paper.id]
        assert (row["state"][1], row["see"]) == ("用印退回", "重制")
        papers.table.acted.emit("see", row)
        wait(desk.has_dialog)
        dialog = desk.dialog()
        assert dialog.form.values()["opinion"] == "同意"
        dialog.form.set_values({"valid_to": "2029-03-16"})
        dialog.accept()
        wait(lambda: papers.table.rows()[-1]["state"][1] == "待用印")
        assert papers.table.rows()[-1]["see"] == "查看"
