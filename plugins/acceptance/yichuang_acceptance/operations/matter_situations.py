"""What a matter (一件事) asks before it asks for papers: the theme's questions and those of its items' versions, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yichuang.api import Read
from yichuang_acceptance.operations.situations import AskedQuestion, situation_of
from yichuang_acceptance.rules import matter_situations as rules
from yichuang_acceptance.rules import situations as single
from yichuang_acceptance.rules.matter_situations import THEME, AskedOnce
from yichuang_acceptance.rules.situations import Question


@dataclass(frozen=True)
class Situations:
    """The questions of a matter with the answers given so far.

    Attributes:
        questions: Each once.
        expressions: When each material of an item is asked for, by the item's position.
        answers: By key of the question; answers to what is not asked are left out.
    """

    questions: tuple[AskedOnce, ...]
    expressions: Mapping[int, list[str]]
    answers: Mapping[str, str]

    def of(self, position: int) -> dict[str, str]:
        """The answers of one item under its own codes."""
        return rules.answers_for(self.questions, self.answers, position)

    def asks(self, position: int, material: int, *, open_too: bool) -> bool:
        """Whether an item asks for a material of its list; `open_too`: or may still, once everything is answered."""
        expressions = self.expressions.get(position, [])
        expression = expressions[material - 1] if material <= len(expressions) else ""
        holds = rules.is_possible if open_too else single.holds
        return holds(expression, self.of(position))

    def condition(self, position: int, material: int) -> str:
        """What the material still hangs on, in Chinese for papers; empty where nothing is open."""
        expressions = self.expressions.get(position, [])
        expression = expressions[material - 1] if material <= len(expressions) else ""
        return condition_text(expression, self.questions, self.answers, position)

    def rows(self) -> list[AskedQuestion]:
        """The questions as the window shows them."""
        return [AskedQuestion(each.key, each.key, list(each.answers)) for each in self.questions]

    def require(self, given: Mapping[str, str]) -> None:
        """Let only known answers on, one to every question. Raises ANSWER_MISSING, ANSWER_UNKNOWN."""
        single.check_answers(rules.as_questions(self.questions), given)


def condition_text(
    expression: str, questions: tuple[AskedOnce, ...], answers: Mapping[str, str], position: int
) -> str:
    """The open questions of an expression with the wanted answers, in Chinese for papers."""
    keys = {each.given_to[position]: each.key for each in questions if position in each.given_to}
    wanted = {keys.get(code, code): said for code, said in single.conditions(expression).items()}
    return "；".join(
        f"{key.rstrip('？?')}：{'或'.join(said)}" for key, said in wanted.items() if key not in answers
    )


def theme_questions(theme: Any) -> list[Question]:
    """What the theme itself asks; its items say with which answers they are needed."""
    return [
        Question(row["code"], row["question"], tuple(row["options"]))
        for row in theme.body.get("situations", ())
    ]


def needless(theme: Any, answers: Mapping[str, str], *, open_too: bool) -> frozenset[int]:
    """Positions of the steps that the answers make needless; with `open_too` an open question keeps what hangs on it."""
    own = rules.answers_for(rules.merge({THEME: theme_questions(theme)}, {}), answers, THEME)
    holds = rules.is_possible if open_too else single.holds
    return frozenset(
        position
        for position, step in enumerate(theme.body["items"], 1)
        if not holds(step.get("situation_expr", ""), own)
    )


def situations_of(read: Read, theme: Any, items: Mapping[int, Any], answers: Mapping[str, str]) -> Situations:
    """The questions of the theme and of the items that are in."""
    found = {n: situation_of(read, item.code, item.version) for n, item in items.items()}
    asked = {THEME: theme_questions(theme)} | {
        n: [Question(q.code, q.text, tuple(q.answers)) for q in each.questions] for n, each in found.items()
    }
    merged = tuple(rules.merge(asked, {n: item.name for n, item in items.items()}))
    offered = {each.key: each.answers for each in merged}
    said = {key: answer for key, answer in answers.items() if answer in offered.get(key, ())}
    return Situations(merged, {n: each.expressions for n, each in found.items()}, said)
