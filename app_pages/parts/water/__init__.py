"""Parts of the pages Water board and Connect together."""
