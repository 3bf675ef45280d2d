"""Census tracts: indicators, the hard-to-count index, who lives in other areas, comparisons."""
