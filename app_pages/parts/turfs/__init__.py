"""Parts of the page Turfs."""
