"""What applicants do in the tests of several files: sign, be asked, rate."""

from __future__ import annotations

from typing import Any

from .conftest import CLERK, intake

SIGNATURE = {
    "strokes": [[[100 + 10 * n, 60 + (n % 3) * 20, n * 8, 0.4 + 0.05 * n] for n in range(10)]],
    "width": 480,
    "height": 240,
}
"""A wave, with time and pressure."""


def shown(suite: Any, **changes: Any) -> Any:
    """An application in front of its applicant."""
    return suite.run(CLERK, "acceptance.show_applicant", intake(**changes))


def signed(suite: Any, **changes: Any) -> Any:
    """The same, confirmed and signed."""
    showing = shown(suite, **changes)
    suite.run(CLERK, "acceptance.confirm_shown", {"showing_id": showing.id})
    return suite.run(CLERK, "acceptance.sign_shown", {"showing_id": showing.id, **SIGNATURE})


def rated(suite: Any, case: Any, level: int, **more: Any) -> Any:
    """A case, rated by its applicant."""
    asked = suite.run(CLERK, "acceptance.ask_rating", {"case_id": case.case_id})
    suite.run(CLERK, "acceptance.rate", {"token": asked.token, "level": level, **more})
    return asked
