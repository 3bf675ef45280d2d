"""Parts of the pages Turfs, Returns and Progress."""
