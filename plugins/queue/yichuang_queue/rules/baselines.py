"""The simple wait estimators that ours is measured against, as the field's literature and halls in use have them.

They see the same people ahead and the same present desks as ours, each desk counted whole, whatever else it serves.
Their service time is the mean of the line's day so far (below five services: of earlier days).
Sources: QL, HOL, LES: Ibrahim and Whitt, M&SOM 11:397 (2009); rolling means: Ang et al., M&SOM 18:141 (2016); ZMS:
the appointment and queue suite of Berlin and Munich (position × set service time ÷ desks).
"""

from __future__ import annotations

from yichuang_queue.rules.replay import Arrival

FEWEST_SERVICES = 5
RATE_SECONDS = 900.0
ZMS_SERVICE_SECONDS = 600.0
NAMES = ("QL", "HOL", "LES", "QL+HOL", "last ten", "30 min mean", "start rate", "ZMS 10 min")


def baselines(arrival: Arrival, usual_service: float | None) -> dict[str, float] | None:
    """Name -> predicted seconds of wait; None where one of them has nothing to go by yet (no call or desk today)."""
    line, situation = arrival.trace, arrival.situation
    starts = sum(at > arrival.at - RATE_SECONDS for at, _ in line.waits)
    if line.service_count >= FEWEST_SERVICES:
        service: float | None = line.service_sum / line.service_count
    else:
        service = usual_service
    if situation is None or not (starts and service):
        return None
    place = situation.ahead + 1
    by_length = place * service / situation.present
    return {
        "QL": by_length,
        "HOL": situation.head_wait,
        "LES": line.last_ten[-1],
        "QL+HOL": (by_length + situation.head_wait) / 2,
        "last ten": sum(line.last_ten) / len(line.last_ten),
        "30 min mean": sum(waited for _, waited in line.waits) / len(line.waits),
        "start rate": place * RATE_SECONDS / starts,
        "ZMS 10 min": place * ZMS_SERVICE_SECONDS / situation.present,
    }
