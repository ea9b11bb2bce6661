"""Taking in at the window while the database is away."""
