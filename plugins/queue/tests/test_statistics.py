"""Statistics from the events alone: what a service is, groups and quantiles, the query, the page and the printed report."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtWidgets import QFileDialog

from yichuang.api import HALL_ZONE, hall
from yichuang.api.ui import Dialog
from yichuang.shell.testing import open_page
from yichuang_queue.rules.statistics import By, Happened, figures, grouped, half_hour, quantile, read

from .conftest import MANAGER, clerk
from .test_operations import issue, refused

NINE = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
ONE = clerk(1, "A01")


def happened(*acts, ticket=1, line="A", desk="A01"):
    """Events of one ticket: (minute, act) or (minute, act, detail or line)."""
    found = []
    for minute, act, *more in acts:
        detail = more[0] if more and isinstance(more[0], dict) else {}
        where = more[0] if more and isinstance(more[0], str) else line
        found.append(Happened(ticket, NINE + timedelta(minutes=minute), act, where, desk, 7, detail))
    return found


TAKEN = {"priority": "none", "business": "综合", "promised": 600}


def test_a_ticket_from_issue_to_finish_is_one_service():
    issued, (service,) = read(
        happened((0, "issue", TAKEN), (8, "call"), (9, "recall"), (10, "arrive"), (25, "finish"))
    )
    assert [ticket.business for ticket in issued] == ["综合"]
    assert (service.waited, service.walked, service.served) == (480, 120, 900)
    assert (service.outcome, service.calls, service.promised, service.business) == ("finish", 2, 600, "综合")


def test_whoever_does_not_come_is_passed_and_not_served():
    _issued, (service,) = read(happened((0, "issue", TAKEN), (8, "call"), (12, "pass")))
    assert (service.outcome, service.served, service.waited) == ("pass", None, 480)


def test_a_pass_that_was_undone_is_no_pass():
    acts = [(0, "issue", TAKEN), (8, "call"), (12, "pass"), (12, "undo_pass"), (13, "arrive"), (20, "finish")]
    _issued, (service,) = read(happened(*acts))
    assert (service.outcome, service.waited, service.served) == ("finish", 480, 420)


def test_a_transfer_makes_two_services_each_with_its_own_wait():
    acts = [
        (0, "issue", TAKEN),
        (5, "call"),
        (6, "arrive"),
        (16, "transfer", "B"),
        (20, "call", "B"),
        (21, "arrive"),
        (31, "finish"),
    ]
    _issued, (first, second) = read(happened(*acts))
    assert (first.line, first.outcome, first.waited, first.served) == ("A", "transfer", 300, 600)
    assert (second.line, second.waited, second.served, second.promised) == ("B", 240, 600, None)


def test_the_time_on_hold_is_no_waiting_in_the_line():
    acts = [
        (0, "issue", TAKEN),
        (5, "call"),
        (6, "arrive"),
        (10, "hold"),
        (40, "call"),
        (41, "arrive"),
        (50, "finish"),
    ]
    _issued, services = read(happened(*acts))
    assert [service.waited for service in services] == [300, 1800]
    assert [service.served for service in services] == [240, 540]


def test_a_finish_without_arrival_counts_from_the_call_and_an_open_call_is_shown():
    _issued, (service,) = read(happened((0, "issue", TAKEN), (5, "call"), (9, "finish")))
    assert service.served == 240
    _issued, (still,) = read(happened((0, "issue", TAKEN), (5, "call")))
    assert (still.outcome, still.ended, still.served) == ("", None, None)


def test_events_of_a_ticket_without_issue_are_left_out():
    assert read(happened((5, "call"), (9, "finish"))) == ([], [])


@pytest.mark.parametrize(("share", "value"), [(0, 1.0), (0.5, 2.5), (0.9, 3.7), (1, 4.0)])
def test_quantiles_lie_between_neighbours(share, value):
    assert quantile([1.0, 2.0, 3.0, 4.0], share) == pytest.approx(value)


def test_figures_of_nothing():
    nothing = figures("x", [], [])
    assert (nothing.called, nothing.wait_mean, nothing.pass_rate, nothing.within_promise) == (
        0,
        None,
        None,
        None,
    )


@given(
    st.lists(
        st.tuples(
            st.integers(0, 500), st.integers(0, 60), st.integers(1, 60), st.sampled_from("ABC"), st.booleans()
        ),
        max_size=40,
    ),
    st.sampled_from(list(By)),
)
def test_groups_add_up_to_the_whole(tickets, by):
    events = []
    for number, (start, wait, last, line, came) in enumerate(tickets):
        acts = [(start, "issue", TAKEN), (start + wait, "call", line)]
        acts += (
            [(start + wait, "arrive"), (start + wait + last, "finish")]
            if came
            else [(start + wait + last, "pass")]
        )
        events += happened(*acts, ticket=number, line=line)
    issued, services = read(events)
    total = figures("", issued, services)
    groups = grouped(by, issued, services, HALL_ZONE)
    assert sum(each.called for each in groups) == total.called == len(tickets)
    assert sum(each.passed for each in groups) == total.passed
    assert sum(each.served for each in groups) == total.served
    if by not in (By.DESK, By.PERSON):
        assert sum(each.issued for each in groups) == total.issued
    assert total.served + total.passed == total.called


def test_half_hours_are_those_of_the_halls_clock():
    assert half_hour(NINE + timedelta(minutes=44), HALL_ZONE) == "09:30"


def day(suite, clock):
    suite.run(ONE, "queue.open_desk", {"desk": "A01"})
    for number in range(4):
        ticket = issue(suite, "A" if number < 3 else "B")
        clock.move(minutes=4)
        suite.run(ONE, "queue.call_next", {"desk": "A01"})
        one = {"desk": "A01", "ticket_id": ticket.id}
        if number == 1:
            suite.run(ONE, "queue.pass", one)
            continue
        suite.run(ONE, "queue.arrive", one)
        clock.move(minutes=6)
        suite.run(ONE, "queue.finish", one)
    token = suite.query(ONE, "queue.open_rating", {"desk": "A01"}).token
    suite.run(ONE, "queue.rate", {"token": token, "grade": 5})


SPAN = {"first": "2026-03-17", "last": "2026-03-17"}


def test_the_days_figures_on_both_databases(suite, clock):
    day(suite, clock)
    found = suite.query(MANAGER, "queue.statistics", {**SPAN, "by": "line"})
    assert (found.total.issued, found.total.called, found.total.served, found.total.passed) == (4, 4, 3, 1)
    assert found.total.wait_mean == pytest.approx(240, abs=1)
    assert found.total.service_mean == pytest.approx(360, abs=1)
    assert [(each.name, each.figures.called) for each in found.groups] == [("A 综合", 3), ("B 社保", 1)]
    assert found.grades == {5: 1, 0: 2}
    assert sum(n for _h, n, _c in found.half_hours) == 4
    only = suite.query(MANAGER, "queue.statistics", {**SPAN, "line": "B"})
    assert only.total.called == 1
    nothing = suite.query(MANAGER, "queue.statistics", {"first": "2026-03-16", "last": "2026-03-16"})
    assert (nothing.total.called, nothing.groups) == (0, [])
    pdf = suite.query(MANAGER, "queue.statistics_report", {**SPAN, "by": "half_hour"})
    assert pdf.startswith(b"%PDF")


def test_two_people_of_one_name_are_two_people(suite, clock):
    with suite.database.write() as writer:
        writer.insert(
            hall.agency, code="1", name="旗人力资源和社会保障局", short_name="人社局", kind="bureau"
        )
        for number, desk in ((1, "A01"), (2, "A02"), (3, None)):
            name = "宝音" if number == 3 else "王海涛"
            writer.insert(hall.staff, id=number, name=name, agency="1", desk=desk)
    for actor in (ONE, clerk(2, "A02"), clerk(3, "A03")):
        suite.run(actor, "queue.open_desk", {"desk": actor.desk, "lines": ["A"]})
        ticket = issue(suite)
        suite.run(actor, "queue.call_next", {"desk": actor.desk})
        suite.run(actor, "queue.finish", {"desk": actor.desk, "ticket_id": ticket.id})
    found = suite.query(MANAGER, "queue.statistics", {**SPAN, "by": "person"})
    assert {each.name: each.figures.served for each in found.groups} == {
        "宝音": 1,
        "王海涛 A01": 1,
        "王海涛 A02": 1,
    }


def test_a_span_is_bounded_and_in_order(suite):
    long = {"first": "2026-01-01", "last": "2026-06-01"}
    assert refused_query(suite, long) == "SPAN_TOO_LONG"
    assert refused_query(suite, {"first": "2026-03-17", "last": "2026-03-16"}) == "BAD_REQUEST"
    assert (
        refused(
            suite,
            clerk(1, permissions=frozenset({"queue.view"})),
            "queue.say",
            {"kind": "notice", "text": "x"},
        )
        == "NOT_PERMITTED"
    )


def refused_query(suite, request):
    from yichuang.api import UserError

    with pytest.raises(UserError) as error:
        suite.query(MANAGER, "queue.statistics", request)
    return error.value.code


class TestPage:
    @pytest.fixture
    def database_url(self, tmp_path):
        return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"

    def test_a_manager_reads_regroups_and_exports(self, qtbot, suite, clock, tmp_path):
        day(suite, clock)
        with open_page(suite, MANAGER, "queue.statistics") as (page, _context):
            qtbot.waitUntil(lambda: len(page.table.model.loaded_rows()) == 2, timeout=10_000)
            assert page.kpis["served"]._value.text() == "3"
            page.by.setCurrentIndex(page.by.findData("half_hour"))
            qtbot.waitUntil(lambda: page.table.model.loaded_rows()[0]["name"] == "09:00", timeout=10_000)
            page.export.click()
            path = tmp_path / "list.xlsx"
            choose(qtbot, page, path)
            qtbot.waitUntil(path.exists, timeout=10_000)
            sheet = openpyxl.load_workbook(path).active
            assert [cell.value for cell in sheet[2]][:3] == ["09:00", "4", "4"]
            page.print.click()
            report = tmp_path / "report.pdf"
            qtbot.waitUntil(lambda: page.findChild(QFileDialog) is not None, timeout=20_000)
            choose(qtbot, page, report)
            qtbot.waitUntil(
                lambda: report.exists() and report.read_bytes().startswith(b"%PDF"), timeout=10_000
            )

    def test_a_bad_rating_is_followed_up(self, qtbot, suite, clock):
        day(suite, clock)
        ticket = issue(suite)
        suite.run(ONE, "queue.call_next", {"desk": "A01"})
        suite.run(ONE, "queue.finish", {"desk": "A01", "ticket_id": ticket.id})
        token = suite.query(ONE, "queue.open_rating", {"desk": "A01"}).token
        suite.run(ONE, "queue.rate", {"token": token, "grade": 2, "comment": "态度差"})
        with open_page(suite, MANAGER, "queue.statistics") as (page, _context):
            page.show_tab("ratings")
            table = page.ratings.table
            qtbot.waitUntil(lambda: len(table.model.loaded_rows()) == 1, timeout=10_000)
            row = table.model.loaded_rows()[0]
            assert (row["grade"], row["comment"], row["act"]) == ("不满意", "态度差", "整改")
            table.acted.emit("act", row)
            qtbot.waitUntil(lambda: page.window().findChild(Dialog) is not None)
            page.window().findChild(Dialog).form.set_values({"text": "已电话回访致歉"})
            page.window().findChild(Dialog).accept()
            qtbot.waitUntil(lambda: table.model.loaded_rows() == [], timeout=10_000)
            page.ratings.which.set_current("all")
            page.ratings.load()
            qtbot.waitUntil(lambda: len(table.model.loaded_rows()) == 2, timeout=10_000)

    def test_wrong_days_are_said_in_place(self, qtbot, suite):
        with open_page(suite, MANAGER, "queue.statistics") as (page, _context):
            page.days.first.setText("2026-03-18")
            page.days.last.setText("2026-03-17")
            page.days.last.editingFinished.emit()
            assert page._note.count() == 1
            page.days.set_days(date(2026, 3, 16), date(2026, 3, 17))
            qtbot.waitUntil(lambda: page._found is not None and page._note.count() == 0, timeout=10_000)


def choose(qtbot, page, path):
    qtbot.waitUntil(lambda: page.findChild(QFileDialog) is not None, timeout=10_000)
    dialog = page.findChild(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: page.findChild(QFileDialog) is None, timeout=10_000)
