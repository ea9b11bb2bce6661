"""Taking back another body's outcome that was entered wrongly (纠正): by a second person, while nothing was built on it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from yichuang.api import CleanText, Request, UserError, Work, operation, update
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance.operations import matter_life
from yichuang_acceptance.rules.matter_graph import MOST_PARTS, MatterState, Standing
from yichuang_acceptance.words import words

L = words.lazy
ENTERED = frozenset({"granted", "refused"})
ANSWERED = frozenset({"stop", "go_on"})
_p = mt.part.c


class Undo(Request):
    """Which step's outcome was wrong, and why."""

    matter_id: int
    position: int = Field(ge=1, le=MOST_PARTS)
    reason: CleanText = Field(min_length=1, max_length=500)


@operation(
    "acceptance.undo_outcome", permission="acceptance.accept", title="Take another body's outcome back"
)
def undo_outcome(work: Work, request: Undo) -> str:
    """Take an outcome back, so that it can be entered anew; returns the matter's state. The journal keeps both.

    Errors: UNKNOWN_MATTER, NOT_YOUR_AGENCY, NO_OUTCOME, OWN_ENTRY, BUILT_ON.
    """
    matter = matter_life.at_window(work, request.matter_id)
    # one event of a matter at a time: a grant at this moment comes before or after
    work.execute(
        update(mt.matter).where(mt.matter.c.id == matter.id).values(row_version=mt.matter.c.row_version + 1)
    )
    rows = matter_life.rows_of(work, matter.id)
    row = next((r for r in rows if r.position == request.position), None)
    if row is None or row.outcome not in ENTERED:
        raise UserError(
            "NO_OUTCOME",
            L("No outcome of another body was entered for this step."),
            do=L("Refresh the list."),
        )
    if row.staff_name == work.actor.name:
        raise UserError(
            "OWN_ENTRY", L("You entered this outcome yourself; somebody else takes it back."),
            do=L("Ask a colleague at a window."),
        )  # fmt: skip
    _require_nothing_built(matter, row, rows)
    same = _p.id == row.id, _p.outcome == row.outcome
    empty: dict[str, Any] = {"outcome": "", "note": "", "answer": "", "at": None, "staff_name": ""}
    work.execute(update(mt.part).where(*same).values(**empty))
    matter_life.refresh(work, matter.id)
    work.subject = f"matter:{matter.case_no}"
    work.detail = {
        "position": row.position, "name": row.name, "outcome": row.outcome, "note": row.note, "entered_by": row.staff_name,
        "reason": request.reason,
    }  # fmt: skip
    return str(matter_life.load(work, matter.id).state)


def _require_nothing_built(matter: Any, row: Any, rows: list[Any]) -> None:
    """Let only an outcome be taken back that nothing has followed from. Raises BUILT_ON, naming what has."""
    standing = {part.position: part.standing for part in matter_life.parts_of(rows)}
    behind = [r for r in rows if row.position in r.after]
    begun = [
        r.name
        for r in behind
        if (r.outcome if r.case_id is None else standing[r.position] is not Standing.WAITING)
    ]
    if begun or row.answer in ANSWERED or matter.state == MatterState.DONE:
        what = "、".join(begun) or matter.name
        raise UserError(
            "BUILT_ON", L("Something was built on this outcome already: {what}.", what=what),
            do=L("It stays; correct what followed from it in its own case."),
        )  # fmt: skip
