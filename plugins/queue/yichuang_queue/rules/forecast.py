"""How many tickets the rest of the day will bring: the mean of the same half hour on earlier days of the same weekday.

The method is the seasonal mean (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, "simple methods"), times
how busy today has been so far against the same hours of those days, within bounds. Without such a day there is no
forecast, and nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_TICKETS = 20
LEAST, MOST = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """Tickets of every half hour of a day.

    Attributes:
        values: As many as the days of history have half hours; those that are over are forecasts too.
        days: How many days it was made from.
        factor: How busy today is against them.
    """

    values: tuple[float, ...]
    days: int
    factor: float


def forecast(history: Sequence[Sequence[int]], today: Sequence[int]) -> Forecast | None:
    """What the day's half hours will bring; None without history.

    Args:
        history: Tickets of every half hour of earlier days of the same weekday, all of one length; a day without tickets
            (a holiday) does not count.
        today: Those half hours of today that are over.
    """
    days = [day for day in history if any(day)]
    if not days:
        return None
    means = [sum(slot) / len(days) for slot in zip(*days, strict=True)]
    usual = sum(means[: len(today)])
    factor = 1.0
    if usual >= FEWEST_TICKETS:
        factor = min(MOST, max(LEAST, sum(today) / usual))
    return Forecast(tuple(mean * factor for mean in means), len(days), factor)
