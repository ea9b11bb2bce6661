"""The rows of the national exchange tables, made of cases, their events, materials, suspensions and extensions.

A case is told of once it was accepted, or ended without that: the platform takes no row without an `accept_date`. Likewise a
special procedure that is open-ended waits for its end; one with a planned end goes out with that, and again when it ended.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from yichuang.api import Read, hall, in_language, or_, reveal_applicant_code, select
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations.forms import fields_for
from yichuang_acceptance.rules import exchange as rules
from yichuang_acceptance.rules.exchange import TABLES
from yichuang_acceptance.rules.exchange_codes import SETTING, codes_of, theirs
from yichuang_acceptance.rules.exchange_columns import COLUMNS
from yichuang_acceptance.rules.machine import EVENT_NAMES, Event
from yichuang_acceptance.rules.names import NOTES
from yichuang_acceptance.rules.pauses import KINDS
from yichuang_acceptance.rules.reach import Reach, of_form

MOST_SAID = COLUMNS["up_pro_process"]["handle_explain"].most
DEFECT = "；"  # between the defects of a correction, see `operations.window`
BY_MAIL = "mail"  # `rules.serving.Way`
_c, _e = t.case.c, t.event.c


@dataclass(frozen=True)
class Row:
    """A row of a national table as it is now.

    Attributes:
        values: Those of the table's own columns, in their order; what every table has (`rules.COMMON`) comes with the batch.
    """

    table: str
    guid: str
    case_id: int
    values: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The same for the same values."""
        return hashlib.sha256("\x1f".join(self.values).encode()).hexdigest()


def begun_by(end: datetime) -> tuple[Any, ...]:
    """Which suspensions have a row: begun, and their end is known or planned."""
    s = t.suspension.c
    return s.began_at <= end, or_(s.planned_end.is_not(None), s.ended_at <= end)


class Projection:
    """The rows of some cases as of a moment, read with one statement a table.

    Attributes:
        numbers: The cases' numbers, by id.
    """

    numbers: dict[int, str]

    def __init__(self, read: Read, end: datetime, *, with_codes: bool) -> None:
        self._read, self._end, self._with_codes = read, end, with_codes
        self._codes = codes_of(read.setting(SETTING, ""))
        self._rows: list[Row] = []
        self.numbers = {}

    def rows(self, ids: list[int]) -> list[Row]:
        """The rows of five tables."""
        self._rows = []
        found = self._read.all(select(t.case).where(_c.id.in_(ids)).order_by(_c.id))
        self.numbers = {row.id: row.case_no for row in found}
        events = self._by_case(t.event, ids, _e.seq, _e.at <= self._end)
        answered = {row.id: self._answered_at(row, events[row.id]) for row in found}
        cases = {row.id: row for row in found if answered[row.id] is not None}
        ids = list(cases)
        self._accepts(cases, answered)
        rated, named, mailed = self._satisfaction(ids), self._results(cases.values()), self._mailed(ids)
        for case in cases.values():
            self._processes(case, events[case.id])
            result = named.get((case.item, case.item_version)) or case.item_name
            self._result(case, events[case.id], rated.get(case.id, ""), result, by_mail=case.id in mailed)
        self._specials(cases)
        for case_id, materials in self._by_case(t.material, ids, t.material.c.position).items():
            for material in materials:
                self._material(cases[case_id], material)
        return self._rows

    def _answered_at(self, case: Any, events: list[Any]) -> datetime | None:
        """When the case was accepted, or ended without that; None while the applicant waits for either."""
        if case.accepted_at is not None and case.accepted_at <= self._end:
            return case.accepted_at  # type: ignore[no-any-return]  # a table row
        event = _result_of(events)
        return None if event is None else event.at

    def _satisfaction(self, ids: list[int]) -> dict[int, str]:
        """What applicants said of their cases, 1 to 5; defaults that time set are nobody's word."""
        r = a.rating.c
        said = r.case_id.in_(ids), r.level.is_not(None), r.is_default.is_(False), r.rated_at <= self._end
        return {
            row.case_id: str(row.level) for row in self._read.all(select(r.case_id, r.level).where(*said))
        }

    def _mailed(self, ids: list[int]) -> set[int]:
        """The cases whose results went by mail."""
        d = t.delivery.c
        asked = select(d.case_id).where(d.case_id.in_(ids), d.mode == BY_MAIL, d.at <= self._end)
        return {row.case_id for row in self._read.all(asked)}

    def _results(self, cases: Iterable[Any]) -> dict[tuple[str, int], str]:
        """What the items' results are called, by item and version."""
        v = hall.item_version.c
        asked = select(v.item, v.version, v.result).where(v.item.in_({case.item for case in cases}))
        return {(row.item, row.version): row.result for row in self._read.all(asked)}

    def _by_case(self, table: Any, ids: list[int], order: Any, *more: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        asked = select(table).where(table.c.case_id.in_(ids), *more).order_by(table.c.case_id, order)
        for row in self._read.all(asked):
            found[row.case_id].append(row)
        return found

    def _add(self, table: str, case: Any, key: tuple[object, ...], **values: object) -> None:
        columns = [column for column in TABLES[table] if column not in rules.COMMON]
        made = tuple(theirs(self._codes, column, str(values.pop(column))) for column in columns)
        assert not values, f"columns that the table does not have: {list(values)}"
        self._rows.append(Row(table, rules.row_guid(table, *key), case.id, made))

    def _accepts(self, cases: dict[int, Any], answered: dict[int, Any]) -> None:
        people = self._people(cases)
        basics = {
            row.code: row.basic_code
            for row in self._read.all(
                select(hall.item.c.code, hall.item.c.basic_code).where(
                    hall.item.c.code.in_({c.item for c in cases.values()})
                )
            )
        }
        notices = {
            row.case_id: row.number
            for row in self._read.all(
                select(t.paper.c.case_id, t.paper.c.number).where(
                    t.paper.c.case_id.in_(list(cases)), t.paper.c.kind == "D3"
                )
            )
        }
        reached = self._reached(cases)
        for case in cases.values():
            kind, code = people.get(case.applicant_id, ("", ""))
            agent_kind, agent_code = people.get(case.agent_id, ("", ""))
            self._add(
                "up_pro_accept", case, (case.case_no,),
                project_no=case.case_no, catalog_code=basics.get(case.item, ""), task_code=case.item, task_name=case.item_name,
                task_version=case.item_version, project_name=case.project or case.item_name, apply_type=rules.AT_WINDOW,
                apply_date=rules.stamp(case.received_at), applyer_type=rules.APPLICANT_CODES.get(case.applicant_kind, ""),
                applyer_name=case.applicant_name, applyer_page_type=kind, applyer_page_code=code,
                contact_name=case.agent_name or case.applicant_name, contact_type=agent_kind or kind,
                contact_code=agent_code or code, contact_mobile=rules.mobile(case.phone), **reached[case.id],
                org_name=case.agency_name, org_code=case.agency, handle_user_name=case.acceptor_name,
                accept_date=rules.stamp(answered[case.id]), accept_doc_no=notices.get(case.id, ""),
                promise_date=rules.stamp(case.promise_due_at),
                project_type=rules.KIND_CODES.get(case.item_kind, rules.OTHER_KIND),
            )  # fmt: skip

    def _reached(self, cases: dict[int, Any]) -> dict[int, dict[str, str]]:
        """Legal representative, address and postcode of each case's applicant: as typed at the window, else as its form says."""
        forms = {
            key: fields_for(self._read, *key) for key in {(c.item, c.item_version) for c in cases.values()}
        }
        return {
            case.id: asdict(
                Reach(case.legal, case.address, case.zip).or_else(
                    of_form(forms[case.item, case.item_version], case.form, case.applicant_kind)
                )
            )
            for case in cases.values()
        }

    def _people(self, cases: dict[int, Any]) -> dict[int, tuple[str, str]]:
        ids = {case.applicant_id for case in cases.values()} | {
            c.agent_id for c in cases.values() if c.agent_id
        }
        p = hall.applicant.c
        rows = self._read.all(select(p.id, p.code_kind, p.code_masked).where(p.id.in_(ids)))
        if self._with_codes:
            return {row.id: (row.code_kind, reveal_applicant_code(self._read, row.id)) for row in rows}
        return {row.id: (row.code_kind, row.code_masked) for row in rows}

    def _processes(self, case: Any, events: list[Any]) -> None:
        before: datetime = case.received_at
        for event in events:
            if event.event in NOTES or event.event == Event.RATE:
                continue  # no step of the proceedings
            said = event.payload if event.event == Event.OPINION else {}
            act = rules.PROCESS_NAMES.get(event.event, rules.OTHER_PROCESS)
            name = said.get("name") or in_language(EVENT_NAMES[Event(event.event)], "zh_CN")
            self._add(
                "up_pro_process", case, (case.case_no, event.seq),
                project_no=case.case_no, event_name=rules.OUTCOMES.get(said.get("outcome", ""), act),
                process_name=name, handle_user_name=event.staff_name or rules.BY_ITSELF,
                handle_explain=_said(event) or name, event_start=rules.stamp(before), event_end=rules.stamp(event.at),
            )  # fmt: skip
            before = event.at

    def _result(self, case: Any, events: list[Any], satisfaction: str, name: str, *, by_mail: bool) -> None:
        event = _result_of(events)
        if event is None:
            return
        number = case.licence_code or case.certificate_no
        self._add(
            "up_pro_result", case, (case.case_no,),
            project_no=case.case_no, handle_user=event.staff_name, result_date=rules.stamp(event.at),
            result_type=rules.RESULTS[event.event], result_explain=event.opinion, result_cetr_name=name if number else "",
            result_cetr_no=number, is_delivery_results="1" if by_mail else "0",
            satisfaction=satisfaction,
        )  # fmt: skip

    def _specials(self, cases: dict[int, Any]) -> None:
        for case_id, key, values in self._procedures(list(cases)):
            case = cases[case_id]
            self._add(
                "up_pro_special_procedure", case, (case.case_no, *key),
                project_no=case.case_no, applyer_user_name=case.applicant_name, **values,
            )  # fmt: skip

    def _procedures(self, ids: list[int]) -> Iterator[tuple[int, tuple[object, ...], dict[str, object]]]:
        pauses = self._by_case(t.suspension, ids, t.suspension.c.id, *begun_by(self._end))
        for case_id, each in pauses.items():
            for pause in each:
                ended = pause.ended_at if pause.ended_at is not None and pause.ended_at <= self._end else None
                yield case_id, ("pause", pause.id), {
                    "special_type": rules.OTHER_PROCEDURE, "special_name": KINDS[pause.kind].title,
                    "special_time": rules.stamp(pause.began_at), "special_reason": pause.reason,
                    "end_time": rules.stamp(ended) or rules.end_of(pause.planned_end), "result": pause.result if ended else "",
                    "special_explain": pause.basis, "handle_user": pause.staff_name,
                }  # fmt: skip
        for case_id, each in self._by_case(
            t.extension, ids, t.extension.c.id, t.extension.c.at <= self._end
        ).items():
            for longer in each:
                yield case_id, ("extension", longer.id), {
                    "special_type": rules.EXTENSION, "special_name": "延长审批", "special_time": rules.stamp(longer.at),
                    "special_reason": longer.reason, "end_time": rules.stamp(longer.new_due_at), "result": str(longer.days),
                    "special_explain": longer.approver, "handle_user": longer.staff_name,
                }  # fmt: skip

    def _material(self, case: Any, material: Any) -> None:
        file = rules.attachment_name(case.case_no, material.position, material.pages)
        self._add(
            "up_pro_material", case, (case.case_no, material.position),
            project_no=case.case_no, material_name=material.name, attach_name=file,
            get_type=rules.GIVEN_CODES.get(material.given, ""), get_num=material.originals + material.copies,
        )  # fmt: skip


def _said(event: Any) -> str:
    """What was said of a step; of many defects, told in one notice, how many they are."""
    said: str = event.opinion
    if event.event == Event.CORRECT and len(said) > MOST_SAID:
        return f"共{said.count(DEFECT) + 1}项，详见补正材料一次性告知书。"
    return said


def _result_of(events: list[Any]) -> Any:
    """The last event that brought a result, None where none did."""
    return next((event for event in reversed(events) if event.event in rules.RESULTS), None)
