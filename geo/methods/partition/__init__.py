"""Partition of a graph of areas into connected, even, compact parts."""
