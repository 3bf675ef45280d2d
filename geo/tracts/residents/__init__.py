"""Who lives in systems, places, districts and drawn outlines: estimates from tracts, with margins."""
