"""Whether an item is handled by notice and commitment (告知承诺): for which proofs, under which conditions, how it is checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import FormField, PageContext
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.words import words

_ = words.text
Done = Callable[[Any], None]
DAYS = 60  # two months, unless the item says otherwise
MOST_DAYS = 730


def ask_promise_item(owner: QWidget, context: PageContext, item: str, name: str, done: Done) -> None:
    """Fetch what holds and ask what shall hold."""

    def with_item(detail: Any) -> None:
        context.query(
            "acceptance.promise_item",
            {"item": item},
            done=lambda now: _dialog(context, detail, name, now, done).over(owner),
        )

    context.query("hall.item", {"code": item}, done=with_item)


def _dialog(context: PageContext, item: Any, name: str, now: Any, done: Done) -> ActDialog:
    held = now.positions if now is not None else []
    ways = [("allowed", _("a promise may stand for proofs")), ("not", _("proofs are asked for"))]
    fields = [
        FormField("way", _("Commitment"), kind="segmented", choices=ways, value="allowed" if now else "not",
                  required=True, span=2),
        *(
            FormField(f"m{m.position}", m.name, kind="check", value=m.position in held, span=2,
                      placeholder=_("A promise may stand for it"))
            for m in item.materials
        ),
        FormField("conditions", _("Conditions, as the applicant reads them"), kind="area", span=2,
                  value=now.conditions if now else ""),
        FormField("days", _("Checked within days after the grant"), kind="number", value=now.days if now else DAYS,
                  check=_check_days),
        FormField("at_once", _("Decision"), kind="check", value=bool(now and now.at_once), placeholder=_("Granted on the spot")),
    ]  # fmt: skip

    def act(values: dict[str, Any], refused: Any, finished: Any) -> str | None:
        if values["way"] == "not":
            if now is None:
                finished(None)
            else:
                context.run("acceptance.forbid_promise", {"item": item.code}, done=finished, failed=refused)
            return None
        chosen = [m.position for m in item.materials if values[f"m{m.position}"]]
        if not chosen:
            return _("Choose for which proof a promise may stand.")
        if not values["conditions"].strip():
            return _("Write what must be so.")
        request = {
            "item": item.code, "positions": chosen, "conditions": values["conditions"], "days": int(values["days"]),
            "at_once": bool(values["at_once"]),
        }  # fmt: skip
        context.run("acceptance.allow_promise", request, done=finished, failed=refused)
        return None

    facts = [(_("Set"), f"{now.staff}　{stamp(now.at)}")] if now is not None else []
    return ActDialog(
        _("Notice and commitment"), _("{name}: promises that were given stay as they were.", name=name), primary=_("Save"),
        fields=fields, facts=facts, act=act, done=done,
    )  # fmt: skip


def _check_days(value: Any) -> str | None:
    return None if 1 <= value <= MOST_DAYS and value == int(value) else _("Write 1 to {n} days.", n=MOST_DAYS)
