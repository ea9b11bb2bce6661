"""Situations at the window: what an item's version asks before it asks for materials, and whether it holds today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yichuang.api import MaterialRow, Read, UserError, item_terms, query
from yichuang_acceptance.operations import catalogue_rules
from yichuang_acceptance.operations.accepting import materials_of
from yichuang_acceptance.operations.guide_reads import AskGuide
from yichuang_acceptance.operations.guide_rows import row_of
from yichuang_acceptance.rules import situations as rules
from yichuang_acceptance.rules.guide import of_body
from yichuang_acceptance.words import words

L = words.lazy


@dataclass(frozen=True)
class AskedQuestion:
    """A question of the window whose answer changes the list of materials."""

    code: str
    text: str
    answers: list[str]


@dataclass(frozen=True)
class Situation:
    """What an item asks before it asks for materials.

    Attributes:
        expressions: For each material of the item, in order, when it is asked for; see `rules.situations`.
        notes: What whoever applies should hear first: to come in person, how many may be granted.
    """

    questions: list[AskedQuestion]
    expressions: list[str]
    notes: list[str] = field(default_factory=list)


@query("acceptance.situations", permission="acceptance.accept", title="Questions of an item")
def situations(read: Read, request: AskGuide) -> Situation:
    """The questions whose answers add or drop materials; none for most items. Errors: UNKNOWN_ITEM."""
    version = read.query("hall.item", {"code": request.item, "version": request.version}).version
    return situation_of(read, request.item, version)


def situation_of(read: Read, item: str, version: int) -> Situation:
    """The questions of a version and what hangs on them."""
    row = row_of(read, item, version)
    if row is None:
        return Situation([], [])
    said = of_body(row.body)
    questions = rules.questions_of(said.rows("situations"))
    return Situation(
        [AskedQuestion(q.code, q.text, list(q.answers)) for q in questions],
        [each.get("situation_expr", "") for each in said.rows("materials")],
        catalogue_rules.told_at_counter(read, item, said),
    )


def situation_notes(read: Read, item: str, version: int) -> dict[int, str]:
    """When a material is asked for, in Chinese for papers, by position; none for what is always asked for."""
    found = situation_of(read, item, version)
    texts = {question.code: question.text.rstrip("？?") for question in found.questions}
    return {
        position: "；".join(
            f"{texts.get(code, code)}：{'或'.join(answers)}"
            for code, answers in rules.conditions(expression).items()
        )
        + "。"
        for position, expression in enumerate(found.expressions, 1)
        if expression
    }


def asked_in(read: Read, item: Any, answers: Mapping[str, str]) -> list[MaterialRow]:
    """The materials that an item asks for where its questions are answered so.

    Raises:
        UserError: ANSWER_MISSING, ANSWER_UNKNOWN.
    """
    found = situation_of(read, item.code, item.version)
    questions = [rules.Question(q.code, q.text, tuple(q.answers)) for q in found.questions]
    rules.check_answers(questions, answers)
    materials = materials_of(item)
    if not questions:
        return materials
    picked = set(rules.picked(found.expressions, answers))
    return [material for material in materials if material.position in picked]


def require_in_force(item: Any) -> None:
    """Let an application be taken in only for the version of today of an item that is in use.

    Raises:
        UserError: ITEM_NOT_IN_USE, VERSION_NOT_IN_FORCE.
    """
    if item.state != item_terms.IN_USE:
        raise UserError(
            "ITEM_NOT_IN_USE",
            L("{item} is suspended or cancelled.", item=item.name),
            do=L("Tell the applicant; the agency can say when it is taken up again."),
        )
    if not item.holds:
        raise UserError(
            "VERSION_NOT_IN_FORCE",
            L("Version {n} of {item} does not hold today.", n=item.version, item=item.name),
            do=L("Choose the item again; what it asks for may have changed."),
        )
