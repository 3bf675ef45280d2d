"""The commands of ``python -m geo``: a module each, with ``add_arguments`` and ``run``."""
