"""Tables of the good neighbour."""

from yichuang.api import Column, IdColumn, Table, Text, metadata

meta = metadata("neighbour")
note = Table("neighbour_note", meta, IdColumn(), Column("text", Text, nullable=False))
