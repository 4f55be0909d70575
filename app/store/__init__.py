"""Where everything is kept: one relational database, SQLite or PostgreSQL."""
