"""Two figures, whether they differ, and how that is said."""
