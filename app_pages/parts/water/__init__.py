"""Parts of the page Water board."""
