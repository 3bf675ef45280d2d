"""One module per dataset, each with ``extract``, ``transform`` and ``validate``."""
