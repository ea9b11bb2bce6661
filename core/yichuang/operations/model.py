"""What an operation and a query are: a name, a permission, a request, a handler."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Annotated, Any, Literal, TypeVar, Union

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

L = words.lazy
F = TypeVar("F", bound=Callable[..., Any])
Kind = Literal["operation", "query"]


AnyRequest = Union["Request", Mapping[str, Any], str, None]


class _PrivateMark:
    """Marks a request field that must not reach the journal."""


LARGEST_INTEGER = 2**63 - 1  # what both databases keep
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
)  # a line's end and a tab may stand in a text


def _checked(value: object) -> object:
    """Refuse control characters and lone surrogates in any text, numbers that no database keeps; trim texts' ends."""
    if isinstance(value, str):
        if _UNPRINTABLE.search(value):
            raise ValueError("control character")
        return value.strip()
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise ValueError("number too large")
    if isinstance(value, list | tuple):
        return [_checked(each) for each in value]
    if isinstance(value, dict):
        return {_checked(key): _checked(each) for key, each in value.items()}
    return value


PRIVATE = _PrivateMark()
Private = Annotated[str, BeforeValidator(_checked), PRIVATE]
CleanText = Annotated[str, BeforeValidator(_checked)]


class Request(BaseModel):
    """What the caller asks for: immutable, nothing unknown, no control characters in any text."""

    # Validators are built when first used: hundreds of them, built at import, made the start of a desk slow.
    model_config = ConfigDict(
        frozen=True, extra="forbid", str_max_length=4000, val_json_bytes="base64", defer_build=True
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Every field refuses what cannot be printed or kept, without the author having to say so."""
        super().__pydantic_init_subclass__(**kwargs)
        for item in cls.model_fields.values():
            if not any(isinstance(m, BeforeValidator) for m in item.metadata):
                item.metadata.append(BeforeValidator(_checked))

    @classmethod
    @cache
    def journal_fields(cls) -> list[str]:
        """Names of the fields that the journal may show."""
        return [name for name, item in cls.model_fields.items() if not _is_private(item)]

    def journal_detail(self) -> dict[str, Any]:
        """What the journal may show of this request, also inside the requests that it holds."""
        return {name: _shown(getattr(self, name)) for name in self.journal_fields()}


def _shown(value: object) -> object:
    if isinstance(value, Request):
        return value.journal_detail()
    if isinstance(value, tuple | list):
        return [_shown(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _shown(each) for key, each in value.items()}
    return value


def _is_private(item: FieldInfo) -> bool:
    extra = item.json_schema_extra
    return PRIVATE in item.metadata or (isinstance(extra, dict) and extra.get("journal") is False)


class Nothing(Request):
    """An operation that needs no particulars."""


@dataclass(frozen=True)
class Operation:
    """One thing that can be done (operation) or asked (query).

    Attributes:
        name: `<owner>.<verb_noun>`.
        permission: Permission id, None where nobody need be signed in.
        request: Class of the request; its JSON Schema feeds the command line, the docs and generated forms.
        handler: `(work, request) -> result`, or `(read, request) -> result` for a query.
        prepare: `(read, request) -> value` run before the transaction opens, for heavy work such as signing.
        changes: False for an operation that changes nothing that pages show: those that watch its owner do not ask anew.
    """

    name: str
    kind: Kind
    permission: str | None
    request: type[Request]
    handler: Callable[..., Any]
    title: str = ""
    prepare: Callable[..., Any] | None = None
    owner: str = field(default="", compare=False)
    changes: bool = True

    @property
    def doc(self) -> str:
        """The handler's docstring."""
        return inspect.getdoc(self.handler) or ""

    @cached_property
    def result(self) -> TypeAdapter[Any]:
        """Serialises results for the command line and for keyed retries."""
        return TypeAdapter(typing.get_type_hints(self.handler, include_extras=True)["return"])

    @cached_property
    def _takes_request(self) -> bool:
        return len(inspect.signature(self.handler).parameters) > 1

    def perform(self, context: Any, request: Request) -> Any:
        """Call the handler with its Work or Read; one that asks for no particulars takes no request."""
        return self.handler(context, request) if self._takes_request else self.handler(context)

    def parse(self, request: AnyRequest) -> Request:
        """A request of the right class, from its fields or from JSON text (bytes in base64).

        Raises:
            UserError: BAD_REQUEST naming each wrong field.
        """
        if isinstance(request, self.request):
            return request
        try:
            if isinstance(request, str):
                return self.request.model_validate_json(request)
            return self.request.model_validate({} if request is None else dict(request))
        except ValidationError as error:
            raise _bad_request(self.name, error) from None


def _bad_request(name: str, error: ValidationError) -> UserError:
    problems = [
        {
            "field": ".".join(str(part) for part in e["loc"]) or "request",
            "problem": e["msg"],
            "type": e["type"],
        }
        for e in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    if any("control character" in p["problem"] for p in problems):
        return UserError(
            "BAD_TEXT",
            L(
                "The text of {fields} holds characters that cannot be printed.",
                fields=", ".join(p["field"] for p in problems),
            ),
            do=L("Type the text again instead of pasting it."),
            detail={"operation": name, "problems": problems},
        )
    return UserError(
        "BAD_REQUEST",
        L(
            "These particulars are missing or wrong: {fields}.",
            fields=", ".join(p["field"] for p in problems),
        ),
        do=L("Correct them and try again."),
        detail={"operation": name, "problems": problems},
    )


def _declare(
    kind: Kind,
    name: str,
    permission: str | None,
    title: str,
    prepare: Callable[..., Any] | None = None,
    changes: bool = True,
) -> Callable[[F], F]:
    def attach(handler: F) -> F:
        hints = typing.get_type_hints(handler, include_extras=True)
        parameters = list(inspect.signature(handler).parameters)
        request = hints.get(parameters[1], Nothing) if len(parameters) > 1 else Nothing
        if "return" not in hints:
            raise TypeError(f"{name}: the result needs a type")
        handler.operation = Operation(  # type: ignore[attr-defined]  # how the registry finds it
            name, kind, permission, request, handler, title, prepare, changes=changes
        )
        return handler

    return attach


def operation(
    name: str,
    *,
    permission: str | None,
    title: str = "",
    prepare: Callable[..., Any] | None = None,
    changes: bool = True,
) -> Callable[[F], F]:
    """Declare something that changes the hall's data: one transaction, one journal row.

    With `changes=False` it only leaves its row (somebody looked at something), and no page that watches its owner asks anew.
    """
    return _declare("operation", name, permission, title, prepare, changes)


def query(name: str, *, permission: str | None, title: str = "") -> Callable[[F], F]:
    """Declare something that only reads: a snapshot, no journal row, never unbounded."""
    return _declare("query", name, permission, title)
