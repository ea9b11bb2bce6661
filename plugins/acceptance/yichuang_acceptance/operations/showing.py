"""The second screen (对屏): data pushed to the applicant, confirmed or contested there, signed with strokes that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    Read,
    Request,
    UserError,
    Work,
    identifiers,
    operation,
    or_,
    query,
    strokes,
    update,
)
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance.operations import cases, later
from yichuang_acceptance.operations.intake import Intake, OneCase
from yichuang_acceptance.operations.paper_texts import RELATIONS
from yichuang_acceptance.operations.shown import content_of, content_of_case, own_showing
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.showing import Content, decoded, lines_of
from yichuang_acceptance.words import words

L = words.lazy
OPEN = ("waiting", "confirmed", "wrong")
UNANSWERED = ("waiting", "wrong")
"""Nobody has confirmed it; of a case, only a corrected application is shown so."""
PICTURE = (800, 400)
"""Most pixels of a signature's picture: enough for paper, little to keep."""
MOST_LINES = 400
"""A matter of many items shows its whole list."""
Point = tuple[float, float, float, float]


@dataclass(frozen=True)
class Showing:
    """Something on the second screen.

    Attributes:
        state: waiting, confirmed, wrong, signed or ended.
        wrong: Keys of the lines that the applicant says are wrong.
        shown: SHA-256 of what is shown.
        strokes: SHA-256 of the signature's strokes, empty before it is signed.
    """

    id: int
    purpose: str
    state: str
    content: Content
    wrong: list[str]
    remark: str
    shown: str
    strokes: str
    at: datetime
    answered_at: datetime | None


def _view(read: Read, row: Any) -> Showing:
    return Showing(
        row.id, row.purpose, row.state, decoded(read.get_blob(row.shown)), list(row.wrong), row.remark, row.shown,
        row.strokes, row.at, row.answered_at,
    )  # fmt: skip


@operation(
    "acceptance.show_applicant", permission="acceptance.accept", title="Push to the applicant's screen"
)
def show_applicant(work: Work, request: Intake) -> Showing:
    """Put an application in front of its applicant; what was shown at this desk before is taken away.

    Errors: UNKNOWN_ITEM, BAD_CITIZEN_ID, BAD_USCC, CALENDAR_ENDS.
    """
    item = work.query("hall.item", {"code": request.item, "version": request.item_version})
    check_people(request)
    work.detail = {"item": item.code, "materials": len(request.materials)}
    return show(work, "application", content_of(work, request, item), item.agency)


def check_people(request: Any) -> None:
    """Check the numbers of applicant and agent. Raises BAD_CITIZEN_ID, BAD_FOREIGN_ID, BAD_USCC."""
    for person in filter(None, (request.applicant, request.agent)):
        check = identifiers.check_uscc if person.code_kind == "001" else identifiers.check_person_id
        check(person.code)


@operation("acceptance.show_corrected", permission="acceptance.accept", title="Push a corrected application")
def show_corrected(work: Work, request: OneCase) -> Showing:
    """Put an application that was corrected after it was entered in front of its applicant once more.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, ILLEGAL_STEP.
    """
    row = cases.at_window(work, request.case_id)
    later.lock(work, row.id)  # what is corrected at this moment must not be shown as it was
    row = cases.load(work, row.id)
    next_state(State(row.state), Event.CORRECT_FORM)
    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    return show(work, "application", content_of_case(work, row, item), row.agency, row.id)


class ShowDelivery(Request):
    """A result that somebody is about to receive."""

    case_id: int
    receiver: str = Field(min_length=1, max_length=100)
    relation: Literal["self", "agent", "family", "other"] = "self"


@operation("acceptance.show_delivery", permission="acceptance.deliver", title="Let the receiver sign")
def show_delivery(work: Work, request: ShowDelivery) -> Showing:
    """Put a result in front of its receiver, to be signed for. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, ILLEGAL_STEP."""
    row = cases.at_window(work, request.case_id)
    next_state(State(row.state), Event.DELIVER)
    result = "准予" if row.state == State.READY else "不予"
    person = row.applicant_kind == "person"
    applicant = identifiers.mask_name(row.applicant_name) if person else row.applicant_name
    pairs = [
        ("number", "办件编号", row.case_no), ("agency", "办理部门", row.agency_name), ("name", "申请人", applicant),
        ("result", "办理结果", f"{result}决定书"), ("certificate", "证件编号", row.certificate_no or row.licence_code),
        ("receiver", "领取人", identifiers.mask_name(request.receiver)),
        ("relation", "与申请人关系", RELATIONS[request.relation]),
    ]  # fmt: skip
    content = Content(row.item_name, lines_of(pairs, {}), ("领取凭证",))
    return show(work, "delivery", content, row.agency, row.id)


def show(work: Work, purpose: str, content: Content, agency: str, case_id: int | None = None) -> Showing:
    """Put something on the screen of the actor's desk; what was shown there before is taken away."""
    mine = (
        a.showing.c.staff_id == work.actor.staff_id, a.showing.c.desk == (work.actor.desk or ""),
        a.showing.c.state.in_(OPEN),
        or_(a.showing.c.case_id.is_(None), a.showing.c.purpose == "delivery", a.showing.c.state.in_(UNANSWERED)),
    )  # fmt: skip
    work.execute(update(a.showing).where(*mine).values(state="ended"))
    row = work.insert_row(
        a.showing, purpose=purpose, state="waiting", staff_id=work.actor.staff_id, staff_name=work.actor.name,
        desk=work.actor.desk or "", agency=agency, case_id=case_id,
        shown=work.put_blob(content.encoded(), "application/json", confidential=True), wrong=[], at=work.now,
    )  # fmt: skip
    work.subject = f"showing:{row.id}"
    return _view(work, row)


class OneShowing(Request):
    """A showing by its number."""

    showing_id: int


@query("acceptance.showing", permission="acceptance.view", title="State of the applicant's screen")
def showing(read: Read, request: OneShowing) -> Showing:
    """What is shown and how it was answered; one's own only. Errors: UNKNOWN_SHOWING."""
    return _view(read, own_showing(read, request.showing_id))


@operation("acceptance.confirm_shown", permission="acceptance.view", title="Confirm the data shown")
def confirm_shown(work: Work, request: OneShowing) -> Showing:
    """The applicant finds everything right (art. 32 (3)). Errors: UNKNOWN_SHOWING, SHOWING_CLOSED."""
    return _answer(work, request.showing_id, ("waiting", "wrong"), state="confirmed", wrong=[], remark="")


class Dispute(OneShowing):
    """Which lines are wrong, and what the applicant wants to add."""

    lines: tuple[str, ...] = Field(min_length=1, max_length=MOST_LINES)
    remark: str = Field("", max_length=200, json_schema_extra={"journal": False})


@operation("acceptance.dispute_shown", permission="acceptance.view", title="Say what is wrong")
def dispute_shown(work: Work, request: Dispute) -> Showing:
    """The applicant names the wrong lines; the clerk corrects and pushes again. Errors: UNKNOWN_LINE, SHOWING_CLOSED."""
    row = own_showing(work, request.showing_id)
    known = {line.key for line in decoded(work.get_blob(row.shown)).lines}
    if unknown := [key for key in request.lines if key not in known]:
        raise UserError("UNKNOWN_LINE", L("The screen shows no line “{name}”.", name=unknown[0]))
    keys = list(dict.fromkeys(request.lines))
    return _answer(work, row.id, ("waiting", "confirmed"), state="wrong", wrong=keys, remark=request.remark)


class Signing(OneShowing):
    """A signature.

    Attributes:
        strokes: Points of each stroke: x, y in pad units from the left and top, milliseconds since the first point,
            pressure 0 to 1 (0.5 where the device gives none).
        width, height: The pad's size in its units.
        source: screen (pen, finger or mouse on the window) or pad (a device of its own).
    """

    strokes: tuple[tuple[Point, ...], ...] = Field(json_schema_extra={"journal": False}, max_length=2000)
    width: float = Field(gt=0)
    height: float = Field(gt=0)
    source: Literal["screen", "pad"] = "screen"


@operation("acceptance.sign_shown", permission="acceptance.view", title="Sign the data shown")
def sign_shown(work: Work, request: Signing) -> Showing:
    """Keep the signature under what was shown: strokes and picture by their hashes.

    Errors: UNKNOWN_SHOWING, SHOWING_CLOSED, NOT_CONFIRMED, BAD_STROKES, NOTHING_SIGNED.
    """
    row = own_showing(work, request.showing_id)
    if row.state == "waiting" or row.state == "wrong":
        raise UserError("NOT_CONFIRMED", L("Confirm the data before you sign."))
    signed = strokes.checked(request.strokes, request.width, request.height)
    if not strokes.is_signature(signed.strokes, signed.width, signed.height):
        raise UserError("NOTHING_SIGNED", L("Nothing was signed yet."), do=L("Sign inside the frame."))
    ink = strokes.trimmed(signed)
    scale = min(PICTURE[0] / ink.width, PICTURE[1] / ink.height)
    picture = strokes.draw(ink.strokes, round(ink.width), round(ink.height), scale=scale)
    return _answer(
        work, row.id, ("confirmed",), state="signed", source=request.source,
        strokes=work.put_blob(strokes.encode(signed), "application/json", confidential=True),
        picture=work.put_blob(picture, "image/png", confidential=True),
    )  # fmt: skip


@operation("acceptance.end_showing", permission="acceptance.view", title="Take away what is shown")
def end_showing(work: Work, request: OneShowing) -> Showing:
    """Take the data off the screen; a signature for them counts for nothing any more. Errors: UNKNOWN_SHOWING, SHOWING_CLOSED."""
    row = own_showing(work, request.showing_id)
    belongs = row.purpose == "application" and row.case_id is not None
    return _answer(work, row.id, UNANSWERED if belongs else (*OPEN, "signed"), state="ended")


def _answer(work: Work, showing_id: int, states: tuple[str, ...], **values: Any) -> Showing:
    own_showing(work, showing_id)
    is_open = (a.showing.c.id == showing_id) & a.showing.c.state.in_(states)
    if not work.execute(update(a.showing).where(is_open).values(answered_at=work.now, **values)):
        raise _closed()
    work.subject = f"showing:{showing_id}"
    work.detail = {"state": values["state"], "wrong": values.get("wrong", [])}
    return _view(work, own_showing(work, showing_id))


def _closed() -> UserError:
    return UserError(
        "SHOWING_CLOSED",
        L("This was answered already, or something newer is shown."),
        do=L("Push the data to the applicant's screen again."),
    )


@dataclass(frozen=True)
class ScreenHead:
    """What stands above everything on the applicant's screen."""

    hall: str
    hall_mn: str
    desk: str


@query("acceptance.screen_head", permission="acceptance.view", title="Head of the applicant's screen")
def screen_head(read: Read) -> ScreenHead:
    """The hall in both languages, and who sits at the desk."""
    hall, hall_mn = read.setting("hall.name", "政务服务大厅"), read.setting("hall.name_mn", "")
    desk = f"{read.actor.desk} 窗口" if read.actor.desk else ""
    clerk = f"工作人员 {read.actor.name}" if read.actor.name else ""
    number = f"工号 {read.actor.account}" if read.actor.account else ""
    return ScreenHead(str(hall), str(hall_mn), "　".join(filter(None, (desk, clerk, number))))
