"""Findings of supervision, violations about no case, orders on them, how far a change of the calendar went, areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Id,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UtcDateTime,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create them."""
    op.add_column("acceptance_calendar_pass", Column("stage", Text(), nullable=False, server_default="cases"))
    op.add_column("acceptance_notice", Column("began_at", UtcDateTime(), nullable=True))
    op.add_column("acceptance_promise_item", Column("version", Integer(), nullable=False, server_default="0"))
    op.add_column("acceptance_point", Column("area", Text(), nullable=False, server_default=""))
    op.add_column("acceptance_blank", Column("spoilt_by_id", Id, nullable=True))
    op.add_column("acceptance_blank", Column("spoilt_by", Text(), nullable=False, server_default=""))
    for name in ("number", "title"):
        op.add_column("acceptance_alert", Column(name, Text(), nullable=False, server_default=""))
    for table in ("acceptance_alert", "acceptance_notice"):
        _allow_no_case(op, table)
    _orders_without_case(op)
    op.create_table(
        "acceptance_finding",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("rule", Text(), nullable=False),
        Column("case_id", Id, nullable=True),
        Column("source", Text(), nullable=False),
        Column("agency", Text(), nullable=False),
        Column("item_name", Text(), nullable=False),
        Column("facts", Text(), nullable=False),
        Column("evidence", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("found_by_id", Id, nullable=False),
        Column("found_by", Text(), nullable=False),
        Column("looked_at", UtcDateTime(), nullable=True),
        Column("looked_by_id", Id, nullable=True),
        Column("looked_by", Text(), nullable=False),
        Column("remark", Text(), nullable=False),
        CheckConstraint(
            "state IN ('proposed', 'confirmed', 'dismissed')", name="ck_acceptance_finding_state"
        ),
        CheckConstraint("(state = 'proposed') = (looked_by_id IS NULL)", name="ck_acceptance_finding_looked"),
        CheckConstraint(
            "looked_by_id IS NULL OR looked_by_id <> found_by_id", name="ck_acceptance_finding_four_eyes"
        ),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_finding_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_finding"),
    )
    op.create_index("ix_acceptance_finding_state", "acceptance_finding", ["state", "id"], unique=False)
    op.create_index("ix_acceptance_finding_case", "acceptance_finding", ["case_id"], unique=False)


def _orders_without_case(op: Operations) -> None:
    """A paper belongs to a case, or is the order on a violation without one; never to both or neither."""
    table, check = "acceptance_paper", "(case_id IS NULL) <> (alert_id IS NULL)"
    if op.get_bind().dialect.name == "sqlite":  # a column brings its constraints, none can be added later
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN alert_id INTEGER"
            f" CONSTRAINT fk_{table}_alert_id REFERENCES acceptance_alert (id)"
            f" CONSTRAINT ck_{table}_about CHECK ({check})"
        )
        _allow_no_case(op, table)
    else:
        _allow_no_case(op, table)
        op.add_column(table, Column("alert_id", Id, nullable=True))
        op.create_foreign_key(f"fk_{table}_alert_id", table, "acceptance_alert", ["alert_id"], ["id"])
        op.create_check_constraint(f"ck_{table}_about", table, check)
    _may_be_sent_back(op)
    some = text("alert_id IS NOT NULL")
    op.create_index(f"ix_{table}_alert", table, ["alert_id", "id"], sqlite_where=some, postgresql_where=some)


def _may_be_sent_back(op: Operations) -> None:
    """The seal keeper may have sent a paper back."""
    table, check = "acceptance_paper", "state IN ('drafted', 'rendered', 'waiting_seal', 'sealed'"
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(f"ck_{table}_state", table)
        op.create_check_constraint(f"ck_{table}_state", table, f"{check}, 'sent_back')")
        return
    _rewrite(op, table, f"{check})", f"{check}, 'sent_back')")


def _allow_no_case(op: Operations, table: str) -> None:
    """Let `case_id` be empty."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, "case_id", existing_type=Id, nullable=True)
        return
    _rewrite(op, table, "case_id INTEGER NOT NULL", "case_id INTEGER")


def _rewrite(op: Operations, table: str, before: str, after: str) -> None:
    """Change what SQLite's schema says. A table that others refer to is not rebuilt: what is kept on disk is the same.

    The steps are those of https://www.sqlite.org/lang_altertable.html, section 8, for removing a constraint.
    """
    version = op.get_bind().execute(text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    quoted = (each.replace("'", "''") for each in (before, after))
    shorter = "replace(sql, '{}', '{}')".format(*quoted)
    named = f"type = 'table' AND name = '{table}'"
    op.execute(f"UPDATE sqlite_master SET sql = {shorter} WHERE {named}")  # noqa: S608 - names of our own
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")
