"""Compares what a chain of migrations makes with what the program's tables say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from yichuang.storage.migrate import Chain

_FTS_PARTS = ("config", "content", "data", "docsize", "idx")


def schema_differences(chain: Chain, url: str, metadata: MetaData) -> list[str]:
    """Applies a chain to a database and returns how its tables then differ from the declared ones.

    Args:
        chain: The migrations.
        url: A database to migrate; an empty one, or one that holds other chains only.
        metadata: The declared tables (`tables.meta` of a plugin). The tables that `metadata.info["by_hand"]` names are
            made by the migrations alone and not compared.

    Returns:
        One line for each difference; none when a fresh database and the declarations agree.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from yichuang.storage.database import Database
    from yichuang.storage.migrate import migrate

    prefix, own = f"{chain.id}_", f"{chain.id}_version"
    by_hand: tuple[str, ...] = metadata.info.get("by_hand", ())

    def mine(name: str | None, kind: str, _parents: Any) -> bool:
        if kind != "table" or name is None:
            return kind != "table"
        return name.startswith(prefix) and name != own and not is_by_hand(name)

    def is_by_hand(name: str) -> bool:
        # Beside a virtual table SQLite keeps tables of its own, named after it.
        return any(name == each or name in {f"{each}_{part}" for part in _FTS_PARTS} for each in by_hand)

    database = Database.open(url)
    try:
        migrate(database, chain)
        with database.engine.connect() as connection:
            options = {"compare_type": True, "include_name": mine}
            found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    finally:
        database.close()
    return [str(each) for each in found]
