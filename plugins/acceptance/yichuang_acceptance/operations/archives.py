"""The electronic file of a closed case (电子文件归档, DA/T 85): what is in it by digest, checked and taken out as one package."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any

from yichuang.api import Read, UserError, Work, canonical_json, operation, query, select
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, looks, retention
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.rules.chain import FIELDS, first_break
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.retention import YEARS, last_day
from yichuang_acceptance.words import words

L = words.lazy
MOST_EVENTS = 10_000
ENDINGS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8", "jpg"),
    (b"PK", "ofd"),
    (b"{", "json"),
    (b"[", "json"),
)


@dataclass(frozen=True)
class Archived:
    """A case in the archive.

    Attributes:
        kept: Code of the term for which it is kept: Y for ever, D30, D10.
        until: The last day of it; None for ever.
    """

    case_id: int
    case_no: str
    digest: str
    papers: int
    pages: int
    kept: str
    until: date | None


@operation("acceptance.archive", permission="acceptance.deliver", title="Archive a closed case")
def archive(work: Work, request: OneCase) -> Archived:
    """Close the file: papers, pages, signatures and evidence by digest and the head of the event chain, under one digest.

    It is kept as long as the item's guide says, else as the hall does.
    Errors: PAPER_NOT_READY, ILLEGAL_STEP, NOT_YOUR_AGENCY.
    """
    row = cases.at_window(work, request.case_id)
    next_state(State(row.state), Event.ARCHIVE)
    papers = work.all(select(t.paper).where(t.paper.c.case_id == row.id).order_by(t.paper.c.id).limit(1000))
    if cases.is_child(row):  # the papers of the whole matter lie with its first case and belong in every file
        from yichuang_acceptance.operations import matter_life

        papers += matter_life.papers_beside(work, row.id)
    if any(paper.state in ("drafted", "waiting_seal", "sent_back") for paper in papers):
        raise UserError(
            "PAPER_NOT_READY",
            L("A paper of case {number} is not finished yet.", number=row.case_no),
            do=L("Let it be made and sealed first."),
        )
    code, source = retention.term_of(work, row)
    cases.move(work, row, Event.ARCHIVE, archived_at=work.now)
    head = _events(work, row.id)[-1]
    materials = cases.materials(work, row.id)
    pages = [digest for material in materials for digest in material.pages]
    contents = {
        "case_no": row.case_no, "events": head.seq, "head": head.hash, "pages": pages,
        "materials": [{"position": m.position, "name": m.name, "pages": list(m.pages)} for m in materials],
        "papers": [
            {"kind": p.kind, "title": p.title, "number": p.number, "digest": p.sealed or p.document} for p in papers
        ],
        "evidence": _evidence(work, row.id), "retention": {"code": code, "source": source},
    }  # fmt: skip
    digest = _digest(contents)
    work.insert(
        t.archive, case_id=row.id, at=work.now, staff_id=work.actor.staff_id, staff_name=work.actor.name,
        years=YEARS[code], contents=contents, digest=digest,
    )  # fmt: skip
    until = last_day(work.today, YEARS[code])
    return Archived(row.id, row.case_no, digest, len(papers), len(pages), code, until)


def _evidence(read: Read, case_id: int) -> list[dict[str, str]]:
    """What else was kept with a case: what the applicant saw and signed, reports, requests, how the result went out."""
    found = []
    for shown in read.all(
        select(a.showing).where(a.showing.c.case_id == case_id).order_by(a.showing.c.id).limit(100)
    ):
        found += [("对屏内容", shown.shown), ("对屏签名", shown.picture), ("签名笔迹", shown.strokes)]
    pauses = select(t.suspension).where(t.suspension.c.case_id == case_id).order_by(t.suspension.c.id)
    found += [("特别程序材料", pause.evidence) for pause in read.all(pauses.limit(100))]
    withdrawn = cases.last(read, case_id, Event.WITHDRAW)
    found += [("撤回申请书", withdrawn.payload.get("page", ""))] if withdrawn is not None else []
    out = read.one(select(t.delivery).where(t.delivery.c.case_id == case_id))
    found += [("送达签名", out.signature), ("送达照片", out.photo)] if out is not None else []
    return [{"what": what, "digest": digest} for what, digest in found if digest]


class AskArchive(OneCase, looks.Seeing):
    """The archived file of a case."""


@query("acceptance.archive_file", permission="acceptance.deliver", title="The archived file of a case")
def archive_file(read: Read, request: AskArchive) -> bytes:
    """The whole file as a ZIP, every part checked: table of contents, events, papers, materials, evidence.

    Who takes it out, and for what, is journalled.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, PURPOSE_MISSING, NOT_ARCHIVED, ARCHIVE_BROKEN, FILE_MISSING, FILE_DAMAGED.
    """
    row = cases.at_window(read, request.case_id)
    kept = read.one(select(t.archive).where(t.archive.c.case_id == row.id))
    if kept is None:
        raise UserError("NOT_ARCHIVED", L("Case {number} is not in the archive.", number=row.case_no))
    look = looks.Look(case_id=row.id, what="archive")
    looks.before_showing(read, row, look, request)
    events = _events(read, row.id)
    _require_whole(row, kept, events)
    said = {**kept.contents, "digest": kept.digest, "archived_at": kept.at.isoformat(), "archived_by": kept.staff_name,
            "years": kept.years}  # fmt: skip
    told = [
        {**{name: getattr(event, name) for name in FIELDS}, "at": event.at.isoformat(), "prev_hash": event.prev_hash,
         "hash": event.hash}
        for event in events
    ]  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("目录.json", json.dumps(said, ensure_ascii=False, indent=1))
        files.writestr("过程记录.json", json.dumps(told, ensure_ascii=False, indent=1))
        for name, digest in _named(kept.contents):
            data = read.get_blob(digest)
            files.writestr(
                f"{name}.{next((end for start, end in ENDINGS if data.startswith(start)), 'bin')}", data
            )
    return packed.getvalue()


def _require_whole(row: Any, kept: Any, events: list[Any]) -> None:
    """The table of contents and the events are as they were when the file was closed. Raises ARCHIVE_BROKEN."""
    last = kept.contents["events"]
    there = len(events) >= last and events[last - 1].hash == kept.contents["head"]
    if _digest(kept.contents) != kept.digest or not there or first_break(events) is not None:
        raise UserError(
            "ARCHIVE_BROKEN",
            L("The archived file of case {number} is not as it was closed.", number=row.case_no),
            do=L("Tell the administrator; the journal shows what was changed."),
        )


def _named(contents: dict[str, Any]) -> list[tuple[str, str]]:
    """What goes into the package, by name without ending; files closed by earlier versions name less."""
    papers = [
        (f"文书/{n:02}-{p['kind']}-{_safe(p.get('title', ''))}", p["digest"])
        for n, p in enumerate(contents["papers"], 1)
        if p["digest"]
    ]
    materials = [
        (f"材料/{m['position']:02}-{_safe(m['name'])}-{n}", digest)
        for m in contents.get("materials", [{"position": 0, "name": "材料", "pages": contents["pages"]}])
        for n, digest in enumerate(m["pages"], 1)
    ]
    evidence = [
        (f"证据/{n:02}-{each['what']}", each["digest"])
        for n, each in enumerate(contents.get("evidence", []), 1)
    ]
    return papers + materials + evidence


def _safe(name: str) -> str:
    """A name that every file system takes."""
    return "".join("_" if c in '\\/:*?"<>|' else c for c in name)[:60]


def _events(read: Read, case_id: int) -> list[Any]:
    return read.all(
        select(t.event).where(t.event.c.case_id == case_id).order_by(t.event.c.seq).limit(MOST_EVENTS)
    )


def _digest(contents: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(contents).encode()).hexdigest()
