"""Who lives where it matters: estimates for systems, places, districts and drawn outlines."""
