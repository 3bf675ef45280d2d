"""Methods: mathematics and geometry, without a subject."""
