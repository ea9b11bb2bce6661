"""Guides of service items from the first draft on, and the forms of their versions; what is published never changes."""

from __future__ import annotations

from yichuang.api import CheckConstraint, Column, Id, Integer, Json, Table, Text, UtcDateTime
from yichuang_acceptance.tables import meta

guide = Table(
    "acceptance_guide",
    meta,
    Column("item", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("row_version", Integer, nullable=False, default=1),
    Column("body", Json, nullable=False),  # elements and lists, see rules.guide
    Column("note", Text, nullable=False, default=""),  # what was changed and why
    Column("authors", Json, nullable=False, default=list),  # staff ids of everybody who changed the draft
    Column("author_name", Text, nullable=False, default=""),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("submitted_name", Text, nullable=False, default=""),
    Column("submitted_at", UtcDateTime),
    Column("returned_name", Text, nullable=False, default=""),
    Column("returned_reason", Text, nullable=False, default=""),
    Column("published_id", Id),
    Column("published_name", Text, nullable=False, default=""),
    Column("published_at", UtcDateTime),
    CheckConstraint("state IN ('draft', 'submitted', 'published')", name="state"),
)

item_form = Table(  # never changes: what was filled in is read by it for ever
    "acceptance_item_form",
    meta,
    Column("item", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("schema", Json, nullable=False),  # JSON Schema, see rules.form_schema
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
)
