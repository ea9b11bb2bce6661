"""What acceptance answers to the suite and the other plugins."""

from __future__ import annotations

from typing import Any

from yichuang.api import (
    Fact,
    FactQuery,
    Figure,
    Read,
    SearchHit,
    StampReceipt,
    Todo,
    Work,
    hookimpl,
    identifiers,
)
from yichuang_acceptance.operations import notices, paper_sizes
from yichuang_acceptance.operations.beside import own_facts
from yichuang_acceptance.operations.lists import AskCases, day_figures, list_cases
from yichuang_acceptance.operations.matter_views import AskMatters
from yichuang_acceptance.operations.matter_views import matters as list_matters
from yichuang_acceptance.operations.papers import paper_sealed
from yichuang_acceptance.operations.review_lists import AskTasks, my_tasks
from yichuang_acceptance.operations.search import AskSearch, search
from yichuang_acceptance.operations.sent_back import paper_sent_back, papers_to_make_again
from yichuang_acceptance.operations.supervision import AskSupervision, supervision
from yichuang_acceptance.rules.clocks import CORRECTION_SETTING, check_correction_days
from yichuang_acceptance.rules.exchange_codes import SETTING as CODES_SETTING
from yichuang_acceptance.rules.exchange_codes import codes_of
from yichuang_acceptance.rules.refusals import SPECIAL_SETTING, check_special_days
from yichuang_acceptance.rules.retention import DEFAULTS as KEEP_DEFAULTS
from yichuang_acceptance.rules.retention import check_years
from yichuang_acceptance.words import words

_ = words.text
PAGES = (
    ("acceptance.decide", "acceptance.workbench"),
    ("acceptance.accept", "acceptance.intake"),
    ("acceptance.deliver", "acceptance.issuing"),
)
"""Where a case is opened, by what one may do."""


MOST_MATTERS = 5
LIGHTS = {"due_today": "warning", "double_red": "overdue"}
"""The shell knows four running lights; ours are finer."""


class Hooks:
    """Acceptance's side of the hooks."""

    @hookimpl
    def document_stamped(self, work: Work, receipt: StampReceipt) -> None:
        """A paper of a case was sealed."""
        if receipt.subject.startswith("case:"):
            paper_sealed(work, int(receipt.paper), receipt.sealed)

    @hookimpl
    def document_refused(self, work: Work, subject: str, paper: str, reason: str) -> None:
        """The seal keeper sent a paper of a case back."""
        if subject.startswith("case:"):
            paper_sent_back(work, int(paper), reason)

    @hookimpl
    def setting_changes(self, key: str, value: Any) -> None:
        """Texts of messages must keep their places; times to correct and to settle, terms of keeping and codes are checked."""
        notices.check_setting(key, value)
        paper_sizes.check_setting(key, value)
        if key == CORRECTION_SETTING:
            check_correction_days(value)
        if key == SPECIAL_SETTING:
            check_special_days(value)
        if key == CODES_SETTING:
            codes_of(value)
        if key in KEEP_DEFAULTS:
            check_years(value)

    @hookimpl
    def check_facts(self, read: Read, asked: FactQuery) -> list[Fact]:
        """What acceptance itself knows of a case that is to be decided."""
        return own_facts(read, asked)

    @hookimpl
    def search(self, read: Read, text: str, limit: int) -> list[SearchHit]:
        """Open matters at once, then cases by number, item, applicant or pinyin, newest first."""
        if not read.may("acceptance.view") or not text.strip():
            return []
        rows = search(read, AskSearch(text=text[:100], limit=limit)).rows
        page = next((page for permission, page in PAGES if read.may(permission)), "acceptance.search")
        return _matter_hits(read, text) + [
            SearchHit(
                "case",
                f"{r.short_no} {r.item_name}",
                f"{r.applicant} · {r.state_name}",
                page,
                {"case_id": r.id, "text": r.case_no},
                "file-text",
            )
            for r in rows
        ]

    @hookimpl
    def todos(self, read: Read) -> list[Todo]:
        """Cases that wait for the actor, nearest due moment first."""
        found: list[Todo] = []
        if not read.may("acceptance.view"):
            return found
        lists = []
        if read.may("acceptance.decide"):
            lists.append(("review", _("To decide"), _("Decide"), "acceptance.workbench"))
        if read.may("acceptance.accept"):
            lists += [
                ("correcting", _("Corrections"), _("Take in"), "acceptance.intake"),
                ("tolerated", _("Promised materials"), _("Take in"), "acceptance.intake"),
            ]
        if read.may("acceptance.deliver"):
            lists.append(("ready", _("To hand out"), _("Hand out"), "acceptance.issuing"))
        if read.may("acceptance.answer"):
            found += _notices(read)
        for tab, step, action, page in lists:
            rows = list_cases(read, AskCases(tab=tab, limit=50))
            found += [
                Todo(f"case:{r.id}:{tab}", r.short_no, r.item_name, r.applicant, step,
                     LIGHTS.get(r.light, r.light), r.time_left, r.due_at,  # type: ignore[arg-type]  # lights are the hook's
                     action, page, step, r.used, {"case_id": r.id, "tab": tab})
                for r in rows
            ]  # fmt: skip
        if read.may("acceptance.accept"):
            found += [
                Todo(f"matter:{r.id}", r.short_no, r.name, r.applicant, _("Refused: what of the rest?"),
                     LIGHTS.get(r.light, r.light), r.time_left, r.due_at,  # type: ignore[arg-type]  # lights are the hook's
                     _("Answer about the rest"), "acceptance.intake", _("Matters"), r.used, {"matter_id": r.id})
                for r in list_matters(read, AskMatters(limit=50)) if r.asked
            ]  # fmt: skip
        return found + _sent_back(read) + (_tasks(read) if read.may("acceptance.review") else [])

    @hookimpl
    def figures(self, read: Read) -> list[Figure]:
        """Today's work and the lights."""
        if not read.may("acceptance.view"):
            return []
        numbers = day_figures(read)
        return [
            Figure("done.today", _("Done today"), str(numbers.done_today), _("cases")),
            Figure("cases.days", _("Cases of 7 working days"), labels=tuple(numbers.days),
                   values=tuple(float(n) for n in numbers.per_day)),
            Figure("lights", _("Time-limit lights"), extra=_coarse(numbers.lights)),
        ]  # fmt: skip


def _tasks(read: Read) -> list[Todo]:
    """Nodes of reviews that other agencies ask about; those of one's own cases stand among the cases to decide."""
    rows = [row for row in my_tasks(read, AskTasks(limit=50)) if not row.own]
    return [
        Todo(f"task:{r.id}", r.short_no, r.item_name, r.applicant, r.name, LIGHTS.get(r.light, r.light), r.time_left,  # type: ignore[arg-type]  # lights are the hook's
             r.due_at, _("Answer"), "acceptance.workbench", r.name, r.used, {"task_id": r.id})
        for r in rows
    ]  # fmt: skip


def _sent_back(read: Read) -> list[Todo]:
    """Papers that the seal keeper sent back, to be made again."""
    page = next((page for permission, page in PAGES if read.may(permission)), "acceptance.search")
    return [
        Todo(f"paper:{r.id}", identifiers.short_case_number(r.case_no), f"{r.title} {r.item_name}",
             identifiers.mask_name(r.applicant_name) if r.applicant_kind == "person" else r.applicant_name,
             r.facts["sent_back"]["reason"], "warning", "", None, _("Make again"), page, _("Sent back unsealed"), 1.0,
             {"case_id": r.case_id, "text": r.case_no})
        for r in papers_to_make_again(read)
    ]  # fmt: skip


def _notices(read: Read) -> list[Todo]:
    """Violations that the actor's agency, or the actor, has to answer."""
    return [
        Todo(f"notice:{r.id}", r.short_no, r.item_name, r.text, _("Supervision notice"),
             "overdue" if r.late else "warning", "", r.due_at, _("Give feedback"), "acceptance.supervision", r.rule, 1.0,
             {"alert_id": r.id, "case_id": r.case_id})
        for r in supervision(read, AskSupervision(kind="open", limit=50)) if r.mine
    ]  # fmt: skip


def _coarse(lights: dict[str, int]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for name, number in lights.items():
        coarse = LIGHTS.get(name, name)
        counted[coarse] = counted.get(coarse, 0) + number
    return counted


def _matter_hits(read: Read, text: str) -> list[SearchHit]:
    """Open matters at once by number, name or applicant, for whoever takes them in or hands their results out."""
    pages = {"acceptance.accept": "acceptance.intake", "acceptance.deliver": "acceptance.issuing"}
    page = next((page for permission, page in pages.items() if read.may(permission)), "")
    if not page:
        return []
    return [
        SearchHit(
            "case",
            f"{r.short_no} {r.name}",
            f"{r.applicant} · {r.state_name}",
            page,
            {"matter_id": r.id},
            "layers",
        )
        for r in list_matters(read, AskMatters(text=text[:60], limit=MOST_MATTERS))
    ]
