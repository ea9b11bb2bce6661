"""The application form on paper (申请表), to be signed where there is no pad: of a case, or of what stands in the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from yichuang.api import Read, UserError, Work, in_language, operation, query, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, forms, later, previews
from yichuang_acceptance.operations import paper_parts as parts
from yichuang_acceptance.operations.intake import Intake, OneCase
from yichuang_acceptance.operations.papers import PaperRow, draft_paper, paper_row, replace_paper
from yichuang_acceptance.rules.form_fields import source_name
from yichuang_acceptance.rules.form_values import text_of
from yichuang_acceptance.rules.machine import OPEN, Event, State
from yichuang_acceptance.rules.reach import of_person, said
from yichuang_acceptance.words import words

if TYPE_CHECKING:
    from yichuang.api import documents

L = words.lazy
KIND = "A1"
CORRECTED = "更正"
"""Before the count of a form that was made after a correction."""
LANGUAGE = "zh_CN"  # papers are Chinese, whatever the desk speaks


def form(read: Read, row: Any, paper: Any) -> documents.Paper:
    """A1 of a case, with the materials as they were when it was made."""
    from yichuang.api.documents import ApplicationFacts, MaterialLine, application_form

    sources = _sources(read, row.id)
    materials = tuple(MaterialLine(**kept) for kept in paper.facts["materials"])
    return application_form(
        ApplicationFacts(
            **parts.signed(read, row, paper), received_at=row.received_at, materials=materials,
            lines=(*_about(row), *lines(read, row.item, row.item_version, row.form, sources)),
        )
    )  # fmt: skip


def _sources(read: Read, case_id: int) -> dict[str, str]:
    """Where the values came from; what was corrected afterwards was typed."""
    wanted = t.event.c.case_id == case_id, t.event.c.event.in_((Event.RECEIVE, Event.CORRECT_FORM))
    sources: dict[str, str] = {}
    for event in read.all(select(t.event.c.payload).where(*wanted).order_by(t.event.c.seq)):
        sources |= event.payload.get("sources", {})
        sources = {key: said for key, said in sources.items() if key not in event.payload.get("fields", ())}
    return sources


def _about(of: Any) -> tuple[documents.FormLine, ...]:
    """Who represents the applicant and where post reaches them, where that was typed."""
    from yichuang.api.documents import FormLine

    return tuple(FormLine(label, value) for label, value in said(of).items())


def lines(
    read: Read, item: str, version: int, values: Mapping[str, Any], sources: Mapping[str, str]
) -> tuple[documents.FormLine, ...]:
    """Every field of the version's form, also the empty ones; a version without a form shows what was filled in."""
    from yichuang.api.documents import FormLine

    fields = forms.fields_for(read, item, version)
    if not fields:
        return tuple(FormLine(name, text_of(value)) for name, value in values.items())
    return tuple(
        FormLine(
            f.label,
            text_of(values.get(f.key, "")),
            in_language(source_name(sources.get(f.key, "")), LANGUAGE),
        )
        for f in fields
    )


class LookAtForm(Intake):
    """An application as it lies on the desk.

    Attributes:
        to_sign: Printed for the applicant to sign; otherwise it is looked at, and marked as a draft.
    """

    to_sign: bool = False


@query("acceptance.application_form", permission="acceptance.accept", title="Application form before intake")
def application_form(read: Read, request: LookAtForm) -> bytes:
    """The application form of what stands in the window's form, before anything is written. Errors: UNKNOWN_ITEM."""
    from yichuang.api.documents import ApplicationFacts, render
    from yichuang.api.documents import application_form as made

    item = read.query("hall.item", {"code": request.item, "version": request.item_version})
    row = previews.row_of(read, request, item)
    paper = made(
        ApplicationFacts(
            office=parts.office(read, row), subject=parts.subject(row, request.applicant.code_kind), date=read.today,
            lines=(
                *_about(of_person(request.applicant)),
                *lines(read, item.code, item.version, request.form, request.sources),
            ),
            materials=previews.lines_of(request, item),
        )
    )  # fmt: skip
    return render(paper, draft=not request.to_sign)


@query("acceptance.form_preview", permission="acceptance.accept", title="Preview of the application form")
def form_preview(read: Read, request: OneCase) -> bytes:
    """The application form of a case, marked as a draft; nothing is written. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    from yichuang.api.documents import render

    row = cases.at_window(read, request.case_id)
    return render(
        form(read, row, SimpleNamespace(at=read.now, number="", facts=_facts(read, row))), draft=True
    )


def _facts(read: Read, row: Any) -> dict[str, Any]:
    """What is kept with the paper: what is brought later does not change what was signed."""
    return {"materials": [asdict(line) for line in parts.lines(read, row)]}


@operation("acceptance.make_form", permission="acceptance.accept", title="Make the application form")
def make_form(work: Work, request: OneCase) -> PaperRow:
    """The application form of a case among its papers, once for what it says now; made by `acceptance.render`.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, CASE_ENDED.
    """
    row = cases.at_window(work, request.case_id)
    later.lock(work, row.id)  # two desks ask at once: the second gets what the first has made
    found = last_form(work, row.id)
    if found is None:
        if State(row.state) not in OPEN:
            raise UserError("CASE_ENDED", L("Case {number} has ended.", number=row.case_no))
        draft_paper(work, row, KIND, _facts(work, row))
        found = last_form(work, row.id)
    work.subject = cases.subject(row.case_no)
    work.detail = {"paper": found.id}
    return paper_row(found)


def last_form(read: Read, case_id: int) -> Any:
    """The application form of a case that holds now, the last one made; None where none was made."""
    own = t.paper.c.case_id == case_id, t.paper.c.kind == KIND
    return read.one(select(t.paper).where(*own).order_by(t.paper.c.id.desc()).limit(1))


def make_anew(work: Work, row: Any) -> None:
    """What was printed before a correction holds no more: a new form takes its place. Where none was made, none is needed.

    A form bears no number of the organ's, but a case has only one paper of a kind without a number, and whoever looks at the
    list must tell the forms apart. So the later ones are counted within the case. One that was only drafted is replaced as
    well: somebody may be rendering it at this moment from what stood there before.
    """
    before = last_form(work, row.id)
    if before is None:
        return
    number = f"{CORRECTED}{int(before.number.removeprefix(CORRECTED) or 0) + 1}"
    draft_paper(work, row, KIND, _facts(work, row), number=number)
    replace_paper(work, row, before, number)
