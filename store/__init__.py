"""What people write: statuses, turfs, visits, programmes. An append-only journal in SQLite or PostgreSQL."""
