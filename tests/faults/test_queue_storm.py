"""Kiosks and desks as processes on one database, desks killed mid-call: no number twice, nobody called twice, nobody lost."""

from __future__ import annotations

import pytest
from queue_storm import Storm, play


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_storm_of_processes_loses_nobody(database_url, tmp_path):
    outcome = play(Storm(database_url, tmp_path / "storm", kiosks=2, desks=5, tickets=400, kills=10))
    assert outcome.failed == {}
    assert (outcome.issued, outcome.called, outcome.kills) == (400, 400, 10)
    assert len(outcome.shares) == 5
