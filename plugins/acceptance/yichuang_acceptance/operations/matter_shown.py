"""What the second screen shows of a whole matter (一件事), and tying what was signed there to its cases and its one pick-up."""

from __future__ import annotations

from typing import Any

from yichuang.api import HALL_ZONE, Read, UserError, Work, identifiers, update
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance.operations import matter_life
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.matter_plan import Planned, dues_of
from yichuang_acceptance.operations.paper_texts import RELATIONS
from yichuang_acceptance.operations.shown import (
    answered_showing,
    chinese,
    digest_of,
    not_signed,
    own_showing,
    person_lines,
)
from yichuang_acceptance.rules.clocks import TOLERANCE_WORKING_DAYS
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.rules.matter_graph import TO_COLLECT, MatterState
from yichuang_acceptance.rules.matter_materials import Merged
from yichuang_acceptance.rules.showing import Content, lines_of, materials_text
from yichuang_acceptance.words import words

L = words.lazy
ANOTHER_BODY = "其他单位"


def content_of_matter(read: Read, request: Any, planned: Planned) -> Content:
    """The screen of a matter (a `matters.MatterIntake`): what the applicant gave once, for which items, and what follows."""
    given = {hand.position: hand for hand in request.materials if hand.given is not Given.NOT_GIVEN}
    names = {m.position: m.name for m in planned.materials}
    counts = {kind: sum(hand.given is kind for hand in given.values()) for kind in Given}
    owed = tuple(names.get(n, "") for n, hand in given.items() if hand.given is Given.TOLERATED)
    licences = [n for n, hand in given.items() if hand.given is Given.LICENCE]
    after = [
        ("materials", "提交材料", materials_text(counts[Given.PAPER], counts[Given.LICENCE], len(owed))),
        *(_material_line(m, given[m.position]) for m in planned.materials if m.position in given),
        *_item_lines(planned, request.verified),
        ("finish", "承诺办结", _finish(read, planned)),
    ]
    by = days_of(read).add_workdays(read.today, TOLERANCE_WORKING_DAYS).isoformat() if owed else ""
    return Content(
        planned.theme.name,
        (
            *lines_of([("agency", "牵头部门", planned.lead_name), *person_lines(request)], request.form | request.answers),
            *lines_of(after, {}),
        ),
        ("一次告知单", "受理通知书", *(("容缺受理承诺书",) if owed else ())), owed, by,
        tuple(f"电子证照：{names.get(n, '')}" for n in licences),
    )  # fmt: skip


def _material_line(merged: Merged, hand: Any) -> tuple[str, str, str]:
    """One paper of the one list, and for how many items it is."""
    how = {Given.LICENCE: "电子证照，免提交", Given.TOLERATED: "容缺后补"}.get(hand.given, "纸质")
    items = len(merged.wanted_by)
    shared = f"，{items} 个事项共用" if items > 1 else ""
    return f"material.{merged.position}", f"材料 {merged.position}", f"{merged.name}（{how}{shared}）"


def _item_lines(planned: Planned, verified: dict[int, str]) -> list[tuple[str, str, str]]:
    """The items of the matter in their order, with what each waits for."""
    names = {part.position: part.name for part in planned.parts}
    lines = []
    for n, part in enumerate(planned.parts, 1):
        item = planned.items.get(part.position)
        agency = item.agency_name if item is not None else ANOTHER_BODY
        waits = [names[p] for p in part.after if p not in verified]
        note = f"待“{'”“'.join(waits)}”后办理" if waits else ""
        note = "已核验" if part.position in verified else note
        lines.append(
            (
                f"item.{part.position}",
                f"事项 {n}",
                f"{part.name}（{'，'.join(filter(None, (agency, note)))}）",
            )
        )
    return lines


def _finish(read: Read, planned: Planned) -> str:
    due = dues_of(read, planned).promise
    return f"{chinese(due.astimezone(HALL_ZONE).date())}前" if due is not None else ""


def attach_matter(work: Work, request: Any, planned: Planned, case_id: int) -> None:
    """Tie what was shown and signed to the matter's first case; what is entered must be what was shown.

    Raises:
        UserError: UNKNOWN_SHOWING, NOT_CONFIRMED, SHOWN_DATA_CHANGED.
    """
    if request.showing_id is None:
        return
    row = answered_showing(work, request.showing_id, content_of_matter(work, request, planned))
    work.execute(update(a.showing).where(a.showing.c.id == row.id).values(case_id=case_id))


# ---- one pick-up ----


def waiting_results(read: Read, matter: Any) -> list[Any]:
    """The items whose results wait for the one pick-up. Raises NOT_READY_TOGETHER."""
    if matter.state != MatterState.READY:
        raise UserError(
            "NOT_READY_TOGETHER", L("The results of “{name}” are not all there yet.", name=matter.name),
            do=L("Wait for the others, or hand a result out by itself from the list of cases."),
        )  # fmt: skip
    rows = matter_life.rows_of(read, matter.id)
    standing = {part.position: part.standing for part in matter_life.parts_of(rows)}
    return [row for row in rows if row.case_id is not None and standing[row.position] in TO_COLLECT]


def pickup_content(matter: Any, rows: list[Any], receiver: str, relation: str) -> Content:
    """The screen of a pick-up: every result by its name, and who receives them."""
    person = matter.applicant_kind == "person"
    applicant = identifiers.mask_name(matter.applicant_name) if person else matter.applicant_name
    results = [
        (f"result.{row.position}", f"结果 {n}", f"{row.name}：{'准予' if row.ready_at is not None else '不予'}决定书")
        for n, row in enumerate(rows, 1)
    ]  # fmt: skip
    pairs = [
        ("number", "办件编号", matter.case_no), ("agency", "牵头部门", matter.lead_name), ("name", "申请人", applicant),
        *results, ("receiver", "领取人", identifiers.mask_name(receiver)),
        ("relation", "与申请人关系", RELATIONS[relation]),
    ]  # fmt: skip
    return Content(matter.name, lines_of(pairs, {}), ("领取凭证",))


def signed_pickup(work: Work, matter: Any, rows: list[Any], request: Any) -> bytes:
    """The picture of what this receiver signed for exactly these results.

    Raises:
        UserError: UNKNOWN_SHOWING; NOT_SIGNED.
    """
    shown = own_showing(work, request.showing_id)
    content = pickup_content(matter, rows, request.receiver, request.relation)
    is_for = (shown.state, shown.purpose, shown.shown) == ("signed", "delivery", digest_of(content))
    if not is_for:
        raise not_signed()
    return work.get_blob(shown.picture)
