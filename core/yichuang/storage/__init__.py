"""Engine, unit of work, migrations, blobs and change feed on SQLite and PostgreSQL."""
