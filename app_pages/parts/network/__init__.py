"""Parts of the page Connect together."""
