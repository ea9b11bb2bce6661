"""One rule of a policy in words, and the question that makes or changes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import in_language
from yichuang.api.ui import Dialog, FormField
from yichuang_queue.rules.policy import CHOICE_NAMES, Choice
from yichuang_queue.words import words

_ = words.text


def rule_words(rule: dict[str, Any]) -> str:
    """A rule as one phrase."""
    choose, minutes = Choice(rule["choose"]), rule.get("minutes", 0)
    name = in_language(CHOICE_NAMES[choose])
    if choose is Choice.APPOINTMENT:
        name = _("{rule}, {n} minutes before", rule=name, n=minutes)
    elif minutes:
        name = _("{rule}, over {n} minutes", rule=name, n=minutes)
    least = rule.get("least_waiting", 0)
    return _("{rule}, from {n} waiting", rule=name, n=least) if least else name


def ask_rule(
    parent: QWidget,
    lines: dict[str, str],
    rule: dict[str, Any] | None,
    done: Callable[[dict[str, Any]], None],
) -> None:
    """Ask for a rule.

    Args:
        parent: The page.
        lines: Code to name.
        rule: What is changed; None makes a new one.
        done: Called with the rule that was decided on.
    """
    before = rule or {
        "choose": str(Choice.LONGEST_WAIT),
        "lines": [],
        "minutes": 0,
        "weights": {},
        "least_waiting": 0,
    }
    weights = " ".join(f"{code}={weight:g}" for code, weight in before.get("weights", {}).items())
    fields = [
        FormField(
            "choose", _("Who is called"), kind="choice", required=True, span=4, value=before["choose"],
            choices=[(str(choice), in_language(CHOICE_NAMES[choice])) for choice in Choice],
        ),
        FormField("lines", _("Lines (codes, empty: own lines)"), span=4, value=" ".join(before.get("lines", ())),
                  placeholder=" ".join(lines)),
        FormField("minutes", _("Minutes"), kind="number", span=2, value=before.get("minutes", 0)),
        FormField("least_waiting", _("Only from so many waiting"), kind="number", span=2, value=before.get("least_waiting", 0)),
        FormField("weights", _("Weights, such as A=2 B=0.5"), span=4, value=weights),
    ]  # fmt: skip

    def decided(values: Any) -> str | None:
        if values is None:
            return None
        try:
            pairs = [pair.split("=") for pair in str(values["weights"] or "").split()]
            made = {
                "choose": values["choose"], "lines": str(values["lines"] or "").replace("、", " ").split(),
                "minutes": int(values["minutes"] or 0), "weights": {code: float(weight) for code, weight in pairs},
                "least_waiting": int(values["least_waiting"] or 0),
            }  # fmt: skip
        except ValueError:
            return _("The numbers or weights cannot be read.")
        unknown = ({*made["lines"], *made["weights"]}) - set(lines)
        if unknown:
            return _("There is no line {line}.", line="、".join(sorted(unknown)))
        done(made)
        return None

    title = _("Change the rule") if rule else _("Add a rule")
    Dialog.ask(parent, title, primary=title, fields=fields, done=decided)
