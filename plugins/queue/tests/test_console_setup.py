"""Tickets and set-up of the manager's page, driven as a manager does."""

from __future__ import annotations

from openpyxl import load_workbook

from yichuang.api import hall
from yichuang.shell.testing import open_page

from .conftest import DESKS, MANAGER, clerk
from .console_page import dialog, on_a_file, opened, press, waiting  # noqa: F401  # fixtures come by their names


def test_tickets_are_found_restored_and_exported(page, suite, until, tmp_path, qtbot):
    window, context = page
    person = clerk(1, "A01")
    ticket = suite.run(person, "queue.call_next", {"desk": "A01"})
    suite.run(person, "queue.pass", {"desk": "A01", "ticket_id": ticket.id})
    window.show_tab("stream")
    stream = window.stream
    until(lambda: len(stream.table.rows()) == 12)
    stream.search.setText("a00")
    until(lambda: len(stream.table.rows()) == 9)
    stream.state.set_current("passed")
    stream.load()
    until(lambda: len(stream.table.rows()) == 1)
    (row,) = stream.table.rows()
    assert (row["number"], row["act"], row["desk"]) == ("A001", "复号", "A01")
    stream.table.acted.emit("act", row)
    until(lambda: suite.query(MANAGER, "queue.ticket", {"number": "A001"}).state == "waiting")
    until(lambda: not stream.table.rows())
    stream.state.set_current("")
    stream.search.clear()
    path = tmp_path / "流水.xlsx"
    with qtbot.waitSignal(stream.written, timeout=10_000) as written:
        stream.write(path)
    assert written.args == [str(path), ""]
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0][:2] == ("号码", "业务")
    assert sorted(row[0] for row in rows[1:]) == [f"A{n:03d}" for n in range(1, 13)]
    with qtbot.waitSignal(context.services.toast_asked, timeout=10_000) as toast:
        stream.write(tmp_path / "no" / "folder.xlsx")
    assert toast.args[1] == "error"


def test_the_tree_of_the_kiosk_is_changed_in_dialogs(page, suite, until):
    window, _ = page
    window.show_tab("setup")
    setup = window.setup
    until(lambda: len(setup.line_rows) == 2)
    assert [row["id"] for row in setup.desks.rows()] == list(DESKS)
    setup.part.set_current("tree")
    setup._show_part("tree")
    # A group may not be empty: it is a business until its first one stands in it.
    for code, name, line, parent in (
        ("g", "企业服务", "A", ""),
        ("x", "企业登记", "A", "g"),
        ("y", "医保", "B", ""),
    ):
        press(setup.add)
        asked = dialog(window)
        for key, value in {
            "code": code,
            "name": name,
            "line": line,
            "parent": parent,
            "quota_day": "60",
        }.items():
            asked.form.field(key).set_value(value)
        asked.accept()
        until(lambda code=code: code in [each.code for each in setup.business_rows])
    assert [row.code for row in suite.query(MANAGER, "queue.businesses")] == ["g", "x", "y"]
    setup.businesses.select("y")
    press(setup.up)
    until(lambda: [each.code for each in setup.business_rows] == ["y", "g", "x"])
    setup.businesses.acted.emit("remove", {"id": "g"})
    assert dialog(window).accessibleDescription() == "其中 1 项业务一并删除。"
    press(dialog(window).primary_button)
    until(lambda: [each.code for each in setup.business_rows] == ["y"])


def test_a_refused_change_stays_in_its_dialog(page, suite, until):
    window, _ = page
    window.show_tab("setup")
    setup = window.setup
    setup.part.set_current("lines")
    setup._show_part("lines")
    until(lambda: len(setup.lines.rows()) == 2)
    press(setup.add)
    asked = dialog(window)
    for key, value in {"code": "C", "name": "税务", "prefix": "A"}.items():
        asked.form.field(key).set_value(value)
    asked.form.field("calls").set_value("99")
    asked.accept()
    assert asked.form.errors() == {"calls": "请填写 1 到 9 的整数。"}
    asked.form.field("calls").set_value("2")
    asked.accept()
    until(lambda: asked._error.text() != "")
    asked.form.field("prefix").set_value("C")
    asked.accept()
    until(lambda: [row.code for row in suite.query(MANAGER, "queue.lines")] == ["A", "B", "C"])
    assert suite.query(MANAGER, "queue.lines")[2].calls == 2


def test_what_a_person_can_serve(page, suite, until):
    window, _ = page
    with suite.database.write() as writer:
        writer.insert(
            hall.agency, code="X", name="局", short_name="局", name_mn="", kind="bureau", position=0
        )
        writer.insert(hall.staff, id=3, name="王海涛", agency="X", desk="A03")
    window.show_tab("setup")
    setup = window.setup
    setup.part.set_current("people")
    setup._show_part("people")
    until(lambda: len(setup.people.rows()) == 1 and len(setup.line_rows) == 2)
    setup.people.activated.emit(setup.people.rows()[0])
    asked = dialog(window)
    asked.form.field("lines").set_value(["B"])
    asked.accept()
    until(lambda: suite.query(MANAGER, "queue.skills", {"staff_id": 3}) == ("B",))


def test_who_may_not_set_up_sees_no_such_buttons(suite, until):
    manager = clerk(98, "", frozenset({"queue.balance", "queue.view"}))
    with open_page(suite, manager, "queue.console") as (window, _context):
        until(lambda: window.console is not None)
        window.show_tab("setup")
        window.setup.part.set_current("lines")
        window.setup._show_part("lines")
        until(lambda: len(window.setup.lines.rows()) == 2)
        assert not window.setup.add.isVisible()
        assert window.setup.lines.rows()[0]["edit"] == ""
