"""Parts of the page of one programme."""
