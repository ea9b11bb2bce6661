"""The end of the simulated day: invariants, independent signature checks, papers, pictures, report, summary."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.journal.entries import all_entries
from yichuang.operations.journal_data import hall_key, seal, verify
from yichuang.storage.blobs import get_blob
from yichuang.storage.hall_tables import blob

if TYPE_CHECKING:
    from yichuang.demo.day import Day
    from yichuang.host.suite import Suite

L = words.lazy
SYSTEM = Actor.system()
PDFSIG_SECONDS = 60


def close_day(day: Day) -> dict[str, Any]:
    """Check everything, write everything, return the summary."""
    suite, out = day.suite, day.plan.out
    day.say(str(L("sealing the journal and checking the day")))
    seal(suite.executor, hall_key(suite.executor, suite.executor.secrets))
    cases = _pages(day, "all")
    papers = [
        (row, paper)
        for row in cases
        for paper in suite.query(SYSTEM, "acceptance.papers", {"case_id": row.id})
    ]
    written = _write_papers(day, papers)
    signatures = check_signatures([path for path, sealed in written if sealed])
    verdict = verify(suite.executor)
    facts = _facts(day)
    summary: dict[str, Any] = {
        "people": day.plan.people, "seed": day.plan.seed, "database": suite.database.dialect_name,
        "tickets": facts["tickets"], "tickets_by_state": facts["tickets_by_state"],
        "double_calls": facts["double_calls"], "numbers_twice": facts["numbers_twice"],
        "cases": len(cases), "cases_by_state": dict(Counter(row.state for row in cases)),
        "late_cases": sum(row.light == "overdue" for row in cases),
        "licences_issued": sum(bool(suite.query(SYSTEM, "acceptance.case", {"case_id": r.id}).licence_code) for r in cases),
        "licences_used": facts["licences_used"], "papers": len(papers), "papers_sealed": sum(s for _, s in written),
        "papers_waiting": sum(paper.state in ("drafted", "waiting_seal") for _, paper in papers),
        "signatures_verified": signatures["valid"], "signatures_rejected": signatures["rejected"],
        "signature_verifier": signatures["verifier"], "journal_rows": verdict.rows_sealed + verdict.rows_open,
        "journal_intact": verdict.intact, "journal_problem": str(verdict.problem or ""),
        "plugins": {plugin.id: plugin.state.value for plugin in suite.plugins.all()},
        "screenshots": day.pictures, "failed": [],
    }  # fmt: skip
    summary["failed"] = _failures(day, summary, cases, facts)
    _found_again(day, cases, summary)
    from yichuang.demo.report import day_report

    (out / "report.pdf").write_bytes(day_report(day, summary, cases, facts))
    (out / "summary.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=2, default=str), encoding="utf-8"
    )
    return summary


def _pages(day: Day, tab: str) -> list[Any]:
    """Every case, a page of the list at a time."""
    found: list[Any] = []
    request: dict[str, Any] = {"tab": tab, "limit": 500}
    while rows := day.suite.query(SYSTEM, "acceptance.cases", request):
        found += rows
        if len(rows) < request["limit"]:
            break
        request |= {"after_due": rows[-1].due_at, "after_id": rows[-1].id}
    return found


def _write_papers(day: Day, papers: list[tuple[Any, Any]]) -> list[tuple[Path, bool]]:
    folder = day.plan.out / "papers"
    folder.mkdir(exist_ok=True)
    written = []
    for row, paper in papers:
        digest = paper.sealed or paper.document
        if not digest:
            continue
        path = folder / f"{row.case_no}-{paper.kind}-{paper.id}.pdf"
        with day.suite.database.read() as reader:
            path.write_bytes(get_blob(reader, digest))
        written.append((path, bool(paper.sealed)))
    return written


def check_signatures(paths: list[Path]) -> dict[str, Any]:
    """Let poppler's pdfsig, which shares no code with us, look at every sealed PDF."""
    program = shutil.which("pdfsig")
    if program is None:
        return {"verifier": "", "valid": 0, "rejected": [path.name for path in paths]}
    rejected = []
    for path in paths:
        done = subprocess.run(
            [program, "-nocert", str(path)],
            capture_output=True,
            text=True,
            timeout=PDFSIG_SECONDS,
            check=False,
        )
        if "Signature is Valid" not in done.stdout or "Total document signed" not in done.stdout:
            rejected.append(path.name)
    return {"verifier": "pdfsig", "valid": len(paths) - len(rejected), "rejected": rejected}


def _facts(day: Day) -> dict[str, Any]:
    """Numbers straight from the tables, so that they do not depend on what this run did itself."""

    def ask(read: Any) -> dict[str, Any]:
        def rows(sql: str) -> list[Any]:
            return list(read.all(text(sql)))

        calls: dict[int, list[str]] = defaultdict(list)
        double = 0
        for row in rows("SELECT ticket_id, act, desk FROM queue_event ORDER BY id"):
            if row.act == "call":
                double += bool(calls[row.ticket_id])
                calls[row.ticket_id].append(row.desk)
            elif row.act in ("hold", "transfer", "pass", "finish", "restore"):
                calls[row.ticket_id].clear()
        tickets = rows("SELECT day, number, state, line, issued_at, called_at FROM queue_ticket")
        numbers = Counter((str(row.day), row.number) for row in tickets)
        uses = (
            rows("SELECT count(*) AS n FROM licence_use WHERE act = 'stand_in'")
            if day.suite.registry.has("licence.search")
            else []
        )
        return {
            "tickets": len(tickets), "tickets_by_state": dict(Counter(row.state for row in tickets)),
            "double_calls": double, "numbers_twice": sum(n > 1 for n in numbers.values()),
            "own_decisions": len(rows("SELECT id FROM acceptance_case WHERE decider_id = acceptor_id")),
            "licences_used": uses[0].n if uses else 0,
            "half_hours": _half_hours([row.issued_at for row in tickets]),
            "lines": dict(Counter(row.line for row in tickets)),
        }  # fmt: skip

    facts: dict[str, Any] = day.suite.executor.read(SYSTEM, ask)
    return facts


def _half_hours(moments: list[Any]) -> dict[str, int]:
    from datetime import datetime, timedelta

    from yichuang.demo.day import HALL

    counts: Counter[str] = Counter()
    for moment in moments:
        value = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        local = value.astimezone(HALL)
        counts[f"{local - timedelta(minutes=local.minute % 30):%H:%M}"] += 1
    return dict(sorted(counts.items()))


def _failures(day: Day, summary: dict[str, Any], cases: list[Any], facts: dict[str, Any]) -> list[str]:
    """The invariants that do not hold, in words."""
    failed = []
    with day.suite.database.read() as reader:
        subjects = {entry.subject for entry in all_entries(reader)}
        missing = [
            d for d in _digests(day) if reader.one(select(blob.c.digest).where(blob.c.digest == d)) is None
        ]
    unwritten = [row.case_no for row in cases if f"case:{row.case_no}" not in subjects]
    for wrong, sentence in (
        (summary["double_calls"], L("{n} tickets were called twice", n=summary["double_calls"])),
        (summary["numbers_twice"], L("{n} numbers were issued twice", n=summary["numbers_twice"])),
        (unwritten, L("{n} cases have no journal entry", n=len(unwritten))),
        (facts["own_decisions"], L("{n} cases were decided by their acceptor", n=facts["own_decisions"])),
        (
            summary["signatures_rejected"],
            L("{n} signatures were rejected", n=len(summary["signatures_rejected"])),
        ),
        (
            not summary["journal_intact"],
            L("the journal does not verify: {why}", why=summary["journal_problem"]),
        ),
        (missing, L("{n} papers have lost their file", n=len(missing))),
        (
            summary["papers_sealed"] and not summary["signature_verifier"],
            L("no independent verifier (pdfsig) is here"),
        ),
        (summary["papers_waiting"], L("{n} papers were not finished", n=summary["papers_waiting"])),
    ):
        if wrong:
            failed.append(str(sentence))
    return [*failed, *_stopped(day.suite), *day.troubles]


def _stopped(suite: Suite) -> list[str]:
    """The day's plugins that did not run, or failed while it was played."""
    from yichuang.demo.day import PLAYERS, not_running

    found = [
        str(L("plugin {id} did not run: {why}", id=name, why=why))
        for name, why in not_running(suite, *PLAYERS).items()
    ]
    for plugin in suite.plugins.all():
        if plugin.id in PLAYERS and plugin.state == "active" and plugin.faults:
            where = ", ".join(sorted({fault.where for fault in plugin.faults}))
            found.append(str(L("plugin {id} failed in {where}", id=plugin.id, where=where)))
    return found


def _digests(day: Day) -> list[str]:
    def ask(read: Any) -> list[str]:
        rows = read.all(text("SELECT document, sealed FROM acceptance_paper"))
        return [digest for row in rows for digest in (row.document, row.sealed) if digest]

    found: list[str] = day.suite.executor.read(SYSTEM, ask)
    return found


def _found_again(day: Day, cases: list[Any], summary: dict[str, Any]) -> None:
    """A licence that was issued today must be found again by its identifier."""
    keeper = day.staff.licence_keeper
    found = 0
    for row in cases:
        code = day.suite.query(SYSTEM, "acceptance.case", {"case_id": row.id}).licence_code
        if not code or keeper is None:
            continue
        request = {"by": "code", "text": code, "purpose": f"核对 {row.case_no}"}
        step = f"found:{row.case_no}"
        try:
            found += len(day.do(keeper, "licence.search", step, request)) == 1
        except UserError as error:
            summary["failed"].append(str(error))
    summary["licences_found_again"] = found
    if found != summary["licences_issued"] and keeper is not None:
        summary["failed"].append(
            str(L("{n} licences were not found again", n=summary["licences_issued"] - found))
        )
