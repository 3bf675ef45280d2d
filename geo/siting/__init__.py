"""Where next: candidates, ways to them, and the choice that reaches most."""
