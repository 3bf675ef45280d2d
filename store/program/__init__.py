"""A programme in the journal: kinds, checks, writing and telling."""
