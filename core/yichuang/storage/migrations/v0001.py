"""The first tables of core; the journal and its seals are append-only by trigger.

A frozen copy: later revisions change the tables, this one keeps what it made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from yichuang.storage.migrate import append_only
from yichuang.storage.migrations import terms
from yichuang.storage.schema import Id, Json, UtcDateTime

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0001"


def upgrade(op: Operations) -> None:
    """Create the tables."""
    for create in (
        _agency,
        _applicant,
        _blob,
        _calendar_day,
        _counter,
        _journal,
        _journal_seal,
        _licence_type,
        _material,
        _operation_key,
        _role,
        _setting,
        _tick_lock,
        _zone,
        _desk,
        _item,
        _role_permission,
        _theme,
        _item_material,
        _item_version,
        _staff,
        _account,
        _staff_role,
    ):
        create(op)
    terms.create(op)
    append_only(op, "core_journal")
    append_only(op, "core_journal_seal")


def _agency(op: Operations) -> None:
    op.create_table(
        "core_agency",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("name_mn", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_core_agency"),
    )


def _applicant(op: Operations) -> None:
    op.create_table(
        "core_applicant",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code_kind", sa.Text(), nullable=False),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("code_masked", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'organisation')", name="ck_core_applicant_kind"),
        sa.PrimaryKeyConstraint("id", name="pk_core_applicant"),
        sa.UniqueConstraint("code_kind", "code_digest", name="uq_core_applicant_code_kind_code_digest"),
    )
    op.create_index("ix_core_applicant_name", "core_applicant", ["name"], unique=False)


def _blob(op: Operations) -> None:
    op.create_table(
        "core_blob",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_core_blob"),
    )


def _calendar_day(op: Operations) -> None:
    op.create_table(
        "core_calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_core_calendar_day"),
    )


def _counter(op: Operations) -> None:
    op.create_table(
        "core_counter",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "scope", name="pk_core_counter"),
    )


def _journal(op: Operations) -> None:
    op.create_table(
        "core_journal",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("turn", Id, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_core_journal"),
    )
    op.create_index("ix_core_journal_subject", "core_journal", ["subject"], unique=False)
    op.create_index("ix_core_journal_turn", "core_journal", ["turn", "id"], unique=False)


def _journal_seal(op: Operations) -> None:
    op.create_table(
        "core_journal_seal",
        sa.Column("number", Id, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_turn", Id, nullable=False),
        sa.Column("last_id", Id, nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_core_journal_seal"),
    )


def _licence_type(op: Operations) -> None:
    op.create_table(
        "core_licence_type",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("issuer_name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("validity_months", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_core_licence_type"),
    )


def _material(op: Operations) -> None:
    op.create_table(
        "core_material",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("licence_types", Json(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_core_material"),
    )


def _operation_key(op: Operations) -> None:
    op.create_table(
        "core_operation_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_core_operation_key"),
    )


def _role(op: Operations) -> None:
    op.create_table(
        "core_role",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hall_wide", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_core_role"),
    )


def _setting(op: Operations) -> None:
    op.create_table(
        "core_setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", Json(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_core_setting"),
    )


def _tick_lock(op: Operations) -> None:
    op.create_table(
        "core_tick_lock",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("done_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_core_tick_lock"),
    )


def _zone(op: Operations) -> None:
    op.create_table(
        "core_zone",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_mn", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_core_zone"),
    )


def _desk(op: Operations) -> None:
    op.create_table(
        "core_desk",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("business", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency"], ["core_agency.code"], name="fk_core_desk_agency"),
        sa.ForeignKeyConstraint(["zone"], ["core_zone.code"], name="fk_core_desk_zone"),
        sa.PrimaryKeyConstraint("code", name="pk_core_desk"),
    )


def _item(op: Operations) -> None:
    op.create_table(
        "core_item",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("basic_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_mn", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("aliases", Json(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("pinyin", sa.Text(), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["core_agency.code"], name="fk_core_item_agency"),
        sa.PrimaryKeyConstraint("code", name="pk_core_item"),
    )
    op.create_index("ix_core_item_agency", "core_item", ["agency"], unique=False)


def _role_permission(op: Operations) -> None:
    op.create_table(
        "core_role_permission",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["role"], ["core_role.code"], name="fk_core_role_permission_role"),
        sa.PrimaryKeyConstraint("role", "permission", name="pk_core_role_permission"),
    )


def _theme(op: Operations) -> None:
    op.create_table(
        "core_theme",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("promise_amount", sa.Numeric(precision=6, scale=1), nullable=True),
        sa.Column("promise_unit", sa.Text(), nullable=False),
        sa.Column("body", Json(), nullable=False),
        sa.ForeignKeyConstraint(["lead"], ["core_agency.code"], name="fk_core_theme_lead"),
        sa.PrimaryKeyConstraint("code", name="pk_core_theme"),
    )


def _item_material(op: Operations) -> None:
    op.create_table(
        "core_item_material",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("original", sa.Boolean(), nullable=False),
        sa.Column("replaceable", sa.Boolean(), nullable=False),
        sa.Column("licence_types", Json(), nullable=False),
        sa.CheckConstraint("need IN ('required', 'optional', 'tolerant')", name="ck_core_item_material_need"),
        sa.ForeignKeyConstraint(["item"], ["core_item.code"], name="fk_core_item_material_item"),
        sa.ForeignKeyConstraint(["material"], ["core_material.code"], name="fk_core_item_material_material"),
        sa.PrimaryKeyConstraint("id", name="pk_core_item_material"),
        sa.UniqueConstraint(
            "item", "version", "position", name="uq_core_item_material_item_version_position"
        ),
    )


def _item_version(op: Operations) -> None:
    op.create_table(
        "core_item_version",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("legal_amount", sa.Numeric(precision=6, scale=1), nullable=True),
        sa.Column("legal_unit", sa.Text(), nullable=False),
        sa.Column("promise_amount", sa.Numeric(precision=6, scale=1), nullable=True),
        sa.Column("promise_unit", sa.Text(), nullable=False),
        sa.Column("counterparts", Json(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_licence", sa.Text(), nullable=False),
        sa.Column("special", Json(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["core_item.code"], name="fk_core_item_version_item"),
        sa.PrimaryKeyConstraint("id", name="pk_core_item_version"),
        sa.UniqueConstraint("item", "version", name="uq_core_item_version_item_version"),
    )


def _staff(op: Operations) -> None:
    op.create_table(
        "core_staff",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["core_agency.code"], name="fk_core_staff_agency"),
        sa.ForeignKeyConstraint(["desk"], ["core_desk.code"], name="fk_core_staff_desk"),
        sa.PrimaryKeyConstraint("id", name="pk_core_staff"),
    )


def _account(op: Operations) -> None:
    op.create_table(
        "core_account",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("staff_id", Id, nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["core_staff.id"], name="fk_core_account_staff_id"),
        sa.PrimaryKeyConstraint("name", name="pk_core_account"),
        sa.UniqueConstraint("staff_id", name="uq_core_account_staff_id"),
    )


def _staff_role(op: Operations) -> None:
    op.create_table(
        "core_staff_role",
        sa.Column("staff_id", Id, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["role"], ["core_role.code"], name="fk_core_staff_role_role"),
        sa.ForeignKeyConstraint(["staff_id"], ["core_staff.id"], name="fk_core_staff_role_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "role", name="pk_core_staff_role"),
    )
