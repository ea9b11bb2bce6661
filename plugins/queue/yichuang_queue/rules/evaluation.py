"""Scores our wait estimator and every baseline on a log: each arrival predicted from what was known, day by day."""

from __future__ import annotations

import math
import unicodedata
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from yichuang.api import UserError
from yichuang_queue.rules.baselines import NAMES, baselines
from yichuang_queue.rules.calibration import calibrate
from yichuang_queue.rules.estimate import DEFAULT, Calibration, Estimate, Observation, Situation, estimate
from yichuang_queue.rules.replay import Arrival, Called, NewDay, Replay
from yichuang_queue.rules.visits import Visit, read_log
from yichuang_queue.words import words

L = words.lazy
_ = words.text
OURS = "ours"
LEARNED_DAYS = 20


@dataclass(frozen=True)
class Figures:
    """How good an estimator was, over `count` tickets; seconds. Bias above 0: it promised too long a wait."""

    name: str
    count: int
    mae: float
    bias: float
    rmse: float


@dataclass(frozen=True)
class Report:
    """The answer of an evaluation.

    Attributes:
        rows: Rows of the log.
        called: Rows that were called.
        days: Days of the log.
        scored: Tickets scored: they waited, and every estimator had a figure, so that all are scored on the same.
        mean_wait: Of the scored, seconds.
        figures: Ours first, then the baselines.
        coverage: Share of the scored that waited inside our 80 % interval.
        width: Its mean width, seconds.
    """

    rows: int
    called: int
    days: int
    scored: int
    mean_wait: float
    figures: tuple[Figures, ...]
    coverage: float
    width: float

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values."""
        return asdict(self)

    def __getitem__(self, name: str) -> Figures:
        return next(each for each in self.figures if each.name == name)


@dataclass(frozen=True)
class Prediction:
    """What was said when a row arrived: ours, and the baselines by name in seconds; None where nothing was to go by."""

    row: int
    situation: Situation | None
    ours: Estimate | None
    others: Mapping[str, float] | None


def evaluate(visits: Sequence[Visit], credit_seconds: float = 900.0) -> Report:
    """Replays a log and scores everybody on the tickets that waited (called after they arrived).

    Args:
        visits: The log, in any order.
        credit_seconds: Time credit of priority people in that hall.

    Raises:
        UserError: LOG_NOTHING_TO_SCORE.
    """
    tally = _Tally()
    said: dict[int, Prediction] = {}
    for happening in predict(visits, credit_seconds):
        if isinstance(happening, NewDay):
            tally.days += 1
            said.clear()
        elif isinstance(happening, Prediction):
            said[happening.row] = happening
        else:
            tally.called += 1
            if happening.row in said:
                tally.add(said.pop(happening.row), happening.waited)
    return tally.report(len(visits))


def evaluate_file(path: Path, credit_seconds: float = 900.0) -> Report:
    """`evaluate` for a CSV file (`visits.read_log`).

    Raises:
        UserError: LOG_UNREADABLE where it cannot be opened, or as `read_log` and `evaluate` say.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            "LOG_UNREADABLE",
            L("The log {path} cannot be read: {problem}.", path=str(path), problem=error.strerror or ""),
        ) from error
    return evaluate(read_log(data), credit_seconds)


def predict(visits: Sequence[Visit], credit_seconds: float) -> Iterator[NewDay | Prediction | Called]:
    """The happenings of a log, with what is said at each arrival.

    Ours is calibrated at the beginning of each day from the twenty days before it; the first day uses the default.
    """
    replay = Replay(visits, credit_seconds)
    calibration = DEFAULT
    known: dict[int, Situation] = {}
    days: deque[list[Observation]] = deque(maxlen=LEARNED_DAYS)
    for happening in replay.run():
        if isinstance(happening, NewDay):
            calibration = calibrate([seen for day in days for seen in day])
            replay.usual_service = dict(calibration.usual_service)
            days.append([])
            known.clear()
            yield happening
        elif isinstance(happening, Called):
            situation = known.pop(happening.row, None)
            if situation is not None:
                days[-1].append(Observation(situation, happening.waited, _served(visits[happening.row])))
            yield happening
        else:
            yield _prediction(happening, calibration, visits, known)


def _prediction(
    arrival: Arrival, calibration: Calibration, visits: Sequence[Visit], known: dict[int, Situation]
) -> Prediction:
    situation = arrival.situation
    if situation is not None:
        known[arrival.row] = situation
    usual = calibration.usual_service.get(visits[arrival.row].line)
    ours = None if situation is None else estimate(situation, calibration)
    return Prediction(arrival.row, situation, ours, baselines(arrival, usual))


def _served(visit: Visit) -> float | None:
    if visit.started is None or visit.finished is None:
        return None
    return (visit.finished - visit.started).total_seconds()


def table(report: Report) -> str:
    """The report as text: a row for each estimator, then what the interval was worth."""
    head = (_("estimator"), "n", "MAE s", _("bias s"), "RMSE s")
    rows = [head] + [
        (
            _("ours") if each.name == OURS else each.name,
            str(each.count),
            f"{each.mae:.1f}",
            f"{each.bias:+.1f}",
            f"{each.rmse:.1f}",
        )
        for each in report.figures
    ]
    lines = [_padded(row[0], -12) + "".join(_padded(cell, 10) for cell in row[1:]) for row in rows]
    lines.append(
        _(
            "80 % interval of ours: {coverage} % of the waits lie inside, mean width {width} s",
            coverage=f"{100 * report.coverage:.1f}",
            width=f"{report.width:.0f}",
        )
    )
    lines.append(
        _(
            "{rows} rows, {called} called, {days} days; scored: {scored} that waited, {wait} s on average",
            rows=report.rows,
            called=report.called,
            days=report.days,
            scored=report.scored,
            wait=f"{report.mean_wait:.0f}",
        )
    )
    return "\n".join(lines)


def _padded(text: str, width: int) -> str:
    """The text with blanks before it, or behind it where width < 0; a Chinese character is two columns wide."""
    blanks = " " * (abs(width) - sum(1 + (unicodedata.east_asian_width(sign) in "FW") for sign in text))
    return text + blanks if width < 0 else blanks + text


@dataclass
class _Tally:
    """Sums of everybody's errors (predicted - waited) in seconds."""

    errors: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in (OURS, *NAMES)})
    called: int = 0
    days: int = 0
    waited: float = 0.0
    inside: int = 0
    width: float = 0.0

    def add(self, prediction: Prediction, waited: float) -> None:
        ours, others = prediction.ours, prediction.others
        if waited <= 0 or ours is None or others is None:
            return
        for name, seconds in {OURS: ours.seconds, **others}.items():
            self.errors[name].append(seconds - waited)
        self.waited += waited
        self.inside += ours.low <= waited <= ours.high
        self.width += ours.high - ours.low

    def report(self, rows: int) -> Report:
        count = len(self.errors[OURS])
        if not count:
            raise UserError(
                "LOG_NOTHING_TO_SCORE",
                L("Nobody in the log waited after a desk was seen at work; there is nothing to compare."),
                do=L("Take a log of at least one busy day."),
            )
        figures = tuple(_figures(name, errors) for name, errors in self.errors.items())
        wait, coverage, width = self.waited / count, self.inside / count, self.width / count
        return Report(rows, self.called, self.days, count, wait, figures, coverage, width)


def _figures(name: str, errors: Sequence[float]) -> Figures:
    count = len(errors)
    mae = sum(map(abs, errors)) / count
    rmse = math.sqrt(sum(error * error for error in errors) / count)
    return Figures(name, count, mae, sum(errors) / count, rmse)
