"""Parts of the page Returns."""
