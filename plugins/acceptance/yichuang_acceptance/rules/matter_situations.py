"""One matter at once: what its items and the theme ask before papers are asked for (情形), each question asked once.

Questions are one where they are worded alike and offer the same answers; others stay apart and say for which item they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yichuang_acceptance.rules.matter_materials import same_name
from yichuang_acceptance.rules.situations import Question, conditions

THEME = 0
"""Whose questions say which items are needed; items have positions from 1."""


@dataclass(frozen=True)
class AskedOnce:
    """A question of the whole matter.

    Attributes:
        key: What answers are kept under: its wording, with the item's name where wordings repeat; the theme's own
            questions keep their wording, because they are answered before it is known which items are in.
        answers: As first offered.
        given_to: Whose question it is (`THEME`, or the item's position), to the code it has there.
    """

    key: str
    answers: tuple[str, ...]
    given_to: Mapping[int, str]


def merge(questions: Mapping[int, Sequence[Question]], names: Mapping[int, str]) -> list[AskedOnce]:
    """The questions of a matter, in the order in which they are first asked.

    Args:
        questions: Of the theme and of each item, by position.
        names: What the items are called.
    """
    groups: list[tuple[Question, dict[int, str]]] = []
    for position, asked in questions.items():
        for question in asked:
            same = (g for first, g in groups if position not in g and _is_same(first, question))
            group = next(same, None)
            if group is None:
                groups.append((question, {position: question.code}))
            else:
                group[position] = question.code
    often = Counter(same_name(first.text) for first, _group in groups)
    return [
        AskedOnce(
            first.text
            if THEME in group or often[same_name(first.text)] == 1
            else _told_apart(first, group, names),
            first.answers,
            group,
        )
        for first, group in groups
    ]


def _is_same(one: Question, other: Question) -> bool:
    return same_name(one.text) == same_name(other.text) and set(one.answers) == set(other.answers)


def _told_apart(question: Question, group: Mapping[int, str], names: Mapping[int, str]) -> str:
    whose = "、".join(names.get(position, "") for position in group)
    return f"{question.text}（{' '.join(filter(None, (whose, next(iter(group.values())))))}）"


def as_questions(merged: Iterable[AskedOnce]) -> list[Question]:
    """As `situations.check_answers` takes them."""
    return [Question(each.key, each.key, each.answers) for each in merged]


def answers_for(merged: Iterable[AskedOnce], answers: Mapping[str, str], position: int) -> dict[str, str]:
    """The answers of one item, or of the theme, under its own codes."""
    return {
        each.given_to[position]: answers[each.key]
        for each in merged
        if position in each.given_to and each.key in answers
    }


def is_possible(expression: str, answers: Mapping[str, str]) -> bool:
    """Whether what hangs on an expression may still be asked for: nothing that was answered speaks against it."""
    return all(answers.get(code, wanted[0]) in wanted for code, wanted in conditions(expression).items())
