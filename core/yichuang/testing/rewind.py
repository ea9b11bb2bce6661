"""Takes a PostgreSQL database back to the rows it began with: copying a database of some hundred tables takes far longer.

A template keeps its rows, the places of its sequences and a digest of its tables in a schema of its own, `kept`; every
copy of it brings them along.
"""

from __future__ import annotations

from typing import Any, LiteralString

KEEP: LiteralString = """
DO $$
DECLARE each record; filled boolean;
BEGIN
    CREATE SCHEMA kept;
    CREATE TABLE kept._sequences AS
        SELECT s.sequencename AS name, s.start_value AS first, s.last_value AS last, d.refobjid AS owner
        FROM pg_sequences s JOIN pg_class c ON c.relname = s.sequencename AND c.relnamespace = 'public'::regnamespace
        LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
        WHERE s.schemaname = 'public';
    FOR each IN SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', each.name) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', each.name, each.name);
        END IF;
    END LOOP;
END $$
"""
# The server counts what was ever written to a table of this database; a table that nobody wrote to costs nothing here.
# Triggers and foreign keys of ordinary sessions do not hold for a session that plays a replica.
REWIND: LiteralString = """
DO $$
DECLARE each record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each IN
        SELECT c.oid, c.relname AS name, k.oid IS NOT NULL AS filled
        FROM pg_class c LEFT JOIN pg_class k ON k.relname = c.relname AND k.relnamespace = 'kept'::regnamespace
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid) > 0
    LOOP
        EXECUTE format('DELETE FROM public.%I', each.name);
        IF each.filled THEN
            EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM kept.%I', each.name, each.name);
        END IF;
        PERFORM setval(format('public.%I', name), coalesce(last, first), last IS NOT NULL)
        FROM kept._sequences WHERE owner = each.oid;
    END LOOP;
    PERFORM setval(format('public.%I', name), coalesce(last, first), last IS NOT NULL)
    FROM kept._sequences WHERE owner IS NULL;
END $$
"""
SHAPE: LiteralString = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
    SELECT concat_ws(':', 'c', oid, relname, relkind, relnatts) FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(':', 'a', attrelid, attname, atttypid, attnotnull, atthasdef, attisdropped) FROM pg_attribute
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL
    SELECT concat_ws(':', 'k', oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(':', 't', oid, tgenabled) FROM pg_trigger
    UNION ALL
    SELECT concat_ws(':', 'p', oid, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(':', 'n', nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
) AS parts (part)
"""
ALONE: LiteralString = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def keep(connection: Any) -> None:
    """Keep what a template holds, in itself; an autocommitting connection of psycopg."""
    connection.execute(KEEP)
    shape = connection.execute(SHAPE).fetchone()[0]
    connection.execute("CREATE TABLE kept._shape AS SELECT %s::text AS digest", (shape,))


def rewind(connection: Any) -> bool:
    """Take a copy of such a template back to its beginning, without those who are still connected to it.

    Returns:
        False where its tables are no longer those of the template: nothing was changed then.
    """
    shape = connection.execute(SHAPE).fetchone()[0]
    if shape != connection.execute("SELECT digest FROM kept._shape").fetchone()[0]:
        return False
    connection.execute(ALONE)
    connection.execute(REWIND)
    return True
