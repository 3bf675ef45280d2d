"""A program in the journal: kinds, checks, and the book that reads and writes them."""
