"""Which items a township or village may accept: those whose guide in force names it; the hall itself accepts every item.

“村乡受理、旗直审批、乡级出证”: the right to accept is delegated item by item, in the published guide (`towns`), so what a point
may do changes with the catalogue and under its four eyes.
"""

from __future__ import annotations

from typing import Any

from yichuang.api import Read, UserError, query, select
from yichuang_acceptance import guide_tables as g
from yichuang_acceptance import handover_tables as h
from yichuang_acceptance.operations import points
from yichuang_acceptance.operations.guide_rows import row_of
from yichuang_acceptance.rules.guide import Guide, of_body
from yichuang_acceptance.words import words

L = words.lazy
_g = g.guide.c


def require_here(read: Read, item: Any) -> None:
    """Let only an item be taken in that the actor's point may accept.

    Args:
        read: A snapshot.
        item: The item in the version that is taken in, as `hall.item` gives it.

    Raises:
        UserError: NOT_DELEGATED, naming who accepts it.
    """
    here = points.point_here(read)
    if here == points.HALL:
        return
    guide = _guide(read, item)
    if _area(read, here) in _areas(guide):
        return
    elsewhere = [town["town_name"] for town in guide.rows("towns")]
    others = "、".join([item.agency_name, *elsewhere])
    raise UserError(
        "NOT_DELEGATED",
        L("“{item}” may not be accepted at {point}.", item=item.name, point=points.name_of(read, here)),
        do=L("Send the applicant to whoever may: {organs}.", organs=others),
    )


def _guide(read: Read, item: Any) -> Guide:
    """The guide of an item's version; an empty one, which delegates nothing, where none was published here."""
    row = row_of(read, item.code, item.version)
    return of_body(row.body) if row is not None else Guide({}, {})


def _area(read: Read, code: str) -> str:
    return str(read.scalar(select(h.point.c.area).where(h.point.c.code == code)))


def _areas(guide: Guide) -> set[str]:
    return {town["town_code"] for town in guide.rows("towns")} - {""}


@query("acceptance.accepted_here", permission="acceptance.accept", title="Items that may be accepted here")
def accepted_here(read: Read) -> list[str] | None:
    """Codes of the items that the actor's point may accept, in the version in force; None in the hall, which accepts all."""
    here = points.point_here(read)
    if here == points.HALL:
        return None
    area = _area(read, here)
    guides = read.all(select(_g.item, _g.body).where(_g.state == "published"))
    named = {row.item for row in guides if area in _areas(of_body(row.body))}
    items = (read.query("hall.item", {"code": code}) for code in sorted(named))
    return [item.code for item in items if area in _areas(_guide(read, item))]
