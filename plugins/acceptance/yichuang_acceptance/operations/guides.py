"""Keeping the item catalogue: drafts of guides, submitting, publishing by somebody else, suspending and cancelling items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    CleanText,
    Read,
    Request,
    UserError,
    Work,
    hall,
    identifiers,
    item_terms,
    operation,
    pinyin,
    select,
)
from yichuang_acceptance import guide_tables as g
from yichuang_acceptance.operations import forms, review_graphs
from yichuang_acceptance.operations import guide_rows as rows
from yichuang_acceptance.rules import guide as rules
from yichuang_acceptance.words import words

L = words.lazy
EDIT, PUBLISH = "acceptance.edit_items", "acceptance.publish_items"
DRAFT, SUBMITTED, PUBLISHED = "draft", "submitted", "published"


@dataclass(frozen=True)
class GuideVersion:
    """A version of a guide as it stands now."""

    item: str
    version: int
    state: str
    row_version: int


class AboutItem(Request):
    """A service item."""

    item: str


class AboutGuide(Request):
    """A version that is not published yet, as the caller last saw it."""

    item: str
    row_version: int


def subject(code: str) -> str:
    """The journal's subject of an item."""
    return f"item:{code}"


class NewItem(Request):
    """An item that the hall does not have yet."""

    code: str
    name: CleanText = Field(min_length=1, max_length=200)
    type: str
    agency: str


@operation("acceptance.new_item", permission=EDIT, title="Enter a service item")
def new_item(work: Work, request: NewItem) -> GuideVersion:
    """Enter an item with an empty draft; desks see it when its first version is published.

    Errors: NOT_YOUR_AGENCY, BAD_ITEM_CODE, ITEM_EXISTS, UNKNOWN_AGENCY, CODE_OF_ANOTHER.
    """
    work.require_agency(request.agency)
    return enter_item(work, request.code, request.name, request.type, request.agency)


def enter_item(work: Work, code: str, name: str, kind: str, agency: str) -> GuideVersion:
    """A new item with its first draft. Raises what `acceptance.new_item` names."""
    code = identifiers.check_item_code(code)
    if work.one(select(hall.item.c.code).where(hall.item.c.code == code)) is not None:
        raise UserError(
            "ITEM_EXISTS", L("There is an item {code} already.", code=code), do=L("Open it and change it.")
        )
    if work.one(select(hall.agency.c.code).where(hall.agency.c.code == agency)) is None:
        raise UserError("UNKNOWN_AGENCY", L("There is no agency {code} in this hall.", code=agency))
    if code[:18] != agency or code[21:23] != kind:
        raise UserError(
            "CODE_OF_ANOTHER",
            L("The code {code} names another agency or another item type.", code=code),
            do=L("Correct the code: organ, level, basic code."),
        )
    work.insert(
        hall.item, code=code, basic_code=code[19:31], name=name, type=kind, agency=agency, aliases=[], initials="",
        pinyin="", current_version=1,
    )  # fmt: skip
    level = {"use_level": code[18]}
    return enter_draft(work, code, 1, rules.Guide({"task_name": name, **level}), "")


def enter_draft(work: Work, code: str, version: int, guide: rules.Guide, note: str) -> GuideVersion:
    """A new draft of an item."""
    work.insert_row(
        g.guide, item=code, version=version, state=DRAFT, row_version=1, body=guide.body(), note=note,
        authors=[work.actor.staff_id], author_name=work.actor.name, changed_at=work.now,
    )  # fmt: skip
    work.subject = subject(code)
    work.detail = {"version": version}
    return GuideVersion(code, version, DRAFT, 1)


@operation("acceptance.draft_guide", permission=EDIT, title="Begin a new version of a guide")
def draft_guide(work: Work, request: AboutItem) -> GuideVersion:
    """Begin a draft from the newest published version. Errors: UNKNOWN_ITEM, NOT_YOUR_AGENCY, DRAFT_EXISTS."""
    rows.item_row(work, request.item)
    item = item_terms.lock_item(work, request.item)
    there = rows.open_row(work, request.item)
    if there is not None:
        raise UserError(
            "DRAFT_EXISTS",
            L(
                "{name} is changing this guide already, as version {n}.",
                name=there.author_name,
                n=there.version,
            ),
            do=L("Go on with that draft, or let it be dropped."),
        )
    newest = rows.newest_published(work, request.item)
    guide = rows.guide_of(work, item, newest) if newest else rules.Guide({"task_name": item.name})
    dated = {n: v for n, v in guide.elements.items() if n not in ("plan_effective_date", "plan_cancel_date")}
    return enter_draft(
        work, request.item, rows.newest_version(work, request.item) + 1, rules.Guide(dated, guide.lists), ""
    )


class ChangeGuide(AboutGuide):
    """What the draft is to say: all of it."""

    elements: dict[str, str] = Field(default_factory=dict, max_length=200)
    lists: dict[str, list[dict[str, str]]] = Field(default_factory=dict)
    note: str = Field("", max_length=1000)


@operation("acceptance.change_guide", permission=EDIT, title="Change the draft of a guide")
def change_guide(work: Work, request: ChangeGuide) -> GuideVersion:
    """Keep what a draft says now; what is only missing may be missing until it is submitted.

    Errors: NOT_YOUR_AGENCY, NO_DRAFT, GUIDE_SUBMITTED, GUIDE_CHANGED, and VALUE_WRONG, CODE_WRONG, ELEMENT_UNKNOWN,
    LIST_UNKNOWN, ROW_REPEATED, TOO_MANY_ROWS with every wrong value in `detail`.
    """
    row = _open(work, request, DRAFT)
    guide, problems = rules.read(request.elements, request.lists)
    rules.refuse(problems)
    work.detail = {"version": row.version}
    return change_draft(work, row, guide, request.note)


def change_draft(work: Work, row: Any, guide: rules.Guide, note: str) -> GuideVersion:
    """Write a draft; whoever changes it is among its authors."""
    authors = sorted({*row.authors, work.actor.staff_id})
    return _write(
        work,
        row,
        body=guide.body(),
        note=note,
        authors=authors,
        author_name=work.actor.name,
        changed_at=work.now,
    )


class SubmitGuide(AboutGuide):
    """A complete draft, with a word on what was changed and why."""

    note: str | None = Field(None, max_length=1000)


@operation("acceptance.submit_guide", permission=EDIT, title="Submit a guide for publishing")
def submit_guide(work: Work, request: SubmitGuide) -> GuideVersion:
    """Hand a complete draft to whoever publishes it; nobody can change it meanwhile.

    Errors: NOT_YOUR_AGENCY, NO_DRAFT, GUIDE_SUBMITTED, GUIDE_CHANGED, and with everything that is wrong in `detail`:
    ELEMENT_MISSING, NO_MATERIAL, MATERIAL_UNKNOWN, LICENCE_TYPE_UNKNOWN, LIMIT_HALF, LIMIT_MISSING, PROMISE_TOO_LONG,
    TERM_BACKWARDS, SITUATION_UNKNOWN, FORM_SCHEMA_BAD, FEE_MISSING, FEE_NOT_CHARGED, ITEM_UNKNOWN, QUOTA_HALF,
    JOINT_ORGANS_MISSING, JOINT_ORGAN_UNKNOWN, TOLERANCE_CONTRADICTS.
    """
    row = _open(work, request, DRAFT)
    item = rows.item_row(work, request.item)
    rules.refuse(rules.problems_of(rules.of_body(row.body), item.type, rows.known(work, item.agency)))
    return _write(
        work, row, note=row.note if request.note is None else request.note, state=SUBMITTED,
        submitted_name=work.actor.name, submitted_at=work.now, returned_reason="",
        returned_name="", authors=sorted({*row.authors, work.actor.staff_id}),
    )  # fmt: skip


class ReturnGuide(AboutGuide):
    """Why a submitted version is sent back."""

    reason: str = Field(max_length=1000)


@operation("acceptance.return_guide", permission=PUBLISH, title="Send a guide back")
def return_guide(work: Work, request: ReturnGuide) -> GuideVersion:
    """Send a submitted version back to its authors, with the reason.

    Errors: NOT_YOUR_AGENCY, NO_DRAFT, NOT_SUBMITTED, GUIDE_CHANGED, REASON_MISSING.
    """
    row = _open(work, request, SUBMITTED)
    _need_reason(request.reason)
    return _write(work, row, state=DRAFT, returned_name=work.actor.name, returned_reason=request.reason)


@operation("acceptance.drop_guide", permission=EDIT, title="Drop the draft of a guide")
def drop_guide(work: Work, request: AboutGuide) -> None:
    """Throw a draft away; published versions stay. Errors: NOT_YOUR_AGENCY, NO_DRAFT, GUIDE_SUBMITTED, GUIDE_CHANGED."""
    row = _open(work, request, DRAFT)
    work.execute(g.guide.delete().where(g.guide.c.item == row.item, g.guide.c.version == row.version))
    work.detail = {"version": row.version, "note": row.note}


def spell(read: Read, request: AboutGuide) -> tuple[str, Any]:
    """The name of the submitted version and how it is typed; worked out before the transaction."""
    row = rows.open_row(read, request.item)
    name = row.body["elements"].get("task_name", "") if row is not None else ""
    return name, pinyin.pinyin_of(name)


@operation("acceptance.publish_guide", permission=PUBLISH, title="Publish a guide", prepare=spell)
def publish_guide(work: Work, request: AboutGuide) -> GuideVersion:
    """Publish a submitted version; nobody publishes what they wrote (four eyes). It never changes again.

    It holds from the day that it names, or from today; the version before it ends the day before. Cases keep theirs. The review
    graph of the version before goes on, with what the mode of handling asks for: a first examination (初审), or a question to
    each joint organ that is not asked yet (联办), or a node at which the case is sent up (转报).

    Errors: NOT_YOUR_AGENCY, NO_DRAFT, NOT_SUBMITTED, GUIDE_CHANGED, OWN_WORK, DAY_PAST, VERSIONS_OVERLAP, VERSION_TAKEN,
    BAD_GRAPH, and what `acceptance.submit_guide` refuses.
    """
    row = _open(work, request, SUBMITTED)
    if work.actor.staff_id in row.authors:
        raise UserError(
            "OWN_WORK",
            L("You worked on this version yourself."),
            do=L("Somebody else has to look at it and publish it."),
        )
    item = rows.item_row(work, request.item)
    guide = rules.of_body(row.body)
    rules.refuse(rules.problems_of(guide, item.type, rows.known(work, item.agency)))
    first, last = _term(work, guide)
    before = rows.newest_published(work, row.item)
    name = guide.get("task_name")
    spelled = work.prepared[1] if work.prepared and work.prepared[0] == name else pinyin.pinyin_of(name)
    names = item_terms.Names(name, tuple(filter(None, guide.get("aliases").split(";"))), spelled)
    item_terms.publish_version(work, rows.version_of(row.item, row.version, guide), first, last, names)
    forms.keep_schema(work, row.item, row.version, guide.rows("form"))
    review_graphs.carry_over(work, item, before, row.version, guide)
    work.detail = {"version": row.version, "first": first.isoformat(), "last": last and last.isoformat()}
    return _write(
        work, row, state=PUBLISHED, published_id=work.actor.staff_id, published_name=work.actor.name, published_at=work.now
    )  # fmt: skip


def _term(work: Work, guide: rules.Guide) -> tuple[date, date | None]:
    first, last = (guide.get(name) for name in ("plan_effective_date", "plan_cancel_date"))
    day = date.fromisoformat(first) if first else work.today
    if day < work.today:
        raise UserError(
            "DAY_PAST",
            L("The version was to take effect on {day}, which is past.", day=day),
            do=L("Send it back and let another day be entered."),
        )
    return day, date.fromisoformat(last) if last else None


class ItemState(Request):
    """What becomes of an item: 1 in use again, 2 suspended, 3 cancelled for good; from which day on and why."""

    item: str
    state: Literal["1", "2", "3"]
    first_day: date
    reason: str = Field(max_length=1000)


@operation("acceptance.set_item_state", permission=PUBLISH, title="Suspend or cancel a service item")
def set_item_state(work: Work, request: ItemState) -> None:
    """Suspend, take up or cancel an item from a day on; cases that were taken in go on.

    Errors: UNKNOWN_ITEM, NOT_YOUR_AGENCY, REASON_MISSING, DAY_PAST, ITEM_CANCELLED, STATE_SAME, STATE_LATER.
    """
    rows.item_row(work, request.item)
    _need_reason(request.reason)
    if request.first_day < work.today:
        raise UserError(
            "DAY_PAST", L("{day} is past.", day=request.first_day), do=L("Choose today or a later day.")
        )
    item_terms.set_item_state(work, request.item, request.state, request.first_day, request.reason)
    work.subject = subject(request.item)


def _need_reason(reason: str) -> None:
    if not reason:
        raise UserError("REASON_MISSING", L("Say why."), do=L("Write the reason in a sentence."))


def _open(work: Work, request: AboutGuide, state: str) -> Any:
    """The version that is not published yet, in the state the act needs and as the caller saw it."""
    rows.item_row(work, request.item)
    work.subject = subject(request.item)
    row = rows.open_row(work, request.item)
    if row is None:
        raise UserError("NO_DRAFT", L("Nobody is changing this guide."), do=L("Begin a new version first."))
    if row.state != state:
        if state == DRAFT:
            raise UserError(
                "GUIDE_SUBMITTED",
                L("Version {n} was submitted and cannot be changed.", n=row.version),
                do=L("Let it be published or sent back first."),
            )
        raise UserError("NOT_SUBMITTED", L("Version {n} was not submitted yet.", n=row.version))
    if row.row_version != request.row_version:
        raise _changed(row)
    return row


def _changed(row: Any) -> UserError:
    return UserError(
        "GUIDE_CHANGED",
        L("{name} changed this version in the meantime.", name=row.author_name),
        do=L("Look at it again, then repeat what you want to change."),
    )


def _write(work: Work, row: Any, **values: Any) -> GuideVersion:
    where = {"item": row.item, "version": row.version, "row_version": row.row_version}
    fresh = work.update(g.guide, where, row_version=row.row_version + 1, **values)
    if fresh is None:
        raise _changed(row)
    if work.detail is None:
        work.detail = {"version": row.version}
    return GuideVersion(fresh.item, fresh.version, fresh.state, fresh.row_version)
