"""The only package a plugin may import (and `yichuang.api.ui`, `yichuang.api.documents`). Names load on first use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import (
        BigInteger,
        Boolean,
        CheckConstraint,
        Column,
        Date,
        ForeignKey,
        ForeignKeyConstraint,
        Index,
        Integer,
        LargeBinary,
        Numeric,
        PrimaryKeyConstraint,
        Table,
        Text,
        UniqueConstraint,
        and_,
        bindparam,
        case,
        delete,
        exists,
        func,
        insert,
        literal,
        not_,
        or_,
        select,
        text,
        tuple_,
        union_all,
        update,
    )
    from sqlalchemy.exc import IntegrityError

    from yichuang.api.context import Claim, CommandContext, Context
    from yichuang.api.hooks import (
        Fact,
        FactQuery,
        Figure,
        Finding,
        LicenceDraft,
        LicenceQuery,
        LicenceRef,
        LicenceSummary,
        MaterialClaim,
        MaterialFinding,
        SearchHit,
        ShownFile,
        StampReceipt,
        StampRequest,
        StampTicket,
        Todo,
        hookimpl,
    )
    from yichuang.devices import speech, strokes
    from yichuang.documents import strip as strips
    from yichuang.hall import calendar, identifiers, pinyin
    from yichuang.hall import model as hall_model
    from yichuang.hall.errors import AWAY, UserError
    from yichuang.hall.import_files import read_rows
    from yichuang.hall.words import LazyText, Words, current_language, in_language
    from yichuang.identity.actor import Actor
    from yichuang.identity.hall_keys import IdentityCipher
    from yichuang.identity.secrets import Secrets
    from yichuang.journal.entries import JournalEntry, entries_about
    from yichuang.operations import item_terms
    from yichuang.operations.hall_data import ItemDetail, ItemRow, MaterialRow
    from yichuang.operations.model import CleanText, Private, Request, operation, query
    from yichuang.operations.people import (
        KnownApplicant,
        applicant_of,
        find_applicant,
        holder_digest,
        keep_applicant,
        reveal_applicant_code,
    )
    from yichuang.operations.work import HALL_ZONE, Read, Work
    from yichuang.storage import hall_tables as hall
    from yichuang.storage.desk_file import DeskFile
    from yichuang.storage.migrate import append_only
    from yichuang.storage.prepared import prepare
    from yichuang.storage.schema import Id, IdColumn, Json, UtcDateTime, canonical_json, metadata

_SQLALCHEMY = (
    "BigInteger Boolean CheckConstraint Column Date ForeignKey ForeignKeyConstraint Index Integer LargeBinary "
    "Numeric PrimaryKeyConstraint Table Text UniqueConstraint and_ bindparam case delete exists func insert literal "
    "not_ or_ select text tuple_ union_all update"
)
_HOOKS = (
    "Fact FactQuery Figure Finding LicenceDraft LicenceQuery LicenceRef LicenceSummary MaterialClaim MaterialFinding SearchHit "
    "ShownFile StampReceipt StampRequest StampTicket Todo hookimpl"
)
_WHERE: dict[str, str] = {
    **dict.fromkeys(_SQLALCHEMY.split(), "sqlalchemy"),
    "IntegrityError": "sqlalchemy.exc",
    **dict.fromkeys(_HOOKS.split(), "yichuang.api.hooks"),
    **dict.fromkeys(("Claim", "CommandContext", "Context"), "yichuang.api.context"),
    "AWAY": "yichuang.hall.errors",
    "UserError": "yichuang.hall.errors",
    "DeskFile": "yichuang.storage.desk_file",
    "read_rows": "yichuang.hall.import_files",
    **dict.fromkeys(("LazyText", "Words", "current_language", "in_language"), "yichuang.hall.words"),
    "Actor": "yichuang.identity.actor",
    "IdentityCipher": "yichuang.identity.hall_keys",
    "Secrets": "yichuang.identity.secrets",
    **dict.fromkeys(("JournalEntry", "entries_about"), "yichuang.journal.entries"),
    **dict.fromkeys(("CleanText", "Private", "Request", "operation", "query"), "yichuang.operations.model"),
    **dict.fromkeys(("ItemDetail", "ItemRow", "MaterialRow"), "yichuang.operations.hall_data"),
    **dict.fromkeys(
        (
            "KnownApplicant",
            "applicant_of",
            "find_applicant",
            "holder_digest",
            "keep_applicant",
            "reveal_applicant_code",
        ),
        "yichuang.operations.people",
    ),
    **dict.fromkeys(("HALL_ZONE", "Read", "Work"), "yichuang.operations.work"),
    "append_only": "yichuang.storage.migrate",
    "prepare": "yichuang.storage.prepared",
    **dict.fromkeys(
        ("Id", "IdColumn", "Json", "UtcDateTime", "canonical_json", "metadata"), "yichuang.storage.schema"
    ),
}
_MODULES = {
    "calendar": "yichuang.hall.calendar",
    "identifiers": "yichuang.hall.identifiers",
    "pinyin": "yichuang.hall.pinyin",
    "hall": "yichuang.storage.hall_tables",
    "hall_model": "yichuang.hall.model",
    "item_terms": "yichuang.operations.item_terms",
    "speech": "yichuang.devices.speech",
    "strips": "yichuang.documents.strip",
    "strokes": "yichuang.devices.strokes",
}

__all__ = [
    "AWAY",
    "HALL_ZONE",
    "Actor",
    "BigInteger",
    "Boolean",
    "CheckConstraint",
    "Claim",
    "CleanText",
    "Column",
    "CommandContext",
    "Context",
    "Date",
    "DeskFile",
    "Fact",
    "FactQuery",
    "Figure",
    "Finding",
    "ForeignKey",
    "ForeignKeyConstraint",
    "Id",
    "IdColumn",
    "IdentityCipher",
    "Index",
    "Integer",
    "IntegrityError",
    "ItemDetail",
    "ItemRow",
    "JournalEntry",
    "Json",
    "KnownApplicant",
    "LargeBinary",
    "LazyText",
    "LicenceDraft",
    "LicenceQuery",
    "LicenceRef",
    "LicenceSummary",
    "MaterialClaim",
    "MaterialFinding",
    "MaterialRow",
    "Numeric",
    "PrimaryKeyConstraint",
    "Private",
    "Read",
    "Request",
    "SearchHit",
    "Secrets",
    "ShownFile",
    "StampReceipt",
    "StampRequest",
    "StampTicket",
    "Table",
    "Text",
    "Todo",
    "UniqueConstraint",
    "UserError",
    "UtcDateTime",
    "Words",
    "Work",
    "and_",
    "append_only",
    "applicant_of",
    "bindparam",
    "calendar",
    "canonical_json",
    "case",
    "current_language",
    "delete",
    "entries_about",
    "exists",
    "find_applicant",
    "func",
    "hall",
    "hall_model",
    "holder_digest",
    "hookimpl",
    "identifiers",
    "in_language",
    "insert",
    "item_terms",
    "keep_applicant",
    "literal",
    "metadata",
    "not_",
    "operation",
    "or_",
    "pinyin",
    "prepare",
    "query",
    "read_rows",
    "reveal_applicant_code",
    "select",
    "speech",
    "strips",
    "strokes",
    "text",
    "tuple_",
    "union_all",
    "update",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        value = getattr(importlib.import_module(_WHERE[name]), name)
    elif name in _MODULES:
        value = importlib.import_module(_MODULES[name])
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value
