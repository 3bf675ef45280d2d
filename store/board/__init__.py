"""The status board: stages, and a person's own sheet read into them."""
