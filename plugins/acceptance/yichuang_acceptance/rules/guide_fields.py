"""What a guide of a service item (办事指南) is made of: the national elements and its lists, field by field.

Every value is text in one canonical writing, as the national platform carries it; the names are the columns of its upload
tables. Sources: the platform's task tables, GB/T 39046-2020 table 4 and its code sets A.1 to A.5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from yichuang.api import LazyText, UserError
from yichuang_acceptance.rules.form_fields import BOUND, FORM_KINDS, FORM_SOURCES, KEY, MOST_TEXT
from yichuang_acceptance.rules.retention import TERMS
from yichuang_acceptance.words import words

L = words.lazy
Kind = Literal["text", "area", "json", "day", "whole", "days", "flag", "choice", "many", "codes"]
MOST_DAYS = 3650
MOST_WHOLE = 999_999
SEPARATORS = re.compile("[;；]")
FLAGS = {"1": L("yes"), "0": L("no")}


@dataclass(frozen=True)
class Field:
    """One element, or one column of a list.

    Attributes:
        name: Column of the national platform, or our own where it has none.
        label: What people call it.
        kind: How it is written; `days` may be halves, `many` are several of `options`, `codes` several free codes, `json` is
            an object, kept letter by letter as it was written.
        most: Longest text, characters.
        options: Code to meaning.
        required: Whether a version can be submitted without it.
        pattern: What a text (or each of several codes) must look like.
    """

    name: str
    label: LazyText
    kind: Kind = "text"
    most: int = 200
    options: Mapping[str, LazyText] = field(default_factory=dict)
    required: bool = False
    pattern: str = ""

    def clean(self, text: str) -> str:
        """The canonical writing of a value, "" for none.

        Raises:
            UserError: VALUE_WRONG or CODE_WRONG with the reason.
        """
        text = text.strip()
        if not text:
            return ""
        if self.kind in ("text", "area"):
            return self._clean_text(text)
        if self.kind == "json":
            return _check_object(self._clean_text(text))
        if self.kind in ("many", "codes"):
            parts = dict.fromkeys(part.strip() for part in SEPARATORS.split(text))
            parts.pop("", None)
            cleaned = [self._clean_part(part) for part in parts]
            return ";".join(sorted(set(cleaned)) if self.kind == "many" else cleaned)
        if self.kind in ("choice", "flag"):
            return self._clean_part(text)
        return _clean_day(text) if self.kind == "day" else _clean_number(text, halves=self.kind == "days")

    def _clean_text(self, text: str) -> str:
        if len(text) > self.most:
            raise _wrong(L("This may have up to {n} characters.", n=self.most))
        if text.startswith("="):
            raise _wrong(L("A text must not begin with =; a spreadsheet would calculate it."))
        if self.kind == "text" and ("\n" in text or "\t" in text):
            raise _wrong(L("This must be one line."))
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise _wrong(L("The code {code} has the wrong form.", code=text), "CODE_WRONG")
        return text

    def _clean_part(self, text: str) -> str:
        if self.kind == "codes":
            if re.fullmatch(self.pattern, text):
                return text
            raise _wrong(L("The code {code} has the wrong form.", code=text), "CODE_WRONG")
        options = self.meanings()
        for code, meaning in options.items():
            if text == code or text in (meaning.in_language("en"), meaning.in_language("zh_CN")):
                return code
        allowed = ", ".join(f"{code} {meaning}" for code, meaning in options.items())
        raise _wrong(L("This must be one of: {allowed}.", allowed=allowed))

    def meanings(self) -> Mapping[str, LazyText]:
        """Codes to meanings; none for free text."""
        return FLAGS if self.kind == "flag" else self.options

    def meaning(self, value: str) -> str:
        """A canonical value as people read it, in the current language."""
        options = self.meanings()
        if not options:
            return value
        return "、".join(str(options.get(part, part)) for part in value.split(";") if part)


def _wrong(reason: LazyText, code: str = "VALUE_WRONG") -> UserError:
    return UserError(code, reason)


def _check_object(text: str) -> str:
    """Let only a JSON object through that every reader understands alike."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a name stands twice")
        return found

    try:
        found = json.loads(text, object_pairs_hook=unique)
        json.dumps(
            found, ensure_ascii=False, allow_nan=False
        ).encode()  # NaN and halves of characters are no JSON
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _wrong(L("This must be a JSON object, such as {example}.", example='{"name": "value"}'))
    return text


def _clean_day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _wrong(L("A day is written year-month-day, such as 2026-03-17.")) from None


def _clean_number(text: str, *, halves: bool) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    most, parts = (MOST_DAYS, 2) if halves else (MOST_WHOLE, 1)
    if (
        not number.is_finite()
        or not 0 <= number <= most
        or number * parts != (number * parts).to_integral_value()
    ):
        said = L("A limit is a number of days or half days up to {n}.", n=most)
        raise _wrong(said if halves else L("This must be a whole number up to {n}.", n=most))
    return f"{number.normalize():f}"


LEVELS = {
    "1": L("state"), "2": L("province"), "3": L("city"), "4": L("county"), "5": L("township"), "6": L("village"),
    "7": L("several levels"),
}  # fmt: skip
ORGAN_KINDS = {
    "1": L("statutory organ"), "2": L("authorised organisation"), "3": L("entrusted organisation"), "9": L("other"),
}  # fmt: skip
POWER_SOURCES = {
    "1": L("own by law"), "2": L("delegated from above"), "3": L("authorised from above"), "4": L("authorised by a peer"),
    "5": L("entrusted from above"), "6": L("entrusted by a peer"),
}  # fmt: skip
SERVED = {
    "1": L("natural persons"), "2": L("enterprises"), "3": L("institutions"), "4": L("social organisations"),
    "5": L("authorities"), "6": L("other organisations"),
}  # fmt: skip
PROJECT_TYPES = {"1": L("immediate item"), "2": L("committed item"), "9": L("other")}
HANDLE_MODES = {"1": L("decided here"), "2": L("first examination"), "3": L("joint"), "4": L("passed on")}
UNITS = {"W": L("working days"), "D": L("days"), "H": L("hours")}
WAYS = {"1": L("window"), "2": L("computer"), "3": L("mobile phone"), "4": L("express mail"), "9": L("other")}
DEPTHS = {"1": L("level I"), "2": L("level II"), "3": L("level III"), "4": L("level IV")}
AREAS = {"1": L("nationwide"), "2": L("across provinces"), "3": L("across cities"), "4": L("across counties")}
RESULT_TYPES = {"10": L("licence"), "20": L("approval document"), "30": L("other")}
MATERIAL_TYPES = {"1": L("licence or proof"), "2": L("application document"), "3": L("other")}
FORMATS = {"1": L("paper"), "2": L("electronic"), "3": L("paper or electronic")}
NEEDS = {"1": L("required"), "2": L("not required"), "3": L("may follow")}
SOURCES = {"10": L("applicant's own"), "20": L("issued by government"), "99": L("other")}
STEPS = {
    "accept": L("acceptance"), "investigate": L("examination"), "decide": L("decision"),
    "accreditation": L("certificate"), "delivery": L("delivery"), "addressee": L("receipt"),
}  # fmt: skip
LIST_KINDS = {
    "1": L("licence list"), "2": L("public services"), "3": L("intermediary services"), "4": L("proofs"),
    "5": L("one matter at once"), "9": L("other"),
}  # fmt: skip
PERIODS = {"Y": L("in a year"), "M": L("in a month"), "E": L("in all")}
PROCEDURES = {"1": L("extension"), "2": L("other than extension")}

_TOPIC = r"[0-9A-Za-z]{1,20}"
ELEMENTS: dict[str, tuple[Field, ...]] = {
    "names": (
        Field("task_name", L("Item name"), required=True),
        Field("name_mn", L("Mongolian name")),
        Field("aliases", L("Other names"), "codes", pattern=r"[^;；\n\t]{1,200}"),
        Field("main_name", L("Main item")),
        Field("sub_name", L("Sub-item")),
        Field("local_catalog_code", L("Local basic code"), pattern=r"[0-9A-Za-z-]{1,64}"),
        Field("local_task_code", L("Local implementation code"), pattern=r"[0-9A-Za-z-]{1,64}"),
        Field("task_handle_item", L("Handling item code"), pattern=r"[0-9A-Z]{33,50}"),
        Field("list_type", L("List"), "many", options=LIST_KINDS),
        Field("user_topic_type", L("Topics for persons"), "codes", pattern=_TOPIC),
        Field("corp_topic_type", L("Topics for organisations"), "codes", pattern=_TOPIC),
    ),
    "organ": (
        Field("use_level", L("Level of exercise"), "choice", options=LEVELS, required=True),
        Field("auth_scope", L("Division of authority"), "area", 1000),
        Field("exercise", L("What is exercised"), "area", 1000),
        Field("dept_type", L("Kind of organ"), "choice", options=ORGAN_KINDS),
        Field("entrust_name", L("Entrusting organ")),
        Field("other_dept", L("Joint organs")),
        Field("undertake_dept", L("Undertaking unit")),
        Field("power_source", L("Source of power"), "choice", options=POWER_SOURCES),
    ),
    "handling": (
        Field("server_type", L("Who is served"), "many", options=SERVED, required=True),
        Field("project_type", L("Kind of case"), "choice", options=PROJECT_TYPES, required=True),
        Field("handle_mode", L("Mode of handling"), "choice", options=HANDLE_MODES),
        Field("anticipate_day", L("Statutory limit"), "days"),
        Field("anticipate_type", L("Unit of the statutory limit"), "choice", options=UNITS),
        Field("anticipate_explain", L("About the statutory limit"), "area", 1000),
        Field("promise_day", L("Promised limit"), "days"),
        Field("promise_type", L("Unit of the promised limit"), "choice", options=UNITS),
        Field("promise_explain", L("About the promised limit"), "area", 1000),
        Field("accept_condition", L("Conditions of acceptance"), "area", 4000),
        Field("handle_flow", L("Course of handling"), "area", 4000),
        Field("limit_explain", L("Limit of number"), "area", 1000),
        Field("quota", L("At most granted"), "whole"),
        Field("quota_period", L("Counted"), "choice", options=PERIODS),
        Field("discretion", L("Standard of discretion"), "area", 4000),
        Field("annual_check", L("Yearly inspection"), "area", 1000),
        Field("difficulty", L("Weight of work"), "whole"),
    ),
    "service": (
        Field("handle_type", L("Ways to apply"), "many", options=WAYS),
        Field("online_handle_depth", L("Depth of online handling"), "choice", options=DEPTHS),
        Field("online_handle_url", L("Online address"), pattern=r"https?://\S+"),
        Field("limit_scene_num", L("Trips to the hall"), "whole"),
        Field("limit_scene_explain", L("Why a trip is needed"), "area", 1000),
        Field("is_entry_center", L("In the hall"), "flag"),
        Field("transact_addr", L("Place")),
        Field("transact_time", L("Hours")),
        Field("link_way", L("Enquiries")),
        Field("supervise_way", L("Supervision")),
        Field("is_pay_online", L("Payment online"), "flag"),
        Field("is_express", L("By mail"), "flag"),
        Field("is_schedule", L("Appointments"), "flag"),
        Field("is_service_terminals", L("Self-service terminals"), "flag"),
        Field("handle_area", L("Handled across areas"), "many", options=AREAS),
        Field("allow_tolerance", L("Materials may follow"), "flag"),
        Field("allow_promise", L("Promise instead of proof"), "flag"),
        Field("allow_agent", L("By an agent"), "flag"),
        Field("allow_help", L("With help"), "flag"),
        Field("service_type", L("Intermediary services"), "area", 1000),
        Field("ext_system", L("Connected system")),
        Field("extend_field", L("Extension of the exchange (JSON)"), "json", 2000),
        Field("form_schema_id", L("Application form")),
    ),
    "result": (
        Field("result_name", L("Result")),
        Field("result_type", L("Kind of result"), "choice", options=RESULT_TYPES),
        Field("result_licence", L("Licence type of the result"), pattern=r"[0-9A-Z]{21}"),
        Field("result_guid", L("Sample of the result")),
        Field("result_validity", L("Validity of the result")),
        Field("keep_term", L("Files are kept"), "choice", options=TERMS),
    ),
    "fees": (
        Field("is_fee", L("A fee is charged"), "flag", required=True),
        Field("fee_basis", L("Basis of the fee"), "area", 1000),
    ),
    "term": (
        Field("plan_effective_date", L("Takes effect on"), "day"),
        Field("plan_cancel_date", L("Last day"), "day"),
    ),
}
GROUPS: dict[str, LazyText] = {
    "names": L("Names and codes"), "organ": L("Organ"), "handling": L("Handling and limits"), "service": L("Service"),
    "result": L("Result"), "fees": L("Fees"), "term": L("Term of this version"),
}  # fmt: skip
BY_NAME: dict[str, Field] = {each.name: each for group in ELEMENTS.values() for each in group}

_CONDITION = r"[A-Za-z0-9_]+=[^=&|]+(\|[^=&|]+)*"
_NAME = Field("name", L("Designation"), required=True)
LISTS: dict[str, tuple[Field, ...]] = {
    "laws": (
        _NAME,
        Field("article", L("Article")),
        Field("number", L("Document number")),
        Field("content", L("Content"), "area", 4000),
    ),
    "materials": (
        Field("material_code", L("Material code"), required=True, pattern=r"[A-Za-z0-9_-]{1,32}"),
        Field("material_name", L("Material name"), required=True),
        Field("is_need", L("Necessity"), "choice", options=NEEDS, required=True),
        Field("situation_expr", L("Situation"), pattern=rf"{_CONDITION}(&{_CONDITION})*"),
        Field("page_num", L("Originals"), "whole"),
        Field("page_copynum", L("Copies"), "whole"),
        Field("licence_type", L("Licence types instead"), "codes", pattern=r"[0-9A-Z]{21}"),
        Field("share_api", L("Shared data instead")),
        Field("material_type", L("Kind of material"), "choice", options=MATERIAL_TYPES),
        Field("material_format", L("Form of material"), "choice", options=FORMATS),
        Field("page_format", L("Paper size")),
        Field("source_type", L("Source"), "choice", options=SOURCES),
        Field("source_explain", L("About the source")),
        Field("by_law", L("Legal basis"), "area", 1000),
        Field("accept_stand", L("Standard of acceptance"), "area", 1000),
        Field("fill_explain", L("How to fill it in"), "area", 1000),
        Field("form_guid", L("Blank form")),
        Field("example_guid", L("Example")),
        Field("valid_days", L("Valid days"), "whole"),
    ),
    "situations": (
        Field("code", L("Question code"), required=True, pattern=r"[A-Za-z0-9_]{1,20}"),
        Field("question", L("Question"), required=True),
        Field("options", L("Answers, separated by semicolons"), "codes", pattern=r"[^=&|;；\n\t]{1,40}", required=True),
    ),
    "form": (
        Field("label", L("Title of the field"), required=True),
        Field("field", L("Field name"), required=True, pattern=KEY.pattern),
        Field("kind", L("Kind of field"), "choice", options=FORM_KINDS, required=True),
        Field("needed", L("Must be filled in"), "flag"),
        Field("options", L("Answers, separated by semicolons"), "codes", pattern=r"[^;；\n\t]{1,80}"),
        Field("source", L("Where it comes from"), "choice", options=FORM_SOURCES),
        Field("from_licence", L("Type of the licence"), pattern=r"[0-9A-Z]{21}"),
        Field("licence_content", L("What of the licence"), pattern=r"[^.;；\s]{1,40}"),
        Field("shared_key", L("Name shared by the items of a matter"), pattern=KEY.pattern),
        Field("span", L("Columns"), "whole"),
        Field("least", L("Smallest, or shortest"), pattern=BOUND.pattern),
        Field("most", L("Largest, or longest"), pattern=BOUND.pattern),
        Field("hint", L("How to fill it in"), most=MOST_TEXT),
    ),
    "steps": (
        Field("step", L("Step"), "choice", options=STEPS, required=True),
        Field("node", L("Node")),
        Field("transactor", L("Who handles it")),
        Field("limit", L("Limit")),
        Field("check_standard", L("Points of review"), "area", 4000),
        Field("result", L("Outcome of the step")),
    ),
    "fees": (
        _NAME,
        Field("standard", L("Standard"), required=True),
        Field("basis", L("Basis of the fee"), "area", 1000, required=True),
        Field("reduce", L("Reductions"), "area", 1000),
    ),
    "special": (
        _NAME,
        Field("kind", L("Kind of procedure"), "choice", options=PROCEDURES),
        Field("limit", L("Limit")),
        Field("law", L("Legal basis"), "area", 1000),
    ),
    "towns": (
        Field("town_code", L("Township code"), required=True, pattern=r"[0-9]{9}|[0-9]{12}"),
        Field("town_name", L("Township"), required=True),
        Field("issue_place", L("Results are issued at"), required=True),
    ),
    "companions": (
        Field("task_code", L("Implementation code"), required=True, pattern=r"[0-9A-Za-z_-]{1,64}"),
        Field("name", L("Designation")),
        Field("list_type", L("List"), "choice", options=LIST_KINDS),
    ),
    "questions": (
        Field("question", L("Question"), required=True),
        Field("answer", L("Explanation"), "area", 4000, required=True),
    ),
}  # fmt: skip
LIST_TITLES: dict[str, LazyText] = {
    "laws": L("Legal basis"), "materials": L("Materials"), "situations": L("Situations"),
    "form": L("Fields of the application form"), "steps": L("Course and points of review"), "fees": L("Fees"),
    "special": L("Special procedures"),
    "towns": L("Townships that may accept it"), "companions": L("Items usually done with it"),
    "questions": L("Frequent questions"),
}  # fmt: skip
KEYS: dict[str, tuple[str, ...]] = {
    "laws": ("name", "article"), "materials": ("material_code",), "situations": ("code",), "form": ("field",),
    "steps": ("step", "node"),
    "fees": ("name",), "special": ("name",), "towns": ("town_code",), "companions": ("task_code",),
    "questions": ("question",),
}  # fmt: skip
"""What tells the rows of a list apart."""
MOST_ROWS = 200
