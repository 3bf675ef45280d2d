"""A canvass in the journal: kinds, reading, writing and telling."""
