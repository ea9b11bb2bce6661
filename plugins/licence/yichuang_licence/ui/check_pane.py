"""Right of an open licence: the verdict, each check with its own result and source, and who used the licence before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import (
    EmptyState,
    ErrorNote,
    GoodNote,
    Hairline,
    Light,
    Scroller,
    SidePane,
    Skeleton,
    Step,
    Text,
    Timeline,
    WarnNote,
    clear_layout,
)
from yichuang_licence.rules import ACT_NAMES, BASIS_NAMES
from yichuang_licence.ui.texts import result_text, short_time
from yichuang_licence.words import words

_ = words.text
LIGHTS = {"ok": "done", "warn": "warning", "fail": "overdue", "unknown": "not_yet"}
INKS = {"warn": "amb", "fail": "red"}
NOTHING, BUSY, CHECKED = range(3)


class CheckPane(SidePane):
    """What was checked on the open licence, and its record of uses."""

    def __init__(self) -> None:
        super().__init__("right", 292, fill="surface")
        self.body.setContentsMargins(0, 0, 0, 0)
        self.note: QWidget | None = None
        self.checks: list[_CheckLine] = []
        self.uses = Timeline()
        self._steps: list[Step] = []
        self._top = QVBoxLayout()
        self._top.setSpacing(0)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addSpacing(14)
        column.addWidget(Text(_("Record of uses"), 14, strong=True))
        column.addSpacing(8)
        column.addWidget(self.uses)
        column.addStretch(1)
        self._stack = QStackedWidget()
        empty = EmptyState(
            "shield-check",
            _("Nothing to verify yet"),
            _("Checks appear with the open licence."),
            framed=False,
        )
        for page in (empty, _padded(Skeleton(5, 50)), Scroller(inside)):
            self._stack.addWidget(page)
        self.body.addWidget(self._stack)

    def clear(self) -> None:
        """No licence is open."""
        self._stack.setCurrentIndex(NOTHING)

    def set_busy(self) -> None:
        """A licence is being verified."""
        self._stack.setCurrentIndex(BUSY)

    def show_detail(self, detail: Any, today: date) -> None:
        """Show the verification and the uses of a licence."""
        clear_layout(self._top)
        self.note = _verdict_note(detail)
        self._top.addWidget(self.note)
        self._top.addSpacing(6)
        self.checks = [_CheckLine(check) for check in detail.checks]
        for line in self.checks:
            self._top.addWidget(line)
            self._top.addWidget(Hairline())
        self._steps = [_use_step(use, today) for use in detail.uses]
        self.uses.set_steps(self._steps)
        self._stack.setCurrentIndex(CHECKED)

    def add_use(self, act: str, who: str, what: str, when: str) -> None:
        """Enter at the top what was done a moment ago; the record itself is the operation's."""
        said = "，".join(filter(None, (who, what)))
        self._steps.insert(0, Step(str(ACT_NAMES[act]), said, aside=when, state="done"))
        self.uses.set_steps(self._steps)


class _CheckLine(QWidget):
    """One check: light and name, at the right what it was checked against, below what came of it."""

    def __init__(self, check: Any) -> None:
        super().__init__()
        self.check = check
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(Light(LIGHTS[check.state]))
        first.addWidget(Text(check.name, 13, strong=True))
        source = Text(check.source, 12, "t3", elide=True)
        source.setAlignment(Qt.AlignmentFlag.AlignRight)
        first.addWidget(source, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 9, 0, 9)
        column.setSpacing(1)
        column.addLayout(first)
        detail = QHBoxLayout()
        detail.setContentsMargins(22, 0, 0, 0)
        detail.addWidget(Text(check.detail, 12, INKS.get(check.state, "t2"), wrap=True), 1)
        column.addLayout(detail)
        self.setAccessibleName(" ".join(filter(None, (check.name, check.detail, check.source))))


def _verdict_note(detail: Any) -> QWidget:
    count = _counts([check.state for check in detail.checks])
    if detail.verdict == "ok":
        return GoodNote(_("Verification passed"), count)
    if detail.verdict == "unknown":
        return WarnNote(
            _("Verification is not complete"), _("State unknown does not mean invalid. {count}", count=count)
        )
    bad = "；".join(f"{check.name}：{check.detail}" for check in detail.checks if check.state == "fail")
    return ErrorNote(_("The licence may not be used"), bad)


def _counts(states: Sequence[str]) -> str:
    parts = [_("{n} passed", n=states.count("ok"))]
    if states.count("warn"):
        parts.append(_("{n} with a remark", n=states.count("warn")))
    if states.count("unknown"):
        parts.append(_("{n} not answered", n=states.count("unknown")))
    return "，".join(parts)


def _use_step(use: Any, today: date) -> Step:
    basis = str(BASIS_NAMES[use.basis]) if use.basis in BASIS_NAMES else ""
    who = " ".join(filter(None, (use.staff, use.desk)))
    what = "，".join(filter(None, (who, use.purpose, basis if use.act == "search" else result_text(use))))
    title = str(ACT_NAMES.get(use.act, use.act))
    return Step(title, what, aside=short_time(use.at, today), state="done")


def _padded(inside: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(16, 16, 16, 16)
    column.addWidget(inside)
    column.addStretch(1)
    return box
