"""What is said to people about what was found: figures, profiles, comparisons, histories."""
