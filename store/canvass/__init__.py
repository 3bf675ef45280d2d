"""A canvass in the journal: kinds, cuts, and the book that reads and writes them."""
