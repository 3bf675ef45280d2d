"""A campaign: as declared, where it works, who took part, what it reached, and what others may see."""
