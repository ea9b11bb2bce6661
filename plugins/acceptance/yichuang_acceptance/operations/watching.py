"""What a machine sees of violations beside the limits: events dated back, ratings on the clerk's display, fees without basis.

V05, V08, V13 and V15 of electronic supervision. What only a person sees is written down as a finding (`findings`).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from yichuang.api import Read, Work
from yichuang_acceptance.operations import later
from yichuang_acceptance.operations.alerts import raise_alert
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.guide_rows import row_of
from yichuang_acceptance.rules.findings import BACKDATED, FORCED_RATING, NO_FEE_BASIS, SENT_LATE
from yichuang_acceptance.rules.guide import of_body

SEND_UP_WORKING_DAYS = 2
SEND_UP_SETTING, OWN_SCREEN_SETTING = "acceptance.send_up_days", "acceptance.rate_on_own_screen"
SENDING = "materials"
CLERKS_DISPLAY = "counter"


def dated_wrongly(work: Work, row: Any, event: Any) -> None:
    """An event stands before the one that it follows, or in the future (V13)."""
    raise_alert(
        work, row, BACKDATED, f"event:{event.seq}", detail=f"{event.seq}：{event.at:%Y-%m-%d %H:%M}",
        staff=(event.staff_id, event.staff_name),
    )  # fmt: skip


def rated(work: Work, row: Any, channel: str) -> None:
    """A rating that came from the clerk's own display (V15), unless the hall has no others."""
    if channel == CLERKS_DISPLAY and not work.setting(OWN_SCREEN_SETTING, False):
        raise_alert(
            work,
            row,
            FORCED_RATING,
            detail=work.actor.desk or "",
            staff=(work.actor.staff_id, work.actor.name),
        )


def fee_taken(work: Work, row: Any, amount: Decimal | None) -> None:
    """A fee was paid for an item whose guide charges none, or names no basis for it (V08)."""
    guide_row = row_of(work, row.item, row.item_version) if amount else None
    if guide_row is None:  # no guide, no word about fees
        return
    guide = of_body(guide_row.body)
    if guide.get("is_fee") != "1" or not (
        guide.get("fee_basis") or any(fee.get("basis") for fee in guide.rows("fees"))
    ):
        raise_alert(
            work, row, NO_FEE_BASIS, detail=f"{amount:.2f}", staff=(work.actor.staff_id, work.actor.name)
        )


def expect_sending(work: Work, case_id: int, received: datetime) -> None:
    """Papers were taken in outside the hall: they are sent up in time, or that is V05."""
    later.remind_at(work, case_id, SENT_LATE, send_up_due(work, received), SENDING)


def send_up_due(read: Read, received: datetime) -> datetime:
    """By when papers of a township are on their way."""
    days = int(read.setting(SEND_UP_SETTING, SEND_UP_WORKING_DAYS))
    return days_of(read).due_moment(received, days, "W")


def sent_up(work: Work, case_id: int) -> None:
    """They are on their way."""
    later.forget(work, case_id, SENT_LATE, key=SENDING)
