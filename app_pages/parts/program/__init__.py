"""Parts of the page of one program."""
