"""Tables of the plugin; their names begin with its id."""

from yichuang.api import Column, Date, IdColumn, Table, Text, UtcDateTime, metadata

meta = metadata("lostfound")
thing = Table(
    "lostfound_thing",
    meta,
    IdColumn(),
    Column("what", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("found_on", Date, nullable=False),
    Column("handed_back_at", UtcDateTime),
)
