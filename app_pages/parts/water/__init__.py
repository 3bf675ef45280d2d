"""Parts of the pages Water board and Consolidation network."""
