"""Special procedures (特别程序): for what a case may be suspended, by which law, and whether an end must be planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yichuang.api import LazyText, UserError
from yichuang_acceptance.words import words

L = words.lazy
ARTICLE_45 = "《中华人民共和国行政许可法》第四十五条"
ARTICLE_47 = "《中华人民共和国行政许可法》第四十七条、第四十八条"
NATIONAL_CODE = "2"  # national code set A.7 knows 1 extension and 2 everything else; our finer kinds map to 2


@dataclass(frozen=True)
class Kind:
    """A kind of special procedure.

    Attributes:
        title: As papers name it.
        basis: The law behind it; empty where a special law must be named.
        open_ended: It may be begun without knowing its end.
    """

    id: str
    name: LazyText
    title: str
    basis: str = ARTICLE_45
    open_ended: bool = False


HEARING = "hearing"
ASK_WORKING_DAYS, HOLD_WORKING_DAYS = 5, 20
"""T7 (art. 47, in working days by art. 82): to ask for a hearing once the right to it is told, and to hold it once asked."""
TECHNICAL = frozenset({"inspection", "testing", "quarantine"})
INSPECTORS, ASSIGN_WORKING_DAYS = 2, 5
"""Art. 55: two or more officers are assigned within five working days of acceptance where technical standards decide."""
KINDS = {
    kind.id: kind
    for kind in (
        Kind(HEARING, L("hearing"), "听证", ARTICLE_47),
        Kind("tender", L("tender"), "招标"),
        Kind("auction", L("auction"), "拍卖"),
        Kind("inspection", L("inspection"), "检验"),
        Kind("testing", L("testing"), "检测"),
        Kind("quarantine", L("quarantine"), "检疫"),
        Kind("appraisal", L("appraisal"), "鉴定"),
        Kind("expert_review", L("expert review"), "专家评审"),
        Kind("publicity", L("public notice"), "公示", ""),
        Kind("consultation", L("answer of another authority"), "征求意见", "", open_ended=True),
        Kind("dispute", L("review or court case"), "行政复议或者诉讼", "", open_ended=True),
        Kind("force_majeure", L("force majeure"), "不可抗力", "", open_ended=True),
    )
}


def check_pause(kind: Kind, basis: str, planned_end: date | None, today: date) -> str:
    """The legal basis of a suspension that may begin today.

    Raises:
        UserError: LEGAL_BASIS_MISSING, PLANNED_END_MISSING, PLANNED_END_PAST.
    """
    law = basis.strip() or kind.basis
    if not law:
        raise UserError(
            "LEGAL_BASIS_MISSING",
            L("A suspension for {kind} needs the law that allows it.", kind=kind.name),
            do=L("Write law and article."),
        )
    if planned_end is None and not kind.open_ended:
        raise UserError(
            "PLANNED_END_MISSING",
            L("The applicant must be told how long the {kind} takes.", kind=kind.name),
            do=L("Enter the day on which it is planned to end."),
        )
    if planned_end is not None and planned_end < today:
        raise UserError(
            "PLANNED_END_PAST", L("The planned end lies in the past."), do=L("Enter a later day.")
        )
    return law


def check_inspectors(kind: Kind, names: Sequence[str], *, licence: bool) -> str:
    """Who inspects, tests or quarantines, as one text; two or more where a licence hangs on it (art. 55).

    Raises:
        UserError: OFFICERS_MISSING.
    """
    found = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if licence and kind.id in TECHNICAL and len(found) < INSPECTORS:
        raise UserError(
            "OFFICERS_MISSING",
            L("At least {n} officers are assigned to the {kind} (art. 55).", n=INSPECTORS, kind=kind.name),
            do=L("Name them."),
        )
    return "、".join(found)
