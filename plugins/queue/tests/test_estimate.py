"""The wait estimate: its properties, its calibration, and its figures on simulated days against every baseline."""

from __future__ import annotations

import argparse
import csv
import io
import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.api import UserError, in_language
from yichuang_queue.commands import evaluate as command
from yichuang_queue.rules.baselines import NAMES
from yichuang_queue.rules.calibration import calibrate, least_absolute
from yichuang_queue.rules.estimate import (
    CROWDS,
    DEFAULT,
    SLOTS,
    Calibration,
    Observation,
    Situation,
    Weights,
    effective_desks,
    estimate,
    kinds_of,
    service_time,
    through_staff,
)
from yichuang_queue.rules.evaluation import (
    OURS,
    Prediction,
    Report,
    evaluate,
    evaluate_file,
    predict,
    table,
)
from yichuang_queue.rules.visits import COLUMNS, Visit, read_log, read_rows

from .simulated_days import HALL, POOL, Hall, simulate

DAYS = 10
QUIET = Situation(
    line="A", ahead=4, desks=2.0, present=2, free=0, service=300.0, elapsed=120.0, head_wait=400.0, last_wait=500.0,
    priority=False, minute=10 * 60,
)  # fmt: skip

seconds = st.floats(0, 20_000)
situations = st.builds(
    Situation,
    line=st.sampled_from("AB"),
    ahead=st.integers(0, 500),
    desks=st.floats(0.01, 60),
    present=st.integers(1, 60),
    free=st.integers(0, 60),
    service=st.floats(1, 7200),
    elapsed=seconds,
    head_wait=seconds,
    last_wait=st.none() | seconds,
    priority=st.booleans(),
    minute=st.integers(0, 1439),
)
weight = st.floats(0, 3)
calibrations = st.builds(
    Calibration,
    weights=st.builds(Weights, *[weight] * len(Weights().values())),
    errors=st.tuples(*[st.tuples(st.floats(-3, 3), st.floats(-3, 3))] * len(CROWDS)),
    staff=st.dictionaries(
        st.sampled_from("AB"),
        st.lists(st.floats(0, 60), min_size=SLOTS, max_size=SLOTS).map(tuple),
        max_size=2,
    ),
)


@given(situations, calibrations)
@settings(max_examples=100, deadline=None)
def test_the_point_lies_in_its_interval_and_nothing_is_negative(situation, calibration):
    said = estimate(situation, calibration)
    assert said is not None
    assert 0 <= said.low <= said.seconds <= said.high


@given(situations, calibrations, st.integers(1, 200))
@settings(max_examples=100, deadline=None)
def test_more_people_ahead_never_make_it_shorter(situation, calibration, more):
    fewer = estimate(situation, calibration)
    longer = estimate(replace(situation, ahead=situation.ahead + more), calibration)
    assert longer.seconds >= fewer.seconds * (1 - 1e-9)


def test_it_is_unknown_while_no_desk_serves_the_line():
    assert estimate(replace(QUIET, desks=0.0)) is None
    assert estimate(replace(QUIET, service=0.0)) is None


def test_the_default_stays_near_the_queue_length_form():
    assert estimate(QUIET).seconds == pytest.approx((4 + 1) * 300 / 2, rel=0.3)
    assert estimate(replace(QUIET, desks=4.0)).seconds < estimate(QUIET).seconds


def test_service_time_leans_on_the_usual_one_until_many_were_served():
    assert service_time(0, 0.0, 300.0) == 300
    assert 200 < service_time(50, 50 * 200.0, 300.0) < 300
    assert service_time(3, 600.0, None) == pytest.approx((480 + 200) / 2)


def test_a_desk_of_several_lines_counts_by_where_the_work_is():
    desks = kinds_of([{"A"}, {"A", "B"}, {"B"}])
    assert effective_desks("A", {"A": 900.0}, desks) == 2
    assert effective_desks("A", {"A": 900.0, "B": 900.0}, desks) == pytest.approx(1.5, abs=0.01)
    assert effective_desks("A", {"A": 900.0, "B": 4500.0}, desks) < 1.1
    assert effective_desks("A", {"A": 900.0, "B": 2700.0}, kinds_of([("A", "B")] * 4)) == pytest.approx(
        1.0
    ), "alike desks"
    assert effective_desks("C", {"C": 900.0}, desks) == 0


@given(
    st.lists(st.sets(st.sampled_from("ABCD"), min_size=1), max_size=12),
    st.dictionaries(st.sampled_from("ABCD"), st.floats(0, 1e6)),
)
@settings(deadline=None)
def test_a_line_has_no_more_desks_than_serve_it(desks, work):
    able = sum("A" in lines for lines in desks)
    assert 0 <= effective_desks("A", {**work, "A": 1.0 + work.get("A", 0.0)}, kinds_of(desks)) <= able + 1e-9


def test_staff_that_will_go_to_lunch_makes_the_wait_longer():
    staff = [4.0] * 24 + [2.0] * 24  # from noon half of them
    assert through_staff(600, 11 * 60, staff) == 600
    assert through_staff(600, 11 * 60 + 55, staff) == pytest.approx(300 + 300 * 2)
    assert through_staff(600, 11 * 60 + 55, ()) == 600


def _seen(ahead: int, factor: float) -> Observation:
    situation = replace(QUIET, ahead=ahead, head_wait=0.0, last_wait=0.0)
    return Observation(situation, waited=factor * (ahead + 1) * 150.0, served=240.0)


def test_calibration_learns_by_how_much_waits_differ_from_the_form():
    history = [
        _seen(ahead, factor) for ahead in range(20) for factor in (1.2, 1.4, 1.6, 1.8, 2.0) for _ in "12"
    ]
    learned = calibrate(history)
    assert learned.tickets == 200
    assert learned.usual_service == {"A": pytest.approx(240.0)}
    said = estimate(replace(QUIET, ahead=9, head_wait=0.0, last_wait=0.0), learned)
    assert said.seconds == pytest.approx(1.6 * 1500, rel=0.1)
    assert 1.0 * 1500 < said.low < 1.4 * 1500
    assert 1.8 * 1500 < said.high < 2.4 * 1500
    assert calibrate(history) == learned


def test_a_handful_of_tickets_teaches_nothing():
    assert calibrate([_seen(3, 1.0)] * 49) == DEFAULT
    assert calibrate([replace(_seen(3, 1.0), waited=0.0)] * 200) == DEFAULT  # nobody had to wait


def test_the_weights_are_those_of_the_median():
    rows = [(1.0, float(n)) for n in range(200)]
    targets = [30.0 + 2.0 * n + (3000.0 if n % 10 == 0 else 0.0) for n in range(200)]  # a tenth is far off
    assert least_absolute(rows, targets, (25.0, 1.8)) == pytest.approx([30.0, 2.0], rel=0.15)


def test_situation_and_calibration_go_through_json():
    learned = calibrate([_seen(ahead, 1.5) for ahead in range(20) for _ in range(5)])
    assert Calibration.from_json(json.loads(json.dumps(learned.to_json()))) == learned
    assert Situation.from_json(json.loads(json.dumps(QUIET.to_json()))) == QUIET
    with pytest.raises(ValueError, match="errors"):
        Calibration.from_json({**learned.to_json(), "errors": []})


def _report(hall: Hall, seed: int) -> Report:
    return evaluate(read_rows(simulate(hall, DAYS, seed)), hall.credit)


@pytest.mark.parametrize(("hall", "seed"), [(HALL, 20), (POOL, 20)], ids=["many lines", "one pool"])
def test_ours_beats_every_baseline_on_simulated_days(hall, seed):
    report = _report(hall, seed)
    print(table(report))
    assert report.days == DAYS
    assert report.scored > 3500
    for name in NAMES:
        assert report[OURS].mae < report[name].mae, name
    assert 0.77 <= report.coverage <= 0.83


def test_nothing_is_said_from_what_happens_later():
    """Another future (people who never come, later calls, longer services) changes nothing that was said before."""
    visits = read_rows(simulate(HALL, 3, seed=5))
    cut = datetime(2026, 3, 4, 11, 0)

    def otherwise(visit: Visit) -> Visit:
        late = timedelta(minutes=37)
        started, finished = (
            moment + late if moment and moment > cut else moment for moment in (visit.started, visit.finished)
        )
        return replace(visit, started=started, finished=finished)

    def said_before(log: list[Visit]) -> list[Prediction]:
        said = [each for each in predict(log, HALL.credit) if isinstance(each, Prediction)]
        return [each for each in said if log[each.row].arrived <= cut]

    early = [visit for visit in visits if visit.arrived <= cut]
    other = [otherwise(visit) for visit in early]
    assert said_before(other) == said_before(visits)
    assert any(each.ours for each in said_before(other))
    assert other != early


def _log(*rows: str) -> bytes:
    return "\n".join([",".join(COLUMNS), *rows]).encode()


GOOD = "A,none,2026-03-02T09:00:00,2026-03-02T09:05:00,2026-03-02T09:10:00,1"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",none,2026-03-02T09:00:00,,,", "names no line"),
        ("A,none,,,,", "no time of arrival"),
        ("A,none,yesterday,,,", "arrived is no ISO time: yesterday"),
        ("A,none,2026-03-02T09:00:00,2026-03-02T08:59:00,,1", "called before it arrived"),
        ("A,none,2026-03-02T09:00:00,2026-03-02T09:01:00,2026-03-02T09:00:30,1", "ended before it began"),
        ("A,none,2026-03-02T09:00:00,2026-03-02T09:01:00,,", "names no desk"),
        ("A,none,2026-03-02T09:00:00", "too few or too many"),
        (GOOD + ",more", "too few or too many"),
        ('A,"none,2026', "not CSV"),
    ],
)
def test_a_bad_row_is_named_and_refuses_the_whole_log(row, reason):
    with pytest.raises(UserError) as refused:
        read_log(_log(GOOD, row))
    assert refused.value.code == "LOG_ROW"
    assert refused.value.detail["row"] == 3
    assert reason in in_language(refused.value.sentence, "en")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "LOG_COLUMNS"),
        (b"line,arrived\nA,2026-03-02T09:00:00\n", "LOG_COLUMNS"),
        (_log(), "LOG_EMPTY"),
        (b"\xff\xfe\x00\x01", "LOG_UNREADABLE"),
    ],
)
def test_what_is_no_log_is_refused(data, code):
    with pytest.raises(UserError) as refused:
        read_log(data)
    assert refused.value.code == code


def test_rows_are_counted_as_they_stand_in_the_file():
    with pytest.raises(UserError) as refused:
        read_log(_log(GOOD, "", "", ",,,,,", ",none,2026-03-02T09:00:00,,,"))
    assert refused.value.detail["row"] == 6


def test_a_log_may_be_of_a_spreadsheet_and_in_any_zone():
    here = read_log("\ufeff".encode() + _log(GOOD.replace("A,none", "甲,2")))
    there = read_log(
        _log("甲,2,2026-03-02T01:00:00Z,2026-03-02T09:05:00+08:00,2026-03-02T09:10:00,1")
        .decode()
        .encode("gb18030")
    )
    assert here == there
    assert here[0].priority


def test_without_anybody_who_waited_there_is_nothing_to_compare():
    with pytest.raises(UserError) as refused:
        evaluate(read_log(_log(GOOD)))
    assert refused.value.code == "LOG_NOTHING_TO_SCORE"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The log of two days."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(simulate(HALL, 2, seed=3))
    path = tmp_path / "log.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@dataclass
class Typed:
    """What a command is given, as far as this one asks for it."""

    arguments: tuple[str, ...]
    json: bool = False

    def parser(self, description: str = "") -> argparse.ArgumentParser:
        return argparse.ArgumentParser(prog="yichuang queue evaluate", description=description)


def test_the_command_prints_the_table_or_json(file, capsys):
    assert command.run(Typed((str(file),))) == 0
    assert "ZMS 10 min" in capsys.readouterr().out
    assert command.run(Typed((str(file), "--credit", "15"), json=True)) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(evaluate_file(file).to_json()))
    with pytest.raises(SystemExit):
        command.run(Typed((str(file), "--credit", "-1")))


def test_the_columns_of_the_table_stand_under_one_another(file):
    lines = table(evaluate_file(file)).splitlines()[: 2 + len(NAMES)]
    widths = {sum(1 + (unicodedata.east_asian_width(sign) in "FW") for sign in line) for line in lines}
    assert len(widths) == 1


def test_a_file_is_evaluated_and_its_figures_fit_json_and_a_table(file, tmp_path):
    report = evaluate_file(file, HALL.credit)
    assert json.loads(json.dumps(report.to_json()))["figures"][0]["name"] == OURS
    shown = table(report)
    assert all(name in shown for name in NAMES)
    assert f"{report[OURS].mae:.1f}" in shown
    with pytest.raises(UserError) as refused:
        evaluate_file(tmp_path / "missing.csv")
    assert refused.value.code == "LOG_UNREADABLE"
