"""Disclosure control: small counts, and which counts can be published beside each other."""
