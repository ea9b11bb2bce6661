"""The first tables of the acceptance plugin; case events are append-only by trigger.

A frozen copy: later revisions change the tables, this one keeps what it made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Id,
    Integer,
    Json,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
    append_only,
    text,
)
from yichuang_acceptance.migrations import (
    agents,
    applicant,
    clocks,
    guides,
    handovers,
    matters,
    promises,
    review,
    supervision,
)

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0001"


def upgrade(op: Operations) -> None:
    """Create the tables."""
    for create in (
        _case,
        _alert,
        _archive,
        _blank,
        _delivery,
        _draft,
        _event,
        _extension,
        _material,
        _paper,
        _suspension,
        _search,
        _exchange,
    ):
        create(op)
    guides.create(op)
    clocks.create(op)
    supervision.create(op)
    promises.create(op)
    handovers.create(op)
    agents.create(op)
    append_only(op, "acceptance_event")
    review.create(op)
    matters.create(op)
    applicant.create(op)


def _case(op: Operations) -> None:
    op.create_table(
        "acceptance_case",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_no", Text(), nullable=False),
        Column("query_code", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("row_version", Integer(), nullable=False),
        Column("item", Text(), nullable=False),
        Column("item_version", Integer(), nullable=False),
        Column("item_name", Text(), nullable=False),
        Column("item_type", Text(), nullable=False),
        Column("item_kind", Text(), nullable=False),
        Column("agency", Text(), nullable=False),
        Column("agency_name", Text(), nullable=False),
        Column("applicant_id", Id, nullable=False),
        Column("applicant_kind", Text(), nullable=False),
        Column("applicant_name", Text(), nullable=False),
        Column("applicant_masked", Text(), nullable=False),
        Column("agent_id", Id, nullable=True),
        Column("agent_name", Text(), nullable=False),
        Column("phone", Text(), nullable=False),
        Column("project", Text(), nullable=False),
        Column("form", Json(), nullable=False),
        Column("ticket", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("tolerance_due", UtcDateTime(), nullable=True),
        Column("legal_amount", Numeric(6, 1), nullable=True),
        Column("legal_unit", Text(), nullable=False),
        Column("promise_amount", Numeric(6, 1), nullable=True),
        Column("promise_unit", Text(), nullable=False),
        Column("received_at", UtcDateTime(), nullable=False),
        Column("telling_due_at", UtcDateTime(), nullable=True),
        Column("correction_due_at", UtcDateTime(), nullable=True),
        Column("accepted_at", UtcDateTime(), nullable=True),
        Column("legal_due_at", UtcDateTime(), nullable=True),
        Column("promise_due_at", UtcDateTime(), nullable=True),
        Column("legal_used", Numeric(8, 2), nullable=False),
        Column("promise_used", Numeric(8, 2), nullable=False),
        Column("warn_at", UtcDateTime(), nullable=True),
        Column("alarm_at", UtcDateTime(), nullable=True),
        Column("pause_due_at", UtcDateTime(), nullable=True),
        Column("extended", Boolean(), nullable=False),
        Column("joint", Boolean(), nullable=False),
        Column("decided_at", UtcDateTime(), nullable=True),
        Column("decided_days", Integer(), nullable=True),
        Column("kept", Boolean(), nullable=True),
        Column("trips", Integer(), nullable=False),
        Column("came_at", UtcDateTime(), nullable=True),
        Column("deliver_due_at", UtcDateTime(), nullable=True),
        Column("ready_at", UtcDateTime(), nullable=True),
        Column("delivered_at", UtcDateTime(), nullable=True),
        Column("closed_at", UtcDateTime(), nullable=True),
        Column("archived_at", UtcDateTime(), nullable=True),
        Column("timer_at", UtcDateTime(), nullable=True),
        Column("acceptor_id", Id, nullable=False),
        Column("acceptor_name", Text(), nullable=False),
        Column("decider_id", Id, nullable=True),
        Column("decider_name", Text(), nullable=False),
        Column("corrected", Boolean(), nullable=False),
        Column("maker_id", Id, nullable=True),
        Column("certificate_no", Text(), nullable=False),
        Column("licence_code", Text(), nullable=False),
        CheckConstraint(
            "decider_id IS NULL OR decider_id <> acceptor_id", name="ck_acceptance_case_four_eyes"
        ),
        CheckConstraint("maker_id IS NULL OR maker_id <> decider_id", name="ck_acceptance_case_maker"),
        CheckConstraint("accepted_at IS NULL OR accepted_at >= received_at", name="ck_acceptance_case_order"),
        CheckConstraint(
            "state IN ('received', 'correcting', 'not_accepted', 'accepted', 'review', 'suspended', "
            "'granted', 'refused', 'making', 'ready', 'delivered', 'withdrawn', 'returned', 'terminated', 'archived')",
            name="ck_acceptance_case_state",
        ),
        PrimaryKeyConstraint("id", name="pk_acceptance_case"),
        UniqueConstraint("case_no", name="uq_acceptance_case_case_no"),
    )
    op.create_index(
        "ix_acceptance_case_acceptor", "acceptance_case", ["acceptor_id", "received_at"], unique=False
    )
    op.create_index(
        "ix_acceptance_case_agency", "acceptance_case", ["agency", "state", "promise_due_at"], unique=False
    )
    op.create_index("ix_acceptance_case_applicant", "acceptance_case", ["applicant_id"], unique=False)
    op.create_index("ix_acceptance_case_received", "acceptance_case", ["received_at", "id"], unique=False)
    for name, columns in (
        ("due", ["promise_due_at", "id"]),
        ("agency_received", ["agency", "received_at", "id"]),
        ("agency_state", ["agency", "state", "received_at", "id"]),
        ("state_received", ["state", "received_at", "id"]),
        ("item_received", ["item", "received_at", "id"]),
        ("decider", ["decider_id", "decided_at"]),
        ("decided", ["decided_at", "agency", "decided_days", "kept"]),
        ("delivered", ["delivered_at", "agency", "trips"]),
    ):
        op.create_index(f"ix_acceptance_case_{name}", "acceptance_case", columns, unique=False)
    op.create_index(
        "ix_acceptance_case_state", "acceptance_case", ["state", "promise_due_at", "id"], unique=False
    )
    op.create_index(
        "ix_acceptance_case_timer",
        "acceptance_case",
        ["timer_at"],
        unique=False,
        sqlite_where=text("timer_at IS NOT NULL"),
        postgresql_where=text("timer_at IS NOT NULL"),
    )


def _alert(op: Operations) -> None:
    op.create_table(
        "acceptance_alert",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("rule", Text(), nullable=False),
        Column("key", Text(), nullable=False),
        Column("agency", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("detail", Text(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_alert_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_alert"),
        UniqueConstraint("case_id", "rule", "key", name="uq_acceptance_alert_case_id_rule_key"),
    )
    op.create_index("ix_acceptance_alert_agency", "acceptance_alert", ["agency", "id"], unique=False)


def _archive(op: Operations) -> None:
    op.create_table(
        "acceptance_archive",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("years", Integer(), nullable=True),
        Column("contents", Json(), nullable=False),
        Column("digest", Text(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_archive_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_archive"),
        UniqueConstraint("case_id", name="uq_acceptance_archive_case_id"),
    )


def _blank(op: Operations) -> None:
    op.create_table(
        "acceptance_blank",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("agency", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("number", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("case_id", Id, nullable=True),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        CheckConstraint("state IN ('stock', 'used', 'void')", name="ck_acceptance_blank_state"),
        CheckConstraint("state <> 'used' OR case_id IS NOT NULL", name="ck_acceptance_blank_used"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_blank_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_blank"),
        UniqueConstraint("agency", "kind", "number", name="uq_acceptance_blank_agency_kind_number"),
    )
    op.create_index(
        "ix_acceptance_blank_stock", "acceptance_blank", ["agency", "kind", "state", "id"], unique=False
    )


def _delivery(op: Operations) -> None:
    op.create_table(
        "acceptance_delivery",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("mode", Text(), nullable=False),
        Column("receiver", Text(), nullable=False),
        Column("relation", Text(), nullable=False),
        Column("receiver_masked", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        Column("mail_no", Text(), nullable=False),
        Column("address", Text(), nullable=False),
        Column("signature", Text(), nullable=False),
        Column("photo", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        CheckConstraint("mode <> 'mail' OR mail_no <> ''", name="ck_acceptance_delivery_mail"),
        CheckConstraint("mode IN ('direct', 'mail')", name="ck_acceptance_delivery_mode"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_delivery_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_delivery"),
        UniqueConstraint("case_id", name="uq_acceptance_delivery_case_id"),
    )
    op.create_index(
        "uq_acceptance_delivery_mail",
        "acceptance_delivery",
        ["mail_no"],
        unique=True,
        sqlite_where=text("mail_no != ''"),
        postgresql_where=text("mail_no != ''"),
    )


def _draft(op: Operations) -> None:
    op.create_table(
        "acceptance_draft",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("desk", Text(), nullable=False),
        Column("item_name", Text(), nullable=False),
        Column("applicant_name", Text(), nullable=False),
        Column("parked", Boolean(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("body", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_draft"),
    )
    op.create_index("ix_acceptance_draft_staff", "acceptance_draft", ["staff_id", "at"], unique=False)


def _event(op: Operations) -> None:
    op.create_table(
        "acceptance_event",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("seq", Integer(), nullable=False),
        Column("event", Text(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("target", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("opinion", Text(), nullable=False),
        Column("payload", Json(), nullable=False),
        Column("prev_hash", Text(), nullable=False),
        Column("hash", Text(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_event_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_event"),
        UniqueConstraint("case_id", "seq", name="uq_acceptance_event_case_id_seq"),
    )
    op.create_index("ix_acceptance_event_at", "acceptance_event", ["at", "case_id"], unique=False)
    op.create_index("ix_acceptance_event_staff", "acceptance_event", ["staff_id", "at"], unique=False)


def _extension(op: Operations) -> None:
    op.create_table(
        "acceptance_extension",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("clock", Text(), nullable=False),
        Column("days", Integer(), nullable=False),
        Column("approver", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        Column("old_due_at", UtcDateTime(), nullable=False),
        Column("new_due_at", UtcDateTime(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_extension_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_extension"),
        UniqueConstraint("case_id", "clock", name="uq_acceptance_extension_case_id_clock"),
    )


def _material(op: Operations) -> None:
    op.create_table(
        "acceptance_material",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("position", Integer(), nullable=False),
        Column("code", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("need", Text(), nullable=False),
        Column("given", Text(), nullable=False),
        Column("originals", Integer(), nullable=False),
        Column("copies", Integer(), nullable=False),
        Column("pages", Json(), nullable=False),
        Column("licence", Text(), nullable=False),
        Column("due", UtcDateTime(), nullable=True),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_material_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_material"),
        UniqueConstraint("case_id", "position", name="uq_acceptance_material_case_id_position"),
    )


def _paper(op: Operations) -> None:
    op.create_table(
        "acceptance_paper",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("kind", Text(), nullable=False),
        Column("title", Text(), nullable=False),
        Column("number", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("facts", Json(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("document", Text(), nullable=False),
        Column("sealed", Text(), nullable=False),
        Column("prints", Integer(), nullable=False),
        CheckConstraint(
            "state IN ('drafted', 'rendered', 'waiting_seal', 'sealed')", name="ck_acceptance_paper_state"
        ),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_paper_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_paper"),
        UniqueConstraint("case_id", "kind", "number", name="uq_acceptance_paper_case_id_kind_number"),
    )
    op.create_index("ix_acceptance_paper_state", "acceptance_paper", ["state", "id"], unique=False)


def _suspension(op: Operations) -> None:
    op.create_table(
        "acceptance_suspension",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("node", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("basis", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        Column("began_at", UtcDateTime(), nullable=False),
        Column("planned_end", Date(), nullable=True),
        Column("ended_at", UtcDateTime(), nullable=True),
        Column("result", Text(), nullable=False),
        Column("evidence", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("ended_by", Text(), nullable=False),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ck_acceptance_suspension_order"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_suspension_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_suspension"),
    )
    op.create_index("ix_acceptance_suspension_case", "acceptance_suspension", ["case_id", "id"], unique=False)
    op.create_index(
        "uq_acceptance_suspension_open",
        "acceptance_suspension",
        ["case_id"],
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    )


def _search(op: Operations) -> None:
    op.create_table(
        "acceptance_item_name",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("item", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("terms", Text(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_item_name"),
        UniqueConstraint("item", "name", name="uq_acceptance_item_name_item_name"),
    )
    op.create_table(
        "acceptance_search_filter",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("name", Text(), nullable=False),
        Column("wanted", Json(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_search_filter"),
        UniqueConstraint("staff_id", "name", name="uq_acceptance_search_filter_staff_id_name"),
    )
    if op.get_bind().dialect.name == "sqlite":
        # "ascii" takes every other character for a letter, also those that SQLite does not know yet
        op.execute(
            "CREATE VIRTUAL TABLE acceptance_search USING fts5(words, scope, content='', detail=none, "
            "tokenize='ascii', prefix='1 2 3 4')"
        )
        return
    op.execute(
        "CREATE TABLE acceptance_search (case_id bigint PRIMARY KEY REFERENCES acceptance_case (id), "
        "item_name_id bigint NOT NULL, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_acceptance_search_item ON acceptance_search (item_name_id, case_id)")
    op.execute(
        "CREATE INDEX ix_acceptance_search_words ON acceptance_search USING gin (words) WITH (fastupdate = off)"
    )


def _exchange(op: Operations) -> None:
    op.create_table(
        "acceptance_exchange",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("since", Text(), nullable=False),
        Column("upto", Text(), nullable=False),
        Column("began_at", UtcDateTime(), nullable=False),
        Column("ended_at", UtcDateTime(), nullable=True),
        Column("staff_id", Id, nullable=False),
        Column("counts", Json(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_exchange"),
    )
