"""Water systems: who says what of them, where they are, and what the State's rules make of them."""
