"""What people write: statuses, turfs, visits, programs. An append-only journal in SQLite or PostgreSQL."""
