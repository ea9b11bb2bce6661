"""Situations (情形): questions about a case whose answers add materials to the list or drop them. Pure.

A material with the expression `Q1=new|moved&Q2=yes` is asked for where every question named has one of the answers named;
one without an expression is always asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yichuang.api import LazyText, UserError
from yichuang_acceptance.words import words

L = words.lazy


@dataclass(frozen=True)
class Question:
    """A question and its possible answers."""

    code: str
    text: str
    answers: tuple[str, ...]


def questions_of(rows: Iterable[Mapping[str, str]]) -> list[Question]:
    """The questions of a guide's list `situations`."""
    return [
        Question(
            row.get("code", ""),
            row.get("question", ""),
            tuple(filter(None, row.get("options", "").split(";"))),
        )
        for row in rows
    ]


def conditions(expression: str) -> dict[str, tuple[str, ...]]:
    """The answers that an expression wants, by question."""
    parts = [part.partition("=") for part in expression.split("&") if part]
    return {code.strip(): tuple(a.strip() for a in wanted.split("|")) for code, _equals, wanted in parts}


def wrong(expression: str, questions: Sequence[Question]) -> Iterable[LazyText]:
    """What an expression names that no question has."""
    known = {question.code: question for question in questions}
    for code, answers in conditions(expression).items():
        if code not in known:
            yield L("There is no question {code}.", code=code)
            continue
        for answer in answers:
            if answer not in known[code].answers:
                yield L("Question {code} has no answer {answer}.", code=code, answer=answer)


def holds(expression: str, answers: Mapping[str, str]) -> bool:
    """Whether every question that an expression names has one of its answers; an open one has none."""
    return all(answers.get(code) in wanted for code, wanted in conditions(expression).items())


def picked(expressions: Sequence[str], answers: Mapping[str, str]) -> list[int]:
    """The materials that the answers ask for, by position in the list (from 1); an open question drops what hangs on it."""
    return [position for position, expression in enumerate(expressions, 1) if holds(expression, answers)]


def check_answers(questions: Sequence[Question], answers: Mapping[str, str]) -> None:
    """Let only known answers on, one to every question.

    Raises:
        UserError: ANSWER_MISSING, ANSWER_UNKNOWN.
    """
    known = {question.code: question for question in questions}
    for code, answer in answers.items():
        if code not in known or answer not in known[code].answers:
            raise UserError(
                "ANSWER_UNKNOWN",
                L("{answer} is no answer to question {code}.", answer=answer, code=code),
                do=L("Choose the item again."),
            )
    for question in questions:
        if question.code not in answers:
            raise UserError(
                "ANSWER_MISSING",
                L("The question is not answered: {question}", question=question.text),
                do=L("Answer it; the list of materials depends on it."),
            )
