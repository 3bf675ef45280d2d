"""Parts of areal interpolation: overlay, shares, transfer, partitions; see :mod:`geo.interpolation`."""
