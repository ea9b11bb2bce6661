"""The forms behind the set-up lists: a line, a business of the kiosk, what a person can serve, taking something away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import in_language
from yichuang.api.ui import FormField, PageContext
from yichuang_queue.operations.lines import BusinessRow, LineRow
from yichuang_queue.rules.tickets import REENTRY_NAMES, Reentry
from yichuang_queue.ui.console import tree
from yichuang_queue.ui.console.asks import Ask, Several
from yichuang_queue.words import words

_ = words.text
Done = Callable[[], None]


def reentry_text(row: LineRow) -> str:
    """Where a passed ticket of a line comes back in."""
    if row.reentry is Reentry.AFTER:
        return _("behind {n} others", n=row.reentry_after)
    return in_language(REENTRY_NAMES[row.reentry])


def whole(low: int, high: int) -> Callable[[Any], str | None]:
    """A check for a whole number within bounds."""

    def check(value: Any) -> str | None:
        good = value == int(value) and low <= value <= high
        return None if good else _("A whole number from {low} to {high}.", low=low, high=high)

    return check


def number(
    key: str, label: str, value: Any, low: int, high: int, *, required: bool = True, hint: str = ""
) -> FormField:
    """A field for a whole number."""
    shown = "" if value is None else str(value)
    return FormField(
        key, label, kind="number", value=shown, required=required, check=whole(low, high), hint=hint
    )


def ask_line(
    context: PageContext, owner: QWidget, rows: Sequence[LineRow], row: LineRow | None, done: Done
) -> Ask:
    """Change a line, or add one."""
    usual = row or LineRow(code="X", name="X", prefix="X")
    fields = [
        FormField("code", _("Short code"), value=row.code if row else "", required=True, read_only=row is not None),
        FormField("name", _("Name"), value=row.name if row else "", required=True, check=_at_most(60)),
        FormField("name_mn", _("Name in Mongolian"), value=usual.name_mn, check=_at_most(120)),
        FormField("prefix", _("Letter of its numbers"), value=row.prefix if row else "", required=True, check=_prefix),
        number("first", _("First number"), usual.first, 0, 9999),
        number("last", _("Last number"), usual.last, 1, 9999),
        number("target_minutes", _("Promised wait (min)"), usual.target_minutes, 1, 480),
        number("calls", _("Calls before passing"), usual.calls, 1, 9),
        number("gap_seconds", _("Seconds between calls"), usual.gap_seconds, 0, 300),
        FormField(
            "reentry", _("Back after passing"), kind="choice", value=usual.reentry.value,
            choices=[(each.value, in_language(name)) for each, name in REENTRY_NAMES.items()],
        ),
        number("reentry_after", _("Behind so many others"), usual.reentry_after, 0, 100),
        number("passed_minutes", _("Can come back for (min)"), usual.passed_minutes, 0, 600, hint=_("0: until the day ends")),
    ]  # fmt: skip

    def request(values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        given = {key: int(value) if key in _LINE_NUMBERS else value for key, value in values.items()}
        made = usual.model_dump() | given
        kept = [made if each.code == made["code"] else each for each in rows]
        return "queue.set_lines", {"lines": kept if row is not None else [*rows, made]}

    title = _("Line {name}", name=row.name) if row else _("Add a line")
    return Ask(
        context, title, primary=_("Save line"), fields=fields, request=request, done=lambda _n: done()
    ).over(owner)


_LINE_NUMBERS = frozenset(
    {"first", "last", "target_minutes", "calls", "gap_seconds", "reentry_after", "passed_minutes"}
)


def _prefix(text: str) -> str | None:
    good = 1 <= len(text) <= 2 and text.isascii() and text.isalpha() and text.isupper()
    return None if good else _("One or two capital letters.")


def _at_most(count: int) -> Callable[[str], str | None]:
    return lambda text: _("At most {n} characters.", n=count) if len(text) > count else None


def ask_business(
    context: PageContext,
    owner: QWidget,
    rows: Sequence[BusinessRow],
    row: BusinessRow | None,
    lines: Sequence[tuple[str, str]],
    done: Done,
) -> Ask:
    """Change a business or group of the kiosk, or add one."""
    usual = row or BusinessRow(code="x", name="x")
    inside = {each.code for each in tree.within(rows, row.code)} if row else set()
    groups = [(each.code, each.name) for each in rows if each.code not in inside]
    fields = [
        FormField(
            "code", _("Short code"), value=row.code if row else "", required=True, read_only=row is not None,
            check=_at_most(40),
        ),
        FormField("name", _("Name"), value=row.name if row else "", required=True, check=_at_most(60)),
        FormField("name_mn", _("Name in Mongolian"), value=usual.name_mn, check=_at_most(120)),
        FormField("parent", _("In group"), kind="choice", value=usual.parent, choices=[("", _("At the top")), *groups]),
        FormField("line", _("Line"), kind="choice", value=usual.line, choices=[("", _("None: it is a group")), *lines]),
        FormField("item", _("Service item"), value=usual.item),
        number("quota_day", _("Tickets per day"), usual.quota_day, 0, 9999, required=False, hint=_("Empty: no limit")),
        number("quota_half_day", _("Tickets per half day"), usual.quota_half_day, 0, 9999, required=False),
        number("quota_slot", _("Tickets per slot"), usual.quota_slot, 0, 9999, required=False),
        number("slot_minutes", _("Length of a slot (min)"), usual.slot_minutes, 10, 480),
        number("seats", _("Appointments per slot"), usual.seats, 0, 500),
        FormField("open", _("Tickets are given out"), kind="toggle", value=usual.open),
    ]  # fmt: skip

    def request(values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        numbers = ("quota_day", "quota_half_day", "quota_slot", "slot_minutes", "seats")
        given = {
            key: (None if value is None else int(value)) if key in numbers else value
            for key, value in values.items()
        }
        made = usual.model_copy(update=given)
        return "queue.set_businesses", {"businesses": tree.put(rows, made, row.code if row else "")}

    title = _("Business {name}", name=row.name) if row else _("Add a business")
    return Ask(
        context, title, primary=_("Save business"), fields=fields, request=request, done=lambda _n: done()
    ).over(owner)


def ask_skills(
    context: PageContext, owner: QWidget, row: Any, lines: Sequence[tuple[str, str]], done: Done
) -> Ask:
    """What a person can serve; nothing checked is everything."""
    fields = [
        FormField(
            "lines",
            _("Lines"),
            editor=Several(lines),
            value=list(row["codes"]),
            span=2,
            hint=_("None: every line"),
        )
    ]

    def request(values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return "queue.set_skills", {"staff_id": row["id"], "lines": values["lines"]}

    return Ask(
        context, _("What can {name} serve?", name=row["name"]), _("It holds from the next sign-in at a desk on."),
        primary=_("Save skills"), fields=fields, request=request, done=lambda _lines: done(),
    ).over(owner)  # fmt: skip


def ask_remove(
    context: PageContext,
    owner: QWidget,
    name: str,
    request: tuple[str, dict[str, Any]],
    done: Done,
    body: str,
) -> Ask:
    """Take a line or business away."""
    return Ask(
        context, _("Remove {name}?", name=name), body, primary=_("Remove {name}", name=name), kind="danger",
        request=lambda _values: request, done=lambda _n: done(),
    ).over(owner)  # fmt: skip
