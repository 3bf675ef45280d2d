"""Sources as declared, fetched, mirrored, checked and read."""
