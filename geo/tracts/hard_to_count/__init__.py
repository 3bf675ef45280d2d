"""The hard-to-count index estimated from ACS variables."""
