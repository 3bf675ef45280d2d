"""Joining small systems to a larger one: which come into question, at what cost, and on one network."""
