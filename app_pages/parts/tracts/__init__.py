"""Parts of the pages Explore and Compare."""
