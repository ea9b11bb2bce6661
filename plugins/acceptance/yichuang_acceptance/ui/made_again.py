"""Making a paper again that the seal keeper sent back: the reason, and the words that the decider may change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import FormField, PageContext
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.words import words

_ = words.text


def _labels() -> dict[str, str]:
    return {
        "opinion": _("Opinion"), "content": _("Content of the licence"), "reason": _("Reason"), "law": _("Legal basis"),
        "valid_to": _("Valid until"),
    }  # fmt: skip


def ask_again(owner: QWidget, context: PageContext, paper: Any, done: Callable[[Any], None]) -> None:
    """Tell why the paper was sent back; make it again and hand it to the seal keeper."""

    def came(found: Any) -> None:
        _dialog(context, found, done).over(owner)

    context.query("acceptance.sent_back", {"paper_id": paper.id}, done=came)


def _dialog(context: PageContext, found: Any, done: Callable[[Any], None]) -> ActDialog:
    labels = _labels()
    fields = [
        FormField(name, labels[name], span=1 if name == "valid_to" else 2, value=text,
                  kind="text" if name in ("valid_to", "law") else "area")
        for name, text in found.words.items()
    ]  # fmt: skip

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {"paper_id": found.paper.id, "words": {name: values[name] or "" for name in found.words}}
        context.run("acceptance.make_again", request, done=finished, failed=refused)

    def made(paper: Any) -> None:
        asked = {"case_id": paper.case_id}
        context.run("acceptance.render", asked, done=lambda papers: done(_of(papers, paper)))

    facts = [
        (_("Sent back"), found.reason),
        (_("Sent back by"), f"{found.keeper} {stamp(found.at)}"),
        (_("Document number"), found.paper.number),
    ]
    return ActDialog(
        _("Make “{title}” again?", title=found.paper.title),
        _("It keeps its number and goes to the seal keeper once more."),
        primary=_("Make again"), fields=fields, facts=facts, act=act, done=made,
    )  # fmt: skip


def _of(papers: list[Any], paper: Any) -> Any:
    return next((each for each in papers if each.id == paper.id), paper)
