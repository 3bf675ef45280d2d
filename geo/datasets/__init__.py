"""Datasets: declared, made, recorded and read."""
