"""Parts of the page Progress."""
