"""The tables of core: the hall's people and places, the catalogue, the calendar, accounts, blobs, journal."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
)

from yichuang.storage.schema import Id, IdColumn, Json, UtcDateTime, metadata

meta = metadata("core")

agency = Table(
    "core_agency",
    meta,
    Column("code", Text, primary_key=True),  # unified social credit code
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("name_mn", Text, nullable=False, default=""),
    Column("kind", Text, nullable=False),
    Column("position", Integer, nullable=False, default=0),
)

zone = Table(
    "core_zone",
    meta,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_mn", Text, nullable=False, default=""),
    Column("position", Integer, nullable=False, default=0),
)

desk = Table(
    "core_desk",
    meta,
    Column("code", Text, primary_key=True),  # such as A06
    Column("zone", Text, ForeignKey("core_zone.code"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("business", Text, nullable=False, default=""),
    Column("agency", Text, ForeignKey("core_agency.code")),
)

role = Table(
    "core_role",
    meta,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hall_wide", Boolean, nullable=False, default=False),
)

role_permission = Table(
    "core_role_permission",
    meta,
    Column("role", Text, ForeignKey("core_role.code"), primary_key=True),
    Column("permission", Text, primary_key=True),
)

staff = Table(
    "core_staff",
    meta,
    IdColumn(),
    Column("name", Text, nullable=False),
    Column("agency", Text, ForeignKey("core_agency.code"), nullable=False),
    Column("post", Text, nullable=False, default=""),
    Column("phone", Text, nullable=False, default=""),
    Column("desk", Text, ForeignKey("core_desk.code")),
    Column("active", Boolean, nullable=False, default=True),
)

staff_role = Table(
    "core_staff_role",
    meta,
    Column("staff_id", Id, ForeignKey("core_staff.id"), primary_key=True),
    Column("role", Text, ForeignKey("core_role.code"), primary_key=True),
)

account = Table(
    "core_account",
    meta,
    Column("name", Text, primary_key=True),
    Column("staff_id", Id, ForeignKey("core_staff.id"), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False, default=True),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", UtcDateTime),
    Column("active", Boolean, nullable=False, default=True),
)

item = Table(
    "core_item",
    meta,
    Column("code", Text, primary_key=True),  # implementation code (实施编码)
    Column("basic_code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_mn", Text, nullable=False, default=""),
    Column("type", Text, nullable=False),  # code set A.1 of GB/T 39046: 01 licence ... 20 public service
    Column("agency", Text, ForeignKey("core_agency.code"), nullable=False),
    Column("aliases", Json, nullable=False, default=list),
    Column("initials", Text, nullable=False, default=""),
    Column("pinyin", Text, nullable=False, default=""),
    Column("current_version", Integer, nullable=False, default=1),
    Column("active", Boolean, nullable=False, default=True),
)
Index("ix_core_item_agency", item.c.agency)

item_version = Table(
    "core_item_version",
    meta,
    IdColumn(),
    Column("item", Text, ForeignKey("core_item.code"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False, default=""),  # instant | committed | empty: not entered
    Column("legal_amount", Numeric(6, 1)),
    Column("legal_unit", Text, nullable=False, default=""),  # W working days, D natural days, H hours
    Column("promise_amount", Numeric(6, 1)),
    Column("promise_unit", Text, nullable=False, default=""),
    Column("counterparts", Json, nullable=False, default=list),
    Column("result", Text, nullable=False, default=""),
    Column("result_licence", Text, nullable=False, default=""),
    Column("special", Json, nullable=False, default=list),
    Column("basis", Text, nullable=False, default=""),
    UniqueConstraint("item", "version"),
)

material = Table(
    "core_material",
    meta,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("licence_types", Json, nullable=False, default=list),
)

item_material = Table(
    "core_item_material",
    meta,
    IdColumn(),
    Column("item", Text, ForeignKey("core_item.code"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("material", Text, ForeignKey("core_material.code"), nullable=False),
    Column("name", Text, nullable=False),
    Column("need", Text, nullable=False),  # required | optional | tolerant
    Column("original", Boolean, nullable=False),
    Column("replaceable", Boolean, nullable=False),
    Column("licence_types", Json, nullable=False, default=list),
    UniqueConstraint("item", "version", "position"),
    CheckConstraint("need IN ('required', 'optional', 'tolerant')", name="need"),
)

licence_type = Table(
    "core_licence_type",
    meta,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("issuer", Text, nullable=False, default=""),
    Column("issuer_name", Text, nullable=False, default=""),
    Column("holder", Text, nullable=False, default="both"),
    Column("validity_months", Integer),
)

theme = Table(
    "core_theme",
    meta,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("lead", Text, ForeignKey("core_agency.code")),
    Column("promise_amount", Numeric(6, 1)),
    Column("promise_unit", Text, nullable=False, default=""),
    Column("body", Json, nullable=False),  # items, dependencies, shared materials and fields
)

calendar_day = Table(
    "core_calendar_day",
    meta,
    Column("day", Date, primary_key=True),
    Column("works", Boolean, nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("source", Text, nullable=False, default=""),
)

applicant = Table(
    "core_applicant",
    meta,
    IdColumn(),
    Column("kind", Text, nullable=False),  # person | organisation
    Column("name", Text, nullable=False),
    Column("code_kind", Text, nullable=False),  # 111 citizen id, 001 unified social credit code
    Column("code_sealed", LargeBinary, nullable=False),
    Column("code_digest", LargeBinary, nullable=False),
    Column("code_masked", Text, nullable=False),
    Column("phone", Text, nullable=False, default=""),
    UniqueConstraint("code_kind", "code_digest"),
    CheckConstraint("kind IN ('person', 'organisation')", name="kind"),
)
Index("ix_core_applicant_name", applicant.c.name)

setting = Table(
    "core_setting",
    meta,
    Column("key", Text, primary_key=True),
    Column("value", Json, nullable=False),
)

counter = Table(
    "core_counter",
    meta,
    Column("series", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)

blob = Table(
    "core_blob",
    meta,
    Column("digest", Text, primary_key=True),  # SHA-256 of the content, hex
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("sealed", Boolean, nullable=False, default=False),  # with the hall's key, as confidential
)

operation_key = Table(
    "core_operation_key",
    meta,
    Column("key", Text, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

tick_lock = Table(
    "core_tick_lock",
    meta,
    Column("name", Text, primary_key=True),
    Column("done_until", UtcDateTime, nullable=False),
)

journal = Table(
    "core_journal",
    meta,
    IdColumn(),
    Column(
        "turn", Id, nullable=False, default=0
    ),  # PostgreSQL transaction id: readers wait for older ones to end
    Column("at", UtcDateTime, nullable=False),
    Column("account", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),  # canonical JSON
)
Index("ix_core_journal_subject", journal.c.subject)
Index("ix_core_journal_turn", journal.c.turn, journal.c.id)

journal_seal = Table(
    "core_journal_seal",
    meta,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("last_turn", Id, nullable=False),
    Column("last_id", Id, nullable=False),
    Column("leaves", LargeBinary, nullable=False),  # per row: id (8 bytes, big endian) and SHA-256 of the row
    Column("root", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),  # SHA-256(previous head, number, root)
    Column("key_id", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

item_term = (
    Table(  # the days on which a published version holds; an item without terms has one version, since ever
        "core_item_term",
        meta,
        Column("item", Text, ForeignKey("core_item.code"), primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("first_day", Date),
        Column("last_day", Date),
        Column("name", Text, nullable=False),  # of this version, with what it is found by
        Column("aliases", Json, nullable=False, default=list),
        Column("initials", Text, nullable=False, default=""),
        Column("pinyin", Text, nullable=False, default=""),
    )
)

item_state = Table(  # what became of an item from a day on; code set of the national platform's task_state
    "core_item_state",
    meta,
    IdColumn(),
    Column("item", Text, ForeignKey("core_item.code"), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("state IN ('1', '2', '3')", name="state"),  # in use, suspended, cancelled
)
Index("ix_core_item_state_item", item_state.c.item, item_state.c.first_day)
