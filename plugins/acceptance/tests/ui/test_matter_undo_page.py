"""A wrong outcome of another body, put right from the list of a matter by a colleague."""

from __future__ import annotations

from ..conftest import CLERK, hands  # noqa: TID252 - tests are no installed package
from ..matter_hall import enter_theme, fill_theme, matter, part  # noqa: TID252 - likewise
from ..test_matter_undo import COLLEAGUE, STEPS, enter  # noqa: TID252 - likewise
from .conftest import open_desk

INTAKE = "acceptance.intake"


def test_a_wrong_outcome_is_put_right(hall, wait):
    fill_theme(hall)
    with hall.database.write() as writer:
        enter_theme(writer, "YJS-77", "两家核验", None, STEPS)
    of = hall.run(CLERK, "acceptance.accept_matter", matter("YJS-77", materials=hands(1, 2, 3)))
    enter(hall, of, 1, "granted")
    with open_desk(hall, COLLEAGUE, INTAKE) as desk:
        view = desk.page.matters
        desk.page.show_tab("matters")
        wait(lambda: view.pane.matter is not None)
        row = view.pane.parts.rows()[0]
        assert row["act"] == "纠正"
        view.open_part(row["of"])
        dialog = desk.dialog()
        dialog.accept()
        assert desk.has_dialog(), "not without a reason"
        dialog.form.set_values({"reason": "看错了回函"})
        dialog.accept()
        wait(lambda: part(hall, of, 1).standing == "open")
        wait(lambda: view.pane.parts.rows()[0]["act"] not in ("", "纠正"))
